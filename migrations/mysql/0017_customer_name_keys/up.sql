-- The names without case and composed (Unicode NFC), as a search compares them: no two databases agree on LOWER beyond
-- ASCII. The application computes them; NULL says that it has to, again after a change of a name by whatever hand.
ALTER TABLE spy_customer
    ADD COLUMN first_name_key VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    ADD COLUMN last_name_key VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    ADD INDEX idx_customer_first_name_key (first_name_key),
    ADD INDEX idx_customer_last_name_key (last_name_key);

CREATE TRIGGER trg_customer_name_keys BEFORE UPDATE ON spy_customer FOR EACH ROW
SET NEW.first_name_key = IF(CAST(OLD.first_name AS BINARY) <=> CAST(NEW.first_name AS BINARY) AND CAST(OLD.last_name AS BINARY) <=> CAST(NEW.last_name AS BINARY), NEW.first_name_key, NULL),
    NEW.last_name_key = IF(CAST(OLD.first_name AS BINARY) <=> CAST(NEW.first_name AS BINARY) AND CAST(OLD.last_name AS BINARY) <=> CAST(NEW.last_name AS BINARY), NEW.last_name_key, NULL);
