CREATE TABLE spy_country (
    id_country INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    iso2_code VARCHAR(2) NOT NULL UNIQUE,
    iso3_code VARCHAR(3) UNIQUE,
    name VARCHAR(255) NOT NULL,
    postal_code_mandatory BOOLEAN NOT NULL,
    postal_code_regex VARCHAR(500)
);

CREATE TABLE spy_region (
    id_region INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    fk_country BIGINT NOT NULL REFERENCES spy_country (id_country),
    iso2_code VARCHAR(6) NOT NULL UNIQUE,
    name VARCHAR(255) NOT NULL
);

CREATE TABLE spy_currency (
    id_currency INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    code VARCHAR(5) NOT NULL UNIQUE,
    name VARCHAR(255) NOT NULL,
    symbol VARCHAR(255)
);

CREATE TABLE spy_locale (
    id_locale INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    locale_name VARCHAR(5) NOT NULL UNIQUE,
    is_active BOOLEAN NOT NULL
);

CREATE TABLE spy_store (
    id_store INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name VARCHAR(255) NOT NULL UNIQUE,
    timezone VARCHAR(64),
    fk_currency BIGINT REFERENCES spy_currency (id_currency),
    fk_locale BIGINT REFERENCES spy_locale (id_locale)
);

CREATE TABLE spy_currency_store (
    id_currency_store INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    fk_currency BIGINT NOT NULL REFERENCES spy_currency (id_currency),
    fk_store BIGINT NOT NULL REFERENCES spy_store (id_store),
    UNIQUE (fk_currency, fk_store)
);

CREATE TABLE spy_locale_store (
    id_locale_store INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    fk_locale BIGINT NOT NULL REFERENCES spy_locale (id_locale),
    fk_store BIGINT NOT NULL REFERENCES spy_store (id_store),
    UNIQUE (fk_locale, fk_store)
);

CREATE TABLE spy_country_store (
    id_country_store INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    fk_country BIGINT NOT NULL REFERENCES spy_country (id_country),
    fk_store BIGINT NOT NULL REFERENCES spy_store (id_store),
    UNIQUE (fk_country, fk_store)
);
