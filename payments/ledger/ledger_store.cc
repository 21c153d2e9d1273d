#include "payments/ledger/ledger_store.h"

#include <algorithm>
#include <unordered_map>

#include "core/check.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kLockHead{"ledger_lock_head", R"sql(
  SELECT batch_seq, hash, sealed_at_us, closed_through
  FROM payments.book_head
  WHERE book_id = $1
  FOR UPDATE
)sql"};

constexpr pg::Query kFindHead{"ledger_find_head", R"sql(
  SELECT batch_seq, hash, sealed_at_us, closed_through
  FROM payments.book_head
  WHERE book_id = $1
)sql"};

// A book of another payer is not visible and gets no head.
constexpr pg::Query kOpenBook{"ledger_open_book", R"sql(
  INSERT INTO payments.book_head (book_id, batch_seq, hash, sealed_at_us)
  SELECT b.book_id, 0, $2, 0
  FROM payments.book AS b
  WHERE b.book_id = $1
  ON CONFLICT (book_id) DO NOTHING
)sql"};

constexpr pg::Query kBookExists{"ledger_book_exists", R"sql(
  SELECT b.book_id
  FROM payments.book AS b
  WHERE b.book_id = $1
)sql"};

// Arrays of unknown length make the planner guess. LATERAL with LIMIT leaves one plan: an index
// probe per element. A plain join was seen to compare every account with every element.
constexpr pg::Query kFindJournals{"ledger_find_journals", R"sql(
  SELECT j.journal_id, j.outcome, j.body_hash, j.batch_seq, j.first_position, j.line_count,
    j.refused_body
  FROM unnest ($2::uuid[]) AS k (journal_id)
  CROSS JOIN LATERAL (
    SELECT x.journal_id, x.outcome, x.body_hash, x.batch_seq, x.first_position, x.line_count,
      x.refused_body
    FROM payments.journal AS x
    WHERE x.book_id = $1 AND x.journal_id = k.journal_id
    LIMIT 1) AS j
)sql"};

constexpr pg::Query kFindAccounts{"ledger_find_accounts", R"sql(
  SELECT a.account_id, a.class, a.owner_key
  FROM unnest ($2::smallint[], $3::text[]) AS k (class, owner_key)
  CROSS JOIN LATERAL (
    SELECT x.account_id, x.class, x.owner_key
    FROM payments.account AS x
    WHERE x.book_id = $1 AND x.class = k.class AND x.owner_key = k.owner_key
    LIMIT 1) AS a
)sql"};

constexpr pg::Query kLockBalances{"ledger_lock_balances", R"sql(
  SELECT account_id, limit_kind, overdraft_cents, debits_pending, debits_posted, credits_pending,
    credits_posted
  FROM payments.account_balance
  WHERE book_id = $1
    AND account_id = ANY ($2::bigint[])
  ORDER BY account_id
  FOR UPDATE
)sql"};

constexpr pg::Query kFindHolds{"ledger_find_holds", R"sql(
  SELECT k.journal_id, k.line, t.batch_seq, t.position, d.class, d.owner_key, c.class, c.owner_key,
    t.amount_cents, t.expires_at_us, r.batch_seq IS NOT NULL
  FROM unnest ($2::uuid[], $3::integer[]) AS k (journal_id, line)
  JOIN payments.journal AS j
    ON j.book_id = $1 AND j.journal_id = k.journal_id AND k.line BETWEEN 1 AND j.line_count
  JOIN payments.transfer AS t
    ON t.book_id = $1 AND t.batch_seq = j.batch_seq
    AND t.position = j.first_position + k.line - 1 AND t.kind = 1
  JOIN payments.account AS d
    ON d.book_id = $1 AND d.account_id = t.debit_account_id
  JOIN payments.account AS c
    ON c.book_id = $1 AND c.account_id = t.credit_account_id
  LEFT JOIN payments.pending_resolution AS r
    ON r.book_id = $1 AND r.pending_batch_seq = t.batch_seq AND r.pending_position = t.position
)sql"};

