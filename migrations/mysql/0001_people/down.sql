DROP TABLE spy_user;
DROP TABLE spy_customer;
