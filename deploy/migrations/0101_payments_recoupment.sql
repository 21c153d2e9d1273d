-- What payees owe: the notice before anything is taken, the plan by which it is taken; and interest
-- that the payer owes on what it paid late. Source: LEDGER_RELIABILITY_SECURITY 2.4 (RECOUP,
-- OFFSET), PROGRAM_MATH 3.4.

-- What a run made a payee owe. noticed_on: when the payee was told, by its advice or by a letter;
-- offset_from: nothing is taken for it before. Neither: the payee does not know of it yet.
CREATE TABLE payments.recoup_notice (
  book_id bigint NOT NULL,
  run_id bigint NOT NULL,
  payee_id bigint NOT NULL,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  noticed_on date NULL,
  offset_from date NULL,
  how text NOT NULL,
  noticed_by bigint NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, run_id, payee_id),
  FOREIGN KEY (book_id, run_id) REFERENCES payments.run (book_id, run_id),
  CHECK ((noticed_on IS NULL) = (offset_from IS NULL)),
  CHECK ((noticed_on IS NULL) = (noticed_by IS NULL)),
  CHECK (offset_from >= noticed_on),
  CHECK ((noticed_on IS NULL) = (how = ''))
);
CREATE INDEX recoup_notice_payee ON payments.recoup_notice (book_id, payee_id);

-- How much is taken from a payee: at most an amount in a cycle, at most a share of each payment.
-- Neither: as much as the program allows. The newest one that began counts. Append-only.
CREATE TABLE payments.offset_plan (
  book_id bigint NOT NULL REFERENCES payments.book (book_id),
  payee_id bigint NOT NULL,
  plan_no integer NOT NULL CHECK (plan_no >= 1),
  effective_from date NOT NULL,
  installment_cents bigint NULL CHECK (installment_cents > 0),
  payment_millionths bigint NULL CHECK (payment_millionths BETWEEN 0 AND 1000000),
  agreed_with text NOT NULL CHECK (agreed_with <> ''),
  reason text NOT NULL CHECK (reason <> ''),
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, payee_id, plan_no)
);

-- Simple interest on what is paid after its due date, as the contract says. annual 0: none any more.
-- Append-only; the newest version that began counts.
CREATE TABLE payments.late_interest_terms (
  book_id bigint NOT NULL REFERENCES payments.book (book_id),
  contract_id bigint NOT NULL,
  version integer NOT NULL CHECK (version >= 1),
  effective_from date NOT NULL,
  annual_millionths bigint NOT NULL CHECK (annual_millionths BETWEEN 0 AND 1000000),
  days_in_year smallint NOT NULL CHECK (days_in_year IN (360, 365)),
  grace_days integer NOT NULL CHECK (grace_days BETWEEN 0 AND 365),
  reason text NOT NULL CHECK (reason <> ''),
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, contract_id, version)
);

-- The interest that one line earned by being late: obligation_id is the line that pays it.
-- Append-only.
CREATE TABLE payments.late_interest (
  book_id bigint NOT NULL,
  obligation_id bigint NOT NULL,
  of_obligation_id bigint NOT NULL,
  due_on date NOT NULL,
  paid_on date NOT NULL,
  days_late integer NOT NULL CHECK (days_late > 0),
  base_cents bigint NOT NULL CHECK (base_cents > 0),
  owed_cents bigint NOT NULL CHECK (owed_cents > 0),
  terms_version integer NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, obligation_id),
  FOREIGN KEY (book_id, obligation_id) REFERENCES payments.obligation (book_id, obligation_id),
  FOREIGN KEY (book_id, of_obligation_id)
    REFERENCES payments.obligation (book_id, obligation_id)
);
CREATE INDEX late_interest_of ON payments.late_interest (book_id, of_obligation_id);

-- Component 4 of an obligation: interest on what is paid late.
ALTER TABLE payments.obligation
  DROP CONSTRAINT obligation_component_known,
  ADD CONSTRAINT obligation_component_known CHECK (component BETWEEN 0 AND 4);

GRANT SELECT, INSERT ON payments.recoup_notice, payments.offset_plan,
  payments.late_interest_terms, payments.late_interest TO sluice_app;
GRANT UPDATE (noticed_on, offset_from, how, noticed_by) ON payments.recoup_notice TO sluice_app;
GRANT SELECT ON payments.recoup_notice, payments.offset_plan, payments.late_interest_terms,
  payments.late_interest TO sluice_verify;

ALTER TABLE payments.recoup_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.recoup_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.recoup_notice
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.offset_plan ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.offset_plan FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.offset_plan
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.late_interest_terms ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.late_interest_terms FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.late_interest_terms
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.late_interest ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.late_interest FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.late_interest
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
