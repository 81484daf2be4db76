DROP TRIGGER trg_customer_name_keys;
DROP INDEX idx_customer_last_name_key;
DROP INDEX idx_customer_first_name_key;
ALTER TABLE spy_customer DROP COLUMN last_name_key;
ALTER TABLE spy_customer DROP COLUMN first_name_key;
