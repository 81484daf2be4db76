-- The names without case and composed (Unicode NFC), as a search compares them: no two databases agree on LOWER beyond
-- ASCII. The application computes them; NULL says that it has to, again after a change of a name by whatever hand.
ALTER TABLE spy_customer ADD COLUMN first_name_key VARCHAR(300);
ALTER TABLE spy_customer ADD COLUMN last_name_key VARCHAR(300);
CREATE INDEX idx_customer_first_name_key ON spy_customer (first_name_key);
CREATE INDEX idx_customer_last_name_key ON spy_customer (last_name_key);

CREATE TRIGGER trg_customer_name_keys AFTER UPDATE OF first_name, last_name ON spy_customer FOR EACH ROW
WHEN OLD.first_name IS NOT NEW.first_name OR OLD.last_name IS NOT NEW.last_name
BEGIN
    UPDATE spy_customer SET first_name_key = NULL, last_name_key = NULL WHERE id_customer = NEW.id_customer;
END;
