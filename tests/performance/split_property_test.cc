// Random splits as terms over random hierarchies, up to six levels deep: every level sums to its
// parent to the cent, and each share is what an independent calculation gives.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>

#include "performance/participants.h"
#include "performance/split.h"

namespace sluice::performance {
namespace {

const DateRange kPeriod = DateRange::Year(2025);
const Date kPayDate = MakeDate(2026, 3, 1);
constexpr std::int64_t kBases = 9;  // all but role pools

// --- The independent calculation ----------------------------------------------------------------
//
// Works in whole numbers on its own reading of the terms: cents by largest remainder over integer
// weights. It knows keep shares, fixed-first items, pools, quality steps, standing, pro-rating by
// days and forfeits; trees with floors and caps are checked by their bounds instead.

__extension__ using Wide = __int128;

struct Weighed {
  std::int64_t id = 0;
  Wide weight = 0;
};

// Largest remainder, ties to the lowest id.
std::map<std::int64_t, std::int64_t> ByRemainder(std::int64_t cents, std::vector<Weighed> parts) {
  std::ranges::sort(parts, {}, &Weighed::id);
  Wide sum = 0;
  for (const Weighed& part : parts) sum += part.weight;
  std::map<std::int64_t, std::int64_t> shares;
  std::vector<std::pair<Wide, std::int64_t>> rests;  // (-remainder, id): the largest first
  std::int64_t given = 0;
  for (const Weighed& part : parts) {
    const Wide product = part.weight * cents;
    shares[part.id] = static_cast<std::int64_t>(product / sum);
    given += shares[part.id];
    rests.emplace_back(-(product % sum), part.id);
  }
  std::ranges::sort(rests);
  for (std::size_t i = 0; given < cents; ++i, ++given) ++shares[rests[i].second];
  return shares;
}

// Days of [from, to) inside 2025.
std::int64_t DaysIn2025(Date from, Date to) {
  std::int64_t days = 0;
  for (Date day = kPeriod.from; day < *kPeriod.to; day += Days(1)) {
    if (day >= from && day < to) ++days;
  }
  return days;
}

// --- Random input -------------------------------------------------------------------------------

// What the test knows about a person beside its facts.
struct Known {
  std::int64_t id = 0;
  bool physician = true;
  bool stands = true;
  std::int64_t days = 365;  // affiliated in 2025
  std::int64_t months = 0;  // and every other weight
  std::int64_t risk_tenths = 0;
  std::int64_t score = 0;  // percent
  std::vector<Known> below;
};

class SplitProperty : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* fixed = std::getenv("SLUICE_TEST_SEED");
    seed_ = fixed ? static_cast<unsigned>(std::stoul(fixed)) : std::random_device{}();
    random_.seed(seed_);
    std::printf("seed %u\n", seed_);
  }
  std::int64_t Up(std::int64_t limit) {
    return std::uniform_int_distribution<std::int64_t>(0, limit)(random_);
  }

