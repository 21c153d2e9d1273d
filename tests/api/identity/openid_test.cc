// People who sign in at a real issuer, and services with its tokens: the whole way over HTTPS.
#include "api/identity/openid.h"

#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <gtest/gtest.h>

#include "core/query_text.h"
#include "tests/api/identity/oidc_provider.h"
#include "tests/api/server/server_fixture.h"

namespace sluice::api {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::OidcProvider;
using testing::ProviderBrowser;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr char kRedirect[] = "https://sluice.example/auth/callback";

class OpenId : public ServerFixture {
 protected:
  // One provider for all tests of the file: it takes a second to start.
  static void SetUpTestSuite() {
    if (OidcProvider::WhyNot().empty()) provider_ = new OidcProvider(kRedirect);
  }
  static void TearDownTestSuite() {
    delete provider_;
    provider_ = nullptr;
  }
  void SetUp() override {
    if (provider_ == nullptr) GTEST_SKIP() << OidcProvider::WhyNot();
    // The issuer's tokens are of the machine's time.
    db_.Clock().Set(SystemClock().Now());
    ServerFixture::SetUp();
  }
  void TearDown() override {
    if (provider_ != nullptr) ServerFixture::TearDown();
  }
  void Configure(ServerOptions& options) override {
    options.identity.people = {{.payer = payer_,
                                .issuer = provider_->Issuer(),
                                .client_id = "sluice",
                                .client_secret = Secret<std::string>("a secret of the test: +/&=%"),
                                .redirect_uri = kRedirect,
                                .ca_file = provider_->CaFile()}};
    options.identity.services = {{.payer = payer_,
                                  .issuer = provider_->Issuer(),
                                  .audience = "urn:sluice",
                                  .jwks_uri = provider_->Issuer() + "/jwks",
                                  .ca_file = provider_->CaFile()}};
    const Status added = AddServiceAccount(db_.App(), payer_,
                                           {.user = UserId(41),
                                            .sign_in_name = "calc",
                                            .display_name = "Calculation",
                                            .roles = {Role::kAnalyst},
                                            .root = {},
                                            .reason = "for the test",
                                            .proposed_by = UserId(901),
                                            .approved_by = UserId(902)},
                                           db_.Clock(), db_.Ids());
    ASSERT_TRUE(added.ok()) << StatusMessage(added);
  }

  // What a browser has after /auth/login.
  struct Begun {
    std::string url;     // of the issuer
    std::string cookie;  // "__Host-sluice-login=..."
  };
  Begun Begin(const std::string& query = "", const std::string& session = "") {
    testing::HttpHeaders headers;
    if (!session.empty()) headers.emplace_back("Cookie", session);
    const auto login = Connect().Send("GET", "/auth/login" + query, headers);
    EXPECT_EQ(login.status, 303) << login.body;
    EXPECT_THAT(login.cookies, SizeIs(1));
    if (login.cookies.empty()) return {};
    EXPECT_THAT(login.cookies.front(),
                AllOf(HasSubstr("; HttpOnly"), HasSubstr("; Secure"), HasSubstr("; SameSite=Lax")));
    return {login.headers.at("location"),
            login.cookies.front().substr(0, login.cookies.front().find(';'))};
  }
  // Signs in at the issuer; the path and query that it sends the browser to.
  static std::string AtIssuer(const Begun& begun, const std::string& name) {
    const std::string back = ProviderBrowser(*provider_).SignIn(begun.url, name);
    EXPECT_THAT(back, StartsWith(kRedirect));
    return back.substr(back.find("/auth/callback"));
  }
  testing::HttpAnswer Callback(const std::string& target, const std::string& cookie) {
    testing::HttpHeaders headers;
    if (!cookie.empty()) headers.emplace_back("Cookie", cookie);
    return Connect().Send("GET", target, headers);
  }
  static std::string SessionIn(const testing::HttpAnswer& answer) {
    for (const std::string& set : answer.cookies) {
      if (set.starts_with("__Host-sluice=")) return set.substr(0, set.find(';'));
    }
    return "";
  }
  std::string SignInAs(const std::string& name) {
    const Begun begun = Begin();
    return SessionIn(Callback(AtIssuer(begun, name), begun.cookie));
  }
  testing::HttpAnswer Self(const std::string& session) {
    return Connect().Send("GET", fmt::format("/v1/{}/users:self", payer_name_),
                          {{"Cookie", session}});
  }

