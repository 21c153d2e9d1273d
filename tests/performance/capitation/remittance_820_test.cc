// Capitation remittances of a Medicaid agency, recomputed: what each line of the five 820 files
// pays is what the engine posts for the rate and the earlier payment that the file names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "core/money.h"
#include "performance/capitation/member_months.h"
#include "tests/performance/capitation/example.h"
#include "tests/support/shared_data.h"

namespace sluice::performance {
namespace {

std::vector<std::string> SplitAt(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

std::int64_t CentsOf(const std::string& text) { return Money::Parse(text).value().Cents(); }

// RMR04 is what is paid. Where RMR05 states the amount of the month, ADX01 takes out what was paid
// before.
struct Remitted {
  std::int64_t paid = 0;
  std::int64_t fresh = 0;   // what the month is worth today
  std::int64_t posted = 0;  // what was paid for it before
  bool adjusted = false;
};
struct Remittance {
  std::int64_t total = 0;
  std::vector<Remitted> lines;
};

Remittance Read(const std::string& path) {
  std::ifstream in(path);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  Remittance remittance;
  for (const std::string& segment : SplitAt(text, '~')) {
    const std::vector<std::string> fields = SplitAt(segment, '*');
    if (fields.empty()) continue;
    if (fields[0] == "BPR") remittance.total = CentsOf(fields[2]);
    if (fields[0] == "RMR") {
      Remitted line{.paid = CentsOf(fields[4])};
      // A negative line takes back the whole of an earlier one.
      if (fields.size() > 5) {
        line.fresh = CentsOf(fields[5]);
      } else if (line.paid < 0) {
        line.posted = -line.paid;
      } else {
        line.fresh = line.paid;
      }
      remittance.lines.push_back(line);
    }
    if (fields[0] == "ADX") {
      EXPECT_EQ(fields[2], "53");
      remittance.lines.back().posted = -CentsOf(fields[1]);
      remittance.lines.back().adjusted = true;
    }
  }
  return remittance;
}

// A cell for each amount, told apart by its tier.
MemberMonthSum RatesOf(const Remittance& remittance) {
  RateVersion version{.from = Month(2020, 1)};
  std::set<std::int64_t> amounts;
  for (const Remitted& line : remittance.lines) amounts.insert(line.fresh);
  for (const std::int64_t cents : amounts) {
    const std::string tier = "T" + std::to_string(cents);
    version.cells.push_back({.label = tier, .tier = tier, .price = testing::Cents(cents)});
  }
  MemberMonthSum basis;
  basis.base = RateTable{.versions = {version}};
  basis.retro = {RetroRule{}};
  basis.first_month = Month(2026, 1);
  return basis;
}

// feature:C12
TEST(Remittance820, EveryLineIsTheDifferenceThatTheEnginePosts) {
  if (!::sluice::testing::HasShared("data/x12_820")) {
    GTEST_SKIP() << ::sluice::testing::kNoSharedData;
  }
  const std::vector<std::int64_t> totals = {10'213'946, 9'197'781, 69'708'564, 8'086'530,
                                            49'918'757};
  std::int64_t adjusted = 0;
  std::int64_t negative = 0;
  for (std::size_t file = 0; file < totals.size(); ++file) {
    const Remittance remittance = Read(::sluice::testing::SharedPath(
        "data/x12_820/sample_820_0" + std::to_string(file + 1) + ".txt"));
    EXPECT_EQ(remittance.total, totals[file]);
    const MemberMonthSum basis = RatesOf(remittance);
    const RatePlan plan = testing::PlanOf(basis, Month(2026, 2), MakeDate(2026, 2, 20));
    MemberMonths months(plan);
    std::vector<MemberMonthLine> lines;
    std::int64_t sum = 0;
    for (const Remitted& remitted : remittance.lines) {
      // A retro line is about January, as the files' are about an earlier month.
      const bool retro = remitted.posted != 0;
      PanelSpan span = testing::SpanFrom(testing::DayOf(2026, retro ? 1 : 2, 1),
                                         retro ? testing::DayOf(2026, 2, 1) : kNoEnd);
      span.tier = plan.Index().Book().tiers.Find("T" + std::to_string(remitted.fresh));
      span.retracted = remitted.fresh == 0;
      std::vector<PostedMonth> posted;
      if (retro) {
        posted.push_back({.payee = PartyId(1),
                          .month = testing::MonthOf(2026, 1),
                          .cents = remitted.posted,
                          .new_cents = remitted.posted,
                          .payable = true});
      }
      lines.clear();
      months.Add(1, {&span, 1}, {}, posted, lines);
      ASSERT_EQ(lines.size(), 1U);
      EXPECT_EQ(lines[0].delta_cents, remitted.paid) << ToText(lines[0]);
      if (remitted.adjusted) {
        EXPECT_EQ(lines[0].reason, ReasonCode::kRetroRate);
      }
      if (remitted.fresh == 0) {
        EXPECT_EQ(lines[0].reason, ReasonCode::kRetroTerm);
      }
      sum += lines[0].delta_cents;
      adjusted += remitted.adjusted;
      negative += remitted.paid < 0;
    }
    EXPECT_EQ(sum, remittance.total) << file + 1;
    EXPECT_EQ(months.Blocked().count, 0) << months.Blocked().text;
  }
  EXPECT_EQ(adjusted, 75);
  EXPECT_EQ(negative, 5);
}

}  // namespace
}  // namespace sluice::performance
