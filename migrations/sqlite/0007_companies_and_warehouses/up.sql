CREATE TABLE spy_company (
    id_company INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uuid VARCHAR(36) NOT NULL UNIQUE,
    name VARCHAR(255) NOT NULL,
    is_active BOOLEAN NOT NULL,
    status VARCHAR(16) NOT NULL
);

-- A customer as a member of a company; one of several can be the default.
CREATE TABLE spy_company_user (
    id_company_user INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uuid VARCHAR(36) NOT NULL UNIQUE,
    fk_company INTEGER NOT NULL REFERENCES spy_company (id_company),
    fk_customer INTEGER NOT NULL REFERENCES spy_customer (id_customer),
    fk_company_business_unit BIGINT,
    is_active BOOLEAN NOT NULL,
    is_default BOOLEAN NOT NULL
);

CREATE INDEX idx_company_user_customer ON spy_company_user (fk_customer);

CREATE TABLE spy_stock (
    id_stock INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uuid VARCHAR(36) NOT NULL UNIQUE,
    name VARCHAR(255) NOT NULL UNIQUE,
    is_active BOOLEAN NOT NULL
);

-- Where a back-office user works; one assignment of a user is active at most.
CREATE TABLE spy_warehouse_user_assignment (
    id_warehouse_user_assignment INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uuid VARCHAR(36) NOT NULL UNIQUE,
    fk_warehouse INTEGER NOT NULL REFERENCES spy_stock (id_stock),
    user_uuid VARCHAR(36) NOT NULL,
    is_active BOOLEAN NOT NULL,
    UNIQUE (fk_warehouse, user_uuid)
);

CREATE INDEX idx_warehouse_user_assignment_user ON spy_warehouse_user_assignment (user_uuid);
