// Contacts over the API: recorded, listed, and nobody's but one's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/server/server_fixture.h"

namespace sluice::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ContactCalls : public ServerFixture {
 protected:
  testing::HttpAnswer Record(const std::string& token, PartyId party, const std::string& name,
                             const std::string& more = "") {
    return Https("POST", fmt::format("/v1/{}/contacts:record", payer_name_), token,
                 fmt::format(R"({{"contact":{{"party":"{}/parties/{}","kind":"CONTACT_KIND_FINANCE",
                     "displayName":"{}","email":"desk@example.org",
                     "valid":{{"from":{{"year":2026,"month":1,"day":1}}}}{}}},
                     "requestId":"0195f3c2-0000-8000-8000-{:012}"}})",
                             payer_name_, party, name, more, ++last_id_));
  }
  std::string List(const std::string& token) {
    const auto answer = Https("GET", fmt::format("/v1/{}/contacts", payer_name_), token);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.body;
  }

  int last_id_ = 0;
};

// feature:H15
TEST_F(ContactCalls, AContactIsRecordedAgainAsItsNextRevision) {
  const std::string people = SignIn("people");
  const auto first = Record(people, practice_, "Pay desk");
  ASSERT_EQ(first.status, 200) << first.body;
  const std::string name = FieldOf(first.body, "name");
  const auto second =
      Record(people, practice_, "Payments desk", fmt::format(R"(,"name":"{}")", name));
  ASSERT_EQ(second.status, 200) << second.body;
  EXPECT_EQ(FieldOf(second.body, "name"), name);
  EXPECT_THAT(List(people), HasSubstr("Payments desk"));
  EXPECT_THAT(List(people), Not(HasSubstr("Pay desk")));
}

TEST_F(ContactCalls, AWrongAddressIsNamed) {
  const auto wrong =
      Https("POST", fmt::format("/v1/{}/contacts:record", payer_name_), SignIn("people"),
            fmt::format(R"({{"contact":{{"kind":"CONTACT_KIND_FINANCE","displayName":"X",
          "email":"nobody","valid":{{"from":{{"year":2026,"month":1,"day":1}}}}}},
          "requestId":"0195f3c2-0000-8000-8000-000000000900"}})"));
  EXPECT_EQ(wrong.status, 400) << wrong.body;
  EXPECT_THAT(FieldOf(wrong.body, "detail"), HasSubstr("no e-mail address"));
}

// feature:X01
TEST_F(ContactCalls, ANetworkKeepsItsOwnContacts) {
  const std::string people = SignIn("people");
  ASSERT_EQ(Record(people, outside_, "Foreign desk").status, 200);
  const std::string aco = SignIn("aco");
  ASSERT_EQ(Record(aco, practice_, "Own desk").status, 200);
  EXPECT_EQ(Record(aco, outside_, "Somebody else's").status, 403);
  EXPECT_THAT(List(aco), HasSubstr("Own desk"));
  EXPECT_THAT(List(aco), Not(HasSubstr("Foreign desk")));
}

TEST_F(ContactCalls, CheckingWritesNothing) {
  const std::string people = SignIn("people");
  const auto checked =
      Https("POST", fmt::format("/v1/{}/contacts:record", payer_name_), people,
            fmt::format(R"({{"contact":{{"party":"{}/parties/{}","kind":"CONTACT_KIND_LEGAL",
          "displayName":"Only asked","email":"desk@example.org",
          "valid":{{"from":{{"year":2026,"month":1,"day":1}}}}}},"validateOnly":true,
          "requestId":"0195f3c2-0000-8000-8000-000000000901"}})",
                        payer_name_, practice_));
  EXPECT_EQ(checked.status, 200) << checked.body;
  EXPECT_THAT(List(people), Not(HasSubstr("Only asked")));
}

}  // namespace
}  // namespace sluice::api
