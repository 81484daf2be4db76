DROP TABLE spy_api_key;
