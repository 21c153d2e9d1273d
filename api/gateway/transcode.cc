#include "api/gateway/transcode.h"

#include <google/api/annotations.pb.h>
#include <google/protobuf/reflection.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "core/check.h"
#include "core/utf8.h"

namespace sluice::api {

namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using google::protobuf::Reflection;
using google::protobuf::ServiceDescriptor;

constexpr std::size_t kLongestQuery = 8192;
constexpr std::size_t kMostParameters = 100;

// In either spelling. Null when the message has no such field.
const FieldDescriptor* FindField(const Descriptor& message, std::string_view name) {
  const std::string text(name);
  if (const FieldDescriptor* const field = message.FindFieldByName(text)) return field;
  for (int i = 0; i < message.field_count(); ++i) {
    if (message.field(i)->json_name() == text) return message.field(i);
  }
  return nullptr;
}

// The fields along a dotted path; empty when there is no such path.
std::vector<const FieldDescriptor*> FindPath(const Descriptor& message, std::string_view path) {
  std::vector<const FieldDescriptor*> fields;
  const Descriptor* at = &message;
  while (at != nullptr) {
    const std::size_t dot = path.find('.');
    const FieldDescriptor* const field = FindField(*at, path.substr(0, dot));
    if (field == nullptr) return {};
    fields.push_back(field);
    if (dot == std::string_view::npos) return fields;
    if (field->is_repeated()) return {};
    path.remove_prefix(dot + 1);
    at = field->message_type();  // null for a field that is no message
  }
  return {};
}

// The path in its one spelling.
std::string PathText(std::span<const FieldDescriptor* const> fields) {
  std::string text;
  for (const FieldDescriptor* const field : fields) {
    if (!text.empty()) text += '.';
    text += field->name();
  }
  return text;
}

template <typename Number>
std::optional<Number> ParseNumber(std::string_view text) {
  Number number{};
  const auto [rest, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return number;
}

// The messages that JSON writes as one text.
bool IsTextMessage(const Descriptor& message) {
  static const std::set<std::string_view> kNames = {
      "google.protobuf.Timestamp", "google.protobuf.Duration", "google.protobuf.FieldMask"};
  return kNames.contains(message.full_name());
}

bool SetTextMessage(Message& message, std::string_view text) {
  const bool plain = std::ranges::none_of(
      text, [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; });
  return plain &&
         google::protobuf::util::JsonStringToMessage(fmt::format("\"{}\"", text), &message).ok();
}

bool SetEnum(Message& message, const FieldDescriptor& field, std::string_view text) {
  const auto* const value = field.enum_type()->FindValueByName(std::string(text));
  if (value == nullptr) return false;
  const Reflection& reflection = *message.GetReflection();
  if (field.is_repeated()) {
    reflection.AddEnum(&message, &field, value);
  } else {
    reflection.SetEnum(&message, &field, value);
  }
  return true;
}

// Sets or adds a value; false when there is none.
template <typename Value, typename Set, typename Add>
bool Put(Message& message, const FieldDescriptor& field, const std::optional<Value>& value, Set set,
         Add add) {
  if (!value) return false;
  const Reflection& reflection = *message.GetReflection();
  if (field.is_repeated()) {
    (reflection.*add)(&message, &field, *value);
  } else {
    (reflection.*set)(&message, &field, *value);
  }
  return true;
}

std::optional<bool> ParseFlag(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

// False when the text is no value of the field's type. Bytes and numbers with fractions do not
// stand in a path or a query.
bool SetFromText(Message& message, const FieldDescriptor& field, std::string_view text) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      if (field.type() == FieldDescriptor::TYPE_BYTES || !IsUtf8(text)) return false;
      if (field.is_repeated()) {
        reflection.AddString(&message, &field, std::string(text));
      } else {
        reflection.SetString(&message, &field, std::string(text));
      }
      return true;
    }
    case FieldDescriptor::CPPTYPE_INT32:
      return Put(message, field, ParseNumber<std::int32_t>(text), &Reflection::SetInt32,
                 &Reflection::AddInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return Put(message, field, ParseNumber<std::int64_t>(text), &Reflection::SetInt64,
                 &Reflection::AddInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return Put(message, field, ParseNumber<std::uint32_t>(text), &Reflection::SetUInt32,
                 &Reflection::AddUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return Put(message, field, ParseNumber<std::uint64_t>(text), &Reflection::SetUInt64,
                 &Reflection::AddUInt64);
    case FieldDescriptor::CPPTYPE_BOOL:
      return Put(message, field, ParseFlag(text), &Reflection::SetBool, &Reflection::AddBool);
    case FieldDescriptor::CPPTYPE_ENUM:
      return SetEnum(message, field, text);
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      if (!IsTextMessage(*field.message_type())) return false;
      Message& child = field.is_repeated() ? *reflection.AddMessage(&message, &field)
                                           : *reflection.MutableMessage(&message, &field);
      return SetTextMessage(child, text);
    }
    default:
      return false;
  }
}

// The message that holds the last field of a path, made where it is not there yet.
Message& HolderOf(Message& message, std::span<const FieldDescriptor* const> fields) {
  Message* at = &message;
  for (const FieldDescriptor* const field : fields.first(fields.size() - 1)) {
    at = at->GetReflection()->MutableMessage(at, field);
  }
  return *at;
}

std::optional<std::string> DecodeQuery(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      int byte = 0;
      if (i + 2 >= text.size()) return std::nullopt;
      const auto [rest, fault] =
          std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16);
      if (fault != std::errc() || rest != text.data() + i + 3) return std::nullopt;
      decoded += static_cast<char>(byte);
      i += 2;
    }
  }
  if (!IsUtf8(decoded) || decoded.find('\0') != std::string::npos) return std::nullopt;
  return decoded;
}

