#include "tests/structure/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <regex>
#include <set>

#include "tests/structure/source_text.h"

namespace sluice::structure {
namespace {

constexpr std::array<std::string_view, 5> kLayers = {"core", "hierarchy", "performance", "payments",
                                                     "api"};
constexpr std::size_t kFirstLayerWithFloatingPoint = 4;

// The one file of a domain folder that may use floating point: it draws with Cairo.
constexpr std::string_view kDrawing = "payments/remittance/statement_pdf.cc";
constexpr std::string_view kClock = "core/clock.cc";

constexpr std::size_t kColumns = 100;
constexpr int kFunctionLines = 70;

bool IsCpp(std::string_view path) { return path.ends_with(".h") || path.ends_with(".cc"); }

std::string_view TopFolder(std::string_view path) { return path.substr(0, path.find('/')); }

std::optional<std::size_t> LayerOf(std::string_view path) {
  const auto found = std::ranges::find(kLayers, TopFolder(path));
  if (found == kLayers.end() || path.find('/') == std::string_view::npos) return std::nullopt;
  return static_cast<std::size_t>(found - kLayers.begin());
}

bool IsProduct(std::string_view path) { return IsCpp(path) && LayerOf(path).has_value(); }

// Text in tests that must not be taken for a sin of the test itself.
bool IsRulesTest(std::string_view path) { return path.starts_with("tests/structure/"); }

// The columns of a line: UTF-8 characters.
std::size_t Columns(std::string_view line) {
  return static_cast<std::size_t>(std::ranges::count_if(
      line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// An outside library that only some files may include.
struct Fence {
  const char* header;   // regular expression of the included name
  const char* allowed;  // regular expression of paths
  const char* what;
};

constexpr std::array kFences = {
    Fence{"(postgresql/)?libpq(-fe|/.*)?\\.h", "core/pg/.*|tests/.*", "libpq is for core/pg"},
    Fence{"google/protobuf/.*|.*\\.pb\\.h",
          "performance/(terms_(codec|(.*_)?message)|attribution/method_codec)\\..*|api/.*|tests/.*",
          "protobuf is for the terms codec and api"},
    Fence{"grpc.*|boost/(beast|asio)/.*|boost/(beast|asio)\\.hpp", "api/.*|tests/.*",
          "gRPC and HTTP are for api"},
    Fence{"cairo.*|pango.*", "payments/remittance/statement_pdf\\.cc",
          "drawing is for the statement"},
    Fence{"toml\\+\\+/.*", "core/config\\.cc", "TOML is for core/config.cc"},
    Fence{"spdlog/.*", "core/log\\.cc", "spdlog is for core/log.cc"},
    Fence{"openssl/.*", "core/.*|tests/.*", "OpenSSL is for core"},
    Fence{"curl/.*", "payments/notices/smtp_relay\\.cc|api/identity/https_fetch\\.cc",
          "libcurl is for the SMTP relay and for issuers of identities"},
    Fence{"libssh2.*", "payments/delivery/sftp_channel\\.cc", "SSH is for the SFTP channel"},
};

bool Matches(std::string_view text, const char* pattern) {
  return std::regex_match(text.begin(), text.end(), std::regex(pattern));
}

void CheckQuotedInclude(const File& file, int line, const std::string& target, Violations& found) {
  const auto add = [&](std::string what) { found.push_back({file.path, line, std::move(what)}); };
  if (target.find('/') == std::string::npos || target.starts_with("../")) {
    add(fmt::format("include \"{}\" is not written from the repository root", target));
  }
  const std::optional<std::size_t> own = LayerOf(file.path);
  const std::optional<std::size_t> other = LayerOf(target);
  if (own && other && *other > *own) {
    add(
        fmt::format("{} must not include {}: the direction is core <- hierarchy <- performance <- "
                    "payments <- api",
                    kLayers[*own], kLayers[*other]));
  }
  if (own && target.starts_with("tests/")) add("the product must not include its tests");
}

}  // namespace

std::string Violation::ToString() const { return fmt::format("{}:{}: {}", path, line, what); }

Violations CheckIncludes(const File& file) {
  Violations found;
  if (!IsCpp(file.path)) return found;
  static const std::regex include(R"(^\s*#\s*include\s*(["<])([^">]+)[">].*$)");
  int number = 0;
  for (const std::string_view line : LinesOf(file.text)) {
    ++number;
    std::cmatch match;
    if (!std::regex_match(line.data(), line.data() + line.size(), match, include)) continue;
    const std::string target = match[2];
    if (match[1] == "\"") CheckQuotedInclude(file, number, target, found);
    for (const Fence& fence : kFences) {
      if (Matches(target, fence.header) && !Matches(file.path, fence.allowed)) {
        found.push_back({file.path, number, fmt::format("includes {}: {}", target, fence.what)});
      }
    }
  }
  return found;
}

Violations CheckNoFloatingPoint(const File& file) {
  Violations found;
  const std::optional<std::size_t> layer = LayerOf(file.path);
  if (!IsCpp(file.path) || !layer || *layer >= kFirstLayerWithFloatingPoint) return found;
  if (file.path == kDrawing) return found;
  static const std::set<std::string_view> kWords = {
      "double", "float", "stod",   "stof",    "stold",     "strtod",  "strtof",  "strtold",
      "atof",   "get_d", "lround", "llround", "mpf_class", "float_t", "double_t"};
  const SourceText source = SourceText::Of(file.text);
  for (const Word& word : WordsOf(source.code)) {
    if (!kWords.contains(word.text)) continue;
    found.push_back(
        {file.path, word.line,
         fmt::format("'{}': amounts and ratios are exact, use Money, Exact or Ratio", word.text)});
  }
  return found;
}

Violations CheckSql(const File& file) {
  Violations found;
  if (!IsProduct(file.path)) return found;
  const bool may_hold_sql = file.path.ends_with("_store.cc") || file.path.starts_with("core/pg/");
  static const std::regex statement(
      R"((^|[^A-Za-z_])(SELECT\s+[\s\S]*FROM\s|SELECT\s+[a-z_.]+\(|INSERT\s+INTO\s|)"
      R"(UPDATE\s+[a-z_."]+\s+(AS\s+\w+\s+)?SET\s|DELETE\s+FROM\s|TRUNCATE\s+[a-z]|)"
      R"(COPY\s+[a-z_.(]+[\s\S]*(FROM|TO)\s+STD|CREATE\s+(TABLE|INDEX|ROLE|SCHEMA|DATABASE)|)"
      R"(ALTER\s+(TABLE|ROLE)|DROP\s+(TABLE|DATABASE)|LOCK\s+TABLE|GRANT\s+[A-Z]+\s+ON))");
  static const std::regex server_time(R"((^|[^A-Za-z_])(now\(\)|CURRENT_(DATE|TIME|TIMESTAMP)|)"
                                      R"((clock|statement|transaction)_timestamp\(\)))");
  for (const Literal& literal : SourceText::Of(file.text).literals) {
    if (!may_hold_sql && std::regex_search(literal.text, statement)) {
      found.push_back({file.path, literal.line, "SQL stands in *_store.cc only"});
    }
    if (file.path.ends_with("_store.cc") && std::regex_search(literal.text, server_time)) {
      found.push_back({file.path, literal.line, "the time is a parameter, not the server's clock"});
    }
  }
  return found;
}

Violations CheckNoWallClock(const File& file) {
  Violations found;
  if (!IsProduct(file.path) || file.path == kClock) return found;
  static const std::set<std::string_view> kWords = {
      "system_clock", "gettimeofday", "clock_gettime", "localtime",
      "localtime_r",  "ftime",        "utc_clock",     "GetCurrentTimeNanos"};
  const SourceText source = SourceText::Of(file.text);
  for (const Word& word : WordsOf(source.code)) {
    const bool call_of_time = word.text == "time" && word.next == '(';
    if (!kWords.contains(word.text) && !call_of_time) continue;
    found.push_back(
        {file.path, word.line,
         fmt::format("'{}' reads the wall clock; take a Clock (core/clock.h)", word.text)});
  }
  return found;
}

Violations CheckNoSleep(const File& file) {
  Violations found;
  if (!IsCpp(file.path) || !file.path.starts_with("tests/") || !file.path.ends_with("_test.cc")) {
    return found;
  }
  static const std::set<std::string_view> kWords = {"sleep_for", "sleep_until", "usleep",
                                                    "nanosleep", "SleepFor"};
  const SourceText source = SourceText::Of(file.text);
  for (const Word& word : WordsOf(source.code)) {
    if (!kWords.contains(word.text) && !(word.text == "sleep" && word.next == '(')) continue;
    found.push_back({file.path, word.line, "a test waits for an event, never for time to pass"});
  }
  return found;
}

Violations CheckLines(const File& file) {
  Violations found;
  const bool checked = IsCpp(file.path) || file.path.ends_with(".proto") ||
                       (file.path.ends_with(".ts") && !file.path.ends_with(".d.ts"));
  if (!checked) return found;
  int number = 0;
  for (const std::string_view line : LinesOf(file.text)) {
    ++number;
    const auto add = [&](std::string what) {
      found.push_back({file.path, number, std::move(what)});
    };
    if (Columns(line) > kColumns) add(fmt::format("{} columns, at most 100", Columns(line)));
    if (line.find('\t') != std::string_view::npos) add("a tab; indent with blanks");
    if (line.ends_with(' ') || line.ends_with('\r')) add("blank at the end of the line");
  }
  if (!file.text.empty() && !file.text.ends_with('\n')) {
    found.push_back({file.path, number, "no line end at the end of the file"});
  }
  return found;
}

Violations CheckNoDeferredWork(const File& file) {
  Violations found;
  if (IsRulesTest(file.path)) return found;
  static const std::regex marks(R"((^|[^A-Za-z0-9_])(TODO|FIXME|XXX|HACK)([^A-Za-z0-9_]|$))");
  int number = 0;
  for (const std::string_view line : LinesOf(file.text)) {
    ++number;
    if (!std::regex_search(line.begin(), line.end(), marks)) continue;
    found.push_back({file.path, number, "work put off; do it, or open an issue"});
  }
  return found;
}

Violations CheckHeaderStart(const File& file) {
  Violations found;
  if (!file.path.ends_with(".h")) return found;
  if (!file.text.starts_with("// ")) {
    found.push_back({file.path, 1, "a header starts with a comment that says what it is for"});
  }
  if (file.text.find("\n#pragma once\n") == std::string::npos) {
    found.push_back({file.path, 1, "a header has #pragma once"});
  }
  return found;
}

Violations CheckFunctionLength(const File& file) {
  Violations found;
  if (!IsProduct(file.path) || !file.path.ends_with(".cc")) return found;
  // The formatter puts a function of a namespace at the start of a line and its end on a line of
  // its own; what else starts there is named here.
  static const std::regex other(R"(^(namespace|struct|class|enum|union|extern|template|constexpr|)"
                                R"(static|const|using|#).*)");
  const SourceText source = SourceText::Of(file.text);
  int number = 0;
  int begin = 0;
  for (const std::string_view line : LinesOf(source.code)) {
    ++number;
    const bool at_start = !line.empty() && line.front() != ' ' && line.front() != '}';
    if (at_start) {
      begin = std::regex_match(line.begin(), line.end(), other) ? 0 : number;
    }
    if (line != "}" || begin == 0) continue;
    if (number - begin + 1 > kFunctionLines) {
      found.push_back({file.path, begin,
                       fmt::format("a function of {} lines; {} fit on a screen", number - begin + 1,
                                   kFunctionLines)});
    }
    begin = 0;
  }
  return found;
}

namespace {

// "payments/ledger" of "payments/ledger/chain.cc"; empty at the root.
std::string_view FolderOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

const File* Find(const std::vector<File>& tree, const std::string& path) {
  const auto found = std::ranges::find(tree, path, &File::path);
  return found == tree.end() ? nullptr : &*found;
}

// Whether a CMakeLists.txt in the file's folder or above names it relative to itself.
bool IsListed(const std::vector<File>& tree, const File& file) {
  for (std::string_view folder = FolderOf(file.path); !folder.empty(); folder = FolderOf(folder)) {
    const File* const list = Find(tree, std::string(folder) + "/CMakeLists.txt");
    if (list == nullptr) continue;
    const std::string name = file.path.substr(folder.size() + 1);
    for (std::size_t at = list->text.find(name); at != std::string::npos;
         at = list->text.find(name, at + 1)) {
      const auto ends_name = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == ')'; };
      const std::size_t end = at + name.size();
      const bool starts = at == 0 || list->text[at - 1] == '(' || ends_name(list->text[at - 1]);
      if (starts && (end == list->text.size() || ends_name(list->text[end]))) return true;
    }
  }
  return false;
}

}  // namespace

