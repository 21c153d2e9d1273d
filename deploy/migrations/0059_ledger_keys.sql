-- The foreign keys of transfers, once for each side instead of three times, and stronger.
--
-- A transfer named its batch and its two accounts. It now names, for each side, the row of
-- balance_after that the batch left for the account; that row names the batch and the account. So
-- a transfer still cannot be without its batch and its accounts, and also not without the counters
-- after it, which nothing enforced before. The server checks two keys for each transfer, not three.

ALTER TABLE payments.balance_after
  ADD FOREIGN KEY (book_id, batch_seq) REFERENCES payments.batch (book_id, batch_seq),
  ADD FOREIGN KEY (book_id, account_id) REFERENCES payments.account (book_id, account_id);

ALTER TABLE payments.transfer
  DROP CONSTRAINT transfer_book_id_batch_seq_fkey,
  DROP CONSTRAINT transfer_book_id_debit_account_id_fkey,
  DROP CONSTRAINT transfer_book_id_credit_account_id_fkey,
  ADD CONSTRAINT transfer_debit_after
    FOREIGN KEY (book_id, debit_account_id, batch_seq)
    REFERENCES payments.balance_after (book_id, account_id, batch_seq),
  ADD CONSTRAINT transfer_credit_after
    FOREIGN KEY (book_id, credit_account_id, batch_seq)
    REFERENCES payments.balance_after (book_id, account_id, batch_seq);

-- Those rows also say which batches touched an account, by the primary key of balance_after. The
-- transfers of an account are found through it and the primary key of transfer: two indexes less to
-- write for each transfer.
DROP INDEX payments.transfer_by_debit_account;
DROP INDEX payments.transfer_by_credit_account;

-- One payer per taxpayer number. The index sees every payer, row-level security or not, so that two
-- people who add the same payer at once cannot both succeed.
ALTER TABLE core.payer ADD CONSTRAINT payer_tin_is_used_once UNIQUE (tin);
