// Long work over the API: a run is calculated and released by operations, watched, settled and
// closed. The worker is asked by the test, so that nothing happens by itself.
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <future>

#include "api/handlers/program_calculation.h"
#include "api/handlers/roster_jobs.h"
#include "api/handlers/run_jobs.h"
#include "api/operations/operation_worker.h"
#include "core/base64.h"
#include "tests/api/server/server_fixture.h"

namespace sluice::api {
namespace {

using google::protobuf::Struct;
using payments::Dollars;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kOperations[] = "sluice.ops.v1.OperationService";

class OperationCalls : public ServerFixture {
 protected:
  void SetUp() override {
    ServerFixture::SetUp();
    AddPerson(UserId(23), "releaser", {Role::kReleaser});
    AddPerson(UserId(24), "treasury", {Role::kTreasury});
    maker_ = SignIn("maker");
    worker_.emplace(WorkerParts{.database = db_.App(),
                                .payer = payer_,
                                .clock = db_.Clock(),
                                .ids = db_.Ids(),
                                .lease = {.holder = "test"}},
                    RunJobs(ReleaseDeskParts{db_.Files(), Settings(), *keys_}));
  }

  static Struct Parse(const std::string& json) {
    Struct parsed;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &parsed).ok()) << json;
    return parsed;
  }
  static const Struct& At(const Struct& object, const std::string& field) {
    return object.fields().at(field).struct_value();
  }
  std::string NextId() { return fmt::format("0195f3c2-0000-8000-8000-{:012}", ++last_id_); }
  // A run that is open and not calculated.
  void OpenRun() {
    const payments::RunId run = Open();
    NameRun(run);
  }
  void NameRun(payments::RunId run) {
    run_ = run;
    run_name_ = fmt::format("{}/programs/{}/cycles/{}/runs/{}", payer_name_, program_.program,
                            Cycles().Find(run)->cycle, run);
  }
  // The verb with the etag of the run as it stands.
  testing::HttpAnswer Command(const std::string& verb, const std::string& token,
                              const std::string& more = "") {
    const std::string etag = EtagOfRun(maker_);
    return Https("POST", "/v1/" + run_name_ + ":" + verb, token,
                 fmt::format(R"({{"etag":"\"{}\"","requestId":"{}"{}}})",
                             etag.substr(1, etag.size() - 2), NextId(), more));
  }
  testing::HttpAnswer Get(const std::string& name, const std::string& token) {
    return Https("GET", "/v1/" + name, token);
  }
  // The operation when it has ended.
  Struct Wait(const std::string& name, const std::string& token) {
    const auto waited = Https("POST", "/v1/" + name + ":wait", token, R"({"timeout":"1s"})");
    EXPECT_EQ(waited.status, 200) << waited.body;
    return Parse(waited.body);
  }
  std::vector<std::string> Listed(const std::string& token, const std::string& arguments = "") {
    const auto answer = Https("GET", "/v1/" + payer_name_ + "/operations" + arguments, token);
    EXPECT_EQ(answer.status, 200) << answer.body;
    std::vector<std::string> names;
    const Struct parsed = Parse(answer.body);
    for (const auto& item : parsed.fields().at("operations").list_value().values()) {
      names.push_back(item.struct_value().fields().at("name").string_value());
    }
    return names;
  }
  testing::HttpAnswer Cancel(const std::string& operation, const std::string& token) {
    return Https("POST", "/v1/" + operation + ":cancel", token,
                 fmt::format(R"({{"requestId":"{}"}})", NextId()));
  }
  bool Work() { return worker_->RunOne().value(); }

  std::string maker_;
  payments::RunId run_;
  std::optional<OperationWorker> worker_;
  int last_id_ = 0;
};

