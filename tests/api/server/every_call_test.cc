// Every method of the contract that has a handler, by its descriptor: the same over gRPC and HTTPS,
// the same when it is sent again, and nothing of another payer. A method that is added is in here
// without a line of its own.
#include <gmock/gmock.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <cctype>
#include <map>
#include <memory>
#include <optional>
#include <regex>
#include <span>
#include <thread>

#include "api/audit/audit_log.h"
#include "api/contract/field_behavior.h"
#include "api/contract/method_access.h"
#include "api/contract/published.h"
#include "api/gateway/problem.h"
#include "api/gateway/transcode.h"
#include "api/handlers/handlers.h"
#include "tests/api/server/server_fixture.h"

namespace sluice::api {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::Reflection;
using google::protobuf::Struct;

constexpr int kInvalid = 3;
constexpr int kAlreadyExists = 6;
constexpr int kDenied = 7;

bool IsOutsider(Role role) {
  return role == Role::kFunder || role == Role::kProviderAdmin || role == Role::kProviderViewer;
}

// What somebody may call with: the first role of the whole payer that the matrix gives it to.
// None when only people of a part of the payer may.
std::optional<Role> RoleOfTheWholePayer(const MethodAccess& access) {
  if (!access.resource) return Role::kAuditor;
  for (const Role role : AllRoles()) {
    const Right right = RightOf(role, *access.resource, *access.verb);
    if (role != Role::kService && right.granted && !right.own_tree) return role;
  }
  return std::nullopt;
}

// Who is denied is told the same over both transports, too.
Role WidestRole(const MethodAccess& access) {
  return RoleOfTheWholePayer(access).value_or(Role::kAuditor);
}

// Without what no two answers have in common: the nonce of a page token, an id made for the call.
std::string Comparable(const std::string& text) {
  static const std::regex token(R"re("nextPageToken":"[^"]+")re");
  static const std::regex id("[a-z]{3}_[0-9A-Z]{13}");
  return std::regex_replace(std::regex_replace(text, token, R"("nextPageToken":"...")"), id, "id");
}

void SetDay(Message& date) {
  const Reflection& reflection = *date.GetReflection();
  const auto set = [&](const char* field, int value) {
    reflection.SetInt32(&date, date.GetDescriptor()->FindFieldByName(field), value);
  };
  set("year", 2026);
  set("month", 1);
  set("day", 1);
}

std::string TextFor(const std::string& field, const std::string& parties) {
  if (field == "request_id") return "0195f3c2-0000-8000-8000-000000000001";
  if (field == "etag") return "\"0\"";
  if (field.ends_with("digest") || field.ends_with("sha256")) return std::string(64, '0');
  static const std::map<std::string, std::string> kReferences = {
      {"to", "parties/pty_"},       {"provider", "parties/pty_"},
      {"party", "parties/pty_"},    {"parent", "parties/pty_"},
      {"child", "parties/pty_"},    {"payee", "payees/pye_"},
      {"delegate", "users/usr_"},   {"contract", "contracts/ctr_"},
      {"program", "programs/prg_"}, {"role", ""}};
  const auto reference = kReferences.find(field);
  if (reference == kReferences.end()) return "as the contract asks";
  if (reference->second.empty()) return "member";
  return parties + "/" + reference->second + FormatId("x", 77).substr(2);
}

// Sets a field that is there by a path such as "rules[0].kind".
void SetAt(Message& message, const std::string& path, const std::string& payer) {
  const std::size_t dot = path.find('.');
  std::string name = path.substr(0, dot);
  int index = 0;
  if (const std::size_t bracket = name.find('['); bracket != std::string::npos) {
    index = std::stoi(name.substr(bracket + 1));
    name = name.substr(0, bracket);
  }
  const FieldDescriptor& field = *message.GetDescriptor()->FindFieldByName(name);
  const Reflection& reflection = *message.GetReflection();
  if (dot != std::string::npos) {
    Message& child = field.is_repeated()
                         ? *reflection.MutableRepeatedMessage(&message, &field, index)
                         : *reflection.MutableMessage(&message, &field);
    SetAt(child, path.substr(dot + 1), payer);
    return;
  }
  const bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      many ? reflection.AddString(&message, &field, TextFor(name, payer))
           : reflection.SetString(&message, &field, TextFor(name, payer));
      break;
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* const value = field.enum_type()->value(1);
      many ? reflection.AddEnum(&message, &field, value)
           : reflection.SetEnum(&message, &field, value);
      break;
    }
    case FieldDescriptor::CPPTYPE_INT32:
      many ? reflection.AddInt32(&message, &field, 1) : reflection.SetInt32(&message, &field, 1);
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      many ? reflection.AddInt64(&message, &field, 1) : reflection.SetInt64(&message, &field, 1);
      break;
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      Message& child = many ? *reflection.AddMessage(&message, &field)
                            : *reflection.MutableMessage(&message, &field);
      const std::string& type = child.GetDescriptor()->full_name();
      if (type == "google.type.Date") SetDay(child);
      // An empty message cannot be said in a query.
      static const std::map<std::string, std::string> kDays = {{"sluice.core.v1.DateRange", "from"},
                                                               {"sluice.core.v1.AsOf", "day"}};
      if (const auto day = kDays.find(type); day != kDays.end()) {
        SetDay(*child.GetReflection()->MutableMessage(
            &child, child.GetDescriptor()->FindFieldByName(day->second)));
      }
      if (type == "google.protobuf.FieldMask") {
        child.GetReflection()->AddString(&child, child.GetDescriptor()->FindFieldByName("paths"),
                                         "display_name");
      }
      break;
    }
    default:
      ADD_FAILURE() << "a required field of another type: " << field.full_name();
  }
}

