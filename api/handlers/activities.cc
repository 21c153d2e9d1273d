// sluice.performance.v1.ActivityService
#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/activity_list_store.h"
#include "api/handlers/contract_reach.h"
#include "api/handlers/detail_values.h"
#include "api/handlers/handlers.h"
#include "api/handlers/member_names.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "performance/activity/activity_service.h"
#include "sluice/performance/v1/detail.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::ActivityEvent;
using performance::ActivityIntake;
using performance::ActivityService;

constexpr int kMostActivities = 1000;

std::string ActivityName(PayerId payer, ContractId contract, std::int64_t event) {
  return fmt::format("{}/activities/{}", NameOfContract(payer, contract), event);
}

// The sender's number in a name that is of this contract.
StatusOr<std::int64_t> EventOf(const std::string& field, const std::string& name, PayerId payer,
                               ContractId contract) {
  const std::string before = NameOfContract(payer, contract) + "/activities/";
  std::int64_t number = 0;
  const char* const end = name.data() + name.size();
  if (name.starts_with(before)) {
    const auto [stopped, error] = std::from_chars(name.data() + before.size(), end, number);
    if (error == std::errc() && stopped == end && number > 0) return number;
  }
  return WrongFields(
      {{field, "is the parent's name, /activities/ and the sender's own number above zero"}});
}

StatusOr<ActivityEvent> ReadEvent(const std::string& at, const v1::Activity& from, PayerId payer,
                                  ContractId contract) {
  if (!v1::ActivityKind_IsValid(from.kind()) || !v1::EvidenceState_IsValid(from.evidence_state())) {
    return WrongFields({{at, "has a kind or evidence state that is none of the contract's"}});
  }
  ActivityEvent event{.kind = static_cast<performance::ActivityKind>(from.kind()),
                      .code = from.code(),
                      .channel = from.channel(),
                      .evidence = from.evidence()};
  // Nothing said is that nobody looked yet.
  event.evidence_status = static_cast<performance::EvidenceStatus>(
      std::max(static_cast<int>(from.evidence_state()), 1) - 1);
  ASSIGN_OR_RETURN(event.event_id, EventOf(at + ".name", from.name(), payer, contract));
  ASSIGN_OR_RETURN(event.provider, ReadParty(at + ".provider", from.provider()));
  ASSIGN_OR_RETURN(event.practice, ReadParty(at + ".practice", from.practice()));
  ASSIGN_OR_RETURN(event.service_date, ReadDate(at + ".service_date", from.service_date()));
  ASSIGN_OR_RETURN(event.received_on, ReadDate(at + ".received_on", from.received_on()));
  return event;
}

v1::RecordActivitiesResponse IntakeMessage(const ActivityIntake& intake) {
  v1::RecordActivitiesResponse response;
  response.set_recorded(intake.recorded);
  response.set_unchanged(intake.unchanged);
  return response;
}

StatusOr<v1::RecordActivitiesResponse> RecordActivities(
    Call& call, const v1::RecordActivitiesRequest& request) {
  if (request.activities_size() > kMostActivities) {
    return WrongFields({{"activities", "has at most 1,000 at once"}});
  }
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, request.parent()));
  std::vector<ActivityEvent> events;
  std::vector<std::pair<std::string, std::string>> names;
  for (const v1::Activity& from : request.activities()) {
    const std::string at = fmt::format("activities[{}]", events.size());
    ASSIGN_OR_RETURN(ActivityEvent event, ReadEvent(at, from, call.Payer(), reach.Contract()));
    events.push_back(std::move(event));
    names.emplace_back(at + ".member", from.member());
  }
  ASSIGN_OR_RETURN(const std::vector<NamedMember> members, call.Read([&](pg::Transaction& tx) {
    return ReadMembers(tx, call.Payer(), names);
  }));
  for (std::size_t i = 0; i < events.size(); ++i) events[i].member_id = members[i].id;
  ActivityIntake intake;
  return call.Change<v1::RecordActivitiesResponse>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return ActivityService(database, call.Clock(), call.Ids())
                 .Record(reach.Contract(), events, request.source(),
                         [&](const ActivityIntake& seen) { intake = seen; })
                 .status();
           },
       .after = [&](pg::Transaction&) -> StatusOr<v1::RecordActivitiesResponse> {
         return IntakeMessage(intake);
       },
       .etag = std::nullopt,
       .validate_only = request.validate_only(),
       .reason = ""});
}

