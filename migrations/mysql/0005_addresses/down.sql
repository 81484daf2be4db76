DROP TABLE spy_customer_address;
