// Whatever was edited in whatever order: calculating what an edit touches gives the same as
// calculating everything from the final facts, and what was known before stays as it was.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

#include "performance/package.h"
#include "tests/performance/recalculation/world.h"
#include "tests/performance/sample_settlements.h"

namespace sluice::performance {
namespace {

using testing::kAco1;
using testing::kAco2;
using testing::kDoctorA;
using testing::kDoctorB;
using testing::kOffice1;
using testing::kOffice2;
using testing::kSavings1;
using testing::kSavings2;
using testing::World;

using Edit = std::function<void(World&)>;

// Random edits of every kind, with all their values drawn: applied to two worlds they are the same.
class RandomEdits {
 public:
  explicit RandomEdits(unsigned seed) : random_(seed) {}

  // What is known before the first calculation.
  std::vector<Edit> Beginning() {
    std::vector<Edit> edits;
    for (int i = 0; i < 24; ++i) edits.push_back(NewActivity());
    for (int i = 0; i < 8; ++i) edits.push_back(NewMember());
    return edits;
  }

  Edit Next() {
    switch (Up(13)) {
      case 0:
      case 1:
        return SavingsFact();
      case 2:
        return WeightFact();
      case 3:
        return Departure();
      case 4:
        return Arrival();
      case 5:
        return SavingsTerms();
      case 6:
      case 7:
        return NewActivity();
      case 8:
        return Void();
      case 9:
        return ActivityPrice();
      case 10:
        return NewMember();
      case 11:
        return PanelRate();
      default:
        return MemberChange();
    }
  }

 private:
  int Up(int most) { return std::uniform_int_distribution<int>(0, most)(random_); }
  PartyId PracticeOf(PartyId aco) { return PartyId(aco.Value() + 1 + Up(2)); }

