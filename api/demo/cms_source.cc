#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "api/demo/demo_source.h"
#include "api/demo/sample_mappings.h"
#include "hierarchy/hierarchy_service.h"
#include "hierarchy/roster_service.h"
#include "performance/mssp_results.h"

namespace sluice::demo {
namespace {

constexpr std::string_view kAcoScope = "cms_aco";
constexpr int kPerformanceYear = 2024;

// The ACOs of one published year as contracts, and the newest published participants as hierarchy.
class CmsSource final : public DemoSource {
 public:
  CmsSource(performance::MsspResults results, std::string participants_path, std::uint64_t seed)
      : results_(std::move(results)),
        participants_path_(std::move(participants_path)),
        seed_(seed) {}

  payments::PayerProfile Profile() const override {
    return {.name = "Medicare Shared Savings Demo",
            .tin = "970000002",
            .address = {.street = "1 Settlement Square",
                        .city = "Baltimore",
                        .state = "MD",
                        .zip = "21244"},
            .payer_id = "MSSPD",
            .service_phone = "8005550110",
            .edi_contact_name = "EDI Support",
            .edi_phone = "8005550111",
            .edi_email = "edi@example.org",
            .x12_qualifier = "ZZ",
            .x12_id = "MSSPDEMO",
            .questions_text =
                "This is a recomputation of published results. No payment is made by it."};
  }
  std::string Code() const override { return "MSSP"; }
  std::string CompanyName() const override { return "MSSP DEMO"; }
  Date BusinessDate() const override { return MakeDate(2026, 10, 1); }
  Date HierarchyDay() const override { return MakeDate(2026, 10, 1); }
  std::string FactsSource() const override { return results_.name; }
  std::vector<PublishedAward> Published() const override { return published_; }
  std::vector<std::string> Notes() const override {
    return {
        "Benchmarks, expenditures, scores and results are those that CMS published for 2024; "
        "participants are those of CMS's 2026 list, the newest there is.",
        "CMS publishes no tax ids, addresses or bank accounts: those here are invented. So is the "
        "split (33 % kept, the rest in equal parts): how an ACO shares is its own business."};
  }

  StatusOr<std::string> Onboard(const DemoContext& context) override;
  StatusOr<std::vector<DemoProgram>> Programs(
      const DemoContext& context, const hierarchy::HierarchySnapshot& snapshot) override;
  StatusOr<std::vector<DemoPayee>> Payees(const hierarchy::HierarchySnapshot& snapshot) override;
  StatusOr<std::string> Learn(const DemoContext&, Date) override { return std::string(); }
  StatusOr<std::vector<performance::FactSet>> Facts(const DemoContext&, const DemoProgram&,
                                                    const DemoCycle&) override;

 private:
  static hierarchy::Identifier AcoIdentifier(const std::string& aco_id) {
    return {.type = hierarchy::IdentifierType::kPayerAssigned,
            .scope = std::string(kAcoScope),
            .value = aco_id};
  }

