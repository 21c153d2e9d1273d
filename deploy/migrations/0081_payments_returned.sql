-- What came back of what was paid, and what follows from it.
-- Source: FORMATS 6, LEDGER_RELIABILITY_SECURITY 6.1, 6.2.

-- A payment that came back, once: the key is the payment. actions: return_codes.h. state: 0 open,
-- 1 cleared to be paid again, 2 closed without being paid again.
CREATE TABLE payments.returned_payment (
  book_id bigint NOT NULL,
  disbursement_id bigint NOT NULL,
  home_book_id bigint NOT NULL,
  file_id bigint NOT NULL,
  item_no integer NOT NULL,
  payee_id bigint NOT NULL,
  code text NOT NULL,
  actions smallint NOT NULL,
  rejected boolean NOT NULL,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  journal_id uuid NOT NULL,
  returned_on date NOT NULL,
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 2),
  decided_by bigint NULL,
  second_by bigint NULL,
  decided_at timestamptz NULL,
  decision text NOT NULL,
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, disbursement_id),
  UNIQUE (book_id, file_id, item_no),
  FOREIGN KEY (book_id, disbursement_id)
    REFERENCES payments.disbursement (book_id, disbursement_id),
  CHECK ((state = 0) = (decided_by IS NULL)),
  CHECK (second_by IS NULL OR second_by <> decided_by)
);
CREATE INDEX returned_payment_payee ON payments.returned_payment (book_id, payee_id);

-- A payee whose money is held until a person clears it. By payer: it holds in every program.
-- kind: payee_hold.h.
CREATE TABLE payments.payee_hold (
  payer_id bigint NOT NULL,
  payee_id bigint NOT NULL REFERENCES payments.payee (payee_id),
  hold_id bigint NOT NULL,
  kind smallint NOT NULL CHECK (kind BETWEEN 0 AND 6),
  reason text NOT NULL CHECK (reason <> ''),
  source_id bigint NOT NULL,
  placed_by bigint NOT NULL,
  placed_at timestamptz NOT NULL,
  cleared_by bigint NULL,
  cleared_at timestamptz NULL,
  clear_note text NOT NULL,
  PRIMARY KEY (payer_id, payee_id, hold_id),
  CHECK ((cleared_by IS NULL) = (cleared_at IS NULL))
);

-- A notice of change and the version of the account that it proposes, which has to go the way of
-- every change of bank data. By payer, like the accounts. proposed_version: none where a person has
-- to read the notice.
CREATE TABLE payments.account_change_notice (
  payer_id bigint NOT NULL,
  home_book_id bigint NOT NULL,
  file_id bigint NOT NULL,
  item_no integer NOT NULL,
  payee_id bigint NOT NULL,
  account_id bigint NOT NULL,
  account_version integer NOT NULL,
  change_code text NOT NULL,
  proposed_version integer NULL,
  note text NOT NULL,
  due_on date NOT NULL,
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, home_book_id, file_id, item_no)
);
CREATE INDEX account_change_notice_account
  ON payments.account_change_notice (payer_id, account_id);

-- What comes back names the trace.
CREATE INDEX file_entry_trace ON payments.file_entry (book_id, trace);

GRANT SELECT, INSERT ON payments.returned_payment, payments.payee_hold,
  payments.account_change_notice TO sluice_app;
GRANT UPDATE (state, decided_by, second_by, decided_at, decision)
  ON payments.returned_payment TO sluice_app;
GRANT UPDATE (cleared_by, cleared_at, clear_note) ON payments.payee_hold TO sluice_app;
GRANT SELECT ON payments.returned_payment, payments.payee_hold, payments.account_change_notice
  TO sluice_files, sluice_verify;

ALTER TABLE payments.returned_payment ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.returned_payment FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.returned_payment
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.payee_hold ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.payee_hold FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.payee_hold
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.account_change_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.account_change_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.account_change_notice
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