Violations CheckListed(const std::vector<File>& tree) {
  Violations found;
  for (const File& file : tree) {
    const bool test_header = file.path.starts_with("tests/") && file.path.ends_with(".h");
    if (!IsCpp(file.path) || test_header || IsListed(tree, file)) continue;
    found.push_back({file.path, 1, "no CMakeLists.txt names this file, so it is not compiled"});
  }
  return found;
}

namespace {

struct TypeName {
  std::string name;  // with its namespace: "sluice::pg::Row"
  int line = 0;
};

// The types that a file defines in a named namespace. A definition starts a line, as the formatter
// puts it; specializations, and what stands in a nameless namespace, are other things.
std::vector<TypeName> TypesOf(const SourceText& source) {
  static const std::regex opens(R"(^(?:inline )?namespace\s*([A-Za-z_:0-9]*)\s*\{.*)");
  static const std::regex defines(
      R"(^(?:struct|class|enum class|enum)\s+(\w+)(?:\s*|\s*\{.*|\s+final\b.*|\s*:(?!:).*))");
  struct Scope {
    std::string name;  // empty: nameless
    int depth = 0;     // of braces inside it
  };
  std::vector<Scope> scopes;
  std::vector<TypeName> types;
  int depth = 0;
  int number = 0;
  for (const std::string_view line : LinesOf(source.code)) {
    ++number;
    std::cmatch match;
    const bool space = std::regex_match(line.data(), line.data() + line.size(), match, opens);
    const bool named = !scopes.empty() && std::ranges::none_of(scopes, [](const Scope& scope) {
      return scope.name.empty();
    });
    if (space) {
      scopes.push_back({match[1], depth + 1});
    } else if (named && depth == scopes.back().depth &&
               std::regex_match(line.data(), line.data() + line.size(), match, defines) &&
               (line.find('{') != line.npos || line.find(';') == line.npos)) {
      std::string name;
      for (const Scope& scope : scopes) name += scope.name + "::";
      types.push_back({name + match[1].str(), number});
    }
    depth += static_cast<int>(std::ranges::count(line, '{') - std::ranges::count(line, '}'));
    while (!scopes.empty() && depth < scopes.back().depth) scopes.pop_back();
  }
  return types;
}

}  // namespace

