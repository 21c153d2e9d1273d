-- Cycles, runs, revisions, approvals and obligations. Everything leads with book_id.
-- Source: LEDGER_RELIABILITY_SECURITY 5 and 6.1.

CREATE TABLE payments.cycle (
  book_id bigint NOT NULL REFERENCES payments.book (book_id),
  cycle_id bigint NOT NULL,
  program_id bigint NOT NULL REFERENCES performance.program (program_id),
  name text NOT NULL CHECK (name <> ''),
  period_from date NOT NULL,
  period_to date NOT NULL,
  opened_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, cycle_id),
  UNIQUE (book_id, period_from, period_to),
  CHECK (period_from < period_to)
);

-- kind: 0 regular, 1 off-cycle, 2 correction, 3 re-issue. state: run_state.h.
-- fence: raised by whoever takes the run's work over; every write of a worker carries it.
CREATE TABLE payments.run (
  book_id bigint NOT NULL,
  run_id bigint NOT NULL,
  cycle_id bigint NOT NULL,
  kind smallint NOT NULL CHECK (kind BETWEEN 0 AND 3),
  seq integer NOT NULL CHECK (seq >= 1),
  pool_id bigint NOT NULL,
  business_date date NOT NULL,
  effective_date date NOT NULL,
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 10),
  version bigint NOT NULL,
  revision integer NOT NULL CHECK (revision >= 0),
  fence bigint NOT NULL,
  hold_attempt integer NOT NULL CHECK (hold_attempt >= 1),
  hold_expires_at timestamptz NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, run_id),
  UNIQUE (book_id, cycle_id, kind, seq),
  FOREIGN KEY (book_id, cycle_id) REFERENCES payments.cycle (book_id, cycle_id),
  FOREIGN KEY (book_id, pool_id) REFERENCES payments.pool (book_id, pool_id),
  CHECK (effective_date >= business_date)
);

-- One row per transition. Append-only.
CREATE TABLE payments.run_event (
  book_id bigint NOT NULL,
  run_id bigint NOT NULL,
  version bigint NOT NULL,
  command smallint NOT NULL,
  from_state smallint NOT NULL,
  to_state smallint NOT NULL,
  actor_id bigint NOT NULL,
  reason text NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, run_id, version),
  FOREIGN KEY (book_id, run_id) REFERENCES payments.run (book_id, run_id)
);

-- Everyone who made or changed content of the run, of any revision. Append-only.
CREATE TABLE payments.run_editor (
  book_id bigint NOT NULL,
  run_id bigint NOT NULL,
  revision integer NOT NULL,
  editor_id bigint NOT NULL,
  reason text NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, run_id, revision, editor_id),
  FOREIGN KEY (book_id, run_id) REFERENCES payments.run (book_id, run_id)
);

-- A revision as it was submitted. Append-only.
CREATE TABLE payments.run_revision (
  book_id bigint NOT NULL,
  run_id bigint NOT NULL,
  revision integer NOT NULL,
  submitted_by bigint NOT NULL,
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  required_approvals smallint NOT NULL CHECK (required_approvals >= 2),
  hold_cents bigint NOT NULL CHECK (hold_cents >= 0),
  net_cents bigint NOT NULL CHECK (net_cents >= 0),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, run_id, revision),
  UNIQUE (book_id, run_id, revision, submitted_by, digest),
  FOREIGN KEY (book_id, run_id) REFERENCES payments.run (book_id, run_id)
);

-- One vote each; the foreign key copies submitted_by and digest, so neither can be forged.
CREATE TABLE payments.run_approval (
  book_id bigint NOT NULL,
  run_id bigint NOT NULL,
  revision integer NOT NULL,
  approver_id bigint NOT NULL,
  submitted_by bigint NOT NULL,
  digest bytea NOT NULL,
  assertion bytea NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, run_id, revision, approver_id),
  FOREIGN KEY (book_id, run_id, revision, submitted_by, digest)
    REFERENCES payments.run_revision (book_id, run_id, revision, submitted_by, digest),
  CHECK (approver_id <> submitted_by)
);

-- An award version as a cycle collected it, with its explanation. Immutable, hence no foreign key
-- to the contract's group. accrued_cents: what this version added to the accrual of the award.
CREATE TABLE payments.collected_award (
  book_id bigint NOT NULL,
  award_id bigint NOT NULL,
  award_version integer NOT NULL,
  contract_id bigint NOT NULL,
  cycle_id bigint NOT NULL,
  award_hash bytea NOT NULL CHECK (octet_length(award_hash) = 32),
  stream text NOT NULL,
  line_kind smallint NOT NULL,
  contract_name text NOT NULL,
  holder_name text NOT NULL,
  program_name text NOT NULL,
  period_text text NOT NULL,
  performance_year integer NOT NULL,
  award_cents bigint NOT NULL,
  withheld_cents bigint NOT NULL,
  accrued_cents bigint NOT NULL CHECK (accrued_cents >= 0),
  zero_reason text NOT NULL,
  steps bytea NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, award_id, award_version),
  FOREIGN KEY (book_id, cycle_id) REFERENCES payments.cycle (book_id, cycle_id)
);

