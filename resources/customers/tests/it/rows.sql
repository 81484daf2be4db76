-- Two customers; the first has a password.
INSERT INTO spy_customer (id_customer, customer_reference, email, email_key, password, created_at, updated_at) VALUES
    (1, 'DE--1', 'One@example.com', 'one@example.com', 'first', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000'),
    (2, 'DE--2', 'two@example.com', 'two@example.com', NULL, '2026-01-02 00:00:00.000000', '2026-01-02 00:00:00.000000');
INSERT INTO spy_country (iso2_code, iso3_code, name, postal_code_mandatory) VALUES ('DE', 'DEU', 'Germany', 1);
