#include "tests/api/server/payee_fixture.h"

#include <google/protobuf/util/json_util.h>

namespace sluice::api {

using google::protobuf::Struct;

void PayeeFixture::SetUp() {
  ServerFixture::SetUp();
  AddPerson(UserId(31), "bank", {Role::kBankEnrollment});
  AddPerson(UserId(32), "desk", {Role::kBankEnrollment});
  AddPerson(UserId(33), "compliance", {Role::kCompliance});
  AddPerson(UserId(34), "treasury", {Role::kTreasury});
  AddPerson(UserId(35), "alder", {Role::kProviderAdmin}, practice_);
  AddPerson(UserId(36), "birch", {Role::kProviderAdmin}, other_);
}

Struct PayeeFixture::Parse(const std::string& json) {
  Struct parsed;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &parsed).ok()) << json;
  return parsed;
}

testing::HttpAnswer PayeeFixture::Post(const std::string& name, const std::string& token,
                                       const std::string& json, const std::string& etag) {
  Struct body = Parse(json);
  (*body.mutable_fields())["requestId"].set_string_value(NextId());
  if (!etag.empty()) (*body.mutable_fields())["etag"].set_string_value(etag);
  std::string text;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(body, &text).ok());
  return Https("POST", "/v1/" + name, token, text);
}

std::vector<std::string> PayeeFixture::Texts(const std::string& target, const std::string& token,
                                             const std::string& list, const std::string& field) {
  const auto answer = Get(target, token);
  EXPECT_EQ(answer.status, 200) << answer.body;
  std::vector<std::string> texts;
  const Struct parsed = Parse(answer.body);
  const auto items = parsed.fields().find(list);
  if (items == parsed.fields().end()) return texts;
  for (const auto& item : items->second.list_value().values()) {
    const auto found = item.struct_value().fields().find(field);
    texts.push_back(found == item.struct_value().fields().end() ? ""
                                                                : found->second.string_value());
  }
  return texts;
}

std::string PayeeFixture::Enrolled(PartyId party, const std::string& display_name,
                                   const std::string& tin, const std::string& more) {
  const auto created =
      Post(payer_name_ + "/payees", SignIn("bank", true),
           fmt::format(R"({{"payee":{{"party":"{}","kind":"PAYEE_KIND_ORGANIZATION",
               "displayName":"{}","isProvider":true{}}},"tin":"{}"}})",
                       PartyPath(party), display_name, more, tin));
  EXPECT_EQ(created.status, 200) << created.body;
  return FieldOf(created.body, "name");
}

PayeeId PayeeFixture::IdOf(const std::string& name) {
  return PayeeId::Parse(name.substr(name.rfind('/') + 1)).value();
}

}  // namespace sluice::api
