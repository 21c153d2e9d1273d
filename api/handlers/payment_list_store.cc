#include "api/handlers/payment_list_store.h"

#include <algorithm>
#include <array>
#include <map>

#include "core/check.h"
#include "payments/inbound/return_store.h"
#include "payments/ledger/book_store.h"
#include "payments/obligation_store.h"
#include "payments/pluck.h"

namespace sluice::api {
namespace {

using payments::DisbursementId;
using payments::ObligationId;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 10> kPaymentStates = {{
    {"PLANNED", 0},
    {"POSTED", 1},
    {"IN_FILE", 2},
    {"SENT", 3},
    {"ACCEPTED", 4},
    {"SETTLED", 5},
    {"REJECTED", 6},
    {"VOIDED", 7},
    {"RETURNED", 8},
    {"STALE", 9},
}};

constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> kReturnedStates = {{
    {"OPEN", 0},
    {"PAY_AGAIN", 1},
    {"CLOSED", 2},
    {"UNAPPLIED", 3},
}};

const std::array kPaymentFields = {
    ListField{.name = "payee",
              .type = FieldType::kId,
              .column = "r.payee_id",
              .prefix = PayeeTag::kPrefix},
    ListField{.name = "run",
              .type = FieldType::kId,
              .column = "r.run_id",
              .prefix = payments::RunTag::kPrefix},
    ListField{
        .name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kPaymentStates},
    ListField{.name = "payment_key", .column = "r.payment_key"},
    ListField{.name = "effective_date",
              .type = FieldType::kDate,
              .column = "r.effective_date",
              .sortable = true},
    ListField{.name = "amount",
              .type = FieldType::kInteger,
              .column = "r.amount_cents",
              .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.disbursement_id",
              .prefix = payments::DisbursementTag::kPrefix,
              .sortable = true},
};

const std::array kReturnedFields = {
    ListField{
        .name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kReturnedStates},
    ListField{.name = "payee",
              .type = FieldType::kId,
              .column = "r.payee_id",
              .prefix = PayeeTag::kPrefix},
    ListField{.name = "code", .column = "r.code"},
    ListField{.name = "returned_on",
              .type = FieldType::kDate,
              .column = "r.returned_on",
              .sortable = true},
    ListField{.name = "name",
              .type = FieldType::kId,
              .column = "r.disbursement_id",
              .prefix = payments::DisbursementTag::kPrefix,
              .sortable = true},
};

constexpr char kPaymentsSql[] = R"sql(
  SELECT r.book_id, r.disbursement_id, r.program_id, r.cycle_id, r.run_id, r.payee_id,
    r.payment_key, r.amount_cents, r.rail, r.last4, r.effective_date, r.state, r.party_id,
    r.under_party_id
  FROM (
    SELECT d.book_id, d.disbursement_id, c.program_id, c.cycle_id, d.run_id, d.payee_id,
      d.payment_key, d.amount_cents, d.rail, COALESCE(a.last4, '') AS last4, d.effective_date,
      d.state, p.party_id, p.under_party_id
    FROM payments.disbursement AS d
    JOIN payments.run AS n ON n.book_id = d.book_id AND n.run_id = d.run_id
    JOIN payments.cycle AS c ON c.book_id = n.book_id AND c.cycle_id = n.cycle_id
    JOIN payments.payee AS p ON p.payee_id = d.payee_id
    LEFT JOIN payments.bank_account AS a
      ON a.payer_id = p.payer_id AND a.account_id = d.account_id AND a.version = d.account_version
  ) AS r
  WHERE )sql";

constexpr char kReturnedSql[] = R"sql(
  SELECT r.book_id, r.disbursement_id, r.returned_on, r.decided_at, r.party_id, r.under_party_id
  FROM (
    SELECT t.book_id, t.disbursement_id, t.payee_id, t.code, t.returned_on, t.state, t.decided_at,
      p.party_id, p.under_party_id
    FROM payments.returned_payment AS t
    JOIN payments.payee AS p ON p.payee_id = t.payee_id
  ) AS r
  WHERE )sql";