// Sets the fields of query parameters, none of which the path or the body speaks of.
class QueryReader {
 public:
  QueryReader(const MethodRoute& route, const HttpRequest& http, Message& request)
      : route_(route), http_(http), request_(request) {}

  Status Read() {
    if (http_.query.empty()) return OkStatus();
    if (route_.body == "*") {
      return InvalidArgument("this call takes its fields in the body; it has no query parameters");
    }
    if (http_.query.size() > kLongestQuery) {
      return InvalidArgument("the query has {} bytes; {} is the most", http_.query.size(),
                             kLongestQuery);
    }
    std::size_t count = 0;
    for (std::size_t at = 0; at <= http_.query.size();) {
      const std::size_t end = std::min(http_.query.find('&', at), http_.query.size());
      if (++count > kMostParameters) {
        return InvalidArgument("the query has more than {} parameters", kMostParameters);
      }
      if (end > at) RETURN_IF_ERROR(ReadParameter(http_.query.substr(at, end - at)));
      at = end + 1;
    }
    return OkStatus();
  }

 private:
  Status ReadParameter(std::string_view parameter) {
    const std::size_t sign = std::min(parameter.find('='), parameter.size());
    const std::optional<std::string> name = DecodeQuery(parameter.substr(0, sign));
    const std::optional<std::string> value =
        DecodeQuery(sign < parameter.size() ? parameter.substr(sign + 1) : std::string_view());
    if (!name || !value) return InvalidArgument("the query is not percent-encoded UTF-8");
    const auto fields = FindPath(*request_.GetDescriptor(), *name);
    if (fields.empty()) {
      return InvalidArgument("the query has a parameter that is no field of {}",
                             request_.GetDescriptor()->name());
    }
    const std::string path = PathText(fields);
    const bool in_path =
        std::ranges::find(http_.bindings, path, &PathBinding::field) != http_.bindings.end();
    if (in_path || fields.front()->name() == route_.body) {
      return InvalidArgument("{} stands in the {}, and again in the query", path,
                             in_path ? "path" : "body");
    }
    const bool is_new = seen_.insert(path).second;
    if (!is_new && !fields.back()->is_repeated()) {
      return InvalidArgument("{} stands in the query twice", path);
    }
    if (!SetFromText(HolderOf(request_, fields), *fields.back(), *value)) {
      return InvalidArgument("{} has a value that does not fit its type", path);
    }
    return OkStatus();
  }

