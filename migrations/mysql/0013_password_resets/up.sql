-- The SHA-256 of the key that a customer who forgot the password was sent, and when that was.
ALTER TABLE spy_customer ADD COLUMN restore_password_key VARCHAR(150) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
ALTER TABLE spy_customer ADD COLUMN restore_password_date DATETIME(6);
CREATE UNIQUE INDEX idx_customer_restore_password_key ON spy_customer (restore_password_key);
