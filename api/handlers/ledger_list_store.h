// Books and their transfers as lists show them. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/bytes.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/ledger/book_store.h"
#include "payments/ledger/ledger.h"

namespace sluice::api {

std::span<const ListField> BookFields();

struct BookPage {
  std::vector<payments::BookRecord> books;
  std::string next_page_token;
};
BookPage LoadBookPage(pg::Transaction& tx, const ListPage& page);

// What a filter over transfers may say. `account` and `journal` are asked of the view, not of the
// page.
std::span<const ListField> EntryFilterFields();
// The fields of a page of transfers; the last one is the place in the batch.
std::span<const ListField> EntryFields();

struct EntryView {
  BookId book;
  std::optional<payments::AccountKey> account;  // debit or credit
  std::optional<Uuid> journal;
};

struct EntryPage {
  std::vector<payments::EntryLine> entries;
  std::string next_page_token;
};
EntryPage LoadEntryPage(pg::Transaction& tx, const EntryView& view, const ListPage& page);

}  // namespace sluice::api
