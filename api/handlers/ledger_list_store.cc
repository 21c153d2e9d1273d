#include "api/handlers/ledger_list_store.h"

#include <array>

namespace sluice::api {
namespace {

using payments::EntryLine;

const std::array kBookFields = {
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.book_id",
              .prefix = BookTag::kPrefix,
              .sortable = true},
};

const std::array kEntryFilterFields = {
    ListField{.name = "account"},
    ListField{.name = "journal"},
    ListField{.name = "effective_date", .type = FieldType::kDate, .column = "r.effective_date"},
};

const std::array kEntryFields = {
    ListField{.name = "effective_date", .type = FieldType::kDate, .column = "r.effective_date"},
    ListField{
        .name = "batch", .type = FieldType::kInteger, .column = "r.batch_seq", .sortable = true},
    ListField{
        .name = "position", .type = FieldType::kInteger, .column = "r.position", .sortable = true},
};

constexpr char kBooksSql[] = R"sql(
  SELECT r.book_id, r.payer_id, r.program_id, r.kind
  FROM payments.book AS r
  WHERE TRUE)sql";

// The batches that touched an account have a row of it in balance_after (payments/ledger).
constexpr char kEntriesSql[] = R"sql(
  SELECT r.batch_seq, r.position, j.journal_id, r.event, r.kind, d.class, d.owner_key, c.class,
    c.owner_key, r.amount_cents, r.effective_date, j.source_id, j.actor_id
  FROM payments.transfer AS r
  JOIN payments.journal AS j
    ON j.book_id = $1 AND j.batch_seq = r.batch_seq AND j.ordinal = r.journal_ordinal
  JOIN payments.account AS d ON d.book_id = $1 AND d.account_id = r.debit_account_id
  JOIN payments.account AS c ON c.book_id = $1 AND c.account_id = r.credit_account_id
  WHERE r.book_id = $1
    AND ($2::bigint IS NULL
      OR ((r.debit_account_id = $2 OR r.credit_account_id = $2)
        AND r.batch_seq IN (
          SELECT b.batch_seq
          FROM payments.balance_after AS b
          WHERE b.book_id = $1 AND b.account_id = $2)))
    AND ($3::uuid IS NULL
      OR (j.journal_id = $3
        AND r.batch_seq = (
          SELECT x.batch_seq
          FROM payments.journal AS x
          WHERE x.book_id = $1 AND x.journal_id = $3))))sql";

}  // namespace

std::span<const ListField> BookFields() { return kBookFields; }
std::span<const ListField> EntryFilterFields() { return kEntryFilterFields; }
std::span<const ListField> EntryFields() { return kEntryFields; }

BookPage LoadBookPage(pg::Transaction& tx, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kBooksSql, {});
  BookPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    loaded.books.push_back(payments::BookRecord::FromRow(rows[i]));
  }
  loaded.next_page_token = page.NextToken(
      rows, [&](std::string_view) -> FilterValue { return loaded.books.back().id.Value(); });
  return loaded;
}

EntryPage LoadEntryPage(pg::Transaction& tx, const EntryView& view, const ListPage& page) {
  std::optional<std::int64_t> account;
  if (view.account) {
    const auto balance = payments::FindBalance(tx, view.book, *view.account);
    if (!balance.ok()) return {};  // nothing was ever posted to it
    account = balance->account_id;
  }
  const pg::Result rows = page.Run(
      tx, kEntriesSql, {pg::Encode(view.book), pg::Encode(account), pg::Encode(view.journal)});
  EntryPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    loaded.entries.push_back(EntryLine::FromRow(rows[i]));
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const EntryLine& last = loaded.entries.back();
    if (field == "batch") return last.batch_seq;
    return std::int64_t{last.position};
  });
  return loaded;
}

}  // namespace sluice::api
