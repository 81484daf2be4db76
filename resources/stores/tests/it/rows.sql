-- Two stores, of which one is served.
INSERT INTO spy_currency (id_currency, code, name) VALUES (1, 'EUR', 'Euro');
INSERT INTO spy_locale (id_locale, locale_name, is_active) VALUES (1, 'en_US', TRUE);
INSERT INTO spy_country (id_country, iso2_code, iso3_code, name, postal_code_mandatory) VALUES (1, 'DE', 'DEU', 'Germany', TRUE);
INSERT INTO spy_region (fk_country, iso2_code, name) VALUES (1, 'DE-BE', 'Berlin');
INSERT INTO spy_store (id_store, name, timezone, fk_currency, fk_locale) VALUES
    (1, 'DE', 'Europe/Berlin', 1, 1),
    (2, 'AT', 'Europe/Vienna', 1, 1);
INSERT INTO spy_currency_store (fk_currency, fk_store) VALUES (1, 1), (1, 2);
INSERT INTO spy_locale_store (fk_locale, fk_store) VALUES (1, 1), (1, 2);
INSERT INTO spy_country_store (fk_country, fk_store) VALUES (1, 1), (1, 2);
