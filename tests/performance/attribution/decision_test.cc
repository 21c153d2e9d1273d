// Decisions about a list: each day of a member and plan is as the last decision about it has it,
// and else as the method has it.
#include "performance/attribution/decision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "tests/performance/attribution/attribution_samples.h"

namespace sluice::performance {
namespace {

using testing::Day2026;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The first day of a month of 2026; 13 is the January after it.
Date MonthDay(int month) { return (Month(2026, 1) + (month - 1)).FirstDay(); }

// The months from `from` to `to`, the latter excluded.
ListEntry Entry(std::int64_t member, int from, int to, std::int64_t provider,
                const std::string& plan = "gold") {
  return {.member_id = member,
          .plan = plan,
          .attributed = {MonthDay(from), MonthDay(to)},
          .provider = PartyId(provider),
          .practice = std::nullopt,
          .location = std::nullopt,
          .basis = "plurality_of_dollars",
          .dispute = std::nullopt};
}

ListDecision Decide(int at, bool removes, ListEntry entry, std::int64_t dispute) {
  entry.basis = "dispute";
  entry.dispute = DisputeId(dispute);
  return {Instant::FromMicros(at), dispute, removes, std::move(entry)};
}

// feature:A04
TEST(ListDecisions, TakenDaysAreCutOutOfWhatTheMethodSays) {
  const std::vector<ListEntry> method = {Entry(1, 1, 13, 31), Entry(2, 1, 13, 31)};
  const auto cut = ApplyDecisions(method, {Decide(1, true, Entry(1, 4, 7, 0), 77)});
  ASSERT_THAT(cut, SizeIs(3));
  EXPECT_EQ(cut[0].attributed, (DateRange{Day2026(1, 1), Day2026(4, 1)}));
  EXPECT_EQ(cut[1].attributed, (DateRange{Day2026(7, 1), MakeDate(2027, 1, 1)}));
  EXPECT_EQ(cut[0].dispute, DisputeId(77));
  EXPECT_EQ(cut[1].provider, PartyId(31));
  EXPECT_EQ(cut[1].basis, "plurality_of_dollars");
  EXPECT_EQ(cut[2], method[1]);
  // All of its days: nothing is left.
  EXPECT_THAT(ApplyDecisions({method[0]}, {Decide(1, true, Entry(1, 1, 13, 0), 77)}), IsEmpty());
  // Another plan is another matter.
  EXPECT_EQ(ApplyDecisions(method, {Decide(1, true, Entry(1, 1, 13, 0, "silver"), 77)}), method);
}

// feature:A04
TEST(ListDecisions, TheLaterOneWinsWhateverOrderTheyComeIn) {
  const std::vector<ListDecision> decisions = {Decide(2, false, Entry(1, 1, 13, 32), 78),
                                               Decide(1, true, Entry(1, 1, 13, 0), 79)};
  const auto entries = ApplyDecisions({Entry(1, 3, 13, 31)}, decisions);
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_EQ(entries[0].provider, PartyId(32));
  EXPECT_EQ(entries[0].attributed.from, Day2026(1, 1));
  EXPECT_EQ(entries, ApplyDecisions({Entry(1, 3, 13, 31)}, {decisions[1], decisions[0]}));
}

// Each month by itself, in the plainest way there is.
using Months = std::map<std::tuple<std::int64_t, std::string, int>, PartyId>;
Months MonthsOf(const std::vector<ListEntry>& entries) {
  Months months;
  for (const ListEntry& entry : entries) {
    for (int month = 1; month <= 12; ++month) {
      if (!entry.attributed.Contains(MonthDay(month))) continue;
      const bool is_new =
          months.emplace(std::tuple(entry.member_id, entry.plan, month), *entry.provider).second;
      EXPECT_TRUE(is_new) << "two entries in one month";
    }
  }
  return months;
}

TEST(ListDecisions, RandomOnesAgreeWithMonthByMonth) {
  const unsigned seed = std::random_device()();
  RecordProperty("seed", static_cast<int>(seed));
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto pick = [&](int from, int to) {
    return std::uniform_int_distribution<int>(from, to)(random);
  };
  for (int round = 0; round < 300; ++round) {
    std::vector<ListEntry> entries;
    for (std::int64_t member = 1; member <= 2; ++member) {
      for (const char* plan : {"gold", "silver"}) {
        for (int month = pick(1, 6); month < 12; month += pick(1, 5)) {
          const int to = std::min(13, month + pick(1, 4));
          entries.push_back(Entry(member, month, to, pick(31, 34), plan));
          month = to;
        }
      }
    }
    Months expected = MonthsOf(entries);
    std::vector<ListDecision> decisions;
    for (int at = pick(0, 6); at > 0; --at) {
      const int from = pick(1, 12);
      decisions.push_back(Decide(at, pick(0, 1) == 1,
                                 Entry(pick(1, 2), from, pick(from + 1, 13), pick(41, 44),
                                       pick(0, 1) == 1 ? "gold" : "silver"),
                                 100 + at));
    }
    // The newest stands first: carried out from the back.
    for (auto decision = decisions.rbegin(); decision != decisions.rend(); ++decision) {
      for (int month = 1; month <= 12; ++month) {
        if (!decision->entry.attributed.Contains(MonthDay(month))) continue;
        const std::tuple key(decision->entry.member_id, decision->entry.plan, month);
        expected.erase(key);
        if (!decision->removes) expected.emplace(key, *decision->entry.provider);
      }
    }
    const auto applied = ApplyDecisions(entries, decisions);
    EXPECT_EQ(MonthsOf(applied), expected);
    EXPECT_TRUE(std::ranges::is_sorted(applied, {}, &ListEntry::Key));
    // Once more changes nothing, and neither does the order they are given in.
    EXPECT_EQ(ApplyDecisions(applied, decisions), applied);
    std::ranges::shuffle(decisions, random);
    EXPECT_EQ(ApplyDecisions(entries, decisions), applied);
  }
}

TEST(ListDecisions, DraftFollowsWithItsChangeTypes) {
  AttributionList first = *NextVersion(nullptr, ContractId(5), DateRange::Year(2026),
                                       {Entry(1, 1, 13, 31), Entry(2, 1, 13, 31)});
  ASSERT_TRUE(Publish(first).ok());
  ASSERT_TRUE(Publish(first).ok());
  AttributionList draft = *NextVersion(&first, ContractId(5), DateRange::Year(2026),
                                       {Entry(1, 1, 13, 31), Entry(2, 1, 13, 31)});
  ASSERT_TRUE(SetActiveEntries(draft, {Entry(1, 1, 13, 32), Entry(3, 1, 13, 31)}).ok());
  ASSERT_THAT(draft.entries, SizeIs(3));
  EXPECT_EQ(draft.entries[0].change, ChangeType::kChanged);
  EXPECT_EQ(draft.entries[0].provider, PartyId(32));
  EXPECT_EQ(draft.entries[1].change, ChangeType::kDropped);
  EXPECT_TRUE(draft.entries[1].inactive);
  EXPECT_EQ(draft.entries[2].change, ChangeType::kNew);
}

}  // namespace
}  // namespace sluice::performance
