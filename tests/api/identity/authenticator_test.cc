// Services by their tokens and certificates; people by sessions; neither by the other's way.
#include "api/identity/authenticator.h"

#include <gtest/gtest.h>

#include "api/identity/accounts.h"
#include "core/base64.h"
#include "tests/api/identity/fake_issuer.h"
#include "tests/support/test_database.h"

namespace sluice::api {
namespace {

constexpr char kIssuer[] = "https://tokens.example";
constexpr PasswordCost kCheap{.passes = 1, .memory_bytes = 8192};

constexpr pg::Query kDisable{"test_disable_service",
                             "UPDATE core.app_user SET disabled = true WHERE user_id = $1"};

class AuthenticatorTest : public ::testing::Test {
 protected:
  AuthenticatorTest()
      : payer_(db_.NewPayer("Plan")),
        sign_in_(db_.App(), db_.Clock(), db_.Ids()),
        authenticator_({.database = db_.App(),
                        .sign_in = sign_in_,
                        .clock = db_.Clock(),
                        .services = {{.payer = payer_,
                                      .issuer = kIssuer,
                                      .audience = "sluice",
                                      .jwks_uri = "https://tokens.example/jwks"}},
                        .certificates = {{payer_, "URI:spiffe://plan.example/calc", "svc.calc"},
                                         {payer_, "DNS:ann.example", "ann"}},
                        .fetch = [](const FetchRequest&) -> StatusOr<FetchAnswer> {
                          return FetchAnswer{.status = 200, .body = issuer_.Keys()};
                        }}) {
    NewAccount account{.user = UserId(7),
                       .sign_in_name = "svc.calc",
                       .display_name = "Calculation",
                       .roles = {Role::kAnalyst},
                       .root = {},
                       .reason = "for the test",
                       .proposed_by = UserId(901),
                       .approved_by = UserId(902)};
    Status added = AddServiceAccount(db_.App(), payer_, account, db_.Clock(), db_.Ids());
    EXPECT_TRUE(added.ok()) << StatusMessage(added);
    account.user = UserId(8);
    account.sign_in_name = "ann";
    added = AddAccount(db_.App(), payer_, account, Password("correct horse battery"), db_.Clock(),
                       db_.Ids(), kCheap);
    EXPECT_TRUE(added.ok()) << StatusMessage(added);
  }

  std::string Token(const std::string& subject, const std::string& more = "") {
    const std::int64_t now = db_.Clock().Now().Micros() / 1'000'000;
    return issuer_.SignRs256(fmt::format(R"({{"iss":"{}","aud":"sluice","sub":"{}","exp":{}{}}})",
                                         kIssuer, subject, now + 300, more));
  }
  StatusOr<CallerSession> ByToken(const std::string& token, bool by_cookie = false) {
    return authenticator_.Authenticate({.token = token, .by_cookie = by_cookie});
  }

