-- The double-entry ledger. Every key starts with book_id: one posting touches one book.
-- Rows are only ever added, but for book_head and account_balance, which hold the newest state.

-- The mutex and the chain head of the book.
CREATE TABLE payments.book_head (
  book_id bigint NOT NULL,
  batch_seq bigint NOT NULL,
  hash bytea NOT NULL,
  sealed_at_us bigint NOT NULL,
  closed_through date NULL,
  PRIMARY KEY (book_id),
  FOREIGN KEY (book_id) REFERENCES payments.book (book_id),
  CONSTRAINT book_head_batch_seq_not_negative CHECK (batch_seq >= 0),
  CONSTRAINT book_head_hash_is_sha256 CHECK (octet_length(hash) = 32)
);

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
  PRIMARY KEY (book_id, batch_seq),
  CONSTRAINT batch_seq_positive CHECK (batch_seq > 0),
  CONSTRAINT batch_counts CHECK (journal_count > 0 AND transfer_count >= 0),
  CONSTRAINT batch_hashes_are_sha256 CHECK (
    octet_length(prev_hash) = 32 AND octet_length(body_hash) = 32 AND octet_length(hash) = 32)
);

-- Opened inside the batch that first uses it, under the head lock.
CREATE TABLE payments.account (
  book_id bigint NOT NULL,
  account_id bigint NOT NULL,
  opened_batch_seq bigint NOT NULL,
  class smallint NOT NULL,
  owner_key text NOT NULL,
  PRIMARY KEY (book_id, account_id),
  UNIQUE (book_id, class, owner_key),
  CONSTRAINT account_class_known CHECK (class BETWEEN 1 AND 17),
  CONSTRAINT account_owner_key_length CHECK (length(owner_key) BETWEEN 1 AND 80)
);

-- Updated in every batch: room on the page keeps the updates off the index.
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
  PRIMARY KEY (book_id, account_id),
  FOREIGN KEY (book_id, account_id) REFERENCES payments.account (book_id, account_id),
  CONSTRAINT account_balance_counters_not_negative CHECK (
    debits_pending >= 0 AND debits_posted >= 0 AND credits_pending >= 0 AND credits_posted >= 0
    AND overdraft_cents >= 0),
  CONSTRAINT account_balance_limit_kind_known CHECK (limit_kind BETWEEN 0 AND 2),
  CONSTRAINT account_balance_limit_l1 CHECK (
    limit_kind <> 1 OR debits_posted + debits_pending <= credits_posted + overdraft_cents),
  CONSTRAINT account_balance_limit_l2 CHECK (
    limit_kind <> 2 OR credits_posted + credits_pending <= debits_posted + overdraft_cents)
) WITH (fillfactor = 60);

-- One row per journal, accepted (outcome 0) or refused: the permanent idempotency record.
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
  corrects_journal_id uuid NULL,
  body_hash bytea NOT NULL,
  refused_body bytea NULL,
  PRIMARY KEY (book_id, journal_id),
  UNIQUE (book_id, batch_seq, ordinal),
  FOREIGN KEY (book_id, batch_seq) REFERENCES payments.batch (book_id, batch_seq),
  CONSTRAINT journal_places CHECK (ordinal > 0 AND first_position > 0 AND line_count >= 0),
  CONSTRAINT journal_event_known CHECK (event BETWEEN 1 AND 45),
  CONSTRAINT journal_refused_keeps_body CHECK ((outcome = 0) = (refused_body IS NULL)),
  CONSTRAINT journal_refused_has_no_lines CHECK (outcome = 0 OR line_count = 0),
  CONSTRAINT journal_body_hash_is_sha256 CHECK (octet_length(body_hash) = 32)
);

-- A journal is corrected in full at most once.
CREATE UNIQUE INDEX journal_corrected_once ON payments.journal (book_id, corrects_journal_id)
  WHERE outcome = 0 AND corrects_journal_id IS NOT NULL;

CREATE TABLE payments.transfer (
  book_id bigint NOT NULL,
  batch_seq bigint NOT NULL,
  debit_account_id bigint NOT NULL,
  credit_account_id bigint NOT NULL,
  amount_cents bigint NOT NULL,
  position integer NOT NULL,
  journal_ordinal integer NOT NULL,
  effective_date date NOT NULL,
  kind smallint NOT NULL,
  event smallint NOT NULL,
  pending_position integer NULL,
  pending_batch_seq bigint NULL,
  expires_at_us bigint NULL,
  PRIMARY KEY (book_id, batch_seq, position),
  FOREIGN KEY (book_id, batch_seq) REFERENCES payments.batch (book_id, batch_seq),
  FOREIGN KEY (book_id, debit_account_id) REFERENCES payments.account (book_id, account_id),
  FOREIGN KEY (book_id, credit_account_id) REFERENCES payments.account (book_id, account_id),
  CONSTRAINT transfer_places CHECK (position > 0 AND journal_ordinal > 0),
  CONSTRAINT transfer_amount_positive CHECK (amount_cents > 0),
  CONSTRAINT transfer_two_accounts CHECK (debit_account_id <> credit_account_id),
  CONSTRAINT transfer_kind_known CHECK (kind BETWEEN 0 AND 4),
  CONSTRAINT transfer_event_known CHECK (event BETWEEN 1 AND 45),
  CONSTRAINT transfer_resolves_a_hold CHECK (
    (kind IN (2, 3, 4)) = (pending_batch_seq IS NOT NULL)
    AND (pending_batch_seq IS NULL) = (pending_position IS NULL)),
  CONSTRAINT transfer_only_holds_expire CHECK (expires_at_us IS NULL OR kind = 1)
);

