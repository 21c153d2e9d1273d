#include "tests/performance/episodes/sample_episodes.h"

#include <gtest/gtest.h>

#include "performance/calculate.h"
#include "performance/terms_validate.h"

namespace sluice::performance::testing {

Money Dollars(std::int64_t dollars) { return Money::FromCents(dollars * 100); }

// The text is dollars with any number of decimals; Exact::Parse reads fractions.
Exact Amount(const std::string& text) {
  const StatusOr<Ratio> ratio = Ratio::Parse(text);
  EXPECT_TRUE(ratio.ok()) << ratio.status();
  return Exact(Money::FromCents(100)) * *ratio;
}

Date Day(int month, unsigned day) { return MakeDate(2026, static_cast<unsigned>(month), day); }

MedicalClaimLine Service(const std::string& claim, Date day, const std::string& procedure,
                         Money allowed) {
  return {.claim_number = claim,
          .service_from = day,
          .service_to = day,
          .procedure_code = procedure,
          .billing_npi = "1000000012",
          .allowed = allowed};
}

MedicalClaimLine Stay(const std::string& claim, Date from, Date to, Money allowed,
                      const std::string& drg) {
  return {.claim_number = claim,
          .kind = ClaimKind::kInstitutional,
          .service_from = from,
          .service_to = to,
          .drg = drg,
          .billing_npi = "1000000004",
          .allowed = allowed};
}

EpisodeMember MemberWith(std::int64_t id, std::vector<MedicalClaimLine> claims) {
  for (MedicalClaimLine& line : claims) line.member_id = id;
  return {.member_id = id,
          .covered = {DateRange::From(MakeDate(2020, 1, 1))},
          .risk = Ratio(1),
          .claims = std::move(claims)};
}

EpisodeSum KneeTerms() {
  EpisodeSum terms;
  terms.definitions = {{.type = "KNS",
                        .name = "Knee",
                        .anchors = {{{ClaimCodeField::kDrg, "470"}, "470"}},
                        .days_before = 0,
                        .days_after = 30}};
  terms.target.baseline = {{2025, Rate::FromPercent(100)}};
  return terms;
}

EpisodeInputs KneeInputs(Money mean, std::vector<EpisodeMember> members) {
  EpisodeInputs inputs;
  inputs.period = DateRange::Year(2026);
  inputs.members = std::move(members);
  inputs.baseline = {{.cell = "470", .year = 2025, .episodes = 100, .mean = Exact(mean)}};
  return inputs;
}

Terms ContractOf(const EpisodeSum& episodes) {
  Terms terms{.title = "bundle"};
  terms.components.push_back({.rule = Basis{.kind = episodes}, .clause = "article 2"});
  terms.components.push_back({.rule = RoundingRule{}, .clause = "article 3"});
  EXPECT_EQ(ValidateTerms(terms), OkStatus());
  return terms;
}

Award AwardOf(const EpisodeSum& episodes, const EpisodeInputs& inputs) {
  const auto run = RunEpisodes(episodes, inputs);
  EXPECT_TRUE(run.ok()) << run.status();
  if (!run.ok()) return {};
  return Calculate(ContractOf(episodes), FactsOfRun(episodes, *run),
                   {.period = inputs.period, .pay_date = *inputs.period.to});
}

}  // namespace sluice::performance::testing
