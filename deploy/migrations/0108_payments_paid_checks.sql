-- Lines of a bank statement that pay a check (BAI2 475).
-- Source: FORMATS 10.2, PRODUCT R06, LEDGER_RELIABILITY_SECURITY 2.4 (SETTLE per check).

-- Kind 5: the check that a line paid; target_id is its payment. A check is paid by one line.
ALTER TABLE payments.bank_line_match
  DROP CONSTRAINT bank_line_match_kind_known,
  ADD CONSTRAINT bank_line_match_kind_known CHECK (kind BETWEEN 1 AND 5);
CREATE UNIQUE INDEX bank_line_match_check_once ON payments.bank_line_match (book_id, target_id)
  WHERE kind = 5;

-- The number of a check that was paid is part of what makes its line a fact.
ALTER TABLE payments.bank_line
  DROP CONSTRAINT bank_line_book_id_bank_account_id_as_of_type_code_direction_key;
CREATE UNIQUE INDEX bank_line_fact ON payments.bank_line (book_id, bank_account_id, as_of,
  type_code, direction, amount_cents, bank_reference, occurrence)
  WHERE type_code <> '475';
CREATE UNIQUE INDEX bank_line_check_fact ON payments.bank_line (book_id, bank_account_id, as_of,
  type_code, direction, amount_cents, bank_reference, customer_reference, occurrence)
  WHERE type_code = '475';

-- State 1: paid. Once, and by a journal.
ALTER TABLE payments.check_event
  ADD CONSTRAINT check_event_paid_by_journal CHECK (state <> 1 OR journal_id IS NOT NULL);
CREATE UNIQUE INDEX check_event_paid_once
  ON payments.check_event (book_id, bank_account_id, check_number)
  WHERE state = 1;
