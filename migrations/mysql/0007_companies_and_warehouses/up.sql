CREATE TABLE spy_company (
    id_company BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    uuid VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    name VARCHAR(255) NOT NULL,
    is_active BOOLEAN NOT NULL,
    status VARCHAR(16) NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- A customer as a member of a company; one of several can be the default.
CREATE TABLE spy_company_user (
    id_company_user BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    uuid VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    fk_company BIGINT NOT NULL,
    fk_customer BIGINT NOT NULL,
    fk_company_business_unit BIGINT,
    is_active BOOLEAN NOT NULL,
    is_default BOOLEAN NOT NULL,
    FOREIGN KEY (fk_company) REFERENCES spy_company (id_company),
    FOREIGN KEY (fk_customer) REFERENCES spy_customer (id_customer)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE INDEX idx_company_user_customer ON spy_company_user (fk_customer);

CREATE TABLE spy_stock (
    id_stock BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    uuid VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    is_active BOOLEAN NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- Where a back-office user works; one assignment of a user is active at most.
CREATE TABLE spy_warehouse_user_assignment (
    id_warehouse_user_assignment BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    uuid VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    fk_warehouse BIGINT NOT NULL,
    user_uuid VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    is_active BOOLEAN NOT NULL,
    UNIQUE (fk_warehouse, user_uuid),
    FOREIGN KEY (fk_warehouse) REFERENCES spy_stock (id_stock)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE INDEX idx_warehouse_user_assignment_user ON spy_warehouse_user_assignment (user_uuid);