// feature:M08
TEST_F(OperationCalls, ARunIsCalculatedOnceForTwoWhoAsk) {
  OpenRun();
  const std::string etag = EtagOfRun(maker_);
  const std::string id = NextId();
  const std::string body =
      fmt::format(R"({{"etag":"\"{}\"","requestId":"{}"}})", etag.substr(1, etag.size() - 2), id);
  const auto begun = Https("POST", "/v1/" + run_name_ + ":calculate", maker_, body);
  ASSERT_EQ(begun.status, 200) << begun.body;
  const std::string name = FieldOf(begun.body, "name");
  EXPECT_FALSE(Parse(begun.body).fields().at("done").bool_value());
  EXPECT_EQ(Https("POST", "/v1/" + run_name_ + ":calculate", maker_, body).body, begun.body);
  // Another one waits until this one has ended.
  const auto second = Command("calculate", maker_);
  EXPECT_EQ(second.status, 409) << second.body;
  EXPECT_EQ(FieldOf(second.body, "reason"), "OPERATION_RUNNING");
  EXPECT_TRUE(second.headers.contains("retry-after"));

  EXPECT_TRUE(Work());
  const Struct ended = Wait(name, maker_);
  EXPECT_TRUE(ended.fields().at("done").bool_value());
  EXPECT_EQ(At(ended, "response").fields().at("state").string_value(), "RUN_STATE_CALCULATED");
  EXPECT_EQ(At(ended, "metadata").fields().at("target").string_value(), run_name_);
  const auto grpc =
      Grpc(kOperations, "GetOperation", fmt::format(R"({{"name":"{}"}})", name), maker_);
  EXPECT_EQ(grpc.json, Get(name, maker_).body);
  // Begun by a call, and ended by the worker.
  EXPECT_EQ(CountEvents(AuditDecision::kAllowed, "sluice.payments.v1.RunService/CalculateRun"), 2);
  EXPECT_EQ(Command("calculate", maker_).status, 200);
}

TEST_F(OperationCalls, OnlyWhoMayBeginItSeesIt) {
  OpenRun();
  const auto begun = Command("calculate", maker_);
  ASSERT_EQ(begun.status, 200) << begun.body;
  const std::string name = FieldOf(begun.body, "name");
  for (const char* const other : {"people", "aco", "treasury"}) {
    const std::string token = SignIn(other);
    EXPECT_EQ(Get(name, token).status, 403) << other;
    EXPECT_EQ(Cancel(name, token).status, 403) << other;
    EXPECT_THAT(Listed(token), IsEmpty()) << other;
  }
  EXPECT_EQ(Command("calculate", SignIn("people")).status, 403);
  EXPECT_THAT(Listed(maker_), ElementsAre(name));
  EXPECT_THAT(Listed(maker_, "?filter=done%20%3D%20false%20AND%20target%20%3A%20%22runs%2F%22"),
              ElementsAre(name));
  EXPECT_THAT(Listed(maker_, "?filter=done%20%3D%20true"), IsEmpty());
}

TEST_F(OperationCalls, OperationsAreListedByPages) {
  OpenRun();
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(Command("calculate", maker_).status, 200);
    ASSERT_TRUE(Work());
  }
  const auto first = Https("GET", "/v1/" + payer_name_ + "/operations?page_size=2", maker_);
  const std::string token = FieldOf(first.body, "nextPageToken");
  ASSERT_FALSE(token.empty()) << first.body;
  EXPECT_THAT(Listed(maker_, "?page_size=2&page_token=" + token), SizeIs(1));
}

TEST_F(OperationCalls, WhatWaitsIsCanceledAndMayBeBegunAgain) {
  OpenRun();
  const std::string name = FieldOf(Command("calculate", maker_).body, "name");
  const auto canceled = Cancel(name, maker_);
  ASSERT_EQ(canceled.status, 200) << canceled.body;
  EXPECT_THAT(canceled.body, HasSubstr("\"code\":1,"));
  EXPECT_FALSE(Work());
  EXPECT_EQ(Cancel(name, maker_).status, 400);  // it has ended
  EXPECT_EQ(Command("calculate", maker_).status, 200);
}

TEST_F(OperationCalls, WhatIsOnlyCheckedIsNotStored) {
  OpenRun();
  const auto checked = Command("calculate", maker_, R"(,"validateOnly":true)");
  ASSERT_EQ(checked.status, 200) << checked.body;
  EXPECT_EQ(FieldOf(checked.body, "name"), "");
  EXPECT_THAT(Listed(maker_), IsEmpty());
  const auto stale = Https("POST", "/v1/" + run_name_ + ":calculate", maker_,
                           fmt::format(R"({{"etag":"\"old\"","requestId":"{}"}})", NextId()));
  EXPECT_EQ(stale.status, 409);
  EXPECT_EQ(FieldOf(stale.body, "reason"), "ETAG_MISMATCH");
}

