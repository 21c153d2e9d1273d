// SQL and row mapping of activity events, runs and their lines. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/pg/database.h"
#include "performance/activity/activity.h"

namespace sluice::performance {

// A version of an event, and when it was recorded.
struct StoredEvent {
  ActivityEvent event;
  Instant recorded_at;
};

struct StoredActivityRun {
  ContractId contract;
  std::int64_t run_id = 0;
  DateRange period;
  Instant known_at;
  Instant calculated_at;
  std::int32_t terms_version = 0;
  Digest lines_sha256{};
  ActivityTotals total;

  friend bool operator==(const StoredActivityRun&, const StoredActivityRun&) = default;
};

void InsertEvents(pg::Transaction& tx, ContractId contract, std::span<const ActivityEvent> events,
                  Instant recorded_at, std::int64_t batch_id, const std::string& source);
// The latest version of each that is known at an instant and is stored, by id.
std::vector<StoredEvent> FindEvents(pg::Transaction& tx, ContractId contract,
                                    std::span<const std::int64_t> ids, Instant known_at);
// The latest version, known at an instant, of each event served on a day of the range, by id. An
// event whose day of service was corrected is served on its latest day only.
std::vector<StoredEvent> EventsServed(pg::Transaction& tx, ContractId contract,
                                      const DateRange& days, Instant known_at);

// `events` are the versions behind the lines, by id.
void InsertRun(pg::Transaction& tx, const StoredActivityRun& run,
               std::span<const ActivityLine> lines, std::span<const StoredEvent> events);
// The newest run of exactly this period.
std::optional<StoredActivityRun> NewestRun(pg::Transaction& tx, ContractId contract,
                                           const DateRange& period);
// The newest run whose lines have the hash: the one an award names.
std::optional<StoredActivityRun> FindRunByLines(pg::Transaction& tx, ContractId contract,
                                                const Digest& lines_sha256);
// By position; unset: all of them. DataLoss names a line that does not parse.
StatusOr<std::vector<ActivityLine>> LinesOfRun(
    pg::Transaction& tx, ContractId contract, std::int64_t run_id,
    const std::optional<std::vector<std::int32_t>>& positions = std::nullopt);

}  // namespace sluice::performance
