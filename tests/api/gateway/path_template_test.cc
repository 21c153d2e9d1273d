#include "api/gateway/path_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

namespace sluice::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

PathTemplate Template(std::string_view text) { return PathTemplate::Parse(text).value(); }

Routes RoutesOf(const std::vector<std::pair<std::string, std::string>>& routes) {
  Routes result;
  std::int64_t target = 0;
  for (const auto& [method, path] : routes) {
    const Status added = result.Add(method, Template(path), target++);
    EXPECT_TRUE(added.ok()) << StatusMessage(added);
  }
  return result;
}

std::optional<Routes::Match> Find(const Routes& routes, std::string_view method,
                                  std::string_view path) {
  const StatusOr<RequestPath> parsed = RequestPath::Parse(path);
  EXPECT_TRUE(parsed.ok()) << StatusMessage(parsed.status());
  return parsed.ok() ? routes.Find(method, *parsed) : std::nullopt;
}

TEST(PathTemplate, RefusesWhatIsNotOne) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "does not begin with '/'"},
      {"v1/runs", "does not begin with '/'"},
      {"/", "a segment is empty"},
      {"/v1//runs", "a segment is empty"},
      {"/v1/runs/", "a segment is empty"},
      {"/v1/**/runs", "'**' stands before the end"},
      {"/v1/{name=runs/{id}}", "a variable stands in a variable"},
      {"/v1/{=runs/*}", "a variable has no field"},
      {"/v1/{name=runs/*", "a variable is not closed"},
      {"/v1/{name}/x/{name}", "a field is bound twice"},
      {"/v1/runs:", "nothing stands after ':'"},
      {"/v1/runs:go:on", "something stands after its end"},
      {"/v1/r ns", "something stands after its end"},
  };
  for (const auto& [text, fault] : cases) {
    const StatusOr<PathTemplate> parsed = PathTemplate::Parse(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_THAT(StatusMessage(parsed.status()), HasSubstr(std::string(fault))) << text;
  }
}

// feature:X07
TEST(Routes, BindWhatAVariableSpans) {
  const Routes routes = RoutesOf({{"GET", "/v1/{name=payers/*/programs/*/runs/*}"},
                                  {"GET", "/v1/{parent=payers/*/programs/*}/runs"},
                                  {"POST", "/v1/{name=payers/*/programs/*/runs/*}:approve"},
                                  {"PATCH", "/v1/{contact.name=payers/*/contacts/*}"},
                                  {"GET", "/v1/payers/{payer}/years/{year}/totals"},
                                  {"GET", "/files/{path=**}"}});
  const auto run = Find(routes, "GET", "/v1/payers/pyr_1/programs/prg_2/runs/run_3");
  ASSERT_TRUE(run);
  EXPECT_EQ(run->target, 0);
  EXPECT_THAT(run->bindings,
              ElementsAre(PathBinding{"name", "payers/pyr_1/programs/prg_2/runs/run_3"}));
  const auto list = Find(routes, "GET", "/v1/payers/pyr_1/programs/prg_2/runs");
  ASSERT_TRUE(list);
  EXPECT_THAT(list->bindings, ElementsAre(PathBinding{"parent", "payers/pyr_1/programs/prg_2"}));
  const auto approve = Find(routes, "POST", "/v1/payers/pyr_1/programs/prg_2/runs/run_3:approve");
  ASSERT_TRUE(approve);
  EXPECT_EQ(approve->target, 2);
  EXPECT_THAT(approve->bindings,
              ElementsAre(PathBinding{"name", "payers/pyr_1/programs/prg_2/runs/run_3"}));
  EXPECT_EQ(Find(routes, "PATCH", "/v1/payers/p/contacts/c")->bindings[0].field, "contact.name");
  EXPECT_THAT(Find(routes, "GET", "/v1/payers/p/years/2026/totals")->bindings,
              ElementsAre(PathBinding{"payer", "p"}, PathBinding{"year", "2026"}));
  EXPECT_THAT(Find(routes, "GET", "/files/a/b/c.ach")->bindings,
              ElementsAre(PathBinding{"path", "a/b/c.ach"}));
}

