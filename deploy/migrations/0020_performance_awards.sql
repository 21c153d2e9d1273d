-- Terms, facts, awards and their shares. Every key starts with contract_id. All tables are
-- append-only: a correction is a newer row, and the newest row known at a time is what counts.

-- A version of a contract's terms. The bytes are the canonical form and hash to sha256. On a day,
-- the highest version recorded by then whose range holds the day is in force, unless it withdraws.
CREATE TABLE performance.terms (
  contract_id bigint NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  state smallint NOT NULL CHECK (state IN (1, 2)),  -- 1 in force, 2 withdrawn
  effective_from date NOT NULL,
  effective_to date NULL,
  title text NOT NULL,
  content bytea NOT NULL,
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (contract_id, version),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id),
  CONSTRAINT terms_range CHECK (effective_to IS NULL OR effective_to > effective_from)
);

-- A fact about the contract (party_id = under_id = 0) or about one of its participants, for one
-- period. under_id names the parent when the fact holds only there. Of the rows of one fact, the
-- one recorded last counts; batch_id orders rows recorded at one instant. A retracted fact is
-- missing.
CREATE TABLE performance.fact (
  contract_id bigint NOT NULL,
  period_from date NOT NULL,
  period_to date NOT NULL,
  party_id bigint NOT NULL,
  under_id bigint NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  recorded_at timestamptz NOT NULL,
  batch_id bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('amount', 'ratio', 'count', 'flag', 'date', 'text', 'measure',
                                     'retracted')),
  value text NOT NULL,
  source text NOT NULL,
  PRIMARY KEY (contract_id, period_from, period_to, party_id, under_id, name, recorded_at,
               batch_id),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id),
  CONSTRAINT fact_period CHECK (period_to > period_from),
  CONSTRAINT fact_under_needs_party CHECK (under_id = 0 OR party_id <> 0)
);

-- A version of what a contract earned in a period. delta_cents is payable_cents less the payable of
-- the last computed version before it; a blocked version moves nothing.
CREATE TABLE performance.award (
  contract_id bigint NOT NULL,
  award_id bigint NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  program_id bigint NOT NULL,
  party_id bigint NOT NULL,
  period_from date NOT NULL,
  period_to date NOT NULL,
  pay_date date NOT NULL,
  stream text NOT NULL CHECK (stream <> ''),
  status smallint NOT NULL CHECK (status IN (0, 1)),  -- 0 computed, 1 blocked
  amount_cents bigint NOT NULL,
  recouped_cents bigint NOT NULL,
  balance_left_cents bigint NULL,
  withheld_cents bigint NOT NULL,
  released_cents bigint NOT NULL,
  forfeited_cents bigint NOT NULL,
  payable_cents bigint NOT NULL,
  delta_cents bigint NOT NULL,
  zero_reason text NULL,
  zero_detail text NOT NULL,
  payable_zero_reason text NULL,
  blocked_reason text NULL,
  missing text NOT NULL,
  notes text NOT NULL,  -- names, separated by commas
  explanation text NOT NULL,
  terms_version integer NULL,
  terms_sha256 bytea NOT NULL CHECK (octet_length(terms_sha256) = 32),
  facts_sha256 bytea NOT NULL CHECK (octet_length(facts_sha256) = 32),
  hierarchy_sha256 bytea NOT NULL CHECK (octet_length(hierarchy_sha256) = 32),
  input_sha256 bytea NOT NULL CHECK (octet_length(input_sha256) = 32),
  hierarchy_as_of date NOT NULL,
  hierarchy_version bigint NOT NULL,
  known_at timestamptz NOT NULL,
  calculated_at timestamptz NOT NULL,
  PRIMARY KEY (contract_id, award_id, version),
  UNIQUE (contract_id, period_from, period_to, version),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id),
  FOREIGN KEY (program_id) REFERENCES performance.program (program_id),
  CONSTRAINT award_period CHECK (period_to > period_from),
  CONSTRAINT award_payable CHECK (payable_cents = amount_cents - recouped_cents - withheld_cents),
  CONSTRAINT award_zero_has_reason CHECK (
    status = 1 OR (amount_cents = 0) = (zero_reason IS NOT NULL)),
  CONSTRAINT award_payable_zero_has_reason CHECK (
    status = 1 OR payable_cents <> 0 OR amount_cents = 0 OR payable_zero_reason IS NOT NULL),
  CONSTRAINT award_blocked_is_empty CHECK (
    (status = 1) = (blocked_reason IS NOT NULL)
    AND (status = 0 OR (amount_cents = 0 AND payable_cents = 0 AND delta_cents = 0)))
);
CREATE INDEX award_of_program
  ON performance.award (contract_id, program_id, period_from, period_to, version);

-- How an award goes down the hierarchy: one line per node, from position 0, the contract's party.
CREATE TABLE performance.award_split (
  contract_id bigint NOT NULL,
  award_id bigint NOT NULL,
  version integer NOT NULL,
  position integer NOT NULL CHECK (position >= 0),
  parent_position integer NOT NULL,
  kind smallint NOT NULL CHECK (kind BETWEEN 0 AND 3),  -- party, role pool, fixed first, payer
  node_id bigint NOT NULL,
  party_id bigint NOT NULL,  -- 0 for a role pool and for the payer
  label text NOT NULL,
  path text NOT NULL,
  weight text NOT NULL,
  exact text NOT NULL,
  received_cents bigint NOT NULL,
  handed_up_cents bigint NOT NULL,
  amount_cents bigint NOT NULL,
  zero_reason text NULL,
  notes text NOT NULL,
  detail text NOT NULL,
  PRIMARY KEY (contract_id, award_id, version, position),
  FOREIGN KEY (contract_id, award_id, version)
    REFERENCES performance.award (contract_id, award_id, version),
  CONSTRAINT split_parent CHECK (parent_position >= -1 AND parent_position < position),
  CONSTRAINT split_zero_has_reason CHECK ((amount_cents = 0) = (zero_reason IS NOT NULL)),
  CONSTRAINT split_only_pools_hand_up CHECK (handed_up_cents = 0 OR kind = 1)
);

-- The replay package of each version of an award.
CREATE TABLE performance.calculation_package (
  contract_id bigint NOT NULL,
  award_id bigint NOT NULL,
  version integer NOT NULL,
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  content text NOT NULL,
  PRIMARY KEY (contract_id, award_id, version),
  FOREIGN KEY (contract_id, award_id, version)
    REFERENCES performance.award (contract_id, award_id, version)
);

GRANT SELECT, INSERT ON performance.terms, performance.fact, performance.award,
  performance.award_split, performance.calculation_package TO sluice_app;
GRANT SELECT ON performance.terms, performance.fact, performance.award, performance.award_split,
  performance.calculation_package TO sluice_verify;

ALTER TABLE performance.terms ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.terms FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.terms
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.fact ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.fact FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.fact
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.award ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.award FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.award
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.award_split ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.award_split FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.award_split
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.calculation_package ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.calculation_package FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.calculation_package
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));
