-- Who answered for the person that a session is about, as tokens name them: what ends their sessions ends this one too.
ALTER TABLE spy_oauth_refresh_token ADD COLUMN answered_by VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX idx_oauth_refresh_token_answered_by ON spy_oauth_refresh_token (answered_by);
