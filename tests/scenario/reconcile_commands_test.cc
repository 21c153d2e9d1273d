// A finance person at the command line: what the bank did that nobody expects, who looks after it,
// what it is, and whether a run's money is the same on all sides.
#include "payments/cycle_service.h"
#include "payments/inbound/statement_store.h"
#include "payments/ledger/events.h"
#include "payments/ledger/ledger.h"
#include "payments/run_store.h"
#include "tests/scenario/command_test.h"

namespace sluice::testing {
namespace {

using payments::Actor;
using payments::BankLineRow;
using payments::Journal;
using payments::MakeJournal;
using payments::ProgramPayments;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kProgramName = "Shared savings 2025";
constexpr pg::Query kProgram{"test_reconciled_program", R"sql(
  SELECT p.payer_id, p.program_id, p.book_id
  FROM performance.program AS p
)sql"};

class ReconcileCommands : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    AddProgram();
    const Status found = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
      const pg::Result row = tx.Query(kProgram);
      settings_ = {.payer = row[0].Get<PayerId>(0),
                   .program = row[0].Get<ProgramId>(1),
                   .book = row[0].Get<BookId>(2),
                   .program_name = kProgramName};
      settings_.pool = *payments::FindPoolByName(tx, settings_.book, "Savings pool");
      return OkStatus();
    });
    ASSERT_TRUE(found.ok()) << StatusMessage(found);
  }

  // The pool has 100 dollars, and the bank took 5 of them.
  void TakeFee() {
    const auto bank = settings_.pool.bank_account;
    const Date day = MakeDate(2026, 3, 2);
    const auto id = [](const char* kind) {
      return DerivedUuid(kind, std::vector<std::string>{"reconcile_commands"});
    };
    const std::vector<Journal> journals = {
        MakeJournal({.id = id("test_deposit"), .actor = UserId(1), .effective_date = day},
                    payments::BankCredit(bank, Money::FromCents(100'00))),
        MakeJournal({.id = id("test_fund"), .actor = UserId(1), .effective_date = day},
                    payments::FundPool(payments::BankSuspenseAccount(bank), settings_.pool.id,
                                       Money::FromCents(100'00))),
        MakeJournal({.id = id("test_fee"), .actor = UserId(1), .effective_date = day},
                    payments::BankDebit(bank, Money::FromCents(5'00)))};
    const auto posted = payments::Ledger(clock_).Post(db_.App().ForPayer(settings_.payer),
                                                      settings_.book, journals);
    ASSERT_TRUE(posted.ok()) << StatusMessage(posted.status());
    ASSERT_TRUE(payments::RequireAccepted(*posted).ok());
    const BankLineRow line{.id = 4'711,
                           .account = bank,
                           .as_of = day,
                           .type_code = "698",
                           .direction = payments::BankDirection::kDebit,
                           .amount = Money::FromCents(5'00),
                           .bank_reference = "FEE1",
                           .file = payments::InboundFileId(1),
                           .item_no = 1,
                           .journal_id = id("test_fee")};
    const Status stored =
        db_.App().ForPayer(settings_.payer).Transact([&](pg::Transaction& tx) -> Status {
          payments::InsertBankLines(tx, settings_.book, std::span(&line, 1), clock_.Now());
          return OkStatus();
        });
    ASSERT_TRUE(stored.ok()) << StatusMessage(stored);
  }

  SystemClock clock_;
  ProgramPayments settings_;
};

TEST_F(ReconcileCommands, ALineIsListedAssignedAndSplitByTwoPeople) {
  TakeFee();
  const Outcome open = Run({"reconcile", "lines", kProgramName, "--on", "2026-03-04"});
  EXPECT_EQ(open.exit_code, 1) << open.All();
  EXPECT_THAT(open.out, AllOf(HasSubstr("1 open line"), HasSubstr("698 debit 5.00"),
                              HasSubstr("2 banking days old"), HasSubstr("with nobody"),
                              HasSubstr("UNMATCHED")));
  const std::string line = Word(open.out, "bln_");
  EXPECT_THAT(Print({"reconcile", "assign", kProgramName, line, "--to", "ben", "--as", "anna"}),
              HasSubstr("looks after it"));
  ExpectRefused({"reconcile", "split", kProgramName, line, "--part", "fee:Savings pool:4.00",
                 "--reason", "the fee", "--as", "anna"},
                1, HasSubstr("add up to 4.00, and the line is of 5.00"));
  ExpectRefused({"reconcile", "split", kProgramName, line, "--part", "fee=5", "--reason", "the fee",
                 "--as", "anna"},
                1, HasSubstr("kind:reference:amount"));
  const std::string asked = Print({"reconcile", "split", kProgramName, line, "--part",
                                   "fee:Savings pool:5.00", "--reason", "the fee", "--as", "anna"});
  EXPECT_THAT(asked, HasSubstr("waits for another person"));
  const std::string split = Word(asked, "lsp_");
  EXPECT_THAT(Run({"reconcile", "lines", kProgramName}).out,
              AllOf(HasSubstr("fee Savings pool 5.00"), HasSubstr("with usr_"),
                    HasSubstr(split + " waits for another person")));
  ExpectRefused({"reconcile", "approve", kProgramName, split, "--as", "anna"}, 1,
                HasSubstr("another person decides"));
  EXPECT_THAT(Print({"reconcile", "approve", kProgramName, split, "--as", "ben"}),
              HasSubstr("posted"));
  EXPECT_THAT(Print({"reconcile", "lines", kProgramName}), HasSubstr("0 open lines"));
  EXPECT_THAT(Print({"pool", "list", kProgramName}), HasSubstr("balance 95.00"));
}

TEST_F(ReconcileCommands, ARunWithoutPaymentsIsWhole) {
  payments::CycleService cycles(db_.App(), settings_, clock_, db_.Ids());
  const auto run = cycles.Open({.name = "Savings 2025",
                                .period = DateRange::Year(2025),
                                .business_date = MakeDate(2026, 3, 2)},
                               Actor{UserId(1)});
  ASSERT_TRUE(run.ok()) << StatusMessage(run.status());
  EXPECT_THAT(Print({"reconcile", "run", kProgramName, run->id.ToString()}),
              AllOf(HasSubstr("OPEN: 0 of 0 payments match"),
                    HasSubstr("deposit 0.00, remittance 0.00, ledger 0.00")));
  EXPECT_THAT(Print({"reconcile", "payments", kProgramName, "--pending"}),
              HasSubstr("payment,payee_id,payee"));
  ExpectRefused({"reconcile", "mark", kProgramName, "Nobody", "1001", "--as", "anna"}, 2,
                HasSubstr("payee"));
}

}  // namespace
}  // namespace sluice::testing
