#include "payments/payee_service.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/check.h"
#include "core/crypto.h"
#include "payments/enrollment/account_intake.h"
#include "payments/enrollment/institution.h"
#include "payments/pluck.h"
#include "payments/screening/screening_service.h"
#include "payments/tax/tax_service.h"
#include "payments/tax/tax_store.h"

namespace sluice::payments {
namespace {

using VersionKey = std::pair<BankAccountId, std::int32_t>;

Status CheckProved(const BankAccount& account) {
  if (account.proof_no) return OkStatus();
  return FailedPrecondition(
      "bank account {} version {} is not proved: wait for its prenote, confirm its micro-deposits, "
      "or record a bank letter",
      account.id, account.version);
}

// `replaces`: another account of the payee is in use.
Status CheckUsableOn(const BankAccount& account, bool replaces, Date today) {
  const auto not_before = [&](Date day, std::string_view why) {
    return FailedPrecondition("bank account {} version {} is to be used from {}, not before{}",
                              account.id, account.version, FormatDate(day), why);
  };
  if (today < account.effective_from) return not_before(account.effective_from, "");
  if (account.hold_until && today < *account.hold_until) {
    return not_before(*account.hold_until, ": a change waits, and the old account is paid");
  }
  if (replaces && account.is_first) {
    return FailedPrecondition(
        "bank account {} version {} was approved as the payee's first, and by now there is another "
        "one: submit it again as a change",
        account.id, account.version);
  }
  return OkStatus();
}

// The moves that one command asks for; also those of the versions that an activation supersedes.
StatusOr<std::vector<BankAccountMove>> DecideMoves(std::span<const AccountVersion> versions,
                                                   std::span<const BankAccount> stored,
                                                   const PayeeService::Change& change,
                                                   const AccountControls& controls, UserId user) {
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
    if (needs_second_person) RETURN_IF_ERROR(CheckBankAccountApprover(account, user));
    auto next = ApplyBankAccountCommand(account.state, change.command);
    if (!next.ok()) {
      return Annotate(next.status(),
                      fmt::format("bank account {} version {}", account.id, account.version));
    }
    std::optional<Date> hold_until;
    if (change.command == BankAccountCommand::kApprove) {
      RETURN_IF_ERROR(CheckProved(account));
      hold_until = HoldUntil(account, controls, change.today);
    }
    if (change.command == BankAccountCommand::kActivate) {
      RETURN_IF_ERROR(CheckUsableOn(account, active.contains(account.payee), change.today));
      if (const auto old = active.find(account.payee); old != active.end()) {
        superseded.push_back({.account = old->second->id,
                              .version = old->second->version,
                              .payee = account.payee,
                              .to = BankAccountState::kSuperseded});
        active.erase(old);
      }
    }
    moves.push_back({account.id, account.version, account.payee, *next, hold_until});
  }
  // The superseded ones first: at most one version of a payee is active after every statement.
  superseded.insert(superseded.end(), moves.begin(), moves.end());
  return superseded;
}

// None where the payer has no key for the purpose yet.
StatusOr<std::optional<DataKey>> CurrentDataKey(pg::Transaction& tx, PayerId payer,
                                                DataKeyPurpose purpose, const KeyProvider& keys) {
  const auto current = FindCurrentKey(tx, payer, purpose);
  if (!current) return std::optional<DataKey>();
  for (const WrappedKey& key : LoadDataKeys(tx, payer)) {
    if (key.id != *current) continue;
    ASSIGN_OR_RETURN(SecretKey opened,
                     keys.Unwrap(key.wrapped, DataKeyAad(payer, key.id, key.purpose)));
    return std::optional(DataKey{key.id, purpose, std::move(opened)});
  }
  return Internal("data key {} of payer {} is missing", *current, payer);
}

// Of versions that are about to be approved, whether their holder is who the W-9 names.
Status CheckHolders(pg::Transaction& tx, std::span<const AccountVersion> versions,
                    std::span<const BankAccount> stored, Date today) {
  std::map<VersionKey, const BankAccount*> by_key;
  std::vector<PayeeId> ids;
  for (const BankAccount& account : stored) {
    by_key.emplace(VersionKey{account.id, account.version}, &account);
    ids.push_back(account.payee);
  }
  std::map<PayeeId, std::string> tins;
  for (const Payee& payee : LoadPayees(tx, ids)) tins.emplace(payee.id, payee.tin);
  std::map<PayeeId, std::vector<CertifiedTaxpayer>> forms;
  for (CertifiedTaxpayer& form : LoadTaxForms(tx, ids)) {
    forms[form.payee].push_back(std::move(form));
  }
  for (const AccountVersion& version : versions) {
    const BankAccount& account = *by_key.at({version.account, version.version});
    std::optional<CertifiedHolder> certified;
    if (const auto* form = TaxpayerOn(forms[account.payee], today)) {
      // A form of which only the date is known says nothing of the holder.
      if (!form->legal_name.empty()) {
        certified = {form->legal_name, form->business_name, form->tin_last4};
      }
    }
    const Status same = CheckHolder(account.holder_name, tins.at(account.payee), certified);
    if (!same.ok()) {
      return Annotate(same, fmt::format("bank account {} version {} of payee {}", account.id,
                                        account.version, account.payee));
    }
  }
  return OkStatus();
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
  ASSIGN_OR_RETURN(const AccountSealer sealer,
                   LoadAccountSealer(database_, payer_, keys_, clock_, ids_));
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<BankAccount>> {
    return payments::SubmitBankAccounts(tx, payer_, requests, sealer, recorded, ids_);
  });
}