-- The part of an award owed to (or by, when negative) one party. component: 0 share, 1 release of
-- an earlier withhold, 2 difference to an earlier version. state: obligation.h.
CREATE TABLE payments.obligation (
  book_id bigint NOT NULL,
  obligation_id bigint NOT NULL,
  cycle_id bigint NOT NULL,
  award_id bigint NOT NULL,
  award_version integer NOT NULL,
  component smallint NOT NULL CHECK (component BETWEEN 0 AND 2),
  position integer NOT NULL,
  contract_id bigint NOT NULL,
  performance_year integer NOT NULL,
  party_id bigint NOT NULL,
  payee_id bigint NULL,
  amount_cents bigint NOT NULL CHECK (amount_cents <> 0),
  withhold_cents bigint NOT NULL CHECK (withhold_cents >= 0),
  split_steps bytea NOT NULL,
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 8),
  recognized boolean NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, obligation_id),
  UNIQUE (book_id, award_id, award_version, component, position),
  FOREIGN KEY (book_id, award_id, award_version)
    REFERENCES payments.collected_award (book_id, award_id, award_version),
  CHECK (withhold_cents <= GREATEST(amount_cents, 0)),
  CHECK (payee_id IS NOT NULL OR NOT recognized)
);
CREATE INDEX obligation_cycle ON payments.obligation (book_id, cycle_id);
CREATE INDEX obligation_open ON payments.obligation (book_id, state)
  WHERE state IN (0, 1, 2);

-- The content of one revision: each obligation in it. posting: run_plan.h. Append-only.
CREATE TABLE payments.run_line (
  book_id bigint NOT NULL,
  run_id bigint NOT NULL,
  revision integer NOT NULL,
  obligation_id bigint NOT NULL,
  payee_id bigint NULL,
  posting smallint NOT NULL CHECK (posting BETWEEN 0 AND 3),
  amount_cents bigint NOT NULL,
  withhold_cents bigint NOT NULL,
  hold_reason smallint NOT NULL,
  PRIMARY KEY (book_id, run_id, revision, obligation_id),
  FOREIGN KEY (book_id, run_id) REFERENCES payments.run (book_id, run_id),
  FOREIGN KEY (book_id, obligation_id) REFERENCES payments.obligation (book_id, obligation_id)
);

-- The content of one revision: each payee in it, with the bank account version that is paid.
CREATE TABLE payments.run_payee (
  book_id bigint NOT NULL,
  run_id bigint NOT NULL,
  revision integer NOT NULL,
  payee_id bigint NOT NULL,
  batch_no integer NOT NULL CHECK (batch_no >= 1),
  gross_cents bigint NOT NULL CHECK (gross_cents >= 0),
  withhold_cents bigint NOT NULL CHECK (withhold_cents >= 0),
  carried_cents bigint NOT NULL CHECK (carried_cents >= 0),
  recoup_cents bigint NOT NULL CHECK (recoup_cents >= 0),
  offset_cents bigint NOT NULL CHECK (offset_cents >= 0),
  net_cents bigint NOT NULL CHECK (net_cents >= 0),
  rail smallint NOT NULL CHECK (rail IN (0, 1)),
  account_id bigint NOT NULL,
  account_version integer NOT NULL,
  hold_reason smallint NOT NULL,
  hold_note text NOT NULL,
  PRIMARY KEY (book_id, run_id, revision, payee_id),
  FOREIGN KEY (book_id, run_id) REFERENCES payments.run (book_id, run_id),
  CHECK (net_cents = gross_cents - withhold_cents + carried_cents - offset_cents),
  CHECK (hold_reason <> 0 OR net_cents = 0 OR account_version >= 1)
);

-- A batch of payees whose journals are posted. Append-only; its key makes a second post impossible.
CREATE TABLE payments.run_batch (
  book_id bigint NOT NULL,
  run_id bigint NOT NULL,
  batch_no integer NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, run_id, batch_no),
  FOREIGN KEY (book_id, run_id) REFERENCES payments.run (book_id, run_id)
);

-- The guard of 5.3 once more: nobody approves what they edited.
CREATE FUNCTION payments.refuse_editor_approval() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM payments.run_editor AS e
             WHERE e.book_id = NEW.book_id AND e.run_id = NEW.run_id
               AND e.editor_id = NEW.approver_id) THEN
    RAISE EXCEPTION 'an editor of a run cannot approve it' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER run_approval_not_by_editor BEFORE INSERT ON payments.run_approval
  FOR EACH ROW EXECUTE FUNCTION payments.refuse_editor_approval();

GRANT SELECT, INSERT ON
  payments.cycle,
  payments.run,
  payments.run_event,
  payments.run_editor,
  payments.run_revision,
  payments.run_approval,
  payments.collected_award,
  payments.obligation,
  payments.run_line,
  payments.run_payee,
  payments.run_batch
  TO sluice_app;
GRANT UPDATE (state, version, revision, fence, hold_attempt, hold_expires_at)
  ON payments.run TO sluice_app;
GRANT UPDATE (state, payee_id, recognized) ON payments.obligation TO sluice_app;
GRANT SELECT ON
  payments.cycle,
  payments.run,
  payments.run_event,
  payments.run_editor,
  payments.run_revision,
  payments.run_approval,
  payments.collected_award,
  payments.obligation,
  payments.run_line,
  payments.run_payee,
  payments.run_batch
  TO sluice_files, sluice_verify;

ALTER TABLE payments.cycle ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.cycle FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.cycle
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));

ALTER TABLE payments.run ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.run FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.run
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));

ALTER TABLE payments.run_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.run_event FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.run_event
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));

ALTER TABLE payments.run_editor ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.run_editor FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.run_editor
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));

ALTER TABLE payments.run_revision ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.run_revision FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.run_revision
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));

ALTER TABLE payments.run_approval ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.run_approval FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.run_approval
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));

ALTER TABLE payments.collected_award ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.collected_award FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.collected_award
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));

ALTER TABLE payments.obligation ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.obligation FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.obligation
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));

ALTER TABLE payments.run_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.run_line FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.run_line
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));

ALTER TABLE payments.run_payee ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.run_payee FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.run_payee
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));

ALTER TABLE payments.run_batch ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.run_batch FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.run_batch
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
