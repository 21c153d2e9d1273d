-- The life of contracts: versions of their text, moves, approvals, signatures, templates. All
-- tables are append-only. A version in force is also a row of performance.terms: that is what
-- calculations read, and only activation writes it.

-- A template of a payer's library, and its versions.
CREATE TABLE performance.contract_template (
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  template_id bigint NOT NULL CHECK (template_id > 0),
  name text NOT NULL CHECK (name <> ''),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, template_id),
  CONSTRAINT template_named_once UNIQUE (payer_id, name)
);
CREATE TABLE performance.contract_template_version (
  payer_id bigint NOT NULL,
  template_id bigint NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  title text NOT NULL,
  content bytea NOT NULL,
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  parameters text NOT NULL,
  source_contract_id bigint NOT NULL,  -- 0: not saved from a contract
  source_version integer NOT NULL,
  author_id bigint NOT NULL,
  comment text NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, template_id, version),
  FOREIGN KEY (payer_id, template_id)
    REFERENCES performance.contract_template (payer_id, template_id)
);

-- Somebody approves for somebody else, for a time. The highest revision counts.
CREATE TABLE performance.approval_delegation (
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  delegation_id bigint NOT NULL CHECK (delegation_id > 0),
  revision integer NOT NULL CHECK (revision > 0),
  from_user_id bigint NOT NULL,
  to_user_id bigint NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_to timestamptz NOT NULL,
  revoked boolean NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, delegation_id, revision),
  CONSTRAINT delegation_range CHECK (valid_to > valid_from),
  CONSTRAINT delegation_to_another CHECK (from_user_id <> to_user_id)
);

-- What a contract says, version by version: the canonical terms and the days they are meant for.
CREATE TABLE performance.contract_version (
  contract_id bigint NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  effective_from date NOT NULL,
  effective_to date NULL,
  title text NOT NULL,
  content bytea NOT NULL,
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  template_id bigint NOT NULL,  -- 0: built from scratch
  template_version integer NOT NULL,
  parameters text NOT NULL,     -- the values filled in
  author_id bigint NOT NULL,
  comment text NOT NULL CHECK (comment <> ''),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (contract_id, version),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id),
  CONSTRAINT contract_version_range CHECK (effective_to IS NULL OR effective_to > effective_from)
);

-- Every move of a version from state to state. 1 model, 2 draft, 3 review, 4 approved, 5 signed,
-- 6 active, 7 settled, 8 renewed, 9 ended, 10 superseded; from 0: it was made.
CREATE TABLE performance.contract_move (
  contract_id bigint NOT NULL,
  move_number integer NOT NULL CHECK (move_number > 0),
  version integer NOT NULL,
  from_state smallint NOT NULL CHECK (from_state BETWEEN 0 AND 10),
  to_state smallint NOT NULL CHECK (to_state BETWEEN 1 AND 10),
  effective_on date NOT NULL,  -- of active: in force from; of settled, renewed, ended: until
  actor_id bigint NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  moved_at timestamptz NOT NULL,
  PRIMARY KEY (contract_id, move_number),
  FOREIGN KEY (contract_id, version)
    REFERENCES performance.contract_version (contract_id, version),
  CONSTRAINT contract_move_moves CHECK (from_state <> to_state)
);

-- Who approves a version, in order. A round is the move that submitted it: returned and submitted
-- again, it is approved anew.
CREATE TABLE performance.contract_approver (
  contract_id bigint NOT NULL,
  version integer NOT NULL,
  round integer NOT NULL,
  step smallint NOT NULL CHECK (step > 0),
  approver_id bigint NOT NULL,
  PRIMARY KEY (contract_id, version, round, step),
  FOREIGN KEY (contract_id, round)
    REFERENCES performance.contract_move (contract_id, move_number),
  CONSTRAINT approver_once UNIQUE (contract_id, version, round, approver_id)
);
CREATE TABLE performance.contract_approval (
  contract_id bigint NOT NULL,
  version integer NOT NULL,
  round integer NOT NULL,
  step smallint NOT NULL,
  approved_by bigint NOT NULL,  -- the approver of the step, or a delegate
  delegation_id bigint NOT NULL,  -- 0: the approver
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  comment text NOT NULL,
  warnings text NOT NULL,
  approved_at timestamptz NOT NULL,
  PRIMARY KEY (contract_id, version, round, step),
  FOREIGN KEY (contract_id, version, round, step)
    REFERENCES performance.contract_approver (contract_id, version, round, step),
  CONSTRAINT approves_once UNIQUE (contract_id, version, round, approved_by)
);

-- 1 the payer, 2 the contract's party. record_sha256 covers every other column and the effective
-- days, so that a changed row is found when it is loaded.
CREATE TABLE performance.contract_signature (
  contract_id bigint NOT NULL,
  version integer NOT NULL,
  side smallint NOT NULL CHECK (side IN (1, 2)),
  signer_id bigint NOT NULL,
  signer_name text NOT NULL CHECK (signer_name <> ''),
  signer_title text NOT NULL,
  terms_sha256 bytea NOT NULL CHECK (octet_length(terms_sha256) = 32),
  record_sha256 bytea NOT NULL CHECK (octet_length(record_sha256) = 32),
  signed_at timestamptz NOT NULL,
  PRIMARY KEY (contract_id, version, side),
  FOREIGN KEY (contract_id, version)
    REFERENCES performance.contract_version (contract_id, version)
);

-- A date of the operating calendar that was met.
CREATE TABLE performance.contract_date_done (
  contract_id bigint NOT NULL,
  name text NOT NULL,
  covers_from date NOT NULL,
  done_on date NOT NULL,
  actor_id bigint NOT NULL,
  note text NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (contract_id, name, covers_from),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id)
);

GRANT SELECT, INSERT ON performance.contract_template, performance.contract_template_version,
  performance.approval_delegation, performance.contract_version, performance.contract_move,
  performance.contract_approver, performance.contract_approval, performance.contract_signature,
  performance.contract_date_done TO sluice_app;
GRANT SELECT ON performance.contract_template, performance.contract_template_version,
  performance.approval_delegation, performance.contract_version, performance.contract_move,
  performance.contract_approver, performance.contract_approval, performance.contract_signature,
  performance.contract_date_done TO sluice_verify;

ALTER TABLE performance.contract_template ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.contract_template FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.contract_template
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.contract_template_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.contract_template_version FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.contract_template_version
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.approval_delegation ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.approval_delegation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.approval_delegation
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE performance.contract_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.contract_version FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.contract_version
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.contract_move ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.contract_move FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.contract_move
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.contract_approver ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.contract_approver FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.contract_approver
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.contract_approval ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.contract_approval FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.contract_approval
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.contract_signature ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.contract_signature FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.contract_signature
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));

ALTER TABLE performance.contract_date_done ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.contract_date_done FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.contract_date_done
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));
