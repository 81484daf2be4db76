-- Which session an access token belongs to, and whether it was ended early.
ALTER TABLE spy_oauth_access_token ADD COLUMN family VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
ALTER TABLE spy_oauth_access_token ADD COLUMN revoked_at DATETIME(6);
CREATE INDEX idx_oauth_access_token_family ON spy_oauth_access_token (family);
CREATE INDEX idx_oauth_access_token_revoked ON spy_oauth_access_token (revoked_at);
CREATE INDEX idx_oauth_access_token_expires ON spy_oauth_access_token (expirity_date);

-- Who the session is about, as tokens name them, and when it began.
ALTER TABLE spy_oauth_refresh_token ADD COLUMN subject VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
ALTER TABLE spy_oauth_refresh_token ADD COLUMN authenticated_at DATETIME(6);
CREATE INDEX idx_oauth_refresh_token_subject ON spy_oauth_refresh_token (subject);

-- What a client may ask for: grants and scopes, blanks between them; nothing for the grants of every client. Two secrets
-- live while one is exchanged for the other.
ALTER TABLE spy_oauth_client ADD COLUMN grants VARCHAR(255);
ALTER TABLE spy_oauth_client ADD COLUMN scopes VARCHAR(1024);
ALTER TABLE spy_oauth_client ADD COLUMN previous_secret VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
ALTER TABLE spy_oauth_client ADD COLUMN previous_secret_until DATETIME(6);

-- `identifier` is the SHA-256 of the code; `family` is the session that it was exchanged for.
CREATE TABLE spy_oauth_code_flow_auth_code (
    id_oauth_auth_code BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    identifier VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    redirect_uri VARCHAR(1024),
    redirect_uri_sent BOOLEAN NOT NULL,
    scopes VARCHAR(1024) NOT NULL,
    code_challenge VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    expirity_date DATETIME(6) NOT NULL,
    user_identifier VARCHAR(1024) NOT NULL,
    fk_oauth_client VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    family VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    used_at DATETIME(6),
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    FOREIGN KEY (fk_oauth_client) REFERENCES spy_oauth_client (identifier)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX idx_oauth_auth_code_expires ON spy_oauth_code_flow_auth_code (expirity_date);

-- Failed attempts, counted by what they have in common.
CREATE TABLE spy_oauth_attempt (
    identifier VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    expires_at DATETIME(6) NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX idx_oauth_attempt_expires ON spy_oauth_attempt (expires_at);
