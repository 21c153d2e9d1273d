// A network that earns a tenth of its premium for 2025, split over its two practices: what the
// tests of awards, of what runs them again and of overrides start from.
#pragma once

#include <string>

#include "tests/api/server/performance_fixture.h"

namespace sluice::api {

class AwardFixture : public PerformanceFixture {
 protected:
  void SetUp() override {
    PerformanceFixture::SetUp();
    analyst_ = SignIn("analyst");
    contract_ = AddContract(network_, PremiumTerms());
    contract_name_ = fmt::format("{}/contracts/{}", payer_name_, contract_);
  }

  // A fifth stays with the network, the rest goes in equal parts.
  static performance::Terms PremiumTerms() {
    using performance::Basis;
    return {.title = "A tenth of the premium",
            .components = {
                {.rule = Basis{.kind = performance::PercentOfFact{Rate::FromPercent(10), "premium"},
                               .zero_reason = performance::ReasonCode::kPoolEmpty},
                 .clause = "section 3"},
                {.rule = performance::RoundingRule{}, .clause = "section 6"},
                {.rule = performance::Split{.levels = {{.keep = Rate::FromPercent(20),
                                                        .basis = performance::SplitBasis::kEqual}}},
                 .clause = "section 7"}}};
  }
  std::string PremiumBody(std::int64_t dollars, const std::string& more = "") {
    return fmt::format(R"({{"factSets":[{{"contract":"{}","period":{},
        "facts":[{{"factName":"premium","amount":{{"cents":"{}"}}}}]}}],
        "source":"premium file of June"{}}})",
                       contract_name_, DaysJson(DateRange::Year(2025)), dollars * 100, more);
  }
  testing::HttpAnswer RecordPremium(std::int64_t dollars) {
    Tick();
    return Post(payer_name_ + "/facts:record", analyst_, PremiumBody(dollars));
  }
  // The award of 2025 by its premium.
  std::string Award(std::int64_t premium_dollars) {
    const auto recorded = RecordPremium(premium_dollars);
    EXPECT_EQ(recorded.status, 200) << recorded.body;
    Calculate();
    const std::string list = program_name_ + "/awards?" + YearQuery();
    const std::vector<std::string> names = Texts(list, "awards", "name", analyst_);
    EXPECT_EQ(names.size(), 1U);
    return names.empty() ? "" : names.front();
  }
  static std::string YearQuery() { return DaysQuery("period", DateRange::Year(2025)); }

  std::string analyst_;
  ContractId contract_;
  std::string contract_name_;
};

}  // namespace sluice::api
