// Files that came in, and what they say, as lists show them. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/disbursement.h"
#include "payments/inbound/inbound_file.h"

namespace sluice::api {

struct InboundFileShown {
  payments::InboundFileRow file;
  std::int64_t items = 0;
  std::int64_t open_items = 0;
  std::int64_t deliveries = 0;
};

std::span<const ListField> InboundFileFields();

struct InboundFilePage {
  std::vector<InboundFileShown> files;
  std::string next_page_token;
};
InboundFilePage LoadInboundFilePage(pg::Transaction& tx, BookId home, const ListPage& page);
std::optional<InboundFileShown> FindInboundShown(pg::Transaction& tx, BookId home,
                                                 payments::InboundFileId file);

struct InboundItemShown {
  payments::InboundItemRow item;
  Instant received_at;  // the file
  Instant changed_at;
  std::optional<payments::DisbursementId> payment;
};

std::span<const ListField> InboundItemFields();

struct InboundItemPage {
  std::vector<InboundItemShown> items;
  std::string next_page_token;
};
// Of one file, or of all.
InboundItemPage LoadInboundItemPage(pg::Transaction& tx, BookId home,
                                    std::optional<payments::InboundFileId> file,
                                    const ListPage& page);
// Locked until the transaction ends.
std::optional<InboundItemShown> LockInboundShown(pg::Transaction& tx, BookId home,
                                                 payments::InboundFileId file, std::int32_t item);

}  // namespace sluice::api
