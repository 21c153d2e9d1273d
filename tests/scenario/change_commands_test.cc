// Late files at the command line: what was edited is noticed, run again, explained to the cent, and
// the next collection pays the difference alone. Overrides by two people.
#include <algorithm>
#include <map>

#include "hierarchy/payer_store.h"
#include "payments/award_collector.h"
#include "payments/collect.h"
#include "tests/scenario/program_command_test.h"

namespace sluice::testing {
namespace {

using payments::AwardToPay;
using payments::ObligationRow;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class ChangeCommands : public ProgramCommandTest {
 protected:
  void SetUp() override {
    ProgramCommandTest::SetUp();
    Publish();
    EXPECT_THAT(Print(RunOf("2025-06")), HasSubstr("60.00"));
  }

  // The child left Elm Practice's plan on a day that the first file did not know.
  void ReceiveLateEnd() {
    Receive("members",
            "id,from,through,birth,sex,plan\nM2,2025-01-01,2025-05-31,2015-03-03,male,"
            "gold\n");
  }

  std::vector<std::string> ShowOf(const std::string& period) const {
    return {"change", "show", contract_, "--period", period};
  }
  std::vector<std::string> Propose(const std::string& amount, const std::string& party,
                                   const std::string& reason = "agreed in the meeting") const {
    return {"override", "propose", contract_,  "--period", "2025-06", "--amount", amount,
            "--party",  party,     "--reason", reason,     "--as",    "anna"};
  }
  std::vector<std::string> Decide(const std::string& step, const std::string& id,
                                  const std::string& user) const {
    std::vector<std::string> arguments = {"override", step, contract_, id, "--as", user};
    if (step != "approve") arguments.insert(arguments.end(), {"--reason", "it was a mistake"});
    return arguments;
  }

  // The award as a cycle collects it.
  AwardToPay Collected() {
    const auto payers = db_.Admin().Transact(
        [](pg::Transaction& tx) -> StatusOr<std::vector<hierarchy::PayerRecord>> {
          return hierarchy::ListPayers(tx);
        });
    const pg::Database database = db_.App().ForPayer(payers->front().id);
    performance::ProgramService programs(database, db_.Clock(), db_.Ids());
    performance::RecalculationService changes(database, payers->front().id, db_.Clock(), db_.Ids());
    const auto period = DateRange::Between(MakeDate(2025, 6, 1), MakeDate(2025, 7, 1));
    const auto collected =
        payments::CollectAwards(programs, programs.Programs()->front(), period, &changes);
    EXPECT_TRUE(collected.ok()) << collected.status();
    EXPECT_THAT(collected->awards, SizeIs(1));
    return collected->awards.front();
  }
  std::vector<ObligationRow> Collect(const AwardToPay& award,
                                     const std::vector<ObligationRow>& earlier) {
    payments::PayeeDirectory payees;
    for (const payments::AwardShare& share : award.shares) {
      payees.Add({.party = share.party, .under = {}, .role = {}}, PayeeId(share.party.Value()));
    }
    std::map<payments::ReserveKey, Money> reserves;
    return payments::CollectAward(payments::Cycle{}, award, earlier, payees, reserves, db_.Ids())
        .obligations;
  }
};

// feature:Q03 feature:P7
TEST_F(ChangeCommands, ALateFileIsNoticedRunAgainAndPaidAsADifference) {
  const AwardToPay first = Collected();
  std::vector<ObligationRow> paid = Collect(first, {});
  EXPECT_THAT(paid, SizeIs(2));
  for (ObligationRow& row : paid) {
    row.recognized = true;
    row.state = payments::ObligationState::kPaid;
  }
  EXPECT_THAT(Print({"change", "scan"}), HasSubstr("0 edits noticed"));

  ReceiveLateEnd();
  EXPECT_THAT(Print({"change", "scan"}),
              AllOf(HasSubstr("1 edit noticed"), HasSubstr("1  to be run again")));
  EXPECT_THAT(Print({"change", "scan"}), HasSubstr("0 edits noticed"));
  const std::string list = Print({"change", "list"});
  EXPECT_THAT(list,
              AllOf(HasSubstr(contract_ + "  Lakes ACO (pty_"), HasSubstr("waits since"),
                    HasSubstr("1 calculation in the queue"),
                    HasSubstr("coverage of member M2 from 2025-01-01 (coverage), of the days"),
                    HasSubstr("2025-06-01 to 2025-06-30: queued; to be run again")));
  EXPECT_THAT(Print({"change", "work"}),
              AllOf(HasSubstr("1 new version, changed by -14.00"),
                    HasSubstr("1 calculation run again: 1 new version, 0 unchanged, 0 failed")));
  EXPECT_THAT(Print({"change", "work"}), HasSubstr("0 calculations run again"));

  const std::string shown = Print(ShowOf("2025-06"));
  EXPECT_THAT(shown,
              AllOf(HasSubstr("payable 60.00, SUPERSEDED"), HasSubstr("payable 46.00, RESTATED"),
                    HasSubstr("-14.00    coverage of member M2 from 2025-01-01")));
  EXPECT_THAT(Print({"change", "show", Word(list, "chg_")}),
              AllOf(HasSubstr("coverage of member M2"), HasSubstr("changed " + contract_),
                    HasSubstr("version 2")));
  EXPECT_THAT(Print(RunOf("2025-06")), HasSubstr("0 new versions, 1 unchanged"));

  const AwardToPay second = Collected();
  EXPECT_EQ(second.version, 2);
  const std::vector<ObligationRow> next = Collect(second, paid);
  ASSERT_THAT(next, SizeIs(1));
  EXPECT_EQ(next.front().component, payments::ObligationComponent::kRestatement);
  EXPECT_EQ(next.front().amount, Money::FromCents(-14'00));
  EXPECT_EQ(next.front().amount, second.payable - first.payable);
}

// feature:Q02
TEST_F(ChangeCommands, WhatIsOutsideTheLookBackIsNamedAndNotRun) {
  EXPECT_THAT(
      Print({"change", "rules"}),
      AllOf(HasSubstr("a payer that has set none"), HasSubstr("party_detail: not run again"),
            HasSubstr("every change: run again at once, back to 1464 days")));
  const std::string rules =
      temp_.Write("rules.toml", "[[rule]]\nkinds = [\"coverage\"]\nlook_back_date = 2025-07-01\n");
  EXPECT_THAT(
      Print({"change", "rules", rules, "--as", "cfo"}),
      AllOf(HasSubstr("version 1"), HasSubstr("coverage: run again at once, back to 2025-07-01")));
  ReceiveLateEnd();
  EXPECT_THAT(Print({"change", "scan"}),
              AllOf(HasSubstr("1 edit noticed"), HasSubstr("1  PERIOD_FROZEN"),
                    Not(HasSubstr("to be run again"))));
  EXPECT_THAT(Print({"change", "list"}),
              AllOf(HasSubstr("0 calculations in the queue"),
                    HasSubstr("frozen; PERIOD_FROZEN: the period began on 2025-06-01, before the "
                              "look-back day 2025-07-01")));
  EXPECT_THAT(Print({"change", "work"}), HasSubstr("0 calculations run again"));
  EXPECT_THAT(Print(ShowOf("2025-06")), AllOf(HasSubstr("60.00"), Not(HasSubstr("version 2"))));
}

// feature:Q01
TEST_F(ChangeCommands, AnOverrideTakesTwoPeopleAndStandsBesideWhatWasCalculated) {
  const std::string proposed = Print(Propose("40.00", kOakTin));
  EXPECT_THAT(proposed, AllOf(HasSubstr("the share of Oak Practice (pty_"),
                              HasSubstr("40.00 in the place of 23.00"),
                              HasSubstr("sluice override approve")));
  const std::string id = Word(proposed, "ovr_");
  ExpectRefused(Decide("approve", id, "anna"), 1,
                AllOf(HasSubstr(id), HasSubstr("somebody else approves it")));
  EXPECT_THAT(Print(Decide("approve", id, "bob")),
              AllOf(HasSubstr("in effect"), HasSubstr("sluice change scan")));
  const std::vector<std::string> list = {"override", "list", contract_, "--period", "2025-06"};
  EXPECT_THAT(Print(list), HasSubstr("not in the newest version yet"));
  EXPECT_THAT(Print({"change", "work", "--follow"}),
              AllOf(HasSubstr("1 edit noticed"), HasSubstr("changed by 17.00")));
  EXPECT_THAT(Print(list), AllOf(HasSubstr("calculated there: 23.00"), HasSubstr("1 override")));
  EXPECT_THAT(Print(ShowOf("2025-06")), AllOf(HasSubstr("payable 77.00"), HasSubstr("OVERRIDDEN")));
  ExpectRefused(Decide("reject", id, "bob"), 1, HasSubstr("is in effect; propose another one"));

  EXPECT_THAT(Print(Decide("withdraw", id, "cat")),
              AllOf(HasSubstr("withdrawn by usr_"), HasSubstr("it was a mistake")));
  EXPECT_THAT(Print({"change", "work", "--follow"}), HasSubstr("changed by -17.00"));
  ExpectRefused(Decide("approve", id, "bob"), 1, HasSubstr("is withdrawn; propose another one"));
}

TEST_F(ChangeCommands, WhatCannotBeDoneIsRefusedWithTheReason) {
  ExpectRefused({"change", "list", "--since", "soon"}, 1, HasSubstr("--since"));
  ExpectRefused({"change", "rules", temp_.Path("none.toml"), "--as", "cfo"}, 2,
                HasSubstr("none.toml"));
  const std::string bad = temp_.Write("bad.toml", "[[rule]]\nkinds = [\"coverag\"]\n");
  ExpectRefused({"change", "rules", bad, "--as", "cfo"}, 1,
                AllOf(HasSubstr("bad.toml"), HasSubstr("'coverag' is no kind of change")));
  ExpectRefused({"change", "rules", bad}, 1, HasSubstr("--as"));
  ExpectRefused({"change", "show", "June"}, 1, HasSubstr("'June' is neither an edit"));
  ExpectRefused({"change", "show", "chg_0000000000005"}, 2, HasSubstr("sluice change list"));
  ExpectRefused({"change", "show", "ctr_0000000000005", "--period", "2025-06"}, 2,
                HasSubstr("there is no contract ctr_0000000000005"));
  ExpectRefused({"change", "show", contract_}, 1, HasSubstr("--period"));
  ExpectRefused(ShowOf("2025-05"), 2, HasSubstr("has no award for 2025-05-01"));

  ExpectRefused(Propose("much", kOakTin), 1, HasSubstr("--amount"));
  ExpectRefused(Propose("40.00", "Nobody"), 2, HasSubstr("'Nobody' is not in the hierarchy"));
  ExpectRefused(Propose("40.00", kOakTin, "so"), 1, HasSubstr("at least 10 characters"));
  ExpectRefused({"override", "propose", contract_, "--period", "2025-06", "--amount", "1",
                 "--reason", "agreed in the meeting", "--as", "anna"},
                1, HasSubstr("override the share of a payee"));
  ExpectRefused({"override", "propose", contract_, "--period", "2025-05", "--amount", "1",
                 "--reason", "agreed in the meeting", "--as", "anna"},
                2, AllOf(HasSubstr("has no award for 2025-05-01"), HasSubstr("calculate it")));
  ExpectRefused(Decide("approve", "ovr_0000000000005", "bob"), 2,
                HasSubstr("has no override ovr_0000000000005"));
  ExpectRefused({"override", "list", "ctr_0000000000005", "--period", "2025-06"}, 2,
                HasSubstr("sluice contract list"));
  EXPECT_THAT(Print({"override", "list", contract_, "--period", "2025-06"}),
              HasSubstr("0 overrides"));
}

}  // namespace
}  // namespace sluice::testing
