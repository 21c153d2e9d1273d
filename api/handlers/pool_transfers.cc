// sluice.payments.v1.PoolService: money between pools, and deposits that are announced. Pools
// themselves are in pools.cc.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/money_names.h"
#include "api/handlers/pool_list_store.h"
#include "api/handlers/small_page.h"
#include "api/handlers/values.h"
#include "api/service/resource_path.h"
#include "payments/pools/pool_service.h"
#include "sluice/payments/v1/ledger.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::FundingId;
using payments::FundingRow;
using payments::PoolId;
using payments::PoolService;
using payments::PoolTransferId;
using payments::PoolTransferRow;

std::string NameOfPool(PayerId payer, ProgramId program, PoolId pool) {
  return fmt::format("{}/pools/{}", ProgramName(payer, program), pool);
}

v1::PoolTransfer TransferMessage(PayerId payer, ProgramId program, const PoolTransferRow& row) {
  v1::PoolTransfer to;
  to.set_name(fmt::format("{}/poolTransfers/{}", ProgramName(payer, program), row.id));
  to.set_from_pool(NameOfPool(payer, program, row.from));
  to.set_to_pool(NameOfPool(payer, program, row.to));
  Set(*to.mutable_amount(), row.amount);
  to.set_reason(row.reason);
  to.set_requested_by(UserName(payer, row.requested_by));
  to.set_state(static_cast<v1::PoolTransferState>(static_cast<int>(row.state) + 1));
  if (row.decided_by) to.set_decided_by(UserName(payer, *row.decided_by));
  to.set_decision(row.decision);
  to.set_etag(fmt::format("\"{}-{}\"", row.id, static_cast<int>(row.state)));
  return to;
}

PoolService PoolsOf(Call& call, const pg::Database& database, BookId book) {
  return {database, call.Payer(), book, call.Clock(), call.Ids()};
}

StatusOr<performance::Program> ProgramAt(Call& call, const std::string& name) {
  return call.Read([&](pg::Transaction& tx) { return FindProgramAt(tx, name); });
}

StatusOr<v1::ListPoolTransfersResponse> ListPoolTransfers(
    Call& call, const v1::ListPoolTransfersRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     PoolTransferFields(), "name desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListPoolTransfersResponse> {
    ASSIGN_OR_RETURN(const performance::Program program, FindProgramAt(tx, request.parent()));
    const PoolTransferPage loaded = LoadPoolTransferPage(tx, program.book, page);
    v1::ListPoolTransfersResponse response;
    for (const PoolTransferRow& row : loaded.transfers) {
      *response.add_pool_transfers() = TransferMessage(call.Payer(), program.id, row);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<PoolId> PoolIdAt(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  return path.Get<payments::PoolTag>("pools");
}

StatusOr<v1::PoolTransfer> RequestPoolTransfer(Call& call,
                                               const v1::RequestPoolTransferRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  ASSIGN_OR_RETURN(const PoolId from, PoolIdAt(request.from_pool()));
  ASSIGN_OR_RETURN(const PoolId to, PoolIdAt(request.to_pool()));
  ASSIGN_OR_RETURN(const performance::Program program, ProgramAt(call, request.parent()));
  return call.Change<v1::PoolTransfer>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return PoolsOf(call, database, program.book)
                 .RequestTransfer({from, to}, Money::FromCents(request.amount().cents()),
                                  request.reason(), call.Actor())
                 .status();
           },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::PoolTransfer> {
         // By id: the newest that the caller asked for is this one.
         const auto rows = payments::LoadPoolTransfers(tx, program.book, false);
         for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
           if (row->requested_by == call.User() && row->from == from && row->to == to) {
             return TransferMessage(call.Payer(), program.id, *row);
           }
         }
         return Internal("the transfer is not there");
       },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = request.reason()});
}

