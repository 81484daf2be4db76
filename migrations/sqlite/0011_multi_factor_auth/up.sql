-- `status`: 0 inactive, 1 pending, 2 active.
CREATE TABLE spy_customer_multi_factor_auth (
    id_customer_multi_factor_auth INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    fk_customer INTEGER NOT NULL REFERENCES spy_customer (id_customer),
    type VARCHAR(50) NOT NULL,
    configuration VARCHAR(255),
    status INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (fk_customer, type)
);

-- `code` is a hash of the code; `status`: 0 unverified, 1 blocked, 2 verified, 3 invalidated.
CREATE TABLE spy_customer_multi_factor_auth_codes (
    id_customer_multi_factor_auth_codes INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    fk_customer_multi_factor_auth INTEGER NOT NULL REFERENCES spy_customer_multi_factor_auth (id_customer_multi_factor_auth) ON DELETE CASCADE,
    code VARCHAR(255) NOT NULL,
    status INTEGER NOT NULL,
    expiration_date TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL
);

CREATE INDEX idx_customer_multi_factor_auth_codes ON spy_customer_multi_factor_auth_codes (fk_customer_multi_factor_auth, status);

CREATE TABLE spy_customer_multi_factor_auth_codes_attempts (
    id_customer_multi_factor_auth_codes_attempts INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    fk_customer_multi_factor_auth_codes INTEGER NOT NULL REFERENCES spy_customer_multi_factor_auth_codes (id_customer_multi_factor_auth_codes) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL
);

CREATE INDEX idx_customer_multi_factor_auth_codes_attempts ON spy_customer_multi_factor_auth_codes_attempts (fk_customer_multi_factor_auth_codes);

-- `status`: 0 inactive, 1 pending, 2 active.
CREATE TABLE spy_user_multi_factor_auth (
    id_user_multi_factor_auth INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    fk_user INTEGER NOT NULL REFERENCES spy_user (id_user),
    type VARCHAR(50) NOT NULL,
    configuration VARCHAR(255),
    status INTEGER NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (fk_user, type)
);

-- `code` is a hash of the code; `status`: 0 unverified, 1 blocked, 2 verified, 3 invalidated.
CREATE TABLE spy_user_multi_factor_auth_codes (
    id_user_multi_factor_auth_codes INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    fk_user_multi_factor_auth INTEGER NOT NULL REFERENCES spy_user_multi_factor_auth (id_user_multi_factor_auth) ON DELETE CASCADE,
    code VARCHAR(255) NOT NULL,
    status INTEGER NOT NULL,
    expiration_date TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL
);

CREATE INDEX idx_user_multi_factor_auth_codes ON spy_user_multi_factor_auth_codes (fk_user_multi_factor_auth, status);

CREATE TABLE spy_user_multi_factor_auth_codes_attempts (
    id_user_multi_factor_auth_codes_attempts INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    fk_user_multi_factor_auth_codes INTEGER NOT NULL REFERENCES spy_user_multi_factor_auth_codes (id_user_multi_factor_auth_codes) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL
);

CREATE INDEX idx_user_multi_factor_auth_codes_attempts ON spy_user_multi_factor_auth_codes_attempts (fk_user_multi_factor_auth_codes);
