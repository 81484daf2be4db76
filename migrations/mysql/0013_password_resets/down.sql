DROP INDEX idx_customer_restore_password_key ON spy_customer;
ALTER TABLE spy_customer DROP COLUMN restore_password_date;
ALTER TABLE spy_customer DROP COLUMN restore_password_key;
