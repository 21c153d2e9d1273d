#include "payments/payee_service.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "payments/pluck.h"
#include "payments/screening/screening_service.h"
#include "payments/tax/tax_service.h"

namespace sluice::payments {
namespace {

using VersionKey = std::pair<BankAccountId, std::int32_t>;

// The moves that one command asks for; also those of the versions that an activation supersedes.
StatusOr<std::vector<BankAccountMove>> DecideMoves(std::span<const AccountVersion> versions,
                                                   std::span<const BankAccount> stored,
                                                   const PayeeService::Change& change,
                                                   Actor actor) {
  std::map<VersionKey, const BankAccount*> by_key;
  std::map<PayeeId, const BankAccount*> active;
  for (const BankAccount& account : stored) {
    by_key.emplace(VersionKey{account.id, account.version}, &account);
    if (account.state == BankAccountState::kActive) active.emplace(account.payee, &account);
  }
  std::vector<BankAccountMove> superseded;
  std::vector<BankAccountMove> moves;
  for (const AccountVersion& version : versions) {
    const auto found = by_key.find({version.account, version.version});
    if (found == by_key.end()) {
      return NotFound("bank account {} has no version {}", version.account, version.version);
    }
    const BankAccount& account = *found->second;
    const bool needs_second_person = change.command == BankAccountCommand::kApprove ||
                                     change.command == BankAccountCommand::kActivate;
    if (needs_second_person) RETURN_IF_ERROR(CheckBankAccountApprover(account, actor.user));
    auto next = ApplyBankAccountCommand(account.state, change.command);
    if (!next.ok()) {
      return Annotate(next.status(),
                      fmt::format("bank account {} version {}", account.id, account.version));
    }
    if (change.command == BankAccountCommand::kActivate) {
      if (change.today < account.effective_from) {
        return FailedPrecondition("bank account {} version {} is to be used from {}, not before",
                                  account.id, account.version, FormatDate(account.effective_from));
      }
      if (const auto old = active.find(account.payee); old != active.end()) {
        superseded.push_back({.account = old->second->id,
                              .version = old->second->version,
                              .payee = account.payee,
                              .to = BankAccountState::kSuperseded});
        active.erase(old);
      }
    }
    moves.push_back({account.id, account.version, account.payee, *next});
  }
  // The superseded ones first: at most one version of a payee is active after every statement.
  superseded.insert(superseded.end(), moves.begin(), moves.end());
  return superseded;
}

}  // namespace

StatusOr<std::vector<Payee>> PayeeService::AddPayees(std::vector<Payee> payees, Actor actor) {
  for (Payee& payee : payees) {
    payee.id = ids_.Next<PayeeTag>();
    RETURN_IF_ERROR(ValidatePayee(payee));
  }
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<Payee>> {
    PayeeDirectory taken = FindPayeesOfParties(tx, Pluck(payees, &Payee::party));
    for (const Payee& payee : payees) {
      if (const auto earlier = taken.At(payee.Owner())) {
        return AlreadyExists("party {} has payee {} already", payee.party, *earlier);
      }
      taken.Add(payee.Owner(), payee.id);
    }
    InsertPayees(tx, payer_, payees, recorded);
    const auto enrolled = Pluck(payees, &Payee::id);
    if (!enrolled.empty()) {
      ScreenPayees(tx, payer_, enrolled, ScreeningTrigger::kEnrollment, recorded, ids_);
    }
    return payees;
  });
}

Status PayeeService::RecordTaxForms(std::span<const TaxForm> forms, Actor actor) {
  return TaxService(database_, payer_, keys_, clock_, ids_).RecordForms(forms, actor);
}

StatusOr<std::vector<BankAccount>> PayeeService::SubmitBankAccounts(
    std::span<const BankAccountRequest> requests, Actor actor) {
  ASSIGN_OR_RETURN(const AccountSealer sealer, LoadSealer());
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<BankAccount>> {
    std::vector<BankAccountId> existing;
    for (const auto& request : requests) {
      if (request.account) existing.push_back(*request.account);
    }
    std::map<BankAccountId, BankAccount> latest;
    for (const BankAccount& account : LockBankAccounts(tx, payer_, existing)) {
      latest[account.id] = account;  // ordered by version: the last one stays
    }
    std::vector<SealedVersion> versions;
    versions.reserve(requests.size());
    for (const BankAccountRequest& request : requests) {
      BankAccount account{.id = request.account.value_or(BankAccountId{}),
                          .payee = request.payee,
                          .ownership = request.ownership,
                          .kind = request.kind,
                          .last4 = std::string(request.details.account_number.LastFour()),
                          .effective_from = request.effective_from,
                          .submitted_by = actor.user,
                          .recorded_at = now};
      if (request.account) {
        const auto before = latest.find(*request.account);
        if (before == latest.end() || before->second.payee != request.payee) {
          return NotFound("payee {} has no bank account {}", request.payee, *request.account);
        }
        account.version = ++before->second.version;
      } else {
        account.id = ids_.Next<BankAccountTag>();
      }
      const VaultSlot slot{payer_, account.payee, account.id, account.version};
      auto sealed = sealer.Seal(slot, request.details);
      if (!sealed.ok()) {
        return Annotate(sealed.status(), fmt::format("bank account of payee {}", request.payee));
      }
      versions.push_back({std::move(account), *std::move(sealed)});
    }
    InsertBankAccounts(tx, payer_, versions);
    std::vector<BankAccount> accounts;
    for (SealedVersion& version : versions) accounts.push_back(std::move(version.account));
    return accounts;
  });
}

