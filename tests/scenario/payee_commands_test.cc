// The bank office and the payees' preferences at the command line.
#include <fmt/format.h>

#include "tests/scenario/command_test.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class PayeeCommands : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    AddPayee("Elm Practice", kElmTin);
    AddPayee("Oak Practice", kOakTin);
  }
  std::string Form(const std::string& reason) {
    return temp_.Write("form.txt", fmt::format("provider_name = Elm Practice\n"
                                               "provider_street = 1 Elm Street\n"
                                               "provider_city = Duluth\n"
                                               "provider_state = MN\n"
                                               "provider_zip = 55802\n"
                                               "tin = {}\n"
                                               "contact_name = Ann\n"
                                               "contact_phone = 218-555-0100\n"
                                               "contact_email = ann@elm.example\n"
                                               "institution_name = First Bank\n"
                                               "routing_number = 091000019\n"
                                               "account_type = checking\n"
                                               "account_number = 550111222333\n"
                                               "account_linkage = TIN\n"
                                               "reason = {}\n"
                                               "signature = Ann\n"
                                               "account_ownership = business\n"
                                               "funds_go_abroad = no\n",
                                               kElmTin, reason));
  }
};

// feature:M12
TEST_F(PayeeCommands, AnAccountIsEnrolledProvedAndUsedByTwoPeople) {
  ExpectRefused({"payee", "enroll", "Elm Practice", "--form", Form("other"), "--as", "anna"}, 1,
                HasSubstr("new, change, cancel"));
  const std::string enrolled =
      Print({"payee", "enroll", "Elm Practice", "--form", Form("new"), "--as", "anna"});
  const std::string account = Word(enrolled, "bac_");
  EXPECT_THAT(account, HasSubstr("/1"));
  EXPECT_THAT(Print({"payee", "accounts", "Elm Practice"}),
              AllOf(HasSubstr("SUBMITTED  ending 2333"), HasSubstr("no W-9 on file (40)"),
                    Not(HasSubstr("550111222333"))));
  Print({"payee", "test", "ask", account, "--kind", "prenote", "--as", "anna"});
  EXPECT_THAT(Print({"payee", "test", "list"}), HasSubstr("prenote  WAITS"));
  ExpectRefused({"payee", "account", "approve", account, "--reason", "r", "--as", "bob"}, 1,
                HasSubstr("is not proved"));
  ExpectRefused({"payee", "account", "prove", account, "--by", "bank-letter", "--detail", "letter",
                 "--as", "anna"},
                1, HasSubstr("another person"));
  Print({"payee", "account", "prove", account, "--by", "bank-letter", "--detail", "letter", "--as",
         "bob"});
  Print({"payee", "account", "approve", account, "--reason", "letter seen", "--as", "bob"});
  Print({"payee", "account", "activate", account, "--reason", "due", "--as", "bob"});
  EXPECT_THAT(Print({"payee", "accounts", "Elm Practice"}), HasSubstr("ACTIVE"));
  ExpectRefused({"payee", "account", "approve", "bac_1", "--reason", "r", "--as", "bob"}, 1,
                HasSubstr("bac_.../2"));
  // A change of which nobody can be told.
  Print({"payee", "enroll", "Elm Practice", "--form", Form("change"), "--as", "anna"});
  const Outcome alerts = Run({"payee", "alerts"});
  EXPECT_EQ(alerts.exit_code, 1);
  EXPECT_THAT(alerts.out, HasSubstr("NOBODY_TO_TELL"));
  EXPECT_THAT(Print({"notices", "list"}), HasSubstr("no notice waits"));
}

