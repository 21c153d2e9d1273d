#include <fmt/format.h>

#include <map>

#include "api/demo/demo_source.h"
#include "api/demo/demo_terms.h"
#include "api/demo/synthetic_models.h"
#include "core/check.h"
#include "hierarchy/hierarchy_service.h"
#include "performance/member_year_store.h"
#include "performance/mssp_terms.h"

namespace sluice::demo {
namespace {

const DateRange kPeriod = DateRange::Year(2025);
const Date kFirstDay = MakeDate(2023, 1, 1);

bool IsPerson(SyntheticKind kind) {
  return kind == SyntheticKind::kProvider || kind == SyntheticKind::kOfficeEmployee;
}

// The track of an ACO, by its place in the list: a plan has all of them side by side.
performance::MsspTrack TrackOf(std::int64_t number) {
  switch (number % 4) {
    case 0:
      return performance::MsspTrack::kBasicE;
    case 1:
      return performance::MsspTrack::kEnhanced;
    case 2:
      return performance::MsspTrack::kBasicB;
    default:
      return performance::MsspTrack::kBasicE;
  }
}

class SyntheticSource final : public DemoSource {
 public:
  explicit SyntheticSource(const SyntheticOptions& options)
      : options_(options), plan_(MakeSyntheticPayer(options)), models_(plan_) {}

  payments::PayerProfile Profile() const override {
    return {.name = plan_.name,
            .tin = "970000001",
            .address = {.street = "100 Plan Parkway",
                        .city = "Columbus",
                        .state = "OH",
                        .zip = "43215"},
            .payer_id = "EXHP1",
            .service_phone = "8005550100",
            .edi_contact_name = "EDI Support",
            .edi_phone = "8005550101",
            .edi_email = "edi@example.org",
            .x12_qualifier = "ZZ",
            .x12_id = "EXAMPLEHP",
            .questions_text =
                "Questions about a line: call Provider Payments at 800-555-0100 within "
                "60 days and name the payment number."};
  }
  std::string Code() const override { return "EXHP"; }
  std::string CompanyName() const override { return "EXAMPLE HLTHPLAN"; }
  Date BusinessDate() const override { return MakeDate(2026, 10, 1); }
  Date FirstDay() const override { return MakeDate(2026, 9, 1); }
  Date HierarchyDay() const override { return MakeDate(2025, 12, 31); }
  std::string FactsSource() const override { return "demo member results 2025"; }
  std::vector<std::string> Notes() const override {
    return {
        fmt::format("Everything here is invented from seed {}: names, identifiers, members, "
                    "results and bank accounts.",
                    options_.seed)};
  }

  StatusOr<std::string> Onboard(const DemoContext& context) override;
  StatusOr<std::vector<DemoProgram>> Programs(const DemoContext& context,
                                              const hierarchy::HierarchySnapshot&) override;
  StatusOr<std::vector<DemoPayee>> Payees(const hierarchy::HierarchySnapshot&) override;
  StatusOr<std::string> Learn(const DemoContext& context, Date business_date) override;
  StatusOr<std::vector<performance::FactSet>> Facts(const DemoContext& context,
                                                    const DemoProgram& program,
                                                    const DemoCycle& cycle) override;

 private:
  DemoProgram NewProgram(const DemoContext& context, SyntheticProgram which);
  StatusOr<std::string> LoadMemberResults(const DemoContext& context);
  void AddContracts(const DemoContext& context, SyntheticProgram which, DemoProgram& program);
  StatusOr<performance::Terms> TermsOf(const SyntheticContract& contract) const;
  void AddMedicareFacts(const SyntheticContract& contract, std::int64_t members,
                        performance::Facts& facts) const;
  void AddParticipantFacts(const std::vector<performance::PracticeMonths>& months,
                           std::vector<performance::FactSet>& sets) const;

