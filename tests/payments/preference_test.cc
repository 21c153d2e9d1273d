#include "payments/routing/preference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "payments/routing/virtual_card.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr ProgramId kProgram(5);
constexpr PartyId kDoctor(10), kClinic(20), kOtherClinic(21);
const std::string kTin = "411234567";
const std::string kNpi = "1234567893";
const RouteDay kDay = RouteDayOf(MakeDate(2026, 10, 1), 2);
const PaymentRole kRole{
    .tin = kTin, .program = kProgram, .party = kDoctor, .under = kClinic, .npi = kNpi};

// A preference of the TIN with the given levels, known long before.
PaymentPreference Wish(std::int64_t id, PreferenceKey key,
                       PayoutMethod method = PayoutMethod::kAch) {
  key.tin = kTin;
  return {.id = PreferenceId(id),
          .key = key,
          .method = method,
          .card_opt_in = method == PayoutMethod::kCard ? "Dr. Lee, by portal" : "",
          .effective_from = MakeDate(2026, 1, 1),
          .reason = "asked for",
          .recorded_by = UserId(1),
          .recorded_at = Instant::AtMidnight(MakeDate(2026, 1, 1))};
}

std::map<std::int64_t, RouteVerdict> Verdicts(const Resolution& resolution) {
  std::map<std::int64_t, RouteVerdict> verdicts;
  for (const RouteCandidate& candidate : resolution.candidates) {
    verdicts[candidate.preference.id.Value()] = candidate.verdict;
    EXPECT_FALSE(candidate.text.empty());
    EXPECT_THAT(candidate.text, Not(HasSubstr(kTin)));
  }
  return verdicts;
}

// feature:Q08
TEST(ResolveRoute, TheNarrowerLevelWinsInATotalOrder) {
  // From the widest to the narrowest: each is added to those before it, and wins.
  const std::vector<PreferenceKey> levels = {
      {},
      {.program = kProgram},
      {.location = kClinic},
      {.program = kProgram, .location = kClinic},
      {.location = kDoctor},
      {.program = kProgram, .location = kDoctor},
      {.npi = kNpi},
      {.program = kProgram, .npi = kNpi},
      {.location = kClinic, .npi = kNpi},
      {.program = kProgram, .location = kClinic, .npi = kNpi},
      {.location = kDoctor, .npi = kNpi},
      {.program = kProgram, .location = kDoctor, .npi = kNpi}};
  std::vector<PaymentPreference> wishes;
  for (const PreferenceKey& key : levels) {
    wishes.push_back(Wish(static_cast<std::int64_t>(wishes.size()) + 1, key));
    std::vector<PaymentPreference> shuffled = wishes;
    std::mt19937 random(7);
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    const Resolution resolution = ResolveRoute(shuffled, kRole, kDay);
    EXPECT_EQ(resolution.route.preference, wishes.back().id);
    EXPECT_EQ(resolution.candidates.front().preference.id, wishes.back().id);
    for (const auto& [id, verdict] : Verdicts(resolution)) {
      const bool wins = PreferenceId(id) == wishes.back().id;
      EXPECT_EQ(verdict, wins ? RouteVerdict::kWins : RouteVerdict::kLessSpecific);
    }
  }
}

TEST(ResolveRoute, EveryCandidateSaysWhyItLost) {
  auto late = Wish(4, {}, PayoutMethod::kCheck);
  late.recorded_at = Instant::AtMidnight(MakeDate(2026, 9, 30));
  auto future = Wish(5, {});
  future.effective_from = MakeDate(2026, 11, 1);
  auto unconfirmed = Wish(6, {.program = kProgram});
  unconfirmed.payee = PayeeId(9);
  auto confirmed_late = Wish(7, {.program = kProgram});
  confirmed_late.payee = PayeeId(9);
  confirmed_late.confirmed_by = UserId(2);
  confirmed_late.confirmed_at = Instant::AtMidnight(MakeDate(2026, 10, 1));
  auto withdrawn = Wish(11, {.location = kClinic});
  withdrawn.withdrawn = true;
  withdrawn.recorded_at = Instant::AtMidnight(MakeDate(2026, 2, 1));
  const std::vector<PaymentPreference> wishes = {Wish(1, {.npi = "1679576722"}),
                                                 Wish(2, {.location = kOtherClinic}),
                                                 Wish(3, {.program = ProgramId(6)}),
                                                 late,
                                                 future,
                                                 unconfirmed,
                                                 confirmed_late,
                                                 Wish(8, {}),
                                                 Wish(9, {}, PayoutMethod::kCheck),
                                                 Wish(10, {.location = kClinic}),
                                                 withdrawn};
  const Resolution resolution = ResolveRoute(wishes, kRole, kDay);
  const std::map<std::int64_t, RouteVerdict> expected = {
      {1, RouteVerdict::kOtherNpi},     {2, RouteVerdict::kOtherLocation},
      {3, RouteVerdict::kOtherProgram}, {4, RouteVerdict::kAfterCutOff},
      {5, RouteVerdict::kNotYet},       {6, RouteVerdict::kUnconfirmed},
      {7, RouteVerdict::kAfterCutOff},  {8, RouteVerdict::kReplaced},
      {9, RouteVerdict::kWins},         {10, RouteVerdict::kReplaced},
      {11, RouteVerdict::kWithdrawn}};
  EXPECT_EQ(Verdicts(resolution), expected);
  EXPECT_EQ(resolution.route.method, PayoutMethod::kCheck);
}