// feature:M08 feature:M05
TEST_F(OperationCalls, AnApprovedRunIsReleasedSettledAndClosed) {
  AddRun();
  NameRun(payments::RunId::Parse(run_name_.substr(run_name_.rfind('/') + 1)).value());
  // Not before it is approved, and only after a fresh sign-in.
  const std::string releaser = SignIn("releaser", true);
  EXPECT_EQ(Command("release", releaser).status, 400);
  Approve(run_, digest_);
  EXPECT_EQ(Command("release", SignIn("releaser")).status, 401);
  EXPECT_EQ(Command("release", SignIn("first", true)).status, 403);
  const auto begun = Command("release", releaser);
  ASSERT_EQ(begun.status, 200) << begun.body;
  EXPECT_TRUE(Work());
  const std::string name = FieldOf(begun.body, "name");
  const Struct ended = Wait(name, releaser);
  ASSERT_TRUE(ended.fields().contains("response")) << Get(name, releaser).body;
  EXPECT_EQ(At(ended, "response").fields().at("state").string_value(), "RUN_STATE_SETTLING");
  EXPECT_THAT(DeliveredFiles(), Not(IsEmpty()));
  EXPECT_EQ(Cancel(name, releaser).status, 400);

  const std::string treasury = SignIn("treasury");
  EXPECT_EQ(
      Command("settle", treasury, R"(,"statementDate":{"year":2027,"month":1,"day":1})").status,
      400);
  const auto settled =
      Command("settle", treasury, R"(,"statementDate":{"year":2026,"month":10,"day":1})");
  ASSERT_EQ(settled.status, 200) << settled.body;
  const auto closed = Command("close", maker_);
  ASSERT_EQ(closed.status, 200) << closed.body;
  EXPECT_EQ(FieldOf(closed.body, "state"), "RUN_STATE_CLOSED");
  ExpectBooksInOrder();

  // The whole story as events; whoever saw some of it goes on behind them.
  const auto watched = Get(run_name_ + ":watch", maker_);
  EXPECT_EQ(watched.status, 200);
  EXPECT_EQ(watched.headers.at("content-type"), "text/event-stream");
  EXPECT_THAT(watched.body, HasSubstr("\"command\":\"close\""));
  const std::size_t last = watched.body.rfind("id: ");
  const std::string last_id =
      watched.body.substr(last + 4, watched.body.find('\n', last) - last - 4);
  const auto rest = Https("GET", "/v1/" + run_name_ + ":watch", maker_, "",
                          {{"Last-Event-ID", std::to_string(std::stoi(last_id) - 1)}});
  EXPECT_EQ(rest.body, watched.body.substr(last));
  EXPECT_EQ(
      Https("GET", "/v1/" + run_name_ + ":watch", maker_, "", {{"Last-Event-ID", last_id}}).status,
      204);
}

// feature:D06
TEST_F(OperationCalls, AWatchSeesWhatOthersDo) {
  OpenRun();
  std::promise<void> reading;
  std::future<testing::GrpcClient::Streamed> watch = std::async(std::launch::async, [&] {
    testing::GrpcClient client(server_->GrpcPort(), tls_.certificate);
    const std::string token = SignIn("first");
    reading.set_value();
    return client.Stream(kRuns, "WatchRun", fmt::format(R"({{"name":"{}"}})", run_name_), token);
  });
  reading.get_future().wait();
  const auto canceled = Command("cancel", maker_, R"(,"reason":"the period was wrong")");
  ASSERT_EQ(canceled.status, 200) << canceled.body;
  const testing::GrpcClient::Streamed streamed = watch.get();
  EXPECT_EQ(streamed.code, 0);
  ASSERT_THAT(streamed.messages, Not(IsEmpty()));
  EXPECT_EQ(FieldOf(streamed.messages.back(), "state"), "RUN_STATE_VOID");
  // Nobody who may not read runs.
  EXPECT_EQ(Get(run_name_ + ":watch", SignIn("people")).status, 403);
  EXPECT_EQ(grpc_
                ->Stream(kRuns, "WatchRun", fmt::format(R"({{"name":"{}"}})", run_name_),
                         SignIn("people"))
                .code,
            7);
}

