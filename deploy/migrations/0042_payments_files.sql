-- Claims, disbursements, files and the numbers reserved for them.
-- Source: LEDGER_RELIABILITY_SECURITY 6.

-- One attempt to pay one payee. state: disbursement.h. account_id 0: a payment of zero.
CREATE TABLE payments.disbursement (
  book_id bigint NOT NULL,
  disbursement_id bigint NOT NULL,
  run_id bigint NOT NULL,
  payee_id bigint NOT NULL,
  rail smallint NOT NULL CHECK (rail IN (0, 1)),
  account_id bigint NOT NULL,
  account_version integer NOT NULL,
  payment_key text NOT NULL CHECK (payment_key ~ '^[A-Z0-9]{1,15}$'),
  amount_cents bigint NOT NULL CHECK (amount_cents >= 0),
  effective_date date NOT NULL,
  file_id bigint NULL,
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 9),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, disbursement_id),
  UNIQUE (book_id, run_id, payee_id, rail, account_id),
  UNIQUE (book_id, payment_key),
  FOREIGN KEY (book_id, run_id) REFERENCES payments.run (book_id, run_id),
  CHECK ((amount_cents = 0) = (file_id IS NULL)),
  CHECK (amount_cents <= 9999999999)
);

-- An obligation is in at most one live disbursement.
CREATE TABLE payments.obligation_claim (
  book_id bigint NOT NULL,
  obligation_id bigint NOT NULL,
  attempt_no integer NOT NULL CHECK (attempt_no >= 1),
  disbursement_id bigint NOT NULL,
  live boolean NOT NULL,
  PRIMARY KEY (book_id, obligation_id, attempt_no),
  FOREIGN KEY (book_id, obligation_id) REFERENCES payments.obligation (book_id, obligation_id),
  FOREIGN KEY (book_id, disbursement_id)
    REFERENCES payments.disbursement (book_id, disbursement_id)
);
CREATE UNIQUE INDEX obligation_claim_live
  ON payments.obligation_claim (book_id, obligation_id) WHERE live;
CREATE INDEX obligation_claim_disbursement
  ON payments.obligation_claim (book_id, disbursement_id);

-- kind: 1 ACH, 2 835, 3 statements (PDF), 4 roster (CSV), 5 control (CSV). state: payment_file.h.
-- The bytes are a function of what is stored here and in the rows of the run.
CREATE TABLE payments.payment_file (
  book_id bigint NOT NULL,
  file_id bigint NOT NULL,
  run_id bigint NOT NULL,
  kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 9),
  file_no integer NOT NULL CHECK (file_no >= 1),
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  modifier smallint NOT NULL,
  first_trace bigint NOT NULL,
  control_number bigint NOT NULL,
  entry_count integer NOT NULL CHECK (entry_count >= 0),
  total_cents bigint NOT NULL CHECK (total_cents >= 0),
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 7),
  PRIMARY KEY (book_id, file_id),
  UNIQUE (book_id, run_id, kind, file_no),
  UNIQUE (book_id, name),
  FOREIGN KEY (book_id, run_id) REFERENCES payments.run (book_id, run_id)
);

-- What was built, once: the row is the proof that the bytes are final. sluice_app does not see it.
CREATE TABLE payments.payment_file_content (
  book_id bigint NOT NULL,
  file_id bigint NOT NULL,
  size_bytes bigint NOT NULL,
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  entry_count integer NOT NULL,
  total_cents bigint NOT NULL,
  key_id bigint NOT NULL,
  nonce bytea NOT NULL CHECK (octet_length(nonce) = 12),
  ciphertext bytea NOT NULL,
  tag bytea NOT NULL CHECK (octet_length(tag) = 16),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, file_id),
  FOREIGN KEY (book_id, file_id) REFERENCES payments.payment_file (book_id, file_id)
);

CREATE TABLE payments.payment_file_event (
  book_id bigint NOT NULL,
  file_id bigint NOT NULL,
  event_no integer NOT NULL,
  state smallint NOT NULL,
  actor_id bigint NOT NULL,
  reason text NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, file_id, event_no),
  FOREIGN KEY (book_id, file_id) REFERENCES payments.payment_file (book_id, file_id)
);

