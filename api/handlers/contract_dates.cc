// sluice.performance.v1.ContractService: what runs beside a contract: its calendar, and the target
// that is announced for a period.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "api/handlers/contract_messages.h"
#include "api/handlers/handlers.h"
#include "api/handlers/performance_values.h"
#include "api/handlers/values.h"
#include "core/bytes.h"
#include "payments/pool_funding.h"
#include "performance/contracts/contract_service.h"
#include "performance/contracts/contract_store.h"
#include "performance/contracts/operating_calendar.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::CalendarItem;
using performance::ContractFile;
using performance::ContractService;
using performance::ContractState;
using performance::DateDone;

// A calendar is looked at in parts.
constexpr Days kLongestWindow{3'660};

StatusOr<ContractId> ContractOfName(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  return path.Get<ContractTag>("contracts");
}

StatusOr<v1::Contract> AnnounceTarget(Call& call, const v1::AnnounceTargetRequest& request) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractOfName(request.name()));
  ASSIGN_OR_RETURN(const DateRange period, ReadPeriod("period", request.period()));
  ASSIGN_OR_RETURN(const Date on, ReadDate("announced_on", request.announced_on()));
  const auto load = [&](pg::Transaction& tx) { return LoadContractMessage(tx, call, contract); };
  return call.Change<v1::Contract>(
      {.before = load,
       .work = [&](const pg::Database& database) -> Status {
         payments::PoolFunding funding;
         ContractService contracts(database, call.Payer(), call.Clock(), call.Ids(), funding);
         return contracts.AnnounceTarget(contract, period, on, request.source());
       },
       .after = load,
       .etag = std::nullopt,
       .validate_only = false,
       .reason = request.source()});
}

// --- The calendar ---

// An item is known by its rule and the first day that it covers: "2026-01-01-3fa92c1d0e4b5a67".
std::string ItemId(const std::string& rule, Date covers_from) {
  constexpr std::size_t kShown = 16;
  return FormatDate(covers_from) + "-" + ToHex(Sha256(AsBytes(rule))).substr(0, kShown);
}

v1::CalendarItem ItemMessage(PayerId payer, ContractId contract, const CalendarItem& item,
                             const std::vector<DateDone>& done) {
  v1::CalendarItem to;
  to.set_name(fmt::format("{}/calendarItems/{}", ContractNameOf(payer, contract),
                          ItemId(item.name, item.covers.from)));
  to.set_title(item.name);
  SetDays(*to.mutable_covers(), item.covers);
  Set(*to.mutable_due(), item.due);
  if (item.closes) Set(*to.mutable_closes(), *item.closes);
  for (const DateDone& date : done) {
    if (date.name == item.name && date.covers_from == item.covers.from) {
      Set(*to.mutable_done_on(), date.done_on);
    }
  }
  return to;
}

std::vector<std::string> KeyOf(const CalendarItem& item) {
  return {FormatDate(item.due), item.name, FormatDate(item.covers.from)};
}

StatusOr<DateRange> ReadWindow(const core::v1::DateRange& from) {
  ASSIGN_OR_RETURN(const DateRange window, ReadPeriod("window", from));
  if (*window.to - window.from <= kLongestWindow) return window;
  return WrongFields({{"window", "is ten years at most; ask for the years one after the other"}});
}

// The dates of the version in force, or else of the newest, of those that the caller may see.
StatusOr<std::vector<CalendarItem>> ItemsWithin(Call& call, ContractId contract,
                                                const DateRange& window) {
  ASSIGN_OR_RETURN(const std::vector<ContractFile> files, call.Read([&](pg::Transaction& tx) {
    return LoadFilesFor(tx, call, contract);
  }));
  const auto active = std::ranges::find(files, ContractState::kActive, &ContractFile::state);
  const performance::ContractVersion& version =
      active == files.end() ? files.back().version : active->version;
  if (!version.terms.operations) return std::vector<CalendarItem>();
  return performance::OperatingCalendar(*version.terms.operations, version.effective, window);
}

