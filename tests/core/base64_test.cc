#include "core/base64.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace sluice {
namespace {

// The vectors of RFC 4648, section 10, without padding, and the two characters of section 5.
TEST(Base64Url, WritesAndReadsTheVectorsOfTheStandard) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "-__-"}};
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(ToBase64Url(AsBytes(bytes)), text);
    const StatusOr<Bytes> back = FromBase64Url(text);
    ASSERT_TRUE(back.ok()) << text;
    EXPECT_EQ(std::string(back->begin(), back->end()), bytes);
  }
}

TEST(Base64Url, OneValueHasOneText) {
  for (const std::string_view text :
       {"Zg==", "Zm8=", "Z", "Zh", "Zm9", "+__-", "/__-", "Zg ", "é"}) {
    EXPECT_FALSE(FromBase64Url(text).ok()) << text;
  }
}

}  // namespace
}  // namespace sluice
