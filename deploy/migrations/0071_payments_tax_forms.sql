-- The W-9 of a payee: the day on which the taxpayer certified name and TIN. Without one a payee is
-- held. Append-only; the newest counts. Source: PRODUCT H09.

-- Reference, as the payees are.
CREATE TABLE payments.payee_tax_form (
  payee_id bigint NOT NULL REFERENCES payments.payee (payee_id),
  payer_id bigint NOT NULL REFERENCES core.payer (payer_id),
  certified_on date NOT NULL,
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payee_id, certified_on)
);

GRANT SELECT, INSERT ON payments.payee_tax_form TO sluice_app;
GRANT SELECT ON payments.payee_tax_form TO sluice_verify;

ALTER TABLE payments.payee_tax_form ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.payee_tax_form FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.payee_tax_form
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
