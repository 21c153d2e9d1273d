// Feeds, what they delivered and what was refused of it, as lists show them. No rules.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/pg/database.h"
#include "performance/feeds/feed.h"
#include "performance/feeds/feed_health.h"

namespace sluice::api {

// A feed as it stands today: the database does not know how it stands.
struct FeedRow {
  performance::FeedSpec spec;
  performance::FeedHealth health;
};

std::span<const ListField> FeedFields();
struct FeedPage {
  std::vector<std::size_t> places;  // in `feeds`
  std::string next_page_token;
};
FeedPage ChooseFeeds(pg::Transaction& tx, std::span<const FeedRow> feeds, const ListPage& page);

std::span<const ListField> DeliveryFields();
struct DeliveryPage {
  std::vector<performance::Delivery> deliveries;
  std::string next_page_token;
};
DeliveryPage LoadDeliveryPage(pg::Transaction& tx, PayerId payer, const std::string& feed,
                              const ListPage& page);

std::span<const ListField> QuarantineFields();
// The raw text of a row is not read.
struct QuarantinePage {
  std::vector<performance::QuarantinedRow> rows;
  std::string next_page_token;
};
QuarantinePage LoadQuarantinePage(pg::Transaction& tx, PayerId payer,
                                  performance::DeliveryId delivery, const ListPage& page);

}  // namespace sluice::api