constexpr char kAmongParties[] = "($1::bigint[] IS NULL OR r.party_id = ANY ($1))";
constexpr char kOneOfBooks[] = "r.book_id = ANY ($1::bigint[]) AND r.disbursement_id = $2";

constexpr pg::Query kLoadLinesOfPayments{"api_load_lines_of_payments", R"sql(
  SELECT c.disbursement_id, c.obligation_id, t.party_id
  FROM payments.obligation_claim AS c
  JOIN payments.obligation AS o ON o.book_id = c.book_id AND o.obligation_id = c.obligation_id
  LEFT JOIN performance.contract AS t ON t.contract_id = o.contract_id
  WHERE c.book_id = ANY ($1::bigint[]) AND c.disbursement_id = ANY ($2::bigint[])
  ORDER BY c.disbursement_id, c.obligation_id
)sql"};

constexpr pg::Query kLoadSuccessors{"api_load_successors_of_payments", R"sql(
  SELECT c.disbursement_id, max(n.disbursement_id)
  FROM payments.obligation_claim AS c
  JOIN payments.obligation_claim AS n
    ON n.book_id = c.book_id AND n.obligation_id = c.obligation_id
      AND n.attempt_no = c.attempt_no + 1
  WHERE c.book_id = ANY ($1::bigint[]) AND c.disbursement_id = ANY ($2::bigint[])
  GROUP BY c.disbursement_id
)sql"};

std::vector<BookId> BooksOf(pg::Transaction& tx) {
  return payments::Pluck(payments::ListBooks(tx), &payments::BookRecord::id);
}

// Calls `take(payment, line, the party of its contract)` for each line of the payments.
template <typename Take>
void ForEachLine(pg::Transaction& tx, const std::vector<BookId>& books,
                 const std::vector<DisbursementId>& ids, const Take& take) {
  const pg::Result rows = tx.Query(kLoadLinesOfPayments, books, ids);
  for (int i = 0; i < rows.Size(); ++i) {
    take(rows[i].Get<DisbursementId>(0), rows[i].Get<ObligationId>(1),
         rows[i].Get<std::optional<PartyId>>(2).value_or(PartyId()));
  }
}

void AddContractParty(PaymentParties& parties, PartyId party) {
  if (party == PartyId()) return;
  if (std::ranges::find(parties.contract_parties, party) == parties.contract_parties.end()) {
    parties.contract_parties.push_back(party);
  }
}

PaymentRow PaymentOf(const pg::Row& row) {
  return {.book = row.Get<BookId>(0),
          .id = row.Get<DisbursementId>(1),
          .program = row.Get<ProgramId>(2),
          .cycle = row.Get<payments::CycleId>(3),
          .run = row.Get<payments::RunId>(4),
          .payee = row.Get<PayeeId>(5),
          .key = row.Get<std::string>(6),
          .amount = row.Get<Money>(7),
          .rail = static_cast<payments::Rail>(row.Get<std::int16_t>(8)),
          .last4 = row.Get<std::string>(9),
          .effective_date = row.Get<Date>(10),
          .state = static_cast<payments::DisbursementState>(row.Get<std::int16_t>(11)),
          .lines = {},
          .successor = std::nullopt,
          .parties = {row.Get<PartyId>(12), row.Get<PartyId>(13), {}}};
}

// What is of several rows of other tables.
void Complete(pg::Transaction& tx, std::vector<PaymentRow>& payments) {
  if (payments.empty()) return;
  std::map<DisbursementId, PaymentRow*> by_id;
  std::vector<DisbursementId> ids;
  for (PaymentRow& payment : payments) {
    by_id[payment.id] = &payment;
    ids.push_back(payment.id);
  }
  const std::vector<BookId> books = BooksOf(tx);
  ForEachLine(tx, books, ids, [&](DisbursementId payment, ObligationId line, PartyId party) {
    by_id.at(payment)->lines.push_back(line);
    AddContractParty(by_id.at(payment)->parties, party);
  });
  const pg::Result successors = tx.Query(kLoadSuccessors, books, ids);
  for (int i = 0; i < successors.Size(); ++i) {
    by_id.at(successors[i].Get<DisbursementId>(0))->successor =
        successors[i].Get<DisbursementId>(1);
  }
}

