#include "api/openapi/openapi.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "api/contract/method_access.h"
#include "api/gateway/path_template.h"
#include "api/gateway/transcode.h"
#include "api/openapi/described.h"
#include "api/openapi/json_text.h"
#include "sluice/core/v1/annotations.pb.h"

namespace sluice::api {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

bool Behaves(const FieldDescriptor& field, core::v1::FieldBehavior behavior) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(core::v1::behavior); ++i) {
    if (options.GetExtension(core::v1::behavior, i) == behavior) return true;
  }
  return false;
}

// "Run" of sluice.payments.v1 is "payments.Run": short, and of one area.
std::string SchemaName(std::string name) {
  if (name.starts_with("sluice.")) name.erase(0, 7);
  if (const std::size_t version = name.find(".v1."); version != std::string::npos) {
    name.erase(version, 3);
  }
  return name;
}

// The members of a schema, so that a description may stand beside a reference.
using Schema = Json::Members;

Schema Reference(const std::string& name) {
  return {{"$ref", Json::Text("#/components/schemas/" + name)}};
}

Schema Typed(std::string_view type) { return {{"type", Json::Text(type)}}; }

Schema Typed(std::string_view type, std::string_view format) {
  return {{"type", Json::Text(type)}, {"format", Json::Text(format)}};
}

// The messages that JSON writes as one text; unset for others.
std::optional<Schema> TextTypeOf(const Descriptor& message) {
  static const std::map<std::string_view, std::string_view> kFormats = {
      {"google.protobuf.Timestamp", "date-time"},
      {"google.protobuf.Duration", "duration"},
      {"google.protobuf.FieldMask", "field-mask"}};
  const auto found = kFormats.find(message.full_name());
  if (found == kFormats.end()) return std::nullopt;
  return Typed("string", found->second);
}

// The path of a route with a parameter for each id, and the parameters' names.
struct PathText {
  std::string path;
  std::vector<std::string> parameters;
};

StatusOr<PathText> PathOf(const MethodRoute& route) {
  ASSIGN_OR_RETURN(const PathTemplate path, PathTemplate::Parse(route.path));
  PathText text;
  std::string collection;
  for (const TemplateSegment& segment : path.Segments()) {
    text.path += '/';
    if (segment.kind == TemplateSegment::Kind::kLiteral) {
      collection = segment.literal;
      text.path += segment.literal;
      continue;
    }
    std::string name = SingularOf(collection);
    if (segment.kind == TemplateSegment::Kind::kRest || name.empty() ||
        std::ranges::find(text.parameters, name) != text.parameters.end()) {
      return FailedPrecondition("{}: its path {} has an id without a name of its own",
                                route.method->full_name(), route.path);
    }
    text.path += '{' + name + '}';
    text.parameters.push_back(std::move(name));
  }
  if (!path.Verb().empty()) text.path += ':' + path.Verb();
  return text;
}

// Builds the document: paths in the order of the services, schemas by name.
class DocumentWriter {
 public:
  explicit DocumentWriter(const Descriptor& problem) : problem_(problem) { Need(problem); }

  Status Add(const ServiceDescriptor& service) {
    tags_.push_back(Json::Object(
        {{"name", Json::Text(service.name())}, {"description", Json::Text(CommentOf(service))}}));
    const ServiceDescriptor* const one = &service;
    ASSIGN_OR_RETURN(const std::vector<MethodRoute> routes, RoutesOfServices(std::span(&one, 1)));
    for (const MethodRoute& route : routes) RETURN_IF_ERROR(AddRoute(route));
    return OkStatus();
  }

  std::string Finish(std::string_view version) {
    Json::Members paths;
    for (const std::string& path : path_order_)
      paths.emplace_back(path, Json::Object(paths_[path]));
    Json::Members schemas;
    for (const auto& [name, schema] : schemas_) schemas.emplace_back(name, schema);
    const Json bearer =
        Json::Object({{"type", Json::Text("http")}, {"scheme", Json::Text("bearer")}});
    const Json cookie = Json::Object({{"type", Json::Text("apiKey")},
                                      {"in", Json::Text("cookie")},
                                      {"name", Json::Text("__Host-sluice")}});
    return Json::Object(
               {{"openapi", Json::Text("3.1.0")},
                {"info", Json::Object({{"title", Json::Text("Sluice")},
                                       {"version", Json::Text(version)},
                                       {"summary", Json::Text("Value-based payments, from who "
                                                              "belongs to whom to the money")}})},
                {"security", Json::List({Json::Object({{"bearer", Json::List({})}}),
                                         Json::Object({{"cookie", Json::List({})}})})},
                {"tags", Json::List(tags_)},
                {"paths", Json::Object(paths)},
                {"components",
                 Json::Object(
                     {{"securitySchemes", Json::Object({{"bearer", bearer}, {"cookie", cookie}})},
                      {"schemas", Json::Object(schemas)}})}})
        .Indented();
  }

