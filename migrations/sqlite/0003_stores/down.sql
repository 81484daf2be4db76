DROP TABLE spy_country_store;
DROP TABLE spy_locale_store;
DROP TABLE spy_currency_store;
DROP TABLE spy_store;
DROP TABLE spy_locale;
DROP TABLE spy_currency;
DROP TABLE spy_region;
DROP TABLE spy_country;
