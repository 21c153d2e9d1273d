// What the bank sends back for the demo's own released file, taken by the real program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "core/calendar.h"
#include "tests/inbound/bai2_sample.h"
#include "tests/inbound/bank_simulator.h"
#include "tests/scenario/sluice_program.h"

namespace sluice::testing {
namespace {

using payments::testing::AccountOf;
using payments::testing::AnswersOf;
using payments::testing::BankEntry;
using payments::testing::EntriesOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kUser = "usr_0000000000001";

class InboundScenario : public ::testing::Test {
 protected:
  Outcome Inbound(std::vector<std::string> arguments, bool acts = true) {
    arguments.insert(arguments.begin(), "inbound");
    arguments.insert(arguments.end(), {"--data-dir", temp_.Path("data"), "--date", day_});
    if (acts) arguments.insert(arguments.end(), {"--as", kUser});
    return RunSluice(arguments);
  }

  // The first released ACH file with three entries or more, and its effective date.
  void Release() {
    const Outcome demo = RunSluice(SmallDemo(temp_.Path("data"), temp_.Path("out")));
    ASSERT_EQ(demo.exit_code, 0) << demo.All();
    for (const auto& [name, bytes] : ReadTree(temp_.Path("out"))) {
      if (!name.ends_with(".ach")) continue;
      entries_ = EntriesOf(bytes);
      if (entries_.size() < 3) continue;
      const std::size_t batch = bytes.find("\n5") + 1;
      const std::string date = bytes.substr(batch + 69, 6);
      day_ = "20" + date.substr(0, 2) + "-" + date.substr(2, 2) + "-" + date.substr(4, 2);
      for (const BankEntry& entry : entries_) total_ += entry.cents;
      return;
    }
    FAIL() << "no file with three entries";
  }

  // The number of the account whose statement has the settlement of a file of so many cents.
  std::string AccountThatSettled(std::int64_t cents) {
    const std::string settlement = fmt::format("16,466,{},", cents);
    for (const auto& [name, bytes] : ReadTree(temp_.Path("out"))) {
      if (!name.ends_with(".bai")) continue;
      std::istringstream lines(bytes);
      std::string number;
      for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("03,")) number = line.substr(3, line.find(',', 3) - 3);
        if (line.starts_with(settlement)) return number;
      }
    }
    ADD_FAILURE() << "no statement has the settlement of " << cents << " cents";
    return "";
  }

  TempDir temp_;
  std::vector<BankEntry> entries_;
  std::int64_t total_ = 0;
  std::string day_ = "2026-10-05";
};