std::string JsonOf(const Message& message) {
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(message, &json).ok());
  return json;
}

std::string Encoded(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' ||
                       c == '.' || c == '/';
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

// The fields of a message as query parameters.
void AddQuery(const google::protobuf::Value& value, const std::string& path, std::string& query) {
  if (value.has_struct_value()) {
    for (const auto& [name, child] : value.struct_value().fields()) {
      AddQuery(child, path.empty() ? name : path + "." + name, query);
    }
    return;
  }
  if (value.has_list_value()) {
    for (const auto& item : value.list_value().values()) AddQuery(item, path, query);
    return;
  }
  const std::string text = value.has_number_value() ? fmt::format("{}", value.number_value())
                           : value.has_bool_value() ? fmt::format("{}", value.bool_value())
                                                    : value.string_value();
  query += (query.empty() ? "?" : "&") + path + "=" + Encoded(text);
}

std::string Replaced(std::string text, const std::map<std::string, std::string>& words) {
  for (const auto& [from, to] : words) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
      text.replace(at, from.size(), to);
      at += to.size();
    }
  }
  return text;
}

class EveryCall : public ServerFixture {
 protected:
  struct Outcome {
    testing::GrpcAnswer grpc;
    testing::HttpAnswer https;
  };
  // A method with one route and what it is about: "payers/*/runs/*" in the field "name".
  struct Method {
    MethodRoute route;
    MethodAccess access;
    std::string field;
    std::string pattern;
  };

  void SetUp() override {
    ServerFixture::SetUp();
    AddRun();
    AddRoles(100);
  }

  // A person of each role of the whole payer, who has just signed in again.
  void AddRoles(std::int64_t first) {
    for (const Role role : AllRoles()) {
      if (role == Role::kService || IsOutsider(role)) continue;
      const std::string name = "role." + std::string(RoleCode(role));
      AddPerson(UserId(++first), name, {role});
      tokens_[role] = SignIn(name, true);
    }
  }

  // The methods that a handler serves with one answer.
  static std::vector<Method> ServedMethods() {
    const Methods handlers = AllHandlers();
    std::vector<Method> methods;
    for (const auto* const service : PublishedServices()) {
      const std::vector<MethodRoute> routes = RoutesOfServices(std::span(&service, 1)).value();
      for (const MethodRoute& route : routes) {
        if (handlers.Find(*route.method) == nullptr || route.method->server_streaming()) continue;
        const PathTemplate path = PathTemplate::Parse(route.path).value();
        const TemplateVariable& variable = path.Variables().front();
        std::string pattern;
        for (std::size_t i = variable.begin; i < variable.end; ++i) {
          const TemplateSegment& segment = path.Segments()[i];
          pattern += pattern.empty() ? "" : "/";
          pattern += segment.kind == TemplateSegment::Kind::kLiteral ? segment.literal : "*";
        }
        methods.push_back({route, AccessOf(*route.method).value(), variable.field, pattern});
      }
    }
    return methods;
  }

