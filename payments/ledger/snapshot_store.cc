// What posting reads under the lock of the head: known journals, accounts, holds, corrections.
#include <algorithm>
#include <unordered_map>

#include "core/check.h"
#include "payments/ledger/ledger_rows.h"
#include "payments/ledger/ledger_store.h"

namespace sluice::payments {
namespace {

// Posting touches rows by their keys, and most of them are in memory. Told so, the planner uses the
// keys also for tables that are small today. That includes the checks of foreign keys, whose plans
// the server keeps: with its default it read the whole table of batches for each row of a batch.
constexpr pg::Query kPreferKeys{"ledger_prefer_keys", R"sql(
  SELECT set_config('random_page_cost', '0.1', true)
)sql"};

constexpr pg::Query kFindJournals{"ledger_find_journals", R"sql(
  SELECT j.journal_id, j.outcome, j.body_hash, j.batch_seq, j.first_position, j.line_count,
    j.refused_body
  FROM unnest ($2::uuid[]) AS u (journal_id)
  CROSS JOIN LATERAL (
    SELECT f.journal_id, f.outcome, f.body_hash, f.batch_seq, f.first_position, f.line_count,
      f.refused_body
    FROM payments.journal AS f
    WHERE f.book_id = $1 AND f.journal_id = u.journal_id
    OFFSET 0
  ) AS j
)sql"};

// Arrays of unknown length make the planner guess. LATERAL leaves one plan: an index probe per
// element. A plain join was seen to compare every account with every element.
constexpr pg::Query kFindAccounts{"ledger_find_accounts", R"sql(
  SELECT a.account_id, a.class, a.owner_key
  FROM unnest ($2::smallint[], $3::text[]) AS k (class, owner_key)
  CROSS JOIN LATERAL (
    SELECT x.account_id, x.class, x.owner_key
    FROM payments.account AS x
    WHERE x.book_id = $1 AND x.class = k.class AND x.owner_key = k.owner_key
    LIMIT 1) AS a
)sql"};

// The ids come sorted, and each is looked up and locked in turn: the order of the locks is theirs.
constexpr pg::Query kLockBalances{"ledger_lock_balances", R"sql(
  SELECT b.account_id, b.limit_kind, b.overdraft_cents, b.debits_pending, b.debits_posted,
    b.credits_pending, b.credits_posted
  FROM unnest ($2::bigint[]) AS k (account_id)
  CROSS JOIN LATERAL (
    SELECT x.account_id, x.limit_kind, x.overdraft_cents, x.debits_pending, x.debits_posted,
      x.credits_pending, x.credits_posted
    FROM payments.account_balance AS x
    WHERE x.book_id = $1 AND x.account_id = k.account_id
    FOR UPDATE) AS b
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

}  // namespace

StoredJournal StoredJournal::FromRow(const pg::Row& row) {
  return StoredJournal{row.Get<Uuid>(0),
                       static_cast<PostStatus>(row.Get<std::int16_t>(1)),
                       row.Get<Digest>(2),
                       row.Get<std::int64_t>(3),
                       row.Get<std::int32_t>(4),
                       row.Get<std::int32_t>(5),
                       row.Get<std::optional<Bytes>>(6)};
}

void PreferKeys(pg::Transaction& tx) { tx.Query(kPreferKeys); }

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

}  // namespace sluice::payments