constexpr pg::Query kFindCorrected{"ledger_find_corrected", R"sql(
  SELECT j.journal_id, j.outcome = 0, c.journal_id IS NOT NULL
  FROM payments.journal AS j
  LEFT JOIN payments.journal AS c
    ON c.book_id = $1 AND c.corrects_journal_id = j.journal_id AND c.outcome = 0
  WHERE j.book_id = $1
    AND j.journal_id = ANY ($2::uuid[])
)sql"};

constexpr pg::Query kLoadJournal{"ledger_load_journal", R"sql(
  SELECT j.event, j.source_id, j.actor_id, j.corrects_journal_id, j.effective_date, j.batch_seq,
    j.ordinal, a.class, a.owner_key, l.overdraft_cents
  FROM payments.journal AS j
  LEFT JOIN payments.limit_change AS l
    ON l.book_id = $1 AND l.batch_seq = j.batch_seq AND l.ordinal = j.ordinal
  LEFT JOIN payments.account AS a
    ON a.book_id = $1 AND a.account_id = l.account_id
  WHERE j.book_id = $1
    AND j.journal_id = $2
)sql"};

constexpr pg::Query kLoadLines{"ledger_load_lines", R"sql(
  SELECT t.kind, t.event, d.class, d.owner_key, c.class, c.owner_key, t.amount_cents,
    t.expires_at_us, h.journal_id, p.position - h.first_position + 1
  FROM payments.transfer AS t
  JOIN payments.account AS d
    ON d.book_id = $1 AND d.account_id = t.debit_account_id
  JOIN payments.account AS c
    ON c.book_id = $1 AND c.account_id = t.credit_account_id
  LEFT JOIN payments.transfer AS p
    ON p.book_id = $1 AND p.batch_seq = t.pending_batch_seq AND p.position = t.pending_position
  LEFT JOIN payments.journal AS h
    ON h.book_id = $1 AND h.batch_seq = p.batch_seq AND h.ordinal = p.journal_ordinal
  WHERE t.book_id = $1
    AND t.batch_seq = $2
    AND t.position >= $3
    AND t.position < $3 + $4
  ORDER BY t.position
)sql"};

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

constexpr pg::Query kInsertJournals{"ledger_insert_journals", R"sql(
  INSERT INTO payments.journal (book_id, journal_id, batch_seq, source_id, actor_id, ordinal,
    first_position, line_count, effective_date, event, outcome, corrects_journal_id, body_hash,
    refused_body)
  SELECT $1, u.id, $2, u.source, u.actor, u.ordinal, u.first, u.lines, u.effective, u.event,
    u.outcome, u.corrects, u.hash, u.refused
  FROM unnest ($3::uuid[], $4::bigint[], $5::bigint[], $6::integer[], $7::integer[],
    $8::integer[], $9::date[], $10::smallint[], $11::smallint[], $12::uuid[], $13::bytea[],
    $14::bytea[])
    AS u (id, source, actor, ordinal, first, lines, effective, event, outcome, corrects, hash,
      refused)
)sql"};

// Batches without holds are the many and the large ones.
constexpr pg::Query kInsertPostedTransfers{"ledger_insert_posted_transfers", R"sql(
  INSERT INTO payments.transfer (book_id, batch_seq, debit_account_id, credit_account_id,
    amount_cents, position, journal_ordinal, effective_date, kind, event)
  SELECT $1, $2, u.debit, u.credit, u.amount, u.position, u.ordinal, u.effective, 0, u.event
  FROM unnest ($3::bigint[], $4::bigint[], $5::bigint[], $6::integer[], $7::integer[],
    $8::date[], $9::smallint[])
    AS u (debit, credit, amount, position, ordinal, effective, event)
)sql"};

