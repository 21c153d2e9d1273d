// Use cases of feeds: declare one, receive its files, look at what was refused.
//
//   1. A file is taken in one transaction: rows, delivery and quarantine, or nothing. A file that
//      is refused whole is remembered with its reason, in a transaction of its own.
//   2. The same bytes again are refused and the earlier delivery named; other bytes for a period
//      that was delivered make its next version.
//   3. A file is refused whole when it is cut, in a wrong encoding or lacks a column, and when its
//      period begins or a row's date lies after the day it came.
//   4. A row that breaks a rule is quarantined and the rest is taken. Once its cause is removed
//      (the member enrolled, the provider on the roster), `reprocess` takes the same file again; a
//      corrected file is received as the period's next version.
//   5. Rosters change the hierarchy in a transaction of their own (roster_service.h), just
//      before the delivery is stored: after a crash between the two the same file is received again
//      and changes nothing a second time.
#pragma once

#include <string>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "performance/feeds/feed.h"
#include "performance/feeds/feed_health.h"

namespace sluice::performance {

struct ReceiveRequest {
  std::string feed;
  std::string path;
  DateRange period;  // what the file is about; closed
  bool reprocess = false;
};

// How one feed stands, from its last deliveries.
FeedHealth HealthOf(pg::Transaction& tx, PayerId payer, const FeedSpec& spec, Date today);

class FeedService {
 public:
  // `database` acts for the payer. All outlive the service.
  FeedService(pg::Database database, PayerId payer, Clock& clock, IdGenerator& ids)
      : database_(database.ForPayer(payer)), payer_(payer), clock_(clock), ids_(ids) {}

  // Stores a new version when something differs, and returns the version. InvalidArgument as
  // ValidateFeedSpec; a feed never changes its kind.
  StatusOr<std::int32_t> Declare(const FeedSpec& spec);

  // Takes a file. The delivery is accepted, or refused with its reason. A status means that not
  // even that could be stored: NotFound for an unknown feed, InvalidArgument for the request.
  StatusOr<Delivery> Receive(const ReceiveRequest& request);

  // The first `most` quarantined rows of a delivery.
  StatusOr<std::vector<QuarantinedRow>> Quarantine(DeliveryId delivery, std::int32_t most = 1'000);
  StatusOr<std::vector<Delivery>> Deliveries(const std::string& feed, std::int32_t most = 100);
  // Every feed of the payer as it stands today, by name.
  StatusOr<std::vector<FeedHealth>> Health();

 private:
  StatusOr<Delivery> Take(const FeedSpec& spec, const ReceiveRequest& request, Delivery delivery);
  // Fills in the delivery's counts and returns the rejected rows.
  StatusOr<std::vector<QuarantinedRow>> Import(pg::Transaction& tx, const FeedSpec& spec,
                                               const ReceiveRequest& request,
                                               const std::vector<std::int64_t>& supersedes,
                                               Delivery& delivery);
  Status ImportRoster(const FeedSpec& spec, const ReceiveRequest& request, Delivery& delivery,
                      std::vector<QuarantinedRow>& rejected);

  pg::Database database_;
  PayerId payer_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::performance