// feature:M16
TEST_F(OperationCalls, WhatIsNotPaidIsAmongTheExceptions) {
  Fund(Dollars(5'000));
  AddPaidPayee(7);
  EnrollPayee(8);  // without a W-9 and an account
  const payments::RunId run = Open();
  ASSERT_TRUE(Cycles()
                  .Calculate(run,
                             std::vector{Award(1, {{.party = 7, .amount = Dollars(1'000)},
                                                   {.party = 8, .amount = Dollars(300)},
                                                   {.party = 9, .amount = Dollars(200)}})},
                             kMaker)
                  .ok());
  NameRun(run);
  const auto all = Get(run_name_ + "/exceptions", maker_);
  ASSERT_EQ(all.status, 200) << all.body;
  EXPECT_THAT(all.body, HasSubstr("RUN_EXCEPTION_KIND_NO_PAYEE"));
  EXPECT_THAT(all.body, HasSubstr("RUN_EXCEPTION_KIND_NO_TAX_FORM"));
  const auto some = Get(
      run_name_ + "/exceptions?filter=kind%20%3D%20NO_PAYEE%20AND%20amount%20%3E%2010000", maker_);
  EXPECT_THAT(some.body, HasSubstr("\"cents\":\"20000\""));
  EXPECT_THAT(some.body, Not(HasSubstr("NO_TAX_FORM")));
  const auto page = Get(run_name_ + "/exceptions?page_size=1&order_by=amount%20desc", maker_);
  EXPECT_THAT(page.body, HasSubstr("\"cents\":\"30000\""));
  const auto next = Get(run_name_ + "/exceptions?page_size=1&order_by=amount%20desc&page_token=" +
                            FieldOf(page.body, "nextPageToken"),
                        maker_);
  EXPECT_THAT(next.body, HasSubstr("\"cents\":\"20000\""));
}

TEST_F(OperationCalls, AProgramIsCalculatedByAnAnalyst) {
  AddPerson(UserId(25), "analyst", {Role::kAnalyst});
  worker_.emplace(WorkerParts{.database = db_.App(),
                              .payer = payer_,
                              .clock = db_.Clock(),
                              .ids = db_.Ids(),
                              .lease = {.holder = "test"}},
                  ProgramJobs());
  const std::string analyst = SignIn("analyst");
  const auto calculate = [&](const std::string& program, const std::string& token) {
    return Https("POST", fmt::format("/v1/{}/programs/{}:calculate", payer_name_, program), token,
                 fmt::format(R"({{"period":{{"from":{{"year":2025,"month":1,"day":1}},
                     "to":{{"year":2026,"month":1,"day":1}}}},
                     "payDate":{{"year":2026,"month":10,"day":1}},"requestId":"{}"}})",
                             NextId()));
  };
  EXPECT_EQ(calculate(program_.program.ToString(), maker_).status, 403);
  EXPECT_EQ(calculate(ProgramId(77).ToString(), analyst).status, 404);
  const auto begun = calculate(program_.program.ToString(), analyst);
  ASSERT_EQ(begun.status, 200) << begun.body;
  ASSERT_TRUE(Work());
  const Struct ended = Wait(FieldOf(begun.body, "name"), analyst);
  ASSERT_TRUE(ended.fields().contains("response")) << ended.DebugString();
  EXPECT_EQ(At(ended, "response").fields().at("contracts").string_value(), "0");
}

constexpr char kMapping[] = R"toml(
name = "practices"
date_format = "YYYY-MM-DD"
[[party]]
name = "aco"
kind = "aco"
name_column = "aco"
key = "payer_assigned"
key_column = "aco_id"
key_scope = "plan"
[[party]]
name = "practice"
kind = "practice"
name_column = "practice"
key = "payer_assigned"
key_column = "practice_id"
key_scope = "plan_practice"
[[affiliation]]
parent = "aco"
child = "practice"
role = "participant"
from = 2026-01-01
)toml";
constexpr char kRoster[] =
    "aco,aco_id,practice,practice_id\n"
    "Lakes ACO,A1,Dogwood Clinic,P1\n"
    "Lakes ACO,A1,Elm Clinic,P2\n";
constexpr char kBadRow[] = "Lakes ACO,A1,,P3\n";

