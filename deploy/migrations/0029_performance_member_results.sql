-- What each attributed member expected to cost, cost and met, per contract period. Append-only:
-- a correction is a row recorded later.
CREATE TABLE performance.member_year (
  contract_id bigint NOT NULL,
  period_from date NOT NULL,
  member_id bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  attributed_party_id bigint NOT NULL,
  member_months smallint NOT NULL CHECK (member_months BETWEEN 0 AND 12),
  benchmark_cents bigint NOT NULL CHECK (benchmark_cents >= 0),
  expenditure_cents bigint NOT NULL,
  PRIMARY KEY (contract_id, period_from, member_id, recorded_at),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id)
);

ALTER TABLE performance.member_year ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.member_year FORCE ROW LEVEL SECURITY;
CREATE POLICY member_year_tenant ON performance.member_year
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));
GRANT SELECT, INSERT ON performance.member_year TO sluice_app;
GRANT SELECT ON performance.member_year TO sluice_verify;

CREATE TABLE performance.member_measure (
  contract_id bigint NOT NULL,
  period_from date NOT NULL,
  member_id bigint NOT NULL,
  measure_id text NOT NULL CHECK (measure_id <> ''),
  recorded_at timestamptz NOT NULL,
  met boolean NOT NULL,
  PRIMARY KEY (contract_id, period_from, member_id, measure_id, recorded_at),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id)
);

ALTER TABLE performance.member_measure ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.member_measure FORCE ROW LEVEL SECURITY;
CREATE POLICY member_measure_tenant ON performance.member_measure
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));
GRANT SELECT, INSERT ON performance.member_measure TO sluice_app;
GRANT SELECT ON performance.member_measure TO sluice_verify;
