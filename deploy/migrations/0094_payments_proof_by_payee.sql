-- Who proved an account of a payee since it was last paid does not approve the run that pays it.
CREATE INDEX bank_account_proof_payee ON payments.bank_account_proof (payer_id, payee_id);
