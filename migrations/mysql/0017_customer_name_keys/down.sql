DROP TRIGGER trg_customer_name_keys;
ALTER TABLE spy_customer DROP COLUMN last_name_key, DROP COLUMN first_name_key;
