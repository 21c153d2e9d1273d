#include "core/one_time_code.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

const ByteView kRfcSecret = AsBytes("12345678901234567890");

Instant At(std::int64_t seconds) { return Instant::FromMicros(seconds * 1'000'000); }

// RFC 6238, appendix B: the last six of its eight digits.
TEST(OneTimeCode, IsThatOfTheStandard) {
  const std::pair<std::int64_t, std::string> cases[] = {{59, "287082"},
                                                        {1'111'111'109, "081804"},
                                                        {1'111'111'111, "050471"},
                                                        {1'234'567'890, "005924"},
                                                        {2'000'000'000, "279037"},
                                                        {20'000'000'000, "353130"}};
  for (const auto& [seconds, code] : cases) {
    EXPECT_EQ(OneTimeCode(kRfcSecret, CodeStepAt(At(seconds))), code) << seconds;
  }
}

TEST(OneTimeCode, IsGoodForAStepAroundItsTimeAndOnce) {
  const std::int64_t step = CodeStepAt(At(59));
  const std::string code = OneTimeCode(kRfcSecret, step);
  EXPECT_EQ(MatchCode(kRfcSecret, code, At(59), 0), step);
  EXPECT_EQ(MatchCode(kRfcSecret, code, At(29), 0), step);
  EXPECT_EQ(MatchCode(kRfcSecret, code, At(89), 0), step);
  EXPECT_EQ(MatchCode(kRfcSecret, code, At(90), 0), std::nullopt);
  EXPECT_EQ(MatchCode(kRfcSecret, code, At(59), step), std::nullopt);
  EXPECT_EQ(MatchCode(kRfcSecret, code, At(59), step + 1), std::nullopt);
  for (const char* const wrong : {"", "28708", "287083", "2870820", "287 082"}) {
    EXPECT_EQ(MatchCode(kRfcSecret, wrong, At(59), 0), std::nullopt) << wrong;
  }
}

// RFC 4648, section 10, without padding.
TEST(Base32, IsThatOfTheStandard) {
  const std::pair<std::string, std::string> cases[] = {{"", ""},
                                                       {"f", "MY"},
                                                       {"fo", "MZXQ"},
                                                       {"foo", "MZXW6"},
                                                       {"foob", "MZXW6YQ"},
                                                       {"fooba", "MZXW6YTB"},
                                                       {"foobar", "MZXW6YTBOI"}};
  for (const auto& [bytes, text] : cases) EXPECT_EQ(ToBase32(AsBytes(bytes)), text);
}

}  // namespace
}  // namespace sluice
