// The stored hierarchy: two times, refusals, and questions level by level.
#include "hierarchy/hierarchy_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <random>

#include "tests/support/test_database.h"

namespace sluice::hierarchy {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Date kDay = MakeDate(2026, 1, 1);
constexpr std::int64_t kHour = 3'600'000'000;

class HierarchyServiceTest : public ::testing::Test {
 protected:
  HierarchyServiceTest() : payer_(db_.NewPayer("Plan")), service_(db_.App(), db_.Clock()) {}

  PartyId NewId() { return db_.Ids().Next<PartyTag>(); }
  PartyId AddTo(ChangeSet& change, PartyKind kind, std::string_view name,
                std::span<const Identifier> identifiers = {}) {
    const PartyId id = NewId();
    change.AddParty({id, kind}, name, kDay, identifiers);
    return id;
  }
  // Applies an hour later than the change before.
  AppliedChange Apply(const ChangeSet& change) {
    db_.Clock().AdvanceMicros(kHour);
    const auto applied = service_.Apply(payer_, change, {.source = "test"});
    if (!applied.ok()) ADD_FAILURE() << StatusMessage(applied.status());
    return applied.value_or(AppliedChange{});
  }
  Status Refusal(const ChangeSet& change) {
    return service_.Apply(payer_, change, {.source = "test"}).status();
  }
  HierarchySnapshot On(Date day, std::optional<Instant> known_at = std::nullopt) {
    return service_.Snapshot(payer_, {day, known_at}).value();
  }

  testing::TestDatabase db_;
  PayerId payer_;
  HierarchyService service_;
};

ChangeSet Edge(PartyId parent, PartyId child, DateRange valid, bool withdrawn = false) {
  ChangeSet change;
  change.affiliations.push_back({parent, child, "member", valid, withdrawn});
  return change;
}

TEST_F(HierarchyServiceTest, FourPathsOverTwoPayersAndEachPartyOnce) {
  const Identifier npi{IdentifierType::kNpi, "", "1234567893"};
  ChangeSet change;
  const PartyId plan1 = AddTo(change, PartyKind::kPayer, "Plan One");
  const PartyId plan2 = AddTo(change, PartyKind::kPayer, "Plan Two");
  const PartyId aco1 = AddTo(change, PartyKind::kAco, "ACO One");
  const PartyId aco2 = AddTo(change, PartyKind::kAco, "ACO Two");
  const PartyId elm = AddTo(change, PartyKind::kPractice, "Elm");
  const PartyId oak = AddTo(change, PartyKind::kPractice, "Oak");
  const PartyId ash = AddTo(change, PartyKind::kProvider, "Dr. Ash", std::vector{npi});
  const DateRange open = DateRange::From(kDay);
  change.AddAffiliation(plan1, aco1, role::kMember, open);
  change.AddAffiliation(plan2, aco2, role::kMember, open);
  for (const PartyId practice : {elm, oak}) {
    change.AddAffiliation(aco1, practice, role::kParticipant, open);
    change.AddAffiliation(aco2, practice, role::kParticipant, open);
    change.AddAffiliation(practice, ash, role::kPhysician, open);
  }
  Apply(change);

  const AsOf now{kDay, std::nullopt};
  EXPECT_EQ(service_.FindByIdentifier(payer_, npi, now).value(), ash);
  EXPECT_THAT(service_.ListParents(payer_, ash, now).value(), SizeIs(2));
  EXPECT_THAT(service_.ListChildren(payer_, aco1, now).value(), SizeIs(2));
  EXPECT_THAT(service_.Ancestors(payer_, ash, now).value(),
              ElementsAre(plan1, plan2, aco1, aco2, elm, oak));
  EXPECT_THAT(service_.Descendants(payer_, plan2, now).value(), ElementsAre(aco2, elm, oak, ash));
  EXPECT_THAT(service_.Paths(payer_, plan1, ash, now).value(), SizeIs(2));
  const HierarchySnapshot above = service_.Above(payer_, ash, now).value();
  EXPECT_THAT(above.PathsFromRoots(ash).value(), SizeIs(4));
  // The whole snapshot and the side read level by level are the same here.
  EXPECT_EQ(above.ToText(), On(kDay).ToText());
  EXPECT_EQ(above.Find(ash)->identifiers, std::vector{npi});
}

// feature:H04
TEST_F(HierarchyServiceTest, ABackDatedEditChangesAsOfButNeverAsKnown) {
  ChangeSet change;
  const PartyId aco = AddTo(change, PartyKind::kAco, "ACO");
  const PartyId elm = AddTo(change, PartyKind::kPractice, "Elm");
  change.AddAffiliation(aco, elm, "member", DateRange::From(kDay));
  const Instant first = Apply(change).recorded_at;
  const HierarchySnapshot before = On(kDay + Days(90), first);
  EXPECT_THAT(before.Children(aco), SizeIs(1));

  // Learned later: it ended after a month.
  const DateRange month = DateRange::Between(kDay, MakeDate(2026, 2, 1));
  const Instant second = Apply(Edge(aco, elm, month)).recorded_at;
  EXPECT_THAT(On(kDay + Days(90)).Children(aco), IsEmpty());
  EXPECT_THAT(On(kDay).Children(aco), SizeIs(1));
  EXPECT_EQ(On(kDay + Days(90), first), before);

  // Learned later still: it never was.
  Apply(Edge(aco, elm, month, true));
  EXPECT_THAT(On(kDay).Children(aco), IsEmpty());
  EXPECT_THAT(On(kDay, second).Children(aco), SizeIs(1));
  EXPECT_EQ(On(kDay + Days(90), first), before);
  EXPECT_EQ(service_.PinnedSnapshot(payer_, before.Header()).value(), before);
  EXPECT_THAT(service_.ListParents(payer_, elm, {kDay, second}).value(), SizeIs(1));
  EXPECT_THAT(service_.ListParents(payer_, elm, {kDay, std::nullopt}).value(), IsEmpty());
  EXPECT_THAT(On(kDay, Instant::FromMicros(first.Micros() - 1)).Parties(), IsEmpty());
}

TEST_F(HierarchyServiceTest, ACycleIsRefusedWithItsPathAndNothingIsWritten) {
  ChangeSet change;
  const PartyId a = AddTo(change, PartyKind::kAco, "A");
  const PartyId b = AddTo(change, PartyKind::kIpa, "B");
  const PartyId c = AddTo(change, PartyKind::kIpa, "C");
  change.AddAffiliation(a, b, "member", DateRange::From(kDay));
  change.AddAffiliation(b, c, "member", DateRange::From(kDay));
  const AppliedChange applied = Apply(change);
  ChangeSet closing = Edge(c, a, DateRange::From(kDay + Days(30)));
  AddTo(closing, PartyKind::kAco, "Bystander");
  const Status refused = Refusal(closing);
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(refused), AllOf(HasSubstr("CYCLE: on 2026-01-31"), HasSubstr("A (pty_"),
                                            HasSubstr(" > B (pty_"), HasSubstr(" > C (pty_")));
  EXPECT_EQ(On(kDay).Header().version, applied.version);
  EXPECT_THAT(On(kDay).Parties(), SizeIs(3));
}

