#include "core/query_text.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(QueryText, IsReadAsItWasWritten) {
  const std::string text = WriteQuery({{"a", "x y&z=%"}, {"b", ""}, {"c", "\xc3\xa9"}});
  EXPECT_EQ(text, "a=x%20y%26z%3D%25&b=&c=%C3%A9");
  EXPECT_EQ(ReadQuery(text).value(),
            (std::map<std::string, std::string>{{"a", "x y&z=%"}, {"b", ""}, {"c", "\xc3\xa9"}}));
  EXPECT_EQ(ReadQuery("a=1+2&&b").value(),
            (std::map<std::string, std::string>{{"a", "1 2"}, {"b", ""}}));
  EXPECT_TRUE(ReadQuery("").value().empty());
}

TEST(QueryText, WhatMeansTwoThingsIsRefused) {
  for (const char* const wrong : {"a=%", "a=%4", "a=%zz", "a=%00", "a=1&a=2", "a=1&%61=2"}) {
    EXPECT_FALSE(ReadQuery(wrong).ok()) << wrong;
  }
}

}  // namespace
}  // namespace sluice
