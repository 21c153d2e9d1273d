// sluice.enrollment.v1.BankAccountService: how an account is tested and proved.
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/bank_account_messages.h"
#include "api/handlers/handlers.h"
#include "api/service/reason.h"
#include "payments/enrollment/account_test_service.h"
#include "payments/payee_service.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::enrollment::v1;

using payments::AccountTestService;
using payments::AccountVersion;

// What asks for a test and takes its answer opens no number: it needs no role but the service's.
AccountTestService TestsOf(Call& call, const pg::Database& database,
                           const payments::KeyProvider& keys) {
  return {database, database, call.Payer(), keys, call.Clock(), call.Ids()};
}

StatusOr<v1::BankAccount> StartAccountValidation(Call& call,
                                                 const v1::StartAccountValidationRequest& request) {
  if (request.test() != v1::ACCOUNT_TEST_KIND_PRENOTE &&
      request.test() != v1::ACCOUNT_TEST_KIND_MICRO_DEPOSITS) {
    return WrongFields(
        {{"test", "is ACCOUNT_TEST_KIND_PRENOTE or ACCOUNT_TEST_KIND_MICRO_DEPOSITS"}});
  }
  const auto kind = static_cast<payments::AccountTestKind>(request.test());
  RETURN_IF_ERROR(EnsureSealingKeys(call));
  ASSIGN_OR_RETURN(const payments::KeyProvider* const keys, call.Sealing());
  return CommandBankAccount(call, {request.name(), request.etag(), ""},
                            [&](const pg::Database& database, const AccountVersion& version) {
                              return TestsOf(call, database, *keys)
                                  .Request(std::span(&version, 1), kind, call.Actor())
                                  .status();
                            });
}

StatusOr<v1::BankAccount> ConfirmMicroDeposits(Call& call,
                                               const v1::ConfirmMicroDepositsRequest& request) {
  const auto answer = payments::MicroAnswer(Money::FromCents(request.first_cents()),
                                            Money::FromCents(request.second_cents()));
  if (!answer.ok()) {
    const std::string rule = "is one of two different amounts of 1 to 99 cents";
    return WrongFields({{"first_cents", rule}, {"second_cents", rule}});
  }
  RETURN_IF_ERROR(EnsureSealingKeys(call));
  ASSIGN_OR_RETURN(const payments::KeyProvider* const keys, call.Sealing());
  return CommandBankAccount(call, {request.name(), request.etag(), ""},
                            [&](const pg::Database& database, const AccountVersion& version) {
                              return TestsOf(call, database, *keys)
                                  .Confirm(version, *answer, call.Today(), call.Actor())
                                  .status();
                            });
}

StatusOr<v1::BankAccount> ProveBankAccount(Call& call, const v1::ProveBankAccountRequest& request) {
  if (request.proof() != v1::ACCOUNT_PROOF_KIND_BANK_LETTER &&
      request.proof() != v1::ACCOUNT_PROOF_KIND_CONVERSION) {
    return WrongFields(
        {{"proof", "is ACCOUNT_PROOF_KIND_BANK_LETTER or ACCOUNT_PROOF_KIND_CONVERSION"}});
  }
  ASSIGN_OR_RETURN(const payments::KeyProvider* const keys, call.Sealing());
  return CommandBankAccount(
      call, {request.name(), request.etag(), request.detail()},
      [&](const pg::Database& database, const AccountVersion& version) {
        return payments::PayeeService(database, call.Payer(), *keys, call.Clock(), call.Ids())
            .RecordProof(std::span(&version, 1),
                         {.kind = static_cast<payments::AccountProofKind>(request.proof()),
                          .detail = request.detail(),
                          .today = call.Today()},
                         call.Actor());
      });
}

}  // namespace

// A payee asks for a test and answers it; that a letter proves its account, the payer says.
void ServeAccountTests(Methods& methods) {
  const std::string service = "sluice.enrollment.v1.BankAccountService.";
  methods.Serve<v1::StartAccountValidationRequest, v1::BankAccount>(
      service + "StartAccountValidation", StartAccountValidation, Narrowing::kByHandler);
  methods.Serve<v1::ConfirmMicroDepositsRequest, v1::BankAccount>(
      service + "ConfirmMicroDeposits", ConfirmMicroDeposits, Narrowing::kByHandler);
  methods.Serve<v1::ProveBankAccountRequest, v1::BankAccount>(service + "ProveBankAccount",
                                                              ProveBankAccount);
}

}  // namespace sluice::api
