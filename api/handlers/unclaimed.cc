// sluice.payments.v1.UnclaimedPropertyService: what waits for its owners. The rules of states are
// in dormancy_rules.cc.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/money_names.h"
#include "api/handlers/proposal_store.h"
#include "api/handlers/small_page.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "payments/payee_store.h"
#include "payments/unclaimed/unclaimed_service.h"
#include "sluice/payments/v1/unclaimed.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::UnclaimedEvent;
using payments::UnclaimedEventKind;
using payments::UnclaimedService;
using payments::UntakenOfPayee;

constexpr std::string_view kDecideUnclaimed = "decide unclaimed property";

// What waits of a payee, and what was done about it.
struct Property {
  UntakenOfPayee waiting;  // with the payee, whether or not anything waits
  bool waits = false;
};

std::vector<Property> LoadProperties(pg::Transaction& tx, PayerId payer, BookId book, Date today) {
  std::map<PayeeId, Property> properties;
  for (UntakenOfPayee& row : payments::LoadUntaken(tx, payer, book, today)) {
    const PayeeId payee = row.payee.id;
    properties[payee] = {std::move(row), true};
  }
  std::vector<PayeeId> others;
  auto events = payments::LoadUnclaimedEvents(tx, book);
  for (const auto& [payee, done] : events) {
    if (!properties.contains(payee) && !payments::SetAsideOf(done).empty()) {
      others.push_back(payee);
    }
  }
  for (payments::Payee& payee : payments::LoadPayees(tx, others)) {
    const PayeeId id = payee.id;
    Property& property = properties[id];
    property.waiting.payee = std::move(payee);
    property.waiting.events = std::move(events[id]);
  }
  std::vector<Property> list;
  for (auto& [payee, property] : properties) list.push_back(std::move(property));
  return list;
}

void SetClock(v1::UnclaimedProperty& to, const UntakenOfPayee& row) {
  Date since = row.payments.front().since;
  for (const payments::UntakenPayment& payment : row.payments) {
    since = std::min(since, payment.since);
  }
  Set(*to.mutable_since_date(), since);
  to.set_stage(static_cast<v1::DormancyStage>(static_cast<int>(row.clock.stage) + 1));
  if (row.clock.stage == payments::DormancyStage::kNoRule) return;
  Set(*to.mutable_letter_date(), row.clock.letter_from);
  Set(*to.mutable_dormant_date(), row.clock.dormant_on);
  Set(*to.mutable_report_date(), row.clock.report_by);
  to.set_rule_source(row.clock.source);
}

v1::UnclaimedProperty PropertyMessage(PayerId payer, ProgramId program, const Property& property) {
  const UntakenOfPayee& row = property.waiting;
  v1::UnclaimedProperty to;
  to.set_name(fmt::format("{}/unclaimedProperties/{}", ProgramName(payer, program), row.payee.id));
  to.set_payee(PayeeName(payer, row.payee.id));
  to.set_display_name(row.payee.name);
  to.set_state(row.payee.address.state);
  Set(*to.mutable_amount(), row.amount);
  Money set_aside;
  for (const auto& [state, amount] : payments::SetAsideOf(row.events)) set_aside += amount;
  Set(*to.mutable_set_aside(), set_aside);
  for (const payments::UntakenPayment& payment : row.payments) {
    to.add_payments(fmt::format("payers/{}/payments/{}", payer, payment.payment));
  }
  if (property.waits) SetClock(to, row);
  to.set_etag(fmt::format("\"{}-{}-{}\"", row.payee.id, row.events.size(), row.amount.Cents()));
  return to;
}

void SetProposal(v1::UnclaimedProperty& to, PayerId payer, const Proposal& proposal) {
  v1::UnclaimedAction action{};
  if (proposal.etag != to.etag()) return;
  if (!v1::UnclaimedAction_Parse(proposal.content, &action)) return;
  to.set_proposed_action(action);
  to.set_proposed_by(UserName(payer, proposal.by));
  to.set_proposal_note(proposal.note);
}

void AddEvents(v1::UnclaimedProperty& to, PayerId payer,
               const std::vector<UnclaimedEvent>& events) {
  for (const UnclaimedEvent& event : events) {
    v1::UnclaimedEvent& added = *to.add_events();
    added.set_kind(static_cast<v1::UnclaimedEventKind>(event.kind));
    Set(*added.mutable_date(), event.on);
    Set(*added.mutable_amount(), event.amount);
    added.set_state(event.state);
    added.set_note(event.note);
    if (event.second) added.set_second_person(UserName(payer, *event.second));
  }
}

