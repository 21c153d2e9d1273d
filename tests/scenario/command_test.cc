#include "tests/scenario/command_test.h"

#include <fmt/format.h>

#include "payments/payee_service.h"

namespace sluice::testing {
namespace {

constexpr pg::Query kOnlyPayer{"test_only_payer", "SELECT payer_id FROM core.payer"};

// libpq takes the last value of a keyword.
std::string Uri(const pg::ConnectOptions& options) {
  return options.database.empty() ? options.uri : options.uri + " dbname=" + options.database;
}

}  // namespace

void CommandTest::SetUp() {
  const pg::ConnectOptions& app = db_.AppOptions();
  config_ = temp_.Write(
      "sluice.toml",
      fmt::format("[database]\nuri = \"{0}\"\nfiles_uri = \"{0}\"\nverify_uri = \"{0}\"\n"
                  "admin_uri = \"{1}\"\npassword_file = \"{2}\"\npool_size = 2\n",
                  Uri(app), Uri(db_.AdminOptions()), app.password_file));
  Print({"payer", "add", "--name", "Example Plan", "--tin", "970000001"});
  const std::string roster = temp_.Write(
      "roster.csv",
      fmt::format("aco_id,aco_name,practice_tin,practice_npi,practice_name,address,city,state,zip,"
                  "provider_npi,provider_id,provider_name,start_date,end_date\n"
                  "A1,Lakes ACO,{0},1000100002,Elm Practice,1 Elm Street,Columbus,OH,43215,{2},P1,"
                  "Ann Ames,2023-01-01,\n"
                  "A1,Lakes ACO,{0},1000100002,Elm Practice,1 Elm Street,Columbus,OH,43215,{3},P2,"
                  "Bob Bell,2023-01-01,\n"
                  "A1,Lakes ACO,{1},1245319599,Oak Practice,2 Oak Street,Columbus,OH,43215,{4},P3,"
                  "Cyd Cole,2023-01-01,\n",
                  kElmTin, kOakTin, kAnn, kBob, kCyd));
  Print({"import", roster, "--mapping", "deploy/config/roster.toml", "--effective", "2023-01-01"});
}

Outcome CommandTest::Run(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--config", config_, "--data-dir", temp_.Path("data")});
  return RunSluice(arguments);
}

std::string CommandTest::Print(const std::vector<std::string>& arguments) {
  const Outcome outcome = Run(arguments);
  EXPECT_EQ(outcome.exit_code, 0) << fmt::format("{}\n{}", fmt::join(arguments, " "),
                                                 outcome.All());
  return outcome.out;
}

void CommandTest::ExpectRefused(const std::vector<std::string>& arguments, int exit_code,
                                const ::testing::Matcher<std::string>& message) {
  const Outcome refused = Run(arguments);
  EXPECT_EQ(refused.exit_code, exit_code) << fmt::format("{}", fmt::join(arguments, " "));
  EXPECT_THAT(refused.err, ::testing::AllOf(::testing::StartsWith("sluice: "), message));
  EXPECT_THAT(refused.out, ::testing::IsEmpty());
}

std::string CommandTest::Word(const std::string& text, const std::string& prefix) {
  const std::size_t begin = text.find(prefix);
  if (begin == std::string::npos) {
    ADD_FAILURE() << "nothing begins with " << prefix << " in\n" << text;
    return "";
  }
  const std::size_t end = text.find_first_of(" \n:,;)", begin);
  return text.substr(begin, end - begin);
}

void CommandTest::AddPayee(const std::string& name, const std::string& tin) {
  const auto payer = db_.Admin().Transact(
      [](pg::Transaction& tx) -> StatusOr<PayerId> { return tx.Query(kOnlyPayer).One<PayerId>(); });
  ASSERT_TRUE(payer.ok()) << StatusMessage(payer.status());
  const auto party = PartyId::Parse(Word(Print({"party", "find", tin}), "pty_"));
  ASSERT_TRUE(party.ok()) << StatusMessage(party.status());
  const auto keys = payments::FileKeyProvider::Open(temp_.Path("unused.key"));
  ASSERT_TRUE(keys.ok()) << StatusMessage(keys.status());
  payments::PayeeService payees(db_.App(), *payer, *keys, db_.Clock(), db_.Ids());
  const auto added = payees.AddPayees({payments::Payee{.party = *party, .name = name, .tin = tin}},
                                      payments::Actor{.user = UserId(1)});
  ASSERT_TRUE(added.ok()) << StatusMessage(added.status());
}

std::string CommandTest::AddProgram() {
  return Word(Print({"program", "add", "--name", "Shared savings 2025", "--stream", "ssl", "--lan",
                     "3B", "--pool", "Savings pool"}),
              "prg_");
}

std::string CommandTest::DraftContract(const std::string& program) {
  return Word(Print({"contract", "draft", "--program", program, "--party", "Lakes ACO", "--days",
                     "2025", "--terms", TermsFile(), "--as", "anna", "--comment", "first text"}),
              "ctr_");
}

void CommandTest::Declare(const std::string& feed, const std::string& kind,
                          const std::string& columns) {
  temp_.Write(feed + ".mapping.toml",
              fmt::format("name = \"{}\"\nkind = \"{}\"\n[columns]\n{}", feed, kind, columns));
  Print({"feed", "declare",
         temp_.Write(feed + ".toml",
                     fmt::format("name = \"{0}\"\nkind = \"{1}\"\nowner = \"Data desk\"\n"
                                 "mapping = \"{0}.mapping.toml\"\nstarts_on = 2025-01-01\n"
                                 "interval_days = 31\ngrace_days = 5\n",
                                 feed, kind))});
}

void CommandTest::Receive(const std::string& feed, const std::string& text) {
  Print({"feed", "receive", feed, temp_.Write(feed + ".csv", text), "--period", "2025"});
}

std::string CommandTest::TermsFile(const std::string& share_millionths) {
  return temp_.Write("terms-" + share_millionths + ".json", fmt::format(R"({{
  "title": "Two-sided shared savings 2025",
  "components": [
    {{"basis": {{"target_minus_actual": {{"target_fact": "benchmark",
                                          "actual_fact": "expenditure"}},
                 "zero_reason": "NO_SAVINGS"}}, "clause": "section 3"}},
    {{"gate": {{"name": "minimum savings rate", "side": "SIDE_GAIN",
                "value_at_least": {{"reference_fact": "benchmark",
                                    "threshold": {{"fixed": "1/50"}}}},
                "on_fail": {{"gain_reason": "BELOW_MINIMUM_SAVINGS_RATE",
                             "loss_reason": "BELOW_MINIMUM_LOSS_RATE"}}}},
      "clause": "section 3.2"}},
    {{"rate": {{"cases": [{{"fixed_millionths": "{}"}}],
                "otherwise": "QUALITY_STANDARD_FAILED"}}, "clause": "section 4"}},
    {{"rounding": {{"unit_cents": "1"}}, "clause": "section 4.1"}},
    {{"split": {{"levels": [{{"keep_millionths": "200000", "basis": "SPLIT_BASIS_EQUAL"}}]}},
      "clause": "section 7"}}],
  "operations": {{
    "funding_pool": "Savings pool",
    "schedule": [
      {{"kind": "SCHEDULE_KIND_SETTLEMENT", "name": "final settlement", "every": "EVERY_YEAR",
        "due_days": 180}},
      {{"kind": "SCHEDULE_KIND_PAYMENT", "name": "quarterly advance", "every": "EVERY_QUARTER",
        "due_from": "DUE_FROM_START", "due_days": 14}}]}}
}}
)",
                                                                        share_millionths));
}

}  // namespace sluice::testing