Violations CheckTypesOnce(const std::vector<File>& tree) {
  Violations found;
  std::map<std::string, std::string> defined;
  for (const File& file : tree) {
    if (!IsCpp(file.path)) continue;
    // Programs of tests are linked one by one.
    if (file.path.starts_with("tests/") && file.path.ends_with(".cc")) continue;
    for (const TypeName& type : TypesOf(SourceText::Of(file.text))) {
      const auto [other, is_new] = defined.emplace(type.name, file.path);
      if (is_new) continue;
      found.push_back(
          {file.path, type.line, fmt::format("{} is defined in {} too", type.name, other->second)});
    }
  }
  return found;
}

Violations CheckReadmes(const std::vector<File>& tree) {
  Violations found;
  std::set<std::string> rooms = {"tests", "tests/bench", "deploy"};
  for (const File& file : tree) {
    const bool room = file.path.ends_with("/CMakeLists.txt") && !file.path.starts_with("tests/");
    if (room) rooms.emplace(FolderOf(file.path));
  }
  for (const std::string& room : rooms) {
    const File* const readme = Find(tree, room + "/README.md");
    if (readme == nullptr) {
      found.push_back({room, 0, "the folder has no README.md to say what lives here"});
    } else if (LinesOf(readme->text).size() < 5) {
      found.push_back({readme->path, 1,
                       "says too little: what lives here, the main types, the "
                       "rules of the room, the hard decisions"});
    }
  }
  return found;
}

Violations CheckTopLevel(const std::vector<File>& tree) {
  static const std::set<std::string_view> kAllowed = {
      "core",       "hierarchy",     "performance",    "payments",
      "api",        "proto",         "tests",          "deploy",
      ".ci",        ".clang-format", ".clang-tidy",    ".gitattributes",
      ".gitignore", "README.md",     "CMakeLists.txt", "CMakePresets.json",
      "LICENSE"};
  Violations found;
  std::set<std::string_view> reported;
  for (const File& file : tree) {
    const std::string_view top = TopFolder(file.path);
    if (kAllowed.contains(top) || !reported.insert(top).second) continue;
    found.push_back({std::string(top), 0, "no such top-level entry in the architecture"});
  }
  return found;
}

}  // namespace sluice::structure
