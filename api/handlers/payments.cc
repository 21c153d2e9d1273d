// sluice.payments.v1.PaymentService
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/money_names.h"
#include "api/handlers/payment_list_store.h"
#include "api/handlers/proposal_store.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "payments/inbound/inbound_desk.h"
#include "payments/inbound/return_codes.h"
#include "payments/payee_hold.h"
#include "sluice/payments/v1/payment.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::DisbursementId;
using payments::ReturnedPayment;

constexpr std::string_view kDecideReturned = "decide returned payment";

std::string PaymentName(PayerId payer, DisbursementId payment) {
  return fmt::format("payers/{}/payments/{}", payer, payment);
}

std::string ReturnedName(PayerId payer, DisbursementId payment) {
  return fmt::format("payers/{}/returnedPayments/{}", payer, payment);
}

v1::Payment PaymentMessage(PayerId payer, const PaymentRow& row) {
  v1::Payment to;
  to.set_name(PaymentName(payer, row.id));
  to.set_run(fmt::format("payers/{}/programs/{}/cycles/{}/runs/{}", payer, row.program, row.cycle,
                         row.run));
  to.set_payee(PayeeName(payer, row.payee));
  to.set_payment_key(row.key);
  Set(*to.mutable_amount(), row.amount);
  to.set_method(static_cast<v1::PayoutMethod>(row.rail));
  if (row.rail == payments::Rail::kAch && !row.last4.empty()) {
    to.set_account_masked("ending " + row.last4);
  }
  Set(*to.mutable_effective_date(), row.effective_date);
  to.set_state(static_cast<v1::PaymentState>(static_cast<int>(row.state) + 1));
  for (const payments::ObligationId line : row.lines) {
    to.add_lines(fmt::format("payers/{}/programs/{}/lines/{}", payer, row.program, line));
  }
  if (row.successor) to.set_successor(PaymentName(payer, *row.successor));
  return to;
}

StatusOr<v1::Payment> GetPayment(Call& call, const v1::GetPaymentRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.name()));
  ASSIGN_OR_RETURN(const auto id, path.Get<payments::DisbursementTag>("payments"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::Payment> {
    const std::optional<PaymentRow> row = FindPayment(tx, id);
    RETURN_IF_ERROR(call.Require(ObjectOf(call.Payer(), row ? row->parties : PaymentParties())));
    if (!row) return NotFound("there is no payment {}", id);
    return PaymentMessage(call.Payer(), *row);
  });
}

