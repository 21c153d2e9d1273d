// Attribution at the command line: members and claims received, a list drafted, published,
// answered, audited and disputed.
#include <fmt/format.h>

#include "tests/scenario/command_test.h"

namespace sluice::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class AttributionCommands : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    contract_ = DraftContract(AddProgram());
    Declare("members", "eligibility",
            "member_number = \"id\"\nvalid_from = \"from\"\nvalid_to = \"through\"\n"
            "plan = \"plan\"\n[constants]\nline_of_business = \"commercial\"\n");
    Declare("claims", "medical_claim",
            "member_number = \"id\"\nclaim_number = \"claim\"\nline_number = \"line\"\n"
            "service_from = \"day\"\nprocedure_code = \"code\"\nrendering_npi = \"npi\"\n"
            "billing_tin = \"tin\"\nallowed = \"allowed\"\npaid = \"allowed\"\n"
            "[constants]\nkind = \"professional\"\n");
    // M1 and M2 see Ann, M3 sees Cyd, M4 nobody.
    Receive("members",
            "id,from,through,plan\nM1,2025-01-01,,gold\nM2,2025-01-01,,gold\n"
            "M3,2025-01-01,,gold\nM4,2025-01-01,,gold\n");
    Receive("claims", fmt::format("id,claim,line,day,code,npi,tin,allowed\n"
                                  "M1,C1,1,2025-02-01,99213,{0},{2},100.00\n"
                                  "M2,C2,1,2025-02-02,99213,{0},{2},120.00\n"
                                  "M3,C3,1,2025-02-03,99214,{1},{3},150.00\n",
                                  kAnn, kCyd, kElmTin, kOakTin));
  }

  std::vector<std::string> List(const std::string& command, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"attribution", command, contract_, "--period", "2025"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  std::vector<std::string> ByAnna(const std::string& command, std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--as", "anna"});
    return List(command, more);
  }

  void SetMethod() {
    Print({"attribution", "method", contract_, "deploy/config/attribution_plurality.json", "--days",
           "2025", "--as", "anna"});
  }

  // An open list of version 1.
  void Publish() {
    SetMethod();
    Print(ByAnna("prepare"));
    Print(ByAnna("publish"));
  }

  std::string contract_;
};

// feature:A01
TEST_F(AttributionCommands, AListIsDraftedPublishedAndAnswered) {
  ExpectRefused(ByAnna("prepare"), 1, HasSubstr("method"));
  SetMethod();
  EXPECT_THAT(Print(ByAnna("prepare")),
              AllOf(HasSubstr("2025-01-01 to 2025-12-31, list version 1: draft, 3 active members"),
                    HasSubstr("new                  3 entries"),
                    HasSubstr("to nobody: NO_CLAIMS, 1 member, 12 member-months")));
  EXPECT_THAT(Print(ByAnna("publish")), HasSubstr("list version 1: open"));
  EXPECT_THAT(Print(List("unattributed")), AllOf(HasSubstr("M4"), HasSubstr("NO_CLAIMS")));
  EXPECT_THAT(Print(List("why", {"--member", "M3"})),
              HasSubstr("2025-02  step 1 plurality_of_dollars: " + std::string(kCyd)));
  ExpectRefused(List("why", {"--member", "M9"}), 2, HasSubstr("no member 'M9'"));
  const std::string file = temp_.Path("list.csv");
  Print(List("export", {"--out", file}));
  std::string csv = ReadBytes(file);
  EXPECT_THAT(csv, AllOf(HasSubstr("M1,gold,2025-01-01,2025-12-31," + std::string(kAnn)),
                         HasSubstr("M3,gold,2025-01-01,2025-12-31," + std::string(kCyd))));
  const auto answer = [&](const std::string& member, const std::string& words) {
    const std::size_t row = csv.find("," + member + ",");
    const std::size_t end = csv.find('\n', row);
    csv.replace(end - 1, 1, words);  // the two last cells are empty: "...,,"
  };
  answer("M1", "accept,");
  answer("M3", "reject,");
  const Outcome refused = Run(ByAnna("respond", {temp_.Write("answers.csv", csv)}));
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.out, AllOf(HasSubstr("a rejection needs a response_reason"),
                                 HasSubstr("nothing was stored")));
}