TEST_F(InboundScenario, TwoReturnsAChangeAndTheStatementOfTheDay) {
  Release();
  ASSERT_FALSE(HasFatalFailure());
  const std::string returns = temp_.Write(
      "RET.ach",
      Write(AnswersOf(
          {{entries_[0], "R03"}, {entries_[1], "R20"}, {entries_[2], "C01", "777000111222"}})));
  const Outcome received = Inbound({"receive", returns});
  EXPECT_EQ(received.exit_code, 0) << received.All();
  EXPECT_THAT(received.out, HasSubstr("3 STAGED"));
  const Outcome again = Inbound({"receive", temp_.Write("SAME.ach", ReadBytes(returns))});
  EXPECT_THAT(again.out, HasSubstr("received before"));

  const Outcome applied = Inbound({"apply"});
  EXPECT_EQ(applied.exit_code, 0) << applied.All();
  EXPECT_THAT(applied.out, HasSubstr("R03 no account"));
  EXPECT_THAT(applied.out, HasSubstr("version 2 of the account is proposed"));
  EXPECT_THAT(applied.out, HasSubstr("3 APPLIED"));
  EXPECT_THAT(Inbound({"apply"}).out, HasSubstr("nothing to apply"));
  for (const Outcome* outcome : {&received, &applied}) {
    EXPECT_THAT(outcome->All(), Not(HasSubstr("777000111222")));
    EXPECT_THAT(outcome->All(), Not(HasSubstr(entries_[0].account)));
  }

  const Outcome open = Inbound({"list", "--open"}, false);
  EXPECT_EQ(open.exit_code, 1) << open.All();
  std::smatch found;
  ASSERT_TRUE(std::regex_search(open.out, found,
                                std::regex("payment ([0-9A-Z]{13}) of book (bok_[0-9A-Z]{13})")))
      << open.All();
  const std::string payment = found[1], book = found[2];
  const Outcome paid = Inbound({"pay-again", payment, "--note", "new account on file"});
  EXPECT_EQ(paid.exit_code, 0) << paid.All();
  EXPECT_EQ(Inbound({"pay-again", payment, "--note", "twice"}).exit_code, 2);

  // The book has its account, whose number the demo's bank writes. The two credits come home on it.
  const Outcome account =
      Inbound({"account", "--book", book, "--number-file", temp_.Write("number", "0044556677\n")});
  EXPECT_EQ(account.exit_code, 1) << account.All();
  EXPECT_THAT(account.All(), HasSubstr("is registered already"));
  day_ = FormatDate(AddBankingDays(ParseDate(day_).value(), 1));
  const std::string statement =
      temp_.Write("BAI.txt", payments::testing::WriteBai2(
                                 {AccountOf(AccountThatSettled(total_), 100'000'000'00,
                                            {{"257", entries_[0].cents, "R1", "", "RETURN ITEM"},
                                             {"257", entries_[1].cents, "R2", "", "RETURN ITEM"}})},
                                 FormatDateSixDigits(ParseDate(day_).value())));
  EXPECT_EQ(Inbound({"receive", statement}).exit_code, 0);
  const Outcome booked = Inbound({"apply"});
  EXPECT_THAT(booked.out, HasSubstr("booked and matched: amount"));
  const Outcome cash = Inbound({"cash"}, false);
  EXPECT_THAT(cash.out, HasSubstr("unmatched credits 0.00, debits 0.00")) << cash.All();

  // Our bank sends the other return back: two people say that the payment stands.
  const std::size_t other = entries_[0].identification.starts_with(payment) ? 1 : 0;
  const std::string key = entries_[other].identification.substr(0, 13);
  const std::vector<std::string> unapply = {"un-apply",   key,        "--note",
                                            "dishonored", "--second", "usr_0000000000002"};
  EXPECT_THAT(Inbound(unapply).All(), HasSubstr("its file must come first"));
  const std::string trace = entries_[other].rdfi + fmt::format("{:07}", 100 + other);
  const std::string dishonored =
      temp_.Write("DIS.ach", Write(AnswersOf({{entries_[other], "R61", "", "   " + trace}})));
  EXPECT_EQ(Inbound({"receive", dishonored}).exit_code, 0);
  EXPECT_THAT(Inbound({"apply"}).out, HasSubstr("two people un-apply it"));
  EXPECT_THAT(Inbound(unapply).out, HasSubstr("the payment stands"));
  EXPECT_EQ(Inbound({"pay-again", key, "--note", "no"}).exit_code, 2);

  const Outcome verified = RunSluice({"ledger", "verify", "--data-dir", temp_.Path("data")});
  EXPECT_EQ(verified.exit_code, 0) << verified.All();
}

TEST_F(InboundScenario, BadFilesAreRefusedByName) {
  Release();
  ASSERT_FALSE(HasFatalFailure());
  std::string bytes = Write(AnswersOf({{entries_[0], "R03"}}));
  bytes[bytes.find("\n8200") + 1 + 43] ^= 1;
  const Outcome refused = Inbound({"receive", temp_.Write("BAD.ach", bytes)});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.out, HasSubstr("batch_control_totals"));
  EXPECT_THAT(refused.out, HasSubstr("what to do: ask the bank"));
  EXPECT_EQ(Inbound({"receive", temp_.Path("nowhere")}).exit_code, 2);
  EXPECT_EQ(Inbound({"receive", temp_.Write("EMPTY", "")}).exit_code, 1);
  EXPECT_THAT(Inbound({"apply"}).out, HasSubstr("nothing to apply"));
}

}  // namespace
}  // namespace sluice::testing
