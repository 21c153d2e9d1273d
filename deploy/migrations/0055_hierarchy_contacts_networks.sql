-- Contacts of parties, and the networks of contracts. Append-only: a correction is the next
-- revision of the same contact or rule, and the highest revision known is what counts.

-- Somebody to call at a party. No party: the payer itself.
CREATE TABLE hierarchy.contact (
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  contact_id bigint NOT NULL CHECK (contact_id > 0),
  revision integer NOT NULL CHECK (revision > 0),
  party_id bigint NULL,
  kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 6),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  email text NOT NULL CHECK (email = '' OR email LIKE '%_@_%'),
  phone text NOT NULL CHECK (phone = '' OR phone ~ '^\+1[2-9][0-9]{9}(x[0-9]{1,6})?$'),
  valid_from date NOT NULL,
  valid_to date NULL CHECK (valid_to > valid_from),
  withdrawn boolean NOT NULL,
  actor_id bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, contact_id, revision),
  FOREIGN KEY (payer_id, party_id) REFERENCES hierarchy.party (payer_id, party_id),
  CONSTRAINT contact_can_be_reached CHECK (email <> '' OR phone <> '')
);
CREATE INDEX contact_of_party ON hierarchy.contact (payer_id, party_id);

-- What makes a provider part of a contract's network on a day: 1 everybody at or below a party,
-- 2 a party named in, 3 a party named out.
CREATE TABLE hierarchy.network_rule (
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  contract_id bigint NOT NULL,
  rule_number integer NOT NULL CHECK (rule_number > 0),
  revision integer NOT NULL CHECK (revision > 0),
  kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 3),
  party_id bigint NOT NULL,
  valid_from date NOT NULL,
  valid_to date NULL CHECK (valid_to > valid_from),
  withdrawn boolean NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  actor_id bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, contract_id, rule_number, revision),
  FOREIGN KEY (contract_id) REFERENCES performance.contract (contract_id),
  FOREIGN KEY (payer_id, party_id) REFERENCES hierarchy.party (payer_id, party_id)
);

ALTER TABLE hierarchy.contact ENABLE ROW LEVEL SECURITY;
ALTER TABLE hierarchy.contact FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON hierarchy.contact
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

ALTER TABLE hierarchy.network_rule ENABLE ROW LEVEL SECURITY;
ALTER TABLE hierarchy.network_rule FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON hierarchy.network_rule
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);

GRANT SELECT, INSERT ON hierarchy.contact, hierarchy.network_rule TO sluice_app;
GRANT SELECT ON hierarchy.contact, hierarchy.network_rule TO sluice_verify;
