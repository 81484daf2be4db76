-- Everybody whom a session is about, by a hash of the natural identifier. `endings` counts how often every session of
-- theirs was ended: a login that read another count does not finish.
CREATE TABLE spy_oauth_subject (
    subject VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
    endings BIGINT NOT NULL,
    sessions BIGINT NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

INSERT INTO spy_oauth_subject (subject, endings, sessions) SELECT subject, 0, logins FROM spy_oauth_cutoff;
DROP TABLE spy_oauth_cutoff;
INSERT INTO spy_oauth_subject (subject, endings, sessions)
SELECT DISTINCT subject, 0, 0 FROM spy_oauth_refresh_token
WHERE subject IS NOT NULL AND subject NOT IN (SELECT subject FROM spy_oauth_subject);
INSERT INTO spy_oauth_subject (subject, endings, sessions) VALUES ('', 0, 0);

-- A session: what a login began, whatever number of tokens it has. `closed_at`: nothing is exchanged in it any more;
-- `ended_at`: none of its access tokens counts any more; those of a lower `generation` never do. `announced_at` is the
-- database's own clock: what instances ask by.
CREATE TABLE spy_oauth_session (
    id_oauth_session BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    identifier VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    kind VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    subject VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    fk_oauth_client VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    parent VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    user_identifier VARCHAR(1024) NOT NULL,
    scopes VARCHAR(1024) NOT NULL,
    issued_scopes VARCHAR(1024) NOT NULL,
    generation INTEGER NOT NULL,
    authenticated_at DATETIME(6) NOT NULL,
    begun_at DATETIME(6) NOT NULL,
    capped_at DATETIME(6) NOT NULL,
    refreshed_at DATETIME(6),
    expires_at DATETIME(6) NOT NULL,
    access_until DATETIME(6) NOT NULL,
    exchanges INTEGER NOT NULL,
    exchanges_since DATETIME(6) NOT NULL,
    closed_at DATETIME(6),
    ended_at DATETIME(6),
    announced_at DATETIME(6),
    end_reason VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    FOREIGN KEY (subject) REFERENCES spy_oauth_subject (subject),
    FOREIGN KEY (fk_oauth_client) REFERENCES spy_oauth_client (identifier),
    FOREIGN KEY (parent) REFERENCES spy_oauth_session (identifier)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX idx_oauth_session_subject ON spy_oauth_session (subject);
CREATE INDEX idx_oauth_session_parent ON spy_oauth_session (parent);
CREATE INDEX idx_oauth_session_announced ON spy_oauth_session (announced_at, id_oauth_session);
CREATE INDEX idx_oauth_session_expires ON spy_oauth_session (expires_at);

-- One session a family. Whoever was answered for begins again: no row says in which session that was.
INSERT INTO spy_oauth_session (
    identifier, kind, subject, fk_oauth_client, user_identifier, scopes, issued_scopes, generation, authenticated_at, begun_at,
    capped_at, refreshed_at, expires_at, access_until, exchanges, exchanges_since, closed_at, ended_at, announced_at, end_reason
)
SELECT
    family,
    CASE
        WHEN user_identifier LIKE '%"id_warehouse"%' THEN 'warehouse'
        WHEN answered_by = subject THEN 'company_user'
        WHEN answered_by IS NOT NULL THEN 'impersonated_customer'
        WHEN scopes LIKE '%"warehouse-user"%' THEN 'warehouse_user'
        WHEN user_identifier LIKE '%"id_user"%' THEN 'back_office_user'
        WHEN scopes LIKE '%"agent"%' THEN 'agent'
        ELSE 'customer'
    END,
    subject, fk_oauth_client, user_identifier, scopes, scopes, 0,
    COALESCE(authenticated_at, created_at), COALESCE(authenticated_at, created_at),
    COALESCE(authenticated_at, created_at) + INTERVAL 90 DAY,
    created_at, expires_at,
    COALESCE((SELECT MAX(expirity_date) FROM spy_oauth_access_token WHERE family = latest.family), created_at),
    0, created_at,
    CASE WHEN answered_by IS NULL THEN revoked_at ELSE COALESCE(revoked_at, CURRENT_TIMESTAMP) END,
    CASE WHEN answered_by IS NULL THEN revoked_at ELSE COALESCE(revoked_at, CURRENT_TIMESTAMP) END,
    CASE WHEN answered_by IS NULL AND revoked_at IS NULL THEN NULL ELSE CURRENT_TIMESTAMP END,
    CASE WHEN answered_by IS NULL AND revoked_at IS NULL THEN NULL ELSE 'migrated' END
FROM spy_oauth_refresh_token latest
WHERE subject IS NOT NULL
    AND id_oauth_refresh_token = (
        SELECT MAX(id_oauth_refresh_token) FROM spy_oauth_refresh_token own WHERE own.family = latest.family
    );

-- In the profile `spryker` an access token names its session by the first digits of its id: one that was revoked before
-- there were sessions names one that ended.
INSERT INTO spy_oauth_session (
    identifier, kind, subject, fk_oauth_client, user_identifier, scopes, issued_scopes, generation, authenticated_at, begun_at,
    capped_at, expires_at, access_until, exchanges, exchanges_since, closed_at, ended_at, announced_at, end_reason
)
SELECT
    CONCAT(SUBSTR(identifier, 1, 8), '-', SUBSTR(identifier, 9, 4), '-', SUBSTR(identifier, 13, 4), '-', SUBSTR(identifier, 17, 4), '-', SUBSTR(identifier, 21, 12)),
    'revoked_token', '', fk_oauth_client, user_identifier, COALESCE(scopes, '[]'), '[]', 0, created_at, created_at, expirity_date,
    created_at, expirity_date, 0, created_at, revoked_at, revoked_at, CURRENT_TIMESTAMP, 'migrated'
FROM spy_oauth_access_token
WHERE revoked_at IS NOT NULL AND expirity_date > CURRENT_TIMESTAMP AND CHAR_LENGTH(identifier) = 80;

-- `family` is the session of a token; what ended is said there.
ALTER TABLE spy_oauth_access_token MODIFY family VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
UPDATE spy_oauth_access_token SET family = NULL WHERE family NOT IN (SELECT identifier FROM spy_oauth_session);
ALTER TABLE spy_oauth_access_token ADD CONSTRAINT spy_oauth_access_token_session FOREIGN KEY (family) REFERENCES spy_oauth_session (identifier);
ALTER TABLE spy_oauth_refresh_token MODIFY family VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
UPDATE spy_oauth_refresh_token SET family = NULL WHERE family NOT IN (SELECT identifier FROM spy_oauth_session);
ALTER TABLE spy_oauth_refresh_token ADD CONSTRAINT spy_oauth_refresh_token_session FOREIGN KEY (family) REFERENCES spy_oauth_session (identifier);
ALTER TABLE spy_oauth_code_flow_auth_code MODIFY family VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
UPDATE spy_oauth_code_flow_auth_code SET family = NULL WHERE family NOT IN (SELECT identifier FROM spy_oauth_session);
ALTER TABLE spy_oauth_code_flow_auth_code ADD CONSTRAINT spy_oauth_code_flow_auth_code_session FOREIGN KEY (family) REFERENCES spy_oauth_session (identifier);
CREATE INDEX idx_oauth_auth_code_family ON spy_oauth_code_flow_auth_code (family);

-- `sealed`: a signed token that cannot be signed again to the same text, under a key that nobody has without the credential
-- that it was given for.
ALTER TABLE spy_oauth_access_token ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE spy_oauth_access_token ADD COLUMN sealed TEXT;

DROP INDEX idx_oauth_access_token_revoked ON spy_oauth_access_token;
ALTER TABLE spy_oauth_access_token DROP COLUMN revoked_at;
DROP INDEX idx_oauth_refresh_token_subject ON spy_oauth_refresh_token;
DROP INDEX idx_oauth_refresh_token_answered_by ON spy_oauth_refresh_token;
ALTER TABLE spy_oauth_refresh_token DROP COLUMN subject;
ALTER TABLE spy_oauth_refresh_token DROP COLUMN answered_by;
ALTER TABLE spy_oauth_refresh_token DROP COLUMN authenticated_at;
DROP INDEX idx_oauth_auth_code_subject ON spy_oauth_code_flow_auth_code;
ALTER TABLE spy_oauth_code_flow_auth_code DROP COLUMN subject;
