-- What people decided about a list by hand, and the people whom a run attributed to nobody.

-- An entry put in or taken out of a list by hand. Like an accepted dispute, it holds for its days
-- in every later version, until a later decision says otherwise.
CREATE TABLE performance.attribution_override (
  contract_id bigint NOT NULL,
  period_from date NOT NULL,
  version integer NOT NULL,  -- that it was made in
  batch_id bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  actor text NOT NULL CHECK (actor <> ''),
  removes boolean NOT NULL,
  member_id bigint NOT NULL,
  plan text NOT NULL,
  valid_from date NOT NULL,
  valid_to date NOT NULL,
  provider_id bigint NULL,
  practice_id bigint NULL,
  location_id bigint NULL,
  basis text NOT NULL,
  PRIMARY KEY (contract_id, period_from, batch_id),
  FOREIGN KEY (contract_id, period_from, version)
    REFERENCES performance.attribution_list (contract_id, period_from, version),
  CONSTRAINT attribution_override_range CHECK (valid_to > valid_from)
);

-- A member's covered months that a run gave to nobody, and why. The rows go in while the members
-- are streamed, before the list: those of a batch that no list names are of a run given up.
CREATE TABLE performance.attribution_unattributed_member (
  contract_id bigint NOT NULL,
  period_from date NOT NULL,
  batch_id bigint NOT NULL,
  member_id bigint NOT NULL,
  month_from date NOT NULL,
  month_to date NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  detail text NOT NULL,
  PRIMARY KEY (contract_id, period_from, batch_id, member_id, month_from),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id),
  CONSTRAINT attribution_unattributed_member_range CHECK (month_to > month_from)
);

-- The run a version was made by; NULL for versions made before the runs kept their rows.
ALTER TABLE performance.attribution_list ADD COLUMN batch_id bigint NULL;

GRANT SELECT, INSERT ON performance.attribution_override,
  performance.attribution_unattributed_member TO sluice_app;
GRANT SELECT ON performance.attribution_override, performance.attribution_unattributed_member
  TO sluice_verify;

ALTER TABLE performance.attribution_override ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.attribution_override FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.attribution_override
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.attribution_unattributed_member ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.attribution_unattributed_member FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.attribution_unattributed_member
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));
