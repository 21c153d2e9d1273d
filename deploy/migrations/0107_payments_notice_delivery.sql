-- Notices of offsets and of test deposits beside those of account changes, and what became of each
-- message. Source: LEDGER_RELIABILITY_SECURITY 8.3; PRODUCT P10, P17, M12.

-- kind: 1 account change, 2 offset, 3 test deposits. state: 0 waits, 1 sent, 2 failed, 3 sending,
-- 4 unknown. An offset names the run that made it, and the days of notice that begin when it is
-- sent; everything else an account. detail: what is known of the last attempt, without an address.
ALTER TABLE payments.payee_notice
  ALTER COLUMN account_id DROP NOT NULL,
  ALTER COLUMN version DROP NOT NULL,
  ADD COLUMN kind smallint NOT NULL DEFAULT 1 CHECK (kind BETWEEN 1 AND 3),
  ADD COLUMN book_id bigint NULL,
  ADD COLUMN run_id bigint NULL,
  ADD COLUMN notice_days integer NULL CHECK (notice_days >= 0),
  ADD COLUMN detail text NOT NULL DEFAULT '',
  DROP CONSTRAINT payee_notice_payer_id_account_id_version_channel_address_key,
  DROP CONSTRAINT payee_notice_state_check,
  ADD CONSTRAINT payee_notice_state_known CHECK (state BETWEEN 0 AND 4),
  ADD CONSTRAINT payee_notice_of_account
    CHECK ((kind = 2) = (account_id IS NULL) AND (account_id IS NULL) = (version IS NULL)),
  ADD CONSTRAINT payee_notice_of_run
    CHECK ((kind = 2) = (run_id IS NOT NULL) AND (run_id IS NULL) = (book_id IS NULL)
      AND (run_id IS NULL) = (notice_days IS NULL));
ALTER TABLE payments.payee_notice
  ALTER COLUMN kind DROP DEFAULT,
  ALTER COLUMN detail DROP DEFAULT;

-- One cause is told to an address once.
CREATE UNIQUE INDEX payee_notice_account_once
  ON payments.payee_notice (payer_id, kind, account_id, version, channel, address) WHERE kind <> 2;
CREATE UNIQUE INDEX payee_notice_offset_once
  ON payments.payee_notice (payer_id, book_id, run_id, payee_id, channel, address) WHERE kind = 2;
CREATE INDEX payee_notice_open ON payments.payee_notice (payer_id, state, notice_id);

GRANT UPDATE (detail) ON payments.payee_notice TO sluice_app;