Status PayeeService::ChangeBankAccounts(std::span<const AccountVersion> versions,
                                        const Change& change, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    std::vector<BankAccountId> ids;
    for (const AccountVersion& version : versions) ids.push_back(version.account);
    std::vector<BankAccount> stored = LockBankAccounts(tx, payer_, ids);
    if (change.command == BankAccountCommand::kActivate) {
      // The active version may be of another account of the payee.
      std::vector<PayeeId> payees;
      for (const BankAccount& account : stored) payees.push_back(account.payee);
      ids.clear();
      for (const auto& account : LoadBankAccountsOfPayees(tx, payer_, payees)) {
        ids.push_back(account.id);
      }
      stored = LockBankAccounts(tx, payer_, ids);
    }
    ASSIGN_OR_RETURN(const auto moves, DecideMoves(versions, stored, change, actor));
    const auto superseded = std::ranges::find_if(
        moves, [](const auto& move) { return move.to != BankAccountState::kSuperseded; });
    const auto cut = superseded - moves.begin();
    const std::span all(moves);
    if (cut > 0) {
      MoveBankAccounts(tx, payer_, all.first(static_cast<std::size_t>(cut)),
                       "superseded by a new version", recorded);
    }
    MoveBankAccounts(tx, payer_, all.subspan(static_cast<std::size_t>(cut)), change.reason,
                     recorded);
    return OkStatus();
  });
}

StatusOr<std::vector<SharedAccount>> PayeeService::FindShared() {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<SharedAccount>> {
    return FindSharedAccounts(tx, payer_);
  });
}

StatusOr<AccountSealer> PayeeService::LoadSealer() {
  ASSIGN_OR_RETURN(DataKey seal,
                   EnsureDataKey(database_, payer_, DataKeyPurpose::kSeal, keys_, clock_, ids_));
  ASSIGN_OR_RETURN(DataKey index, EnsureDataKey(database_, payer_, DataKeyPurpose::kBlindIndex,
                                                keys_, clock_, ids_));
  return AccountSealer(std::move(seal), std::move(index));
}

StatusOr<DataKey> EnsureDataKey(const pg::Database& database, PayerId payer, DataKeyPurpose purpose,
                                const KeyProvider& keys, Clock& clock, IdGenerator& ids) {
  const std::int64_t new_id = ids.NextValue();
  const SecretKey fresh = RandomKey();
  const Instant now = clock.Now();
  return database.ForPayer(payer).Transact([&](pg::Transaction& tx) -> StatusOr<DataKey> {
    auto current = FindCurrentKey(tx, payer, purpose);
    if (!current) {
      ASSIGN_OR_RETURN(Bytes wrapped, keys.Wrap(fresh, DataKeyAad(payer, new_id, purpose)));
      const WrappedKey key{new_id, purpose, keys.KekId(), std::move(wrapped)};
      InsertDataKey(tx, payer, key, now);
      // The loser of a race keeps its row unused and takes the winner's key.
      InsertCurrentKey(tx, payer, key);
      current = FindCurrentKey(tx, payer, purpose);
    }
    for (const WrappedKey& key : LoadDataKeys(tx, payer)) {
      if (key.id != *current) continue;
      ASSIGN_OR_RETURN(SecretKey opened,
                       keys.Unwrap(key.wrapped, DataKeyAad(payer, key.id, key.purpose)));
      return DataKey{key.id, purpose, std::move(opened)};
    }
    return Internal("data key {} of payer {} is missing", *current, payer);
  });
}

StatusOr<std::vector<DataKey>> UnwrapDataKeys(const pg::Database& database, PayerId payer,
                                              const KeyProvider& keys) {
  return database.ForPayer(payer).Transact(
      [&](pg::Transaction& tx) -> StatusOr<std::vector<DataKey>> {
        std::vector<DataKey> opened;
        for (const WrappedKey& key : LoadDataKeys(tx, payer)) {
          ASSIGN_OR_RETURN(SecretKey secret,
                           keys.Unwrap(key.wrapped, DataKeyAad(payer, key.id, key.purpose)));
          opened.push_back({key.id, key.purpose, std::move(secret)});
        }
        return opened;
      });
}

}  // namespace sluice::payments
