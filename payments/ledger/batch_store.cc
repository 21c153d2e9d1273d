// What posting writes: everything of one batch, guarded and in the order its keys need.
#include "core/check.h"
#include "payments/ledger/ledger_store.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertBatch{"ledger_insert_batch", R"sql(
  INSERT INTO payments.batch (book_id, batch_seq, sealed_at_us, journal_count, transfer_count,
    hash_version, prev_hash, body_hash, hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

constexpr pg::Query kInsertAccounts{"ledger_insert_accounts", R"sql(
  INSERT INTO payments.account (book_id, account_id, opened_batch_seq, class, owner_key)
  SELECT $1, u.id, $2, u.class, u.owner
  FROM unnest ($3::bigint[], $4::smallint[], $5::text[]) AS u (id, class, owner)
)sql"};

// Opened accounts are inserted and the others updated by one statement with one plan.
constexpr pg::Query kWriteBalances{"ledger_write_balances", R"sql(
  INSERT INTO payments.account_balance AS b (book_id, account_id, overdraft_cents, debits_pending,
    debits_posted, credits_pending, credits_posted, version, limit_kind)
  SELECT $1, u.id, u.overdraft, u.dp, u.d, u.cp, u.c, 1, u.limit_kind
  FROM unnest ($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
    $7::bigint[], $8::smallint[]) AS u (id, overdraft, dp, d, cp, c, limit_kind)
  ON CONFLICT (book_id, account_id) DO UPDATE
  SET overdraft_cents = EXCLUDED.overdraft_cents, debits_pending = EXCLUDED.debits_pending,
    debits_posted = EXCLUDED.debits_posted, credits_pending = EXCLUDED.credits_pending,
    credits_posted = EXCLUDED.credits_posted, version = b.version + 1
)sql"};

constexpr pg::Query kInsertBalanceAfter{"ledger_insert_balance_after", R"sql(
  INSERT INTO payments.balance_after (book_id, account_id, batch_seq, debits_pending,
    debits_posted, credits_pending, credits_posted)
  SELECT $1, u.id, $2, u.dp, u.d, u.cp, u.c
  FROM unnest ($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
    AS u (id, dp, d, cp, c)
)sql"};

// Arrays by their subscripts: unnest would keep every array as a table of its own first. The fixed
// length of the elements makes a subscript cheap, so the hashes come as one string of bytes. The
// many and the large batches correct nothing, refuse nothing and have no holds.
constexpr pg::Query kInsertAcceptedJournals{"ledger_insert_accepted_journals", R"sql(
  INSERT INTO payments.journal (book_id, journal_id, batch_seq, source_id, actor_id, ordinal,
    first_position, line_count, effective_date, event, outcome, body_hash)
  SELECT $1, ($4::uuid[])[i], $2, ($5::bigint[])[i], ($6::bigint[])[i], i, ($7::integer[])[i],
    ($8::integer[])[i], ($9::date[])[i], ($10::smallint[])[i], 0,
    substring($11::bytea FROM i * 32 - 31 FOR 32)
  FROM generate_series(1, $3::integer) AS i
)sql"};

constexpr pg::Query kInsertJournals{"ledger_insert_journals", R"sql(
  INSERT INTO payments.journal (book_id, journal_id, batch_seq, source_id, actor_id, ordinal,
    first_position, line_count, effective_date, event, outcome, corrects_journal_id, body_hash,
    refused_body)
  SELECT $1, u.id, $2, u.source, u.actor, u.ordinal, u.first, u.lines, u.effective, u.event,
    u.outcome, u.corrects, u.hash, u.refused
  FROM unnest ($3::uuid[], $4::bigint[], $5::bigint[], $6::integer[], $7::integer[], $8::date[],
    $9::smallint[], $10::smallint[], $11::uuid[], $12::bytea[], $13::bytea[])
    WITH ORDINALITY
    AS u (id, source, actor, first, lines, effective, event, outcome, corrects, hash, refused,
      ordinal)
)sql"};

constexpr pg::Query kInsertPostedTransfers{"ledger_insert_posted_transfers", R"sql(
  INSERT INTO payments.transfer (book_id, batch_seq, debit_account_id, credit_account_id,
    amount_cents, position, journal_ordinal, effective_date, kind, event)
  SELECT $1, $2, ($4::bigint[])[i], ($5::bigint[])[i], ($6::bigint[])[i], i, ($7::integer[])[i],
    ($8::date[])[i], 0, ($9::smallint[])[i]
  FROM generate_series(1, $3::integer) AS i
)sql"};

constexpr pg::Query kInsertTransfers{"ledger_insert_transfers", R"sql(
  INSERT INTO payments.transfer (book_id, batch_seq, debit_account_id, credit_account_id,
    amount_cents, position, journal_ordinal, effective_date, event, kind, pending_batch_seq,
    pending_position, expires_at_us)
  SELECT $1, $2, u.debit, u.credit, u.amount, u.position, u.ordinal, u.effective, u.event, u.kind,
    u.pending_batch, u.pending_position, u.expires
  FROM unnest ($3::bigint[], $4::bigint[], $5::bigint[], $6::integer[], $7::date[],
    $8::smallint[], $9::smallint[], $10::bigint[], $11::integer[], $12::bigint[])
    WITH ORDINALITY
    AS u (debit, credit, amount, ordinal, effective, event, kind, pending_batch, pending_position,
      expires, position)
)sql"};

constexpr pg::Query kInsertResolutions{"ledger_insert_resolutions", R"sql(
  INSERT INTO payments.pending_resolution (book_id, pending_batch_seq, pending_position, batch_seq,
    position, outcome, posted_cents)
  SELECT $1, u.pending_batch, u.pending_position, $2, u.position, u.outcome, u.posted
  FROM unnest ($3::bigint[], $4::integer[], $5::integer[], $6::smallint[], $7::bigint[])
    AS u (pending_batch, pending_position, position, outcome, posted)
)sql"};

constexpr pg::Query kInsertLimits{"ledger_insert_limits", R"sql(
  INSERT INTO payments.limit_change (book_id, batch_seq, ordinal, account_id, overdraft_cents)
  SELECT $1, $2, u.ordinal, u.account, u.overdraft
  FROM unnest ($3::integer[], $4::bigint[], $5::bigint[]) AS u (ordinal, account, overdraft)
)sql"};

constexpr pg::Query kUpdateHead{"ledger_update_head", R"sql(
  UPDATE payments.book_head
  SET batch_seq = $2, hash = $3, sealed_at_us = $4, closed_through = $5
  WHERE book_id = $1
    AND batch_seq = $2 - 1
)sql"};

// The columns of account balances, as arrays.
struct BalanceColumns {
  std::vector<std::int64_t> ids;
  std::vector<Money> overdrafts;
  std::vector<Money> debits_pending;
  std::vector<Money> debits_posted;
  std::vector<Money> credits_pending;
  std::vector<Money> credits_posted;
  std::vector<std::int16_t> limits;

  explicit BalanceColumns(std::span<const AccountBalance> balances) {
    for (const AccountBalance& balance : balances) {
      ids.push_back(balance.account_id);
      overdrafts.push_back(balance.overdraft);
      debits_pending.push_back(balance.counters.debits_pending);
      debits_posted.push_back(balance.counters.debits_posted);
      credits_pending.push_back(balance.counters.credits_pending);
      credits_posted.push_back(balance.counters.credits_posted);
      limits.push_back(static_cast<std::int16_t>(balance.limit));
    }
  }
};

void InsertOpened(pg::Transaction& tx, const SealedBatch& batch) {
  const std::vector<OpenedAccount>& opened = batch.posted.opened;
  if (opened.empty()) return;
  std::vector<std::int64_t> ids;
  std::vector<std::int16_t> classes;
  std::vector<std::string> owners;
  for (const OpenedAccount& account : opened) {
    ids.push_back(account.account_id);
    classes.push_back(static_cast<std::int16_t>(account.key.account_class));
    owners.push_back(account.key.owner_key);
  }
  tx.Execute(kInsertAccounts, batch.book, batch.posted.batch_seq, ids, classes, owners);
}

Status WriteBalances(pg::Transaction& tx, const SealedBatch& batch) {
  if (batch.posted.touched.empty()) return OkStatus();
  const BalanceColumns c(batch.posted.touched);
  const std::int64_t written =
      tx.Execute(kWriteBalances, batch.book, c.ids, c.overdrafts, c.debits_pending, c.debits_posted,
                 c.credits_pending, c.credits_posted, c.limits);
  if (written != static_cast<std::int64_t>(c.ids.size())) {
    return Aborted("book {} batch {}: {} of {} balances were written; post again", batch.book,
                   batch.posted.batch_seq, written, c.ids.size());
  }
  // Before the transfers: the accounts and the batch of a transfer are checked against these rows.
  tx.Execute(kInsertBalanceAfter, batch.book, batch.posted.batch_seq, c.ids, c.debits_pending,
             c.debits_posted, c.credits_pending, c.credits_posted);
  return OkStatus();
}

// The columns of journals, as arrays. Their ordinals are their places in the arrays.
struct JournalColumns {
  std::vector<Uuid> ids;
  std::vector<std::int64_t> sources;
  std::vector<UserId> actors;
  std::vector<std::int32_t> firsts;
  std::vector<std::int32_t> lines;
  std::vector<Date> dates;
  std::vector<std::int16_t> events;
  bool plain = true;  // all accepted, and no corrections

  explicit JournalColumns(const SealedBatch& batch) {
    const std::size_t count = batch.journals.size();
    ids.reserve(count);
    sources.reserve(count);
    actors.reserve(count);
    firsts.reserve(count);
    lines.reserve(count);
    dates.reserve(count);
    events.reserve(count);
    for (std::size_t i = 0; i < count; ++i) Add(batch.journals[i], batch.posted.journals[i]);
  }
  void Add(const Journal& journal, const PostedJournal& posted) {
    CHECK(posted.ordinal == static_cast<std::int32_t>(ids.size()) + 1);
    ids.push_back(journal.id);
    sources.push_back(journal.source_id);
    actors.push_back(journal.actor);
    firsts.push_back(posted.first_position);
    lines.push_back(posted.line_count);
    dates.push_back(journal.effective_date);
    events.push_back(static_cast<std::int16_t>(journal.event));
    plain = plain && posted.refusal.status == PostStatus::kAccepted && !journal.corrects;
  }
};

void InsertJournals(pg::Transaction& tx, const SealedBatch& batch) {
  const JournalColumns c(batch);
  if (c.plain) {
    Bytes hashes;
    hashes.reserve(batch.body_hashes.size() * sizeof(Digest));
    for (const Digest& hash : batch.body_hashes) {
      hashes.insert(hashes.end(), hash.begin(), hash.end());
    }
    tx.Execute(kInsertAcceptedJournals, batch.book, batch.posted.batch_seq,
               batch.seal.journal_count, c.ids, c.sources, c.actors, c.firsts, c.lines, c.dates,
               c.events, hashes);
    return;
  }
  std::vector<std::int16_t> outcomes;
  std::vector<std::optional<Uuid>> corrects;
  std::vector<std::optional<Bytes>> refused;
  for (std::size_t i = 0; i < batch.journals.size(); ++i) {
    const Refusal& refusal = batch.posted.journals[i].refusal;
    outcomes.push_back(static_cast<std::int16_t>(refusal.status));
    corrects.push_back(batch.journals[i].corrects);
    const bool accepted = refusal.status == PostStatus::kAccepted;
    refused.push_back(accepted ? std::nullopt
                               : std::optional(EncodeRefused(batch.journals[i], refusal)));
  }
  tx.Execute(kInsertJournals, batch.book, batch.posted.batch_seq, c.ids, c.sources, c.actors,
             c.firsts, c.lines, c.dates, c.events, outcomes, corrects, batch.body_hashes, refused);
}

// The columns of transfers, as arrays. Their positions are their places in the arrays.
struct TransferColumns {
  std::vector<std::int64_t> debits;
  std::vector<std::int64_t> credits;
  std::vector<Money> amounts;
  std::vector<std::int32_t> ordinals;
  std::vector<Date> dates;
  std::vector<std::int16_t> events;
  bool plain = true;  // no hold is made or resolved

  explicit TransferColumns(const std::vector<PostedTransfer>& transfers) {
    debits.reserve(transfers.size());
    credits.reserve(transfers.size());
    amounts.reserve(transfers.size());
    ordinals.reserve(transfers.size());
    dates.reserve(transfers.size());
    events.reserve(transfers.size());
    for (const PostedTransfer& transfer : transfers) Add(transfer);
  }
  void Add(const PostedTransfer& transfer) {
    CHECK(transfer.position == static_cast<std::int32_t>(debits.size()) + 1);
    debits.push_back(transfer.debit_account_id);
    credits.push_back(transfer.credit_account_id);
    amounts.push_back(transfer.amount);
    ordinals.push_back(transfer.journal_ordinal);
    dates.push_back(transfer.effective_date);
    events.push_back(static_cast<std::int16_t>(transfer.event));
    plain = plain && transfer.kind == TransferKind::kPosted;
  }
};

void InsertTransfers(pg::Transaction& tx, const SealedBatch& batch) {
  if (batch.posted.transfers.empty()) return;
  const TransferColumns c(batch.posted.transfers);
  if (c.plain) {
    tx.Execute(kInsertPostedTransfers, batch.book, batch.posted.batch_seq,
               batch.seal.transfer_count, c.debits, c.credits, c.amounts, c.ordinals, c.dates,
               c.events);
    return;
  }
  std::vector<std::int16_t> kinds;
  std::vector<std::optional<std::int64_t>> pending_batches;
  std::vector<std::optional<std::int32_t>> pending_positions;
  std::vector<std::optional<std::int64_t>> expiries;
  for (const PostedTransfer& transfer : batch.posted.transfers) {
    kinds.push_back(static_cast<std::int16_t>(transfer.kind));
    const bool resolves = transfer.pending_batch_seq != 0;
    pending_batches.push_back(resolves ? std::optional(transfer.pending_batch_seq) : std::nullopt);
    pending_positions.push_back(resolves ? std::optional(transfer.pending_position) : std::nullopt);
    expiries.push_back(transfer.expires_at ? std::optional(transfer.expires_at->Micros())
                                           : std::nullopt);
  }
  tx.Execute(kInsertTransfers, batch.book, batch.posted.batch_seq, c.debits, c.credits, c.amounts,
             c.ordinals, c.dates, c.events, kinds, pending_batches, pending_positions, expiries);
}

void InsertResolutions(pg::Transaction& tx, const SealedBatch& batch) {
  if (batch.posted.resolutions.empty()) return;
  std::vector<std::int64_t> pending_batches;
  std::vector<std::int32_t> pending_positions;
  std::vector<std::int32_t> positions;
  std::vector<std::int16_t> outcomes;
  std::vector<Money> posted;
  for (const PostedResolution& resolution : batch.posted.resolutions) {
    pending_batches.push_back(resolution.pending_batch_seq);
    pending_positions.push_back(resolution.pending_position);
    positions.push_back(resolution.position);
    outcomes.push_back(static_cast<std::int16_t>(resolution.outcome));
    posted.push_back(resolution.posted);
  }
  tx.Execute(kInsertResolutions, batch.book, batch.posted.batch_seq, pending_batches,
             pending_positions, positions, outcomes, posted);
}

void InsertLimits(pg::Transaction& tx, const SealedBatch& batch) {
  if (batch.posted.limits.empty()) return;
  std::vector<std::int32_t> ordinals;
  std::vector<std::int64_t> accounts;
  std::vector<Money> overdrafts;
  for (const PostedLimit& limit : batch.posted.limits) {
    ordinals.push_back(limit.ordinal);
    accounts.push_back(limit.account_id);
    overdrafts.push_back(limit.overdraft);
  }
  tx.Execute(kInsertLimits, batch.book, batch.posted.batch_seq, ordinals, accounts, overdrafts);
}

}  // namespace

Status InsertBatch(pg::Transaction& tx, const SealedBatch& batch) {
  const BatchSeal& seal = batch.seal;
  tx.Execute(kInsertBatch, batch.book, seal.batch_seq, seal.sealed_at.Micros(), seal.journal_count,
             seal.transfer_count, kChainVersion, seal.prev_hash, seal.body_hash, batch.hash);
  InsertOpened(tx, batch);
  RETURN_IF_ERROR(WriteBalances(tx, batch));
  InsertJournals(tx, batch);
  InsertTransfers(tx, batch);
  InsertResolutions(tx, batch);
  InsertLimits(tx, batch);
  const std::int64_t heads = tx.Execute(kUpdateHead, batch.book, seal.batch_seq, batch.hash,
                                        seal.sealed_at.Micros(), batch.posted.closed_through);
  if (heads != 1) {
    return Aborted("book {}: batch {} does not follow the head; post again", batch.book,
                   seal.batch_seq);
  }
  return OkStatus();
}

}  // namespace sluice::payments