CREATE INDEX transfer_by_debit_account
  ON payments.transfer (book_id, debit_account_id, batch_seq, position);
CREATE INDEX transfer_by_credit_account
  ON payments.transfer (book_id, credit_account_id, batch_seq, position);

-- The key is the hold: at most one resolution.
CREATE TABLE payments.pending_resolution (
  book_id bigint NOT NULL,
  pending_batch_seq bigint NOT NULL,
  pending_position integer NOT NULL,
  position integer NOT NULL,
  batch_seq bigint NOT NULL,
  posted_cents bigint NOT NULL,
  outcome smallint NOT NULL,
  PRIMARY KEY (book_id, pending_batch_seq, pending_position),
  FOREIGN KEY (book_id, pending_batch_seq, pending_position)
    REFERENCES payments.transfer (book_id, batch_seq, position),
  FOREIGN KEY (book_id, batch_seq, position)
    REFERENCES payments.transfer (book_id, batch_seq, position),
  CONSTRAINT pending_resolution_outcome CHECK (
    outcome BETWEEN 2 AND 4 AND posted_cents >= 0 AND (outcome = 2) = (posted_cents > 0))
);

-- The counters of each account that a batch touched, as the batch left them.
CREATE TABLE payments.balance_after (
  book_id bigint NOT NULL,
  account_id bigint NOT NULL,
  batch_seq bigint NOT NULL,
  debits_pending bigint NOT NULL,
  debits_posted bigint NOT NULL,
  credits_pending bigint NOT NULL,
  credits_posted bigint NOT NULL,
  PRIMARY KEY (book_id, account_id, batch_seq)
);

-- Approved overdrafts (event SET_LIMIT), so that limits can be replayed.
CREATE TABLE payments.limit_change (
  book_id bigint NOT NULL,
  batch_seq bigint NOT NULL,
  ordinal integer NOT NULL,
  account_id bigint NOT NULL,
  overdraft_cents bigint NOT NULL,
  PRIMARY KEY (book_id, batch_seq, ordinal),
  FOREIGN KEY (book_id, batch_seq, ordinal)
    REFERENCES payments.journal (book_id, batch_seq, ordinal),
  FOREIGN KEY (book_id, account_id) REFERENCES payments.account (book_id, account_id),
  CONSTRAINT limit_change_not_negative CHECK (overdraft_cents >= 0)
);

-- Append-only: missing grants first, these triggers second, the hash chain third.
CREATE FUNCTION payments.refuse_ledger_change() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  RAISE EXCEPTION 'rows of %.% are append-only: correct by adding a journal',
    TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END;
$$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['batch', 'account', 'journal', 'transfer', 'pending_resolution',
                              'balance_after', 'limit_change'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE
      ON payments.%I FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_ledger_change()', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['book_head', 'account_balance'] LOOP
    EXECUTE format('CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE
      ON payments.%I FOR EACH STATEMENT EXECUTE FUNCTION payments.refuse_ledger_change()', name);
  END LOOP;

  -- No UPDATE or DELETE on append-only tables for anybody who runs the service; rows of the
  -- payer's own books only: the policy of payments.book decides which these are.
  FOREACH name IN ARRAY ARRAY['book_head', 'batch', 'account', 'account_balance', 'journal',
                              'transfer', 'pending_resolution', 'balance_after',
                              'limit_change'] LOOP
    EXECUTE format('GRANT SELECT, INSERT ON payments.%I TO sluice_app', name);
    EXECUTE format('GRANT SELECT ON payments.%I TO sluice_verify', name);
    EXECUTE format('ALTER TABLE payments.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
                   name);
    EXECUTE format('CREATE POLICY own_books ON payments.%I
      USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
      WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b))', name);
  END LOOP;
END;
$$;

GRANT UPDATE (batch_seq, hash, sealed_at_us, closed_through) ON payments.book_head TO sluice_app;
GRANT UPDATE (overdraft_cents, debits_pending, debits_posted, credits_pending, credits_posted,
  version) ON payments.account_balance TO sluice_app;
