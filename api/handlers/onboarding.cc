// sluice.hierarchy.v1.OnboardingService
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/onboarding_list_store.h"
#include "api/handlers/values.h"
#include "api/service/resource_path.h"
#include "hierarchy/onboarding_service.h"
#include "hierarchy/onboarding_store.h"
#include "sluice/hierarchy/v1/party.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::hierarchy::v1;

using hierarchy::OnboardingCommand;
using hierarchy::OnboardingEvent;

StatusOr<PartyId> PartyOf(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  return path.Get<PartyTag>("parties");
}

// The numbers of the contract are those that are stored.
StatusOr<v1::OnboardingCase> LoadCaseMessage(pg::Transaction& tx, const Call& call, PartyId party) {
  const std::vector<OnboardingEvent> events = hierarchy::LoadOnboarding(tx, call.Payer(), party);
  if (events.empty()) return NotFound("party {} has no onboarding case", party);
  v1::OnboardingCase to;
  to.set_name(PartyName(call.Payer(), party) + "/onboarding");
  to.set_state(static_cast<v1::OnboardingState>(events.back().state));
  for (const std::string& gap :
       hierarchy::LoadOnboardingGaps(tx, call.Payer(), party, call.Today())) {
    to.add_gaps(gap);
  }
  for (const OnboardingEvent& event : events) {
    v1::OnboardingEvent& added = *to.add_events();
    added.set_sequence(event.sequence);
    added.set_state(static_cast<v1::OnboardingState>(event.state));
    added.set_actor(UserName(call.Payer(), event.actor));
    added.set_reason(event.reason);
    Set(*added.mutable_record_time(), event.recorded_at);
  }
  Set(*to.mutable_update_time(), events.back().recorded_at);
  to.set_etag(fmt::format("\"{}-{}\"", party, events.back().sequence));
  return to;
}

StatusOr<v1::OnboardingCase> GetOnboardingCase(Call& call,
                                               const v1::GetOnboardingCaseRequest& request) {
  ASSIGN_OR_RETURN(const PartyId party, PartyOf(request.name()));
  RETURN_IF_ERROR(call.Require({.payer = call.Payer(), .owner = party, .path = {}, .funder = {}}));
  return call.Read([&](pg::Transaction& tx) { return LoadCaseMessage(tx, call, party); });
}

StatusOr<v1::ListOnboardingCasesResponse> ListOnboardingCases(
    Call& call, const v1::ListOnboardingCasesRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     OnboardingCaseFields(), "update_time desc"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListOnboardingCasesResponse> {
    const OnboardingCasePage loaded =
        LoadOnboardingCasePage(tx, call.Payer(), call.WhichParties(), page);
    v1::ListOnboardingCasesResponse response;
    for (const PartyId party : loaded.parties) {
      ASSIGN_OR_RETURN(*response.add_onboarding_cases(), LoadCaseMessage(tx, call, party));
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::OnboardingCase> OpenOnboardingCase(Call& call,
                                                const v1::OpenOnboardingCaseRequest& request) {
  ASSIGN_OR_RETURN(const PartyId party, PartyOf(request.name()));
  RETURN_IF_ERROR(call.Require({.payer = call.Payer(), .owner = party, .path = {}, .funder = {}}));
  return call.Change<v1::OnboardingCase>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return hierarchy::OnboardingService(database, call.Clock())
                 .Open(call.Payer(), party, call.User());
           },
       .after = [&](pg::Transaction& tx) { return LoadCaseMessage(tx, call, party); },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = ""});
}

struct MoveCall {
  std::string name;
  OnboardingCommand command{};
  std::optional<Date> day;  // today where nothing is said
  std::string etag;
  std::string reason;
  bool validate_only = false;
};

// Two writers of one case meet at its next number: the second is told so, and nothing is lost.
StatusOr<v1::OnboardingCase> Move(Call& call, const MoveCall& move) {
  ASSIGN_OR_RETURN(const PartyId party, PartyOf(move.name));
  RETURN_IF_ERROR(call.Require({.payer = call.Payer(), .owner = party, .path = {}, .funder = {}}));
  const auto load = [&](pg::Transaction& tx) { return LoadCaseMessage(tx, call, party); };
  return call.Change<v1::OnboardingCase>(
      {.before = load,
       .work =
           [&](const pg::Database& database) {
             return hierarchy::OnboardingService(database, call.Clock())
                 .Move(call.Payer(), party, move.command, move.day.value_or(call.Today()),
                       call.User(), move.reason)
                 .status();
           },
       .after = load,
       .etag = move.etag,
       .validate_only = move.validate_only,
       .reason = move.reason});
}

StatusOr<v1::OnboardingCase> SubmitOnboardingCase(Call& call,
                                                  const v1::SubmitOnboardingCaseRequest& request) {
  return Move(
      call,
      {.name = request.name(), .command = OnboardingCommand::kSubmit, .etag = request.etag()});
}

StatusOr<v1::OnboardingCase> ValidateOnboardingCase(
    Call& call, const v1::ValidateOnboardingCaseRequest& request) {
  MoveCall move{.name = request.name(),
                .command = OnboardingCommand::kValidate,
                .etag = request.etag(),
                .validate_only = request.validate_only()};
  if (request.has_day()) {
    ASSIGN_OR_RETURN(move.day, ReadDate("day", request.day()));
  }
  return Move(call, move);
}

StatusOr<v1::OnboardingCase> ApproveOnboardingCase(
    Call& call, const v1::ApproveOnboardingCaseRequest& request) {
  if (!call.Actor().human) return PermissionDenied("a service approves nothing");
  return Move(
      call,
      {.name = request.name(), .command = OnboardingCommand::kApprove, .etag = request.etag()});
}

StatusOr<v1::OnboardingCase> ActivateOnboardingCase(
    Call& call, const v1::ActivateOnboardingCaseRequest& request) {
  return Move(
      call,
      {.name = request.name(), .command = OnboardingCommand::kActivate, .etag = request.etag()});
}

StatusOr<v1::OnboardingCase> ReturnOnboardingCase(Call& call,
                                                  const v1::ReturnOnboardingCaseRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  return Move(call, {.name = request.name(),
                     .command = OnboardingCommand::kReturn,
                     .etag = request.etag(),
                     .reason = request.reason()});
}

}  // namespace

void ServeOnboarding(Methods& methods) {
  const std::string service = "sluice.hierarchy.v1.OnboardingService.";
  const auto serve = [&]<typename Request>(
                         const char* method,
                         StatusOr<v1::OnboardingCase> (*handler)(Call&, const Request&)) {
    methods.Serve<Request, v1::OnboardingCase>(service + method, handler, Narrowing::kByHandler);
  };
  serve("GetOnboardingCase", GetOnboardingCase);
  methods.Serve<v1::ListOnboardingCasesRequest, v1::ListOnboardingCasesResponse>(
      service + "ListOnboardingCases", ListOnboardingCases, Narrowing::kByHandler);
  serve("OpenOnboardingCase", OpenOnboardingCase);
  serve("SubmitOnboardingCase", SubmitOnboardingCase);
  serve("ValidateOnboardingCase", ValidateOnboardingCase);
  serve("ApproveOnboardingCase", ApproveOnboardingCase);
  serve("ActivateOnboardingCase", ActivateOnboardingCase);
  serve("ReturnOnboardingCase", ReturnOnboardingCase);
}

}  // namespace sluice::api
