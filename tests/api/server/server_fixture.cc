#include "tests/api/server/server_fixture.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "hierarchy/hierarchy_service.h"

namespace sluice::api {
namespace {

constexpr char kPassword[] = "correct horse battery";
constexpr PasswordCost kCheap{.passes = 1, .memory_bytes = 8192};

constexpr pg::Query kCountEvents{"test_count_audit_events", R"sql(
  SELECT count(*) FROM core.audit_event WHERE decision = $1 AND method = $2
)sql"};

}  // namespace

void ServerFixture::SetUp() {
  RunFixture::SetUp();
  payer_name_ = fmt::format("payers/{}", payer_);
  tls_ = MakeTrialIdentity();
  AddParties();
  AddPeople();
  ServerOptions options{
      .tls = tls_, .key = key_, .rate_limit = {.burst = 1'000'000, .per_second = 1'000'000}};
  options.sealing = keys_.get();
  Configure(options);
  auto started = Server::Start(db_.App(), db_.Clock(), db_.Ids(), options);
  ASSERT_TRUE(started.ok()) << StatusMessage(started.status());
  server_ = *std::move(started);
  grpc_ = std::make_unique<testing::GrpcClient>(server_->GrpcPort(), tls_.certificate);
}

void ServerFixture::TearDown() {
  grpc_.reset();
  if (server_) server_->Stop(std::chrono::seconds(5));
  server_.reset();
  RunFixture::TearDown();
}

void ServerFixture::AddPeople() {
  AddPerson(kMaker.user, "maker", {Role::kFinanceMaker});
  AddPerson(kFirst.user, "first", {Role::kFinanceChecker});
  AddPerson(kSecond.user, "second", {Role::kFinanceChecker});
  AddPerson(UserId(21), "people", {Role::kHierarchy});
  AddPerson(UserId(22), "aco", {Role::kProviderAdmin}, network_);
}

void ServerFixture::AddPerson(UserId user, const std::string& name, const std::vector<Role>& roles,
                              PartyId root) {
  const Status added = api::AddAccount(db_.App(), payer_,
                                       {.user = user,
                                        .sign_in_name = name,
                                        .display_name = name,
                                        .roles = roles,
                                        .root = root,
                                        .reason = "for the test",
                                        .proposed_by = UserId(901),
                                        .approved_by = UserId(902)},
                                       Password(kPassword), db_.Clock(), db_.Ids(), kCheap);
  ASSERT_TRUE(added.ok()) << StatusMessage(added);
}

void ServerFixture::AddParties() {
  hierarchy::ChangeSet change;
  const Date since = MakeDate(2026, 1, 1);
  const auto add = [&](hierarchy::PartyKind kind, std::string_view name) {
    const auto id = db_.Ids().Next<PartyTag>();
    change.AddParty({id, kind}, name, since, {});
    return id;
  };
  network_ = add(hierarchy::PartyKind::kAco, "Prairie Network");
  practice_ = add(hierarchy::PartyKind::kPractice, "Alder Clinic");
  other_ = add(hierarchy::PartyKind::kPractice, "Birch Clinic");
  outside_ = add(hierarchy::PartyKind::kPractice, "Cedar Clinic");
  for (const PartyId child : {practice_, other_}) {
    change.affiliations.push_back({network_, child, "member", DateRange::From(since), false});
  }
  const hierarchy::HierarchyService service(db_.App(), db_.Clock());
  const auto applied = service.Apply(payer_, change, {.source = "test"});
  ASSERT_TRUE(applied.ok()) << StatusMessage(applied.status());
}

void ServerFixture::AddRun(Money amount) {
  Fund(payments::Dollars(5'000));
  AddPaidPayee(7);
  const payments::RunId run = Open();
  digest_ = Submit(run, {Award(1, {{.party = 7, .amount = amount}})});
  run_name_ = fmt::format("{}/programs/{}/cycles/{}/runs/{}", payer_name_, program_.program,
                          Cycles().Find(run)->cycle, run);
}

std::string ServerFixture::SignIn(const std::string& name, bool step_up) {
  testing::HttpClient client = Connect();
  const auto signed_in =
      client.Send("POST", "/auth/sign-in", {},
                  fmt::format(R"({{"payer":"{}","name":"{}","password":"{}","keep":"token"}})",
                              payer_, name, kPassword));
  EXPECT_EQ(signed_in.status, 200) << signed_in.body;
  const std::string token = FieldOf(signed_in.body, "token");
  if (!step_up) return token;
  const auto again = client.Send("POST", "/auth/step-up", {{"Authorization", "Bearer " + token}},
                                 fmt::format(R"({{"password":"{}"}})", kPassword));
  EXPECT_EQ(again.status, 200) << again.body;
  return FieldOf(again.body, "token");
}

testing::HttpAnswer ServerFixture::Https(const std::string& method, const std::string& target,
                                         const std::string& token, const std::string& body,
                                         testing::HttpHeaders headers) {
  if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + token);
  return Connect().Send(method, target, headers, body);
}

testing::GrpcAnswer ServerFixture::Grpc(const std::string& service, const std::string& method,
                                        const std::string& request, const std::string& token) {
  return grpc_->Call(service, method, request, token);
}

std::string ServerFixture::FieldOf(const std::string& json, const std::string& name) {
  google::protobuf::Struct parsed;
  if (!google::protobuf::util::JsonStringToMessage(json, &parsed).ok()) return "";
  const auto found = parsed.fields().find(name);
  return found == parsed.fields().end() ? "" : found->second.string_value();
}

std::string ServerFixture::ApproveBody(const std::string& request_id, const std::string& etag) {
  google::protobuf::Struct body;
  auto& fields = *body.mutable_fields();
  fields["name"].set_string_value(run_name_);
  fields["seenDigest"].set_string_value(ToHex(digest_));
  fields["requestId"].set_string_value(request_id);
  fields["etag"].set_string_value(etag);
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(body, &json).ok());
  return json;
}

std::string ServerFixture::EtagOfRun(const std::string& token) {
  return FieldOf(Https("GET", "/v1/" + run_name_, token).body, "etag");
}

std::int64_t ServerFixture::CountEvents(AuditDecision decision, const std::string& method) {
  return db_.App()
      .ForPayer(payer_)
      .Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
        return tx.Query(kCountEvents, static_cast<std::int16_t>(decision), method)
            .One<std::int64_t>();
      })
      .value();
}

}  // namespace sluice::api
