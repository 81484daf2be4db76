-- Which session an access token belongs to, and whether it was ended early.
ALTER TABLE spy_oauth_access_token ADD COLUMN family VARCHAR(36);
ALTER TABLE spy_oauth_access_token ADD COLUMN revoked_at TIMESTAMP;
CREATE INDEX idx_oauth_access_token_family ON spy_oauth_access_token (family);
CREATE INDEX idx_oauth_access_token_revoked ON spy_oauth_access_token (revoked_at);
CREATE INDEX idx_oauth_access_token_expires ON spy_oauth_access_token (expirity_date);

-- Who the session is about, as tokens name them, and when it began.
ALTER TABLE spy_oauth_refresh_token ADD COLUMN subject VARCHAR(64);
ALTER TABLE spy_oauth_refresh_token ADD COLUMN authenticated_at TIMESTAMP;
CREATE INDEX idx_oauth_refresh_token_subject ON spy_oauth_refresh_token (subject);

-- What a client may ask for: grants and scopes, blanks between them; nothing for the grants of every client. Two secrets
-- live while one is exchanged for the other.
ALTER TABLE spy_oauth_client ADD COLUMN grants VARCHAR(255);
ALTER TABLE spy_oauth_client ADD COLUMN scopes VARCHAR(1024);
ALTER TABLE spy_oauth_client ADD COLUMN previous_secret VARCHAR(255);
ALTER TABLE spy_oauth_client ADD COLUMN previous_secret_until TIMESTAMP;

-- `identifier` is the SHA-256 of the code; `family` is the session that it was exchanged for.
CREATE TABLE spy_oauth_code_flow_auth_code (
    id_oauth_auth_code INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    identifier VARCHAR(128) NOT NULL UNIQUE,
    redirect_uri VARCHAR(1024),
    redirect_uri_sent BOOLEAN NOT NULL,
    scopes VARCHAR(1024) NOT NULL,
    code_challenge VARCHAR(128) NOT NULL,
    expirity_date TIMESTAMP NOT NULL,
    user_identifier VARCHAR(1024) NOT NULL,
    fk_oauth_client VARCHAR(128) NOT NULL REFERENCES spy_oauth_client (identifier),
    family VARCHAR(36) NOT NULL,
    used_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX idx_oauth_auth_code_expires ON spy_oauth_code_flow_auth_code (expirity_date);

-- Failed attempts, counted by what they have in common.
CREATE TABLE spy_oauth_attempt (
    identifier VARCHAR(128) NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX idx_oauth_attempt_expires ON spy_oauth_attempt (expires_at);
