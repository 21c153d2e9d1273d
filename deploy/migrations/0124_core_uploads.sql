-- Files that wait to be taken by a call, and what is kept of the import of a roster.

-- For a day, sealed under a key of the servers; only its sender may name it.
CREATE TABLE core.upload (
  payer_id bigint NOT NULL,
  upload_id bigint NOT NULL,
  user_id bigint NOT NULL,
  file_name text NOT NULL CHECK (file_name <> ''),
  size_bytes bigint NOT NULL CHECK (size_bytes >= 1),
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
  PRIMARY KEY (payer_id, upload_id),
  FOREIGN KEY (payer_id) REFERENCES core.payer (payer_id)
);
ALTER TABLE core.upload ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON core.upload
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
-- What nobody took in time is removed.
GRANT SELECT, INSERT, DELETE ON core.upload TO sluice_app;

-- What add_count and change_count are the sums of. None for imports that were made before they were
-- kept.
ALTER TABLE hierarchy.roster_import
  ADD COLUMN parties_added bigint NULL CHECK (parties_added >= 0),
  ADD COLUMN identifiers_added bigint NULL CHECK (identifiers_added >= 0),
  ADD COLUMN affiliations_added bigint NULL CHECK (affiliations_added >= 0),
  ADD COLUMN parties_changed bigint NULL CHECK (parties_changed >= 0),
  ADD COLUMN affiliations_changed bigint NULL CHECK (affiliations_changed >= 0),
  ADD CONSTRAINT roster_import_parts CHECK (parties_added IS NULL
    OR (parties_added + identifiers_added + affiliations_added = add_count
        AND parties_changed + affiliations_changed = change_count));

-- Why rows were not taken, at most 1,000 of an import, by row. code: as RejectCode counts.
CREATE TABLE hierarchy.roster_reject (
  payer_id bigint NOT NULL,
  import_id bigint NOT NULL,
  number integer NOT NULL CHECK (number BETWEEN 1 AND 1000),
  row_number bigint NOT NULL CHECK (row_number >= 1),
  column_name text NOT NULL,
  code smallint NOT NULL CHECK (code BETWEEN 0 AND 11),
  reason text NOT NULL,
  PRIMARY KEY (payer_id, import_id, number),
  FOREIGN KEY (payer_id, import_id) REFERENCES hierarchy.roster_import (payer_id, import_id)
);
ALTER TABLE hierarchy.roster_reject ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON hierarchy.roster_reject
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
GRANT SELECT, INSERT ON hierarchy.roster_reject TO sluice_app;
GRANT SELECT ON hierarchy.roster_reject TO sluice_verify;