// feature:M11
TEST(ResolveRoute, AChangeHoldsFromTheNextCycleAfterTheCutOff) {
  auto change = Wish(2, {}, PayoutMethod::kCheck);
  // The cut-off lies two banking days before: a weekend does not count.
  const RouteDay monday = RouteDayOf(MakeDate(2026, 10, 5), 2);
  EXPECT_EQ(FormatDate(monday.cut_off), "2026-10-01");
  const std::vector<std::pair<Date, PayoutMethod>> table = {
      {MakeDate(2026, 10, 1), PayoutMethod::kCheck}, {MakeDate(2026, 10, 2), PayoutMethod::kAch}};
  for (const auto& [day, method] : table) {
    change.recorded_at = Instant::AtMidnight(day);
    const std::vector<PaymentPreference> wishes = {Wish(1, {}), change};
    EXPECT_EQ(ResolveRoute(wishes, kRole, monday).route.method, method) << FormatDate(day);
    const RouteDay next = RouteDayOf(MakeDate(2026, 11, 2), 2);
    EXPECT_EQ(ResolveRoute(wishes, kRole, next).route.method, PayoutMethod::kCheck);
  }
}

TEST(ResolveRoute, WithoutAPreferenceItIsAch) {
  const Resolution resolution = ResolveRoute({}, kRole, kDay);
  EXPECT_EQ(resolution.route.method, PayoutMethod::kAch);
  EXPECT_EQ(resolution.route.delivery, RemittanceDelivery::kClearinghouse);
  EXPECT_FALSE(resolution.route.preference.has_value());
}

TEST(CheckPreference, ACardIsPaidOnlyToWhoAskedForIt) {
  auto wish = Wish(1, {}, PayoutMethod::kCard);
  EXPECT_TRUE(CheckPreference(wish).ok());
  wish.card_opt_in.clear();
  EXPECT_THAT(StatusMessage(CheckPreference(wish)), HasSubstr("who asked for it"));
}

TEST(CheckPreference, RefusalsNeverShowTheTin) {
  auto wish = Wish(1, {});
  wish.key.tin = "41123456";
  EXPECT_THAT(StatusMessage(CheckPreference(wish)), Not(HasSubstr("41123456")));
  wish = Wish(1, {.npi = "1234567890"});
  EXPECT_FALSE(CheckPreference(wish).ok());
  EXPECT_EQ(LevelsOf(Wish(1, {}).key), "TIN ending 4567");
}

TEST(CheckMayConfirm, WhoRecordedItDoesNotConfirmIt) {
  auto wish = Wish(1, {});
  EXPECT_EQ(CheckMayConfirm(wish, UserId(2)).code(), absl::StatusCode::kFailedPrecondition);
  wish.payee = PayeeId(9);
  EXPECT_EQ(CheckMayConfirm(wish, UserId(1)).code(), absl::StatusCode::kPermissionDenied);
  EXPECT_TRUE(CheckMayConfirm(wish, UserId(2)).ok());
}

// feature:M11
TEST(SimulatedCards, ACardIsMadeOnceForAPayment) {
  SimulatedCards cards;
  const CardRequest request{.payment_key = "ABC",
                            .payee_name = "Dr. Lee",
                            .amount = Money::FromCents(10'000),
                            .effective_date = MakeDate(2026, 10, 2)};
  const auto first = cards.Issue(request);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(cards.Issue(request)->reference, first->reference);
  CardRequest other = request;
  other.amount = Money::FromCents(10'001);
  EXPECT_EQ(cards.Issue(other).status().code(), absl::StatusCode::kAlreadyExists);
  cards.SetDown(true);
  EXPECT_EQ(cards.Issue(request).status().code(), absl::StatusCode::kUnavailable);
  cards.SetDown(false);
  ASSERT_TRUE(cards.Charge("ABC", Money::FromCents(4'000), MakeDate(2026, 10, 3)).ok());
  EXPECT_FALSE(cards.Charge("ABC", Money::FromCents(6'001), MakeDate(2026, 10, 3)).ok());
  EXPECT_FALSE(cards.Void("ABC").ok());
  ASSERT_TRUE(cards.Charge("ABC", Money::FromCents(6'000), MakeDate(2026, 10, 3)).ok());
  EXPECT_EQ(cards.Find("ABC")->state, CardState::kUsed);
}

}  // namespace
}  // namespace sluice::payments