constexpr pg::Query kInsertTransfers{"ledger_insert_transfers", R"sql(
  INSERT INTO payments.transfer (book_id, batch_seq, debit_account_id, credit_account_id,
    amount_cents, position, journal_ordinal, effective_date, event, kind, pending_batch_seq,
    pending_position, expires_at_us)
  SELECT $1, $2, u.debit, u.credit, u.amount, u.position, u.ordinal, u.effective, u.event, u.kind,
    u.pending_batch, u.pending_position, u.expires
  FROM unnest ($3::bigint[], $4::bigint[], $5::bigint[], $6::integer[], $7::integer[],
    $8::date[], $9::smallint[], $10::smallint[], $11::bigint[], $12::integer[], $13::bigint[])
    AS u (debit, credit, amount, position, ordinal, effective, event, kind, pending_batch,
      pending_position, expires)
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

constexpr pg::Query kSelectBalance{"ledger_select_balance", R"sql(
  SELECT a.account_id, a.class, a.owner_key, b.debits_pending, b.debits_posted,
    b.credits_pending, b.credits_posted, b.overdraft_cents
  FROM payments.account AS a
  JOIN payments.account_balance AS b
    ON b.book_id = $1 AND b.account_id = a.account_id
  WHERE a.book_id = $1
    AND a.class = $2
    AND a.owner_key = $3
)sql"};

// The overdraft then is that of the last SET_LIMIT up to the batch.
constexpr pg::Query kSelectBalanceAsOf{"ledger_select_balance_as_of", R"sql(
  SELECT a.account_id, a.class, a.owner_key, b.debits_pending, b.debits_posted,
    b.credits_pending, b.credits_posted,
    COALESCE((
      SELECT l.overdraft_cents
      FROM payments.limit_change AS l
      WHERE l.book_id = $1 AND l.account_id = a.account_id AND l.batch_seq <= $4
      ORDER BY l.batch_seq DESC, l.ordinal DESC
      LIMIT 1), 0)
  FROM payments.account AS a
  JOIN payments.balance_after AS b
    ON b.book_id = $1 AND b.account_id = a.account_id
  WHERE a.book_id = $1
    AND a.class = $2
    AND a.owner_key = $3
    AND b.batch_seq <= $4
  ORDER BY b.batch_seq DESC
  LIMIT 1
)sql"};

// Each balance is looked up by its key: a plain join may read the whole book again for each account
// while the server has no statistics of the book.
constexpr pg::Query kSelectBalances{"ledger_select_balances", R"sql(
  SELECT a.account_id, a.class, a.owner_key, b.debits_pending, b.debits_posted,
    b.credits_pending, b.credits_posted, b.overdraft_cents
  FROM payments.account AS a
  CROSS JOIN LATERAL (
    SELECT x.debits_pending, x.debits_posted, x.credits_pending, x.credits_posted,
      x.overdraft_cents
    FROM payments.account_balance AS x
    WHERE x.book_id = $1 AND x.account_id = a.account_id
    OFFSET 0
  ) AS b
  WHERE a.book_id = $1
  ORDER BY a.class, a.owner_key
)sql"};

constexpr pg::Query kSelectBalancesOnDate{"ledger_select_balances_on_date", R"sql(
  SELECT a.account_id, a.class, a.owner_key, 0::bigint, COALESCE(s.debits, 0)::bigint, 0::bigint,
    COALESCE(s.credits, 0)::bigint, 0::bigint
  FROM payments.account AS a
  LEFT JOIN (
    SELECT m.account_id, SUM(m.debit) AS debits, SUM(m.credit) AS credits
    FROM (
      SELECT t.debit_account_id AS account_id, t.amount_cents AS debit, 0::bigint AS credit
      FROM payments.transfer AS t
      WHERE t.book_id = $1 AND t.effective_date <= $2 AND t.kind IN (0, 2)
      UNION ALL
      SELECT t.credit_account_id, 0::bigint, t.amount_cents
      FROM payments.transfer AS t
      WHERE t.book_id = $1 AND t.effective_date <= $2 AND t.kind IN (0, 2)
    ) AS m
    GROUP BY m.account_id
  ) AS s ON s.account_id = a.account_id
  WHERE a.book_id = $1
  ORDER BY a.class, a.owner_key
)sql"};

constexpr pg::Query kSelectEntries{"ledger_select_entries", R"sql(
  SELECT t.batch_seq, t.position, j.journal_id, t.event, t.kind, d.class, d.owner_key, c.class,
    c.owner_key, t.amount_cents, t.effective_date, j.source_id, j.actor_id
  FROM payments.transfer AS t
  JOIN payments.journal AS j
    ON j.book_id = $1 AND j.batch_seq = t.batch_seq AND j.ordinal = t.journal_ordinal
  JOIN payments.account AS d
    ON d.book_id = $1 AND d.account_id = t.debit_account_id
  JOIN payments.account AS c
    ON c.book_id = $1 AND c.account_id = t.credit_account_id
  WHERE t.book_id = $1
    AND (t.batch_seq, t.position) > ($2, $3)
  ORDER BY t.batch_seq, t.position
  LIMIT $4
)sql"};

// Each side comes in order from its own index.
constexpr pg::Query kSelectAccountEntries{"ledger_select_account_entries", R"sql(
  SELECT t.batch_seq, t.position, j.journal_id, t.event, t.kind, d.class, d.owner_key, c.class,
    c.owner_key, t.amount_cents, t.effective_date, j.source_id, j.actor_id
  FROM (
    (SELECT x.batch_seq, x.position
     FROM payments.transfer AS x
     WHERE x.book_id = $1 AND x.debit_account_id = $5 AND (x.batch_seq, x.position) > ($2, $3)
     ORDER BY x.batch_seq, x.position
     LIMIT $4)
    UNION ALL
    (SELECT x.batch_seq, x.position
     FROM payments.transfer AS x
     WHERE x.book_id = $1 AND x.credit_account_id = $5 AND (x.batch_seq, x.position) > ($2, $3)
     ORDER BY x.batch_seq, x.position
     LIMIT $4)
  ) AS u
  JOIN payments.transfer AS t
    ON t.book_id = $1 AND t.batch_seq = u.batch_seq AND t.position = u.position
  JOIN payments.journal AS j
    ON j.book_id = $1 AND j.batch_seq = t.batch_seq AND j.ordinal = t.journal_ordinal
  JOIN payments.account AS d
    ON d.book_id = $1 AND d.account_id = t.debit_account_id
  JOIN payments.account AS c
    ON c.book_id = $1 AND c.account_id = t.credit_account_id
  ORDER BY t.batch_seq, t.position
  LIMIT $4
)sql"};

// Reads (class, owner_key) at `column`.
AccountKey KeyAt(const pg::Row& row, int column) {
  return AccountKey{static_cast<AccountClass>(row.Get<std::int16_t>(column)),
                    row.Get<std::string>(column + 1)};
}

// Reads the four counters from `column` on.
Counters CountersAt(const pg::Row& row, int column) {
  return Counters{row.Get<Money>(column), row.Get<Money>(column + 1), row.Get<Money>(column + 2),
                  row.Get<Money>(column + 3)};
}

std::optional<Instant> ExpiryAt(const pg::Row& row, int column) {
  const auto micros = row.Get<std::optional<std::int64_t>>(column);
  if (!micros) return std::nullopt;
  return Instant::FromMicros(*micros);
}

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
  tx.Execute(kInsertBalanceAfter, batch.book, batch.posted.batch_seq, c.ids, c.debits_pending,
             c.debits_posted, c.credits_pending, c.credits_posted);
  return OkStatus();
}

