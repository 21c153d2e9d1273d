-- That a bank account is good and is the payee's: proofs, who approved, the hold of a change, the
-- notices that tell of it, the alerts that ask about it, and the directory of institutions.
-- Source: LEDGER_RELIABILITY_SECURITY 8.3, FORMATS 1 and 4, PRODUCT M12.

-- The directory of routing numbers, as the payer last imported it. By payer: it is licensed.
CREATE TABLE payments.institution_import (
  payer_id bigint NOT NULL,
  import_id bigint NOT NULL,
  as_of date NOT NULL,
  source_name text NOT NULL,
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  row_count integer NOT NULL CHECK (row_count > 0),
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, import_id),
  UNIQUE (payer_id, sha256)
);
-- routing 0: the Federal Reserve itself, 1: entries go here, 2: entries go to new_routing_number.
CREATE TABLE payments.institution (
  payer_id bigint NOT NULL,
  import_id bigint NOT NULL,
  routing_number text NOT NULL CHECK (routing_number ~ '^[0-9]{9}$'),
  routing smallint NOT NULL CHECK (routing BETWEEN 0 AND 2),
  new_routing_number text NOT NULL CHECK (new_routing_number ~ '^([0-9]{9})?$'),
  name text NOT NULL CHECK (name <> ''),
  city text NOT NULL,
  state text NOT NULL,
  changed_on date NULL,
  PRIMARY KEY (payer_id, import_id, routing_number),
  FOREIGN KEY (payer_id, import_id) REFERENCES payments.institution_import (payer_id, import_id),
  CHECK ((routing = 2) = (new_routing_number <> ''))
);

-- What proved a version, each time it was. kind: enrollment/account_proof.h. Append-only.
CREATE TABLE payments.bank_account_proof (
  payer_id bigint NOT NULL,
  account_id bigint NOT NULL,
  version integer NOT NULL,
  proof_no integer NOT NULL CHECK (proof_no >= 1),
  payee_id bigint NOT NULL REFERENCES payments.payee (payee_id),
  kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 4),
  detail text NOT NULL CHECK (detail <> ''),
  proved_on date NOT NULL,
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, account_id, version, proof_no),
  FOREIGN KEY (payer_id, account_id, version)
    REFERENCES payments.bank_account (payer_id, account_id, version)
);

-- A version is approved and active (states 2 and 3) only with a proof and an approver, who is
-- another person than who submitted it, unless it is a first account of low risk.
ALTER TABLE payments.bank_account
  ADD COLUMN institution_name text NOT NULL DEFAULT '',
  ADD COLUMN holder_name text NOT NULL DEFAULT '',
  ADD COLUMN is_first boolean NOT NULL DEFAULT false,
  ADD COLUMN risk_score smallint NOT NULL DEFAULT 0 CHECK (risk_score >= 0),
  ADD COLUMN risk_reasons text NOT NULL DEFAULT '',
  ADD COLUMN needs_second boolean NOT NULL DEFAULT true,
  ADD COLUMN proof_no integer NULL,
  ADD COLUMN approved_by bigint NULL,
  ADD COLUMN hold_until date NULL,
  ADD CONSTRAINT bank_account_proof_of FOREIGN KEY (payer_id, account_id, version, proof_no)
    REFERENCES payments.bank_account_proof (payer_id, account_id, version, proof_no),
  ADD CONSTRAINT bank_account_second_of_change CHECK (is_first OR needs_second),
  ADD CONSTRAINT bank_account_proved CHECK (state NOT IN (2, 3) OR proof_no IS NOT NULL) NOT VALID,
  ADD CONSTRAINT bank_account_approved
    CHECK (state NOT IN (2, 3) OR approved_by IS NOT NULL) NOT VALID,
  ADD CONSTRAINT bank_account_second_person
    CHECK (NOT needs_second OR approved_by IS NULL OR approved_by <> submitted_by);
ALTER TABLE payments.bank_account
  ALTER COLUMN institution_name DROP DEFAULT,
  ALTER COLUMN holder_name DROP DEFAULT,
  ALTER COLUMN is_first DROP DEFAULT,
  ALTER COLUMN risk_score DROP DEFAULT,
  ALTER COLUMN risk_reasons DROP DEFAULT,
  ALTER COLUMN needs_second DROP DEFAULT;

-- For a person to look at. kind: 1 one account at several payees, 2 nobody to tell of a change,
-- 3 contacts changed shortly before it.
CREATE TABLE payments.bank_account_alert (
  payer_id bigint NOT NULL,
  alert_id bigint NOT NULL,
  kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 3),
  payee_id bigint NOT NULL REFERENCES payments.payee (payee_id),
  account_id bigint NOT NULL,
  version integer NOT NULL,
  other_payee_id bigint NULL,
  detail text NOT NULL CHECK (detail <> ''),
  raised_at timestamptz NOT NULL,
  cleared_by bigint NULL,
  cleared_at timestamptz NULL,
  clear_note text NOT NULL,
  PRIMARY KEY (payer_id, alert_id),
  FOREIGN KEY (payer_id, account_id, version)
    REFERENCES payments.bank_account (payer_id, account_id, version),
  CHECK ((cleared_by IS NULL) = (cleared_at IS NULL) AND (cleared_by IS NULL) = (clear_note = ''))
);

-- Messages to payees, to be sent by whoever sends mail. Written with what they tell of, to the
-- addresses that were known before it. state: 0 waits, 1 sent, 2 could not be sent.
CREATE TABLE payments.payee_notice (
  payer_id bigint NOT NULL,
  notice_id bigint NOT NULL,
  payee_id bigint NOT NULL REFERENCES payments.payee (payee_id),
  account_id bigint NOT NULL,
  version integer NOT NULL,
  channel smallint NOT NULL CHECK (channel IN (1, 2)),
  address text NOT NULL CHECK (address <> ''),
  recipient text NOT NULL,
  body text NOT NULL CHECK (body <> ''),
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 2),
  recorded_at timestamptz NOT NULL,
  moved_at timestamptz NULL,
  PRIMARY KEY (payer_id, notice_id),
  UNIQUE (payer_id, account_id, version, channel, address),
  FOREIGN KEY (payer_id, account_id, version)
    REFERENCES payments.bank_account (payer_id, account_id, version),
  CHECK ((state = 0) = (moved_at IS NULL))
);

GRANT SELECT, INSERT ON payments.institution_import, payments.institution,
  payments.bank_account_proof, payments.bank_account_alert, payments.payee_notice TO sluice_app;
GRANT UPDATE (proof_no, approved_by, hold_until) ON payments.bank_account TO sluice_app;
GRANT UPDATE (cleared_by, cleared_at, clear_note) ON payments.bank_account_alert TO sluice_app;
GRANT UPDATE (state, moved_at) ON payments.payee_notice TO sluice_app;
GRANT SELECT ON payments.institution_import, payments.institution, payments.bank_account_proof,
  payments.bank_account_alert, payments.payee_notice TO sluice_verify;
GRANT SELECT ON payments.bank_account_proof TO sluice_files;

ALTER TABLE payments.institution_import ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.institution_import FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.institution_import
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.institution ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.institution FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.institution
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.bank_account_proof ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.bank_account_proof FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.bank_account_proof
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.bank_account_alert ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.bank_account_alert FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.bank_account_alert
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.payee_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.payee_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.payee_notice
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
