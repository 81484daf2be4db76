-- `key_hash` is the SHA-256 of the key in hexadecimal.
CREATE TABLE spy_api_key (
    id_api_key BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    key_hash VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    scopes VARCHAR(1024),
    created_by BIGINT NOT NULL,
    valid_to DATETIME(6),
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    FOREIGN KEY (created_by) REFERENCES spy_user (id_user)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
