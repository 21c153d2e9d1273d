-- Onboarding cases of parties, one row per event; the last one is the state. Reference: read with
-- the parties when a payment run is planned.
CREATE TABLE hierarchy.onboarding_event (
  payer_id bigint NOT NULL,
  party_id bigint NOT NULL,
  sequence integer NOT NULL CHECK (sequence > 0),
  command smallint NOT NULL CHECK (command BETWEEN 1 AND 6),
  state smallint NOT NULL CHECK (state BETWEEN 1 AND 5),
  actor_id bigint NOT NULL,
  reason text NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, party_id, sequence),
  FOREIGN KEY (payer_id, party_id) REFERENCES hierarchy.party (payer_id, party_id),
  CONSTRAINT onboarding_opens_in_draft CHECK ((sequence = 1) = (command = 1)),
  CONSTRAINT onboarding_state_of_command CHECK (
    state = CASE command WHEN 1 THEN 1 WHEN 2 THEN 2 WHEN 3 THEN 3 WHEN 4 THEN 4 WHEN 5 THEN 5
            ELSE 1 END),
  CONSTRAINT onboarding_return_has_reason CHECK (command <> 6 OR reason <> '')
);

ALTER TABLE hierarchy.onboarding_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE hierarchy.onboarding_event FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON hierarchy.onboarding_event
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

GRANT SELECT, INSERT ON hierarchy.onboarding_event TO sluice_app;
GRANT SELECT ON hierarchy.onboarding_event TO sluice_verify;
