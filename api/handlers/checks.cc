// sluice.payments.v1.CheckService
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/check_list_store.h"
#include "api/handlers/handlers.h"
#include "api/handlers/money_names.h"
#include "api/handlers/proposal_store.h"
#include "api/handlers/run_messages.h"
#include "api/handlers/small_page.h"
#include "api/handlers/values.h"
#include "api/service/resource_path.h"
#include "payments/checks/check_service.h"
#include "payments/cycle_service.h"
#include "payments/inbound/statement_store.h"
#include "payments/run_store.h"
#include "sluice/payments/v1/check.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::CheckRow;
using payments::CheckService;
using payments::CheckStock;

constexpr std::string_view kVoidCheck = "void check";

v1::CheckState CheckStateMessage(payments::CheckState state) {
  return static_cast<v1::CheckState>(static_cast<int>(state) + 1);
}

v1::Check CheckMessage(PayerId payer, ProgramId program, const CheckRow& row) {
  v1::Check to;
  to.set_name(fmt::format("{}/checks/{}", ProgramName(payer, program), row.number));
  to.set_number(row.number);
  to.set_payment(fmt::format("payers/{}/payments/{}", payer, row.disbursement));
  to.set_payee(PayeeName(payer, row.payee));
  to.set_payee_name(row.payee_name);
  Set(*to.mutable_amount(), row.amount);
  Set(*to.mutable_issue_date(), row.issued_on);
  to.set_state(CheckStateMessage(row.state));
  to.set_etag(fmt::format("\"{}-{}\"", row.number, static_cast<int>(row.state)));
  return to;
}

void SetVoidProposal(v1::Check& to, PayerId payer, const Proposal& proposal) {
  if (proposal.etag != to.etag()) return;
  to.set_void_proposed_by(UserName(payer, proposal.by));
  to.set_void_reason(proposal.note);
}

// The check with everything that is known of it.
StatusOr<v1::Check> LoadCheckMessage(pg::Transaction& tx, PayerId payer,
                                     const performance::Program& program, std::int64_t number) {
  const auto row = payments::FindCheck(tx, program.book, number);
  if (!row) return NotFound("check {} was not issued", number);
  const payments::CheckHistory history = payments::HistoryOf(tx, program.book, *row);
  v1::Check to = CheckMessage(payer, program.id, *row);
  for (const payments::CheckEvent& event : history.events) {
    v1::CheckEvent& added = *to.add_events();
    added.set_state(CheckStateMessage(event.state));
    Set(*added.mutable_date(), event.happened_on);
    added.set_actor(UserName(payer, event.recorded.by));
    if (event.second) added.set_second_person(UserName(payer, *event.second));
    added.set_reason(event.reason);
  }
  for (const std::int64_t other : history.replaces) to.add_replaces(other);
  for (const std::int64_t other : history.replaced_by) to.add_replaced_by(other);
  const auto proposal = FindProposal(tx, payer, kVoidCheck, to.name());
  if (proposal) SetVoidProposal(to, payer, *proposal);
  return to;
}

