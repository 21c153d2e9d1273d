-- A party may have a payee, and so a bank account, of its own for its work under one parent or in
-- one role. 0 and '' are: under everybody, in every role. Source: PRODUCT H08.

ALTER TABLE payments.payee
  ADD COLUMN under_party_id bigint NOT NULL DEFAULT 0,
  ADD COLUMN role text NOT NULL DEFAULT '',
  DROP CONSTRAINT payee_payer_id_party_id_key,
  ADD CONSTRAINT payee_of_party UNIQUE (payer_id, party_id, under_party_id, role);

-- Under whom and in which role the party has the share.
ALTER TABLE payments.obligation
  ADD COLUMN under_party_id bigint NOT NULL DEFAULT 0,
  ADD COLUMN role text NOT NULL DEFAULT '';
