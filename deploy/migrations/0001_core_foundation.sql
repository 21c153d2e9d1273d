-- Schemas, roles, the reference tables that everything else leans on, and request ids.
--
-- Row-level security: a transaction sees the rows of the payer in sluice.payer_id and no others;
-- unset means none. Tables led by book_id or contract_id inherit it through payments.book and
-- performance.contract, whose own policies carry the payer.

DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['sluice_owner', 'sluice_app', 'sluice_files', 'sluice_verify']
  LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;  -- another database's migration made it
    END;
  END LOOP;
  -- A managed server's administrator is no superuser and must be a member to act as the owner.
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
     AND NOT pg_has_role(current_user, 'sluice_owner', 'MEMBER') THEN
    EXECUTE format('GRANT sluice_owner TO %I', current_user);
  END IF;
END
$$;

CREATE SCHEMA core AUTHORIZATION sluice_owner;
CREATE SCHEMA hierarchy AUTHORIZATION sluice_owner;
CREATE SCHEMA performance AUTHORIZATION sluice_owner;
CREATE SCHEMA payments AUTHORIZATION sluice_owner;

SET LOCAL ROLE sluice_owner;

GRANT USAGE ON SCHEMA core, hierarchy, performance, payments
  TO sluice_app, sluice_files, sluice_verify;

-- Which migrations this database has. Written by the migrator alone.
CREATE TABLE core.migration (
  number integer NOT NULL PRIMARY KEY,
  name text NOT NULL,
  checksum bytea NOT NULL,  -- SHA-256 of the file
  applied_at timestamptz NOT NULL,
  CONSTRAINT migration_number CHECK (number > 0),
  CONSTRAINT migration_checksum CHECK (octet_length(checksum) = 32)
);
GRANT SELECT ON core.migration TO sluice_app, sluice_files, sluice_verify;

-- A health plan that uses the system: the tenant.
CREATE TABLE core.payer (
  payer_id bigint NOT NULL PRIMARY KEY,
  name text NOT NULL,
  tin text NOT NULL,
  CONSTRAINT payer_name CHECK (name <> ''),
  CONSTRAINT payer_tin CHECK (tin ~ '^[0-9]{9}$')
);
ALTER TABLE core.payer ENABLE ROW LEVEL SECURITY;
ALTER TABLE core.payer FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON core.payer
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
GRANT SELECT, INSERT ON core.payer TO sluice_app;
GRANT SELECT ON core.payer TO sluice_files, sluice_verify;

-- A payer's program, for instance "MA quality incentive 2026". `stream` is the kind of its payments
-- and names the remittance code (FORMATS); `book_id` is the ledger book of its money.
CREATE TABLE performance.program (
  program_id bigint NOT NULL PRIMARY KEY,
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  name text NOT NULL,
  stream text NOT NULL,
  lan_category text NOT NULL,
  book_id bigint NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT program_of_payer UNIQUE (payer_id, program_id),
  CONSTRAINT program_named_once UNIQUE (payer_id, name),
  CONSTRAINT program_book_once UNIQUE (book_id),
  CONSTRAINT program_name CHECK (name <> '')
);
ALTER TABLE performance.program ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.program FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.program
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
GRANT SELECT, INSERT ON performance.program TO sluice_app;
GRANT SELECT ON performance.program TO sluice_files, sluice_verify;

-- One counterparty's participation in a program. `effective_to` is exclusive.
CREATE TABLE performance.contract (
  contract_id bigint NOT NULL PRIMARY KEY,
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  program_id bigint NOT NULL,
  party_id bigint NOT NULL,
  effective_from date NOT NULL,
  effective_to date,
  CONSTRAINT contract_program FOREIGN KEY (payer_id, program_id)
    REFERENCES performance.program (payer_id, program_id),
  CONSTRAINT contract_range CHECK (effective_to IS NULL OR effective_from < effective_to)
);
CREATE INDEX contract_by_program ON performance.contract (program_id);
CREATE INDEX contract_by_payer ON performance.contract (payer_id);
ALTER TABLE performance.contract ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.contract FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.contract
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
GRANT SELECT, INSERT, UPDATE (effective_to) ON performance.contract TO sluice_app;
GRANT SELECT ON performance.contract TO sluice_files, sluice_verify;

-- A ledger book: one per program (kind 0), and the payer's treasury (kind 1).
CREATE TABLE payments.book (
  book_id bigint NOT NULL PRIMARY KEY,
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  program_id bigint,
  kind smallint NOT NULL,
  CONSTRAINT book_program FOREIGN KEY (payer_id, program_id)
    REFERENCES performance.program (payer_id, program_id),
  CONSTRAINT book_kind CHECK (kind IN (0, 1)),
  CONSTRAINT book_of_program CHECK ((kind = 0) = (program_id IS NOT NULL))
);
CREATE INDEX book_by_payer ON payments.book (payer_id);
CREATE UNIQUE INDEX book_one_treasury ON payments.book (payer_id) WHERE kind = 1;
ALTER TABLE payments.book ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.book FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON payments.book
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
GRANT SELECT, INSERT ON payments.book TO sluice_app;
GRANT SELECT ON payments.book TO sluice_files, sluice_verify;

-- Requests that were answered: the same id with the same body gets the stored answer, with another
-- body it is refused. Append only.
CREATE TABLE core.request (
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  principal text NOT NULL,
  operation text NOT NULL,
  request_id uuid NOT NULL,
  body_hash bytea NOT NULL,
  answer bytea NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, principal, operation, request_id),
  CONSTRAINT request_body_hash CHECK (octet_length(body_hash) = 32)
);
ALTER TABLE core.request ENABLE ROW LEVEL SECURITY;
ALTER TABLE core.request FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON core.request
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
GRANT SELECT, INSERT ON core.request TO sluice_app;
GRANT SELECT ON core.request TO sluice_verify;
