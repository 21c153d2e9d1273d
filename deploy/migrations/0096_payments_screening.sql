-- Screening of payees against lists of sanctioned and of excluded parties: the lists as imported,
-- what else is known of a payee, each screening, its hits and the decisions about them.
-- Everything is by payer: what one payer imports decides nothing for another. Append-only but for
-- the state of a hit. Kept for ten years. Source: FORMATS 10.5, PRODUCT R02.

-- One version of one list. source: 0 OFAC SDN, 1 OIG LEIE. The newest of a source is in force.
-- digest: of the files and the day, so that a list that comes back later is another version.
CREATE TABLE payments.screening_list (
  payer_id bigint NOT NULL,
  list_id bigint NOT NULL,
  source smallint NOT NULL CHECK (source IN (0, 1)),
  published_on date NOT NULL,
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  entries integer NOT NULL CHECK (entries > 0),
  imported_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, list_id),
  UNIQUE (payer_id, source, digest)
);

CREATE TABLE payments.screening_entry (
  payer_id bigint NOT NULL,
  list_id bigint NOT NULL,
  entry_no integer NOT NULL CHECK (entry_no >= 1),
  entry_key text NOT NULL CHECK (entry_key <> ''),
  is_person boolean NOT NULL,
  npi text NOT NULL CHECK (npi ~ '^([0-9]{10})?$'),
  born_on date NULL,
  program text NOT NULL,
  PRIMARY KEY (payer_id, list_id, entry_no),
  FOREIGN KEY (payer_id, list_id) REFERENCES payments.screening_list (payer_id, list_id)
);

CREATE TABLE payments.screening_name (
  payer_id bigint NOT NULL,
  list_id bigint NOT NULL,
  entry_no integer NOT NULL,
  name_no integer NOT NULL CHECK (name_no >= 1),
  name text NOT NULL CHECK (name <> ''),
  PRIMARY KEY (payer_id, list_id, entry_no, name_no),
  FOREIGN KEY (payer_id, list_id, entry_no)
    REFERENCES payments.screening_entry (payer_id, list_id, entry_no)
);

-- Names and birth that are known of a payee beside its enrollment and W-9. relation: 0 the payee,
-- 1 an owner, 2 doing business as.
CREATE TABLE payments.payee_identity (
  payer_id bigint NOT NULL,
  payee_id bigint NOT NULL REFERENCES payments.payee (payee_id),
  identity_id bigint NOT NULL,
  relation smallint NOT NULL CHECK (relation BETWEEN 0 AND 2),
  name text NOT NULL CHECK (name <> ''),
  born_on date NULL,
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, payee_id, identity_id)
);

-- One screening against one list. trigger_kind: 0 enrollment, 1 new list, 2 release, 3 by a person.
CREATE TABLE payments.screening_run (
  payer_id bigint NOT NULL,
  run_id bigint NOT NULL,
  list_id bigint NOT NULL,
  trigger_kind smallint NOT NULL CHECK (trigger_kind BETWEEN 0 AND 3),
  payees integer NOT NULL CHECK (payees >= 0),
  findings integer NOT NULL CHECK (findings >= 0),
  new_hits integer NOT NULL CHECK (new_hits >= 0),
  run_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, run_id, list_id),
  FOREIGN KEY (payer_id, list_id) REFERENCES payments.screening_list (payer_id, list_id)
);

-- A payee who may be a listed party, once for as long as neither of them changes.
-- state: 0 open, 1 not the same, 2 the same.
CREATE TABLE payments.screening_hit (
  payer_id bigint NOT NULL,
  hit_id bigint NOT NULL,
  payee_id bigint NOT NULL REFERENCES payments.payee (payee_id),
  source smallint NOT NULL CHECK (source IN (0, 1)),
  list_id bigint NOT NULL,
  entry_key text NOT NULL,
  entry_digest bytea NOT NULL CHECK (octet_length(entry_digest) = 32),
  payee_digest bytea NOT NULL CHECK (octet_length(payee_digest) = 32),
  score integer NOT NULL CHECK (score BETWEEN 0 AND 1000),
  listed_name text NOT NULL,
  payee_name text NOT NULL,
  program text NOT NULL,
  reason text NOT NULL,
  found_by bigint NOT NULL,
  found_at timestamptz NOT NULL,
  state smallint NOT NULL CHECK (state BETWEEN 0 AND 2),
  PRIMARY KEY (payer_id, hit_id),
  UNIQUE (payer_id, hit_id, found_by),
  UNIQUE (payer_id, payee_id, source, entry_digest, payee_digest),
  FOREIGN KEY (payer_id, list_id) REFERENCES payments.screening_list (payer_id, list_id)
);

-- The foreign key copies found_by: nobody decides about what they found.
CREATE TABLE payments.screening_decision (
  payer_id bigint NOT NULL,
  hit_id bigint NOT NULL,
  decision_no integer NOT NULL CHECK (decision_no >= 1),
  found_by bigint NOT NULL,
  state smallint NOT NULL CHECK (state IN (1, 2)),
  note text NOT NULL CHECK (note <> ''),
  decided_by bigint NOT NULL,
  decided_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, hit_id, decision_no),
  FOREIGN KEY (payer_id, hit_id, found_by)
    REFERENCES payments.screening_hit (payer_id, hit_id, found_by),
  CHECK (decided_by <> found_by)
);

-- Kind 7 of a hold: excluded from federal programs. Who placed a hold for sanctions, fraud or
-- exclusion does not clear it.
ALTER TABLE payments.payee_hold
  DROP CONSTRAINT payee_hold_kind_check,
  ADD CONSTRAINT payee_hold_kind_known CHECK (kind BETWEEN 0 AND 7),
  ADD CONSTRAINT payee_hold_cleared_by_another CHECK (
    kind NOT IN (1, 2, 7) OR cleared_by IS NULL OR cleared_by <> placed_by);

GRANT SELECT, INSERT ON
  payments.screening_list,
  payments.screening_entry,
  payments.screening_name,
  payments.payee_identity,
  payments.screening_run,
  payments.screening_hit,
  payments.screening_decision
  TO sluice_app;
GRANT UPDATE (state) ON payments.screening_hit TO sluice_app;
GRANT SELECT ON
  payments.screening_list,
  payments.screening_run,
  payments.screening_hit,
  payments.screening_decision
  TO sluice_verify;

ALTER TABLE payments.screening_list ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.screening_list FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.screening_list
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE payments.screening_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.screening_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.screening_entry
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE payments.screening_name ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.screening_name FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.screening_name
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE payments.payee_identity ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.payee_identity FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.payee_identity
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE payments.screening_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.screening_run FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.screening_run
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE payments.screening_hit ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.screening_hit FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.screening_hit
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE payments.screening_decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.screening_decision FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.screening_decision
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