  performance::MsspResults results_;
  std::string participants_path_;
  std::uint64_t seed_;
  std::map<ContractId, const performance::MsspResultRow*> rows_;
  std::vector<PublishedAward> published_;
};

StatusOr<std::string> CmsSource::Onboard(const DemoContext& context) {
  ASSIGN_OR_RETURN(const hierarchy::RosterMapping mapping, AcoParticipantsMapping());
  const hierarchy::RosterService rosters(context.database, context.clock, context.ids);
  ASSIGN_OR_RETURN(const hierarchy::ImportReport report,
                   rosters.Import(context.payer, participants_path_, mapping, {}));

  const hierarchy::HierarchyService service(context.database, context.clock);
  ASSIGN_OR_RETURN(const hierarchy::HierarchySnapshot snapshot,
                   service.Snapshot(context.payer, {.day = HierarchyDay(), .known_at = {}}));
  hierarchy::ChangeSet change;
  for (const performance::MsspResultRow& row : results_.rows) {
    const hierarchy::Identifier identifier = AcoIdentifier(row.aco_id);
    if (snapshot.FindByIdentifier(identifier)) continue;
    change.AddParty({.id = context.ids.Next<PartyTag>(), .kind = hierarchy::PartyKind::kAco},
                    row.aco_name, MakeDate(kPerformanceYear, 1, 1), std::vector{identifier});
  }
  RETURN_IF_ERROR(
      service.Apply(context.payer, change, {.source = results_.name, .recorded_at = {}}).status());
  return fmt::format(
      "{} parties and {} affiliations of the participant list; {} ACOs of {} are not in it",
      snapshot.Parties().size(), snapshot.Edges().size(), change.parties.size(),
      results_.rows.size());
}

StatusOr<std::vector<DemoProgram>> CmsSource::Programs(
    const DemoContext& context, const hierarchy::HierarchySnapshot& snapshot) {
  DemoProgram program;
  program.program.id = context.ids.Next<ProgramTag>();
  program.program.payer = context.payer;
  program.program.name = "Medicare Shared Savings Program 2024";
  program.program.stream = "ssl";
  program.program.lan_category = "3B";
  program.code = "MSSP24";
  const DateRange year = DateRange::Year(kPerformanceYear);
  program.cycles = {
      {.name = program.program.name, .business_date = BusinessDate(), .period = year}};
  const performance::Split split{
      .levels = {performance::SplitLevel{.keep = Rate::FromPercent(33),
                                         .basis = performance::SplitBasis::kEqual,
                                         .weight_name = "",
                                         .floor = std::nullopt,
                                         .cap = std::nullopt}},
      .losses = performance::LossSplit::kKeptByParty,
      .standing = performance::StandingDay::kPayDate};
  for (const performance::MsspResultRow& row : results_.rows) {
    RETURN_IF_ERROR(Annotate(row.problem, fmt::format("{} row {}", results_.name, row.row_number)));
    const std::optional<PartyId> party = snapshot.FindByIdentifier(AcoIdentifier(row.aco_id));
    if (!party) return NotFound("ACO {} is not in the hierarchy", row.aco_id);
    const ContractId contract = context.ids.Next<ContractTag>();
    program.contracts.push_back({.id = contract,
                                 .payer = context.payer,
                                 .program = program.program.id,
                                 .party = *party,
                                 .effective = year});
    ASSIGN_OR_RETURN(performance::Terms terms, performance::MsspTerms(row.participation));
    terms.components.push_back({split, "42 CFR 425.308 (the ACO's published plan)"});
    program.terms.push_back(
        {.contract = contract, .effective = year, .terms = std::move(terms)});
    rows_[contract] = &row;
    const performance::MsspComparison comparison = performance::CompareWithPublished(row);
    published_.push_back({.contract = contract,
                          .holder = fmt::format("{} {}", row.aco_id, row.aco_name),
                          .earned = row.earned.value_or(Exact()),
                          .tolerance = comparison.tolerance});
  }
  return std::vector{std::move(program)};
}

StatusOr<std::vector<DemoPayee>> CmsSource::Payees(const hierarchy::HierarchySnapshot& snapshot) {
  std::vector<DemoPayee> payees;
  payees.reserve(snapshot.Parties().size());
  std::int64_t index = 0;
  for (const hierarchy::SnapshotParty& party : snapshot.Parties()) {
    const PostalAddress address = InventedAddress(seed_, index);
    payees.push_back({.payee = {.id = {},
                                .party = party.id,
                                .kind = payments::PayeeKind::kOrganization,
                                .name = party.name,
                                .tin = InventedTin(100'000 + index),
                                .npi = InventedNpi(100'000 + index),
                                .provider = true,
                                .address = {.street = address.street,
                                            .city = address.city,
                                            .state = address.state,
                                            .zip = address.zip}},
                      .routing_number = InventedRoutingNumber(seed_, index),
                      .account = payments::AccountNumber(InventedAccountNumber(seed_, index)),
                      .ownership = payments::AccountOwnership::kBusiness});
    ++index;
  }
  return payees;
}

StatusOr<std::vector<performance::FactSet>> CmsSource::Facts(const DemoContext&,
                                                             const DemoProgram& program,
                                                             const DemoCycle& cycle) {
  std::vector<performance::FactSet> sets;
  for (const performance::Contract& contract : program.contracts) {
    sets.push_back({.contract = contract.id,
                    .period = cycle.period,
                    .party = {},
                    .under = {},
                    .facts = rows_.at(contract.id)->facts});
  }
  return sets;
}

}  // namespace

StatusOr<std::unique_ptr<DemoSource>> MakeCmsSource(const std::string& directory,
                                                    std::uint64_t seed) {
  const std::string results_path = directory + "/mssp_puf/PY2024.csv";
  const std::string participants_path =
      directory + "/aco_participants/mssp_aco_participants_PY2026.csv";
  for (const std::string& path : {results_path, participants_path}) {
    if (!std::filesystem::exists(path)) {
      return NotFound(
          "{} is missing: --data must name a folder that holds mssp_puf/PY2024.csv and "
          "aco_participants/mssp_aco_participants_PY2026.csv",
          path);
    }
  }
  StatusOr<performance::MsspResults> results =
      performance::ReadMsspResults(results_path, kPerformanceYear);
  if (!results.ok()) return Annotate(results.status(), results_path);
  return std::make_unique<CmsSource>(*std::move(results), participants_path, seed);
}

}  // namespace sluice::demo
