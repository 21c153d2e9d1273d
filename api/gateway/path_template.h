// The paths of the HTTPS side: templates as google.api.http writes them, and the routes they make.
//
//   1. A template is "/v1/{name=payers/*/runs/*}:approve": literals, `*` for one segment, `**` for
//      the rest of the path (one segment or more), variables that bind what they span to a field,
//      and a verb at the end.
//   2. Two templates that some path fits equally well are refused when routes are made, not found
//      out by a caller. A literal wins over `*`, and `*` over `**`.
//   3. A path is taken apart once: segments are percent-decoded, and one that is empty, "." or
//      "..", not UTF-8, holds a control character or an encoded slash is refused. So what a route
//      binds can be a resource name without a second look.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/status.h"

namespace sluice::api {

// One part of a template between slashes.
struct TemplateSegment {
  enum class Kind { kLiteral, kOne, kRest };
  Kind kind = Kind::kLiteral;
  std::string literal;

  friend bool operator==(const TemplateSegment&, const TemplateSegment&) = default;
};

// A variable spans the segments [begin, end) of its template.
struct TemplateVariable {
  std::string field;  // "name", "run.name"
  std::size_t begin = 0;
  std::size_t end = 0;

  friend bool operator==(const TemplateVariable&, const TemplateVariable&) = default;
};

class PathTemplate {
 public:
  // InvalidArgument names the template and what is wrong: no slash first, an empty segment, `**`
  // before the end, a variable in a variable, a field bound twice.
  static StatusOr<PathTemplate> Parse(std::string_view text);

  const std::string& Text() const { return text_; }
  const std::vector<TemplateSegment>& Segments() const { return segments_; }
  const std::vector<TemplateVariable>& Variables() const { return variables_; }
  // After the colon; empty for none.
  const std::string& Verb() const { return verb_; }

 private:
  friend class TemplateParser;

  std::string text_;
  std::vector<TemplateSegment> segments_;
  std::vector<TemplateVariable> variables_;
  std::string verb_;
};

// A path of a request, taken apart.
struct RequestPath {
  std::vector<std::string> segments;  // decoded; the verb is cut off the last one
  std::string verb;

  // InvalidArgument says what is wrong with it, without repeating it. `path` is what the request
  // line says before '?'.
  static StatusOr<RequestPath> Parse(std::string_view path);
};

// What a field is bound to: segments joined by '/'.
struct PathBinding {
  std::string field;
  std::string value;

  friend bool operator==(const PathBinding&, const PathBinding&) = default;
};

// Routes of one server. `target` is the caller's number of what a route leads to.
class Routes {
 public:
  Routes();
  ~Routes();
  Routes(Routes&&) noexcept;
  Routes& operator=(Routes&&) noexcept;

  // AlreadyExists names both templates when a path could not tell them apart under one HTTP method.
  Status Add(std::string_view http_method, const PathTemplate& path, std::int64_t target);

  struct Match {
    std::int64_t target = 0;
    std::vector<PathBinding> bindings;
  };
  // Unset when no route of the method fits the path.
  std::optional<Match> Find(std::string_view http_method, const RequestPath& path) const;
  // The methods that have a route for the path, in alphabetical order: for "Allow", and to tell an
  // unknown path (none) from a wrong method.
  std::vector<std::string> MethodsFor(const RequestPath& path) const;

 private:
  struct Node;
  std::map<std::string, std::unique_ptr<Node>, std::less<>> roots_;  // by HTTP method
};

}  // namespace sluice::api