// feature:A07
TEST_F(AttributionCommands, AnAuditNamesWhatChangedAndWhatIsWrong) {
  Publish();
  Print(ByAnna("publish"));  // final
  // M2's claim was Cyd's all along, and M1 died.
  Receive("claims", fmt::format("id,claim,line,day,code,npi,tin,allowed\n"
                                "M2,C9,1,2025-03-02,99213,{},{},900.00\n",
                                kCyd, kOakTin));
  Print(ByAnna("prepare"));
  const Outcome audit = Run(ByAnna("audit", {"--month", "2025-12"}));
  EXPECT_EQ(audit.exit_code, 0) << audit.All();
  EXPECT_THAT(audit.out, AllOf(HasSubstr("changed: member M2"), HasSubstr("1 change, 0 findings"),
                               HasSubstr("members 3 -> 3: 0 added, 0 dropped")));
  Receive("members", "id,from,through,plan\nM1,2025-01-01,2025-06-30,gold\n");
  const Outcome wrong = Run(ByAnna("audit", {"--month", "2025-12"}));
  EXPECT_EQ(wrong.exit_code, 1) << wrong.All();
  EXPECT_THAT(wrong.out, HasSubstr("terminated: member M1"));
  EXPECT_THAT(Print(List("show")), HasSubstr("list version 2: draft"));
}

// feature:A08
TEST_F(AttributionCommands, ADisputeIsFiledDecidedAndAppliedByTheNextList) {
  Publish();
  const std::string header =
      "operation,member_number,plan,from,through,provider_npi,practice_tin,reason_code,"
      "evidence_kind,evidence_reference,evidence_sha256\n";
  const std::string good =
      fmt::format("add,M4,gold,2025-01-01,2025-12-31,{},{},CARE_NOT_SEEN,chart,vault/17,{}\n", kBob,
                  kElmTin, std::string(64, 'a'));
  const auto file = [&](const std::string& rows) {
    return std::vector<std::string>{
        "dispute",  "file", contract_, temp_.Write("disputes.csv", header + rows),
        "--period", "2025", "--as",    "lakes"};
  };
  const Outcome bad =
      Run(file(good + fmt::format("add,M9,gold,2025-01-01,2025-12-31,{0},{1},X,,,\n"
                                  "move,M4,gold,2025-01-01,2025-12-31,{0},{1},X,,,\n"
                                  "add,M4,gold,2025-01-01,2024-12-31,{0},{1},X,,,\n"
                                  "add,M4,gold,2025-01-01,2025-12-31,1999999984,{1},X,,,\n"
                                  "add,M4,gold,2025-01-01,2025-12-31,{0},{1},X,chart,,\n",
                                  kBob, kElmTin)));
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_THAT(
      bad.out,
      AllOf(HasSubstr("the payer has no member 'M9'"), HasSubstr("row 4 column 1 'operation'"),
            HasSubstr("row 5 column 5 'through'"), HasSubstr("row 6 column 6 'provider_npi'"),
            HasSubstr("SHA-256 in 64 hex digits"), HasSubstr("nothing was filed")));
  const std::string filed = Print(file(good));
  EXPECT_THAT(filed, HasSubstr("  filed"));
  const std::string id = Word(filed, "dsp_");
  const auto act = [&](const std::string& event, std::vector<std::string> more) {
    std::vector<std::string> arguments = {"dispute", "act", contract_, id, event, "--as", "anna"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  };
  ExpectRefused(act("accept", {"--reason", "right"}), 1,
                HasSubstr("is filed: accept is not possible then; possible: assign, withdraw"));
  ExpectRefused({"dispute", "list", contract_, "--period", "2025", "--state", "lost"}, 1,
                AllOf(HasSubstr("not 'lost'"), HasSubstr("under_review")));
  ExpectRefused(act("ponder", {}), 1, HasSubstr("'ponder' is nothing that is done to a dispute"));
  ExpectRefused(act("assign", {"--owner", "carl"}), 1, HasSubstr("due day"));
  Print(act("assign", {"--owner", "carl", "--due", "2030-01-31"}));
  EXPECT_THAT(Print({"dispute", "list", contract_, "--period", "2025"}),
              AllOf(HasSubstr("under_review  add member M4, gold, 2025-01-01 to 2025-12-31: "
                              "CARE_NOT_SEEN; to be answered by"),
                    HasSubstr("owner carl"), HasSubstr("\n1 dispute\n")));
  EXPECT_THAT(Print({"dispute", "letter", contract_, "--period", "2025", "--from", "Lakes ACO",
                     "--to", "Example Plan", "--rule", "section 2.4"}),
              AllOf(HasSubstr("section 2.4"), Not(HasSubstr("M4"))));
  Print(act("accept", {"--reason", "the chart shows it"}));
  Print(ByAnna("publish"));
  EXPECT_THAT(Print(ByAnna("prepare")), HasSubstr("list version 2: draft, 4 active members"));
  Print(ByAnna("publish"));
  EXPECT_THAT(Print({"dispute", "show", contract_, id}),
              AllOf(HasSubstr("applied"), HasSubstr("evidence: chart, vault/17"),
                    HasSubstr("applied in version 2 of the list"),
                    HasSubstr("accept by anna: the chart shows it")));
  ExpectRefused(act("withdraw", {}), 1,
                HasSubstr("is applied: withdraw is not possible then; it is closed"));
}

}  // namespace
}  // namespace sluice::testing
