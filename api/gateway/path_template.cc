#include "api/gateway/path_template.h"

#include <algorithm>
#include <functional>
#include <span>
#include <utility>

#include "core/utf8.h"

namespace sluice::api {

namespace {

using Kind = TemplateSegment::Kind;

constexpr std::size_t kLongestPath = 2048;

bool IsLiteralCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '~';
}

bool IsFieldCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

std::optional<int> HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

StatusOr<std::string> DecodeSegment(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const auto high = i + 1 < text.size() ? HexDigit(text[i + 1]) : std::nullopt;
    const auto low = i + 2 < text.size() ? HexDigit(text[i + 2]) : std::nullopt;
    if (!high || !low) return InvalidArgument("the path has a '%' without two hex digits behind");
    decoded += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  const bool control = std::ranges::any_of(
      decoded, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (control) return InvalidArgument("the path has a control character");
  if (!IsUtf8(decoded)) return InvalidArgument("the path is not UTF-8");
  if (decoded.find('/') != std::string::npos || decoded.find('\\') != std::string::npos) {
    return InvalidArgument("the path has an encoded slash");
  }
  if (decoded.empty()) return InvalidArgument("the path has an empty segment");
  if (decoded == "." || decoded == "..") return InvalidArgument("the path has a dot segment");
  return decoded;
}

std::string Join(std::span<const std::string> segments) {
  return fmt::format("{}", fmt::join(segments, "/"));
}

}  // namespace

// Reads a template from left to right.
class TemplateParser {
 public:
  explicit TemplateParser(std::string_view text) : text_(text) {}

  StatusOr<PathTemplate> Parse() {
    result_.text_ = std::string(text_);
    if (!Take('/')) return Fault("it does not begin with '/'");
    RETURN_IF_ERROR(ParseSegments(/*in_variable=*/false));
    if (Take(':')) {
      result_.verb_ = TakeWhile(IsLiteralCharacter);
      if (result_.verb_.empty()) return Fault("nothing stands after ':'");
    }
    if (at_ != text_.size()) return Fault("something stands after its end");
    return std::move(result_);
  }

 private:
  Status Fault(std::string_view what) const {
    return InvalidArgument("path template '{}' at character {}: {}", text_, at_ + 1, what);
  }
  bool Take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string TakeWhile(bool (*belongs)(char)) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && belongs(text_[at_])) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  Status ParseSegments(bool in_variable) {
    do {
      if (!result_.segments_.empty() && result_.segments_.back().kind == Kind::kRest) {
        return Fault("'**' stands before the end");
      }
      if (Take('{')) {
        if (in_variable) return Fault("a variable stands in a variable");
        RETURN_IF_ERROR(ParseVariable());
      } else {
        RETURN_IF_ERROR(ParsePlain());
      }
    } while (Take('/'));
    return OkStatus();
  }

  Status ParsePlain() {
    if (Take('*')) {
      result_.segments_.push_back({.kind = Take('*') ? Kind::kRest : Kind::kOne, .literal = {}});
      return OkStatus();
    }
    std::string literal = TakeWhile(IsLiteralCharacter);
    if (literal.empty()) return Fault("a segment is empty");
    result_.segments_.push_back({.kind = Kind::kLiteral, .literal = std::move(literal)});
    return OkStatus();
  }

  Status ParseVariable() {
    TemplateVariable variable{.field = TakeWhile(IsFieldCharacter),
                              .begin = result_.segments_.size()};
    if (variable.field.empty()) return Fault("a variable has no field");
    for (const TemplateVariable& other : result_.variables_) {
      if (other.field == variable.field) return Fault("a field is bound twice");
    }
    if (Take('=')) {
      RETURN_IF_ERROR(ParseSegments(/*in_variable=*/true));
    } else {
      result_.segments_.push_back({.kind = Kind::kOne, .literal = {}});
    }
    if (!Take('}')) return Fault("a variable is not closed");
    variable.end = result_.segments_.size();
    result_.variables_.push_back(std::move(variable));
    return OkStatus();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  PathTemplate result_;
};

StatusOr<PathTemplate> PathTemplate::Parse(std::string_view text) {
  return TemplateParser(text).Parse();
}

StatusOr<RequestPath> RequestPath::Parse(std::string_view path) {
  if (path.size() > kLongestPath) {
    return InvalidArgument("the path has {} bytes; {} is the most", path.size(), kLongestPath);
  }
  if (!path.starts_with('/')) return InvalidArgument("the path does not begin with '/'");
  RequestPath result;
  path.remove_prefix(1);
  // The verb is cut off before decoding: an encoded colon belongs to the name.
  const std::size_t slash = path.rfind('/');
  const std::size_t last = slash == std::string_view::npos ? 0 : slash + 1;
  const std::size_t colon = path.rfind(':');
  if (colon != std::string_view::npos && colon >= last) {
    ASSIGN_OR_RETURN(result.verb, DecodeSegment(path.substr(colon + 1)));
    path = path.substr(0, colon);
  }
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    ASSIGN_OR_RETURN(std::string segment, DecodeSegment(path.substr(begin, end - begin)));
    result.segments.push_back(std::move(segment));
    begin = end + 1;
  }
  return result;
}