StatusOr<v1::ListPaymentsResponse> ListPayments(Call& call,
                                                const v1::ListPaymentsRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     PaymentFields(), "effective_date desc"));
  const auto among = call.WhichParties();
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListPaymentsResponse> {
    const PaymentPage loaded = LoadPaymentPage(tx, among, page);
    v1::ListPaymentsResponse response;
    for (const PaymentRow& row : loaded.payments) {
      // Of two networks over one practice each sees what was earned under its own contract.
      if (!call.Require(ObjectOf(call.Payer(), row.parties)).ok()) continue;
      *response.add_payments() = PaymentMessage(call.Payer(), row);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

bool TakesTwo(const ReturnedPayment& payment) {
  const auto hold = payments::HoldOf(payment.actions);
  return hold && payments::NeedsTwoToClear(*hold);
}

std::string MeaningOf(const ReturnedPayment& payment) {
  if (payment.code == payments::kReversedCode) return "taken back by us";
  if (payment.rejected) return "refused by our bank before it left";
  const payments::ReturnCodeRule* const rule = payments::FindReturnCode(payment.code);
  return rule == nullptr ? "not a code of the network" : std::string(rule->meaning);
}

v1::ReturnedPayment ReturnedMessage(PayerId payer, const ReturnedRow& row) {
  const ReturnedPayment& payment = row.payment;
  v1::ReturnedPayment to;
  to.set_name(ReturnedName(payer, payment.disbursement));
  to.set_payment(PaymentName(payer, payment.disbursement));
  to.set_code(payment.code);
  to.set_meaning(MeaningOf(payment));
  to.set_rejected(payment.rejected);
  Set(*to.mutable_amount(), payment.amount);
  Set(*to.mutable_returned_on(), payment.returned_on);
  to.set_state(static_cast<v1::ReturnedPaymentState>(static_cast<int>(payment.state) + 1));
  to.set_needs_two_people(TakesTwo(payment));
  to.set_decision(payment.decision);
  to.set_etag(fmt::format("\"{}-{}-{}\"", payment.disbursement, static_cast<int>(payment.state),
                          row.decided_at ? row.decided_at->Micros() : 0));
  return to;
}

// What was proposed of it as it stands.
void SetProposal(v1::ReturnedPayment& to, PayerId payer, const Proposal& proposal) {
  v1::ReturnedPaymentState decision{};
  if (proposal.etag != to.etag()) return;
  if (!v1::ReturnedPaymentState_Parse(proposal.content, &decision)) return;
  to.set_proposed_decision(decision);
  to.set_proposed_by(UserName(payer, proposal.by));
  to.set_proposal_note(proposal.note);
}

StatusOr<v1::ListReturnedPaymentsResponse> ListReturnedPayments(
    Call& call, const v1::ListReturnedPaymentsRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     ReturnedFields(), "returned_on desc"));
  const auto among = call.WhichParties();
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListReturnedPaymentsResponse> {
    const ReturnedPage loaded = LoadReturnedPage(tx, among, page);
    v1::ListReturnedPaymentsResponse response;
    std::vector<std::string> names;
    for (const ReturnedRow& row : loaded.payments) {
      if (!call.Require(ObjectOf(call.Payer(), row.parties)).ok()) continue;
      v1::ReturnedPayment& payment = *response.add_returned_payments();
      payment = ReturnedMessage(call.Payer(), row);
      // What the payer's people think of a case is not for its payee.
      if (among) payment.clear_decision();
      if (among) payment.clear_needs_two_people();
      if (!among) names.push_back(payment.name());
    }
    const auto proposals = LoadProposals(tx, call.Payer(), kDecideReturned, names);
    for (v1::ReturnedPayment& payment : *response.mutable_returned_payments()) {
      const auto proposal = proposals.find(payment.name());
      if (proposal != proposals.end()) SetProposal(payment, call.Payer(), proposal->second);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

// A returned payment that the caller may decide about, locked.
StatusOr<v1::ReturnedPayment> LoadToDecide(pg::Transaction& tx, Call& call, DisbursementId id) {
  const std::optional<ReturnedRow> row = FindReturned(tx, id, ReturnedLock::kYes);
  if (!row) return NotFound("payment {} did not come back", payments::PaymentKeyOf(id));
  v1::ReturnedPayment payment = ReturnedMessage(call.Payer(), *row);
  const auto proposal = FindProposal(tx, call.Payer(), kDecideReturned, payment.name());
  if (proposal) SetProposal(payment, call.Payer(), *proposal);
  return payment;
}

template <typename Request>
StatusOr<DisbursementId> ReadDecision(const Request& request) {
  if (request.decision() != v1::RETURNED_PAYMENT_STATE_PAY_AGAIN &&
      request.decision() != v1::RETURNED_PAYMENT_STATE_CLOSED) {
    return WrongFields({{"decision", "is PAY_AGAIN or CLOSED"}});
  }
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.name()));
  return path.Get<payments::DisbursementTag>("returnedPayments");
}

StatusOr<v1::ReturnedPayment> ProposeReturnedPaymentDecision(
    Call& call, const v1::ProposeReturnedPaymentDecisionRequest& request) {
  ASSIGN_OR_RETURN(const DisbursementId id, ReadDecision(request));
  const auto load = [&](pg::Transaction& tx) { return LoadToDecide(tx, call, id); };
  return call.Change<v1::ReturnedPayment>(
      {.before = load,
       .work = [&](const pg::Database& database) -> Status {
         return database.Transact([&](pg::Transaction& tx) -> Status {
           ASSIGN_OR_RETURN(const v1::ReturnedPayment payment, load(tx));
           if (payment.state() != v1::RETURNED_PAYMENT_STATE_OPEN) {
             return FailedPrecondition("returned payment {} is decided already", id);
           }
           InsertProposal(tx, call.Payer(),
                          {.action = std::string(kDecideReturned),
                           .resource = payment.name(),
                           .etag = payment.etag(),
                           .content = v1::ReturnedPaymentState_Name(request.decision()),
                           .note = request.note(),
                           .by = call.User(),
                           .at = call.Now()});
           return OkStatus();
         });
       },
       .after = load,
       .etag = request.etag(),
       .validate_only = false,
       .reason = request.note()});
}

// The person who proposed the same, where the case takes two.
StatusOr<std::optional<payments::Actor>> FirstOfTwo(
    pg::Transaction& tx, Call& call, const v1::ReturnedPayment& payment,
    const v1::DecideReturnedPaymentRequest& request) {
  if (request.second_person().empty()) {
    if (!payment.needs_two_people()) return std::optional<payments::Actor>();
    return FailedPrecondition(
        "{} takes two people: one proposes a decision, and another one names them as second_person",
        payment.name());
  }
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.second_person()));
  ASSIGN_OR_RETURN(const UserId first, path.Get<UserTag>("users"));
  RETURN_IF_ERROR(RequireProposal(tx, call.Payer(),
                                  {.action = kDecideReturned,
                                   .resource = payment.name(),
                                   .etag = payment.etag(),
                                   .content = v1::ReturnedPaymentState_Name(request.decision()),
                                   .first = first,
                                   .second = call.User()})
                      .status());
  return std::optional(payments::Actor{.user = first, .human = true});
}