TEST(Routes, TellAnUnknownPathFromAWrongMethod) {
  const Routes routes = RoutesOf({{"GET", "/v1/{name=payers/*/runs/*}"},
                                  {"POST", "/v1/{name=payers/*/runs/*}:approve"},
                                  {"DELETE", "/v1/{name=payers/*/runs/*}"}});
  EXPECT_FALSE(Find(routes, "PUT", "/v1/payers/p/runs/r"));
  const auto methods = [&](std::string_view path) {
    return routes.MethodsFor(RequestPath::Parse(path).value());
  };
  EXPECT_THAT(methods("/v1/payers/p/runs/r"), ElementsAre("DELETE", "GET"));
  EXPECT_THAT(methods("/v1/payers/p/runs/r:approve"), ElementsAre("POST"));
  EXPECT_THAT(methods("/v1/payers/p/runs/r:explode"), IsEmpty());
  EXPECT_THAT(methods("/v1/payers/p/runs"), IsEmpty());
}

TEST(Routes, ALiteralWinsOverOneSegmentAndThatOverTheRest) {
  const Routes routes = RoutesOf({{"GET", "/v1/{name=**}"},
                                  {"GET", "/v1/{name=payers/*}"},
                                  {"GET", "/v1/payers/current"},
                                  {"GET", "/v1/payers/current/runs"}});
  EXPECT_EQ(Find(routes, "GET", "/v1/payers/current")->target, 2);
  EXPECT_EQ(Find(routes, "GET", "/v1/payers/p")->target, 1);
  EXPECT_EQ(Find(routes, "GET", "/v1/payers/current/awards")->target, 0);  // goes back
  EXPECT_EQ(Find(routes, "GET", "/v1/other")->target, 0);
}

TEST(Routes, TwoThatCannotBeToldApartAreRefused) {
  Routes routes = RoutesOf({{"GET", "/v1/{name=payers/*/runs/*}"}});
  const Status status = routes.Add("GET", Template("/v1/payers/{payer}/runs/{run}"), 7);
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(StatusMessage(status), HasSubstr("/v1/{name=payers/*/runs/*} and "
                                               "/v1/payers/{payer}/runs/{run}"));
  EXPECT_TRUE(routes.Add("POST", Template("/v1/payers/{payer}/runs/{run}"), 7).ok());
  EXPECT_TRUE(routes.Add("GET", Template("/v1/{name=payers/*/runs/*}:digest"), 8).ok());
}

TEST(RequestPath, DecodesSegmentsOnce) {
  const RequestPath path = RequestPath::Parse("/v1/a%20b/%252e/c%3Ad:go").value();
  EXPECT_THAT(path.segments, ElementsAre("v1", "a b", "%2e", "c:d"));
  EXPECT_EQ(path.verb, "go");
}

TEST(RequestPath, RefusesWhatCouldClimbOrHide) {
  for (const std::string_view text : {"v1",        "",          "/",          "//",
                                      "/v1/",      "/v1//x",    "/v1/../etc", "/v1/%2e%2e/etc",
                                      "/v1/%2E/x", "/v1/a%2Fb", "/v1/a%5cb",  "/v1/a%00b",
                                      "/v1/a%0ab", "/v1/a%7f",  "/v1/%",      "/v1/%4",
                                      "/v1/%zz",   "/v1/%ff",   "/v1/%c0%af", "/v1/x:",
                                      "/v1/:go"}) {
    EXPECT_EQ(RequestPath::Parse(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_FALSE(RequestPath::Parse("/" + std::string(5000, 'a')).ok());
}

// Whatever bytes a caller sends: an answer, and never a segment that leads elsewhere.
TEST(RequestPath, AnyBytesGiveAnAnswer) {
  const std::uint32_t seed = 20261001;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const std::string alphabet = "/%.:2eEfF0a\\*{}\x01\xc3\xa9 ";
  const Routes routes = RoutesOf({{"GET", "/v1/{name=a/*}"}, {"GET", "/{path=**}"}});
  for (int i = 0; i < 20'000; ++i) {
    std::string text = "/";
    const std::size_t length = random() % 24;
    for (std::size_t j = 0; j < length; ++j) text += alphabet[random() % alphabet.size()];
    const StatusOr<RequestPath> path = RequestPath::Parse(text);
    if (!path.ok()) continue;
    for (const std::string& segment : path->segments) {
      EXPECT_TRUE(segment != "." && segment != ".." && !segment.empty() &&
                  segment.find('/') == std::string::npos)
          << text;
    }
    routes.Find("GET", *path);
  }
}

}  // namespace
}  // namespace sluice::api
