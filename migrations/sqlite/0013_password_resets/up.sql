-- The SHA-256 of the key that a customer who forgot the password was sent, and when that was.
ALTER TABLE spy_customer ADD COLUMN restore_password_key VARCHAR(150);
ALTER TABLE spy_customer ADD COLUMN restore_password_date TIMESTAMP;
CREATE UNIQUE INDEX idx_customer_restore_password_key ON spy_customer (restore_password_key);
