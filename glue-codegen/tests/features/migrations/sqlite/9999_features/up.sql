CREATE TABLE spy_loyalty_tier (
    id_loyalty_tier INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uuid VARCHAR(36) NOT NULL,
    name VARCHAR(80) NOT NULL,
    points BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX uq_spy_loyalty_tier_uuid ON spy_loyalty_tier (uuid);
CREATE TABLE spy_note (
    id_note INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uuid VARCHAR(36) NOT NULL,
    title VARCHAR(255) NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    due_at TIMESTAMP
);
CREATE UNIQUE INDEX uq_spy_note_uuid ON spy_note (uuid);
CREATE TABLE spy_product (
    id_product INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uuid VARCHAR(36) NOT NULL,
    sku VARCHAR(40) NOT NULL,
    name VARCHAR(80) NOT NULL,
    price VARCHAR(255) NOT NULL,
    rank BIGINT NOT NULL DEFAULT 5,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    badge VARCHAR(20) NOT NULL DEFAULT 'it''s \ new',
    source VARCHAR(255) NOT NULL DEFAULT 'shop',
    tags TEXT NOT NULL,
    sizes TEXT,
    texts TEXT,
    maker TEXT,
    parts TEXT,
    follows VARCHAR(36) REFERENCES spy_product (uuid) ON DELETE CASCADE,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX uq_spy_product_uuid ON spy_product (uuid);
CREATE UNIQUE INDEX uq_spy_product_sku ON spy_product (sku);
CREATE INDEX idx_spy_product_follows ON spy_product (follows);
CREATE INDEX idx_spy_product_name ON spy_product (name);
CREATE TABLE spy_purchase (
    id_purchase INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uuid VARCHAR(36) NOT NULL,
    product VARCHAR(36) NOT NULL REFERENCES spy_product (uuid),
    previous VARCHAR(36) REFERENCES spy_purchase (uuid),
    note VARCHAR(36) REFERENCES spy_note (uuid),
    status VARCHAR(32) NOT NULL DEFAULT 'new',
    remark VARCHAR(80),
    shipped_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    customer_reference VARCHAR(255) NOT NULL
);
CREATE UNIQUE INDEX uq_spy_purchase_uuid ON spy_purchase (uuid);
CREATE INDEX idx_spy_purchase_product ON spy_purchase (product);
CREATE INDEX idx_spy_purchase_previous ON spy_purchase (previous);
CREATE INDEX idx_spy_purchase_note ON spy_purchase (note);
CREATE TABLE spy_wishlist_label (
    id_wishlist_label INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uuid VARCHAR(36) NOT NULL,
    word VARCHAR(80) NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    fk_wishlist BIGINT NOT NULL REFERENCES spy_wishlist (id_wishlist) ON DELETE CASCADE,
    deleted_at TIMESTAMP
);
CREATE UNIQUE INDEX uq_spy_wishlist_label_uuid ON spy_wishlist_label (uuid);
CREATE INDEX idx_spy_wishlist_label_fk_wishlist ON spy_wishlist_label (fk_wishlist);
CREATE TABLE spy_wishlist_mark (
    id_wishlist_mark INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uuid VARCHAR(36) NOT NULL,
    word VARCHAR(80) NOT NULL,
    is_spelt BOOLEAN NOT NULL DEFAULT FALSE,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    fk_wishlist BIGINT NOT NULL REFERENCES spy_wishlist (id_wishlist) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_spy_wishlist_mark_uuid ON spy_wishlist_mark (uuid);
CREATE INDEX idx_spy_wishlist_mark_fk_wishlist ON spy_wishlist_mark (fk_wishlist);
CREATE TABLE spy_booking (
    id_booking INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uuid VARCHAR(36) NOT NULL,
    number VARCHAR(255) NOT NULL,
    until DATE NOT NULL,
    "from" DATE NOT NULL,
    kind VARCHAR(32) NOT NULL,
    company VARCHAR(40),
    guests TEXT NOT NULL,
    beds BIGINT NOT NULL DEFAULT 2,
    guests_max BIGINT,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    customer_reference VARCHAR(255) NOT NULL
);
CREATE UNIQUE INDEX uq_spy_booking_uuid ON spy_booking (uuid);
CREATE UNIQUE INDEX uq_spy_booking_number ON spy_booking (number);
CREATE TABLE spy_booking_charge (
    id_booking_charge INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uuid VARCHAR(60) NOT NULL,
    amount BIGINT NOT NULL,
    charged_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    fk_booking BIGINT NOT NULL REFERENCES spy_booking (id_booking) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_spy_booking_charge_uuid ON spy_booking_charge (uuid);
CREATE INDEX idx_spy_booking_charge_fk_booking ON spy_booking_charge (fk_booking);
CREATE TABLE spy_purchase_line (
    id_purchase_line INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uuid VARCHAR(36) NOT NULL,
    product VARCHAR(36) NOT NULL REFERENCES spy_product (uuid),
    quantity BIGINT NOT NULL,
    engraving VARCHAR(20),
    due_on DATE,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    fk_purchase BIGINT NOT NULL REFERENCES spy_purchase (id_purchase) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_spy_purchase_line_uuid ON spy_purchase_line (uuid);
CREATE INDEX idx_spy_purchase_line_fk_purchase ON spy_purchase_line (fk_purchase);