void InsertJournals(pg::Transaction& tx, const SealedBatch& batch) {
  std::vector<Uuid> ids;
  std::vector<std::int64_t> sources;
  std::vector<UserId> actors;
  std::vector<std::int32_t> ordinals;
  std::vector<std::int32_t> firsts;
  std::vector<std::int32_t> lines;
  std::vector<Date> dates;
  std::vector<std::int16_t> events;
  std::vector<std::int16_t> outcomes;
  std::vector<std::optional<Uuid>> corrects;
  std::vector<std::optional<Bytes>> refused;
  for (std::size_t i = 0; i < batch.journals.size(); ++i) {
    const Journal& journal = batch.journals[i];
    const PostedJournal& posted = batch.posted.journals[i];
    ids.push_back(journal.id);
    sources.push_back(journal.source_id);
    actors.push_back(journal.actor);
    ordinals.push_back(posted.ordinal);
    firsts.push_back(posted.first_position);
    lines.push_back(posted.line_count);
    dates.push_back(journal.effective_date);
    events.push_back(static_cast<std::int16_t>(journal.event));
    outcomes.push_back(static_cast<std::int16_t>(posted.refusal.status));
    corrects.push_back(journal.corrects);
    const bool accepted = posted.refusal.status == PostStatus::kAccepted;
    refused.push_back(accepted ? std::nullopt
                               : std::optional(EncodeRefused(journal, posted.refusal)));
  }
  tx.Execute(kInsertJournals, batch.book, batch.posted.batch_seq, ids, sources, actors, ordinals,
             firsts, lines, dates, events, outcomes, corrects, batch.body_hashes, refused);
}

