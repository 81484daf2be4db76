-- `key_hash` is the SHA-256 of the key in hexadecimal.
CREATE TABLE spy_api_key (
    id_api_key INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name VARCHAR(255) NOT NULL UNIQUE,
    key_hash VARCHAR(64) NOT NULL UNIQUE,
    scopes VARCHAR(1024),
    created_by INTEGER NOT NULL REFERENCES spy_user (id_user),
    valid_to TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
