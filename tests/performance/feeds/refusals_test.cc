// Whatever is wrong with what comes in: it is refused or set aside with the place, the rule and
// what to do, and not one row of it is in any table. What is refused leaves no trace but, for a
// file, the delivery and its rejected rows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "performance/terms_capitation.h"
#include "tests/performance/feeds/feed_fixture.h"
#include "tests/performance/terms_samples.h"

namespace sluice::performance {
namespace {

using testing::kFormerNpi;
using testing::kSeptember;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kChoices = R"(
name = "choices"
kind = "provider_choice"
[columns]
member_number = "id"
kind = "kind"
provider_npi = "npi"
practice_tin = "tin"
valid_from = "from"
)";
constexpr const char* kMeasures = R"(
name = "measures"
kind = "measure"
[columns]
contract = "contract"
period_from = "from"
period_to = "to"
measure = "measure"
numerator = "num"
denominator = "den"
)";

class RefusalsTest : public testing::FeedFixture {
 protected:
  void SetUp() override {
    FeedFixture::SetUp();
    Declare("choices", FeedKind::kProviderChoice, kChoices);
    Declare("measures", FeedKind::kMeasure, kMeasures);
    Members();
  }

  // The rows of every table there is.
  std::map<std::string, std::int64_t> Tables() {
    static constexpr pg::Query kTables{"refusals_tables", R"sql(
      SELECT n.nspname || '.' || c.relname,
        (xpath('/row/rows/text()', query_to_xml(
          format('SELECT count(*) AS rows FROM %I.%I', n.nspname, c.relname), false, true, '')))
          [1]::text::bigint
      FROM pg_class AS c
      JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p')
        AND n.nspname IN ('core', 'hierarchy', 'performance', 'payments')
    )sql"};
    std::map<std::string, std::int64_t> tables;
    const Status status = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
      const pg::Result rows = tx.Query(kTables);
      for (int i = 0; i < rows.Size(); ++i) {
        tables[rows[i].Get<std::string>(0)] = rows[i].Get<std::int64_t>(1);
      }
      return OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_GT(tables.size(), 50u);
    return tables;
  }
  // Both counts without what a delivery leaves of itself.
  static std::map<std::string, std::int64_t> ButDeliveries(
      std::map<std::string, std::int64_t> tables) {
    tables.erase("performance.feed_delivery");
    tables.erase("performance.feed_quarantine");
    return tables;
  }

  std::string MeasureFile(const std::string& cells) {
    return "contract,from,to,measure,num,den\n" + contract_.ToString() +
           ",2026-01-01,2026-12-31," + cells + "\n";
  }
  static std::string ClaimFile(const std::string& row) {
    return "id,claim,line,day,paid\n" + row + "\n";
  }
};

template <typename T>
T& Rule(Terms& terms, std::size_t index) {
  return std::get<T>(terms.components.at(index).rule);
}

// Capitation with a cell for children and one for the others, who begin at an age.
Terms CellTerms(int adults_from) {
  RateTable table{.age_to = 64};
  table.versions = {{.from = Month(2026, 1),
                     .cells = {{.label = "child",
                                .age_from = 0,
                                .age_to = 20,
                                .product = {},
                                .region = {},
                                .tier = {},
                                .price = UnitPrice::FromMillionths(10'000'000)},
                               {.label = "adult",
                                .age_from = adults_from,
                                .age_to = 64,
                                .product = {},
                                .region = {},
                                .tier = {},
                                .price = UnitPrice::FromMillionths(20'000'000)}}}};
  MemberMonthSum basis;
  basis.base = table;
  Terms terms{.title = "Capitation"};
  terms.components = {{.rule = Basis{.kind = basis, .zero_reason = ReasonCode::kNoMemberMonths},
                       .clause = {}},
                      {.rule = RoundingRule{}, .clause = {}}};
  return terms;
}

