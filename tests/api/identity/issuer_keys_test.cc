// Where keys come from: fetched when needed, and not more often than is polite.
#include "api/identity/issuer_keys.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/clock.h"
#include "tests/api/identity/fake_issuer.h"

namespace sluice::api {
namespace {

constexpr std::int64_t kStart = 1'790'000'000;

class IssuerKeysTest : public ::testing::Test {
 protected:
  IssuerKeysTest()
      : clock_(Instant::FromMicros(kStart * 1'000'000)),
        keys_([]() -> StatusOr<IssuerKeys::Place> { return IssuerKeys::Place{"https://i/jwks"}; },
              [this](const FetchRequest& request) { return Answer(request); }, clock_) {}

  StatusOr<FetchAnswer> Answer(const FetchRequest& request) {
    ++fetched_;
    EXPECT_EQ(request.url, "https://i/jwks");
    if (is_down_) return Unavailable("down");
    return FetchAnswer{.status = 200, .body = issuer_.Keys()};
  }
  Status Check(const std::string& token) {
    return keys_.Verify(token, {.issuer = "i", .audience = "a"}).status();
  }
  std::string Token(const std::string& header = "") const {
    return issuer_.SignRs256(
        fmt::format(R"({{"iss":"i","aud":"a","sub":"s","exp":{}}})", kStart + 1'000'000), header);
  }
  void Wait(std::int64_t seconds) { clock_.AdvanceMicros(seconds * 1'000'000); }

  testing::FakeIssuer issuer_;
  ManualClock clock_;
  int fetched_ = 0;
  bool is_down_ = false;
  IssuerKeys keys_;
};

TEST_F(IssuerKeysTest, ANewKeyIsFoundWhenATokenNamesIt) {
  EXPECT_TRUE(Check(Token()).ok());
  EXPECT_TRUE(Check(Token()).ok());
  EXPECT_EQ(fetched_, 1);
  issuer_.Rotate("rsa-2");
  Wait(31);
  EXPECT_TRUE(Check(Token()).ok());
  EXPECT_EQ(fetched_, 2);
}

TEST_F(IssuerKeysTest, ForgedIdsDoNotMakeUsKnock) {
  EXPECT_TRUE(Check(Token()).ok());
  for (int i = 0; i < 100; ++i) {
    const std::string header = fmt::format(R"({{"alg":"RS256","kid":"made-up-{}"}})", i);
    EXPECT_EQ(Check(Token(header)).code(), absl::StatusCode::kUnauthenticated);
  }
  EXPECT_EQ(fetched_, 1);
}

TEST_F(IssuerKeysTest, KeysAreUsedForADayWithoutTheirIssuer) {
  EXPECT_TRUE(Check(Token()).ok());
  is_down_ = true;
  Wait(23 * 3600);
  EXPECT_TRUE(Check(Token()).ok());
  Wait(2 * 3600);
  EXPECT_EQ(Check(Token()).code(), absl::StatusCode::kUnavailable);
  is_down_ = false;
  Wait(31);
  EXPECT_TRUE(Check(Token()).ok());
}

TEST_F(IssuerKeysTest, WithoutKeysNobodyIsKnown) {
  is_down_ = true;
  EXPECT_EQ(Check(Token()).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Check(Token()).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(fetched_, 1);
}

}  // namespace
}  // namespace sluice::api
