-- `status`: 0 inactive, 1 pending, 2 active.
CREATE TABLE spy_customer_multi_factor_auth (
    id_customer_multi_factor_auth BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    fk_customer BIGINT NOT NULL,
    type VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    configuration VARCHAR(255),
    status INTEGER NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    UNIQUE (fk_customer, type),
    FOREIGN KEY (fk_customer) REFERENCES spy_customer (id_customer)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- `code` is a hash of the code; `status`: 0 unverified, 1 blocked, 2 verified, 3 invalidated.
CREATE TABLE spy_customer_multi_factor_auth_codes (
    id_customer_multi_factor_auth_codes BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    fk_customer_multi_factor_auth BIGINT NOT NULL,
    code VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    status INTEGER NOT NULL,
    expiration_date DATETIME(6) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    FOREIGN KEY (fk_customer_multi_factor_auth) REFERENCES spy_customer_multi_factor_auth (id_customer_multi_factor_auth) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE INDEX idx_customer_multi_factor_auth_codes ON spy_customer_multi_factor_auth_codes (fk_customer_multi_factor_auth, status);

CREATE TABLE spy_customer_multi_factor_auth_codes_attempts (
    id_customer_multi_factor_auth_codes_attempts BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    fk_customer_multi_factor_auth_codes BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    FOREIGN KEY (fk_customer_multi_factor_auth_codes) REFERENCES spy_customer_multi_factor_auth_codes (id_customer_multi_factor_auth_codes) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE INDEX idx_customer_multi_factor_auth_codes_attempts ON spy_customer_multi_factor_auth_codes_attempts (fk_customer_multi_factor_auth_codes);

-- `status`: 0 inactive, 1 pending, 2 active.
CREATE TABLE spy_user_multi_factor_auth (
    id_user_multi_factor_auth BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    fk_user BIGINT NOT NULL,
    type VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    configuration VARCHAR(255),
    status INTEGER NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    UNIQUE (fk_user, type),
    FOREIGN KEY (fk_user) REFERENCES spy_user (id_user)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- `code` is a hash of the code; `status`: 0 unverified, 1 blocked, 2 verified, 3 invalidated.
CREATE TABLE spy_user_multi_factor_auth_codes (
    id_user_multi_factor_auth_codes BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    fk_user_multi_factor_auth BIGINT NOT NULL,
    code VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    status INTEGER NOT NULL,
    expiration_date DATETIME(6) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    FOREIGN KEY (fk_user_multi_factor_auth) REFERENCES spy_user_multi_factor_auth (id_user_multi_factor_auth) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE INDEX idx_user_multi_factor_auth_codes ON spy_user_multi_factor_auth_codes (fk_user_multi_factor_auth, status);

CREATE TABLE spy_user_multi_factor_auth_codes_attempts (
    id_user_multi_factor_auth_codes_attempts BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    fk_user_multi_factor_auth_codes BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    FOREIGN KEY (fk_user_multi_factor_auth_codes) REFERENCES spy_user_multi_factor_auth_codes (id_user_multi_factor_auth_codes) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE INDEX idx_user_multi_factor_auth_codes_attempts ON spy_user_multi_factor_auth_codes_attempts (fk_user_multi_factor_auth_codes);
