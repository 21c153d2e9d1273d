-- What was changed that a calculation may have read. Append-only, but for the watermarks.

-- The rules of a payer: which change runs which calculation again. The highest version counts.
CREATE TABLE performance.change_rules (
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  version integer NOT NULL CHECK (version > 0),
  content text NOT NULL CHECK (content <> ''),
  actor text NOT NULL CHECK (actor <> ''),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, version)
);

-- Up to where each source was looked through: an instant, and for the hierarchy its version.
CREATE TABLE performance.change_watermark (
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  source text NOT NULL CHECK (source <> ''),
  seen_until timestamptz NOT NULL,
  seen_version bigint NOT NULL CHECK (seen_version >= 0),
  PRIMARY KEY (payer_id, source)
);

-- An edit. (source, source_key) names what was recorded, so that it becomes an event once.
CREATE TABLE performance.change_event (
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  event_id bigint NOT NULL CHECK (event_id > 0),
  kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 22),
  source text NOT NULL CHECK (source <> ''),
  source_key text NOT NULL CHECK (source_key <> ''),
  contract_id bigint NOT NULL,  -- 0: of no one contract
  member_id bigint NOT NULL,    -- 0: of no one member
  party_id bigint NOT NULL,     -- 0: of no one party
  affected_from date NOT NULL,
  affected_to date NULL,
  cause text NOT NULL CHECK (cause <> ''),
  recorded_at timestamptz NOT NULL,  -- when the edit was recorded
  noticed_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, event_id),
  CONSTRAINT change_event_once UNIQUE (payer_id, source, source_key),
  CONSTRAINT change_event_range CHECK (affected_to > affected_from)
);
CREATE INDEX change_event_recorded ON performance.change_event (payer_id, recorded_at, event_id);

GRANT SELECT, INSERT ON performance.change_rules, performance.change_watermark,
  performance.change_event TO sluice_app;
GRANT UPDATE (seen_until, seen_version) ON performance.change_watermark TO sluice_app;
GRANT SELECT ON performance.change_rules, performance.change_watermark, performance.change_event
  TO sluice_verify;

ALTER TABLE performance.change_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.change_rules FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.change_rules
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.change_watermark ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.change_watermark FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.change_watermark
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.change_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.change_event FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.change_event
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

-- A scan asks what was recorded since the last one. These tables grow in the order of that time.
CREATE INDEX fact_recorded ON performance.fact USING brin (recorded_at);
CREATE INDEX panel_span_recorded ON performance.panel_span USING brin (recorded_at);
CREATE INDEX panel_premium_recorded ON performance.panel_premium USING brin (recorded_at);
CREATE INDEX activity_event_recorded ON performance.activity_event USING brin (recorded_at);
CREATE INDEX member_measure_recorded ON performance.member_measure USING brin (recorded_at);
CREATE INDEX attribution_entry_recorded ON performance.attribution_entry USING brin (recorded_at);
CREATE INDEX member_detail_recorded ON performance.member_detail USING brin (recorded_at);
CREATE INDEX coverage_span_recorded ON performance.coverage_span USING brin (recorded_at);
CREATE INDEX provider_choice_recorded ON performance.provider_choice USING brin (recorded_at);
CREATE INDEX risk_score_recorded ON performance.risk_score USING brin (recorded_at);
CREATE INDEX medical_claim_recorded ON performance.medical_claim USING brin (recorded_at);
CREATE INDEX pharmacy_claim_recorded ON performance.pharmacy_claim USING brin (recorded_at);
-- Whose list is the member on?
CREATE INDEX attribution_entry_of_member
  ON performance.attribution_entry (member_id, contract_id);
