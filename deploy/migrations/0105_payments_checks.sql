-- Checks: numbers without a gap or a double, the register of issued checks, and what became of
-- each. Source: PRODUCT M05, R06; FORMATS 10.1; LEDGER_RELIABILITY_SECURITY 2.4, 6.2.

-- The ten digits are those of an ACH entry; a check may carry more.
ALTER TABLE payments.disbursement
  DROP CONSTRAINT disbursement_amount_cents_check1,
  ADD CONSTRAINT disbursement_ach_limit CHECK (rail <> 1 OR amount_cents <= 9999999999);

-- Who is paid by check in a run, by a person's decision. Append-only.
CREATE TABLE payments.check_choice (
  book_id bigint NOT NULL,
  run_id bigint NOT NULL,
  payee_id bigint NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  chosen_by bigint NOT NULL,
  chosen_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, run_id, payee_id),
  FOREIGN KEY (book_id, run_id) REFERENCES payments.run (book_id, run_id)
);

-- Numbers that a deposit account may print. next_number is the lock under which they are taken, in
-- the transaction that uses them: one that is rolled back leaves no gap.
CREATE TABLE payments.check_stock (
  book_id bigint NOT NULL,
  bank_account_id bigint NOT NULL,
  first_number bigint NOT NULL CHECK (first_number >= 1),
  last_number bigint NOT NULL,
  next_number bigint NOT NULL,
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, bank_account_id, first_number),
  CHECK (last_number >= first_number AND last_number <= 999999999999),
  CHECK (next_number BETWEEN first_number AND last_number + 1)
);

-- The register. Each check but the first of its stock names the one before it: a number can be
-- neither left out nor given twice. state: check_issue.h. void_file_id: the file that took it back
-- at the bank.
CREATE TABLE payments.check_issue (
  book_id bigint NOT NULL,
  bank_account_id bigint NOT NULL,
  check_number bigint NOT NULL,
  stock_first bigint NOT NULL,
  previous_number bigint NULL,
  disbursement_id bigint NOT NULL,
  run_id bigint NOT NULL,
  payee_id bigint NOT NULL,
  payee_name text NOT NULL CHECK (payee_name <> ''),
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  issued_on date NOT NULL,
  file_id bigint NOT NULL,
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 4),
  void_file_id bigint NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, bank_account_id, check_number),
  UNIQUE (book_id, bank_account_id, previous_number),
  UNIQUE (book_id, disbursement_id),
  FOREIGN KEY (book_id, bank_account_id, stock_first)
    REFERENCES payments.check_stock (book_id, bank_account_id, first_number),
  FOREIGN KEY (book_id, bank_account_id, previous_number)
    REFERENCES payments.check_issue (book_id, bank_account_id, check_number),
  FOREIGN KEY (book_id, disbursement_id)
    REFERENCES payments.disbursement (book_id, disbursement_id),
  FOREIGN KEY (book_id, file_id) REFERENCES payments.payment_file (book_id, file_id),
  FOREIGN KEY (book_id, void_file_id) REFERENCES payments.payment_file (book_id, file_id),
  CHECK ((previous_number IS NULL) = (check_number = stock_first)),
  CHECK (previous_number = check_number - 1)
);
CREATE INDEX check_issue_run ON payments.check_issue (book_id, run_id);
CREATE INDEX check_issue_open ON payments.check_issue (book_id, state, issued_on);

-- What became of a check, with who decided it. Two people void a check. Append-only.
CREATE TABLE payments.check_event (
  book_id bigint NOT NULL,
  bank_account_id bigint NOT NULL,
  check_number bigint NOT NULL,
  event_no integer NOT NULL CHECK (event_no >= 1),
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 4),
  happened_on date NOT NULL,
  actor_id bigint NOT NULL,
  second_id bigint NULL,
  reason text NOT NULL CHECK (reason <> ''),
  journal_id uuid NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, bank_account_id, check_number, event_no),
  FOREIGN KEY (book_id, bank_account_id, check_number)
    REFERENCES payments.check_issue (book_id, bank_account_id, check_number),
  CHECK (state <> 2 OR (second_id IS NOT NULL AND second_id <> actor_id)),
  CHECK (state NOT IN (2, 3) OR journal_id IS NOT NULL)
);

-- A check that pays again what an earlier one did not. Append-only.
CREATE TABLE payments.check_replacement (
  book_id bigint NOT NULL,
  bank_account_id bigint NOT NULL,
  check_number bigint NOT NULL,
  replaced_account_id bigint NOT NULL,
  replaced_number bigint NOT NULL,
  PRIMARY KEY (book_id, bank_account_id, check_number, replaced_account_id, replaced_number),
  FOREIGN KEY (book_id, bank_account_id, check_number)
    REFERENCES payments.check_issue (book_id, bank_account_id, check_number),
  FOREIGN KEY (book_id, replaced_account_id, replaced_number)
    REFERENCES payments.check_issue (book_id, bank_account_id, check_number)
);

GRANT SELECT, INSERT ON payments.check_choice, payments.check_stock, payments.check_issue,
  payments.check_event, payments.check_replacement TO sluice_app;
GRANT UPDATE (next_number) ON payments.check_stock TO sluice_app;
GRANT UPDATE (state, void_file_id) ON payments.check_issue TO sluice_app;
GRANT SELECT ON payments.check_choice, payments.check_stock, payments.check_issue,
  payments.check_event, payments.check_replacement TO sluice_files, sluice_verify;

ALTER TABLE payments.check_choice ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.check_choice FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.check_choice
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.check_stock ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.check_stock FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.check_stock
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.check_issue ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.check_issue FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.check_issue
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.check_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.check_event FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.check_event
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.check_replacement ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.check_replacement FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.check_replacement
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
