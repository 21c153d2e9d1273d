-- Documents of an episode (referral, consent, discharge summary), by reference and hash: the file
-- itself is kept elsewhere. Append-only.
CREATE TABLE performance.episode_document (
  contract_id bigint NOT NULL,
  episode_id bigint NOT NULL,
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  name text NOT NULL CHECK (name <> ''),
  reference text NOT NULL CHECK (reference <> ''),  -- where it is kept
  added_at timestamptz NOT NULL,
  added_by bigint NOT NULL CHECK (added_by > 0),
  PRIMARY KEY (contract_id, episode_id, sha256),
  FOREIGN KEY (contract_id, episode_id) REFERENCES performance.episode (contract_id, episode_id)
);

GRANT SELECT, INSERT ON performance.episode_document TO sluice_app;
GRANT SELECT ON performance.episode_document TO sluice_verify;

ALTER TABLE performance.episode_document ENABLE ROW LEVEL SECURITY;
ALTER TABLE performance.episode_document FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON performance.episode_document
  USING (contract_id IN (SELECT c.contract_id FROM performance.contract AS c));
