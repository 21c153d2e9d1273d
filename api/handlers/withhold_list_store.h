// Reserves of what was withheld as lists show them: out of the ledger, by business date. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::api {

struct ReserveRow {
  PayeeId payee;
  int performance_year = 0;
  Money balance;
  PartyId party;  // of the payee
  PartyId under;  // the parent that the payee is for; unset: any
};

std::span<const ListField> ReserveFields();

struct ReservePage {
  std::vector<ReserveRow> reserves;
  std::string next_page_token;
};
struct ReserveView {
  BookId book;
  Date as_of{};
  std::optional<std::vector<PartyId>> among;  // payees of these parties; unset: of all
};
ReservePage LoadReservePage(pg::Transaction& tx, const ReserveView& view, const ListPage& page);

// Whose the payee is; none for one that is not there.
struct PayeePlace {
  PartyId party, under;
};
std::optional<PayeePlace> FindPayeePlace(pg::Transaction& tx, PayeeId payee);

}  // namespace sluice::api
