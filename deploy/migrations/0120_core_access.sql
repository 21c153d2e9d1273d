-- Who may sign in, which roles they hold and where, and the sessions of people. Everything is by
-- payer: somebody who works for two payers has an account at each.
-- Source: LEDGER_RELIABILITY_SECURITY 8.4, 8.6.

-- A person, or a service of another system (is_service), which approves nothing. sign_in_name is
-- the subject that the issuer or the built-in sign-in knows. Disabled: may not sign in.
CREATE TABLE core.app_user (
  payer_id bigint NOT NULL,
  user_id bigint NOT NULL,
  sign_in_name text NOT NULL CHECK (sign_in_name ~ '^[!-~]{1,200}$'),
  display_name text NOT NULL CHECK (display_name <> ''),
  email text NOT NULL,
  is_service boolean NOT NULL,
  disabled boolean NOT NULL,
  version bigint NOT NULL CHECK (version >= 1),
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, user_id),
  UNIQUE (payer_id, sign_in_name),
  FOREIGN KEY (payer_id) REFERENCES core.payer (payer_id)
);

-- A role for a time. role: the numbers of api/access/matrix.h; 16, the service's own jobs, is
-- granted to nobody. root_party: where it holds; none is the whole payer, which the roles of
-- outsiders (13 funder, 14 and 15 provider) never have. delegated_by: whose right it is, and then
-- it has an end. Two people: who proposes is neither the holder nor the one who approves. A
-- delegation is of what the giver holds and needs nobody else. Only the last five columns are ever
-- set, each once.
CREATE TABLE core.user_grant (
  payer_id bigint NOT NULL,
  grant_id bigint NOT NULL,
  user_id bigint NOT NULL,
  role smallint NOT NULL CHECK (role BETWEEN 1 AND 15),
  root_party bigint NULL,
  valid_from date NOT NULL,
  valid_to date NULL,
  delegated_by bigint NULL,
  reason text NOT NULL,
  proposed_by bigint NOT NULL,
  proposed_at timestamptz NOT NULL,
  approved_by bigint NULL,
  approved_at timestamptz NULL,
  ended_by bigint NULL,
  ended_at timestamptz NULL,
  end_reason text NULL,
  PRIMARY KEY (payer_id, grant_id),
  FOREIGN KEY (payer_id, user_id) REFERENCES core.app_user (payer_id, user_id),
  CONSTRAINT grant_days CHECK (valid_to IS NULL OR valid_from < valid_to),
  CONSTRAINT grant_outsider_has_a_root CHECK (role < 13 OR root_party IS NOT NULL),
  CONSTRAINT grant_not_to_oneself CHECK (proposed_by <> user_id
    AND approved_by IS DISTINCT FROM user_id),
  CONSTRAINT grant_by_two CHECK (approved_by IS DISTINCT FROM proposed_by),
  CONSTRAINT grant_approved CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CONSTRAINT grant_ended CHECK ((ended_by IS NULL) = (ended_at IS NULL)
    AND (ended_by IS NULL) = (end_reason IS NULL)),
  CONSTRAINT grant_delegation CHECK (delegated_by IS NULL
    OR (delegated_by = proposed_by AND approved_by IS NULL AND valid_to IS NOT NULL
        AND valid_to - valid_from <= 90))
);
CREATE INDEX user_grant_of_user ON core.user_grant (payer_id, user_id);

-- A person's session. The id that the cookie holds is random and stored as its SHA-256; so is the
-- token against forged requests. A new sign-in makes a new session, never the same one again.
-- stepped_up_at: authenticated again; ends_at: at the latest.
CREATE TABLE core.user_session (
  payer_id bigint NOT NULL,
  session_sha256 bytea NOT NULL CHECK (octet_length(session_sha256) = 32),
  csrf_sha256 bytea NOT NULL CHECK (octet_length(csrf_sha256) = 32),
  user_id bigint NOT NULL,
  address text NOT NULL,
  began_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  stepped_up_at timestamptz NULL,
  ended_at timestamptz NULL,
  end_reason text NULL,
  PRIMARY KEY (payer_id, session_sha256),
  FOREIGN KEY (payer_id, user_id) REFERENCES core.app_user (payer_id, user_id),
  CONSTRAINT session_is_at_most_ten_hours CHECK (ends_at > began_at
    AND ends_at <= began_at + interval '10 hours'),
  CONSTRAINT session_seen_in_its_time CHECK (last_seen_at >= began_at AND last_seen_at <= ends_at),
  CONSTRAINT session_ended CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX user_session_of_user ON core.user_session (payer_id, user_id) WHERE ended_at IS NULL;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['app_user', 'user_grant', 'user_session'] LOOP
    EXECUTE format('ALTER TABLE core.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON core.%I
      USING (payer_id = NULLIF(current_setting(''sluice.payer_id'', true), '''')::bigint)
      WITH CHECK (payer_id = NULLIF(current_setting(''sluice.payer_id'', true), '''')::bigint)',
      name);
    EXECUTE format('GRANT SELECT, INSERT ON core.%I TO sluice_app', name);
  END LOOP;
END
$$;
GRANT UPDATE (display_name, email, disabled, version) ON core.app_user TO sluice_app;
GRANT UPDATE (approved_by, approved_at, ended_by, ended_at, end_reason)
  ON core.user_grant TO sluice_app;
GRANT UPDATE (last_seen_at, stepped_up_at, ended_at, end_reason) ON core.user_session TO sluice_app;
-- The verifier sees who held what when; nobody but the service sees sessions.
GRANT SELECT ON core.app_user, core.user_grant TO sluice_verify;
