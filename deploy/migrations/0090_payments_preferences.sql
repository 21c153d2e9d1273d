-- How payees want to be paid and told: by program, location, NPI and TIN, with its history.
-- Source: PRODUCT M11, H08, Q08.

-- One row per wish, never changed: a later one of the same four levels replaces it. program_id 0,
-- location_id 0 and npi '': at that level for all. payee_id none: whoever is the payee anyway.
-- method, delivery: routing/preference.h. A card needs the words of who asked for it.
CREATE TABLE payments.payment_preference (
  payer_id bigint NOT NULL,
  preference_id bigint NOT NULL,
  tin text NOT NULL CHECK (tin ~ '^[0-9]{9}$'),
  program_id bigint NOT NULL,
  location_id bigint NOT NULL,
  npi text NOT NULL CHECK (npi ~ '^([0-9]{10})?$'),
  payee_id bigint NULL REFERENCES payments.payee (payee_id),
  method smallint NOT NULL CHECK (method BETWEEN 0 AND 2),
  delivery smallint NOT NULL CHECK (delivery BETWEEN 0 AND 4),
  card_opt_in text NOT NULL,
  effective_from date NOT NULL,
  withdrawn boolean NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, preference_id),
  UNIQUE (payer_id, preference_id, recorded_by),
  CHECK ((method = 2) = (card_opt_in <> '')),
  CHECK (NOT withdrawn OR (payee_id IS NULL AND method = 0))
);
CREATE INDEX payment_preference_tin ON payments.payment_preference (payer_id, tin);

-- A wish that names another payee moves money: it counts only once a second person confirmed it.
CREATE TABLE payments.payment_preference_confirmation (
  payer_id bigint NOT NULL,
  preference_id bigint NOT NULL,
  recorded_by bigint NOT NULL,
  confirmed_by bigint NOT NULL,
  confirmed_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, preference_id),
  FOREIGN KEY (payer_id, preference_id, recorded_by)
    REFERENCES payments.payment_preference (payer_id, preference_id, recorded_by),
  CHECK (confirmed_by <> recorded_by)
);

-- Whose the share is without any preference, where a preference gave it to another payee.
ALTER TABLE payments.obligation ADD COLUMN routed_from bigint NULL;

-- How the payee is paid and told, and the preference that says so (0: none does).
-- rail: 0 none, 1 ACH, 2 check, 3 card. Only ACH needs an account.
ALTER TABLE payments.run_payee
  ADD COLUMN method smallint NOT NULL DEFAULT 0 CHECK (method BETWEEN 0 AND 2),
  ADD COLUMN delivery smallint NOT NULL DEFAULT 0 CHECK (delivery BETWEEN 0 AND 4),
  ADD COLUMN preference_id bigint NOT NULL DEFAULT 0,
  DROP CONSTRAINT run_payee_rail_check,
  ADD CONSTRAINT run_payee_rail_check CHECK (rail BETWEEN 0 AND 3),
  DROP CONSTRAINT run_payee_check1,
  ADD CONSTRAINT run_payee_account_of_paid
    CHECK (hold_reason <> 0 OR net_cents = 0 OR rail > 1 OR account_version >= 1);
ALTER TABLE payments.run_payee
  ALTER COLUMN method DROP DEFAULT,
  ALTER COLUMN delivery DROP DEFAULT,
  ALTER COLUMN preference_id DROP DEFAULT;
ALTER TABLE payments.disbursement
  DROP CONSTRAINT disbursement_rail_check,
  ADD CONSTRAINT disbursement_rail_check CHECK (rail BETWEEN 0 AND 3);

GRANT SELECT, INSERT ON payments.payment_preference, payments.payment_preference_confirmation
  TO sluice_app;
GRANT UPDATE (routed_from) ON payments.obligation TO sluice_app;
GRANT SELECT ON payments.payment_preference, payments.payment_preference_confirmation
  TO sluice_files, sluice_verify;

ALTER TABLE payments.payment_preference ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.payment_preference FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.payment_preference
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.payment_preference_confirmation ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.payment_preference_confirmation FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.payment_preference_confirmation
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
