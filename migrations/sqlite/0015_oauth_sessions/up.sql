-- Everybody whom a session is about, by a hash of the natural identifier. `endings` counts how often every session of
-- theirs was ended: a login that read another count does not finish.
CREATE TABLE spy_oauth_subject (
    subject VARCHAR(64) NOT NULL PRIMARY KEY,
    endings BIGINT NOT NULL,
    sessions BIGINT NOT NULL
);

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
    id_oauth_session INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    identifier VARCHAR(36) NOT NULL UNIQUE,
    kind VARCHAR(32) NOT NULL,
    subject VARCHAR(64) NOT NULL REFERENCES spy_oauth_subject (subject),
    fk_oauth_client VARCHAR(128) NOT NULL REFERENCES spy_oauth_client (identifier),
    parent VARCHAR(36) REFERENCES spy_oauth_session (identifier),
    user_identifier VARCHAR(1024) NOT NULL,
    scopes VARCHAR(1024) NOT NULL,
    issued_scopes VARCHAR(1024) NOT NULL,
    generation INTEGER NOT NULL,
    authenticated_at TIMESTAMP NOT NULL,
    begun_at TIMESTAMP NOT NULL,
    capped_at TIMESTAMP NOT NULL,
    refreshed_at TIMESTAMP,
    expires_at TIMESTAMP NOT NULL,
    access_until TIMESTAMP NOT NULL,
    exchanges INTEGER NOT NULL,
    exchanges_since TIMESTAMP NOT NULL,
    closed_at TIMESTAMP,
    ended_at TIMESTAMP,
    announced_at TIMESTAMP,
    end_reason VARCHAR(32)
);
CREATE INDEX idx_oauth_session_subject ON spy_oauth_session (subject);
CREATE INDEX idx_oauth_session_parent ON spy_oauth_session (parent) WHERE parent IS NOT NULL;
CREATE INDEX idx_oauth_session_announced ON spy_oauth_session (announced_at, id_oauth_session) WHERE announced_at IS NOT NULL;
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
    datetime(COALESCE(authenticated_at, created_at), '+90 days'),
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
    substr(identifier, 1, 8) || '-' || substr(identifier, 9, 4) || '-' || substr(identifier, 13, 4) || '-' || substr(identifier, 17, 4) || '-' || substr(identifier, 21, 12),
    'revoked_token', '', fk_oauth_client, user_identifier, COALESCE(scopes, '[]'), '[]', 0, created_at, created_at, expirity_date,
    created_at, expirity_date, 0, created_at, revoked_at, revoked_at, CURRENT_TIMESTAMP, 'migrated'
FROM spy_oauth_access_token
WHERE revoked_at IS NOT NULL AND expirity_date > CURRENT_TIMESTAMP AND length(identifier) = 80;

-- `family` is the session of a token; what ended is said there.
DROP INDEX idx_oauth_access_token_family;
ALTER TABLE spy_oauth_access_token RENAME COLUMN family TO named;
ALTER TABLE spy_oauth_access_token ADD COLUMN family VARCHAR(36) REFERENCES spy_oauth_session (identifier);
UPDATE spy_oauth_access_token SET family = named WHERE named IN (SELECT identifier FROM spy_oauth_session);
ALTER TABLE spy_oauth_access_token DROP COLUMN named;
CREATE INDEX idx_oauth_access_token_family ON spy_oauth_access_token (family);
DROP INDEX idx_oauth_refresh_token_family;
ALTER TABLE spy_oauth_refresh_token RENAME COLUMN family TO named;
ALTER TABLE spy_oauth_refresh_token ADD COLUMN family VARCHAR(36) REFERENCES spy_oauth_session (identifier);
UPDATE spy_oauth_refresh_token SET family = named WHERE named IN (SELECT identifier FROM spy_oauth_session);
ALTER TABLE spy_oauth_refresh_token DROP COLUMN named;
CREATE INDEX idx_oauth_refresh_token_family ON spy_oauth_refresh_token (family);
ALTER TABLE spy_oauth_code_flow_auth_code RENAME COLUMN family TO named;
ALTER TABLE spy_oauth_code_flow_auth_code ADD COLUMN family VARCHAR(36) REFERENCES spy_oauth_session (identifier);
UPDATE spy_oauth_code_flow_auth_code SET family = named WHERE named IN (SELECT identifier FROM spy_oauth_session);
ALTER TABLE spy_oauth_code_flow_auth_code DROP COLUMN named;
CREATE INDEX idx_oauth_auth_code_family ON spy_oauth_code_flow_auth_code (family);

-- `sealed`: a signed token that cannot be signed again to the same text, under a key that nobody has without the credential
-- that it was given for.
ALTER TABLE spy_oauth_access_token ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE spy_oauth_access_token ADD COLUMN sealed TEXT;

DROP INDEX idx_oauth_access_token_revoked;
ALTER TABLE spy_oauth_access_token DROP COLUMN revoked_at;
DROP INDEX idx_oauth_refresh_token_subject;
DROP INDEX idx_oauth_refresh_token_answered_by;
ALTER TABLE spy_oauth_refresh_token DROP COLUMN subject;
ALTER TABLE spy_oauth_refresh_token DROP COLUMN answered_by;
ALTER TABLE spy_oauth_refresh_token DROP COLUMN authenticated_at;
DROP INDEX idx_oauth_auth_code_subject;
ALTER TABLE spy_oauth_code_flow_auth_code DROP COLUMN subject;
