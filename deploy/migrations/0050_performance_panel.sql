-- Who is on whose panel, per contract: what a capitation run streams in the order of the primary
-- key, member by member, one row for each span. Append-only and bitemporal: of the rows of one span
-- the one recorded last counts; a retracted span never was.
CREATE TABLE performance.panel_span (
  contract_id bigint NOT NULL,
  member_id bigint NOT NULL,
  span_id bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  payee_party_id bigint NOT NULL CHECK (payee_party_id <> 0),
  valid_from date NOT NULL,
  valid_to date NULL,  -- the first day on which it no longer holds
  birth_date date NOT NULL,
  learned_on date NOT NULL,  -- when the payer learned what this row says
  risk_millionths bigint NULL CHECK (risk_millionths BETWEEN 0 AND 1000000000),
  sex smallint NOT NULL CHECK (sex BETWEEN 0 AND 2),  -- unknown, female, male
  reason smallint NOT NULL CHECK (reason BETWEEN 0 AND 10),  -- ChangeReason
  retracted boolean NOT NULL,
  product text NOT NULL,
  region text NOT NULL,
  tier text NOT NULL,
  PRIMARY KEY (contract_id, member_id, span_id, recorded_at),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id),
  CONSTRAINT panel_span_range CHECK (valid_to IS NULL OR valid_to > valid_from)
);

-- Premium received for a member and month: the base of a percentage of premium.
CREATE TABLE performance.panel_premium (
  contract_id bigint NOT NULL,
  member_id bigint NOT NULL,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  recorded_at timestamptz NOT NULL,
  premium_cents bigint NOT NULL CHECK (premium_cents BETWEEN -10000000 AND 10000000),
  PRIMARY KEY (contract_id, member_id, month, recorded_at),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id)
);

-- Risk means from a month on, of one payee's panel or (payee 0) of the contract.
CREATE TABLE performance.panel_factor (
  contract_id bigint NOT NULL,
  payee_party_id bigint NOT NULL,
  from_month date NOT NULL CHECK (extract(day FROM from_month) = 1),
  recorded_at timestamptz NOT NULL,
  panel_mean_millionths bigint NOT NULL CHECK (panel_mean_millionths BETWEEN 1 AND 1000000000),
  plan_mean_millionths bigint NOT NULL CHECK (plan_mean_millionths BETWEEN 1 AND 1000000000),
  PRIMARY KEY (contract_id, payee_party_id, from_month, recorded_at),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id)
);

GRANT SELECT, INSERT ON performance.panel_span, performance.panel_premium,
  performance.panel_factor TO sluice_app;
GRANT SELECT ON performance.panel_span, performance.panel_premium, performance.panel_factor
  TO sluice_verify;

ALTER TABLE performance.panel_span ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.panel_span FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.panel_span
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.panel_premium ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.panel_premium FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.panel_premium
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.panel_factor ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.panel_factor FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.panel_factor
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));
