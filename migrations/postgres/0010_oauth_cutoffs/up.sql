-- Up to when every session of a person was ended: a login that began before does not finish after.
CREATE TABLE spy_oauth_cutoff (
    subject VARCHAR(64) NOT NULL PRIMARY KEY,
    logins BIGINT NOT NULL,
    ended_at TIMESTAMP(6)
);
