// Every method of the contract, called by every role over both transports: who may is what the
// permission matrix says, cell by cell.
//
// A call that is allowed goes on to what comes next: a sign-in that is too old, a request that is
// not whole, a method that is not served yet, a thing that is not there. Only what is denied is
// 403.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "api/access/matrix.h"
#include "api/contract/method_access.h"
#include "api/contract/published.h"
#include "api/gateway/transcode.h"
#include "api/handlers/handlers.h"
#include "tests/api/server/server_fixture.h"

namespace sluice::api {
namespace {

using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

constexpr int kDeniedCode = 7;
constexpr int kDeniedHttp = 403;

// Roles that hold in a part of the hierarchy only.
bool IsOutsider(Role role) {
  return role == Role::kFunder || role == Role::kProviderAdmin || role == Role::kProviderViewer;
}

class MatrixCalls : public ServerFixture {
 protected:
  void SetUp() override {
    ServerFixture::SetUp();
    std::int64_t user = 100;
    for (const Role role : AllRoles()) {
      if (role == Role::kService) continue;  // held by nobody
      const std::string name = "role." + std::string(RoleCode(role));
      AddPerson(UserId(++user), name, {role}, IsOutsider(role) ? network_ : PartyId());
      tokens_[role] = SignIn(name);
    }
  }

  // A name in the form of a route: ids of things that are not there, but for the payer and the
  // network.
  std::string NameLike(const std::string& path) {
    std::string name;
    std::string collection;
    for (std::size_t at = 0; at <= path.size();) {
      const std::size_t end = std::min(path.find('/', at), path.size());
      const std::string segment = path.substr(at, end - at);
      name += (name.empty() ? "" : "/") + (segment == "*" ? IdIn(collection) : segment);
      collection = segment;
      at = end + 1;
    }
    return name;
  }
  std::string IdIn(const std::string& collection) {
    if (collection == "payers") return payer_.ToString();
    if (collection == "parties") return network_.ToString();
    if (collection == "users") return UserId(22).ToString();  // whom the network sees, too
    static const std::map<std::string, std::string> kPrefixes = {
        {"programs", "prg"}, {"cycles", "cyc"}, {"runs", "run"}};
    const auto prefix = kPrefixes.find(collection);
    return FormatId(prefix == kPrefixes.end() ? "xxx" : prefix->second, 77);
  }

  // Whether the matrix lets the role call the method: for outsiders, who have a part of the
  // hierarchy, only where a handler looks at that part, or there is none yet.
  bool IsAllowed(Role role, const MethodDescriptor& method, const Methods& handlers) {
    const MethodAccess access = AccessOf(method).value();
    if (!access.resource) return true;
    if (!RightOf(role, *access.resource, *access.verb).granted) return false;
    const Handler* const handler = handlers.Find(method);
    return !IsOutsider(role) || handler == nullptr || handler->narrowing == Narrowing::kByHandler;
  }

  std::map<Role, std::string> tokens_;
};

// The pattern that a route binds to its first variable: "payers/*/parties/*".
std::string PatternOf(const MethodRoute& route, std::string& field) {
  const PathTemplate path = PathTemplate::Parse(route.path).value();
  const TemplateVariable& variable = path.Variables().front();
  field = variable.field;
  std::string pattern;
  for (std::size_t i = variable.begin; i < variable.end; ++i) {
    const TemplateSegment& segment = path.Segments()[i];
    pattern += pattern.empty() ? "" : "/";
    pattern += segment.kind == TemplateSegment::Kind::kLiteral ? segment.literal : "*";
  }
  return pattern;
}

// The path of a route with the name in place of what binds it.
std::string TargetOf(const MethodRoute& route, const std::string& name) {
  const std::size_t open = route.path.find('{');
  const std::size_t close = route.path.find('}');
  return route.path.substr(0, open) + name + route.path.substr(close + 1);
}

// A request that says the name and nothing else; "user.name" is a field of a message.
std::string RequestOf(const std::string& field, const std::string& name) {
  const std::size_t dot = field.find('.');
  if (dot == std::string::npos) return fmt::format(R"({{"{}":"{}"}})", field, name);
  return fmt::format(R"({{"{}":{{"{}":"{}"}}}})", field.substr(0, dot), field.substr(dot + 1),
                     name);
}

// feature:X01
TEST_F(MatrixCalls, EveryCellHoldsOverBothTransports) {
  const Methods handlers = AllHandlers();
  testing::HttpClient client = Connect();
  int calls = 0;
  for (const ServiceDescriptor* const service : PublishedServices()) {
    const auto routes = RoutesOfServices(std::span(&service, 1));
    ASSERT_TRUE(routes.ok());
    for (const MethodRoute& route : *routes) {
      if (route.method->server_streaming()) continue;  // operation_calls_test
      std::string field;
      const std::string name = NameLike(PatternOf(route, field));
      for (const auto& [role, token] : tokens_) {
        const bool allowed = IsAllowed(role, *route.method, handlers);
        const auto grpc =
            Grpc(service->full_name(), route.method->name(), RequestOf(field, name), token);
        EXPECT_EQ(grpc.code != kDeniedCode, allowed)
            << RoleCode(role) << " " << route.method->full_name() << ": " << grpc.message;
        const auto https =
            Https(route.http_method, TargetOf(route, name), token, route.body.empty() ? "" : "{}");
        EXPECT_EQ(https.status != kDeniedHttp, allowed)
            << RoleCode(role) << " " << route.path << ": " << https.body;
        EXPECT_NE(https.status, 500) << route.path << ": " << https.body;
        ++calls;
      }
    }
  }
  EXPECT_GT(calls, 2'000);
}

}  // namespace
}  // namespace sluice::api
