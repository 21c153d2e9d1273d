-- Each monthly audit of a list version: that it ran, how much it found, and what the change of
-- members did to the cost per member per month. Append-only; the highest batch is the newest run.
CREATE TABLE performance.attribution_audit (
  contract_id bigint NOT NULL,
  period_from date NOT NULL,
  version integer NOT NULL,
  month date NOT NULL,
  batch_id bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  actor text NOT NULL CHECK (actor <> ''),
  findings integer NOT NULL CHECK (findings >= 0),
  members_before bigint NOT NULL,
  members_after bigint NOT NULL,
  added bigint NOT NULL,
  dropped bigint NOT NULL,
  pmpm_before text NULL,  -- dollars as an exact fraction; NULL without member-months
  pmpm_kept text NULL,
  pmpm_after text NULL,
  PRIMARY KEY (contract_id, period_from, version, month, batch_id),
  FOREIGN KEY (contract_id, period_from, version)
    REFERENCES performance.attribution_list (contract_id, period_from, version),
  CONSTRAINT attribution_audit_counts CHECK (members_after - members_before = added - dropped)
);

GRANT SELECT, INSERT ON performance.attribution_audit TO sluice_app;
GRANT SELECT ON performance.attribution_audit TO sluice_verify;

ALTER TABLE performance.attribution_audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.attribution_audit FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.attribution_audit
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));
