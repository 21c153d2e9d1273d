-- The audit log: who did what, for whom, why, and what was denied. Source:
-- LEDGER_RELIABILITY_SECURITY 8.5. Kept for ten years.
--
-- An event is written in the transaction of what it tells of; a denial, and a read of protected
-- data, in one of its own. A sealer then numbers the events of a payer and chains them, each row
-- over the one before, so that calls do not wait for one another. Both tables are only added to:
-- grants first, triggers second, the chain third.

-- Nothing secret is in it: what something was is told by hashes. actor_id: none when nobody was
-- signed in. in_place_of: whose delegation was used. decision: 1 allowed, 2 denied.
CREATE TABLE core.audit_event (
  payer_id bigint NOT NULL,
  event_id bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  actor_id bigint NULL,
  in_place_of bigint NULL,
  session_sha256 bytea NULL CHECK (octet_length(session_sha256) = 32),
  method text NOT NULL CHECK (method <> ''),
  resource text NOT NULL,
  decision smallint NOT NULL CHECK (decision IN (1, 2)),
  reason text NOT NULL,
  before_sha256 bytea NULL CHECK (octet_length(before_sha256) = 32),
  after_sha256 bytea NULL CHECK (octet_length(after_sha256) = 32),
  request_id text NOT NULL,
  address text NOT NULL,
  PRIMARY KEY (payer_id, event_id),
  CONSTRAINT audit_denial_changes_nothing CHECK (decision = 1
    OR (before_sha256 IS NULL AND after_sha256 IS NULL AND reason <> ''))
);
CREATE INDEX audit_event_by_time ON core.audit_event (payer_id, recorded_at);

-- The chain. event_sha256: of the event's canonical bytes; chain_sha256: over the number, the
-- event's hash and the chain before. The key to the row before leaves neither a gap nor a fork:
-- the first row alone has none.
CREATE TABLE core.audit_seal (
  payer_id bigint NOT NULL,
  number bigint NOT NULL CHECK (number >= 1),
  event_id bigint NOT NULL,
  event_sha256 bytea NOT NULL CHECK (octet_length(event_sha256) = 32),
  previous_number bigint NULL,
  previous_sha256 bytea NULL,
  chain_sha256 bytea NOT NULL CHECK (octet_length(chain_sha256) = 32),
  sealed_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, number),
  UNIQUE (payer_id, event_id),
  UNIQUE (payer_id, number, chain_sha256),
  FOREIGN KEY (payer_id, event_id) REFERENCES core.audit_event (payer_id, event_id),
  FOREIGN KEY (payer_id, previous_number, previous_sha256)
    REFERENCES core.audit_seal (payer_id, number, chain_sha256),
  CONSTRAINT audit_seal_follows CHECK (CASE WHEN number = 1
    THEN previous_number IS NULL AND previous_sha256 IS NULL
    ELSE previous_number IS NOT NULL AND previous_number = number - 1
      AND previous_sha256 IS NOT NULL END)
);

CREATE FUNCTION core.refuse_audit_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of %.% are append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END;
$$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['audit_event', 'audit_seal'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE
      ON core.%I FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_audit_change()', name);
    EXECUTE format('ALTER TABLE core.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON core.%I
      USING (payer_id = NULLIF(current_setting(''sluice.payer_id'', true), '''')::bigint)
      WITH CHECK (payer_id = NULLIF(current_setting(''sluice.payer_id'', true), '''')::bigint)',
      name);
    EXECUTE format('GRANT SELECT, INSERT ON core.%I TO sluice_app', name);
    EXECUTE format('GRANT SELECT ON core.%I TO sluice_verify', name);
  END LOOP;
END
$$;
-- The process that opens account numbers tells of each opening; it reads nobody's.
GRANT INSERT ON core.audit_event TO sluice_files;
