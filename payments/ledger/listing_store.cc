// Balances and transfers as they are listed: now, as of a batch, on a date, page by page.
#include <algorithm>

#include "payments/ledger/ledger_rows.h"
#include "payments/ledger/ledger_store.h"

namespace sluice::payments {
namespace {

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

// The batches that touched an account have a row of it in balance_after, so transfers need no index
// by account: a batch is read through, and has at most 8,000 of them.
constexpr pg::Query kSelectAccountBatches{"ledger_select_account_batches", R"sql(
  SELECT b.batch_seq
  FROM payments.balance_after AS b
  WHERE b.book_id = $1
    AND b.account_id = $2
    AND b.batch_seq >= $3
  ORDER BY b.batch_seq
  LIMIT $4
)sql"};

constexpr pg::Query kSelectAccountEntries{"ledger_select_account_entries", R"sql(
  SELECT t.batch_seq, t.position, j.journal_id, t.event, t.kind, d.class, d.owner_key, c.class,
    c.owner_key, t.amount_cents, t.effective_date, j.source_id, j.actor_id
  FROM (
    SELECT x.batch_seq, x.position
    FROM payments.transfer AS x
    WHERE x.book_id = $1
      AND x.batch_seq = ANY ($6::bigint[])
      AND (x.debit_account_id = $5 OR x.credit_account_id = $5)
      AND (x.batch_seq, x.position) > ($2, $3)
    ORDER BY x.batch_seq, x.position
    LIMIT $4
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
)sql"};

// The entries of one account from the cursor on, some batches at a time until there are enough.
std::vector<EntryLine> SelectAccountEntries(pg::Transaction& tx, BookId book,
                                            std::int64_t account_id, EntryCursor after,
                                            std::int64_t limit) {
  constexpr std::int64_t kBatches = 16;
  std::vector<EntryLine> entries;
  std::int64_t from = after.batch_seq;
  while (true) {
    const auto batches =
        tx.Query(kSelectAccountBatches, book, account_id, from, kBatches).All<std::int64_t>();
    if (batches.empty()) return entries;
    const std::int64_t wanted = limit - static_cast<std::int64_t>(entries.size());
    const auto found = tx.Query(kSelectAccountEntries, book, after.batch_seq, after.position,
                                wanted, account_id, batches)
                           .All<EntryLine>();
    entries.insert(entries.end(), found.begin(), found.end());
    if (static_cast<std::int64_t>(entries.size()) == limit) return entries;
    from = batches.back() + 1;
  }
}

}  // namespace

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
  return SelectAccountEntries(tx, book, account->account_id, filter.after, limit);
}

}  // namespace sluice::payments
