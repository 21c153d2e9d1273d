// JSON that is written in a fixed order, for files that people compare.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::api {

// A value as its text, without blanks. Objects keep the order in which they are given.
class Json {
 public:
  using Members = std::vector<std::pair<std::string, Json>>;

  static Json Text(std::string_view text);
  static Json Number(std::int64_t number);
  static Json Flag(bool flag);
  static Json Object(const Members& members);
  static Json List(const std::vector<Json>& items);

  const std::string& Compact() const { return text_; }
  // A member or an item to a line, two blanks a level; empty objects and lists on one.
  std::string Indented() const;

 private:
  explicit Json(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

}  // namespace sluice::api
