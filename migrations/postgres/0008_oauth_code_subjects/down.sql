DROP INDEX idx_oauth_auth_code_subject;
ALTER TABLE spy_oauth_code_flow_auth_code DROP COLUMN subject;
