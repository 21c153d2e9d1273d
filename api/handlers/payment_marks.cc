// sluice.payments.v1.ReconciliationService: payments as their payees look for them.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/money_names.h"
#include "api/handlers/payment_list_store.h"
#include "api/handlers/small_page.h"
#include "api/handlers/values.h"
#include "api/handlers/withhold_list_store.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "payments/reconciliation/payment_mark.h"
#include "payments/reconciliation/payment_mark_store.h"
#include "sluice/payments/v1/reconciliation.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::MarkedPayment;

v1::PaymentMark MarkMessage(PayerId payer, ProgramId program, const MarkedPayment& payment) {
  v1::PaymentMark to;
  to.set_name(fmt::format("{}/paymentMarks/{}", ProgramName(payer, program), payment.id));
  to.set_payment(fmt::format("payers/{}/payments/{}", payer, payment.id));
  to.set_payment_key(payment.key);
  to.set_payee(PayeeName(payer, payment.payee));
  Set(*to.mutable_amount(), payment.amount);
  Set(*to.mutable_effective_date(), payment.effective_date);
  to.set_trace_number(payment.trace_number);
  to.set_remittance_file(payment.remittance_835);
  to.set_reconciled(payment.reconciled);
  to.set_note(payment.note);
  if (payment.marked_at) Set(*to.mutable_mark_time(), *payment.marked_at);
  return to;
}

// Of payees of these parties, those that are the caller's to see.
void KeepOwn(pg::Transaction& tx, const Call& call, const std::vector<PartyId>& among,
             std::vector<MarkedPayment>& payments) {
  std::map<PayeeId, bool> own;
  std::erase_if(payments, [&](const MarkedPayment& payment) {
    const auto [at, added] = own.emplace(payment.payee, false);
    if (added) {
      const std::optional<PayeePlace> place = FindPayeePlace(tx, payment.payee);
      at->second = place && std::ranges::binary_search(among, place->party);
    }
    if (!at->second) return true;
    const std::optional<PaymentRow> row = FindPayment(tx, payment.id);
    return !row || !call.Require(ObjectOf(call.Payer(), row->parties)).ok();
  });
}

StatusOr<v1::ListPaymentMarksResponse> ListPaymentMarks(
    Call& call, const v1::ListPaymentMarksRequest& request) {
  payments::MarkFilter filter;
  if (!request.payment_key().empty()) filter.payment = request.payment_key();
  if (!request.trace_number().empty()) filter.trace_number = request.trace_number();
  ListQuery query = PlainQueryOf(call, request);
  query.others = {request.payment_key(), request.trace_number()};
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListPaymentMarksResponse> {
    ASSIGN_OR_RETURN(const performance::Program program, FindProgramAt(tx, request.parent()));
    std::vector<MarkedPayment> payments = payments::LoadMarkedPayments(tx, program.book, filter);
    if (const auto among = call.WhichParties()) KeepOwn(tx, call, *among, payments);
    ASSIGN_OR_RETURN(const SmallPage<MarkedPayment> page,
                     SmallPageOf(call, request, query, std::move(payments),
                                 [](const MarkedPayment& row) { return row.id.Value(); }));
    v1::ListPaymentMarksResponse response;
    for (const MarkedPayment& payment : page.items) {
      *response.add_payment_marks() = MarkMessage(call.Payer(), program.id, payment);
    }
    response.set_next_page_token(page.next_page_token);
    return response;
  });
}

StatusOr<v1::PaymentMark> MarkPayment(Call& call, const v1::MarkPaymentRequest& request) {
  if (!v1::PaymentMarkKind_IsValid(request.kind())) {
    return WrongFields({{"kind", "is PENDING or RECONCILED"}});
  }
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.name()));
  ASSIGN_OR_RETURN(const auto id, path.Get<payments::DisbursementTag>("paymentMarks"));
  struct Known {
    performance::Program program;
    PaymentRow payment;
  };
  ASSIGN_OR_RETURN(const Known known, call.Read([&](pg::Transaction& tx) -> StatusOr<Known> {
    const std::optional<PaymentRow> row = FindPayment(tx, id);
    RETURN_IF_ERROR(call.Require(ObjectOf(call.Payer(), row ? row->parties : PaymentParties())));
    ASSIGN_OR_RETURN(performance::Program program, FindProgramAt(tx, request.name()));
    if (!row || row->book != program.book) {
      return NotFound("program {} has no payment {}", program.id, id);
    }
    return Known{std::move(program), *row};
  }));
  return call.Change<v1::PaymentMark>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return payments::PaymentMarks(database, call.Payer(), known.program.book, call.Clock())
                 .Mark({.payee = known.payment.payee,
                        .payment = known.payment.key,
                        .reconciled = request.kind() == v1::PAYMENT_MARK_KIND_RECONCILED,
                        .note = request.note()},
                       call.Actor());
           },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::PaymentMark> {
         payments::MarkFilter filter;
         filter.payee = known.payment.payee;
         filter.payment = known.payment.key;
         const auto rows = payments::LoadMarkedPayments(tx, known.program.book, filter);
         if (rows.empty()) return NotFound("payment {} has not left", id);
         return MarkMessage(call.Payer(), known.program.id, rows.front());
       },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = request.note()});
}

}  // namespace

void ServePaymentMarks(Methods& methods) {
  const std::string service = "sluice.payments.v1.ReconciliationService.";
  methods.Serve<v1::ListPaymentMarksRequest, v1::ListPaymentMarksResponse>(
      service + "ListPaymentMarks", ListPaymentMarks, Narrowing::kByHandler);
  methods.Serve<v1::MarkPaymentRequest, v1::PaymentMark>(service + "MarkPayment", MarkPayment,
                                                         Narrowing::kByHandler);
}

}  // namespace sluice::api
