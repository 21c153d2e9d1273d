-- Episodes of care: the table that providers and payer work from, its statuses, what was posted for
-- each, and the runs of the engine that price them. Append-only.

-- The types that a payer works with. The row recorded last for a code is what holds.
CREATE TABLE performance.episode_type (
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  code text NOT NULL CHECK (code ~ '^[A-Za-z0-9_-]{1,20}$'),
  recorded_at timestamptz NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  active boolean NOT NULL,
  PRIMARY KEY (payer_id, code, recorded_at)
);

CREATE TABLE performance.episode (
  contract_id bigint NOT NULL,
  episode_id bigint NOT NULL CHECK (episode_id > 0),
  episode_type text NOT NULL CHECK (episode_type <> ''),
  opened_on date NOT NULL,
  patient_name text NOT NULL CHECK (patient_name <> ''),
  patient_number text NOT NULL CHECK (patient_number <> ''),  -- the provider's own
  member_id bigint NOT NULL CHECK (member_id > 0),
  member_number text NOT NULL CHECK (member_number <> ''),  -- the payer's own
  anchor_claim text NOT NULL,  -- empty until it is known
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (contract_id, episode_id),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id)
);
CREATE INDEX episode_by_day ON performance.episode (contract_id, opened_on, episode_id);

-- Accepted, services rendered, disposal, payment, completed: 1 to 5. A status needs the row of the
-- one before it, so none is left out and none is taken back.
CREATE TABLE performance.episode_status (
  contract_id bigint NOT NULL,
  episode_id bigint NOT NULL,
  status smallint NOT NULL CHECK (status BETWEEN 1 AND 5),
  previous_status smallint NULL,
  changed_at timestamptz NOT NULL,
  changed_by bigint NOT NULL CHECK (changed_by > 0),
  PRIMARY KEY (contract_id, episode_id, status),
  FOREIGN KEY (contract_id, episode_id) REFERENCES performance.episode (contract_id, episode_id),
  CONSTRAINT episode_status_order
    CHECK (previous_status IS NOT DISTINCT FROM NULLIF(status - 1, 0)),
  CONSTRAINT episode_status_follows FOREIGN KEY (contract_id, episode_id, previous_status)
    REFERENCES performance.episode_status (contract_id, episode_id, status)
);

-- What a participant was due of an episode's budget in each round, and the difference posted then.
CREATE TABLE performance.episode_posting (
  contract_id bigint NOT NULL,
  episode_id bigint NOT NULL,
  round integer NOT NULL CHECK (round > 0),
  party_id bigint NOT NULL,
  due_cents bigint NOT NULL,
  difference_cents bigint NOT NULL,
  posted_at timestamptz NOT NULL,
  posted_by bigint NOT NULL CHECK (posted_by > 0),
  PRIMARY KEY (contract_id, episode_id, round, party_id),
  FOREIGN KEY (contract_id, episode_id) REFERENCES performance.episode (contract_id, episode_id)
);

-- One run for each change of what a period's episodes came to. An award names its run by the hash
-- of the lines, which is among its facts.
CREATE TABLE performance.episode_run (
  contract_id bigint NOT NULL,
  run_id bigint NOT NULL,
  period_from date NOT NULL,
  period_to date NOT NULL,
  calculated_at timestamptz NOT NULL,
  lines_sha256 bytea NOT NULL CHECK (octet_length(lines_sha256) = 32),
  PRIMARY KEY (contract_id, run_id),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id),
  CONSTRAINT episode_run_period CHECK (period_from < period_to)
);

CREATE TABLE performance.episode_line (
  contract_id bigint NOT NULL,
  run_id bigint NOT NULL,
  position integer NOT NULL CHECK (position >= 0),
  member_id bigint NOT NULL,
  episode_type text NOT NULL,
  cell text NOT NULL,
  anchor_claim text NOT NULL,
  anchor_npi text NOT NULL,
  anchor_from date NOT NULL,
  anchor_to date NOT NULL,
  window_from date NOT NULL,
  window_to date NOT NULL,
  spending text NOT NULL,
  excluded text NOT NULL,
  actual text NOT NULL,
  winsorized text NOT NULL,
  target text NOT NULL,
  result text NOT NULL,
  post_spending text NOT NULL,
  counted boolean NOT NULL,
  overlapped boolean NOT NULL,
  reason text NULL,
  detail text NOT NULL,
  PRIMARY KEY (contract_id, run_id, position),
  FOREIGN KEY (contract_id, run_id) REFERENCES performance.episode_run (contract_id, run_id),
  CONSTRAINT episode_line_zero_has_reason CHECK ((result = '0') = (reason IS NOT NULL))
);
CREATE INDEX episode_line_of_claim
  ON performance.episode_line (contract_id, member_id, anchor_claim, run_id);

CREATE TABLE performance.episode_service (
  contract_id bigint NOT NULL,
  run_id bigint NOT NULL,
  position integer NOT NULL,
  service integer NOT NULL CHECK (service >= 0),
  claim_number text NOT NULL,
  line_number integer NOT NULL,
  service_from date NOT NULL,
  code text NOT NULL,
  amount text NOT NULL,
  counted boolean NOT NULL,
  PRIMARY KEY (contract_id, run_id, position, service),
  FOREIGN KEY (contract_id, run_id, position)
    REFERENCES performance.episode_line (contract_id, run_id, position)
);

GRANT SELECT, INSERT ON performance.episode_type, performance.episode, performance.episode_status,
  performance.episode_posting, performance.episode_run, performance.episode_line,
  performance.episode_service TO sluice_app;
GRANT SELECT ON performance.episode_type, performance.episode, performance.episode_status,
  performance.episode_posting, performance.episode_run, performance.episode_line,
  performance.episode_service TO sluice_verify;

ALTER TABLE performance.episode_type ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.episode_type FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.episode_type
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.episode ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.episode FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.episode
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.episode_status ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.episode_status FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.episode_status
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.episode_posting ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.episode_posting FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.episode_posting
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.episode_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.episode_run FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.episode_run
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.episode_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.episode_line FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.episode_line
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.episode_service ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.episode_service FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.episode_service
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));
