DROP TRIGGER trg_customer_name_keys ON spy_customer;
DROP FUNCTION fn_customer_name_keys();
ALTER TABLE spy_customer DROP COLUMN last_name_key;
ALTER TABLE spy_customer DROP COLUMN first_name_key;
