// sluice.payments.v1.RemittanceDeliveryService
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/money_names.h"
#include "api/handlers/payment_list_store.h"
#include "api/handlers/run_messages.h"
#include "api/handlers/small_page.h"
#include "api/handlers/values.h"
#include "api/handlers/withhold_list_store.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "payments/delivery/remittance_service.h"
#include "payments/delivery/remittance_store.h"
#include "sluice/payments/v1/remittance.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::QueuedRemittance;
using payments::RemittanceDrop;
using payments::RemittanceService;

v1::RemittanceDrop DropMessage(PayerId payer, const RemittanceDrop& drop) {
  v1::RemittanceDrop to;
  to.set_name(fmt::format("{}/remittanceDrops/{}", PayeeName(payer, drop.payee), drop.number));
  to.set_ended(drop.ended);
  to.set_server(drop.to.server);
  to.set_directory(drop.to.directory);
  to.set_receiver_qualifier(drop.to.receiver_qualifier);
  to.set_receiver_id(drop.to.receiver_id);
  to.set_reason(drop.reason);
  to.set_recorded_by(UserName(payer, drop.recorded_by));
  return to;
}

// The payee of a name, when its things are the caller's to see.
StatusOr<PayeeId> OwnPayeeAt(const Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  ASSIGN_OR_RETURN(const PayeeId payee, path.Get<PayeeTag>("payees"));
  ASSIGN_OR_RETURN(const std::optional<PayeePlace> place,
                   call.Read([&](pg::Transaction& tx) -> StatusOr<std::optional<PayeePlace>> {
                     return FindPayeePlace(tx, payee);
                   }));
  const PayeePlace known = place.value_or(PayeePlace());
  RETURN_IF_ERROR(call.Require(ObjectOf(call.Payer(), {known.party, known.under, {}})));
  if (!place) return NotFound("there is no payee {}", payee);
  return payee;
}

StatusOr<v1::ListRemittanceDropsResponse> ListRemittanceDrops(
    Call& call, const v1::ListRemittanceDropsRequest& request) {
  ASSIGN_OR_RETURN(const PayeeId payee, OwnPayeeAt(call, request.parent()));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListRemittanceDropsResponse> {
    ASSIGN_OR_RETURN(
        const SmallPage<RemittanceDrop> page,
        SmallPageOf(call, request, PlainQueryOf(call, request),
                    payments::LoadDrops(tx, call.Payer(), payee), &RemittanceDrop::number));
    v1::ListRemittanceDropsResponse response;
    for (const RemittanceDrop& drop : page.items) {
      *response.add_remittance_drops() = DropMessage(call.Payer(), drop);
    }
    response.set_next_page_token(page.next_page_token);
    return response;
  });
}

// The newest row of the payee's drops: what a change answers.
StatusOr<v1::RemittanceDrop> LoadNewestDrop(pg::Transaction& tx, PayerId payer, PayeeId payee) {
  const std::vector<RemittanceDrop> drops = payments::LoadDrops(tx, payer, payee);
  if (drops.empty()) return Internal("the drop is not there");
  return DropMessage(payer, drops.back());
}

StatusOr<v1::RemittanceDrop> RegisterRemittanceDrop(
    Call& call, const v1::RegisterRemittanceDropRequest& request) {
  ASSIGN_OR_RETURN(const PayeeId payee, OwnPayeeAt(call, request.parent()));
  RemittanceDrop drop{.payee = payee, .reason = request.reason()};
  drop.to.receiver_qualifier =
      request.receiver_qualifier().empty() ? "ZZ" : request.receiver_qualifier();
  drop.to.receiver_id = request.receiver_id();
  drop.to.server = request.server();
  drop.to.directory = request.directory();
  return call.Change<v1::RemittanceDrop>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return RemittanceService(database, call.Payer(), call.Clock())
                 .RegisterDrop(drop, call.Actor())
                 .status();
           },
       .after = [&](pg::Transaction& tx) { return LoadNewestDrop(tx, call.Payer(), payee); },
       .etag = std::nullopt,
       .validate_only = request.validate_only(),
       .reason = request.reason()});
}

StatusOr<v1::RemittanceDrop> EndRemittanceDrop(Call& call,
                                               const v1::EndRemittanceDropRequest& request) {
  ASSIGN_OR_RETURN(const PayeeId payee, OwnPayeeAt(call, request.parent()));
  return call.Change<v1::RemittanceDrop>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return RemittanceService(database, call.Payer(), call.Clock())
                 .EndDrop(payee, request.reason(), call.Actor())
                 .status();
           },
       .after = [&](pg::Transaction& tx) { return LoadNewestDrop(tx, call.Payer(), payee); },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = request.reason()});
}

v1::QueuedRemittance QueuedMessage(PayerId payer, ProgramId program, const QueuedRemittance& row) {
  v1::QueuedRemittance to;
  to.set_name(
      fmt::format("{}/queuedRemittances/{}", ProgramName(payer, program), row.disbursement));
  to.set_payment(fmt::format("payers/{}/payments/{}", payer, row.disbursement));
  to.set_payment_key(row.payment_key);
  to.set_payee(PayeeName(payer, row.payee));
  to.set_display_name(row.payee_name);
  Set(*to.mutable_amount(), row.amount);
  Set(*to.mutable_effective_date(), row.effective_date);
  to.set_way(std::string(payments::RemittanceDeliveryName(row.errand.way)));
  to.set_note(row.errand.note);
  to.set_delivered(row.delivered);
  if (row.delivered_on) Set(*to.mutable_delivery_date(), *row.delivered_on);
  to.set_how(row.how);
  to.set_etag(fmt::format("\"{}-{}\"", row.disbursement, row.delivered ? 1 : 0));
  return to;
}