StatusOr<v1::ListUnclaimedPropertiesResponse> ListUnclaimedProperties(
    Call& call, const v1::ListUnclaimedPropertiesRequest& request) {
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListUnclaimedPropertiesResponse> {
    ASSIGN_OR_RETURN(const performance::Program program, FindProgramAt(tx, request.parent()));
    ASSIGN_OR_RETURN(
        const SmallPage<Property> page,
        SmallPageOf(call, request, PlainQueryOf(call, request),
                    LoadProperties(tx, call.Payer(), program.book, call.Today()),
                    [](const Property& property) { return property.waiting.payee.id.Value(); }));
    v1::ListUnclaimedPropertiesResponse response;
    for (const Property& property : page.items) {
      v1::UnclaimedProperty& to = *response.add_unclaimed_properties();
      to = PropertyMessage(call.Payer(), program.id, property);
      const auto proposal = FindProposal(tx, call.Payer(), kDecideUnclaimed, to.name());
      if (proposal) SetProposal(to, call.Payer(), *proposal);
    }
    response.set_next_page_token(page.next_page_token);
    return response;
  });
}

// Whose property a name says, in which program.
struct PropertyPlace {
  performance::Program program;
  PayeeId payee;
};

StatusOr<PropertyPlace> PropertyAt(Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  PropertyPlace place;
  ASSIGN_OR_RETURN(place.payee, path.Get<PayeeTag>("unclaimedProperties"));
  ASSIGN_OR_RETURN(place.program,
                   call.Read([&](pg::Transaction& tx) { return FindProgramAt(tx, name); }));
  return place;
}

StatusOr<v1::UnclaimedProperty> LoadPropertyMessage(pg::Transaction& tx, const Call& call,
                                                    const PropertyPlace& place) {
  const auto list = LoadProperties(tx, call.Payer(), place.program.book, call.Today());
  const auto found = std::ranges::find(
      list, place.payee, [](const Property& property) { return property.waiting.payee.id; });
  if (found == list.end()) {
    return NotFound("no money that nobody took waits for payee {}", place.payee);
  }
  v1::UnclaimedProperty to = PropertyMessage(call.Payer(), place.program.id, *found);
  AddEvents(to, call.Payer(), found->waiting.events);
  const auto proposal = FindProposal(tx, call.Payer(), kDecideUnclaimed, to.name());
  if (proposal) SetProposal(to, call.Payer(), *proposal);
  return to;
}

StatusOr<v1::UnclaimedProperty> GetUnclaimedProperty(
    Call& call, const v1::GetUnclaimedPropertyRequest& request) {
  ASSIGN_OR_RETURN(const PropertyPlace place, PropertyAt(call, request.name()));
  return call.Read([&](pg::Transaction& tx) { return LoadPropertyMessage(tx, call, place); });
}

StatusOr<v1::UnclaimedProperty> RecordOwnerContact(Call& call,
                                                   const v1::RecordOwnerContactRequest& request) {
  if (request.kind() != v1::UNCLAIMED_EVENT_KIND_LETTER &&
      request.kind() != v1::UNCLAIMED_EVENT_KIND_HEARD_OF) {
    return WrongFields({{"kind", "is LETTER or HEARD_OF"}});
  }
  ASSIGN_OR_RETURN(const Date on, ReadDate("date", request.date()));
  if (on > call.Today()) return WrongFields({{"date", "has not come yet"}});
  ASSIGN_OR_RETURN(const PropertyPlace place, PropertyAt(call, request.name()));
  const auto load = [&](pg::Transaction& tx) { return LoadPropertyMessage(tx, call, place); };
  return call.Change<v1::UnclaimedProperty>(
      {.before = load,
       .work =
           [&](const pg::Database& database) {
             return UnclaimedService(database, call.Payer(), place.program.book, call.Clock())
                 .Note(place.payee, static_cast<UnclaimedEventKind>(request.kind()), on,
                       request.note(), call.Actor());
           },
       .after = load,
       .etag = std::nullopt,
       .validate_only = false,
       .reason = request.note()});
}

