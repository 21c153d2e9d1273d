// sluice.performance.v1.PanelService
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/contract_reach.h"
#include "api/handlers/detail_values.h"
#include "api/handlers/handlers.h"
#include "api/handlers/member_names.h"
#include "api/handlers/panel_list_store.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "performance/capitation/capitation_service.h"
#include "sluice/performance/v1/detail.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::CapitationService;
using performance::MemberMonthLine;

constexpr int kMostRows = 1000;

Status CheckRows(const std::string& field, int rows) {
  if (rows <= kMostRows) return OkStatus();
  return WrongFields({{field, "has at most 1,000 at once"}});
}

struct Recorded {
  std::int64_t rows = 0;  // all of them, or nothing was recorded
  bool validate_only = false;
};

StatusOr<v1::RecordPanelResponse> RecordFacts(
    Call& call, const Recorded& recorded, const std::function<Status(CapitationService&)>& work) {
  return call.Change<v1::RecordPanelResponse>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             CapitationService service(database, call.Clock(), call.Ids());
             return work(service);
           },
       .after = [&](pg::Transaction&) -> StatusOr<v1::RecordPanelResponse> {
         v1::RecordPanelResponse response;
         response.set_recorded(recorded.rows);
         return response;
       },
       .etag = std::nullopt,
       .validate_only = recorded.validate_only,
       .reason = ""});
}

// The members that rows name, in their order.
template <typename Rows>
StatusOr<std::vector<NamedMember>> MembersOf(const Call& call, const std::string& field,
                                             const Rows& rows) {
  std::vector<std::pair<std::string, std::string>> names;
  for (const auto& row : rows) {
    names.emplace_back(fmt::format("{}[{}].member", field, names.size()), row.member());
  }
  return call.Read([&](pg::Transaction& tx) { return ReadMembers(tx, call.Payer(), names); });
}

// The numbers of the contract are those that are stored.
StatusOr<performance::NewPanelSpan> ReadSpan(const std::string& at, const v1::PanelSpan& from) {
  if (!v1::CellSex_IsValid(from.sex()) || !v1::ChangeReason_IsValid(from.reason())) {
    return WrongFields({{at, "has a sex or reason that is none of the contract's"}});
  }
  performance::NewPanelSpan span{.span_id = from.span_number(),
                                 .sex = static_cast<performance::CellSex>(from.sex()),
                                 .product = from.product(),
                                 .region = from.region(),
                                 .tier = from.tier(),
                                 .reason = static_cast<performance::ChangeReason>(from.reason()),
                                 .retracted = from.retracted()};
  if (from.risk_millionths() != 0) span.risk_millionths = from.risk_millionths();
  ASSIGN_OR_RETURN(span.payee, ReadParty(at + ".payee", from.payee()));
  ASSIGN_OR_RETURN(span.valid, ReadDays(at + ".valid", from.valid()));
  ASSIGN_OR_RETURN(span.birth, ReadDate(at + ".birth_date", from.birth_date()));
  ASSIGN_OR_RETURN(span.learned_on, ReadDate(at + ".learned_on", from.learned_on()));
  return span;
}

StatusOr<v1::RecordPanelResponse> RecordPanelSpans(Call& call,
                                                   const v1::RecordPanelSpansRequest& request) {
  RETURN_IF_ERROR(CheckRows("spans", request.spans_size()));
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, request.parent()));
  ASSIGN_OR_RETURN(const std::vector<NamedMember> members,
                   MembersOf(call, "spans", request.spans()));
  std::vector<performance::NewPanelSpan> spans;
  for (const v1::PanelSpan& from : request.spans()) {
    const std::size_t i = spans.size();
    ASSIGN_OR_RETURN(performance::NewPanelSpan span, ReadSpan(fmt::format("spans[{}]", i), from));
    span.contract = reach.Contract();
    span.member = members[i].id;
    spans.push_back(std::move(span));
  }
  return RecordFacts(
      call, {request.spans_size(), request.validate_only()},
      [&](CapitationService& service) { return service.RecordSpans(spans).status(); });
}

StatusOr<v1::RecordPanelResponse> RecordPanelPremiums(
    Call& call, const v1::RecordPanelPremiumsRequest& request) {
  RETURN_IF_ERROR(CheckRows("premiums", request.premiums_size()));
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, request.parent()));
  ASSIGN_OR_RETURN(const std::vector<NamedMember> members,
                   MembersOf(call, "premiums", request.premiums()));
  std::vector<performance::NewPanelPremium> premiums;
  for (const v1::PanelPremium& from : request.premiums()) {
    const std::size_t i = premiums.size();
    performance::NewPanelPremium premium{.contract = reach.Contract(),
                                         .member = members[i].id,
                                         .premium = Money::FromCents(from.premium().cents())};
    ASSIGN_OR_RETURN(premium.month, ReadMonth(fmt::format("premiums[{}].month", i), from.month()));
    premiums.push_back(premium);
  }
  return RecordFacts(
      call, {request.premiums_size(), request.validate_only()},
      [&](CapitationService& service) { return service.RecordPremiums(premiums).status(); });
}

