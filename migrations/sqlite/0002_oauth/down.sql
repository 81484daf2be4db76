DROP TABLE spy_oauth_refresh_token;
DROP TABLE spy_oauth_access_token;
DROP TABLE spy_oauth_scope;
DROP TABLE spy_oauth_client;