TEST_F(HierarchyServiceTest, WhatWasKnownEarlierIsSettled) {
  ChangeSet change;
  AddTo(change, PartyKind::kAco, "A");
  const AppliedChange applied = Apply(change);
  ChangeSet late;
  AddTo(late, PartyKind::kAco, "B");
  const auto earlier = Instant::FromMicros(applied.recorded_at.Micros() - 1);
  const auto refused = service_.Apply(payer_, late, {.source = "test", .recorded_at = earlier});
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  // A clock that has stepped back does not stop the work.
  db_.Clock().AdvanceMicros(-2 * kHour);
  EXPECT_EQ(service_.Apply(payer_, late, {.source = "test"}).value().recorded_at,
            applied.recorded_at);
}

TEST_F(HierarchyServiceTest, AnEmptyChangeRecordsNothing) {
  EXPECT_EQ(Apply({}).version, 0);
  ChangeSet change;
  AddTo(change, PartyKind::kAco, "A");
  EXPECT_EQ(Apply(change).version, 1);
  EXPECT_EQ(Apply({}).version, 1);
}

TEST_F(HierarchyServiceTest, PayersDoNotSeeEachOther) {
  ChangeSet change;
  const PartyId aco = AddTo(change, PartyKind::kAco, "A");
  Apply(change);
  const PayerId other = db_.NewPayer("Other plan");
  EXPECT_THAT(service_.Snapshot(other, {kDay, {}}).value().Parties(), IsEmpty());
  EXPECT_EQ(service_.Below(other, aco, {kDay, {}}).status().code(), absl::StatusCode::kNotFound);
  // The same identifier may stand for another party of another payer.
  ChangeSet theirs;
  const PartyId own = AddTo(theirs, PartyKind::kAco, "A");
  EXPECT_TRUE(service_.Apply(other, theirs, {.source = "test"}).ok());
  EXPECT_EQ(service_.Apply(other, Edge(own, aco, DateRange::From(kDay)), {.source = "test"})
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(HierarchyServiceTest, UnknownThingsAreNotFound) {
  const AsOf now{kDay, std::nullopt};
  EXPECT_EQ(service_.Above(payer_, NewId(), now).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(service_.FindByIdentifier(payer_, {IdentifierType::kNpi, "", "1234567893"}, now)
                .status()
                .code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(service_.PinnedSnapshot(payer_, {kDay, 1}).status().code(),
            absl::StatusCode::kNotFound);
}

// The service's role can add, and nothing else.
TEST_F(HierarchyServiceTest, RecordedRowsCannotBeChangedOrDeleted) {
  ChangeSet change;
  const PartyId a = AddTo(change, PartyKind::kAco, "A");
  const PartyId b = AddTo(change, PartyKind::kIpa, "B");
  change.AddAffiliation(a, b, "member", DateRange::From(kDay));
  Apply(change);
  for (const char* statement :
       {"UPDATE hierarchy.affiliation SET valid_to = NULL", "DELETE FROM hierarchy.affiliation",
        "UPDATE hierarchy.party SET kind = 3", "TRUNCATE hierarchy.party_detail",
        "UPDATE hierarchy.change SET recorded_at = recorded_at"}) {
    const Status status = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) {
      tx.RunScript(statement);
      return OkStatus();
    });
    EXPECT_FALSE(status.ok()) << statement;
  }
}

// feature:H04
TEST_F(HierarchyServiceTest, RandomEditsNeverChangeWhatWasKnown) {
  const auto seed = static_cast<unsigned>(std::random_device{}());
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  const auto pick = [&](std::size_t below) { return random() % below; };
  std::vector<PartyId> parties;
  ChangeSet start;
  for (int i = 0; i < 12; ++i) {
    parties.push_back(AddTo(start, PartyKind::kIpa, "Network " + std::to_string(i)));
  }
  Apply(start);
  Knowledge model = Merge({}, start, 1);  // what the store must have, kept without it
  struct Answer {
    Date day;
    Instant known_at;
    std::string text;
  };
  std::vector<Answer> answers;
  int applied = 0;
  for (int round = 0; round < 80; ++round) {
    ChangeSet change;
    for (std::size_t i = 0, edits = 1 + pick(3); i < edits; ++i) {
      const Date from = kDay + Days(pick(60));
      DateRange valid = DateRange::From(from);
      if (pick(2) == 0) valid.to = from + Days(1 + pick(40));
      // Half of the edits correct a span that is known.
      if (pick(2) == 0 && !model.affiliations.empty()) {
        Affiliation known = model.affiliations[pick(model.affiliations.size())];
        known.withdrawn = pick(3) == 0;
        known.valid.to = known.valid.from + Days(1 + pick(40));
        change.affiliations.push_back(known);
      } else {
        change.affiliations.push_back(
            {parties[pick(12)], parties[pick(12)], "member", valid, false});
      }
    }
    if (pick(3) == 0) {
      change.details.push_back(
          {parties[pick(12)], kDay + Days(pick(60)), "Renamed " + std::to_string(round), {}});
    }
    db_.Clock().AdvanceMicros(kHour);
    const auto outcome = service_.Apply(payer_, change, {.source = "random"});
    if (!outcome.ok()) continue;
    ++applied;
    model = Merge(model, change, outcome->version);
    const Date day = kDay + Days(pick(70));
    ASSERT_EQ(On(day), model.AsOf(day).value()) << "seed " << seed;
    answers.push_back({day, outcome->recorded_at, On(day).ToText()});
    for (const Answer& answer : answers) {
      ASSERT_EQ(On(answer.day, answer.known_at).ToText(), answer.text) << "seed " << seed;
    }
    // Level by level gives what the whole snapshot gives.
    const HierarchySnapshot whole = On(day);
    const PartyId party = parties[pick(12)];
    const AsOf as_of{day, std::nullopt};
    ASSERT_EQ(service_.Ancestors(payer_, party, as_of).value(), whole.Ancestors(party));
    ASSERT_EQ(service_.Below(payer_, party, as_of).value(), whole.Under(party)) << "seed " << seed;
  }
  EXPECT_GT(applied, 8) << "seed " << seed;
}

// Eight levels, two parents each: 100,800 affiliations in one change, then one party's paths.
TEST_F(HierarchyServiceTest, DepthSixAndMoreOverAHundredThousandEdges) {
  constexpr std::size_t kPerLevel = 7200;
  ChangeSet change;
  std::vector<PartyId> ids;
  for (std::size_t i = 0; i < 8 * kPerLevel; ++i) {
    ids.push_back(AddTo(change, PartyKind::kIpa, "Network"));
  }
  for (std::size_t child = kPerLevel; child < ids.size(); ++child) {
    const std::size_t up = (child / kPerLevel - 1) * kPerLevel;
    const std::size_t i = child % kPerLevel;
    for (const std::size_t parent : {up + i, up + (i + 1) % kPerLevel}) {
      change.AddAffiliation(ids[parent], ids[child], "member", DateRange::From(kDay));
    }
  }
  using Clock = std::chrono::steady_clock;
  const auto millis = [](Clock::duration took) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  };
  const auto start = Clock::now();
  Apply(change);
  const auto applied = Clock::now();
  const AsOf now{kDay, std::nullopt};
  EXPECT_THAT(service_.Ancestors(payer_, ids.back(), now).value(), SizeIs(35));
  const auto first = Clock::now();
  EXPECT_THAT(service_.Above(payer_, ids.back(), now)->PathsFromRoots(ids.back()).value(),
              SizeIs(128));
  const auto second = Clock::now();
  EXPECT_EQ(On(kDay).Edges().size(), 100'800u);
  std::cout << "apply " << millis(applied - start) << " ms, ancestors " << millis(first - applied)
            << " ms, paths " << millis(second - first) << " ms, snapshot "
            << millis(Clock::now() - second) << " ms\n";
}

}  // namespace
}  // namespace sluice::hierarchy
