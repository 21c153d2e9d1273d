-- Money between pools under dual control, and the deposits that fund them.
-- Source: LEDGER_RELIABILITY_SECURITY 2.4 (FUND_POOL, POOL_TRANSFER), PRODUCT M01, M02.

-- state: 0 asked for, 1 posted, 2 rejected, 3 refused because the pool was short. One person asks,
-- another decides.
CREATE TABLE payments.pool_transfer (
  book_id bigint NOT NULL,
  transfer_id bigint NOT NULL,
  from_pool_id bigint NOT NULL,
  to_pool_id bigint NOT NULL,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  reason text NOT NULL CHECK (reason <> ''),
  requested_by bigint NOT NULL,
  requested_at timestamptz NOT NULL,
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 3),
  decided_by bigint NULL,
  decided_at timestamptz NULL,
  decision text NOT NULL,
  PRIMARY KEY (book_id, transfer_id),
  FOREIGN KEY (book_id, from_pool_id) REFERENCES payments.pool (book_id, pool_id),
  FOREIGN KEY (book_id, to_pool_id) REFERENCES payments.pool (book_id, pool_id),
  CONSTRAINT pool_transfer_between_two CHECK (from_pool_id <> to_pool_id),
  CONSTRAINT pool_transfer_two_people CHECK (decided_by <> requested_by),
  CHECK ((state = 0) = (decided_by IS NULL)),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL))
);

-- A deposit that the funder announced for a pool. state: 0 expected, 1 matched, 2 withdrawn.
CREATE TABLE payments.funding_instruction (
  book_id bigint NOT NULL,
  instruction_id bigint NOT NULL,
  pool_id bigint NOT NULL,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  expected_on date NOT NULL,
  reference text NOT NULL,
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 2),
  line_id bigint NULL,
  PRIMARY KEY (book_id, instruction_id),
  FOREIGN KEY (book_id, pool_id) REFERENCES payments.pool (book_id, pool_id),
  FOREIGN KEY (book_id, line_id) REFERENCES payments.bank_line (book_id, line_id),
  UNIQUE (book_id, line_id),
  CHECK ((state = 1) = (line_id IS NOT NULL))
);
CREATE INDEX funding_instruction_open ON payments.funding_instruction (book_id, state);

-- Kind 4: the funding instruction that a deposit fulfills.
ALTER TABLE payments.bank_line_match
  DROP CONSTRAINT bank_line_match_kind_check,
  ADD CONSTRAINT bank_line_match_kind_known CHECK (kind BETWEEN 1 AND 4);

GRANT SELECT, INSERT ON payments.pool_transfer, payments.funding_instruction TO sluice_app;
GRANT UPDATE (state, decided_by, decided_at, decision) ON payments.pool_transfer TO sluice_app;
GRANT UPDATE (state, line_id) ON payments.funding_instruction TO sluice_app;
GRANT SELECT ON payments.pool_transfer, payments.funding_instruction TO sluice_verify;

ALTER TABLE payments.pool_transfer ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.pool_transfer FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.pool_transfer
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.funding_instruction ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.funding_instruction FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.funding_instruction
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
