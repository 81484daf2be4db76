CREATE TABLE spy_country (
    id_country BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    iso2_code VARCHAR(2) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    iso3_code VARCHAR(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin UNIQUE,
    name VARCHAR(255) NOT NULL,
    postal_code_mandatory BOOLEAN NOT NULL,
    postal_code_regex VARCHAR(500)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE spy_region (
    id_region BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    fk_country BIGINT NOT NULL,
    iso2_code VARCHAR(6) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    name VARCHAR(255) NOT NULL,
    FOREIGN KEY (fk_country) REFERENCES spy_country (id_country)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE spy_currency (
    id_currency BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    code VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    name VARCHAR(255) NOT NULL,
    symbol VARCHAR(255)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE spy_locale (
    id_locale BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    locale_name VARCHAR(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    is_active BOOLEAN NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE spy_store (
    id_store BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    timezone VARCHAR(64),
    fk_currency BIGINT,
    fk_locale BIGINT,
    FOREIGN KEY (fk_currency) REFERENCES spy_currency (id_currency),
    FOREIGN KEY (fk_locale) REFERENCES spy_locale (id_locale)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE spy_currency_store (
    id_currency_store BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    fk_currency BIGINT NOT NULL,
    fk_store BIGINT NOT NULL,
    UNIQUE (fk_currency, fk_store),
    FOREIGN KEY (fk_currency) REFERENCES spy_currency (id_currency),
    FOREIGN KEY (fk_store) REFERENCES spy_store (id_store)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE spy_locale_store (
    id_locale_store BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    fk_locale BIGINT NOT NULL,
    fk_store BIGINT NOT NULL,
    UNIQUE (fk_locale, fk_store),
    FOREIGN KEY (fk_locale) REFERENCES spy_locale (id_locale),
    FOREIGN KEY (fk_store) REFERENCES spy_store (id_store)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE spy_country_store (
    id_country_store BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    fk_country BIGINT NOT NULL,
    fk_store BIGINT NOT NULL,
    UNIQUE (fk_country, fk_store),
    FOREIGN KEY (fk_country) REFERENCES spy_country (id_country),
    FOREIGN KEY (fk_store) REFERENCES spy_store (id_store)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
