#include "payments/notices/contact_notices.h"

#include <map>
#include <set>
#include <utility>

#include "hierarchy/contact_store.h"
#include "payments/derived_number.h"
#include "payments/notices/notice_store.h"
#include "payments/payee_store.h"

namespace sluice::payments {
namespace {

using hierarchy::Contact;

struct Addressee {
  NoticeChannel channel = NoticeChannel::kEmail;
  std::string address;
  std::string name;
};

// Each address once, in the order of the contacts.
std::vector<Addressee> AddresseesOf(std::span<const Contact> contacts) {
  std::vector<Addressee> finance, mail, calls;
  std::set<std::string> seen;
  for (const Contact& contact : contacts) {
    if (!contact.email.empty() && seen.insert(contact.email).second) {
      Addressee to{NoticeChannel::kEmail, contact.email, contact.name};
      if (contact.kind == hierarchy::ContactKind::kFinance) finance.push_back(to);
      mail.push_back(std::move(to));
    }
    if (!contact.phone.empty() && seen.insert(contact.phone).second) {
      calls.push_back({NoticeChannel::kPhone, contact.phone, contact.name});
    }
  }
  if (!finance.empty()) return finance;
  return mail.empty() ? calls : mail;
}

std::int64_t DerivedNoticeId(const NoticeDraft& draft, const Addressee& to) {
  std::vector<std::string> parts = {std::to_string(static_cast<int>(draft.kind)),
                                    std::to_string(draft.payee.Value())};
  if (draft.account) {
    parts.push_back(std::to_string(draft.account->Value()));
    parts.push_back(std::to_string(draft.version.value_or(0)));
  }
  if (draft.offset) {
    parts.push_back(std::to_string(draft.offset->book.Value()));
    parts.push_back(std::to_string(draft.offset->run.Value()));
  }
  if (!draft.about.empty()) parts.push_back(draft.about);
  parts.push_back(to.address);
  return DerivedNumber("payee_notice", parts);
}

}  // namespace

std::set<PayeeId> WriteToContacts(pg::Transaction& tx, PayerId payer,
                                  std::span<const NoticeDraft> drafts, Instant at) {
  std::set<PayeeId> told;
  if (drafts.empty()) return told;
  std::set<PayeeId> wanted;
  for (const NoticeDraft& draft : drafts) wanted.insert(draft.payee);
  std::map<PayeeId, PartyId> party_of;
  std::vector<PartyId> parties;
  for (const Payee& payee : LoadPayees(tx, std::vector<PayeeId>(wanted.begin(), wanted.end()))) {
    party_of.emplace(payee.id, payee.party);
    parties.push_back(payee.party);
  }
  std::map<PartyId, std::vector<Contact>> contacts_of;
  for (Contact& contact : hierarchy::LoadContacts(tx, payer, parties, at)) {
    contacts_of[contact.party].push_back(std::move(contact));
  }
  std::vector<PayeeNotice> notices;
  for (const NoticeDraft& draft : drafts) {
    const auto party = party_of.find(draft.payee);
    if (party == party_of.end()) continue;
    const auto active =
        hierarchy::ActiveContacts(contacts_of[party->second], party->second, at.UtcDate());
    for (const Addressee& to : AddresseesOf(active)) {
      told.insert(draft.payee);
      notices.push_back({.id = DerivedNoticeId(draft, to),
                         .kind = draft.kind,
                         .payee = draft.payee,
                         .account = draft.account,
                         .version = draft.version,
                         .offset = draft.offset,
                         .channel = to.channel,
                         .address = to.address,
                         .recipient = to.name,
                         .body = draft.body});
    }
  }
  InsertNotices(tx, payer, notices, at);
  return told;
}

}  // namespace sluice::payments
