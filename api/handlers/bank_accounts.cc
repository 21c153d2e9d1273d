// sluice.enrollment.v1.BankAccountService: accounts, from their submission to their end. Tests and
// proofs are in account_tests.cc, what people look at in account_watch.cc.
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/bank_account_messages.h"
#include "api/handlers/handlers.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "payments/enrollment/enrollment_service.h"
#include "payments/payee_service.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::enrollment::v1;

using payments::BankAccount;
using payments::BankAccountCommand;
using payments::BankAccountRequest;
using payments::PayeeService;

StatusOr<v1::BankAccount> GetBankAccount(Call& call, const v1::GetBankAccountRequest& request) {
  ASSIGN_OR_RETURN(BankAccountPlace place, BankAccountPlaceOf(request.name()));
  if (request.version() < 0) return WrongFields({{"version", "counts from 1; 0 is the newest"}});
  place.version = request.version();
  return call.Read(
      [&](pg::Transaction& tx) { return LoadBankAccountMessage(call, tx, place, Locked::kNo); });
}

StatusOr<v1::ListBankAccountsResponse> ListBankAccounts(
    Call& call, const v1::ListBankAccountsRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.parent()));
  BankAccountView view{.payer = call.Payer(), .payee = std::nullopt, .reach = PayeeReachOf(call)};
  ASSIGN_OR_RETURN(view.payee, path.GetOrAll<PayeeTag>("payees"));
  ASSIGN_OR_RETURN(const ListPage page,
                   ListPage::Of(call.Tokens(), QueryOf(call, request),
                                {request.page_size(), request.page_token()},
                                BankAccountFields(view.reach.IsWhole()), "record_time desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListBankAccountsResponse> {
    if (view.payee) RETURN_IF_ERROR(FindPayeeFor(call, tx, *view.payee).status());
    const BankAccountPage loaded = LoadBankAccountPage(tx, view, page);
    v1::ListBankAccountsResponse response;
    for (const BankAccountRow& row : loaded.accounts) {
      *response.add_bank_accounts() = BankAccountMessage(call, row);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

bool IsOneOf(int value, int first, int last) { return value >= first && value <= last; }

StatusOr<BankAccountRequest> ReadSubmission(const v1::SubmitBankAccountRequest& request) {
  std::vector<std::pair<std::string, std::string>> faults;
  if (!IsOneOf(request.ownership(), v1::ACCOUNT_OWNERSHIP_BUSINESS,
               v1::ACCOUNT_OWNERSHIP_CONSUMER)) {
    faults.emplace_back("ownership", "is ACCOUNT_OWNERSHIP_BUSINESS or ACCOUNT_OWNERSHIP_CONSUMER");
  }
  if (!IsOneOf(request.account_kind(), v1::ACCOUNT_KIND_CHECKING, v1::ACCOUNT_KIND_SAVINGS)) {
    faults.emplace_back("account_kind", "is ACCOUNT_KIND_CHECKING or ACCOUNT_KIND_SAVINGS");
  }
  if (!request.replaces().empty() && request.etag().empty()) {
    faults.emplace_back("etag", "is required with replaces: that of the account as it was read");
  }
  payments::BankAccountDetails details{
      .routing_number = request.numbers().routing_number(),
      .account_number = payments::AccountNumber(request.numbers().account_number())};
  if (!payments::CheckBankAccountDetails(details).ok()) {
    faults.emplace_back("numbers",
                        "are a routing number of nine digits with a right check digit and an "
                        "account number of 1 to 17 letters and digits");
  }
  if (!faults.empty()) return WrongFields(faults);
  BankAccountRequest read{
      .payee = {},
      .account = std::nullopt,
      .details = std::move(details),
      .ownership =
          static_cast<payments::AccountOwnership>(static_cast<int>(request.ownership()) - 1),
      .kind = static_cast<payments::AccountKind>(static_cast<int>(request.account_kind()) - 1),
      .holder_name = request.holder_name()};
  ASSIGN_OR_RETURN(read.payee, PayeeIdOf(request.parent()));
  ASSIGN_OR_RETURN(read.effective_from, ReadDate("effective_from", request.effective_from()));
  if (!request.replaces().empty()) {
    ASSIGN_OR_RETURN(const BankAccountPlace replaced, BankAccountPlaceOf(request.replaces()));
    if (replaced.payee != read.payee) {
      return WrongFields({{"replaces", "is an account of the payee that it is submitted for"}});
    }
    read.account = replaced.account;
  }
  return read;
}

StatusOr<v1::BankAccount> SubmitBankAccount(Call& call,
                                            const v1::SubmitBankAccountRequest& request) {
  ASSIGN_OR_RETURN(const BankAccountRequest asked, ReadSubmission(request));
  RETURN_IF_ERROR(
      call.Read([&](pg::Transaction& tx) { return FindPayeeFor(call, tx, asked.payee).status(); }));
  ASSIGN_OR_RETURN(const payments::KeyProvider* const keys, call.Sealing());
  ASSIGN_OR_RETURN(
      const payments::AccountSealer sealer,
      payments::LoadAccountSealer(call.Reading(), call.Payer(), *keys, call.Clock(), call.Ids()));
  BankAccountPlace submitted{.payee = asked.payee, .account = {}};
  ChangeOf<v1::BankAccount> change{
      .before = nullptr,
      .work = [&](const pg::Database& database) -> Status {
        return database.Transact([&](pg::Transaction& tx) -> Status {
          ASSIGN_OR_RETURN(
              const std::vector<BankAccount> stored,
              payments::SubmitBankAccounts(tx, call.Payer(), std::span(&asked, 1), sealer,
                                           {call.User(), call.Now()}, call.Ids()));
          submitted.account = stored.front().id;
          submitted.version = stored.front().version;
          return OkStatus();
        });
      },
      .after =
          [&](pg::Transaction& tx) {
            return LoadBankAccountMessage(call, tx, submitted, Locked::kNo);
          },
      .etag = std::nullopt,
      .validate_only = request.validate_only(),
      .reason = ""};
  if (asked.account) {
    change.etag = request.etag();
    change.before = [&](pg::Transaction& tx) {
      return LoadBankAccountMessage(call, tx, {asked.payee, *asked.account}, Locked::kYes);
    };
  }
  return call.Change(change);
}

// The payee's version in use; version 0 for none.
BankAccountPlace PlaceInUse(pg::Transaction& tx, PayerId payer, PayeeId payee) {
  for (const BankAccount& account :
       payments::LoadBankAccountsOfPayees(tx, payer, std::span(&payee, 1))) {
    if (account.state == payments::BankAccountState::kActive) {
      return {payee, account.id, account.version};
    }
  }
  return {.payee = payee, .account = {}};
}

StatusOr<v1::BankAccount> EnrollByForm(Call& call, const v1::EnrollByFormRequest& request) {
  ASSIGN_OR_RETURN(const PayeeId payee, PayeeIdOf(request.parent()));
  ASSIGN_OR_RETURN(const payments::EftEnrollment form, payments::ReadEftEnrollment(request.form()));
  ASSIGN_OR_RETURN(const BankAccountPlace in_use,
                   call.Read([&](pg::Transaction& tx) -> StatusOr<BankAccountPlace> {
                     RETURN_IF_ERROR(FindPayeeFor(call, tx, payee).status());
                     return PlaceInUse(tx, call.Payer(), payee);
                   }));
  RETURN_IF_ERROR(EnsureSealingKeys(call));
  ASSIGN_OR_RETURN(const payments::KeyProvider* const keys, call.Sealing());
  ChangeOf<v1::BankAccount> change{
      .before = nullptr,
      .work =
          [&](const pg::Database& database) {
            return payments::EnrollmentService(database, call.Payer(), *keys, call.Clock(),
                                               call.Ids())
                .Enroll(payee, request.form(), call.Today(), call.Actor())
                .status();
          },
      .after = [&](pg::Transaction& tx) -> StatusOr<v1::BankAccount> {
        const payments::AccountVersion taken =
            payments::LoadEnrollments(tx, call.Payer(), payee).back().account;
        return LoadBankAccountMessage(call, tx, {payee, taken.account, taken.version}, Locked::kNo);
      },
      .etag = std::nullopt,
      .validate_only = request.validate_only(),
      .reason = ""};
  if (form.reason != payments::EnrollmentReason::kNew && in_use.version != 0) {
    if (request.etag().empty()) {
      return WrongFields({{"etag", "is required: that of the account in use, as it was read"}});
    }
    change.etag = request.etag();
    change.before = [&](pg::Transaction& tx) {
      return LoadBankAccountMessage(call, tx, in_use, Locked::kYes);
    };
  }
  return call.Change(change);
}

StatusOr<v1::BankAccount> Move(Call& call, const BankAccountCommandCall& command,
                               BankAccountCommand move, const std::string& reason) {
  ASSIGN_OR_RETURN(const payments::KeyProvider* const keys, call.Sealing());
  return CommandBankAccount(
      call, command, [&](const pg::Database& database, const payments::AccountVersion& version) {
        return PayeeService(database, call.Payer(), *keys, call.Clock(), call.Ids())
            .ChangeBankAccounts(std::span(&version, 1),
                                {.command = move, .reason = reason, .today = call.Today()},
                                call.Actor());
      });
}

StatusOr<v1::BankAccount> ApproveBankAccount(Call& call,
                                             const v1::ApproveBankAccountRequest& request) {
  return Move(call, {request.name(), request.etag(), ""}, BankAccountCommand::kApprove, "approved");
}

StatusOr<v1::BankAccount> ActivateBankAccount(Call& call,
                                              const v1::ActivateBankAccountRequest& request) {
  return Move(call, {request.name(), request.etag(), ""}, BankAccountCommand::kActivate,
              "activated");
}

StatusOr<v1::BankAccount> SuspendBankAccount(Call& call,
                                             const v1::SuspendBankAccountRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  return Move(call, {request.name(), request.etag(), request.reason()},
              BankAccountCommand::kSuspend, request.reason());
}

StatusOr<v1::BankAccount> RejectBankAccount(Call& call,
                                            const v1::RejectBankAccountRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  return Move(call, {request.name(), request.etag(), request.reason()}, BankAccountCommand::kReject,
              request.reason());
}

}  // namespace

// Nobody approves or refuses an account from within a part of the hierarchy.
void ServeBankAccounts(Methods& methods) {
  const std::string service = "sluice.enrollment.v1.BankAccountService.";
  methods.Serve<v1::GetBankAccountRequest, v1::BankAccount>(service + "GetBankAccount",
                                                            GetBankAccount, Narrowing::kByHandler);
  methods.Serve<v1::ListBankAccountsRequest, v1::ListBankAccountsResponse>(
      service + "ListBankAccounts", ListBankAccounts, Narrowing::kByHandler);
  methods.Serve<v1::SubmitBankAccountRequest, v1::BankAccount>(
      service + "SubmitBankAccount", SubmitBankAccount, Narrowing::kByHandler);
  methods.Serve<v1::EnrollByFormRequest, v1::BankAccount>(service + "EnrollByForm", EnrollByForm,
                                                          Narrowing::kByHandler);
  methods.Serve<v1::ApproveBankAccountRequest, v1::BankAccount>(service + "ApproveBankAccount",
                                                                ApproveBankAccount);
  methods.Serve<v1::ActivateBankAccountRequest, v1::BankAccount>(service + "ActivateBankAccount",
                                                                 ActivateBankAccount);
  methods.Serve<v1::SuspendBankAccountRequest, v1::BankAccount>(
      service + "SuspendBankAccount", SuspendBankAccount, Narrowing::kByHandler);
  methods.Serve<v1::RejectBankAccountRequest, v1::BankAccount>(service + "RejectBankAccount",
                                                               RejectBankAccount);
}

}  // namespace sluice::api
