-- A payment changes its state four times from planned to settled. With room left in its page the
-- changes stay there and touch no index.
ALTER TABLE payments.disbursement SET (fillfactor = 50);
