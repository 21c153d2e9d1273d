-- Enrollments for EFT and ERA as payees sent them, with the data elements of the CORE forms.
-- Source: FORMATS 9, PRODUCT 5.6.

-- reason: 1 new, 2 change, 3 cancel. linkage: 1 TIN, 2 NPI, of the account and of the ERA alike.
-- account_id, version: the version that it brought, or stopped. Append-only.
CREATE TABLE payments.eft_enrollment (
  payer_id bigint NOT NULL,
  enrollment_id bigint NOT NULL,
  payee_id bigint NOT NULL REFERENCES payments.payee (payee_id),
  reason smallint NOT NULL CHECK (reason BETWEEN 1 AND 3),
  linkage smallint NOT NULL CHECK (linkage IN (1, 2)),
  account_id bigint NOT NULL,
  version integer NOT NULL,
  with_era boolean NOT NULL,
  submitted_on date NOT NULL,
  fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, enrollment_id),
  FOREIGN KEY (payer_id, account_id, version)
    REFERENCES payments.bank_account (payer_id, account_id, version)
);
CREATE INDEX eft_enrollment_payee ON payments.eft_enrollment (payer_id, payee_id);

-- The elements by name (enrollment/eft_enrollment.h). Numbers of accounts and taxpayers are not
-- among them: the vault has the one, the payee and its W-9 the other. Append-only.
CREATE TABLE payments.eft_enrollment_field (
  payer_id bigint NOT NULL,
  enrollment_id bigint NOT NULL,
  field text NOT NULL CHECK (field ~ '^[a-z0-9_]+$'),
  value text NOT NULL CHECK (value <> ''),
  PRIMARY KEY (payer_id, enrollment_id, field),
  FOREIGN KEY (payer_id, enrollment_id)
    REFERENCES payments.eft_enrollment (payer_id, enrollment_id),
  CHECK (field NOT IN ('account_number', 'tin'))
);

GRANT SELECT, INSERT ON payments.eft_enrollment, payments.eft_enrollment_field TO sluice_app;
GRANT SELECT ON payments.eft_enrollment, payments.eft_enrollment_field TO sluice_verify;

ALTER TABLE payments.eft_enrollment ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.eft_enrollment FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.eft_enrollment
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.eft_enrollment_field ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.eft_enrollment_field FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.eft_enrollment_field
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
