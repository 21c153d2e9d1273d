-- The queue of calculations to run again, what was decided about each change, why an award changed,
-- and overrides of calculated amounts. Append-only, but for the state of a queued calculation.

-- One calculation to run again. 0 queued, 1 running under a lease, 2 done, 3 failed.
CREATE TABLE performance.recalculation (
  contract_id bigint NOT NULL,
  recalculation_id bigint NOT NULL CHECK (recalculation_id > 0),
  program_id bigint NOT NULL,
  period_from date NOT NULL,
  period_to date NOT NULL,
  queued_at timestamptz NOT NULL,
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 3),
  worker_id bigint NULL,
  lease_until timestamptz NULL,
  attempts integer NOT NULL CHECK (attempts >= 0),
  started_at timestamptz NULL,  -- facts recorded by then were seen
  finished_at timestamptz NULL,
  new_versions integer NOT NULL CHECK (new_versions >= 0),
  delta_cents bigint NOT NULL,
  detail text NOT NULL,
  PRIMARY KEY (contract_id, recalculation_id),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id),
  FOREIGN KEY (program_id) REFERENCES performance.program (program_id),
  CONSTRAINT recalculation_period CHECK (period_to > period_from),
  CONSTRAINT recalculation_lease CHECK (
    (state = 1) = (lease_until IS NOT NULL) AND (state <> 1 OR worker_id IS NOT NULL)),
  CONSTRAINT recalculation_finished CHECK ((state IN (2, 3)) = (finished_at IS NOT NULL))
);
-- Changes that come together wait for one run. A running one does not see what comes later.
CREATE UNIQUE INDEX recalculation_queued_once
  ON performance.recalculation (contract_id, period_from, period_to) WHERE state = 0;
CREATE INDEX recalculation_open
  ON performance.recalculation (state, queued_at) WHERE state IN (0, 1);
CREATE INDEX recalculation_of_period
  ON performance.recalculation (contract_id, period_from, period_to, started_at);

-- What was decided about a change and one calculation that it touches. `target` is the calculation
-- that is run for it: of capitation the last month run, which posts the changes of earlier ones.
CREATE TABLE performance.change_decision (
  contract_id bigint NOT NULL,
  event_id bigint NOT NULL,
  period_from date NOT NULL,
  period_to date NOT NULL,
  target_from date NOT NULL,
  target_to date NOT NULL,
  program_id bigint NOT NULL,
  -- 1 queued, 2 frozen, 3 no rule runs it, 4 left to the next run, 5 seen already
  decision smallint NOT NULL CHECK (decision BETWEEN 1 AND 5),
  reason text NOT NULL CHECK (reason <> ''),
  recalculation_id bigint NULL,
  rules_version integer NOT NULL CHECK (rules_version >= 0),  -- 0: those that come with the system
  recorded_at timestamptz NOT NULL,  -- of the change
  decided_at timestamptz NOT NULL,
  PRIMARY KEY (contract_id, event_id, period_from, period_to),
  FOREIGN KEY (contract_id, recalculation_id)
    REFERENCES performance.recalculation (contract_id, recalculation_id),
  CONSTRAINT change_decision_queued CHECK ((decision = 1) = (recalculation_id IS NOT NULL))
);
CREATE INDEX change_decision_of_target
  ON performance.change_decision (contract_id, target_from, target_to, recorded_at);

-- Why a version of an award pays more or less than the version before: causes sum to the delta.
CREATE TABLE performance.delta_cause (
  contract_id bigint NOT NULL,
  award_id bigint NOT NULL,
  version integer NOT NULL CHECK (version > 1),
  position integer NOT NULL CHECK (position >= 0),
  amount_cents bigint NOT NULL,
  cause text NOT NULL CHECK (cause <> ''),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (contract_id, award_id, version, position),
  FOREIGN KEY (contract_id, award_id, version)
    REFERENCES performance.award (contract_id, award_id, version)
);
-- The changes behind a cause; several where they only act together.
CREATE TABLE performance.delta_cause_event (
  contract_id bigint NOT NULL,
  award_id bigint NOT NULL,
  version integer NOT NULL,
  position integer NOT NULL,
  event_id bigint NOT NULL,
  PRIMARY KEY (contract_id, award_id, version, position, event_id),
  FOREIGN KEY (contract_id, award_id, version, position)
    REFERENCES performance.delta_cause (contract_id, award_id, version, position)
);
CREATE INDEX delta_cause_of_event ON performance.delta_cause_event (contract_id, event_id);

-- An amount that people put in the place of a calculated one. It counts once it is approved, by
-- another person, and until it is withdrawn.
CREATE TABLE performance.award_override (
  contract_id bigint NOT NULL,
  override_id bigint NOT NULL CHECK (override_id > 0),
  period_from date NOT NULL,
  period_to date NOT NULL,
  party_id bigint NOT NULL,  -- 0: the award; else the share of this party
  under_id bigint NOT NULL,  -- 0: wherever the party stands
  calculated_cents bigint NOT NULL,  -- when it was proposed
  amount_cents bigint NOT NULL,
  reason text NOT NULL CHECK (length(reason) >= 10),
  author_id bigint NOT NULL CHECK (author_id > 0),
  proposed_at timestamptz NOT NULL,
  PRIMARY KEY (contract_id, override_id),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id),
  CONSTRAINT award_override_period CHECK (period_to > period_from),
  CONSTRAINT award_override_under_needs_party CHECK (under_id = 0 OR party_id <> 0)
);
-- 1 approved, 2 rejected, 3 withdrawn. The key lets one of two decisions at once win.
CREATE TABLE performance.award_override_step (
  contract_id bigint NOT NULL,
  override_id bigint NOT NULL,
  sequence smallint NOT NULL CHECK (sequence IN (1, 2)),
  step smallint NOT NULL CHECK (step BETWEEN 1 AND 3),
  actor_id bigint NOT NULL CHECK (actor_id > 0),
  reason text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (contract_id, override_id, sequence),
  FOREIGN KEY (contract_id, override_id)
    REFERENCES performance.award_override (contract_id, override_id),
  CONSTRAINT award_override_step_order CHECK (
    (sequence = 1 AND step IN (1, 2, 3)) OR (sequence = 2 AND step = 3))
);

GRANT SELECT, INSERT ON performance.recalculation, performance.change_decision,
  performance.delta_cause, performance.delta_cause_event, performance.award_override,
  performance.award_override_step TO sluice_app;
GRANT UPDATE (state, worker_id, lease_until, attempts, started_at, finished_at, new_versions,
  delta_cents, detail) ON performance.recalculation TO sluice_app;
GRANT SELECT ON performance.recalculation, performance.change_decision, performance.delta_cause,
  performance.delta_cause_event, performance.award_override, performance.award_override_step
  TO sluice_verify;

ALTER TABLE performance.recalculation ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.recalculation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.recalculation
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.change_decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.change_decision FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.change_decision
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.delta_cause ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.delta_cause FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.delta_cause
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.delta_cause_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.delta_cause_event FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.delta_cause_event
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.award_override ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.award_override FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.award_override
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.award_override_step ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.award_override_step FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.award_override_step
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c))
  WITH CHECK (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));