  // A name in the form of a route, with these ids.
  static std::string NameLike(const std::string& pattern,
                              const std::map<std::string, std::string>& ids) {
    std::string name;
    std::string collection;
    for (std::size_t at = 0; at <= pattern.size();) {
      const std::size_t end = std::min(pattern.find('/', at), pattern.size());
      const std::string segment = pattern.substr(at, end - at);
      const auto id = ids.find(collection);
      name += name.empty() ? "" : "/";
      name += segment != "*" ? segment : id != ids.end() ? id->second : FormatId("xxx", 77);
      collection = segment;
      at = end + 1;
    }
    return name;
  }
  // Ids of what the fixture has.
  std::map<std::string, std::string> KnownIds() {
    const auto part = [&](const std::string& collection) {
      const std::size_t at = run_name_.find(collection + "/") + collection.size() + 1;
      return run_name_.substr(at, run_name_.find('/', at) - at);
    };
    return {{"payers", payer_.ToString()},
            {"parties", network_.ToString()},
            {"programs", part("programs")},
            {"cycles", part("cycles")},
            {"runs", part("runs")},
            {"users", UserId(22).ToString()},
            {"payees", accounts_.begin()->first.ToString()},
            {"contracts", FormatId("ctr", 78)},
            {"grants", FormatId("grt", 78)}};
  }

