-- What outlives one settlement of shared savings: deficits, and recalibrations of risk models.
-- All append-only: a correction is a row added.

-- An entity that carries on the deficits of another: a new TIN, a merger. Without such a row a
-- deficit stays with the entity that made it.
CREATE TABLE performance.deficit_link (
  payer_id bigint NOT NULL,
  link_id bigint NOT NULL,
  program_id bigint NOT NULL,
  from_party_id bigint NOT NULL,
  to_party_id bigint NOT NULL,
  effective_on date NOT NULL,
  evidence text NOT NULL CHECK (evidence <> ''),
  recorded_by text NOT NULL CHECK (recorded_by <> ''),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, link_id),
  UNIQUE (payer_id, program_id, from_party_id),
  CONSTRAINT deficit_link_moves CHECK (from_party_id <> to_party_id)
);

-- The account of one entity in one program. A lot is the deficit of one year; its entries sum to
-- what is outstanding of it. Positive is owed by the entity.
CREATE TABLE performance.deficit_entry (
  payer_id bigint NOT NULL,
  program_id bigint NOT NULL,
  party_id bigint NOT NULL,
  entry_no integer NOT NULL CHECK (entry_no >= 1),
  lot_id bigint NOT NULL,
  -- 0 opened, 1 recovered, 2 interest, 3 expired, 4 moved out, 5 moved in
  kind smallint NOT NULL CHECK (kind BETWEEN 0 AND 5),
  amount_cents bigint NOT NULL CHECK (amount_cents <> 0),
  effective_on date NOT NULL,
  opened_on date NOT NULL,
  expires_on date NULL,
  contract_id bigint NULL,
  award_id bigint NULL,
  award_version integer NULL,
  link_id bigint NULL,
  memo text NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, program_id, party_id, entry_no),
  FOREIGN KEY (payer_id, link_id) REFERENCES performance.deficit_link (payer_id, link_id),
  CONSTRAINT deficit_entry_of_award CHECK (
    (award_id IS NULL) = (award_version IS NULL) AND (award_id IS NULL) = (contract_id IS NULL)),
  CONSTRAINT deficit_entry_of_link CHECK ((kind IN (4, 5)) = (link_id IS NOT NULL)),
  CONSTRAINT deficit_entry_expiry CHECK (expires_on IS NULL OR expires_on > opened_on)
);

ALTER TABLE performance.deficit_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.deficit_link FORCE ROW LEVEL SECURITY;
CREATE POLICY deficit_link_tenant ON performance.deficit_link
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE performance.deficit_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.deficit_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY deficit_entry_tenant ON performance.deficit_entry
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

-- A new version of a risk model, the scores it restates for one contract and period, and what that
-- does to the award. Both parties acknowledge the statement before the scores count.
CREATE TABLE performance.risk_recalibration (
  contract_id bigint NOT NULL,
  recalibration_id bigint NOT NULL,
  period_from date NOT NULL,
  period_to date NOT NULL,
  model_before text NOT NULL CHECK (model_before <> ''),
  model_after text NOT NULL CHECK (model_after <> ''),
  model_before_sha256 bytea NOT NULL CHECK (octet_length(model_before_sha256) = 32),
  model_after_sha256 bytea NOT NULL CHECK (octet_length(model_after_sha256) = 32),
  restated_facts text NOT NULL,
  statement text NOT NULL CHECK (statement <> ''),
  statement_sha256 bytea NOT NULL CHECK (octet_length(statement_sha256) = 32),
  known_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (contract_id, recalibration_id),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id),
  CONSTRAINT risk_recalibration_period CHECK (period_to > period_from),
  CONSTRAINT risk_recalibration_changes CHECK (model_before_sha256 <> model_after_sha256)
);

CREATE TABLE performance.risk_acknowledgment (
  contract_id bigint NOT NULL,
  recalibration_id bigint NOT NULL,
  side smallint NOT NULL CHECK (side IN (0, 1)),  -- 0 payer, 1 provider
  actor text NOT NULL CHECK (actor <> ''),
  statement_sha256 bytea NOT NULL CHECK (octet_length(statement_sha256) = 32),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (contract_id, recalibration_id, side),
  FOREIGN KEY (contract_id, recalibration_id)
    REFERENCES performance.risk_recalibration (contract_id, recalibration_id)
);

-- The restated scores were recorded as facts.
CREATE TABLE performance.risk_application (
  contract_id bigint NOT NULL,
  recalibration_id bigint NOT NULL,
  facts integer NOT NULL CHECK (facts >= 1),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (contract_id, recalibration_id),
  FOREIGN KEY (contract_id, recalibration_id)
    REFERENCES performance.risk_recalibration (contract_id, recalibration_id)
);

ALTER TABLE performance.risk_recalibration ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.risk_recalibration FORCE ROW LEVEL SECURITY;
CREATE POLICY risk_recalibration_tenant ON performance.risk_recalibration
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));
ALTER TABLE performance.risk_acknowledgment ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.risk_acknowledgment FORCE ROW LEVEL SECURITY;
CREATE POLICY risk_acknowledgment_tenant ON performance.risk_acknowledgment
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));
ALTER TABLE performance.risk_application ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.risk_application FORCE ROW LEVEL SECURITY;
CREATE POLICY risk_application_tenant ON performance.risk_application
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

GRANT SELECT, INSERT ON performance.deficit_link, performance.deficit_entry,
  performance.risk_recalibration, performance.risk_acknowledgment, performance.risk_application
  TO sluice_app;
GRANT SELECT ON performance.deficit_link, performance.deficit_entry,
  performance.risk_recalibration, performance.risk_acknowledgment, performance.risk_application
  TO sluice_verify;
