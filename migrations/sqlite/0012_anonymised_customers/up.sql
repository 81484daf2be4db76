CREATE INDEX idx_customer_anonymized_at ON spy_customer (anonymized_at);