StatusOr<std::vector<BankAccount>> SubmitBankAccounts(pg::Transaction& tx, PayerId payer,
                                                      std::span<const BankAccountRequest> requests,
                                                      const AccountSealer& sealer,
                                                      const Recorded& recorded, IdGenerator& ids) {
  std::vector<BankAccountId> existing;
  for (const auto& request : requests) {
    if (request.account) existing.push_back(*request.account);
  }
  std::map<BankAccountId, BankAccount> latest;
  for (const BankAccount& account : LockBankAccounts(tx, payer, existing)) {
    latest[account.id] = account;  // ordered by version: the last one stays
  }
  std::vector<SealedVersion> versions;
  std::vector<NewAccount> fresh;
  versions.reserve(requests.size());
  for (const BankAccountRequest& request : requests) {
    BankAccount account{.id = request.account.value_or(BankAccountId{}),
                        .payee = request.payee,
                        .ownership = request.ownership,
                        .kind = request.kind,
                        .last4 = std::string(request.details.account_number.LastFour()),
                        .effective_from = request.effective_from,
                        .submitted_by = recorded.by,
                        .recorded_at = recorded.at,
                        .holder_name = request.holder_name};
    if (request.account) {
      const auto before = latest.find(*request.account);
      if (before == latest.end() || before->second.payee != request.payee) {
        return NotFound("payee {} has no bank account {}", request.payee, *request.account);
      }
      account.version = ++before->second.version;
    } else {
      account.id = ids.Next<BankAccountTag>();
    }
    const VaultSlot slot{payer, account.payee, account.id, account.version};
    auto sealed = sealer.Seal(slot, request.details);
    if (!sealed.ok()) {
      return Annotate(sealed.status(), fmt::format("bank account of payee {}", request.payee));
    }
    fresh.push_back({.account = std::move(account),
                     .routing_number = request.details.routing_number,
                     .blind_index = sealed->blind_index,
                     .from_bank = request.from_bank});
    versions.push_back({.account = {}, .sealed = *std::move(sealed)});
  }
  AccountIntake intake(tx, payer, recorded.at);
  RETURN_IF_ERROR(intake.Assess(fresh));
  for (std::size_t i = 0; i < fresh.size(); ++i) versions[i].account = fresh[i].account;
  InsertBankAccounts(tx, payer, versions);
  intake.Tell(fresh, ids);
  return Pluck(fresh, &NewAccount::account);
}

