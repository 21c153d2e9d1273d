-- Returns that the banks dispute: un-applied when dishonored, applied again when contested.
-- Source: FORMATS 6 (R61 to R77).

-- State 3: un-applied.
ALTER TABLE payments.returned_payment
  DROP CONSTRAINT returned_payment_state_check,
  ADD CONSTRAINT returned_payment_state_check CHECK (state BETWEEN 0 AND 3);

-- Each time it was un-applied (applied false) or applied again, by two people. Append-only.
CREATE TABLE payments.return_dispute (
  book_id bigint NOT NULL,
  disbursement_id bigint NOT NULL,
  seq_no integer NOT NULL CHECK (seq_no >= 1),
  applied boolean NOT NULL,
  journal_id uuid NOT NULL,
  note text NOT NULL CHECK (note <> ''),
  decided_by bigint NOT NULL,
  second_by bigint NOT NULL,
  decided_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, disbursement_id, seq_no),
  FOREIGN KEY (book_id, disbursement_id)
    REFERENCES payments.returned_payment (book_id, disbursement_id),
  CONSTRAINT return_dispute_two_people CHECK (second_by <> decided_by),
  CONSTRAINT return_dispute_turns CHECK (applied = (seq_no % 2 = 0))
);

-- Kind 12: the bank takes back what it had credited for a return that is un-applied.
ALTER TABLE payments.bank_line_match
  DROP CONSTRAINT bank_line_match_kind_known,
  ADD CONSTRAINT bank_line_match_kind_known CHECK (kind BETWEEN 1 AND 12);

GRANT SELECT, INSERT ON payments.return_dispute TO sluice_app;
GRANT SELECT ON payments.return_dispute TO sluice_verify;

ALTER TABLE payments.return_dispute ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.return_dispute FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.return_dispute
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