// feature:M12
TEST_F(PayeeCommands, AChangeIsToldToTheContactsByMail) {
  Print({"contact", "add", kElmTin, "--name", "Erin Elm", "--kind", "finance", "--email",
         "erin@elm.example", "--days", "2025-01-01..", "--as", "anna"});
  const std::string account = Word(
      Print({"payee", "enroll", "Elm Practice", "--form", Form("new"), "--as", "anna"}), "bac_");
  Print({"payee", "test", "ask", account, "--kind", "micro-deposits", "--as", "anna"});
  EXPECT_THAT(Print({"notices", "list"}), HasSubstr("no notice waits"));
  // Nobody saw the contact before today: the account is changed a day later at the earliest. What
  // waits is put there by hand.
  const Status stored = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
    tx.RunScript(
        "INSERT INTO payments.payee_notice (payer_id, notice_id, kind, payee_id, account_id, "
        "version, channel, address, recipient, body, state, detail, recorded_at) "
        "SELECT payer_id, c.n, 1, payee_id, account_id, version, c.n, "
        "CASE c.n WHEN 1 THEN 'erin@elm.example' ELSE '+16145550123' END, 'Erin Elm', "
        "'A new account.', 0, '', '2026-10-01T12:00:00Z' "
        "FROM payments.bank_account CROSS JOIN (VALUES (1), (2)) AS c (n)");
    return OkStatus();
  });
  ASSERT_TRUE(stored.ok()) << StatusMessage(stored);
  Outcome listed = Run({"notices", "list"});
  EXPECT_EQ(listed.exit_code, 1);  // somebody has to call
  EXPECT_THAT(listed.out,
              AllOf(HasSubstr("1  waits  e-mail to e***@elm.example (Erin Elm)"),
                    HasSubstr("2  waits  call to ***0123"), Not(HasSubstr("erin@elm.example"))));
  EXPECT_THAT(Run({"notices", "list", "--addresses"}).out,
              AllOf(HasSubstr("erin@elm.example"), HasSubstr("+16145550123")));
  const std::string drop = temp_.Path("mail");
  const auto config = [&](const std::string& text) { return temp_.Write("notices.toml", text); };
  ExpectRefused({"notices", "send", "--mail", config("from = \"plan@plan.example\"\n"), "--as",
                 "scheduler"},
                1, HasSubstr("must name a folder"));
  EXPECT_THAT(Print({"notices", "send", "--mail",
                     config("from = \"plan@plan.example\"\ndrop = \"" + drop + "\"\n"), "--as",
                     "scheduler"}),
              HasSubstr("1 sent, 0 refused, 0 unknown, 0 waiting"));
  EXPECT_THAT(ReadBytes(drop + "/notice-1.eml"), HasSubstr("To: \"Erin Elm\""));
  ExpectRefused({"notices", "mark", "1", "--again", "--how", "x", "--as", "bob"}, 1,
                HasSubstr("\"sent\" and stays so"));
  Print({"notices", "mark", "2", "--how", "spoke to Erin", "--as", "bob"});
  EXPECT_THAT(Print({"notices", "list"}), HasSubstr("no notice waits"));
  EXPECT_THAT(Print({"notices", "list", "--all"}), HasSubstr("spoke to Erin"));
}

// feature:M11
TEST_F(PayeeCommands, PreferencesAreRecordedConfirmedAndExplained) {
  const std::string program = AddProgram();
  Print({"payee", "prefer", "Elm Practice", "--delivery", "portal", "--reason", "asked for", "--as",
         "anna"});
  ExpectRefused(
      {"payee", "prefer", "Elm Practice", "--method", "card", "--reason", "r", "--as", "anna"}, 1,
      HasSubstr("who asked for it"));
  const std::string moved = Print({"payee", "prefer", "Elm Practice", "--npi", kAnn, "--pay-to",
                                   "Oak Practice", "--reason", "carve-out", "--as", "anna"});
  const std::string id = Word(moved, "prf_");
  ExpectRefused({"payee", "confirm", id, "--as", "anna"}, 1, HasSubstr("another person"));
  EXPECT_THAT(Print({"payee", "confirm", id, "--as", "bob"}), HasSubstr("next cycle"));
  EXPECT_THAT(Print({"payee", "preferences", "Elm Practice"}),
              AllOf(HasSubstr("remittance by portal"), HasSubstr("TIN ending 0011"),
                    Not(HasSubstr(kElmTin))));
  // Today's runs do not know what came today.
  EXPECT_THAT(
      Print({"payee", "route", "Elm Practice", "--program", program, "--pool", "Savings pool"}),
      AllOf(HasSubstr("remittance by clearinghouse"), HasSubstr("came after the cut-off")));
  EXPECT_THAT(Print({"payee", "route", "Elm Practice", "--program", program, "--pool",
                     "Savings pool", "--on", "2099-01-05", "--party", kAnn}),
              HasSubstr("* prf_"));
}

}  // namespace
}  // namespace sluice::testing
