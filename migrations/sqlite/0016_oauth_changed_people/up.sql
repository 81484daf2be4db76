-- People who may have lost a right, by whatever hand: each connector reads its own `kind` and looks at the sessions of
-- those who are named. Triggers see what statements of operators and other programs do; nothing has to be searched for.
CREATE TABLE spy_oauth_changed_person (
    id_oauth_changed_person INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind VARCHAR(32) NOT NULL,
    natural_identifier VARCHAR(255) NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX idx_oauth_changed_person_kind ON spy_oauth_changed_person (kind, id_oauth_changed_person);
CREATE INDEX idx_oauth_changed_person_created ON spy_oauth_changed_person (created_at);

CREATE TRIGGER trg_oauth_customer_update AFTER UPDATE OF customer_reference, registered, anonymized_at ON spy_customer
WHEN OLD.customer_reference IS NOT NEW.customer_reference OR OLD.registered IS NOT NEW.registered OR OLD.anonymized_at IS NOT NEW.anonymized_at
BEGIN
    INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
    SELECT 'customer', OLD.customer_reference;
END;

CREATE TRIGGER trg_oauth_customer_delete AFTER DELETE ON spy_customer
BEGIN
    INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
    SELECT 'customer', OLD.customer_reference;
END;

CREATE TRIGGER trg_oauth_user_update AFTER UPDATE OF uuid, status, is_agent, is_warehouse_user ON spy_user
WHEN OLD.uuid IS NOT NEW.uuid OR OLD.status IS NOT NEW.status OR OLD.is_agent IS NOT NEW.is_agent OR OLD.is_warehouse_user IS NOT NEW.is_warehouse_user
BEGIN
    INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
    SELECT 'user', OLD.uuid UNION ALL SELECT 'agent', 'agent:' || OLD.id_user;
END;

CREATE TRIGGER trg_oauth_user_delete AFTER DELETE ON spy_user
BEGIN
    INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
    SELECT 'user', OLD.uuid UNION ALL SELECT 'agent', 'agent:' || OLD.id_user;
END;

CREATE TRIGGER trg_oauth_company_user_update AFTER UPDATE OF uuid, fk_company, fk_customer, is_active ON spy_company_user
WHEN OLD.uuid IS NOT NEW.uuid OR OLD.fk_company IS NOT NEW.fk_company OR OLD.fk_customer IS NOT NEW.fk_customer OR OLD.is_active IS NOT NEW.is_active
BEGIN
    INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
    SELECT 'customer', customer_reference FROM spy_customer WHERE id_customer = OLD.fk_customer;
END;

CREATE TRIGGER trg_oauth_company_user_delete AFTER DELETE ON spy_company_user
BEGIN
    INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
    SELECT 'customer', customer_reference FROM spy_customer WHERE id_customer = OLD.fk_customer;
END;

CREATE TRIGGER trg_oauth_company_update AFTER UPDATE OF is_active, status ON spy_company
WHEN OLD.is_active IS NOT NEW.is_active OR OLD.status IS NOT NEW.status
BEGIN
    INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
    SELECT 'customer', customer_reference FROM spy_customer INNER JOIN spy_company_user ON fk_customer = id_customer WHERE fk_company = OLD.id_company;
END;

CREATE TRIGGER trg_oauth_company_delete AFTER DELETE ON spy_company
BEGIN
    INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
    SELECT 'customer', customer_reference FROM spy_customer INNER JOIN spy_company_user ON fk_customer = id_customer WHERE fk_company = OLD.id_company;
END;

CREATE TRIGGER trg_oauth_warehouse_user_assignment_update AFTER UPDATE OF fk_warehouse, user_uuid, is_active ON spy_warehouse_user_assignment
WHEN OLD.fk_warehouse IS NOT NEW.fk_warehouse OR OLD.user_uuid IS NOT NEW.user_uuid OR OLD.is_active IS NOT NEW.is_active
BEGIN
    INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
    SELECT 'user', OLD.user_uuid;
END;

CREATE TRIGGER trg_oauth_warehouse_user_assignment_delete AFTER DELETE ON spy_warehouse_user_assignment
BEGIN
    INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
    SELECT 'user', OLD.user_uuid;
END;

CREATE TRIGGER trg_oauth_stock_update AFTER UPDATE OF is_active ON spy_stock
WHEN OLD.is_active IS NOT NEW.is_active
BEGIN
    INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
    SELECT 'user', user_uuid FROM spy_warehouse_user_assignment WHERE fk_warehouse = OLD.id_stock;
END;

CREATE TRIGGER trg_oauth_stock_delete AFTER DELETE ON spy_stock
BEGIN
    INSERT INTO spy_oauth_changed_person (kind, natural_identifier)
    SELECT 'user', user_uuid FROM spy_warehouse_user_assignment WHERE fk_warehouse = OLD.id_stock;
END;
