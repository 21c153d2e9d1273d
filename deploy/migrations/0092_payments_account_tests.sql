-- Prenotes and micro-deposits: entries that try a bank account, the files they leave in, and what
-- came of them. By payer, like the accounts. Source: FORMATS 4, LEDGER_RELIABILITY_SECURITY 8.3.

-- A file of tests. state: 0 being built, 1 ready, 2 being delivered, 3 delivered, 4 outcome unknown.
CREATE TABLE payments.account_test_file (
  payer_id bigint NOT NULL,
  file_id bigint NOT NULL,
  book_id bigint NOT NULL REFERENCES payments.book (book_id),
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  modifier smallint NOT NULL CHECK (modifier BETWEEN 0 AND 35),
  first_trace bigint NOT NULL CHECK (first_trace >= 1),
  effective_date date NOT NULL,
  entry_count integer NOT NULL CHECK (entry_count >= 1),
  total_cents bigint NULL CHECK (total_cents >= 0),
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 4),
  sha256 bytea NULL CHECK (octet_length(sha256) = 32),
  key_id bigint NULL,
  nonce bytea NULL,
  ciphertext bytea NULL,
  tag bytea NULL,
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, file_id),
  UNIQUE (payer_id, name),
  CHECK (state = 0 OR (sha256 IS NOT NULL AND ciphertext IS NOT NULL AND total_cents IS NOT NULL))
);

-- kind: 1 prenote, 2 micro-deposits. state: 0 waits for a file, 1 in a file, 2 sent, 3 passed,
-- 4 failed. The amounts of micro-deposits are sealed; their index tells whether an answer is right.
CREATE TABLE payments.account_test (
  payer_id bigint NOT NULL,
  test_id bigint NOT NULL,
  account_id bigint NOT NULL,
  version integer NOT NULL,
  payee_id bigint NOT NULL REFERENCES payments.payee (payee_id),
  kind smallint NOT NULL CHECK (kind IN (1, 2)),
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 4),
  attempts smallint NOT NULL CHECK (attempts BETWEEN 0 AND 3),
  key_id bigint NULL,
  nonce bytea NULL,
  ciphertext bytea NULL,
  tag bytea NULL,
  amounts_index bytea NULL CHECK (octet_length(amounts_index) = 32),
  file_id bigint NULL,
  passes_on date NULL,
  result text NOT NULL,
  requested_by bigint NOT NULL,
  requested_at timestamptz NOT NULL,
  closed_at timestamptz NULL,
  PRIMARY KEY (payer_id, test_id),
  FOREIGN KEY (payer_id, account_id, version)
    REFERENCES payments.bank_account (payer_id, account_id, version),
  FOREIGN KEY (payer_id, file_id) REFERENCES payments.account_test_file (payer_id, file_id),
  CHECK ((kind = 2) = (amounts_index IS NOT NULL) AND (kind = 2) = (ciphertext IS NOT NULL)),
  CHECK (state NOT IN (1, 2) OR file_id IS NOT NULL),
  CHECK (state <> 2 OR passes_on IS NOT NULL),
  CHECK ((state >= 3) = (closed_at IS NOT NULL))
);
-- One test of a version at a time.
CREATE UNIQUE INDEX account_test_open
  ON payments.account_test (payer_id, account_id, version) WHERE state < 3;

-- What a bank's answer is matched with. No amount and no account number. Append-only.
CREATE TABLE payments.account_test_entry (
  payer_id bigint NOT NULL,
  file_id bigint NOT NULL,
  trace text NOT NULL CHECK (trace ~ '^[0-9]{15}$'),
  test_id bigint NOT NULL,
  rdfi text NOT NULL CHECK (rdfi ~ '^[0-9]{8}$'),
  company_id text NOT NULL,
  PRIMARY KEY (payer_id, file_id, trace),
  FOREIGN KEY (payer_id, file_id) REFERENCES payments.account_test_file (payer_id, file_id),
  FOREIGN KEY (payer_id, test_id) REFERENCES payments.account_test (payer_id, test_id)
);
CREATE INDEX account_test_entry_trace ON payments.account_test_entry (payer_id, trace);

GRANT INSERT ON payments.account_test_file, payments.account_test TO sluice_app;
GRANT SELECT (payer_id, file_id, book_id, name, created_at, modifier, first_trace, effective_date,
  entry_count, total_cents, state, recorded_by, recorded_at) ON payments.account_test_file
  TO sluice_app, sluice_verify;
GRANT SELECT (payer_id, test_id, account_id, version, payee_id, kind, state, attempts,
  amounts_index, file_id, passes_on, result, requested_by, requested_at, closed_at)
  ON payments.account_test TO sluice_app;
GRANT SELECT (payer_id, test_id, account_id, version, payee_id, kind, state, attempts, file_id,
  passes_on, result, requested_by, requested_at, closed_at) ON payments.account_test
  TO sluice_verify;
GRANT UPDATE (state, attempts, file_id, passes_on, result, closed_at) ON payments.account_test
  TO sluice_app;
GRANT UPDATE (state) ON payments.account_test_file TO sluice_app;
GRANT SELECT ON payments.account_test_entry TO sluice_app, sluice_verify;
GRANT SELECT ON payments.account_test_file, payments.account_test, payments.account_test_entry
  TO sluice_files;
GRANT INSERT ON payments.account_test_entry TO sluice_files;
GRANT UPDATE (state, total_cents, sha256, key_id, nonce, ciphertext, tag)
  ON payments.account_test_file TO sluice_files;

ALTER TABLE payments.account_test_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.account_test_file FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.account_test_file
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.account_test ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.account_test FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.account_test
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.account_test_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.account_test_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.account_test_entry
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
