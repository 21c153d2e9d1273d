-- What a run of many payments needs of the server.

-- A payment changes its state four times from planned to settled. With room left in its page the
-- changes stay there and touch no index.
ALTER TABLE payments.disbursement SET (fillfactor = 50);

-- Counts what a run has just written, so that the planner does not have to guess: without
-- statistics it was seen to walk the whole run for each of its payments, until autovacuum came by.
-- Only the owner of a table may analyze it; the service may ask for these and for nothing else.
CREATE FUNCTION payments.count_run_rows() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  ANALYZE payments.obligation, payments.run_line, payments.run_payee, payments.disbursement,
    payments.remittance, payments.obligation_claim, payments.file_entry;
END
$$;
REVOKE ALL ON FUNCTION payments.count_run_rows() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments.count_run_rows() TO sluice_app;
