// SQL and row mapping of feeds, deliveries and quarantined rows. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/pg/database.h"
#include "performance/feeds/feed.h"

namespace sluice::performance {

void InsertFeed(pg::Transaction& tx, PayerId payer, const FeedSpec& spec, Instant recorded_at);
// The newest version of one feed, and of each, by name.
std::optional<FeedSpec> FindFeed(pg::Transaction& tx, PayerId payer, const std::string& name);
std::vector<FeedSpec> ListFeeds(pg::Transaction& tx, PayerId payer);

void InsertDelivery(pg::Transaction& tx, PayerId payer, const Delivery& delivery);
std::optional<Delivery> FindDelivery(pg::Transaction& tx, PayerId payer, DeliveryId id);
// The accepted delivery of the highest version that had exactly these bytes.
std::optional<Delivery> FindSameContent(pg::Transaction& tx, PayerId payer,
                                        const std::string& feed, const Digest& sha256);
// The batches of all accepted deliveries of a feed.
std::vector<std::int64_t> BatchesOfFeed(pg::Transaction& tx, PayerId payer,
                                        const std::string& feed);
// The accepted deliveries of exactly this period, by version.
std::vector<Delivery> VersionsOf(pg::Transaction& tx, PayerId payer, const std::string& feed,
                                 const DateRange& period);
// The last `most` deliveries of a feed, refused ones too, newest first.
std::vector<Delivery> LastDeliveries(pg::Transaction& tx, PayerId payer, const std::string& feed,
                                     std::int32_t most);
// Of the periods that overlap a range, the accepted delivery of the highest version known at an
// instant; by feed and period.
std::vector<Delivery> DeliveriesFor(pg::Transaction& tx, PayerId payer,
                                    std::span<const std::string> feeds, const DateRange& range,
                                    Instant known_at);

// `first_position` is that of the first row.
void InsertQuarantine(pg::Transaction& tx, PayerId payer, DeliveryId delivery,
                      std::int64_t first_position, std::span<const QuarantinedRow> rows);
// The first `most` rows, by position.
std::vector<QuarantinedRow> QuarantineOf(pg::Transaction& tx, PayerId payer, DeliveryId delivery,
                                         std::int32_t most);

// Which fact a row is about, by the name that it is stored under.
struct FactKey {
  ContractId contract;
  DateRange period;  // closed
  PartyId party;
  PartyId under;
  std::string name;
};
// Retracts the facts that these batches recorded and nobody has replaced, but for those to keep;
// returns how many.
std::int64_t RetractFactsOf(pg::Transaction& tx, std::span<const std::int64_t> batches,
                            std::span<const FactKey> keep, Instant recorded_at,
                            std::int64_t batch_id, const std::string& source);
// The activity events of which these batches recorded a version.
std::vector<std::pair<ContractId, std::int64_t>> EventsOf(pg::Transaction& tx,
                                                          std::span<const std::int64_t> batches);

}  // namespace sluice::performance
