-- Bank statements: what the bank booked on our deposit accounts, and what each line settles.
-- Source: FORMATS 10.2, LEDGER_RELIABILITY_SECURITY 2.3, 2.4.

-- The number of a deposit account as a blind index: it tells a statement whose account it is. An
-- account belongs to exactly one book.
CREATE TABLE payments.deposit_account (
  payer_id bigint NOT NULL,
  bank_account_id bigint NOT NULL,
  book_id bigint NOT NULL REFERENCES payments.book (book_id),
  account_blind bytea NOT NULL CHECK (octet_length(account_blind) = 32),
  last4 text NOT NULL CHECK (length(last4) <= 4),
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, bank_account_id),
  UNIQUE (payer_id, account_blind)
);

-- The balances of an account on a day, as the bank states them. Append-only: a corrected statement
-- of the same day is another row.
CREATE TABLE payments.bank_statement (
  book_id bigint NOT NULL,
  bank_account_id bigint NOT NULL,
  as_of date NOT NULL,
  file_id bigint NOT NULL,
  item_no integer NOT NULL,
  opening_cents bigint NULL,
  closing_cents bigint NULL,
  available_cents bigint NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, bank_account_id, as_of, file_id, item_no)
);

-- One booked line, once: the same line in another file is the same occurrence of the same facts.
-- direction: 1 credit, 2 debit. state: 0 open, 1 matched. journal_id: the cash journal that was
-- posted for the line; none where the ledger had the money already (matches of kind 3 name those).
CREATE TABLE payments.bank_line (
  book_id bigint NOT NULL,
  line_id bigint NOT NULL,
  bank_account_id bigint NOT NULL,
  as_of date NOT NULL,
  type_code text NOT NULL CHECK (type_code ~ '^[0-9]{3}$'),
  direction smallint NOT NULL CHECK (direction IN (1, 2)),
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  bank_reference text NOT NULL,
  customer_reference text NOT NULL,
  information text NOT NULL,
  occurrence integer NOT NULL CHECK (occurrence >= 1),
  file_id bigint NOT NULL,
  item_no integer NOT NULL,
  journal_id uuid NULL,
  state smallint NOT NULL CHECK (state IN (0, 1)),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, line_id),
  UNIQUE (book_id, bank_account_id, as_of, type_code, direction, amount_cents, bank_reference,
    occurrence),
  UNIQUE (book_id, journal_id)
);
CREATE INDEX bank_line_open ON payments.bank_line (book_id, bank_account_id, state);

-- What a line settles; several where it was split. kind: 1 payment file, 2 returned payment,
-- 3 booked before. Append-only.
CREATE TABLE payments.bank_line_match (
  book_id bigint NOT NULL,
  line_id bigint NOT NULL,
  match_no integer NOT NULL CHECK (match_no >= 1),
  kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 3),
  target_id bigint NOT NULL,
  journal_id uuid NULL,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  rule text NOT NULL,
  matched_by bigint NOT NULL,
  matched_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, line_id, match_no),
  FOREIGN KEY (book_id, line_id) REFERENCES payments.bank_line (book_id, line_id),
  CHECK ((kind = 3) = (journal_id IS NOT NULL))
);
CREATE INDEX bank_line_match_target ON payments.bank_line_match (book_id, kind, target_id);

GRANT SELECT, INSERT ON payments.deposit_account, payments.bank_statement, payments.bank_line,
  payments.bank_line_match TO sluice_app;
GRANT UPDATE (state) ON payments.bank_line TO sluice_app;
GRANT SELECT ON payments.deposit_account, payments.bank_statement, payments.bank_line,
  payments.bank_line_match TO sluice_files, sluice_verify;

ALTER TABLE payments.deposit_account ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.deposit_account FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.deposit_account
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.bank_statement ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.bank_statement FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.bank_statement
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.bank_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.bank_line FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.bank_line
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.bank_line_match ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.bank_line_match FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.bank_line_match
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