StatusOr<v1::Check> GetCheck(Call& call, const v1::GetCheckRequest& request) {
  ASSIGN_OR_RETURN(const std::int64_t number, NumberIn(request.name(), "checks"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::Check> {
    ASSIGN_OR_RETURN(const performance::Program program, FindProgramAt(tx, request.name()));
    return LoadCheckMessage(tx, call.Payer(), program, number);
  });
}

// The checks with these numbers, whichever account they are of.
std::map<std::int64_t, CheckRow> LoadChecksByNumber(pg::Transaction& tx, BookId book,
                                                    const std::vector<std::int64_t>& numbers) {
  std::set<payments::BankAccountId> accounts;
  for (const CheckStock& stock : payments::LoadCheckStocks(tx, book))
    accounts.insert(stock.account);
  std::map<std::int64_t, CheckRow> rows;
  for (const payments::BankAccountId account : accounts) {
    for (payments::CheckAtBank& found : payments::FindChecks(tx, book, account, numbers)) {
      rows.emplace(found.check.number, std::move(found.check));
    }
  }
  return rows;
}

StatusOr<v1::ListChecksResponse> ListChecks(Call& call, const v1::ListChecksRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     CheckFields(), "number desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListChecksResponse> {
    ASSIGN_OR_RETURN(const performance::Program program, FindProgramAt(tx, request.parent()));
    const CheckPage loaded = LoadCheckPage(tx, program.book, page);
    v1::ListChecksResponse response;
    std::vector<std::string> names;
    const std::map<std::int64_t, CheckRow> rows =
        LoadChecksByNumber(tx, program.book, loaded.numbers);
    for (const std::int64_t number : loaded.numbers) {
      *response.add_checks() = CheckMessage(call.Payer(), program.id, rows.at(number));
      names.push_back(response.checks().rbegin()->name());
    }
    const auto proposals = LoadProposals(tx, call.Payer(), kVoidCheck, names);
    for (v1::Check& check : *response.mutable_checks()) {
      const auto proposal = proposals.find(check.name());
      if (proposal != proposals.end()) SetVoidProposal(check, call.Payer(), proposal->second);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

v1::CheckStock StockMessage(pg::Transaction& tx, PayerId payer, const CheckStock& stock) {
  v1::CheckStock to;
  to.set_first_number(stock.first_number);
  to.set_last_number(stock.last_number);
  to.set_next_number(stock.next_number);
  for (const payments::DepositAccount& account : payments::LoadDepositAccounts(tx, payer)) {
    if (account.account == stock.account) to.set_bank_account_masked("ending " + account.last4);
  }
  return to;
}

StatusOr<v1::ListCheckStocksResponse> ListCheckStocks(Call& call,
                                                      const v1::ListCheckStocksRequest& request) {
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListCheckStocksResponse> {
    ASSIGN_OR_RETURN(const performance::Program program, FindProgramAt(tx, request.parent()));
    ASSIGN_OR_RETURN(
        const SmallPage<CheckStock> page,
        SmallPageOf(call, request, PlainQueryOf(call, request),
                    payments::LoadCheckStocks(tx, program.book), &CheckStock::first_number));
    v1::ListCheckStocksResponse response;
    for (const CheckStock& stock : page.items) {
      *response.add_check_stocks() = StockMessage(tx, call.Payer(), stock);
    }
    response.set_next_page_token(page.next_page_token);
    return response;
  });
}

StatusOr<v1::CheckStock> AddCheckStock(Call& call, const v1::AddCheckStockRequest& request) {
  ASSIGN_OR_RETURN(const payments::ProgramPayments program,
                   call.Read([&](pg::Transaction& tx) -> StatusOr<payments::ProgramPayments> {
                     ASSIGN_OR_RETURN(const performance::Program found,
                                      FindProgramAt(tx, request.parent()));
                     return PaymentsOfProgram(tx, found);
                   }));
  return call.Change<v1::CheckStock>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return CheckService(database, call.Payer(), program.book, call.Clock())
                 .AddStock(program.pool.bank_account, request.first_number(), request.last_number(),
                           call.Actor());
           },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::CheckStock> {
         const auto stocks = payments::LoadCheckStocks(tx, program.book);
         const auto added =
             std::ranges::find(stocks, request.first_number(), &CheckStock::first_number);
         if (added == stocks.end()) return Internal("the numbers are not there");
         return StockMessage(tx, call.Payer(), *added);
       },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = ""});
}

// A check as a name says it.
struct CheckPlace {
  performance::Program program;
  CheckRow check;
};

StatusOr<CheckPlace> CheckAt(Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const std::int64_t number, NumberIn(name, "checks"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<CheckPlace> {
    ASSIGN_OR_RETURN(performance::Program program, FindProgramAt(tx, name));
    auto check = payments::FindCheck(tx, program.book, number);
    if (!check) return NotFound("check {} was not issued", number);
    return CheckPlace{std::move(program), *std::move(check)};
  });
}

template <typename Work>
StatusOr<v1::Check> ChangeCheck(Call& call, const CheckPlace& place, const std::string& etag,
                                const std::string& reason, Work&& work) {
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::Check> {
    payments::LockRun(tx, place.program.book, place.check.run);
    payments::LockCheck(tx, place.program.book, place.check.account, place.check.number);
    return LoadCheckMessage(tx, call.Payer(), place.program, place.check.number);
  };
  return call.Change<v1::Check>({.before = load,
                                 .work = std::forward<Work>(work),
                                 .after = load,
                                 .etag = etag,
                                 .validate_only = false,
                                 .reason = reason});
}

