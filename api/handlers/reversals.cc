// sluice.payments.v1.ReversalService
#include <functional>
#include <optional>
#include <string>

#include "api/handlers/handlers.h"
#include "api/handlers/money_names.h"
#include "api/handlers/reversal_list_store.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "payments/reversals/reversal_service.h"
#include "payments/reversals/reversal_store.h"
#include "sluice/payments/v1/reversal.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::Reversal;
using payments::ReversalDesk;
using payments::ReversalId;

v1::Reversal ReversalMessage(PayerId payer, ProgramId program, const Reversal& reversal) {
  const auto payment_name = [&](payments::DisbursementId payment) {
    return fmt::format("payers/{}/payments/{}", payer, payment);
  };
  v1::Reversal to;
  to.set_name(fmt::format("{}/reversals/{}", ProgramName(payer, program), reversal.id));
  to.set_payment(payment_name(reversal.payment));
  to.set_payee(PayeeName(payer, reversal.payee));
  Set(*to.mutable_amount(), reversal.amount);
  to.set_reason(static_cast<v1::ReversalReason>(reversal.reason));
  if (reversal.duplicate_of) to.set_duplicate_of(payment_name(*reversal.duplicate_of));
  to.set_detail(reversal.detail);
  Set(*to.mutable_last_date(), reversal.last_day);
  to.set_requested_by(UserName(payer, reversal.requested_by));
  Set(*to.mutable_request_time(), reversal.requested_at);
  to.set_state(static_cast<v1::ReversalState>(static_cast<int>(reversal.state) + 1));
  if (reversal.decided_by) to.set_decided_by(UserName(payer, *reversal.decided_by));
  if (reversal.effective_date) Set(*to.mutable_effective_date(), *reversal.effective_date);
  if (reversal.credited_on) Set(*to.mutable_credited_date(), *reversal.credited_on);
  to.set_result(reversal.result);
  to.set_etag(fmt::format("\"{}-{}\"", reversal.id, static_cast<int>(reversal.state)));
  return to;
}

// Where a reversal is.
struct ReversalPlace {
  performance::Program program;
  ReversalId reversal;
};

StatusOr<ReversalPlace> ReversalAt(pg::Transaction& tx, const std::string& name) {
  ReversalPlace place;
  ASSIGN_OR_RETURN(place.program, FindProgramAt(tx, name));
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  ASSIGN_OR_RETURN(place.reversal, path.Get<payments::ReversalTag>("reversals"));
  return place;
}

StatusOr<v1::Reversal> GetReversal(Call& call, const v1::GetReversalRequest& request) {
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::Reversal> {
    ASSIGN_OR_RETURN(const ReversalPlace place, ReversalAt(tx, request.name()));
    const auto found = payments::FindReversal(tx, place.program.book, place.reversal);
    if (!found) return NotFound("there is no reversal {}", place.reversal);
    return ReversalMessage(call.Payer(), place.program.id, *found);
  });
}

StatusOr<v1::ListReversalsResponse> ListReversals(Call& call,
                                                  const v1::ListReversalsRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     ReversalFields(), "request_time desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListReversalsResponse> {
    ASSIGN_OR_RETURN(const performance::Program program, FindProgramAt(tx, request.parent()));
    const ReversalPage loaded = LoadReversalPage(tx, program.book, page);
    v1::ListReversalsResponse response;
    for (const Reversal& reversal : loaded.reversals) {
      *response.add_reversals() = ReversalMessage(call.Payer(), program.id, reversal);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<payments::DisbursementId> PaymentIdAt(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  return path.Get<payments::DisbursementTag>("payments");
}

StatusOr<v1::Reversal> RequestReversal(Call& call, const v1::RequestReversalRequest& request) {
  if (!v1::ReversalReason_IsValid(request.reason())) {
    return WrongFields({{"reason", "is none of the permitted reasons"}});
  }
  payments::ReversalRequest asked{.payment = {},
                                  .reason = static_cast<payments::ReversalReason>(request.reason()),
                                  .duplicate_of = std::nullopt,
                                  .detail = request.detail()};
  ASSIGN_OR_RETURN(asked.payment, PaymentIdAt(request.payment()));
  if (!request.duplicate_of().empty()) {
    ASSIGN_OR_RETURN(asked.duplicate_of, PaymentIdAt(request.duplicate_of()));
  }
  ASSIGN_OR_RETURN(const performance::Program program, call.Read([&](pg::Transaction& tx) {
    return FindProgramAt(tx, request.parent());
  }));
  return call.Change<v1::Reversal>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return ReversalDesk(database, call.Payer(), program.book, call.Clock(), call.Ids())
                 .Request(asked, call.Today(), call.Actor())
                 .status();
           },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::Reversal> {
         // A payment has one that is not rejected: the newest.
         const auto all = payments::LoadReversals(tx, program.book, true);
         for (auto at = all.rbegin(); at != all.rend(); ++at) {
           if (at->payment == asked.payment) {
             return ReversalMessage(call.Payer(), program.id, *at);
           }
         }
         return Internal("the reversal is not there");
       },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = request.detail()});
}

StatusOr<v1::Reversal> DecideReversal(
    Call& call, const std::string& name, const std::string& etag, const std::string& reason,
    const std::function<Status(ReversalDesk&, ReversalId)>& work) {
  ASSIGN_OR_RETURN(const ReversalPlace place,
                   call.Read([&](pg::Transaction& tx) { return ReversalAt(tx, name); }));
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::Reversal> {
    const auto locked = payments::LockReversal(tx, place.program.book, place.reversal);
    if (!locked) return NotFound("there is no reversal {}", place.reversal);
    return ReversalMessage(call.Payer(), place.program.id, *locked);
  };
  return call.Change<v1::Reversal>({.before = load,
                                    .work =
                                        [&](const pg::Database& database) {
                                          ReversalDesk desk(database, call.Payer(),
                                                            place.program.book, call.Clock(),
                                                            call.Ids());
                                          return work(desk, place.reversal);
                                        },
                                    .after = load,
                                    .etag = etag,
                                    .validate_only = false,
                                    .reason = reason});
}

StatusOr<v1::Reversal> ApproveReversal(Call& call, const v1::ApproveReversalRequest& request) {
  return DecideReversal(call, request.name(), request.etag(), "",
                        [&](ReversalDesk& desk, ReversalId id) {
                          return desk.Approve(id, call.Today(), call.Actor());
                        });
}

StatusOr<v1::Reversal> RejectReversal(Call& call, const v1::RejectReversalRequest& request) {
  return DecideReversal(call, request.name(), request.etag(), request.reason(),
                        [&](ReversalDesk& desk, ReversalId id) {
                          return desk.Reject(id, request.reason(), call.Actor());
                        });
}

}  // namespace

void ServeReversals(Methods& methods) {
  const std::string service = "sluice.payments.v1.ReversalService.";
  methods.Serve<v1::ListReversalsRequest, v1::ListReversalsResponse>(service + "ListReversals",
                                                                     ListReversals);
  methods.Serve<v1::GetReversalRequest, v1::Reversal>(service + "GetReversal", GetReversal);
  methods.Serve<v1::RequestReversalRequest, v1::Reversal>(service + "RequestReversal",
                                                          RequestReversal);
  methods.Serve<v1::ApproveReversalRequest, v1::Reversal>(service + "ApproveReversal",
                                                          ApproveReversal);
  methods.Serve<v1::RejectReversalRequest, v1::Reversal>(service + "RejectReversal",
                                                         RejectReversal);
}

}  // namespace sluice::api