template <typename Request>
Status CheckAction(const Request& request) {
  if (v1::UnclaimedAction_IsValid(request.action())) return OkStatus();
  return WrongFields({{"action", "is SET_ASIDE or CLAIM"}});
}

StatusOr<v1::UnclaimedProperty> ProposeUnclaimedProperty(
    Call& call, const v1::ProposeUnclaimedPropertyRequest& request) {
  RETURN_IF_ERROR(CheckAction(request));
  ASSIGN_OR_RETURN(const PropertyPlace place, PropertyAt(call, request.name()));
  const auto load = [&](pg::Transaction& tx) { return LoadPropertyMessage(tx, call, place); };
  return call.Change<v1::UnclaimedProperty>(
      {.before = load,
       .work = [&](const pg::Database& database) -> Status {
         return database.Transact([&](pg::Transaction& tx) -> Status {
           ASSIGN_OR_RETURN(const v1::UnclaimedProperty now, load(tx));
           InsertProposal(tx, call.Payer(),
                          {.action = std::string(kDecideUnclaimed),
                           .resource = now.name(),
                           .etag = now.etag(),
                           .content = v1::UnclaimedAction_Name(request.action()),
                           .note = request.note(),
                           .by = call.User(),
                           .at = call.Now()});
           return OkStatus();
         });
       },
       .after = load,
       .etag = request.etag(),
       .validate_only = false,
       .reason = request.note()});
}

StatusOr<v1::UnclaimedProperty> DecideUnclaimedProperty(
    Call& call, const v1::DecideUnclaimedPropertyRequest& request) {
  RETURN_IF_ERROR(CheckAction(request));
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.first_person()));
  ASSIGN_OR_RETURN(const UserId first, path.Get<UserTag>("users"));
  ASSIGN_OR_RETURN(const PropertyPlace place, PropertyAt(call, request.name()));
  RETURN_IF_ERROR(call.Read([&](pg::Transaction& tx) -> Status {
    ASSIGN_OR_RETURN(const v1::UnclaimedProperty now, LoadPropertyMessage(tx, call, place));
    return RequireProposal(tx, call.Payer(),
                           {.action = kDecideUnclaimed,
                            .resource = now.name(),
                            .etag = now.etag(),
                            .content = v1::UnclaimedAction_Name(request.action()),
                            .first = first,
                            .second = call.User()})
        .status();
  }));
  const UnclaimedService::Request decided{.payee = place.payee,
                                          .note = request.note(),
                                          .today = call.Today(),
                                          .first = {.user = first, .human = true},
                                          .second = call.Actor()};
  const auto load = [&](pg::Transaction& tx) { return LoadPropertyMessage(tx, call, place); };
  return call.Change<v1::UnclaimedProperty>(
      {.before = load,
       .work =
           [&](const pg::Database& database) {
             UnclaimedService office(database, call.Payer(), place.program.book, call.Clock());
             return request.action() == v1::UNCLAIMED_ACTION_CLAIM
                        ? office.Claim(decided).status()
                        : office.SetAside(decided).status();
           },
       .after = load,
       .etag = request.etag(),
       .validate_only = false,
       .reason = request.note()});
}

}  // namespace

void ServeUnclaimed(Methods& methods) {
  const std::string service = "sluice.payments.v1.UnclaimedPropertyService.";
  methods.Serve<v1::ListUnclaimedPropertiesRequest, v1::ListUnclaimedPropertiesResponse>(
      service + "ListUnclaimedProperties", ListUnclaimedProperties);
  methods.Serve<v1::GetUnclaimedPropertyRequest, v1::UnclaimedProperty>(
      service + "GetUnclaimedProperty", GetUnclaimedProperty);
  methods.Serve<v1::RecordOwnerContactRequest, v1::UnclaimedProperty>(
      service + "RecordOwnerContact", RecordOwnerContact);
  methods.Serve<v1::ProposeUnclaimedPropertyRequest, v1::UnclaimedProperty>(
      service + "ProposeUnclaimedProperty", ProposeUnclaimedProperty);
  methods.Serve<v1::DecideUnclaimedPropertyRequest, v1::UnclaimedProperty>(
      service + "DecideUnclaimedProperty", DecideUnclaimedProperty);
}

}  // namespace sluice::api
