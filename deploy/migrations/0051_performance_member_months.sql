-- What capitation runs posted. A run of a contract and month posts once; a later run of the month
-- posts what changed since. Append-only: a difference is a new line that refers to the member and
-- month of the old one.
CREATE TABLE performance.member_month_run (
  contract_id bigint NOT NULL,
  run_number integer NOT NULL CHECK (run_number > 0),  -- of the contract, without gaps
  run_month date NOT NULL CHECK (extract(day FROM run_month) = 1),
  business_date date NOT NULL,
  known_at timestamptz NOT NULL,  -- facts recorded later were not seen
  terms_sha256 bytea NOT NULL CHECK (octet_length(terms_sha256) = 32),
  lines bigint NOT NULL CHECK (lines >= 0),
  members bigint NOT NULL CHECK (members >= 0),
  total_cents bigint NOT NULL,
  lines_sha256 bytea NOT NULL CHECK (octet_length(lines_sha256) = 32),
  PRIMARY KEY (contract_id, run_number),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id)
);

-- The lines of a run in the order of their members, packed: some ten bytes a line instead of a
-- hundred, because a run of ten million members must not write longer than it reads. `content` is
-- read with performance/capitation/line_codec.h and hashes to sha256.
CREATE TABLE performance.member_month_line (
  contract_id bigint NOT NULL,
  run_number integer NOT NULL,
  block integer NOT NULL CHECK (block >= 0),
  first_member_id bigint NOT NULL,
  last_member_id bigint NOT NULL,
  lines integer NOT NULL CHECK (lines > 0),
  delta_cents bigint NOT NULL,  -- the sum of the block
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  content bytea NOT NULL,
  PRIMARY KEY (contract_id, run_number, block),
  FOREIGN KEY (contract_id, run_number)
    REFERENCES performance.member_month_run (contract_id, run_number),
  CONSTRAINT member_month_line_order CHECK (first_member_id <= last_member_id)
);
ALTER TABLE performance.member_month_line ALTER COLUMN content SET STORAGE EXTERNAL;

GRANT SELECT, INSERT ON performance.member_month_run, performance.member_month_line
  TO sluice_app;
GRANT SELECT ON performance.member_month_run, performance.member_month_line TO sluice_verify;

ALTER TABLE performance.member_month_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.member_month_run FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.member_month_run
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.member_month_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.member_month_line FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.member_month_line
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));
