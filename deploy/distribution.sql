-- How the tables spread over a Citus cluster. Run once by an administrator on the coordinator,
-- after `sluice migrate` and before there are rows:
--   psql --single-transaction --set=ON_ERROR_STOP=1 --file=deploy/distribution.sql
--
-- Every table is declared exactly once, one line each; a test checks that, and that every primary
-- key, unique index and foreign key obeys the declaration. A new table needs a line here:
--   reference   small, replicated to every node; may be referred to by all
--   distributed by book_id, contract_id or payer_id: one group each, colocated with its first table
--   local       stays on the coordinator

-- 1. Citus refuses a policy with a subquery on a distributed table, and triggers.
--
-- Where a policy asks payments.book or performance.contract whose a row is, the row says it itself
-- here: tenant_id is filled in with the payer that the transaction acts for, a foreign key holds it
-- to the payer of the row's book or contract, and the policy compares it with the setting. So a row
-- of another payer is neither seen nor made, no list is read for a row, and no statement of the
-- program names the column. On one PostgreSQL the subquery is hashed once for a statement and costs
-- no column; there the policies stay as the migrations made them.
--
-- Triggers were only ever the second guard; grants and constraints stay.
ALTER TABLE payments.book ADD CONSTRAINT book_of_payer UNIQUE (book_id, payer_id);
ALTER TABLE performance.contract ADD CONSTRAINT contract_of_payer UNIQUE (contract_id, payer_id);

DO $$
DECLARE
  p record;
  t record;
  own constant text := 'tenant_id = NULLIF(current_setting(''sluice.payer_id'', true), '''')::bigint';
  book_query constant text :=
    'book_id IN \( SELECT (\w+)\.book_id\s+FROM payments\.book(?: \1)?\)';
  contract_query constant text :=
    'contract_id IN \( SELECT (\w+)\.contract_id\s+FROM performance\.contract(?: \1)?\)';
  using_text text;
  check_text text;
BEGIN
  FOR p IN
    SELECT schemaname, tablename, policyname, qual, with_check
    FROM pg_policies
    WHERE schemaname IN ('core', 'hierarchy', 'performance', 'payments')
      AND coalesce(qual, '') || coalesce(with_check, '') LIKE '%SELECT%'
  LOOP
    using_text := regexp_replace(regexp_replace(p.qual, book_query, own), contract_query, own);
    check_text := regexp_replace(regexp_replace(p.with_check, book_query, own), contract_query, own);
    IF coalesce(using_text, '') || coalesce(check_text, '') LIKE '%SELECT%' THEN
      RAISE EXCEPTION 'policy % on %.% has a subquery without a form that Citus takes',
        p.policyname, p.schemaname, p.tablename;
    END IF;
    IF NOT EXISTS (
      SELECT FROM pg_attribute
      WHERE attrelid = format('%I.%I', p.schemaname, p.tablename)::regclass
        AND attname = 'tenant_id')
    THEN
      EXECUTE format(
        'ALTER TABLE %I.%I ADD COLUMN tenant_id bigint NOT NULL'
        ' DEFAULT NULLIF(current_setting(''sluice.payer_id'', true), '''')::bigint',
        p.schemaname, p.tablename);
      IF coalesce(p.qual, p.with_check) ~ book_query THEN
        EXECUTE format(
          'ALTER TABLE %I.%I ADD CONSTRAINT %I FOREIGN KEY (book_id, tenant_id)'
          ' REFERENCES payments.book (book_id, payer_id)',
          p.schemaname, p.tablename, p.tablename || '_tenant');
      ELSE
        EXECUTE format(
          'ALTER TABLE %I.%I ADD CONSTRAINT %I FOREIGN KEY (contract_id, tenant_id)'
          ' REFERENCES performance.contract (contract_id, payer_id)',
          p.schemaname, p.tablename, p.tablename || '_tenant');
      END IF;
    END IF;
    EXECUTE format('ALTER POLICY %I ON %I.%I', p.policyname, p.schemaname, p.tablename)
      || coalesce(' USING (' || using_text || ')', '')
      || coalesce(' WITH CHECK (' || check_text || ')', '');
  END LOOP;

  FOR t IN
    SELECT tg.tgname, n.nspname, c.relname
    FROM pg_trigger AS tg
    JOIN pg_class AS c ON c.oid = tg.tgrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE NOT tg.tgisinternal
      AND n.nspname IN ('core', 'hierarchy', 'performance', 'payments')
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %I.%I', t.tgname, t.nspname, t.relname);
  END LOOP;

  -- What a transaction sets has to reach the shards: Citus sends SET LOCAL on, when it is told to.
  EXECUTE format('ALTER DATABASE %I SET citus.propagate_set_commands = %L', current_database(),
                 'local');
END
$$;

-- Its being there tells the program to say SET LOCAL (core/pg/connection.cc).
CREATE FUNCTION core.distributed() RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';

