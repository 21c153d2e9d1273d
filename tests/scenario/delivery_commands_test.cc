// Files on their way and remittances at the command line: files of a run, drops of payees, the
// queue, the clock, and the servers of a profile.
#include "payments/cycle_service.h"
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

constexpr pg::Query kProgramOfTest{"test_delivery_program", R"sql(
  SELECT p.payer_id, p.program_id, p.book_id
  FROM performance.program AS p
)sql"};

class DeliveryCommands : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    AddProgram();
    const Status found = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
      const pg::Result row = tx.Query(kProgramOfTest);
      settings_ = {.payer = row[0].Get<PayerId>(0),
                   .program = row[0].Get<ProgramId>(1),
                   .book = row[0].Get<BookId>(2),
                   .program_name = "Shared savings 2025"};
      settings_.pool = *payments::FindPoolByName(tx, settings_.book, "Savings pool");
      return OkStatus();
    });
    ASSERT_TRUE(found.ok()) << StatusMessage(found);
    AddPayee("Elm Practice", kElmTin);
  }

  // A run that was never released: it has no files.
  std::string OpenRun() {
    CycleService cycles(db_.App(), settings_, clock_, db_.Ids());
    const auto run = cycles.Open({.name = "Savings 2025",
                                  .period = DateRange::Year(2025),
                                  .business_date = MakeDate(2026, 3, 2)},
                                 Actor{UserId(1)});
    EXPECT_TRUE(run.ok()) << StatusMessage(run.status());
    return run->id.ToString();
  }

  static std::vector<std::string> OfProgram(std::vector<std::string> words) {
    words.insert(words.end(), {"--pool", "Savings pool"});
    return words;
  }

  std::string Profile(const std::string& servers) {
    return temp_.Write(
        "release.toml",
        servers +
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

// feature:M13
TEST_F(DeliveryCommands, ADropIsRecordedListedAndEnded) {
  const std::vector<std::string> who = {"--reason", "asked for by mail", "--as", "anna"};
  const auto with = [&](std::vector<std::string> words) {
    words.insert(words.end(), who.begin(), who.end());
    return words;
  };
  EXPECT_THAT(Print({"delivery", "drops", "Elm Practice"}), HasSubstr("no drop"));
  ExpectRefused(
      with({"delivery", "drop", "Elm Practice", "--server", "drops", "--receiver", "elm practice"}),
      1, HasSubstr("ISA08"));
  ExpectRefused(with({"delivery", "drop", "Elm Practice", "--server", "drops", "--receiver", "ELM",
                      "--folder", "../etc"}),
                1, HasSubstr("stay below"));
  EXPECT_THAT(Print(with({"delivery", "drop", "Elm Practice", "--server", "drops", "--receiver",
                          "ELM", "--folder", "elm"})),
              AllOf(HasSubstr("1: ELM on drops, in elm"), HasSubstr("--delivery sftp")));
  Print(with({"delivery", "drop", "Elm Practice", "--end"}));
  EXPECT_THAT(Print({"delivery", "drops", "Elm Practice"}),
              AllOf(HasSubstr("1: ELM on drops"), HasSubstr("2: none any more: asked for"),
                    Not(HasSubstr(kElmTin))));
}

// feature:R05 feature:M08
TEST_F(DeliveryCommands, WithoutFilesThereIsNothingToDeliverBringOrTime) {
  const std::string run = OpenRun();
  const std::string program = "Shared savings 2025";
  ExpectRefused(OfProgram({"delivery", "files", program, run}), 2, HasSubstr("has no files"));
  EXPECT_THAT(Print(OfProgram({"delivery", "queue", program})), HasSubstr("0 remittances"));
  EXPECT_THAT(Print(OfProgram({"delivery", "clock", program, run})),
              HasSubstr("0 remittances, 0 outside 3 business days"));
  ExpectRefused(
      OfProgram({"delivery", "done", program, "NOSUCH", "--how", "letter", "--as", "anna"}), 2,
      HasSubstr("nothing is queued for payment NOSUCH"));
  ExpectRefused(OfProgram({"delivery", "confirm", program, run, "x.ach", "--evidence", "seen",
                           "--as", "anna"}),
                2, HasSubstr("has no files"));
}

// feature:M08
TEST_F(DeliveryCommands, AFileIsTakenBackByTwoAndThereMustBeOne) {
  const std::string run = OpenRun();
  ExpectRefused(OfProgram({"delivery", "void", "Shared savings 2025", run, "x.ach", "--reason",
                           "wrong cycle", "--as", "anna", "--second", "bob", "--profile",
                           Profile("undo_minutes = 30\n"), "--out", temp_.Path("out")}),
                2, HasSubstr("has no files"));
}

// feature:M08
TEST_F(DeliveryCommands, AServerIsPinnedInTheProfileOrRefused) {
  const std::string run = OpenRun();
  const auto resume = [&](const std::string& servers) {
    return OfProgram({"delivery", "resume", "Shared savings 2025", run, "--profile",
                      Profile(servers), "--out", temp_.Path("out"), "--as", "anna"});
  };
  ExpectRefused(resume("bank_server = \"bank\"\n"), 1, HasSubstr("names no server of this file"));
  const std::string server =
      "bank_server = \"bank\"\nsftp.bank.host = \"bank.example\"\nsftp.bank.user = \"plan\"\n"
      "sftp.bank.key_file = \"/secret/bank.key\"\n";
  ExpectRefused(resume(server), 1,
                AllOf(HasSubstr("must hold the server's key"), Not(HasSubstr("/secret"))));
  // A good profile; the run has nothing to deliver yet.
  ExpectRefused(resume(server + "sftp.bank.host_keys = [\"SHA256:abc\"]\n"), 1, HasSubstr("run"));
}

}  // namespace
}  // namespace sluice::testing
