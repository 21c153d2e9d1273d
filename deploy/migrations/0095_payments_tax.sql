-- The tax file of payees: what a W-9 certifies, whether name and TIN match, backup withholding, the
-- form and box of a program, and the numbers that the law sets by year.
-- Source: FORMATS 10.4, PRODUCT R01.

-- The rest of the W-9. TIN: sealed, with its last four digits and a blind index; absent on forms of
-- which only the date is known. tin_kind, classification: tax_form.h.
ALTER TABLE payments.payee_tax_form
  ADD COLUMN legal_name text NOT NULL DEFAULT '',
  ADD COLUMN business_name text NOT NULL DEFAULT '',
  ADD COLUMN classification smallint NOT NULL DEFAULT 0 CHECK (classification BETWEEN 0 AND 6),
  ADD COLUMN exempt_code text NOT NULL DEFAULT '' CHECK (exempt_code ~ '^([1-9]|1[0-3])?$'),
  ADD COLUMN tin_kind smallint NOT NULL DEFAULT 0 CHECK (tin_kind IN (0, 1)),
  ADD COLUMN tin_last4 text NOT NULL DEFAULT '' CHECK (tin_last4 ~ '^([0-9]{4})?$'),
  ADD COLUMN blind_index bytea NULL CHECK (octet_length(blind_index) = 32),
  ADD COLUMN key_id bigint NULL,
  ADD COLUMN nonce bytea NULL CHECK (octet_length(nonce) = 12),
  ADD COLUMN ciphertext bytea NULL,
  ADD COLUMN tag bytea NULL CHECK (octet_length(tag) = 16),
  ADD CONSTRAINT payee_tax_form_sealed CHECK (
    (blind_index IS NULL) = (key_id IS NULL) AND (key_id IS NULL) = (nonce IS NULL)
    AND (nonce IS NULL) = (ciphertext IS NULL) AND (ciphertext IS NULL) = (tag IS NULL));
ALTER TABLE payments.payee_tax_form
  ALTER COLUMN legal_name DROP DEFAULT,
  ALTER COLUMN business_name DROP DEFAULT,
  ALTER COLUMN classification DROP DEFAULT,
  ALTER COLUMN exempt_code DROP DEFAULT,
  ALTER COLUMN tin_kind DROP DEFAULT,
  ALTER COLUMN tin_last4 DROP DEFAULT;

-- The service inserts sealed numbers and sees all but them.
REVOKE SELECT ON payments.payee_tax_form FROM sluice_app, sluice_verify;
GRANT SELECT (payee_id, payer_id, certified_on, recorded_by, recorded_at, legal_name,
  business_name, classification, exempt_code, tin_kind, tin_last4, blind_index)
  ON payments.payee_tax_form TO sluice_app, sluice_verify;
GRANT SELECT ON payments.payee_tax_form TO sluice_files;

-- What the authority answered to name and TIN of a form. code: tin_match.h. Append-only.
CREATE TABLE payments.tin_match (
  payer_id bigint NOT NULL,
  payee_id bigint NOT NULL REFERENCES payments.payee (payee_id),
  certified_on date NOT NULL,
  checked_on date NOT NULL,
  code smallint NOT NULL CHECK (code BETWEEN 0 AND 8),
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, payee_id, certified_on, checked_on)
);

-- From a notice until a second person ends it. reason: backup_withholding.h.
CREATE TABLE payments.backup_withholding (
  payer_id bigint NOT NULL,
  payee_id bigint NOT NULL REFERENCES payments.payee (payee_id),
  withholding_id bigint NOT NULL,
  reason smallint NOT NULL CHECK (reason BETWEEN 0 AND 3),
  note text NOT NULL CHECK (note <> ''),
  effective_from date NOT NULL,
  started_by bigint NOT NULL,
  started_at timestamptz NOT NULL,
  ended_from date NULL,
  ended_by bigint NULL,
  ended_at timestamptz NULL,
  end_note text NOT NULL,
  PRIMARY KEY (payer_id, payee_id, withholding_id),
  CHECK ((ended_from IS NULL) = (ended_by IS NULL) AND (ended_by IS NULL) = (ended_at IS NULL)),
  CHECK (ended_by IS NULL OR (ended_by <> started_by AND end_note <> '')),
  CHECK (ended_from >= effective_from)
);
-- One at a time.
CREATE UNIQUE INDEX backup_withholding_open
  ON payments.backup_withholding (payer_id, payee_id) WHERE ended_from IS NULL;

-- The form and box that a program's payments are reported in; role '': of all roles. Append-only.
CREATE TABLE payments.program_tax_box (
  book_id bigint NOT NULL REFERENCES payments.book (book_id),
  role text NOT NULL,
  effective_from date NOT NULL,
  form text NOT NULL,
  box smallint NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, role, effective_from),
  CHECK ((form, box) IN (('1099-MISC', 3), ('1099-MISC', 6), ('1099-NEC', 1)))
);

-- What the law sets, the same for every payer: only a migration adds to it.
CREATE TABLE payments.tax_parameter (
  effective_from date PRIMARY KEY,
  threshold_cents bigint NOT NULL CHECK (threshold_cents > 0),
  backup_millionths bigint NOT NULL CHECK (backup_millionths BETWEEN 0 AND 1000000),
  source text NOT NULL CHECK (source <> '')
);
INSERT INTO payments.tax_parameter (effective_from, threshold_cents, backup_millionths, source)
VALUES
  ('2018-01-01', 60000, 240000,
   '26 U.S.C. 6041(a); 26 U.S.C. 3406(a)(1) with 1(c), Public Law 115-97'),
  ('2026-01-01', 200000, 240000,
   '26 U.S.C. 6041(a) as amended for payments after 2025-12-31; rate unchanged');

-- What a run keeps back of a payee's payment for the tax authority.
ALTER TABLE payments.run_payee
  ADD COLUMN tax_cents bigint NOT NULL DEFAULT 0 CHECK (tax_cents >= 0),
  DROP CONSTRAINT run_payee_check,
  ADD CONSTRAINT run_payee_net CHECK (
    net_cents = gross_cents - withhold_cents + carried_cents - offset_cents - tax_cents),
  ADD CONSTRAINT run_payee_tax_of_paid CHECK (tax_cents = 0 OR hold_reason = 0);
ALTER TABLE payments.run_payee ALTER COLUMN tax_cents DROP DEFAULT;
-- The payments of a year.
CREATE INDEX disbursement_paid_on ON payments.disbursement (book_id, effective_date);

GRANT SELECT, INSERT ON payments.tin_match, payments.backup_withholding, payments.program_tax_box
  TO sluice_app;
GRANT UPDATE (ended_from, ended_by, ended_at, end_note) ON payments.backup_withholding
  TO sluice_app;
GRANT SELECT ON payments.tax_parameter TO sluice_app;
GRANT SELECT ON payments.tin_match, payments.backup_withholding, payments.program_tax_box,
  payments.tax_parameter TO sluice_verify;

ALTER TABLE payments.tin_match ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.tin_match FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.tin_match
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.backup_withholding ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.backup_withholding FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.backup_withholding
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.program_tax_box ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.program_tax_box FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.program_tax_box
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