class RosterCalls : public OperationCalls {
 protected:
  void SetUp() override {
    OperationCalls::SetUp();
    people_ = SignIn("people");
    worker_.emplace(WorkerParts{.database = db_.App(),
                                .payer = payer_,
                                .clock = db_.Clock(),
                                .ids = db_.Ids(),
                                .lease = {.holder = "test"}},
                    RosterJobs(UploadKeyOf(key_)));
  }
  std::string Upload(const std::string& token, const std::string& content) {
    const auto uploaded =
        Https("POST", "/v1/" + payer_name_ + "/uploads", token,
              fmt::format(R"({{"fileName":"roster.csv","content":"{}","requestId":"{}"}})",
                          ToBase64Url(AsBytes(content)), NextId()));
    EXPECT_EQ(uploaded.status, 200) << uploaded.body;
    return FieldOf(uploaded.body, "name");
  }
  testing::HttpAnswer Import(const std::string& upload, const std::string& token,
                             bool validate_only = false, bool allow_rejects = false) {
    Struct body;
    auto& fields = *body.mutable_fields();
    fields["upload"].set_string_value(upload);
    fields["mapping"].set_string_value(kMapping);
    fields["validateOnly"].set_bool_value(validate_only);
    fields["allowRejects"].set_bool_value(allow_rejects);
    fields["requestId"].set_string_value(NextId());
    std::string json;
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(body, &json).ok());
    return Https("POST", "/v1/" + payer_name_ + "/rosterImports:import", token, json);
  }
  // What the import came to.
  Struct Imported(const testing::HttpAnswer& begun) {
    EXPECT_EQ(begun.status, 200) << begun.body;
    EXPECT_TRUE(Work());
    return Wait(FieldOf(begun.body, "name"), people_);
  }
  static std::string Text(const Struct& object, const std::string& field) {
    return object.fields().at(field).string_value();
  }

  std::string people_;
};

// feature:H05
TEST_F(RosterCalls, ARosterIsPlannedThenImported) {
  const std::string upload = Upload(people_, kRoster);
  const auto planned = Import(upload, people_, true);
  ASSERT_EQ(planned.status, 200) << planned.body;
  const Struct plan = At(Parse(planned.body), "response");
  EXPECT_FALSE(plan.fields().at("applied").bool_value());
  EXPECT_EQ(Text(plan, "partiesAdded"), "3");
  EXPECT_FALSE(Work());

  const Struct ended = Imported(Import(upload, people_));
  ASSERT_TRUE(ended.fields().contains("response")) << ended.DebugString();
  const Struct imported = At(ended, "response");
  EXPECT_TRUE(imported.fields().at("applied").bool_value());
  EXPECT_EQ(Text(imported, "partiesAdded"), "3");
  EXPECT_EQ(Text(imported, "affiliationsAdded"), "2");
  const auto stored = Get(Text(imported, "name"), people_);
  EXPECT_EQ(FieldOf(stored.body, "partiesAdded"), "3") << stored.body;
  // The same file again changes nothing, and is logged as such.
  const Struct again = Imported(Import(upload, people_));
  EXPECT_EQ(Text(At(again, "response"), "partiesAdded"), "0");
  const auto listed =
      Get(payer_name_ + "/rosterImports?filter=file_name%20%3A%20%22roster%22", people_);
  EXPECT_EQ(Parse(listed.body).fields().at("rosterImports").list_value().values_size(), 2);
}

TEST_F(RosterCalls, ABadRowIsNamedAndTheOthersAreTakenWhereThatIsAllowed) {
  const std::string upload = Upload(people_, std::string(kRoster) + kBadRow);
  const Struct refused = Imported(Import(upload, people_));
  ASSERT_TRUE(refused.fields().contains("error"));
  EXPECT_THAT(Text(At(refused, "error"), "message"), HasSubstr("row 4"));
  const Struct taken = At(Imported(Import(upload, people_, false, true)), "response");
  EXPECT_EQ(Text(taken, "rowsRejected"), "1");
  const auto stored = Get(Text(taken, "name"), people_);
  EXPECT_THAT(stored.body, HasSubstr("ROSTER_REJECT_CODE_MISSING_VALUE"));
}

TEST_F(RosterCalls, AnUploadIsItsSendersForADay) {
  const std::string upload = Upload(maker_, kRoster);
  // Another person names it, and somebody who may not import.
  const auto dry = Import(upload, people_, true);
  EXPECT_EQ(dry.status, 400) << dry.body;
  EXPECT_THAT(dry.body, HasSubstr("upload it again"));
  EXPECT_EQ(Import(upload, maker_).status, 403);
  const std::string own = Upload(people_, kRoster);
  db_.Clock().AdvanceMicros(std::int64_t{86'400} * 1'000'000);
  people_ = SignIn("people");
  EXPECT_EQ(Import(own, people_, true).status, 400);
}

}  // namespace
}  // namespace sluice::api
