-- Payees, their bank accounts, the vault, and the pools of a book.
-- Source: LEDGER_RELIABILITY_SECURITY 8.1, 8.3, 8.5.

-- Reference: one payee per party and payer.
CREATE TABLE payments.payee (
  payee_id bigint PRIMARY KEY,
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  party_id bigint NOT NULL,
  kind smallint NOT NULL CHECK (kind IN (0, 1)),
  name text NOT NULL CHECK (name <> ''),
  tin text NOT NULL CHECK (tin ~ '^[0-9]{9}$'),
  npi text NOT NULL CHECK (npi ~ '^([0-9]{10})?$'),
  provider boolean NOT NULL,
  street text NOT NULL,
  city text NOT NULL,
  state text NOT NULL,
  zip text NOT NULL,
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  UNIQUE (payer_id, party_id)
);

-- By payer. One row per version; the number itself is in bank_account_secret.
CREATE TABLE payments.bank_account (
  payer_id bigint NOT NULL,
  account_id bigint NOT NULL,
  version integer NOT NULL CHECK (version >= 1),
  payee_id bigint NOT NULL REFERENCES payments.payee (payee_id),
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 6),
  ownership smallint NOT NULL CHECK (ownership IN (0, 1)),
  kind smallint NOT NULL CHECK (kind IN (0, 1)),
  last4 text NOT NULL CHECK (length(last4) <= 4),
  effective_from date NOT NULL,
  submitted_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, account_id, version)
);
-- At most one version of a payee is paid at any time.
CREATE UNIQUE INDEX bank_account_active
  ON payments.bank_account (payer_id, payee_id) WHERE state = 3;
CREATE INDEX bank_account_payee ON payments.bank_account (payer_id, payee_id);

-- Who moved a version to which state, when and why. Append-only.
CREATE TABLE payments.bank_account_event (
  payer_id bigint NOT NULL,
  account_id bigint NOT NULL,
  version integer NOT NULL,
  event_no integer NOT NULL CHECK (event_no >= 1),
  payee_id bigint NOT NULL,
  state smallint NOT NULL,
  actor_id bigint NOT NULL,
  reason text NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, account_id, version, event_no),
  FOREIGN KEY (payer_id, account_id, version)
    REFERENCES payments.bank_account (payer_id, account_id, version)
);
CREATE INDEX bank_account_event_payee ON payments.bank_account_event (payer_id, payee_id);

-- Data keys, wrapped by the key-encryption key of the provider. purpose: 0 vault and files,
-- 1 blind index.
CREATE TABLE payments.data_key (
  payer_id bigint NOT NULL,
  key_id bigint NOT NULL,
  purpose smallint NOT NULL CHECK (purpose IN (0, 1)),
  kek_id text NOT NULL,
  wrapped bytea NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, key_id)
);
-- Two processes that start at once agree on one first key.
CREATE TABLE payments.data_key_current (
  payer_id bigint NOT NULL,
  purpose smallint NOT NULL,
  key_id bigint NOT NULL,
  PRIMARY KEY (payer_id, purpose),
  FOREIGN KEY (payer_id, key_id) REFERENCES payments.data_key (payer_id, key_id)
);

-- The vault. Append-only. sluice_app may insert and see everything but the sealed number.
CREATE TABLE payments.bank_account_secret (
  payer_id bigint NOT NULL,
  account_id bigint NOT NULL,
  version integer NOT NULL,
  wrap_seq integer NOT NULL CHECK (wrap_seq >= 1),
  payee_id bigint NOT NULL,
  alg smallint NOT NULL CHECK (alg = 1),
  key_id bigint NOT NULL,
  nonce bytea NOT NULL CHECK (octet_length(nonce) = 12),
  ciphertext bytea NOT NULL,
  tag bytea NOT NULL CHECK (octet_length(tag) = 16),
  index_key_id bigint NOT NULL,
  blind_index bytea NOT NULL CHECK (octet_length(blind_index) = 32),
  last4 text NOT NULL CHECK (length(last4) <= 4),
  PRIMARY KEY (payer_id, account_id, version, wrap_seq),
  UNIQUE (payer_id, key_id, nonce),
  FOREIGN KEY (payer_id, account_id, version)
    REFERENCES payments.bank_account (payer_id, account_id, version),
  FOREIGN KEY (payer_id, key_id) REFERENCES payments.data_key (payer_id, key_id)
);
CREATE INDEX bank_account_secret_blind
  ON payments.bank_account_secret (payer_id, blind_index);

-- By book. The balance of a pool is in the ledger.
CREATE TABLE payments.pool (
  book_id bigint NOT NULL REFERENCES payments.book (book_id),
  pool_id bigint NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  bank_account_id bigint NOT NULL,
  PRIMARY KEY (book_id, pool_id),
  UNIQUE (book_id, name)
);

-- Removing a sealed number is possible only where a newer wrapping of it exists (key rotation).
CREATE FUNCTION payments.refuse_secret_change() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
    SELECT 1 FROM payments.bank_account_secret AS s
    WHERE s.payer_id = OLD.payer_id AND s.account_id = OLD.account_id
      AND s.version = OLD.version AND s.wrap_seq > OLD.wrap_seq) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'payments.bank_account_secret is append-only' USING ERRCODE = '42501';
END
$$;
CREATE TRIGGER bank_account_secret_append_only
  BEFORE UPDATE OR DELETE ON payments.bank_account_secret
  FOR EACH ROW EXECUTE FUNCTION payments.refuse_secret_change();

GRANT SELECT, INSERT ON payments.payee, payments.bank_account, payments.bank_account_event,
  payments.data_key, payments.data_key_current, payments.pool TO sluice_app;
GRANT UPDATE (kind, name, tin, npi, provider, street, city, state, zip, recorded_by, recorded_at)
  ON payments.payee TO sluice_app;
GRANT UPDATE (state) ON payments.bank_account TO sluice_app;
GRANT INSERT ON payments.bank_account_secret TO sluice_app;
GRANT SELECT (payer_id, account_id, version, wrap_seq, payee_id, alg, key_id, index_key_id,
  blind_index, last4) ON payments.bank_account_secret TO sluice_app;

GRANT SELECT ON payments.payee, payments.bank_account, payments.data_key,
  payments.data_key_current, payments.pool, payments.bank_account_secret TO sluice_files;
GRANT SELECT ON payments.payee, payments.bank_account, payments.bank_account_event,
  payments.pool TO sluice_verify;

ALTER TABLE payments.payee ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.payee FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.payee
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.bank_account ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.bank_account FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.bank_account
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.bank_account_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.bank_account_event FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.bank_account_event
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.data_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.data_key FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.data_key
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.data_key_current ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.data_key_current FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.data_key_current
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.bank_account_secret ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.bank_account_secret FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.bank_account_secret
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.pool ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.pool FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.pool
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
