-- Attribution: methods, lists in versions, what the other side answered, audit findings, disputes.
-- Every key starts with contract_id, provider taxonomies excepted. All tables are append-only: a
-- correction is a newer row, and the newest row known at a time is what counts.

CREATE TABLE performance.provider_taxonomy (
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  npi text NOT NULL CHECK (npi ~ '^[12][0-9]{9}$'),
  taxonomy text NOT NULL CHECK (taxonomy <> ''),
  recorded_at timestamptz NOT NULL,
  batch_id bigint NOT NULL,
  withdrawn boolean NOT NULL,
  PRIMARY KEY (payer_id, npi, taxonomy, recorded_at, batch_id)
);

-- A version of a contract's method. On a day, the highest version recorded by then whose range
-- holds the day is in force. The rules for disputes travel with it.
CREATE TABLE performance.attribution_method (
  contract_id bigint NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  effective_from date NOT NULL,
  effective_to date NULL,
  content bytea NOT NULL,
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  filing_days integer NOT NULL CHECK (filing_days > 0),
  decision_days integer NOT NULL CHECK (decision_days > 0),
  silence_accepts boolean NOT NULL,
  recorded_at timestamptz NOT NULL,
  actor text NOT NULL CHECK (actor <> ''),
  PRIMARY KEY (contract_id, version),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id),
  CONSTRAINT attribution_method_range CHECK (effective_to > effective_from)
);

-- A version of the list of a contract and period: what it was made of.
CREATE TABLE performance.attribution_list (
  contract_id bigint NOT NULL,
  period_from date NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  period_to date NOT NULL,
  recorded_at timestamptz NOT NULL,
  known_at timestamptz NOT NULL,
  method_sha256 bytea NOT NULL CHECK (octet_length(method_sha256) = 32),
  hierarchy_as_of date NOT NULL,
  hierarchy_version bigint NOT NULL,
  PRIMARY KEY (contract_id, period_from, version),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id),
  CONSTRAINT attribution_list_period CHECK (period_to > period_from)
);

-- Each status that a version has had. One row per status: a version cannot be final twice.
CREATE TABLE performance.attribution_list_status (
  contract_id bigint NOT NULL,
  period_from date NOT NULL,
  version integer NOT NULL,
  status smallint NOT NULL CHECK (status IN (1, 2, 3)),  -- draft, open, final
  recorded_at timestamptz NOT NULL,
  actor text NOT NULL CHECK (actor <> ''),
  PRIMARY KEY (contract_id, period_from, version, status),
  FOREIGN KEY (contract_id, period_from, version)
    REFERENCES performance.attribution_list (contract_id, period_from, version)
);

-- An entry of a version. `gone` says that it left the version.
CREATE TABLE performance.attribution_entry (
  contract_id bigint NOT NULL,
  period_from date NOT NULL,
  version integer NOT NULL,
  member_id bigint NOT NULL,
  plan text NOT NULL,
  valid_from date NOT NULL,
  recorded_at timestamptz NOT NULL,
  batch_id bigint NOT NULL,
  valid_to date NOT NULL,
  provider_id bigint NULL,
  practice_id bigint NULL,
  location_id bigint NULL,
  change_type smallint NOT NULL CHECK (change_type BETWEEN 1 AND 5),
  inactive boolean NOT NULL,
  gone boolean NOT NULL,
  basis text NOT NULL,
  dispute_id bigint NULL,
  PRIMARY KEY (contract_id, period_from, version, member_id, plan, valid_from, recorded_at,
               batch_id),
  FOREIGN KEY (contract_id, period_from, version)
    REFERENCES performance.attribution_list (contract_id, period_from, version),
  CONSTRAINT attribution_entry_range CHECK (valid_to > valid_from)
);

-- The covered member-months that a version gave to nobody, by reason.
CREATE TABLE performance.attribution_unattributed (
  contract_id bigint NOT NULL,
  period_from date NOT NULL,
  version integer NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  members bigint NOT NULL CHECK (members > 0),
  member_months bigint NOT NULL CHECK (member_months >= members),
  PRIMARY KEY (contract_id, period_from, version, reason),
  FOREIGN KEY (contract_id, period_from, version)
    REFERENCES performance.attribution_list (contract_id, period_from, version)
);

-- What the other side answered to an entry of a version.
CREATE TABLE performance.attribution_response (
  contract_id bigint NOT NULL,
  period_from date NOT NULL,
  version integer NOT NULL,
  member_id bigint NOT NULL,
  plan text NOT NULL,
  valid_from date NOT NULL,
  recorded_at timestamptz NOT NULL,
  batch_id bigint NOT NULL,
  accepted boolean NOT NULL,
  reason text NOT NULL,
  actor text NOT NULL CHECK (actor <> ''),
  PRIMARY KEY (contract_id, period_from, version, member_id, plan, valid_from, recorded_at,
               batch_id),
  FOREIGN KEY (contract_id, period_from, version)
    REFERENCES performance.attribution_list (contract_id, period_from, version),
  CONSTRAINT attribution_response_reason CHECK (accepted OR reason <> '')
);

-- What a monthly audit of a version found. An audit run again is a newer batch.
CREATE TABLE performance.attribution_finding (
  contract_id bigint NOT NULL,
  period_from date NOT NULL,
  version integer NOT NULL,
  month date NOT NULL,
  batch_id bigint NOT NULL,
  position integer NOT NULL CHECK (position >= 0),
  recorded_at timestamptz NOT NULL,
  kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 10),
  member_id bigint NOT NULL,
  party_id bigint NULL,
  detail text NOT NULL,
  PRIMARY KEY (contract_id, period_from, version, month, batch_id, position),
  FOREIGN KEY (contract_id, period_from, version)
    REFERENCES performance.attribution_list (contract_id, period_from, version)
);

