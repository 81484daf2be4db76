-- Up to when every session of a person was ended: a login that began before does not finish after.
CREATE TABLE spy_oauth_cutoff (
    subject VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
    logins BIGINT NOT NULL,
    ended_at DATETIME(6)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
