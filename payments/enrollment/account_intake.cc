#include "payments/enrollment/account_intake.h"

#include <algorithm>
#include <utility>

#include "hierarchy/contact_store.h"
#include "payments/notices/notice_store.h"
#include "payments/tax/tax_form.h"
#include "payments/tax/tax_store.h"

namespace sluice::payments {
namespace {

constexpr std::int64_t kMicrosOfDay = 86'400'000'000;

// A version that never got beyond being checked is no account that the payee had.
bool WasUsed(BankAccountState state) {
  return state == BankAccountState::kApproved || state == BankAccountState::kActive ||
         state == BankAccountState::kSuspended || state == BankAccountState::kSuperseded;
}

std::set<std::string> AddressesOf(std::span<const hierarchy::Contact> contacts) {
  std::set<std::string> addresses;
  for (const hierarchy::Contact& contact : contacts) {
    if (!contact.email.empty()) addresses.insert(contact.email);
    if (!contact.phone.empty()) addresses.insert(contact.phone);
  }
  return addresses;
}

}  // namespace

void AccountIntake::Load(std::span<const NewAccount> accounts) {
  std::set<PayeeId> distinct;
  std::vector<std::string> routing_numbers;
  std::vector<Digest> blind_indexes;
  for (const NewAccount& fresh : accounts) {
    distinct.insert(fresh.account.payee);
    routing_numbers.push_back(fresh.routing_number);
    blind_indexes.push_back(fresh.blind_index);
  }
  const std::vector<PayeeId> ids(distinct.begin(), distinct.end());
  for (Payee& payee : LoadPayees(tx_, ids)) payees_.emplace(payee.id, std::move(payee));
  for (const BankAccount& account : LoadBankAccountsOfPayees(tx_, payer_, ids)) {
    if (WasUsed(account.state)) had_account_.insert(account.payee);
    holders_[account.payee] = account.holder_name;
  }
  std::vector<PartyId> parties;
  for (const auto& [id, payee] : payees_) parties.push_back(payee.party);
  for (const int days_ago : {0, 1, kNoticeLookBackDays}) LoadContacts(parties, days_ago);
  std::map<PayeeId, std::vector<CertifiedTaxpayer>> forms;
  for (CertifiedTaxpayer& form : LoadTaxForms(tx_, ids)) {
    forms[form.payee].push_back(std::move(form));
  }
  for (const auto& [payee, of_payee] : forms) {
    const CertifiedTaxpayer* form = TaxpayerOn(of_payee, now_.UtcDate());
    if (form == nullptr) continue;
    certified_[payee] = {form->legal_name, form->business_name, form->tin_last4};
  }
  directory_ = FindDirectory(tx_, payer_);
  if (directory_) {
    institutions_ = LoadInstitutions(tx_, payer_, directory_->id, routing_numbers);
  }
  for (AccountUser& user : LoadAccountUsers(tx_, payer_, blind_indexes)) {
    users_.emplace(user.blind_index, std::move(user));
  }
}

// As they were known some days ago. Zero days is just before now: what comes with the change itself
// is not known before it.
void AccountIntake::LoadContacts(const std::vector<PartyId>& parties, int days_ago) {
  const Instant known_at =
      Instant::FromMicros(now_.Micros() - (days_ago == 0 ? 1 : days_ago * kMicrosOfDay));
  std::map<PartyId, std::vector<hierarchy::Contact>> of_party;
  for (hierarchy::Contact& contact : hierarchy::LoadContacts(tx_, payer_, parties, known_at)) {
    of_party[contact.party].push_back(std::move(contact));
  }
  for (const auto& [party, contacts] : of_party) {
    contacts_[{party, days_ago}] = hierarchy::ActiveContacts(contacts, party, known_at.UtcDate());
  }
}

const std::vector<hierarchy::Contact>& AccountIntake::Contacts(const Payee& payee, int days_ago) {
  return contacts_[{payee.party, days_ago}];
}

bool AccountIntake::ContactsChanged(const Payee& payee) {
  const auto before = AddressesOf(Contacts(payee, 1));
  return !before.empty() && before != AddressesOf(Contacts(payee, 0));
}

Status AccountIntake::CheckInstitution(NewAccount& fresh, bool& known) const {
  known = false;
  if (!directory_) return OkStatus();
  const auto found = institutions_.find(fresh.routing_number);
  if (found == institutions_.end()) {
    return InvalidArgument(
        "the routing number is not in the directory of {}: ask the payee for the one of its bank",
        FormatDate(directory_->as_of));
  }
  RETURN_IF_ERROR(CheckPayeeInstitution(found->second));
  fresh.account.institution_name = found->second.name;
  known = true;
  return OkStatus();
}

Status AccountIntake::AssessOne(NewAccount& fresh) {
  BankAccount& account = fresh.account;
  const auto found = payees_.find(account.payee);
  if (found == payees_.end()) return NotFound("there is no payee {}", account.payee);
  const Payee& payee = found->second;
  AccountRiskFacts facts;
  RETURN_IF_ERROR(CheckInstitution(fresh, facts.institution_known));
  if (account.holder_name.empty()) {
    const auto before = holders_.find(account.payee);
    account.holder_name = before == holders_.end() ? payee.name : before->second;
  }
  account.is_first = !had_account_.contains(account.payee);
  facts.contacts_changed_lately = ContactsChanged(payee);
  if (facts.contacts_changed_lately && !account.is_first && !fresh.from_bank) {
    return FailedPrecondition(
        "the contacts of payee {} changed within a day: a bank account is changed a day later at "
        "the earliest",
        account.payee);
  }
  const auto certified = certified_.find(account.payee);
  facts.has_tax_form = certified != certified_.end();
  if (facts.has_tax_form) {
    facts.holder_matches = IsSameHolder(account.holder_name, certified->second.legal_name,
                                        certified->second.business_name);
  }
  facts.consumer_account_of_organization =
      payee.kind == PayeeKind::kOrganization && account.ownership == AccountOwnership::kConsumer;
  const auto [first, last] = users_.equal_range(fresh.blind_index);
  for (auto at = first; at != last; ++at) {
    if (at->second.payee == account.payee) continue;
    (at->second.tin == payee.tin ? facts.shared_with_same_taxpayer
                                 : facts.shared_with_other_taxpayer) = true;
  }
  facts.somebody_to_tell = !Contacts(payee, 0).empty();
  const AccountRisk risk = ScoreAccount(facts);
  account.risk_score = risk.score;
  account.risk_reasons = risk.ToString();
  account.needs_second = risk.NeedsSecond(account.is_first);
  // The next one of the call sees this one, too.
  users_.emplace(
      fresh.blind_index,
      AccountUser{.blind_index = fresh.blind_index, .payee = payee.id, .tin = payee.tin});
  return OkStatus();
}

Status AccountIntake::Assess(std::span<NewAccount> accounts) {
  Load(accounts);
  for (NewAccount& fresh : accounts) RETURN_IF_ERROR(AssessOne(fresh));
  return OkStatus();
}

void AccountIntake::Notify(const BankAccount& account, const Payee& payee, IdGenerator& ids) {
  std::set<std::pair<NoticeChannel, std::string>> told;
  const auto tell = [&](const hierarchy::Contact& contact, NoticeChannel channel,
                        const std::string& address) {
    if (address.empty() || !told.insert({channel, address}).second) return;
    notices_.push_back({.id = ids.NextValue(),
                        .kind = NoticeKind::kAccountChange,
                        .payee = payee.id,
                        .account = account.id,
                        .version = account.version,
                        .channel = channel,
                        .address = address,
                        .recipient = contact.name,
                        .body = AccountChangeText(account, payee.name)});
  };
  for (const int days_ago : {kNoticeLookBackDays, 1, 0}) {
    for (const hierarchy::Contact& contact : Contacts(payee, days_ago)) {
      tell(contact, NoticeChannel::kEmail, contact.email);
      tell(contact, NoticeChannel::kPhone, contact.phone);
    }
  }
  if (told.empty()) {
    Alert(AccountAlertKind::kNobodyToTell, account,
          "no contact of the payee is on file: call it at a number from another source", {}, ids);
  }
}

void AccountIntake::Alert(AccountAlertKind kind, const BankAccount& account, std::string detail,
                          std::optional<PayeeId> other, IdGenerator& ids) {
  alerts_.push_back({.id = ids.NextValue(),
                     .kind = kind,
                     .payee = account.payee,
                     .account = account.id,
                     .version = account.version,
                     .other = other,
                     .detail = std::move(detail),
                     .raised_at = now_});
}

void AccountIntake::Tell(std::span<const NewAccount> accounts, IdGenerator& ids) {
  for (const NewAccount& fresh : accounts) {
    const BankAccount& account = fresh.account;
    const Payee& payee = payees_.at(account.payee);
    std::set<PayeeId> others;
    const auto [first, last] = users_.equal_range(fresh.blind_index);
    for (auto at = first; at != last; ++at) {
      const AccountUser& user = at->second;
      if (user.payee == payee.id || !others.insert(user.payee).second) continue;
      Alert(AccountAlertKind::kShared, account,
            fmt::format(
                "payee {} has the same account, {}", user.payee,
                user.tin == payee.tin ? "and is of the same taxpayer" : "and is another taxpayer"),
            user.payee, ids);
    }
    if (ContactsChanged(payee)) {
      Alert(AccountAlertKind::kContactsChanged, account,
            "contacts of the payee changed within a day of it", {}, ids);
    }
    if (!account.is_first) Notify(account, payee, ids);
  }
  InsertNotices(tx_, payer_, notices_, now_);
  InsertAlerts(tx_, payer_, alerts_);
}

}  // namespace sluice::payments