CREATE TABLE performance.dispute (
  contract_id bigint NOT NULL,
  dispute_id bigint NOT NULL,
  period_from date NOT NULL,
  period_to date NOT NULL,
  against_version integer NOT NULL,
  window_from timestamptz NOT NULL,
  operation smallint NOT NULL CHECK (operation IN (1, 2, 3)),  -- add, remove, change
  member_id bigint NOT NULL,
  plan text NOT NULL,
  valid_from date NOT NULL,
  valid_to date NOT NULL,
  provider_id bigint NULL,
  practice_id bigint NULL,
  location_id bigint NULL,
  reason_code text NOT NULL CHECK (reason_code <> ''),
  filer text NOT NULL CHECK (filer <> ''),
  bulk_id bigint NULL,
  refiled_from bigint NULL,
  provisional_effect_cents bigint NULL,
  filing_days integer NOT NULL CHECK (filing_days > 0),
  decision_days integer NOT NULL CHECK (decision_days > 0),
  silence_accepts boolean NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (contract_id, dispute_id),
  UNIQUE (contract_id, refiled_from),  -- filed again at most once
  FOREIGN KEY (contract_id, period_from, against_version)
    REFERENCES performance.attribution_list (contract_id, period_from, version),
  FOREIGN KEY (contract_id, refiled_from) REFERENCES performance.dispute (contract_id, dispute_id)
);
CREATE INDEX dispute_of_list ON performance.dispute (contract_id, period_from);

-- Every step of a dispute. The key lets one of two simultaneous steps win.
CREATE TABLE performance.dispute_event (
  contract_id bigint NOT NULL,
  dispute_id bigint NOT NULL,
  sequence integer NOT NULL CHECK (sequence > 0),
  event smallint NOT NULL CHECK (event BETWEEN 1 AND 9),
  state smallint NOT NULL CHECK (state BETWEEN 1 AND 9),  -- after the step
  at timestamptz NOT NULL,
  actor text NOT NULL CHECK (actor <> ''),
  reason text NOT NULL,
  rule text NOT NULL,
  owner text NOT NULL,
  due date NULL,
  list_version integer NOT NULL,
  PRIMARY KEY (contract_id, dispute_id, sequence),
  FOREIGN KEY (contract_id, dispute_id) REFERENCES performance.dispute (contract_id, dispute_id)
);

-- Evidence by reference and hash; sequence 0 came with the draft.
CREATE TABLE performance.dispute_evidence (
  contract_id bigint NOT NULL,
  dispute_id bigint NOT NULL,
  sequence integer NOT NULL CHECK (sequence >= 0),
  position integer NOT NULL CHECK (position >= 0),
  kind text NOT NULL CHECK (kind <> ''),
  reference text NOT NULL CHECK (reference <> ''),
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  PRIMARY KEY (contract_id, dispute_id, sequence, position),
  FOREIGN KEY (contract_id, dispute_id) REFERENCES performance.dispute (contract_id, dispute_id)
);

-- Which award version a dispute led to, asked from either side.
CREATE TABLE performance.dispute_award (
  contract_id bigint NOT NULL,
  dispute_id bigint NOT NULL,
  award_id bigint NOT NULL,
  award_version integer NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (contract_id, dispute_id, award_id, award_version),
  FOREIGN KEY (contract_id, dispute_id) REFERENCES performance.dispute (contract_id, dispute_id),
  FOREIGN KEY (contract_id, award_id, award_version)
    REFERENCES performance.award (contract_id, award_id, version)
);
CREATE INDEX dispute_award_of_award
  ON performance.dispute_award (contract_id, award_id, award_version);

GRANT SELECT, INSERT ON performance.provider_taxonomy, performance.attribution_method,
  performance.attribution_list, performance.attribution_list_status, performance.attribution_entry,
  performance.attribution_unattributed, performance.attribution_response,
  performance.attribution_finding, performance.dispute, performance.dispute_event,
  performance.dispute_evidence, performance.dispute_award TO sluice_app;
GRANT SELECT ON performance.provider_taxonomy, performance.attribution_method,
  performance.attribution_list, performance.attribution_list_status, performance.attribution_entry,
  performance.attribution_unattributed, performance.attribution_response,
  performance.attribution_finding, performance.dispute, performance.dispute_event,
  performance.dispute_evidence, performance.dispute_award TO sluice_verify;

ALTER TABLE performance.provider_taxonomy ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.provider_taxonomy FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.provider_taxonomy
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.attribution_method ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.attribution_method FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.attribution_method
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.attribution_list ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.attribution_list FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.attribution_list
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.attribution_list_status ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.attribution_list_status FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.attribution_list_status
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.attribution_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.attribution_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.attribution_entry
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.attribution_unattributed ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.attribution_unattributed FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.attribution_unattributed
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.attribution_response ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.attribution_response FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.attribution_response
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.attribution_finding ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.attribution_finding FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.attribution_finding
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.dispute ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.dispute FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.dispute
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.dispute_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.dispute_event FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.dispute_event
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.dispute_evidence ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.dispute_evidence FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.dispute_evidence
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.dispute_award ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.dispute_award FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.dispute_award
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));
