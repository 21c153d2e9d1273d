#include "payments/enrollment/enrollment_service.h"

#include <utility>

#include "core/crypto.h"
#include "payments/routing/preference_service.h"

namespace sluice::payments {
namespace {

// The version in use, if any.
std::optional<BankAccount> InUse(std::span<const BankAccount> accounts) {
  for (const BankAccount& account : accounts) {
    if (account.state == BankAccountState::kActive) return account;
  }
  return std::nullopt;
}

}  // namespace

StatusOr<AccountVersion> EnrollmentService::TakeAccount(const Payee& payee,
                                                        const EftEnrollment& form, Date today,
                                                        Actor actor) {
  PayeeService payees(database_, payer_, keys_, clock_, ids_);
  ASSIGN_OR_RETURN(const auto accounts, payees.Accounts(payee.id));
  const auto in_use = InUse(accounts);
  if (form.reason == EnrollmentReason::kNew && in_use) {
    return FailedPrecondition("payee {} is enrolled with the account ending {}: send a change",
                              payee.id, in_use->last4);
  }
  if (form.reason != EnrollmentReason::kNew && !in_use) {
    return FailedPrecondition("payee {} has no account in use to {}: send a new enrollment",
                              payee.id, EnrollmentReasonName(form.reason));
  }
  if (form.reason == EnrollmentReason::kCancel) {
    const AccountVersion version{in_use->id, in_use->version};
    RETURN_IF_ERROR(payees.ChangeBankAccounts(std::span(&version, 1),
                                              {.command = BankAccountCommand::kSuspend,
                                               .reason = "the payee canceled its enrollment",
                                               .today = today},
                                              actor));
    return version;
  }
  const BankAccountRequest request{
      .payee = payee.id,
      .account = in_use ? std::optional(in_use->id) : std::nullopt,
      .details = form.account,
      .ownership = form.ownership,
      .kind = form.kind,
      .effective_from = std::max(form.requested_on.value_or(today), today),
      .holder_name = form.provider_name};
  ASSIGN_OR_RETURN(const auto stored, payees.SubmitBankAccounts(std::span(&request, 1), actor));
  return AccountVersion{stored.front().id, stored.front().version};
}

Status EnrollmentService::TakeDelivery(const Payee& payee, const EftEnrollment& form, Date today,
                                       Actor actor) {
  if (!form.era || form.reason == EnrollmentReason::kCancel) return OkStatus();
  PreferenceService preferences(database_, payer_, clock_, ids_);
  const PreferenceKey key{
      .tin = payee.tin, .npi = form.linkage == IdentifierLinkage::kNpi ? form.npi : std::string()};
  ASSIGN_OR_RETURN(const auto known, preferences.History(payee.id));
  const PaymentPreference* last = nullptr;
  for (const PaymentPreference& preference : known) {
    if (preference.key == key) last = &preference;
  }
  // What else the payee wishes at this level stays.
  PaymentPreference wish{.key = key, .effective_from = today};
  if (last != nullptr && !last->withdrawn) {
    if (last->delivery == *form.era) return OkStatus();
    wish.payee = last->payee;
    wish.method = last->method;
    wish.card_opt_in = last->card_opt_in;
  }
  wish.delivery = *form.era;
  wish.reason = "ERA enrollment";
  return preferences.Record(wish, actor).status();
}

StatusOr<EnrollmentRecord> EnrollmentService::Enroll(PayeeId id, std::string_view text, Date today,
                                                     Actor actor) {
  ASSIGN_OR_RETURN(const EftEnrollment form, ReadEftEnrollment(text));
  ASSIGN_OR_RETURN(const Payee payee,
                   database_.Transact([&](pg::Transaction& tx) -> StatusOr<Payee> {
                     const auto found = LoadPayees(tx, std::span(&id, 1));
                     if (found.empty()) return NotFound("there is no payee {}", id);
                     return found.front();
                   }));
  if (form.tin.Reveal() != payee.tin) {
    return InvalidArgument("the form is of another TIN than payee {}: nothing of it is taken", id);
  }
  if (!payee.npi.empty() && !form.npi.empty() && form.npi != payee.npi) {
    return InvalidArgument("the form is of NPI {}, and payee {} has {}", form.npi, id, payee.npi);
  }
  ASSIGN_OR_RETURN(
      const DataKey index,
      EnsureDataKey(database_, payer_, DataKeyPurpose::kBlindIndex, keys_, clock_, ids_));
  EnrollmentRecord record{.id = ids_.NextValue(),
                          .payee = id,
                          .reason = form.reason,
                          .linkage = form.linkage,
                          .with_era = form.era.has_value(),
                          .submitted_on = form.submitted_on.value_or(today),
                          .fingerprint = HmacSha256(index.key.Reveal(), Sha256(AsBytes(text))),
                          .elements = form.elements};
  ASSIGN_OR_RETURN(record.account, TakeAccount(payee, form, today, actor));
  RETURN_IF_ERROR(TakeDelivery(payee, form, today, actor));
  const Recorded recorded{actor.user, clock_.Now()};
  RETURN_IF_ERROR(database_.Transact([&](pg::Transaction& tx) -> Status {
    InsertEnrollment(tx, payer_, record, recorded);
    return OkStatus();
  }));
  return record;
}

StatusOr<std::vector<EnrollmentRecord>> EnrollmentService::History(PayeeId payee) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<EnrollmentRecord>> {
    return LoadEnrollments(tx, payer_, payee);
  });
}

}  // namespace sluice::payments
