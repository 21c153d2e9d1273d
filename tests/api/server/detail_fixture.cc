#include "tests/api/server/detail_fixture.h"

#include <google/protobuf/util/json_util.h>

#include "hierarchy/hierarchy_service.h"
#include "performance/members/member_store.h"
#include "tests/performance/attribution/attribution_samples.h"

namespace sluice::api {
namespace {

namespace samples = performance::testing;

}  // namespace

void DetailFixture::SetUp() {
  ServerFixture::SetUp();
  hierarchy::ChangeSet change;
  const Date since = MakeDate(2026, 1, 1);
  const auto add = [&](PartyId practice, const std::string& npi) {
    const auto id = db_.Ids().Next<PartyTag>();
    const std::vector<hierarchy::Identifier> numbers = {{hierarchy::IdentifierType::kNpi, "", npi}};
    change.AddParty({id, hierarchy::PartyKind::kProvider}, "Dr " + npi, since, numbers);
    change.affiliations.push_back({practice, id, "physician", DateRange::From(since), false});
    return id;
  };
  doctor_ = add(practice_, samples::kNpiA);
  other_doctor_ = add(other_, samples::kNpiB);
  outside_doctor_ = add(outside_, samples::kNpiD);
  const auto applied =
      hierarchy::HierarchyService(db_.App(), db_.Clock()).Apply(payer_, change, {.source = "test"});
  ASSERT_TRUE(applied.ok()) << StatusMessage(applied.status());

  const performance::Contract contract{.id = db_.Ids().Next<ContractTag>(),
                                       .payer = payer_,
                                       .program = program_.program,
                                       .party = network_,
                                       .effective = DateRange::From(MakeDate(2025, 1, 1))};
  const Status created = Programs().CreateContracts({&contract, 1});
  ASSERT_TRUE(created.ok()) << StatusMessage(created);
  contract_ = contract.id;
  contract_name_ = fmt::format("{}/contracts/{}", payer_name_, contract_);

  AddPerson(kAnalyst, "analyst", {Role::kAnalyst});
  AddPerson(UserId(32), "clinic", {Role::kProviderViewer}, practice_);
  AddPerson(UserId(33), "stranger", {Role::kProviderViewer}, outside_);
  analyst_ = SignIn("analyst");
  aco_ = SignIn("aco");
  clinic_ = SignIn("clinic");
  stranger_ = SignIn("stranger");
}

void DetailFixture::AddMember(std::int64_t id, const std::string& npi) {
  Later();
  const performance::Recording recording{payer_, db_.Clock().Now(), db_.Ids().NextValue()};
  const performance::MemberRecord member = samples::CoveredMember(id, DateRange::Year(2026));
  std::vector<performance::MedicalClaimLine> claims;
  if (!npi.empty()) {
    claims.push_back(samples::Visit(npi, MakeDate(2026, 2, 1), 10'000));
    claims.back().member_id = id;
    claims.back().claim_number += fmt::format("-{}", id);
    claims.back().paid = claims.back().allowed;
  }
  const Status status = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
    performance::AddMembers(tx, recording, std::vector{member.member});
    performance::AddCoverage(tx, recording, member.coverage);
    performance::AddMedicalClaims(tx, recording, claims);
    return OkStatus();
  });
  ASSERT_TRUE(status.ok()) << StatusMessage(status);
}

hierarchy::HierarchySnapshot DetailFixture::HierarchyAtYearEnd() {
  return hierarchy::HierarchyService(db_.App().ForPayer(payer_), db_.Clock())
      .Snapshot(payer_, {.day = MakeDate(2026, 12, 31), .known_at = std::nullopt})
      .value();
}

performance::ProgramService DetailFixture::Programs() {
  return {db_.App().ForPayer(payer_), db_.Clock(), db_.Ids()};
}

google::protobuf::Struct DetailFixture::Parse(const std::string& json) {
  Struct parsed;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &parsed).ok()) << json;
  return parsed;
}

google::protobuf::Struct DetailFixture::Get(const std::string& target, const std::string& token) {
  const auto answer = Https("GET", "/v1/" + target, token);
  EXPECT_EQ(answer.status, 200) << target << ": " << answer.body;
  return Parse(answer.body);
}

testing::HttpAnswer DetailFixture::Post(const std::string& target, const std::string& token,
                                        const std::string& body, const std::string& etag) {
  Struct message = Parse(body);
  auto& fields = *message.mutable_fields();
  fields["requestId"].set_string_value(fmt::format("0195f3c2-0000-8000-8000-{:012}", ++last_id_));
  if (!etag.empty()) fields["etag"].set_string_value(etag);
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(message, &json).ok());
  last_target_ = "/v1/" + target;
  last_token_ = token;
  last_body_ = json;
  return Repeat();
}

testing::HttpAnswer DetailFixture::Repeat() {
  return Https("POST", last_target_, last_token_, last_body_);
}

std::string DetailFixture::Text(const Struct& message, const std::string& field) {
  const std::size_t dot = field.find('.');
  const auto found = message.fields().find(field.substr(0, dot));
  if (found == message.fields().end()) return "";
  if (dot != std::string::npos) return Text(found->second.struct_value(), field.substr(dot + 1));
  if (found->second.has_number_value()) return fmt::format("{}", found->second.number_value());
  if (found->second.has_bool_value()) return found->second.bool_value() ? "true" : "false";
  return found->second.string_value();
}

std::vector<std::string> DetailFixture::Texts(const Struct& answer, const std::string& list,
                                              const std::string& field) {
  std::vector<std::string> texts;
  const auto found = answer.fields().find(list);
  if (found == answer.fields().end()) return texts;
  for (const auto& item : found->second.list_value().values()) {
    texts.push_back(Text(item.struct_value(), field));
  }
  return texts;
}

}  // namespace sluice::api