StatusOr<v1::ListCalendarItemsResponse> ListCalendarItems(
    Call& call, const v1::ListCalendarItemsRequest& request) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractOfName(request.parent()));
  ASSIGN_OR_RETURN(const DateRange window, ReadWindow(request.window()));
  ASSIGN_OR_RETURN(const std::int32_t size, PageSize(request.page_size()));
  ListQuery query = PlainQueryOf(call, request);
  query.others = {request.window().SerializeAsString(), request.overdue_only() ? "overdue" : ""};
  std::vector<std::string> behind;
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(behind, call.Tokens().Read(query, request.page_token()));
  }
  ASSIGN_OR_RETURN(std::vector<CalendarItem> items, ItemsWithin(call, contract, window));
  ASSIGN_OR_RETURN(const std::vector<DateDone> done,
                   call.Read([&](pg::Transaction& tx) -> StatusOr<std::vector<DateDone>> {
                     return performance::LoadDatesDone(tx, contract);
                   }));
  if (request.overdue_only()) items = performance::OverdueItems(items, done, call.Today());
  std::erase_if(items,
                [&](const CalendarItem& item) { return !behind.empty() && KeyOf(item) <= behind; });
  v1::ListCalendarItemsResponse response;
  for (const CalendarItem& item : items) {
    if (response.calendar_items_size() == size) {
      const auto last = static_cast<std::size_t>(size) - 1;
      response.set_next_page_token(call.Tokens().Make(query, KeyOf(items[last])));
      break;
    }
    *response.add_calendar_items() = ItemMessage(call.Payer(), contract, item, done);
  }
  return response;
}

// The item that a name means. NotFound when the calendar has no such one.
StatusOr<CalendarItem> FindItem(Call& call, ContractId contract, const std::string& name) {
  const std::string id = name.substr(name.rfind('/') + 1);
  constexpr std::size_t kDayLength = 10;
  const StatusOr<Date> covers_from = ParseDate(id.substr(0, kDayLength));
  if (!covers_from.ok()) return NotFound("the calendar of contract {} has no {}", contract, id);
  // Due days lie about three years after what an item covers, which is a year at most.
  const DateRange near{*covers_from, *covers_from + kLongestWindow};
  ASSIGN_OR_RETURN(const std::vector<CalendarItem> items, ItemsWithin(call, contract, near));
  for (const CalendarItem& item : items) {
    if (ItemId(item.name, item.covers.from) == id) return item;
  }
  return NotFound("the calendar of contract {} has no {}", contract, id);
}

StatusOr<v1::CalendarItem> CompleteCalendarItem(Call& call,
                                                const v1::CompleteCalendarItemRequest& request) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractOfName(request.name()));
  ASSIGN_OR_RETURN(const Date done_on, ReadDate("done_on", request.done_on()));
  ASSIGN_OR_RETURN(const CalendarItem item, FindItem(call, contract, request.name()));
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::CalendarItem> {
    return ItemMessage(call.Payer(), contract, item, performance::LoadDatesDone(tx, contract));
  };
  return call.Change<v1::CalendarItem>(
      {.before = load,
       .work = [&](const pg::Database& database) -> Status {
         payments::PoolFunding funding;
         ContractService contracts(database, call.Payer(), call.Clock(), call.Ids(), funding);
         return contracts.MarkDone(
             contract, {.name = item.name, .covers_from = item.covers.from, .done_on = done_on},
             call.User(), request.note());
       },
       .after = load,
       .etag = std::nullopt,
       .validate_only = false,
       .reason = request.note()});
}

}  // namespace

void ServeContractDates(Methods& methods) {
  const std::string service = "sluice.performance.v1.ContractService.";
  methods.Serve<v1::AnnounceTargetRequest, v1::Contract>(service + "AnnounceTarget",
                                                         AnnounceTarget);
  methods.Serve<v1::ListCalendarItemsRequest, v1::ListCalendarItemsResponse>(
      service + "ListCalendarItems", ListCalendarItems, Narrowing::kByHandler);
  methods.Serve<v1::CompleteCalendarItemRequest, v1::CalendarItem>(service + "CompleteCalendarItem",
                                                                   CompleteCalendarItem);
}

}  // namespace sluice::api
