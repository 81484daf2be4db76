CREATE TABLE spy_wishlist (
    id_wishlist BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    uuid VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    fk_customer BIGINT NOT NULL,
    name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    UNIQUE (fk_customer, name),
    FOREIGN KEY (fk_customer) REFERENCES spy_customer (id_customer)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE spy_wishlist_item (
    id_wishlist_item BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    fk_wishlist BIGINT NOT NULL,
    sku VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    FOREIGN KEY (fk_wishlist) REFERENCES spy_wishlist (id_wishlist) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE INDEX idx_wishlist_item_wishlist ON spy_wishlist_item (fk_wishlist);
