CREATE TABLE spy_customer (
    id_customer INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    customer_reference VARCHAR(255) NOT NULL UNIQUE,
    email VARCHAR(255) NOT NULL,
    -- The address in lower case: what is looked up and what is unique, whatever the database thinks of case.
    email_key VARCHAR(255) NOT NULL UNIQUE,
    salutation VARCHAR(8),
    first_name VARCHAR(100),
    last_name VARCHAR(100),
    gender VARCHAR(8),
    date_of_birth DATE,
    password VARCHAR(255),
    registered DATE,
    registration_key VARCHAR(150),
    anonymized_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

CREATE TABLE spy_user (
    id_user INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    uuid VARCHAR(36) NOT NULL UNIQUE,
    username VARCHAR(255) NOT NULL,
    username_key VARCHAR(255) NOT NULL UNIQUE,
    first_name VARCHAR(100),
    last_name VARCHAR(100),
    password VARCHAR(255) NOT NULL,
    status VARCHAR(16) NOT NULL,
    is_agent BOOLEAN NOT NULL,
    is_warehouse_user BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
