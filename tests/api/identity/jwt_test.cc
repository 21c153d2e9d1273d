// Tokens of an issuer: which are taken, and every trick that is not.
#include "api/identity/jwt.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base64.h"
#include "tests/api/identity/fake_issuer.h"

namespace sluice::api {
namespace {

using testing::FakeIssuer;
using testing::Unsigned;

constexpr std::int64_t kNow = 1'790'000'000;

class JwtTest : public ::testing::Test {
 protected:
  static std::string Claims(const std::string& more = "", std::int64_t expires = kNow + 300) {
    return fmt::format(
        R"({{"iss":"https://issuer.example","aud":"sluice","sub":"calc","exp":{}{}}})", expires,
        more);
  }
  Status Check(const std::string& token, JwtRules rules = {}) {
    rules.issuer = "https://issuer.example";
    rules.audience = "sluice";
    const KeySet keys = KeySet::Parse(issuer_.Keys()).value();
    return VerifyJwt(token, keys, rules, Instant::FromMicros(kNow * 1'000'000)).status();
  }
  bool IsTaken(const std::string& token) { return Check(token).ok(); }

  // Shared by all tests of the file: making an RSA key takes a while.
  static inline const FakeIssuer issuer_;
};

TEST_F(JwtTest, BothAlgorithmsAreTaken) {
  EXPECT_TRUE(IsTaken(issuer_.SignRs256(Claims())));
  EXPECT_TRUE(IsTaken(issuer_.SignEs256(Claims())));
  EXPECT_TRUE(IsTaken(issuer_.SignRs256(Claims(R"(,"nbf":1,"iat":1,"extra":{"a":[1]})"))));
}

// feature:X04
TEST_F(JwtTest, TheTokenChoosesNoAlgorithm) {
  EXPECT_FALSE(IsTaken(Unsigned(R"({"alg":"none"})", Claims())));
  EXPECT_FALSE(IsTaken(Unsigned(R"({"alg":"None","kid":"rsa-1"})", Claims())));
  EXPECT_FALSE(IsTaken(Unsigned(R"({"kid":"rsa-1"})", Claims())));
  EXPECT_FALSE(IsTaken(issuer_.SignWithPublicKeyAsSecret(Claims())));
  EXPECT_FALSE(IsTaken(issuer_.SignRs256(Claims(), R"({"alg":"RS512","kid":"rsa-1"})")));
  EXPECT_FALSE(IsTaken(issuer_.SignRs256(Claims(), R"({"alg":"PS256","kid":"rsa-1"})")));
  // A key of another kind under the id of this one.
  EXPECT_FALSE(IsTaken(issuer_.SignRs256(Claims(), R"({"alg":"ES256","kid":"rsa-1"})")));
  EXPECT_FALSE(IsTaken(issuer_.SignEs256(Claims(), R"({"alg":"RS256","kid":"ec-1"})")));
  EXPECT_EQ(Check(issuer_.SignEs256(Claims()), {.algorithms = {JwtAlgorithm::kRs256}}).code(),
            absl::StatusCode::kUnauthenticated);
}

TEST_F(JwtTest, TheTokenBringsNoKey) {
  for (const char* const more : {R"("jwk":{"kty":"RSA"})", R"("jku":"https://evil.example/keys")",
                                 R"("x5u":"https://evil.example/chain")", R"("x5c":["MII"])",
                                 R"("crit":["exp"])", R"("b64":false)", R"("zip":"DEF")"}) {
    const std::string header = fmt::format(R"({{"alg":"RS256","kid":"rsa-1",{}}})", more);
    EXPECT_FALSE(IsTaken(issuer_.SignRs256(Claims(), header))) << more;
  }
  EXPECT_EQ(Check(issuer_.SignRs256(Claims(), R"({"alg":"RS256","kid":"rsa-9"})")).code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(Check(issuer_.SignRs256(Claims(), R"({"alg":"RS256"})")).code(),
            absl::StatusCode::kNotFound);
  const FakeIssuer somebody_else;
  EXPECT_FALSE(IsTaken(somebody_else.SignRs256(Claims())));
  EXPECT_FALSE(IsTaken(somebody_else.SignEs256(Claims())));
}

TEST_F(JwtTest, ClaimsAreAskedFor) {
  const auto with = [&](const std::string& claims) { return IsTaken(issuer_.SignRs256(claims)); };
  EXPECT_FALSE(with(R"({"iss":"https://issuer.example","aud":"sluice","sub":"calc"})"));
  EXPECT_FALSE(with(Claims("", kNow - 61)));
  EXPECT_TRUE(with(Claims("", kNow - 59)));  // clocks differ
  EXPECT_FALSE(with(Claims(fmt::format(R"(,"nbf":{})", kNow + 61))));
  EXPECT_FALSE(with(Claims(fmt::format(R"(,"iat":{})", kNow + 61))));
  EXPECT_FALSE(with(Claims(R"(,"nbf":"soon")")));
  const std::string rest = fmt::format(R"("exp":{}}})", kNow + 300);
  EXPECT_FALSE(with(R"({"iss":"https://issuer.example/","aud":"sluice","sub":"calc",)" + rest));
  EXPECT_FALSE(with(R"({"iss":"https://issuer.example","aud":"other","sub":"calc",)" + rest));
  EXPECT_FALSE(with(R"({"iss":"https://issuer.example","aud":["a","b"],"sub":"calc",)" + rest));
  EXPECT_TRUE(with(R"({"iss":"https://issuer.example","aud":["a","sluice"],"sub":"calc",)" + rest));
  EXPECT_FALSE(with(R"({"iss":"https://issuer.example","aud":"sluice","sub":"",)" + rest));
  EXPECT_FALSE(with(R"({"iss":"https://issuer.example","aud":"sluice","exp":"9999999999",)"
                    R"("sub":"calc"})"));
}

TEST_F(JwtTest, ATokenForAnotherPurposeIsNotTaken) {
  EXPECT_FALSE(
      IsTaken(issuer_.SignRs256(Claims(), R"({"alg":"RS256","kid":"rsa-1","typ":"logout+jwt"})")));
  EXPECT_TRUE(IsTaken(
      issuer_.SignRs256(Claims(), R"({"alg":"RS256","kid":"rsa-1","typ":"application/at+jwt"})")));
  EXPECT_FALSE(Check(issuer_.SignRs256(Claims(), R"({"alg":"RS256","kid":"rsa-1","typ":"at+jwt"})"),
                     {.types = {"jwt"}})
                   .ok());
}

TEST_F(JwtTest, ATokenIsGoodAsAWhole) {
  const std::string token = issuer_.SignEs256(Claims());
  for (std::size_t i = 0; i < token.size(); i += 7) {
    std::string forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    if (forged != token) {
      EXPECT_FALSE(IsTaken(forged)) << i;
    }
  }
  EXPECT_FALSE(IsTaken(token + "A"));
  EXPECT_FALSE(IsTaken(token + "."));
  EXPECT_FALSE(IsTaken(token.substr(0, token.rfind('.') + 1)));
  EXPECT_FALSE(IsTaken(""));
  EXPECT_FALSE(IsTaken("a.b.c"));
  EXPECT_FALSE(IsTaken(std::string(20'000, 'a') + ".b.c"));
}

TEST_F(JwtTest, AKeySetHasOnlyWhatItMayVerifyWith) {
  EXPECT_FALSE(KeySet::Parse("[]").ok());
  EXPECT_FALSE(KeySet::Parse(R"({"keys":{}})").ok());
  EXPECT_FALSE(KeySet::Parse(R"({"keys":[{"kty":"oct","kid":"a","k":"c2VjcmV0"}]})").ok());
  // A key of 512 bits, one whose exponent is 3, and a point that is not on the curve.
  const std::string small(86, 'x');
  EXPECT_FALSE(
      KeySet::Parse(
          fmt::format(R"({{"keys":[{{"kty":"RSA","kid":"a","n":"{}","e":"AQAB"}}]}})", small))
          .ok());
  const std::string large(343, 'x');
  EXPECT_FALSE(
      KeySet::Parse(
          fmt::format(R"({{"keys":[{{"kty":"RSA","kid":"a","n":"{}","e":"Aw"}}]}})", large))
          .ok());
  const std::string x = ToBase64Url(Bytes(32, 1));
  EXPECT_FALSE(
      KeySet::Parse(
          fmt::format(R"({{"keys":[{{"kty":"EC","crv":"P-256","kid":"a","x":"{0}","y":"{0}"}}]}})",
                      x))
          .ok());
}

TEST_F(JwtTest, TheIssuerIsReadBeforeAnythingIsBelieved) {
  EXPECT_EQ(ClaimedIssuer(Unsigned(R"({"alg":"none"})", Claims())), "https://issuer.example");
  EXPECT_EQ(ClaimedIssuer("x.y.z"), "");
  EXPECT_EQ(ClaimedIssuer("pyr_1.abc"), "");
}

}  // namespace
}  // namespace sluice::api
