-- Files that came in: stored before they are read, read before anything of them is applied.
-- They belong to the payer's treasury book, since one file may serve several programs.
-- Source: LEDGER_RELIABILITY_SECURITY 6.3 (inbound), FORMATS 6, 7, 10.2.

-- state: inbound_file.h. fingerprint: an HMAC of the bytes' hash, since the hash of a small file
-- could be guessed from it.
CREATE TABLE payments.inbound_file (
  book_id bigint NOT NULL REFERENCES payments.book (book_id),
  file_id bigint NOT NULL,
  fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
  name text NOT NULL CHECK (name <> ''),
  kind smallint NOT NULL CHECK (kind BETWEEN 0 AND 4),
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 5),
  size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
  reason text NOT NULL,
  received_by bigint NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, file_id),
  UNIQUE (book_id, fingerprint)
);

-- Every time the same bytes came, under whatever name. Append-only.
CREATE TABLE payments.inbound_delivery (
  book_id bigint NOT NULL,
  file_id bigint NOT NULL,
  delivery_no integer NOT NULL CHECK (delivery_no >= 1),
  name text NOT NULL,
  received_by bigint NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, file_id, delivery_no),
  FOREIGN KEY (book_id, file_id) REFERENCES payments.inbound_file (book_id, file_id)
);

-- The bytes, sealed. Append-only; sluice_app does not see them.
CREATE TABLE payments.inbound_content (
  book_id bigint NOT NULL,
  file_id bigint NOT NULL,
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  key_id bigint NOT NULL,
  nonce bytea NOT NULL CHECK (octet_length(nonce) = 12),
  ciphertext bytea NOT NULL,
  tag bytea NOT NULL CHECK (octet_length(tag) = 16),
  PRIMARY KEY (book_id, file_id),
  UNIQUE (book_id, sha256),
  FOREIGN KEY (book_id, file_id) REFERENCES payments.inbound_file (book_id, file_id)
);

-- What is wrong with a file. Append-only.
CREATE TABLE payments.inbound_fault (
  book_id bigint NOT NULL,
  file_id bigint NOT NULL,
  fault_no integer NOT NULL CHECK (fault_no >= 1),
  scope smallint NOT NULL CHECK (scope BETWEEN 0 AND 3),
  code text NOT NULL CHECK (code <> ''),
  rule text NOT NULL,
  record_no bigint NOT NULL,
  position bigint NOT NULL,
  message text NOT NULL,
  advice text NOT NULL,
  PRIMARY KEY (book_id, file_id, fault_no),
  FOREIGN KEY (book_id, file_id) REFERENCES payments.inbound_file (book_id, file_id)
);

-- One entry, line, balance or answer of a file, staged. No account number is here: an account of
-- ours is a blind index and four digits. state: inbound_file.h; item_key finds the same entry in
-- another file.
CREATE TABLE payments.inbound_item (
  book_id bigint NOT NULL,
  file_id bigint NOT NULL,
  item_no integer NOT NULL CHECK (item_no >= 1),
  kind smallint NOT NULL,
  record_no bigint NOT NULL,
  item_key bytea NOT NULL CHECK (octet_length(item_key) = 32),
  code text NOT NULL,
  amount_cents bigint NOT NULL,
  debit boolean NOT NULL,
  original_trace text NOT NULL,
  original_rdfi text NOT NULL,
  company_id text NOT NULL,
  reference text NOT NULL,
  other_reference text NOT NULL,
  information text NOT NULL,
  occurred_on date NULL,
  account_blind bytea NULL CHECK (octet_length(account_blind) = 32),
  account_last4 text NOT NULL CHECK (length(account_last4) <= 4),
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 8),
  reason text NOT NULL,
  target_book_id bigint NULL,
  target_id bigint NULL,
  due_on date NULL,
  changed_by bigint NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, file_id, item_no),
  FOREIGN KEY (book_id, file_id) REFERENCES payments.inbound_file (book_id, file_id)
);
CREATE INDEX inbound_item_key ON payments.inbound_item (book_id, item_key);
CREATE INDEX inbound_item_open ON payments.inbound_item (book_id, state);

GRANT SELECT, INSERT ON payments.inbound_file, payments.inbound_delivery, payments.inbound_content,
  payments.inbound_fault, payments.inbound_item TO sluice_files;
GRANT SELECT ON payments.inbound_file, payments.inbound_delivery, payments.inbound_fault,
  payments.inbound_item TO sluice_app, sluice_verify;
GRANT UPDATE (kind, state, reason) ON payments.inbound_file TO sluice_files;
GRANT UPDATE (state, reason) ON payments.inbound_file TO sluice_app;
GRANT UPDATE (state, reason, target_book_id, target_id, due_on, changed_by, changed_at)
  ON payments.inbound_item TO sluice_files, sluice_app;
-- The matcher compares what came back with what was sent, under the numbers that were reserved.
GRANT SELECT ON payments.number_range TO sluice_files;

ALTER TABLE payments.inbound_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.inbound_file FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.inbound_file
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.inbound_delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.inbound_delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.inbound_delivery
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.inbound_content ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.inbound_content FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.inbound_content
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.inbound_fault ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.inbound_fault FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.inbound_fault
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.inbound_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.inbound_item FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.inbound_item
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