StatusOr<v1::Check> ProposeCheckVoid(Call& call, const v1::ProposeCheckVoidRequest& request) {
  ASSIGN_OR_RETURN(const CheckPlace place, CheckAt(call, request.name()));
  return ChangeCheck(
      call, place, request.etag(), request.reason(), [&](const pg::Database& database) -> Status {
        return database.Transact([&](pg::Transaction& tx) -> Status {
          ASSIGN_OR_RETURN(const v1::Check check,
                           LoadCheckMessage(tx, call.Payer(), place.program, place.check.number));
          if (check.state() != v1::CHECK_STATE_OUTSTANDING) {
            return FailedPrecondition("check {} is not outstanding: only such a check is stopped",
                                      check.number());
          }
          InsertProposal(tx, call.Payer(),
                         {.action = std::string(kVoidCheck),
                          .resource = check.name(),
                          .etag = check.etag(),
                          .content = "",
                          .note = request.reason(),
                          .by = call.User(),
                          .at = call.Now()});
          return OkStatus();
        });
      });
}

StatusOr<v1::Check> VoidCheck(Call& call, const v1::VoidCheckRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.first_person()));
  ASSIGN_OR_RETURN(const UserId first, path.Get<UserTag>("users"));
  ASSIGN_OR_RETURN(const CheckPlace place, CheckAt(call, request.name()));
  RETURN_IF_ERROR(call.Read([&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(const v1::Check now,
                     LoadCheckMessage(tx, call.Payer(), place.program, place.check.number));
    return RequireProposal(tx, call.Payer(),
                           {.action = kVoidCheck,
                            .resource = now.name(),
                            .etag = now.etag(),
                            .content = "",
                            .first = first,
                            .second = call.User()})
        .status();
  }));
  return ChangeCheck(call, place, request.etag(), request.reason(),
                     [&](const pg::Database& database) {
                       return CheckService(database, call.Payer(), place.program.book, call.Clock())
                           .Void({.number = place.check.number,
                                  .reason = request.reason(),
                                  .on = call.Today(),
                                  .first = {.user = first, .human = true},
                                  .second = call.Actor()});
                     });
}

StatusOr<v1::Check> ExpireCheck(Call& call, const v1::ExpireCheckRequest& request) {
  ASSIGN_OR_RETURN(const CheckPlace place, CheckAt(call, request.name()));
  return ChangeCheck(call, place, request.etag(), "", [&](const pg::Database& database) {
    return CheckService(database, call.Payer(), place.program.book, call.Clock())
        .Expire(place.check.number, call.Today(), call.Actor());
  });
}

StatusOr<v1::Run> PayRunPayeeByCheck(Call& call, const v1::PayRunPayeeByCheckRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.payee()));
  ASSIGN_OR_RETURN(const PayeeId payee, path.Get<PayeeTag>("payees"));
  ASSIGN_OR_RETURN(const RunPlace place, RunPlaceOf(request.name()));
  ASSIGN_OR_RETURN(const payments::ProgramPayments program,
                   call.Read([&](pg::Transaction& tx) { return PaymentsAt(tx, place); }));
  const auto load = [&](pg::Transaction& tx) {
    return LoadRunMessage(tx, call.Payer(), place, Locked::kYes);
  };
  return call.Change<v1::Run>(
      {.before = load,
       .work =
           [&](const pg::Database& database) {
             return payments::CycleService(database, program, call.Clock(), call.Ids())
                 .PayByCheck(place.run, payee, request.reason(), call.Actor());
           },
       .after = load,
       .etag = request.etag(),
       .validate_only = false,
       .reason = request.reason()});
}

}  // namespace

void ServeChecks(Methods& methods) {
  const std::string service = "sluice.payments.v1.CheckService.";
  methods.Serve<v1::ListChecksRequest, v1::ListChecksResponse>(service + "ListChecks", ListChecks);
  methods.Serve<v1::GetCheckRequest, v1::Check>(service + "GetCheck", GetCheck);
  methods.Serve<v1::ListCheckStocksRequest, v1::ListCheckStocksResponse>(
      service + "ListCheckStocks", ListCheckStocks);
  methods.Serve<v1::AddCheckStockRequest, v1::CheckStock>(service + "AddCheckStock", AddCheckStock);
  methods.Serve<v1::ProposeCheckVoidRequest, v1::Check>(service + "ProposeCheckVoid",
                                                        ProposeCheckVoid);
  methods.Serve<v1::VoidCheckRequest, v1::Check>(service + "VoidCheck", VoidCheck);
  methods.Serve<v1::ExpireCheckRequest, v1::Check>(service + "ExpireCheck", ExpireCheck);
  methods.Serve<v1::PayRunPayeeByCheckRequest, v1::Run>(service + "PayRunPayeeByCheck",
                                                        PayRunPayeeByCheck);
}

}  // namespace sluice::api
