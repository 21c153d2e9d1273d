// sluice.payments.v1.PoolService
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/money_names.h"
#include "api/handlers/pool_list_store.h"
#include "api/handlers/values.h"
#include "api/service/resource_path.h"
#include "payments/inbound/statement_store.h"
#include "payments/ledger/ledger.h"
#include "payments/pools/pool_service.h"
#include "sluice/payments/v1/ledger.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::PoolId;

v1::Pool PoolMessage(pg::Transaction& tx, PayerId payer, const PoolRow& row) {
  v1::Pool to;
  to.set_name(fmt::format("{}/pools/{}", ProgramName(payer, row.program), row.pool.id));
  to.set_display_name(row.pool.name);
  payments::Counters counters;  // of a pool that was never posted to
  const auto line = payments::FindBalance(tx, row.pool.book, payments::PoolAccount(row.pool.id));
  if (line.ok()) counters = line->counters;
  Set(*to.mutable_balance(), counters.CreditBalance() - counters.debits_pending);
  Set(*to.mutable_on_hold(), counters.debits_pending);
  if (!row.last4.empty()) to.set_bank_account_masked("ending " + row.last4);
  to.set_etag(fmt::format("\"{}-{}\"", row.pool.id, row.version));
  return to;
}

StatusOr<PoolRow> FindPoolAt(pg::Transaction& tx, const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  ASSIGN_OR_RETURN(const ProgramId program, path.Get<ProgramTag>("programs"));
  ASSIGN_OR_RETURN(const PoolId pool, path.Get<payments::PoolTag>("pools"));
  auto row = FindPoolRow(tx, program, pool);
  if (!row) return NotFound("program {} has no pool {}", program, pool);
  return *std::move(row);
}

StatusOr<v1::Pool> GetPool(Call& call, const v1::GetPoolRequest& request) {
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::Pool> {
    ASSIGN_OR_RETURN(const PoolRow row, FindPoolAt(tx, request.name()));
    return PoolMessage(tx, call.Payer(), row);
  });
}

StatusOr<v1::ListPoolsResponse> ListPools(Call& call, const v1::ListPoolsRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.parent()));
  ASSIGN_OR_RETURN(const std::optional<ProgramId> program, path.GetOrAll<ProgramTag>("programs"));
  ListQuery query = PlainQueryOf(call, request);
  query.order_by = request.order_by();
  ASSIGN_OR_RETURN(const ListPage page,
                   ListPage::Of(call.Tokens(), std::move(query),
                                {request.page_size(), request.page_token()}, PoolFields(), "name"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListPoolsResponse> {
    const PoolPage loaded = LoadPoolPage(tx, program, page);
    v1::ListPoolsResponse response;
    for (const PoolRow& row : loaded.pools) {
      *response.add_pools() = PoolMessage(tx, call.Payer(), row);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::Pool> FundPool(Call& call, const v1::FundPoolRequest& request) {
  payments::StatementDeposit deposit{.amount = Money::FromCents(request.amount().cents()),
                                     .reference = request.bank_reference()};
  ASSIGN_OR_RETURN(deposit.on, ReadDate("effective_date", request.effective_date()));
  ASSIGN_OR_RETURN(const PoolRow known,
                   call.Read([&](pg::Transaction& tx) { return FindPoolAt(tx, request.name()); }));
  deposit.pool = known.pool.id;
  // The lines of the account are what every funding of the pool locks first.
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::Pool> {
    payments::LockOpenLines(tx, known.pool.book, known.pool.bank_account);
    ASSIGN_OR_RETURN(const PoolRow row, FindPoolAt(tx, request.name()));
    return PoolMessage(tx, call.Payer(), row);
  };
  return call.Change<v1::Pool>({.before = load,
                                .work =
                                    [&](const pg::Database& database) {
                                      return payments::PoolService(database, call.Payer(),
                                                                   known.pool.book, call.Clock(),
                                                                   call.Ids())
                                          .FundFromStatement(deposit, call.Actor());
                                    },
                                .after = load,
                                .etag = request.etag(),
                                .validate_only = false,
                                .reason = ""});
}

}  // namespace

void ServePools(Methods& methods) {
  const std::string service = "sluice.payments.v1.PoolService.";
  methods.Serve<v1::ListPoolsRequest, v1::ListPoolsResponse>(service + "ListPools", ListPools);
  methods.Serve<v1::GetPoolRequest, v1::Pool>(service + "GetPool", GetPool);
  methods.Serve<v1::FundPoolRequest, v1::Pool>(service + "FundPool", FundPool);
}

}  // namespace sluice::api