  // The smallest whole request about a name.
  static std::unique_ptr<Message> RequestFor(const Method& method, const std::string& name) {
    const Descriptor* const type = method.route.method->input_type();
    std::unique_ptr<Message> request(
        MessageFactory::generated_factory()->GetPrototype(type)->New());
    SetName(*request, method.field, name);
    const std::string payer = name.substr(0, name.find('/', name.find('/') + 1));
    for (int i = 0; i < 8; ++i) {
      for (const std::string& path : MissingFields(*request)) SetAt(*request, path, payer);
    }
    return request;
  }
  static void SetName(Message& request, const std::string& field, const std::string& name) {
    const std::size_t dot = field.find('.');
    const FieldDescriptor* const outer =
        request.GetDescriptor()->FindFieldByName(field.substr(0, dot));
    if (dot == std::string::npos) {
      request.GetReflection()->SetString(&request, outer, name);
      return;
    }
    SetName(*request.GetReflection()->MutableMessage(&request, outer), field.substr(dot + 1), name);
  }
  static bool SetText(Message& request, const std::string& field, const std::string& text) {
    const FieldDescriptor* const found = request.GetDescriptor()->FindFieldByName(field);
    if (found == nullptr || found->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return false;
    request.GetReflection()->SetString(&request, found, text);
    return true;
  }

  // The path, the query and the body that say the same as the message.
  testing::HttpAnswer OverHttps(const Method& method, const Message& request,
                                const std::string& token) {
    std::unique_ptr<Message> rest(request.New());
    rest->CopyFrom(request);
    SetName(*rest, method.field, "");
    std::string name = NameIn(request, method.field);
    const std::string& path = method.route.path;
    const std::size_t close = path.find('}');
    std::string target = path.substr(0, path.find('{')) + name + path.substr(close + 1);
    std::string body;
    if (method.route.body == "*") {
      body = JsonOf(*rest);
    } else {
      if (!method.route.body.empty()) {
        const auto* const field = rest->GetDescriptor()->FindFieldByName(method.route.body);
        body = JsonOf(rest->GetReflection()->GetMessage(*rest, field));
        rest->GetReflection()->ClearField(rest.get(), field);
      }
      google::protobuf::Value fields;
      EXPECT_TRUE(
          google::protobuf::util::JsonStringToMessage(JsonOf(*rest), fields.mutable_struct_value())
              .ok());
      std::string query;
      AddQuery(fields, "", query);
      target += query;
    }
    return Https(method.route.http_method, target, token, body);
  }
  static std::string NameIn(const Message& request, const std::string& field) {
    const std::size_t dot = field.find('.');
    const FieldDescriptor* const outer =
        request.GetDescriptor()->FindFieldByName(field.substr(0, dot));
    if (dot == std::string::npos) return request.GetReflection()->GetString(request, outer);
    return NameIn(request.GetReflection()->GetMessage(request, outer), field.substr(dot + 1));
  }
  testing::GrpcAnswer OverGrpc(const Method& method, const Message& request,
                               const std::string& token) {
    return Grpc(method.route.method->service()->full_name(), method.route.method->name(),
                JsonOf(request), token);
  }
  // Over both, which have to agree.
  Outcome Call(const Method& method, const Message& request, const std::string& token) {
    Outcome outcome{OverGrpc(method, request, token), OverHttps(method, request, token)};
    const testing::GrpcAnswer& grpc = outcome.grpc;
    const testing::HttpAnswer& https = outcome.https;
    const std::string what = method.route.method->full_name();
    const int status = grpc.code == 0               ? 200
                       : grpc.reason == "ID_REUSED" ? 422
                                                    : HttpStatusOf(grpc.code);
    EXPECT_EQ(https.status, status) << what << ": " << grpc.message << " | " << https.body;
    EXPECT_NE(status, 500) << what << ": " << grpc.message;
    if (grpc.code == 0) {
      EXPECT_EQ(Comparable(https.body), Comparable(grpc.json)) << what;
    } else {
      EXPECT_EQ(FieldOf(https.body, "reason"), grpc.reason) << what;
      EXPECT_EQ(Comparable(FieldOf(https.body, "detail")), Comparable(grpc.message)) << what;
    }
    return outcome;
  }

  std::map<Role, std::string> tokens_;
};

// feature:X07
TEST_F(EveryCall, EveryMethodAnswersTheSameOverBothAndWhenSentAgain) {
  int kept = 0;
  int replayed = 0;
  int number = 0;
  for (const Method& method : ServedMethods()) {
    const std::string what = method.route.method->full_name();
    const auto request = RequestFor(method, NameLike(method.pattern, KnownIds()));
    SetText(*request, "request_id", fmt::format("0195f3c2-0000-8000-8000-{:012}", ++number));
    const std::string& token = tokens_[WidestRole(method.access)];
    const Outcome outcome = Call(method, *request, token);
    if (RoleOfTheWholePayer(method.access)) {
      EXPECT_NE(outcome.grpc.code, kDenied) << what << ": " << outcome.grpc.message;
    }
    if (!method.access.mutation) continue;
    // The second call had the id of the first.
    const int code = outcome.grpc.code;
    if (code == 0) {
      EXPECT_EQ(outcome.https.headers.contains("idempotent-replay"), true) << what;
      ++replayed;
    }
    if (code != 0 && code != 5 && code != kAlreadyExists && code != 9 && code != 11) continue;
    ++kept;
    bool other = false;
    for (const char* const field : {"reason", "etag", "source", "display_name"}) {
      other = other || SetText(*request, field, "of another request");
    }
    if (!other) continue;
    const Outcome mismatch = Call(method, *request, token);
    EXPECT_EQ(mismatch.grpc.code, kAlreadyExists) << what << ": " << mismatch.grpc.message;
    EXPECT_EQ(mismatch.grpc.reason, "ID_REUSED") << what;
  }
  EXPECT_GT(kept, 3);
  EXPECT_GE(replayed, 1);
}

// feature:X01
TEST_F(EveryCall, NothingOfAnotherPayerIsThere) {
  const std::map<std::string, std::string> theirs = KnownIds();
  std::map<std::string, std::string> unknown = {
      {"parties", FormatId("pty", 79)},   {"programs", FormatId("prg", 79)},
      {"cycles", FormatId("cyc", 79)},    {"runs", FormatId("run", 79)},
      {"users", FormatId("usr", 79)},     {"payees", FormatId("pye", 79)},
      {"contracts", FormatId("ctr", 79)}, {"grants", FormatId("grt", 79)}};
  std::map<std::string, std::string> words;
  for (const auto& [collection, id] : unknown) words[theirs.at(collection)] = id;
  payer_ = db_.NewPayer("Other plan");
  payer_name_ = fmt::format("payers/{}", payer_);
  AddRoles(200);
  std::map<std::string, std::string> taken = theirs;
  taken["payers"] = unknown["payers"] = payer_.ToString();
  int number = 0;
  for (const Method& method : ServedMethods()) {
    const std::string what = method.route.method->full_name();
    const std::string& token = tokens_[WidestRole(method.access)];
    // Under the name of their payer everything is denied with the one text.
    const auto foreign = RequestFor(method, NameLike(method.pattern, theirs));
    const Outcome denied = Call(method, *foreign, token);
    EXPECT_EQ(denied.grpc.code, kDenied) << what << ": " << denied.grpc.message;
    EXPECT_EQ(denied.grpc.message, kDeniedText) << what;
    if (NameLike(method.pattern, taken) == NameLike(method.pattern, unknown)) continue;
    // Under the own payer their ids are what ids are that nothing has.
    const auto ask = [&](const std::map<std::string, std::string>& ids) {
      const auto request = RequestFor(method, NameLike(method.pattern, ids));
      SetText(*request, "request_id", fmt::format("0195f3c2-0000-8000-8000-{:012}", ++number));
      return Call(method, *request, token);
    };
    const Outcome taken_ids = ask(taken);
    const Outcome unknown_ids = ask(unknown);
    EXPECT_EQ(taken_ids.grpc.code, unknown_ids.grpc.code) << what;
    EXPECT_EQ(Replaced(taken_ids.grpc.message, words), unknown_ids.grpc.message) << what;
    EXPECT_EQ(Replaced(taken_ids.grpc.json, words), unknown_ids.grpc.json) << what;
  }
}

// The same text for the same value: a Struct keeps its fields in no order.
std::string TextOf(const google::protobuf::Value& value) {
  if (value.has_list_value()) {
    std::string text = "[";
    for (const auto& item : value.list_value().values()) text += TextOf(item) + ",";
    return text + "]";
  }
  if (!value.has_struct_value()) return JsonOf(value);
  std::map<std::string, std::string> fields;
  for (const auto& [name, field] : value.struct_value().fields()) fields[name] = TextOf(field);
  std::string text = "{";
  for (const auto& [name, field] : fields) text += name + ":" + field + ",";
  return text + "}";
}

// The items of a page as text, and the token of the next one.
std::vector<std::string> ItemsOf(const std::string& json, std::string& next) {
  Struct page;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &page).ok());
  std::vector<std::string> items;
  for (const auto& [name, value] : page.fields()) {
    if (name == "nextPageToken") next = value.string_value();
    if (!value.has_list_value()) continue;
    for (const auto& item : value.list_value().values()) items.push_back(TextOf(item));
  }
  return items;
}

