-- People who may have lost a right, by whatever hand: each connector reads its own `kind` and looks at the sessions of
-- those who are named. Triggers see what statements of operators and other programs do; nothing has to be searched for.
CREATE TABLE spy_oauth_changed_person (
    id_oauth_changed_person BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    natural_identifier VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX idx_oauth_changed_person_kind ON spy_oauth_changed_person (kind, id_oauth_changed_person);
CREATE INDEX idx_oauth_changed_person_created ON spy_oauth_changed_person (created_at);

CREATE TRIGGER trg_oauth_customer_update AFTER UPDATE ON spy_customer FOR EACH ROW
INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
SELECT 'customer', OLD.customer_reference FROM DUAL WHERE NOT (OLD.customer_reference <=> NEW.customer_reference AND OLD.registered <=> NEW.registered AND OLD.anonymized_at <=> NEW.anonymized_at);

CREATE TRIGGER trg_oauth_customer_delete AFTER DELETE ON spy_customer FOR EACH ROW
INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
SELECT 'customer', OLD.customer_reference;

CREATE TRIGGER trg_oauth_user_update AFTER UPDATE ON spy_user FOR EACH ROW
INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
SELECT 'user', OLD.uuid FROM DUAL WHERE NOT (OLD.uuid <=> NEW.uuid AND OLD.status <=> NEW.status AND OLD.is_agent <=> NEW.is_agent AND OLD.is_warehouse_user <=> NEW.is_warehouse_user)
UNION ALL SELECT 'agent', CONCAT('agent:', OLD.id_user) FROM DUAL WHERE NOT (OLD.uuid <=> NEW.uuid AND OLD.status <=> NEW.status AND OLD.is_agent <=> NEW.is_agent AND OLD.is_warehouse_user <=> NEW.is_warehouse_user);

CREATE TRIGGER trg_oauth_user_delete AFTER DELETE ON spy_user FOR EACH ROW
INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
SELECT 'user', OLD.uuid UNION ALL SELECT 'agent', CONCAT('agent:', OLD.id_user);

CREATE TRIGGER trg_oauth_company_user_update AFTER UPDATE ON spy_company_user FOR EACH ROW
INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
SELECT 'customer', customer_reference FROM spy_customer WHERE id_customer = OLD.fk_customer AND NOT (OLD.uuid <=> NEW.uuid AND OLD.fk_company <=> NEW.fk_company AND OLD.fk_customer <=> NEW.fk_customer AND OLD.is_active <=> NEW.is_active);

CREATE TRIGGER trg_oauth_company_user_delete AFTER DELETE ON spy_company_user FOR EACH ROW
INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
SELECT 'customer', customer_reference FROM spy_customer WHERE id_customer = OLD.fk_customer;

CREATE TRIGGER trg_oauth_company_update AFTER UPDATE ON spy_company FOR EACH ROW
INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
SELECT 'customer', customer_reference FROM spy_customer INNER JOIN spy_company_user ON fk_customer = id_customer WHERE fk_company = OLD.id_company AND NOT (OLD.is_active <=> NEW.is_active AND OLD.status <=> NEW.status);

CREATE TRIGGER trg_oauth_company_delete AFTER DELETE ON spy_company FOR EACH ROW
INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
SELECT 'customer', customer_reference FROM spy_customer INNER JOIN spy_company_user ON fk_customer = id_customer WHERE fk_company = OLD.id_company;

CREATE TRIGGER trg_oauth_warehouse_user_assignment_update AFTER UPDATE ON spy_warehouse_user_assignment FOR EACH ROW
INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
SELECT 'user', OLD.user_uuid FROM DUAL WHERE NOT (OLD.fk_warehouse <=> NEW.fk_warehouse AND OLD.user_uuid <=> NEW.user_uuid AND OLD.is_active <=> NEW.is_active);

CREATE TRIGGER trg_oauth_warehouse_user_assignment_delete AFTER DELETE ON spy_warehouse_user_assignment FOR EACH ROW
INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
SELECT 'user', OLD.user_uuid;

CREATE TRIGGER trg_oauth_stock_update AFTER UPDATE ON spy_stock FOR EACH ROW
INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
SELECT 'user', user_uuid FROM spy_warehouse_user_assignment WHERE fk_warehouse = OLD.id_stock AND NOT (OLD.is_active <=> NEW.is_active);

CREATE TRIGGER trg_oauth_stock_delete AFTER DELETE ON spy_stock FOR EACH ROW
INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
SELECT 'user', user_uuid FROM spy_warehouse_user_assignment WHERE fk_warehouse = OLD.id_stock;
