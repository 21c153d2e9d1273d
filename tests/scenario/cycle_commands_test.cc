// A finance person at the command line: where runs stand, what needs a look, lines held and let go,
// and the tick of the day.
#include "payments/cycle_service.h"
#include "payments/payment_rules.h"
#include "payments/run_store.h"
#include "tests/scenario/command_test.h"

namespace sluice::testing {
namespace {

using payments::Actor;
using payments::CycleService;
using payments::ProgramPayments;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr pg::Query kProgram{"test_only_program", R"sql(
  SELECT p.payer_id, p.program_id, p.book_id
  FROM performance.program AS p
)sql"};

class CycleCommands : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    AddProgram();
    const Status found = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
      const pg::Result row = tx.Query(kProgram);
      settings_ = {.payer = row[0].Get<PayerId>(0),
                   .program = row[0].Get<ProgramId>(1),
                   .book = row[0].Get<BookId>(2),
                   .program_name = "Shared savings 2025"};
      settings_.pool = *payments::FindPoolByName(tx, settings_.book, "Savings pool");
      return OkStatus();
    });
    ASSERT_TRUE(found.ok()) << StatusMessage(found);
  }

  // A calculated run whose only line has no payee, as somebody made it.
  payments::RunId Calculated() {
    const Actor maker{UserId(1)};
    CycleService cycles(db_.App(), settings_, clock_, db_.Ids());
    const auto run = cycles.Open({.name = "Savings 2025",
                                  .period = DateRange::Year(2025),
                                  .business_date = MakeDate(2026, 3, 2)},
                                 maker);
    EXPECT_TRUE(run.ok()) << StatusMessage(run.status());
    payments::AwardToPay award{.award = AwardId(1),
                               .contract = ContractId(2),
                               .stream = "ssl",
                               .program_name = "Shared savings 2025",
                               .contract_name = "A1",
                               .holder_name = "Lakes ACO",
                               .period_text = "2025",
                               .performance_year = 2025,
                               .gross = Money::FromCents(100'00),
                               .payable = Money::FromCents(100'00)};
    award.shares.push_back(
        {.position = 1, .party = PartyId(77), .amount = Money::FromCents(100'00)});
    const auto totals = cycles.Calculate(run->id, std::vector{award}, maker);
    EXPECT_TRUE(totals.ok()) << StatusMessage(totals.status());
    return run->id;
  }

  std::string Profile() {
    return temp_.Write("release.toml",
                       "receiver_id = \"CLEARINGHOUSE\"\n[payer]\nname = \"Prairie Health\"\n"
                       "tin = \"411111111\"\nstreet = \"100 Plan Way\"\ncity = \"Minneapolis\"\n"
                       "state = \"MN\"\nzip = \"55402\"\npayer_id = \"PRAIRIE\"\n"
                       "edi_contact_name = \"EDI desk\"\nedi_phone = \"6125550101\"\n"
                       "x12_id = \"PRAIRIE\"\n[bank]\nimmediate_destination = \" 076401251\"\n"
                       "immediate_origin = \"1123456789\"\ncompany_name = \"EXAMPLE HLTHPLAN\"\n"
                       "company_id = \"1123456789\"\ntrn_company_id = \"1123456789\"\n"
                       "odfi_routing_number = \"076401251\"\nfunding_account = \"000012345678\"\n");
  }

  SystemClock clock_;
  ProgramPayments settings_;
};

TEST_F(CycleCommands, ARunIsWorkedAtTheCommandLine) {
  const std::string run = Calculated().ToString();
  const std::string program = "Shared savings 2025";
  const std::vector<std::string> pool = {"--pool", "Savings pool"};
  const auto with = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), pool.begin(), pool.end());
    return arguments;
  };
  EXPECT_THAT(Print(with({"cycle", "list", program})),
              AllOf(HasSubstr(run), HasSubstr("CALCULATED"), HasSubstr("no due date is agreed")));
  const Outcome exceptions = Run(with({"cycle", "exceptions", program, run}));
  EXPECT_EQ(exceptions.exit_code, 1);
  EXPECT_THAT(exceptions.out, AllOf(HasSubstr("1 exception"), HasSubstr("no payee"),
                                    HasSubstr("enroll the party")));
  const std::string line = Word(exceptions.out.substr(exceptions.out.find('(')), "obl_");
  EXPECT_THAT(Print(with({"cycle", "compare", program, run})), HasSubstr("it is the first cycle"));
  EXPECT_THAT(Print(with({"cycle", "hold-line", program, run, line, "--reason", "asked the ACO",
                          "--as", "anna"})),
              HasSubstr("held: asked the ACO"));
  ExpectRefused(
      with({"cycle", "hold-line", program, run, line, "--reason", "again", "--as", "anna"}), 1,
      HasSubstr("is held already: asked the ACO"));
  ExpectRefused(
      with({"cycle", "hold-payee", program, run, "No such payee", "--reason", "x", "--as", "anna"}),
      2, HasSubstr("payee"));
  EXPECT_THAT(Print(with({"cycle", "owed", program})), HasSubstr("0 payees owe"));
  EXPECT_THAT(Print(with({"cycle", "tick", program, "--date", "2026-03-02", "--profile", Profile(),
                          "--out", temp_.Path("out"), "--as", "scheduler"})),
              HasSubstr("waits to be submitted"));
  ExpectRefused(with({"cycle", "tick", program, "--date", "2999-01-01", "--profile", Profile(),
                      "--out", temp_.Path("out"), "--as", "scheduler"}),
                1, HasSubstr("has not come yet"));
}

// feature:M06
TEST_F(CycleCommands, RulesAndInterestAreDatedVersions) {
  const std::string program = "Shared savings 2025";
  const auto with = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin() + 2, program);
    arguments.insert(arguments.end(), {"--pool", "Savings pool"});
    return arguments;
  };
  EXPECT_THAT(Print(with({"cycle", "rules"})), HasSubstr("rules that it was opened with"));
  EXPECT_THAT(Print(with({"cycle", "set-rules", "--minimum", "25", "--notice-days", "30",
                          "--offset-share", "50%", "--from", "2026-01-01", "--reason",
                          "board of 2025-12-01", "--as", "anna"})),
              AllOf(HasSubstr("minimum payment: 0.00 -> 25.00"), HasSubstr("0 -> 30")));
  // What is not named stays.
  EXPECT_THAT(Print(with({"cycle", "set-rules", "--line-cap", "50,000.00", "--from", "2026-02-01",
                          "--reason", "audit", "--as", "anna"})),
              AllOf(HasSubstr("50,000.00"), Not(HasSubstr("minimum payment"))));
  ExpectRefused(with({"cycle", "set-rules", "--minimum", "none", "--reason", "x", "--as", "anna"}),
                1, HasSubstr("--minimum is an amount"));
  ExpectRefused(
      with({"cycle", "set-rules", "--offset-share", "150%", "--reason", "x", "--as", "anna"}), 1,
      HasSubstr("--offset-share is from 0% to 100%"));
  EXPECT_THAT(Print(with({"cycle", "rules"})),
              AllOf(HasSubstr("1 from 2026-01-01"), HasSubstr("board of 2025-12-01"),
                    HasSubstr("2 from 2026-02-01")));

  const std::string contract = DraftContract(program);
  EXPECT_THAT(Print(with({"cycle", "late-interest", contract})), HasSubstr("no interest"));
  EXPECT_THAT(Print(with({"cycle", "set-late-interest", contract, "--rate", "8.25%", "--grace-days",
                          "10", "--from", "2026-01-01", "--reason", "clause 9.2", "--as", "anna"})),
              HasSubstr("8.25% a year for what is due from 2026-01-01"));
  EXPECT_THAT(Print(with({"cycle", "late-interest", contract})),
              AllOf(HasSubstr("1 from 2026-01-01: 8.25% a year of 365 days, after 10 days"),
                    HasSubstr("clause 9.2")));
}

}  // namespace
}  // namespace sluice::testing