StatusOr<v1::ListQueuedRemittancesResponse> ListQueuedRemittances(
    Call& call, const v1::ListQueuedRemittancesRequest& request) {
  ListQuery query = PlainQueryOf(call, request);
  query.others = {request.show_delivered() ? "show_delivered" : ""};
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListQueuedRemittancesResponse> {
    ASSIGN_OR_RETURN(const performance::Program program, FindProgramAt(tx, request.parent()));
    ASSIGN_OR_RETURN(
        const SmallPage<QueuedRemittance> page,
        SmallPageOf(call, request, query,
                    payments::LoadQueue(tx, program.book, request.show_delivered()),
                    [](const QueuedRemittance& row) { return row.disbursement.Value(); }));
    v1::ListQueuedRemittancesResponse response;
    for (const QueuedRemittance& row : page.items) {
      *response.add_queued_remittances() = QueuedMessage(call.Payer(), program.id, row);
    }
    response.set_next_page_token(page.next_page_token);
    return response;
  });
}

StatusOr<v1::QueuedRemittance> MarkRemittanceDelivered(
    Call& call, const v1::MarkRemittanceDeliveredRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.name()));
  ASSIGN_OR_RETURN(const auto id, path.Get<payments::DisbursementTag>("queuedRemittances"));
  ASSIGN_OR_RETURN(const Date on, ReadDate("date", request.date()));
  struct Known {
    performance::Program program;
    std::string key;
  };
  ASSIGN_OR_RETURN(const Known known, call.Read([&](pg::Transaction& tx) -> StatusOr<Known> {
    ASSIGN_OR_RETURN(performance::Program program, FindProgramAt(tx, request.name()));
    const std::optional<PaymentRow> payment = FindPayment(tx, id);
    if (!payment || payment->book != program.book) {
      return NotFound("program {} has no payment {}", program.id, id);
    }
    return Known{std::move(program), payment->key};
  }));
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::QueuedRemittance> {
    const auto row = payments::LockQueued(tx, known.program.book, known.key);
    if (!row) return NotFound("nothing is queued for payment {}", known.key);
    return QueuedMessage(call.Payer(), known.program.id, *row);
  };
  return call.Change<v1::QueuedRemittance>(
      {.before = load,
       .work =
           [&](const pg::Database& database) {
             return RemittanceService(database, call.Payer(), call.Clock())
                 .MarkDelivered(known.program.book, known.key, on, request.how(), call.Actor())
                 .status();
           },
       .after = load,
       .etag = request.etag(),
       .validate_only = false,
       .reason = request.how()});
}

StatusOr<v1::RemittanceClock> GetRemittanceClock(Call& call,
                                                 const v1::GetRemittanceClockRequest& request) {
  constexpr int kMostShown = 1'000;
  ASSIGN_OR_RETURN(const RunPlace place, RunPlaceOf(request.name()));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::RemittanceClock> {
    ASSIGN_OR_RETURN(const RunRow row, FindRunAt(tx, place, Locked::kNo));
    const auto times = payments::TimeRemittances(
        payments::LoadRemittanceTimes(tx, row.run.book, row.run.id), call.Today());
    v1::RemittanceClock clock;
    clock.set_name(request.name());
    clock.set_remittances(std::ssize(times));
    clock.set_exceptions(std::ranges::count_if(
        times, [](const auto& timed) { return payments::IsException(timed.verdict); }));
    for (const payments::TimedRemittance& timed : times) {
      if (timed.verdict == payments::RemittanceVerdict::kOnTime) continue;
      if (clock.remittances_to_watch_size() == kMostShown) break;
      v1::TimedRemittance& to = *clock.add_remittances_to_watch();
      to.set_payment_key(timed.remittance.payment_key);
      to.set_payee(PayeeName(call.Payer(), timed.remittance.payee));
      Set(*to.mutable_amount(), timed.remittance.amount);
      Set(*to.mutable_effective_date(), timed.remittance.effective_date);
      if (timed.remittance.delivered_on) {
        Set(*to.mutable_delivery_date(), *timed.remittance.delivered_on);
      }
      to.set_verdict(static_cast<v1::RemittanceVerdict>(static_cast<int>(timed.verdict) + 1));
      to.set_business_days(timed.days);
      to.set_advice(timed.text);
    }
    return clock;
  });
}

}  // namespace

void ServeDeliveries(Methods& methods) {
  const std::string service = "sluice.payments.v1.RemittanceDeliveryService.";
  methods.Serve<v1::ListRemittanceDropsRequest, v1::ListRemittanceDropsResponse>(
      service + "ListRemittanceDrops", ListRemittanceDrops, Narrowing::kByHandler);
  methods.Serve<v1::RegisterRemittanceDropRequest, v1::RemittanceDrop>(
      service + "RegisterRemittanceDrop", RegisterRemittanceDrop, Narrowing::kByHandler);
  methods.Serve<v1::EndRemittanceDropRequest, v1::RemittanceDrop>(
      service + "EndRemittanceDrop", EndRemittanceDrop, Narrowing::kByHandler);
  methods.Serve<v1::ListQueuedRemittancesRequest, v1::ListQueuedRemittancesResponse>(
      service + "ListQueuedRemittances", ListQueuedRemittances);
  methods.Serve<v1::MarkRemittanceDeliveredRequest, v1::QueuedRemittance>(
      service + "MarkRemittanceDelivered", MarkRemittanceDelivered);
  methods.Serve<v1::GetRemittanceClockRequest, v1::RemittanceClock>(service + "GetRemittanceClock",
                                                                    GetRemittanceClock);
}

}  // namespace sluice::api
