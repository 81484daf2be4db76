DROP TABLE spy_oauth_cutoff;
