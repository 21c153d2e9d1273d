-- How a program pays, by version: minimum, limits, holds and approvals. A version holds from its date
-- until the next. Append-only. Source: PRODUCT M06.

CREATE TABLE payments.payment_rules (
  book_id bigint NOT NULL REFERENCES payments.book (book_id),
  version integer NOT NULL CHECK (version >= 1),
  effective_from date NOT NULL,
  minimum_cents bigint NOT NULL CHECK (minimum_cents >= 0),
  ach_limit_cents bigint NOT NULL CHECK (ach_limit_cents BETWEEN 1 AND 9999999999),
  offset_millionths bigint NOT NULL CHECK (offset_millionths BETWEEN 0 AND 1000000),
  require_onboarding boolean NOT NULL,
  three_from_cents bigint NULL CHECK (three_from_cents > 0),
  four_from_cents bigint NULL CHECK (four_from_cents > 0),
  approval_banking_days integer NOT NULL CHECK (approval_banking_days BETWEEN 1 AND 60),
  reason text NOT NULL CHECK (reason <> ''),
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, version)
);

GRANT SELECT, INSERT ON payments.payment_rules TO sluice_app;
GRANT SELECT ON payments.payment_rules TO sluice_verify;

ALTER TABLE payments.payment_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.payment_rules FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.payment_rules
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
