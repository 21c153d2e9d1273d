-- Component 3 of an obligation: interest on withheld money that is released, the payer's expense.

ALTER TABLE payments.obligation
  DROP CONSTRAINT obligation_component_check,
  ADD CONSTRAINT obligation_component_known CHECK (component BETWEEN 0 AND 3);