-- Where each payment stands in its bank file.
CREATE TABLE payments.file_entry (
  book_id bigint NOT NULL,
  file_id bigint NOT NULL,
  disbursement_id bigint NOT NULL,
  batch_number integer NOT NULL,
  trace bigint NOT NULL,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  PRIMARY KEY (book_id, file_id, disbursement_id),
  UNIQUE (book_id, file_id, trace),
  FOREIGN KEY (book_id, file_id) REFERENCES payments.payment_file (book_id, file_id),
  FOREIGN KEY (book_id, disbursement_id)
    REFERENCES payments.disbursement (book_id, disbursement_id)
);

-- Which files explain a payment to its payee.
CREATE TABLE payments.remittance (
  book_id bigint NOT NULL,
  disbursement_id bigint NOT NULL,
  file_id bigint NOT NULL,
  bpr_cents bigint NOT NULL CHECK (bpr_cents >= 0),
  PRIMARY KEY (book_id, disbursement_id, file_id),
  FOREIGN KEY (book_id, file_id) REFERENCES payments.payment_file (book_id, file_id),
  FOREIGN KEY (book_id, disbursement_id)
    REFERENCES payments.disbursement (book_id, disbursement_id)
);

-- Numbers that the bank or the receiver must never see twice: traces by ODFI and year, file ids by
-- origin and minute, 835 control numbers by sender. One writer; local to the coordinator. A range
-- that is not used is lost, never given again.
CREATE TABLE payments.number_counter (
  kind text NOT NULL,
  scope text NOT NULL,
  next_number bigint NOT NULL CHECK (next_number >= 0),
  PRIMARY KEY (kind, scope)
);
CREATE TABLE payments.number_range (
  kind text NOT NULL,
  scope text NOT NULL,
  first_number bigint NOT NULL,
  count bigint NOT NULL CHECK (count >= 1),
  book_id bigint NOT NULL,
  file_id bigint NOT NULL,
  PRIMARY KEY (kind, scope, first_number),
  UNIQUE (kind, book_id, file_id)
);

GRANT SELECT, INSERT ON
  payments.disbursement,
  payments.obligation_claim,
  payments.payment_file,
  payments.payment_file_event,
  payments.file_entry,
  payments.remittance,
  payments.number_counter, payments.number_range
  TO sluice_app;
GRANT UPDATE (state) ON payments.disbursement, payments.payment_file TO sluice_app;
GRANT UPDATE (live) ON payments.obligation_claim TO sluice_app;
GRANT UPDATE (next_number) ON payments.number_counter TO sluice_app;
-- The hash of a file of one entry could be guessed: only the file process sees it.
GRANT SELECT (book_id, file_id, size_bytes, entry_count, total_cents, recorded_at)
  ON payments.payment_file_content TO sluice_app;
GRANT SELECT ON
  payments.disbursement,
  payments.obligation_claim,
  payments.payment_file,
  payments.payment_file_event,
  payments.file_entry,
  payments.remittance
  TO sluice_verify, sluice_files;
GRANT SELECT (book_id, file_id, size_bytes, entry_count, total_cents, recorded_at)
  ON payments.payment_file_content TO sluice_verify;
GRANT SELECT, INSERT ON payments.payment_file_content TO sluice_files;
GRANT INSERT ON payments.payment_file_event, payments.file_entry, payments.remittance
  TO sluice_files;
GRANT UPDATE (state) ON payments.disbursement, payments.payment_file TO sluice_files;
-- The file process takes part in a release under the run's fence; it locks the row, no more.
GRANT UPDATE (fence) ON payments.run TO sluice_files;

ALTER TABLE payments.disbursement ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.disbursement FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.disbursement
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));

ALTER TABLE payments.obligation_claim ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.obligation_claim FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.obligation_claim
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));

ALTER TABLE payments.payment_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.payment_file FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.payment_file
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));

ALTER TABLE payments.payment_file_content ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.payment_file_content FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.payment_file_content
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));

ALTER TABLE payments.payment_file_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.payment_file_event FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.payment_file_event
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));

ALTER TABLE payments.file_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.file_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.file_entry
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));

ALTER TABLE payments.remittance ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.remittance FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.remittance
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
