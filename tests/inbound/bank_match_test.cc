// Which line of a statement settles what.
#include "payments/inbound/bank_match.h"

#include <gtest/gtest.h>

#include <random>

namespace sluice::payments {
namespace {

const Date kDay = MakeDate(2026, 10, 5);
constexpr auto kDebit = BankDirection::kDebit;
constexpr auto kCredit = BankDirection::kCredit;

Money Cents(std::int64_t cents) { return Money::FromCents(cents); }
OpenBankLine Line(std::int64_t cents, BankDirection direction = kDebit, std::string text = "",
                  Date day = kDay) {
  return {.direction = direction, .amount = Cents(cents), .as_of = day, .text = std::move(text)};
}
BankTarget Target(BankTargetKind kind, std::int64_t cents, Date day = kDay,
                  std::vector<std::string> references = {}) {
  return {.kind = kind,
          .direction = kind == BankTargetKind::kReturned ? kCredit : kDebit,
          .amount = Cents(cents),
          .date = day,
          .references = std::move(references)};
}
constexpr auto kFile = BankTargetKind::kFile;
constexpr auto kReturned = BankTargetKind::kReturned;
constexpr auto kBooked = BankTargetKind::kBooked;

// "line-target:rule" of every match, in order.
std::string Matches(const std::vector<OpenBankLine>& lines,
                    const std::vector<BankTarget>& targets) {
  std::string text;
  for (const BankMatch& match : MatchBankLines(lines, targets)) {
    text +=
        fmt::format("{}-{}:{}{} ", match.line, match.target, match.rule, match.netted ? "*" : "");
  }
  return text;
}

TEST(BankMatch, TheRulesInTheirOrder) {
  EXPECT_EQ(Matches({Line(100)}, {Target(kFile, 100)}), "0-0:day ");
  EXPECT_EQ(Matches({Line(100)}, {Target(kFile, 101)}), "");
  EXPECT_EQ(Matches({Line(100, kCredit)}, {Target(kFile, 100)}), "");
  // What is booked already is never booked again, though a file would fit as well.
  EXPECT_EQ(Matches({Line(100)}, {Target(kFile, 100), Target(kBooked, 100)}), "0-1:booked ");
  // The bank names the second.
  EXPECT_EQ(Matches({Line(100, kDebit, "SETTLE FILE-000002 X")},
                    {Target(kFile, 100, kDay, {"FILE-000001"}),
                     Target(kFile, 100, kDay, {"FILE-000002"})}),
            "0-1:reference ");
  EXPECT_EQ(Matches({Line(100)}, {Target(kFile, 100, MakeDate(2026, 10, 1))}), "0-0:amount ");
  EXPECT_EQ(Matches({Line(100)}, {Target(kFile, 100, MakeDate(2026, 9, 1))}), "");
}

TEST(BankMatch, EqualOnesOfADayArePairedAndOthersAreLeftToAPerson) {
  EXPECT_EQ(Matches({Line(100), Line(100)}, {Target(kFile, 100), Target(kFile, 100)}),
            "0-0:day 1-1:day ");
  const Date before = MakeDate(2026, 10, 2);
  EXPECT_EQ(Matches({Line(100)}, {Target(kFile, 100, before), Target(kFile, 100, before)}), "");
}

TEST(BankMatch, SumsBothWays) {
  EXPECT_EQ(Matches({Line(300)}, {Target(kFile, 100), Target(kFile, 200)}),
            "0-0:sum of several 0-1:sum of several ");
  EXPECT_EQ(Matches({Line(300)}, {Target(kFile, 100), Target(kFile, 200), Target(kFile, 7)}),
            "0-0:sum of several 0-1:sum of several ");
  // Two ways to add up: nobody chooses.
  EXPECT_EQ(Matches({Line(300)}, {Target(kFile, 100), Target(kFile, 200), Target(kFile, 150),
                                  Target(kFile, 150)}),
            "");
  EXPECT_EQ(Matches({Line(100), Line(200), Line(50)}, {Target(kFile, 300)}),
            "0-0:sum of several 1-0:sum of several ");
  EXPECT_EQ(Matches({Line(90, kCredit)}, {Target(kReturned, 40), Target(kReturned, 50)}),
            "0-0:sum of several 0-1:sum of several ");
  // A file and a return are never summed up.
  EXPECT_EQ(Matches({Line(90)}, {Target(kFile, 40), Target(kReturned, 50)}), "");
}

TEST(BankMatch, ADebitLessTheReturnsThatTheBankKept) {
  EXPECT_EQ(Matches({Line(260)}, {Target(kFile, 300), Target(kReturned, 40)}),
            "0-0:netted 0-1:netted* ");
  EXPECT_EQ(
      Matches({Line(210)}, {Target(kFile, 300), Target(kReturned, 40), Target(kReturned, 50)}),
      "0-0:netted 0-1:netted* 0-2:netted* ");
  EXPECT_EQ(
      Matches({Line(260)}, {Target(kFile, 300), Target(kReturned, 40), Target(kReturned, 40)}), "");
}

// A paid check is ruled by its number alone (payments/checks/paid_check.h).
TEST(BankMatch, ALineThatPaidACheckMatchesNoFileReturnOrJournal) {
  OpenBankLine check = Line(100);
  check.check_paid = true;
  const Date before = MakeDate(2026, 10, 2);
  EXPECT_EQ(Matches({check}, {Target(kFile, 100)}), "");
  EXPECT_EQ(Matches({check}, {Target(kFile, 100, before)}), "");
  EXPECT_EQ(Matches({check}, {Target(kBooked, 100)}), "");
  EXPECT_EQ(Matches({check}, {Target(kFile, 40), Target(kFile, 60)}), "");
  EXPECT_EQ(Matches({check}, {Target(kFile, 130), Target(kReturned, 30)}), "");
  EXPECT_EQ(Matches({check, Line(200)}, {Target(kFile, 300)}), "");
  // It stands in nobody's way, either.
  EXPECT_EQ(Matches({check, Line(100)}, {Target(kFile, 100, before)}), "1-0:amount ");
  check.text = "SETTLE FILE-000002";
  EXPECT_EQ(Matches({check}, {Target(kFile, 100, kDay, {"FILE-000002"})}), "");
}

TEST(BankMatch, NothingIsUsedTwiceAndEveryMatchAddsUp) {
  constexpr std::uint64_t kSeed = 466;
  std::mt19937_64 random(kSeed);
  std::cout << "seed " << kSeed << "\n";
  for (int round = 0; round < 300; ++round) {
    std::vector<OpenBankLine> lines;
    std::vector<BankTarget> targets;
    for (std::uint64_t i = random() % 7; i > 0; --i) {
      lines.push_back(
          Line(static_cast<std::int64_t>(random() % 12 + 1), random() % 3 == 0 ? kCredit : kDebit));
    }
    for (std::uint64_t i = random() % 7; i > 0; --i) {
      constexpr std::array kKinds = {kFile, kFile, kReturned, kBooked};
      targets.push_back(Target(kKinds[random() % 4], static_cast<std::int64_t>(random() % 12 + 1)));
    }
    std::map<std::size_t, Money> of_line, of_target;
    for (const BankMatch& match : MatchBankLines(lines, targets)) {
      const BankTarget& target = targets[match.target];
      if (match.netted) {
        of_target[match.target] += match.amount;
        of_line[match.line] += Money{};
        EXPECT_EQ(match.amount, target.amount);
        continue;
      }
      EXPECT_EQ(lines[match.line].direction, target.direction);
      of_line[match.line] += match.amount;
      of_target[match.target] += match.amount;
    }
    for (const auto& [line, sum] : of_line) EXPECT_EQ(sum, lines[line].amount) << kSeed;
    for (const auto& [target, sum] : of_target) EXPECT_LE(sum, targets[target].amount) << kSeed;
  }
}

}  // namespace
}  // namespace sluice::payments