 private:
  Status AddRoute(const MethodRoute& route) {
    ASSIGN_OR_RETURN(const PathText path, PathOf(route));
    ASSIGN_OR_RETURN(const PathTemplate parsed, PathTemplate::Parse(route.path));
    std::set<std::string> bound;
    for (const TemplateVariable& variable : parsed.Variables()) bound.insert(variable.field);

    std::vector<Json> parameters;
    for (const std::string& name : path.parameters) {
      parameters.push_back(Json::Object({{"name", Json::Text(name)},
                                         {"in", Json::Text("path")},
                                         {"required", Json::Flag(true)},
                                         {"schema", Json::Object(Typed("string"))}}));
    }
    if (route.body != "*") {
      AddQuery(*route.method->input_type(), "", bound, route.body, parameters);
    }
    Json::Members operation = {
        {"operationId", Json::Text(route.method->service()->name() + "_" + route.method->name())},
        {"tags", Json::List({Json::Text(route.method->service()->name())})},
        {"description", Json::Text(DescriptionOf(*route.method))},
        {"parameters", Json::List(parameters)}};
    if (!route.body.empty()) operation.emplace_back("requestBody", BodyOf(route, bound));
    operation.emplace_back("responses", ResponsesOf(*route.method));

    std::string method = route.http_method;
    std::ranges::transform(method, method.begin(),
                           [](char c) { return static_cast<char>(c - 'A' + 'a'); });
    if (!paths_.contains(path.path)) path_order_.push_back(path.path);
    paths_[path.path].emplace_back(method, Json::Object(operation));
    return OkStatus();
  }

  // What the call does, and the cell of the permission matrix that it needs.
  static std::string DescriptionOf(const MethodDescriptor& method) {
    std::string text = CommentOf(method);
    const StatusOr<MethodAccess> access = AccessOf(method);
    if (access.ok() && access->resource) {
      text += fmt::format(" Needs {} on \"{}\"{}.", VerbLetter(*access->verb),
                          ResourceName(*access->resource),
                          access->step_up ? ", and a sign-in less than five minutes old" : "");
    }
    return text;
  }

