-- Members of a payer and what is known about them: details, coverage, choices of a provider, risk
-- scores, claims.
--
-- Bitemporal by adding: of the rows of one key, the one recorded last is what is known; batch_id,
-- the import that brought the row, orders rows recorded at one instant. A withdrawn row says that
-- it was never so. No row is ever updated or deleted.

CREATE TABLE performance.member (
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  member_id bigint NOT NULL CHECK (member_id > 0),
  number text NOT NULL CHECK (length(number) BETWEEN 1 AND 80),  -- the payer's own
  recorded_at timestamptz NOT NULL,
  batch_id bigint NOT NULL,
  PRIMARY KEY (payer_id, member_id),
  UNIQUE (payer_id, number)
);

-- Who the member is from a day on, until the next row takes over.
CREATE TABLE performance.member_detail (
  payer_id bigint NOT NULL,
  member_id bigint NOT NULL,
  valid_from date NOT NULL,
  recorded_at timestamptz NOT NULL,
  batch_id bigint NOT NULL,
  birth_date date NULL,
  sex smallint NOT NULL CHECK (sex IN (0, 1, 2)),  -- unknown, female, male
  death_date date NULL,
  zip text NOT NULL CHECK (zip = '' OR zip ~ '^[0-9]{5}$'),
  region text NOT NULL,
  PRIMARY KEY (payer_id, member_id, valid_from, recorded_at, batch_id),
  FOREIGN KEY (payer_id, member_id) REFERENCES performance.member (payer_id, member_id)
);

-- A member was covered from valid_from until before valid_to.
CREATE TABLE performance.coverage_span (
  payer_id bigint NOT NULL,
  member_id bigint NOT NULL,
  line_of_business text NOT NULL,
  product text NOT NULL,
  plan text NOT NULL,
  valid_from date NOT NULL,
  recorded_at timestamptz NOT NULL,
  batch_id bigint NOT NULL,
  valid_to date NULL,
  withdrawn boolean NOT NULL,
  retro_reason text NOT NULL,
  PRIMARY KEY (payer_id, member_id, line_of_business, product, plan, valid_from, recorded_at,
               batch_id),
  FOREIGN KEY (payer_id, member_id) REFERENCES performance.member (payer_id, member_id),
  CONSTRAINT coverage_span_range CHECK (valid_to > valid_from)
);

-- The provider a member chose, was given, or aligned with.
CREATE TABLE performance.provider_choice (
  payer_id bigint NOT NULL,
  member_id bigint NOT NULL,
  kind smallint NOT NULL CHECK (kind IN (1, 2, 3)),  -- member-selected, auto-assigned, voluntary
  valid_from date NOT NULL,
  recorded_at timestamptz NOT NULL,
  batch_id bigint NOT NULL,
  valid_to date NULL,
  provider_id bigint NOT NULL,
  practice_id bigint NULL,
  withdrawn boolean NOT NULL,
  PRIMARY KEY (payer_id, member_id, kind, valid_from, recorded_at, batch_id),
  FOREIGN KEY (payer_id, member_id) REFERENCES performance.member (payer_id, member_id),
  FOREIGN KEY (payer_id, provider_id) REFERENCES hierarchy.party (payer_id, party_id),
  FOREIGN KEY (payer_id, practice_id) REFERENCES hierarchy.party (payer_id, party_id),
  CONSTRAINT provider_choice_range CHECK (valid_to > valid_from)
);

CREATE TABLE performance.risk_score (
  payer_id bigint NOT NULL,
  member_id bigint NOT NULL,
  model text NOT NULL CHECK (model <> ''),
  model_version text NOT NULL,
  period_from date NOT NULL,
  recorded_at timestamptz NOT NULL,
  batch_id bigint NOT NULL,
  period_to date NOT NULL,
  score_millionths bigint NOT NULL CHECK (score_millionths >= 0),
  PRIMARY KEY (payer_id, member_id, model, model_version, period_from, recorded_at, batch_id),
  FOREIGN KEY (payer_id, member_id) REFERENCES performance.member (payer_id, member_id),
  CONSTRAINT risk_score_period CHECK (period_to > period_from)
);

