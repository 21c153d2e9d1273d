-- Money that nobody took: the rules of states about it, and what was done.
-- Source: PRODUCT R06, FORMATS 10.1, LEDGER_RELIABILITY_SECURITY 2.4 (UNCLAIMED, CLAIMED).

-- How long money of owners in a state lies before it is dormant. Loaded by the payer, who names the
-- source. By payer; append-only.
CREATE TABLE payments.dormancy_rule (
  payer_id bigint NOT NULL,
  state text NOT NULL CHECK (state ~ '^[A-Z]{2}$'),
  valid_from date NOT NULL,
  months integer NOT NULL CHECK (months >= 1),
  letter_days integer NOT NULL CHECK (letter_days >= 0),
  report_month integer NOT NULL CHECK (report_month BETWEEN 1 AND 12),
  report_day integer NOT NULL CHECK (report_day BETWEEN 1 AND 31),
  source text NOT NULL CHECK (source <> ''),
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, state, valid_from)
);

-- What was done about a payee's money. kind: 1 letter, 2 heard of, 3 set aside (UNCLAIMED), 4
-- claimed (CLAIMED). Two people move money. Append-only.
CREATE TABLE payments.unclaimed_event (
  book_id bigint NOT NULL,
  payee_id bigint NOT NULL,
  seq_no integer NOT NULL CHECK (seq_no >= 1),
  kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 4),
  happened_on date NOT NULL,
  state text NOT NULL,
  amount_cents bigint NOT NULL,
  note text NOT NULL CHECK (note <> ''),
  second_by bigint NULL,
  journal_id uuid NULL,
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, payee_id, seq_no),
  CONSTRAINT unclaimed_event_two_people CHECK (second_by <> recorded_by),
  CONSTRAINT unclaimed_event_of_money CHECK ((kind >= 3) = (second_by IS NOT NULL)),
  CHECK ((kind >= 3) = (journal_id IS NOT NULL)),
  CHECK ((kind >= 3) = (amount_cents > 0))
);

GRANT SELECT, INSERT ON payments.dormancy_rule, payments.unclaimed_event TO sluice_app;
GRANT SELECT ON payments.dormancy_rule, payments.unclaimed_event TO sluice_verify;

ALTER TABLE payments.dormancy_rule ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.dormancy_rule FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.dormancy_rule
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.unclaimed_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.unclaimed_event FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.unclaimed_event
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