  static inline OidcProvider* provider_ = nullptr;
};

// feature:X01
TEST_F(OpenId, APersonSignsInAtTheIssuer) {
  const Begun begun = Begin("?to=/runs%3Fopen%3D1");
  EXPECT_THAT(begun.url, AllOf(HasSubstr("code_challenge_method=S256"), HasSubstr("state="),
                               HasSubstr("nonce="), Not(HasSubstr("secret"))));
  const auto done = Callback(AtIssuer(begun, "first"), begun.cookie);
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_THAT(done.body, HasSubstr("url=/runs?open=1"));
  ASSERT_THAT(done.cookies, SizeIs(2));
  EXPECT_THAT(done.cookies[0], AllOf(StartsWith("__Host-sluice="), HasSubstr("SameSite=Strict")));
  EXPECT_THAT(done.cookies[1], AllOf(StartsWith("__Host-sluice-login=;"), HasSubstr("Max-Age=0")));
  const std::string session = SessionIn(done);
  const auto self = Self(session);
  ASSERT_EQ(self.status, 200) << self.body;
  EXPECT_THAT(self.body, HasSubstr("\"signInName\":\"first\""));
  EXPECT_THAT(self.body, HasSubstr("\"stepUpValid\":false"));
  // The session is like any other: its token against forged requests, and its ends.
  EXPECT_NE(
      FieldOf(Connect().Send("GET", "/auth/session", {{"Cookie", session}}).body, "csrfToken"), "");
  db_.Clock().AdvanceMicros(std::int64_t{16} * 60 * 1'000'000);
  EXPECT_EQ(Self(session).status, 401);
}

TEST_F(OpenId, ACallbackWorksOnceInTheBrowserThatBegan) {
  const Begun begun = Begin();
  const Begun other = Begin();
  const std::string back = AtIssuer(begun, "first");
  EXPECT_EQ(Callback(back, "").status, 401);
  EXPECT_EQ(Callback(back, other.cookie).status, 401);
  EXPECT_EQ(Callback(back, begun.cookie + "A").status, 401);
  EXPECT_EQ(Callback(back, "__Host-sluice-login=" + payer_.ToString() + ".AAAA").status, 401);
  EXPECT_EQ(Callback("/auth/callback?code=x", begun.cookie).status, 401);
  EXPECT_EQ(Callback("/auth/callback", begun.cookie).status, 401);
  EXPECT_EQ(Callback(back + "&state=twice", begun.cookie).status, 400);
  ASSERT_EQ(Callback(back, begun.cookie).status, 200);
  EXPECT_EQ(Callback(back, begun.cookie).status, 401);
}

TEST_F(OpenId, ACodeOfAnotherSignInIsNotTaken) {
  const Begun begun = Begin();
  const Begun others = Begin();
  const auto own = ReadQuery(AtIssuer(begun, "first").substr(15)).value();
  const auto stolen = ReadQuery(AtIssuer(others, "second").substr(15)).value();
  // The code of one with the state of the other: its verifier is not the one that was sent.
  const std::string mixed =
      fmt::format("/auth/callback?code={}&state={}&iss={}", PercentEncoded(stolen.at("code")),
                  PercentEncoded(own.at("state")), PercentEncoded(own.at("iss")));
  EXPECT_EQ(Callback(mixed, begun.cookie).status, 401);
}

TEST_F(OpenId, AnAnswerOfAnotherIssuerIsNotTaken) {
  const Begun begun = Begin();
  auto query = ReadQuery(AtIssuer(begun, "first").substr(15)).value();
  const auto back = [&](const std::string& issuer) {
    return fmt::format("/auth/callback?code={}&state={}{}", PercentEncoded(query.at("code")),
                       PercentEncoded(query.at("state")), issuer);
  };
  EXPECT_EQ(Callback(back("&iss=https%3A%2F%2Fevil.example"), begun.cookie).status, 401);
  EXPECT_EQ(Callback(back(""), begun.cookie).status, 401);  // this issuer names itself
}

TEST_F(OpenId, AnAttemptEndsAfterTenMinutes) {
  const Begun begun = Begin();
  const std::string back = AtIssuer(begun, "first");
  db_.Clock().AdvanceMicros(std::int64_t{601} * 1'000'000);
  EXPECT_EQ(Callback(back, begun.cookie).status, 401);
}

TEST_F(OpenId, WhoIsNobodyHereDoesNotGetIn) {
  for (const char* const name : {"stranger", "calc"}) {
    const Begun begun = Begin();
    const auto refused = Callback(AtIssuer(begun, name), begun.cookie);
    EXPECT_EQ(refused.status, 401) << name;
    EXPECT_EQ(SessionIn(refused), "");
  }
  EXPECT_EQ(CountEvents(AuditDecision::kDenied, "sign-in at issuer"), 2);
}

TEST_F(OpenId, ASessionThatSomebodyPlantedIsNotUsed) {
  const Begun begun = Begin();
  const std::string planted = fmt::format("__Host-sluice={}.{}", payer_, std::string(43, 'A'));
  const auto done = Callback(AtIssuer(begun, "first"), begun.cookie + "; " + planted);
  ASSERT_EQ(done.status, 200);
  EXPECT_NE(SessionIn(done), planted);
  EXPECT_EQ(Self(planted).status, 401);
  // And signing in again makes another one.
  EXPECT_NE(SignInAs("first"), SessionIn(done));
}

TEST_F(OpenId, SteppingUpAuthenticatesAgain) {
  const std::string session = SignInAs("first");
  const Begun begun = Begin("?again=1&to=/run", session);
  EXPECT_THAT(begun.url, AllOf(HasSubstr("prompt=login"), HasSubstr("max_age=0")));
  // The strict cookie does not come along from the issuer, and need not.
  const auto done = Callback(AtIssuer(begun, "first"), begun.cookie);
  ASSERT_EQ(done.status, 200) << done.body;
  const auto self = Self(SessionIn(done));
  EXPECT_THAT(self.body, HasSubstr("\"stepUpValid\":true"));
  EXPECT_EQ(Self(session).status, 401);
  EXPECT_EQ(Connect().Send("GET", "/auth/login?again=1").status, 401);
}

TEST_F(OpenId, SomebodyElseDoesNotStepUpForOne) {
  const std::string session = SignInAs("first");
  const Begun begun = Begin("?again=1", session);
  const auto refused = Callback(AtIssuer(begun, "second"), begun.cookie);
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(SessionIn(refused), "");
  EXPECT_EQ(Self(session).status, 200);
}

TEST_F(OpenId, TheBrowserIsSentNowhereElse) {
  for (const char* const to : {"https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "evil",
                               "%2F%5Cevil.example", "%2Fa%0Ab", "javascript:x"}) {
    EXPECT_EQ(Connect().Send("GET", fmt::format("/auth/login?to={}", to)).status, 400) << to;
  }
  const Begun begun = Begin("?to=/%22%3E%3Cscript%3E");
  const auto done = Callback(AtIssuer(begun, "first"), begun.cookie);
  EXPECT_THAT(done.body, Not(HasSubstr("<script>")));
}

TEST_F(OpenId, PasswordsAreNotLookedAtWhereThereIsAnIssuer) {
  const auto refused = Connect().Send(
      "POST", "/auth/sign-in", {},
      fmt::format(R"({{"payer":"{}","name":"first","password":"correct horse battery"}})", payer_));
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("/auth/login"));
}

