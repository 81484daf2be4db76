CREATE TABLE spy_customer (
    id_customer BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    customer_reference VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    email VARCHAR(255) NOT NULL,
    -- The address in lower case: what is looked up and what is unique, whatever the database thinks of case.
    email_key VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    salutation VARCHAR(8),
    first_name VARCHAR(100),
    last_name VARCHAR(100),
    gender VARCHAR(8),
    date_of_birth DATE,
    password VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    registered DATE,
    registration_key VARCHAR(150) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    anonymized_at DATETIME(6),
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE spy_user (
    id_user BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    uuid VARCHAR(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    username VARCHAR(255) NOT NULL,
    username_key VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL UNIQUE,
    first_name VARCHAR(100),
    last_name VARCHAR(100),
    password VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    status VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    is_agent BOOLEAN NOT NULL,
    is_warehouse_user BOOLEAN NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
