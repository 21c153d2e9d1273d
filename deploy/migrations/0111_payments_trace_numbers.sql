-- The whole trace number of an ACH entry, as its statement shows it and a bank asks for it: the
-- first eight digits of the ODFI and the sequence in seven. None on entries that were built before.
-- Source: FORMATS 2 (positions 80-94), PRODUCT Q12.

ALTER TABLE payments.file_entry
  ADD COLUMN odfi text NULL CONSTRAINT file_entry_odfi_digits CHECK (odfi ~ '^[0-9]{8}$');
