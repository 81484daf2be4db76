ALTER TABLE spy_oauth_code_flow_auth_code ADD COLUMN subject VARCHAR(64);
CREATE INDEX idx_oauth_auth_code_subject ON spy_oauth_code_flow_auth_code (subject);

ALTER TABLE spy_oauth_refresh_token ADD COLUMN authenticated_at TIMESTAMP(6);
ALTER TABLE spy_oauth_refresh_token ADD COLUMN answered_by VARCHAR(64);
ALTER TABLE spy_oauth_refresh_token ADD COLUMN subject VARCHAR(64);
UPDATE spy_oauth_refresh_token SET
    subject = (SELECT subject FROM spy_oauth_session WHERE identifier = family),
    authenticated_at = (SELECT authenticated_at FROM spy_oauth_session WHERE identifier = family),
    revoked_at = COALESCE(revoked_at, (SELECT closed_at FROM spy_oauth_session WHERE identifier = family));
CREATE INDEX idx_oauth_refresh_token_subject ON spy_oauth_refresh_token (subject);
CREATE INDEX idx_oauth_refresh_token_answered_by ON spy_oauth_refresh_token (answered_by);

ALTER TABLE spy_oauth_access_token ADD COLUMN revoked_at TIMESTAMP(6);
UPDATE spy_oauth_access_token SET revoked_at = (SELECT ended_at FROM spy_oauth_session WHERE identifier = family);
CREATE INDEX idx_oauth_access_token_revoked ON spy_oauth_access_token (revoked_at);
ALTER TABLE spy_oauth_access_token DROP COLUMN sealed;
ALTER TABLE spy_oauth_access_token DROP COLUMN generation;

DROP INDEX idx_oauth_auth_code_family;
ALTER TABLE spy_oauth_code_flow_auth_code DROP CONSTRAINT spy_oauth_code_flow_auth_code_session;
UPDATE spy_oauth_code_flow_auth_code SET family = '' WHERE family IS NULL;
ALTER TABLE spy_oauth_code_flow_auth_code ALTER COLUMN family SET NOT NULL;
ALTER TABLE spy_oauth_refresh_token DROP CONSTRAINT spy_oauth_refresh_token_session;
UPDATE spy_oauth_refresh_token SET family = '' WHERE family IS NULL;
ALTER TABLE spy_oauth_refresh_token ALTER COLUMN family SET NOT NULL;
ALTER TABLE spy_oauth_access_token DROP CONSTRAINT spy_oauth_access_token_session;

DROP TABLE spy_oauth_session;
CREATE TABLE spy_oauth_cutoff (
    subject VARCHAR(64) NOT NULL PRIMARY KEY,
    logins BIGINT NOT NULL,
    ended_at TIMESTAMP(6)
);
INSERT INTO spy_oauth_cutoff (subject, logins) SELECT subject, sessions FROM spy_oauth_subject WHERE subject <> '';
DROP TABLE spy_oauth_subject;