  const MethodRoute& route_;
  const HttpRequest& http_;
  Message& request_;
  std::set<std::string> seen_;
};

// What json_util says of a fault, without anything that the caller sent: the path that it puts in
// front, where that is one of the message.
std::string PathOfFault(std::string_view message, const Descriptor& descriptor) {
  const std::size_t open = message.find('(');
  const std::size_t close = message.find(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  std::string path;
  bool in_index = false;
  for (const char c : message.substr(open + 1, close - open - 1)) {
    in_index = c == '[' || (in_index && c != ']');
    if (!in_index && c != ']') path += c;
  }
  std::vector<const FieldDescriptor*> fields;
  const Descriptor* at = &descriptor;
  for (std::size_t begin = 0; begin <= path.size() && at != nullptr;) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    const FieldDescriptor* const field = FindField(*at, path.substr(begin, end - begin));
    if (field == nullptr) break;
    fields.push_back(field);
    at = field->message_type();
    begin = end + 1;
  }
  return PathText(fields);
}

Status ReadBody(const MethodRoute& route, std::string_view body, Message& request) {
  if (route.body.empty()) {
    return body.empty() ? OkStatus() : InvalidArgument("this call has no body");
  }
  if (body.empty()) return OkStatus();  // what is missing is found by its field
  if (!IsUtf8(body)) return InvalidArgument("the body is not UTF-8");
  Message* target = &request;
  if (route.body != "*") {
    const FieldDescriptor* const field = request.GetDescriptor()->FindFieldByName(route.body);
    target = request.GetReflection()->MutableMessage(&request, field);
  }
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = false;
  const auto parsed = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(body.data(), body.size()), target, options);
  if (parsed.ok()) return OkStatus();
  const std::string path =
      PathOfFault({parsed.message().data(), parsed.message().size()}, *target->GetDescriptor());
  return InvalidArgument("the body is not the JSON of {}{}", target->GetDescriptor()->name(),
                         path.empty() ? "" : ": look at " + path);
}

Status BindPath(const HttpRequest& http, Message& request) {
  for (const PathBinding& binding : http.bindings) {
    const auto fields = FindPath(*request.GetDescriptor(), binding.field);
    CHECK(!fields.empty());  // RoutesOfServices saw to it
    Message& holder = HolderOf(request, fields);
    const FieldDescriptor& field = *fields.back();
    const Reflection& reflection = *holder.GetReflection();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      const std::string said = reflection.GetString(holder, &field);
      if (!said.empty() && said != binding.value) {
        return InvalidArgument("{} in the body is not the one in the path", binding.field);
      }
    }
    if (!SetFromText(holder, field, binding.value)) {
      return InvalidArgument("{} in the path does not fit its type", binding.field);
    }
  }
  return OkStatus();
}

// The route of one rule of a method.
StatusOr<MethodRoute> RouteOf(const MethodDescriptor& method, const google::api::HttpRule& rule) {
  MethodRoute route{.method = &method, .http_method = {}, .path = {}, .body = rule.body()};
  switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet:
      route.http_method = "GET";
      route.path = rule.get();
      break;
    case google::api::HttpRule::kPut:
      route.http_method = "PUT";
      route.path = rule.put();
      break;
    case google::api::HttpRule::kPost:
      route.http_method = "POST";
      route.path = rule.post();
      break;
    case google::api::HttpRule::kDelete:
      route.http_method = "DELETE";
      route.path = rule.delete_();
      break;
    case google::api::HttpRule::kPatch:
      route.http_method = "PATCH";
      route.path = rule.patch();
      break;
    default:
      return FailedPrecondition("{} has no HTTP route", method.full_name());
  }
  const StatusOr<PathTemplate> path = PathTemplate::Parse(route.path);
  if (!path.ok()) return Annotate(path.status(), method.full_name());
  for (const TemplateVariable& variable : path->Variables()) {
    const auto fields = FindPath(*method.input_type(), variable.field);
    if (fields.empty() || fields.back()->is_repeated()) {
      return FailedPrecondition("{}: the path binds {}, which is no field of {}",
                                method.full_name(), variable.field, method.input_type()->name());
    }
  }
  if (route.body.empty() || route.body == "*") return route;
  const FieldDescriptor* const body = method.input_type()->FindFieldByName(route.body);
  if (body == nullptr || body->message_type() == nullptr || body->is_repeated()) {
    return FailedPrecondition("{}: the body {} is no message in {}", method.full_name(), route.body,
                              method.input_type()->name());
  }
  return route;
}

