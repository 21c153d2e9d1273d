-- Lines and payees that people hold and let go, and the rules of a program about caps, notices and
-- due dates. Source: LEDGER_RELIABILITY_SECURITY 5.1 (edit line, hold line), PRODUCT M06, M09, M16.

-- What a person decided about the share of an award: it keeps through later versions of the award.
-- cause: 1 a person stopped it, 2 over the cap of the program, 3 duplicate across programs. Only the
-- first is placed by a person; the others arise from rules and are accepted. Append-only: of one
-- cause the last decision counts.
CREATE TABLE payments.line_decision (
  book_id bigint NOT NULL,
  award_id bigint NOT NULL,
  party_id bigint NOT NULL,
  under_party_id bigint NOT NULL,
  role text NOT NULL,
  decision_no integer NOT NULL CHECK (decision_no >= 1),
  held boolean NOT NULL,
  cause smallint NOT NULL CHECK (cause BETWEEN 1 AND 3),
  run_id bigint NOT NULL,
  obligation_id bigint NOT NULL,
  award_version integer NOT NULL,
  amount_cents bigint NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  decided_by bigint NOT NULL,
  decided_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, award_id, party_id, under_party_id, role, decision_no),
  FOREIGN KEY (book_id, run_id) REFERENCES payments.run (book_id, run_id),
  FOREIGN KEY (book_id, obligation_id) REFERENCES payments.obligation (book_id, obligation_id),
  CHECK (NOT held OR cause = 1)
);

-- A payee that a person stopped in one run, or let go again. Append-only: the last one counts, and
-- a later calculation of the run keeps it.
CREATE TABLE payments.run_stop (
  book_id bigint NOT NULL,
  run_id bigint NOT NULL,
  payee_id bigint NOT NULL,
  stop_no integer NOT NULL CHECK (stop_no >= 1),
  stopped boolean NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  decided_by bigint NOT NULL,
  decided_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, run_id, payee_id, stop_no),
  FOREIGN KEY (book_id, run_id) REFERENCES payments.run (book_id, run_id)
);

-- line_cap_cents: a line above it waits for a person. recoup_notice_days: how long a payee knows of
-- what it owes before anything is taken. due_banking_days: after the end of the period; none: no due
-- date was agreed. review_days: after settlement, before which a run does not close.
ALTER TABLE payments.payment_rules
  ADD COLUMN line_cap_cents bigint NULL CHECK (line_cap_cents > 0),
  ADD COLUMN recoup_notice_days integer NOT NULL DEFAULT 0
    CHECK (recoup_notice_days BETWEEN 0 AND 365),
  ADD COLUMN due_banking_days integer NULL CHECK (due_banking_days BETWEEN 0 AND 1000),
  ADD COLUMN alert_banking_days integer NOT NULL DEFAULT 2
    CHECK (alert_banking_days BETWEEN 0 AND 60),
  ADD COLUMN review_days integer NOT NULL DEFAULT 0 CHECK (review_days BETWEEN 0 AND 365);

-- Who else did something with a member: a duplicate is looked for across all contracts of a payer.
CREATE INDEX activity_event_by_member ON performance.activity_event (member_id, contract_id);

GRANT SELECT, INSERT ON payments.line_decision, payments.run_stop TO sluice_app;
GRANT SELECT ON payments.line_decision, payments.run_stop TO sluice_verify;

ALTER TABLE payments.line_decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.line_decision FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.line_decision
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.run_stop ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.run_stop FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.run_stop
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
