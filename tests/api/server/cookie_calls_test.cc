// A browser's session: its cookie, what another site can do with it, and its second factor.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/one_time_code.h"
#include "tests/api/server/server_fixture.h"

namespace sluice::api {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class CookieCalls : public ServerFixture {
 protected:
  struct Browser {
    std::string cookie;  // "__Host-sluice=..."
    std::string csrf;
  };
  Browser Open(const std::string& name) {
    const auto signed_in = Connect().Send(
        "POST", "/auth/sign-in", {},
        fmt::format(R"({{"payer":"{}","name":"{}","password":"correct horse battery"}})", payer_,
                    name));
    EXPECT_EQ(signed_in.status, 200) << signed_in.body;
    EXPECT_THAT(signed_in.cookies, SizeIs(1));
    EXPECT_THAT(
        signed_in.cookies.front(),
        AllOf(StartsWith("__Host-sluice="), HasSubstr("; Secure"), HasSubstr("; HttpOnly"),
              HasSubstr("; SameSite=Strict"), HasSubstr("; Path=/"), Not(HasSubstr("Domain"))));
    const std::string& set = signed_in.cookies.front();
    return {.cookie = set.substr(0, set.find(';')), .csrf = FieldOf(signed_in.body, "csrfToken")};
  }
  testing::HttpAnswer Send(const Browser& browser, const std::string& method,
                           const std::string& target, const std::string& body = "",
                           bool with_csrf = true) {
    testing::HttpHeaders headers = {{"Cookie", browser.cookie}};
    if (with_csrf) headers.emplace_back("X-CSRF-Token", browser.csrf);
    return Connect().Send(method, target, headers, body);
  }
};

TEST_F(CookieCalls, APageThatIsLoadedAgainFindsItsToken) {
  const Browser browser = Open("first");
  const auto session = Send(browser, "GET", "/auth/session", "", false);
  ASSERT_EQ(session.status, 200) << session.body;
  EXPECT_EQ(FieldOf(session.body, "csrfToken"), browser.csrf);
  EXPECT_THAT(session.body, HasSubstr("\"stepUpValid\":false"));
  EXPECT_EQ(session.headers.at("cross-origin-resource-policy"), "same-origin");
  EXPECT_FALSE(session.headers.contains("access-control-allow-origin"));
  // Others have no use for one.
  EXPECT_EQ(FieldOf(Https("GET", "/auth/session", SignIn("first")).body, "csrfToken"), "");
  EXPECT_EQ(Connect().Send("GET", "/auth/session").status, 401);
}

TEST_F(CookieCalls, AnotherSiteSignsNobodyOut) {
  const Browser browser = Open("first");
  EXPECT_EQ(Send(browser, "POST", "/auth/sign-out", "", false).status, 403);
  // A browser leaves a strict cookie out of what another site sends.
  EXPECT_THAT(Connect().Send("POST", "/auth/sign-out").cookies, IsEmpty());
  EXPECT_EQ(Send(browser, "GET", "/auth/session").status, 200);
  const auto out = Send(browser, "POST", "/auth/sign-out");
  EXPECT_EQ(out.status, 200);
  ASSERT_THAT(out.cookies, SizeIs(1));
  EXPECT_THAT(out.cookies.front(), HasSubstr("Max-Age=0"));
  EXPECT_EQ(Send(browser, "GET", "/auth/session").status, 401);
}

TEST_F(CookieCalls, ATokenOfAnotherSessionIsNoToken) {
  const Browser first = Open("first");
  const Browser second = Open("second");
  EXPECT_EQ(Send({first.cookie, second.csrf}, "POST", "/auth/sign-out").status, 403);
  EXPECT_EQ(Send({first.cookie, ""}, "POST", "/auth/sign-out").status, 403);
  EXPECT_EQ(
      Send({first.cookie, first.csrf + "A"}, "POST", "/auth/factor/confirm", R"({"code":"123456"})")
          .status,
      403);
}

TEST_F(CookieCalls, AFormOfAnotherSiteIsNoCall) {
  // What a form can send without being asked first: not this content type.
  EXPECT_EQ(Connect()
                .Send("POST", "/auth/sign-in", {{"Content-Type", "text/plain"}},
                      R"({"payer":"x","name":"first","password":"correct horse battery"})")
                .status,
            415);
  EXPECT_EQ(Connect().Send("OPTIONS", "/auth/sign-in").status, 405);
}

TEST_F(CookieCalls, ASecondFactorIsEnrolledAndThenAskedFor) {
  const Browser browser = Open("first");
  const auto enrolled =
      Send(browser, "POST", "/auth/factor/enroll", R"({"password":"correct horse battery"})");
  ASSERT_EQ(enrolled.status, 200) << enrolled.body;
  EXPECT_FALSE(enrolled.headers.contains("content-encoding"));
  EXPECT_THAT(FieldOf(enrolled.body, "uri"), StartsWith("otpauth://totp/"));
  Bytes secret;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : FieldOf(enrolled.body, "secret")) {
    held = (held << 5U) | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
    bits += 5;
    if (bits >= 8) secret.push_back(static_cast<std::uint8_t>(held >> (bits -= 8)));
  }
  const auto code = [&](std::int64_t later) {
    return OneTimeCode(secret, CodeStepAt(db_.Clock().Now()) + later);
  };
  EXPECT_EQ(
      Send(browser, "POST", "/auth/factor/confirm", fmt::format(R"({{"code":"{}"}})", code(0)))
          .status,
      200);
  const auto step_up = [&](const std::string& more) {
    return Send(browser, "POST", "/auth/step-up",
                R"({"password":"correct horse battery")" + more + "}");
  };
  EXPECT_EQ(step_up("").status, 401);
  EXPECT_EQ(step_up(fmt::format(R"(,"code":"{}")", code(0))).status, 401);  // used
  const auto again = step_up(fmt::format(R"(,"code":"{}")", code(1)));
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_THAT(again.cookies, SizeIs(1));
}

class FactorForStepUp : public ServerFixture {
 protected:
  void Configure(ServerOptions& options) override { options.identity.step_up_needs_factor = true; }
};

TEST_F(FactorForStepUp, APasswordAloneDoesNotDo) {
  const std::string token = SignIn("first");
  const auto again =
      Https("POST", "/auth/step-up", token, R"({"password":"correct horse battery"})");
  EXPECT_EQ(again.status, 400);
  EXPECT_EQ(FieldOf(again.body, "reason"), "FACTOR_REQUIRED");
}

}  // namespace
}  // namespace sluice::api