TEST_F(RefusalsTest, TermsAreRefusedWithTheComponentAndTheRule) {
  struct Case {
    const char* name;
    Terms terms;
    const char* message;
  };
  const auto sink = [](const std::function<void(Terms&)>& change) {
    Terms terms = KitchenSinkTerms();
    change(terms);
    return terms;
  };
  const std::vector<Case> cases = {
      {"a term that contradicts another",
       sink([](Terms& t) { Rule<Split>(t, 20).levels[1].floor = Money::FromCents(56'001); }),
       "component 21 (split): level 2: a floor is above its cap"},
      {"a rate before the score that it needs",
       sink([](Terms& t) { std::swap(t.components[9], t.components[10]); }),
       "component 10 (rate)"},
      {"a weight of nothing",
       sink([](Terms& t) { Rule<Score>(t, 9).measures[0].weight = Ratio(0); }),
       "weight that is not above zero"},
      {"bands that do not grow",
       sink([](Terms& t) {
         auto& bands = Rule<Corridor>(t, 11).bands;
         bands.insert(bands.begin(), Band{Ratio(1, 10), Rate()});
       }),
       "bands must grow from zero"},
      {"cells that overlap", CellTerms(20), "cells child and adult overlap"},
      {"a cell that is missing", CellTerms(22), "have a gap: no cell for age 21"}};
  const auto before = Tables();
  for (const Case& test : cases) {
    SCOPED_TRACE(test.name);
    const NewTerms fresh{.contract = contract_,
                         .effective = DateRange::From(MakeDate(2026, 1, 1)),
                         .terms = test.terms};
    const auto added = programs_.AddTerms({&fresh, 1});
    EXPECT_TRUE(absl::IsInvalidArgument(added.status())) << added.status();
    EXPECT_THAT(StatusMessage(added.status()), HasSubstr(test.message));
    EXPECT_EQ(Tables(), before);
  }
}

TEST_F(RefusalsTest, RowsAreSetAsideWithTheColumnTheRuleAndWhatToDo) {
  struct Case {
    const char* name;
    std::string feed;
    std::string file;
    std::string code, column, reason, to_do;
  };
  const std::vector<Case> cases = {
      {"a claim for an unknown member", "claims", ClaimFile("M9,C1,1,2026-09-02,10.00"),
       "unknown_member", "id", "'M9'", "import the eligibility first"},
      {"an event for an unknown member", "adt", AdtFile({AdtRow("1", "M9")}), "unknown_member",
       "patient", "nobody has this member number", "import the eligibility first"},
      {"an event of an ended affiliation", "adt",
       AdtFile({AdtRow("1", "M1", kFormerNpi, "2026-06-01")}), "not_affiliated", "npi",
       "2026-06-01", "correct the row or the roster"},
      {"an attribution to an ended affiliation", "choices",
       "id,kind,npi,tin,from\nM1,member_selected," + std::string(kFormerNpi) + "," +
           testing::kTin + ",2026-06-01\n",
       "not_affiliated", "tin", "the affiliation has ended", "end the choice on its last day"},
      {"a measure with no denominator", "measures", MeasureFile("CBP,5,"), "missing_value", "den",
       "needs its denominator", "reported = no"},
      {"a measure with a denominator of zero", "measures", MeasureFile("CBP,0,0"), "bad_value",
       "den", "denominator above zero", "reported = no"},
      {"a fact of a contract that nobody has", "facts",
       FactFile("ctr_nobody;;;2026-01-01;2026-12-31;x;amount;1\n"), "unknown_contract", "contract",
       "ctr_nobody", ""},
      {"an amount that is none", "facts", FactFile(OwnRow("benchmark", "ten")), "bad_value",
       "value", "ten", ""},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.name);
    const auto before = Tables();
    const Delivery delivery = ReceiveText(test.feed, test.file);
    ASSERT_TRUE(delivery.Accepted()) << delivery.refused_reason;
    EXPECT_EQ(delivery.rows_rejected, 1);
    EXPECT_EQ(delivery.rows_recorded, 0);
    const auto rejected = Rejected(delivery);
    ASSERT_EQ(rejected.size(), 1u);
    EXPECT_EQ(rejected[0].row, 2);
    EXPECT_EQ(rejected[0].code, test.code) << rejected[0].reason;
    EXPECT_EQ(rejected[0].column, test.column) << rejected[0].reason;
    EXPECT_THAT(rejected[0].reason, AllOf(HasSubstr(test.reason), HasSubstr(test.to_do)));
    EXPECT_EQ(ButDeliveries(Tables()), ButDeliveries(before));
  }
}

TEST_F(RefusalsTest, FilesAreRefusedWhole) {
  const std::string good = "M1,C1,1,2026-09-02,10.00";
  struct Case {
    const char* name;
    std::string feed;
    std::string file;
    DateRange period;
    RefusalCode code;
    std::string reason;
  };
  const DateRange next = DateRange::Between(MakeDate(2026, 10, 2), MakeDate(2026, 11, 1));
  const std::vector<Case> cases = {
      {"facts from the future", "facts",
       FactFile(OwnRow("benchmark", "1.00") + contract_.ToString() +
                ";;;2026-10-02;2026-12-31;x;amount;1\n"),
       kSeptember, RefusalCode::kFuture, "row 3 column 'from'"},
      {"claims from the future", "claims", ClaimFile(good + "\nM1,C2,1,2026-10-02,1.00"),
       kSeptember, RefusalCode::kFuture, "row 3"},
      {"a period from the future", "claims", ClaimFile(good), next, RefusalCode::kFuture,
       "2026-10-02 is after 2026-10-01"},
      {"a file that was cut", "claims", "id,claim,line,day,paid\n" + good, kSeptember,
       RefusalCode::kMalformed, "cut"},
      {"a column missing", "claims", "id,claim,line,paid\nM1,C1,1,1.00\n", kSeptember,
       RefusalCode::kMalformed, "day"},
      {"the same bytes again", "members", "id,from\nM1,2026-01-01\nM2,2026-01-01\n", kSeptember,
       RefusalCode::kDuplicate, "holds the same bytes as"},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.name);
    const auto before = Tables();
    const Delivery delivery = Receive(test.feed, File(test.file), test.period);
    ExpectRefused(delivery, test.code, test.reason);
    auto expected = before;
    ++expected["performance.feed_delivery"];
    EXPECT_EQ(Tables(), expected);
  }
}

}  // namespace
}  // namespace sluice::performance
