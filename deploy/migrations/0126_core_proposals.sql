-- What one person proposed for another to carry out, where two people decide and the thing itself
-- keeps nothing of the first one: a returned payment that is cleared, a file that never arrived, a
-- void check, money that nobody took. Append-only. etag: the thing as it was seen; a proposal is of
-- that state and of no later one. content: what is to become of it.
-- Source: LEDGER_RELIABILITY_SECURITY 8.4.
CREATE TABLE core.proposal (
  payer_id bigint NOT NULL,
  action text NOT NULL CHECK (action <> ''),
  resource text NOT NULL CHECK (resource <> ''),
  seq_no integer NOT NULL CHECK (seq_no >= 1),
  etag text NOT NULL,
  content text NOT NULL,
  note text NOT NULL CHECK (note <> ''),
  proposed_by bigint NOT NULL,
  proposed_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, action, resource, seq_no)
);

ALTER TABLE core.proposal ENABLE ROW LEVEL SECURITY;
ALTER TABLE core.proposal FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON core.proposal
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
GRANT SELECT, INSERT ON core.proposal TO sluice_app;
GRANT SELECT ON core.proposal TO sluice_verify;