// The columns of transfers, as arrays.
struct TransferColumns {
  std::vector<std::int64_t> debits;
  std::vector<std::int64_t> credits;
  std::vector<Money> amounts;
  std::vector<std::int32_t> positions;
  std::vector<std::int32_t> ordinals;
  std::vector<Date> dates;
  std::vector<std::int16_t> events;
  std::vector<std::int16_t> kinds;
  std::vector<std::optional<std::int64_t>> pending_batches;
  std::vector<std::optional<std::int32_t>> pending_positions;
  std::vector<std::optional<std::int64_t>> expiries;
  bool has_holds = false;

  explicit TransferColumns(const std::vector<PostedTransfer>& transfers) {
    for (const PostedTransfer& transfer : transfers) Add(transfer);
  }
  void Add(const PostedTransfer& transfer) {
    debits.push_back(transfer.debit_account_id);
    credits.push_back(transfer.credit_account_id);
    amounts.push_back(transfer.amount);
    positions.push_back(transfer.position);
    ordinals.push_back(transfer.journal_ordinal);
    dates.push_back(transfer.effective_date);
    events.push_back(static_cast<std::int16_t>(transfer.event));
    kinds.push_back(static_cast<std::int16_t>(transfer.kind));
    const bool resolves = transfer.pending_batch_seq != 0;
    pending_batches.push_back(resolves ? std::optional(transfer.pending_batch_seq) : std::nullopt);
    pending_positions.push_back(resolves ? std::optional(transfer.pending_position) : std::nullopt);
    expiries.push_back(transfer.expires_at ? std::optional(transfer.expires_at->Micros())
                                           : std::nullopt);
    has_holds = has_holds || transfer.kind != TransferKind::kPosted;
  }
};

