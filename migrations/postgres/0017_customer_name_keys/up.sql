-- The names without case and composed (Unicode NFC), as a search compares them: no two databases agree on LOWER beyond
-- ASCII. The application computes them; NULL says that it has to, again after a change of a name by whatever hand.
ALTER TABLE spy_customer ADD COLUMN first_name_key VARCHAR(300);
ALTER TABLE spy_customer ADD COLUMN last_name_key VARCHAR(300);
CREATE INDEX idx_customer_first_name_key ON spy_customer (first_name_key text_pattern_ops);
CREATE INDEX idx_customer_last_name_key ON spy_customer (last_name_key text_pattern_ops);

CREATE FUNCTION fn_customer_name_keys() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    NEW.first_name_key = NULL;
    NEW.last_name_key = NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER trg_customer_name_keys BEFORE UPDATE OF first_name, last_name ON spy_customer FOR EACH ROW
WHEN (OLD.first_name IS DISTINCT FROM NEW.first_name OR OLD.last_name IS DISTINCT FROM NEW.last_name)
EXECUTE FUNCTION fn_customer_name_keys();