TEST_F(OpenId, AServiceCallsWithATokenOfTheIssuer) {
  const auto token_for = [&](const std::string& audience) {
    testing::HttpClient client(provider_->Port(), provider_->Certificate());
    const auto answer = client.Send(
        "POST", "/token",
        {{"Host", fmt::format("localhost:{}", provider_->Port())},
         {"Content-Type", "application/x-www-form-urlencoded"},
         {"Authorization", "Basic Y2FsYzpjYWxjLXNlY3JldA=="}},
        "grant_type=client_credentials&scope=call&resource=" + PercentEncoded(audience));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return FieldOf(answer.body, "access_token");
  };
  const std::string self = fmt::format("/v1/{}/users:self", payer_name_);
  const auto known = Https("GET", self, token_for("urn:sluice"));
  ASSERT_EQ(known.status, 200) << known.body;
  EXPECT_THAT(known.body, HasSubstr("\"signInName\":\"calc\""));
  EXPECT_EQ(Https("GET", self, token_for("urn:other")).status, 401);
  const std::string parent = fmt::format(R"({{"parent":"{}"}})", payer_name_);
  EXPECT_EQ(Grpc("sluice.ops.v1.UserService", "GetSelf", parent, token_for("urn:sluice")).code, 0);
  // Not where a browser keeps its session.
  EXPECT_EQ(Self("__Host-sluice=" + token_for("urn:sluice")).status, 401);
}

TEST_F(OpenId, AnIssuerWhoseCertificateNobodyTrustsIsNotAsked) {
  const auto refused = FetchHttps({.url = provider_->Issuer() + "/jwks"});
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(FetchHttps({.url = "http://localhost/jwks"}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sluice::api
