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

// What taking a form goes by.
struct Taking {
  pg::Transaction& tx;
  PayerId payer;
  const AccountSealer& sealer;
  Date today{};
  Recorded recorded;
  IdGenerator& ids;
};

Status CheckTaxpayer(const Payee& payee, const EftEnrollment& form) {
  if (form.tin.Reveal() != payee.tin) {
    return InvalidArgument("the form is of another TIN than payee {}: nothing of it is taken",
                           payee.id);
  }
  if (!payee.npi.empty() && !form.npi.empty() && form.npi != payee.npi) {
    return InvalidArgument("the form is of NPI {}, and payee {} has {}", form.npi, payee.id,
                           payee.npi);
  }
  return OkStatus();
}

StatusOr<AccountVersion> TakeAccount(const Taking& taking, const Payee& payee,
                                     const EftEnrollment& form) {
  const auto in_use =
      InUse(LoadBankAccountsOfPayees(taking.tx, taking.payer, std::span(&payee.id, 1)));
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
    RETURN_IF_ERROR(ChangeBankAccounts(taking.tx, taking.payer, std::span(&version, 1),
                                       {.command = BankAccountCommand::kSuspend,
                                        .reason = "the payee canceled its enrollment",
                                        .today = taking.today},
                                       {}, taking.recorded));
    return version;
  }
  const BankAccountRequest request{
      .payee = payee.id,
      .account = in_use ? std::optional(in_use->id) : std::nullopt,
      .details = form.account,
      .ownership = form.ownership,
      .kind = form.kind,
      .effective_from = std::max(form.requested_on.value_or(taking.today), taking.today),
      .holder_name = form.provider_name};
  ASSIGN_OR_RETURN(const auto stored,
                   SubmitBankAccounts(taking.tx, taking.payer, std::span(&request, 1),
                                      taking.sealer, taking.recorded, taking.ids));
  return AccountVersion{stored.front().id, stored.front().version};
}

Status TakeDelivery(const Taking& taking, const Payee& payee, const EftEnrollment& form) {
  if (!form.era || form.reason == EnrollmentReason::kCancel) return OkStatus();
  const PreferenceKey key{
      .tin = payee.tin, .npi = form.linkage == IdentifierLinkage::kNpi ? form.npi : std::string()};
  const auto known = LoadPreferences(taking.tx, taking.payer, std::span(&payee.tin, 1));
  const PaymentPreference* last = nullptr;
  for (const PaymentPreference& preference : known) {
    if (preference.key == key) last = &preference;
  }
  // What else the payee wishes at this level stays.
  PaymentPreference wish{.key = key, .effective_from = taking.today};
  if (last != nullptr && !last->withdrawn) {
    if (last->delivery == *form.era) return OkStatus();
    wish.payee = last->payee;
    wish.method = last->method;
    wish.card_opt_in = last->card_opt_in;
  }
  wish.delivery = *form.era;
  wish.reason = "ERA enrollment";
  return RecordPreference(taking.tx, taking.payer, std::move(wish), taking.recorded, taking.ids)
      .status();
}

}  // namespace

StatusOr<EnrollmentRecord> EnrollmentService::Enroll(PayeeId id, std::string_view text, Date today,
                                                     Actor actor) {
  ASSIGN_OR_RETURN(const EftEnrollment form, ReadEftEnrollment(text));
  ASSIGN_OR_RETURN(const AccountSealer sealer,
                   LoadAccountSealer(database_, payer_, keys_, clock_, ids_));
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
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<EnrollmentRecord> {
    const auto found = LoadPayees(tx, std::span(&id, 1));
    if (found.empty()) return NotFound("there is no payee {}", id);
    const Payee& payee = found.front();
    RETURN_IF_ERROR(CheckTaxpayer(payee, form));
    const Taking taking{tx, payer_, sealer, today, recorded, ids_};
    ASSIGN_OR_RETURN(record.account, TakeAccount(taking, payee, form));
    RETURN_IF_ERROR(TakeDelivery(taking, payee, form));
    InsertEnrollment(tx, payer_, record, recorded);
    return record;
  });
}

StatusOr<std::vector<EnrollmentRecord>> EnrollmentService::History(PayeeId payee) {
  return database_.Transact({.read_only = true},
                            [&](pg::Transaction& tx) -> StatusOr<std::vector<EnrollmentRecord>> {
                              return LoadEnrollments(tx, payer_, payee);
                            });
}

}  // namespace sluice::payments