  SyntheticOptions options_;
  SyntheticPayer plan_;
  SyntheticModels models_;
  std::vector<PartyId> party_ids_;        // by position in plan_.parties
  std::vector<ContractId> contract_ids_;  // by position in plan_.contracts
  std::map<ContractId, std::size_t> contract_positions_;
};

StatusOr<std::string> SyntheticSource::Onboard(const DemoContext& context) {
  hierarchy::ChangeSet change;
  std::map<SyntheticKind, std::int64_t> counts;
  for (const SyntheticParty& party : plan_.parties) {
    party_ids_.push_back(context.ids.Next<PartyTag>());
    std::vector<hierarchy::Identifier> identifiers;
    if (!party.npi.empty()) {
      identifiers.push_back(
          {.type = hierarchy::IdentifierType::kNpi, .scope = "", .value = party.npi});
    }
    if (!IsPerson(party.kind)) {
      identifiers.push_back(
          {.type = hierarchy::IdentifierType::kTin, .scope = "", .value = party.tin});
    }
    change.AddParty({.id = party_ids_.back(), .kind = KindOf(party.kind)}, party.name, kFirstDay,
                    identifiers);
    change.details.back().address = {.line1 = party.address.street,
                                     .line2 = "",
                                     .city = party.address.city,
                                     .state = party.address.state,
                                     .postal_code = party.address.zip};
    counts[party.kind] += 1;
  }
  for (const SyntheticEdge& edge : plan_.edges) {
    change.AddAffiliation(party_ids_[edge.parent], party_ids_[edge.child],
                          RoleOf(plan_.parties[edge.child].kind), edge.effective);
  }
  models_.SetParties(party_ids_);
  const hierarchy::HierarchyService service(context.database, context.clock);
  RETURN_IF_ERROR(
      service.Apply(context.payer, change, {.source = "demo", .recorded_at = {}}).status());
  return fmt::format(
      "{} ACOs, {} practices, {} providers, {} office employees, {} community organizations, "
      "{} affiliations",
      counts[SyntheticKind::kAco], counts[SyntheticKind::kPractice],
      counts[SyntheticKind::kProvider], counts[SyntheticKind::kOfficeEmployee],
      counts[SyntheticKind::kCommunityOrganization], plan_.edges.size());
}

StatusOr<performance::Terms> SyntheticSource::TermsOf(const SyntheticContract& contract) const {
  switch (contract.program) {
    case SyntheticProgram::kQualityIncentive:
      return QualityIncentiveTerms();
    case SyntheticProgram::kCommercial:
      return CommercialSavingsTerms();
    case SyntheticProgram::kMedicareAco:
      break;
  }
  ASSIGN_OR_RETURN(performance::Terms terms,
                   performance::MsspTerms({.performance_year = 2025,
                                           .track = TrackOf(contract.number),
                                           .agreement_year = 2,
                                           .has_advance = contract.number % 6 == 3,
                                           .revenue_absent = performance::WhenAbsent::kBlock}));
  terms.components.push_back(
      {MedicareAcoSplit(), "42 CFR 425.308; participation agreement, exhibit B"});
  return terms;
}

DemoProgram SyntheticSource::NewProgram(const DemoContext& context, SyntheticProgram which) {
  DemoProgram program;
  program.program.id = context.ids.Next<ProgramTag>();
  program.program.payer = context.payer;
  switch (which) {
    case SyntheticProgram::kMedicareAco:
      program.program.name = "Medicare ACO Shared Savings 2025";
      program.program.stream = "ssl";
      program.program.lan_category = "3B";
      program.code = "ACO25";
      break;
    case SyntheticProgram::kQualityIncentive:
      program.program.name = "Medicare Advantage Quality Incentive 2025";
      program.program.stream = "qip";
      program.program.lan_category = "2C";
      program.code = "QIP25";
      break;
    case SyntheticProgram::kCommercial:
      program.program.name = "Commercial Shared Savings 2025";
      program.program.stream = "ssp";
      program.program.lan_category = "3A";
      program.code = "COM25";
      break;
  }
  program.cycles = {
      {.name = program.program.name, .business_date = BusinessDate(), .period = kPeriod}};
  return program;
}

void SyntheticSource::AddContracts(const DemoContext& context, SyntheticProgram which,
                                   DemoProgram& program) {
  for (std::size_t i = 0; i < plan_.contracts.size(); ++i) {
    const SyntheticContract& contract = plan_.contracts[i];
    if (contract.program != which) continue;
    contract_ids_[i] = context.ids.Next<ContractTag>();
    contract_positions_[contract_ids_[i]] = i;
    program.contracts.push_back({.id = contract_ids_[i],
                                 .payer = context.payer,
                                 .program = program.program.id,
                                 .party = party_ids_[contract.party],
                                 .effective = DateRange::From(kPeriod.from)});
    if (which != SyntheticProgram::kQualityIncentive) continue;
    for (const unsigned month : {4U, 7U, 10U}) {
      program.base_payments.push_back(
          {party_ids_[contract.party], MakeDate(2025, month, 15), contract.quarterly_base});
    }
    program.base_payments.push_back(
        {party_ids_[contract.party], MakeDate(2026, 1, 15), contract.quarterly_base});
  }
}

StatusOr<std::vector<DemoProgram>> SyntheticSource::Programs(const DemoContext& context,
                                                             const hierarchy::HierarchySnapshot&) {
  contract_ids_.resize(plan_.contracts.size());
  std::vector<DemoProgram> programs;
  for (const SyntheticProgram which :
       {SyntheticProgram::kMedicareAco, SyntheticProgram::kQualityIncentive,
        SyntheticProgram::kCommercial}) {
    DemoProgram program = NewProgram(context, which);
    AddContracts(context, which, program);
    for (const performance::Contract& contract : program.contracts) {
      const SyntheticContract& synthetic = plan_.contracts[contract_positions_.at(contract.id)];
      ASSIGN_OR_RETURN(performance::Terms terms, TermsOf(synthetic));
      program.terms.push_back({.contract = contract.id,
                               .effective = DateRange::From(kPeriod.from),
                               .terms = std::move(terms)});
    }
    programs.push_back(std::move(program));
  }
  for (DemoProgram& program : models_.Programs(context)) programs.push_back(std::move(program));
  return programs;
}

StatusOr<std::vector<DemoPayee>> SyntheticSource::Payees(const hierarchy::HierarchySnapshot&) {
  std::vector<DemoPayee> payees;
  for (std::size_t i = 0; i < plan_.parties.size(); ++i) {
    const SyntheticParty& party = plan_.parties[i];
    const bool person = IsPerson(party.kind);
    payees.push_back({.payee = {.id = {},
                                .party = party_ids_[i],
                                .kind = person ? payments::PayeeKind::kPerson
                                               : payments::PayeeKind::kOrganization,
                                .name = party.name,
                                .tin = party.tin,
                                .npi = party.npi,
                                .provider = !party.npi.empty(),
                                .address = {.street = party.address.street,
                                            .city = party.address.city,
                                            .state = party.address.state,
                                            .zip = party.address.zip}},
                      .routing_number = party.routing_number,
                      .account = payments::AccountNumber(party.account_number),
                      .ownership = person ? payments::AccountOwnership::kConsumer
                                          : payments::AccountOwnership::kBusiness});
  }
  return payees;
}

StatusOr<std::string> SyntheticSource::Learn(const DemoContext& context, Date business_date) {
  ASSIGN_OR_RETURN(std::string line, models_.Learn(context, business_date));
  if (business_date != BusinessDate()) return line;
  ASSIGN_OR_RETURN(const std::string results, LoadMemberResults(context));
  return fmt::format("{}{}{}", line, line.empty() ? "" : "; ", results);
}

StatusOr<std::string> SyntheticSource::LoadMemberResults(const DemoContext& context) {
  std::vector<performance::MemberYear> years;
  std::vector<performance::MemberMeasure> measures;
  years.reserve(plan_.members.size());
  for (const SyntheticMember& member : plan_.members) {
    const ContractId contract = contract_ids_[member.contract];
    years.push_back({.contract = contract,
                     .period_from = kPeriod.from,
                     .member_id = member.number,
                     .attributed_to = party_ids_[member.practice],
                     .member_months = static_cast<std::int16_t>(member.member_months),
                     .benchmark = member.benchmark,
                     .expenditure = member.expenditure});
    for (std::size_t m = 0; m < kSyntheticMeasures; ++m) {
      if (((member.eligible >> m) & 1) == 0) continue;
      measures.push_back({.contract = contract,
                          .period_from = kPeriod.from,
                          .member_id = member.number,
                          .measure_id = std::string(MeasureId(m)),
                          .met = ((member.met >> m) & 1) != 0});
    }
  }
  const Instant now = context.clock.Now();
  RETURN_IF_ERROR(context.database.Transact([&](pg::Transaction& tx) -> Status {
    performance::InsertMemberYears(tx, years, now);
    performance::InsertMemberMeasures(tx, measures, now);
    return OkStatus();
  }));
  return fmt::format("{} member results and {} measure results loaded", years.size(),
                     measures.size());
}

void SyntheticSource::AddMedicareFacts(const SyntheticContract& contract, std::int64_t members,
                                       performance::Facts& facts) const {
  const performance::MsspTrack track = TrackOf(contract.number);
  const Ratio score(70 + (contract.number * 11) % 29, 100);
  // The rate each ACO elected. Where the published table has no row for so few people, a one-sided
  // ACO's contract states the rate as well.
  const std::span<const Ratio> elections = performance::MsspElections();
  const bool has_table_row = members >= 500;
  if (performance::IsTwoSided(track)) {
    facts.SetRatio("minimum_rate",
                   elections[static_cast<std::size_t>(contract.number) % elections.size()]);
  } else if (!has_table_row) {
    facts.SetRatio("minimum_rate", Ratio(122, 1'000));
  }
  facts.SetText("track", std::string(performance::MsspTrackCode(track)))
      .SetText("revenue_category", contract.number % 3 == 0 ? "high" : "low")
      .SetDate("agreement_start", MakeDate(2024, 1, 1))
      .SetRatio("quality_score", score)
      .SetFlag("quality_standard_met", contract.number % 7 != 5)
      .SetFlag("alternative_standard_met", contract.number % 7 == 5)
      .SetFlag("guardrail", false)
      .SetRatio("period_fraction", Ratio(1))
      .SetAmount("disaster_relief", Money())
      // Participants' Part A and B revenue, for the revenue-based loss limit.
      .SetAmount("participant_revenue", Money::FromCents(contract.results.benchmark.Cents() / 3));
  if (contract.number % 6 == 3) {
    facts.SetAmount("advance_balance", Money::FromCents(125'000'00));
  }
}

void SyntheticSource::AddParticipantFacts(const std::vector<performance::PracticeMonths>& months,
                                          std::vector<performance::FactSet>& sets) const {
  std::map<std::pair<ContractId, PartyId>, std::int64_t> by_practice;
  for (const performance::PracticeMonths& row : months) {
    by_practice[{row.contract, row.practice}] = row.member_months;
  }
  std::map<PartyId, std::vector<std::size_t>> edges;  // by parent
  for (std::size_t i = 0; i < plan_.edges.size(); ++i) {
    edges[party_ids_[plan_.edges[i].parent]].push_back(i);
  }
  std::vector<performance::FactSet> added;
  for (const performance::FactSet& own : sets) {
    const SyntheticContract& contract = plan_.contracts[contract_positions_.at(own.contract)];
    const PartyId holder = party_ids_[contract.party];
    for (const std::size_t edge : edges[holder]) {
      const std::size_t child = plan_.edges[edge].child;
      const PartyId party = party_ids_[child];
      // A community organization supports the members it was referred: 40 member years, in the
      // Medicare program only.
      const bool community = plan_.parties[child].kind == SyntheticKind::kCommunityOrganization;
      const bool medicare = contract.program == SyntheticProgram::kMedicareAco;
      const std::int64_t count =
          community ? (medicare ? 480 : 0) : by_practice[{own.contract, party}];
      added.push_back({.contract = own.contract,
                       .period = kPeriod,
                       .party = party,
                       .under = holder,
                       .facts = performance::Facts().SetCount("member_months", count)});
      for (const std::size_t below : edges[party]) {
        const bool employee =
            plan_.parties[plan_.edges[below].child].kind == SyntheticKind::kOfficeEmployee;
        added.push_back({.contract = own.contract,
                         .period = kPeriod,
                         .party = party_ids_[plan_.edges[below].child],
                         .under = party,
                         .facts = performance::Facts().SetCount("role_points", employee ? 3 : 10)});
      }
    }
  }
  sets.insert(sets.end(), added.begin(), added.end());
}

StatusOr<std::vector<performance::FactSet>> SyntheticSource::Facts(const DemoContext& context,
                                                                   const DemoProgram& program,
                                                                   const DemoCycle& cycle) {
  if (models_.Has(program.code)) return models_.Facts(program, cycle);
  std::vector<performance::ContractTotals> totals;
  std::vector<performance::PracticeMonths> months;
  RETURN_IF_ERROR(context.database.Transact([&](pg::Transaction& tx) -> Status {
    totals = performance::SumMemberYears(tx, program.program.id, kPeriod.from, context.clock.Now());
    months =
        performance::SumPracticeMonths(tx, program.program.id, kPeriod.from, context.clock.Now());
    return OkStatus();
  }));
  std::map<ContractId, performance::ContractTotals> by_contract;
  for (performance::ContractTotals& total : totals) by_contract[total.contract] = std::move(total);

  std::vector<performance::FactSet> sets;
  for (const performance::Contract& contract : program.contracts) {
    const SyntheticContract& synthetic = plan_.contracts[contract_positions_.at(contract.id)];
    const performance::ContractTotals& total = by_contract[contract.id];
    performance::Facts facts;
    facts.SetCount("assigned_beneficiaries", total.members)
        .SetCount("member_months", total.member_months)
        .SetAmount("benchmark", total.benchmark)
        .SetAmount("expenditure", total.expenditure);
    for (std::size_t m = 0; m < kSyntheticMeasures; ++m) {
      facts.SetMeasure(MeasureId(m),
                       {.numerator = Ratio(0), .denominator = Ratio(0), .reported = true});
    }
    for (const performance::MeasureTotal& measure : total.measures) {
      facts.SetMeasure(measure.measure_id, {.numerator = Ratio(measure.numerator),
                                            .denominator = Ratio(measure.denominator),
                                            .reported = true});
    }
    if (synthetic.program == SyntheticProgram::kMedicareAco) {
      AddMedicareFacts(synthetic, total.members, facts);
    }
    sets.push_back({.contract = contract.id,
                    .period = kPeriod,
                    .party = {},
                    .under = {},
                    .facts = std::move(facts)});
  }
  if (!program.contracts.empty() && program.base_payments.empty())
    AddParticipantFacts(months, sets);
  return sets;
}

}  // namespace

std::unique_ptr<DemoSource> MakeSyntheticSource(const SyntheticOptions& options) {
  return std::make_unique<SyntheticSource>(options);
}

}  // namespace sluice::demo
