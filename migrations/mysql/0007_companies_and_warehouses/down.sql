DROP TABLE spy_warehouse_user_assignment;
DROP TABLE spy_stock;
DROP TABLE spy_company_user;
DROP TABLE spy_company;