void InsertTransfers(pg::Transaction& tx, const SealedBatch& batch) {
  if (batch.posted.transfers.empty()) return;
  const TransferColumns c(batch.posted.transfers);
  if (!c.has_holds) {
    tx.Execute(kInsertPostedTransfers, batch.book, batch.posted.batch_seq, c.debits, c.credits,
               c.amounts, c.positions, c.ordinals, c.dates, c.events);
    return;
  }
  tx.Execute(kInsertTransfers, batch.book, batch.posted.batch_seq, c.debits, c.credits, c.amounts,
             c.positions, c.ordinals, c.dates, c.events, c.kinds, c.pending_batches,
             c.pending_positions, c.expiries);
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

StoredHead StoredHead::FromRow(const pg::Row& row) {
  return StoredHead{row.Get<std::int64_t>(0), row.Get<Digest>(1),
                    Instant::FromMicros(row.Get<std::int64_t>(2)), row.Get<std::optional<Date>>(3)};
}

StoredJournal StoredJournal::FromRow(const pg::Row& row) {
  return StoredJournal{row.Get<Uuid>(0),
                       static_cast<PostStatus>(row.Get<std::int16_t>(1)),
                       row.Get<Digest>(2),
                       row.Get<std::int64_t>(3),
                       row.Get<std::int32_t>(4),
                       row.Get<std::int32_t>(5),
                       row.Get<std::optional<Bytes>>(6)};
}

AccountLine AccountLine::FromRow(const pg::Row& row) {
  return AccountLine{row.Get<std::int64_t>(0), KeyAt(row, 1), CountersAt(row, 3),
                     row.Get<Money>(7)};
}

EntryLine EntryLine::FromRow(const pg::Row& row) {
  EntryLine entry;
  entry.batch_seq = row.Get<std::int64_t>(0);
  entry.position = row.Get<std::int32_t>(1);
  entry.journal_id = row.Get<Uuid>(2);
  entry.event = static_cast<Event>(row.Get<std::int16_t>(3));
  entry.kind = static_cast<TransferKind>(row.Get<std::int16_t>(4));
  entry.debit = KeyAt(row, 5);
  entry.credit = KeyAt(row, 7);
  entry.amount = row.Get<Money>(9);
  entry.effective_date = row.Get<Date>(10);
  entry.source_id = row.Get<std::int64_t>(11);
  entry.actor = row.Get<UserId>(12);
  return entry;
}

std::optional<StoredHead> LockHead(pg::Transaction& tx, BookId book) {
  return tx.Query(kLockHead, book).OneOrNone<StoredHead>();
}

std::optional<StoredHead> FindStoredHead(pg::Transaction& tx, BookId book) {
  return tx.Query(kFindHead, book).OneOrNone<StoredHead>();
}

void OpenBook(pg::Transaction& tx, BookId book) { tx.Execute(kOpenBook, book, Digest{}); }

bool BookExists(pg::Transaction& tx, BookId book) { return !tx.Query(kBookExists, book).Empty(); }

std::vector<StoredJournal> FindJournals(pg::Transaction& tx, BookId book,
                                        std::span<const Uuid> ids) {
  return tx.Query(kFindJournals, book, ids).All<StoredJournal>();
}

std::vector<AccountBalance> LockAccounts(pg::Transaction& tx, BookId book,
                                         std::span<const AccountKey> keys) {
  std::vector<std::int16_t> classes;
  std::vector<std::string> owners;
  for (const AccountKey& key : keys) {
    classes.push_back(static_cast<std::int16_t>(key.account_class));
    owners.push_back(key.owner_key);
  }
  const pg::Result found = tx.Query(kFindAccounts, book, classes, owners);
  std::unordered_map<std::int64_t, AccountKey> key_of;
  std::vector<std::int64_t> ids;
  for (int i = 0; i < found.Size(); ++i) {
    ids.push_back(found[i].Get<std::int64_t>(0));
    key_of.emplace(ids.back(), KeyAt(found[i], 1));
  }
  std::vector<AccountBalance> accounts;
  if (ids.empty()) return accounts;
  std::ranges::sort(ids);
  const pg::Result locked = tx.Query(kLockBalances, book, ids);
  CHECK(locked.Size() == found.Size());  // both rows are written together
  accounts.reserve(ids.size());
  for (int i = 0; i < locked.Size(); ++i) {
    const pg::Row row = locked[i];
    const auto id = row.Get<std::int64_t>(0);
    accounts.push_back(AccountBalance{id, key_of.at(id),
                                      static_cast<LimitKind>(row.Get<std::int16_t>(1)),
                                      row.Get<Money>(2), CountersAt(row, 3)});
  }
  return accounts;
}

std::map<HoldRef, Hold> FindHolds(pg::Transaction& tx, BookId book, std::span<const HoldRef> refs) {
  std::map<HoldRef, Hold> holds;
  if (refs.empty()) return holds;
  std::vector<Uuid> journals;
  std::vector<std::int32_t> lines;
  for (const HoldRef& ref : refs) {
    journals.push_back(ref.journal_id);
    lines.push_back(ref.line);
  }
  const pg::Result result = tx.Query(kFindHolds, book, journals, lines);
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    Hold& hold = holds[HoldRef{row.Get<Uuid>(0), row.Get<std::int32_t>(1)}];
    hold.batch_seq = row.Get<std::int64_t>(2);
    hold.position = row.Get<std::int32_t>(3);
    hold.debit = KeyAt(row, 4);
    hold.credit = KeyAt(row, 6);
    hold.amount = row.Get<Money>(8);
    hold.expires_at = ExpiryAt(row, 9);
    hold.resolved = row.Get<bool>(10);
  }
  return holds;
}

std::map<Uuid, CorrectedJournal> FindCorrected(pg::Transaction& tx, BookId book,
                                               std::span<const Uuid> ids) {
  std::map<Uuid, CorrectedJournal> corrected;
  if (ids.empty()) return corrected;
  const pg::Result result = tx.Query(kFindCorrected, book, ids);
  for (int i = 0; i < result.Size(); ++i) {
    corrected[result[i].Get<Uuid>(0)] =
        CorrectedJournal{result[i].Get<bool>(1), result[i].Get<bool>(2)};
  }
  return corrected;
}

