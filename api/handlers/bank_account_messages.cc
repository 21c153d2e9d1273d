#include "api/handlers/bank_account_messages.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <vector>

#include "api/handlers/payee_reach.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "payments/payee_service.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::enrollment::v1;

using payments::BankAccountId;

std::string EtagOf(const BankAccountRow& row) {
  return fmt::format("\"{}-{}-{}-{}\"", row.account.id, row.account.version, row.moves,
                     row.account.proof_no.value_or(0));
}

// The version that an etag of the account is of; 0, the newest, for what is none.
std::int32_t VersionOf(const std::string& etag, BankAccountId account) {
  const std::string begin = fmt::format("\"{}-", account);
  std::int32_t version = 0;
  if (!etag.starts_with(begin)) return 0;
  const char* const end = etag.data() + etag.size();
  const auto [rest, fault] = std::from_chars(etag.data() + begin.size(), end, version);
  return fault == std::errc() && rest != end && *rest == '-' ? std::max(version, 0) : 0;
}

// "no W-9 on file (40); the holder is another (30)"
void AddReasons(v1::BankAccount& to, std::string_view reasons) {
  constexpr std::string_view kBetween = "; ";
  while (!reasons.empty()) {
    const std::size_t end = std::min(reasons.find(kBetween), reasons.size());
    to.add_risk_reasons(std::string(reasons.substr(0, end)));
    reasons.remove_prefix(std::min(end + kBetween.size(), reasons.size()));
  }
}

}  // namespace

StatusOr<BankAccountPlace> BankAccountPlaceOf(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  BankAccountPlace place;
  ASSIGN_OR_RETURN(place.payee, path.Get<PayeeTag>("payees"));
  ASSIGN_OR_RETURN(place.account, path.Get<payments::BankAccountTag>("bankAccounts"));
  return place;
}

v1::BankAccount BankAccountMessage(const Call& call, const BankAccountRow& row) {
  const payments::BankAccount& account = row.account;
  v1::BankAccount to;
  to.set_name(
      fmt::format("{}/bankAccounts/{}", PayeeName(call.Payer(), account.payee), account.id));
  to.set_version(account.version);
  to.set_state(static_cast<v1::BankAccountState>(static_cast<int>(account.state) + 1));
  to.set_account_masked("ending " + account.last4);
  to.set_institution_name(account.institution_name);
  to.set_holder_name(account.holder_name);
  to.set_ownership(static_cast<v1::AccountOwnership>(static_cast<int>(account.ownership) + 1));
  to.set_account_kind(static_cast<v1::AccountKind>(static_cast<int>(account.kind) + 1));
  Set(*to.mutable_effective_from(), account.effective_from);
  if (account.hold_until) Set(*to.mutable_hold_until(), *account.hold_until);
  if (row.proof) to.set_proof(static_cast<v1::AccountProofKind>(*row.proof));
  // What speaks against an account may tell of other payees: it is for the payer's own people.
  if (!call.WhichParties()) {
    to.set_risk_score(account.risk_score);
    AddReasons(to, account.risk_reasons);
  }
  to.set_needs_second_person(account.needs_second);
  to.set_submitted_by(UserName(call.Payer(), account.submitted_by));
  Set(*to.mutable_record_time(), account.recorded_at);
  to.set_etag(EtagOf(row));
  return to;
}

StatusOr<v1::BankAccount> LoadBankAccountMessage(const Call& call, pg::Transaction& tx,
                                                 const BankAccountPlace& place, Locked locked) {
  RETURN_IF_ERROR(FindPayeeFor(call, tx, place.payee).status());
  if (locked == Locked::kYes) {
    payments::LockBankAccounts(tx, call.Payer(), std::span(&place.account, 1));
  }
  const std::vector<BankAccountRow> versions =
      LoadBankAccountVersions(tx, call.Payer(), place.account);
  if (versions.empty() || versions.front().account.payee != place.payee) {
    return NotFound("payee {} has no bank account {}", place.payee, place.account);
  }
  if (place.version == 0) return BankAccountMessage(call, versions.back());
  for (const BankAccountRow& row : versions) {
    if (row.account.version == place.version) return BankAccountMessage(call, row);
  }
  return NotFound("bank account {} has no version {}", place.account, place.version);
}

StatusOr<v1::BankAccount> CommandBankAccount(Call& call, const BankAccountCommandCall& command,
                                             const BankAccountWork& work) {
  ASSIGN_OR_RETURN(BankAccountPlace place, BankAccountPlaceOf(command.name));
  place.version = VersionOf(command.etag, place.account);
  const auto load = [&](pg::Transaction& tx) {
    return LoadBankAccountMessage(call, tx, place, Locked::kYes);
  };
  return call.Change<v1::BankAccount>({.before = load,
                                       .work =
                                           [&](const pg::Database& database) {
                                             return work(database, {place.account, place.version});
                                           },
                                       .after = load,
                                       .etag = command.etag,
                                       .validate_only = false,
                                       .reason = command.reason});
}

Status EnsureSealingKeys(Call& call) {
  ASSIGN_OR_RETURN(const payments::KeyProvider* const keys, call.Sealing());
  return payments::LoadAccountSealer(call.Reading(), call.Payer(), *keys, call.Clock(), call.Ids())
      .status();
}

}  // namespace sluice::api
