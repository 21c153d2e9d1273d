// Late files at the command line: what was edited is noticed, run again, explained to the cent, and
// the next collection pays the difference alone. Overrides by two people.
#include <algorithm>
#include <map>

#include "api/demo/base_payments.h"
#include "hierarchy/hierarchy_service.h"
#include "hierarchy/payer_store.h"
#include "payments/award_collector.h"
#include "payments/collect.h"
#include "payments/payee_service.h"
#include "payments/run_store.h"
#include "tests/scenario/program_command_test.h"

namespace sluice::testing {
namespace {

using payments::AwardToPay;
using payments::ObligationRow;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

PayerId PayerOf(const TestDatabase& db) {
  const auto payers =
      db.Admin().Transact([](pg::Transaction& tx) -> StatusOr<std::vector<hierarchy::PayerRecord>> {
        return hierarchy::ListPayers(tx);
      });
  return payers->front().id;
}

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
    const PayerId payer = PayerOf(db_);
    const pg::Database database = db_.App().ForPayer(payer);
    performance::ProgramService programs(database, db_.Clock(), db_.Ids());
    performance::RecalculationService changes(database, payer, db_.Clock(), db_.Ids());
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

// feature:Q01 feature:P7
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

// feature:Q01
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

// feature:Q02
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

// A settlement that gives back what the year's payments withheld: a tenth of each.
class WithheldCommands : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    Print({"program", "add", "--name", "Earn-back", "--stream", "qip", "--lan", "2C", "--pool",
           "Main pool"});
    const PayerId payer = PayerOf(db_);
    database_ = db_.App().ForPayer(payer);
    performance::ProgramService programs(*database_, db_.Clock(), db_.Ids());
    program_ = programs.Programs()->front();
    const hierarchy::HierarchyService hierarchies(*database_, db_.Clock());
    const auto hierarchy = hierarchies.Snapshot(payer, {.day = MakeDate(2025, 12, 31)});
    const auto aco =
        std::ranges::find(hierarchy->Parties(), "Lakes ACO", &hierarchy::SnapshotParty::name);
    contract_ = {.id = db_.Ids().Next<ContractTag>(),
                 .payer = payer,
                 .program = program_.id,
                 .party = aco->id,
                 .effective = DateRange::Year(2025)};
    Expect(programs.CreateContracts({&contract_, 1}));
    performance::NewTerms terms{.contract = contract_.id, .effective = DateRange::Year(2025)};
    terms.terms.title = "Earn-back";
    terms.terms.components = {
        {.rule = performance::Basis{.kind = performance::WithheldBalance{},
                                    .zero_reason = performance::ReasonCode::kPoolEmpty},
         .clause = "2"},
        {.rule = performance::RoundingRule{}, .clause = "3"}};
    terms.terms.payment_withhold = withhold_;
    Expect(programs.AddTerms({&terms, 1}).status());
    auto keys = payments::FileKeyProvider::Open(temp_.Path("kek"));
    payments::PayeeService payees(db_.App(), payer, *keys, db_.Clock(), db_.Ids());
    const auto added = payees.AddPayees({payments::Payee{.party = aco->id,
                                                         .name = "Lakes ACO",
                                                         .tin = "411234567",
                                                         .npi = "1234567893",
                                                         .address = {.street = "1 Main Street",
                                                                     .city = "Columbus",
                                                                     .state = "OH",
                                                                     .zip = "43215"}}},
                                        payments::Actor{UserId(2)});
    Expect(added.status());
    payee_ = added->front().id;
  }

  static void Expect(const Status& status) { ASSERT_TRUE(status.ok()) << status; }

  void Pay(std::int64_t dollars, Date day) {
    const auto pool = database_->Transact([&](pg::Transaction& tx) -> StatusOr<payments::Pool> {
      return payments::FindPoolByName(tx, program_.book, "Main pool").value();
    });
    const demo::BasePaymentPosting posting{.book = program_.book,
                                           .program = program_.id,
                                           .pool = *pool,
                                           .actor = UserId(1),
                                           .performance_year = 2025,
                                           .withhold = withhold_,
                                           .payees = {{contract_.party, payee_}},
                                           .contracts = {{contract_.party, contract_.id}}};
    const demo::BasePayment payment{
        .party = contract_.party, .paid_on = day, .amount = Money::FromCents(dollars * 100)};
    Expect(demo::PostBasePayments(payments::Ledger(db_.Clock()), *database_, posting, {&payment, 1},
                                  db_.Ids()));
  }

  const performance::Withhold withhold_{.rate = Rate::FromPercent(10), .released_by = "quality"};
  std::optional<pg::Database> database_;
  performance::Program program_;
  performance::Contract contract_;
  PayeeId payee_;
};

TEST_F(WithheldCommands, EachRunReadsWhatTheBookOfTheProgramWithheld) {
  Pay(100, MakeDate(2025, 3, 31));
  const std::vector<std::string> run = {"program",    "run",        "Earn-back", "--period", "2025",
                                        "--pay-date", "2026-06-30", "--as",      "anna"};
  EXPECT_THAT(Print(run), AllOf(HasSubstr("withheld_balance: 1 contract"), HasSubstr("10.00")));
  Pay(50, MakeDate(2025, 6, 30));
  SystemClock clock;
  performance::RecalculationService changes(*database_, contract_.payer, clock, db_.Ids());
  Expect(changes
             .Record({.kind = performance::EditKind::kContractLife,
                      .source = "operator",
                      .source_key = "late payment",
                      .contract = contract_.id,
                      .member = std::nullopt,
                      .party = std::nullopt,
                      .affected = DateRange::Year(2025),
                      .cause = "a payment of June that was posted late"})
             .status());
  EXPECT_THAT(Print({"change", "work"}), HasSubstr("1 new version, changed by 5.00"));
}

}  // namespace
}  // namespace sluice::testing
