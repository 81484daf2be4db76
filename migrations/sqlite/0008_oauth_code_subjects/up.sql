-- Who a code is about, as tokens name them: what ends their sessions ends their codes too.
ALTER TABLE spy_oauth_code_flow_auth_code ADD COLUMN subject VARCHAR(64);
CREATE INDEX idx_oauth_auth_code_subject ON spy_oauth_code_flow_auth_code (subject);
