-- Where the remittance of each payment goes: the drops of payees, the receivers of 835 files, and
-- what people bring to a payee by the portal, by mail or by secure message.
-- Source: PRODUCT M13, R05; FORMATS 8 (rule 370).

-- A payee's own drop, with its history: the row with the highest number counts. server: a name in
-- the configuration, which holds the key of that server. Append-only.
CREATE TABLE payments.remittance_drop (
  payer_id bigint NOT NULL,
  payee_id bigint NOT NULL REFERENCES payments.payee (payee_id),
  drop_no integer NOT NULL CHECK (drop_no >= 1),
  server text NOT NULL CHECK (server <> ''),
  directory text NOT NULL,
  receiver_qualifier text NOT NULL CHECK (receiver_qualifier ~ '^[0-9A-Z]{2}$'),
  receiver_id text NOT NULL CHECK (receiver_id ~ '^[A-Z0-9-]{1,15}$'),
  ended boolean NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  recorded_by bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (payer_id, payee_id, drop_no)
);

-- Who receives an 835 file, where that is not the clearinghouse of the configuration. way: 1 a drop,
-- 2 kept for payees that are told otherwise. The bytes of a file depend on it. Append-only.
CREATE TABLE payments.file_address (
  book_id bigint NOT NULL,
  file_id bigint NOT NULL,
  way smallint NOT NULL CHECK (way IN (1, 2)),
  receiver_qualifier text NOT NULL,
  receiver_id text NOT NULL CHECK (receiver_id <> ''),
  server text NOT NULL,
  directory text NOT NULL,
  PRIMARY KEY (book_id, file_id),
  FOREIGN KEY (book_id, file_id) REFERENCES payments.payment_file (book_id, file_id),
  CHECK ((way = 1) = (server <> ''))
);

-- What somebody brings to a payee. way: 2 portal, 3 paper, 4 a PDF by secure message. state: 0
-- waits, 1 delivered.
CREATE TABLE payments.remittance_queue (
  book_id bigint NOT NULL,
  disbursement_id bigint NOT NULL,
  run_id bigint NOT NULL,
  payee_id bigint NOT NULL,
  way smallint NOT NULL CHECK (way BETWEEN 2 AND 4),
  note text NOT NULL,
  state smallint NOT NULL CHECK (state IN (0, 1)),
  delivered_on date NULL,
  how text NULL CHECK (how <> ''),
  done_by bigint NULL,
  done_at timestamptz NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (book_id, disbursement_id),
  FOREIGN KEY (book_id, run_id) REFERENCES payments.run (book_id, run_id),
  FOREIGN KEY (book_id, disbursement_id)
    REFERENCES payments.disbursement (book_id, disbursement_id),
  CHECK ((state = 1) = (delivered_on IS NOT NULL AND how IS NOT NULL AND done_by IS NOT NULL
    AND done_at IS NOT NULL))
);
CREATE INDEX remittance_queue_run ON payments.remittance_queue (book_id, run_id);
CREATE INDEX remittance_queue_open ON payments.remittance_queue (book_id, state);

GRANT SELECT, INSERT ON payments.remittance_drop, payments.file_address, payments.remittance_queue
  TO sluice_app;
GRANT UPDATE (state, delivered_on, how, done_by, done_at) ON payments.remittance_queue
  TO sluice_app;
GRANT SELECT ON payments.remittance_drop, payments.file_address, payments.remittance_queue
  TO sluice_files, sluice_verify;

ALTER TABLE payments.remittance_drop ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.remittance_drop FORCE ROW LEVEL SECURITY;
CREATE POLICY payer_scope ON payments.remittance_drop
  USING (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint)
  WITH CHECK (payer_id = NULLIF(current_setting('sluice.payer_id', true), '')::bigint);
ALTER TABLE payments.file_address ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.file_address FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.file_address
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
ALTER TABLE payments.remittance_queue ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments.remittance_queue FORCE ROW LEVEL SECURITY;
CREATE POLICY book_scope ON payments.remittance_queue
  USING (book_id IN (SELECT b.book_id FROM payments.book AS b))
  WITH CHECK (book_id IN (SELECT b.book_id FROM payments.book AS b));
