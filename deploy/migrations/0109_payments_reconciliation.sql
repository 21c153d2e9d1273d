-- Lines of a bank statement that people deal with: who looks after one, and what it is split into.
-- And what payees say of their payments: found in their own bank, or not yet.
-- Source: LEDGER_RELIABILITY_SECURITY 2.3 (what must clear has an owner), 2.4; PRODUCT Q11.

-- Kinds 6 to 11: another line, bank fee, interest, refund, overpayment, pool (bank_match.h).
ALTER TABLE payments.bank_line_match
  DROP CONSTRAINT bank_line_match_kind_known,
  ADD CONSTRAINT bank_line_match_kind_known CHECK (kind BETWEEN 1 AND 11);

-- Who looks after an open line; the newest row counts. Append-only.
CREATE TABLE payments.bank_line_owner (
  book_id bigint NOT NULL,
  line_id bigint NOT NULL,
  seq_no integer NOT NULL CHECK (seq_no >= 1),
  owner_id bigint NOT NULL,
  note text NOT NULL,
  assigned_by bigint NOT NULL,
  assigned_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, line_id, seq_no),
  FOREIGN KEY (book_id, line_id) REFERENCES payments.bank_line (book_id, line_id)
);

-- What a person says a line is. state: 0 waits for another person, 1 posted, 2 rejected.
CREATE TABLE payments.line_split (
  book_id bigint NOT NULL,
  split_id bigint NOT NULL,
  line_id bigint NOT NULL,
  two_people boolean NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  requested_by bigint NOT NULL,
  requested_at timestamptz NOT NULL,
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 2),
  decided_by bigint NULL,
  decided_at timestamptz NULL,
  decision text NOT NULL,
  PRIMARY KEY (book_id, split_id),
  UNIQUE (book_id, split_id, two_people),
  FOREIGN KEY (book_id, line_id) REFERENCES payments.bank_line (book_id, line_id),
  CONSTRAINT line_split_two_people
    CHECK (NOT two_people OR state <> 1 OR decided_by <> requested_by),
  CHECK ((state = 0) = (decided_by IS NULL)),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL))
);
-- One that waits or was posted for a line.
CREATE UNIQUE INDEX line_split_once ON payments.line_split (book_id, line_id) WHERE state <> 2;

-- Its parts: kind as in bank_line_match, reference as the person gave it. Parts that move money of
-- a pool or a payee (7 to 11) only in a split by two people. Append-only.
CREATE TABLE payments.line_split_part (
  book_id bigint NOT NULL,
  split_id bigint NOT NULL,
  part_no integer NOT NULL CHECK (part_no >= 1),
  two_people boolean NOT NULL,
  kind smallint NOT NULL CHECK (kind IN (1, 2, 5, 6, 7, 8, 9, 10, 11)),
  reference text NOT NULL CHECK (reference <> ''),
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  PRIMARY KEY (book_id, split_id, part_no),
  FOREIGN KEY (book_id, split_id, two_people)
    REFERENCES payments.line_split (book_id, split_id, two_people),
  CONSTRAINT line_split_part_two_people CHECK (kind <= 6 OR two_people)
);

-- A payee's own marker of a payment; the newest row counts, a payment without one is pending.
-- Append-only.
CREATE TABLE payments.payment_mark (
  book_id bigint NOT NULL,
  disbursement_id bigint NOT NULL,
  seq_no integer NOT NULL CHECK (seq_no >= 1),
  reconciled boolean NOT NULL,
  note text NOT NULL,
  marked_by bigint NOT NULL,
  marked_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, disbursement_id, seq_no),
  FOREIGN KEY (book_id, disbursement_id)
    REFERENCES payments.disbursement (book_id, disbursement_id)
);

GRANT SELECT, INSERT ON payments.bank_line_owner, payments.line_split, payments.line_split_part,
  payments.payment_mark TO sluice_app;
GRANT UPDATE (state, decided_by, decided_at, decision) ON payments.line_split TO sluice_app;
GRANT SELECT ON payments.bank_line_owner, payments.line_split, payments.line_split_part,
  payments.payment_mark TO sluice_verify;

ALTER TABLE payments.bank_line_owner ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.bank_line_owner FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.bank_line_owner
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.line_split ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.line_split FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.line_split
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.line_split_part ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.line_split_part FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.line_split_part
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.payment_mark ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.payment_mark FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.payment_mark
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
