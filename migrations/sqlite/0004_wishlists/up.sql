CREATE TABLE spy_wishlist (
    id_wishlist INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uuid VARCHAR(36) NOT NULL UNIQUE,
    fk_customer BIGINT NOT NULL REFERENCES spy_customer (id_customer),
    name VARCHAR(255) NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (fk_customer, name)
);

CREATE TABLE spy_wishlist_item (
    id_wishlist_item INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    fk_wishlist BIGINT NOT NULL REFERENCES spy_wishlist (id_wishlist) ON DELETE CASCADE,
    sku VARCHAR(255) NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

CREATE INDEX idx_wishlist_item_wishlist ON spy_wishlist_item (fk_wishlist);