  Participant Party(Known& known, int levels) {
    known.id = ++next_id_;
    known.physician = Up(2) > 0;
    known.months = Up(20) == 0 ? 0 : 1 + Up(5'000);
    known.risk_tenths = 5 + Up(20);
    known.score = Up(100);
    known.stands = Up(8) > 0;
    Date from = MakeDate(2020, 1, 1);
    if (Up(3) == 0) from = MakeDate(2025, 1, 1) + Days(Up(364));
    Date to = MakeDate(2030, 1, 1);
    if (!known.stands) to = std::min(kPayDate, from + Days(1 + Up(600)));
    known.stands = to > kPayDate;
    known.days = DaysIn2025(from, to);
    Facts facts;
    facts.SetText(kAffiliationFact,
                  FormatAffiliation(std::vector<RoleSpan>{
                      {known.physician ? "physician" : "employee", DateRange::Between(from, to)}}));
    for (const char* name : {"member_months", "points", "rvu", "fte", "chosen"}) {
      facts.SetCount(name, known.months);
    }
    facts.SetAmount("allowed_amount", Money::FromCents(known.months * 100));
    facts.SetRatio("risk_score", Ratio(known.risk_tenths, 10));
    facts.SetRatio("score", Ratio(known.score, 100));
    Participant party{.party = PartyId(known.id), .name = "p", .facts = std::move(facts)};
    if (levels == 0) return party;
    for (std::int64_t i = Up(4); i > 0; --i) {
      known.below.emplace_back();
      Participant child = Party(known.below.back(), levels - 1);
      party.children.push_back(std::move(child));
    }
    return party;
  }

  template <typename Rule>
  void Weights(Rule& rule) {
    do {
      rule.basis = static_cast<SplitBasis>(Up(kBases - 1));
    } while (rule.basis == SplitBasis::kManual);
    if (rule.basis == SplitBasis::kWeights) rule.weight_name = "chosen";
    rule.forfeit_to = static_cast<ForfeitTo>(Up(2));
    if (Up(2) == 0) {
      rule.refinement.quality = ScoreFactor{
          .fact = "score", .steps = {{Ratio(40, 100), Ratio(1, 2)}, {Ratio(80, 100), Ratio(1)}}};
    }
    if (Up(2) == 0) rule.refinement.proration = Proration::kDays;
  }

  Split Terms(int levels) {
    Split split{.levels = {}, .losses = LossSplit::kMirrored};
    split.membership = Membership::kDuringPeriod;
    for (int i = 0; i < levels; ++i) {
      SplitLevel level{.keep = Rate::FromPercent(Up(1) == 0 ? 0 : Up(60))};
      level.forfeit_to = static_cast<ForfeitTo>(Up(2));
      if (Up(2) == 0) {
        level.fixed_first.push_back({.label = "reserve", .amount = Rate::FromPercent(1 + Up(9))});
      }
      if (Up(2) == 0) {
        level.fixed_first.push_back(
            {.label = "administration", .amount = Money::FromCents(1 + Up(3'000))});
      }
      if (Up(2) == 0) {
        level.basis = SplitBasis::kRolePools;
        const std::int64_t open = 100 - level.keep.Millionths() / 10'000;
        const std::int64_t first = 1 + Up(open - 2);
        level.pools = {
            {.name = "a", .share = Rate::FromPercent(first), .roles = {"physician"}},
            {.name = "b", .share = Rate::FromPercent(open - first), .roles = {"employee"}}};
        for (RolePool& pool : level.pools) Weights(pool);
      } else {
        Weights(level);
      }
      split.levels.push_back(std::move(level));
    }
    return split;
  }

  unsigned seed_ = 0;
  std::mt19937 random_;
  std::int64_t next_id_ = 0;
};

// --- The expected amounts -----------------------------------------------------------------------

struct Expected {
  std::map<std::string, std::int64_t> amounts;  // by path
};

template <typename Rule>
Wide WeightOf(const Rule& rule, const Known& known) {
  Wide weight = 1;
  if (rule.basis == SplitBasis::kRiskWeightedMemberMonths) {
    weight = static_cast<Wide>(known.months) * known.risk_tenths;
  } else if (rule.basis != SplitBasis::kEqual) {
    weight = known.months;
  }
  if (rule.refinement.quality) weight *= known.score >= 80 ? 2 : known.score >= 40 ? 1 : 0;
  if (rule.refinement.proration == Proration::kDays) weight *= known.days;
  return weight;
}

// Half away from zero of cents x percent.
std::int64_t PercentOf(std::int64_t cents, std::int64_t percent) {
  return (cents * percent * 2 + 100) / 200;
}

std::int64_t SplitOne(const Split& split, const Known& known, std::size_t depth,
                      const std::string& path, std::int64_t received, Expected& out);

// Divides over members; returns what comes back to whoever divides.
template <typename Rule>
std::int64_t Members(const Split& split, const Rule& rule, const std::vector<const Known*>& members,
                     std::size_t depth, const std::string& path, std::int64_t pool, Expected& out) {
  std::vector<Weighed> parts;
  for (const Known* member : members) {
    const bool out_of_pool = !member->stands && rule.forfeit_to == ForfeitTo::kPool;
    const Wide weight = out_of_pool ? 0 : WeightOf(rule, *member);
    if (weight > 0) parts.push_back({member->id, weight});
  }
  std::map<std::int64_t, std::int64_t> shares;
  std::int64_t back = 0;
  std::int64_t payer = 0;
  if (parts.empty()) {
    back = pool;
  } else {
    shares = ByRemainder(pool, parts);
  }
  for (const Known* member : members) {
    std::int64_t share = shares[member->id];
    if (!member->stands) {
      (rule.forfeit_to == ForfeitTo::kPayer ? payer : back) += share;
      share = 0;
    }
    back +=
        SplitOne(split, *member, depth + 1, path + "/" + std::to_string(member->id), share, out);
  }
  if (payer > 0) out.amounts[path + "/0"] = payer;
  return back;
}

std::int64_t Pools(const Split& split, const SplitLevel& level, const Known& known,
                   std::size_t depth, const std::string& path, std::int64_t pool, Expected& out) {
  std::vector<Weighed> parts;
  std::vector<std::vector<const Known*>> members(2);
  std::vector<bool> open(2);
  for (const Known& child : known.below) members[child.physician ? 0 : 1].push_back(&child);
  for (std::size_t p = 0; p < 2; ++p) {
    open[p] = std::ranges::any_of(
        members[p], [&](const Known* m) { return m->stands && WeightOf(level.pools[p], *m) > 0; });
    if (open[p] || level.forfeit_to != ForfeitTo::kPool) {
      parts.push_back({static_cast<std::int64_t>(p) - 2, level.pools[p].share.Millionths()});
    }
  }
  std::int64_t back = 0;
  std::int64_t payer = 0;
  std::map<std::int64_t, std::int64_t> shares;
  if (parts.empty()) {
    back = pool;
  } else {
    shares = ByRemainder(pool, parts);
  }
  for (std::size_t p = 0; p < 2; ++p) {
    const std::int64_t id = static_cast<std::int64_t>(p) - 2;
    std::int64_t share = shares[id];
    if (!open[p]) {
      (level.forfeit_to == ForfeitTo::kPayer ? payer : back) += share;
      share = 0;
    }
    const std::string below = path + "/" + std::to_string(id);
    out.amounts[below] = 0;
    back += Members(split, level.pools[p], members[p], depth, below, share, out);
  }
  if (payer > 0) out.amounts[path + "/0"] = payer;
  return back;
}

// Nothing comes back from a party: it keeps what it cannot pass on.
std::int64_t SplitOne(const Split& split, const Known& known, std::size_t depth,
                      const std::string& path, std::int64_t received, Expected& out) {
  if (depth >= split.levels.size()) {
    out.amounts[path] = received;
    return 0;
  }
  const SplitLevel& level = split.levels[depth];
  const bool divides = !known.below.empty() || !level.fixed_first.empty() || !level.pools.empty();
  if (!divides) {
    out.amounts[path] = received;
    return 0;
  }
  const std::int64_t percent = level.keep.Millionths() / 10'000;
  std::int64_t kept = 0;
  if (received > 0) kept = ByRemainder(received, {{1, percent}, {2, 100 - percent}})[1];
  std::int64_t pool = received - kept;
  const auto items = static_cast<std::int64_t>(level.fixed_first.size());
  const auto pools = static_cast<std::int64_t>(level.pools.size());
  for (std::int64_t i = 0; i < items; ++i) {
    const FixedItem& item = level.fixed_first[static_cast<std::size_t>(i)];
    const auto* share = std::get_if<Rate>(&item.amount);
    const std::int64_t due = share != nullptr ? PercentOf(received, share->Millionths() / 10'000)
                                              : std::get<Money>(item.amount).Cents();
    const std::int64_t paid = std::min(due, pool);
    out.amounts[path + "/" + std::to_string(i - items - pools)] = paid;
    pool -= paid;
  }
  if (level.basis == SplitBasis::kRolePools) {
    kept += Pools(split, level, known, depth, path, pool, out);
  } else {
    std::vector<const Known*> members;
    for (const Known& child : known.below) members.push_back(&child);
    kept += Members(split, level, members, depth, path, pool, out);
  }
  out.amounts[path] = kept;
  return 0;
}

// --- The properties -----------------------------------------------------------------------------

// feature:M10
TEST_F(SplitProperty, EveryLevelSumsAndEveryShareIsTheIndependentOne) {
  for (int round = 0; round < 400; ++round) {
    const int levels = 1 + static_cast<int>(Up(5));
    const Split split = Terms(levels);
    ASSERT_EQ(ValidateSplit(split), OkStatus()) << "seed " << seed_ << " " << DescribeSplit(split);
    next_id_ = 0;
    Known known;
    const Participant root = Party(known, levels);
    const auto tree = BuildSplitTree(split, root, {.standing_day = kPayDate, .period = kPeriod});
    ASSERT_TRUE(tree.ok()) << tree.status() << " seed " << seed_;
    const Money award = Money::FromCents(Up(3'000'000) - 500'000);
    const auto shares = SplitAward(award, *tree, split.losses);
    ASSERT_TRUE(shares.ok()) << shares.status() << " seed " << seed_;
    ASSERT_TRUE(CheckSplit(award, *shares).ok()) << "seed " << seed_;

    Expected expected;
    const std::int64_t sign = award < Money() ? -1 : 1;
    SplitOne(split, known, 0, "1", award.Cents() * sign, expected);
    for (const SplitShare& share : *shares) {
      const auto found = expected.amounts.find(share.path);
      ASSERT_NE(found, expected.amounts.end()) << share.path << " seed " << seed_;
      ASSERT_EQ(share.amount.Cents(), found->second * sign)
          << share.path << " seed " << seed_ << "\n"
          << DescribeSplit(split) << "\n"
          << SplitToText(*shares);
      expected.amounts.erase(found);
    }
    for (const auto& [path, amount] : expected.amounts) {
      ASSERT_EQ(amount, 0) << path << " seed " << seed_;
    }
  }
}

TEST_F(SplitProperty, EarnedPartsFloorsAndCapsBalanceAndStayInBounds) {
  for (int round = 0; round < 400; ++round) {
    SplitLevel level{.basis = SplitBasis::kMemberMonths, .forfeit_to = ForfeitTo::kParent};
    level.forfeit_to = Up(1) == 0 ? ForfeitTo::kParent : ForfeitTo::kPayer;
    level.refinement.earned = {
        {.share = Rate::FromPercent(100), .by = {.fact = "score", .steps = {}}}};
    level.refinement.redistribution =
        Redistribution{.share = Rate::FromPercent(1 + Up(99)), .when = {{"score", Ratio(1, 2)}}};
    if (Up(1) == 0) level.cap = Money::FromCents(1 + Up(200'000));
    const Split split{.levels = {level}, .losses = LossSplit::kMirrored};
    ASSERT_EQ(ValidateSplit(split), OkStatus());
    next_id_ = 0;
    Known known;
    const Participant root = Party(known, 1);
    const auto tree = BuildSplitTree(split, root, {.standing_day = kPayDate, .period = kPeriod});
    ASSERT_TRUE(tree.ok()) << tree.status();
    const Money award = Money::FromCents(Up(1'000'000));
    const auto shares = SplitAward(award, *tree, split.losses);
    ASSERT_TRUE(shares.ok()) << shares.status();
    Money total;
    for (const SplitShare& share : *shares) {
      total += share.amount;
      if (share.position > 0 && share.kind == ShareKind::kParty && level.cap) {
        ASSERT_LE(share.amount, *level.cap) << "seed " << seed_;
      }
      if (share.position == 0 || share.kind != ShareKind::kParty) continue;
      const auto person = std::ranges::find(known.below, share.party.Value(), &Known::id);
      ASSERT_NE(person, known.below.end());
      // Who is not in standing, or has earned nothing and misses the minimum, receives nothing.
      if (!person->stands || person->score == 0) {
        ASSERT_TRUE(share.amount.IsZero()) << "seed " << seed_;
      }
    }
    ASSERT_EQ(total, award) << "seed " << seed_;
  }
}

}  // namespace
}  // namespace sluice::performance
