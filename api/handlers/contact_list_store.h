// Contacts as lists show them. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "hierarchy/contact.h"

namespace sluice::api {

// Which contacts: active on a day, as known at an instant.
struct ContactView {
  PayerId payer;
  Date day{};
  Instant known_at;
  // Of these parties; unset: of all, and of the payer itself.
  std::optional<std::vector<PartyId>> among;
};

// The fields of a list of contacts; the last one is the id.
std::span<const ListField> ContactFields();

struct ContactPage {
  std::vector<hierarchy::Contact> contacts;
  std::string next_page_token;
};
ContactPage LoadContactPage(pg::Transaction& tx, const ContactView& view, const ListPage& page);
// Its latest revision, withdrawn or not.
std::optional<hierarchy::Contact> LoadContact(pg::Transaction& tx, PayerId payer,
                                              hierarchy::ContactId contact);

}  // namespace sluice::api