  Edit SavingsFact() {
    const ContractId contract = Up(1) == 0 ? kSavings1 : kSavings2;
    const std::int64_t dollars = (Up(80) - 30) * 100'000 + Up(999);
    return [=](World& world) { world.Savings(contract, dollars); };
  }
  Edit WeightFact() {
    const bool first = Up(1) == 0;
    const PartyId practice = PracticeOf(first ? kAco1 : kAco2);
    const std::int64_t months = Up(4) == 0 ? 0 : Up(9'000);
    return [=](World& world) { world.Weight(first ? kSavings1 : kSavings2, practice, months); };
  }
  // Ends an affiliation, withdraws it, or gives it back.
  Edit Departure() {
    const PartyId aco = Up(1) == 0 ? kAco1 : kAco2;
    const PartyId practice = PracticeOf(aco);
    DateRange valid = DateRange::From(MakeDate(2020, 1, 1));
    if (Up(2) != 0) valid.to = MakeDate(2023, 6, 1) + Days(Up(1'000));
    // A span that is withdrawn cannot be withdrawn again: it is given another end first.
    return [=](World& world) { world.Affiliate(aco, practice, valid); };
  }
  Edit Arrival() {
    const PartyId aco = Up(1) == 0 ? kAco1 : kAco2;
    const PartyId practice(aco.Value() + 50 + ++arrivals_);
    const std::int64_t months = 1 + Up(5'000);
    return [=](World& world) { world.AddPractice(aco, practice, months); };
  }
  Edit SavingsTerms() {
    const ContractId contract = Up(1) == 0 ? kSavings1 : kSavings2;
    const std::int64_t keep = Up(60);
    return [=](World& world) { world.SavingsTermsVersion(contract, keep); };
  }
  // Few members and codes, so that many are duplicates.
  Edit NewActivity() {
    const std::int64_t id = ++activities_;
    const PartyId doctor = Up(1) == 0 ? kDoctorA : kDoctorB;
    const std::int64_t member = 1 + Up(9);
    const int code = Up(4);
    const Date service = MakeDate(2025, 1, 1) + Days(Up(364));
    const Date received = service + Days(Up(250));
    return [=](World& world) { world.Activity(id, doctor, member, code, service, received); };
  }
  Edit Void() {
    const std::int64_t id = 1 + Up(static_cast<int>(activities_) - 1);
    return [=](World& world) { world.VoidActivity(id); };
  }
  Edit ActivityPrice() {
    const std::int64_t cents = 100 + Up(9'000);
    return [=](World& world) { world.SetActivityPrice(cents); };
  }
  Edit NewMember() {
    const std::int64_t member = ++members_;
    births_.push_back(MakeDate(1935 + Up(85), 1 + static_cast<unsigned>(Up(11)), 15));
    return Span(member, member, Up(2) == 0);
  }
  // Another end, payee or birth of a known span; or it never was.
  Edit MemberChange() {
    const std::int64_t member = 1 + Up(static_cast<int>(members_) - 1);
    if (Up(5) == 0) births_[static_cast<std::size_t>(member - 1)] -= Days(365 * Up(9));
    return Span(member, member, Up(2) != 0);
  }
  Edit Span(std::int64_t member, std::int64_t span, bool ends) {
    const Date birth = births_[static_cast<std::size_t>(member - 1)];
    DateRange valid = DateRange::From(MakeDate(2026, 4, 1) + Days(Up(70)));
    if (ends) valid.to = valid.from + Days(1 + Up(100));
    const PartyId payee = Up(1) == 0 ? kOffice1 : kOffice2;
    const bool retracted = Up(11) == 0;
    return [=](World& world) { world.Panel(member, span, payee, valid, birth, retracted); };
  }
  Edit PanelRate() {
    const Month from(2026, 1 + static_cast<unsigned>(Up(6)));
    const std::int64_t cents = 1'000 + Up(7'000);
    return [=](World& world) { world.PanelRate(from, cents); };
  }

  std::mt19937 random_;
  std::int64_t activities_ = 0;
  std::int64_t members_ = 0;
  std::int64_t arrivals_ = 0;
  std::vector<Date> births_;
};

struct Kept {
  StoredAward award;
  std::vector<SplitShare> shares;
  std::string package;
};

std::vector<Kept> KeepAll(World& world) {
  std::vector<Kept> kept;
  for (const StoredAward& award : world.AllVersions()) {
    kept.push_back({award, world.SharesOf(award),
                    world.programs.Package(World::KeyOf(award)).value()});
  }
  return kept;
}

// The award, its shares, its package and a calculation from what was known then: byte for byte.
void ExpectAsKnown(World& world, const std::vector<Kept>& kept) {
  for (const Kept& before : kept) {
    const StoredAward& award = before.award;
    const AwardKey key = World::KeyOf(award);
    const auto history = world.History(award.contract, award.period);
    EXPECT_EQ(history.at(static_cast<std::size_t>(award.version - 1)), award);
    EXPECT_EQ(world.SharesOf(award), before.shares);
    EXPECT_EQ(world.programs.Package(key).value(), before.package);
    const auto snapshot = world.hierarchy.PinnedSnapshot(
        world.payer, {.as_of = award.hierarchy_as_of, .version = award.hierarchy_version});
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    EXPECT_EQ(world.programs.RecalculateAsKnown(key, *snapshot).value(), before.package);
  }
}

// Deltas telescope, and each is explained to the cent.
void ExpectDeltasExplained(World& world) {
  std::map<std::pair<ContractId, Date>, Money> payable;
  for (const StoredAward& award : world.AllVersions()) {
    if (award.status == AwardStatus::kBlocked) continue;
    Money& last = payable[{award.contract, award.period.from}];
    EXPECT_EQ(award.delta, award.payable - last);
    last = award.payable;
    EXPECT_TRUE(CheckSplit(award.payable, world.SharesOf(award)).ok());
    if (award.version == 1) continue;
    Money sum;
    for (const DeltaCause& cause : world.Causes(award)) sum += cause.amount;
    EXPECT_EQ(sum, award.delta) << award.contract.ToString() << " version " << award.version;
    EXPECT_FALSE(world.Causes(award).empty());
  }
}

// What the two owe differently, and what was decided about every edit, for whoever looks into it.
std::string Differences(World& incremental, World& full) {
  const auto ours = incremental.Owed();
  const auto theirs = full.Owed();
  if (ours == theirs) return "";
  std::string text;
  const auto compare = [&](const auto& some, const auto& others, std::string_view name) {
    for (const auto& [key, amount] : some) {
      const auto other = others.find(key);
      if (other != others.end() && other->second == amount) continue;
      const auto& [contract, period, party] = key;
      text += fmt::format("{}: {} {} {} {}\n", name, contract, period, party, amount);
    }
  };
  compare(ours, theirs, "incremental");
  compare(theirs, ours, "full");
  const Instant now = incremental.db.Clock().Now();
  const auto events = incremental.recalculation.Events(Instant(), now);
  for (const ChangeEvent& event : *events) {
    text += fmt::format("{} {} {} {}\n", event.recorded_at.ToString(), EditKindName(event.kind),
                        event.affected.ToString(), event.cause);
    const auto decisions = incremental.recalculation.Decisions(event.id);
    for (const ChangeDecision& decision : *decisions) {
      text += fmt::format("    {} {}: {}\n", decision.contract, decision.period.ToString(),
                          decision.judgment.reason);
    }
  }
  return text;
}

void ExpectIncrementalEqualsFull(unsigned seed, int edits) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomEdits random(seed);
  std::mt19937 pace(seed + 1);
  std::vector<Edit> all = random.Beginning();

  World incremental;
  for (const Edit& edit : all) edit(incremental);
  incremental.CalculateAll();
  const std::vector<Kept> first = KeepAll(incremental);
  std::vector<Kept> middle;
  for (int i = 0; i < edits; ++i) {
    all.push_back(random.Next());
    all.back()(incremental);
    if (pace() % 4 == 0) incremental.Correct();
    if (i == edits / 2) middle = KeepAll(incremental);
  }
  incremental.Correct();
  // Nothing is left: everything again changes nothing.
  EXPECT_EQ(incremental.Correct().new_versions, 0);

  World full;
  for (const Edit& edit : all) edit(full);
  full.CalculateAll();
  EXPECT_EQ(Differences(incremental, full), "");
  ExpectAsKnown(incremental, first);
  ExpectAsKnown(incremental, middle);
  ExpectDeltasExplained(incremental);
}

// feature:P7 feature:P5 feature:H04
TEST(RecalculationProperty, IncrementalEqualsFullAndAsKnownStaysByteForByte) {
  unsigned seed = testing::PrintedSeed();
  for (const int edits : {50, 15, 15}) ExpectIncrementalEqualsFull(seed++, edits);
}

// One edit of each kind, of something that was calculated.
std::vector<std::pair<EditKind, Edit>> OneOfEach() {
  const Date birth = MakeDate(1980, 5, 5);
  const DateRange left = DateRange::Between(MakeDate(2020, 1, 1), MakeDate(2024, 7, 1));
  const DateRange since = DateRange::From(MakeDate(2026, 4, 1));
  return {
      {EditKind::kFact, [](World& world) { world.Savings(kSavings1, 1'000'000); }},
      {EditKind::kAffiliation,
       [=](World& world) { world.Affiliate(kAco1, PartyId(101), left); }},
      {EditKind::kTerms, [](World& world) { world.SavingsTermsVersion(kSavings2, 40); }},
      {EditKind::kActivity,
       [](World& world) {
         world.Activity(2, kDoctorA, 7, 1, MakeDate(2025, 5, 5), MakeDate(2025, 6, 1));
       }},
      {EditKind::kActivityVoid, [](World& world) { world.VoidActivity(1); }},
      {EditKind::kPanel,
       [=](World& world) { world.Panel(2, 2, kOffice2, since, birth); }},
  };
}

// The comparison is worth something: with one kind of edit not run, the world owes other amounts
// than a calculation of everything.
TEST(RecalculationProperty, AKindOfEditThatIsNotRunIsADifference) {
  World world;
  world.Activity(1, kDoctorB, 3, 0, MakeDate(2025, 2, 2), MakeDate(2025, 3, 1));
  world.Panel(1, 1, kOffice1, DateRange::From(MakeDate(2026, 4, 1)), MakeDate(1990, 1, 1));
  world.CalculateAll();
  for (const auto& [kind, edit] : OneOfEach()) {
    const std::string name(EditKindName(kind));
    SCOPED_TRACE(name);
    const std::string rules =
        fmt::format("[[rule]]\nkinds = [\"{}\"]\nrun = \"never\"\n[[rule]]\n", name);
    ASSERT_TRUE(world.recalculation.SetRules(rules, "test").ok());
    edit(world);
    EXPECT_EQ(world.Correct().calculations, 0);
    const auto stale = world.Owed();
    world.CalculateSavings();
    for (int quarter = 1; quarter <= 4; ++quarter) world.CalculateQuarter(quarter);
    world.RunMonth(7);
    EXPECT_NE(world.Owed(), stale);
  }
}

}  // namespace
}  // namespace sluice::performance
