CREATE TABLE spy_customer_address (
    id_customer_address BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    uuid VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    fk_customer BIGINT NOT NULL,
    iso2_code VARCHAR(2) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    salutation VARCHAR(8) NOT NULL,
    first_name VARCHAR(100) NOT NULL,
    last_name VARCHAR(100) NOT NULL,
    address1 VARCHAR(255) NOT NULL,
    address2 VARCHAR(255) NOT NULL,
    address3 VARCHAR(255),
    zip_code VARCHAR(15) NOT NULL,
    city VARCHAR(255) NOT NULL,
    company VARCHAR(255),
    phone VARCHAR(255),
    is_default_shipping BOOLEAN NOT NULL,
    is_default_billing BOOLEAN NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    FOREIGN KEY (fk_customer) REFERENCES spy_customer (id_customer) ON DELETE CASCADE
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE INDEX idx_customer_address_customer ON spy_customer_address (fk_customer);
