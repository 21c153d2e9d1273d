// A payment run worked over HTTPS and gRPC, from its opening to its approval.
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "tests/api/server/server_fixture.h"

namespace sluice::api {
namespace {

using google::protobuf::Struct;
using payments::Dollars;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RunCommands : public ServerFixture {
 protected:
  void SetUp() override {
    ServerFixture::SetUp();
    maker_ = SignIn("maker");
    program_name_ = fmt::format("{}/programs/{}", payer_name_, program_.program);
  }

  static Struct Parse(const std::string& json) {
    Struct parsed;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &parsed).ok()) << json;
    return parsed;
  }
  std::string NextId() { return fmt::format("0195f3c2-0000-8000-8000-{:012}", ++last_id_); }
  // The verb with the etag of the run as it stands.
  testing::HttpAnswer Command(const std::string& verb, const std::string& token,
                              const std::string& more = "") {
    Struct body;
    if (!more.empty()) body = Parse(more);
    (*body.mutable_fields())["etag"].set_string_value(EtagOfRun(maker_));
    (*body.mutable_fields())["requestId"].set_string_value(NextId());
    std::string json;
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(body, &json).ok());
    return Https("POST", "/v1/" + run_name_ + ":" + verb, token, json);
  }
  testing::HttpAnswer OpenOver(const std::string& token, const std::string& id) {
    return Https("POST", "/v1/" + program_name_ + "/cycles:open", token,
                 fmt::format(R"({{"displayName":"Shared savings 2025","kind":"RUN_KIND_REGULAR",
                     "period":{{"from":{{"year":2025,"month":1,"day":1}},
                                "to":{{"year":2026,"month":1,"day":1}}}},
                     "businessDate":{{"year":2026,"month":10,"day":1}},"requestId":"{}"}})",
                             id));
  }
  payments::RunId RunOf(const std::string& name) {
    return payments::RunId::Parse(name.substr(name.rfind('/') + 1)).value();
  }
  // The texts of a field over the items of a list.
  std::vector<std::string> Texts(const std::string& target, const std::string& list,
                                 const std::string& field) {
    const auto answer = Https("GET", "/v1/" + target, maker_);
    EXPECT_EQ(answer.status, 200) << answer.body;
    std::vector<std::string> texts;
    const Struct parsed = Parse(answer.body);
    for (const auto& item : parsed.fields().at(list).list_value().values()) {
      texts.push_back(item.struct_value().fields().at(field).string_value());
    }
    return texts;
  }

  std::string maker_;
  std::string program_name_;
  int last_id_ = 0;
};