TEST_F(EveryCall, EveryListHasEachItemOnOnePageAndTakesNoForgedToken) {
  ASSERT_TRUE(SealAuditLog(db_.App(), payer_, db_.Clock().Now()).ok());
  int lists = 0;
  for (const Method& method : ServedMethods()) {
    const Descriptor& type = *method.route.method->input_type();
    const FieldDescriptor* const size = type.FindFieldByName("page_size");
    if (size == nullptr) continue;
    const std::string what = method.route.method->full_name();
    const std::string& token = tokens_[WidestRole(method.access)];
    const auto request = RequestFor(method, NameLike(method.pattern, KnownIds()));
    const auto page = [&](int items, const std::string& from) {
      request->GetReflection()->SetInt32(request.get(), size, items);
      SetText(*request, "page_token", from);
      return Call(method, *request, token);
    };
    const Outcome whole = page(1000, "");
    if (whole.grpc.code != 0) continue;  // of something that is not there
    std::string next;
    const std::vector<std::string> all = ItemsOf(whole.grpc.json, next);
    EXPECT_EQ(next, "") << what;
    std::vector<std::string> paged;
    std::string forged;
    for (std::size_t i = 0; i <= all.size(); ++i) {
      const testing::GrpcAnswer part = page(7, next).grpc;
      ASSERT_EQ(part.code, 0) << what << ": " << part.message;
      for (const std::string& item : ItemsOf(part.json, next)) paged.push_back(item);
      if (next.empty()) break;
      forged = next;
    }
    EXPECT_EQ(paged, all) << what;
    if (forged.empty()) continue;
    ++lists;
    char& middle = forged[forged.size() / 2];
    middle = middle == 'A' ? 'B' : 'A';
    EXPECT_EQ(page(7, forged).grpc.code, kInvalid) << what;
  }
  EXPECT_GT(lists, 2);
}

TEST_F(EveryCall, AtOnceWithOneIdThereIsOneUserAndOneAnswer) {
  const std::string token = tokens_[Role::kPayerAdmin];
  std::vector<testing::HttpAnswer> answers(4);
  std::vector<std::thread> threads;
  for (testing::HttpAnswer& answer : answers) {
    threads.emplace_back([&] {
      answer = Https("POST", fmt::format("/v1/{}/users", payer_name_), token,
                     R"({"user":{"signInName":"erin","displayName":"Erin"},
                         "requestId":"0195f3c2-0000-8000-8000-000000000900"})");
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const testing::HttpAnswer& answer : answers) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.body, answers.front().body);
  }
  EXPECT_EQ(CountEvents(AuditDecision::kAllowed, "sluice.ops.v1.UserService/CreateUser"), 1);
}

}  // namespace
}  // namespace sluice::api
