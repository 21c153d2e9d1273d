-- The lines of a batch are read by its payees, the payments of a file by the file. Without these
-- indexes the server may read a whole run again for each of its payees.
CREATE INDEX run_line_payee ON payments.run_line (book_id, run_id, revision, payee_id);
CREATE INDEX remittance_file ON payments.remittance (book_id, file_id);
