-- Passwords of built-in accounts, and what is kept of the answer to a call.
-- Source: LEDGER_RELIABILITY_SECURITY 3.1, 8.6.

-- A person who signs in here and not at an issuer. verifier: Argon2id in its text form, never the
-- password. failures: since the last sign-in that succeeded; locked_until: no password is looked at
-- before it.
CREATE TABLE core.user_password (
  payer_id bigint NOT NULL,
  user_id bigint NOT NULL,
  verifier text NOT NULL CHECK (verifier LIKE '$argon2id$%'),
  changed_at timestamptz NOT NULL,
  failures integer NOT NULL CHECK (failures >= 0),
  locked_until timestamptz NULL,
  PRIMARY KEY (payer_id, user_id),
  FOREIGN KEY (payer_id, user_id) REFERENCES core.app_user (payer_id, user_id)
);

-- The outcome of a call by its request id (core.request) is written in the transaction of the
-- effect, so that the same id never has an effect twice; a refusal that depended on state is kept as
-- well, so that an id that failed stays failed. body_hash: keyed; body: without what goes only in,
-- to say what differs; code: of gRPC; answer: the message for 0, else a google.rpc.Status.
ALTER TABLE core.request
  ADD COLUMN body bytea NOT NULL DEFAULT '',
  ADD COLUMN code smallint NOT NULL DEFAULT 0 CHECK (code BETWEEN 0 AND 16);
ALTER TABLE core.request
  ALTER COLUMN body DROP DEFAULT,
  ALTER COLUMN code DROP DEFAULT;

ALTER TABLE core.user_password ENABLE ROW LEVEL SECURITY;
ALTER TABLE core.user_password FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON core.user_password
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
GRANT SELECT, INSERT ON core.user_password TO sluice_app;
GRANT UPDATE (verifier, changed_at, failures, locked_until) ON core.user_password TO sluice_app;
