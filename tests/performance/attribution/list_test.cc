// Lists and their audit: versions, the ATR table, and findings that equal the difference.
#include "performance/attribution/list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "performance/attribution/audit.h"
#include "tests/performance/attribution/attribution_samples.h"

namespace sluice::performance {
namespace {

using testing::CoveredMember;
using testing::Day2026;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kNpiA;
using ::testing::SizeIs;
using testing::Visit;

const ContractId kContract(5);
const DateRange kYear = DateRange::Year(2026);

ListEntry Entry(std::int64_t member, std::int64_t provider, unsigned from = 1, unsigned to = 13,
                std::string plan = "gold") {
  return {.member_id = member,
          .plan = std::move(plan),
          .attributed = {Day2026(from, 1), to == 13 ? MakeDate(2027, 1, 1) : Day2026(to, 1)},
          .provider = PartyId(provider),
          .practice = PartyId(provider / 10),
          .location = std::nullopt,
          .basis = "plurality_of_dollars",
          .dispute = std::nullopt};
}

AttributionList FinalList(std::vector<ListEntry> entries) {
  AttributionList list = *NextVersion(nullptr, kContract, kYear, std::move(entries));
  EXPECT_TRUE(Publish(list).ok());
  EXPECT_TRUE(Publish(list).ok());
  return list;
}

std::string TypesOf(const AttributionList& list) {
  std::string text;
  for (const ListEntry& entry : list.entries) {
    text += fmt::format("{}:{}{} ", entry.member_id, ChangeTypeName(entry.change),
                        entry.inactive ? "(inactive)" : "");
  }
  return text;
}

TEST(AttributionList, NextVersionSaysWhatChanged) {
  const AttributionList first = FinalList({Entry(1, 310), Entry(2, 310), Entry(3, 310)});
  EXPECT_EQ(first.status, ListStatus::kFinal);
  const auto next =
      NextVersion(&first, kContract, kYear, {Entry(4, 310), Entry(3, 320), Entry(2, 310)});
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(next->version, 2);
  EXPECT_EQ(next->status, ListStatus::kDraft);
  EXPECT_EQ(TypesOf(*next), "1:dropped(inactive) 2:nochange 3:changed 4:new ");
  const auto early = NextVersion(&*next, kContract, kYear, {});
  EXPECT_EQ(early.status().code(), absl::StatusCode::kFailedPrecondition);
}

// PRODUCT section 5.3, the table of list states.
TEST(AttributionList, RemovalDependsOnTheState) {
  const AttributionList first = FinalList({Entry(1, 310), Entry(2, 310)});
  AttributionList list = *NextVersion(&first, kContract, kYear, {Entry(1, 310), Entry(2, 310)});
  ASSERT_TRUE(AddEntry(list, Entry(3, 310)).ok());
  ASSERT_TRUE(AddEntry(list, Entry(4, 310)).ok());
  ASSERT_TRUE(RemoveEntry(list, Entry(1, 310).Key()).ok());
  ASSERT_TRUE(RemoveEntry(list, Entry(3, 310).Key()).ok());
  EXPECT_EQ(TypesOf(list), "1:dropped(inactive) 2:nochange 3:cancelled(inactive) 4:new ");
  EXPECT_EQ(RemoveEntry(list, Entry(1, 310).Key()).code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(Publish(list).ok());
  ASSERT_TRUE(RemoveEntry(list, Entry(2, 310).Key()).ok());
  EXPECT_EQ(TypesOf(list), "1:dropped(inactive) 3:cancelled(inactive) 4:new ");
  ASSERT_TRUE(AddEntry(list, Entry(1, 310)).ok());
  EXPECT_EQ(TypesOf(list), "1:nochange 3:cancelled(inactive) 4:new ");
  ASSERT_TRUE(Publish(list).ok());
  EXPECT_EQ(TypesOf(list), "1:nochange 4:new ");
  const AttributionList final_list = list;
  EXPECT_EQ(AddEntry(list, Entry(9, 310)).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(RemoveEntry(list, Entry(4, 310).Key()).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Publish(list).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(list, final_list);
}

TEST(AttributionList, OneTimeHasOneProvider) {
  AttributionList list = *NextVersion(nullptr, kContract, kYear, {Entry(1, 310, 1, 4)});
  EXPECT_EQ(AddEntry(list, Entry(1, 320, 3, 6)).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(AddEntry(list, Entry(1, 320, 4, 6)).ok());  // in turn
  EXPECT_TRUE(AddEntry(list, Entry(1, 320, 1, 6, "silver")).ok());
  ListEntry outside = Entry(2, 310);
  outside.attributed.to = MakeDate(2027, 1, 2);
  EXPECT_EQ(AddEntry(list, outside).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(
      NextVersion(nullptr, kContract, kYear, {Entry(1, 310, 1, 4), Entry(1, 320, 3, 6)}).ok());
}

TEST(AttributionList, MonthsBecomeSpans) {
  const auto month = [](unsigned number, std::int64_t provider) {
    return ListedMonth{Month(2026, number), "gold",
                       AttributedTo{.kind = StepKind::kMemberSelected,
                                    .provider = PartyId(provider),
                                    .practice = PartyId(provider / 10)}};
  };
  const auto entries =
      ToEntries(7, {month(1, 310), month(2, 310), month(4, 310), month(5, 320), month(6, 320)});
  ASSERT_THAT(entries, SizeIs(3));
  EXPECT_EQ(entries[0].attributed, (DateRange{Day2026(1, 1), Day2026(3, 1)}));
  EXPECT_EQ(entries[1].attributed, (DateRange{Day2026(4, 1), Day2026(5, 1)}));
  EXPECT_EQ(entries[2].attributed, (DateRange{Day2026(5, 1), Day2026(7, 1)}));
}

// Practices 31 and 32 of ACO 10, locations 91 and 92 of practice 31, providers 310, 311 and 320.
hierarchy::HierarchySnapshot Network(bool ended = false) {
  using hierarchy::PartyKind;
  std::vector<hierarchy::SnapshotParty> parties;
  for (const auto& [id, kind] : std::map<std::int64_t, PartyKind>{{10, PartyKind::kAco},
                                                                  {31, PartyKind::kPractice},
                                                                  {32, PartyKind::kPractice},
                                                                  {91, PartyKind::kLocation},
                                                                  {92, PartyKind::kLocation},
                                                                  {310, PartyKind::kProvider},
                                                                  {311, PartyKind::kProvider},
                                                                  {320, PartyKind::kProvider}}) {
    parties.push_back({PartyId(id), kind, "P" + std::to_string(id), {}});
  }
  std::vector<hierarchy::SnapshotEdge> edges;
  const auto edge = [&](std::int64_t parent, std::int64_t child, const char* role) {
    edges.push_back({PartyId(parent), PartyId(child), role, DateRange::From(MakeDate(2020, 1, 1))});
  };
  edge(10, 31, "participant");
  edge(31, 91, "location");
  edge(31, 92, "location");
  edge(91, 310, "physician");
  edge(31, 311, "physician");
  edge(32, 320, "physician");
  if (!ended) edge(10, 32, "participant");
  const auto snapshot = hierarchy::HierarchySnapshot::Make({.as_of = Day2026(6, 30), .version = 1},
                                                           std::move(parties), std::move(edges));
  EXPECT_TRUE(snapshot.ok()) << snapshot.status();
  return *snapshot;
}

AuditOptions June(std::vector<Closure> closures = {}) {
  return {.month = Month(2026, 6),
          .contract_party = PartyId(10),
          .closures = std::move(closures),
          .no_claims_months = 12};
}

MemberRecord Healthy(std::int64_t id) {
  MemberRecord record = CoveredMember(id, kYear);
  record.claims = {Visit(kNpiA, Day2026(3, 1), 100)};
  return record;
}

std::string Audit(const AttributionList* before, const AttributionList& after,
                  const std::vector<MemberRecord>& members,
                  const hierarchy::HierarchySnapshot& network = Network(),
                  AuditOptions options = June()) {
  ListAudit audit(before, after, network, std::move(options));
  for (const MemberRecord& member : members) audit.Add(member);
  std::string text;
  for (const Finding& finding : audit.Finish()) {
    text += fmt::format("{}:{} ", finding.member_id, FindingKindName(finding.kind));
  }
  return text;
}

// feature:A03
TEST(ListAudit, EachKindIsFound) {
  const AttributionList before = FinalList({Entry(1, 310), Entry(2, 310)});
  const auto after = [&](std::vector<ListEntry> entries) {
    return *NextVersion(&before, kContract, kYear, std::move(entries));
  };
  const std::vector<MemberRecord> healthy = {Healthy(1), Healthy(2), Healthy(3)};
  EXPECT_EQ(Audit(&before, after({Entry(1, 310), Entry(2, 310)}), healthy), "");
  EXPECT_EQ(Audit(&before, after({Entry(1, 311), Entry(3, 310)}), healthy),
            "3:added 2:dropped 1:changed ");
  const AttributionList same = after({Entry(1, 310), Entry(2, 310)});
  std::vector<MemberRecord> members = healthy;
  members[0].details = {
      {.member_id = 1, .valid_from = Day2026(1, 1), .death_date = Day2026(6, 30)}};
  members[1].coverage[0].covered.to = Day2026(6, 1);
  EXPECT_EQ(Audit(&before, same, members), "1:deceased 2:terminated ");
  members = healthy;
  members[0].details = {{.member_id = 1, .valid_from = Day2026(1, 1), .death_date = Day2026(7, 1)}};
  members[1].coverage[0].covered.to = Day2026(6, 2);
  members[1].claims[0].service_from = MakeDate(2025, 6, 30);
  EXPECT_EQ(Audit(&before, same, members), "2:no_claims ");
  members[1].claims[0].service_from = MakeDate(2025, 7, 1);
  EXPECT_EQ(Audit(&before, same, members), "");
  EXPECT_EQ(Audit(&before, same, {healthy[0]}), "2:terminated ");
  EXPECT_EQ(Audit(nullptr, after({Entry(1, 310), Entry(1, 310, 1, 13, "silver")}), healthy),
            "1:added 1:duplicate ");
  EXPECT_EQ(Audit(nullptr, after({Entry(1, 310), Entry(1, 311, 1, 13, "silver")}), healthy),
            "1:added 1:two_providers ");
  EXPECT_EQ(Audit(nullptr, after({Entry(1, 320), Entry(2, 310)}), healthy, Network(true)),
            "1:added 2:added 1:ended_affiliation ");
  ListEntry elsewhere = Entry(1, 310);
  elsewhere.practice = PartyId(32);
  EXPECT_EQ(Audit(nullptr, after({elsewhere}), healthy), "1:added 1:ended_affiliation ");
}

// feature:A03
TEST(ListAudit, ADroppedMemberWhoDiedOrLeftIsNotLost) {
  const AttributionList before = FinalList({Entry(1, 310), Entry(2, 310), Entry(3, 310)});
  const AttributionList after = *NextVersion(&before, kContract, kYear, {});
  std::vector<MemberRecord> members = {Healthy(1), Healthy(2), Healthy(3)};
  members[0].details = {
      {.member_id = 1, .valid_from = Day2026(1, 1), .death_date = Day2026(6, 30)}};
  members[1].coverage[0].covered.to = Day2026(6, 1);
  const auto network = Network();
  ListAudit audit(&before, after, network, June());
  for (const MemberRecord& member : members) audit.Add(member);
  const auto findings = audit.Finish();
  ASSERT_THAT(findings, SizeIs(3));
  EXPECT_EQ(findings[0].detail, "died 2026-06-30");
  EXPECT_EQ(findings[1].detail, "no coverage in 2026-06");
  EXPECT_EQ(findings[2].detail, "");
}

// feature:H10
TEST(ListAudit, ClosedLocationRaisesOneFindingForEachMemberThereOnOrAfterTheDay) {
  std::vector<ListEntry> entries;
  std::vector<MemberRecord> members;
  for (std::int64_t id = 1; id <= 5; ++id) {
    entries.push_back(Entry(id, 310));
    entries.back().location = PartyId(id <= 3 ? 91 : 92);
    members.push_back(Healthy(id));
  }
  entries[0].attributed.to = Day2026(5, 10);  // gone the day the clinic closed
  entries[1].attributed.to = Day2026(5, 11);  // one day after
  const AttributionList list = *NextVersion(nullptr, kContract, kYear, entries);
  const auto network = Network();
  ListAudit audit(&list, list, network, June({{PartyId(91), Day2026(5, 10)}}));
  for (const MemberRecord& member : members) audit.Add(member);
  const auto findings = audit.Finish();
  ASSERT_THAT(findings, SizeIs(2));
  EXPECT_EQ(findings[0].kind, FindingKind::kClosedLocation);
  EXPECT_EQ(findings[0].member_id, 2);
  EXPECT_EQ(findings[1].member_id, 3);
  EXPECT_EQ(findings[1].party, PartyId(91));
  EXPECT_EQ(findings[1].detail, "closed 2026-05-10");
}

// feature:A03
TEST(ListAudit, CountsEqualTheDifferenceOfTheLists) {
  const auto seed = std::random_device()();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const auto pick = [&](unsigned below) { return static_cast<std::int64_t>(random() % below); };
  const auto network = Network();
  for (int round = 0; round < 300; ++round) {
    std::vector<ListEntry> old_entries, new_entries;
    std::map<std::int64_t, std::int64_t> old_provider, new_provider;
    for (std::int64_t member = 1; member <= 30; ++member) {
      if (pick(3) != 0) old_provider[member] = 310 + pick(2);
      if (pick(3) != 0) new_provider[member] = 310 + pick(2);
    }
    for (const auto& [member, provider] : old_provider) {
      old_entries.push_back(Entry(member, provider));
    }
    for (const auto& [member, provider] : new_provider) {
      new_entries.push_back(Entry(member, provider));
    }
    std::shuffle(new_entries.begin(), new_entries.end(), random);
    const AttributionList before = FinalList(old_entries);
    const AttributionList after = *NextVersion(&before, kContract, kYear, new_entries);
    std::int64_t added = 0, dropped = 0, changed = 0;
    for (const auto& [member, provider] : new_provider) {
      added += old_provider.contains(member) ? 0 : 1;
      changed += old_provider.contains(member) && old_provider.at(member) != provider ? 1 : 0;
    }
    for (const auto& [member, provider] : old_provider) {
      dropped += new_provider.contains(member) ? 0 : 1;
    }
    ListAudit audit(&before, after, network, June());
    for (std::int64_t member = 30; member >= 1; --member) audit.Add(Healthy(member));
    std::map<FindingKind, std::int64_t> counts;
    for (const Finding& finding : audit.Finish()) ++counts[finding.kind];
    ASSERT_EQ(counts[FindingKind::kAdded], added);
    ASSERT_EQ(counts[FindingKind::kDropped], dropped);
    ASSERT_EQ(counts[FindingKind::kChanged], changed);
    ASSERT_EQ(after.ActiveMembers() - before.ActiveMembers(), added - dropped);
    // The change types of the entries tell the same.
    std::map<ChangeType, std::int64_t> types;
    for (const ListEntry& entry : after.entries) ++types[entry.change];
    ASSERT_EQ(types[ChangeType::kNew], added);
    ASSERT_EQ(types[ChangeType::kChanged], changed);
    ASSERT_EQ(types[ChangeType::kDropped], dropped);
  }
}

// feature:A06
TEST(Erosion, EffectIsThePartsOfThoseWhoLeftAndCame) {
  const AttributionList before = FinalList({Entry(1, 310), Entry(2, 310)});
  const AttributionList after =
      *NextVersion(&before, kContract, kYear, {Entry(2, 310), Entry(3, 310)});
  const std::map<std::int64_t, MemberSpending> costs = {{1, {12, Money::FromCents(120'000)}},
                                                        {2, {12, Money::FromCents(240'000)}},
                                                        {3, {6, Money::FromCents(300'000)}}};
  const Erosion erosion = MeasureErosion(&before, after, costs);
  EXPECT_EQ(erosion.added, 1);
  EXPECT_EQ(erosion.dropped, 1);
  EXPECT_EQ(erosion.pmpm_before->ToString(), "150.00");  // 3,600.00 over 24 months
  EXPECT_EQ(erosion.pmpm_kept->ToString(), "200.00");
  EXPECT_EQ(erosion.pmpm_after->ToString(), "300.00");  // 5,400.00 over 18 months
  EXPECT_EQ(erosion.from_dropped->ToString(), "50.00");
  EXPECT_EQ(erosion.from_added->ToString(), "100.00");
  EXPECT_EQ(*erosion.effect, *erosion.from_dropped + *erosion.from_added);
  EXPECT_EQ(MeasureErosion(nullptr, after, costs).effect, std::nullopt);
}

}  // namespace
}  // namespace sluice::performance