-- A line of a claim. The member is not in the key: a correction may give the line to another one.
CREATE TABLE performance.medical_claim (
  payer_id bigint NOT NULL,
  claim_number text NOT NULL CHECK (claim_number <> ''),
  line_number integer NOT NULL CHECK (line_number > 0),
  recorded_at timestamptz NOT NULL,
  batch_id bigint NOT NULL,
  member_id bigint NOT NULL,
  kind smallint NOT NULL CHECK (kind IN (1, 2)),  -- professional, institutional
  service_from date NOT NULL,
  service_to date NOT NULL,  -- the last day
  procedure_code text NOT NULL,
  place_of_service text NOT NULL,
  revenue_code text NOT NULL,
  drg text NOT NULL,
  diagnosis_codes text NOT NULL,  -- separated by blanks, the principal one first
  rendering_npi text NOT NULL CHECK (rendering_npi = '' OR rendering_npi ~ '^[12][0-9]{9}$'),
  billing_npi text NOT NULL CHECK (billing_npi = '' OR billing_npi ~ '^[12][0-9]{9}$'),
  billing_tin text NOT NULL CHECK (billing_tin = '' OR billing_tin ~ '^[0-9]{9}$'),
  allowed_cents bigint NULL,
  paid_cents bigint NULL,
  paid_on date NULL,
  status smallint NOT NULL CHECK (status IN (1, 2, 3)),  -- final, denied, reversed
  PRIMARY KEY (payer_id, claim_number, line_number, recorded_at, batch_id),
  FOREIGN KEY (payer_id, member_id) REFERENCES performance.member (payer_id, member_id),
  CONSTRAINT medical_claim_service CHECK (service_to >= service_from)
);
CREATE INDEX medical_claim_of_member
  ON performance.medical_claim (payer_id, member_id, service_from);

CREATE TABLE performance.pharmacy_claim (
  payer_id bigint NOT NULL,
  claim_number text NOT NULL CHECK (claim_number <> ''),
  line_number integer NOT NULL CHECK (line_number > 0),
  recorded_at timestamptz NOT NULL,
  batch_id bigint NOT NULL,
  member_id bigint NOT NULL,
  dispensed_on date NOT NULL,
  ndc text NOT NULL,
  quantity_thousandths bigint NULL,
  days_supply integer NULL CHECK (days_supply >= 0),
  prescriber_npi text NOT NULL CHECK (prescriber_npi = '' OR prescriber_npi ~ '^[12][0-9]{9}$'),
  pharmacy_npi text NOT NULL CHECK (pharmacy_npi = '' OR pharmacy_npi ~ '^[12][0-9]{9}$'),
  allowed_cents bigint NULL,
  paid_cents bigint NULL,
  paid_on date NULL,
  status smallint NOT NULL CHECK (status IN (1, 2, 3)),  -- final, denied, reversed
  PRIMARY KEY (payer_id, claim_number, line_number, recorded_at, batch_id),
  FOREIGN KEY (payer_id, member_id) REFERENCES performance.member (payer_id, member_id)
);
CREATE INDEX pharmacy_claim_of_member
  ON performance.pharmacy_claim (payer_id, member_id, dispensed_on);

GRANT SELECT, INSERT ON performance.member, performance.member_detail, performance.coverage_span,
  performance.provider_choice, performance.risk_score, performance.medical_claim,
  performance.pharmacy_claim TO sluice_app;
GRANT SELECT ON performance.member, performance.member_detail, performance.coverage_span,
  performance.provider_choice, performance.risk_score, performance.medical_claim,
  performance.pharmacy_claim TO sluice_verify;

ALTER TABLE performance.member ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.member FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.member
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.member_detail ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.member_detail FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.member_detail
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.coverage_span ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.coverage_span FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.coverage_span
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.provider_choice ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.provider_choice FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.provider_choice
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.risk_score ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.risk_score FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.risk_score
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.medical_claim ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.medical_claim FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.medical_claim
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.pharmacy_claim ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.pharmacy_claim FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.pharmacy_claim
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
