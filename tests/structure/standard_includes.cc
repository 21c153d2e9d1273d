#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "tests/structure/rules.h"
#include "tests/structure/source_text.h"

namespace sluice::structure {
namespace {

// The name after std:: and the header that declares it. Names that several headers declare
// (std::size_t, std::swap) are left out.
const std::map<std::string, std::string, std::less<>>& HeaderOfName() {
  static const std::map<std::string, std::string, std::less<>> headers = {
      {"array", "array"},
      {"atomic", "atomic"},
      {"chrono", "chrono"},
      {"exchange", "utility"},
      {"filesystem", "filesystem"},
      {"forward", "utility"},
      {"function", "functional"},
      {"int16_t", "cstdint"},
      {"int32_t", "cstdint"},
      {"int64_t", "cstdint"},
      {"lock_guard", "mutex"},
      {"make_unique", "memory"},
      {"map", "map"},
      {"monostate", "variant"},
      {"move", "utility"},
      {"multimap", "map"},
      {"multiset", "set"},
      {"mutex", "mutex"},
      {"nullopt", "optional"},
      {"optional", "optional"},
      {"pair", "utility"},
      {"set", "set"},
      {"shared_ptr", "memory"},
      {"span", "span"},
      {"string", "string"},
      {"string_view", "string_view"},
      {"thread", "thread"},
      {"tie", "tuple"},
      {"tuple", "tuple"},
      {"uint16_t", "cstdint"},
      {"uint32_t", "cstdint"},
      {"uint64_t", "cstdint"},
      {"uint8_t", "cstdint"},
      {"unique_ptr", "memory"},
      {"unordered_map", "unordered_map"},
      {"variant", "variant"},
      {"vector", "vector"}};
  return headers;
}

struct Includes {
  std::set<std::string> standard;
  std::vector<std::string> own;  // paths from the repository root
};

Includes IncludesOf(const File& file) {
  static const std::regex kInclude(R"re(^#include [<"]([^>"]+)[>"])re");
  Includes includes;
  for (const std::string_view line : LinesOf(file.text)) {
    std::match_results<std::string_view::const_iterator> match;
    if (!std::regex_search(line.begin(), line.end(), match, kInclude)) continue;
    if (line.find('"') == std::string_view::npos) {
      includes.standard.insert(match[1].str());
    } else {
      includes.own.push_back(match[1].str());
    }
  }
  return includes;
}

// What including a header brings, by way of our own headers.
class Reach {
 public:
  explicit Reach(const std::vector<File>& tree) {
    for (const File& file : tree) {
      if (file.path.ends_with(".h")) includes_.emplace(file.path, IncludesOf(file));
    }
  }

  std::set<std::string> Of(const std::string& header) const {
    std::set<std::string> found;
    std::set<std::string> seen;
    std::vector<std::string> open = {header};
    while (!open.empty()) {
      const std::string path = std::move(open.back());
      open.pop_back();
      const auto known = includes_.find(path);
      if (known == includes_.end() || !seen.insert(path).second) continue;
      found.insert(known->second.standard.begin(), known->second.standard.end());
      open.insert(open.end(), known->second.own.begin(), known->second.own.end());
    }
    return found;
  }

 private:
  std::map<std::string, Includes> includes_;
};

}  // namespace

Violations CheckStandardIncludes(const std::vector<File>& tree) {
  static const std::regex kName(R"(std::([a-z_0-9]+))");
  const Reach reach(tree);
  Violations found;
  for (const File& file : tree) {
    if (!file.path.ends_with(".h")) continue;
    const SourceText source = SourceText::Of(file.text);
    const std::set<std::string> reached = reach.Of(file.path);
    std::set<std::string> reported;
    int number = 0;
    for (const std::string_view line : LinesOf(source.code)) {
      ++number;
      using Matches = std::regex_iterator<std::string_view::const_iterator>;
      for (Matches at(line.begin(), line.end(), kName); at != Matches(); ++at) {
        const auto header = HeaderOfName().find((*at)[1].str());
        if (header == HeaderOfName().end() || reached.contains(header->second)) continue;
        if (!reported.insert(header->second).second) continue;
        found.push_back(
            {file.path, number,
             fmt::format("std::{} needs #include <{}>", header->first, header->second)});
      }
    }
  }
  return found;
}

}  // namespace sluice::structure
