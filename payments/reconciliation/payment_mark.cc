#include "payments/reconciliation/payment_mark.h"

#include <sstream>

#include "core/csv.h"
#include "payments/reconciliation/payment_mark_store.h"

namespace sluice::payments {
namespace {

std::string_view RailWord(Rail rail) {
  switch (rail) {
    case Rail::kAch:
      return "ACH";
    case Rail::kCheck:
      return "CHECK";
    case Rail::kCard:
      return "CARD";
    case Rail::kNone:
      break;
  }
  return "NONE";
}

}  // namespace

std::string WriteMarksCsv(std::span<const MarkedPayment> payments) {
  std::ostringstream text;
  CsvWriter out(text, {.crlf = false});
  out.AddRow({"payment", "payee_id", "payee", "method", "amount", "effective_date", "trace_number",
              "remittance_835", "statement", "state", "marker", "note", "marked_at"});
  for (const MarkedPayment& row : payments) {
    out.AddRow({row.key, row.payee.ToString(), row.payee_name, RailWord(row.rail),
                row.amount.ToPlainString(), FormatDate(row.effective_date), row.trace_number,
                row.remittance_835, row.statement, DisbursementStateName(row.state),
                row.reconciled ? "RECONCILED" : "PENDING", row.note,
                row.marked_at ? row.marked_at->ToString() : std::string()});
  }
  return text.str();
}

Status PaymentMarks::Mark(const Request& request, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> Status {
    const auto payment = FindSentPayment(tx, book_, request.payee, request.payment);
    if (!payment) {
      return NotFound("no payment {} has left for payee {}", request.payment, request.payee);
    }
    InsertPaymentMark(tx, book_, *payment, request.reconciled, request.note, recorded);
    return OkStatus();
  });
}

StatusOr<std::vector<MarkedPayment>> PaymentMarks::List(const MarkFilter& filter) {
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<MarkedPayment>> {
    return LoadMarkedPayments(tx, book_, filter);
  });
}

}  // namespace sluice::payments
