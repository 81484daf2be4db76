-- Two customers; the first has a list with two items.
INSERT INTO spy_customer (id_customer, customer_reference, email, email_key, created_at, updated_at) VALUES
    (1, 'DE--1', 'One@example.com', 'one@example.com', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000'),
    (2, 'DE--2', 'two@example.com', 'two@example.com', '2026-01-02 00:00:00.000000', '2026-01-02 00:00:00.000000');
INSERT INTO spy_wishlist (id_wishlist, uuid, fk_customer, name, created_at, updated_at) VALUES
    (1, '0198f3c2-7d1e-7a52-9f0b-000000000001', 1, 'Seeded', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000');
INSERT INTO spy_wishlist_item (fk_wishlist, sku, created_at, updated_at) VALUES
    (1, '029_26175504', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000'),
    (1, '066_23294028', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000');
