#include "api/demo/synthetic_models.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "api/demo/model_terms.h"
#include "core/check.h"
#include "hierarchy/hierarchy_service.h"
#include "performance/activity/activity_service.h"
#include "performance/attribution/attribution_service.h"
#include "performance/members/import_service.h"
#include "performance/members/member_store.h"

namespace sluice::demo {
namespace {

using performance::ActivityEvent;
using performance::ActivityKind;
using performance::EvidenceStatus;

const DateRange kYear2026 = DateRange::Year(2026);
const DateRange kBundleYear = DateRange::Year(2025);
const DateRange kSecondQuarter = DateRange::Between(MakeDate(2026, 4, 1), MakeDate(2026, 7, 1));
const DateRange kThirdQuarter = DateRange::Between(MakeDate(2026, 7, 1), MakeDate(2026, 10, 1));
const Date kFirstCycle = MakeDate(2026, 9, 1);
const Date kLaterCycle = MakeDate(2026, 10, 1);

constexpr std::string_view kCapitationCode = "PCC26";
constexpr std::string_view kCoordinationCode = "CCF26";
constexpr std::string_view kActivityCode = "ACT26";
constexpr std::string_view kBundleCode = "LEJR25";

constexpr std::size_t kPanelMembers = 40;
constexpr std::size_t kMostPlaces = 4;
// Of the panel, by position: who left before the month began, who joined and who moved, all
// reported a month late; and who is in the complex tier from October on.
constexpr std::size_t kLeft = 7;
constexpr std::size_t kJoined = kPanelMembers;
constexpr std::size_t kMoved = 12;
constexpr std::size_t kWorse = 21;

constexpr std::string_view kEligibilityMapping = R"(
name = "enrollment"
kind = "eligibility"
[columns]
member_number = "member"
valid_from = "from"
valid_to = "to"
line_of_business = "line_of_business"
product = "product"
plan = "tier"
birth_date = "born"
sex = "sex"
region = "region"
)";
constexpr std::string_view kEligibilityHeader =
    "member,from,to,line_of_business,product,tier,born,sex,region\n";
constexpr std::string_view kChoiceMapping = R"(
name = "primary care choices"
kind = "provider_choice"
[columns]
member_number = "member"
kind = "kind"
provider_npi = "npi"
practice_tin = "tin"
valid_from = "from"
valid_to = "to"
)";
constexpr std::string_view kChoiceHeader = "member,kind,npi,tin,from,to\n";
constexpr std::string_view kClaimMapping = R"(
name = "joint replacement claims"
kind = "medical_claim"
[columns]
member_number = "member"
claim_number = "claim"
line_number = "line"
kind = "kind"
service_from = "from"
service_to = "to"
procedure_code = "procedure"
drg = "drg"
billing_npi = "npi"
allowed = "allowed"
paid = "paid"
paid_on = "paid_on"
status = "status"
)";
constexpr std::string_view kClaimHeader =
    "member,claim,line,kind,from,to,procedure,drg,npi,allowed,paid,paid_on,status\n";

