-- Parties, what identifies them, and their dated many-to-many affiliations.
--
-- Bitemporal by adding: every row names the change that recorded it, and changes are numbered per
-- payer. A span is named by its key and first day; a row of a later change replaces what was known
-- of that span. No row is ever updated or deleted, but for the head, which serializes writers.
-- All tables are reference tables on a cluster; each is scoped by payer.

CREATE TABLE hierarchy.head (
  payer_id bigint NOT NULL PRIMARY KEY REFERENCES core.payer (payer_id),
  change_number bigint NOT NULL CHECK (change_number >= 0),
  recorded_at timestamptz NOT NULL
);

CREATE TABLE hierarchy.change (
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  change_number bigint NOT NULL CHECK (change_number > 0),
  recorded_at timestamptz NOT NULL,
  source text NOT NULL CHECK (length(source) BETWEEN 1 AND 200),
  PRIMARY KEY (payer_id, change_number)
);

CREATE TABLE hierarchy.party (
  party_id bigint NOT NULL PRIMARY KEY CHECK (party_id > 0),
  payer_id bigint NOT NULL,
  kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 9),
  change_number bigint NOT NULL,
  UNIQUE (payer_id, party_id),
  FOREIGN KEY (payer_id, change_number) REFERENCES hierarchy.change (payer_id, change_number)
);

-- Name and address from a day on, until the party's next row takes over.
CREATE TABLE hierarchy.party_detail (
  payer_id bigint NOT NULL,
  party_id bigint NOT NULL,
  valid_from date NOT NULL,
  change_number bigint NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200 AND name = btrim(name)),
  line1 text NOT NULL,
  line2 text NOT NULL,
  city text NOT NULL,
  state text NOT NULL CHECK (state = '' OR state ~ '^[A-Z]{2}$'),
  postal_code text NOT NULL CHECK (postal_code = '' OR postal_code ~ '^[0-9]{5}(-[0-9]{4})?$'),
  PRIMARY KEY (payer_id, party_id, valid_from, change_number),
  FOREIGN KEY (payer_id, party_id) REFERENCES hierarchy.party (payer_id, party_id),
  FOREIGN KEY (payer_id, change_number) REFERENCES hierarchy.change (payer_id, change_number)
);

-- The key leaves the party out on purpose: one change cannot give a value to two parties from the
-- same day.
CREATE TABLE hierarchy.party_identifier (
  payer_id bigint NOT NULL,
  type smallint NOT NULL CHECK (type BETWEEN 1 AND 5),
  scope text NOT NULL CHECK ((scope <> '') = (type IN (4, 5))),
  value text NOT NULL CHECK (
    CASE type
      WHEN 1 THEN value ~ '^[12][0-9]{9}$'
      WHEN 2 THEN value ~ '^[0-9]{9}$'
      WHEN 3 THEN value ~ '^[0-9A-Z]{6}([0-9]{4})?$'
      ELSE length(value) > 0
    END),
  valid_from date NOT NULL,
  change_number bigint NOT NULL,
  party_id bigint NOT NULL,
  valid_to date CHECK (valid_to > valid_from),
  withdrawn boolean NOT NULL,
  PRIMARY KEY (payer_id, type, scope, value, valid_from, change_number),
  FOREIGN KEY (payer_id, party_id) REFERENCES hierarchy.party (payer_id, party_id),
  FOREIGN KEY (payer_id, change_number) REFERENCES hierarchy.change (payer_id, change_number)
);
CREATE INDEX party_identifier_party ON hierarchy.party_identifier (payer_id, party_id);

CREATE TABLE hierarchy.affiliation (
  payer_id bigint NOT NULL,
  parent_id bigint NOT NULL,
  child_id bigint NOT NULL CHECK (child_id <> parent_id),
  role text NOT NULL CHECK (role ~ '^[a-z][a-z0-9_]{0,39}$'),
  valid_from date NOT NULL,
  change_number bigint NOT NULL,
  valid_to date CHECK (valid_to > valid_from),
  withdrawn boolean NOT NULL,
  PRIMARY KEY (payer_id, parent_id, child_id, role, valid_from, change_number),
  FOREIGN KEY (payer_id, parent_id) REFERENCES hierarchy.party (payer_id, party_id),
  FOREIGN KEY (payer_id, child_id) REFERENCES hierarchy.party (payer_id, party_id),
  FOREIGN KEY (payer_id, change_number) REFERENCES hierarchy.change (payer_id, change_number)
);
CREATE INDEX affiliation_child ON hierarchy.affiliation (payer_id, child_id);

-- One row per roster file that was applied, also when it changed nothing.
CREATE TABLE hierarchy.roster_import (
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  import_id bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  mapping text NOT NULL,
  file_name text NOT NULL,
  file_sha256 bytea NOT NULL CHECK (length(file_sha256) = 32),
  row_count bigint NOT NULL CHECK (row_count >= 0),
  add_count bigint NOT NULL CHECK (add_count >= 0),
  change_count bigint NOT NULL CHECK (change_count >= 0),
  end_count bigint NOT NULL CHECK (end_count >= 0),
  reject_count bigint NOT NULL CHECK (reject_count >= 0),
  change_number bigint,
  PRIMARY KEY (payer_id, import_id),
  FOREIGN KEY (payer_id, change_number) REFERENCES hierarchy.change (payer_id, change_number)
);

ALTER TABLE hierarchy.head ENABLE ROW LEVEL SECURITY;
ALTER TABLE hierarchy.head FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON hierarchy.head
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE hierarchy.change ENABLE ROW LEVEL SECURITY;
ALTER TABLE hierarchy.change FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON hierarchy.change
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE hierarchy.party ENABLE ROW LEVEL SECURITY;
ALTER TABLE hierarchy.party FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON hierarchy.party
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE hierarchy.party_detail ENABLE ROW LEVEL SECURITY;
ALTER TABLE hierarchy.party_detail FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON hierarchy.party_detail
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE hierarchy.party_identifier ENABLE ROW LEVEL SECURITY;
ALTER TABLE hierarchy.party_identifier FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON hierarchy.party_identifier
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE hierarchy.affiliation ENABLE ROW LEVEL SECURITY;
ALTER TABLE hierarchy.affiliation FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON hierarchy.affiliation
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE hierarchy.roster_import ENABLE ROW LEVEL SECURITY;
ALTER TABLE hierarchy.roster_import FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON hierarchy.roster_import
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

GRANT SELECT, INSERT ON hierarchy.head, hierarchy.change, hierarchy.party, hierarchy.party_detail,
  hierarchy.party_identifier, hierarchy.affiliation, hierarchy.roster_import TO sluice_app;
GRANT UPDATE (change_number, recorded_at) ON hierarchy.head TO sluice_app;
GRANT SELECT ON hierarchy.head, hierarchy.change, hierarchy.party, hierarchy.party_detail,
  hierarchy.party_identifier, hierarchy.affiliation, hierarchy.roster_import TO sluice_verify;
