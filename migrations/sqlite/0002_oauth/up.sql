CREATE TABLE spy_oauth_client (
    id_oauth_client INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    identifier VARCHAR(128) NOT NULL UNIQUE,
    name VARCHAR(255) NOT NULL,
    redirect_uri VARCHAR(1024),
    secret VARCHAR(255),
    is_confidential BOOLEAN NOT NULL
);

CREATE TABLE spy_oauth_scope (
    id_oauth_scope INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    identifier VARCHAR(128) NOT NULL UNIQUE,
    description TEXT
);

CREATE TABLE spy_oauth_access_token (
    id_oauth_access_token INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    identifier VARCHAR(128) NOT NULL UNIQUE,
    scopes VARCHAR(1024),
    user_identifier VARCHAR(1024) NOT NULL,
    fk_oauth_client VARCHAR(128) NOT NULL REFERENCES spy_oauth_client (identifier),
    expirity_date TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

CREATE INDEX idx_oauth_access_token_client ON spy_oauth_access_token (fk_oauth_client);

-- `identifier` is the SHA-256 of the token; `family` is one login, however often it was refreshed.
CREATE TABLE spy_oauth_refresh_token (
    id_oauth_refresh_token INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    identifier VARCHAR(128) NOT NULL UNIQUE,
    family VARCHAR(36) NOT NULL,
    scopes VARCHAR(1024) NOT NULL,
    customer_reference VARCHAR(255),
    user_identifier VARCHAR(1024) NOT NULL,
    fk_oauth_client VARCHAR(128) NOT NULL REFERENCES spy_oauth_client (identifier),
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP,
    revoked_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

CREATE INDEX idx_oauth_refresh_token_family ON spy_oauth_refresh_token (family);

CREATE INDEX idx_oauth_refresh_token_customer ON spy_oauth_refresh_token (customer_reference);

CREATE INDEX idx_oauth_refresh_token_expires ON spy_oauth_refresh_token (expires_at);
