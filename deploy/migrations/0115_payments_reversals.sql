-- ACH payments taken back by a reversing entry, under dual control.
-- Source: FORMATS 4 (reversal), LEDGER_RELIABILITY_SECURITY 9.

-- Files that pay nobody are tests of accounts and reversals. kind: 1 tests, 2 reversals.
ALTER TABLE payments.account_test_file RENAME TO side_file;
ALTER TABLE payments.side_file ADD COLUMN kind smallint NOT NULL DEFAULT 1
  CONSTRAINT side_file_kind_known CHECK (kind IN (1, 2));
ALTER TABLE payments.side_file ALTER COLUMN kind DROP DEFAULT;
GRANT SELECT (kind) ON payments.side_file TO sluice_app, sluice_verify;

-- reason: 1 duplicate, 2 wrong receiver, 3 wrong amount, 4 wrong date: those that Nacha permits.
-- state: 0 requested, 1 approved, 2 in a file, 3 sent, 4 credited, 5 settled, 6 rejected,
-- 7 bounced. line_id: the credit of the bank's statement.
CREATE TABLE payments.reversal (
  book_id bigint NOT NULL,
  reversal_id bigint NOT NULL,
  disbursement_id bigint NOT NULL,
  payee_id bigint NOT NULL,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  reason smallint NOT NULL CHECK (reason BETWEEN 1 AND 4),
  duplicate_of bigint NULL,
  detail text NOT NULL CHECK (detail <> ''),
  last_day date NOT NULL,
  requested_by bigint NOT NULL,
  requested_at timestamptz NOT NULL,
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 7),
  decided_by bigint NULL,
  decided_at timestamptz NULL,
  file_id bigint NULL,
  effective_date date NULL,
  credited_on date NULL,
  line_id bigint NULL,
  result text NOT NULL,
  PRIMARY KEY (book_id, reversal_id),
  FOREIGN KEY (book_id, disbursement_id)
    REFERENCES payments.disbursement (book_id, disbursement_id),
  FOREIGN KEY (book_id, duplicate_of) REFERENCES payments.disbursement (book_id, disbursement_id),
  FOREIGN KEY (book_id, line_id) REFERENCES payments.bank_line (book_id, line_id),
  UNIQUE (book_id, line_id),
  CONSTRAINT reversal_names_its_twin CHECK ((reason = 1) = (duplicate_of IS NOT NULL)),
  CONSTRAINT reversal_of_another CHECK (duplicate_of <> disbursement_id),
  CONSTRAINT reversal_two_people CHECK (decided_by <> requested_by),
  CONSTRAINT reversal_in_its_window CHECK (effective_date <= last_day),
  CHECK ((state = 0) = (decided_by IS NULL)),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
  CHECK ((file_id IS NULL) = (effective_date IS NULL)),
  CHECK (state NOT IN (2, 3, 4, 5) OR file_id IS NOT NULL),
  CHECK ((line_id IS NULL) = (credited_on IS NULL)),
  CHECK (state NOT IN (4, 5) OR line_id IS NOT NULL)
);
-- A payment is reversed once: only one that was rejected makes room.
CREATE UNIQUE INDEX reversal_once ON payments.reversal (book_id, disbursement_id) WHERE state <> 6;

-- What a bank's answer is matched with. Append-only.
CREATE TABLE payments.reversal_entry (
  book_id bigint NOT NULL,
  reversal_id bigint NOT NULL,
  file_id bigint NOT NULL,
  trace text NOT NULL CHECK (trace ~ '^[0-9]{15}$'),
  rdfi text NOT NULL CHECK (rdfi ~ '^[0-9]{8}$'),
  company_id text NOT NULL,
  PRIMARY KEY (book_id, reversal_id),
  UNIQUE (book_id, file_id, trace),
  FOREIGN KEY (book_id, reversal_id) REFERENCES payments.reversal (book_id, reversal_id)
);
CREATE INDEX reversal_entry_trace ON payments.reversal_entry (book_id, trace);

-- Notices of kind 4: a payment to the account is taken back. An account may have several.
ALTER TABLE payments.payee_notice
  DROP CONSTRAINT payee_notice_kind_check,
  ADD CONSTRAINT payee_notice_kind_known CHECK (kind BETWEEN 1 AND 4);
DROP INDEX payments.payee_notice_account_once;
CREATE UNIQUE INDEX payee_notice_account_once
  ON payments.payee_notice (payer_id, kind, account_id, version, channel, address)
  WHERE kind IN (1, 3);

-- Kind 13: the credit of a reversal, or what the bank took back of it.
ALTER TABLE payments.bank_line_match
  DROP CONSTRAINT bank_line_match_kind_known,
  ADD CONSTRAINT bank_line_match_kind_known CHECK (kind BETWEEN 1 AND 13);

GRANT SELECT, INSERT ON payments.reversal TO sluice_app;
GRANT UPDATE (state, decided_by, decided_at, file_id, effective_date, credited_on, line_id, result)
  ON payments.reversal TO sluice_app;
GRANT SELECT ON payments.reversal_entry TO sluice_app;
GRANT SELECT ON payments.reversal TO sluice_files;
GRANT SELECT, INSERT ON payments.reversal_entry TO sluice_files;
GRANT SELECT ON payments.reversal, payments.reversal_entry TO sluice_verify;

ALTER TABLE payments.reversal ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.reversal FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.reversal
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.reversal_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.reversal_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.reversal_entry
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
