// sluice.ops.v1.FeedService. Feeds are the payer's own: whoever sees a part of the payer sees none.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/detail_values.h"
#include "api/handlers/feed_list_store.h"
#include "api/handlers/handlers.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "performance/feeds/feed_service.h"
#include "performance/feeds/feed_store.h"
#include "sluice/ops/v1/feed.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::ops::v1;

using performance::Delivery;
using performance::FeedSpec;

// "payers/pyr_1/feeds/adt_daily".
std::string FeedName(PayerId payer, const std::string& feed) {
  return fmt::format("payers/{}/feeds/{}", payer, feed);
}

// The numbers of kinds are those that are stored; of colors, one further.
v1::Feed FeedMessage(PayerId payer, const FeedRow& feed) {
  const FeedSpec& spec = feed.spec;
  v1::Feed to;
  to.set_name(FeedName(payer, spec.name));
  to.set_display_name(spec.name);
  to.set_version(spec.version);
  to.set_kind(static_cast<v1::FeedKind>(spec.kind));
  to.set_owner(spec.owner);
  to.set_mapping(spec.mapping);
  Set(*to.mutable_starts_on(), spec.starts_on);
  to.set_interval_days(spec.interval_days);
  to.set_grace_days(spec.grace_days);
  to.set_least_rows(spec.least_rows);
  to.set_most_rows(spec.most_rows.value_or(0));
  to.set_color(static_cast<v1::FeedColor>(static_cast<int>(feed.health.color) + 1));
  for (const performance::FeedFinding& finding : feed.health.findings) {
    to.add_findings(
        fmt::format("{}: {}", performance::FeedFindingName(finding.code), finding.detail));
  }
  Set(*to.mutable_due(), feed.health.due);
  return to;
}

StatusOr<FeedSpec> ReadFeed(const v1::Feed& from) {
  if (!v1::FeedKind_IsValid(from.kind()) || from.kind() == 0) {
    return WrongFields({{"feed.kind", "is none of the kinds of feeds"}});
  }
  FeedSpec spec{.name = from.display_name(),
                .kind = static_cast<performance::FeedKind>(from.kind()),
                .owner = from.owner(),
                .mapping = from.mapping(),
                .interval_days = from.interval_days(),
                .grace_days = from.grace_days(),
                .least_rows = from.least_rows()};
  if (from.most_rows() != 0) spec.most_rows = from.most_rows();
  ASSIGN_OR_RETURN(spec.starts_on, ReadDate("feed.starts_on", from.starts_on()));
  return spec;
}

StatusOr<v1::Feed> DeclareFeed(Call& call, const v1::DeclareFeedRequest& request) {
  ASSIGN_OR_RETURN(const FeedSpec spec, ReadFeed(request.feed()));
  return call.Change<v1::Feed>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return performance::FeedService(database, call.Payer(), call.Clock(), call.Ids())
                 .Declare(spec)
                 .status();
           },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::Feed> {
         const auto stored = performance::FindFeed(tx, call.Payer(), spec.name);
         if (!stored) return Internal("the feed is not there");
         return FeedMessage(call.Payer(), {*stored, performance::HealthOf(tx, call.Payer(), *stored,
                                                                          call.Today())});
       },
       .etag = std::nullopt,
       .validate_only = request.validate_only(),
       .reason = ""});
}

StatusOr<v1::ListFeedsResponse> ListFeeds(Call& call, const v1::ListFeedsRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     FeedFields(), "display_name"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListFeedsResponse> {
    std::vector<FeedRow> feeds;
    for (FeedSpec& spec : performance::ListFeeds(tx, call.Payer())) {
      performance::FeedHealth health = performance::HealthOf(tx, call.Payer(), spec, call.Today());
      feeds.push_back({std::move(spec), std::move(health)});
    }
    const FeedPage chosen = ChooseFeeds(tx, feeds, page);
    v1::ListFeedsResponse response;
    for (const std::size_t place : chosen.places) {
      *response.add_feeds() = FeedMessage(call.Payer(), feeds[place]);
    }
    response.set_next_page_token(chosen.next_page_token);
    return response;
  });
}

void SetDelivery(v1::Delivery& to, PayerId payer, const Delivery& delivery) {
  to.set_name(fmt::format("{}/deliveries/{}", FeedName(payer, delivery.feed), delivery.id));
  to.set_file_name(delivery.file_name);
  WriteDays(*to.mutable_period(), delivery.period);
  to.set_version(delivery.version);
  to.set_refused_code(delivery.refused_code);
  to.set_refused_reason(delivery.refused_reason);
  to.set_rows_read(delivery.rows_read);
  to.set_rows_rejected(delivery.rows_rejected);
  to.set_rows_recorded(delivery.rows_recorded);
  Set(*to.mutable_receive_time(), delivery.received_at);
}

// NotFound for a feed that is not declared.
StatusOr<std::string> FeedOf(pg::Transaction& tx, PayerId payer, const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  ASSIGN_OR_RETURN(const std::string feed, path.GetText("feeds"));
  if (!performance::FindFeed(tx, payer, feed)) return NotFound("there is no feed '{}'", feed);
  return feed;
}

StatusOr<v1::ListDeliveriesResponse> ListDeliveries(Call& call,
                                                    const v1::ListDeliveriesRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     DeliveryFields(), "receive_time desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListDeliveriesResponse> {
    ASSIGN_OR_RETURN(const std::string feed, FeedOf(tx, call.Payer(), request.parent()));
    const DeliveryPage loaded = LoadDeliveryPage(tx, call.Payer(), feed, page);
    v1::ListDeliveriesResponse response;
    for (const Delivery& delivery : loaded.deliveries) {
      SetDelivery(*response.add_deliveries(), call.Payer(), delivery);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::ListQuarantinedRowsResponse> ListQuarantinedRows(
    Call& call, const v1::ListQuarantinedRowsRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.parent()));
  ASSIGN_OR_RETURN(const auto id, path.Get<performance::DeliveryTag>("deliveries"));
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     QuarantineFields(), "row"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListQuarantinedRowsResponse> {
    ASSIGN_OR_RETURN(const std::string feed, FeedOf(tx, call.Payer(), request.parent()));
    const std::optional<Delivery> delivery = performance::FindDelivery(tx, call.Payer(), id);
    if (!delivery || delivery->feed != feed) {
      return NotFound("feed '{}' has no delivery {}", feed, id);
    }
    const QuarantinePage loaded = LoadQuarantinePage(tx, call.Payer(), id, page);
    v1::ListQuarantinedRowsResponse response;
    for (const performance::QuarantinedRow& row : loaded.rows) {
      v1::QuarantinedRow& to = *response.add_quarantined_rows();
      to.set_row(row.row);
      to.set_column(row.column);
      to.set_code(row.code);
      to.set_reason(row.reason);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

}  // namespace

void ServeFeeds(Methods& methods) {
  const std::string service = "sluice.ops.v1.FeedService.";
  methods.Serve<v1::DeclareFeedRequest, v1::Feed>(service + "DeclareFeed", DeclareFeed);
  methods.Serve<v1::ListFeedsRequest, v1::ListFeedsResponse>(service + "ListFeeds", ListFeeds);
  methods.Serve<v1::ListDeliveriesRequest, v1::ListDeliveriesResponse>(service + "ListDeliveries",
                                                                       ListDeliveries);
  methods.Serve<v1::ListQuarantinedRowsRequest, v1::ListQuarantinedRowsResponse>(
      service + "ListQuarantinedRows", ListQuarantinedRows);
}

}  // namespace sluice::api