template <typename Work>
StatusOr<v1::PoolTransfer> DecideTransfer(Call& call, const std::string& name,
                                          const std::string& etag, const std::string& reason,
                                          const Work& work) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  ASSIGN_OR_RETURN(const PoolTransferId id, path.Get<payments::PoolTransferTag>("poolTransfers"));
  ASSIGN_OR_RETURN(const performance::Program program, ProgramAt(call, name));
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::PoolTransfer> {
    const auto row = payments::LockPoolTransfer(tx, program.book, id);
    if (!row) return NotFound("there is no transfer {}", id);
    return TransferMessage(call.Payer(), program.id, *row);
  };
  return call.Change<v1::PoolTransfer>(
      {.before = load,
       .work =
           [&](const pg::Database& database) {
             PoolService pools = PoolsOf(call, database, program.book);
             return work(pools, id);
           },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::PoolTransfer> {
         ASSIGN_OR_RETURN(v1::PoolTransfer transfer, load(tx));
         // What was found short is kept as such, and refused.
         if (transfer.state() == v1::POOL_TRANSFER_STATE_SHORT) {
           return FailedPrecondition("transfer {} needs {} and {}: it is over, ask for another one",
                                     id, Money::FromCents(transfer.amount().cents()),
                                     transfer.decision());
         }
         return transfer;
       },
       .etag = etag,
       .validate_only = false,
       .reason = reason});
}

StatusOr<v1::PoolTransfer> ApprovePoolTransfer(Call& call,
                                               const v1::ApprovePoolTransferRequest& request) {
  return DecideTransfer(call, request.name(), request.etag(), "",
                        [&](PoolService& pools, PoolTransferId id) {
                          return pools.ApproveTransfer(id, call.Actor());
                        });
}

StatusOr<v1::PoolTransfer> RejectPoolTransfer(Call& call,
                                              const v1::RejectPoolTransferRequest& request) {
  return DecideTransfer(call, request.name(), request.etag(), request.reason(),
                        [&](PoolService& pools, PoolTransferId id) {
                          return pools.RejectTransfer(id, request.reason(), call.Actor());
                        });
}

v1::FundingInstruction FundingMessage(PayerId payer, ProgramId program, const FundingRow& row) {
  v1::FundingInstruction to;
  to.set_name(fmt::format("{}/fundingInstructions/{}", ProgramName(payer, program), row.id));
  to.set_pool(NameOfPool(payer, program, row.pool));
  Set(*to.mutable_amount(), row.amount);
  Set(*to.mutable_expected_date(), row.expected_on);
  to.set_reference(row.reference);
  to.set_state(static_cast<v1::FundingInstructionState>(static_cast<int>(row.state) + 1));
  return to;
}

StatusOr<v1::ListFundingInstructionsResponse> ListFundingInstructions(
    Call& call, const v1::ListFundingInstructionsRequest& request) {
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListFundingInstructionsResponse> {
    ASSIGN_OR_RETURN(const performance::Program program, FindProgramAt(tx, request.parent()));
    ASSIGN_OR_RETURN(const SmallPage<FundingRow> page,
                     SmallPageOf(call, request, PlainQueryOf(call, request),
                                 payments::LoadExpectedFunding(tx, program.book),
                                 [](const FundingRow& row) { return row.id.Value(); }));
    v1::ListFundingInstructionsResponse response;
    for (const FundingRow& row : page.items) {
      *response.add_funding_instructions() = FundingMessage(call.Payer(), program.id, row);
    }
    response.set_next_page_token(page.next_page_token);
    return response;
  });
}

StatusOr<v1::FundingInstruction> ExpectFunding(Call& call,
                                               const v1::ExpectFundingRequest& request) {
  ASSIGN_OR_RETURN(const PoolId pool, PoolIdAt(request.pool()));
  ASSIGN_OR_RETURN(const Date on, ReadDate("expected_date", request.expected_date()));
  ASSIGN_OR_RETURN(const performance::Program program, ProgramAt(call, request.parent()));
  return call.Change<v1::FundingInstruction>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return PoolsOf(call, database, program.book)
                 .ExpectFunding(pool, Money::FromCents(request.amount().cents()), on,
                                request.reference(), call.Actor())
                 .status();
           },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::FundingInstruction> {
         const auto rows = payments::LoadExpectedFunding(tx, program.book);
         for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
           if (row->pool == pool && row->expected_on == on &&
               row->reference == request.reference()) {
             return FundingMessage(call.Payer(), program.id, *row);
           }
         }
         return Internal("the instruction is not there");
       },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = ""});
}