Journal LoadAccepted(pg::Transaction& tx, BookId book, const Uuid& id) {
  const std::vector<StoredJournal> stored = FindJournals(tx, book, std::span(&id, 1));
  const pg::Result header = tx.Query(kLoadJournal, book, id);
  CHECK(stored.size() == 1 && header.Size() == 1);
  const pg::Row row = header[0];
  Journal journal;
  journal.id = id;
  journal.event = static_cast<Event>(row.Get<std::int16_t>(0));
  journal.source_id = row.Get<std::int64_t>(1);
  journal.actor = row.Get<UserId>(2);
  journal.corrects = row.Get<std::optional<Uuid>>(3);
  journal.effective_date = row.Get<Date>(4);
  if (const auto overdraft = row.Get<std::optional<Money>>(9)) {
    journal.limit = LimitChange{KeyAt(row, 7), *overdraft};
  }
  const pg::Result lines = tx.Query(kLoadLines, book, stored.front().batch_seq,
                                    stored.front().first_position, stored.front().line_count);
  for (int i = 0; i < lines.Size(); ++i) {
    const pg::Row line = lines[i];
    Transfer transfer;
    transfer.kind = static_cast<TransferKind>(line.Get<std::int16_t>(0));
    transfer.event = static_cast<Event>(line.Get<std::int16_t>(1));
    transfer.debit = KeyAt(line, 2);
    transfer.credit = KeyAt(line, 4);
    transfer.amount = line.Get<Money>(6);
    transfer.expires_at = ExpiryAt(line, 7);
    if (const auto hold = line.Get<std::optional<Uuid>>(8)) {
      transfer.hold = HoldRef{*hold, line.Get<std::int32_t>(9)};
    }
    journal.transfers.push_back(std::move(transfer));
  }
  return journal;
}

Status InsertBatch(pg::Transaction& tx, const SealedBatch& batch) {
  const BatchSeal& seal = batch.seal;
  tx.Execute(kInsertBatch, batch.book, seal.batch_seq, seal.sealed_at.Micros(), seal.journal_count,
             seal.transfer_count, kChainVersion, seal.prev_hash, seal.body_hash, batch.hash);
  InsertOpened(tx, batch);
  InsertJournals(tx, batch);
  InsertTransfers(tx, batch);
  InsertResolutions(tx, batch);
  InsertLimits(tx, batch);
  RETURN_IF_ERROR(WriteBalances(tx, batch));
  const std::int64_t heads = tx.Execute(kUpdateHead, batch.book, seal.batch_seq, batch.hash,
                                        seal.sealed_at.Micros(), batch.posted.closed_through);
  if (heads != 1) {
    return Aborted("book {}: batch {} does not follow the head; post again", batch.book,
                   seal.batch_seq);
  }
  return OkStatus();
}

std::optional<AccountLine> SelectBalance(pg::Transaction& tx, BookId book, const AccountKey& key) {
  return tx.Query(kSelectBalance, book, static_cast<std::int16_t>(key.account_class), key.owner_key)
      .OneOrNone<AccountLine>();
}

std::optional<AccountLine> SelectBalanceAsOfBatch(pg::Transaction& tx, BookId book,
                                                  const AccountKey& key, std::int64_t batch_seq) {
  return tx
      .Query(kSelectBalanceAsOf, book, static_cast<std::int16_t>(key.account_class), key.owner_key,
             batch_seq)
      .OneOrNone<AccountLine>();
}

std::vector<AccountLine> SelectBalances(pg::Transaction& tx, BookId book) {
  return tx.Query(kSelectBalances, book).All<AccountLine>();
}

std::vector<AccountLine> SelectBalancesOnDate(pg::Transaction& tx, BookId book, Date date) {
  return tx.Query(kSelectBalancesOnDate, book, date).All<AccountLine>();
}

std::vector<EntryLine> SelectEntries(pg::Transaction& tx, BookId book, const EntryFilter& filter) {
  const auto limit = static_cast<std::int64_t>(std::clamp(filter.limit, 1, 1000));
  if (!filter.account) {
    return tx.Query(kSelectEntries, book, filter.after.batch_seq, filter.after.position, limit)
        .All<EntryLine>();
  }
  const auto account = SelectBalance(tx, book, *filter.account);
  if (!account) return {};
  return tx
      .Query(kSelectAccountEntries, book, filter.after.batch_seq, filter.after.position, limit,
             account->account_id)
      .All<EntryLine>();
}

}  // namespace sluice::payments