-- 2. Reference tables.
SELECT create_reference_table('core.payer');
SELECT create_reference_table('hierarchy.head');
SELECT create_reference_table('hierarchy.change');
SELECT create_reference_table('hierarchy.party');
SELECT create_reference_table('hierarchy.party_detail');
SELECT create_reference_table('hierarchy.party_identifier');
SELECT create_reference_table('hierarchy.affiliation');
SELECT create_reference_table('hierarchy.roster_import');
SELECT create_reference_table('hierarchy.roster_reject');
SELECT create_reference_table('hierarchy.contact');
SELECT create_reference_table('hierarchy.network_rule');
SELECT create_reference_table('hierarchy.onboarding_event');
SELECT create_reference_table('performance.program');
SELECT create_reference_table('performance.contract');
SELECT create_reference_table('payments.book');
SELECT create_reference_table('payments.payee');
SELECT create_reference_table('payments.payee_tax_form');
SELECT create_reference_table('payments.tax_parameter');

-- 3. Distributed by payer_id.
SELECT create_distributed_table('core.request', 'payer_id', colocate_with => 'none');
SELECT create_distributed_table('core.app_user', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('core.user_grant', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('core.user_session', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('core.user_password', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('core.proposal', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('core.user_factor', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('core.audit_event', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('core.audit_seal', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('core.lease', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('core.operation', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('core.upload', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.bank_account', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.bank_account_event', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.data_key', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.data_key_current', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.bank_account_secret', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.payee_hold', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.dormancy_rule', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.institution_import', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.institution', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.bank_account_proof', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.bank_account_alert', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.side_file', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.account_test', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.account_test_entry', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.eft_enrollment', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.eft_enrollment_field', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.payee_notice', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.payment_preference', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.payment_preference_confirmation', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.remittance_drop', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.tin_match', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.backup_withholding', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.screening_list', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.screening_entry', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.screening_name', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.payee_identity', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.screening_run', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.screening_hit', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.screening_decision', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.account_change_notice', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('payments.deposit_account', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.deficit_link', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.deficit_entry', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.member', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.member_detail', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.coverage_span', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.provider_choice', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.risk_score', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.medical_claim', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.pharmacy_claim', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.contract_template', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.episode_type', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.contract_template_version', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.approval_delegation', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.provider_taxonomy', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.feed', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.feed_delivery', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.feed_quarantine', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.data_gate', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.gate_check', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.gate_override', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.change_rules', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.change_watermark', 'payer_id', colocate_with => 'core.request');
SELECT create_distributed_table('performance.change_event', 'payer_id', colocate_with => 'core.request');

-- 4. Distributed by contract_id.
SELECT create_distributed_table('performance.terms', 'contract_id', colocate_with => 'none');
SELECT create_distributed_table('performance.fact', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.award', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.award_split', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.activity_event', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.activity_run', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.activity_line', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.episode', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.episode_status', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.episode_posting', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.episode_run', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.episode_line', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.episode_service', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.episode_document', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.calculation_package', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.member_year', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.member_measure', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.risk_recalibration', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.risk_acknowledgment', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.risk_application', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.contract_version', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.contract_move', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.contract_approver', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.contract_approval', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.contract_signature', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.contract_date_done', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.attribution_method', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.attribution_list', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.attribution_list_status', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.attribution_entry', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.attribution_unattributed', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.attribution_response', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.attribution_finding', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.attribution_audit', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.attribution_override', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.attribution_unattributed_member', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.dispute', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.dispute_event', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.dispute_evidence', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.dispute_award', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.calculation_input', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.panel_span', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.panel_premium', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.panel_factor', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.member_month_run', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.member_month_line', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.recalculation', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.change_decision', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.delta_cause', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.delta_cause_event', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.award_override', 'contract_id', colocate_with => 'performance.terms');
SELECT create_distributed_table('performance.award_override_step', 'contract_id', colocate_with => 'performance.terms');

-- 5. Distributed by book_id.
SELECT create_distributed_table('payments.book_head', 'book_id', colocate_with => 'none');
SELECT create_distributed_table('payments.batch', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.account', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.account_balance', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.journal', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.transfer', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.pending_resolution', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.balance_after', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.limit_change', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.pool', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.payment_rules', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.line_decision', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.run_stop', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.recoup_notice', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.offset_plan', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.late_interest_terms', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.late_interest', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.pool_transfer', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.funding_instruction', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.cycle', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.run', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.run_event', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.run_editor', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.run_revision', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.run_approval', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.collected_award', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.obligation', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.run_line', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.run_payee', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.run_batch', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.disbursement', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.obligation_claim', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.payment_file', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.payment_file_content', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.payment_file_event', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.file_entry', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.remittance', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.inbound_file', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.inbound_delivery', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.inbound_content', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.inbound_fault', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.inbound_item', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.returned_payment', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.return_dispute', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.bank_statement', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.bank_line', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.bank_line_match', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.bank_line_owner', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.line_split', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.line_split_part', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.payment_mark', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.unclaimed_event', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.program_tax_box', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.check_choice', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.check_stock', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.check_issue', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.check_event', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.check_replacement', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.file_address', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.remittance_queue', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.reversal', 'book_id', colocate_with => 'payments.book_head');
SELECT create_distributed_table('payments.reversal_entry', 'book_id', colocate_with => 'payments.book_head');

-- 6. Local to the coordinator.
SELECT citus_add_local_table_to_metadata('core.migration');
SELECT citus_add_local_table_to_metadata('payments.number_counter');
SELECT citus_add_local_table_to_metadata('payments.number_range');