// feature:M08
TEST_F(RunCommands, ARunGoesFromItsOpeningToItsApproval) {
  Fund(Dollars(5'000));
  AddPaidPayee(7);
  const std::string id = NextId();
  const auto opened = OpenOver(maker_, id);
  ASSERT_EQ(opened.status, 200) << opened.body;
  run_name_ = FieldOf(opened.body, "name");
  EXPECT_EQ(FieldOf(opened.body, "state"), "RUN_STATE_OPEN");
  EXPECT_EQ(OpenOver(maker_, id).body, opened.body);  // the same id is the same run
  const auto calculated = Cycles().Calculate(
      RunOf(run_name_), std::vector{Award(1, {{.party = 7, .amount = Dollars(1'000)}})}, kMaker);
  ASSERT_TRUE(calculated.ok()) << StatusMessage(calculated.status());

  const auto submitted = Command("submit", maker_);
  ASSERT_EQ(submitted.status, 200) << submitted.body;
  EXPECT_EQ(FieldOf(submitted.body, "state"), "RUN_STATE_IN_REVIEW");
  const auto returned =
      Command("return", SignIn("first", true), R"({"reason":"the cap is not what we agreed"})");
  ASSERT_EQ(returned.status, 200) << returned.body;
  EXPECT_EQ(FieldOf(returned.body, "state"), "RUN_STATE_CALCULATED");
  const auto again = Command("submit", maker_);
  ASSERT_EQ(again.status, 200) << again.body;

  const std::string digest = FieldOf(again.body, "digest");
  const std::string seen = fmt::format(R"({{"seenDigest":"{}"}})", digest);
  ASSERT_EQ(Command("approve", SignIn("first", true), seen).status, 200);
  const auto approved = Command("approve", SignIn("second", true), seen);
  ASSERT_EQ(approved.status, 200) << approved.body;
  EXPECT_EQ(FieldOf(approved.body, "state"), "RUN_STATE_APPROVED");

  EXPECT_THAT(Texts(run_name_ + "/events", "runEvents", "command"),
              ElementsAre("calculate", "finish calculation", "submit", "return", "submit",
                          "approve", "approve"));
  // The events count revisions as the run does.
  const Struct events = Parse(Https("GET", "/v1/" + run_name_ + "/events", maker_).body);
  const auto& last = *events.fields().at("runEvents").list_value().values().rbegin();
  EXPECT_EQ(last.struct_value().fields().at("revision").number_value(),
            Cycles().Find(RunOf(run_name_))->revision);
}

TEST_F(RunCommands, APayeeIsHeldAndLetGo) {
  AddRun();
  // What is submitted is not edited.
  const std::string payee = Texts(run_name_ + "/payees", "runPayees", "payee").front();
  const std::string body =
      fmt::format(R"({{"payee":"{}","reason":"the practice asked us to wait"}})", payee);
  EXPECT_EQ(Command("holdPayee", maker_, body).status, 400);
  ASSERT_EQ(Command("return", SignIn("first", true), R"({"reason":"one payee must wait"})").status,
            200);
  const auto held = Command("holdPayee", maker_, body);
  ASSERT_EQ(held.status, 200) << held.body;
  EXPECT_THAT(
      Texts(run_name_ + "/payees?filter=hold_reason%20%3D%20BY_PERSON", "runPayees", "holdNote"),
      ElementsAre(HasSubstr("asked us to wait")));
  const auto let_go =
      Command("releasePayee", SignIn("first", true),
              fmt::format(R"({{"payee":"{}","reason":"they may be paid now"}})", payee));
  ASSERT_EQ(let_go.status, 200) << let_go.body;
  EXPECT_THAT(Texts(run_name_ + "/payees", "runPayees", "holdReason"),
              ElementsAre("HOLD_REASON_UNSPECIFIED"));
}

TEST_F(RunCommands, AReasonIsGivenInWords) {
  AddRun();
  const auto short_reason = Command("return", SignIn("first", true), R"({"reason":"no"})");
  EXPECT_EQ(short_reason.status, 400);
  EXPECT_THAT(short_reason.body, HasSubstr("10 to 2,000 bytes"));
}

TEST_F(RunCommands, LinesSayWhatTheyCameFrom) {
  AddRun();
  EXPECT_THAT(Texts(run_name_ + "/lines", "runLines", "party"),
              ElementsAre(fmt::format("{}/parties/{}", payer_name_, PartyId(7))));
  const auto numbers = Https("GET", "/v1/" + run_name_ + "/payees", maker_);
  EXPECT_THAT(numbers.body, HasSubstr("\"accountMasked\":\"ending 1000\""));
}

TEST_F(RunCommands, CyclesAreListedWithTheirRuns) {
  AddRun();
  const std::string cycle = run_name_.substr(0, run_name_.rfind("/runs/"));
  const auto one = Https("GET", "/v1/" + cycle, maker_);
  ASSERT_EQ(one.status, 200) << one.body;
  EXPECT_THAT(one.body, HasSubstr(run_name_));
  EXPECT_THAT(Texts(program_name_ + "/cycles?filter=run_state%20%3D%20IN_REVIEW", "cycles", "name"),
              ElementsAre(cycle));
  EXPECT_THAT(Texts(program_name_ + "/cycles?filter=run_state%20%3D%20CLOSED", "cycles", "name"),
              ElementsAre());
  EXPECT_EQ(Https("GET", "/v1/" + cycle + ":compare", maker_).status, 200);
}

// feature:X01
TEST_F(RunCommands, ACallerReadsWhatTheyMayDo) {
  const auto self = Https("GET", "/v1/" + payer_name_ + "/users:self", SignIn("first", true));
  ASSERT_EQ(self.status, 200) << self.body;
  EXPECT_THAT(self.body, HasSubstr(R"("resource":"RUN","verb":"APPROVE")"));
  EXPECT_THAT(self.body, HasSubstr(R"("stepUpValid":true)"));
  const auto aco = Https("GET", "/v1/" + payer_name_ + "/users:self", SignIn("aco"));
  EXPECT_THAT(aco.body, HasSubstr(R"("resource":"PARTY","verb":"READ","ownTreeOnly":true)"));
  // Others are for those who look after users.
  EXPECT_EQ(Https("GET", fmt::format("/v1/{}/users/{}", payer_name_, UserId(11)), maker_).status,
            403);
}

class Onboarding : public ServerFixture {};

// feature:H06
TEST_F(Onboarding, TwoPeopleBringAPartyToBeingPaid) {
  const std::string people = SignIn("people");
  const std::string name = fmt::format("{}/parties/{}/onboarding", payer_name_, practice_);
  int last = 0;
  const auto move = [&](const std::string& verb, const std::string& token, const std::string& etag,
                        const std::string& more = "") {
    return Https(
        "POST", "/v1/" + name + ":" + verb, token,
        fmt::format(R"({{"etag":{},"requestId":"0195f3c2-0000-8000-8000-{:012}"{}}})",
                    etag.empty() ? "\"\"" : "\"\\\"" + etag.substr(1, etag.size() - 2) + "\\\"\"",
                    ++last, more));
  };
  const auto opened = Https("POST", "/v1/" + name + ":open", people,
                            R"({"requestId":"0195f3c2-0000-8000-8000-000000000999"})");
  ASSERT_EQ(opened.status, 200) << opened.body;
  EXPECT_EQ(FieldOf(opened.body, "state"), "ONBOARDING_STATE_DRAFT");
  const auto submitted = move("submit", people, FieldOf(opened.body, "etag"));
  ASSERT_EQ(submitted.status, 200) << submitted.body;
  // It has neither a number nor an address: what is missing is named, and kept with the id.
  const auto incomplete = move("validate", people, FieldOf(submitted.body, "etag"));
  EXPECT_EQ(incomplete.status, 400);
  EXPECT_EQ(FieldOf(incomplete.body, "code"), "FAILED_PRECONDITION");
  // An old etag is refused.
  EXPECT_EQ(move("submit", people, FieldOf(opened.body, "etag")).status, 409);
  // A network may propose for its own and approves nothing.
  EXPECT_EQ(Https("GET", "/v1/" + name, SignIn("aco")).status, 200);
  EXPECT_EQ(move("approve", SignIn("aco", true), FieldOf(submitted.body, "etag")).status, 403);
}

}  // namespace
}  // namespace sluice::api