StatusOr<v1::ReturnedPayment> DecideReturnedPayment(
    Call& call, const v1::DecideReturnedPaymentRequest& request) {
  ASSIGN_OR_RETURN(const DisbursementId id, ReadDecision(request));
  struct Found {
    BookId book;
    std::optional<payments::Actor> second;
  };
  ASSIGN_OR_RETURN(const Found found, call.Read([&](pg::Transaction& tx) -> StatusOr<Found> {
    const std::optional<ReturnedRow> row = FindReturned(tx, id, ReturnedLock::kNo);
    if (!row) return NotFound("payment {} did not come back", payments::PaymentKeyOf(id));
    ASSIGN_OR_RETURN(const auto second,
                     FirstOfTwo(tx, call, ReturnedMessage(call.Payer(), *row), request));
    return Found{row->book, second};
  }));
  const auto load = [&](pg::Transaction& tx) { return LoadToDecide(tx, call, id); };
  return call.Change<v1::ReturnedPayment>(
      {.before = load,
       .work =
           [&](const pg::Database& database) {
             return payments::InboundDesk(database, call.Payer(), call.Clock())
                 .DecideReturned(
                     found.book, id,
                     {.note = request.note(),
                      .second = found.second,
                      .pay_again = request.decision() == v1::RETURNED_PAYMENT_STATE_PAY_AGAIN},
                     call.Actor());
           },
       .after = load,
       .etag = request.etag(),
       .validate_only = false,
       .reason = request.note()});
}

}  // namespace

void ServePayments(Methods& methods) {
  const std::string service = "sluice.payments.v1.PaymentService.";
  methods.Serve<v1::GetPaymentRequest, v1::Payment>(service + "GetPayment", GetPayment,
                                                    Narrowing::kByHandler);
  methods.Serve<v1::ListPaymentsRequest, v1::ListPaymentsResponse>(
      service + "ListPayments", ListPayments, Narrowing::kByHandler);
  methods.Serve<v1::ListReturnedPaymentsRequest, v1::ListReturnedPaymentsResponse>(
      service + "ListReturnedPayments", ListReturnedPayments, Narrowing::kByHandler);
  methods.Serve<v1::ProposeReturnedPaymentDecisionRequest, v1::ReturnedPayment>(
      service + "ProposeReturnedPaymentDecision", ProposeReturnedPaymentDecision);
  methods.Serve<v1::DecideReturnedPaymentRequest, v1::ReturnedPayment>(
      service + "DecideReturnedPayment", DecideReturnedPayment);
}

}  // namespace sluice::api