  static inline const testing::FakeIssuer issuer_;
  testing::TestDatabase db_;
  PayerId payer_;
  SignInService sign_in_;
  Authenticator authenticator_;
};

TEST_F(AuthenticatorTest, AServiceIsKnownByItsToken) {
  const auto known = ByToken(Token("svc.calc"));
  ASSERT_TRUE(known.ok()) << StatusMessage(known.status());
  EXPECT_TRUE(known->is_service);
  EXPECT_EQ(known->principal.user, UserId(7));
  EXPECT_EQ(known->principal.payer, payer_);
  ASSERT_EQ(known->principal.grants.size(), 1U);
  EXPECT_FALSE(IsSteppedUp(*known, db_.Clock().Now()));
}

TEST_F(AuthenticatorTest, TheIssuerDoesNotSayWhatItMayDo) {
  const auto known = ByToken(Token("svc.calc", R"(,"roles":["PA"],"payer":"pyr_other")"));
  ASSERT_TRUE(known.ok());
  EXPECT_EQ(known->principal.grants.front().role, Role::kAnalyst);
  EXPECT_EQ(known->principal.payer, payer_);
}

TEST_F(AuthenticatorTest, NeitherComesByTheOthersWay) {
  EXPECT_FALSE(ByToken(Token("ann")).ok());
  EXPECT_FALSE(ByToken(Token("nobody")).ok());
  EXPECT_FALSE(ByToken(Token("svc.calc"), true).ok());  // a cookie holds sessions only
  EXPECT_FALSE(authenticator_
                   .Authenticate(
                       {.token = "", .certificate = CertificateFacts{.names = {"DNS:ann.example"}}})
                   .ok());
  EXPECT_FALSE(sign_in_
                   .SignIn({.payer = payer_,
                            .name = "svc.calc",
                            .password = Password("correct horse battery"),
                            .address = ""})
                   .ok());
  EXPECT_FALSE(ByToken("").ok());
}

TEST_F(AuthenticatorTest, ATokenOfSomebodyElseIsWorthNothing) {
  const testing::FakeIssuer other;
  const std::int64_t later = db_.Clock().Now().Micros() / 1'000'000 + 300;
  const auto claims = [&](const std::string& issuer) {
    return fmt::format(R"({{"iss":"{}","aud":"sluice","sub":"svc.calc","exp":{}}})", issuer, later);
  };
  EXPECT_FALSE(ByToken(other.SignRs256(claims(kIssuer))).ok());
  EXPECT_FALSE(ByToken(issuer_.SignRs256(claims("https://elsewhere.example"))).ok());
  EXPECT_FALSE(ByToken(testing::Unsigned(R"({"alg":"none"})", claims(kIssuer))).ok());
  EXPECT_FALSE(ByToken(issuer_.SignWithPublicKeyAsSecret(claims(kIssuer))).ok());
  const std::string token = Token("svc.calc");
  EXPECT_TRUE(ByToken(token).ok());
  db_.Clock().AdvanceMicros(361'000'000);
  EXPECT_FALSE(ByToken(token).ok());
}

TEST_F(AuthenticatorTest, AServiceIsKnownByANameOfItsCertificate) {
  const auto by = [&](std::vector<std::string> names) {
    return authenticator_.Authenticate(
        {.token = "", .certificate = CertificateFacts{.names = std::move(names)}});
  };
  const auto known = by({"DNS:pod-17", "URI:spiffe://plan.example/calc"});
  ASSERT_TRUE(known.ok()) << StatusMessage(known.status());
  EXPECT_EQ(known->principal.user, UserId(7));
  EXPECT_FALSE(by({"URI:spiffe://plan.example/calc/other"}).ok());
  EXPECT_FALSE(by({"DNS:spiffe://plan.example/calc"}).ok());
  EXPECT_FALSE(by({}).ok());
}

TEST_F(AuthenticatorTest, ABoundTokenNeedsItsCertificate) {
  const CertificateFacts own{.names = {}, .sha256 = Sha256(AsBytes("own"))};
  const CertificateFacts other{.names = {}, .sha256 = Sha256(AsBytes("other"))};
  const std::string token =
      Token("svc.calc", fmt::format(R"(,"cnf":{{"x5t#S256":"{}"}})", ToBase64Url(own.sha256)));
  EXPECT_TRUE(authenticator_.Authenticate({.token = token, .certificate = own}).ok());
  EXPECT_FALSE(authenticator_.Authenticate({.token = token, .certificate = other}).ok());
  EXPECT_FALSE(ByToken(token).ok());
  EXPECT_FALSE(ByToken(Token("svc.calc", R"(,"cnf":{"jkt":"x"})")).ok());
}

TEST_F(AuthenticatorTest, ADisabledServiceIsNobodyAtOnce) {
  const std::string token = Token("svc.calc");
  EXPECT_TRUE(ByToken(token).ok());
  const Status disabled = db_.Admin().Transact([](pg::Transaction& tx) -> Status {
    tx.Execute(kDisable, UserId(7));
    return OkStatus();
  });
  ASSERT_TRUE(disabled.ok());
  EXPECT_FALSE(ByToken(token).ok());
}

}  // namespace
}  // namespace sluice::api