StatusOr<v1::RecordActivitiesResponse> VoidActivities(Call& call,
                                                      const v1::VoidActivitiesRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, request.parent()));
  std::vector<std::int64_t> events;
  for (const std::string& name : request.activities()) {
    ASSIGN_OR_RETURN(const std::int64_t event, EventOf(fmt::format("activities[{}]", events.size()),
                                                       name, call.Payer(), reach.Contract()));
    events.push_back(event);
  }
  ActivityIntake intake;
  return call.Change<v1::RecordActivitiesResponse>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return ActivityService(database, call.Clock(), call.Ids())
                 .Void(reach.Contract(), events, request.source(),
                       [&](const ActivityIntake& seen) { intake = seen; })
                 .status();
           },
       .after = [&](pg::Transaction&) -> StatusOr<v1::RecordActivitiesResponse> {
         return IntakeMessage(intake);
       },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = request.reason()});
}

// Plain dollars, "12.5", where they end; a fraction where they do not.
std::string DollarText(const Exact& amount) {
  const StatusOr<Ratio> ratio = Ratio::Parse(amount.ToFractionString());
  if (!ratio.ok()) return amount.ToFractionString();
  const std::string text = ratio->ToString();
  return text.ends_with("...") ? amount.ToFractionString() : text;
}

void SetLine(v1::ActivityLine& to, PayerId payer, ContractId contract,
             const performance::ActivityLine& line, const MemberNames& names) {
  const ActivityEvent& event = line.event;
  v1::Activity& activity = *to.mutable_activity();
  activity.set_name(ActivityName(payer, contract, event.event_id));
  activity.set_member(names.Of(event.member_id));
  activity.set_provider(PartyName(payer, event.provider));
  activity.set_practice(PartyName(payer, event.practice));
  activity.set_kind(static_cast<v1::ActivityKind>(event.kind));
  activity.set_code(event.code);
  Set(*activity.mutable_service_date(), event.service_date);
  Set(*activity.mutable_received_on(), event.received_on);
  activity.set_channel(event.channel);
  activity.set_evidence(event.evidence);
  activity.set_evidence_state(
      static_cast<v1::EvidenceState>(static_cast<int>(event.evidence_status) + 1));
  activity.set_voided(event.voided);
  to.set_measure(line.measure);
  to.set_earned(DollarText(line.earned));
  if (line.reason) to.set_reason(std::string(performance::ReasonName(*line.reason)));
  to.set_cut_by_cap(line.cut_by_cap);
  to.set_detail(line.detail);
}

StatusOr<v1::ListActivityLinesResponse> ListActivityLines(
    Call& call, const v1::ListActivityLinesRequest& request) {
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, request.parent()));
  ASSIGN_OR_RETURN(const DateRange period, ReadClosedDays("period", request.period()));
  ListQuery query = QueryOf(call, request);
  query.others = {"period=" + period.ToString()};
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), std::move(query),
                                                     {request.page_size(), request.page_token()},
                                                     ActivityLineFields(), "service_date"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListActivityLinesResponse> {
    v1::ListActivityLinesResponse response;
    const auto run = performance::NewestRun(tx, reach.Contract(), period);
    if (!run) return response;  // nothing was run for the period yet
    ASSIGN_OR_RETURN(const ActivityLinePage loaded,
                     LoadActivityLinePage(tx,
                                          {.payer = call.Payer(),
                                           .contract = reach.Contract(),
                                           .run_id = run->run_id,
                                           .among = reach.Among(),
                                           .roots = reach.Roots()},
                                          page));
    std::vector<std::int64_t> members;
    for (const performance::ActivityLine& line : loaded.lines) {
      members.push_back(line.event.member_id);
    }
    const MemberNames names = MemberNames::Load(tx, call.Payer(), std::move(members));
    for (const performance::ActivityLine& line : loaded.lines) {
      SetLine(*response.add_activity_lines(), call.Payer(), reach.Contract(), line, names);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

}  // namespace

void ServeActivities(Methods& methods) {
  const std::string service = "sluice.performance.v1.ActivityService.";
  methods.Serve<v1::RecordActivitiesRequest, v1::RecordActivitiesResponse>(
      service + "RecordActivities", RecordActivities);
  methods.Serve<v1::VoidActivitiesRequest, v1::RecordActivitiesResponse>(service + "VoidActivities",
                                                                         VoidActivities);
  methods.Serve<v1::ListActivityLinesRequest, v1::ListActivityLinesResponse>(
      service + "ListActivityLines", ListActivityLines, Narrowing::kByHandler);
}

}  // namespace sluice::api