Status PayeeService::ChangeBankAccounts(std::span<const AccountVersion> versions,
                                        const Change& change, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    return payments::ChangeBankAccounts(tx, payer_, versions, change, controls_, recorded);
  });
}

Status ChangeBankAccounts(pg::Transaction& tx, PayerId payer,
                          std::span<const AccountVersion> versions,
                          const PayeeService::Change& change, const AccountControls& controls,
                          const Recorded& recorded) {
  std::vector<BankAccountId> ids;
  for (const AccountVersion& version : versions) ids.push_back(version.account);
  std::vector<BankAccount> stored = LockBankAccounts(tx, payer, ids);
  if (change.command == BankAccountCommand::kActivate) {
    // The active version may be of another account of the payee.
    std::vector<PayeeId> payees;
    for (const BankAccount& account : stored) payees.push_back(account.payee);
    ids.clear();
    for (const auto& account : LoadBankAccountsOfPayees(tx, payer, payees)) {
      ids.push_back(account.id);
    }
    stored = LockBankAccounts(tx, payer, ids);
  }
  ASSIGN_OR_RETURN(const auto moves, DecideMoves(versions, stored, change, controls, recorded.by));
  if (change.command == BankAccountCommand::kApprove) {
    RETURN_IF_ERROR(CheckHolders(tx, versions, stored, recorded.at.UtcDate()));
  }
  const auto superseded = std::ranges::find_if(
      moves, [](const auto& move) { return move.to != BankAccountState::kSuperseded; });
  const auto cut = superseded - moves.begin();
  const std::span all(moves);
  if (cut > 0) {
    MoveBankAccounts(tx, payer, all.first(static_cast<std::size_t>(cut)),
                     "superseded by a new version", recorded);
  }
  MoveBankAccounts(tx, payer, all.subspan(static_cast<std::size_t>(cut)), change.reason, recorded);
  return OkStatus();
}

Status PayeeService::RecordProof(std::span<const AccountVersion> versions,
                                 const RecordedProof& proof, Actor actor) {
  if (proof.kind != AccountProofKind::kBankLetter && proof.kind != AccountProofKind::kConversion) {
    return InvalidArgument("a person records a bank letter or a conversion, not a {}",
                           AccountProofKindName(proof.kind));
  }
  if (proof.detail.empty()) return InvalidArgument("say what proves the account");
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    std::map<VersionKey, BankAccount> stored;
    for (BankAccount& account :
         LockBankAccounts(tx, payer_, Pluck(versions, &AccountVersion::account))) {
      const VersionKey key{account.id, account.version};
      stored.emplace(key, std::move(account));
    }
    std::vector<AccountProof> proofs;
    for (const AccountVersion& version : versions) {
      const auto found = stored.find({version.account, version.version});
      if (found == stored.end()) {
        return NotFound("bank account {} has no version {}", version.account, version.version);
      }
      const BankAccount& account = found->second;
      if (account.state != BankAccountState::kValidating) {
        return FailedPrecondition(
            "bank account {} version {} is {}: only one that is being "
            "validated is proved",
            account.id, account.version, BankAccountStateName(account.state));
      }
      RETURN_IF_ERROR(CheckBankAccountApprover(account, actor.user));
      proofs.push_back({.account = account.id,
                        .version = account.version,
                        .payee = account.payee,
                        .kind = proof.kind,
                        .detail = proof.detail,
                        .proved_on = proof.today});
    }
    InsertProofs(tx, payer_, proofs, recorded);
    return OkStatus();
  });
}