Status AddRoutesOf(const MethodDescriptor& method, std::vector<MethodRoute>& routes) {
  const google::api::HttpRule& rule = method.options().GetExtension(google::api::http);
  ASSIGN_OR_RETURN(MethodRoute first, RouteOf(method, rule));
  routes.push_back(std::move(first));
  for (const google::api::HttpRule& more : rule.additional_bindings()) {
    ASSIGN_OR_RETURN(MethodRoute route, RouteOf(method, more));
    routes.push_back(std::move(route));
  }
  return OkStatus();
}

// Null when neither the request nor its body has the field.
Message* HolderOfHeader(const MethodRoute& route, const char* name, Message& request) {
  if (request.GetDescriptor()->FindFieldByName(name) != nullptr) return &request;
  if (route.body.empty() || route.body == "*") return nullptr;
  const FieldDescriptor* const body = request.GetDescriptor()->FindFieldByName(route.body);
  if (body->message_type()->FindFieldByName(name) == nullptr) return nullptr;
  return request.GetReflection()->MutableMessage(&request, body);
}

Status TakeHeader(const MethodRoute& route, const char* name, const char* header,
                  const std::string& value, Message& request) {
  if (value.empty()) return OkStatus();
  Message* const holder = HolderOfHeader(route, name, request);
  if (holder == nullptr) return InvalidArgument("this call takes no {}", header);
  if (!IsUtf8(value)) return InvalidArgument("{} is not UTF-8", header);
  const FieldDescriptor* const field = holder->GetDescriptor()->FindFieldByName(name);
  const std::string said = holder->GetReflection()->GetString(*holder, field);
  if (!said.empty() && said != value) {
    return InvalidArgument("{} and the field {} differ; send one of them", header, name);
  }
  holder->GetReflection()->SetString(holder, field, value);
  return OkStatus();
}

}  // namespace

StatusOr<std::vector<MethodRoute>> RoutesOfServices(
    std::span<const ServiceDescriptor* const> services) {
  std::vector<MethodRoute> routes;
  for (const ServiceDescriptor* const service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      RETURN_IF_ERROR(AddRoutesOf(*service->method(i), routes));
    }
  }
  return routes;
}

StatusOr<Routes> BuildRoutes(std::span<const MethodRoute> routes) {
  Routes result;
  for (std::size_t i = 0; i < routes.size(); ++i) {
    ASSIGN_OR_RETURN(const PathTemplate path, PathTemplate::Parse(routes[i].path));
    RETURN_IF_ERROR(result.Add(routes[i].http_method, path, static_cast<std::int64_t>(i)));
  }
  return result;
}

Status ReadRequest(const MethodRoute& route, const HttpRequest& http, Message& request) {
  RETURN_IF_ERROR(ReadBody(route, http.body, request));
  RETURN_IF_ERROR(BindPath(http, request));
  return QueryReader(route, http, request).Read();
}

Status TakeHeaders(const MethodRoute& route, const CallHeaders& headers, Message& request) {
  RETURN_IF_ERROR(
      TakeHeader(route, "request_id", "Idempotency-Key", headers.idempotency_key, request));
  return TakeHeader(route, "etag", "If-Match", headers.if_match, request);
}

StatusOr<std::string> WriteJson(const Message& answer) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(answer, &json, options).ok()) {
    return Internal("the answer {} cannot be written as JSON", answer.GetDescriptor()->full_name());
  }
  return json;
}

}  // namespace sluice::api