// A step of the trie. Leaves stand by verb: of a path that ends here, and of one whose rest `**`
// takes.
struct Routes::Node {
  struct Leaf {
    PathTemplate path;
    std::int64_t target = 0;
  };

  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> any;
  std::map<std::string, Leaf, std::less<>> ends;
  std::map<std::string, Leaf, std::less<>> rests;

  // The best leaf for what is left of a path: literal before `*` before `**`.
  const Leaf* Find(std::span<const std::string> left, const std::string& verb) const {
    if (left.empty()) {
      const auto end = ends.find(verb);
      return end == ends.end() ? nullptr : &end->second;
    }
    if (const auto next = literals.find(left.front()); next != literals.end()) {
      if (const Leaf* const leaf = next->second->Find(left.subspan(1), verb)) return leaf;
    }
    if (any != nullptr) {
      if (const Leaf* const leaf = any->Find(left.subspan(1), verb)) return leaf;
    }
    const auto rest = rests.find(verb);
    return rest == rests.end() ? nullptr : &rest->second;
  }
};

Routes::Routes() = default;
Routes::~Routes() = default;
Routes::Routes(Routes&&) noexcept = default;
Routes& Routes::operator=(Routes&&) noexcept = default;

Status Routes::Add(std::string_view http_method, const PathTemplate& path, std::int64_t target) {
  std::unique_ptr<Node>& root = roots_[std::string(http_method)];
  if (root == nullptr) root = std::make_unique<Node>();
  Node* node = root.get();
  bool takes_rest = false;
  for (const TemplateSegment& segment : path.Segments()) {
    if (segment.kind == Kind::kRest) {
      takes_rest = true;
      break;
    }
    std::unique_ptr<Node>& next =
        segment.kind == Kind::kOne ? node->any : node->literals[segment.literal];
    if (next == nullptr) next = std::make_unique<Node>();
    node = next.get();
  }
  auto& leaves = takes_rest ? node->rests : node->ends;
  const auto [place, is_new] = leaves.try_emplace(path.Verb(), Node::Leaf{path, target});
  if (is_new) return OkStatus();
  return AlreadyExists("routes {} {} and {} cannot be told apart; give one another path",
                       http_method, place->second.path.Text(), path.Text());
}

std::optional<Routes::Match> Routes::Find(std::string_view http_method,
                                          const RequestPath& path) const {
  const auto root = roots_.find(http_method);
  if (root == roots_.end()) return std::nullopt;
  const Node::Leaf* const leaf = root->second->Find(path.segments, path.verb);
  if (leaf == nullptr) return std::nullopt;
  Match match{.target = leaf->target, .bindings = {}};
  const auto& segments = leaf->path.Segments();
  for (const TemplateVariable& variable : leaf->path.Variables()) {
    const bool rest = variable.end == segments.size() && segments.back().kind == Kind::kRest;
    const std::size_t end = rest ? path.segments.size() : variable.end;
    const std::span<const std::string> all(path.segments);
    match.bindings.push_back(
        {variable.field, Join(all.subspan(variable.begin, end - variable.begin))});
  }
  return match;
}

std::vector<std::string> Routes::MethodsFor(const RequestPath& path) const {
  std::vector<std::string> methods;
  for (const auto& [method, root] : roots_) {
    if (root->Find(path.segments, path.verb) != nullptr) methods.push_back(method);
  }
  return methods;
}

}  // namespace sluice::api