  // The fields of a request that neither the path nor the body says, down to plain values.
  void AddQuery(const Descriptor& message, const std::string& prefix,
                const std::set<std::string>& bound, const std::string& body,
                std::vector<Json>& parameters) {
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      if (prefix.empty() && (bound.contains(field.name()) || field.name() == body)) continue;
      const std::string name = prefix + field.json_name();
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
          !TextTypeOf(*field.message_type())) {
        if (!field.is_repeated()) {
          AddQuery(*field.message_type(), name + ".", bound, body, parameters);
        }
        continue;
      }
      Json::Members parameter = {{"name", Json::Text(name)}, {"in", Json::Text("query")}};
      if (Behaves(field, core::v1::FIELD_BEHAVIOR_REQUIRED) && prefix.empty()) {
        parameter.emplace_back("required", Json::Flag(true));
      }
      parameter.emplace_back("description", Json::Text(CommentOf(field)));
      parameter.emplace_back("schema", Json::Object(TypeOf(field)));
      parameters.push_back(Json::Object(parameter));
    }
  }

  Json BodyOf(const MethodRoute& route, const std::set<std::string>& bound) {
    const Descriptor& request = *route.method->input_type();
    const Schema schema = route.body == "*"
                              ? ObjectOf(request, bound)
                              : MessageType(*request.FindFieldByName(route.body)->message_type());
    return Json::Object(
        {{"required", Json::Flag(true)}, {"content", ContentOf("application/json", schema)}});
  }

  Json ResponsesOf(const MethodDescriptor& method) {
    const Descriptor& answer = *method.output_type();
    const Json content = method.server_streaming()
                             ? ContentOf("text/event-stream", MessageType(answer))
                             : ContentOf("application/json", MessageType(answer));
    const Json problem =
        Json::Object({{"description", Json::Text("What went wrong; branch on its reason.")},
                      {"content", ContentOf("application/problem+json", MessageType(problem_))}});
    return Json::Object({{"200", Json::Object({{"description", Json::Text(CommentOf(answer))},
                                               {"content", content}})},
                         {"default", problem}});
  }

  static Json ContentOf(const std::string& type, const Schema& schema) {
    return Json::Object({{type, Json::Object({{"schema", Json::Object(schema)}})}});
  }

  Schema MessageType(const Descriptor& message) {
    if (const std::optional<Schema> text = TextTypeOf(message)) return *text;
    if (message.full_name() == "google.protobuf.Any") {
      return {{"type", Json::Text("object")},
              {"properties", Json::Object({{"@type", Json::Object(Typed("string"))}})}};
    }
    Need(message);
    return Reference(SchemaName(message.full_name()));
  }

  // The schema of one value of the field.
  Schema ValueType(const FieldDescriptor& field) {
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL:
        return Typed("boolean");
      case FieldDescriptor::CPPTYPE_INT32:
      case FieldDescriptor::CPPTYPE_UINT32:
        return Typed("integer", "int32");
      case FieldDescriptor::CPPTYPE_INT64:
      case FieldDescriptor::CPPTYPE_UINT64:
        return Typed("string", "int64");
      case FieldDescriptor::CPPTYPE_ENUM:
        Need(*field.enum_type());
        return Reference(SchemaName(field.enum_type()->full_name()));
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return MessageType(*field.message_type());
      case FieldDescriptor::CPPTYPE_STRING:
        break;
      case FieldDescriptor::CPPTYPE_DOUBLE:
      case FieldDescriptor::CPPTYPE_FLOAT:
        return Typed("number");
    }
    if (field.type() != FieldDescriptor::TYPE_BYTES) return Typed("string");
    return {{"type", Json::Text("string")}, {"contentEncoding", Json::Text("base64")}};
  }

  Schema TypeOf(const FieldDescriptor& field) {
    if (field.is_map()) {
      return {
          {"type", Json::Text("object")},
          {"additionalProperties", Json::Object(ValueType(*field.message_type()->map_value()))}};
    }
    if (!field.is_repeated()) return ValueType(field);
    return {{"type", Json::Text("array")}, {"items", Json::Object(ValueType(field))}};
  }

  // The schema of a message as an object, without some of its fields.
  Schema ObjectOf(const Descriptor& message, const std::set<std::string>& without) {
    Json::Members properties;
    std::vector<Json> required;
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      if (without.contains(field.name())) continue;
      Schema property = TypeOf(field);
      const std::string comment = CommentOf(field);
      if (!comment.empty()) property.emplace_back("description", Json::Text(comment));
      if (Behaves(field, core::v1::FIELD_BEHAVIOR_OUTPUT_ONLY)) {
        property.emplace_back("readOnly", Json::Flag(true));
      }
      if (Behaves(field, core::v1::FIELD_BEHAVIOR_INPUT_ONLY)) {
        property.emplace_back("writeOnly", Json::Flag(true));
      }
      properties.emplace_back(field.json_name(), Json::Object(property));
      if (Behaves(field, core::v1::FIELD_BEHAVIOR_REQUIRED)) {
        required.push_back(Json::Text(field.json_name()));
      }
    }
    Schema schema = Typed("object");
    const std::string comment = CommentOf(message);
    if (!comment.empty()) schema.emplace_back("description", Json::Text(comment));
    schema.emplace_back("properties", Json::Object(properties));
    if (!required.empty()) schema.emplace_back("required", Json::List(required));
    return schema;
  }

  void Need(const Descriptor& message) {
    const std::string name = SchemaName(message.full_name());
    // Marked first: a message may hold its own kind.
    if (schemas_.emplace(name, Json::Flag(true)).second) {
      schemas_.insert_or_assign(name, Json::Object(ObjectOf(message, {})));
    }
  }

  void Need(const EnumDescriptor& values) {
    std::vector<Json> names;
    std::string text = CommentOf(values);
    for (int i = 0; i < values.value_count(); ++i) {
      names.push_back(Json::Text(values.value(i)->name()));
      text += fmt::format("\n{}: {}", values.value(i)->name(), CommentOf(*values.value(i)));
    }
    schemas_.insert_or_assign(SchemaName(values.full_name()),
                              Json::Object({{"type", Json::Text("string")},
                                            {"description", Json::Text(text)},
                                            {"enum", Json::List(names)}}));
  }

  const Descriptor& problem_;
  std::vector<Json> tags_;
  std::vector<std::string> path_order_;
  std::map<std::string, Json::Members> paths_;
  std::map<std::string, Json> schemas_;
};

}  // namespace

StatusOr<std::string> OpenApiOf(std::span<const ServiceDescriptor* const> services,
                                std::string_view version) {
  if (services.empty()) return FailedPrecondition("there is no service");
  const Descriptor* const problem =
      services.front()->file()->pool()->FindMessageTypeByName("sluice.core.v1.Problem");
  if (problem == nullptr) return FailedPrecondition("the contract lacks sluice.core.v1.Problem");
  DocumentWriter writer(*problem);
  for (const ServiceDescriptor* const service : services) RETURN_IF_ERROR(writer.Add(*service));
  return writer.Finish(version);
}

std::string SingularOf(std::string_view collection) {
  if (collection.ends_with("ies")) {
    return std::string(collection.substr(0, collection.size() - 3)) + "y";
  }
  for (const std::string_view ending : {"sses", "ches", "xes"}) {
    if (collection.ends_with(ending)) {
      return std::string(collection.substr(0, collection.size() - 2));
    }
  }
  return std::string(collection.substr(0, collection.size() - (collection.ends_with('s') ? 1 : 0)));
}

}  // namespace sluice::api
