-- The second factor of built-in accounts: codes that follow from a secret and the time (RFC 6238).
-- Source: LEDGER_RELIABILITY_SECURITY 8.6.

-- sealed: the secret, by AES-256-GCM under a key of the service, bound to payer and user; without it
-- nobody is asked for a code yet. last_step: of the last code that was taken, so that none is taken
-- twice. pending_*: a secret whose first code has not been seen; it takes the place of the other one
-- once it has.
CREATE TABLE core.user_factor (
  payer_id bigint NOT NULL,
  user_id bigint NOT NULL,
  sealed bytea NULL,
  confirmed_at timestamptz NULL,
  last_step bigint NOT NULL CHECK (last_step >= 0),
  pending_sealed bytea NULL,
  pending_at timestamptz NULL,
  PRIMARY KEY (payer_id, user_id),
  FOREIGN KEY (payer_id, user_id) REFERENCES core.app_user (payer_id, user_id),
  CONSTRAINT factor_confirmed CHECK ((sealed IS NULL) = (confirmed_at IS NULL)),
  CONSTRAINT factor_pending CHECK ((pending_sealed IS NULL) = (pending_at IS NULL))
);

ALTER TABLE core.user_factor ENABLE ROW LEVEL SECURITY;
ALTER TABLE core.user_factor FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON core.user_factor
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
GRANT SELECT, INSERT ON core.user_factor TO sluice_app;
GRANT UPDATE (sealed, confirmed_at, last_step, pending_sealed, pending_at)
  ON core.user_factor TO sluice_app;