void Complete(pg::Transaction& tx, std::vector<ReturnedRow>& payments) {
  if (payments.empty()) return;
  std::map<DisbursementId, ReturnedRow*> by_id;
  std::vector<DisbursementId> ids;
  for (ReturnedRow& row : payments) {
    by_id[row.payment.disbursement] = &row;
    ids.push_back(row.payment.disbursement);
  }
  ForEachLine(tx, BooksOf(tx), ids, [&](DisbursementId payment, ObligationId, PartyId party) {
    AddContractParty(by_id.at(payment)->parties, party);
  });
}

ReturnedRow ReturnedOf(pg::Transaction& tx, const pg::Row& row) {
  const auto book = row.Get<BookId>(0);
  const std::vector<DisbursementId> ids{row.Get<DisbursementId>(1)};
  auto loaded = payments::LoadReturnedPayments(tx, book, ids);
  CHECK(loaded.size() == 1);
  return {.book = book,
          .payment = std::move(loaded.begin()->second),
          .decided_at = row.Get<std::optional<Instant>>(3),
          .parties = {row.Get<PartyId>(4), row.Get<PartyId>(5), {}}};
}

}  // namespace

std::span<const ListField> PaymentFields() { return kPaymentFields; }
std::span<const ListField> ReturnedFields() { return kReturnedFields; }

PaymentPage LoadPaymentPage(pg::Transaction& tx, const std::optional<std::vector<PartyId>>& among,
                            const ListPage& page) {
  const pg::Result rows =
      page.Run(tx, std::string(kPaymentsSql) + kAmongParties, {pg::Encode(among)});
  PaymentPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) loaded.payments.push_back(PaymentOf(rows[i]));
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const PaymentRow& last = loaded.payments.back();
    if (field == "effective_date") return last.effective_date;
    if (field == "amount") return last.amount.Cents();
    return last.id.Value();
  });
  Complete(tx, loaded.payments);
  return loaded;
}

std::optional<PaymentRow> FindPayment(pg::Transaction& tx, DisbursementId payment) {
  const std::vector<pg::EncodedValue> values{pg::Encode(BooksOf(tx)), pg::Encode(payment)};
  const pg::Result rows = tx.QueryOnce(std::string(kPaymentsSql) + kOneOfBooks, values);
  if (rows.Empty()) return std::nullopt;
  std::vector<PaymentRow> found{PaymentOf(rows[0])};
  Complete(tx, found);
  return std::move(found.front());
}

ReturnedPage LoadReturnedPage(pg::Transaction& tx, const std::optional<std::vector<PartyId>>& among,
                              const ListPage& page) {
  const pg::Result rows =
      page.Run(tx, std::string(kReturnedSql) + kAmongParties, {pg::Encode(among)});
  ReturnedPage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) loaded.payments.push_back(ReturnedOf(tx, rows[i]));
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const payments::ReturnedPayment& last = loaded.payments.back().payment;
    if (field == "returned_on") return last.returned_on;
    return last.disbursement.Value();
  });
  Complete(tx, loaded.payments);
  return loaded;
}

std::optional<ReturnedRow> FindReturned(pg::Transaction& tx, DisbursementId payment,
                                        ReturnedLock lock) {
  const std::vector<pg::EncodedValue> values{pg::Encode(BooksOf(tx)), pg::Encode(payment)};
  const std::string sql = std::string(kReturnedSql) + kOneOfBooks;
  pg::Result rows = tx.QueryOnce(sql, values);
  if (rows.Empty()) return std::nullopt;
  if (lock == ReturnedLock::kYes) {
    const auto book = rows[0].Get<BookId>(0);
    const auto lines = payments::LoadObligationsOfPayment(tx, book, payment);
    payments::LockObligations(tx, book, lines);  // they come first in the order of locks
    payments::LockReturnedPayment(tx, book, payment);
    rows = tx.QueryOnce(sql, values);  // as it is under the lock
  }
  std::vector<ReturnedRow> found{ReturnedOf(tx, rows[0])};
  Complete(tx, found);
  return std::move(found.front());
}

}  // namespace sluice::api
