-- Long work, which the servers of a database share, and the leases by which they do.
-- Source: LEDGER_RELIABILITY_SECURITY 4.5.

-- Who works on something right now. Whoever takes a lease that has ended raises its fence, and every
-- write of a holder asks for the fence that it was given: one that was paused and comes back late
-- changes nothing. Time is that of the servers' clocks and decides only when a lease may be taken.
CREATE TABLE core.lease (
  payer_id bigint NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  holder text NOT NULL CHECK (holder <> ''),
  fence bigint NOT NULL CHECK (fence >= 1),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, name),
  FOREIGN KEY (payer_id) REFERENCES core.payer (payer_id)
);

-- A call whose work goes on after its answer. method: of the contract; request: its message, without
-- what goes only in; target: the name of what it works on; job: what only one operation at a time may
-- work on, and the name of its lease. state: 0 waits, 1 runs, 2 done, 3 failed, 4 canceled. attempts:
-- how often it was begun; not_before: not begun again earlier. result: the message (google.protobuf.Any)
-- of one that is done, else a google.rpc.Status.
CREATE TABLE core.operation (
  payer_id bigint NOT NULL,
  operation_id bigint NOT NULL,
  method text NOT NULL CHECK (method <> ''),
  target text NOT NULL,
  job text NOT NULL CHECK (job <> ''),
  user_id bigint NOT NULL,
  is_service boolean NOT NULL,
  request bytea NOT NULL,
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 4),
  phase text NOT NULL,
  items_done bigint NOT NULL CHECK (items_done >= 0),
  items_total bigint NOT NULL CHECK (items_total >= 0),
  attempts integer NOT NULL CHECK (attempts >= 0),
  not_before timestamptz NOT NULL,
  cancel_requested boolean NOT NULL,
  created_at timestamptz NOT NULL,
  ended_at timestamptz NULL,
  result bytea NULL,
  PRIMARY KEY (payer_id, operation_id),
  FOREIGN KEY (payer_id) REFERENCES core.payer (payer_id),
  CONSTRAINT operation_ended CHECK ((state >= 2) = (ended_at IS NOT NULL)
    AND (ended_at IS NULL) = (result IS NULL))
);
CREATE UNIQUE INDEX operation_one_of_a_job ON core.operation (payer_id, job)
  WHERE ended_at IS NULL;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['lease', 'operation'] LOOP
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
GRANT UPDATE (holder, fence, expires_at) ON core.lease TO sluice_app;
GRANT UPDATE (state, phase, items_done, items_total, attempts, not_before, cancel_requested,
  ended_at, result) ON core.operation TO sluice_app;