std::string MemberNumber(std::size_t member) { return fmt::format("EHP{:07}", 4'100 + member); }

bool IsComplex(std::size_t member) { return member % 5 == 3; }

// Ages from infants to people in their eighties, women and men.
std::string EligibilityRow(std::size_t member, std::string_view from, std::string_view to,
                           bool complex) {
  const std::size_t age = (member * 17 + 3) % 86;
  return fmt::format("{},{},{},commercial,HMO,{},{:04}-{:02}-{:02},{},OH\n", MemberNumber(member),
                     from, to, complex ? "complex" : "standard", 2025 - age, 1 + member % 12,
                     1 + member * 7 % 28, member % 2 == 0 ? "female" : "male");
}

// An event by place, number and member, and what came of its evidence.
struct PlannedEvent {
  std::size_t place;
  std::int64_t id;
  std::size_t member;
  ActivityKind kind;
  const char* code;
  Date day;
  EvidenceStatus status = EvidenceStatus::kNotReviewed;
};

std::vector<PlannedEvent> FirstEvents() {
  constexpr auto kVisit = ActivityKind::kClaimCode;
  constexpr auto kGap = ActivityKind::kGapClosed;
  constexpr auto kResult = ActivityKind::kCptII;
  constexpr auto kAccepted = EvidenceStatus::kAccepted;
  constexpr auto kRejected = EvidenceStatus::kRejected;
  return {
      // Six visits reach the provider's limit with the fifth; one was billed twice.
      {0, 1, 0, kVisit, "G0439", MakeDate(2026, 4, 8)},
      {0, 2, 4, kVisit, "G0439", MakeDate(2026, 4, 15)},
      {0, 3, 8, kVisit, "G0439", MakeDate(2026, 4, 29)},
      {0, 4, 0, kVisit, "G0439", MakeDate(2026, 5, 6)},
      {0, 5, 16, kVisit, "G0439", MakeDate(2026, 5, 13)},
      {0, 6, 20, kVisit, "G0439", MakeDate(2026, 5, 27)},
      {0, 7, 24, kVisit, "G0439", MakeDate(2026, 6, 10)},
      // Three visits, of which the last is withdrawn after it was paid; three gaps, one refused.
      {1, 1, 1, kVisit, "G0439", MakeDate(2026, 4, 9)},
      {1, 2, 5, kVisit, "G0439", MakeDate(2026, 5, 7)},
      {1, 3, 9, kVisit, "G0439", MakeDate(2026, 6, 4)},
      {1, 4, 1, kGap, "BCS-E", MakeDate(2026, 4, 20), kAccepted},
      {1, 5, 5, kGap, "BCS-E", MakeDate(2026, 5, 18), kAccepted},
      {1, 6, 13, kGap, "BCS-E", MakeDate(2026, 6, 8), kRejected},
      // Nothing that counts.
      {2, 1, 2, kGap, "BCS-E", MakeDate(2026, 5, 5), kRejected},
      {2, 2, 6, kGap, "BCS-E", MakeDate(2026, 5, 19), kRejected},
      {3, 1, 3, kVisit, "G0439", MakeDate(2026, 4, 22)},
      {3, 2, 3, kResult, "3044F", MakeDate(2026, 4, 22)},
      {3, 3, 11, kResult, "3044F", MakeDate(2026, 5, 20)},
      {3, 4, 15, kResult, "3044F", MakeDate(2026, 6, 17)},
  };
}

// Of the third quarter. A visit that was paid in spring is not paid again.
std::vector<PlannedEvent> LaterEvents() {
  return {
      {0, 8, 4, ActivityKind::kClaimCode, "G0439", MakeDate(2026, 7, 14)},
      {0, 9, 0, ActivityKind::kCptII, "3044F", MakeDate(2026, 7, 21)},
      {0, 10, 4, ActivityKind::kCptII, "3044F", MakeDate(2026, 8, 11)},
      {1, 7, 13, ActivityKind::kClaimCode, "G0439", MakeDate(2026, 7, 9)},
      {1, 8, 9, ActivityKind::kGapClosed, "BCS-E", MakeDate(2026, 8, 20),
       EvidenceStatus::kAccepted},
      {2, 3, 2, ActivityKind::kClaimCode, "G0439", MakeDate(2026, 7, 16)},
      {2, 4, 6, ActivityKind::kClaimCode, "G0439", MakeDate(2026, 9, 3)},
  };
}
constexpr std::size_t kPlaceOfWithdrawn = 1;
constexpr std::int64_t kWithdrawnEvent = 3;

// What the clock moves between two steps: each is known after the one before.
void Tick(const DemoContext& context) { context.clock.AdvanceMicros(1'000'000); }

std::string MonthName(const DateRange& month) {
  // "September 1, 2026" without the day.
  const std::string day = FormatDateLong(month.from);
  return fmt::format("{} {}", day.substr(0, day.find(' ')), day.substr(day.size() - 4));
}

DateRange MonthOf2026(unsigned month) {
  return DateRange::Between(Month(2026, month).FirstDay(), Month(2026, month).End());
}

DemoProgram NewProgram(const DemoContext& context, std::string_view name, std::string_view stream,
                       std::string_view category, std::string_view code) {
  DemoProgram program;
  program.program.id = context.ids.Next<ProgramTag>();
  program.program.payer = context.payer;
  program.program.name = name;
  program.program.stream = stream;
  program.program.lan_category = category;
  program.code = code;
  return program;
}

void AddMonths(DemoProgram& program) {
  for (const auto& [day, month] : {std::pair(kFirstCycle, 9U), std::pair(kLaterCycle, 10U)}) {
    const DateRange period = MonthOf2026(month);
    program.cycles.push_back({.name = fmt::format("{}, {}", program.program.name,
                                                  MonthName(period)),
                              .business_date = day,
                              .period = period,
                              .restated = {}});
  }
}

}  // namespace

SyntheticModels::SyntheticModels(const SyntheticPayer& plan) : plan_(plan) {
  const auto kind_of = [&](std::size_t party) { return plan_.parties[party].kind; };
  while (kind_of(aco_) != SyntheticKind::kAco) ++aco_;
  for (const SyntheticEdge& edge : plan_.edges) {
    if (edge.parent != aco_ || kind_of(edge.child) != SyntheticKind::kPractice) continue;
    for (const SyntheticEdge& below : plan_.edges) {
      if (below.parent != edge.child || kind_of(below.child) != SyntheticKind::kProvider) continue;
      places_.push_back({.practice = edge.child, .provider = below.child});
      break;
    }
    if (places_.size() == kMostPlaces) break;
  }
  CHECK(!places_.empty());
}

bool SyntheticModels::Has(std::string_view program_code) const {
  return program_code == kCapitationCode || program_code == kCoordinationCode ||
         program_code == kActivityCode || program_code == kBundleCode;
}

ContractId SyntheticModels::AddContract(const DemoContext& context, DemoProgram& program,
                                        std::size_t party, performance::Terms terms,
                                        Date from) const {
  const ContractId contract = context.ids.Next<ContractTag>();
  program.contracts.push_back({.id = contract,
                               .payer = context.payer,
                               .program = program.program.id,
                               .party = parties_[party],
                               .effective = DateRange::From(from)});
  program.terms.push_back(
      {.contract = contract, .effective = DateRange::From(from), .terms = std::move(terms)});
  return contract;
}

std::vector<DemoProgram> SyntheticModels::Programs(const DemoContext& context) {
  std::vector<DemoProgram> programs;
  DemoProgram& capitation = programs.emplace_back(
      NewProgram(context, "Primary Care Capitation 2026", "pcpcp", "4A", kCapitationCode));
  AddMonths(capitation);
  panels_.push_back(
      AddContract(context, capitation, aco_, CapitationTerms(), kYear2026.from));
  DemoProgram& coordination = programs.emplace_back(
      NewProgram(context, "Care Coordination 2026", "ccf", "2A", kCoordinationCode));
  AddMonths(coordination);
  panels_.push_back(
      AddContract(context, coordination, aco_, CareCoordinationTerms(), kYear2026.from));

  DemoProgram& activity = programs.emplace_back(NewProgram(
      context, "Wellness and Gap Closure Incentive 2026", "p4p", "2C", kActivityCode));
  const std::string& name = activity.program.name;
  activity.cycles = {{.name = name + ", second quarter",
                      .business_date = kFirstCycle,
                      .period = kSecondQuarter,
                      .restated = {}},
                     {.name = name + ", third quarter",
                      .business_date = kLaterCycle,
                      .period = kThirdQuarter,
                      .restated = {kSecondQuarter}}};
  for (const Place& place : places_) {
    activities_.push_back(
        AddContract(context, activity, place.practice, ActivityTerms(), kYear2026.from));
  }

  DemoProgram& bundle = programs.emplace_back(
      NewProgram(context, "Hip and Knee Replacement Bundle 2025", "eoc", "3B", kBundleCode));
  bundle.cycles = {{.name = bundle.program.name + ", first reconciliation",
                    .business_date = kFirstCycle,
                    .period = kBundleYear,
                    .restated = {}},
                   {.name = bundle.program.name + ", second reconciliation",
                    .business_date = kLaterCycle,
                    .period = kBundleYear,
                    .restated = {},
                    .kind = payments::RunKind::kCorrection}};
  bundle_ = AddContract(context, bundle, aco_, BundleTerms(), kBundleYear.from);
  return programs;
}

StatusOr<std::vector<performance::FactSet>> SyntheticModels::Facts(const DemoProgram& program,
                                                                   const DemoCycle& cycle) const {
  std::vector<performance::FactSet> facts;
  if (program.code != kBundleCode || cycle.kind != payments::RunKind::kRegular) return facts;
  facts.push_back({.contract = bundle_,
                   .period = cycle.period,
                   .party = {},
                   .under = {},
                   .facts = performance::Facts().SetAmount("episode_baseline.regional.470.2024",
                                                           Money::FromCents(30'000'00))});
  return facts;
}

StatusOr<std::string> SyntheticModels::Learn(const DemoContext& context, Date business_date) {
  if (business_date == kFirstCycle) {
    RETURN_IF_ERROR(LearnFirst(context));
    return fmt::format("{} members of a panel, {} events, joint replacement claims", kPanelMembers,
                       FirstEvents().size());
  }
  if (business_date == kLaterCycle) {
    RETURN_IF_ERROR(LearnLater(context));
    return std::string(
        "a late termination, a joiner, a move, a withdrawn event, a claim paid anew");
  }
  return std::string();
}

Status SyntheticModels::Import(const DemoContext& context, const std::string& name,
                               std::string_view mapping, const std::string& text) const {
  Tick(context);
  std::error_code error;
  std::filesystem::create_directories(context.inbox, error);
  performance::MemberImportRequest request;
  request.payer = context.payer;
  request.path = context.inbox + "/" + name;
  std::ofstream file(request.path, std::ios::binary);
  file << text;
  file.close();
  if (!file.good()) return Unavailable("cannot write {}: check the disk", request.path);
  ASSIGN_OR_RETURN(request.mapping, performance::ParseFileMapping(mapping, name));
  request.refuse_on_reject = true;
  performance::MemberImportService service(context.database, context.clock, context.ids);
  RETURN_IF_ERROR(Annotate(service.Import(request).status(), name));
  Tick(context);
  return OkStatus();
}

std::string SyntheticModels::ChoiceRow(std::size_t member, const Place& place,
                                       std::string_view from, std::string_view to) const {
  return fmt::format("{},member_selected,{},{},{},{}\n", MemberNumber(member),
                     plan_.parties[place.provider].npi, plan_.parties[place.practice].tin, from,
                     to);
}

Status SyntheticModels::LearnFirst(const DemoContext& context) {
  std::string eligibility(kEligibilityHeader);
  std::string choices(kChoiceHeader);
  for (std::size_t member = 0; member < kPanelMembers; ++member) {
    eligibility += EligibilityRow(member, "2026-01-01", "", IsComplex(member));
    choices += ChoiceRow(member, PlaceOf(member), "2026-01-01", "");
  }
  const std::string npi = plan_.parties[aco_].npi;
  std::string claims(kClaimHeader);
  const auto claim = [&](int member, std::string_view number, std::string_view kind,
                         std::string_view days, std::string_view codes, std::string_view money) {
    claims += fmt::format("EHP{:07},{},1,{},{},{},{},{},final\n", 9'200 + member, number, kind,
                          days, codes, npi, money);
  };
  for (int member = 1; member <= 3; ++member) {
    eligibility += fmt::format("EHP{:07},2024-01-01,,commercial,HMO,standard,195{}-04-17,{},OH\n",
                               9'200 + member, member, member == 2 ? "male" : "female");
  }
  claim(1, "J1001", "institutional", "2025-03-03,2025-03-05", ",470",
        "24180.00,23180.00,2025-04-10");
  claim(1, "J1002", "professional", "2025-03-20,2025-03-20", "97110,",
        "1320.50,1280.50,2025-04-22");
  claim(2, "J1003", "institutional", "2025-05-12,2025-05-14", ",470",
        "27900.00,26900.00,2025-06-19");
  claim(2, "J1004", "professional", "2025-06-02,2025-06-02", "99214,", "640.00,600.00,2025-07-01");
  claim(3, "J1005", "institutional", "2025-08-18,2025-08-20", ",470",
        "29400.00,28400.00,2025-09-25");
  RETURN_IF_ERROR(Import(context, "enrollment_2026_09.csv", kEligibilityMapping, eligibility));
  RETURN_IF_ERROR(Import(context, "choices_2026_09.csv", kChoiceMapping, choices));
  RETURN_IF_ERROR(Import(context, "claims_2026_09.csv", kClaimMapping, claims));
  RETURN_IF_ERROR(SetMethods(context));
  RETURN_IF_ERROR(PublishLists(context));
  return RecordEvents(context, /*later=*/false);
}

Status SyntheticModels::LearnLater(const DemoContext& context) {
  std::string eligibility(kEligibilityHeader);
  eligibility += EligibilityRow(kLeft, "2026-01-01", "2026-08-31", IsComplex(kLeft));
  eligibility += EligibilityRow(kJoined, "2026-09-01", "", IsComplex(kJoined));
  eligibility += EligibilityRow(kWorse, "2026-01-01", "2026-09-30", IsComplex(kWorse));
  eligibility += EligibilityRow(kWorse, "2026-10-01", "", /*complex=*/true);
  std::string choices(kChoiceHeader);
  choices += ChoiceRow(kJoined, PlaceOf(kJoined), "2026-09-01", "");
  if (places_.size() > 1) {
    choices += ChoiceRow(kMoved, PlaceOf(kMoved), "2026-01-01", "2026-08-31");
    choices += ChoiceRow(kMoved, PlaceOf(kMoved + 1), "2026-09-01", "");
  }
  const std::string claims =
      fmt::format("{}EHP0009202,J1004,1,professional,2025-06-02,2025-06-02,99214,,{},415.25,"
                  "395.25,2026-09-15,final\n",
                  kClaimHeader, plan_.parties[aco_].npi);
  RETURN_IF_ERROR(Import(context, "enrollment_2026_10.csv", kEligibilityMapping, eligibility));
  RETURN_IF_ERROR(Import(context, "choices_2026_10.csv", kChoiceMapping, choices));
  RETURN_IF_ERROR(Import(context, "claims_2026_10.csv", kClaimMapping, claims));
  RETURN_IF_ERROR(PublishLists(context));
  return RecordEvents(context, /*later=*/true);
}

Status SyntheticModels::SetMethods(const DemoContext& context) const {
  performance::AttributionMethod method;
  method.title = "The provider the member chose";
  method.steps = {{.kind = performance::StepKind::kMemberSelected,
                   .classes = {},
                   .code_list = "",
                   .winner_needs = {},
                   .clause = "Exhibit A, 1"}};
  method.ties = {performance::TieBreak::kLowestKey};
  performance::AttributionService service(context.database, context.clock, context.ids);
  for (const ContractId contract : panels_) {
    Tick(context);
    RETURN_IF_ERROR(service
                        .SetMethod(contract, DateRange::From(kYear2026.from), method, {},
                                   "attribution desk")
                        .status());
  }
  return OkStatus();
}

// A version of the year's list of each contract: prepared, sent to the network, final.
Status SyntheticModels::PublishLists(const DemoContext& context) const {
  const hierarchy::HierarchyService hierarchies(context.database, context.clock);
  performance::AttributionService service(context.database, context.clock, context.ids);
  for (const ContractId contract : panels_) {
    Tick(context);
    ASSIGN_OR_RETURN(
        const hierarchy::HierarchySnapshot snapshot,
        hierarchies.Snapshot(context.payer,
                             {.day = *kYear2026.to - Days(1), .known_at = std::nullopt}));
    RETURN_IF_ERROR(service
                        .PrepareList({.contract = contract,
                                      .period = kYear2026,
                                      .known_at = std::nullopt,
                                      .actor = "attribution desk",
                                      .on_row = nullptr},
                                     snapshot)
                        .status());
    for (int step = 0; step < 2; ++step) {
      Tick(context);
      RETURN_IF_ERROR(
          service.PublishList(contract, kYear2026.from, "attribution desk").status());
    }
  }
  Tick(context);
  return OkStatus();
}

Status SyntheticModels::RecordEvents(const DemoContext& context, bool later) const {
  std::vector<std::string> numbers;
  for (std::size_t member = 0; member < kPanelMembers; ++member) {
    numbers.push_back(MemberNumber(member));
  }
  std::map<std::string, std::int64_t> ids;
  RETURN_IF_ERROR(context.database.Transact([&](pg::Transaction& tx) -> Status {
    for (const performance::Member& member :
         performance::FindMembers(tx, context.payer, numbers)) {
      ids[member.number] = member.id;
    }
    return OkStatus();
  }));
  performance::ActivityService service(context.database, context.clock, context.ids);
  for (std::size_t i = 0; i < activities_.size(); ++i) {
    std::vector<ActivityEvent> events;
    for (const PlannedEvent& planned : later ? LaterEvents() : FirstEvents()) {
      if (planned.place != i) continue;
      events.push_back({.event_id = planned.id,
                        .member_id = ids.at(MemberNumber(planned.member)),
                        .provider = parties_[places_[i].provider],
                        .practice = parties_[places_[i].practice],
                        .kind = planned.kind,
                        .code = planned.code,
                        .service_date = planned.day,
                        .received_on = planned.day + Days(10),
                        .channel = "claim",
                        .evidence = fmt::format("CLM-26-{:02}{:03}", i, planned.id),
                        .evidence_status = planned.status});
    }
    Tick(context);
    if (!events.empty()) {
      RETURN_IF_ERROR(service.Record(activities_[i], events, "activity feed").status());
    }
    if (!later || i != kPlaceOfWithdrawn) continue;
    RETURN_IF_ERROR(
        service.Void(activities_[i], {&kWithdrawnEvent, 1}, "claim withdrawn").status());
  }
  Tick(context);
  return OkStatus();
}

}  // namespace sluice::demo