StatusOr<v1::RecordPanelResponse> RecordPanelFactors(Call& call,
                                                     const v1::RecordPanelFactorsRequest& request) {
  RETURN_IF_ERROR(CheckRows("factors", request.factors_size()));
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, request.parent()));
  std::vector<performance::NewPanelFactor> factors;
  for (const v1::PanelFactor& from : request.factors()) {
    const std::string at = fmt::format("factors[{}]", factors.size());
    performance::NewPanelFactor factor{
        .contract = reach.Contract(),
        .factor = {.panel_mean_millionths = from.panel_mean_millionths(),
                   .plan_mean_millionths = from.plan_mean_millionths()}};
    ASSIGN_OR_RETURN(const std::optional<PartyId> payee,
                     ReadPartyIfThere(at + ".payee", from.payee()));
    factor.factor.payee = payee.value_or(PartyId());
    ASSIGN_OR_RETURN(factor.factor.from, ReadMonth(at + ".from_month", from.from_month()));
    factors.push_back(factor);
  }
  return RecordFacts(
      call, {request.factors_size(), request.validate_only()},
      [&](CapitationService& service) { return service.RecordFactors(factors).status(); });
}

void SetLine(v1::MemberMonthLine& to, PayerId payer, const MemberMonthLine& line,
             const MemberNames& names, bool whole) {
  to.set_member(names.Of(line.member));
  to.set_payee(PartyName(payer, line.payee));
  to.set_month(performance::ToMonth(line.month).ToString());
  to.set_price(performance::PriceText(line.price));
  Set(*to.mutable_now(), Money::FromCents(line.new_cents));
  Set(*to.mutable_posted(), Money::FromCents(line.posted_cents));
  Set(*to.mutable_delta(), Money::FromCents(line.delta_cents));
  if (line.reason) to.set_reason(std::string(performance::ReasonName(*line.reason)));
  // Who else has or had the member is not for who sees a part.
  const bool names_another = line.fact == performance::LineFact::kMovedTo ||
                             line.fact == performance::LineFact::kMovedFrom;
  to.set_fact(names_another && !whole ? "moved" : performance::FactText(line));
}

StatusOr<v1::ListMemberMonthLinesResponse> ListMemberMonthLines(
    Call& call, const v1::ListMemberMonthLinesRequest& request) {
  ASSIGN_OR_RETURN(const ContractReach reach, ContractReach::Of(call, request.parent()));
  ASSIGN_OR_RETURN(const Month month, ReadMonth("month", request.month()));
  ListQuery query = QueryOf(call, request);
  query.others = {"month=" + month.ToString()};
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), std::move(query),
                                                     {request.page_size(), request.page_token()},
                                                     MemberMonthFields(), "member"));
  CapitationService service(call.Reading(), call.Clock(), call.Ids());
  ASSIGN_OR_RETURN(std::vector<MemberMonthLine> lines, service.Lines(reach.Contract(), month));
  std::erase_if(lines, [&](const MemberMonthLine& line) { return !reach.Shows(line.payee); });
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListMemberMonthLinesResponse> {
    std::vector<std::int64_t> members;
    for (const MemberMonthLine& line : lines) members.push_back(line.member);
    const MemberNames names = MemberNames::Load(tx, call.Payer(), std::move(members));
    const MemberMonthPage chosen = ChooseMemberMonths(tx, lines, names, page);
    v1::ListMemberMonthLinesResponse response;
    for (const std::size_t place : chosen.places) {
      SetLine(*response.add_member_month_lines(), call.Payer(), lines[place], names,
              reach.IsWhole());
    }
    response.set_next_page_token(chosen.next_page_token);
    return response;
  });
}

}  // namespace

void ServePanels(Methods& methods) {
  const std::string service = "sluice.performance.v1.PanelService.";
  methods.Serve<v1::RecordPanelSpansRequest, v1::RecordPanelResponse>(service + "RecordPanelSpans",
                                                                      RecordPanelSpans);
  methods.Serve<v1::RecordPanelPremiumsRequest, v1::RecordPanelResponse>(
      service + "RecordPanelPremiums", RecordPanelPremiums);
  methods.Serve<v1::RecordPanelFactorsRequest, v1::RecordPanelResponse>(
      service + "RecordPanelFactors", RecordPanelFactors);
  methods.Serve<v1::ListMemberMonthLinesRequest, v1::ListMemberMonthLinesResponse>(
      service + "ListMemberMonthLines", ListMemberMonthLines, Narrowing::kByHandler);
}

}  // namespace sluice::api
