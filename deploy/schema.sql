-- The whole schema, for reading: what deploy/migrations make, as pg_dump writes it.
-- A test keeps it true; UPDATE_GOLDEN=1 build/debug/tests/schema_test rewrites it.

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

-- Name: core; Type: SCHEMA; Schema: -; Owner: sluice_owner

CREATE SCHEMA core;

ALTER SCHEMA core OWNER TO sluice_owner;

-- Name: hierarchy; Type: SCHEMA; Schema: -; Owner: sluice_owner

CREATE SCHEMA hierarchy;

ALTER SCHEMA hierarchy OWNER TO sluice_owner;

-- Name: payments; Type: SCHEMA; Schema: -; Owner: sluice_owner

CREATE SCHEMA payments;

ALTER SCHEMA payments OWNER TO sluice_owner;

-- Name: performance; Type: SCHEMA; Schema: -; Owner: sluice_owner

CREATE SCHEMA performance;

ALTER SCHEMA performance OWNER TO sluice_owner;

-- Name: refuse_audit_change(); Type: FUNCTION; Schema: core; Owner: sluice_owner

CREATE FUNCTION core.refuse_audit_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION 'rows of %.% are append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END;
$$;

ALTER FUNCTION core.refuse_audit_change() OWNER TO sluice_owner;

-- Name: count_run_rows(); Type: FUNCTION; Schema: payments; Owner: sluice_owner

CREATE FUNCTION payments.count_run_rows() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  ANALYZE payments.obligation, payments.run_line, payments.run_payee, payments.disbursement,
    payments.remittance, payments.obligation_claim, payments.file_entry;
END
$$;

ALTER FUNCTION payments.count_run_rows() OWNER TO sluice_owner;

-- Name: refuse_editor_approval(); Type: FUNCTION; Schema: payments; Owner: sluice_owner

CREATE FUNCTION payments.refuse_editor_approval() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM payments.run_editor AS e
             WHERE e.book_id = NEW.book_id AND e.run_id = NEW.run_id
               AND e.editor_id = NEW.approver_id) THEN
    RAISE EXCEPTION 'an editor of a run cannot approve it' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END
$$;

ALTER FUNCTION payments.refuse_editor_approval() OWNER TO sluice_owner;

-- Name: refuse_ledger_change(); Type: FUNCTION; Schema: payments; Owner: sluice_owner

CREATE FUNCTION payments.refuse_ledger_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION 'rows of %.% are append-only: correct by adding a journal',
    TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END;
$$;

ALTER FUNCTION payments.refuse_ledger_change() OWNER TO sluice_owner;

-- Name: refuse_secret_change(); Type: FUNCTION; Schema: payments; Owner: sluice_owner

CREATE FUNCTION payments.refuse_secret_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
    SELECT 1 FROM payments.bank_account_secret AS s
    WHERE s.payer_id = OLD.payer_id AND s.account_id = OLD.account_id
      AND s.version = OLD.version AND s.wrap_seq > OLD.wrap_seq) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'payments.bank_account_secret is append-only' USING ERRCODE = '42501';
END
$$;

ALTER FUNCTION payments.refuse_secret_change() OWNER TO sluice_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

-- Name: app_user; Type: TABLE; Schema: core; Owner: sluice_owner

CREATE TABLE core.app_user (
    payer_id bigint NOT NULL,
    user_id bigint NOT NULL,
    sign_in_name text NOT NULL,
    display_name text NOT NULL,
    email text NOT NULL,
    is_service boolean NOT NULL,
    disabled boolean NOT NULL,
    version bigint NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT app_user_display_name_check CHECK ((display_name <> ''::text)),
    CONSTRAINT app_user_sign_in_name_check CHECK ((sign_in_name ~ '^[!-~]{1,200}$'::text)),
    CONSTRAINT app_user_version_check CHECK ((version >= 1))
);

ALTER TABLE ONLY core.app_user FORCE ROW LEVEL SECURITY;

ALTER TABLE core.app_user OWNER TO sluice_owner;

-- Name: audit_event; Type: TABLE; Schema: core; Owner: sluice_owner

CREATE TABLE core.audit_event (
    payer_id bigint NOT NULL,
    event_id bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    actor_id bigint,
    in_place_of bigint,
    session_sha256 bytea,
    method text NOT NULL,
    resource text NOT NULL,
    decision smallint NOT NULL,
    reason text NOT NULL,
    before_sha256 bytea,
    after_sha256 bytea,
    request_id text NOT NULL,
    address text NOT NULL,
    CONSTRAINT audit_denial_changes_nothing CHECK (((decision = 1) OR ((before_sha256 IS NULL) AND (after_sha256 IS NULL) AND (reason <> ''::text)))),
    CONSTRAINT audit_event_after_sha256_check CHECK ((octet_length(after_sha256) = 32)),
    CONSTRAINT audit_event_before_sha256_check CHECK ((octet_length(before_sha256) = 32)),
    CONSTRAINT audit_event_decision_check CHECK ((decision = ANY (ARRAY[1, 2]))),
    CONSTRAINT audit_event_method_check CHECK ((method <> ''::text)),
    CONSTRAINT audit_event_session_sha256_check CHECK ((octet_length(session_sha256) = 32))
);

ALTER TABLE ONLY core.audit_event FORCE ROW LEVEL SECURITY;

ALTER TABLE core.audit_event OWNER TO sluice_owner;

-- Name: audit_seal; Type: TABLE; Schema: core; Owner: sluice_owner

CREATE TABLE core.audit_seal (
    payer_id bigint NOT NULL,
    number bigint NOT NULL,
    event_id bigint NOT NULL,
    event_sha256 bytea NOT NULL,
    previous_number bigint,
    previous_sha256 bytea,
    chain_sha256 bytea NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    CONSTRAINT audit_seal_chain_sha256_check CHECK ((octet_length(chain_sha256) = 32)),
    CONSTRAINT audit_seal_event_sha256_check CHECK ((octet_length(event_sha256) = 32)),
    CONSTRAINT audit_seal_follows CHECK (
CASE
    WHEN (number = 1) THEN ((previous_number IS NULL) AND (previous_sha256 IS NULL))
    ELSE ((previous_number IS NOT NULL) AND (previous_number = (number - 1)) AND (previous_sha256 IS NOT NULL))
END),
    CONSTRAINT audit_seal_number_check CHECK ((number >= 1))
);

ALTER TABLE ONLY core.audit_seal FORCE ROW LEVEL SECURITY;

ALTER TABLE core.audit_seal OWNER TO sluice_owner;

-- Name: lease; Type: TABLE; Schema: core; Owner: sluice_owner

CREATE TABLE core.lease (
    payer_id bigint NOT NULL,
    name text NOT NULL,
    holder text NOT NULL,
    fence bigint NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT lease_fence_check CHECK ((fence >= 1)),
    CONSTRAINT lease_holder_check CHECK ((holder <> ''::text)),
    CONSTRAINT lease_name_check CHECK ((name <> ''::text))
);

ALTER TABLE ONLY core.lease FORCE ROW LEVEL SECURITY;

ALTER TABLE core.lease OWNER TO sluice_owner;

-- Name: migration; Type: TABLE; Schema: core; Owner: sluice_owner

CREATE TABLE core.migration (
    number integer NOT NULL,
    name text NOT NULL,
    checksum bytea NOT NULL,
    applied_at timestamp with time zone NOT NULL,
    CONSTRAINT migration_checksum CHECK ((octet_length(checksum) = 32)),
    CONSTRAINT migration_number CHECK ((number > 0))
);

ALTER TABLE core.migration OWNER TO sluice_owner;

-- Name: operation; Type: TABLE; Schema: core; Owner: sluice_owner

CREATE TABLE core.operation (
    payer_id bigint NOT NULL,
    operation_id bigint NOT NULL,
    method text NOT NULL,
    target text NOT NULL,
    job text NOT NULL,
    user_id bigint NOT NULL,
    is_service boolean NOT NULL,
    request bytea NOT NULL,
    state smallint NOT NULL,
    phase text NOT NULL,
    items_done bigint NOT NULL,
    items_total bigint NOT NULL,
    attempts integer NOT NULL,
    not_before timestamp with time zone NOT NULL,
    cancel_requested boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    result bytea,
    CONSTRAINT operation_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT operation_ended CHECK ((((state >= 2) = (ended_at IS NOT NULL)) AND ((ended_at IS NULL) = (result IS NULL)))),
    CONSTRAINT operation_items_done_check CHECK ((items_done >= 0)),
    CONSTRAINT operation_items_total_check CHECK ((items_total >= 0)),
    CONSTRAINT operation_job_check CHECK ((job <> ''::text)),
    CONSTRAINT operation_method_check CHECK ((method <> ''::text)),
    CONSTRAINT operation_state_check CHECK (((state >= 0) AND (state <= 4)))
);

ALTER TABLE ONLY core.operation FORCE ROW LEVEL SECURITY;

ALTER TABLE core.operation OWNER TO sluice_owner;

-- Name: payer; Type: TABLE; Schema: core; Owner: sluice_owner

CREATE TABLE core.payer (
    payer_id bigint NOT NULL,
    name text NOT NULL,
    tin text NOT NULL,
    CONSTRAINT payer_name CHECK ((name <> ''::text)),
    CONSTRAINT payer_tin CHECK ((tin ~ '^[0-9]{9}$'::text))
);

ALTER TABLE ONLY core.payer FORCE ROW LEVEL SECURITY;

ALTER TABLE core.payer OWNER TO sluice_owner;

-- Name: proposal; Type: TABLE; Schema: core; Owner: sluice_owner

CREATE TABLE core.proposal (
    payer_id bigint NOT NULL,
    action text NOT NULL,
    resource text NOT NULL,
    seq_no integer NOT NULL,
    etag text NOT NULL,
    content text NOT NULL,
    note text NOT NULL,
    proposed_by bigint NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    CONSTRAINT proposal_action_check CHECK ((action <> ''::text)),
    CONSTRAINT proposal_note_check CHECK ((note <> ''::text)),
    CONSTRAINT proposal_resource_check CHECK ((resource <> ''::text)),
    CONSTRAINT proposal_seq_no_check CHECK ((seq_no >= 1))
);

ALTER TABLE ONLY core.proposal FORCE ROW LEVEL SECURITY;

ALTER TABLE core.proposal OWNER TO sluice_owner;

-- Name: request; Type: TABLE; Schema: core; Owner: sluice_owner

CREATE TABLE core.request (
    payer_id bigint NOT NULL,
    principal text NOT NULL,
    operation text NOT NULL,
    request_id uuid NOT NULL,
    body_hash bytea NOT NULL,
    answer bytea NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    body bytea NOT NULL,
    code smallint NOT NULL,
    CONSTRAINT request_body_hash CHECK ((octet_length(body_hash) = 32)),
    CONSTRAINT request_code_check CHECK (((code >= 0) AND (code <= 16)))
);

ALTER TABLE ONLY core.request FORCE ROW LEVEL SECURITY;

ALTER TABLE core.request OWNER TO sluice_owner;

-- Name: upload; Type: TABLE; Schema: core; Owner: sluice_owner

CREATE TABLE core.upload (
    payer_id bigint NOT NULL,
    upload_id bigint NOT NULL,
    user_id bigint NOT NULL,
    file_name text NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 bytea NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT upload_check CHECK ((expires_at > created_at)),
    CONSTRAINT upload_file_name_check CHECK ((file_name <> ''::text)),
    CONSTRAINT upload_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT upload_size_bytes_check CHECK ((size_bytes >= 1))
);

ALTER TABLE ONLY core.upload FORCE ROW LEVEL SECURITY;

ALTER TABLE core.upload OWNER TO sluice_owner;

-- Name: user_factor; Type: TABLE; Schema: core; Owner: sluice_owner

CREATE TABLE core.user_factor (
    payer_id bigint NOT NULL,
    user_id bigint NOT NULL,
    sealed bytea,
    confirmed_at timestamp with time zone,
    last_step bigint NOT NULL,
    pending_sealed bytea,
    pending_at timestamp with time zone,
    CONSTRAINT factor_confirmed CHECK (((sealed IS NULL) = (confirmed_at IS NULL))),
    CONSTRAINT factor_pending CHECK (((pending_sealed IS NULL) = (pending_at IS NULL))),
    CONSTRAINT user_factor_last_step_check CHECK ((last_step >= 0))
);

ALTER TABLE ONLY core.user_factor FORCE ROW LEVEL SECURITY;

ALTER TABLE core.user_factor OWNER TO sluice_owner;

-- Name: user_grant; Type: TABLE; Schema: core; Owner: sluice_owner

CREATE TABLE core.user_grant (
    payer_id bigint NOT NULL,
    grant_id bigint NOT NULL,
    user_id bigint NOT NULL,
    role smallint NOT NULL,
    root_party bigint,
    valid_from date NOT NULL,
    valid_to date,
    delegated_by bigint,
    reason text NOT NULL,
    proposed_by bigint NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    approved_by bigint,
    approved_at timestamp with time zone,
    ended_by bigint,
    ended_at timestamp with time zone,
    end_reason text,
    CONSTRAINT grant_approved CHECK (((approved_by IS NULL) = (approved_at IS NULL))),
    CONSTRAINT grant_by_two CHECK ((approved_by IS DISTINCT FROM proposed_by)),
    CONSTRAINT grant_days CHECK (((valid_to IS NULL) OR (valid_from < valid_to))),
    CONSTRAINT grant_delegation CHECK (((delegated_by IS NULL) OR ((delegated_by = proposed_by) AND (approved_by IS NULL) AND (valid_to IS NOT NULL) AND ((valid_to - valid_from) <= 90)))),
    CONSTRAINT grant_ended CHECK ((((ended_by IS NULL) = (ended_at IS NULL)) AND ((ended_by IS NULL) = (end_reason IS NULL)))),
    CONSTRAINT grant_not_to_oneself CHECK (((proposed_by <> user_id) AND (approved_by IS DISTINCT FROM user_id))),
    CONSTRAINT grant_outsider_has_a_root CHECK (((role < 13) OR (root_party IS NOT NULL))),
    CONSTRAINT user_grant_role_check CHECK (((role >= 1) AND (role <= 15)))
);

ALTER TABLE ONLY core.user_grant FORCE ROW LEVEL SECURITY;

ALTER TABLE core.user_grant OWNER TO sluice_owner;

-- Name: user_password; Type: TABLE; Schema: core; Owner: sluice_owner

CREATE TABLE core.user_password (
    payer_id bigint NOT NULL,
    user_id bigint NOT NULL,
    verifier text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    failures integer NOT NULL,
    locked_until timestamp with time zone,
    CONSTRAINT user_password_failures_check CHECK ((failures >= 0)),
    CONSTRAINT user_password_verifier_check CHECK ((verifier ~~ '$argon2id$%'::text))
);

ALTER TABLE ONLY core.user_password FORCE ROW LEVEL SECURITY;

ALTER TABLE core.user_password OWNER TO sluice_owner;

-- Name: user_session; Type: TABLE; Schema: core; Owner: sluice_owner

CREATE TABLE core.user_session (
    payer_id bigint NOT NULL,
    session_sha256 bytea NOT NULL,
    csrf_sha256 bytea NOT NULL,
    user_id bigint NOT NULL,
    address text NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    stepped_up_at timestamp with time zone,
    ended_at timestamp with time zone,
    end_reason text,
    CONSTRAINT session_ended CHECK (((ended_at IS NULL) = (end_reason IS NULL))),
    CONSTRAINT session_is_at_most_ten_hours CHECK (((ends_at > began_at) AND (ends_at <= (began_at + '10:00:00'::interval)))),
    CONSTRAINT session_seen_in_its_time CHECK (((last_seen_at >= began_at) AND (last_seen_at <= ends_at))),
    CONSTRAINT user_session_csrf_sha256_check CHECK ((octet_length(csrf_sha256) = 32)),
    CONSTRAINT user_session_session_sha256_check CHECK ((octet_length(session_sha256) = 32))
);

ALTER TABLE ONLY core.user_session FORCE ROW LEVEL SECURITY;

ALTER TABLE core.user_session OWNER TO sluice_owner;

-- Name: affiliation; Type: TABLE; Schema: hierarchy; Owner: sluice_owner

CREATE TABLE hierarchy.affiliation (
    payer_id bigint NOT NULL,
    parent_id bigint NOT NULL,
    child_id bigint NOT NULL,
    role text NOT NULL,
    valid_from date NOT NULL,
    change_number bigint NOT NULL,
    valid_to date,
    withdrawn boolean NOT NULL,
    CONSTRAINT affiliation_check CHECK ((child_id <> parent_id)),
    CONSTRAINT affiliation_check1 CHECK ((valid_to > valid_from)),
    CONSTRAINT affiliation_role_check CHECK ((role ~ '^[a-z][a-z0-9_]{0,39}$'::text))
);

ALTER TABLE ONLY hierarchy.affiliation FORCE ROW LEVEL SECURITY;

ALTER TABLE hierarchy.affiliation OWNER TO sluice_owner;

-- Name: change; Type: TABLE; Schema: hierarchy; Owner: sluice_owner

CREATE TABLE hierarchy.change (
    payer_id bigint NOT NULL,
    change_number bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    source text NOT NULL,
    CONSTRAINT change_change_number_check CHECK ((change_number > 0)),
    CONSTRAINT change_source_check CHECK (((length(source) >= 1) AND (length(source) <= 200)))
);

ALTER TABLE ONLY hierarchy.change FORCE ROW LEVEL SECURITY;

ALTER TABLE hierarchy.change OWNER TO sluice_owner;

-- Name: contact; Type: TABLE; Schema: hierarchy; Owner: sluice_owner

CREATE TABLE hierarchy.contact (
    payer_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    revision integer NOT NULL,
    party_id bigint,
    kind smallint NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    phone text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    withdrawn boolean NOT NULL,
    actor_id bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT contact_can_be_reached CHECK (((email <> ''::text) OR (phone <> ''::text))),
    CONSTRAINT contact_check CHECK ((valid_to > valid_from)),
    CONSTRAINT contact_contact_id_check CHECK ((contact_id > 0)),
    CONSTRAINT contact_email_check CHECK (((email = ''::text) OR (email ~~ '%_@_%'::text))),
    CONSTRAINT contact_kind_check CHECK (((kind >= 1) AND (kind <= 6))),
    CONSTRAINT contact_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT contact_phone_check CHECK (((phone = ''::text) OR (phone ~ '^\+1[2-9][0-9]{9}(x[0-9]{1,6})?$'::text))),
    CONSTRAINT contact_revision_check CHECK ((revision > 0))
);

ALTER TABLE ONLY hierarchy.contact FORCE ROW LEVEL SECURITY;

ALTER TABLE hierarchy.contact OWNER TO sluice_owner;

-- Name: head; Type: TABLE; Schema: hierarchy; Owner: sluice_owner

CREATE TABLE hierarchy.head (
    payer_id bigint NOT NULL,
    change_number bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT head_change_number_check CHECK ((change_number >= 0))
);

ALTER TABLE ONLY hierarchy.head FORCE ROW LEVEL SECURITY;

ALTER TABLE hierarchy.head OWNER TO sluice_owner;

-- Name: network_rule; Type: TABLE; Schema: hierarchy; Owner: sluice_owner

CREATE TABLE hierarchy.network_rule (
    payer_id bigint NOT NULL,
    contract_id bigint NOT NULL,
    rule_number integer NOT NULL,
    revision integer NOT NULL,
    kind smallint NOT NULL,
    party_id bigint NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    withdrawn boolean NOT NULL,
    reason text NOT NULL,
    actor_id bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT network_rule_check CHECK ((valid_to > valid_from)),
    CONSTRAINT network_rule_kind_check CHECK (((kind >= 1) AND (kind <= 3))),
    CONSTRAINT network_rule_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT network_rule_revision_check CHECK ((revision > 0)),
    CONSTRAINT network_rule_rule_number_check CHECK ((rule_number > 0))
);

ALTER TABLE ONLY hierarchy.network_rule FORCE ROW LEVEL SECURITY;

ALTER TABLE hierarchy.network_rule OWNER TO sluice_owner;

-- Name: onboarding_event; Type: TABLE; Schema: hierarchy; Owner: sluice_owner

CREATE TABLE hierarchy.onboarding_event (
    payer_id bigint NOT NULL,
    party_id bigint NOT NULL,
    sequence integer NOT NULL,
    command smallint NOT NULL,
    state smallint NOT NULL,
    actor_id bigint NOT NULL,
    reason text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT onboarding_event_command_check CHECK (((command >= 1) AND (command <= 6))),
    CONSTRAINT onboarding_event_sequence_check CHECK ((sequence > 0)),
    CONSTRAINT onboarding_event_state_check CHECK (((state >= 1) AND (state <= 5))),
    CONSTRAINT onboarding_opens_in_draft CHECK (((sequence = 1) = (command = 1))),
    CONSTRAINT onboarding_return_has_reason CHECK (((command <> 6) OR (reason <> ''::text))),
    CONSTRAINT onboarding_state_of_command CHECK ((state =
CASE command
    WHEN 1 THEN 1
    WHEN 2 THEN 2
    WHEN 3 THEN 3
    WHEN 4 THEN 4
    WHEN 5 THEN 5
    ELSE 1
END))
);

ALTER TABLE ONLY hierarchy.onboarding_event FORCE ROW LEVEL SECURITY;

ALTER TABLE hierarchy.onboarding_event OWNER TO sluice_owner;

-- Name: party; Type: TABLE; Schema: hierarchy; Owner: sluice_owner

CREATE TABLE hierarchy.party (
    party_id bigint NOT NULL,
    payer_id bigint NOT NULL,
    kind smallint NOT NULL,
    change_number bigint NOT NULL,
    CONSTRAINT party_kind_check CHECK (((kind >= 1) AND (kind <= 9))),
    CONSTRAINT party_party_id_check CHECK ((party_id > 0))
);

ALTER TABLE ONLY hierarchy.party FORCE ROW LEVEL SECURITY;

ALTER TABLE hierarchy.party OWNER TO sluice_owner;

-- Name: party_detail; Type: TABLE; Schema: hierarchy; Owner: sluice_owner

CREATE TABLE hierarchy.party_detail (
    payer_id bigint NOT NULL,
    party_id bigint NOT NULL,
    valid_from date NOT NULL,
    change_number bigint NOT NULL,
    name text NOT NULL,
    line1 text NOT NULL,
    line2 text NOT NULL,
    city text NOT NULL,
    state text NOT NULL,
    postal_code text NOT NULL,
    CONSTRAINT party_detail_name_check CHECK ((((length(name) >= 1) AND (length(name) <= 200)) AND (name = btrim(name)))),
    CONSTRAINT party_detail_postal_code_check CHECK (((postal_code = ''::text) OR (postal_code ~ '^[0-9]{5}(-[0-9]{4})?$'::text))),
    CONSTRAINT party_detail_state_check CHECK (((state = ''::text) OR (state ~ '^[A-Z]{2}$'::text)))
);

ALTER TABLE ONLY hierarchy.party_detail FORCE ROW LEVEL SECURITY;

ALTER TABLE hierarchy.party_detail OWNER TO sluice_owner;

-- Name: party_identifier; Type: TABLE; Schema: hierarchy; Owner: sluice_owner

CREATE TABLE hierarchy.party_identifier (
    payer_id bigint NOT NULL,
    type smallint NOT NULL,
    scope text NOT NULL,
    value text NOT NULL,
    valid_from date NOT NULL,
    change_number bigint NOT NULL,
    party_id bigint NOT NULL,
    valid_to date,
    withdrawn boolean NOT NULL,
    CONSTRAINT party_identifier_check CHECK (((scope <> ''::text) = (type = ANY (ARRAY[4, 5])))),
    CONSTRAINT party_identifier_check1 CHECK (
CASE type
    WHEN 1 THEN (value ~ '^[12][0-9]{9}$'::text)
    WHEN 2 THEN (value ~ '^[0-9]{9}$'::text)
    WHEN 3 THEN (value ~ '^[0-9A-Z]{6}([0-9]{4})?$'::text)
    ELSE (length(value) > 0)
END),
    CONSTRAINT party_identifier_check2 CHECK ((valid_to > valid_from)),
    CONSTRAINT party_identifier_type_check CHECK (((type >= 1) AND (type <= 5)))
);

ALTER TABLE ONLY hierarchy.party_identifier FORCE ROW LEVEL SECURITY;

ALTER TABLE hierarchy.party_identifier OWNER TO sluice_owner;

-- Name: roster_import; Type: TABLE; Schema: hierarchy; Owner: sluice_owner

CREATE TABLE hierarchy.roster_import (
    payer_id bigint NOT NULL,
    import_id bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    mapping text NOT NULL,
    file_name text NOT NULL,
    file_sha256 bytea NOT NULL,
    row_count bigint NOT NULL,
    add_count bigint NOT NULL,
    change_count bigint NOT NULL,
    end_count bigint NOT NULL,
    reject_count bigint NOT NULL,
    change_number bigint,
    parties_added bigint,
    identifiers_added bigint,
    affiliations_added bigint,
    parties_changed bigint,
    affiliations_changed bigint,
    CONSTRAINT roster_import_add_count_check CHECK ((add_count >= 0)),
    CONSTRAINT roster_import_affiliations_added_check CHECK ((affiliations_added >= 0)),
    CONSTRAINT roster_import_affiliations_changed_check CHECK ((affiliations_changed >= 0)),
    CONSTRAINT roster_import_change_count_check CHECK ((change_count >= 0)),
    CONSTRAINT roster_import_end_count_check CHECK ((end_count >= 0)),
    CONSTRAINT roster_import_file_sha256_check CHECK ((length(file_sha256) = 32)),
    CONSTRAINT roster_import_identifiers_added_check CHECK ((identifiers_added >= 0)),
    CONSTRAINT roster_import_parties_added_check CHECK ((parties_added >= 0)),
    CONSTRAINT roster_import_parties_changed_check CHECK ((parties_changed >= 0)),
    CONSTRAINT roster_import_parts CHECK (((parties_added IS NULL) OR ((((parties_added + identifiers_added) + affiliations_added) = add_count) AND ((parties_changed + affiliations_changed) = change_count)))),
    CONSTRAINT roster_import_reject_count_check CHECK ((reject_count >= 0)),
    CONSTRAINT roster_import_row_count_check CHECK ((row_count >= 0))
);

ALTER TABLE ONLY hierarchy.roster_import FORCE ROW LEVEL SECURITY;

ALTER TABLE hierarchy.roster_import OWNER TO sluice_owner;

-- Name: roster_reject; Type: TABLE; Schema: hierarchy; Owner: sluice_owner

CREATE TABLE hierarchy.roster_reject (
    payer_id bigint NOT NULL,
    import_id bigint NOT NULL,
    number integer NOT NULL,
    row_number bigint NOT NULL,
    column_name text NOT NULL,
    code smallint NOT NULL,
    reason text NOT NULL,
    CONSTRAINT roster_reject_code_check CHECK (((code >= 0) AND (code <= 11))),
    CONSTRAINT roster_reject_number_check CHECK (((number >= 1) AND (number <= 1000))),
    CONSTRAINT roster_reject_row_number_check CHECK ((row_number >= 1))
);

ALTER TABLE ONLY hierarchy.roster_reject FORCE ROW LEVEL SECURITY;

ALTER TABLE hierarchy.roster_reject OWNER TO sluice_owner;

-- Name: account; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.account (
    book_id bigint NOT NULL,
    account_id bigint NOT NULL,
    opened_batch_seq bigint NOT NULL,
    class smallint NOT NULL,
    owner_key text NOT NULL,
    CONSTRAINT account_class_known CHECK (((class >= 1) AND (class <= 17))),
    CONSTRAINT account_owner_key_length CHECK (((length(owner_key) >= 1) AND (length(owner_key) <= 80)))
);

ALTER TABLE ONLY payments.account FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.account OWNER TO sluice_owner;

-- Name: account_balance; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.account_balance (
    book_id bigint NOT NULL,
    account_id bigint NOT NULL,
    overdraft_cents bigint NOT NULL,
    debits_pending bigint NOT NULL,
    debits_posted bigint NOT NULL,
    credits_pending bigint NOT NULL,
    credits_posted bigint NOT NULL,
    version bigint NOT NULL,
    limit_kind smallint NOT NULL,
    CONSTRAINT account_balance_counters_not_negative CHECK (((debits_pending >= 0) AND (debits_posted >= 0) AND (credits_pending >= 0) AND (credits_posted >= 0) AND (overdraft_cents >= 0))),
    CONSTRAINT account_balance_limit_kind_known CHECK (((limit_kind >= 0) AND (limit_kind <= 2))),
    CONSTRAINT account_balance_limit_l1 CHECK (((limit_kind <> 1) OR ((debits_posted + debits_pending) <= (credits_posted + overdraft_cents)))),
    CONSTRAINT account_balance_limit_l2 CHECK (((limit_kind <> 2) OR ((credits_posted + credits_pending) <= (debits_posted + overdraft_cents))))
)
WITH (fillfactor='60');

ALTER TABLE ONLY payments.account_balance FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.account_balance OWNER TO sluice_owner;

-- Name: account_change_notice; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.account_change_notice (
    payer_id bigint NOT NULL,
    home_book_id bigint NOT NULL,
    file_id bigint NOT NULL,
    item_no integer NOT NULL,
    payee_id bigint NOT NULL,
    account_id bigint NOT NULL,
    account_version integer NOT NULL,
    change_code text NOT NULL,
    proposed_version integer,
    note text NOT NULL,
    due_on date NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY payments.account_change_notice FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.account_change_notice OWNER TO sluice_owner;

-- Name: account_test; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.account_test (
    payer_id bigint NOT NULL,
    test_id bigint NOT NULL,
    account_id bigint NOT NULL,
    version integer NOT NULL,
    payee_id bigint NOT NULL,
    kind smallint NOT NULL,
    state smallint NOT NULL,
    attempts smallint NOT NULL,
    key_id bigint,
    nonce bytea,
    ciphertext bytea,
    tag bytea,
    amounts_index bytea,
    file_id bigint,
    passes_on date,
    result text NOT NULL,
    requested_by bigint NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT account_test_amounts_index_check CHECK ((octet_length(amounts_index) = 32)),
    CONSTRAINT account_test_attempts_check CHECK (((attempts >= 0) AND (attempts <= 3))),
    CONSTRAINT account_test_check CHECK ((((kind = 2) = (amounts_index IS NOT NULL)) AND ((kind = 2) = (ciphertext IS NOT NULL)))),
    CONSTRAINT account_test_check1 CHECK (((state <> ALL (ARRAY[1, 2])) OR (file_id IS NOT NULL))),
    CONSTRAINT account_test_check2 CHECK (((state <> 2) OR (passes_on IS NOT NULL))),
    CONSTRAINT account_test_check3 CHECK (((state >= 3) = (closed_at IS NOT NULL))),
    CONSTRAINT account_test_kind_check CHECK ((kind = ANY (ARRAY[1, 2]))),
    CONSTRAINT account_test_state_check CHECK (((state >= 0) AND (state <= 4)))
);

ALTER TABLE ONLY payments.account_test FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.account_test OWNER TO sluice_owner;

-- Name: account_test_entry; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.account_test_entry (
    payer_id bigint NOT NULL,
    file_id bigint NOT NULL,
    trace text NOT NULL,
    test_id bigint NOT NULL,
    rdfi text NOT NULL,
    company_id text NOT NULL,
    CONSTRAINT account_test_entry_rdfi_check CHECK ((rdfi ~ '^[0-9]{8}$'::text)),
    CONSTRAINT account_test_entry_trace_check CHECK ((trace ~ '^[0-9]{15}$'::text))
);

ALTER TABLE ONLY payments.account_test_entry FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.account_test_entry OWNER TO sluice_owner;

-- Name: backup_withholding; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.backup_withholding (
    payer_id bigint NOT NULL,
    payee_id bigint NOT NULL,
    withholding_id bigint NOT NULL,
    reason smallint NOT NULL,
    note text NOT NULL,
    effective_from date NOT NULL,
    started_by bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_from date,
    ended_by bigint,
    ended_at timestamp with time zone,
    end_note text NOT NULL,
    CONSTRAINT backup_withholding_check CHECK ((((ended_from IS NULL) = (ended_by IS NULL)) AND ((ended_by IS NULL) = (ended_at IS NULL)))),
    CONSTRAINT backup_withholding_check1 CHECK (((ended_by IS NULL) OR ((ended_by <> started_by) AND (end_note <> ''::text)))),
    CONSTRAINT backup_withholding_check2 CHECK ((ended_from >= effective_from)),
    CONSTRAINT backup_withholding_note_check CHECK ((note <> ''::text)),
    CONSTRAINT backup_withholding_reason_check CHECK (((reason >= 0) AND (reason <= 3)))
);

ALTER TABLE ONLY payments.backup_withholding FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.backup_withholding OWNER TO sluice_owner;

-- Name: balance_after; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.balance_after (
    book_id bigint NOT NULL,
    account_id bigint NOT NULL,
    batch_seq bigint NOT NULL,
    debits_pending bigint NOT NULL,
    debits_posted bigint NOT NULL,
    credits_pending bigint NOT NULL,
    credits_posted bigint NOT NULL
);

ALTER TABLE ONLY payments.balance_after FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.balance_after OWNER TO sluice_owner;

-- Name: bank_account; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.bank_account (
    payer_id bigint NOT NULL,
    account_id bigint NOT NULL,
    version integer NOT NULL,
    payee_id bigint NOT NULL,
    state smallint NOT NULL,
    ownership smallint NOT NULL,
    kind smallint NOT NULL,
    last4 text NOT NULL,
    effective_from date NOT NULL,
    submitted_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    institution_name text NOT NULL,
    holder_name text NOT NULL,
    is_first boolean NOT NULL,
    risk_score smallint NOT NULL,
    risk_reasons text NOT NULL,
    needs_second boolean NOT NULL,
    proof_no integer,
    approved_by bigint,
    hold_until date,
    CONSTRAINT bank_account_kind_check CHECK ((kind = ANY (ARRAY[0, 1]))),
    CONSTRAINT bank_account_last4_check CHECK ((length(last4) <= 4)),
    CONSTRAINT bank_account_ownership_check CHECK ((ownership = ANY (ARRAY[0, 1]))),
    CONSTRAINT bank_account_risk_score_check CHECK ((risk_score >= 0)),
    CONSTRAINT bank_account_second_of_change CHECK ((is_first OR needs_second)),
    CONSTRAINT bank_account_second_person CHECK (((NOT needs_second) OR (approved_by IS NULL) OR (approved_by <> submitted_by))),
    CONSTRAINT bank_account_state_check CHECK (((state >= 0) AND (state <= 6))),
    CONSTRAINT bank_account_version_check CHECK ((version >= 1))
);

ALTER TABLE ONLY payments.bank_account FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.bank_account OWNER TO sluice_owner;

-- Name: bank_account_alert; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.bank_account_alert (
    payer_id bigint NOT NULL,
    alert_id bigint NOT NULL,
    kind smallint NOT NULL,
    payee_id bigint NOT NULL,
    account_id bigint NOT NULL,
    version integer NOT NULL,
    other_payee_id bigint,
    detail text NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    cleared_by bigint,
    cleared_at timestamp with time zone,
    clear_note text NOT NULL,
    CONSTRAINT bank_account_alert_check CHECK ((((cleared_by IS NULL) = (cleared_at IS NULL)) AND ((cleared_by IS NULL) = (clear_note = ''::text)))),
    CONSTRAINT bank_account_alert_detail_check CHECK ((detail <> ''::text)),
    CONSTRAINT bank_account_alert_kind_check CHECK (((kind >= 1) AND (kind <= 3)))
);

ALTER TABLE ONLY payments.bank_account_alert FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.bank_account_alert OWNER TO sluice_owner;

-- Name: bank_account_event; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.bank_account_event (
    payer_id bigint NOT NULL,
    account_id bigint NOT NULL,
    version integer NOT NULL,
    event_no integer NOT NULL,
    payee_id bigint NOT NULL,
    state smallint NOT NULL,
    actor_id bigint NOT NULL,
    reason text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT bank_account_event_event_no_check CHECK ((event_no >= 1))
);

ALTER TABLE ONLY payments.bank_account_event FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.bank_account_event OWNER TO sluice_owner;

-- Name: bank_account_proof; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.bank_account_proof (
    payer_id bigint NOT NULL,
    account_id bigint NOT NULL,
    version integer NOT NULL,
    proof_no integer NOT NULL,
    payee_id bigint NOT NULL,
    kind smallint NOT NULL,
    detail text NOT NULL,
    proved_on date NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT bank_account_proof_detail_check CHECK ((detail <> ''::text)),
    CONSTRAINT bank_account_proof_kind_check CHECK (((kind >= 1) AND (kind <= 4))),
    CONSTRAINT bank_account_proof_proof_no_check CHECK ((proof_no >= 1))
);

ALTER TABLE ONLY payments.bank_account_proof FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.bank_account_proof OWNER TO sluice_owner;

-- Name: bank_account_secret; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.bank_account_secret (
    payer_id bigint NOT NULL,
    account_id bigint NOT NULL,
    version integer NOT NULL,
    wrap_seq integer NOT NULL,
    payee_id bigint NOT NULL,
    alg smallint NOT NULL,
    key_id bigint NOT NULL,
    nonce bytea NOT NULL,
    ciphertext bytea NOT NULL,
    tag bytea NOT NULL,
    index_key_id bigint NOT NULL,
    blind_index bytea NOT NULL,
    last4 text NOT NULL,
    CONSTRAINT bank_account_secret_alg_check CHECK ((alg = 1)),
    CONSTRAINT bank_account_secret_blind_index_check CHECK ((octet_length(blind_index) = 32)),
    CONSTRAINT bank_account_secret_last4_check CHECK ((length(last4) <= 4)),
    CONSTRAINT bank_account_secret_nonce_check CHECK ((octet_length(nonce) = 12)),
    CONSTRAINT bank_account_secret_tag_check CHECK ((octet_length(tag) = 16)),
    CONSTRAINT bank_account_secret_wrap_seq_check CHECK ((wrap_seq >= 1))
);

ALTER TABLE ONLY payments.bank_account_secret FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.bank_account_secret OWNER TO sluice_owner;

-- Name: bank_line; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.bank_line (
    book_id bigint NOT NULL,
    line_id bigint NOT NULL,
    bank_account_id bigint NOT NULL,
    as_of date NOT NULL,
    type_code text NOT NULL,
    direction smallint NOT NULL,
    amount_cents bigint NOT NULL,
    bank_reference text NOT NULL,
    customer_reference text NOT NULL,
    information text NOT NULL,
    occurrence integer NOT NULL,
    file_id bigint NOT NULL,
    item_no integer NOT NULL,
    journal_id uuid,
    state smallint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT bank_line_amount_cents_check CHECK ((amount_cents > 0)),
    CONSTRAINT bank_line_direction_check CHECK ((direction = ANY (ARRAY[1, 2]))),
    CONSTRAINT bank_line_occurrence_check CHECK ((occurrence >= 1)),
    CONSTRAINT bank_line_state_check CHECK ((state = ANY (ARRAY[0, 1]))),
    CONSTRAINT bank_line_type_code_check CHECK ((type_code ~ '^[0-9]{3}$'::text))
);

ALTER TABLE ONLY payments.bank_line FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.bank_line OWNER TO sluice_owner;

-- Name: bank_line_match; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.bank_line_match (
    book_id bigint NOT NULL,
    line_id bigint NOT NULL,
    match_no integer NOT NULL,
    kind smallint NOT NULL,
    target_id bigint NOT NULL,
    journal_id uuid,
    amount_cents bigint NOT NULL,
    rule text NOT NULL,
    matched_by bigint NOT NULL,
    matched_at timestamp with time zone NOT NULL,
    CONSTRAINT bank_line_match_amount_cents_check CHECK ((amount_cents > 0)),
    CONSTRAINT bank_line_match_check CHECK (((kind = 3) = (journal_id IS NOT NULL))),
    CONSTRAINT bank_line_match_kind_known CHECK (((kind >= 1) AND (kind <= 13))),
    CONSTRAINT bank_line_match_match_no_check CHECK ((match_no >= 1))
);

ALTER TABLE ONLY payments.bank_line_match FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.bank_line_match OWNER TO sluice_owner;

-- Name: bank_line_owner; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.bank_line_owner (
    book_id bigint NOT NULL,
    line_id bigint NOT NULL,
    seq_no integer NOT NULL,
    owner_id bigint NOT NULL,
    note text NOT NULL,
    assigned_by bigint NOT NULL,
    assigned_at timestamp with time zone NOT NULL,
    CONSTRAINT bank_line_owner_seq_no_check CHECK ((seq_no >= 1))
);

ALTER TABLE ONLY payments.bank_line_owner FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.bank_line_owner OWNER TO sluice_owner;

-- Name: bank_statement; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.bank_statement (
    book_id bigint NOT NULL,
    bank_account_id bigint NOT NULL,
    as_of date NOT NULL,
    file_id bigint NOT NULL,
    item_no integer NOT NULL,
    opening_cents bigint,
    closing_cents bigint,
    available_cents bigint,
    recorded_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY payments.bank_statement FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.bank_statement OWNER TO sluice_owner;

-- Name: batch; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.batch (
    book_id bigint NOT NULL,
    batch_seq bigint NOT NULL,
    sealed_at_us bigint NOT NULL,
    journal_count integer NOT NULL,
    transfer_count integer NOT NULL,
    hash_version smallint NOT NULL,
    prev_hash bytea NOT NULL,
    body_hash bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT batch_counts CHECK (((journal_count > 0) AND (transfer_count >= 0))),
    CONSTRAINT batch_hashes_are_sha256 CHECK (((octet_length(prev_hash) = 32) AND (octet_length(body_hash) = 32) AND (octet_length(hash) = 32))),
    CONSTRAINT batch_seq_positive CHECK ((batch_seq > 0))
);

ALTER TABLE ONLY payments.batch FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.batch OWNER TO sluice_owner;

-- Name: book; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.book (
    book_id bigint NOT NULL,
    payer_id bigint NOT NULL,
    program_id bigint,
    kind smallint NOT NULL,
    CONSTRAINT book_kind CHECK ((kind = ANY (ARRAY[0, 1]))),
    CONSTRAINT book_of_program CHECK (((kind = 0) = (program_id IS NOT NULL)))
);

ALTER TABLE ONLY payments.book FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.book OWNER TO sluice_owner;

-- Name: book_head; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.book_head (
    book_id bigint NOT NULL,
    batch_seq bigint NOT NULL,
    hash bytea NOT NULL,
    sealed_at_us bigint NOT NULL,
    closed_through date,
    CONSTRAINT book_head_batch_seq_not_negative CHECK ((batch_seq >= 0)),
    CONSTRAINT book_head_hash_is_sha256 CHECK ((octet_length(hash) = 32))
);

ALTER TABLE ONLY payments.book_head FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.book_head OWNER TO sluice_owner;

-- Name: check_choice; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.check_choice (
    book_id bigint NOT NULL,
    run_id bigint NOT NULL,
    payee_id bigint NOT NULL,
    reason text NOT NULL,
    chosen_by bigint NOT NULL,
    chosen_at timestamp with time zone NOT NULL,
    CONSTRAINT check_choice_reason_check CHECK ((reason <> ''::text))
);

ALTER TABLE ONLY payments.check_choice FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.check_choice OWNER TO sluice_owner;

-- Name: check_event; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.check_event (
    book_id bigint NOT NULL,
    bank_account_id bigint NOT NULL,
    check_number bigint NOT NULL,
    event_no integer NOT NULL,
    state smallint NOT NULL,
    happened_on date NOT NULL,
    actor_id bigint NOT NULL,
    second_id bigint,
    reason text NOT NULL,
    journal_id uuid,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT check_event_check CHECK (((state <> 2) OR ((second_id IS NOT NULL) AND (second_id <> actor_id)))),
    CONSTRAINT check_event_check1 CHECK (((state <> ALL (ARRAY[2, 3])) OR (journal_id IS NOT NULL))),
    CONSTRAINT check_event_event_no_check CHECK ((event_no >= 1)),
    CONSTRAINT check_event_paid_by_journal CHECK (((state <> 1) OR (journal_id IS NOT NULL))),
    CONSTRAINT check_event_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT check_event_state_check CHECK (((state >= 0) AND (state <= 4)))
);

ALTER TABLE ONLY payments.check_event FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.check_event OWNER TO sluice_owner;

-- Name: check_issue; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.check_issue (
    book_id bigint NOT NULL,
    bank_account_id bigint NOT NULL,
    check_number bigint NOT NULL,
    stock_first bigint NOT NULL,
    previous_number bigint,
    disbursement_id bigint NOT NULL,
    run_id bigint NOT NULL,
    payee_id bigint NOT NULL,
    payee_name text NOT NULL,
    amount_cents bigint NOT NULL,
    issued_on date NOT NULL,
    file_id bigint NOT NULL,
    state smallint NOT NULL,
    void_file_id bigint,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT check_issue_amount_cents_check CHECK ((amount_cents > 0)),
    CONSTRAINT check_issue_check CHECK (((previous_number IS NULL) = (check_number = stock_first))),
    CONSTRAINT check_issue_check1 CHECK ((previous_number = (check_number - 1))),
    CONSTRAINT check_issue_payee_name_check CHECK ((payee_name <> ''::text)),
    CONSTRAINT check_issue_state_check CHECK (((state >= 0) AND (state <= 4)))
);

ALTER TABLE ONLY payments.check_issue FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.check_issue OWNER TO sluice_owner;

-- Name: check_replacement; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.check_replacement (
    book_id bigint NOT NULL,
    bank_account_id bigint NOT NULL,
    check_number bigint NOT NULL,
    replaced_account_id bigint NOT NULL,
    replaced_number bigint NOT NULL
);

ALTER TABLE ONLY payments.check_replacement FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.check_replacement OWNER TO sluice_owner;

-- Name: check_stock; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.check_stock (
    book_id bigint NOT NULL,
    bank_account_id bigint NOT NULL,
    first_number bigint NOT NULL,
    last_number bigint NOT NULL,
    next_number bigint NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT check_stock_check CHECK (((last_number >= first_number) AND (last_number <= '999999999999'::bigint))),
    CONSTRAINT check_stock_check1 CHECK (((next_number >= first_number) AND (next_number <= (last_number + 1)))),
    CONSTRAINT check_stock_first_number_check CHECK ((first_number >= 1))
);

ALTER TABLE ONLY payments.check_stock FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.check_stock OWNER TO sluice_owner;

-- Name: collected_award; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.collected_award (
    book_id bigint NOT NULL,
    award_id bigint NOT NULL,
    award_version integer NOT NULL,
    contract_id bigint NOT NULL,
    cycle_id bigint NOT NULL,
    award_hash bytea NOT NULL,
    stream text NOT NULL,
    line_kind smallint NOT NULL,
    contract_name text NOT NULL,
    holder_name text NOT NULL,
    program_name text NOT NULL,
    period_text text NOT NULL,
    performance_year integer NOT NULL,
    award_cents bigint NOT NULL,
    withheld_cents bigint NOT NULL,
    accrued_cents bigint NOT NULL,
    zero_reason text NOT NULL,
    steps bytea NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT collected_award_accrued_cents_check CHECK ((accrued_cents >= 0)),
    CONSTRAINT collected_award_award_hash_check CHECK ((octet_length(award_hash) = 32))
);

ALTER TABLE ONLY payments.collected_award FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.collected_award OWNER TO sluice_owner;

-- Name: cycle; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.cycle (
    book_id bigint NOT NULL,
    cycle_id bigint NOT NULL,
    program_id bigint NOT NULL,
    name text NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    opened_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT cycle_check CHECK ((period_from < period_to)),
    CONSTRAINT cycle_name_check CHECK ((name <> ''::text))
);

ALTER TABLE ONLY payments.cycle FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.cycle OWNER TO sluice_owner;

-- Name: data_key; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.data_key (
    payer_id bigint NOT NULL,
    key_id bigint NOT NULL,
    purpose smallint NOT NULL,
    kek_id text NOT NULL,
    wrapped bytea NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT data_key_purpose_check CHECK ((purpose = ANY (ARRAY[0, 1])))
);

ALTER TABLE ONLY payments.data_key FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.data_key OWNER TO sluice_owner;

-- Name: data_key_current; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.data_key_current (
    payer_id bigint NOT NULL,
    purpose smallint NOT NULL,
    key_id bigint NOT NULL
);

ALTER TABLE ONLY payments.data_key_current FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.data_key_current OWNER TO sluice_owner;

-- Name: deposit_account; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.deposit_account (
    payer_id bigint NOT NULL,
    bank_account_id bigint NOT NULL,
    book_id bigint NOT NULL,
    account_blind bytea NOT NULL,
    last4 text NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT deposit_account_account_blind_check CHECK ((octet_length(account_blind) = 32)),
    CONSTRAINT deposit_account_last4_check CHECK ((length(last4) <= 4))
);

ALTER TABLE ONLY payments.deposit_account FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.deposit_account OWNER TO sluice_owner;

-- Name: disbursement; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.disbursement (
    book_id bigint NOT NULL,
    disbursement_id bigint NOT NULL,
    run_id bigint NOT NULL,
    payee_id bigint NOT NULL,
    rail smallint NOT NULL,
    account_id bigint NOT NULL,
    account_version integer NOT NULL,
    payment_key text NOT NULL,
    amount_cents bigint NOT NULL,
    effective_date date NOT NULL,
    file_id bigint,
    state smallint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT disbursement_ach_limit CHECK (((rail <> 1) OR (amount_cents <= '9999999999'::bigint))),
    CONSTRAINT disbursement_amount_cents_check CHECK ((amount_cents >= 0)),
    CONSTRAINT disbursement_check CHECK (((amount_cents = 0) = (file_id IS NULL))),
    CONSTRAINT disbursement_payment_key_check CHECK ((payment_key ~ '^[A-Z0-9]{1,15}$'::text)),
    CONSTRAINT disbursement_rail_check CHECK (((rail >= 0) AND (rail <= 3))),
    CONSTRAINT disbursement_state_check CHECK (((state >= 0) AND (state <= 9)))
)
WITH (fillfactor='50');

ALTER TABLE ONLY payments.disbursement FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.disbursement OWNER TO sluice_owner;

-- Name: dormancy_rule; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.dormancy_rule (
    payer_id bigint NOT NULL,
    state text NOT NULL,
    valid_from date NOT NULL,
    months integer NOT NULL,
    letter_days integer NOT NULL,
    report_month integer NOT NULL,
    report_day integer NOT NULL,
    source text NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT dormancy_rule_letter_days_check CHECK ((letter_days >= 0)),
    CONSTRAINT dormancy_rule_months_check CHECK ((months >= 1)),
    CONSTRAINT dormancy_rule_report_day_check CHECK (((report_day >= 1) AND (report_day <= 31))),
    CONSTRAINT dormancy_rule_report_month_check CHECK (((report_month >= 1) AND (report_month <= 12))),
    CONSTRAINT dormancy_rule_source_check CHECK ((source <> ''::text)),
    CONSTRAINT dormancy_rule_state_check CHECK ((state ~ '^[A-Z]{2}$'::text))
);

ALTER TABLE ONLY payments.dormancy_rule FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.dormancy_rule OWNER TO sluice_owner;

-- Name: eft_enrollment; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.eft_enrollment (
    payer_id bigint NOT NULL,
    enrollment_id bigint NOT NULL,
    payee_id bigint NOT NULL,
    reason smallint NOT NULL,
    linkage smallint NOT NULL,
    account_id bigint NOT NULL,
    version integer NOT NULL,
    with_era boolean NOT NULL,
    submitted_on date NOT NULL,
    fingerprint bytea NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT eft_enrollment_fingerprint_check CHECK ((octet_length(fingerprint) = 32)),
    CONSTRAINT eft_enrollment_linkage_check CHECK ((linkage = ANY (ARRAY[1, 2]))),
    CONSTRAINT eft_enrollment_reason_check CHECK (((reason >= 1) AND (reason <= 3)))
);

ALTER TABLE ONLY payments.eft_enrollment FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.eft_enrollment OWNER TO sluice_owner;

-- Name: eft_enrollment_field; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.eft_enrollment_field (
    payer_id bigint NOT NULL,
    enrollment_id bigint NOT NULL,
    field text NOT NULL,
    value text NOT NULL,
    CONSTRAINT eft_enrollment_field_field_check CHECK ((field ~ '^[a-z0-9_]+$'::text)),
    CONSTRAINT eft_enrollment_field_field_check1 CHECK ((field <> ALL (ARRAY['account_number'::text, 'tin'::text]))),
    CONSTRAINT eft_enrollment_field_value_check CHECK ((value <> ''::text))
);

ALTER TABLE ONLY payments.eft_enrollment_field FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.eft_enrollment_field OWNER TO sluice_owner;

-- Name: file_address; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.file_address (
    book_id bigint NOT NULL,
    file_id bigint NOT NULL,
    way smallint NOT NULL,
    receiver_qualifier text NOT NULL,
    receiver_id text NOT NULL,
    server text NOT NULL,
    directory text NOT NULL,
    CONSTRAINT file_address_check CHECK (((way = 1) = (server <> ''::text))),
    CONSTRAINT file_address_receiver_id_check CHECK ((receiver_id <> ''::text)),
    CONSTRAINT file_address_way_check CHECK ((way = ANY (ARRAY[1, 2])))
);

ALTER TABLE ONLY payments.file_address FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.file_address OWNER TO sluice_owner;

-- Name: file_entry; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.file_entry (
    book_id bigint NOT NULL,
    file_id bigint NOT NULL,
    disbursement_id bigint NOT NULL,
    batch_number integer NOT NULL,
    trace bigint NOT NULL,
    amount_cents bigint NOT NULL,
    odfi text,
    CONSTRAINT file_entry_amount_cents_check CHECK ((amount_cents > 0)),
    CONSTRAINT file_entry_odfi_digits CHECK ((odfi ~ '^[0-9]{8}$'::text))
);

ALTER TABLE ONLY payments.file_entry FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.file_entry OWNER TO sluice_owner;

-- Name: funding_instruction; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.funding_instruction (
    book_id bigint NOT NULL,
    instruction_id bigint NOT NULL,
    pool_id bigint NOT NULL,
    amount_cents bigint NOT NULL,
    expected_on date NOT NULL,
    reference text NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    state smallint NOT NULL,
    line_id bigint,
    CONSTRAINT funding_instruction_amount_cents_check CHECK ((amount_cents > 0)),
    CONSTRAINT funding_instruction_check CHECK (((state = 1) = (line_id IS NOT NULL))),
    CONSTRAINT funding_instruction_state_check CHECK (((state >= 0) AND (state <= 2)))
);

ALTER TABLE ONLY payments.funding_instruction FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.funding_instruction OWNER TO sluice_owner;

-- Name: inbound_content; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.inbound_content (
    book_id bigint NOT NULL,
    file_id bigint NOT NULL,
    sha256 bytea NOT NULL,
    key_id bigint NOT NULL,
    nonce bytea NOT NULL,
    ciphertext bytea NOT NULL,
    tag bytea NOT NULL,
    CONSTRAINT inbound_content_nonce_check CHECK ((octet_length(nonce) = 12)),
    CONSTRAINT inbound_content_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT inbound_content_tag_check CHECK ((octet_length(tag) = 16))
);

ALTER TABLE ONLY payments.inbound_content FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.inbound_content OWNER TO sluice_owner;

-- Name: inbound_delivery; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.inbound_delivery (
    book_id bigint NOT NULL,
    file_id bigint NOT NULL,
    delivery_no integer NOT NULL,
    name text NOT NULL,
    received_by bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    CONSTRAINT inbound_delivery_delivery_no_check CHECK ((delivery_no >= 1))
);

ALTER TABLE ONLY payments.inbound_delivery FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.inbound_delivery OWNER TO sluice_owner;

-- Name: inbound_fault; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.inbound_fault (
    book_id bigint NOT NULL,
    file_id bigint NOT NULL,
    fault_no integer NOT NULL,
    scope smallint NOT NULL,
    code text NOT NULL,
    rule text NOT NULL,
    record_no bigint NOT NULL,
    "position" bigint NOT NULL,
    message text NOT NULL,
    advice text NOT NULL,
    CONSTRAINT inbound_fault_code_check CHECK ((code <> ''::text)),
    CONSTRAINT inbound_fault_fault_no_check CHECK ((fault_no >= 1)),
    CONSTRAINT inbound_fault_scope_check CHECK (((scope >= 0) AND (scope <= 3)))
);

ALTER TABLE ONLY payments.inbound_fault FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.inbound_fault OWNER TO sluice_owner;

-- Name: inbound_file; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.inbound_file (
    book_id bigint NOT NULL,
    file_id bigint NOT NULL,
    fingerprint bytea NOT NULL,
    name text NOT NULL,
    kind smallint NOT NULL,
    state smallint NOT NULL,
    size_bytes bigint NOT NULL,
    reason text NOT NULL,
    received_by bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    CONSTRAINT inbound_file_fingerprint_check CHECK ((octet_length(fingerprint) = 32)),
    CONSTRAINT inbound_file_kind_check CHECK (((kind >= 0) AND (kind <= 4))),
    CONSTRAINT inbound_file_name_check CHECK ((name <> ''::text)),
    CONSTRAINT inbound_file_size_bytes_check CHECK ((size_bytes >= 0)),
    CONSTRAINT inbound_file_state_check CHECK (((state >= 0) AND (state <= 5)))
);

ALTER TABLE ONLY payments.inbound_file FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.inbound_file OWNER TO sluice_owner;

-- Name: inbound_item; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.inbound_item (
    book_id bigint NOT NULL,
    file_id bigint NOT NULL,
    item_no integer NOT NULL,
    kind smallint NOT NULL,
    record_no bigint NOT NULL,
    item_key bytea NOT NULL,
    code text NOT NULL,
    amount_cents bigint NOT NULL,
    debit boolean NOT NULL,
    original_trace text NOT NULL,
    original_rdfi text NOT NULL,
    company_id text NOT NULL,
    reference text NOT NULL,
    other_reference text NOT NULL,
    information text NOT NULL,
    occurred_on date,
    account_blind bytea,
    account_last4 text NOT NULL,
    state smallint NOT NULL,
    reason text NOT NULL,
    target_book_id bigint,
    target_id bigint,
    due_on date,
    changed_by bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT inbound_item_account_blind_check CHECK ((octet_length(account_blind) = 32)),
    CONSTRAINT inbound_item_account_last4_check CHECK ((length(account_last4) <= 4)),
    CONSTRAINT inbound_item_item_key_check CHECK ((octet_length(item_key) = 32)),
    CONSTRAINT inbound_item_item_no_check CHECK ((item_no >= 1)),
    CONSTRAINT inbound_item_state_check CHECK (((state >= 0) AND (state <= 8)))
);

ALTER TABLE ONLY payments.inbound_item FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.inbound_item OWNER TO sluice_owner;

-- Name: institution; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.institution (
    payer_id bigint NOT NULL,
    import_id bigint NOT NULL,
    routing_number text NOT NULL,
    routing smallint NOT NULL,
    new_routing_number text NOT NULL,
    name text NOT NULL,
    city text NOT NULL,
    state text NOT NULL,
    changed_on date,
    CONSTRAINT institution_check CHECK (((routing = 2) = (new_routing_number <> ''::text))),
    CONSTRAINT institution_name_check CHECK ((name <> ''::text)),
    CONSTRAINT institution_new_routing_number_check CHECK ((new_routing_number ~ '^([0-9]{9})?$'::text)),
    CONSTRAINT institution_routing_check CHECK (((routing >= 0) AND (routing <= 2))),
    CONSTRAINT institution_routing_number_check CHECK ((routing_number ~ '^[0-9]{9}$'::text))
);

ALTER TABLE ONLY payments.institution FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.institution OWNER TO sluice_owner;

-- Name: institution_import; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.institution_import (
    payer_id bigint NOT NULL,
    import_id bigint NOT NULL,
    as_of date NOT NULL,
    source_name text NOT NULL,
    sha256 bytea NOT NULL,
    row_count integer NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT institution_import_row_count_check CHECK ((row_count > 0)),
    CONSTRAINT institution_import_sha256_check CHECK ((octet_length(sha256) = 32))
);

ALTER TABLE ONLY payments.institution_import FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.institution_import OWNER TO sluice_owner;

-- Name: journal; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.journal (
    book_id bigint NOT NULL,
    journal_id uuid NOT NULL,
    batch_seq bigint NOT NULL,
    source_id bigint NOT NULL,
    actor_id bigint NOT NULL,
    ordinal integer NOT NULL,
    first_position integer NOT NULL,
    line_count integer NOT NULL,
    effective_date date NOT NULL,
    event smallint NOT NULL,
    outcome smallint NOT NULL,
    corrects_journal_id uuid,
    body_hash bytea NOT NULL,
    refused_body bytea,
    CONSTRAINT journal_body_hash_is_sha256 CHECK ((octet_length(body_hash) = 32)),
    CONSTRAINT journal_event_known CHECK (((event >= 1) AND (event <= 45))),
    CONSTRAINT journal_places CHECK (((ordinal > 0) AND (first_position > 0) AND (line_count >= 0))),
    CONSTRAINT journal_refused_has_no_lines CHECK (((outcome = 0) OR (line_count = 0))),
    CONSTRAINT journal_refused_keeps_body CHECK (((outcome = 0) = (refused_body IS NULL)))
);

ALTER TABLE ONLY payments.journal FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.journal OWNER TO sluice_owner;

-- Name: late_interest; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.late_interest (
    book_id bigint NOT NULL,
    obligation_id bigint NOT NULL,
    of_obligation_id bigint NOT NULL,
    due_on date NOT NULL,
    paid_on date NOT NULL,
    days_late integer NOT NULL,
    base_cents bigint NOT NULL,
    owed_cents bigint NOT NULL,
    terms_version integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT late_interest_base_cents_check CHECK ((base_cents > 0)),
    CONSTRAINT late_interest_days_late_check CHECK ((days_late > 0)),
    CONSTRAINT late_interest_owed_cents_check CHECK ((owed_cents > 0))
);

ALTER TABLE ONLY payments.late_interest FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.late_interest OWNER TO sluice_owner;

-- Name: late_interest_terms; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.late_interest_terms (
    book_id bigint NOT NULL,
    contract_id bigint NOT NULL,
    version integer NOT NULL,
    effective_from date NOT NULL,
    annual_millionths bigint NOT NULL,
    days_in_year smallint NOT NULL,
    grace_days integer NOT NULL,
    reason text NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT late_interest_terms_annual_millionths_check CHECK (((annual_millionths >= 0) AND (annual_millionths <= 1000000))),
    CONSTRAINT late_interest_terms_days_in_year_check CHECK ((days_in_year = ANY (ARRAY[360, 365]))),
    CONSTRAINT late_interest_terms_grace_days_check CHECK (((grace_days >= 0) AND (grace_days <= 365))),
    CONSTRAINT late_interest_terms_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT late_interest_terms_version_check CHECK ((version >= 1))
);

ALTER TABLE ONLY payments.late_interest_terms FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.late_interest_terms OWNER TO sluice_owner;

-- Name: limit_change; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.limit_change (
    book_id bigint NOT NULL,
    batch_seq bigint NOT NULL,
    ordinal integer NOT NULL,
    account_id bigint NOT NULL,
    overdraft_cents bigint NOT NULL,
    CONSTRAINT limit_change_not_negative CHECK ((overdraft_cents >= 0))
);

ALTER TABLE ONLY payments.limit_change FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.limit_change OWNER TO sluice_owner;

-- Name: line_decision; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.line_decision (
    book_id bigint NOT NULL,
    award_id bigint NOT NULL,
    party_id bigint NOT NULL,
    under_party_id bigint NOT NULL,
    role text NOT NULL,
    decision_no integer NOT NULL,
    held boolean NOT NULL,
    cause smallint NOT NULL,
    run_id bigint NOT NULL,
    obligation_id bigint NOT NULL,
    award_version integer NOT NULL,
    amount_cents bigint NOT NULL,
    reason text NOT NULL,
    decided_by bigint NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    CONSTRAINT line_decision_cause_check CHECK (((cause >= 1) AND (cause <= 3))),
    CONSTRAINT line_decision_check CHECK (((NOT held) OR (cause = 1))),
    CONSTRAINT line_decision_decision_no_check CHECK ((decision_no >= 1)),
    CONSTRAINT line_decision_reason_check CHECK ((reason <> ''::text))
);

ALTER TABLE ONLY payments.line_decision FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.line_decision OWNER TO sluice_owner;

-- Name: line_split; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.line_split (
    book_id bigint NOT NULL,
    split_id bigint NOT NULL,
    line_id bigint NOT NULL,
    two_people boolean NOT NULL,
    reason text NOT NULL,
    requested_by bigint NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    state smallint NOT NULL,
    decided_by bigint,
    decided_at timestamp with time zone,
    decision text NOT NULL,
    CONSTRAINT line_split_check CHECK (((state = 0) = (decided_by IS NULL))),
    CONSTRAINT line_split_check1 CHECK (((decided_by IS NULL) = (decided_at IS NULL))),
    CONSTRAINT line_split_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT line_split_state_check CHECK (((state >= 0) AND (state <= 2))),
    CONSTRAINT line_split_two_people CHECK (((NOT two_people) OR (state <> 1) OR (decided_by <> requested_by)))
);

ALTER TABLE ONLY payments.line_split FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.line_split OWNER TO sluice_owner;

-- Name: line_split_part; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.line_split_part (
    book_id bigint NOT NULL,
    split_id bigint NOT NULL,
    part_no integer NOT NULL,
    two_people boolean NOT NULL,
    kind smallint NOT NULL,
    reference text NOT NULL,
    amount_cents bigint NOT NULL,
    CONSTRAINT line_split_part_amount_cents_check CHECK ((amount_cents > 0)),
    CONSTRAINT line_split_part_kind_check CHECK ((kind = ANY (ARRAY[1, 2, 5, 6, 7, 8, 9, 10, 11]))),
    CONSTRAINT line_split_part_part_no_check CHECK ((part_no >= 1)),
    CONSTRAINT line_split_part_reference_check CHECK ((reference <> ''::text)),
    CONSTRAINT line_split_part_two_people CHECK (((kind <= 6) OR two_people))
);

ALTER TABLE ONLY payments.line_split_part FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.line_split_part OWNER TO sluice_owner;

-- Name: number_counter; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.number_counter (
    kind text NOT NULL,
    scope text NOT NULL,
    next_number bigint NOT NULL,
    CONSTRAINT number_counter_next_number_check CHECK ((next_number >= 0))
);

ALTER TABLE payments.number_counter OWNER TO sluice_owner;

-- Name: number_range; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.number_range (
    kind text NOT NULL,
    scope text NOT NULL,
    first_number bigint NOT NULL,
    count bigint NOT NULL,
    book_id bigint NOT NULL,
    file_id bigint NOT NULL,
    CONSTRAINT number_range_count_check CHECK ((count >= 1))
);

ALTER TABLE payments.number_range OWNER TO sluice_owner;

-- Name: obligation; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.obligation (
    book_id bigint NOT NULL,
    obligation_id bigint NOT NULL,
    cycle_id bigint NOT NULL,
    award_id bigint NOT NULL,
    award_version integer NOT NULL,
    component smallint NOT NULL,
    "position" integer NOT NULL,
    contract_id bigint NOT NULL,
    performance_year integer NOT NULL,
    party_id bigint NOT NULL,
    payee_id bigint,
    amount_cents bigint NOT NULL,
    withhold_cents bigint NOT NULL,
    split_steps bytea NOT NULL,
    state smallint NOT NULL,
    recognized boolean NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    under_party_id bigint DEFAULT 0 NOT NULL,
    role text DEFAULT ''::text NOT NULL,
    routed_from bigint,
    CONSTRAINT obligation_amount_cents_check CHECK ((amount_cents <> 0)),
    CONSTRAINT obligation_check1 CHECK (((payee_id IS NOT NULL) OR (NOT recognized))),
    CONSTRAINT obligation_component_known CHECK (((component >= 0) AND (component <= 4))),
    CONSTRAINT obligation_state_check CHECK (((state >= 0) AND (state <= 8))),
    CONSTRAINT obligation_withhold_of_amount CHECK (((withhold_cents >= LEAST(amount_cents, (0)::bigint)) AND (withhold_cents <= GREATEST(amount_cents, (0)::bigint))))
);

ALTER TABLE ONLY payments.obligation FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.obligation OWNER TO sluice_owner;

-- Name: obligation_claim; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.obligation_claim (
    book_id bigint NOT NULL,
    obligation_id bigint NOT NULL,
    attempt_no integer NOT NULL,
    disbursement_id bigint NOT NULL,
    live boolean NOT NULL,
    CONSTRAINT obligation_claim_attempt_no_check CHECK ((attempt_no >= 1))
);

ALTER TABLE ONLY payments.obligation_claim FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.obligation_claim OWNER TO sluice_owner;

-- Name: offset_plan; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.offset_plan (
    book_id bigint NOT NULL,
    payee_id bigint NOT NULL,
    plan_no integer NOT NULL,
    effective_from date NOT NULL,
    installment_cents bigint,
    payment_millionths bigint,
    agreed_with text NOT NULL,
    reason text NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT offset_plan_agreed_with_check CHECK ((agreed_with <> ''::text)),
    CONSTRAINT offset_plan_installment_cents_check CHECK ((installment_cents > 0)),
    CONSTRAINT offset_plan_payment_millionths_check CHECK (((payment_millionths >= 0) AND (payment_millionths <= 1000000))),
    CONSTRAINT offset_plan_plan_no_check CHECK ((plan_no >= 1)),
    CONSTRAINT offset_plan_reason_check CHECK ((reason <> ''::text))
);

ALTER TABLE ONLY payments.offset_plan FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.offset_plan OWNER TO sluice_owner;

-- Name: payee; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.payee (
    payee_id bigint NOT NULL,
    payer_id bigint NOT NULL,
    party_id bigint NOT NULL,
    kind smallint NOT NULL,
    name text NOT NULL,
    tin text NOT NULL,
    npi text NOT NULL,
    provider boolean NOT NULL,
    street text NOT NULL,
    city text NOT NULL,
    state text NOT NULL,
    zip text NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    under_party_id bigint DEFAULT 0 NOT NULL,
    role text DEFAULT ''::text NOT NULL,
    CONSTRAINT payee_kind_check CHECK ((kind = ANY (ARRAY[0, 1]))),
    CONSTRAINT payee_name_check CHECK ((name <> ''::text)),
    CONSTRAINT payee_npi_check CHECK ((npi ~ '^([0-9]{10})?$'::text)),
    CONSTRAINT payee_tin_check CHECK ((tin ~ '^[0-9]{9}$'::text))
);

ALTER TABLE ONLY payments.payee FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.payee OWNER TO sluice_owner;

-- Name: payee_hold; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.payee_hold (
    payer_id bigint NOT NULL,
    payee_id bigint NOT NULL,
    hold_id bigint NOT NULL,
    kind smallint NOT NULL,
    reason text NOT NULL,
    source_id bigint NOT NULL,
    placed_by bigint NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    cleared_by bigint,
    cleared_at timestamp with time zone,
    clear_note text NOT NULL,
    CONSTRAINT payee_hold_check CHECK (((cleared_by IS NULL) = (cleared_at IS NULL))),
    CONSTRAINT payee_hold_cleared_by_another CHECK (((kind <> ALL (ARRAY[1, 2, 7])) OR (cleared_by IS NULL) OR (cleared_by <> placed_by))),
    CONSTRAINT payee_hold_kind_known CHECK (((kind >= 0) AND (kind <= 7))),
    CONSTRAINT payee_hold_reason_check CHECK ((reason <> ''::text))
);

ALTER TABLE ONLY payments.payee_hold FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.payee_hold OWNER TO sluice_owner;

-- Name: payee_identity; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.payee_identity (
    payer_id bigint NOT NULL,
    payee_id bigint NOT NULL,
    identity_id bigint NOT NULL,
    relation smallint NOT NULL,
    name text NOT NULL,
    born_on date,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT payee_identity_name_check CHECK ((name <> ''::text)),
    CONSTRAINT payee_identity_relation_check CHECK (((relation >= 0) AND (relation <= 2)))
);

ALTER TABLE ONLY payments.payee_identity FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.payee_identity OWNER TO sluice_owner;

-- Name: payee_notice; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.payee_notice (
    payer_id bigint NOT NULL,
    notice_id bigint NOT NULL,
    payee_id bigint NOT NULL,
    account_id bigint,
    version integer,
    channel smallint NOT NULL,
    address text NOT NULL,
    recipient text NOT NULL,
    body text NOT NULL,
    state smallint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone,
    kind smallint NOT NULL,
    book_id bigint,
    run_id bigint,
    notice_days integer,
    detail text NOT NULL,
    CONSTRAINT payee_notice_address_check CHECK ((address <> ''::text)),
    CONSTRAINT payee_notice_body_check CHECK ((body <> ''::text)),
    CONSTRAINT payee_notice_channel_check CHECK ((channel = ANY (ARRAY[1, 2]))),
    CONSTRAINT payee_notice_check CHECK (((state = 0) = (moved_at IS NULL))),
    CONSTRAINT payee_notice_kind_known CHECK (((kind >= 1) AND (kind <= 4))),
    CONSTRAINT payee_notice_notice_days_check CHECK ((notice_days >= 0)),
    CONSTRAINT payee_notice_of_account CHECK ((((kind = 2) = (account_id IS NULL)) AND ((account_id IS NULL) = (version IS NULL)))),
    CONSTRAINT payee_notice_of_run CHECK ((((kind = 2) = (run_id IS NOT NULL)) AND ((run_id IS NULL) = (book_id IS NULL)) AND ((run_id IS NULL) = (notice_days IS NULL)))),
    CONSTRAINT payee_notice_state_known CHECK (((state >= 0) AND (state <= 4)))
);

ALTER TABLE ONLY payments.payee_notice FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.payee_notice OWNER TO sluice_owner;

-- Name: payee_tax_form; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.payee_tax_form (
    payee_id bigint NOT NULL,
    payer_id bigint NOT NULL,
    certified_on date NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    legal_name text NOT NULL,
    business_name text NOT NULL,
    classification smallint NOT NULL,
    exempt_code text NOT NULL,
    tin_kind smallint NOT NULL,
    tin_last4 text NOT NULL,
    blind_index bytea,
    key_id bigint,
    nonce bytea,
    ciphertext bytea,
    tag bytea,
    CONSTRAINT payee_tax_form_blind_index_check CHECK ((octet_length(blind_index) = 32)),
    CONSTRAINT payee_tax_form_classification_check CHECK (((classification >= 0) AND (classification <= 6))),
    CONSTRAINT payee_tax_form_exempt_code_check CHECK ((exempt_code ~ '^([1-9]|1[0-3])?$'::text)),
    CONSTRAINT payee_tax_form_nonce_check CHECK ((octet_length(nonce) = 12)),
    CONSTRAINT payee_tax_form_sealed CHECK ((((blind_index IS NULL) = (key_id IS NULL)) AND ((key_id IS NULL) = (nonce IS NULL)) AND ((nonce IS NULL) = (ciphertext IS NULL)) AND ((ciphertext IS NULL) = (tag IS NULL)))),
    CONSTRAINT payee_tax_form_tag_check CHECK ((octet_length(tag) = 16)),
    CONSTRAINT payee_tax_form_tin_kind_check CHECK ((tin_kind = ANY (ARRAY[0, 1]))),
    CONSTRAINT payee_tax_form_tin_last4_check CHECK ((tin_last4 ~ '^([0-9]{4})?$'::text))
);

ALTER TABLE ONLY payments.payee_tax_form FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.payee_tax_form OWNER TO sluice_owner;

-- Name: payment_file; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.payment_file (
    book_id bigint NOT NULL,
    file_id bigint NOT NULL,
    run_id bigint NOT NULL,
    kind smallint NOT NULL,
    file_no integer NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    modifier smallint NOT NULL,
    first_trace bigint NOT NULL,
    control_number bigint NOT NULL,
    entry_count integer NOT NULL,
    total_cents bigint NOT NULL,
    state smallint NOT NULL,
    CONSTRAINT payment_file_entry_count_check CHECK ((entry_count >= 0)),
    CONSTRAINT payment_file_file_no_check CHECK ((file_no >= 1)),
    CONSTRAINT payment_file_kind_check CHECK (((kind >= 1) AND (kind <= 9))),
    CONSTRAINT payment_file_state_check CHECK (((state >= 0) AND (state <= 7))),
    CONSTRAINT payment_file_total_cents_check CHECK ((total_cents >= 0))
);

ALTER TABLE ONLY payments.payment_file FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.payment_file OWNER TO sluice_owner;

-- Name: payment_file_content; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.payment_file_content (
    book_id bigint NOT NULL,
    file_id bigint NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 bytea NOT NULL,
    entry_count integer NOT NULL,
    total_cents bigint NOT NULL,
    key_id bigint NOT NULL,
    nonce bytea NOT NULL,
    ciphertext bytea NOT NULL,
    tag bytea NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT payment_file_content_nonce_check CHECK ((octet_length(nonce) = 12)),
    CONSTRAINT payment_file_content_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT payment_file_content_tag_check CHECK ((octet_length(tag) = 16))
);

ALTER TABLE ONLY payments.payment_file_content FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.payment_file_content OWNER TO sluice_owner;

-- Name: payment_file_event; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.payment_file_event (
    book_id bigint NOT NULL,
    file_id bigint NOT NULL,
    event_no integer NOT NULL,
    state smallint NOT NULL,
    actor_id bigint NOT NULL,
    reason text NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY payments.payment_file_event FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.payment_file_event OWNER TO sluice_owner;

-- Name: payment_mark; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.payment_mark (
    book_id bigint NOT NULL,
    disbursement_id bigint NOT NULL,
    seq_no integer NOT NULL,
    reconciled boolean NOT NULL,
    note text NOT NULL,
    marked_by bigint NOT NULL,
    marked_at timestamp with time zone NOT NULL,
    CONSTRAINT payment_mark_seq_no_check CHECK ((seq_no >= 1))
);

ALTER TABLE ONLY payments.payment_mark FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.payment_mark OWNER TO sluice_owner;

-- Name: payment_preference; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.payment_preference (
    payer_id bigint NOT NULL,
    preference_id bigint NOT NULL,
    tin text NOT NULL,
    program_id bigint NOT NULL,
    location_id bigint NOT NULL,
    npi text NOT NULL,
    payee_id bigint,
    method smallint NOT NULL,
    delivery smallint NOT NULL,
    card_opt_in text NOT NULL,
    effective_from date NOT NULL,
    withdrawn boolean NOT NULL,
    reason text NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT payment_preference_check CHECK (((method = 2) = (card_opt_in <> ''::text))),
    CONSTRAINT payment_preference_check1 CHECK (((NOT withdrawn) OR ((payee_id IS NULL) AND (method = 0)))),
    CONSTRAINT payment_preference_delivery_check CHECK (((delivery >= 0) AND (delivery <= 4))),
    CONSTRAINT payment_preference_method_check CHECK (((method >= 0) AND (method <= 2))),
    CONSTRAINT payment_preference_npi_check CHECK ((npi ~ '^([0-9]{10})?$'::text)),
    CONSTRAINT payment_preference_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT payment_preference_tin_check CHECK ((tin ~ '^[0-9]{9}$'::text))
);

ALTER TABLE ONLY payments.payment_preference FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.payment_preference OWNER TO sluice_owner;

-- Name: payment_preference_confirmation; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.payment_preference_confirmation (
    payer_id bigint NOT NULL,
    preference_id bigint NOT NULL,
    recorded_by bigint NOT NULL,
    confirmed_by bigint NOT NULL,
    confirmed_at timestamp with time zone NOT NULL,
    CONSTRAINT payment_preference_confirmation_check CHECK ((confirmed_by <> recorded_by))
);

ALTER TABLE ONLY payments.payment_preference_confirmation FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.payment_preference_confirmation OWNER TO sluice_owner;

-- Name: payment_rules; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.payment_rules (
    book_id bigint NOT NULL,
    version integer NOT NULL,
    effective_from date NOT NULL,
    minimum_cents bigint NOT NULL,
    ach_limit_cents bigint NOT NULL,
    offset_millionths bigint NOT NULL,
    require_onboarding boolean NOT NULL,
    three_from_cents bigint,
    four_from_cents bigint,
    approval_banking_days integer NOT NULL,
    reason text NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    line_cap_cents bigint,
    recoup_notice_days integer DEFAULT 0 NOT NULL,
    due_banking_days integer,
    alert_banking_days integer DEFAULT 2 NOT NULL,
    review_days integer DEFAULT 0 NOT NULL,
    CONSTRAINT payment_rules_ach_limit_cents_check CHECK (((ach_limit_cents >= 1) AND (ach_limit_cents <= '9999999999'::bigint))),
    CONSTRAINT payment_rules_alert_banking_days_check CHECK (((alert_banking_days >= 0) AND (alert_banking_days <= 60))),
    CONSTRAINT payment_rules_approval_banking_days_check CHECK (((approval_banking_days >= 1) AND (approval_banking_days <= 60))),
    CONSTRAINT payment_rules_due_banking_days_check CHECK (((due_banking_days >= 0) AND (due_banking_days <= 1000))),
    CONSTRAINT payment_rules_four_from_cents_check CHECK ((four_from_cents > 0)),
    CONSTRAINT payment_rules_line_cap_cents_check CHECK ((line_cap_cents > 0)),
    CONSTRAINT payment_rules_minimum_cents_check CHECK ((minimum_cents >= 0)),
    CONSTRAINT payment_rules_offset_millionths_check CHECK (((offset_millionths >= 0) AND (offset_millionths <= 1000000))),
    CONSTRAINT payment_rules_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT payment_rules_recoup_notice_days_check CHECK (((recoup_notice_days >= 0) AND (recoup_notice_days <= 365))),
    CONSTRAINT payment_rules_review_days_check CHECK (((review_days >= 0) AND (review_days <= 365))),
    CONSTRAINT payment_rules_three_from_cents_check CHECK ((three_from_cents > 0)),
    CONSTRAINT payment_rules_version_check CHECK ((version >= 1))
);

ALTER TABLE ONLY payments.payment_rules FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.payment_rules OWNER TO sluice_owner;

-- Name: pending_resolution; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.pending_resolution (
    book_id bigint NOT NULL,
    pending_batch_seq bigint NOT NULL,
    pending_position integer NOT NULL,
    "position" integer NOT NULL,
    batch_seq bigint NOT NULL,
    posted_cents bigint NOT NULL,
    outcome smallint NOT NULL,
    CONSTRAINT pending_resolution_outcome CHECK ((((outcome >= 2) AND (outcome <= 4)) AND (posted_cents >= 0) AND ((outcome = 2) = (posted_cents > 0))))
);

ALTER TABLE ONLY payments.pending_resolution FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.pending_resolution OWNER TO sluice_owner;

-- Name: pool; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.pool (
    book_id bigint NOT NULL,
    pool_id bigint NOT NULL,
    name text NOT NULL,
    bank_account_id bigint NOT NULL,
    CONSTRAINT pool_name_check CHECK ((name <> ''::text))
);

ALTER TABLE ONLY payments.pool FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.pool OWNER TO sluice_owner;

-- Name: pool_transfer; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.pool_transfer (
    book_id bigint NOT NULL,
    transfer_id bigint NOT NULL,
    from_pool_id bigint NOT NULL,
    to_pool_id bigint NOT NULL,
    amount_cents bigint NOT NULL,
    reason text NOT NULL,
    requested_by bigint NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    state smallint NOT NULL,
    decided_by bigint,
    decided_at timestamp with time zone,
    decision text NOT NULL,
    CONSTRAINT pool_transfer_amount_cents_check CHECK ((amount_cents > 0)),
    CONSTRAINT pool_transfer_between_two CHECK ((from_pool_id <> to_pool_id)),
    CONSTRAINT pool_transfer_check CHECK (((state = 0) = (decided_by IS NULL))),
    CONSTRAINT pool_transfer_check1 CHECK (((decided_by IS NULL) = (decided_at IS NULL))),
    CONSTRAINT pool_transfer_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT pool_transfer_state_check CHECK (((state >= 0) AND (state <= 3))),
    CONSTRAINT pool_transfer_two_people CHECK ((decided_by <> requested_by))
);

ALTER TABLE ONLY payments.pool_transfer FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.pool_transfer OWNER TO sluice_owner;

-- Name: program_tax_box; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.program_tax_box (
    book_id bigint NOT NULL,
    role text NOT NULL,
    effective_from date NOT NULL,
    form text NOT NULL,
    box smallint NOT NULL,
    reason text NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT program_tax_box_check CHECK (((((form = '1099-MISC'::text) AND (box = 3)) OR ((form = '1099-MISC'::text) AND (box = 6))) OR ((form = '1099-NEC'::text) AND (box = 1)))),
    CONSTRAINT program_tax_box_reason_check CHECK ((reason <> ''::text))
);

ALTER TABLE ONLY payments.program_tax_box FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.program_tax_box OWNER TO sluice_owner;

-- Name: recoup_notice; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.recoup_notice (
    book_id bigint NOT NULL,
    run_id bigint NOT NULL,
    payee_id bigint NOT NULL,
    amount_cents bigint NOT NULL,
    noticed_on date,
    offset_from date,
    how text NOT NULL,
    noticed_by bigint,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT recoup_notice_amount_cents_check CHECK ((amount_cents > 0)),
    CONSTRAINT recoup_notice_check CHECK (((noticed_on IS NULL) = (offset_from IS NULL))),
    CONSTRAINT recoup_notice_check1 CHECK (((noticed_on IS NULL) = (noticed_by IS NULL))),
    CONSTRAINT recoup_notice_check2 CHECK ((offset_from >= noticed_on)),
    CONSTRAINT recoup_notice_check3 CHECK (((noticed_on IS NULL) = (how = ''::text)))
);

ALTER TABLE ONLY payments.recoup_notice FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.recoup_notice OWNER TO sluice_owner;

-- Name: remittance; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.remittance (
    book_id bigint NOT NULL,
    disbursement_id bigint NOT NULL,
    file_id bigint NOT NULL,
    bpr_cents bigint NOT NULL,
    CONSTRAINT remittance_bpr_cents_check CHECK ((bpr_cents >= 0))
);

ALTER TABLE ONLY payments.remittance FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.remittance OWNER TO sluice_owner;

-- Name: remittance_drop; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.remittance_drop (
    payer_id bigint NOT NULL,
    payee_id bigint NOT NULL,
    drop_no integer NOT NULL,
    server text NOT NULL,
    directory text NOT NULL,
    receiver_qualifier text NOT NULL,
    receiver_id text NOT NULL,
    ended boolean NOT NULL,
    reason text NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT remittance_drop_drop_no_check CHECK ((drop_no >= 1)),
    CONSTRAINT remittance_drop_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT remittance_drop_receiver_id_check CHECK ((receiver_id ~ '^[A-Z0-9-]{1,15}$'::text)),
    CONSTRAINT remittance_drop_receiver_qualifier_check CHECK ((receiver_qualifier ~ '^[0-9A-Z]{2}$'::text)),
    CONSTRAINT remittance_drop_server_check CHECK ((server <> ''::text))
);

ALTER TABLE ONLY payments.remittance_drop FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.remittance_drop OWNER TO sluice_owner;

-- Name: remittance_queue; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.remittance_queue (
    book_id bigint NOT NULL,
    disbursement_id bigint NOT NULL,
    run_id bigint NOT NULL,
    payee_id bigint NOT NULL,
    way smallint NOT NULL,
    note text NOT NULL,
    state smallint NOT NULL,
    delivered_on date,
    how text,
    done_by bigint,
    done_at timestamp with time zone,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT remittance_queue_check CHECK (((state = 1) = ((delivered_on IS NOT NULL) AND (how IS NOT NULL) AND (done_by IS NOT NULL) AND (done_at IS NOT NULL)))),
    CONSTRAINT remittance_queue_how_check CHECK ((how <> ''::text)),
    CONSTRAINT remittance_queue_state_check CHECK ((state = ANY (ARRAY[0, 1]))),
    CONSTRAINT remittance_queue_way_check CHECK (((way >= 2) AND (way <= 4)))
);

ALTER TABLE ONLY payments.remittance_queue FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.remittance_queue OWNER TO sluice_owner;

-- Name: return_dispute; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.return_dispute (
    book_id bigint NOT NULL,
    disbursement_id bigint NOT NULL,
    seq_no integer NOT NULL,
    applied boolean NOT NULL,
    journal_id uuid NOT NULL,
    note text NOT NULL,
    decided_by bigint NOT NULL,
    second_by bigint NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    CONSTRAINT return_dispute_note_check CHECK ((note <> ''::text)),
    CONSTRAINT return_dispute_seq_no_check CHECK ((seq_no >= 1)),
    CONSTRAINT return_dispute_turns CHECK ((applied = ((seq_no % 2) = 0))),
    CONSTRAINT return_dispute_two_people CHECK ((second_by <> decided_by))
);

ALTER TABLE ONLY payments.return_dispute FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.return_dispute OWNER TO sluice_owner;

-- Name: returned_payment; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.returned_payment (
    book_id bigint NOT NULL,
    disbursement_id bigint NOT NULL,
    home_book_id bigint NOT NULL,
    file_id bigint NOT NULL,
    item_no integer NOT NULL,
    payee_id bigint NOT NULL,
    code text NOT NULL,
    actions smallint NOT NULL,
    rejected boolean NOT NULL,
    amount_cents bigint NOT NULL,
    journal_id uuid NOT NULL,
    returned_on date NOT NULL,
    state smallint NOT NULL,
    decided_by bigint,
    second_by bigint,
    decided_at timestamp with time zone,
    decision text NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT returned_payment_amount_cents_check CHECK ((amount_cents > 0)),
    CONSTRAINT returned_payment_check CHECK (((state = 0) = (decided_by IS NULL))),
    CONSTRAINT returned_payment_check1 CHECK (((second_by IS NULL) OR (second_by <> decided_by))),
    CONSTRAINT returned_payment_state_check CHECK (((state >= 0) AND (state <= 3)))
);

ALTER TABLE ONLY payments.returned_payment FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.returned_payment OWNER TO sluice_owner;

-- Name: reversal; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.reversal (
    book_id bigint NOT NULL,
    reversal_id bigint NOT NULL,
    disbursement_id bigint NOT NULL,
    payee_id bigint NOT NULL,
    amount_cents bigint NOT NULL,
    reason smallint NOT NULL,
    duplicate_of bigint,
    detail text NOT NULL,
    last_day date NOT NULL,
    requested_by bigint NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    state smallint NOT NULL,
    decided_by bigint,
    decided_at timestamp with time zone,
    file_id bigint,
    effective_date date,
    credited_on date,
    line_id bigint,
    result text NOT NULL,
    CONSTRAINT reversal_amount_cents_check CHECK ((amount_cents > 0)),
    CONSTRAINT reversal_check CHECK (((state = 0) = (decided_by IS NULL))),
    CONSTRAINT reversal_check1 CHECK (((decided_by IS NULL) = (decided_at IS NULL))),
    CONSTRAINT reversal_check2 CHECK (((file_id IS NULL) = (effective_date IS NULL))),
    CONSTRAINT reversal_check3 CHECK (((state <> ALL (ARRAY[2, 3, 4, 5])) OR (file_id IS NOT NULL))),
    CONSTRAINT reversal_check4 CHECK (((line_id IS NULL) = (credited_on IS NULL))),
    CONSTRAINT reversal_check5 CHECK (((state <> ALL (ARRAY[4, 5])) OR (line_id IS NOT NULL))),
    CONSTRAINT reversal_detail_check CHECK ((detail <> ''::text)),
    CONSTRAINT reversal_in_its_window CHECK ((effective_date <= last_day)),
    CONSTRAINT reversal_names_its_twin CHECK (((reason = 1) = (duplicate_of IS NOT NULL))),
    CONSTRAINT reversal_of_another CHECK ((duplicate_of <> disbursement_id)),
    CONSTRAINT reversal_reason_check CHECK (((reason >= 1) AND (reason <= 4))),
    CONSTRAINT reversal_state_check CHECK (((state >= 0) AND (state <= 7))),
    CONSTRAINT reversal_two_people CHECK ((decided_by <> requested_by))
);

ALTER TABLE ONLY payments.reversal FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.reversal OWNER TO sluice_owner;

-- Name: reversal_entry; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.reversal_entry (
    book_id bigint NOT NULL,
    reversal_id bigint NOT NULL,
    file_id bigint NOT NULL,
    trace text NOT NULL,
    rdfi text NOT NULL,
    company_id text NOT NULL,
    CONSTRAINT reversal_entry_rdfi_check CHECK ((rdfi ~ '^[0-9]{8}$'::text)),
    CONSTRAINT reversal_entry_trace_check CHECK ((trace ~ '^[0-9]{15}$'::text))
);

ALTER TABLE ONLY payments.reversal_entry FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.reversal_entry OWNER TO sluice_owner;

-- Name: run; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.run (
    book_id bigint NOT NULL,
    run_id bigint NOT NULL,
    cycle_id bigint NOT NULL,
    kind smallint NOT NULL,
    seq integer NOT NULL,
    pool_id bigint NOT NULL,
    business_date date NOT NULL,
    effective_date date NOT NULL,
    state smallint NOT NULL,
    version bigint NOT NULL,
    revision integer NOT NULL,
    fence bigint NOT NULL,
    hold_attempt integer NOT NULL,
    hold_expires_at timestamp with time zone,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT run_check CHECK ((effective_date >= business_date)),
    CONSTRAINT run_hold_attempt_check CHECK ((hold_attempt >= 1)),
    CONSTRAINT run_kind_check CHECK (((kind >= 0) AND (kind <= 3))),
    CONSTRAINT run_revision_check CHECK ((revision >= 0)),
    CONSTRAINT run_seq_check CHECK ((seq >= 1)),
    CONSTRAINT run_state_check CHECK (((state >= 0) AND (state <= 10)))
);

ALTER TABLE ONLY payments.run FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.run OWNER TO sluice_owner;

-- Name: run_approval; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.run_approval (
    book_id bigint NOT NULL,
    run_id bigint NOT NULL,
    revision integer NOT NULL,
    approver_id bigint NOT NULL,
    submitted_by bigint NOT NULL,
    digest bytea NOT NULL,
    assertion bytea NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT run_approval_check CHECK ((approver_id <> submitted_by))
);

ALTER TABLE ONLY payments.run_approval FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.run_approval OWNER TO sluice_owner;

-- Name: run_batch; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.run_batch (
    book_id bigint NOT NULL,
    run_id bigint NOT NULL,
    batch_no integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY payments.run_batch FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.run_batch OWNER TO sluice_owner;

-- Name: run_editor; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.run_editor (
    book_id bigint NOT NULL,
    run_id bigint NOT NULL,
    revision integer NOT NULL,
    editor_id bigint NOT NULL,
    reason text NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY payments.run_editor FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.run_editor OWNER TO sluice_owner;

-- Name: run_event; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.run_event (
    book_id bigint NOT NULL,
    run_id bigint NOT NULL,
    version bigint NOT NULL,
    command smallint NOT NULL,
    from_state smallint NOT NULL,
    to_state smallint NOT NULL,
    actor_id bigint NOT NULL,
    reason text NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY payments.run_event FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.run_event OWNER TO sluice_owner;

-- Name: run_line; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.run_line (
    book_id bigint NOT NULL,
    run_id bigint NOT NULL,
    revision integer NOT NULL,
    obligation_id bigint NOT NULL,
    payee_id bigint,
    posting smallint NOT NULL,
    amount_cents bigint NOT NULL,
    withhold_cents bigint NOT NULL,
    hold_reason smallint NOT NULL,
    CONSTRAINT run_line_posting_check CHECK (((posting >= 0) AND (posting <= 3)))
);

ALTER TABLE ONLY payments.run_line FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.run_line OWNER TO sluice_owner;

-- Name: run_payee; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.run_payee (
    book_id bigint NOT NULL,
    run_id bigint NOT NULL,
    revision integer NOT NULL,
    payee_id bigint NOT NULL,
    batch_no integer NOT NULL,
    gross_cents bigint NOT NULL,
    withhold_cents bigint NOT NULL,
    carried_cents bigint NOT NULL,
    recoup_cents bigint NOT NULL,
    offset_cents bigint NOT NULL,
    net_cents bigint NOT NULL,
    rail smallint NOT NULL,
    account_id bigint NOT NULL,
    account_version integer NOT NULL,
    hold_reason smallint NOT NULL,
    hold_note text NOT NULL,
    method smallint NOT NULL,
    delivery smallint NOT NULL,
    preference_id bigint NOT NULL,
    tax_cents bigint NOT NULL,
    CONSTRAINT run_payee_account_of_paid CHECK (((hold_reason <> 0) OR (net_cents = 0) OR (rail > 1) OR (account_version >= 1))),
    CONSTRAINT run_payee_batch_no_check CHECK ((batch_no >= 1)),
    CONSTRAINT run_payee_carried_cents_check CHECK ((carried_cents >= 0)),
    CONSTRAINT run_payee_delivery_check CHECK (((delivery >= 0) AND (delivery <= 4))),
    CONSTRAINT run_payee_gross_cents_check CHECK ((gross_cents >= 0)),
    CONSTRAINT run_payee_method_check CHECK (((method >= 0) AND (method <= 2))),
    CONSTRAINT run_payee_net CHECK ((net_cents = ((((gross_cents - withhold_cents) + carried_cents) - offset_cents) - tax_cents))),
    CONSTRAINT run_payee_net_cents_check CHECK ((net_cents >= 0)),
    CONSTRAINT run_payee_offset_cents_check CHECK ((offset_cents >= 0)),
    CONSTRAINT run_payee_rail_check CHECK (((rail >= 0) AND (rail <= 3))),
    CONSTRAINT run_payee_recoup_cents_check CHECK ((recoup_cents >= 0)),
    CONSTRAINT run_payee_tax_cents_check CHECK ((tax_cents >= 0)),
    CONSTRAINT run_payee_tax_of_paid CHECK (((tax_cents = 0) OR (hold_reason = 0))),
    CONSTRAINT run_payee_withhold_cents_check CHECK ((withhold_cents >= 0))
);

ALTER TABLE ONLY payments.run_payee FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.run_payee OWNER TO sluice_owner;

-- Name: run_revision; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.run_revision (
    book_id bigint NOT NULL,
    run_id bigint NOT NULL,
    revision integer NOT NULL,
    submitted_by bigint NOT NULL,
    digest bytea NOT NULL,
    required_approvals smallint NOT NULL,
    hold_cents bigint NOT NULL,
    net_cents bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT run_revision_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT run_revision_hold_cents_check CHECK ((hold_cents >= 0)),
    CONSTRAINT run_revision_net_cents_check CHECK ((net_cents >= 0)),
    CONSTRAINT run_revision_required_approvals_check CHECK ((required_approvals >= 2))
);

ALTER TABLE ONLY payments.run_revision FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.run_revision OWNER TO sluice_owner;

-- Name: run_stop; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.run_stop (
    book_id bigint NOT NULL,
    run_id bigint NOT NULL,
    payee_id bigint NOT NULL,
    stop_no integer NOT NULL,
    stopped boolean NOT NULL,
    reason text NOT NULL,
    decided_by bigint NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    CONSTRAINT run_stop_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT run_stop_stop_no_check CHECK ((stop_no >= 1))
);

ALTER TABLE ONLY payments.run_stop FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.run_stop OWNER TO sluice_owner;

-- Name: screening_decision; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.screening_decision (
    payer_id bigint NOT NULL,
    hit_id bigint NOT NULL,
    decision_no integer NOT NULL,
    found_by bigint NOT NULL,
    state smallint NOT NULL,
    note text NOT NULL,
    decided_by bigint NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    CONSTRAINT screening_decision_check CHECK ((decided_by <> found_by)),
    CONSTRAINT screening_decision_decision_no_check CHECK ((decision_no >= 1)),
    CONSTRAINT screening_decision_note_check CHECK ((note <> ''::text)),
    CONSTRAINT screening_decision_state_check CHECK ((state = ANY (ARRAY[1, 2])))
);

ALTER TABLE ONLY payments.screening_decision FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.screening_decision OWNER TO sluice_owner;

-- Name: screening_entry; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.screening_entry (
    payer_id bigint NOT NULL,
    list_id bigint NOT NULL,
    entry_no integer NOT NULL,
    entry_key text NOT NULL,
    is_person boolean NOT NULL,
    npi text NOT NULL,
    born_on date,
    program text NOT NULL,
    CONSTRAINT screening_entry_entry_key_check CHECK ((entry_key <> ''::text)),
    CONSTRAINT screening_entry_entry_no_check CHECK ((entry_no >= 1)),
    CONSTRAINT screening_entry_npi_check CHECK ((npi ~ '^([0-9]{10})?$'::text))
);

ALTER TABLE ONLY payments.screening_entry FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.screening_entry OWNER TO sluice_owner;

-- Name: screening_hit; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.screening_hit (
    payer_id bigint NOT NULL,
    hit_id bigint NOT NULL,
    payee_id bigint NOT NULL,
    source smallint NOT NULL,
    list_id bigint NOT NULL,
    entry_key text NOT NULL,
    entry_digest bytea NOT NULL,
    payee_digest bytea NOT NULL,
    score integer NOT NULL,
    listed_name text NOT NULL,
    payee_name text NOT NULL,
    program text NOT NULL,
    reason text NOT NULL,
    found_by bigint NOT NULL,
    found_at timestamp with time zone NOT NULL,
    state smallint NOT NULL,
    CONSTRAINT screening_hit_entry_digest_check CHECK ((octet_length(entry_digest) = 32)),
    CONSTRAINT screening_hit_payee_digest_check CHECK ((octet_length(payee_digest) = 32)),
    CONSTRAINT screening_hit_score_check CHECK (((score >= 0) AND (score <= 1000))),
    CONSTRAINT screening_hit_source_check CHECK ((source = ANY (ARRAY[0, 1]))),
    CONSTRAINT screening_hit_state_check CHECK (((state >= 0) AND (state <= 2)))
);

ALTER TABLE ONLY payments.screening_hit FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.screening_hit OWNER TO sluice_owner;

-- Name: screening_list; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.screening_list (
    payer_id bigint NOT NULL,
    list_id bigint NOT NULL,
    source smallint NOT NULL,
    published_on date NOT NULL,
    digest bytea NOT NULL,
    entries integer NOT NULL,
    imported_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT screening_list_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT screening_list_entries_check CHECK ((entries > 0)),
    CONSTRAINT screening_list_source_check CHECK ((source = ANY (ARRAY[0, 1])))
);

ALTER TABLE ONLY payments.screening_list FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.screening_list OWNER TO sluice_owner;

-- Name: screening_name; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.screening_name (
    payer_id bigint NOT NULL,
    list_id bigint NOT NULL,
    entry_no integer NOT NULL,
    name_no integer NOT NULL,
    name text NOT NULL,
    CONSTRAINT screening_name_name_check CHECK ((name <> ''::text)),
    CONSTRAINT screening_name_name_no_check CHECK ((name_no >= 1))
);

ALTER TABLE ONLY payments.screening_name FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.screening_name OWNER TO sluice_owner;

-- Name: screening_run; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.screening_run (
    payer_id bigint NOT NULL,
    run_id bigint NOT NULL,
    list_id bigint NOT NULL,
    trigger_kind smallint NOT NULL,
    payees integer NOT NULL,
    findings integer NOT NULL,
    new_hits integer NOT NULL,
    run_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT screening_run_findings_check CHECK ((findings >= 0)),
    CONSTRAINT screening_run_new_hits_check CHECK ((new_hits >= 0)),
    CONSTRAINT screening_run_payees_check CHECK ((payees >= 0)),
    CONSTRAINT screening_run_trigger_kind_check CHECK (((trigger_kind >= 0) AND (trigger_kind <= 3)))
);

ALTER TABLE ONLY payments.screening_run FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.screening_run OWNER TO sluice_owner;

-- Name: side_file; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.side_file (
    payer_id bigint NOT NULL,
    file_id bigint NOT NULL,
    book_id bigint NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    modifier smallint NOT NULL,
    first_trace bigint NOT NULL,
    effective_date date NOT NULL,
    entry_count integer NOT NULL,
    total_cents bigint,
    state smallint NOT NULL,
    sha256 bytea,
    key_id bigint,
    nonce bytea,
    ciphertext bytea,
    tag bytea,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    kind smallint NOT NULL,
    CONSTRAINT account_test_file_check CHECK (((state = 0) OR ((sha256 IS NOT NULL) AND (ciphertext IS NOT NULL) AND (total_cents IS NOT NULL)))),
    CONSTRAINT account_test_file_entry_count_check CHECK ((entry_count >= 1)),
    CONSTRAINT account_test_file_first_trace_check CHECK ((first_trace >= 1)),
    CONSTRAINT account_test_file_modifier_check CHECK (((modifier >= 0) AND (modifier <= 35))),
    CONSTRAINT account_test_file_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT account_test_file_state_check CHECK (((state >= 0) AND (state <= 4))),
    CONSTRAINT account_test_file_total_cents_check CHECK ((total_cents >= 0)),
    CONSTRAINT side_file_kind_known CHECK ((kind = ANY (ARRAY[1, 2])))
);

ALTER TABLE ONLY payments.side_file FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.side_file OWNER TO sluice_owner;

-- Name: tax_parameter; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.tax_parameter (
    effective_from date NOT NULL,
    threshold_cents bigint NOT NULL,
    backup_millionths bigint NOT NULL,
    source text NOT NULL,
    CONSTRAINT tax_parameter_backup_millionths_check CHECK (((backup_millionths >= 0) AND (backup_millionths <= 1000000))),
    CONSTRAINT tax_parameter_source_check CHECK ((source <> ''::text)),
    CONSTRAINT tax_parameter_threshold_cents_check CHECK ((threshold_cents > 0))
);

ALTER TABLE payments.tax_parameter OWNER TO sluice_owner;

-- Name: tin_match; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.tin_match (
    payer_id bigint NOT NULL,
    payee_id bigint NOT NULL,
    certified_on date NOT NULL,
    checked_on date NOT NULL,
    code smallint NOT NULL,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT tin_match_code_check CHECK (((code >= 0) AND (code <= 8)))
);

ALTER TABLE ONLY payments.tin_match FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.tin_match OWNER TO sluice_owner;

-- Name: transfer; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.transfer (
    book_id bigint NOT NULL,
    batch_seq bigint NOT NULL,
    debit_account_id bigint NOT NULL,
    credit_account_id bigint NOT NULL,
    amount_cents bigint NOT NULL,
    "position" integer NOT NULL,
    journal_ordinal integer NOT NULL,
    effective_date date NOT NULL,
    kind smallint NOT NULL,
    event smallint NOT NULL,
    pending_position integer,
    pending_batch_seq bigint,
    expires_at_us bigint,
    CONSTRAINT transfer_amount_positive CHECK ((amount_cents > 0)),
    CONSTRAINT transfer_event_known CHECK (((event >= 1) AND (event <= 45))),
    CONSTRAINT transfer_kind_known CHECK (((kind >= 0) AND (kind <= 4))),
    CONSTRAINT transfer_only_holds_expire CHECK (((expires_at_us IS NULL) OR (kind = 1))),
    CONSTRAINT transfer_places CHECK ((("position" > 0) AND (journal_ordinal > 0))),
    CONSTRAINT transfer_resolves_a_hold CHECK ((((kind = ANY (ARRAY[2, 3, 4])) = (pending_batch_seq IS NOT NULL)) AND ((pending_batch_seq IS NULL) = (pending_position IS NULL)))),
    CONSTRAINT transfer_two_accounts CHECK ((debit_account_id <> credit_account_id))
);

ALTER TABLE ONLY payments.transfer FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.transfer OWNER TO sluice_owner;

-- Name: unclaimed_event; Type: TABLE; Schema: payments; Owner: sluice_owner

CREATE TABLE payments.unclaimed_event (
    book_id bigint NOT NULL,
    payee_id bigint NOT NULL,
    seq_no integer NOT NULL,
    kind smallint NOT NULL,
    happened_on date NOT NULL,
    state text NOT NULL,
    amount_cents bigint NOT NULL,
    note text NOT NULL,
    second_by bigint,
    journal_id uuid,
    recorded_by bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT unclaimed_event_check CHECK (((kind >= 3) = (journal_id IS NOT NULL))),
    CONSTRAINT unclaimed_event_check1 CHECK (((kind >= 3) = (amount_cents > 0))),
    CONSTRAINT unclaimed_event_kind_check CHECK (((kind >= 1) AND (kind <= 4))),
    CONSTRAINT unclaimed_event_note_check CHECK ((note <> ''::text)),
    CONSTRAINT unclaimed_event_of_money CHECK (((kind >= 3) = (second_by IS NOT NULL))),
    CONSTRAINT unclaimed_event_seq_no_check CHECK ((seq_no >= 1)),
    CONSTRAINT unclaimed_event_two_people CHECK ((second_by <> recorded_by))
);

ALTER TABLE ONLY payments.unclaimed_event FORCE ROW LEVEL SECURITY;

ALTER TABLE payments.unclaimed_event OWNER TO sluice_owner;

-- Name: activity_event; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.activity_event (
    contract_id bigint NOT NULL,
    event_id bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    batch_id bigint NOT NULL,
    member_id bigint NOT NULL,
    provider_id bigint NOT NULL,
    practice_id bigint NOT NULL,
    kind smallint NOT NULL,
    code text NOT NULL,
    service_date date NOT NULL,
    received_on date NOT NULL,
    channel text NOT NULL,
    evidence text NOT NULL,
    evidence_status smallint NOT NULL,
    voided boolean NOT NULL,
    source text NOT NULL,
    CONSTRAINT activity_event_code_check CHECK ((code <> ''::text)),
    CONSTRAINT activity_event_event_id_check CHECK ((event_id > 0)),
    CONSTRAINT activity_event_evidence_status_check CHECK (((evidence_status >= 0) AND (evidence_status <= 2))),
    CONSTRAINT activity_event_kind_check CHECK (((kind >= 0) AND (kind <= 4))),
    CONSTRAINT activity_event_member_id_check CHECK ((member_id > 0)),
    CONSTRAINT activity_event_source_check CHECK ((source <> ''::text))
);

ALTER TABLE ONLY performance.activity_event FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.activity_event OWNER TO sluice_owner;

-- Name: activity_line; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.activity_line (
    contract_id bigint NOT NULL,
    run_id bigint NOT NULL,
    "position" integer NOT NULL,
    event_id bigint NOT NULL,
    event_recorded_at timestamp with time zone NOT NULL,
    measure text NOT NULL,
    points text NOT NULL,
    priced text NOT NULL,
    earned text NOT NULL,
    reason text,
    cut_by_cap boolean NOT NULL,
    detail text NOT NULL,
    CONSTRAINT activity_line_position_check CHECK (("position" >= 0)),
    CONSTRAINT activity_zero_has_reason CHECK (((earned = '0'::text) = (reason IS NOT NULL)))
);

ALTER TABLE ONLY performance.activity_line FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.activity_line OWNER TO sluice_owner;

-- Name: activity_run; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.activity_run (
    contract_id bigint NOT NULL,
    run_id bigint NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    known_at timestamp with time zone NOT NULL,
    calculated_at timestamp with time zone NOT NULL,
    terms_version integer NOT NULL,
    lines_sha256 bytea NOT NULL,
    submitted bigint NOT NULL,
    counted bigint NOT NULL,
    points text NOT NULL,
    amount text NOT NULL,
    over_limit text NOT NULL,
    CONSTRAINT activity_run_check CHECK (((counted >= 0) AND (counted <= submitted))),
    CONSTRAINT activity_run_lines_sha256_check CHECK ((octet_length(lines_sha256) = 32)),
    CONSTRAINT activity_run_period CHECK ((period_from < period_to)),
    CONSTRAINT activity_run_submitted_check CHECK ((submitted >= 0))
);

ALTER TABLE ONLY performance.activity_run FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.activity_run OWNER TO sluice_owner;

-- Name: approval_delegation; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.approval_delegation (
    payer_id bigint NOT NULL,
    delegation_id bigint NOT NULL,
    revision integer NOT NULL,
    from_user_id bigint NOT NULL,
    to_user_id bigint NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone NOT NULL,
    revoked boolean NOT NULL,
    reason text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT approval_delegation_delegation_id_check CHECK ((delegation_id > 0)),
    CONSTRAINT approval_delegation_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT approval_delegation_revision_check CHECK ((revision > 0)),
    CONSTRAINT delegation_range CHECK ((valid_to > valid_from)),
    CONSTRAINT delegation_to_another CHECK ((from_user_id <> to_user_id))
);

ALTER TABLE ONLY performance.approval_delegation FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.approval_delegation OWNER TO sluice_owner;

-- Name: attribution_audit; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.attribution_audit (
    contract_id bigint NOT NULL,
    period_from date NOT NULL,
    version integer NOT NULL,
    month date NOT NULL,
    batch_id bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    findings integer NOT NULL,
    members_before bigint NOT NULL,
    members_after bigint NOT NULL,
    added bigint NOT NULL,
    dropped bigint NOT NULL,
    pmpm_before text,
    pmpm_kept text,
    pmpm_after text,
    CONSTRAINT attribution_audit_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT attribution_audit_counts CHECK (((members_after - members_before) = (added - dropped))),
    CONSTRAINT attribution_audit_findings_check CHECK ((findings >= 0))
);

ALTER TABLE ONLY performance.attribution_audit FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.attribution_audit OWNER TO sluice_owner;

-- Name: attribution_entry; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.attribution_entry (
    contract_id bigint NOT NULL,
    period_from date NOT NULL,
    version integer NOT NULL,
    member_id bigint NOT NULL,
    plan text NOT NULL,
    valid_from date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    batch_id bigint NOT NULL,
    valid_to date NOT NULL,
    provider_id bigint,
    practice_id bigint,
    location_id bigint,
    change_type smallint NOT NULL,
    inactive boolean NOT NULL,
    gone boolean NOT NULL,
    basis text NOT NULL,
    dispute_id bigint,
    CONSTRAINT attribution_entry_change_type_check CHECK (((change_type >= 1) AND (change_type <= 5))),
    CONSTRAINT attribution_entry_range CHECK ((valid_to > valid_from))
);

ALTER TABLE ONLY performance.attribution_entry FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.attribution_entry OWNER TO sluice_owner;

-- Name: attribution_finding; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.attribution_finding (
    contract_id bigint NOT NULL,
    period_from date NOT NULL,
    version integer NOT NULL,
    month date NOT NULL,
    batch_id bigint NOT NULL,
    "position" integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    kind smallint NOT NULL,
    member_id bigint NOT NULL,
    party_id bigint,
    detail text NOT NULL,
    CONSTRAINT attribution_finding_kind_check CHECK (((kind >= 1) AND (kind <= 10))),
    CONSTRAINT attribution_finding_position_check CHECK (("position" >= 0))
);

ALTER TABLE ONLY performance.attribution_finding FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.attribution_finding OWNER TO sluice_owner;

-- Name: attribution_list; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.attribution_list (
    contract_id bigint NOT NULL,
    period_from date NOT NULL,
    version integer NOT NULL,
    period_to date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    known_at timestamp with time zone NOT NULL,
    method_sha256 bytea NOT NULL,
    hierarchy_as_of date NOT NULL,
    hierarchy_version bigint NOT NULL,
    batch_id bigint,
    CONSTRAINT attribution_list_method_sha256_check CHECK ((octet_length(method_sha256) = 32)),
    CONSTRAINT attribution_list_period CHECK ((period_to > period_from)),
    CONSTRAINT attribution_list_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY performance.attribution_list FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.attribution_list OWNER TO sluice_owner;

-- Name: attribution_list_status; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.attribution_list_status (
    contract_id bigint NOT NULL,
    period_from date NOT NULL,
    version integer NOT NULL,
    status smallint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    CONSTRAINT attribution_list_status_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT attribution_list_status_status_check CHECK ((status = ANY (ARRAY[1, 2, 3])))
);

ALTER TABLE ONLY performance.attribution_list_status FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.attribution_list_status OWNER TO sluice_owner;

-- Name: attribution_method; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.attribution_method (
    contract_id bigint NOT NULL,
    version integer NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    content bytea NOT NULL,
    sha256 bytea NOT NULL,
    filing_days integer NOT NULL,
    decision_days integer NOT NULL,
    silence_accepts boolean NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    CONSTRAINT attribution_method_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT attribution_method_decision_days_check CHECK ((decision_days > 0)),
    CONSTRAINT attribution_method_filing_days_check CHECK ((filing_days > 0)),
    CONSTRAINT attribution_method_range CHECK ((effective_to > effective_from)),
    CONSTRAINT attribution_method_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT attribution_method_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY performance.attribution_method FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.attribution_method OWNER TO sluice_owner;

-- Name: attribution_override; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.attribution_override (
    contract_id bigint NOT NULL,
    period_from date NOT NULL,
    version integer NOT NULL,
    batch_id bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    removes boolean NOT NULL,
    member_id bigint NOT NULL,
    plan text NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    provider_id bigint,
    practice_id bigint,
    location_id bigint,
    basis text NOT NULL,
    CONSTRAINT attribution_override_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT attribution_override_range CHECK ((valid_to > valid_from))
);

ALTER TABLE ONLY performance.attribution_override FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.attribution_override OWNER TO sluice_owner;

-- Name: attribution_response; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.attribution_response (
    contract_id bigint NOT NULL,
    period_from date NOT NULL,
    version integer NOT NULL,
    member_id bigint NOT NULL,
    plan text NOT NULL,
    valid_from date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    batch_id bigint NOT NULL,
    accepted boolean NOT NULL,
    reason text NOT NULL,
    actor text NOT NULL,
    CONSTRAINT attribution_response_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT attribution_response_reason CHECK ((accepted OR (reason <> ''::text)))
);

ALTER TABLE ONLY performance.attribution_response FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.attribution_response OWNER TO sluice_owner;

-- Name: attribution_unattributed; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.attribution_unattributed (
    contract_id bigint NOT NULL,
    period_from date NOT NULL,
    version integer NOT NULL,
    reason text NOT NULL,
    members bigint NOT NULL,
    member_months bigint NOT NULL,
    CONSTRAINT attribution_unattributed_check CHECK ((member_months >= members)),
    CONSTRAINT attribution_unattributed_members_check CHECK ((members > 0)),
    CONSTRAINT attribution_unattributed_reason_check CHECK ((reason <> ''::text))
);

ALTER TABLE ONLY performance.attribution_unattributed FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.attribution_unattributed OWNER TO sluice_owner;

-- Name: attribution_unattributed_member; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.attribution_unattributed_member (
    contract_id bigint NOT NULL,
    period_from date NOT NULL,
    batch_id bigint NOT NULL,
    member_id bigint NOT NULL,
    month_from date NOT NULL,
    month_to date NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL,
    CONSTRAINT attribution_unattributed_member_range CHECK ((month_to > month_from)),
    CONSTRAINT attribution_unattributed_member_reason_check CHECK ((reason <> ''::text))
);

ALTER TABLE ONLY performance.attribution_unattributed_member FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.attribution_unattributed_member OWNER TO sluice_owner;

-- Name: award; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.award (
    contract_id bigint NOT NULL,
    award_id bigint NOT NULL,
    version integer NOT NULL,
    program_id bigint NOT NULL,
    party_id bigint NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    pay_date date NOT NULL,
    stream text NOT NULL,
    status smallint NOT NULL,
    amount_cents bigint NOT NULL,
    recouped_cents bigint NOT NULL,
    balance_left_cents bigint,
    withheld_cents bigint NOT NULL,
    released_cents bigint NOT NULL,
    forfeited_cents bigint NOT NULL,
    payable_cents bigint NOT NULL,
    delta_cents bigint NOT NULL,
    zero_reason text,
    zero_detail text NOT NULL,
    payable_zero_reason text,
    blocked_reason text,
    missing text NOT NULL,
    notes text NOT NULL,
    explanation text NOT NULL,
    terms_version integer,
    terms_sha256 bytea NOT NULL,
    facts_sha256 bytea NOT NULL,
    hierarchy_sha256 bytea NOT NULL,
    input_sha256 bytea NOT NULL,
    hierarchy_as_of date NOT NULL,
    hierarchy_version bigint NOT NULL,
    known_at timestamp with time zone NOT NULL,
    calculated_at timestamp with time zone NOT NULL,
    CONSTRAINT award_blocked_is_empty CHECK ((((status = 1) = (blocked_reason IS NOT NULL)) AND ((status = 0) OR ((amount_cents = 0) AND (payable_cents = 0) AND (delta_cents = 0))))),
    CONSTRAINT award_facts_sha256_check CHECK ((octet_length(facts_sha256) = 32)),
    CONSTRAINT award_hierarchy_sha256_check CHECK ((octet_length(hierarchy_sha256) = 32)),
    CONSTRAINT award_input_sha256_check CHECK ((octet_length(input_sha256) = 32)),
    CONSTRAINT award_payable CHECK ((payable_cents = ((amount_cents - recouped_cents) - withheld_cents))),
    CONSTRAINT award_payable_zero_has_reason CHECK (((status = 1) OR (payable_cents <> 0) OR (amount_cents = 0) OR (payable_zero_reason IS NOT NULL))),
    CONSTRAINT award_period CHECK ((period_to > period_from)),
    CONSTRAINT award_status_check CHECK ((status = ANY (ARRAY[0, 1]))),
    CONSTRAINT award_stream_check CHECK ((stream <> ''::text)),
    CONSTRAINT award_terms_sha256_check CHECK ((octet_length(terms_sha256) = 32)),
    CONSTRAINT award_version_check CHECK ((version > 0)),
    CONSTRAINT award_zero_has_reason CHECK (((status = 1) OR ((amount_cents = 0) = (zero_reason IS NOT NULL))))
);

ALTER TABLE ONLY performance.award FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.award OWNER TO sluice_owner;

-- Name: award_override; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.award_override (
    contract_id bigint NOT NULL,
    override_id bigint NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    party_id bigint NOT NULL,
    under_id bigint NOT NULL,
    calculated_cents bigint NOT NULL,
    amount_cents bigint NOT NULL,
    reason text NOT NULL,
    author_id bigint NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    CONSTRAINT award_override_author_id_check CHECK ((author_id > 0)),
    CONSTRAINT award_override_override_id_check CHECK ((override_id > 0)),
    CONSTRAINT award_override_period CHECK ((period_to > period_from)),
    CONSTRAINT award_override_reason_check CHECK ((length(reason) >= 10)),
    CONSTRAINT award_override_under_needs_party CHECK (((under_id = 0) OR (party_id <> 0)))
);

ALTER TABLE ONLY performance.award_override FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.award_override OWNER TO sluice_owner;

-- Name: award_override_step; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.award_override_step (
    contract_id bigint NOT NULL,
    override_id bigint NOT NULL,
    sequence smallint NOT NULL,
    step smallint NOT NULL,
    actor_id bigint NOT NULL,
    reason text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT award_override_step_actor_id_check CHECK ((actor_id > 0)),
    CONSTRAINT award_override_step_order CHECK ((((sequence = 1) AND (step = ANY (ARRAY[1, 2, 3]))) OR ((sequence = 2) AND (step = 3)))),
    CONSTRAINT award_override_step_sequence_check CHECK ((sequence = ANY (ARRAY[1, 2]))),
    CONSTRAINT award_override_step_step_check CHECK (((step >= 1) AND (step <= 3)))
);

ALTER TABLE ONLY performance.award_override_step FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.award_override_step OWNER TO sluice_owner;

-- Name: award_split; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.award_split (
    contract_id bigint NOT NULL,
    award_id bigint NOT NULL,
    version integer NOT NULL,
    "position" integer NOT NULL,
    parent_position integer NOT NULL,
    kind smallint NOT NULL,
    node_id bigint NOT NULL,
    party_id bigint NOT NULL,
    label text NOT NULL,
    path text NOT NULL,
    weight text NOT NULL,
    exact text NOT NULL,
    received_cents bigint NOT NULL,
    handed_up_cents bigint NOT NULL,
    amount_cents bigint NOT NULL,
    zero_reason text,
    notes text NOT NULL,
    detail text NOT NULL,
    CONSTRAINT award_split_kind_check CHECK (((kind >= 0) AND (kind <= 3))),
    CONSTRAINT award_split_position_check CHECK (("position" >= 0)),
    CONSTRAINT split_only_pools_hand_up CHECK (((handed_up_cents = 0) OR (kind = 1))),
    CONSTRAINT split_parent CHECK (((parent_position >= '-1'::integer) AND (parent_position < "position"))),
    CONSTRAINT split_zero_has_reason CHECK (((amount_cents = 0) = (zero_reason IS NOT NULL)))
);

ALTER TABLE ONLY performance.award_split FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.award_split OWNER TO sluice_owner;

-- Name: calculation_input; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.calculation_input (
    contract_id bigint NOT NULL,
    award_id bigint NOT NULL,
    award_version integer NOT NULL,
    feed text NOT NULL,
    delivery_id bigint NOT NULL,
    delivery_version integer NOT NULL,
    sha256 bytea NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT calculation_input_delivery_version_check CHECK ((delivery_version > 0)),
    CONSTRAINT calculation_input_sha256_check CHECK ((octet_length(sha256) = 32))
);

ALTER TABLE ONLY performance.calculation_input FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.calculation_input OWNER TO sluice_owner;

-- Name: calculation_package; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.calculation_package (
    contract_id bigint NOT NULL,
    award_id bigint NOT NULL,
    version integer NOT NULL,
    sha256 bytea NOT NULL,
    content text NOT NULL,
    CONSTRAINT calculation_package_sha256_check CHECK ((octet_length(sha256) = 32))
);

ALTER TABLE ONLY performance.calculation_package FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.calculation_package OWNER TO sluice_owner;

-- Name: change_decision; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.change_decision (
    contract_id bigint NOT NULL,
    event_id bigint NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    target_from date NOT NULL,
    target_to date NOT NULL,
    program_id bigint NOT NULL,
    decision smallint NOT NULL,
    reason text NOT NULL,
    recalculation_id bigint,
    rules_version integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    CONSTRAINT change_decision_decision_check CHECK (((decision >= 1) AND (decision <= 5))),
    CONSTRAINT change_decision_queued CHECK (((decision = 1) = (recalculation_id IS NOT NULL))),
    CONSTRAINT change_decision_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT change_decision_rules_version_check CHECK ((rules_version >= 0))
);

ALTER TABLE ONLY performance.change_decision FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.change_decision OWNER TO sluice_owner;

-- Name: change_event; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.change_event (
    payer_id bigint NOT NULL,
    event_id bigint NOT NULL,
    kind smallint NOT NULL,
    source text NOT NULL,
    source_key text NOT NULL,
    contract_id bigint NOT NULL,
    member_id bigint NOT NULL,
    party_id bigint NOT NULL,
    affected_from date NOT NULL,
    affected_to date,
    cause text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    noticed_at timestamp with time zone NOT NULL,
    CONSTRAINT change_event_cause_check CHECK ((cause <> ''::text)),
    CONSTRAINT change_event_event_id_check CHECK ((event_id > 0)),
    CONSTRAINT change_event_kind_check CHECK (((kind >= 1) AND (kind <= 22))),
    CONSTRAINT change_event_range CHECK ((affected_to > affected_from)),
    CONSTRAINT change_event_source_check CHECK ((source <> ''::text)),
    CONSTRAINT change_event_source_key_check CHECK ((source_key <> ''::text))
);

ALTER TABLE ONLY performance.change_event FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.change_event OWNER TO sluice_owner;

-- Name: change_rules; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.change_rules (
    payer_id bigint NOT NULL,
    version integer NOT NULL,
    content text NOT NULL,
    actor text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT change_rules_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT change_rules_content_check CHECK ((content <> ''::text)),
    CONSTRAINT change_rules_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY performance.change_rules FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.change_rules OWNER TO sluice_owner;

-- Name: change_watermark; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.change_watermark (
    payer_id bigint NOT NULL,
    source text NOT NULL,
    seen_until timestamp with time zone NOT NULL,
    seen_version bigint NOT NULL,
    CONSTRAINT change_watermark_seen_version_check CHECK ((seen_version >= 0)),
    CONSTRAINT change_watermark_source_check CHECK ((source <> ''::text))
);

ALTER TABLE ONLY performance.change_watermark FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.change_watermark OWNER TO sluice_owner;

-- Name: contract; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.contract (
    contract_id bigint NOT NULL,
    payer_id bigint NOT NULL,
    program_id bigint NOT NULL,
    party_id bigint NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    CONSTRAINT contract_range CHECK (((effective_to IS NULL) OR (effective_from < effective_to)))
);

ALTER TABLE ONLY performance.contract FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.contract OWNER TO sluice_owner;

-- Name: contract_approval; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.contract_approval (
    contract_id bigint NOT NULL,
    version integer NOT NULL,
    round integer NOT NULL,
    step smallint NOT NULL,
    approved_by bigint NOT NULL,
    delegation_id bigint NOT NULL,
    sha256 bytea NOT NULL,
    comment text NOT NULL,
    warnings text NOT NULL,
    approved_at timestamp with time zone NOT NULL,
    CONSTRAINT contract_approval_sha256_check CHECK ((octet_length(sha256) = 32))
);

ALTER TABLE ONLY performance.contract_approval FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.contract_approval OWNER TO sluice_owner;

-- Name: contract_approver; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.contract_approver (
    contract_id bigint NOT NULL,
    version integer NOT NULL,
    round integer NOT NULL,
    step smallint NOT NULL,
    approver_id bigint NOT NULL,
    CONSTRAINT contract_approver_step_check CHECK ((step > 0))
);

ALTER TABLE ONLY performance.contract_approver FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.contract_approver OWNER TO sluice_owner;

-- Name: contract_date_done; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.contract_date_done (
    contract_id bigint NOT NULL,
    name text NOT NULL,
    covers_from date NOT NULL,
    done_on date NOT NULL,
    actor_id bigint NOT NULL,
    note text NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY performance.contract_date_done FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.contract_date_done OWNER TO sluice_owner;

-- Name: contract_move; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.contract_move (
    contract_id bigint NOT NULL,
    move_number integer NOT NULL,
    version integer NOT NULL,
    from_state smallint NOT NULL,
    to_state smallint NOT NULL,
    effective_on date NOT NULL,
    actor_id bigint NOT NULL,
    reason text NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    CONSTRAINT contract_move_from_state_check CHECK (((from_state >= 0) AND (from_state <= 10))),
    CONSTRAINT contract_move_move_number_check CHECK ((move_number > 0)),
    CONSTRAINT contract_move_moves CHECK ((from_state <> to_state)),
    CONSTRAINT contract_move_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT contract_move_to_state_check CHECK (((to_state >= 1) AND (to_state <= 10)))
);

ALTER TABLE ONLY performance.contract_move FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.contract_move OWNER TO sluice_owner;

-- Name: contract_signature; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.contract_signature (
    contract_id bigint NOT NULL,
    version integer NOT NULL,
    side smallint NOT NULL,
    signer_id bigint NOT NULL,
    signer_name text NOT NULL,
    signer_title text NOT NULL,
    terms_sha256 bytea NOT NULL,
    record_sha256 bytea NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    CONSTRAINT contract_signature_record_sha256_check CHECK ((octet_length(record_sha256) = 32)),
    CONSTRAINT contract_signature_side_check CHECK ((side = ANY (ARRAY[1, 2]))),
    CONSTRAINT contract_signature_signer_name_check CHECK ((signer_name <> ''::text)),
    CONSTRAINT contract_signature_terms_sha256_check CHECK ((octet_length(terms_sha256) = 32))
);

ALTER TABLE ONLY performance.contract_signature FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.contract_signature OWNER TO sluice_owner;

-- Name: contract_template; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.contract_template (
    payer_id bigint NOT NULL,
    template_id bigint NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT contract_template_name_check CHECK ((name <> ''::text)),
    CONSTRAINT contract_template_template_id_check CHECK ((template_id > 0))
);

ALTER TABLE ONLY performance.contract_template FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.contract_template OWNER TO sluice_owner;

-- Name: contract_template_version; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.contract_template_version (
    payer_id bigint NOT NULL,
    template_id bigint NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    content bytea NOT NULL,
    sha256 bytea NOT NULL,
    parameters text NOT NULL,
    source_contract_id bigint NOT NULL,
    source_version integer NOT NULL,
    author_id bigint NOT NULL,
    comment text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT contract_template_version_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT contract_template_version_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY performance.contract_template_version FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.contract_template_version OWNER TO sluice_owner;

-- Name: contract_version; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.contract_version (
    contract_id bigint NOT NULL,
    version integer NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    title text NOT NULL,
    content bytea NOT NULL,
    sha256 bytea NOT NULL,
    template_id bigint NOT NULL,
    template_version integer NOT NULL,
    parameters text NOT NULL,
    author_id bigint NOT NULL,
    comment text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT contract_version_comment_check CHECK ((comment <> ''::text)),
    CONSTRAINT contract_version_range CHECK (((effective_to IS NULL) OR (effective_to > effective_from))),
    CONSTRAINT contract_version_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT contract_version_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY performance.contract_version FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.contract_version OWNER TO sluice_owner;

-- Name: coverage_span; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.coverage_span (
    payer_id bigint NOT NULL,
    member_id bigint NOT NULL,
    line_of_business text NOT NULL,
    product text NOT NULL,
    plan text NOT NULL,
    valid_from date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    batch_id bigint NOT NULL,
    valid_to date,
    withdrawn boolean NOT NULL,
    retro_reason text NOT NULL,
    CONSTRAINT coverage_span_range CHECK ((valid_to > valid_from))
);

ALTER TABLE ONLY performance.coverage_span FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.coverage_span OWNER TO sluice_owner;

-- Name: data_gate; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.data_gate (
    payer_id bigint NOT NULL,
    program_id bigint NOT NULL,
    name text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    feed text NOT NULL,
    kind smallint NOT NULL,
    ratio_limit text NOT NULL,
    count_limit bigint NOT NULL,
    removed boolean NOT NULL,
    CONSTRAINT data_gate_kind_check CHECK (((kind >= 1) AND (kind <= 5))),
    CONSTRAINT data_gate_name_check CHECK ((name ~ '^[a-z][a-z0-9_]{0,39}$'::text))
);

ALTER TABLE ONLY performance.data_gate FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.data_gate OWNER TO sluice_owner;

-- Name: deficit_entry; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.deficit_entry (
    payer_id bigint NOT NULL,
    program_id bigint NOT NULL,
    party_id bigint NOT NULL,
    entry_no integer NOT NULL,
    lot_id bigint NOT NULL,
    kind smallint NOT NULL,
    amount_cents bigint NOT NULL,
    effective_on date NOT NULL,
    opened_on date NOT NULL,
    expires_on date,
    contract_id bigint,
    award_id bigint,
    award_version integer,
    link_id bigint,
    memo text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT deficit_entry_amount_cents_check CHECK ((amount_cents <> 0)),
    CONSTRAINT deficit_entry_entry_no_check CHECK ((entry_no >= 1)),
    CONSTRAINT deficit_entry_expiry CHECK (((expires_on IS NULL) OR (expires_on > opened_on))),
    CONSTRAINT deficit_entry_kind_check CHECK (((kind >= 0) AND (kind <= 5))),
    CONSTRAINT deficit_entry_of_award CHECK ((((award_id IS NULL) = (award_version IS NULL)) AND ((award_id IS NULL) = (contract_id IS NULL)))),
    CONSTRAINT deficit_entry_of_link CHECK (((kind = ANY (ARRAY[4, 5])) = (link_id IS NOT NULL)))
);

ALTER TABLE ONLY performance.deficit_entry FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.deficit_entry OWNER TO sluice_owner;

-- Name: deficit_link; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.deficit_link (
    payer_id bigint NOT NULL,
    link_id bigint NOT NULL,
    program_id bigint NOT NULL,
    from_party_id bigint NOT NULL,
    to_party_id bigint NOT NULL,
    effective_on date NOT NULL,
    evidence text NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT deficit_link_evidence_check CHECK ((evidence <> ''::text)),
    CONSTRAINT deficit_link_moves CHECK ((from_party_id <> to_party_id)),
    CONSTRAINT deficit_link_recorded_by_check CHECK ((recorded_by <> ''::text))
);

ALTER TABLE ONLY performance.deficit_link FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.deficit_link OWNER TO sluice_owner;

-- Name: delta_cause; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.delta_cause (
    contract_id bigint NOT NULL,
    award_id bigint NOT NULL,
    version integer NOT NULL,
    "position" integer NOT NULL,
    amount_cents bigint NOT NULL,
    cause text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT delta_cause_cause_check CHECK ((cause <> ''::text)),
    CONSTRAINT delta_cause_position_check CHECK (("position" >= 0)),
    CONSTRAINT delta_cause_version_check CHECK ((version > 1))
);

ALTER TABLE ONLY performance.delta_cause FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.delta_cause OWNER TO sluice_owner;

-- Name: delta_cause_event; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.delta_cause_event (
    contract_id bigint NOT NULL,
    award_id bigint NOT NULL,
    version integer NOT NULL,
    "position" integer NOT NULL,
    event_id bigint NOT NULL
);

ALTER TABLE ONLY performance.delta_cause_event FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.delta_cause_event OWNER TO sluice_owner;

-- Name: dispute; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.dispute (
    contract_id bigint NOT NULL,
    dispute_id bigint NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    against_version integer NOT NULL,
    window_from timestamp with time zone NOT NULL,
    operation smallint NOT NULL,
    member_id bigint NOT NULL,
    plan text NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    provider_id bigint,
    practice_id bigint,
    location_id bigint,
    reason_code text NOT NULL,
    filer text NOT NULL,
    bulk_id bigint,
    refiled_from bigint,
    provisional_effect_cents bigint,
    filing_days integer NOT NULL,
    decision_days integer NOT NULL,
    silence_accepts boolean NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT dispute_decision_days_check CHECK ((decision_days > 0)),
    CONSTRAINT dispute_filer_check CHECK ((filer <> ''::text)),
    CONSTRAINT dispute_filing_days_check CHECK ((filing_days > 0)),
    CONSTRAINT dispute_operation_check CHECK ((operation = ANY (ARRAY[1, 2, 3]))),
    CONSTRAINT dispute_reason_code_check CHECK ((reason_code <> ''::text))
);

ALTER TABLE ONLY performance.dispute FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.dispute OWNER TO sluice_owner;

-- Name: dispute_award; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.dispute_award (
    contract_id bigint NOT NULL,
    dispute_id bigint NOT NULL,
    award_id bigint NOT NULL,
    award_version integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY performance.dispute_award FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.dispute_award OWNER TO sluice_owner;

-- Name: dispute_event; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.dispute_event (
    contract_id bigint NOT NULL,
    dispute_id bigint NOT NULL,
    sequence integer NOT NULL,
    event smallint NOT NULL,
    state smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    rule text NOT NULL,
    owner text NOT NULL,
    due date,
    list_version integer NOT NULL,
    CONSTRAINT dispute_event_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT dispute_event_event_check CHECK (((event >= 1) AND (event <= 9))),
    CONSTRAINT dispute_event_sequence_check CHECK ((sequence > 0)),
    CONSTRAINT dispute_event_state_check CHECK (((state >= 1) AND (state <= 9)))
);

ALTER TABLE ONLY performance.dispute_event FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.dispute_event OWNER TO sluice_owner;

-- Name: dispute_evidence; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.dispute_evidence (
    contract_id bigint NOT NULL,
    dispute_id bigint NOT NULL,
    sequence integer NOT NULL,
    "position" integer NOT NULL,
    kind text NOT NULL,
    reference text NOT NULL,
    sha256 bytea NOT NULL,
    CONSTRAINT dispute_evidence_kind_check CHECK ((kind <> ''::text)),
    CONSTRAINT dispute_evidence_position_check CHECK (("position" >= 0)),
    CONSTRAINT dispute_evidence_reference_check CHECK ((reference <> ''::text)),
    CONSTRAINT dispute_evidence_sequence_check CHECK ((sequence >= 0)),
    CONSTRAINT dispute_evidence_sha256_check CHECK ((octet_length(sha256) = 32))
);

ALTER TABLE ONLY performance.dispute_evidence FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.dispute_evidence OWNER TO sluice_owner;

-- Name: episode; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.episode (
    contract_id bigint NOT NULL,
    episode_id bigint NOT NULL,
    episode_type text NOT NULL,
    opened_on date NOT NULL,
    patient_name text NOT NULL,
    patient_number text NOT NULL,
    member_id bigint NOT NULL,
    member_number text NOT NULL,
    anchor_claim text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT episode_episode_id_check CHECK ((episode_id > 0)),
    CONSTRAINT episode_episode_type_check CHECK ((episode_type <> ''::text)),
    CONSTRAINT episode_member_id_check CHECK ((member_id > 0)),
    CONSTRAINT episode_member_number_check CHECK ((member_number <> ''::text)),
    CONSTRAINT episode_patient_name_check CHECK ((patient_name <> ''::text)),
    CONSTRAINT episode_patient_number_check CHECK ((patient_number <> ''::text))
);

ALTER TABLE ONLY performance.episode FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.episode OWNER TO sluice_owner;

-- Name: episode_document; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.episode_document (
    contract_id bigint NOT NULL,
    episode_id bigint NOT NULL,
    sha256 bytea NOT NULL,
    name text NOT NULL,
    reference text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    added_by bigint NOT NULL,
    CONSTRAINT episode_document_added_by_check CHECK ((added_by > 0)),
    CONSTRAINT episode_document_name_check CHECK ((name <> ''::text)),
    CONSTRAINT episode_document_reference_check CHECK ((reference <> ''::text)),
    CONSTRAINT episode_document_sha256_check CHECK ((octet_length(sha256) = 32))
);

ALTER TABLE ONLY performance.episode_document FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.episode_document OWNER TO sluice_owner;

-- Name: episode_line; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.episode_line (
    contract_id bigint NOT NULL,
    run_id bigint NOT NULL,
    "position" integer NOT NULL,
    member_id bigint NOT NULL,
    episode_type text NOT NULL,
    cell text NOT NULL,
    anchor_claim text NOT NULL,
    anchor_npi text NOT NULL,
    anchor_from date NOT NULL,
    anchor_to date NOT NULL,
    window_from date NOT NULL,
    window_to date NOT NULL,
    spending text NOT NULL,
    excluded text NOT NULL,
    actual text NOT NULL,
    winsorized text NOT NULL,
    target text NOT NULL,
    result text NOT NULL,
    post_spending text NOT NULL,
    counted boolean NOT NULL,
    overlapped boolean NOT NULL,
    reason text,
    detail text NOT NULL,
    CONSTRAINT episode_line_position_check CHECK (("position" >= 0)),
    CONSTRAINT episode_line_zero_has_reason CHECK (((result = '0'::text) = (reason IS NOT NULL)))
);

ALTER TABLE ONLY performance.episode_line FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.episode_line OWNER TO sluice_owner;

-- Name: episode_posting; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.episode_posting (
    contract_id bigint NOT NULL,
    episode_id bigint NOT NULL,
    round integer NOT NULL,
    party_id bigint NOT NULL,
    due_cents bigint NOT NULL,
    difference_cents bigint NOT NULL,
    posted_at timestamp with time zone NOT NULL,
    posted_by bigint NOT NULL,
    CONSTRAINT episode_posting_posted_by_check CHECK ((posted_by > 0)),
    CONSTRAINT episode_posting_round_check CHECK ((round > 0))
);

ALTER TABLE ONLY performance.episode_posting FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.episode_posting OWNER TO sluice_owner;

-- Name: episode_run; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.episode_run (
    contract_id bigint NOT NULL,
    run_id bigint NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    calculated_at timestamp with time zone NOT NULL,
    lines_sha256 bytea NOT NULL,
    CONSTRAINT episode_run_lines_sha256_check CHECK ((octet_length(lines_sha256) = 32)),
    CONSTRAINT episode_run_period CHECK ((period_from < period_to))
);

ALTER TABLE ONLY performance.episode_run FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.episode_run OWNER TO sluice_owner;

-- Name: episode_service; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.episode_service (
    contract_id bigint NOT NULL,
    run_id bigint NOT NULL,
    "position" integer NOT NULL,
    service integer NOT NULL,
    claim_number text NOT NULL,
    line_number integer NOT NULL,
    service_from date NOT NULL,
    code text NOT NULL,
    amount text NOT NULL,
    counted boolean NOT NULL,
    CONSTRAINT episode_service_service_check CHECK ((service >= 0))
);

ALTER TABLE ONLY performance.episode_service FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.episode_service OWNER TO sluice_owner;

-- Name: episode_status; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.episode_status (
    contract_id bigint NOT NULL,
    episode_id bigint NOT NULL,
    status smallint NOT NULL,
    previous_status smallint,
    changed_at timestamp with time zone NOT NULL,
    changed_by bigint NOT NULL,
    CONSTRAINT episode_status_changed_by_check CHECK ((changed_by > 0)),
    CONSTRAINT episode_status_order CHECK ((NOT (previous_status IS DISTINCT FROM NULLIF((status - 1), 0)))),
    CONSTRAINT episode_status_status_check CHECK (((status >= 1) AND (status <= 5)))
);

ALTER TABLE ONLY performance.episode_status FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.episode_status OWNER TO sluice_owner;

-- Name: episode_type; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.episode_type (
    payer_id bigint NOT NULL,
    code text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    name text NOT NULL,
    active boolean NOT NULL,
    CONSTRAINT episode_type_code_check CHECK ((code ~ '^[A-Za-z0-9_-]{1,20}$'::text)),
    CONSTRAINT episode_type_name_check CHECK ((name <> ''::text))
);

ALTER TABLE ONLY performance.episode_type FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.episode_type OWNER TO sluice_owner;

-- Name: fact; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.fact (
    contract_id bigint NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    party_id bigint NOT NULL,
    under_id bigint NOT NULL,
    name text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    batch_id bigint NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    source text NOT NULL,
    CONSTRAINT fact_kind_check CHECK ((kind = ANY (ARRAY['amount'::text, 'ratio'::text, 'count'::text, 'flag'::text, 'date'::text, 'text'::text, 'measure'::text, 'retracted'::text]))),
    CONSTRAINT fact_name_check CHECK ((name <> ''::text)),
    CONSTRAINT fact_period CHECK ((period_to > period_from)),
    CONSTRAINT fact_under_needs_party CHECK (((under_id = 0) OR (party_id <> 0)))
);

ALTER TABLE ONLY performance.fact FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.fact OWNER TO sluice_owner;

-- Name: feed; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.feed (
    payer_id bigint NOT NULL,
    name text NOT NULL,
    version integer NOT NULL,
    kind smallint NOT NULL,
    owner text NOT NULL,
    mapping text NOT NULL,
    starts_on date NOT NULL,
    interval_days integer NOT NULL,
    grace_days integer NOT NULL,
    least_rows bigint NOT NULL,
    most_rows bigint,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT feed_check CHECK (((grace_days >= 0) AND (grace_days <= interval_days))),
    CONSTRAINT feed_check1 CHECK ((most_rows >= least_rows)),
    CONSTRAINT feed_interval_days_check CHECK ((interval_days > 0)),
    CONSTRAINT feed_kind_check CHECK (((kind >= 1) AND (kind <= 9))),
    CONSTRAINT feed_least_rows_check CHECK ((least_rows >= 0)),
    CONSTRAINT feed_mapping_check CHECK ((mapping <> ''::text)),
    CONSTRAINT feed_name_check CHECK ((name ~ '^[a-z][a-z0-9_]{0,39}$'::text)),
    CONSTRAINT feed_owner_check CHECK ((owner <> ''::text)),
    CONSTRAINT feed_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY performance.feed FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.feed OWNER TO sluice_owner;

-- Name: feed_delivery; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.feed_delivery (
    payer_id bigint NOT NULL,
    delivery_id bigint NOT NULL,
    feed text NOT NULL,
    feed_version integer NOT NULL,
    file_name text NOT NULL,
    sha256 bytea,
    bytes bigint NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    version integer NOT NULL,
    refused_code text,
    refused_reason text,
    rows_in bigint NOT NULL,
    rows_read bigint NOT NULL,
    rows_rejected bigint NOT NULL,
    warnings bigint NOT NULL,
    rows_recorded bigint NOT NULL,
    columns text NOT NULL,
    received_on date NOT NULL,
    received_at timestamp with time zone NOT NULL,
    batch_id bigint NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    CONSTRAINT feed_delivery_adds_up CHECK ((rows_in = (rows_read + rows_rejected))),
    CONSTRAINT feed_delivery_bytes_check CHECK ((bytes >= 0)),
    CONSTRAINT feed_delivery_hashed CHECK (((version = 0) OR (sha256 IS NOT NULL))),
    CONSTRAINT feed_delivery_period CHECK ((period_to > period_from)),
    CONSTRAINT feed_delivery_refused CHECK ((((version = 0) = (refused_code IS NOT NULL)) AND ((version = 0) = (refused_reason IS NOT NULL)))),
    CONSTRAINT feed_delivery_rows_in_check CHECK ((rows_in >= 0)),
    CONSTRAINT feed_delivery_rows_read_check CHECK ((rows_read >= 0)),
    CONSTRAINT feed_delivery_rows_recorded_check CHECK ((rows_recorded >= 0)),
    CONSTRAINT feed_delivery_rows_rejected_check CHECK ((rows_rejected >= 0)),
    CONSTRAINT feed_delivery_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT feed_delivery_version_check CHECK ((version >= 0)),
    CONSTRAINT feed_delivery_warnings_check CHECK ((warnings >= 0))
);

ALTER TABLE ONLY performance.feed_delivery FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.feed_delivery OWNER TO sluice_owner;

-- Name: feed_quarantine; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.feed_quarantine (
    payer_id bigint NOT NULL,
    delivery_id bigint NOT NULL,
    "position" bigint NOT NULL,
    row_number bigint NOT NULL,
    line_number bigint NOT NULL,
    column_name text NOT NULL,
    code text NOT NULL,
    reason text NOT NULL,
    raw text,
    CONSTRAINT feed_quarantine_code_check CHECK ((code <> ''::text)),
    CONSTRAINT feed_quarantine_position_check CHECK (("position" >= 0))
);

ALTER TABLE ONLY performance.feed_quarantine FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.feed_quarantine OWNER TO sluice_owner;

-- Name: gate_check; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.gate_check (
    payer_id bigint NOT NULL,
    program_id bigint NOT NULL,
    check_id bigint NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    gate text NOT NULL,
    feed text NOT NULL,
    passed boolean NOT NULL,
    detail text NOT NULL,
    checked_at timestamp with time zone NOT NULL,
    CONSTRAINT gate_check_detail_check CHECK ((detail <> ''::text)),
    CONSTRAINT gate_check_period CHECK ((period_to > period_from))
);

ALTER TABLE ONLY performance.gate_check FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.gate_check OWNER TO sluice_owner;

-- Name: gate_override; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.gate_override (
    payer_id bigint NOT NULL,
    program_id bigint NOT NULL,
    check_id bigint NOT NULL,
    user_id bigint NOT NULL,
    reason text NOT NULL,
    overridden_at timestamp with time zone NOT NULL,
    CONSTRAINT gate_override_reason_check CHECK ((length(reason) >= 10)),
    CONSTRAINT gate_override_user_id_check CHECK ((user_id > 0))
);

ALTER TABLE ONLY performance.gate_override FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.gate_override OWNER TO sluice_owner;

-- Name: medical_claim; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.medical_claim (
    payer_id bigint NOT NULL,
    claim_number text NOT NULL,
    line_number integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    batch_id bigint NOT NULL,
    member_id bigint NOT NULL,
    kind smallint NOT NULL,
    service_from date NOT NULL,
    service_to date NOT NULL,
    procedure_code text NOT NULL,
    place_of_service text NOT NULL,
    revenue_code text NOT NULL,
    drg text NOT NULL,
    diagnosis_codes text NOT NULL,
    rendering_npi text NOT NULL,
    billing_npi text NOT NULL,
    billing_tin text NOT NULL,
    allowed_cents bigint,
    paid_cents bigint,
    paid_on date,
    status smallint NOT NULL,
    CONSTRAINT medical_claim_billing_npi_check CHECK (((billing_npi = ''::text) OR (billing_npi ~ '^[12][0-9]{9}$'::text))),
    CONSTRAINT medical_claim_billing_tin_check CHECK (((billing_tin = ''::text) OR (billing_tin ~ '^[0-9]{9}$'::text))),
    CONSTRAINT medical_claim_claim_number_check CHECK ((claim_number <> ''::text)),
    CONSTRAINT medical_claim_kind_check CHECK ((kind = ANY (ARRAY[1, 2]))),
    CONSTRAINT medical_claim_line_number_check CHECK ((line_number > 0)),
    CONSTRAINT medical_claim_rendering_npi_check CHECK (((rendering_npi = ''::text) OR (rendering_npi ~ '^[12][0-9]{9}$'::text))),
    CONSTRAINT medical_claim_service CHECK ((service_to >= service_from)),
    CONSTRAINT medical_claim_status_check CHECK ((status = ANY (ARRAY[1, 2, 3])))
);

ALTER TABLE ONLY performance.medical_claim FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.medical_claim OWNER TO sluice_owner;

-- Name: member; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.member (
    payer_id bigint NOT NULL,
    member_id bigint NOT NULL,
    number text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    batch_id bigint NOT NULL,
    CONSTRAINT member_member_id_check CHECK ((member_id > 0)),
    CONSTRAINT member_number_check CHECK (((length(number) >= 1) AND (length(number) <= 80)))
);

ALTER TABLE ONLY performance.member FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.member OWNER TO sluice_owner;

-- Name: member_detail; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.member_detail (
    payer_id bigint NOT NULL,
    member_id bigint NOT NULL,
    valid_from date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    batch_id bigint NOT NULL,
    birth_date date,
    sex smallint NOT NULL,
    death_date date,
    zip text NOT NULL,
    region text NOT NULL,
    CONSTRAINT member_detail_sex_check CHECK ((sex = ANY (ARRAY[0, 1, 2]))),
    CONSTRAINT member_detail_zip_check CHECK (((zip = ''::text) OR (zip ~ '^[0-9]{5}$'::text)))
);

ALTER TABLE ONLY performance.member_detail FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.member_detail OWNER TO sluice_owner;

-- Name: member_measure; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.member_measure (
    contract_id bigint NOT NULL,
    period_from date NOT NULL,
    member_id bigint NOT NULL,
    measure_id text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    met boolean,
    batch_id bigint,
    CONSTRAINT member_measure_measure_id_check CHECK ((measure_id <> ''::text))
);

ALTER TABLE ONLY performance.member_measure FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.member_measure OWNER TO sluice_owner;

-- Name: member_month_line; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.member_month_line (
    contract_id bigint NOT NULL,
    run_number integer NOT NULL,
    block integer NOT NULL,
    first_member_id bigint NOT NULL,
    last_member_id bigint NOT NULL,
    lines integer NOT NULL,
    delta_cents bigint NOT NULL,
    sha256 bytea NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT member_month_line_block_check CHECK ((block >= 0)),
    CONSTRAINT member_month_line_lines_check CHECK ((lines > 0)),
    CONSTRAINT member_month_line_order CHECK ((first_member_id <= last_member_id)),
    CONSTRAINT member_month_line_sha256_check CHECK ((octet_length(sha256) = 32))
);
ALTER TABLE ONLY performance.member_month_line ALTER COLUMN content SET STORAGE EXTERNAL;

ALTER TABLE ONLY performance.member_month_line FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.member_month_line OWNER TO sluice_owner;

-- Name: member_month_run; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.member_month_run (
    contract_id bigint NOT NULL,
    run_number integer NOT NULL,
    run_month date NOT NULL,
    business_date date NOT NULL,
    known_at timestamp with time zone NOT NULL,
    terms_sha256 bytea NOT NULL,
    lines bigint NOT NULL,
    members bigint NOT NULL,
    total_cents bigint NOT NULL,
    lines_sha256 bytea NOT NULL,
    CONSTRAINT member_month_run_lines_check CHECK ((lines >= 0)),
    CONSTRAINT member_month_run_lines_sha256_check CHECK ((octet_length(lines_sha256) = 32)),
    CONSTRAINT member_month_run_members_check CHECK ((members >= 0)),
    CONSTRAINT member_month_run_run_month_check CHECK ((EXTRACT(day FROM run_month) = (1)::numeric)),
    CONSTRAINT member_month_run_run_number_check CHECK ((run_number > 0)),
    CONSTRAINT member_month_run_terms_sha256_check CHECK ((octet_length(terms_sha256) = 32))
);

ALTER TABLE ONLY performance.member_month_run FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.member_month_run OWNER TO sluice_owner;

-- Name: member_year; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.member_year (
    contract_id bigint NOT NULL,
    period_from date NOT NULL,
    member_id bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    attributed_party_id bigint NOT NULL,
    member_months smallint NOT NULL,
    benchmark_cents bigint NOT NULL,
    expenditure_cents bigint NOT NULL,
    CONSTRAINT member_year_benchmark_cents_check CHECK ((benchmark_cents >= 0)),
    CONSTRAINT member_year_member_months_check CHECK (((member_months >= 0) AND (member_months <= 12)))
);

ALTER TABLE ONLY performance.member_year FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.member_year OWNER TO sluice_owner;

-- Name: panel_factor; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.panel_factor (
    contract_id bigint NOT NULL,
    payee_party_id bigint NOT NULL,
    from_month date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    panel_mean_millionths bigint NOT NULL,
    plan_mean_millionths bigint NOT NULL,
    CONSTRAINT panel_factor_from_month_check CHECK ((EXTRACT(day FROM from_month) = (1)::numeric)),
    CONSTRAINT panel_factor_panel_mean_millionths_check CHECK (((panel_mean_millionths >= 1) AND (panel_mean_millionths <= 1000000000))),
    CONSTRAINT panel_factor_plan_mean_millionths_check CHECK (((plan_mean_millionths >= 1) AND (plan_mean_millionths <= 1000000000)))
);

ALTER TABLE ONLY performance.panel_factor FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.panel_factor OWNER TO sluice_owner;

-- Name: panel_premium; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.panel_premium (
    contract_id bigint NOT NULL,
    member_id bigint NOT NULL,
    month date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    premium_cents bigint NOT NULL,
    CONSTRAINT panel_premium_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT panel_premium_premium_cents_check CHECK (((premium_cents >= '-10000000'::integer) AND (premium_cents <= 10000000)))
);

ALTER TABLE ONLY performance.panel_premium FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.panel_premium OWNER TO sluice_owner;

-- Name: panel_span; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.panel_span (
    contract_id bigint NOT NULL,
    member_id bigint NOT NULL,
    span_id bigint NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    payee_party_id bigint NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    birth_date date NOT NULL,
    learned_on date NOT NULL,
    risk_millionths bigint,
    sex smallint NOT NULL,
    reason smallint NOT NULL,
    retracted boolean NOT NULL,
    product text NOT NULL,
    region text NOT NULL,
    tier text NOT NULL,
    CONSTRAINT panel_span_payee_party_id_check CHECK ((payee_party_id <> 0)),
    CONSTRAINT panel_span_range CHECK (((valid_to IS NULL) OR (valid_to > valid_from))),
    CONSTRAINT panel_span_reason_check CHECK (((reason >= 0) AND (reason <= 10))),
    CONSTRAINT panel_span_risk_millionths_check CHECK (((risk_millionths >= 0) AND (risk_millionths <= 1000000000))),
    CONSTRAINT panel_span_sex_check CHECK (((sex >= 0) AND (sex <= 2)))
);

ALTER TABLE ONLY performance.panel_span FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.panel_span OWNER TO sluice_owner;

-- Name: pharmacy_claim; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.pharmacy_claim (
    payer_id bigint NOT NULL,
    claim_number text NOT NULL,
    line_number integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    batch_id bigint NOT NULL,
    member_id bigint NOT NULL,
    dispensed_on date NOT NULL,
    ndc text NOT NULL,
    quantity_thousandths bigint,
    days_supply integer,
    prescriber_npi text NOT NULL,
    pharmacy_npi text NOT NULL,
    allowed_cents bigint,
    paid_cents bigint,
    paid_on date,
    status smallint NOT NULL,
    CONSTRAINT pharmacy_claim_claim_number_check CHECK ((claim_number <> ''::text)),
    CONSTRAINT pharmacy_claim_days_supply_check CHECK ((days_supply >= 0)),
    CONSTRAINT pharmacy_claim_line_number_check CHECK ((line_number > 0)),
    CONSTRAINT pharmacy_claim_pharmacy_npi_check CHECK (((pharmacy_npi = ''::text) OR (pharmacy_npi ~ '^[12][0-9]{9}$'::text))),
    CONSTRAINT pharmacy_claim_prescriber_npi_check CHECK (((prescriber_npi = ''::text) OR (prescriber_npi ~ '^[12][0-9]{9}$'::text))),
    CONSTRAINT pharmacy_claim_status_check CHECK ((status = ANY (ARRAY[1, 2, 3])))
);

ALTER TABLE ONLY performance.pharmacy_claim FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.pharmacy_claim OWNER TO sluice_owner;

-- Name: program; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.program (
    program_id bigint NOT NULL,
    payer_id bigint NOT NULL,
    name text NOT NULL,
    stream text NOT NULL,
    lan_category text NOT NULL,
    book_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT program_name CHECK ((name <> ''::text))
);

ALTER TABLE ONLY performance.program FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.program OWNER TO sluice_owner;

-- Name: provider_choice; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.provider_choice (
    payer_id bigint NOT NULL,
    member_id bigint NOT NULL,
    kind smallint NOT NULL,
    valid_from date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    batch_id bigint NOT NULL,
    valid_to date,
    provider_id bigint NOT NULL,
    practice_id bigint,
    withdrawn boolean NOT NULL,
    CONSTRAINT provider_choice_kind_check CHECK ((kind = ANY (ARRAY[1, 2, 3]))),
    CONSTRAINT provider_choice_range CHECK ((valid_to > valid_from))
);

ALTER TABLE ONLY performance.provider_choice FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.provider_choice OWNER TO sluice_owner;

-- Name: provider_taxonomy; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.provider_taxonomy (
    payer_id bigint NOT NULL,
    npi text NOT NULL,
    taxonomy text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    batch_id bigint NOT NULL,
    withdrawn boolean NOT NULL,
    CONSTRAINT provider_taxonomy_npi_check CHECK ((npi ~ '^[12][0-9]{9}$'::text)),
    CONSTRAINT provider_taxonomy_taxonomy_check CHECK ((taxonomy <> ''::text))
);

ALTER TABLE ONLY performance.provider_taxonomy FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.provider_taxonomy OWNER TO sluice_owner;

-- Name: recalculation; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.recalculation (
    contract_id bigint NOT NULL,
    recalculation_id bigint NOT NULL,
    program_id bigint NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    queued_at timestamp with time zone NOT NULL,
    state smallint NOT NULL,
    worker_id bigint,
    lease_until timestamp with time zone,
    attempts integer NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    new_versions integer NOT NULL,
    delta_cents bigint NOT NULL,
    detail text NOT NULL,
    CONSTRAINT recalculation_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT recalculation_finished CHECK (((state = ANY (ARRAY[2, 3])) = (finished_at IS NOT NULL))),
    CONSTRAINT recalculation_lease CHECK ((((state = 1) = (lease_until IS NOT NULL)) AND ((state <> 1) OR (worker_id IS NOT NULL)))),
    CONSTRAINT recalculation_new_versions_check CHECK ((new_versions >= 0)),
    CONSTRAINT recalculation_period CHECK ((period_to > period_from)),
    CONSTRAINT recalculation_recalculation_id_check CHECK ((recalculation_id > 0)),
    CONSTRAINT recalculation_state_check CHECK (((state >= 0) AND (state <= 3)))
);

ALTER TABLE ONLY performance.recalculation FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.recalculation OWNER TO sluice_owner;

-- Name: risk_acknowledgment; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.risk_acknowledgment (
    contract_id bigint NOT NULL,
    recalibration_id bigint NOT NULL,
    side smallint NOT NULL,
    actor text NOT NULL,
    statement_sha256 bytea NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT risk_acknowledgment_actor_check CHECK ((actor <> ''::text)),
    CONSTRAINT risk_acknowledgment_side_check CHECK ((side = ANY (ARRAY[0, 1]))),
    CONSTRAINT risk_acknowledgment_statement_sha256_check CHECK ((octet_length(statement_sha256) = 32))
);

ALTER TABLE ONLY performance.risk_acknowledgment FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.risk_acknowledgment OWNER TO sluice_owner;

-- Name: risk_application; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.risk_application (
    contract_id bigint NOT NULL,
    recalibration_id bigint NOT NULL,
    facts integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT risk_application_facts_check CHECK ((facts >= 1))
);

ALTER TABLE ONLY performance.risk_application FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.risk_application OWNER TO sluice_owner;

-- Name: risk_recalibration; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.risk_recalibration (
    contract_id bigint NOT NULL,
    recalibration_id bigint NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    model_before text NOT NULL,
    model_after text NOT NULL,
    model_before_sha256 bytea NOT NULL,
    model_after_sha256 bytea NOT NULL,
    restated_facts text NOT NULL,
    statement text NOT NULL,
    statement_sha256 bytea NOT NULL,
    known_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT risk_recalibration_changes CHECK ((model_before_sha256 <> model_after_sha256)),
    CONSTRAINT risk_recalibration_model_after_check CHECK ((model_after <> ''::text)),
    CONSTRAINT risk_recalibration_model_after_sha256_check CHECK ((octet_length(model_after_sha256) = 32)),
    CONSTRAINT risk_recalibration_model_before_check CHECK ((model_before <> ''::text)),
    CONSTRAINT risk_recalibration_model_before_sha256_check CHECK ((octet_length(model_before_sha256) = 32)),
    CONSTRAINT risk_recalibration_period CHECK ((period_to > period_from)),
    CONSTRAINT risk_recalibration_statement_check CHECK ((statement <> ''::text)),
    CONSTRAINT risk_recalibration_statement_sha256_check CHECK ((octet_length(statement_sha256) = 32))
);

ALTER TABLE ONLY performance.risk_recalibration FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.risk_recalibration OWNER TO sluice_owner;

-- Name: risk_score; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.risk_score (
    payer_id bigint NOT NULL,
    member_id bigint NOT NULL,
    model text NOT NULL,
    model_version text NOT NULL,
    period_from date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    batch_id bigint NOT NULL,
    period_to date NOT NULL,
    score_millionths bigint NOT NULL,
    CONSTRAINT risk_score_model_check CHECK ((model <> ''::text)),
    CONSTRAINT risk_score_period CHECK ((period_to > period_from)),
    CONSTRAINT risk_score_score_millionths_check CHECK ((score_millionths >= 0))
);

ALTER TABLE ONLY performance.risk_score FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.risk_score OWNER TO sluice_owner;

-- Name: terms; Type: TABLE; Schema: performance; Owner: sluice_owner

CREATE TABLE performance.terms (
    contract_id bigint NOT NULL,
    version integer NOT NULL,
    state smallint NOT NULL,
    effective_from date NOT NULL,
    effective_to date,
    title text NOT NULL,
    content bytea NOT NULL,
    sha256 bytea NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT terms_range CHECK (((effective_to IS NULL) OR (effective_to > effective_from))),
    CONSTRAINT terms_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT terms_state_check CHECK ((state = ANY (ARRAY[1, 2]))),
    CONSTRAINT terms_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY performance.terms FORCE ROW LEVEL SECURITY;

ALTER TABLE performance.terms OWNER TO sluice_owner;

-- Name: app_user app_user_payer_id_sign_in_name_key; Type: CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.app_user
    ADD CONSTRAINT app_user_payer_id_sign_in_name_key UNIQUE (payer_id, sign_in_name);

-- Name: app_user app_user_pkey; Type: CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.app_user
    ADD CONSTRAINT app_user_pkey PRIMARY KEY (payer_id, user_id);

-- Name: audit_event audit_event_pkey; Type: CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.audit_event
    ADD CONSTRAINT audit_event_pkey PRIMARY KEY (payer_id, event_id);

-- Name: audit_seal audit_seal_payer_id_event_id_key; Type: CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.audit_seal
    ADD CONSTRAINT audit_seal_payer_id_event_id_key UNIQUE (payer_id, event_id);

-- Name: audit_seal audit_seal_payer_id_number_chain_sha256_key; Type: CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.audit_seal
    ADD CONSTRAINT audit_seal_payer_id_number_chain_sha256_key UNIQUE (payer_id, number, chain_sha256);

-- Name: audit_seal audit_seal_pkey; Type: CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.audit_seal
    ADD CONSTRAINT audit_seal_pkey PRIMARY KEY (payer_id, number);

-- Name: lease lease_pkey; Type: CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.lease
    ADD CONSTRAINT lease_pkey PRIMARY KEY (payer_id, name);

-- Name: migration migration_pkey; Type: CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (number);

-- Name: operation operation_pkey; Type: CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.operation
    ADD CONSTRAINT operation_pkey PRIMARY KEY (payer_id, operation_id);

-- Name: payer payer_pkey; Type: CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.payer
    ADD CONSTRAINT payer_pkey PRIMARY KEY (payer_id);

-- Name: payer payer_tin_is_used_once; Type: CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.payer
    ADD CONSTRAINT payer_tin_is_used_once UNIQUE (tin);

-- Name: proposal proposal_pkey; Type: CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.proposal
    ADD CONSTRAINT proposal_pkey PRIMARY KEY (payer_id, action, resource, seq_no);

-- Name: request request_pkey; Type: CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.request
    ADD CONSTRAINT request_pkey PRIMARY KEY (payer_id, principal, operation, request_id);

-- Name: upload upload_pkey; Type: CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.upload
    ADD CONSTRAINT upload_pkey PRIMARY KEY (payer_id, upload_id);

-- Name: user_factor user_factor_pkey; Type: CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.user_factor
    ADD CONSTRAINT user_factor_pkey PRIMARY KEY (payer_id, user_id);

-- Name: user_grant user_grant_pkey; Type: CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.user_grant
    ADD CONSTRAINT user_grant_pkey PRIMARY KEY (payer_id, grant_id);

-- Name: user_password user_password_pkey; Type: CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.user_password
    ADD CONSTRAINT user_password_pkey PRIMARY KEY (payer_id, user_id);

-- Name: user_session user_session_pkey; Type: CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.user_session
    ADD CONSTRAINT user_session_pkey PRIMARY KEY (payer_id, session_sha256);

-- Name: affiliation affiliation_pkey; Type: CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.affiliation
    ADD CONSTRAINT affiliation_pkey PRIMARY KEY (payer_id, parent_id, child_id, role, valid_from, change_number);

-- Name: change change_pkey; Type: CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.change
    ADD CONSTRAINT change_pkey PRIMARY KEY (payer_id, change_number);

-- Name: contact contact_pkey; Type: CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (payer_id, contact_id, revision);

-- Name: head head_pkey; Type: CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.head
    ADD CONSTRAINT head_pkey PRIMARY KEY (payer_id);

-- Name: network_rule network_rule_pkey; Type: CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.network_rule
    ADD CONSTRAINT network_rule_pkey PRIMARY KEY (payer_id, contract_id, rule_number, revision);

-- Name: onboarding_event onboarding_event_pkey; Type: CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.onboarding_event
    ADD CONSTRAINT onboarding_event_pkey PRIMARY KEY (payer_id, party_id, sequence);

-- Name: party_detail party_detail_pkey; Type: CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.party_detail
    ADD CONSTRAINT party_detail_pkey PRIMARY KEY (payer_id, party_id, valid_from, change_number);

-- Name: party_identifier party_identifier_pkey; Type: CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.party_identifier
    ADD CONSTRAINT party_identifier_pkey PRIMARY KEY (payer_id, type, scope, value, valid_from, change_number);

-- Name: party party_payer_id_party_id_key; Type: CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.party
    ADD CONSTRAINT party_payer_id_party_id_key UNIQUE (payer_id, party_id);

-- Name: party party_pkey; Type: CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.party
    ADD CONSTRAINT party_pkey PRIMARY KEY (party_id);

-- Name: roster_import roster_import_pkey; Type: CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.roster_import
    ADD CONSTRAINT roster_import_pkey PRIMARY KEY (payer_id, import_id);

-- Name: roster_reject roster_reject_pkey; Type: CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.roster_reject
    ADD CONSTRAINT roster_reject_pkey PRIMARY KEY (payer_id, import_id, number);

-- Name: account_balance account_balance_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.account_balance
    ADD CONSTRAINT account_balance_pkey PRIMARY KEY (book_id, account_id);

-- Name: account account_book_id_class_owner_key_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.account
    ADD CONSTRAINT account_book_id_class_owner_key_key UNIQUE (book_id, class, owner_key);

-- Name: account_change_notice account_change_notice_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.account_change_notice
    ADD CONSTRAINT account_change_notice_pkey PRIMARY KEY (payer_id, home_book_id, file_id, item_no);

-- Name: account account_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (book_id, account_id);

-- Name: account_test_entry account_test_entry_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.account_test_entry
    ADD CONSTRAINT account_test_entry_pkey PRIMARY KEY (payer_id, file_id, trace);

-- Name: side_file account_test_file_payer_id_name_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.side_file
    ADD CONSTRAINT account_test_file_payer_id_name_key UNIQUE (payer_id, name);

-- Name: side_file account_test_file_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.side_file
    ADD CONSTRAINT account_test_file_pkey PRIMARY KEY (payer_id, file_id);

-- Name: account_test account_test_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.account_test
    ADD CONSTRAINT account_test_pkey PRIMARY KEY (payer_id, test_id);

-- Name: backup_withholding backup_withholding_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.backup_withholding
    ADD CONSTRAINT backup_withholding_pkey PRIMARY KEY (payer_id, payee_id, withholding_id);

-- Name: balance_after balance_after_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.balance_after
    ADD CONSTRAINT balance_after_pkey PRIMARY KEY (book_id, account_id, batch_seq);

-- Name: bank_account_alert bank_account_alert_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_account_alert
    ADD CONSTRAINT bank_account_alert_pkey PRIMARY KEY (payer_id, alert_id);

-- Name: bank_account bank_account_approved; Type: CHECK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.bank_account
    ADD CONSTRAINT bank_account_approved CHECK (((state <> ALL (ARRAY[2, 3])) OR (approved_by IS NOT NULL))) NOT VALID;

-- Name: bank_account_event bank_account_event_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_account_event
    ADD CONSTRAINT bank_account_event_pkey PRIMARY KEY (payer_id, account_id, version, event_no);

-- Name: bank_account bank_account_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_account
    ADD CONSTRAINT bank_account_pkey PRIMARY KEY (payer_id, account_id, version);

-- Name: bank_account_proof bank_account_proof_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_account_proof
    ADD CONSTRAINT bank_account_proof_pkey PRIMARY KEY (payer_id, account_id, version, proof_no);

-- Name: bank_account bank_account_proved; Type: CHECK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.bank_account
    ADD CONSTRAINT bank_account_proved CHECK (((state <> ALL (ARRAY[2, 3])) OR (proof_no IS NOT NULL))) NOT VALID;

-- Name: bank_account_secret bank_account_secret_payer_id_key_id_nonce_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_account_secret
    ADD CONSTRAINT bank_account_secret_payer_id_key_id_nonce_key UNIQUE (payer_id, key_id, nonce);

-- Name: bank_account_secret bank_account_secret_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_account_secret
    ADD CONSTRAINT bank_account_secret_pkey PRIMARY KEY (payer_id, account_id, version, wrap_seq);

-- Name: bank_line bank_line_book_id_journal_id_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_line
    ADD CONSTRAINT bank_line_book_id_journal_id_key UNIQUE (book_id, journal_id);

-- Name: bank_line_match bank_line_match_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_line_match
    ADD CONSTRAINT bank_line_match_pkey PRIMARY KEY (book_id, line_id, match_no);

-- Name: bank_line_owner bank_line_owner_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_line_owner
    ADD CONSTRAINT bank_line_owner_pkey PRIMARY KEY (book_id, line_id, seq_no);

-- Name: bank_line bank_line_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_line
    ADD CONSTRAINT bank_line_pkey PRIMARY KEY (book_id, line_id);

-- Name: bank_statement bank_statement_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_statement
    ADD CONSTRAINT bank_statement_pkey PRIMARY KEY (book_id, bank_account_id, as_of, file_id, item_no);

-- Name: batch batch_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.batch
    ADD CONSTRAINT batch_pkey PRIMARY KEY (book_id, batch_seq);

-- Name: book_head book_head_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.book_head
    ADD CONSTRAINT book_head_pkey PRIMARY KEY (book_id);

-- Name: book book_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.book
    ADD CONSTRAINT book_pkey PRIMARY KEY (book_id);

-- Name: check_choice check_choice_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.check_choice
    ADD CONSTRAINT check_choice_pkey PRIMARY KEY (book_id, run_id, payee_id);

-- Name: check_event check_event_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.check_event
    ADD CONSTRAINT check_event_pkey PRIMARY KEY (book_id, bank_account_id, check_number, event_no);

-- Name: check_issue check_issue_book_id_bank_account_id_previous_number_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.check_issue
    ADD CONSTRAINT check_issue_book_id_bank_account_id_previous_number_key UNIQUE (book_id, bank_account_id, previous_number);

-- Name: check_issue check_issue_book_id_disbursement_id_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.check_issue
    ADD CONSTRAINT check_issue_book_id_disbursement_id_key UNIQUE (book_id, disbursement_id);

-- Name: check_issue check_issue_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.check_issue
    ADD CONSTRAINT check_issue_pkey PRIMARY KEY (book_id, bank_account_id, check_number);

-- Name: check_replacement check_replacement_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.check_replacement
    ADD CONSTRAINT check_replacement_pkey PRIMARY KEY (book_id, bank_account_id, check_number, replaced_account_id, replaced_number);

-- Name: check_stock check_stock_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.check_stock
    ADD CONSTRAINT check_stock_pkey PRIMARY KEY (book_id, bank_account_id, first_number);

-- Name: collected_award collected_award_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.collected_award
    ADD CONSTRAINT collected_award_pkey PRIMARY KEY (book_id, award_id, award_version);

-- Name: cycle cycle_book_id_period_from_period_to_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.cycle
    ADD CONSTRAINT cycle_book_id_period_from_period_to_key UNIQUE (book_id, period_from, period_to);

-- Name: cycle cycle_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.cycle
    ADD CONSTRAINT cycle_pkey PRIMARY KEY (book_id, cycle_id);

-- Name: data_key_current data_key_current_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.data_key_current
    ADD CONSTRAINT data_key_current_pkey PRIMARY KEY (payer_id, purpose);

-- Name: data_key data_key_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.data_key
    ADD CONSTRAINT data_key_pkey PRIMARY KEY (payer_id, key_id);

-- Name: deposit_account deposit_account_payer_id_account_blind_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.deposit_account
    ADD CONSTRAINT deposit_account_payer_id_account_blind_key UNIQUE (payer_id, account_blind);

-- Name: deposit_account deposit_account_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.deposit_account
    ADD CONSTRAINT deposit_account_pkey PRIMARY KEY (payer_id, bank_account_id);

-- Name: disbursement disbursement_book_id_payment_key_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.disbursement
    ADD CONSTRAINT disbursement_book_id_payment_key_key UNIQUE (book_id, payment_key);

-- Name: disbursement disbursement_book_id_run_id_payee_id_rail_account_id_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.disbursement
    ADD CONSTRAINT disbursement_book_id_run_id_payee_id_rail_account_id_key UNIQUE (book_id, run_id, payee_id, rail, account_id);

-- Name: disbursement disbursement_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.disbursement
    ADD CONSTRAINT disbursement_pkey PRIMARY KEY (book_id, disbursement_id);

-- Name: dormancy_rule dormancy_rule_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.dormancy_rule
    ADD CONSTRAINT dormancy_rule_pkey PRIMARY KEY (payer_id, state, valid_from);

-- Name: eft_enrollment_field eft_enrollment_field_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.eft_enrollment_field
    ADD CONSTRAINT eft_enrollment_field_pkey PRIMARY KEY (payer_id, enrollment_id, field);

-- Name: eft_enrollment eft_enrollment_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.eft_enrollment
    ADD CONSTRAINT eft_enrollment_pkey PRIMARY KEY (payer_id, enrollment_id);

-- Name: file_address file_address_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.file_address
    ADD CONSTRAINT file_address_pkey PRIMARY KEY (book_id, file_id);

-- Name: file_entry file_entry_book_id_file_id_trace_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.file_entry
    ADD CONSTRAINT file_entry_book_id_file_id_trace_key UNIQUE (book_id, file_id, trace);

-- Name: file_entry file_entry_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.file_entry
    ADD CONSTRAINT file_entry_pkey PRIMARY KEY (book_id, file_id, disbursement_id);

-- Name: funding_instruction funding_instruction_book_id_line_id_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.funding_instruction
    ADD CONSTRAINT funding_instruction_book_id_line_id_key UNIQUE (book_id, line_id);

-- Name: funding_instruction funding_instruction_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.funding_instruction
    ADD CONSTRAINT funding_instruction_pkey PRIMARY KEY (book_id, instruction_id);

-- Name: inbound_content inbound_content_book_id_sha256_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.inbound_content
    ADD CONSTRAINT inbound_content_book_id_sha256_key UNIQUE (book_id, sha256);

-- Name: inbound_content inbound_content_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.inbound_content
    ADD CONSTRAINT inbound_content_pkey PRIMARY KEY (book_id, file_id);

-- Name: inbound_delivery inbound_delivery_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.inbound_delivery
    ADD CONSTRAINT inbound_delivery_pkey PRIMARY KEY (book_id, file_id, delivery_no);

-- Name: inbound_fault inbound_fault_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.inbound_fault
    ADD CONSTRAINT inbound_fault_pkey PRIMARY KEY (book_id, file_id, fault_no);

-- Name: inbound_file inbound_file_book_id_fingerprint_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.inbound_file
    ADD CONSTRAINT inbound_file_book_id_fingerprint_key UNIQUE (book_id, fingerprint);

-- Name: inbound_file inbound_file_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.inbound_file
    ADD CONSTRAINT inbound_file_pkey PRIMARY KEY (book_id, file_id);

-- Name: inbound_item inbound_item_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.inbound_item
    ADD CONSTRAINT inbound_item_pkey PRIMARY KEY (book_id, file_id, item_no);

-- Name: institution_import institution_import_payer_id_sha256_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.institution_import
    ADD CONSTRAINT institution_import_payer_id_sha256_key UNIQUE (payer_id, sha256);

-- Name: institution_import institution_import_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.institution_import
    ADD CONSTRAINT institution_import_pkey PRIMARY KEY (payer_id, import_id);

-- Name: institution institution_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.institution
    ADD CONSTRAINT institution_pkey PRIMARY KEY (payer_id, import_id, routing_number);

-- Name: journal journal_book_id_batch_seq_ordinal_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.journal
    ADD CONSTRAINT journal_book_id_batch_seq_ordinal_key UNIQUE (book_id, batch_seq, ordinal);

-- Name: journal journal_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY (book_id, journal_id);

-- Name: late_interest late_interest_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.late_interest
    ADD CONSTRAINT late_interest_pkey PRIMARY KEY (book_id, obligation_id);

-- Name: late_interest_terms late_interest_terms_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.late_interest_terms
    ADD CONSTRAINT late_interest_terms_pkey PRIMARY KEY (book_id, contract_id, version);

-- Name: limit_change limit_change_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.limit_change
    ADD CONSTRAINT limit_change_pkey PRIMARY KEY (book_id, batch_seq, ordinal);

-- Name: line_decision line_decision_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.line_decision
    ADD CONSTRAINT line_decision_pkey PRIMARY KEY (book_id, award_id, party_id, under_party_id, role, decision_no);

-- Name: line_split line_split_book_id_split_id_two_people_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.line_split
    ADD CONSTRAINT line_split_book_id_split_id_two_people_key UNIQUE (book_id, split_id, two_people);

-- Name: line_split_part line_split_part_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.line_split_part
    ADD CONSTRAINT line_split_part_pkey PRIMARY KEY (book_id, split_id, part_no);

-- Name: line_split line_split_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.line_split
    ADD CONSTRAINT line_split_pkey PRIMARY KEY (book_id, split_id);

-- Name: number_counter number_counter_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.number_counter
    ADD CONSTRAINT number_counter_pkey PRIMARY KEY (kind, scope);

-- Name: number_range number_range_kind_book_id_file_id_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.number_range
    ADD CONSTRAINT number_range_kind_book_id_file_id_key UNIQUE (kind, book_id, file_id);

-- Name: number_range number_range_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.number_range
    ADD CONSTRAINT number_range_pkey PRIMARY KEY (kind, scope, first_number);

-- Name: obligation obligation_book_id_award_id_award_version_component_positio_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.obligation
    ADD CONSTRAINT obligation_book_id_award_id_award_version_component_positio_key UNIQUE (book_id, award_id, award_version, component, "position");

-- Name: obligation_claim obligation_claim_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.obligation_claim
    ADD CONSTRAINT obligation_claim_pkey PRIMARY KEY (book_id, obligation_id, attempt_no);

-- Name: obligation obligation_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.obligation
    ADD CONSTRAINT obligation_pkey PRIMARY KEY (book_id, obligation_id);

-- Name: offset_plan offset_plan_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.offset_plan
    ADD CONSTRAINT offset_plan_pkey PRIMARY KEY (book_id, payee_id, plan_no);

-- Name: payee_hold payee_hold_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payee_hold
    ADD CONSTRAINT payee_hold_pkey PRIMARY KEY (payer_id, payee_id, hold_id);

-- Name: payee_identity payee_identity_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payee_identity
    ADD CONSTRAINT payee_identity_pkey PRIMARY KEY (payer_id, payee_id, identity_id);

-- Name: payee_notice payee_notice_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payee_notice
    ADD CONSTRAINT payee_notice_pkey PRIMARY KEY (payer_id, notice_id);

-- Name: payee payee_of_party; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payee
    ADD CONSTRAINT payee_of_party UNIQUE (payer_id, party_id, under_party_id, role);

-- Name: payee payee_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payee
    ADD CONSTRAINT payee_pkey PRIMARY KEY (payee_id);

-- Name: payee_tax_form payee_tax_form_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payee_tax_form
    ADD CONSTRAINT payee_tax_form_pkey PRIMARY KEY (payee_id, certified_on);

-- Name: payment_file payment_file_book_id_name_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payment_file
    ADD CONSTRAINT payment_file_book_id_name_key UNIQUE (book_id, name);

-- Name: payment_file payment_file_book_id_run_id_kind_file_no_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payment_file
    ADD CONSTRAINT payment_file_book_id_run_id_kind_file_no_key UNIQUE (book_id, run_id, kind, file_no);

-- Name: payment_file_content payment_file_content_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payment_file_content
    ADD CONSTRAINT payment_file_content_pkey PRIMARY KEY (book_id, file_id);

-- Name: payment_file_event payment_file_event_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payment_file_event
    ADD CONSTRAINT payment_file_event_pkey PRIMARY KEY (book_id, file_id, event_no);

-- Name: payment_file payment_file_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payment_file
    ADD CONSTRAINT payment_file_pkey PRIMARY KEY (book_id, file_id);

-- Name: payment_mark payment_mark_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payment_mark
    ADD CONSTRAINT payment_mark_pkey PRIMARY KEY (book_id, disbursement_id, seq_no);

-- Name: payment_preference_confirmation payment_preference_confirmation_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payment_preference_confirmation
    ADD CONSTRAINT payment_preference_confirmation_pkey PRIMARY KEY (payer_id, preference_id);

-- Name: payment_preference payment_preference_payer_id_preference_id_recorded_by_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payment_preference
    ADD CONSTRAINT payment_preference_payer_id_preference_id_recorded_by_key UNIQUE (payer_id, preference_id, recorded_by);

-- Name: payment_preference payment_preference_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payment_preference
    ADD CONSTRAINT payment_preference_pkey PRIMARY KEY (payer_id, preference_id);

-- Name: payment_rules payment_rules_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payment_rules
    ADD CONSTRAINT payment_rules_pkey PRIMARY KEY (book_id, version);

-- Name: pending_resolution pending_resolution_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.pending_resolution
    ADD CONSTRAINT pending_resolution_pkey PRIMARY KEY (book_id, pending_batch_seq, pending_position);

-- Name: pool pool_book_id_name_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.pool
    ADD CONSTRAINT pool_book_id_name_key UNIQUE (book_id, name);

-- Name: pool pool_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.pool
    ADD CONSTRAINT pool_pkey PRIMARY KEY (book_id, pool_id);

-- Name: pool_transfer pool_transfer_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.pool_transfer
    ADD CONSTRAINT pool_transfer_pkey PRIMARY KEY (book_id, transfer_id);

-- Name: program_tax_box program_tax_box_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.program_tax_box
    ADD CONSTRAINT program_tax_box_pkey PRIMARY KEY (book_id, role, effective_from);

-- Name: recoup_notice recoup_notice_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.recoup_notice
    ADD CONSTRAINT recoup_notice_pkey PRIMARY KEY (book_id, run_id, payee_id);

-- Name: remittance_drop remittance_drop_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.remittance_drop
    ADD CONSTRAINT remittance_drop_pkey PRIMARY KEY (payer_id, payee_id, drop_no);

-- Name: remittance remittance_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.remittance
    ADD CONSTRAINT remittance_pkey PRIMARY KEY (book_id, disbursement_id, file_id);

-- Name: remittance_queue remittance_queue_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.remittance_queue
    ADD CONSTRAINT remittance_queue_pkey PRIMARY KEY (book_id, disbursement_id);

-- Name: return_dispute return_dispute_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.return_dispute
    ADD CONSTRAINT return_dispute_pkey PRIMARY KEY (book_id, disbursement_id, seq_no);

-- Name: returned_payment returned_payment_book_id_file_id_item_no_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.returned_payment
    ADD CONSTRAINT returned_payment_book_id_file_id_item_no_key UNIQUE (book_id, file_id, item_no);

-- Name: returned_payment returned_payment_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.returned_payment
    ADD CONSTRAINT returned_payment_pkey PRIMARY KEY (book_id, disbursement_id);

-- Name: reversal reversal_book_id_line_id_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.reversal
    ADD CONSTRAINT reversal_book_id_line_id_key UNIQUE (book_id, line_id);

-- Name: reversal_entry reversal_entry_book_id_file_id_trace_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.reversal_entry
    ADD CONSTRAINT reversal_entry_book_id_file_id_trace_key UNIQUE (book_id, file_id, trace);

-- Name: reversal_entry reversal_entry_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.reversal_entry
    ADD CONSTRAINT reversal_entry_pkey PRIMARY KEY (book_id, reversal_id);

-- Name: reversal reversal_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.reversal
    ADD CONSTRAINT reversal_pkey PRIMARY KEY (book_id, reversal_id);

-- Name: run_approval run_approval_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run_approval
    ADD CONSTRAINT run_approval_pkey PRIMARY KEY (book_id, run_id, revision, approver_id);

-- Name: run_batch run_batch_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run_batch
    ADD CONSTRAINT run_batch_pkey PRIMARY KEY (book_id, run_id, batch_no);

-- Name: run run_book_id_cycle_id_kind_seq_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run
    ADD CONSTRAINT run_book_id_cycle_id_kind_seq_key UNIQUE (book_id, cycle_id, kind, seq);

-- Name: run_editor run_editor_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run_editor
    ADD CONSTRAINT run_editor_pkey PRIMARY KEY (book_id, run_id, revision, editor_id);

-- Name: run_event run_event_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run_event
    ADD CONSTRAINT run_event_pkey PRIMARY KEY (book_id, run_id, version);

-- Name: run_line run_line_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run_line
    ADD CONSTRAINT run_line_pkey PRIMARY KEY (book_id, run_id, revision, obligation_id);

-- Name: run_payee run_payee_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run_payee
    ADD CONSTRAINT run_payee_pkey PRIMARY KEY (book_id, run_id, revision, payee_id);

-- Name: run run_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (book_id, run_id);

-- Name: run_revision run_revision_book_id_run_id_revision_submitted_by_digest_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run_revision
    ADD CONSTRAINT run_revision_book_id_run_id_revision_submitted_by_digest_key UNIQUE (book_id, run_id, revision, submitted_by, digest);

-- Name: run_revision run_revision_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run_revision
    ADD CONSTRAINT run_revision_pkey PRIMARY KEY (book_id, run_id, revision);

-- Name: run_stop run_stop_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run_stop
    ADD CONSTRAINT run_stop_pkey PRIMARY KEY (book_id, run_id, payee_id, stop_no);

-- Name: screening_decision screening_decision_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.screening_decision
    ADD CONSTRAINT screening_decision_pkey PRIMARY KEY (payer_id, hit_id, decision_no);

-- Name: screening_entry screening_entry_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.screening_entry
    ADD CONSTRAINT screening_entry_pkey PRIMARY KEY (payer_id, list_id, entry_no);

-- Name: screening_hit screening_hit_payer_id_hit_id_found_by_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.screening_hit
    ADD CONSTRAINT screening_hit_payer_id_hit_id_found_by_key UNIQUE (payer_id, hit_id, found_by);

-- Name: screening_hit screening_hit_payer_id_payee_id_source_entry_digest_payee_d_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.screening_hit
    ADD CONSTRAINT screening_hit_payer_id_payee_id_source_entry_digest_payee_d_key UNIQUE (payer_id, payee_id, source, entry_digest, payee_digest);

-- Name: screening_hit screening_hit_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.screening_hit
    ADD CONSTRAINT screening_hit_pkey PRIMARY KEY (payer_id, hit_id);

-- Name: screening_list screening_list_payer_id_source_digest_key; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.screening_list
    ADD CONSTRAINT screening_list_payer_id_source_digest_key UNIQUE (payer_id, source, digest);

-- Name: screening_list screening_list_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.screening_list
    ADD CONSTRAINT screening_list_pkey PRIMARY KEY (payer_id, list_id);

-- Name: screening_name screening_name_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.screening_name
    ADD CONSTRAINT screening_name_pkey PRIMARY KEY (payer_id, list_id, entry_no, name_no);

-- Name: screening_run screening_run_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.screening_run
    ADD CONSTRAINT screening_run_pkey PRIMARY KEY (payer_id, run_id, list_id);

-- Name: tax_parameter tax_parameter_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.tax_parameter
    ADD CONSTRAINT tax_parameter_pkey PRIMARY KEY (effective_from);

-- Name: tin_match tin_match_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.tin_match
    ADD CONSTRAINT tin_match_pkey PRIMARY KEY (payer_id, payee_id, certified_on, checked_on);

-- Name: transfer transfer_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.transfer
    ADD CONSTRAINT transfer_pkey PRIMARY KEY (book_id, batch_seq, "position");

-- Name: unclaimed_event unclaimed_event_pkey; Type: CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.unclaimed_event
    ADD CONSTRAINT unclaimed_event_pkey PRIMARY KEY (book_id, payee_id, seq_no);

-- Name: activity_event activity_event_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.activity_event
    ADD CONSTRAINT activity_event_pkey PRIMARY KEY (contract_id, event_id, recorded_at);

-- Name: activity_line activity_line_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.activity_line
    ADD CONSTRAINT activity_line_pkey PRIMARY KEY (contract_id, run_id, "position");

-- Name: activity_run activity_run_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.activity_run
    ADD CONSTRAINT activity_run_pkey PRIMARY KEY (contract_id, run_id);

-- Name: approval_delegation approval_delegation_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.approval_delegation
    ADD CONSTRAINT approval_delegation_pkey PRIMARY KEY (payer_id, delegation_id, revision);

-- Name: contract_approver approver_once; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_approver
    ADD CONSTRAINT approver_once UNIQUE (contract_id, version, round, approver_id);

-- Name: contract_approval approves_once; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_approval
    ADD CONSTRAINT approves_once UNIQUE (contract_id, version, round, approved_by);

-- Name: attribution_audit attribution_audit_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_audit
    ADD CONSTRAINT attribution_audit_pkey PRIMARY KEY (contract_id, period_from, version, month, batch_id);

-- Name: attribution_entry attribution_entry_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_entry
    ADD CONSTRAINT attribution_entry_pkey PRIMARY KEY (contract_id, period_from, version, member_id, plan, valid_from, recorded_at, batch_id);

-- Name: attribution_finding attribution_finding_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_finding
    ADD CONSTRAINT attribution_finding_pkey PRIMARY KEY (contract_id, period_from, version, month, batch_id, "position");

-- Name: attribution_list attribution_list_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_list
    ADD CONSTRAINT attribution_list_pkey PRIMARY KEY (contract_id, period_from, version);

-- Name: attribution_list_status attribution_list_status_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_list_status
    ADD CONSTRAINT attribution_list_status_pkey PRIMARY KEY (contract_id, period_from, version, status);

-- Name: attribution_method attribution_method_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_method
    ADD CONSTRAINT attribution_method_pkey PRIMARY KEY (contract_id, version);

-- Name: attribution_override attribution_override_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_override
    ADD CONSTRAINT attribution_override_pkey PRIMARY KEY (contract_id, period_from, batch_id);

-- Name: attribution_response attribution_response_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_response
    ADD CONSTRAINT attribution_response_pkey PRIMARY KEY (contract_id, period_from, version, member_id, plan, valid_from, recorded_at, batch_id);

-- Name: attribution_unattributed_member attribution_unattributed_member_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_unattributed_member
    ADD CONSTRAINT attribution_unattributed_member_pkey PRIMARY KEY (contract_id, period_from, batch_id, member_id, month_from);

-- Name: attribution_unattributed attribution_unattributed_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_unattributed
    ADD CONSTRAINT attribution_unattributed_pkey PRIMARY KEY (contract_id, period_from, version, reason);

-- Name: award award_contract_id_period_from_period_to_version_key; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.award
    ADD CONSTRAINT award_contract_id_period_from_period_to_version_key UNIQUE (contract_id, period_from, period_to, version);

-- Name: award_override award_override_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.award_override
    ADD CONSTRAINT award_override_pkey PRIMARY KEY (contract_id, override_id);

-- Name: award_override_step award_override_step_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.award_override_step
    ADD CONSTRAINT award_override_step_pkey PRIMARY KEY (contract_id, override_id, sequence);

-- Name: award award_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.award
    ADD CONSTRAINT award_pkey PRIMARY KEY (contract_id, award_id, version);

-- Name: award_split award_split_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.award_split
    ADD CONSTRAINT award_split_pkey PRIMARY KEY (contract_id, award_id, version, "position");

-- Name: calculation_input calculation_input_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.calculation_input
    ADD CONSTRAINT calculation_input_pkey PRIMARY KEY (contract_id, award_id, award_version, feed, delivery_id);

-- Name: calculation_package calculation_package_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.calculation_package
    ADD CONSTRAINT calculation_package_pkey PRIMARY KEY (contract_id, award_id, version);

-- Name: change_decision change_decision_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.change_decision
    ADD CONSTRAINT change_decision_pkey PRIMARY KEY (contract_id, event_id, period_from, period_to);

-- Name: change_event change_event_once; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.change_event
    ADD CONSTRAINT change_event_once UNIQUE (payer_id, source, source_key);

-- Name: change_event change_event_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.change_event
    ADD CONSTRAINT change_event_pkey PRIMARY KEY (payer_id, event_id);

-- Name: change_rules change_rules_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.change_rules
    ADD CONSTRAINT change_rules_pkey PRIMARY KEY (payer_id, version);

-- Name: change_watermark change_watermark_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.change_watermark
    ADD CONSTRAINT change_watermark_pkey PRIMARY KEY (payer_id, source);

-- Name: contract_approval contract_approval_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_approval
    ADD CONSTRAINT contract_approval_pkey PRIMARY KEY (contract_id, version, round, step);

-- Name: contract_approver contract_approver_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_approver
    ADD CONSTRAINT contract_approver_pkey PRIMARY KEY (contract_id, version, round, step);

-- Name: contract_date_done contract_date_done_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_date_done
    ADD CONSTRAINT contract_date_done_pkey PRIMARY KEY (contract_id, name, covers_from);

-- Name: contract_move contract_move_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_move
    ADD CONSTRAINT contract_move_pkey PRIMARY KEY (contract_id, move_number);

-- Name: contract contract_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract
    ADD CONSTRAINT contract_pkey PRIMARY KEY (contract_id);

-- Name: contract_signature contract_signature_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_signature
    ADD CONSTRAINT contract_signature_pkey PRIMARY KEY (contract_id, version, side);

-- Name: contract_template contract_template_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_template
    ADD CONSTRAINT contract_template_pkey PRIMARY KEY (payer_id, template_id);

-- Name: contract_template_version contract_template_version_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_template_version
    ADD CONSTRAINT contract_template_version_pkey PRIMARY KEY (payer_id, template_id, version);

-- Name: contract_version contract_version_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_version
    ADD CONSTRAINT contract_version_pkey PRIMARY KEY (contract_id, version);

-- Name: coverage_span coverage_span_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.coverage_span
    ADD CONSTRAINT coverage_span_pkey PRIMARY KEY (payer_id, member_id, line_of_business, product, plan, valid_from, recorded_at, batch_id);

-- Name: data_gate data_gate_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.data_gate
    ADD CONSTRAINT data_gate_pkey PRIMARY KEY (payer_id, program_id, name, recorded_at);

-- Name: deficit_entry deficit_entry_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.deficit_entry
    ADD CONSTRAINT deficit_entry_pkey PRIMARY KEY (payer_id, program_id, party_id, entry_no);

-- Name: deficit_link deficit_link_payer_id_program_id_from_party_id_key; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.deficit_link
    ADD CONSTRAINT deficit_link_payer_id_program_id_from_party_id_key UNIQUE (payer_id, program_id, from_party_id);

-- Name: deficit_link deficit_link_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.deficit_link
    ADD CONSTRAINT deficit_link_pkey PRIMARY KEY (payer_id, link_id);

-- Name: delta_cause_event delta_cause_event_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.delta_cause_event
    ADD CONSTRAINT delta_cause_event_pkey PRIMARY KEY (contract_id, award_id, version, "position", event_id);

-- Name: delta_cause delta_cause_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.delta_cause
    ADD CONSTRAINT delta_cause_pkey PRIMARY KEY (contract_id, award_id, version, "position");

-- Name: dispute_award dispute_award_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.dispute_award
    ADD CONSTRAINT dispute_award_pkey PRIMARY KEY (contract_id, dispute_id, award_id, award_version);

-- Name: dispute dispute_contract_id_refiled_from_key; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.dispute
    ADD CONSTRAINT dispute_contract_id_refiled_from_key UNIQUE (contract_id, refiled_from);

-- Name: dispute_event dispute_event_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.dispute_event
    ADD CONSTRAINT dispute_event_pkey PRIMARY KEY (contract_id, dispute_id, sequence);

-- Name: dispute_evidence dispute_evidence_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.dispute_evidence
    ADD CONSTRAINT dispute_evidence_pkey PRIMARY KEY (contract_id, dispute_id, sequence, "position");

-- Name: dispute dispute_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.dispute
    ADD CONSTRAINT dispute_pkey PRIMARY KEY (contract_id, dispute_id);

-- Name: episode_document episode_document_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.episode_document
    ADD CONSTRAINT episode_document_pkey PRIMARY KEY (contract_id, episode_id, sha256);

-- Name: episode_line episode_line_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.episode_line
    ADD CONSTRAINT episode_line_pkey PRIMARY KEY (contract_id, run_id, "position");

-- Name: episode episode_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.episode
    ADD CONSTRAINT episode_pkey PRIMARY KEY (contract_id, episode_id);

-- Name: episode_posting episode_posting_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.episode_posting
    ADD CONSTRAINT episode_posting_pkey PRIMARY KEY (contract_id, episode_id, round, party_id);

-- Name: episode_run episode_run_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.episode_run
    ADD CONSTRAINT episode_run_pkey PRIMARY KEY (contract_id, run_id);

-- Name: episode_service episode_service_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.episode_service
    ADD CONSTRAINT episode_service_pkey PRIMARY KEY (contract_id, run_id, "position", service);

-- Name: episode_status episode_status_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.episode_status
    ADD CONSTRAINT episode_status_pkey PRIMARY KEY (contract_id, episode_id, status);

-- Name: episode_type episode_type_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.episode_type
    ADD CONSTRAINT episode_type_pkey PRIMARY KEY (payer_id, code, recorded_at);

-- Name: fact fact_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.fact
    ADD CONSTRAINT fact_pkey PRIMARY KEY (contract_id, period_from, period_to, party_id, under_id, name, recorded_at, batch_id);

-- Name: feed_delivery feed_delivery_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.feed_delivery
    ADD CONSTRAINT feed_delivery_pkey PRIMARY KEY (payer_id, delivery_id);

-- Name: feed feed_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.feed
    ADD CONSTRAINT feed_pkey PRIMARY KEY (payer_id, name, version);

-- Name: feed_quarantine feed_quarantine_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.feed_quarantine
    ADD CONSTRAINT feed_quarantine_pkey PRIMARY KEY (payer_id, delivery_id, "position");

-- Name: gate_check gate_check_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.gate_check
    ADD CONSTRAINT gate_check_pkey PRIMARY KEY (payer_id, program_id, check_id);

-- Name: gate_override gate_override_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.gate_override
    ADD CONSTRAINT gate_override_pkey PRIMARY KEY (payer_id, program_id, check_id);

-- Name: medical_claim medical_claim_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.medical_claim
    ADD CONSTRAINT medical_claim_pkey PRIMARY KEY (payer_id, claim_number, line_number, recorded_at, batch_id);

-- Name: member_detail member_detail_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.member_detail
    ADD CONSTRAINT member_detail_pkey PRIMARY KEY (payer_id, member_id, valid_from, recorded_at, batch_id);

-- Name: member_measure member_measure_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.member_measure
    ADD CONSTRAINT member_measure_pkey PRIMARY KEY (contract_id, period_from, member_id, measure_id, recorded_at);

-- Name: member_month_line member_month_line_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.member_month_line
    ADD CONSTRAINT member_month_line_pkey PRIMARY KEY (contract_id, run_number, block);

-- Name: member_month_run member_month_run_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.member_month_run
    ADD CONSTRAINT member_month_run_pkey PRIMARY KEY (contract_id, run_number);

-- Name: member member_payer_id_number_key; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.member
    ADD CONSTRAINT member_payer_id_number_key UNIQUE (payer_id, number);

-- Name: member member_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.member
    ADD CONSTRAINT member_pkey PRIMARY KEY (payer_id, member_id);

-- Name: member_year member_year_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.member_year
    ADD CONSTRAINT member_year_pkey PRIMARY KEY (contract_id, period_from, member_id, recorded_at);

-- Name: panel_factor panel_factor_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.panel_factor
    ADD CONSTRAINT panel_factor_pkey PRIMARY KEY (contract_id, payee_party_id, from_month, recorded_at);

-- Name: panel_premium panel_premium_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.panel_premium
    ADD CONSTRAINT panel_premium_pkey PRIMARY KEY (contract_id, member_id, month, recorded_at);

-- Name: panel_span panel_span_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.panel_span
    ADD CONSTRAINT panel_span_pkey PRIMARY KEY (contract_id, member_id, span_id, recorded_at);

-- Name: pharmacy_claim pharmacy_claim_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.pharmacy_claim
    ADD CONSTRAINT pharmacy_claim_pkey PRIMARY KEY (payer_id, claim_number, line_number, recorded_at, batch_id);

-- Name: program program_book_once; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.program
    ADD CONSTRAINT program_book_once UNIQUE (book_id);

-- Name: program program_named_once; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.program
    ADD CONSTRAINT program_named_once UNIQUE (payer_id, name);

-- Name: program program_of_payer; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.program
    ADD CONSTRAINT program_of_payer UNIQUE (payer_id, program_id);

-- Name: program program_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.program
    ADD CONSTRAINT program_pkey PRIMARY KEY (program_id);

-- Name: provider_choice provider_choice_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.provider_choice
    ADD CONSTRAINT provider_choice_pkey PRIMARY KEY (payer_id, member_id, kind, valid_from, recorded_at, batch_id);

-- Name: provider_taxonomy provider_taxonomy_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.provider_taxonomy
    ADD CONSTRAINT provider_taxonomy_pkey PRIMARY KEY (payer_id, npi, taxonomy, recorded_at, batch_id);

-- Name: recalculation recalculation_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.recalculation
    ADD CONSTRAINT recalculation_pkey PRIMARY KEY (contract_id, recalculation_id);

-- Name: risk_acknowledgment risk_acknowledgment_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.risk_acknowledgment
    ADD CONSTRAINT risk_acknowledgment_pkey PRIMARY KEY (contract_id, recalibration_id, side);

-- Name: risk_application risk_application_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.risk_application
    ADD CONSTRAINT risk_application_pkey PRIMARY KEY (contract_id, recalibration_id);

-- Name: risk_recalibration risk_recalibration_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.risk_recalibration
    ADD CONSTRAINT risk_recalibration_pkey PRIMARY KEY (contract_id, recalibration_id);

-- Name: risk_score risk_score_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.risk_score
    ADD CONSTRAINT risk_score_pkey PRIMARY KEY (payer_id, member_id, model, model_version, period_from, recorded_at, batch_id);

-- Name: contract_template template_named_once; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_template
    ADD CONSTRAINT template_named_once UNIQUE (payer_id, name);

-- Name: terms terms_pkey; Type: CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.terms
    ADD CONSTRAINT terms_pkey PRIMARY KEY (contract_id, version);

-- Name: audit_event_by_time; Type: INDEX; Schema: core; Owner: sluice_owner

CREATE INDEX audit_event_by_time ON core.audit_event USING btree (payer_id, recorded_at);

-- Name: operation_one_of_a_job; Type: INDEX; Schema: core; Owner: sluice_owner

CREATE UNIQUE INDEX operation_one_of_a_job ON core.operation USING btree (payer_id, job) WHERE (ended_at IS NULL);

-- Name: user_grant_of_user; Type: INDEX; Schema: core; Owner: sluice_owner

CREATE INDEX user_grant_of_user ON core.user_grant USING btree (payer_id, user_id);

-- Name: user_session_of_user; Type: INDEX; Schema: core; Owner: sluice_owner

CREATE INDEX user_session_of_user ON core.user_session USING btree (payer_id, user_id) WHERE (ended_at IS NULL);

-- Name: affiliation_child; Type: INDEX; Schema: hierarchy; Owner: sluice_owner

CREATE INDEX affiliation_child ON hierarchy.affiliation USING btree (payer_id, child_id);

-- Name: contact_of_party; Type: INDEX; Schema: hierarchy; Owner: sluice_owner

CREATE INDEX contact_of_party ON hierarchy.contact USING btree (payer_id, party_id);

-- Name: party_identifier_party; Type: INDEX; Schema: hierarchy; Owner: sluice_owner

CREATE INDEX party_identifier_party ON hierarchy.party_identifier USING btree (payer_id, party_id);

-- Name: account_change_notice_account; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX account_change_notice_account ON payments.account_change_notice USING btree (payer_id, account_id);

-- Name: account_test_entry_trace; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX account_test_entry_trace ON payments.account_test_entry USING btree (payer_id, trace);

-- Name: account_test_open; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE UNIQUE INDEX account_test_open ON payments.account_test USING btree (payer_id, account_id, version) WHERE (state < 3);

-- Name: backup_withholding_open; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE UNIQUE INDEX backup_withholding_open ON payments.backup_withholding USING btree (payer_id, payee_id) WHERE (ended_from IS NULL);

-- Name: bank_account_active; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE UNIQUE INDEX bank_account_active ON payments.bank_account USING btree (payer_id, payee_id) WHERE (state = 3);

-- Name: bank_account_event_payee; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX bank_account_event_payee ON payments.bank_account_event USING btree (payer_id, payee_id);

-- Name: bank_account_payee; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX bank_account_payee ON payments.bank_account USING btree (payer_id, payee_id);

-- Name: bank_account_proof_payee; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX bank_account_proof_payee ON payments.bank_account_proof USING btree (payer_id, payee_id);

-- Name: bank_account_secret_blind; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX bank_account_secret_blind ON payments.bank_account_secret USING btree (payer_id, blind_index);

-- Name: bank_line_check_fact; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE UNIQUE INDEX bank_line_check_fact ON payments.bank_line USING btree (book_id, bank_account_id, as_of, type_code, direction, amount_cents, bank_reference, customer_reference, occurrence) WHERE (type_code = '475'::text);

-- Name: bank_line_fact; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE UNIQUE INDEX bank_line_fact ON payments.bank_line USING btree (book_id, bank_account_id, as_of, type_code, direction, amount_cents, bank_reference, occurrence) WHERE (type_code <> '475'::text);

-- Name: bank_line_match_check_once; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE UNIQUE INDEX bank_line_match_check_once ON payments.bank_line_match USING btree (book_id, target_id) WHERE (kind = 5);

-- Name: bank_line_match_target; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX bank_line_match_target ON payments.bank_line_match USING btree (book_id, kind, target_id);

-- Name: bank_line_open; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX bank_line_open ON payments.bank_line USING btree (book_id, bank_account_id, state);

-- Name: book_by_payer; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX book_by_payer ON payments.book USING btree (payer_id);

-- Name: book_one_treasury; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE UNIQUE INDEX book_one_treasury ON payments.book USING btree (payer_id) WHERE (kind = 1);

-- Name: check_event_paid_once; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE UNIQUE INDEX check_event_paid_once ON payments.check_event USING btree (book_id, bank_account_id, check_number) WHERE (state = 1);

-- Name: check_issue_open; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX check_issue_open ON payments.check_issue USING btree (book_id, state, issued_on);

-- Name: check_issue_run; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX check_issue_run ON payments.check_issue USING btree (book_id, run_id);

-- Name: disbursement_paid_on; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX disbursement_paid_on ON payments.disbursement USING btree (book_id, effective_date);

-- Name: eft_enrollment_payee; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX eft_enrollment_payee ON payments.eft_enrollment USING btree (payer_id, payee_id);

-- Name: file_entry_trace; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX file_entry_trace ON payments.file_entry USING btree (book_id, trace);

-- Name: funding_instruction_open; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX funding_instruction_open ON payments.funding_instruction USING btree (book_id, state);

-- Name: inbound_item_key; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX inbound_item_key ON payments.inbound_item USING btree (book_id, item_key);

-- Name: inbound_item_open; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX inbound_item_open ON payments.inbound_item USING btree (book_id, state);

-- Name: journal_corrected_once; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE UNIQUE INDEX journal_corrected_once ON payments.journal USING btree (book_id, corrects_journal_id) WHERE ((outcome = 0) AND (corrects_journal_id IS NOT NULL));

-- Name: late_interest_of; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX late_interest_of ON payments.late_interest USING btree (book_id, of_obligation_id);

-- Name: line_split_once; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE UNIQUE INDEX line_split_once ON payments.line_split USING btree (book_id, line_id) WHERE (state <> 2);

-- Name: obligation_claim_disbursement; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX obligation_claim_disbursement ON payments.obligation_claim USING btree (book_id, disbursement_id);

-- Name: obligation_claim_live; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE UNIQUE INDEX obligation_claim_live ON payments.obligation_claim USING btree (book_id, obligation_id) WHERE live;

-- Name: obligation_cycle; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX obligation_cycle ON payments.obligation USING btree (book_id, cycle_id);

-- Name: obligation_open; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX obligation_open ON payments.obligation USING btree (book_id, state) WHERE (state = ANY (ARRAY[0, 1, 2]));

-- Name: payee_notice_account_once; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE UNIQUE INDEX payee_notice_account_once ON payments.payee_notice USING btree (payer_id, kind, account_id, version, channel, address) WHERE (kind = ANY (ARRAY[1, 3]));

-- Name: payee_notice_offset_once; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE UNIQUE INDEX payee_notice_offset_once ON payments.payee_notice USING btree (payer_id, book_id, run_id, payee_id, channel, address) WHERE (kind = 2);

-- Name: payee_notice_open; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX payee_notice_open ON payments.payee_notice USING btree (payer_id, state, notice_id);

-- Name: payment_preference_tin; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX payment_preference_tin ON payments.payment_preference USING btree (payer_id, tin);

-- Name: recoup_notice_payee; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX recoup_notice_payee ON payments.recoup_notice USING btree (book_id, payee_id);

-- Name: remittance_file; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX remittance_file ON payments.remittance USING btree (book_id, file_id);

-- Name: remittance_queue_open; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX remittance_queue_open ON payments.remittance_queue USING btree (book_id, state);

-- Name: remittance_queue_run; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX remittance_queue_run ON payments.remittance_queue USING btree (book_id, run_id);

-- Name: returned_payment_payee; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX returned_payment_payee ON payments.returned_payment USING btree (book_id, payee_id);

-- Name: reversal_entry_trace; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX reversal_entry_trace ON payments.reversal_entry USING btree (book_id, trace);

-- Name: reversal_once; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE UNIQUE INDEX reversal_once ON payments.reversal USING btree (book_id, disbursement_id) WHERE (state <> 6);

-- Name: run_line_payee; Type: INDEX; Schema: payments; Owner: sluice_owner

CREATE INDEX run_line_payee ON payments.run_line USING btree (book_id, run_id, revision, payee_id);

-- Name: activity_event_by_member; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX activity_event_by_member ON performance.activity_event USING btree (member_id, contract_id);

-- Name: activity_event_by_service; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX activity_event_by_service ON performance.activity_event USING btree (contract_id, service_date, recorded_at);

-- Name: activity_event_of_batch; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX activity_event_of_batch ON performance.activity_event USING btree (batch_id, contract_id);

-- Name: activity_event_recorded; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX activity_event_recorded ON performance.activity_event USING brin (recorded_at);

-- Name: activity_run_of_period; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX activity_run_of_period ON performance.activity_run USING btree (contract_id, period_from, period_to, run_id);

-- Name: attribution_entry_of_member; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX attribution_entry_of_member ON performance.attribution_entry USING btree (member_id, contract_id);

-- Name: attribution_entry_recorded; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX attribution_entry_recorded ON performance.attribution_entry USING brin (recorded_at);

-- Name: award_of_program; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX award_of_program ON performance.award USING btree (contract_id, program_id, period_from, period_to, version);

-- Name: change_decision_of_target; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX change_decision_of_target ON performance.change_decision USING btree (contract_id, target_from, target_to, recorded_at);

-- Name: change_event_recorded; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX change_event_recorded ON performance.change_event USING btree (payer_id, recorded_at, event_id);

-- Name: contract_by_payer; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX contract_by_payer ON performance.contract USING btree (payer_id);

-- Name: contract_by_program; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX contract_by_program ON performance.contract USING btree (program_id);

-- Name: coverage_span_recorded; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX coverage_span_recorded ON performance.coverage_span USING brin (recorded_at);

-- Name: delta_cause_of_event; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX delta_cause_of_event ON performance.delta_cause_event USING btree (contract_id, event_id);

-- Name: dispute_award_of_award; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX dispute_award_of_award ON performance.dispute_award USING btree (contract_id, award_id, award_version);

-- Name: dispute_of_list; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX dispute_of_list ON performance.dispute USING btree (contract_id, period_from);

-- Name: episode_by_day; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX episode_by_day ON performance.episode USING btree (contract_id, opened_on, episode_id);

-- Name: episode_line_of_claim; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX episode_line_of_claim ON performance.episode_line USING btree (contract_id, member_id, anchor_claim, run_id);

-- Name: fact_of_batch; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX fact_of_batch ON performance.fact USING btree (batch_id, contract_id);

-- Name: fact_recorded; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX fact_recorded ON performance.fact USING brin (recorded_at);

-- Name: feed_delivery_content; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX feed_delivery_content ON performance.feed_delivery USING btree (payer_id, feed, sha256);

-- Name: feed_delivery_version; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE UNIQUE INDEX feed_delivery_version ON performance.feed_delivery USING btree (payer_id, feed, period_from, period_to, version) WHERE (version > 0);

-- Name: gate_check_of_period; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX gate_check_of_period ON performance.gate_check USING btree (payer_id, program_id, period_from, period_to, checked_at);

-- Name: medical_claim_of_member; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX medical_claim_of_member ON performance.medical_claim USING btree (payer_id, member_id, service_from);

-- Name: medical_claim_recorded; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX medical_claim_recorded ON performance.medical_claim USING brin (recorded_at);

-- Name: member_detail_recorded; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX member_detail_recorded ON performance.member_detail USING brin (recorded_at);

-- Name: member_measure_of_batch; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX member_measure_of_batch ON performance.member_measure USING btree (batch_id) WHERE (batch_id IS NOT NULL);

-- Name: member_measure_recorded; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX member_measure_recorded ON performance.member_measure USING brin (recorded_at);

-- Name: panel_premium_recorded; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX panel_premium_recorded ON performance.panel_premium USING brin (recorded_at);

-- Name: panel_span_recorded; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX panel_span_recorded ON performance.panel_span USING brin (recorded_at);

-- Name: pharmacy_claim_of_member; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX pharmacy_claim_of_member ON performance.pharmacy_claim USING btree (payer_id, member_id, dispensed_on);

-- Name: pharmacy_claim_recorded; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX pharmacy_claim_recorded ON performance.pharmacy_claim USING brin (recorded_at);

-- Name: provider_choice_recorded; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX provider_choice_recorded ON performance.provider_choice USING brin (recorded_at);

-- Name: recalculation_of_period; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX recalculation_of_period ON performance.recalculation USING btree (contract_id, period_from, period_to, started_at);

-- Name: recalculation_open; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX recalculation_open ON performance.recalculation USING btree (state, queued_at) WHERE (state = ANY (ARRAY[0, 1]));

-- Name: recalculation_queued_once; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE UNIQUE INDEX recalculation_queued_once ON performance.recalculation USING btree (contract_id, period_from, period_to) WHERE (state = 0);

-- Name: risk_score_recorded; Type: INDEX; Schema: performance; Owner: sluice_owner

CREATE INDEX risk_score_recorded ON performance.risk_score USING brin (recorded_at);

-- Name: audit_event append_only; Type: TRIGGER; Schema: core; Owner: sluice_owner

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON core.audit_event FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_audit_change();

-- Name: audit_seal append_only; Type: TRIGGER; Schema: core; Owner: sluice_owner

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON core.audit_seal FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_audit_change();

-- Name: account append_only; Type: TRIGGER; Schema: payments; Owner: sluice_owner

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.account FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_ledger_change();

-- Name: balance_after append_only; Type: TRIGGER; Schema: payments; Owner: sluice_owner

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.balance_after FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_ledger_change();

-- Name: batch append_only; Type: TRIGGER; Schema: payments; Owner: sluice_owner

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.batch FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_ledger_change();

-- Name: journal append_only; Type: TRIGGER; Schema: payments; Owner: sluice_owner

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.journal FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_ledger_change();

-- Name: limit_change append_only; Type: TRIGGER; Schema: payments; Owner: sluice_owner

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.limit_change FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_ledger_change();

-- Name: pending_resolution append_only; Type: TRIGGER; Schema: payments; Owner: sluice_owner

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.pending_resolution FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_ledger_change();

-- Name: transfer append_only; Type: TRIGGER; Schema: payments; Owner: sluice_owner

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON payments.transfer FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_ledger_change();

-- Name: bank_account_secret bank_account_secret_append_only; Type: TRIGGER; Schema: payments; Owner: sluice_owner

CREATE TRIGGER bank_account_secret_append_only BEFORE DELETE OR UPDATE ON payments.bank_account_secret FOR EACH ROW EXECUTE FUNCTION payments.refuse_secret_change();

-- Name: account_balance never_removed; Type: TRIGGER; Schema: payments; Owner: sluice_owner

CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON payments.account_balance FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_ledger_change();

-- Name: book_head never_removed; Type: TRIGGER; Schema: payments; Owner: sluice_owner

CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON payments.book_head FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_ledger_change();

-- Name: run_approval run_approval_not_by_editor; Type: TRIGGER; Schema: payments; Owner: sluice_owner

CREATE TRIGGER run_approval_not_by_editor BEFORE INSERT ON payments.run_approval FOR EACH ROW EXECUTE FUNCTION payments.refuse_editor_approval();

-- Name: app_user app_user_payer_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.app_user
    ADD CONSTRAINT app_user_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: audit_seal audit_seal_payer_id_event_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.audit_seal
    ADD CONSTRAINT audit_seal_payer_id_event_id_fkey FOREIGN KEY (payer_id, event_id) REFERENCES core.audit_event(payer_id, event_id);

-- Name: audit_seal audit_seal_payer_id_previous_number_previous_sha256_fkey; Type: FK CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.audit_seal
    ADD CONSTRAINT audit_seal_payer_id_previous_number_previous_sha256_fkey FOREIGN KEY (payer_id, previous_number, previous_sha256) REFERENCES core.audit_seal(payer_id, number, chain_sha256);

-- Name: lease lease_payer_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.lease
    ADD CONSTRAINT lease_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: operation operation_payer_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.operation
    ADD CONSTRAINT operation_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: request request_payer_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.request
    ADD CONSTRAINT request_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: upload upload_payer_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.upload
    ADD CONSTRAINT upload_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: user_factor user_factor_payer_id_user_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.user_factor
    ADD CONSTRAINT user_factor_payer_id_user_id_fkey FOREIGN KEY (payer_id, user_id) REFERENCES core.app_user(payer_id, user_id);

-- Name: user_grant user_grant_payer_id_user_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.user_grant
    ADD CONSTRAINT user_grant_payer_id_user_id_fkey FOREIGN KEY (payer_id, user_id) REFERENCES core.app_user(payer_id, user_id);

-- Name: user_password user_password_payer_id_user_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.user_password
    ADD CONSTRAINT user_password_payer_id_user_id_fkey FOREIGN KEY (payer_id, user_id) REFERENCES core.app_user(payer_id, user_id);

-- Name: user_session user_session_payer_id_user_id_fkey; Type: FK CONSTRAINT; Schema: core; Owner: sluice_owner

ALTER TABLE ONLY core.user_session
    ADD CONSTRAINT user_session_payer_id_user_id_fkey FOREIGN KEY (payer_id, user_id) REFERENCES core.app_user(payer_id, user_id);

-- Name: affiliation affiliation_payer_id_change_number_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.affiliation
    ADD CONSTRAINT affiliation_payer_id_change_number_fkey FOREIGN KEY (payer_id, change_number) REFERENCES hierarchy.change(payer_id, change_number);

-- Name: affiliation affiliation_payer_id_child_id_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.affiliation
    ADD CONSTRAINT affiliation_payer_id_child_id_fkey FOREIGN KEY (payer_id, child_id) REFERENCES hierarchy.party(payer_id, party_id);

-- Name: affiliation affiliation_payer_id_parent_id_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.affiliation
    ADD CONSTRAINT affiliation_payer_id_parent_id_fkey FOREIGN KEY (payer_id, parent_id) REFERENCES hierarchy.party(payer_id, party_id);

-- Name: change change_payer_id_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.change
    ADD CONSTRAINT change_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: contact contact_payer_id_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.contact
    ADD CONSTRAINT contact_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: contact contact_payer_id_party_id_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.contact
    ADD CONSTRAINT contact_payer_id_party_id_fkey FOREIGN KEY (payer_id, party_id) REFERENCES hierarchy.party(payer_id, party_id);

-- Name: head head_payer_id_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.head
    ADD CONSTRAINT head_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: network_rule network_rule_contract_id_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.network_rule
    ADD CONSTRAINT network_rule_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: network_rule network_rule_payer_id_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.network_rule
    ADD CONSTRAINT network_rule_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: network_rule network_rule_payer_id_party_id_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.network_rule
    ADD CONSTRAINT network_rule_payer_id_party_id_fkey FOREIGN KEY (payer_id, party_id) REFERENCES hierarchy.party(payer_id, party_id);

-- Name: onboarding_event onboarding_event_payer_id_party_id_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.onboarding_event
    ADD CONSTRAINT onboarding_event_payer_id_party_id_fkey FOREIGN KEY (payer_id, party_id) REFERENCES hierarchy.party(payer_id, party_id);

-- Name: party_detail party_detail_payer_id_change_number_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.party_detail
    ADD CONSTRAINT party_detail_payer_id_change_number_fkey FOREIGN KEY (payer_id, change_number) REFERENCES hierarchy.change(payer_id, change_number);

-- Name: party_detail party_detail_payer_id_party_id_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.party_detail
    ADD CONSTRAINT party_detail_payer_id_party_id_fkey FOREIGN KEY (payer_id, party_id) REFERENCES hierarchy.party(payer_id, party_id);

-- Name: party_identifier party_identifier_payer_id_change_number_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.party_identifier
    ADD CONSTRAINT party_identifier_payer_id_change_number_fkey FOREIGN KEY (payer_id, change_number) REFERENCES hierarchy.change(payer_id, change_number);

-- Name: party_identifier party_identifier_payer_id_party_id_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.party_identifier
    ADD CONSTRAINT party_identifier_payer_id_party_id_fkey FOREIGN KEY (payer_id, party_id) REFERENCES hierarchy.party(payer_id, party_id);

-- Name: party party_payer_id_change_number_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.party
    ADD CONSTRAINT party_payer_id_change_number_fkey FOREIGN KEY (payer_id, change_number) REFERENCES hierarchy.change(payer_id, change_number);

-- Name: roster_import roster_import_payer_id_change_number_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.roster_import
    ADD CONSTRAINT roster_import_payer_id_change_number_fkey FOREIGN KEY (payer_id, change_number) REFERENCES hierarchy.change(payer_id, change_number);

-- Name: roster_import roster_import_payer_id_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.roster_import
    ADD CONSTRAINT roster_import_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: roster_reject roster_reject_payer_id_import_id_fkey; Type: FK CONSTRAINT; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE ONLY hierarchy.roster_reject
    ADD CONSTRAINT roster_reject_payer_id_import_id_fkey FOREIGN KEY (payer_id, import_id) REFERENCES hierarchy.roster_import(payer_id, import_id);

-- Name: account_balance account_balance_book_id_account_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.account_balance
    ADD CONSTRAINT account_balance_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES payments.account(book_id, account_id);

-- Name: account_test_entry account_test_entry_payer_id_file_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.account_test_entry
    ADD CONSTRAINT account_test_entry_payer_id_file_id_fkey FOREIGN KEY (payer_id, file_id) REFERENCES payments.side_file(payer_id, file_id);

-- Name: account_test_entry account_test_entry_payer_id_test_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.account_test_entry
    ADD CONSTRAINT account_test_entry_payer_id_test_id_fkey FOREIGN KEY (payer_id, test_id) REFERENCES payments.account_test(payer_id, test_id);

-- Name: side_file account_test_file_book_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.side_file
    ADD CONSTRAINT account_test_file_book_id_fkey FOREIGN KEY (book_id) REFERENCES payments.book(book_id);

-- Name: account_test account_test_payee_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.account_test
    ADD CONSTRAINT account_test_payee_id_fkey FOREIGN KEY (payee_id) REFERENCES payments.payee(payee_id);

-- Name: account_test account_test_payer_id_account_id_version_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.account_test
    ADD CONSTRAINT account_test_payer_id_account_id_version_fkey FOREIGN KEY (payer_id, account_id, version) REFERENCES payments.bank_account(payer_id, account_id, version);

-- Name: account_test account_test_payer_id_file_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.account_test
    ADD CONSTRAINT account_test_payer_id_file_id_fkey FOREIGN KEY (payer_id, file_id) REFERENCES payments.side_file(payer_id, file_id);

-- Name: backup_withholding backup_withholding_payee_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.backup_withholding
    ADD CONSTRAINT backup_withholding_payee_id_fkey FOREIGN KEY (payee_id) REFERENCES payments.payee(payee_id);

-- Name: balance_after balance_after_book_id_account_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.balance_after
    ADD CONSTRAINT balance_after_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES payments.account(book_id, account_id);

-- Name: balance_after balance_after_book_id_batch_seq_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.balance_after
    ADD CONSTRAINT balance_after_book_id_batch_seq_fkey FOREIGN KEY (book_id, batch_seq) REFERENCES payments.batch(book_id, batch_seq);

-- Name: bank_account_alert bank_account_alert_payee_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_account_alert
    ADD CONSTRAINT bank_account_alert_payee_id_fkey FOREIGN KEY (payee_id) REFERENCES payments.payee(payee_id);

-- Name: bank_account_alert bank_account_alert_payer_id_account_id_version_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_account_alert
    ADD CONSTRAINT bank_account_alert_payer_id_account_id_version_fkey FOREIGN KEY (payer_id, account_id, version) REFERENCES payments.bank_account(payer_id, account_id, version);

-- Name: bank_account_event bank_account_event_payer_id_account_id_version_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_account_event
    ADD CONSTRAINT bank_account_event_payer_id_account_id_version_fkey FOREIGN KEY (payer_id, account_id, version) REFERENCES payments.bank_account(payer_id, account_id, version);

-- Name: bank_account bank_account_payee_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_account
    ADD CONSTRAINT bank_account_payee_id_fkey FOREIGN KEY (payee_id) REFERENCES payments.payee(payee_id);

-- Name: bank_account bank_account_proof_of; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_account
    ADD CONSTRAINT bank_account_proof_of FOREIGN KEY (payer_id, account_id, version, proof_no) REFERENCES payments.bank_account_proof(payer_id, account_id, version, proof_no);

-- Name: bank_account_proof bank_account_proof_payee_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_account_proof
    ADD CONSTRAINT bank_account_proof_payee_id_fkey FOREIGN KEY (payee_id) REFERENCES payments.payee(payee_id);

-- Name: bank_account_proof bank_account_proof_payer_id_account_id_version_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_account_proof
    ADD CONSTRAINT bank_account_proof_payer_id_account_id_version_fkey FOREIGN KEY (payer_id, account_id, version) REFERENCES payments.bank_account(payer_id, account_id, version);

-- Name: bank_account_secret bank_account_secret_payer_id_account_id_version_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_account_secret
    ADD CONSTRAINT bank_account_secret_payer_id_account_id_version_fkey FOREIGN KEY (payer_id, account_id, version) REFERENCES payments.bank_account(payer_id, account_id, version);

-- Name: bank_account_secret bank_account_secret_payer_id_key_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_account_secret
    ADD CONSTRAINT bank_account_secret_payer_id_key_id_fkey FOREIGN KEY (payer_id, key_id) REFERENCES payments.data_key(payer_id, key_id);

-- Name: bank_line_match bank_line_match_book_id_line_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_line_match
    ADD CONSTRAINT bank_line_match_book_id_line_id_fkey FOREIGN KEY (book_id, line_id) REFERENCES payments.bank_line(book_id, line_id);

-- Name: bank_line_owner bank_line_owner_book_id_line_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.bank_line_owner
    ADD CONSTRAINT bank_line_owner_book_id_line_id_fkey FOREIGN KEY (book_id, line_id) REFERENCES payments.bank_line(book_id, line_id);

-- Name: book_head book_head_book_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.book_head
    ADD CONSTRAINT book_head_book_id_fkey FOREIGN KEY (book_id) REFERENCES payments.book(book_id);

-- Name: book book_payer_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.book
    ADD CONSTRAINT book_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: book book_program; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.book
    ADD CONSTRAINT book_program FOREIGN KEY (payer_id, program_id) REFERENCES performance.program(payer_id, program_id);

-- Name: check_choice check_choice_book_id_run_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.check_choice
    ADD CONSTRAINT check_choice_book_id_run_id_fkey FOREIGN KEY (book_id, run_id) REFERENCES payments.run(book_id, run_id);

-- Name: check_event check_event_book_id_bank_account_id_check_number_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.check_event
    ADD CONSTRAINT check_event_book_id_bank_account_id_check_number_fkey FOREIGN KEY (book_id, bank_account_id, check_number) REFERENCES payments.check_issue(book_id, bank_account_id, check_number);

-- Name: check_issue check_issue_book_id_bank_account_id_previous_number_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.check_issue
    ADD CONSTRAINT check_issue_book_id_bank_account_id_previous_number_fkey FOREIGN KEY (book_id, bank_account_id, previous_number) REFERENCES payments.check_issue(book_id, bank_account_id, check_number);

-- Name: check_issue check_issue_book_id_bank_account_id_stock_first_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.check_issue
    ADD CONSTRAINT check_issue_book_id_bank_account_id_stock_first_fkey FOREIGN KEY (book_id, bank_account_id, stock_first) REFERENCES payments.check_stock(book_id, bank_account_id, first_number);

-- Name: check_issue check_issue_book_id_disbursement_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.check_issue
    ADD CONSTRAINT check_issue_book_id_disbursement_id_fkey FOREIGN KEY (book_id, disbursement_id) REFERENCES payments.disbursement(book_id, disbursement_id);

-- Name: check_issue check_issue_book_id_file_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.check_issue
    ADD CONSTRAINT check_issue_book_id_file_id_fkey FOREIGN KEY (book_id, file_id) REFERENCES payments.payment_file(book_id, file_id);

-- Name: check_issue check_issue_book_id_void_file_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.check_issue
    ADD CONSTRAINT check_issue_book_id_void_file_id_fkey FOREIGN KEY (book_id, void_file_id) REFERENCES payments.payment_file(book_id, file_id);

-- Name: check_replacement check_replacement_book_id_bank_account_id_check_number_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.check_replacement
    ADD CONSTRAINT check_replacement_book_id_bank_account_id_check_number_fkey FOREIGN KEY (book_id, bank_account_id, check_number) REFERENCES payments.check_issue(book_id, bank_account_id, check_number);

-- Name: check_replacement check_replacement_book_id_replaced_account_id_replaced_num_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.check_replacement
    ADD CONSTRAINT check_replacement_book_id_replaced_account_id_replaced_num_fkey FOREIGN KEY (book_id, replaced_account_id, replaced_number) REFERENCES payments.check_issue(book_id, bank_account_id, check_number);

-- Name: collected_award collected_award_book_id_cycle_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.collected_award
    ADD CONSTRAINT collected_award_book_id_cycle_id_fkey FOREIGN KEY (book_id, cycle_id) REFERENCES payments.cycle(book_id, cycle_id);

-- Name: cycle cycle_book_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.cycle
    ADD CONSTRAINT cycle_book_id_fkey FOREIGN KEY (book_id) REFERENCES payments.book(book_id);

-- Name: cycle cycle_program_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.cycle
    ADD CONSTRAINT cycle_program_id_fkey FOREIGN KEY (program_id) REFERENCES performance.program(program_id);

-- Name: data_key_current data_key_current_payer_id_key_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.data_key_current
    ADD CONSTRAINT data_key_current_payer_id_key_id_fkey FOREIGN KEY (payer_id, key_id) REFERENCES payments.data_key(payer_id, key_id);

-- Name: deposit_account deposit_account_book_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.deposit_account
    ADD CONSTRAINT deposit_account_book_id_fkey FOREIGN KEY (book_id) REFERENCES payments.book(book_id);

-- Name: disbursement disbursement_book_id_run_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.disbursement
    ADD CONSTRAINT disbursement_book_id_run_id_fkey FOREIGN KEY (book_id, run_id) REFERENCES payments.run(book_id, run_id);

-- Name: eft_enrollment_field eft_enrollment_field_payer_id_enrollment_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.eft_enrollment_field
    ADD CONSTRAINT eft_enrollment_field_payer_id_enrollment_id_fkey FOREIGN KEY (payer_id, enrollment_id) REFERENCES payments.eft_enrollment(payer_id, enrollment_id);

-- Name: eft_enrollment eft_enrollment_payee_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.eft_enrollment
    ADD CONSTRAINT eft_enrollment_payee_id_fkey FOREIGN KEY (payee_id) REFERENCES payments.payee(payee_id);

-- Name: eft_enrollment eft_enrollment_payer_id_account_id_version_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.eft_enrollment
    ADD CONSTRAINT eft_enrollment_payer_id_account_id_version_fkey FOREIGN KEY (payer_id, account_id, version) REFERENCES payments.bank_account(payer_id, account_id, version);

-- Name: file_address file_address_book_id_file_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.file_address
    ADD CONSTRAINT file_address_book_id_file_id_fkey FOREIGN KEY (book_id, file_id) REFERENCES payments.payment_file(book_id, file_id);

-- Name: file_entry file_entry_book_id_disbursement_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.file_entry
    ADD CONSTRAINT file_entry_book_id_disbursement_id_fkey FOREIGN KEY (book_id, disbursement_id) REFERENCES payments.disbursement(book_id, disbursement_id);

-- Name: file_entry file_entry_book_id_file_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.file_entry
    ADD CONSTRAINT file_entry_book_id_file_id_fkey FOREIGN KEY (book_id, file_id) REFERENCES payments.payment_file(book_id, file_id);

-- Name: funding_instruction funding_instruction_book_id_line_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.funding_instruction
    ADD CONSTRAINT funding_instruction_book_id_line_id_fkey FOREIGN KEY (book_id, line_id) REFERENCES payments.bank_line(book_id, line_id);

-- Name: funding_instruction funding_instruction_book_id_pool_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.funding_instruction
    ADD CONSTRAINT funding_instruction_book_id_pool_id_fkey FOREIGN KEY (book_id, pool_id) REFERENCES payments.pool(book_id, pool_id);

-- Name: inbound_content inbound_content_book_id_file_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.inbound_content
    ADD CONSTRAINT inbound_content_book_id_file_id_fkey FOREIGN KEY (book_id, file_id) REFERENCES payments.inbound_file(book_id, file_id);

-- Name: inbound_delivery inbound_delivery_book_id_file_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.inbound_delivery
    ADD CONSTRAINT inbound_delivery_book_id_file_id_fkey FOREIGN KEY (book_id, file_id) REFERENCES payments.inbound_file(book_id, file_id);

-- Name: inbound_fault inbound_fault_book_id_file_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.inbound_fault
    ADD CONSTRAINT inbound_fault_book_id_file_id_fkey FOREIGN KEY (book_id, file_id) REFERENCES payments.inbound_file(book_id, file_id);

-- Name: inbound_file inbound_file_book_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.inbound_file
    ADD CONSTRAINT inbound_file_book_id_fkey FOREIGN KEY (book_id) REFERENCES payments.book(book_id);

-- Name: inbound_item inbound_item_book_id_file_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.inbound_item
    ADD CONSTRAINT inbound_item_book_id_file_id_fkey FOREIGN KEY (book_id, file_id) REFERENCES payments.inbound_file(book_id, file_id);

-- Name: institution institution_payer_id_import_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.institution
    ADD CONSTRAINT institution_payer_id_import_id_fkey FOREIGN KEY (payer_id, import_id) REFERENCES payments.institution_import(payer_id, import_id);

-- Name: journal journal_book_id_batch_seq_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.journal
    ADD CONSTRAINT journal_book_id_batch_seq_fkey FOREIGN KEY (book_id, batch_seq) REFERENCES payments.batch(book_id, batch_seq);

-- Name: late_interest late_interest_book_id_obligation_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.late_interest
    ADD CONSTRAINT late_interest_book_id_obligation_id_fkey FOREIGN KEY (book_id, obligation_id) REFERENCES payments.obligation(book_id, obligation_id);

-- Name: late_interest late_interest_book_id_of_obligation_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.late_interest
    ADD CONSTRAINT late_interest_book_id_of_obligation_id_fkey FOREIGN KEY (book_id, of_obligation_id) REFERENCES payments.obligation(book_id, obligation_id);

-- Name: late_interest_terms late_interest_terms_book_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.late_interest_terms
    ADD CONSTRAINT late_interest_terms_book_id_fkey FOREIGN KEY (book_id) REFERENCES payments.book(book_id);

-- Name: limit_change limit_change_book_id_account_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.limit_change
    ADD CONSTRAINT limit_change_book_id_account_id_fkey FOREIGN KEY (book_id, account_id) REFERENCES payments.account(book_id, account_id);

-- Name: limit_change limit_change_book_id_batch_seq_ordinal_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.limit_change
    ADD CONSTRAINT limit_change_book_id_batch_seq_ordinal_fkey FOREIGN KEY (book_id, batch_seq, ordinal) REFERENCES payments.journal(book_id, batch_seq, ordinal);

-- Name: line_decision line_decision_book_id_obligation_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.line_decision
    ADD CONSTRAINT line_decision_book_id_obligation_id_fkey FOREIGN KEY (book_id, obligation_id) REFERENCES payments.obligation(book_id, obligation_id);

-- Name: line_decision line_decision_book_id_run_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.line_decision
    ADD CONSTRAINT line_decision_book_id_run_id_fkey FOREIGN KEY (book_id, run_id) REFERENCES payments.run(book_id, run_id);

-- Name: line_split line_split_book_id_line_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.line_split
    ADD CONSTRAINT line_split_book_id_line_id_fkey FOREIGN KEY (book_id, line_id) REFERENCES payments.bank_line(book_id, line_id);

-- Name: line_split_part line_split_part_book_id_split_id_two_people_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.line_split_part
    ADD CONSTRAINT line_split_part_book_id_split_id_two_people_fkey FOREIGN KEY (book_id, split_id, two_people) REFERENCES payments.line_split(book_id, split_id, two_people);

-- Name: obligation obligation_book_id_award_id_award_version_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.obligation
    ADD CONSTRAINT obligation_book_id_award_id_award_version_fkey FOREIGN KEY (book_id, award_id, award_version) REFERENCES payments.collected_award(book_id, award_id, award_version);

-- Name: obligation_claim obligation_claim_book_id_disbursement_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.obligation_claim
    ADD CONSTRAINT obligation_claim_book_id_disbursement_id_fkey FOREIGN KEY (book_id, disbursement_id) REFERENCES payments.disbursement(book_id, disbursement_id);

-- Name: obligation_claim obligation_claim_book_id_obligation_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.obligation_claim
    ADD CONSTRAINT obligation_claim_book_id_obligation_id_fkey FOREIGN KEY (book_id, obligation_id) REFERENCES payments.obligation(book_id, obligation_id);

-- Name: offset_plan offset_plan_book_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.offset_plan
    ADD CONSTRAINT offset_plan_book_id_fkey FOREIGN KEY (book_id) REFERENCES payments.book(book_id);

-- Name: payee_hold payee_hold_payee_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payee_hold
    ADD CONSTRAINT payee_hold_payee_id_fkey FOREIGN KEY (payee_id) REFERENCES payments.payee(payee_id);

-- Name: payee_identity payee_identity_payee_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payee_identity
    ADD CONSTRAINT payee_identity_payee_id_fkey FOREIGN KEY (payee_id) REFERENCES payments.payee(payee_id);

-- Name: payee_notice payee_notice_payee_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payee_notice
    ADD CONSTRAINT payee_notice_payee_id_fkey FOREIGN KEY (payee_id) REFERENCES payments.payee(payee_id);

-- Name: payee_notice payee_notice_payer_id_account_id_version_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payee_notice
    ADD CONSTRAINT payee_notice_payer_id_account_id_version_fkey FOREIGN KEY (payer_id, account_id, version) REFERENCES payments.bank_account(payer_id, account_id, version);

-- Name: payee payee_payer_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payee
    ADD CONSTRAINT payee_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: payee_tax_form payee_tax_form_payee_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payee_tax_form
    ADD CONSTRAINT payee_tax_form_payee_id_fkey FOREIGN KEY (payee_id) REFERENCES payments.payee(payee_id);

-- Name: payee_tax_form payee_tax_form_payer_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payee_tax_form
    ADD CONSTRAINT payee_tax_form_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: payment_file payment_file_book_id_run_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payment_file
    ADD CONSTRAINT payment_file_book_id_run_id_fkey FOREIGN KEY (book_id, run_id) REFERENCES payments.run(book_id, run_id);

-- Name: payment_file_content payment_file_content_book_id_file_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payment_file_content
    ADD CONSTRAINT payment_file_content_book_id_file_id_fkey FOREIGN KEY (book_id, file_id) REFERENCES payments.payment_file(book_id, file_id);

-- Name: payment_file_event payment_file_event_book_id_file_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payment_file_event
    ADD CONSTRAINT payment_file_event_book_id_file_id_fkey FOREIGN KEY (book_id, file_id) REFERENCES payments.payment_file(book_id, file_id);

-- Name: payment_mark payment_mark_book_id_disbursement_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payment_mark
    ADD CONSTRAINT payment_mark_book_id_disbursement_id_fkey FOREIGN KEY (book_id, disbursement_id) REFERENCES payments.disbursement(book_id, disbursement_id);

-- Name: payment_preference_confirmation payment_preference_confirmati_payer_id_preference_id_recor_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payment_preference_confirmation
    ADD CONSTRAINT payment_preference_confirmati_payer_id_preference_id_recor_fkey FOREIGN KEY (payer_id, preference_id, recorded_by) REFERENCES payments.payment_preference(payer_id, preference_id, recorded_by);

-- Name: payment_preference payment_preference_payee_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payment_preference
    ADD CONSTRAINT payment_preference_payee_id_fkey FOREIGN KEY (payee_id) REFERENCES payments.payee(payee_id);

-- Name: payment_rules payment_rules_book_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.payment_rules
    ADD CONSTRAINT payment_rules_book_id_fkey FOREIGN KEY (book_id) REFERENCES payments.book(book_id);

-- Name: pending_resolution pending_resolution_book_id_batch_seq_position_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.pending_resolution
    ADD CONSTRAINT pending_resolution_book_id_batch_seq_position_fkey FOREIGN KEY (book_id, batch_seq, "position") REFERENCES payments.transfer(book_id, batch_seq, "position");

-- Name: pending_resolution pending_resolution_book_id_pending_batch_seq_pending_posit_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.pending_resolution
    ADD CONSTRAINT pending_resolution_book_id_pending_batch_seq_pending_posit_fkey FOREIGN KEY (book_id, pending_batch_seq, pending_position) REFERENCES payments.transfer(book_id, batch_seq, "position");

-- Name: pool pool_book_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.pool
    ADD CONSTRAINT pool_book_id_fkey FOREIGN KEY (book_id) REFERENCES payments.book(book_id);

-- Name: pool_transfer pool_transfer_book_id_from_pool_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.pool_transfer
    ADD CONSTRAINT pool_transfer_book_id_from_pool_id_fkey FOREIGN KEY (book_id, from_pool_id) REFERENCES payments.pool(book_id, pool_id);

-- Name: pool_transfer pool_transfer_book_id_to_pool_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.pool_transfer
    ADD CONSTRAINT pool_transfer_book_id_to_pool_id_fkey FOREIGN KEY (book_id, to_pool_id) REFERENCES payments.pool(book_id, pool_id);

-- Name: program_tax_box program_tax_box_book_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.program_tax_box
    ADD CONSTRAINT program_tax_box_book_id_fkey FOREIGN KEY (book_id) REFERENCES payments.book(book_id);

-- Name: recoup_notice recoup_notice_book_id_run_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.recoup_notice
    ADD CONSTRAINT recoup_notice_book_id_run_id_fkey FOREIGN KEY (book_id, run_id) REFERENCES payments.run(book_id, run_id);

-- Name: remittance remittance_book_id_disbursement_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.remittance
    ADD CONSTRAINT remittance_book_id_disbursement_id_fkey FOREIGN KEY (book_id, disbursement_id) REFERENCES payments.disbursement(book_id, disbursement_id);

-- Name: remittance remittance_book_id_file_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.remittance
    ADD CONSTRAINT remittance_book_id_file_id_fkey FOREIGN KEY (book_id, file_id) REFERENCES payments.payment_file(book_id, file_id);

-- Name: remittance_drop remittance_drop_payee_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.remittance_drop
    ADD CONSTRAINT remittance_drop_payee_id_fkey FOREIGN KEY (payee_id) REFERENCES payments.payee(payee_id);

-- Name: remittance_queue remittance_queue_book_id_disbursement_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.remittance_queue
    ADD CONSTRAINT remittance_queue_book_id_disbursement_id_fkey FOREIGN KEY (book_id, disbursement_id) REFERENCES payments.disbursement(book_id, disbursement_id);

-- Name: remittance_queue remittance_queue_book_id_run_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.remittance_queue
    ADD CONSTRAINT remittance_queue_book_id_run_id_fkey FOREIGN KEY (book_id, run_id) REFERENCES payments.run(book_id, run_id);

-- Name: return_dispute return_dispute_book_id_disbursement_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.return_dispute
    ADD CONSTRAINT return_dispute_book_id_disbursement_id_fkey FOREIGN KEY (book_id, disbursement_id) REFERENCES payments.returned_payment(book_id, disbursement_id);

-- Name: returned_payment returned_payment_book_id_disbursement_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.returned_payment
    ADD CONSTRAINT returned_payment_book_id_disbursement_id_fkey FOREIGN KEY (book_id, disbursement_id) REFERENCES payments.disbursement(book_id, disbursement_id);

-- Name: reversal reversal_book_id_disbursement_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.reversal
    ADD CONSTRAINT reversal_book_id_disbursement_id_fkey FOREIGN KEY (book_id, disbursement_id) REFERENCES payments.disbursement(book_id, disbursement_id);

-- Name: reversal reversal_book_id_duplicate_of_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.reversal
    ADD CONSTRAINT reversal_book_id_duplicate_of_fkey FOREIGN KEY (book_id, duplicate_of) REFERENCES payments.disbursement(book_id, disbursement_id);

-- Name: reversal reversal_book_id_line_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.reversal
    ADD CONSTRAINT reversal_book_id_line_id_fkey FOREIGN KEY (book_id, line_id) REFERENCES payments.bank_line(book_id, line_id);

-- Name: reversal_entry reversal_entry_book_id_reversal_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.reversal_entry
    ADD CONSTRAINT reversal_entry_book_id_reversal_id_fkey FOREIGN KEY (book_id, reversal_id) REFERENCES payments.reversal(book_id, reversal_id);

-- Name: run_approval run_approval_book_id_run_id_revision_submitted_by_digest_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run_approval
    ADD CONSTRAINT run_approval_book_id_run_id_revision_submitted_by_digest_fkey FOREIGN KEY (book_id, run_id, revision, submitted_by, digest) REFERENCES payments.run_revision(book_id, run_id, revision, submitted_by, digest);

-- Name: run_batch run_batch_book_id_run_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run_batch
    ADD CONSTRAINT run_batch_book_id_run_id_fkey FOREIGN KEY (book_id, run_id) REFERENCES payments.run(book_id, run_id);

-- Name: run run_book_id_cycle_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run
    ADD CONSTRAINT run_book_id_cycle_id_fkey FOREIGN KEY (book_id, cycle_id) REFERENCES payments.cycle(book_id, cycle_id);

-- Name: run run_book_id_pool_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run
    ADD CONSTRAINT run_book_id_pool_id_fkey FOREIGN KEY (book_id, pool_id) REFERENCES payments.pool(book_id, pool_id);

-- Name: run_editor run_editor_book_id_run_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run_editor
    ADD CONSTRAINT run_editor_book_id_run_id_fkey FOREIGN KEY (book_id, run_id) REFERENCES payments.run(book_id, run_id);

-- Name: run_event run_event_book_id_run_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run_event
    ADD CONSTRAINT run_event_book_id_run_id_fkey FOREIGN KEY (book_id, run_id) REFERENCES payments.run(book_id, run_id);

-- Name: run_line run_line_book_id_obligation_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run_line
    ADD CONSTRAINT run_line_book_id_obligation_id_fkey FOREIGN KEY (book_id, obligation_id) REFERENCES payments.obligation(book_id, obligation_id);

-- Name: run_line run_line_book_id_run_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run_line
    ADD CONSTRAINT run_line_book_id_run_id_fkey FOREIGN KEY (book_id, run_id) REFERENCES payments.run(book_id, run_id);

-- Name: run_payee run_payee_book_id_run_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run_payee
    ADD CONSTRAINT run_payee_book_id_run_id_fkey FOREIGN KEY (book_id, run_id) REFERENCES payments.run(book_id, run_id);

-- Name: run_revision run_revision_book_id_run_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run_revision
    ADD CONSTRAINT run_revision_book_id_run_id_fkey FOREIGN KEY (book_id, run_id) REFERENCES payments.run(book_id, run_id);

-- Name: run_stop run_stop_book_id_run_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.run_stop
    ADD CONSTRAINT run_stop_book_id_run_id_fkey FOREIGN KEY (book_id, run_id) REFERENCES payments.run(book_id, run_id);

-- Name: screening_decision screening_decision_payer_id_hit_id_found_by_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.screening_decision
    ADD CONSTRAINT screening_decision_payer_id_hit_id_found_by_fkey FOREIGN KEY (payer_id, hit_id, found_by) REFERENCES payments.screening_hit(payer_id, hit_id, found_by);

-- Name: screening_entry screening_entry_payer_id_list_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.screening_entry
    ADD CONSTRAINT screening_entry_payer_id_list_id_fkey FOREIGN KEY (payer_id, list_id) REFERENCES payments.screening_list(payer_id, list_id);

-- Name: screening_hit screening_hit_payee_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.screening_hit
    ADD CONSTRAINT screening_hit_payee_id_fkey FOREIGN KEY (payee_id) REFERENCES payments.payee(payee_id);

-- Name: screening_hit screening_hit_payer_id_list_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.screening_hit
    ADD CONSTRAINT screening_hit_payer_id_list_id_fkey FOREIGN KEY (payer_id, list_id) REFERENCES payments.screening_list(payer_id, list_id);

-- Name: screening_name screening_name_payer_id_list_id_entry_no_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.screening_name
    ADD CONSTRAINT screening_name_payer_id_list_id_entry_no_fkey FOREIGN KEY (payer_id, list_id, entry_no) REFERENCES payments.screening_entry(payer_id, list_id, entry_no);

-- Name: screening_run screening_run_payer_id_list_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.screening_run
    ADD CONSTRAINT screening_run_payer_id_list_id_fkey FOREIGN KEY (payer_id, list_id) REFERENCES payments.screening_list(payer_id, list_id);

-- Name: tin_match tin_match_payee_id_fkey; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.tin_match
    ADD CONSTRAINT tin_match_payee_id_fkey FOREIGN KEY (payee_id) REFERENCES payments.payee(payee_id);

-- Name: transfer transfer_credit_after; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.transfer
    ADD CONSTRAINT transfer_credit_after FOREIGN KEY (book_id, credit_account_id, batch_seq) REFERENCES payments.balance_after(book_id, account_id, batch_seq);

-- Name: transfer transfer_debit_after; Type: FK CONSTRAINT; Schema: payments; Owner: sluice_owner

ALTER TABLE ONLY payments.transfer
    ADD CONSTRAINT transfer_debit_after FOREIGN KEY (book_id, debit_account_id, batch_seq) REFERENCES payments.balance_after(book_id, account_id, batch_seq);

-- Name: activity_event activity_event_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.activity_event
    ADD CONSTRAINT activity_event_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: activity_line activity_line_contract_id_event_id_event_recorded_at_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.activity_line
    ADD CONSTRAINT activity_line_contract_id_event_id_event_recorded_at_fkey FOREIGN KEY (contract_id, event_id, event_recorded_at) REFERENCES performance.activity_event(contract_id, event_id, recorded_at);

-- Name: activity_line activity_line_contract_id_run_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.activity_line
    ADD CONSTRAINT activity_line_contract_id_run_id_fkey FOREIGN KEY (contract_id, run_id) REFERENCES performance.activity_run(contract_id, run_id);

-- Name: activity_run activity_run_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.activity_run
    ADD CONSTRAINT activity_run_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: approval_delegation approval_delegation_payer_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.approval_delegation
    ADD CONSTRAINT approval_delegation_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: attribution_audit attribution_audit_contract_id_period_from_version_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_audit
    ADD CONSTRAINT attribution_audit_contract_id_period_from_version_fkey FOREIGN KEY (contract_id, period_from, version) REFERENCES performance.attribution_list(contract_id, period_from, version);

-- Name: attribution_entry attribution_entry_contract_id_period_from_version_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_entry
    ADD CONSTRAINT attribution_entry_contract_id_period_from_version_fkey FOREIGN KEY (contract_id, period_from, version) REFERENCES performance.attribution_list(contract_id, period_from, version);

-- Name: attribution_finding attribution_finding_contract_id_period_from_version_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_finding
    ADD CONSTRAINT attribution_finding_contract_id_period_from_version_fkey FOREIGN KEY (contract_id, period_from, version) REFERENCES performance.attribution_list(contract_id, period_from, version);

-- Name: attribution_list attribution_list_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_list
    ADD CONSTRAINT attribution_list_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: attribution_list_status attribution_list_status_contract_id_period_from_version_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_list_status
    ADD CONSTRAINT attribution_list_status_contract_id_period_from_version_fkey FOREIGN KEY (contract_id, period_from, version) REFERENCES performance.attribution_list(contract_id, period_from, version);

-- Name: attribution_method attribution_method_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_method
    ADD CONSTRAINT attribution_method_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: attribution_override attribution_override_contract_id_period_from_version_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_override
    ADD CONSTRAINT attribution_override_contract_id_period_from_version_fkey FOREIGN KEY (contract_id, period_from, version) REFERENCES performance.attribution_list(contract_id, period_from, version);

-- Name: attribution_response attribution_response_contract_id_period_from_version_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_response
    ADD CONSTRAINT attribution_response_contract_id_period_from_version_fkey FOREIGN KEY (contract_id, period_from, version) REFERENCES performance.attribution_list(contract_id, period_from, version);

-- Name: attribution_unattributed attribution_unattributed_contract_id_period_from_version_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_unattributed
    ADD CONSTRAINT attribution_unattributed_contract_id_period_from_version_fkey FOREIGN KEY (contract_id, period_from, version) REFERENCES performance.attribution_list(contract_id, period_from, version);

-- Name: attribution_unattributed_member attribution_unattributed_member_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.attribution_unattributed_member
    ADD CONSTRAINT attribution_unattributed_member_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: award award_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.award
    ADD CONSTRAINT award_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: award_override award_override_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.award_override
    ADD CONSTRAINT award_override_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: award_override_step award_override_step_contract_id_override_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.award_override_step
    ADD CONSTRAINT award_override_step_contract_id_override_id_fkey FOREIGN KEY (contract_id, override_id) REFERENCES performance.award_override(contract_id, override_id);

-- Name: award award_program_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.award
    ADD CONSTRAINT award_program_id_fkey FOREIGN KEY (program_id) REFERENCES performance.program(program_id);

-- Name: award_split award_split_contract_id_award_id_version_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.award_split
    ADD CONSTRAINT award_split_contract_id_award_id_version_fkey FOREIGN KEY (contract_id, award_id, version) REFERENCES performance.award(contract_id, award_id, version);

-- Name: calculation_input calculation_input_contract_id_award_id_award_version_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.calculation_input
    ADD CONSTRAINT calculation_input_contract_id_award_id_award_version_fkey FOREIGN KEY (contract_id, award_id, award_version) REFERENCES performance.award(contract_id, award_id, version);

-- Name: calculation_package calculation_package_contract_id_award_id_version_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.calculation_package
    ADD CONSTRAINT calculation_package_contract_id_award_id_version_fkey FOREIGN KEY (contract_id, award_id, version) REFERENCES performance.award(contract_id, award_id, version);

-- Name: change_decision change_decision_contract_id_recalculation_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.change_decision
    ADD CONSTRAINT change_decision_contract_id_recalculation_id_fkey FOREIGN KEY (contract_id, recalculation_id) REFERENCES performance.recalculation(contract_id, recalculation_id);

-- Name: change_event change_event_payer_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.change_event
    ADD CONSTRAINT change_event_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: change_rules change_rules_payer_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.change_rules
    ADD CONSTRAINT change_rules_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: change_watermark change_watermark_payer_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.change_watermark
    ADD CONSTRAINT change_watermark_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: contract_approval contract_approval_contract_id_version_round_step_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_approval
    ADD CONSTRAINT contract_approval_contract_id_version_round_step_fkey FOREIGN KEY (contract_id, version, round, step) REFERENCES performance.contract_approver(contract_id, version, round, step);

-- Name: contract_approver contract_approver_contract_id_round_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_approver
    ADD CONSTRAINT contract_approver_contract_id_round_fkey FOREIGN KEY (contract_id, round) REFERENCES performance.contract_move(contract_id, move_number);

-- Name: contract_date_done contract_date_done_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_date_done
    ADD CONSTRAINT contract_date_done_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: contract_move contract_move_contract_id_version_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_move
    ADD CONSTRAINT contract_move_contract_id_version_fkey FOREIGN KEY (contract_id, version) REFERENCES performance.contract_version(contract_id, version);

-- Name: contract contract_payer_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract
    ADD CONSTRAINT contract_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: contract contract_program; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract
    ADD CONSTRAINT contract_program FOREIGN KEY (payer_id, program_id) REFERENCES performance.program(payer_id, program_id);

-- Name: contract_signature contract_signature_contract_id_version_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_signature
    ADD CONSTRAINT contract_signature_contract_id_version_fkey FOREIGN KEY (contract_id, version) REFERENCES performance.contract_version(contract_id, version);

-- Name: contract_template contract_template_payer_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_template
    ADD CONSTRAINT contract_template_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: contract_template_version contract_template_version_payer_id_template_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_template_version
    ADD CONSTRAINT contract_template_version_payer_id_template_id_fkey FOREIGN KEY (payer_id, template_id) REFERENCES performance.contract_template(payer_id, template_id);

-- Name: contract_version contract_version_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.contract_version
    ADD CONSTRAINT contract_version_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: coverage_span coverage_span_payer_id_member_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.coverage_span
    ADD CONSTRAINT coverage_span_payer_id_member_id_fkey FOREIGN KEY (payer_id, member_id) REFERENCES performance.member(payer_id, member_id);

-- Name: data_gate data_gate_payer_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.data_gate
    ADD CONSTRAINT data_gate_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: deficit_entry deficit_entry_payer_id_link_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.deficit_entry
    ADD CONSTRAINT deficit_entry_payer_id_link_id_fkey FOREIGN KEY (payer_id, link_id) REFERENCES performance.deficit_link(payer_id, link_id);

-- Name: delta_cause delta_cause_contract_id_award_id_version_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.delta_cause
    ADD CONSTRAINT delta_cause_contract_id_award_id_version_fkey FOREIGN KEY (contract_id, award_id, version) REFERENCES performance.award(contract_id, award_id, version);

-- Name: delta_cause_event delta_cause_event_contract_id_award_id_version_position_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.delta_cause_event
    ADD CONSTRAINT delta_cause_event_contract_id_award_id_version_position_fkey FOREIGN KEY (contract_id, award_id, version, "position") REFERENCES performance.delta_cause(contract_id, award_id, version, "position");

-- Name: dispute_award dispute_award_contract_id_award_id_award_version_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.dispute_award
    ADD CONSTRAINT dispute_award_contract_id_award_id_award_version_fkey FOREIGN KEY (contract_id, award_id, award_version) REFERENCES performance.award(contract_id, award_id, version);

-- Name: dispute_award dispute_award_contract_id_dispute_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.dispute_award
    ADD CONSTRAINT dispute_award_contract_id_dispute_id_fkey FOREIGN KEY (contract_id, dispute_id) REFERENCES performance.dispute(contract_id, dispute_id);

-- Name: dispute dispute_contract_id_period_from_against_version_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.dispute
    ADD CONSTRAINT dispute_contract_id_period_from_against_version_fkey FOREIGN KEY (contract_id, period_from, against_version) REFERENCES performance.attribution_list(contract_id, period_from, version);

-- Name: dispute dispute_contract_id_refiled_from_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.dispute
    ADD CONSTRAINT dispute_contract_id_refiled_from_fkey FOREIGN KEY (contract_id, refiled_from) REFERENCES performance.dispute(contract_id, dispute_id);

-- Name: dispute_event dispute_event_contract_id_dispute_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.dispute_event
    ADD CONSTRAINT dispute_event_contract_id_dispute_id_fkey FOREIGN KEY (contract_id, dispute_id) REFERENCES performance.dispute(contract_id, dispute_id);

-- Name: dispute_evidence dispute_evidence_contract_id_dispute_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.dispute_evidence
    ADD CONSTRAINT dispute_evidence_contract_id_dispute_id_fkey FOREIGN KEY (contract_id, dispute_id) REFERENCES performance.dispute(contract_id, dispute_id);

-- Name: episode episode_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.episode
    ADD CONSTRAINT episode_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: episode_document episode_document_contract_id_episode_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.episode_document
    ADD CONSTRAINT episode_document_contract_id_episode_id_fkey FOREIGN KEY (contract_id, episode_id) REFERENCES performance.episode(contract_id, episode_id);

-- Name: episode_line episode_line_contract_id_run_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.episode_line
    ADD CONSTRAINT episode_line_contract_id_run_id_fkey FOREIGN KEY (contract_id, run_id) REFERENCES performance.episode_run(contract_id, run_id);

-- Name: episode_posting episode_posting_contract_id_episode_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.episode_posting
    ADD CONSTRAINT episode_posting_contract_id_episode_id_fkey FOREIGN KEY (contract_id, episode_id) REFERENCES performance.episode(contract_id, episode_id);

-- Name: episode_run episode_run_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.episode_run
    ADD CONSTRAINT episode_run_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: episode_service episode_service_contract_id_run_id_position_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.episode_service
    ADD CONSTRAINT episode_service_contract_id_run_id_position_fkey FOREIGN KEY (contract_id, run_id, "position") REFERENCES performance.episode_line(contract_id, run_id, "position");

-- Name: episode_status episode_status_contract_id_episode_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.episode_status
    ADD CONSTRAINT episode_status_contract_id_episode_id_fkey FOREIGN KEY (contract_id, episode_id) REFERENCES performance.episode(contract_id, episode_id);

-- Name: episode_status episode_status_follows; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.episode_status
    ADD CONSTRAINT episode_status_follows FOREIGN KEY (contract_id, episode_id, previous_status) REFERENCES performance.episode_status(contract_id, episode_id, status);

-- Name: episode_type episode_type_payer_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.episode_type
    ADD CONSTRAINT episode_type_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: fact fact_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.fact
    ADD CONSTRAINT fact_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: feed_delivery feed_delivery_payer_id_feed_feed_version_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.feed_delivery
    ADD CONSTRAINT feed_delivery_payer_id_feed_feed_version_fkey FOREIGN KEY (payer_id, feed, feed_version) REFERENCES performance.feed(payer_id, name, version);

-- Name: feed feed_payer_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.feed
    ADD CONSTRAINT feed_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: feed_quarantine feed_quarantine_payer_id_delivery_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.feed_quarantine
    ADD CONSTRAINT feed_quarantine_payer_id_delivery_id_fkey FOREIGN KEY (payer_id, delivery_id) REFERENCES performance.feed_delivery(payer_id, delivery_id);

-- Name: gate_check gate_check_payer_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.gate_check
    ADD CONSTRAINT gate_check_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: gate_override gate_override_payer_id_program_id_check_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.gate_override
    ADD CONSTRAINT gate_override_payer_id_program_id_check_id_fkey FOREIGN KEY (payer_id, program_id, check_id) REFERENCES performance.gate_check(payer_id, program_id, check_id);

-- Name: medical_claim medical_claim_payer_id_member_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.medical_claim
    ADD CONSTRAINT medical_claim_payer_id_member_id_fkey FOREIGN KEY (payer_id, member_id) REFERENCES performance.member(payer_id, member_id);

-- Name: member_detail member_detail_payer_id_member_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.member_detail
    ADD CONSTRAINT member_detail_payer_id_member_id_fkey FOREIGN KEY (payer_id, member_id) REFERENCES performance.member(payer_id, member_id);

-- Name: member_measure member_measure_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.member_measure
    ADD CONSTRAINT member_measure_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: member_month_line member_month_line_contract_id_run_number_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.member_month_line
    ADD CONSTRAINT member_month_line_contract_id_run_number_fkey FOREIGN KEY (contract_id, run_number) REFERENCES performance.member_month_run(contract_id, run_number);

-- Name: member_month_run member_month_run_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.member_month_run
    ADD CONSTRAINT member_month_run_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: member member_payer_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.member
    ADD CONSTRAINT member_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: member_year member_year_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.member_year
    ADD CONSTRAINT member_year_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: panel_factor panel_factor_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.panel_factor
    ADD CONSTRAINT panel_factor_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: panel_premium panel_premium_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.panel_premium
    ADD CONSTRAINT panel_premium_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: panel_span panel_span_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.panel_span
    ADD CONSTRAINT panel_span_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: pharmacy_claim pharmacy_claim_payer_id_member_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.pharmacy_claim
    ADD CONSTRAINT pharmacy_claim_payer_id_member_id_fkey FOREIGN KEY (payer_id, member_id) REFERENCES performance.member(payer_id, member_id);

-- Name: program program_payer_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.program
    ADD CONSTRAINT program_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: provider_choice provider_choice_payer_id_member_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.provider_choice
    ADD CONSTRAINT provider_choice_payer_id_member_id_fkey FOREIGN KEY (payer_id, member_id) REFERENCES performance.member(payer_id, member_id);

-- Name: provider_choice provider_choice_payer_id_practice_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.provider_choice
    ADD CONSTRAINT provider_choice_payer_id_practice_id_fkey FOREIGN KEY (payer_id, practice_id) REFERENCES hierarchy.party(payer_id, party_id);

-- Name: provider_choice provider_choice_payer_id_provider_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.provider_choice
    ADD CONSTRAINT provider_choice_payer_id_provider_id_fkey FOREIGN KEY (payer_id, provider_id) REFERENCES hierarchy.party(payer_id, party_id);

-- Name: provider_taxonomy provider_taxonomy_payer_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.provider_taxonomy
    ADD CONSTRAINT provider_taxonomy_payer_id_fkey FOREIGN KEY (payer_id) REFERENCES core.payer(payer_id);

-- Name: recalculation recalculation_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.recalculation
    ADD CONSTRAINT recalculation_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: recalculation recalculation_program_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.recalculation
    ADD CONSTRAINT recalculation_program_id_fkey FOREIGN KEY (program_id) REFERENCES performance.program(program_id);

-- Name: risk_acknowledgment risk_acknowledgment_contract_id_recalibration_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.risk_acknowledgment
    ADD CONSTRAINT risk_acknowledgment_contract_id_recalibration_id_fkey FOREIGN KEY (contract_id, recalibration_id) REFERENCES performance.risk_recalibration(contract_id, recalibration_id);

-- Name: risk_application risk_application_contract_id_recalibration_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.risk_application
    ADD CONSTRAINT risk_application_contract_id_recalibration_id_fkey FOREIGN KEY (contract_id, recalibration_id) REFERENCES performance.risk_recalibration(contract_id, recalibration_id);

-- Name: risk_recalibration risk_recalibration_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.risk_recalibration
    ADD CONSTRAINT risk_recalibration_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: risk_score risk_score_payer_id_member_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.risk_score
    ADD CONSTRAINT risk_score_payer_id_member_id_fkey FOREIGN KEY (payer_id, member_id) REFERENCES performance.member(payer_id, member_id);

-- Name: terms terms_contract_id_fkey; Type: FK CONSTRAINT; Schema: performance; Owner: sluice_owner

ALTER TABLE ONLY performance.terms
    ADD CONSTRAINT terms_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES performance.contract(contract_id);

-- Name: app_user; Type: ROW SECURITY; Schema: core; Owner: sluice_owner

ALTER TABLE core.app_user ENABLE ROW LEVEL SECURITY;

-- Name: audit_event; Type: ROW SECURITY; Schema: core; Owner: sluice_owner

ALTER TABLE core.audit_event ENABLE ROW LEVEL SECURITY;

-- Name: audit_seal; Type: ROW SECURITY; Schema: core; Owner: sluice_owner

ALTER TABLE core.audit_seal ENABLE ROW LEVEL SECURITY;

-- Name: lease; Type: ROW SECURITY; Schema: core; Owner: sluice_owner

ALTER TABLE core.lease ENABLE ROW LEVEL SECURITY;

-- Name: operation; Type: ROW SECURITY; Schema: core; Owner: sluice_owner

ALTER TABLE core.operation ENABLE ROW LEVEL SECURITY;

-- Name: payer; Type: ROW SECURITY; Schema: core; Owner: sluice_owner

ALTER TABLE core.payer ENABLE ROW LEVEL SECURITY;

-- Name: proposal; Type: ROW SECURITY; Schema: core; Owner: sluice_owner

ALTER TABLE core.proposal ENABLE ROW LEVEL SECURITY;

-- Name: request; Type: ROW SECURITY; Schema: core; Owner: sluice_owner

ALTER TABLE core.request ENABLE ROW LEVEL SECURITY;

-- Name: app_user tenant; Type: POLICY; Schema: core; Owner: sluice_owner

CREATE POLICY tenant ON core.app_user USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: audit_event tenant; Type: POLICY; Schema: core; Owner: sluice_owner

CREATE POLICY tenant ON core.audit_event USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: audit_seal tenant; Type: POLICY; Schema: core; Owner: sluice_owner

CREATE POLICY tenant ON core.audit_seal USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: lease tenant; Type: POLICY; Schema: core; Owner: sluice_owner

CREATE POLICY tenant ON core.lease USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: operation tenant; Type: POLICY; Schema: core; Owner: sluice_owner

CREATE POLICY tenant ON core.operation USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: payer tenant; Type: POLICY; Schema: core; Owner: sluice_owner

CREATE POLICY tenant ON core.payer USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: proposal tenant; Type: POLICY; Schema: core; Owner: sluice_owner

CREATE POLICY tenant ON core.proposal USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: request tenant; Type: POLICY; Schema: core; Owner: sluice_owner

CREATE POLICY tenant ON core.request USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: upload tenant; Type: POLICY; Schema: core; Owner: sluice_owner

CREATE POLICY tenant ON core.upload USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: user_factor tenant; Type: POLICY; Schema: core; Owner: sluice_owner

CREATE POLICY tenant ON core.user_factor USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: user_grant tenant; Type: POLICY; Schema: core; Owner: sluice_owner

CREATE POLICY tenant ON core.user_grant USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: user_password tenant; Type: POLICY; Schema: core; Owner: sluice_owner

CREATE POLICY tenant ON core.user_password USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: user_session tenant; Type: POLICY; Schema: core; Owner: sluice_owner

CREATE POLICY tenant ON core.user_session USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: upload; Type: ROW SECURITY; Schema: core; Owner: sluice_owner

ALTER TABLE core.upload ENABLE ROW LEVEL SECURITY;

-- Name: user_factor; Type: ROW SECURITY; Schema: core; Owner: sluice_owner

ALTER TABLE core.user_factor ENABLE ROW LEVEL SECURITY;

-- Name: user_grant; Type: ROW SECURITY; Schema: core; Owner: sluice_owner

ALTER TABLE core.user_grant ENABLE ROW LEVEL SECURITY;

-- Name: user_password; Type: ROW SECURITY; Schema: core; Owner: sluice_owner

ALTER TABLE core.user_password ENABLE ROW LEVEL SECURITY;

-- Name: user_session; Type: ROW SECURITY; Schema: core; Owner: sluice_owner

ALTER TABLE core.user_session ENABLE ROW LEVEL SECURITY;

-- Name: affiliation; Type: ROW SECURITY; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE hierarchy.affiliation ENABLE ROW LEVEL SECURITY;

-- Name: change; Type: ROW SECURITY; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE hierarchy.change ENABLE ROW LEVEL SECURITY;

-- Name: contact; Type: ROW SECURITY; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE hierarchy.contact ENABLE ROW LEVEL SECURITY;

-- Name: head; Type: ROW SECURITY; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE hierarchy.head ENABLE ROW LEVEL SECURITY;

-- Name: network_rule; Type: ROW SECURITY; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE hierarchy.network_rule ENABLE ROW LEVEL SECURITY;

-- Name: onboarding_event; Type: ROW SECURITY; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE hierarchy.onboarding_event ENABLE ROW LEVEL SECURITY;

-- Name: party; Type: ROW SECURITY; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE hierarchy.party ENABLE ROW LEVEL SECURITY;

-- Name: party_detail; Type: ROW SECURITY; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE hierarchy.party_detail ENABLE ROW LEVEL SECURITY;

-- Name: party_identifier; Type: ROW SECURITY; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE hierarchy.party_identifier ENABLE ROW LEVEL SECURITY;

-- Name: affiliation payer_scope; Type: POLICY; Schema: hierarchy; Owner: sluice_owner

CREATE POLICY payer_scope ON hierarchy.affiliation USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: change payer_scope; Type: POLICY; Schema: hierarchy; Owner: sluice_owner

CREATE POLICY payer_scope ON hierarchy.change USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: contact payer_scope; Type: POLICY; Schema: hierarchy; Owner: sluice_owner

CREATE POLICY payer_scope ON hierarchy.contact USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: head payer_scope; Type: POLICY; Schema: hierarchy; Owner: sluice_owner

CREATE POLICY payer_scope ON hierarchy.head USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: network_rule payer_scope; Type: POLICY; Schema: hierarchy; Owner: sluice_owner

CREATE POLICY payer_scope ON hierarchy.network_rule USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: onboarding_event payer_scope; Type: POLICY; Schema: hierarchy; Owner: sluice_owner

CREATE POLICY payer_scope ON hierarchy.onboarding_event USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: party payer_scope; Type: POLICY; Schema: hierarchy; Owner: sluice_owner

CREATE POLICY payer_scope ON hierarchy.party USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: party_detail payer_scope; Type: POLICY; Schema: hierarchy; Owner: sluice_owner

CREATE POLICY payer_scope ON hierarchy.party_detail USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: party_identifier payer_scope; Type: POLICY; Schema: hierarchy; Owner: sluice_owner

CREATE POLICY payer_scope ON hierarchy.party_identifier USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: roster_import payer_scope; Type: POLICY; Schema: hierarchy; Owner: sluice_owner

CREATE POLICY payer_scope ON hierarchy.roster_import USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: roster_reject payer_scope; Type: POLICY; Schema: hierarchy; Owner: sluice_owner

CREATE POLICY payer_scope ON hierarchy.roster_reject USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: roster_import; Type: ROW SECURITY; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE hierarchy.roster_import ENABLE ROW LEVEL SECURITY;

-- Name: roster_reject; Type: ROW SECURITY; Schema: hierarchy; Owner: sluice_owner

ALTER TABLE hierarchy.roster_reject ENABLE ROW LEVEL SECURITY;

-- Name: account; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.account ENABLE ROW LEVEL SECURITY;

-- Name: account_balance; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.account_balance ENABLE ROW LEVEL SECURITY;

-- Name: account_change_notice; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.account_change_notice ENABLE ROW LEVEL SECURITY;

-- Name: account_test; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.account_test ENABLE ROW LEVEL SECURITY;

-- Name: account_test_entry; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.account_test_entry ENABLE ROW LEVEL SECURITY;

-- Name: backup_withholding; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.backup_withholding ENABLE ROW LEVEL SECURITY;

-- Name: balance_after; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.balance_after ENABLE ROW LEVEL SECURITY;

-- Name: bank_account; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.bank_account ENABLE ROW LEVEL SECURITY;

-- Name: bank_account_alert; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.bank_account_alert ENABLE ROW LEVEL SECURITY;

-- Name: bank_account_event; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.bank_account_event ENABLE ROW LEVEL SECURITY;

-- Name: bank_account_proof; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.bank_account_proof ENABLE ROW LEVEL SECURITY;

-- Name: bank_account_secret; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.bank_account_secret ENABLE ROW LEVEL SECURITY;

-- Name: bank_line; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.bank_line ENABLE ROW LEVEL SECURITY;

-- Name: bank_line_match; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.bank_line_match ENABLE ROW LEVEL SECURITY;

-- Name: bank_line_owner; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.bank_line_owner ENABLE ROW LEVEL SECURITY;

-- Name: bank_statement; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.bank_statement ENABLE ROW LEVEL SECURITY;

-- Name: batch; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.batch ENABLE ROW LEVEL SECURITY;

-- Name: book; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.book ENABLE ROW LEVEL SECURITY;

-- Name: book_head; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.book_head ENABLE ROW LEVEL SECURITY;

-- Name: bank_line book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.bank_line USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: bank_line_match book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.bank_line_match USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: bank_line_owner book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.bank_line_owner USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: bank_statement book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.bank_statement USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: check_choice book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.check_choice USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: check_event book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.check_event USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: check_issue book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.check_issue USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: check_replacement book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.check_replacement USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: check_stock book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.check_stock USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: collected_award book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.collected_award USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: cycle book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.cycle USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: disbursement book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.disbursement USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: file_address book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.file_address USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: file_entry book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.file_entry USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: funding_instruction book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.funding_instruction USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: inbound_content book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.inbound_content USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: inbound_delivery book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.inbound_delivery USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: inbound_fault book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.inbound_fault USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: inbound_file book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.inbound_file USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: inbound_item book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.inbound_item USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: late_interest book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.late_interest USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: late_interest_terms book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.late_interest_terms USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: line_decision book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.line_decision USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: line_split book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.line_split USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: line_split_part book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.line_split_part USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: obligation book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.obligation USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: obligation_claim book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.obligation_claim USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: offset_plan book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.offset_plan USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: payment_file book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.payment_file USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: payment_file_content book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.payment_file_content USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: payment_file_event book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.payment_file_event USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: payment_mark book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.payment_mark USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: payment_rules book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.payment_rules USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: pool book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.pool USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: pool_transfer book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.pool_transfer USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: program_tax_box book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.program_tax_box USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: recoup_notice book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.recoup_notice USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: remittance book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.remittance USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: remittance_queue book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.remittance_queue USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: return_dispute book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.return_dispute USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: returned_payment book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.returned_payment USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: reversal book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.reversal USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: reversal_entry book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.reversal_entry USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: run book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.run USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: run_approval book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.run_approval USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: run_batch book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.run_batch USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: run_editor book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.run_editor USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: run_event book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.run_event USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: run_line book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.run_line USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: run_payee book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.run_payee USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: run_revision book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.run_revision USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: run_stop book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.run_stop USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: unclaimed_event book_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY book_scope ON payments.unclaimed_event USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: check_choice; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.check_choice ENABLE ROW LEVEL SECURITY;

-- Name: check_event; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.check_event ENABLE ROW LEVEL SECURITY;

-- Name: check_issue; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.check_issue ENABLE ROW LEVEL SECURITY;

-- Name: check_replacement; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.check_replacement ENABLE ROW LEVEL SECURITY;

-- Name: check_stock; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.check_stock ENABLE ROW LEVEL SECURITY;

-- Name: collected_award; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.collected_award ENABLE ROW LEVEL SECURITY;

-- Name: cycle; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.cycle ENABLE ROW LEVEL SECURITY;

-- Name: data_key; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.data_key ENABLE ROW LEVEL SECURITY;

-- Name: data_key_current; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.data_key_current ENABLE ROW LEVEL SECURITY;

-- Name: deposit_account; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.deposit_account ENABLE ROW LEVEL SECURITY;

-- Name: disbursement; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.disbursement ENABLE ROW LEVEL SECURITY;

-- Name: dormancy_rule; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.dormancy_rule ENABLE ROW LEVEL SECURITY;

-- Name: eft_enrollment; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.eft_enrollment ENABLE ROW LEVEL SECURITY;

-- Name: eft_enrollment_field; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.eft_enrollment_field ENABLE ROW LEVEL SECURITY;

-- Name: file_address; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.file_address ENABLE ROW LEVEL SECURITY;

-- Name: file_entry; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.file_entry ENABLE ROW LEVEL SECURITY;

-- Name: funding_instruction; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.funding_instruction ENABLE ROW LEVEL SECURITY;

-- Name: inbound_content; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.inbound_content ENABLE ROW LEVEL SECURITY;

-- Name: inbound_delivery; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.inbound_delivery ENABLE ROW LEVEL SECURITY;

-- Name: inbound_fault; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.inbound_fault ENABLE ROW LEVEL SECURITY;

-- Name: inbound_file; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.inbound_file ENABLE ROW LEVEL SECURITY;

-- Name: inbound_item; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.inbound_item ENABLE ROW LEVEL SECURITY;

-- Name: institution; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.institution ENABLE ROW LEVEL SECURITY;

-- Name: institution_import; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.institution_import ENABLE ROW LEVEL SECURITY;

-- Name: journal; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.journal ENABLE ROW LEVEL SECURITY;

-- Name: late_interest; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.late_interest ENABLE ROW LEVEL SECURITY;

-- Name: late_interest_terms; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.late_interest_terms ENABLE ROW LEVEL SECURITY;

-- Name: limit_change; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.limit_change ENABLE ROW LEVEL SECURITY;

-- Name: line_decision; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.line_decision ENABLE ROW LEVEL SECURITY;

-- Name: line_split; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.line_split ENABLE ROW LEVEL SECURITY;

-- Name: line_split_part; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.line_split_part ENABLE ROW LEVEL SECURITY;

-- Name: obligation; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.obligation ENABLE ROW LEVEL SECURITY;

-- Name: obligation_claim; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.obligation_claim ENABLE ROW LEVEL SECURITY;

-- Name: offset_plan; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.offset_plan ENABLE ROW LEVEL SECURITY;

-- Name: account own_books; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY own_books ON payments.account USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: account_balance own_books; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY own_books ON payments.account_balance USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: balance_after own_books; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY own_books ON payments.balance_after USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: batch own_books; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY own_books ON payments.batch USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: book_head own_books; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY own_books ON payments.book_head USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: journal own_books; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY own_books ON payments.journal USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: limit_change own_books; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY own_books ON payments.limit_change USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: pending_resolution own_books; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY own_books ON payments.pending_resolution USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: transfer own_books; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY own_books ON payments.transfer USING ((book_id IN ( SELECT b.book_id
   FROM payments.book b))) WITH CHECK ((book_id IN ( SELECT b.book_id
   FROM payments.book b)));

-- Name: payee; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.payee ENABLE ROW LEVEL SECURITY;

-- Name: payee_hold; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.payee_hold ENABLE ROW LEVEL SECURITY;

-- Name: payee_identity; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.payee_identity ENABLE ROW LEVEL SECURITY;

-- Name: payee_notice; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.payee_notice ENABLE ROW LEVEL SECURITY;

-- Name: payee_tax_form; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.payee_tax_form ENABLE ROW LEVEL SECURITY;

-- Name: account_change_notice payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.account_change_notice USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: account_test payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.account_test USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: account_test_entry payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.account_test_entry USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: backup_withholding payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.backup_withholding USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: bank_account payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.bank_account USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: bank_account_alert payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.bank_account_alert USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: bank_account_event payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.bank_account_event USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: bank_account_proof payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.bank_account_proof USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: bank_account_secret payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.bank_account_secret USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: data_key payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.data_key USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: data_key_current payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.data_key_current USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: deposit_account payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.deposit_account USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: dormancy_rule payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.dormancy_rule USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: eft_enrollment payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.eft_enrollment USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: eft_enrollment_field payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.eft_enrollment_field USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: institution payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.institution USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: institution_import payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.institution_import USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: payee payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.payee USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: payee_hold payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.payee_hold USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: payee_identity payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.payee_identity USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: payee_notice payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.payee_notice USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: payee_tax_form payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.payee_tax_form USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: payment_preference payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.payment_preference USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: payment_preference_confirmation payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.payment_preference_confirmation USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: remittance_drop payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.remittance_drop USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: screening_decision payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.screening_decision USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: screening_entry payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.screening_entry USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: screening_hit payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.screening_hit USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: screening_list payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.screening_list USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: screening_name payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.screening_name USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: screening_run payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.screening_run USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: side_file payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.side_file USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: tin_match payer_scope; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY payer_scope ON payments.tin_match USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: payment_file; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.payment_file ENABLE ROW LEVEL SECURITY;

-- Name: payment_file_content; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.payment_file_content ENABLE ROW LEVEL SECURITY;

-- Name: payment_file_event; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.payment_file_event ENABLE ROW LEVEL SECURITY;

-- Name: payment_mark; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.payment_mark ENABLE ROW LEVEL SECURITY;

-- Name: payment_preference; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.payment_preference ENABLE ROW LEVEL SECURITY;

-- Name: payment_preference_confirmation; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.payment_preference_confirmation ENABLE ROW LEVEL SECURITY;

-- Name: payment_rules; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.payment_rules ENABLE ROW LEVEL SECURITY;

-- Name: pending_resolution; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.pending_resolution ENABLE ROW LEVEL SECURITY;

-- Name: pool; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.pool ENABLE ROW LEVEL SECURITY;

-- Name: pool_transfer; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.pool_transfer ENABLE ROW LEVEL SECURITY;

-- Name: program_tax_box; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.program_tax_box ENABLE ROW LEVEL SECURITY;

-- Name: recoup_notice; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.recoup_notice ENABLE ROW LEVEL SECURITY;

-- Name: remittance; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.remittance ENABLE ROW LEVEL SECURITY;

-- Name: remittance_drop; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.remittance_drop ENABLE ROW LEVEL SECURITY;

-- Name: remittance_queue; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.remittance_queue ENABLE ROW LEVEL SECURITY;

-- Name: return_dispute; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.return_dispute ENABLE ROW LEVEL SECURITY;

-- Name: returned_payment; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.returned_payment ENABLE ROW LEVEL SECURITY;

-- Name: reversal; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.reversal ENABLE ROW LEVEL SECURITY;

-- Name: reversal_entry; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.reversal_entry ENABLE ROW LEVEL SECURITY;

-- Name: run; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.run ENABLE ROW LEVEL SECURITY;

-- Name: run_approval; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.run_approval ENABLE ROW LEVEL SECURITY;

-- Name: run_batch; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.run_batch ENABLE ROW LEVEL SECURITY;

-- Name: run_editor; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.run_editor ENABLE ROW LEVEL SECURITY;

-- Name: run_event; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.run_event ENABLE ROW LEVEL SECURITY;

-- Name: run_line; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.run_line ENABLE ROW LEVEL SECURITY;

-- Name: run_payee; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.run_payee ENABLE ROW LEVEL SECURITY;

-- Name: run_revision; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.run_revision ENABLE ROW LEVEL SECURITY;

-- Name: run_stop; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.run_stop ENABLE ROW LEVEL SECURITY;

-- Name: screening_decision; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.screening_decision ENABLE ROW LEVEL SECURITY;

-- Name: screening_entry; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.screening_entry ENABLE ROW LEVEL SECURITY;

-- Name: screening_hit; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.screening_hit ENABLE ROW LEVEL SECURITY;

-- Name: screening_list; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.screening_list ENABLE ROW LEVEL SECURITY;

-- Name: screening_name; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.screening_name ENABLE ROW LEVEL SECURITY;

-- Name: screening_run; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.screening_run ENABLE ROW LEVEL SECURITY;

-- Name: side_file; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.side_file ENABLE ROW LEVEL SECURITY;

-- Name: book tenant; Type: POLICY; Schema: payments; Owner: sluice_owner

CREATE POLICY tenant ON payments.book USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: tin_match; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.tin_match ENABLE ROW LEVEL SECURITY;

-- Name: transfer; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.transfer ENABLE ROW LEVEL SECURITY;

-- Name: unclaimed_event; Type: ROW SECURITY; Schema: payments; Owner: sluice_owner

ALTER TABLE payments.unclaimed_event ENABLE ROW LEVEL SECURITY;

-- Name: activity_event; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.activity_event ENABLE ROW LEVEL SECURITY;

-- Name: activity_line; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.activity_line ENABLE ROW LEVEL SECURITY;

-- Name: activity_run; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.activity_run ENABLE ROW LEVEL SECURITY;

-- Name: approval_delegation; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.approval_delegation ENABLE ROW LEVEL SECURITY;

-- Name: attribution_audit; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.attribution_audit ENABLE ROW LEVEL SECURITY;

-- Name: attribution_entry; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.attribution_entry ENABLE ROW LEVEL SECURITY;

-- Name: attribution_finding; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.attribution_finding ENABLE ROW LEVEL SECURITY;

-- Name: attribution_list; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.attribution_list ENABLE ROW LEVEL SECURITY;

-- Name: attribution_list_status; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.attribution_list_status ENABLE ROW LEVEL SECURITY;

-- Name: attribution_method; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.attribution_method ENABLE ROW LEVEL SECURITY;

-- Name: attribution_override; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.attribution_override ENABLE ROW LEVEL SECURITY;

-- Name: attribution_response; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.attribution_response ENABLE ROW LEVEL SECURITY;

-- Name: attribution_unattributed; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.attribution_unattributed ENABLE ROW LEVEL SECURITY;

-- Name: attribution_unattributed_member; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.attribution_unattributed_member ENABLE ROW LEVEL SECURITY;

-- Name: award; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.award ENABLE ROW LEVEL SECURITY;

-- Name: award_override; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.award_override ENABLE ROW LEVEL SECURITY;

-- Name: award_override_step; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.award_override_step ENABLE ROW LEVEL SECURITY;

-- Name: award_split; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.award_split ENABLE ROW LEVEL SECURITY;

-- Name: calculation_input; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.calculation_input ENABLE ROW LEVEL SECURITY;

-- Name: calculation_package; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.calculation_package ENABLE ROW LEVEL SECURITY;

-- Name: change_decision; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.change_decision ENABLE ROW LEVEL SECURITY;

-- Name: change_event; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.change_event ENABLE ROW LEVEL SECURITY;

-- Name: change_rules; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.change_rules ENABLE ROW LEVEL SECURITY;

-- Name: change_watermark; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.change_watermark ENABLE ROW LEVEL SECURITY;

-- Name: contract; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.contract ENABLE ROW LEVEL SECURITY;

-- Name: contract_approval; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.contract_approval ENABLE ROW LEVEL SECURITY;

-- Name: contract_approver; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.contract_approver ENABLE ROW LEVEL SECURITY;

-- Name: contract_date_done; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.contract_date_done ENABLE ROW LEVEL SECURITY;

-- Name: contract_move; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.contract_move ENABLE ROW LEVEL SECURITY;

-- Name: contract_signature; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.contract_signature ENABLE ROW LEVEL SECURITY;

-- Name: contract_template; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.contract_template ENABLE ROW LEVEL SECURITY;

-- Name: contract_template_version; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.contract_template_version ENABLE ROW LEVEL SECURITY;

-- Name: contract_version; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.contract_version ENABLE ROW LEVEL SECURITY;

-- Name: coverage_span; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.coverage_span ENABLE ROW LEVEL SECURITY;

-- Name: data_gate; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.data_gate ENABLE ROW LEVEL SECURITY;

-- Name: deficit_entry; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.deficit_entry ENABLE ROW LEVEL SECURITY;

-- Name: deficit_entry deficit_entry_tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY deficit_entry_tenant ON performance.deficit_entry USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: deficit_link; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.deficit_link ENABLE ROW LEVEL SECURITY;

-- Name: deficit_link deficit_link_tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY deficit_link_tenant ON performance.deficit_link USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: delta_cause; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.delta_cause ENABLE ROW LEVEL SECURITY;

-- Name: delta_cause_event; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.delta_cause_event ENABLE ROW LEVEL SECURITY;

-- Name: dispute; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.dispute ENABLE ROW LEVEL SECURITY;

-- Name: dispute_award; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.dispute_award ENABLE ROW LEVEL SECURITY;

-- Name: dispute_event; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.dispute_event ENABLE ROW LEVEL SECURITY;

-- Name: dispute_evidence; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.dispute_evidence ENABLE ROW LEVEL SECURITY;

-- Name: episode; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.episode ENABLE ROW LEVEL SECURITY;

-- Name: episode_document; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.episode_document ENABLE ROW LEVEL SECURITY;

-- Name: episode_line; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.episode_line ENABLE ROW LEVEL SECURITY;

-- Name: episode_posting; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.episode_posting ENABLE ROW LEVEL SECURITY;

-- Name: episode_run; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.episode_run ENABLE ROW LEVEL SECURITY;

-- Name: episode_service; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.episode_service ENABLE ROW LEVEL SECURITY;

-- Name: episode_status; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.episode_status ENABLE ROW LEVEL SECURITY;

-- Name: episode_type; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.episode_type ENABLE ROW LEVEL SECURITY;

-- Name: fact; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.fact ENABLE ROW LEVEL SECURITY;

-- Name: feed; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.feed ENABLE ROW LEVEL SECURITY;

-- Name: feed_delivery; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.feed_delivery ENABLE ROW LEVEL SECURITY;

-- Name: feed_quarantine; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.feed_quarantine ENABLE ROW LEVEL SECURITY;

-- Name: gate_check; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.gate_check ENABLE ROW LEVEL SECURITY;

-- Name: gate_override; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.gate_override ENABLE ROW LEVEL SECURITY;

-- Name: medical_claim; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.medical_claim ENABLE ROW LEVEL SECURITY;

-- Name: member; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.member ENABLE ROW LEVEL SECURITY;

-- Name: member_detail; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.member_detail ENABLE ROW LEVEL SECURITY;

-- Name: member_measure; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.member_measure ENABLE ROW LEVEL SECURITY;

-- Name: member_measure member_measure_tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY member_measure_tenant ON performance.member_measure USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: member_month_line; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.member_month_line ENABLE ROW LEVEL SECURITY;

-- Name: member_month_run; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.member_month_run ENABLE ROW LEVEL SECURITY;

-- Name: member_year; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.member_year ENABLE ROW LEVEL SECURITY;

-- Name: member_year member_year_tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY member_year_tenant ON performance.member_year USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: panel_factor; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.panel_factor ENABLE ROW LEVEL SECURITY;

-- Name: panel_premium; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.panel_premium ENABLE ROW LEVEL SECURITY;

-- Name: panel_span; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.panel_span ENABLE ROW LEVEL SECURITY;

-- Name: pharmacy_claim; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.pharmacy_claim ENABLE ROW LEVEL SECURITY;

-- Name: program; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.program ENABLE ROW LEVEL SECURITY;

-- Name: provider_choice; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.provider_choice ENABLE ROW LEVEL SECURITY;

-- Name: provider_taxonomy; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.provider_taxonomy ENABLE ROW LEVEL SECURITY;

-- Name: recalculation; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.recalculation ENABLE ROW LEVEL SECURITY;

-- Name: risk_acknowledgment; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.risk_acknowledgment ENABLE ROW LEVEL SECURITY;

-- Name: risk_acknowledgment risk_acknowledgment_tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY risk_acknowledgment_tenant ON performance.risk_acknowledgment USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: risk_application; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.risk_application ENABLE ROW LEVEL SECURITY;

-- Name: risk_application risk_application_tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY risk_application_tenant ON performance.risk_application USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: risk_recalibration; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.risk_recalibration ENABLE ROW LEVEL SECURITY;

-- Name: risk_recalibration risk_recalibration_tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY risk_recalibration_tenant ON performance.risk_recalibration USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: risk_score; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.risk_score ENABLE ROW LEVEL SECURITY;

-- Name: activity_event tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.activity_event USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: activity_line tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.activity_line USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: activity_run tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.activity_run USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: approval_delegation tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.approval_delegation USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: attribution_audit tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.attribution_audit USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: attribution_entry tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.attribution_entry USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: attribution_finding tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.attribution_finding USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: attribution_list tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.attribution_list USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: attribution_list_status tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.attribution_list_status USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: attribution_method tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.attribution_method USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: attribution_override tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.attribution_override USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: attribution_response tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.attribution_response USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: attribution_unattributed tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.attribution_unattributed USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: attribution_unattributed_member tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.attribution_unattributed_member USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: award tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.award USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: award_override tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.award_override USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: award_override_step tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.award_override_step USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: award_split tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.award_split USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: calculation_input tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.calculation_input USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: calculation_package tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.calculation_package USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: change_decision tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.change_decision USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: change_event tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.change_event USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: change_rules tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.change_rules USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: change_watermark tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.change_watermark USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: contract tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.contract USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: contract_approval tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.contract_approval USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: contract_approver tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.contract_approver USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: contract_date_done tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.contract_date_done USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: contract_move tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.contract_move USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: contract_signature tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.contract_signature USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: contract_template tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.contract_template USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: contract_template_version tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.contract_template_version USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: contract_version tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.contract_version USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: coverage_span tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.coverage_span USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: data_gate tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.data_gate USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: delta_cause tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.delta_cause USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: delta_cause_event tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.delta_cause_event USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: dispute tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.dispute USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: dispute_award tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.dispute_award USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: dispute_event tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.dispute_event USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: dispute_evidence tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.dispute_evidence USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: episode tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.episode USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: episode_document tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.episode_document USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: episode_line tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.episode_line USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: episode_posting tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.episode_posting USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: episode_run tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.episode_run USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: episode_service tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.episode_service USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: episode_status tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.episode_status USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: episode_type tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.episode_type USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: fact tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.fact USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: feed tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.feed USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: feed_delivery tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.feed_delivery USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: feed_quarantine tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.feed_quarantine USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: gate_check tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.gate_check USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: gate_override tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.gate_override USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: medical_claim tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.medical_claim USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: member tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.member USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: member_detail tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.member_detail USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: member_month_line tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.member_month_line USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: member_month_run tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.member_month_run USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: panel_factor tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.panel_factor USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: panel_premium tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.panel_premium USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: panel_span tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.panel_span USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: pharmacy_claim tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.pharmacy_claim USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: program tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.program USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: provider_choice tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.provider_choice USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: provider_taxonomy tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.provider_taxonomy USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: recalculation tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.recalculation USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c))) WITH CHECK ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: risk_score tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.risk_score USING ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint)) WITH CHECK ((payer_id = (NULLIF(current_setting('sluice.payer_id'::text, true), ''::text))::bigint));

-- Name: terms tenant; Type: POLICY; Schema: performance; Owner: sluice_owner

CREATE POLICY tenant ON performance.terms USING ((contract_id IN ( SELECT c.contract_id
   FROM performance.contract c)));

-- Name: terms; Type: ROW SECURITY; Schema: performance; Owner: sluice_owner

ALTER TABLE performance.terms ENABLE ROW LEVEL SECURITY;

-- Name: SCHEMA core; Type: ACL; Schema: -; Owner: sluice_owner

GRANT USAGE ON SCHEMA core TO sluice_app;
GRANT USAGE ON SCHEMA core TO sluice_files;
GRANT USAGE ON SCHEMA core TO sluice_verify;

-- Name: SCHEMA hierarchy; Type: ACL; Schema: -; Owner: sluice_owner

GRANT USAGE ON SCHEMA hierarchy TO sluice_app;
GRANT USAGE ON SCHEMA hierarchy TO sluice_files;
GRANT USAGE ON SCHEMA hierarchy TO sluice_verify;

-- Name: SCHEMA payments; Type: ACL; Schema: -; Owner: sluice_owner

GRANT USAGE ON SCHEMA payments TO sluice_app;
GRANT USAGE ON SCHEMA payments TO sluice_files;
GRANT USAGE ON SCHEMA payments TO sluice_verify;

-- Name: SCHEMA performance; Type: ACL; Schema: -; Owner: sluice_owner

GRANT USAGE ON SCHEMA performance TO sluice_app;
GRANT USAGE ON SCHEMA performance TO sluice_files;
GRANT USAGE ON SCHEMA performance TO sluice_verify;

-- Name: FUNCTION count_run_rows(); Type: ACL; Schema: payments; Owner: sluice_owner

REVOKE ALL ON FUNCTION payments.count_run_rows() FROM PUBLIC;
GRANT ALL ON FUNCTION payments.count_run_rows() TO sluice_app;

-- Name: TABLE app_user; Type: ACL; Schema: core; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE core.app_user TO sluice_app;
GRANT SELECT ON TABLE core.app_user TO sluice_verify;

-- Name: COLUMN app_user.display_name; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(display_name) ON TABLE core.app_user TO sluice_app;

-- Name: COLUMN app_user.email; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(email) ON TABLE core.app_user TO sluice_app;

-- Name: COLUMN app_user.disabled; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(disabled) ON TABLE core.app_user TO sluice_app;

-- Name: COLUMN app_user.version; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(version) ON TABLE core.app_user TO sluice_app;

-- Name: TABLE audit_event; Type: ACL; Schema: core; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE core.audit_event TO sluice_app;
GRANT SELECT ON TABLE core.audit_event TO sluice_verify;
GRANT INSERT ON TABLE core.audit_event TO sluice_files;

-- Name: TABLE audit_seal; Type: ACL; Schema: core; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE core.audit_seal TO sluice_app;
GRANT SELECT ON TABLE core.audit_seal TO sluice_verify;

-- Name: TABLE lease; Type: ACL; Schema: core; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE core.lease TO sluice_app;
GRANT SELECT ON TABLE core.lease TO sluice_verify;

-- Name: COLUMN lease.holder; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(holder) ON TABLE core.lease TO sluice_app;

-- Name: COLUMN lease.fence; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(fence) ON TABLE core.lease TO sluice_app;

-- Name: COLUMN lease.expires_at; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(expires_at) ON TABLE core.lease TO sluice_app;

-- Name: TABLE migration; Type: ACL; Schema: core; Owner: sluice_owner

GRANT SELECT ON TABLE core.migration TO sluice_app;
GRANT SELECT ON TABLE core.migration TO sluice_files;
GRANT SELECT ON TABLE core.migration TO sluice_verify;

-- Name: TABLE operation; Type: ACL; Schema: core; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE core.operation TO sluice_app;
GRANT SELECT ON TABLE core.operation TO sluice_verify;

-- Name: COLUMN operation.state; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE core.operation TO sluice_app;

-- Name: COLUMN operation.phase; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(phase) ON TABLE core.operation TO sluice_app;

-- Name: COLUMN operation.items_done; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(items_done) ON TABLE core.operation TO sluice_app;

-- Name: COLUMN operation.items_total; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(items_total) ON TABLE core.operation TO sluice_app;

-- Name: COLUMN operation.attempts; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(attempts) ON TABLE core.operation TO sluice_app;

-- Name: COLUMN operation.not_before; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(not_before) ON TABLE core.operation TO sluice_app;

-- Name: COLUMN operation.cancel_requested; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(cancel_requested) ON TABLE core.operation TO sluice_app;

-- Name: COLUMN operation.ended_at; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(ended_at) ON TABLE core.operation TO sluice_app;

-- Name: COLUMN operation.result; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(result) ON TABLE core.operation TO sluice_app;

-- Name: TABLE payer; Type: ACL; Schema: core; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE core.payer TO sluice_app;
GRANT SELECT ON TABLE core.payer TO sluice_files;
GRANT SELECT ON TABLE core.payer TO sluice_verify;

-- Name: TABLE proposal; Type: ACL; Schema: core; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE core.proposal TO sluice_app;
GRANT SELECT ON TABLE core.proposal TO sluice_verify;

-- Name: TABLE request; Type: ACL; Schema: core; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE core.request TO sluice_app;
GRANT SELECT ON TABLE core.request TO sluice_verify;

-- Name: TABLE upload; Type: ACL; Schema: core; Owner: sluice_owner

GRANT SELECT,INSERT,DELETE ON TABLE core.upload TO sluice_app;

-- Name: TABLE user_factor; Type: ACL; Schema: core; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE core.user_factor TO sluice_app;

-- Name: COLUMN user_factor.sealed; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(sealed) ON TABLE core.user_factor TO sluice_app;

-- Name: COLUMN user_factor.confirmed_at; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(confirmed_at) ON TABLE core.user_factor TO sluice_app;

-- Name: COLUMN user_factor.last_step; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(last_step) ON TABLE core.user_factor TO sluice_app;

-- Name: COLUMN user_factor.pending_sealed; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(pending_sealed) ON TABLE core.user_factor TO sluice_app;

-- Name: COLUMN user_factor.pending_at; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(pending_at) ON TABLE core.user_factor TO sluice_app;

-- Name: TABLE user_grant; Type: ACL; Schema: core; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE core.user_grant TO sluice_app;
GRANT SELECT ON TABLE core.user_grant TO sluice_verify;

-- Name: COLUMN user_grant.approved_by; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(approved_by) ON TABLE core.user_grant TO sluice_app;

-- Name: COLUMN user_grant.approved_at; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(approved_at) ON TABLE core.user_grant TO sluice_app;

-- Name: COLUMN user_grant.ended_by; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(ended_by) ON TABLE core.user_grant TO sluice_app;

-- Name: COLUMN user_grant.ended_at; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(ended_at) ON TABLE core.user_grant TO sluice_app;

-- Name: COLUMN user_grant.end_reason; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(end_reason) ON TABLE core.user_grant TO sluice_app;

-- Name: TABLE user_password; Type: ACL; Schema: core; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE core.user_password TO sluice_app;

-- Name: COLUMN user_password.verifier; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(verifier) ON TABLE core.user_password TO sluice_app;

-- Name: COLUMN user_password.changed_at; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(changed_at) ON TABLE core.user_password TO sluice_app;

-- Name: COLUMN user_password.failures; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(failures) ON TABLE core.user_password TO sluice_app;

-- Name: COLUMN user_password.locked_until; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(locked_until) ON TABLE core.user_password TO sluice_app;

-- Name: TABLE user_session; Type: ACL; Schema: core; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE core.user_session TO sluice_app;

-- Name: COLUMN user_session.last_seen_at; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(last_seen_at) ON TABLE core.user_session TO sluice_app;

-- Name: COLUMN user_session.stepped_up_at; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(stepped_up_at) ON TABLE core.user_session TO sluice_app;

-- Name: COLUMN user_session.ended_at; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(ended_at) ON TABLE core.user_session TO sluice_app;

-- Name: COLUMN user_session.end_reason; Type: ACL; Schema: core; Owner: sluice_owner

GRANT UPDATE(end_reason) ON TABLE core.user_session TO sluice_app;

-- Name: TABLE affiliation; Type: ACL; Schema: hierarchy; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE hierarchy.affiliation TO sluice_app;
GRANT SELECT ON TABLE hierarchy.affiliation TO sluice_verify;

-- Name: TABLE change; Type: ACL; Schema: hierarchy; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE hierarchy.change TO sluice_app;
GRANT SELECT ON TABLE hierarchy.change TO sluice_verify;

-- Name: TABLE contact; Type: ACL; Schema: hierarchy; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE hierarchy.contact TO sluice_app;
GRANT SELECT ON TABLE hierarchy.contact TO sluice_verify;

-- Name: TABLE head; Type: ACL; Schema: hierarchy; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE hierarchy.head TO sluice_app;
GRANT SELECT ON TABLE hierarchy.head TO sluice_verify;

-- Name: COLUMN head.change_number; Type: ACL; Schema: hierarchy; Owner: sluice_owner

GRANT UPDATE(change_number) ON TABLE hierarchy.head TO sluice_app;

-- Name: COLUMN head.recorded_at; Type: ACL; Schema: hierarchy; Owner: sluice_owner

GRANT UPDATE(recorded_at) ON TABLE hierarchy.head TO sluice_app;

-- Name: TABLE network_rule; Type: ACL; Schema: hierarchy; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE hierarchy.network_rule TO sluice_app;
GRANT SELECT ON TABLE hierarchy.network_rule TO sluice_verify;

-- Name: TABLE onboarding_event; Type: ACL; Schema: hierarchy; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE hierarchy.onboarding_event TO sluice_app;
GRANT SELECT ON TABLE hierarchy.onboarding_event TO sluice_verify;

-- Name: TABLE party; Type: ACL; Schema: hierarchy; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE hierarchy.party TO sluice_app;
GRANT SELECT ON TABLE hierarchy.party TO sluice_verify;

-- Name: TABLE party_detail; Type: ACL; Schema: hierarchy; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE hierarchy.party_detail TO sluice_app;
GRANT SELECT ON TABLE hierarchy.party_detail TO sluice_verify;

-- Name: TABLE party_identifier; Type: ACL; Schema: hierarchy; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE hierarchy.party_identifier TO sluice_app;
GRANT SELECT ON TABLE hierarchy.party_identifier TO sluice_verify;

-- Name: TABLE roster_import; Type: ACL; Schema: hierarchy; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE hierarchy.roster_import TO sluice_app;
GRANT SELECT ON TABLE hierarchy.roster_import TO sluice_verify;

-- Name: TABLE roster_reject; Type: ACL; Schema: hierarchy; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE hierarchy.roster_reject TO sluice_app;
GRANT SELECT ON TABLE hierarchy.roster_reject TO sluice_verify;

-- Name: TABLE account; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.account TO sluice_app;
GRANT SELECT ON TABLE payments.account TO sluice_verify;

-- Name: TABLE account_balance; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.account_balance TO sluice_app;
GRANT SELECT ON TABLE payments.account_balance TO sluice_verify;

-- Name: COLUMN account_balance.overdraft_cents; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(overdraft_cents) ON TABLE payments.account_balance TO sluice_app;

-- Name: COLUMN account_balance.debits_pending; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(debits_pending) ON TABLE payments.account_balance TO sluice_app;

-- Name: COLUMN account_balance.debits_posted; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(debits_posted) ON TABLE payments.account_balance TO sluice_app;

-- Name: COLUMN account_balance.credits_pending; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(credits_pending) ON TABLE payments.account_balance TO sluice_app;

-- Name: COLUMN account_balance.credits_posted; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(credits_posted) ON TABLE payments.account_balance TO sluice_app;

-- Name: COLUMN account_balance.version; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(version) ON TABLE payments.account_balance TO sluice_app;

-- Name: TABLE account_change_notice; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.account_change_notice TO sluice_app;
GRANT SELECT ON TABLE payments.account_change_notice TO sluice_files;
GRANT SELECT ON TABLE payments.account_change_notice TO sluice_verify;

-- Name: TABLE account_test; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT INSERT ON TABLE payments.account_test TO sluice_app;
GRANT SELECT ON TABLE payments.account_test TO sluice_files;

-- Name: COLUMN account_test.payer_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(payer_id) ON TABLE payments.account_test TO sluice_app;
GRANT SELECT(payer_id) ON TABLE payments.account_test TO sluice_verify;

-- Name: COLUMN account_test.test_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(test_id) ON TABLE payments.account_test TO sluice_app;
GRANT SELECT(test_id) ON TABLE payments.account_test TO sluice_verify;

-- Name: COLUMN account_test.account_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(account_id) ON TABLE payments.account_test TO sluice_app;
GRANT SELECT(account_id) ON TABLE payments.account_test TO sluice_verify;

-- Name: COLUMN account_test.version; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(version) ON TABLE payments.account_test TO sluice_app;
GRANT SELECT(version) ON TABLE payments.account_test TO sluice_verify;

-- Name: COLUMN account_test.payee_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(payee_id) ON TABLE payments.account_test TO sluice_app;
GRANT SELECT(payee_id) ON TABLE payments.account_test TO sluice_verify;

-- Name: COLUMN account_test.kind; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(kind) ON TABLE payments.account_test TO sluice_app;
GRANT SELECT(kind) ON TABLE payments.account_test TO sluice_verify;

-- Name: COLUMN account_test.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(state),UPDATE(state) ON TABLE payments.account_test TO sluice_app;
GRANT SELECT(state) ON TABLE payments.account_test TO sluice_verify;

-- Name: COLUMN account_test.attempts; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(attempts),UPDATE(attempts) ON TABLE payments.account_test TO sluice_app;
GRANT SELECT(attempts) ON TABLE payments.account_test TO sluice_verify;

-- Name: COLUMN account_test.amounts_index; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(amounts_index) ON TABLE payments.account_test TO sluice_app;

-- Name: COLUMN account_test.file_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(file_id),UPDATE(file_id) ON TABLE payments.account_test TO sluice_app;
GRANT SELECT(file_id) ON TABLE payments.account_test TO sluice_verify;

-- Name: COLUMN account_test.passes_on; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(passes_on),UPDATE(passes_on) ON TABLE payments.account_test TO sluice_app;
GRANT SELECT(passes_on) ON TABLE payments.account_test TO sluice_verify;

-- Name: COLUMN account_test.result; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(result),UPDATE(result) ON TABLE payments.account_test TO sluice_app;
GRANT SELECT(result) ON TABLE payments.account_test TO sluice_verify;

-- Name: COLUMN account_test.requested_by; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(requested_by) ON TABLE payments.account_test TO sluice_app;
GRANT SELECT(requested_by) ON TABLE payments.account_test TO sluice_verify;

-- Name: COLUMN account_test.requested_at; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(requested_at) ON TABLE payments.account_test TO sluice_app;
GRANT SELECT(requested_at) ON TABLE payments.account_test TO sluice_verify;

-- Name: COLUMN account_test.closed_at; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(closed_at),UPDATE(closed_at) ON TABLE payments.account_test TO sluice_app;
GRANT SELECT(closed_at) ON TABLE payments.account_test TO sluice_verify;

-- Name: TABLE account_test_entry; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT ON TABLE payments.account_test_entry TO sluice_app;
GRANT SELECT ON TABLE payments.account_test_entry TO sluice_verify;
GRANT SELECT,INSERT ON TABLE payments.account_test_entry TO sluice_files;

-- Name: TABLE backup_withholding; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.backup_withholding TO sluice_app;
GRANT SELECT ON TABLE payments.backup_withholding TO sluice_verify;

-- Name: COLUMN backup_withholding.ended_from; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(ended_from) ON TABLE payments.backup_withholding TO sluice_app;

-- Name: COLUMN backup_withholding.ended_by; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(ended_by) ON TABLE payments.backup_withholding TO sluice_app;

-- Name: COLUMN backup_withholding.ended_at; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(ended_at) ON TABLE payments.backup_withholding TO sluice_app;

-- Name: COLUMN backup_withholding.end_note; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(end_note) ON TABLE payments.backup_withholding TO sluice_app;

-- Name: TABLE balance_after; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.balance_after TO sluice_app;
GRANT SELECT ON TABLE payments.balance_after TO sluice_verify;

-- Name: TABLE bank_account; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.bank_account TO sluice_app;
GRANT SELECT ON TABLE payments.bank_account TO sluice_files;
GRANT SELECT ON TABLE payments.bank_account TO sluice_verify;

-- Name: COLUMN bank_account.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE payments.bank_account TO sluice_app;

-- Name: COLUMN bank_account.proof_no; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(proof_no) ON TABLE payments.bank_account TO sluice_app;

-- Name: COLUMN bank_account.approved_by; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(approved_by) ON TABLE payments.bank_account TO sluice_app;

-- Name: COLUMN bank_account.hold_until; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(hold_until) ON TABLE payments.bank_account TO sluice_app;

-- Name: TABLE bank_account_alert; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.bank_account_alert TO sluice_app;
GRANT SELECT ON TABLE payments.bank_account_alert TO sluice_verify;

-- Name: COLUMN bank_account_alert.cleared_by; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(cleared_by) ON TABLE payments.bank_account_alert TO sluice_app;

-- Name: COLUMN bank_account_alert.cleared_at; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(cleared_at) ON TABLE payments.bank_account_alert TO sluice_app;

-- Name: COLUMN bank_account_alert.clear_note; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(clear_note) ON TABLE payments.bank_account_alert TO sluice_app;

-- Name: TABLE bank_account_event; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.bank_account_event TO sluice_app;
GRANT SELECT ON TABLE payments.bank_account_event TO sluice_verify;

-- Name: TABLE bank_account_proof; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.bank_account_proof TO sluice_app;
GRANT SELECT ON TABLE payments.bank_account_proof TO sluice_verify;
GRANT SELECT ON TABLE payments.bank_account_proof TO sluice_files;

-- Name: TABLE bank_account_secret; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT INSERT ON TABLE payments.bank_account_secret TO sluice_app;
GRANT SELECT ON TABLE payments.bank_account_secret TO sluice_files;

-- Name: COLUMN bank_account_secret.payer_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(payer_id) ON TABLE payments.bank_account_secret TO sluice_app;

-- Name: COLUMN bank_account_secret.account_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(account_id) ON TABLE payments.bank_account_secret TO sluice_app;

-- Name: COLUMN bank_account_secret.version; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(version) ON TABLE payments.bank_account_secret TO sluice_app;

-- Name: COLUMN bank_account_secret.wrap_seq; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(wrap_seq) ON TABLE payments.bank_account_secret TO sluice_app;

-- Name: COLUMN bank_account_secret.payee_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(payee_id) ON TABLE payments.bank_account_secret TO sluice_app;

-- Name: COLUMN bank_account_secret.alg; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(alg) ON TABLE payments.bank_account_secret TO sluice_app;

-- Name: COLUMN bank_account_secret.key_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(key_id) ON TABLE payments.bank_account_secret TO sluice_app;

-- Name: COLUMN bank_account_secret.index_key_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(index_key_id) ON TABLE payments.bank_account_secret TO sluice_app;

-- Name: COLUMN bank_account_secret.blind_index; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(blind_index) ON TABLE payments.bank_account_secret TO sluice_app;

-- Name: COLUMN bank_account_secret.last4; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(last4) ON TABLE payments.bank_account_secret TO sluice_app;

-- Name: TABLE bank_line; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.bank_line TO sluice_app;
GRANT SELECT ON TABLE payments.bank_line TO sluice_files;
GRANT SELECT ON TABLE payments.bank_line TO sluice_verify;

-- Name: COLUMN bank_line.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE payments.bank_line TO sluice_app;

-- Name: TABLE bank_line_match; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.bank_line_match TO sluice_app;
GRANT SELECT ON TABLE payments.bank_line_match TO sluice_files;
GRANT SELECT ON TABLE payments.bank_line_match TO sluice_verify;

-- Name: TABLE bank_line_owner; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.bank_line_owner TO sluice_app;
GRANT SELECT ON TABLE payments.bank_line_owner TO sluice_verify;

-- Name: TABLE bank_statement; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.bank_statement TO sluice_app;
GRANT SELECT ON TABLE payments.bank_statement TO sluice_files;
GRANT SELECT ON TABLE payments.bank_statement TO sluice_verify;

-- Name: TABLE batch; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.batch TO sluice_app;
GRANT SELECT ON TABLE payments.batch TO sluice_verify;

-- Name: TABLE book; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.book TO sluice_app;
GRANT SELECT ON TABLE payments.book TO sluice_files;
GRANT SELECT ON TABLE payments.book TO sluice_verify;

-- Name: TABLE book_head; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.book_head TO sluice_app;
GRANT SELECT ON TABLE payments.book_head TO sluice_verify;

-- Name: COLUMN book_head.batch_seq; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(batch_seq) ON TABLE payments.book_head TO sluice_app;

-- Name: COLUMN book_head.hash; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(hash) ON TABLE payments.book_head TO sluice_app;

-- Name: COLUMN book_head.sealed_at_us; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(sealed_at_us) ON TABLE payments.book_head TO sluice_app;

-- Name: COLUMN book_head.closed_through; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(closed_through) ON TABLE payments.book_head TO sluice_app;

-- Name: TABLE check_choice; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.check_choice TO sluice_app;
GRANT SELECT ON TABLE payments.check_choice TO sluice_files;
GRANT SELECT ON TABLE payments.check_choice TO sluice_verify;

-- Name: TABLE check_event; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.check_event TO sluice_app;
GRANT SELECT ON TABLE payments.check_event TO sluice_files;
GRANT SELECT ON TABLE payments.check_event TO sluice_verify;

-- Name: TABLE check_issue; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.check_issue TO sluice_app;
GRANT SELECT ON TABLE payments.check_issue TO sluice_files;
GRANT SELECT ON TABLE payments.check_issue TO sluice_verify;

-- Name: COLUMN check_issue.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE payments.check_issue TO sluice_app;

-- Name: COLUMN check_issue.void_file_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(void_file_id) ON TABLE payments.check_issue TO sluice_app;

-- Name: TABLE check_replacement; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.check_replacement TO sluice_app;
GRANT SELECT ON TABLE payments.check_replacement TO sluice_files;
GRANT SELECT ON TABLE payments.check_replacement TO sluice_verify;

-- Name: TABLE check_stock; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.check_stock TO sluice_app;
GRANT SELECT ON TABLE payments.check_stock TO sluice_files;
GRANT SELECT ON TABLE payments.check_stock TO sluice_verify;

-- Name: COLUMN check_stock.next_number; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(next_number) ON TABLE payments.check_stock TO sluice_app;

-- Name: TABLE collected_award; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.collected_award TO sluice_app;
GRANT SELECT ON TABLE payments.collected_award TO sluice_files;
GRANT SELECT ON TABLE payments.collected_award TO sluice_verify;

-- Name: TABLE cycle; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.cycle TO sluice_app;
GRANT SELECT ON TABLE payments.cycle TO sluice_files;
GRANT SELECT ON TABLE payments.cycle TO sluice_verify;

-- Name: TABLE data_key; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.data_key TO sluice_app;
GRANT SELECT ON TABLE payments.data_key TO sluice_files;

-- Name: TABLE data_key_current; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.data_key_current TO sluice_app;
GRANT SELECT ON TABLE payments.data_key_current TO sluice_files;

-- Name: TABLE deposit_account; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.deposit_account TO sluice_app;
GRANT SELECT ON TABLE payments.deposit_account TO sluice_files;
GRANT SELECT ON TABLE payments.deposit_account TO sluice_verify;

-- Name: TABLE disbursement; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.disbursement TO sluice_app;
GRANT SELECT ON TABLE payments.disbursement TO sluice_verify;
GRANT SELECT ON TABLE payments.disbursement TO sluice_files;

-- Name: COLUMN disbursement.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE payments.disbursement TO sluice_app;
GRANT UPDATE(state) ON TABLE payments.disbursement TO sluice_files;

-- Name: TABLE dormancy_rule; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.dormancy_rule TO sluice_app;
GRANT SELECT ON TABLE payments.dormancy_rule TO sluice_verify;

-- Name: TABLE eft_enrollment; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.eft_enrollment TO sluice_app;
GRANT SELECT ON TABLE payments.eft_enrollment TO sluice_verify;

-- Name: TABLE eft_enrollment_field; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.eft_enrollment_field TO sluice_app;
GRANT SELECT ON TABLE payments.eft_enrollment_field TO sluice_verify;

-- Name: TABLE file_address; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.file_address TO sluice_app;
GRANT SELECT ON TABLE payments.file_address TO sluice_files;
GRANT SELECT ON TABLE payments.file_address TO sluice_verify;

-- Name: TABLE file_entry; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.file_entry TO sluice_app;
GRANT SELECT ON TABLE payments.file_entry TO sluice_verify;
GRANT SELECT,INSERT ON TABLE payments.file_entry TO sluice_files;

-- Name: TABLE funding_instruction; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.funding_instruction TO sluice_app;
GRANT SELECT ON TABLE payments.funding_instruction TO sluice_verify;

-- Name: COLUMN funding_instruction.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE payments.funding_instruction TO sluice_app;

-- Name: COLUMN funding_instruction.line_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(line_id) ON TABLE payments.funding_instruction TO sluice_app;

-- Name: TABLE inbound_content; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.inbound_content TO sluice_files;

-- Name: TABLE inbound_delivery; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.inbound_delivery TO sluice_files;
GRANT SELECT ON TABLE payments.inbound_delivery TO sluice_app;
GRANT SELECT ON TABLE payments.inbound_delivery TO sluice_verify;

-- Name: TABLE inbound_fault; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.inbound_fault TO sluice_files;
GRANT SELECT ON TABLE payments.inbound_fault TO sluice_app;
GRANT SELECT ON TABLE payments.inbound_fault TO sluice_verify;

-- Name: TABLE inbound_file; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.inbound_file TO sluice_files;
GRANT SELECT ON TABLE payments.inbound_file TO sluice_app;
GRANT SELECT ON TABLE payments.inbound_file TO sluice_verify;

-- Name: COLUMN inbound_file.kind; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(kind) ON TABLE payments.inbound_file TO sluice_files;

-- Name: COLUMN inbound_file.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE payments.inbound_file TO sluice_files;
GRANT UPDATE(state) ON TABLE payments.inbound_file TO sluice_app;

-- Name: COLUMN inbound_file.reason; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(reason) ON TABLE payments.inbound_file TO sluice_files;
GRANT UPDATE(reason) ON TABLE payments.inbound_file TO sluice_app;

-- Name: TABLE inbound_item; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.inbound_item TO sluice_files;
GRANT SELECT ON TABLE payments.inbound_item TO sluice_app;
GRANT SELECT ON TABLE payments.inbound_item TO sluice_verify;

-- Name: COLUMN inbound_item.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE payments.inbound_item TO sluice_files;
GRANT UPDATE(state) ON TABLE payments.inbound_item TO sluice_app;

-- Name: COLUMN inbound_item.reason; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(reason) ON TABLE payments.inbound_item TO sluice_files;
GRANT UPDATE(reason) ON TABLE payments.inbound_item TO sluice_app;

-- Name: COLUMN inbound_item.target_book_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(target_book_id) ON TABLE payments.inbound_item TO sluice_files;
GRANT UPDATE(target_book_id) ON TABLE payments.inbound_item TO sluice_app;

-- Name: COLUMN inbound_item.target_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(target_id) ON TABLE payments.inbound_item TO sluice_files;
GRANT UPDATE(target_id) ON TABLE payments.inbound_item TO sluice_app;

-- Name: COLUMN inbound_item.due_on; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(due_on) ON TABLE payments.inbound_item TO sluice_files;
GRANT UPDATE(due_on) ON TABLE payments.inbound_item TO sluice_app;

-- Name: COLUMN inbound_item.changed_by; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(changed_by) ON TABLE payments.inbound_item TO sluice_files;
GRANT UPDATE(changed_by) ON TABLE payments.inbound_item TO sluice_app;

-- Name: COLUMN inbound_item.changed_at; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(changed_at) ON TABLE payments.inbound_item TO sluice_files;
GRANT UPDATE(changed_at) ON TABLE payments.inbound_item TO sluice_app;

-- Name: TABLE institution; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.institution TO sluice_app;
GRANT SELECT ON TABLE payments.institution TO sluice_verify;

-- Name: TABLE institution_import; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.institution_import TO sluice_app;
GRANT SELECT ON TABLE payments.institution_import TO sluice_verify;

-- Name: TABLE journal; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.journal TO sluice_app;
GRANT SELECT ON TABLE payments.journal TO sluice_verify;

-- Name: TABLE late_interest; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.late_interest TO sluice_app;
GRANT SELECT ON TABLE payments.late_interest TO sluice_verify;

-- Name: TABLE late_interest_terms; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.late_interest_terms TO sluice_app;
GRANT SELECT ON TABLE payments.late_interest_terms TO sluice_verify;

-- Name: TABLE limit_change; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.limit_change TO sluice_app;
GRANT SELECT ON TABLE payments.limit_change TO sluice_verify;

-- Name: TABLE line_decision; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.line_decision TO sluice_app;
GRANT SELECT ON TABLE payments.line_decision TO sluice_verify;

-- Name: TABLE line_split; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.line_split TO sluice_app;
GRANT SELECT ON TABLE payments.line_split TO sluice_verify;

-- Name: COLUMN line_split.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE payments.line_split TO sluice_app;

-- Name: COLUMN line_split.decided_by; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(decided_by) ON TABLE payments.line_split TO sluice_app;

-- Name: COLUMN line_split.decided_at; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(decided_at) ON TABLE payments.line_split TO sluice_app;

-- Name: COLUMN line_split.decision; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(decision) ON TABLE payments.line_split TO sluice_app;

-- Name: TABLE line_split_part; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.line_split_part TO sluice_app;
GRANT SELECT ON TABLE payments.line_split_part TO sluice_verify;

-- Name: TABLE number_counter; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.number_counter TO sluice_app;

-- Name: COLUMN number_counter.next_number; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(next_number) ON TABLE payments.number_counter TO sluice_app;

-- Name: TABLE number_range; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.number_range TO sluice_app;
GRANT SELECT ON TABLE payments.number_range TO sluice_files;

-- Name: TABLE obligation; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.obligation TO sluice_app;
GRANT SELECT ON TABLE payments.obligation TO sluice_files;
GRANT SELECT ON TABLE payments.obligation TO sluice_verify;

-- Name: COLUMN obligation.payee_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(payee_id) ON TABLE payments.obligation TO sluice_app;

-- Name: COLUMN obligation.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE payments.obligation TO sluice_app;

-- Name: COLUMN obligation.recognized; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(recognized) ON TABLE payments.obligation TO sluice_app;

-- Name: COLUMN obligation.routed_from; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(routed_from) ON TABLE payments.obligation TO sluice_app;

-- Name: TABLE obligation_claim; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.obligation_claim TO sluice_app;
GRANT SELECT ON TABLE payments.obligation_claim TO sluice_verify;
GRANT SELECT ON TABLE payments.obligation_claim TO sluice_files;

-- Name: COLUMN obligation_claim.live; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(live) ON TABLE payments.obligation_claim TO sluice_app;

-- Name: TABLE offset_plan; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.offset_plan TO sluice_app;
GRANT SELECT ON TABLE payments.offset_plan TO sluice_verify;

-- Name: TABLE payee; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.payee TO sluice_app;
GRANT SELECT ON TABLE payments.payee TO sluice_files;
GRANT SELECT ON TABLE payments.payee TO sluice_verify;

-- Name: COLUMN payee.kind; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(kind) ON TABLE payments.payee TO sluice_app;

-- Name: COLUMN payee.name; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(name) ON TABLE payments.payee TO sluice_app;

-- Name: COLUMN payee.tin; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(tin) ON TABLE payments.payee TO sluice_app;

-- Name: COLUMN payee.npi; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(npi) ON TABLE payments.payee TO sluice_app;

-- Name: COLUMN payee.provider; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(provider) ON TABLE payments.payee TO sluice_app;

-- Name: COLUMN payee.street; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(street) ON TABLE payments.payee TO sluice_app;

-- Name: COLUMN payee.city; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(city) ON TABLE payments.payee TO sluice_app;

-- Name: COLUMN payee.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE payments.payee TO sluice_app;

-- Name: COLUMN payee.zip; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(zip) ON TABLE payments.payee TO sluice_app;

-- Name: COLUMN payee.recorded_by; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(recorded_by) ON TABLE payments.payee TO sluice_app;

-- Name: COLUMN payee.recorded_at; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(recorded_at) ON TABLE payments.payee TO sluice_app;

-- Name: TABLE payee_hold; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.payee_hold TO sluice_app;
GRANT SELECT ON TABLE payments.payee_hold TO sluice_files;
GRANT SELECT ON TABLE payments.payee_hold TO sluice_verify;

-- Name: COLUMN payee_hold.cleared_by; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(cleared_by) ON TABLE payments.payee_hold TO sluice_app;

-- Name: COLUMN payee_hold.cleared_at; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(cleared_at) ON TABLE payments.payee_hold TO sluice_app;

-- Name: COLUMN payee_hold.clear_note; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(clear_note) ON TABLE payments.payee_hold TO sluice_app;

-- Name: TABLE payee_identity; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.payee_identity TO sluice_app;

-- Name: TABLE payee_notice; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.payee_notice TO sluice_app;
GRANT SELECT ON TABLE payments.payee_notice TO sluice_verify;

-- Name: COLUMN payee_notice.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE payments.payee_notice TO sluice_app;

-- Name: COLUMN payee_notice.moved_at; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(moved_at) ON TABLE payments.payee_notice TO sluice_app;

-- Name: COLUMN payee_notice.detail; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(detail) ON TABLE payments.payee_notice TO sluice_app;

-- Name: TABLE payee_tax_form; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT INSERT ON TABLE payments.payee_tax_form TO sluice_app;
GRANT SELECT ON TABLE payments.payee_tax_form TO sluice_files;

-- Name: COLUMN payee_tax_form.payee_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(payee_id) ON TABLE payments.payee_tax_form TO sluice_app;
GRANT SELECT(payee_id) ON TABLE payments.payee_tax_form TO sluice_verify;

-- Name: COLUMN payee_tax_form.payer_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(payer_id) ON TABLE payments.payee_tax_form TO sluice_app;
GRANT SELECT(payer_id) ON TABLE payments.payee_tax_form TO sluice_verify;

-- Name: COLUMN payee_tax_form.certified_on; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(certified_on) ON TABLE payments.payee_tax_form TO sluice_app;
GRANT SELECT(certified_on) ON TABLE payments.payee_tax_form TO sluice_verify;

-- Name: COLUMN payee_tax_form.recorded_by; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(recorded_by) ON TABLE payments.payee_tax_form TO sluice_app;
GRANT SELECT(recorded_by) ON TABLE payments.payee_tax_form TO sluice_verify;

-- Name: COLUMN payee_tax_form.recorded_at; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(recorded_at) ON TABLE payments.payee_tax_form TO sluice_app;
GRANT SELECT(recorded_at) ON TABLE payments.payee_tax_form TO sluice_verify;

-- Name: COLUMN payee_tax_form.legal_name; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(legal_name) ON TABLE payments.payee_tax_form TO sluice_app;
GRANT SELECT(legal_name) ON TABLE payments.payee_tax_form TO sluice_verify;

-- Name: COLUMN payee_tax_form.business_name; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(business_name) ON TABLE payments.payee_tax_form TO sluice_app;
GRANT SELECT(business_name) ON TABLE payments.payee_tax_form TO sluice_verify;

-- Name: COLUMN payee_tax_form.classification; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(classification) ON TABLE payments.payee_tax_form TO sluice_app;
GRANT SELECT(classification) ON TABLE payments.payee_tax_form TO sluice_verify;

-- Name: COLUMN payee_tax_form.exempt_code; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(exempt_code) ON TABLE payments.payee_tax_form TO sluice_app;
GRANT SELECT(exempt_code) ON TABLE payments.payee_tax_form TO sluice_verify;

-- Name: COLUMN payee_tax_form.tin_kind; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(tin_kind) ON TABLE payments.payee_tax_form TO sluice_app;
GRANT SELECT(tin_kind) ON TABLE payments.payee_tax_form TO sluice_verify;

-- Name: COLUMN payee_tax_form.tin_last4; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(tin_last4) ON TABLE payments.payee_tax_form TO sluice_app;
GRANT SELECT(tin_last4) ON TABLE payments.payee_tax_form TO sluice_verify;

-- Name: COLUMN payee_tax_form.blind_index; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(blind_index) ON TABLE payments.payee_tax_form TO sluice_app;
GRANT SELECT(blind_index) ON TABLE payments.payee_tax_form TO sluice_verify;

-- Name: TABLE payment_file; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.payment_file TO sluice_app;
GRANT SELECT ON TABLE payments.payment_file TO sluice_verify;
GRANT SELECT ON TABLE payments.payment_file TO sluice_files;

-- Name: COLUMN payment_file.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE payments.payment_file TO sluice_app;
GRANT UPDATE(state) ON TABLE payments.payment_file TO sluice_files;

-- Name: TABLE payment_file_content; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.payment_file_content TO sluice_files;

-- Name: COLUMN payment_file_content.book_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(book_id) ON TABLE payments.payment_file_content TO sluice_app;
GRANT SELECT(book_id) ON TABLE payments.payment_file_content TO sluice_verify;

-- Name: COLUMN payment_file_content.file_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(file_id) ON TABLE payments.payment_file_content TO sluice_app;
GRANT SELECT(file_id) ON TABLE payments.payment_file_content TO sluice_verify;

-- Name: COLUMN payment_file_content.size_bytes; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(size_bytes) ON TABLE payments.payment_file_content TO sluice_app;
GRANT SELECT(size_bytes) ON TABLE payments.payment_file_content TO sluice_verify;

-- Name: COLUMN payment_file_content.entry_count; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(entry_count) ON TABLE payments.payment_file_content TO sluice_app;
GRANT SELECT(entry_count) ON TABLE payments.payment_file_content TO sluice_verify;

-- Name: COLUMN payment_file_content.total_cents; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(total_cents) ON TABLE payments.payment_file_content TO sluice_app;
GRANT SELECT(total_cents) ON TABLE payments.payment_file_content TO sluice_verify;

-- Name: COLUMN payment_file_content.recorded_at; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(recorded_at) ON TABLE payments.payment_file_content TO sluice_app;
GRANT SELECT(recorded_at) ON TABLE payments.payment_file_content TO sluice_verify;

-- Name: TABLE payment_file_event; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.payment_file_event TO sluice_app;
GRANT SELECT ON TABLE payments.payment_file_event TO sluice_verify;
GRANT SELECT,INSERT ON TABLE payments.payment_file_event TO sluice_files;

-- Name: TABLE payment_mark; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.payment_mark TO sluice_app;
GRANT SELECT ON TABLE payments.payment_mark TO sluice_verify;

-- Name: TABLE payment_preference; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.payment_preference TO sluice_app;
GRANT SELECT ON TABLE payments.payment_preference TO sluice_files;
GRANT SELECT ON TABLE payments.payment_preference TO sluice_verify;

-- Name: TABLE payment_preference_confirmation; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.payment_preference_confirmation TO sluice_app;
GRANT SELECT ON TABLE payments.payment_preference_confirmation TO sluice_files;
GRANT SELECT ON TABLE payments.payment_preference_confirmation TO sluice_verify;

-- Name: TABLE payment_rules; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.payment_rules TO sluice_app;
GRANT SELECT ON TABLE payments.payment_rules TO sluice_verify;

-- Name: TABLE pending_resolution; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.pending_resolution TO sluice_app;
GRANT SELECT ON TABLE payments.pending_resolution TO sluice_verify;

-- Name: TABLE pool; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.pool TO sluice_app;
GRANT SELECT ON TABLE payments.pool TO sluice_files;
GRANT SELECT ON TABLE payments.pool TO sluice_verify;

-- Name: TABLE pool_transfer; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.pool_transfer TO sluice_app;
GRANT SELECT ON TABLE payments.pool_transfer TO sluice_verify;

-- Name: COLUMN pool_transfer.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE payments.pool_transfer TO sluice_app;

-- Name: COLUMN pool_transfer.decided_by; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(decided_by) ON TABLE payments.pool_transfer TO sluice_app;

-- Name: COLUMN pool_transfer.decided_at; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(decided_at) ON TABLE payments.pool_transfer TO sluice_app;

-- Name: COLUMN pool_transfer.decision; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(decision) ON TABLE payments.pool_transfer TO sluice_app;

-- Name: TABLE program_tax_box; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.program_tax_box TO sluice_app;
GRANT SELECT ON TABLE payments.program_tax_box TO sluice_verify;

-- Name: TABLE recoup_notice; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.recoup_notice TO sluice_app;
GRANT SELECT ON TABLE payments.recoup_notice TO sluice_verify;

-- Name: COLUMN recoup_notice.noticed_on; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(noticed_on) ON TABLE payments.recoup_notice TO sluice_app;

-- Name: COLUMN recoup_notice.offset_from; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(offset_from) ON TABLE payments.recoup_notice TO sluice_app;

-- Name: COLUMN recoup_notice.how; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(how) ON TABLE payments.recoup_notice TO sluice_app;

-- Name: COLUMN recoup_notice.noticed_by; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(noticed_by) ON TABLE payments.recoup_notice TO sluice_app;

-- Name: TABLE remittance; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.remittance TO sluice_app;
GRANT SELECT ON TABLE payments.remittance TO sluice_verify;
GRANT SELECT,INSERT ON TABLE payments.remittance TO sluice_files;

-- Name: TABLE remittance_drop; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.remittance_drop TO sluice_app;
GRANT SELECT ON TABLE payments.remittance_drop TO sluice_files;
GRANT SELECT ON TABLE payments.remittance_drop TO sluice_verify;

-- Name: TABLE remittance_queue; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.remittance_queue TO sluice_app;
GRANT SELECT ON TABLE payments.remittance_queue TO sluice_files;
GRANT SELECT ON TABLE payments.remittance_queue TO sluice_verify;

-- Name: COLUMN remittance_queue.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE payments.remittance_queue TO sluice_app;

-- Name: COLUMN remittance_queue.delivered_on; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(delivered_on) ON TABLE payments.remittance_queue TO sluice_app;

-- Name: COLUMN remittance_queue.how; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(how) ON TABLE payments.remittance_queue TO sluice_app;

-- Name: COLUMN remittance_queue.done_by; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(done_by) ON TABLE payments.remittance_queue TO sluice_app;

-- Name: COLUMN remittance_queue.done_at; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(done_at) ON TABLE payments.remittance_queue TO sluice_app;

-- Name: TABLE return_dispute; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.return_dispute TO sluice_app;
GRANT SELECT ON TABLE payments.return_dispute TO sluice_verify;

-- Name: TABLE returned_payment; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.returned_payment TO sluice_app;
GRANT SELECT ON TABLE payments.returned_payment TO sluice_files;
GRANT SELECT ON TABLE payments.returned_payment TO sluice_verify;

-- Name: COLUMN returned_payment.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE payments.returned_payment TO sluice_app;

-- Name: COLUMN returned_payment.decided_by; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(decided_by) ON TABLE payments.returned_payment TO sluice_app;

-- Name: COLUMN returned_payment.second_by; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(second_by) ON TABLE payments.returned_payment TO sluice_app;

-- Name: COLUMN returned_payment.decided_at; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(decided_at) ON TABLE payments.returned_payment TO sluice_app;

-- Name: COLUMN returned_payment.decision; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(decision) ON TABLE payments.returned_payment TO sluice_app;

-- Name: TABLE reversal; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.reversal TO sluice_app;
GRANT SELECT ON TABLE payments.reversal TO sluice_files;
GRANT SELECT ON TABLE payments.reversal TO sluice_verify;

-- Name: COLUMN reversal.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE payments.reversal TO sluice_app;

-- Name: COLUMN reversal.decided_by; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(decided_by) ON TABLE payments.reversal TO sluice_app;

-- Name: COLUMN reversal.decided_at; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(decided_at) ON TABLE payments.reversal TO sluice_app;

-- Name: COLUMN reversal.file_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(file_id) ON TABLE payments.reversal TO sluice_app;

-- Name: COLUMN reversal.effective_date; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(effective_date) ON TABLE payments.reversal TO sluice_app;

-- Name: COLUMN reversal.credited_on; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(credited_on) ON TABLE payments.reversal TO sluice_app;

-- Name: COLUMN reversal.line_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(line_id) ON TABLE payments.reversal TO sluice_app;

-- Name: COLUMN reversal.result; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(result) ON TABLE payments.reversal TO sluice_app;

-- Name: TABLE reversal_entry; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT ON TABLE payments.reversal_entry TO sluice_app;
GRANT SELECT,INSERT ON TABLE payments.reversal_entry TO sluice_files;
GRANT SELECT ON TABLE payments.reversal_entry TO sluice_verify;

-- Name: TABLE run; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.run TO sluice_app;
GRANT SELECT ON TABLE payments.run TO sluice_files;
GRANT SELECT ON TABLE payments.run TO sluice_verify;

-- Name: COLUMN run.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE payments.run TO sluice_app;

-- Name: COLUMN run.version; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(version) ON TABLE payments.run TO sluice_app;

-- Name: COLUMN run.revision; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(revision) ON TABLE payments.run TO sluice_app;

-- Name: COLUMN run.fence; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(fence) ON TABLE payments.run TO sluice_app;
GRANT UPDATE(fence) ON TABLE payments.run TO sluice_files;

-- Name: COLUMN run.hold_attempt; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(hold_attempt) ON TABLE payments.run TO sluice_app;

-- Name: COLUMN run.hold_expires_at; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(hold_expires_at) ON TABLE payments.run TO sluice_app;

-- Name: TABLE run_approval; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.run_approval TO sluice_app;
GRANT SELECT ON TABLE payments.run_approval TO sluice_files;
GRANT SELECT ON TABLE payments.run_approval TO sluice_verify;

-- Name: TABLE run_batch; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.run_batch TO sluice_app;
GRANT SELECT ON TABLE payments.run_batch TO sluice_files;
GRANT SELECT ON TABLE payments.run_batch TO sluice_verify;

-- Name: TABLE run_editor; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.run_editor TO sluice_app;
GRANT SELECT ON TABLE payments.run_editor TO sluice_files;
GRANT SELECT ON TABLE payments.run_editor TO sluice_verify;

-- Name: TABLE run_event; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.run_event TO sluice_app;
GRANT SELECT ON TABLE payments.run_event TO sluice_files;
GRANT SELECT ON TABLE payments.run_event TO sluice_verify;

-- Name: TABLE run_line; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.run_line TO sluice_app;
GRANT SELECT ON TABLE payments.run_line TO sluice_files;
GRANT SELECT ON TABLE payments.run_line TO sluice_verify;

-- Name: TABLE run_payee; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.run_payee TO sluice_app;
GRANT SELECT ON TABLE payments.run_payee TO sluice_files;
GRANT SELECT ON TABLE payments.run_payee TO sluice_verify;

-- Name: TABLE run_revision; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.run_revision TO sluice_app;
GRANT SELECT ON TABLE payments.run_revision TO sluice_files;
GRANT SELECT ON TABLE payments.run_revision TO sluice_verify;

-- Name: TABLE run_stop; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.run_stop TO sluice_app;
GRANT SELECT ON TABLE payments.run_stop TO sluice_verify;

-- Name: TABLE screening_decision; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.screening_decision TO sluice_app;
GRANT SELECT ON TABLE payments.screening_decision TO sluice_verify;

-- Name: TABLE screening_entry; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.screening_entry TO sluice_app;

-- Name: TABLE screening_hit; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.screening_hit TO sluice_app;
GRANT SELECT ON TABLE payments.screening_hit TO sluice_verify;

-- Name: COLUMN screening_hit.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE payments.screening_hit TO sluice_app;

-- Name: TABLE screening_list; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.screening_list TO sluice_app;
GRANT SELECT ON TABLE payments.screening_list TO sluice_verify;

-- Name: TABLE screening_name; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.screening_name TO sluice_app;

-- Name: TABLE screening_run; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.screening_run TO sluice_app;
GRANT SELECT ON TABLE payments.screening_run TO sluice_verify;

-- Name: TABLE side_file; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT INSERT ON TABLE payments.side_file TO sluice_app;
GRANT SELECT ON TABLE payments.side_file TO sluice_files;

-- Name: COLUMN side_file.payer_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(payer_id) ON TABLE payments.side_file TO sluice_app;
GRANT SELECT(payer_id) ON TABLE payments.side_file TO sluice_verify;

-- Name: COLUMN side_file.file_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(file_id) ON TABLE payments.side_file TO sluice_app;
GRANT SELECT(file_id) ON TABLE payments.side_file TO sluice_verify;

-- Name: COLUMN side_file.book_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(book_id) ON TABLE payments.side_file TO sluice_app;
GRANT SELECT(book_id) ON TABLE payments.side_file TO sluice_verify;

-- Name: COLUMN side_file.name; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(name) ON TABLE payments.side_file TO sluice_app;
GRANT SELECT(name) ON TABLE payments.side_file TO sluice_verify;

-- Name: COLUMN side_file.created_at; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(created_at) ON TABLE payments.side_file TO sluice_app;
GRANT SELECT(created_at) ON TABLE payments.side_file TO sluice_verify;

-- Name: COLUMN side_file.modifier; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(modifier) ON TABLE payments.side_file TO sluice_app;
GRANT SELECT(modifier) ON TABLE payments.side_file TO sluice_verify;

-- Name: COLUMN side_file.first_trace; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(first_trace) ON TABLE payments.side_file TO sluice_app;
GRANT SELECT(first_trace) ON TABLE payments.side_file TO sluice_verify;

-- Name: COLUMN side_file.effective_date; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(effective_date) ON TABLE payments.side_file TO sluice_app;
GRANT SELECT(effective_date) ON TABLE payments.side_file TO sluice_verify;

-- Name: COLUMN side_file.entry_count; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(entry_count) ON TABLE payments.side_file TO sluice_app;
GRANT SELECT(entry_count) ON TABLE payments.side_file TO sluice_verify;

-- Name: COLUMN side_file.total_cents; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(total_cents) ON TABLE payments.side_file TO sluice_app;
GRANT SELECT(total_cents) ON TABLE payments.side_file TO sluice_verify;
GRANT UPDATE(total_cents) ON TABLE payments.side_file TO sluice_files;

-- Name: COLUMN side_file.state; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(state),UPDATE(state) ON TABLE payments.side_file TO sluice_app;
GRANT SELECT(state) ON TABLE payments.side_file TO sluice_verify;
GRANT UPDATE(state) ON TABLE payments.side_file TO sluice_files;

-- Name: COLUMN side_file.sha256; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(sha256) ON TABLE payments.side_file TO sluice_files;

-- Name: COLUMN side_file.key_id; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(key_id) ON TABLE payments.side_file TO sluice_files;

-- Name: COLUMN side_file.nonce; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(nonce) ON TABLE payments.side_file TO sluice_files;

-- Name: COLUMN side_file.ciphertext; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(ciphertext) ON TABLE payments.side_file TO sluice_files;

-- Name: COLUMN side_file.tag; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT UPDATE(tag) ON TABLE payments.side_file TO sluice_files;

-- Name: COLUMN side_file.recorded_by; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(recorded_by) ON TABLE payments.side_file TO sluice_app;
GRANT SELECT(recorded_by) ON TABLE payments.side_file TO sluice_verify;

-- Name: COLUMN side_file.recorded_at; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(recorded_at) ON TABLE payments.side_file TO sluice_app;
GRANT SELECT(recorded_at) ON TABLE payments.side_file TO sluice_verify;

-- Name: COLUMN side_file.kind; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT(kind) ON TABLE payments.side_file TO sluice_app;
GRANT SELECT(kind) ON TABLE payments.side_file TO sluice_verify;

-- Name: TABLE tax_parameter; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT ON TABLE payments.tax_parameter TO sluice_app;
GRANT SELECT ON TABLE payments.tax_parameter TO sluice_verify;

-- Name: TABLE tin_match; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.tin_match TO sluice_app;
GRANT SELECT ON TABLE payments.tin_match TO sluice_verify;

-- Name: TABLE transfer; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.transfer TO sluice_app;
GRANT SELECT ON TABLE payments.transfer TO sluice_verify;

-- Name: TABLE unclaimed_event; Type: ACL; Schema: payments; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE payments.unclaimed_event TO sluice_app;
GRANT SELECT ON TABLE payments.unclaimed_event TO sluice_verify;

-- Name: TABLE activity_event; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.activity_event TO sluice_app;
GRANT SELECT ON TABLE performance.activity_event TO sluice_verify;

-- Name: TABLE activity_line; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.activity_line TO sluice_app;
GRANT SELECT ON TABLE performance.activity_line TO sluice_verify;

-- Name: TABLE activity_run; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.activity_run TO sluice_app;
GRANT SELECT ON TABLE performance.activity_run TO sluice_verify;

-- Name: TABLE approval_delegation; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.approval_delegation TO sluice_app;
GRANT SELECT ON TABLE performance.approval_delegation TO sluice_verify;

-- Name: TABLE attribution_audit; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.attribution_audit TO sluice_app;
GRANT SELECT ON TABLE performance.attribution_audit TO sluice_verify;

-- Name: TABLE attribution_entry; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.attribution_entry TO sluice_app;
GRANT SELECT ON TABLE performance.attribution_entry TO sluice_verify;

-- Name: TABLE attribution_finding; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.attribution_finding TO sluice_app;
GRANT SELECT ON TABLE performance.attribution_finding TO sluice_verify;

-- Name: TABLE attribution_list; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.attribution_list TO sluice_app;
GRANT SELECT ON TABLE performance.attribution_list TO sluice_verify;

-- Name: TABLE attribution_list_status; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.attribution_list_status TO sluice_app;
GRANT SELECT ON TABLE performance.attribution_list_status TO sluice_verify;

-- Name: TABLE attribution_method; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.attribution_method TO sluice_app;
GRANT SELECT ON TABLE performance.attribution_method TO sluice_verify;

-- Name: TABLE attribution_override; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.attribution_override TO sluice_app;
GRANT SELECT ON TABLE performance.attribution_override TO sluice_verify;

-- Name: TABLE attribution_response; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.attribution_response TO sluice_app;
GRANT SELECT ON TABLE performance.attribution_response TO sluice_verify;

-- Name: TABLE attribution_unattributed; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.attribution_unattributed TO sluice_app;
GRANT SELECT ON TABLE performance.attribution_unattributed TO sluice_verify;

-- Name: TABLE attribution_unattributed_member; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.attribution_unattributed_member TO sluice_app;
GRANT SELECT ON TABLE performance.attribution_unattributed_member TO sluice_verify;

-- Name: TABLE award; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.award TO sluice_app;
GRANT SELECT ON TABLE performance.award TO sluice_verify;

-- Name: TABLE award_override; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.award_override TO sluice_app;
GRANT SELECT ON TABLE performance.award_override TO sluice_verify;

-- Name: TABLE award_override_step; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.award_override_step TO sluice_app;
GRANT SELECT ON TABLE performance.award_override_step TO sluice_verify;

-- Name: TABLE award_split; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.award_split TO sluice_app;
GRANT SELECT ON TABLE performance.award_split TO sluice_verify;

-- Name: TABLE calculation_input; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.calculation_input TO sluice_app;
GRANT SELECT ON TABLE performance.calculation_input TO sluice_verify;

-- Name: TABLE calculation_package; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.calculation_package TO sluice_app;
GRANT SELECT ON TABLE performance.calculation_package TO sluice_verify;

-- Name: TABLE change_decision; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.change_decision TO sluice_app;
GRANT SELECT ON TABLE performance.change_decision TO sluice_verify;

-- Name: TABLE change_event; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.change_event TO sluice_app;
GRANT SELECT ON TABLE performance.change_event TO sluice_verify;

-- Name: TABLE change_rules; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.change_rules TO sluice_app;
GRANT SELECT ON TABLE performance.change_rules TO sluice_verify;

-- Name: TABLE change_watermark; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.change_watermark TO sluice_app;
GRANT SELECT ON TABLE performance.change_watermark TO sluice_verify;

-- Name: COLUMN change_watermark.seen_until; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT UPDATE(seen_until) ON TABLE performance.change_watermark TO sluice_app;

-- Name: COLUMN change_watermark.seen_version; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT UPDATE(seen_version) ON TABLE performance.change_watermark TO sluice_app;

-- Name: TABLE contract; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.contract TO sluice_app;
GRANT SELECT ON TABLE performance.contract TO sluice_files;
GRANT SELECT ON TABLE performance.contract TO sluice_verify;

-- Name: COLUMN contract.effective_to; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT UPDATE(effective_to) ON TABLE performance.contract TO sluice_app;

-- Name: TABLE contract_approval; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.contract_approval TO sluice_app;
GRANT SELECT ON TABLE performance.contract_approval TO sluice_verify;

-- Name: TABLE contract_approver; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.contract_approver TO sluice_app;
GRANT SELECT ON TABLE performance.contract_approver TO sluice_verify;

-- Name: TABLE contract_date_done; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.contract_date_done TO sluice_app;
GRANT SELECT ON TABLE performance.contract_date_done TO sluice_verify;

-- Name: TABLE contract_move; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.contract_move TO sluice_app;
GRANT SELECT ON TABLE performance.contract_move TO sluice_verify;

-- Name: TABLE contract_signature; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.contract_signature TO sluice_app;
GRANT SELECT ON TABLE performance.contract_signature TO sluice_verify;

-- Name: TABLE contract_template; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.contract_template TO sluice_app;
GRANT SELECT ON TABLE performance.contract_template TO sluice_verify;

-- Name: TABLE contract_template_version; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.contract_template_version TO sluice_app;
GRANT SELECT ON TABLE performance.contract_template_version TO sluice_verify;

-- Name: TABLE contract_version; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.contract_version TO sluice_app;
GRANT SELECT ON TABLE performance.contract_version TO sluice_verify;

-- Name: TABLE coverage_span; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.coverage_span TO sluice_app;
GRANT SELECT ON TABLE performance.coverage_span TO sluice_verify;

-- Name: TABLE data_gate; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.data_gate TO sluice_app;
GRANT SELECT ON TABLE performance.data_gate TO sluice_verify;

-- Name: TABLE deficit_entry; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.deficit_entry TO sluice_app;
GRANT SELECT ON TABLE performance.deficit_entry TO sluice_verify;

-- Name: TABLE deficit_link; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.deficit_link TO sluice_app;
GRANT SELECT ON TABLE performance.deficit_link TO sluice_verify;

-- Name: TABLE delta_cause; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.delta_cause TO sluice_app;
GRANT SELECT ON TABLE performance.delta_cause TO sluice_verify;

-- Name: TABLE delta_cause_event; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.delta_cause_event TO sluice_app;
GRANT SELECT ON TABLE performance.delta_cause_event TO sluice_verify;

-- Name: TABLE dispute; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.dispute TO sluice_app;
GRANT SELECT ON TABLE performance.dispute TO sluice_verify;

-- Name: TABLE dispute_award; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.dispute_award TO sluice_app;
GRANT SELECT ON TABLE performance.dispute_award TO sluice_verify;

-- Name: TABLE dispute_event; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.dispute_event TO sluice_app;
GRANT SELECT ON TABLE performance.dispute_event TO sluice_verify;

-- Name: TABLE dispute_evidence; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.dispute_evidence TO sluice_app;
GRANT SELECT ON TABLE performance.dispute_evidence TO sluice_verify;

-- Name: TABLE episode; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.episode TO sluice_app;
GRANT SELECT ON TABLE performance.episode TO sluice_verify;

-- Name: TABLE episode_document; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.episode_document TO sluice_app;
GRANT SELECT ON TABLE performance.episode_document TO sluice_verify;

-- Name: TABLE episode_line; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.episode_line TO sluice_app;
GRANT SELECT ON TABLE performance.episode_line TO sluice_verify;

-- Name: TABLE episode_posting; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.episode_posting TO sluice_app;
GRANT SELECT ON TABLE performance.episode_posting TO sluice_verify;

-- Name: TABLE episode_run; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.episode_run TO sluice_app;
GRANT SELECT ON TABLE performance.episode_run TO sluice_verify;

-- Name: TABLE episode_service; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.episode_service TO sluice_app;
GRANT SELECT ON TABLE performance.episode_service TO sluice_verify;

-- Name: TABLE episode_status; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.episode_status TO sluice_app;
GRANT SELECT ON TABLE performance.episode_status TO sluice_verify;

-- Name: TABLE episode_type; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.episode_type TO sluice_app;
GRANT SELECT ON TABLE performance.episode_type TO sluice_verify;

-- Name: TABLE fact; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.fact TO sluice_app;
GRANT SELECT ON TABLE performance.fact TO sluice_verify;

-- Name: TABLE feed; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.feed TO sluice_app;
GRANT SELECT ON TABLE performance.feed TO sluice_verify;

-- Name: TABLE feed_delivery; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.feed_delivery TO sluice_app;
GRANT SELECT ON TABLE performance.feed_delivery TO sluice_verify;

-- Name: TABLE feed_quarantine; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.feed_quarantine TO sluice_app;
GRANT SELECT ON TABLE performance.feed_quarantine TO sluice_verify;

-- Name: TABLE gate_check; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.gate_check TO sluice_app;
GRANT SELECT ON TABLE performance.gate_check TO sluice_verify;

-- Name: TABLE gate_override; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.gate_override TO sluice_app;
GRANT SELECT ON TABLE performance.gate_override TO sluice_verify;

-- Name: TABLE medical_claim; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.medical_claim TO sluice_app;
GRANT SELECT ON TABLE performance.medical_claim TO sluice_verify;

-- Name: TABLE member; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.member TO sluice_app;
GRANT SELECT ON TABLE performance.member TO sluice_verify;

-- Name: TABLE member_detail; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.member_detail TO sluice_app;
GRANT SELECT ON TABLE performance.member_detail TO sluice_verify;

-- Name: TABLE member_measure; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.member_measure TO sluice_app;
GRANT SELECT ON TABLE performance.member_measure TO sluice_verify;

-- Name: TABLE member_month_line; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.member_month_line TO sluice_app;
GRANT SELECT ON TABLE performance.member_month_line TO sluice_verify;

-- Name: TABLE member_month_run; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.member_month_run TO sluice_app;
GRANT SELECT ON TABLE performance.member_month_run TO sluice_verify;

-- Name: TABLE member_year; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.member_year TO sluice_app;
GRANT SELECT ON TABLE performance.member_year TO sluice_verify;

-- Name: TABLE panel_factor; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.panel_factor TO sluice_app;
GRANT SELECT ON TABLE performance.panel_factor TO sluice_verify;

-- Name: TABLE panel_premium; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.panel_premium TO sluice_app;
GRANT SELECT ON TABLE performance.panel_premium TO sluice_verify;

-- Name: TABLE panel_span; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.panel_span TO sluice_app;
GRANT SELECT ON TABLE performance.panel_span TO sluice_verify;

-- Name: TABLE pharmacy_claim; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.pharmacy_claim TO sluice_app;
GRANT SELECT ON TABLE performance.pharmacy_claim TO sluice_verify;

-- Name: TABLE program; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.program TO sluice_app;
GRANT SELECT ON TABLE performance.program TO sluice_files;
GRANT SELECT ON TABLE performance.program TO sluice_verify;

-- Name: TABLE provider_choice; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.provider_choice TO sluice_app;
GRANT SELECT ON TABLE performance.provider_choice TO sluice_verify;

-- Name: TABLE provider_taxonomy; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.provider_taxonomy TO sluice_app;
GRANT SELECT ON TABLE performance.provider_taxonomy TO sluice_verify;

-- Name: TABLE recalculation; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.recalculation TO sluice_app;
GRANT SELECT ON TABLE performance.recalculation TO sluice_verify;

-- Name: COLUMN recalculation.state; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT UPDATE(state) ON TABLE performance.recalculation TO sluice_app;

-- Name: COLUMN recalculation.worker_id; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT UPDATE(worker_id) ON TABLE performance.recalculation TO sluice_app;

-- Name: COLUMN recalculation.lease_until; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT UPDATE(lease_until) ON TABLE performance.recalculation TO sluice_app;

-- Name: COLUMN recalculation.attempts; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT UPDATE(attempts) ON TABLE performance.recalculation TO sluice_app;

-- Name: COLUMN recalculation.started_at; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT UPDATE(started_at) ON TABLE performance.recalculation TO sluice_app;

-- Name: COLUMN recalculation.finished_at; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT UPDATE(finished_at) ON TABLE performance.recalculation TO sluice_app;

-- Name: COLUMN recalculation.new_versions; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT UPDATE(new_versions) ON TABLE performance.recalculation TO sluice_app;

-- Name: COLUMN recalculation.delta_cents; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT UPDATE(delta_cents) ON TABLE performance.recalculation TO sluice_app;

-- Name: COLUMN recalculation.detail; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT UPDATE(detail) ON TABLE performance.recalculation TO sluice_app;

-- Name: TABLE risk_acknowledgment; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.risk_acknowledgment TO sluice_app;
GRANT SELECT ON TABLE performance.risk_acknowledgment TO sluice_verify;

-- Name: TABLE risk_application; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.risk_application TO sluice_app;
GRANT SELECT ON TABLE performance.risk_application TO sluice_verify;

-- Name: TABLE risk_recalibration; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.risk_recalibration TO sluice_app;
GRANT SELECT ON TABLE performance.risk_recalibration TO sluice_verify;

-- Name: TABLE risk_score; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.risk_score TO sluice_app;
GRANT SELECT ON TABLE performance.risk_score TO sluice_verify;

-- Name: TABLE terms; Type: ACL; Schema: performance; Owner: sluice_owner

GRANT SELECT,INSERT ON TABLE performance.terms TO sluice_app;
GRANT SELECT ON TABLE performance.terms TO sluice_verify;
