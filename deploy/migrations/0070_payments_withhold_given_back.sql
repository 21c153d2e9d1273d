-- What is owed takes its part of an earlier withhold with it: a negative amount may have a negative
-- withhold, which the payee's reserve gives back.
-- Source: LEDGER_RELIABILITY_SECURITY 2.4, RESTATE_WITHHOLD.

ALTER TABLE payments.obligation
  DROP CONSTRAINT obligation_withhold_cents_check,
  DROP CONSTRAINT obligation_check,
  ADD CONSTRAINT obligation_withhold_of_amount
    CHECK (withhold_cents BETWEEN LEAST(amount_cents, 0) AND GREATEST(amount_cents, 0));
