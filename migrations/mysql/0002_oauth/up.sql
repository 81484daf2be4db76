CREATE TABLE spy_oauth_client (
    id_oauth_client BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    identifier VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    name VARCHAR(255) NOT NULL,
    redirect_uri VARCHAR(1024),
    secret VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    is_confidential BOOLEAN NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE spy_oauth_scope (
    id_oauth_scope BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    identifier VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    description TEXT
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE spy_oauth_access_token (
    id_oauth_access_token BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    identifier VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    scopes VARCHAR(1024),
    user_identifier VARCHAR(1024) NOT NULL,
    fk_oauth_client VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    expirity_date DATETIME(6) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    FOREIGN KEY (fk_oauth_client) REFERENCES spy_oauth_client (identifier)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE INDEX idx_oauth_access_token_client ON spy_oauth_access_token (fk_oauth_client);

-- `identifier` is the SHA-256 of the token; `family` is one login, however often it was refreshed.
CREATE TABLE spy_oauth_refresh_token (
    id_oauth_refresh_token BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    identifier VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    family VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    scopes VARCHAR(1024) NOT NULL,
    customer_reference VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    user_identifier VARCHAR(1024) NOT NULL,
    fk_oauth_client VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    used_at DATETIME(6),
    revoked_at DATETIME(6),
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    FOREIGN KEY (fk_oauth_client) REFERENCES spy_oauth_client (identifier)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE INDEX idx_oauth_refresh_token_family ON spy_oauth_refresh_token (family);

CREATE INDEX idx_oauth_refresh_token_customer ON spy_oauth_refresh_token (customer_reference);

CREATE INDEX idx_oauth_refresh_token_expires ON spy_oauth_refresh_token (expires_at);