StatusOr<v1::FundingInstruction> WithdrawFundingInstruction(
    Call& call, const v1::WithdrawFundingInstructionRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.name()));
  ASSIGN_OR_RETURN(const FundingId id, path.Get<payments::FundingTag>("fundingInstructions"));
  ASSIGN_OR_RETURN(const performance::Program program, ProgramAt(call, request.name()));
  const auto find = [&](pg::Transaction& tx) -> StatusOr<FundingRow> {
    auto row = payments::FindFunding(tx, program.book, id);
    if (!row) return NotFound("there is no instruction {}", id);
    return *std::move(row);
  };
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::FundingInstruction> {
    ASSIGN_OR_RETURN(const FundingRow row, find(tx));
    return FundingMessage(call.Payer(), program.id, row);
  };
  return call.Change<v1::FundingInstruction>(
      {.before = load,
       .work =
           [&](const pg::Database& database) {
             return PoolsOf(call, database, program.book).WithdrawFunding(id, call.Actor());
           },
       .after = load,
       .etag = std::nullopt,
       .validate_only = false,
       .reason = ""});
}

StatusOr<v1::MatchDepositsResponse> MatchDeposits(Call& call,
                                                  const v1::MatchDepositsRequest& request) {
  ASSIGN_OR_RETURN(const performance::Program program, ProgramAt(call, request.name()));
  std::vector<payments::MatchedDeposit> matched;
  return call.Change<v1::MatchDepositsResponse>(
      {.before = nullptr,
       .work = [&](const pg::Database& database) -> Status {
         PoolService pools = PoolsOf(call, database, program.book);
         return database.Transact([&](pg::Transaction& tx) -> Status {
           ASSIGN_OR_RETURN(matched, pools.MatchDepositsIn(tx, call.Actor()));
           return OkStatus();
         });
       },
       .after = [&](pg::Transaction&) -> StatusOr<v1::MatchDepositsResponse> {
         v1::MatchDepositsResponse response;
         for (const payments::MatchedDeposit& deposit : matched) {
           FundingRow row = deposit.funding;
           row.state = payments::FundingState::kMatched;
           *response.add_matched() = FundingMessage(call.Payer(), program.id, row);
         }
         return response;
       },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = ""});
}

}  // namespace

void ServePoolTransfers(Methods& methods) {
  const std::string service = "sluice.payments.v1.PoolService.";
  methods.Serve<v1::ListPoolTransfersRequest, v1::ListPoolTransfersResponse>(
      service + "ListPoolTransfers", ListPoolTransfers);
  methods.Serve<v1::RequestPoolTransferRequest, v1::PoolTransfer>(service + "RequestPoolTransfer",
                                                                  RequestPoolTransfer);
  methods.Serve<v1::ApprovePoolTransferRequest, v1::PoolTransfer>(service + "ApprovePoolTransfer",
                                                                  ApprovePoolTransfer);
  methods.Serve<v1::RejectPoolTransferRequest, v1::PoolTransfer>(service + "RejectPoolTransfer",
                                                                 RejectPoolTransfer);
  methods.Serve<v1::ListFundingInstructionsRequest, v1::ListFundingInstructionsResponse>(
      service + "ListFundingInstructions", ListFundingInstructions);
  methods.Serve<v1::ExpectFundingRequest, v1::FundingInstruction>(service + "ExpectFunding",
                                                                  ExpectFunding);
  methods.Serve<v1::WithdrawFundingInstructionRequest, v1::FundingInstruction>(
      service + "WithdrawFundingInstruction", WithdrawFundingInstruction);
  methods.Serve<v1::MatchDepositsRequest, v1::MatchDepositsResponse>(service + "MatchDeposits",
                                                                     MatchDeposits);
}

}  // namespace sluice::api
