-- Activities that pay: what was submitted, and what each run of a period made of it. Append-only:
-- a correction or a void is a version of the event recorded later.
CREATE TABLE performance.activity_event (
  contract_id bigint NOT NULL,
  event_id bigint NOT NULL CHECK (event_id > 0),
  recorded_at timestamptz NOT NULL,
  batch_id bigint NOT NULL,
  member_id bigint NOT NULL CHECK (member_id > 0),
  provider_id bigint NOT NULL,
  practice_id bigint NOT NULL,
  kind smallint NOT NULL CHECK (kind BETWEEN 0 AND 4),
  code text NOT NULL CHECK (code <> ''),
  service_date date NOT NULL,
  received_on date NOT NULL,
  channel text NOT NULL,
  evidence text NOT NULL,
  evidence_status smallint NOT NULL CHECK (evidence_status BETWEEN 0 AND 2),
  voided boolean NOT NULL,
  source text NOT NULL CHECK (source <> ''),
  PRIMARY KEY (contract_id, event_id, recorded_at),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id)
);
CREATE INDEX activity_event_by_service
  ON performance.activity_event (contract_id, service_date, recorded_at);

-- One run for each change of what a period's events came to. An award names its run by the hash of
-- the lines, which is among its facts.
CREATE TABLE performance.activity_run (
  contract_id bigint NOT NULL,
  run_id bigint NOT NULL,
  period_from date NOT NULL,
  period_to date NOT NULL,
  known_at timestamptz NOT NULL,
  calculated_at timestamptz NOT NULL,
  terms_version integer NOT NULL,
  lines_sha256 bytea NOT NULL CHECK (octet_length(lines_sha256) = 32),
  submitted bigint NOT NULL CHECK (submitted >= 0),
  counted bigint NOT NULL CHECK (counted BETWEEN 0 AND submitted),
  points text NOT NULL,
  amount text NOT NULL,
  over_limit text NOT NULL,
  PRIMARY KEY (contract_id, run_id),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id),
  CONSTRAINT activity_run_period CHECK (period_from < period_to)
);
CREATE INDEX activity_run_of_period
  ON performance.activity_run (contract_id, period_from, period_to, run_id);

CREATE TABLE performance.activity_line (
  contract_id bigint NOT NULL,
  run_id bigint NOT NULL,
  position integer NOT NULL CHECK (position >= 0),
  event_id bigint NOT NULL,
  event_recorded_at timestamptz NOT NULL,
  measure text NOT NULL,
  points text NOT NULL,
  priced text NOT NULL,
  earned text NOT NULL,
  reason text NULL,
  cut_by_cap boolean NOT NULL,
  detail text NOT NULL,
  PRIMARY KEY (contract_id, run_id, position),
  FOREIGN KEY (contract_id, run_id)
    REFERENCES performance.activity_run (contract_id, run_id),
  FOREIGN KEY (contract_id, event_id, event_recorded_at)
    REFERENCES performance.activity_event (contract_id, event_id, recorded_at),
  CONSTRAINT activity_zero_has_reason CHECK ((earned = '0') = (reason IS NOT NULL))
);

GRANT SELECT, INSERT ON performance.activity_event, performance.activity_run,
  performance.activity_line TO sluice_app;
GRANT SELECT ON performance.activity_event, performance.activity_run,
  performance.activity_line TO sluice_verify;

ALTER TABLE performance.activity_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.activity_event FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.activity_event
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.activity_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.activity_run FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.activity_run
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.activity_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.activity_line FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.activity_line
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));