StatusOr<std::vector<AccountAlert>> PayeeService::Alerts(bool open_only) {
  return database_.Transact({.read_only = true},
                            [&](pg::Transaction& tx) -> StatusOr<std::vector<AccountAlert>> {
                              return LoadAlerts(tx, payer_, open_only);
                            });
}

Status PayeeService::ClearAlert(std::int64_t alert, const std::string& note, Actor actor) {
  if (note.empty()) return InvalidArgument("say why alert {} is cleared", alert);
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    if (payments::ClearAlert(tx, payer_, alert, note, recorded)) return OkStatus();
    return FailedPrecondition("there is no open alert {}", alert);
  });
}

StatusOr<std::vector<BankAccount>> PayeeService::Accounts(PayeeId payee) {
  return database_.Transact({.read_only = true},
                            [&](pg::Transaction& tx) -> StatusOr<std::vector<BankAccount>> {
                              return LoadBankAccountsOfPayees(tx, payer_, std::span(&payee, 1));
                            });
}

StatusOr<std::int64_t> PayeeService::ImportInstitutions(const std::string& name,
                                                        std::string_view bytes, Date as_of,
                                                        Actor actor) {
  ASSIGN_OR_RETURN(const std::vector<Institution> institutions, ReadInstitutions(bytes));
  const Recorded recorded{actor.user, clock_.Now()};
  const InstitutionImport import{.id = ids_.NextValue(),
                                 .as_of = as_of,
                                 .source_name = name,
                                 .sha256 = Sha256(AsBytes(bytes))};
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
    InsertInstitutions(tx, payer_, import, institutions, recorded);
    return static_cast<std::int64_t>(institutions.size());
  });
}

StatusOr<std::vector<SharedAccount>> PayeeService::FindShared() {
  return database_.Transact({.read_only = true},
                            [&](pg::Transaction& tx) -> StatusOr<std::vector<SharedAccount>> {
                              return FindSharedAccounts(tx, payer_);
                            });
}

StatusOr<AccountSealer> LoadAccountSealer(const pg::Database& database, PayerId payer,
                                          const KeyProvider& keys, Clock& clock, IdGenerator& ids) {
  ASSIGN_OR_RETURN(DataKey seal,
                   EnsureDataKey(database, payer, DataKeyPurpose::kSeal, keys, clock, ids));
  ASSIGN_OR_RETURN(DataKey index,
                   EnsureDataKey(database, payer, DataKeyPurpose::kBlindIndex, keys, clock, ids));
  return AccountSealer(std::move(seal), std::move(index));
}

StatusOr<DataKey> EnsureDataKey(const pg::Database& database, PayerId payer, DataKeyPurpose purpose,
                                const KeyProvider& keys, Clock& clock, IdGenerator& ids) {
  const pg::Database scoped = database.ForPayer(payer);
  ASSIGN_OR_RETURN(std::optional<DataKey> current,
                   scoped.Transact({.read_only = true}, [&](pg::Transaction& tx) {
                     return CurrentDataKey(tx, payer, purpose, keys);
                   }));
  if (current) return *std::move(current);
  const std::int64_t new_id = ids.NextValue();
  const SecretKey fresh = RandomKey();
  const Instant now = clock.Now();
  return scoped.Transact([&](pg::Transaction& tx) -> StatusOr<DataKey> {
    if (!FindCurrentKey(tx, payer, purpose)) {
      ASSIGN_OR_RETURN(Bytes wrapped, keys.Wrap(fresh, DataKeyAad(payer, new_id, purpose)));
      const WrappedKey key{new_id, purpose, keys.KekId(), std::move(wrapped)};
      InsertDataKey(tx, payer, key, now);
      // The loser of a race keeps its row unused and takes the winner's key.
      InsertCurrentKey(tx, payer, key);
    }
    ASSIGN_OR_RETURN(std::optional<DataKey> made, CurrentDataKey(tx, payer, purpose, keys));
    CHECK(made.has_value());
    return *std::move(made);
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
