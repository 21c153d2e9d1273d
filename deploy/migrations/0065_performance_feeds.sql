-- Feeds of a payer, what was delivered, the rows that were refused; the data behind each
-- calculation, the gates on it, and who let a failing gate pass.
--
-- Append-only: a feed and a gate change by a version, a delivery by a delivery that supersedes it.

CREATE TABLE performance.feed (
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  name text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]{0,39}$'),
  version integer NOT NULL CHECK (version > 0),
  kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 8),
  owner text NOT NULL CHECK (owner <> ''),
  mapping text NOT NULL CHECK (mapping <> ''),  -- the file of the mapping, as it was
  starts_on date NOT NULL,                      -- the first delivery is expected from here
  interval_days integer NOT NULL CHECK (interval_days > 0),
  grace_days integer NOT NULL CHECK (grace_days BETWEEN 0 AND interval_days),
  least_rows bigint NOT NULL CHECK (least_rows >= 0),
  most_rows bigint NULL CHECK (most_rows >= least_rows),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, name, version)
);

-- A file that came. Of one feed and period, the accepted delivery of the highest version counts.
-- Refused ones changed nothing but are remembered.
CREATE TABLE performance.feed_delivery (
  payer_id bigint NOT NULL,
  delivery_id bigint NOT NULL,
  feed text NOT NULL,
  feed_version integer NOT NULL,
  file_name text NOT NULL,
  sha256 bytea NULL CHECK (octet_length(sha256) = 32),  -- none where the file could not be read
  bytes bigint NOT NULL CHECK (bytes >= 0),
  period_from date NOT NULL,
  period_to date NOT NULL,
  version integer NOT NULL CHECK (version >= 0),  -- 0: refused
  refused_code text NULL,
  refused_reason text NULL,
  rows_in bigint NOT NULL CHECK (rows_in >= 0),
  rows_read bigint NOT NULL CHECK (rows_read >= 0),
  rows_rejected bigint NOT NULL CHECK (rows_rejected >= 0),
  warnings bigint NOT NULL CHECK (warnings >= 0),
  rows_recorded bigint NOT NULL CHECK (rows_recorded >= 0),  -- new to us
  columns text NOT NULL,  -- of the header, sorted, separated by tabs
  received_on date NOT NULL,
  received_at timestamptz NOT NULL,
  batch_id bigint NOT NULL,
  PRIMARY KEY (payer_id, delivery_id),
  FOREIGN KEY (payer_id, feed, feed_version)
    REFERENCES performance.feed (payer_id, name, version),
  CONSTRAINT feed_delivery_period CHECK (period_to > period_from),
  CONSTRAINT feed_delivery_adds_up CHECK (rows_in = rows_read + rows_rejected),
  CONSTRAINT feed_delivery_refused CHECK
    ((version = 0) = (refused_code IS NOT NULL) AND (version = 0) = (refused_reason IS NOT NULL)),
  CONSTRAINT feed_delivery_hashed CHECK (version = 0 OR sha256 IS NOT NULL)
);
CREATE UNIQUE INDEX feed_delivery_version
  ON performance.feed_delivery (payer_id, feed, period_from, period_to, version)
  WHERE version > 0;
CREATE INDEX feed_delivery_content ON performance.feed_delivery (payer_id, feed, sha256);

CREATE TABLE performance.feed_quarantine (
  payer_id bigint NOT NULL,
  delivery_id bigint NOT NULL,
  position bigint NOT NULL CHECK (position >= 0),
  row_number bigint NOT NULL,
  line_number bigint NOT NULL,
  column_name text NOT NULL,
  code text NOT NULL CHECK (code <> ''),
  reason text NOT NULL,
  raw text NULL,  -- the row, of feeds that name no member
  PRIMARY KEY (payer_id, delivery_id, position),
  FOREIGN KEY (payer_id, delivery_id)
    REFERENCES performance.feed_delivery (payer_id, delivery_id)
);

-- A demand on a feed that a program's money waits for.
CREATE TABLE performance.data_gate (
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  program_id bigint NOT NULL,
  name text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]{0,39}$'),
  recorded_at timestamptz NOT NULL,
  feed text NOT NULL,
  kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 5),
  ratio_limit text NOT NULL,
  count_limit bigint NOT NULL,
  removed boolean NOT NULL,
  PRIMARY KEY (payer_id, program_id, name, recorded_at)
);

-- What a gate said of a period at one calculation.
CREATE TABLE performance.gate_check (
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  program_id bigint NOT NULL,
  check_id bigint NOT NULL,
  period_from date NOT NULL,
  period_to date NOT NULL,
  gate text NOT NULL,
  feed text NOT NULL,
  passed boolean NOT NULL,
  detail text NOT NULL CHECK (detail <> ''),
  checked_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, program_id, check_id),
  CONSTRAINT gate_check_period CHECK (period_to > period_from)
);
CREATE INDEX gate_check_of_period
  ON performance.gate_check (payer_id, program_id, period_from, period_to, checked_at);

-- A person let one failing check pass.
CREATE TABLE performance.gate_override (
  payer_id bigint NOT NULL,
  program_id bigint NOT NULL,
  check_id bigint NOT NULL,
  user_id bigint NOT NULL CHECK (user_id > 0),
  reason text NOT NULL CHECK (length(reason) >= 10),
  overridden_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, program_id, check_id),
  FOREIGN KEY (payer_id, program_id, check_id)
    REFERENCES performance.gate_check (payer_id, program_id, check_id)
);

-- The deliveries behind a version of an award.
CREATE TABLE performance.calculation_input (
  contract_id bigint NOT NULL,
  award_id bigint NOT NULL,
  award_version integer NOT NULL,
  feed text NOT NULL,
  delivery_id bigint NOT NULL,
  delivery_version integer NOT NULL CHECK (delivery_version > 0),
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (contract_id, award_id, award_version, feed, delivery_id),
  FOREIGN KEY (contract_id, award_id, award_version)
    REFERENCES performance.award (contract_id, award_id, version)
);

-- What a delivery recorded, for the delivery that supersedes it.
CREATE INDEX fact_of_batch ON performance.fact (batch_id, contract_id);
CREATE INDEX activity_event_of_batch ON performance.activity_event (batch_id, contract_id);

GRANT SELECT, INSERT ON performance.feed, performance.feed_delivery, performance.feed_quarantine,
  performance.data_gate, performance.gate_check, performance.gate_override,
  performance.calculation_input TO sluice_app;
GRANT SELECT ON performance.feed, performance.feed_delivery, performance.feed_quarantine,
  performance.data_gate, performance.gate_check, performance.gate_override,
  performance.calculation_input TO sluice_verify;

ALTER TABLE performance.feed ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.feed FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.feed
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.feed_delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.feed_delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.feed_delivery
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.feed_quarantine ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.feed_quarantine FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.feed_quarantine
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.data_gate ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.data_gate FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.data_gate
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.gate_check ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.gate_check FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.gate_check
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.gate_override ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.gate_override FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.gate_override
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.calculation_input ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.calculation_input FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.calculation_input
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));
