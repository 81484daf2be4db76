ALTER TABLE spy_oauth_code_flow_auth_code ADD COLUMN subject VARCHAR(64);
CREATE INDEX idx_oauth_auth_code_subject ON spy_oauth_code_flow_auth_code (subject);

ALTER TABLE spy_oauth_refresh_token ADD COLUMN authenticated_at TIMESTAMP;
ALTER TABLE spy_oauth_refresh_token ADD COLUMN answered_by VARCHAR(64);
ALTER TABLE spy_oauth_refresh_token ADD COLUMN subject VARCHAR(64);
UPDATE spy_oauth_refresh_token SET
    subject = (SELECT subject FROM spy_oauth_session WHERE identifier = family),
    authenticated_at = (SELECT authenticated_at FROM spy_oauth_session WHERE identifier = family),
    revoked_at = COALESCE(revoked_at, (SELECT closed_at FROM spy_oauth_session WHERE identifier = family));
CREATE INDEX idx_oauth_refresh_token_subject ON spy_oauth_refresh_token (subject);
CREATE INDEX idx_oauth_refresh_token_answered_by ON spy_oauth_refresh_token (answered_by);

ALTER TABLE spy_oauth_access_token ADD COLUMN revoked_at TIMESTAMP;
UPDATE spy_oauth_access_token SET revoked_at = (SELECT ended_at FROM spy_oauth_session WHERE identifier = family);
CREATE INDEX idx_oauth_access_token_revoked ON spy_oauth_access_token (revoked_at);
ALTER TABLE spy_oauth_access_token DROP COLUMN sealed;
ALTER TABLE spy_oauth_access_token DROP COLUMN generation;

DROP INDEX idx_oauth_auth_code_family;
ALTER TABLE spy_oauth_code_flow_auth_code RENAME COLUMN family TO named;
ALTER TABLE spy_oauth_code_flow_auth_code ADD COLUMN family VARCHAR(36) NOT NULL DEFAULT '';
UPDATE spy_oauth_code_flow_auth_code SET family = COALESCE(named, '');
ALTER TABLE spy_oauth_code_flow_auth_code DROP COLUMN named;
DROP INDEX idx_oauth_refresh_token_family;
ALTER TABLE spy_oauth_refresh_token RENAME COLUMN family TO named;
ALTER TABLE spy_oauth_refresh_token ADD COLUMN family VARCHAR(36) NOT NULL DEFAULT '';
UPDATE spy_oauth_refresh_token SET family = COALESCE(named, '');
ALTER TABLE spy_oauth_refresh_token DROP COLUMN named;
CREATE INDEX idx_oauth_refresh_token_family ON spy_oauth_refresh_token (family);
DROP INDEX idx_oauth_access_token_family;
ALTER TABLE spy_oauth_access_token RENAME COLUMN family TO named;
ALTER TABLE spy_oauth_access_token ADD COLUMN family VARCHAR(36);
UPDATE spy_oauth_access_token SET family = COALESCE(named, '');
ALTER TABLE spy_oauth_access_token DROP COLUMN named;
CREATE INDEX idx_oauth_access_token_family ON spy_oauth_access_token (family);

DROP TABLE spy_oauth_session;
CREATE TABLE spy_oauth_cutoff (
    subject VARCHAR(64) NOT NULL PRIMARY KEY,
    logins BIGINT NOT NULL,
    ended_at TIMESTAMP
);
INSERT INTO spy_oauth_cutoff (subject, logins) SELECT subject, sessions FROM spy_oauth_subject WHERE subject <> '';
DROP TABLE spy_oauth_subject;
