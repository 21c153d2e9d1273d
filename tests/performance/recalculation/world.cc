#include "tests/performance/recalculation/world.h"

#include <gtest/gtest.h>

#include "tests/performance/activity/sample_activity.h"
#include "tests/performance/capitation/example.h"
#include "tests/performance/sample_settlements.h"

namespace sluice::performance::testing {
namespace {

constexpr int kCodes = 5;

Terms TermsOfSavings(std::int64_t keep_percent) {
  return SavingsTerms(Split{.levels = {{.keep = Rate::FromPercent(keep_percent),
                                        .basis = SplitBasis::kWeights,
                                        .weight_name = "member_months"}},
                            .losses = LossSplit::kMirrored});
}

Terms TermsOfActivities(std::int64_t cents) {
  ActivitySum activity = ExampleActivity();
  activity.prices.front().price = Cents(cents);
  return Terms{.title = "Activities",
               .components = {{.rule = Basis{.kind = std::move(activity),
                                             .zero_reason = ReasonCode::kNotReported}},
                              {.rule = RoundingRule{}},
                              {.rule = EqualSplit()}}};
}

Terms TermsOfPanel(Month from, std::int64_t cents) {
  MemberMonthSum basis = ExampleBasis();
  basis.retro = {RetroRule{.days = 3'650}};
  auto& table = std::get<RateTable>(basis.base);
  if (cents > 0) {
    std::erase_if(table.versions, [&](const RateVersion& v) { return v.from >= from; });
    table.versions.push_back(Rates(from, {cents, cents + 11, cents + 22, cents + 33, cents + 44,
                                          cents + 55}));
  }
  return Terms{.title = "Panel",
               .components = {{.rule = Basis{.kind = std::move(basis),
                                             .zero_reason = ReasonCode::kNoMemberMonths}},
                              {.rule = RoundingRule{}}}};
}

template <typename T>
T Value(StatusOr<T> result) {
  EXPECT_TRUE(result.ok()) << result.status();
  if (!result.ok()) throw std::runtime_error(StatusMessage(result.status()));
  return *std::move(result);
}
void Ok(const Status& status) {
  if (!status.ok()) throw std::runtime_error(StatusMessage(status));
}

}  // namespace

World::World()
    : payer(db.NewPayer("Plan")),
      hierarchy(db.App(), db.Clock()),
      programs(db.App().ForPayer(payer), db.Clock(), db.Ids()),
      activities(db.App().ForPayer(payer), db.Clock(), db.Ids()),
      capitation(db.App().ForPayer(payer), db.Clock(), db.Ids()),
      recalculation(db.App(), payer, db.Clock(), db.Ids()),
      overrides(db.App().ForPayer(payer), db.Clock(), db.Ids()),
      recalculator(db.App(), payer, db.Clock(), db.Ids()) {
  MakeHierarchy();
  MakePrograms();
}

void World::Apply(const hierarchy::ChangeSet& change) {
  Tick();
  Value(hierarchy.Apply(payer, change, {.source = "roster", .recorded_at = std::nullopt}));
}

hierarchy::HierarchySnapshot World::Snapshot(Date day) {
  return Value(hierarchy.Snapshot(payer, {.day = day, .known_at = std::nullopt}));
}

void World::MakeHierarchy() {
  using hierarchy::PartyKind;
  hierarchy::ChangeSet change;
  const Date start = MakeDate(2020, 1, 1);
  const auto add = [&](PartyId id, PartyKind kind, PartyId parent, const char* npi = nullptr) {
    std::vector<hierarchy::Identifier> identifiers;
    if (npi != nullptr) {
      identifiers.push_back(
          Value(hierarchy::MakeIdentifier(hierarchy::IdentifierType::kNpi, "", npi)));
    }
    change.AddParty({.id = id, .kind = kind}, "Party " + std::to_string(id.Value()), start,
                    identifiers);
    if (parent != PartyId()) {
      change.AddAffiliation(parent, id, "member", DateRange::From(start));
    }
  };
  for (const PartyId aco : {kAco1, kAco2}) {
    add(aco, PartyKind::kAco, PartyId());
    for (int i = 1; i <= 3; ++i) add(PartyId(aco.Value() + i), PartyKind::kPractice, aco);
  }
  add(kClinic, PartyKind::kPractice, PartyId());
  add(kDoctorA, PartyKind::kProvider, kClinic, "1003000126");
  add(kDoctorB, PartyKind::kProvider, kClinic, "1234567893");
  add(kIpa, PartyKind::kIpa, PartyId());
  add(kOffice1, PartyKind::kPractice, kIpa);
  add(kOffice2, PartyKind::kPractice, kIpa);
  Apply(change);
}

void World::AddTerms(ContractId contract, Terms terms, DateRange effective) {
  Tick();
  const NewTerms version{.contract = contract, .effective = effective, .terms = std::move(terms)};
  Value(programs.AddTerms({&version, 1}));
}

void World::MakePrograms() {
  const auto program = [&](ProgramId id, const char* stream) {
    Ok(programs.CreateProgram({.id = id,
                               .payer = payer,
                               .name = stream,
                               .stream = stream,
                               .lan_category = "3B",
                               .book = BookId(id.Value()),
                               .created_at = db.Clock().Now()}));
  };
  program(savings_program, "ssl");
  program(activity_program, "qip");
  program(panel_program, "pcpcp");
  const auto contract = [&](ContractId id, ProgramId of, PartyId party, Date from) {
    return Contract{.id = id,
                    .payer = payer,
                    .program = of,
                    .party = party,
                    .effective = DateRange::From(from)};
  };
  const std::vector<Contract> contracts = {
      contract(kSavings1, savings_program, kAco1, MakeDate(2022, 1, 1)),
      contract(kSavings2, savings_program, kAco2, MakeDate(2022, 1, 1)),
      contract(kActivities, activity_program, kClinic, MakeDate(2025, 1, 1)),
      contract(kPanel, panel_program, kIpa, MakeDate(2026, 4, 1))};
  Ok(programs.CreateContracts(contracts));
  for (const ContractId id : {kSavings1, kSavings2}) {
    SavingsTermsVersion(id, 10);
    Savings(id, id == kSavings1 ? 2'000'000 : 3'100'000);
  }
  for (const PartyId aco : {kAco1, kAco2}) {
    for (int i = 1; i <= 3; ++i) {
      Weight(aco == kAco1 ? kSavings1 : kSavings2, PartyId(aco.Value() + i), 1'000 * i);
    }
  }
  SetActivityPrice(6'000);
  PanelRate(Month(2026, 1), 0);
  std::vector<NewPanelFactor> factors;
  for (const PanelFactor& factor : ExampleFactors()) factors.push_back({kPanel, factor});
  Value(capitation.RecordFactors(factors));
}

void World::Savings(ContractId contract, std::int64_t dollars, const std::string& source) {
  Tick();
  const FactSet set{.contract = contract, .period = Year(), .facts = SavingsFacts(dollars)};
  Value(programs.RecordFacts({&set, 1}, source));
}

void World::Weight(ContractId contract, PartyId practice, std::int64_t member_months) {
  Tick();
  const FactSet set{.contract = contract,
                    .period = Year(),
                    .party = practice,
                    .facts = Facts().SetCount("member_months", member_months)};
  Value(programs.RecordFacts({&set, 1}, "roster"));
}

void World::SavingsTermsVersion(ContractId contract, std::int64_t keep_percent) {
  AddTerms(contract, TermsOfSavings(keep_percent), DateRange::From(MakeDate(2022, 1, 1)));
}

void World::Affiliate(PartyId parent, PartyId child, DateRange valid, bool withdrawn) {
  hierarchy::ChangeSet change;
  change.affiliations.push_back({.parent = parent,
                                 .child = child,
                                 .role = "member",
                                 .valid = valid,
                                 .withdrawn = withdrawn});
  Apply(change);
}

void World::AddPractice(PartyId aco, PartyId practice, std::int64_t member_months) {
  Weight(aco == kAco1 ? kSavings1 : kSavings2, practice, member_months);
  hierarchy::ChangeSet change;
  change.AddParty({.id = practice, .kind = hierarchy::PartyKind::kPractice},
                  "Party " + std::to_string(practice.Value()), MakeDate(2020, 1, 1));
  change.AddAffiliation(aco, practice, "member", DateRange::From(MakeDate(2024, 3, 1)));
  Apply(change);
}

void World::Rename(PartyId party, const std::string& name) {
  hierarchy::ChangeSet change;
  change.details.push_back({.party = party, .valid_from = MakeDate(2024, 6, 1), .name = name});
  Apply(change);
}

void World::Activity(std::int64_t id, PartyId doctor, std::int64_t member, int code, Date service,
                     Date received) {
  Tick();
  const ActivitySum activity = ExampleActivity();
  const ActivityPrice& price = activity.prices[static_cast<std::size_t>(code % kCodes)];
  const ActivityEvent event{.event_id = id,
                            .member_id = member,
                            .provider = doctor,
                            .practice = kClinic,
                            .kind = price.kind,
                            .code = price.code,
                            .service_date = service,
                            .received_on = received,
                            .channel = "claim",
                            .evidence = "doc"};
  Value(activities.Record(kActivities, {&event, 1}, "claims"));
}

void World::VoidActivity(std::int64_t id) {
  Tick();
  Value(activities.Void(kActivities, {&id, 1}, "audit"));
}

void World::SetActivityPrice(std::int64_t cents) {
  AddTerms(kActivities, TermsOfActivities(cents), DateRange::From(MakeDate(2025, 1, 1)));
}

void World::Panel(std::int64_t member, std::int64_t span, PartyId payee, DateRange valid,
                  Date birth, bool retracted) {
  Tick();
  const NewPanelSpan row{.contract = kPanel,
                         .member = member,
                         .span_id = span,
                         .payee = payee,
                         .valid = valid,
                         .birth = birth,
                         .sex = CellSex::kFemale,
                         .product = "HMO",
                         .learned_on = db.Clock().Now().UtcDate(),
                         .retracted = retracted};
  Value(capitation.RecordSpans({&row, 1}));
}

void World::PanelRate(Month from, std::int64_t cents) {
  AddTerms(kPanel, TermsOfPanel(from, cents), DateRange::From(MakeDate(2026, 4, 1)));
}

DateRange World::Quarter(int quarter) {
  const Month first(2025, static_cast<unsigned>(3 * quarter - 2));
  return DateRange::Between(first.FirstDay(), (first + 2).End());
}

DateRange World::MonthPeriod(unsigned month) {
  return DateRange::Between(Month(2026, month).FirstDay(), Month(2026, month).End());
}

void World::CalculateSavings() {
  Tick();
  // The splits ask who is in standing on the day of payment.
  const Date pay_date = MakeDate(2025, 10, 15);
  Value(programs.Calculate(
      {.program = savings_program, .dates = {.period = Year(), .pay_date = pay_date}},
      Snapshot(pay_date)));
}

void World::CalculateQuarter(int quarter) {
  Tick();
  const DateRange period = Quarter(quarter);
  const Date pay_date = MakeDate(2026, 4, 15);
  Value(activities.Run({.program = activity_program, .period = period},
                       Snapshot(*period.to - Days(1))));
  Value(programs.Calculate(
      {.program = activity_program, .dates = {.period = period, .pay_date = pay_date}},
      Snapshot(pay_date)));
}

void World::RunMonth(unsigned month) {
  Tick();
  const DateRange period = MonthPeriod(month);
  Value(capitation.Run({.program = panel_program,
                        .month = Month(2026, month),
                        .business_date = *period.to}));
  Value(programs.Calculate(
      {.program = panel_program, .dates = {.period = period, .pay_date = *period.to}},
      Snapshot(*period.to - Days(1))));
}

void World::CalculateAll() {
  CalculateSavings();
  for (int quarter = 1; quarter <= 4; ++quarter) CalculateQuarter(quarter);
  for (unsigned month = 4; month <= 7; ++month) RunMonth(month);
}

ScanSummary World::Scan() {
  Tick();
  return Value(recalculation.Scan());
}

WorkSummary World::Work() {
  Tick();
  WorkSummary summary = Value(recalculation.Work(recalculator));
  for (const auto& [item, reason] : summary.failures) ADD_FAILURE() << reason;
  return summary;
}

WorkSummary World::Correct() {
  Tick();
  WorkSummary summary = Value(recalculation.Correct(recalculator));
  for (const auto& [item, reason] : summary.failures) ADD_FAILURE() << reason;
  return summary;
}

std::vector<StoredAward> World::History(ContractId contract, const DateRange& period) {
  return Value(programs.History(contract, period));
}

StoredAward World::Award(ContractId contract, const DateRange& period) {
  return History(contract, period).back();
}

std::vector<SplitShare> World::SharesOf(const StoredAward& award) {
  const AwardKey key = KeyOf(award);
  std::vector<SplitShare> shares;
  for (const StoredShare& stored : Value(programs.Shares({&key, 1}))) {
    shares.push_back(stored.share);
  }
  return shares;
}

Money World::ShareOf(const StoredAward& award, PartyId party) {
  Money sum;
  for (const SplitShare& share : SharesOf(award)) {
    if (share.party == party) sum += share.amount;
  }
  return sum;
}

std::vector<StoredAward> World::AllVersions() {
  std::vector<StoredAward> all;
  const auto add = [&](ContractId contract, const DateRange& period) {
    for (StoredAward& award : History(contract, period)) all.push_back(std::move(award));
  };
  add(kSavings1, Year());
  add(kSavings2, Year());
  for (int quarter = 1; quarter <= 4; ++quarter) add(kActivities, Quarter(quarter));
  for (unsigned month = 4; month <= 7; ++month) add(kPanel, MonthPeriod(month));
  return all;
}

std::map<ShareKey, std::string> World::Owed() {
  std::map<std::pair<ContractId, Date>, StoredAward> newest;
  for (StoredAward& award : AllVersions()) {
    newest.insert_or_assign({award.contract, award.period.from}, std::move(award));
  }
  std::map<ShareKey, Money> owed;
  std::map<ShareKey, std::string> texts;
  for (const auto& [key, award] : newest) {
    const std::string period = award.contract == kPanel ? "" : award.period.ToString();
    if (award.status == AwardStatus::kBlocked) {
      texts[{award.contract, period, PartyId()}] = "blocked: " + award.missing;
    }
    for (const SplitShare& share : SharesOf(award)) {
      owed[{award.contract, period, share.party}] += share.amount;
    }
  }
  for (const auto& [key, amount] : owed) {
    // A party without anything need not be named.
    if (!amount.IsZero()) texts[key] = amount.ToString();
  }
  return texts;
}

std::vector<DeltaCause> World::Causes(const StoredAward& award) {
  return Value(recalculation.Causes(KeyOf(award)));
}

}  // namespace sluice::performance::testing
