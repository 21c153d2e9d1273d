// Panels over the API: who is on them, what was received, and the member-months that a run posted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/capitation/capitation_service.h"
#include "tests/api/server/detail_fixture.h"
#include "tests/performance/capitation/example.h"

namespace sluice::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class PanelCalls : public DetailFixture {
 protected:
  void SetUp() override {
    DetailFixture::SetUp();
    for (const std::int64_t id : {1, 2, 3}) AddMember(id, "");
    Later();
    const performance::NewTerms terms{.contract = contract_,
                                      .effective = DateRange::From(MakeDate(2026, 4, 1)),
                                      .terms = performance::testing::ExampleTerms()};
    const auto added = Programs().AddTerms({&terms, 1});
    ASSERT_TRUE(added.ok()) << StatusMessage(added.status());
    Later();
  }

  std::string Span(std::int64_t member, PartyId payee) const {
    return fmt::format(
        R"({{"member":"{}","spanNumber":"{}","payee":"{}","product":"HMO","sex":"CELL_SEX_FEMALE",
            "valid":{{"from":{{"year":2026,"month":4,"day":1}}}},
            "birthDate":{{"year":1982,"month":7,"day":15}},
            "learnedOn":{{"year":2026,"month":3,"day":1}}}})",
        Member(member), member, Party(payee));
  }
  testing::HttpAnswer RecordSpans(const std::string& spans, const std::string& more = "") {
    Later();
    return Post(contract_name_ + "/panelSpans:record", analyst_,
                fmt::format(R"({{"spans":[{}]{}}})", spans, more));
  }
  // What the job does that pays a month.
  void RunJuly() {
    Later();
    std::vector<performance::FactSet> receivables;
    for (const PartyId payee : {practice_, other_}) {
      performance::FactSet set{
          .contract = contract_,
          .period = DateRange::Between(MakeDate(2026, 7, 1), MakeDate(2026, 8, 1)),
          .party = payee};
      set.facts.SetAmount("receivable", Money());
      receivables.push_back(std::move(set));
    }
    ASSERT_TRUE(Programs().RecordFacts(receivables, "ledger").ok());
    Later();
    performance::CapitationService service(db_.App().ForPayer(payer_), db_.Clock(), db_.Ids());
    const auto run = service.Run({.program = program_.program,
                                  .month = Month(2026, 7),
                                  .business_date = MakeDate(2026, 7, 15)});
    ASSERT_TRUE(run.ok()) << StatusMessage(run.status());
    ASSERT_THAT(run->blocked, IsEmpty());
  }
};

// feature:C12
TEST_F(PanelCalls, APanelIsRecordedRunAndReadByItsPayee) {
  const auto factors = Post(contract_name_ + "/panelFactors:record", analyst_,
                            R"({"factors":[{"fromMonth":"2026-01","panelMeanMillionths":"1043000",
                                "planMeanMillionths":"1000000"}]})");
  ASSERT_EQ(factors.status, 200) << factors.body;
  const auto premiums = Post(contract_name_ + "/panelPremiums:record", analyst_,
                             fmt::format(R"({{"premiums":[{{"member":"{}","month":"2026-07",
               "premium":{{"cents":"50000"}}}}]}})",
                                         Member(1)));
  ASSERT_EQ(premiums.status, 200) << premiums.body;
  const std::string spans = Span(1, practice_) + "," + Span(2, practice_) + "," + Span(3, other_);
  EXPECT_EQ(RecordSpans(spans, R"(,"validateOnly":true)").status, 200);
  const auto recorded = RecordSpans(spans);
  ASSERT_EQ(recorded.status, 200) << recorded.body;
  EXPECT_EQ(FieldOf(recorded.body, "recorded"), "3");
  const auto unknown = RecordSpans(Span(1, practice_) + "," + Span(77, practice_));
  EXPECT_EQ(unknown.status, 400);
  EXPECT_THAT(unknown.body, HasSubstr("spans[1].member"));
  EXPECT_EQ(Post(contract_name_ + "/panelSpans:record", aco_, "{}").status, 403);
  RunJuly();

  const std::string july = contract_name_ + "/memberMonthLines?month=2026-07";
  const Struct all = Get(july + "&pageSize=1000", analyst_);
  EXPECT_THAT(Texts(Get(july + "&filter=payee%20%3D%20" + other_.ToString(), analyst_),
                    "memberMonthLines", "member"),
              ::testing::Each(Member(3)));
  EXPECT_THAT(Texts(Get(july, clinic_), "memberMonthLines", "payee"),
              ::testing::Each(Party(practice_)));
  EXPECT_EQ(Texts(Get(july, clinic_), "memberMonthLines", "payee").size() +
                Texts(Get(july + "&filter=payee%20%3D%20" + other_.ToString(), aco_),
                      "memberMonthLines", "payee")
                    .size(),
            Texts(all, "memberMonthLines", "payee").size());
  EXPECT_EQ(Https("GET", "/v1/" + july, stranger_).status, 403);
  const Struct page = Get(july + "&pageSize=1", analyst_);
  EXPECT_THAT(Texts(page, "memberMonthLines", "member"), ElementsAre(Member(1)));
  EXPECT_THAT(Texts(page, "memberMonthLines", "price"), ElementsAre(HasSubstr(" = ")));
  EXPECT_NE(Text(page, "nextPageToken"), "");
  EXPECT_EQ(Https("GET", "/v1/" + contract_name_ + "/memberMonthLines?month=July", analyst_).status,
            400);
}

}  // namespace
}  // namespace sluice::api
