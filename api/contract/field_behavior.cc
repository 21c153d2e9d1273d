#include "api/contract/field_behavior.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/reflection.h>

#include <functional>
#include <map>
#include <memory>

#include "sluice/core/v1/annotations.pb.h"

namespace sluice::api {

namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using sluice::core::v1::FieldBehavior;

bool Behaves(const FieldDescriptor& field, FieldBehavior behavior) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(sluice::core::v1::behavior); ++i) {
    if (options.GetExtension(sluice::core::v1::behavior, i) == behavior) return true;
  }
  return false;
}

bool IsSet(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  if (field.is_repeated()) return reflection.FieldSize(message, &field) > 0;
  return reflection.HasField(message, &field);
}

// Calls `visit` for each message that stands in a field, with its path.
void ForEachChild(Message& message, const FieldDescriptor& field, const std::string& path,
                  const std::function<void(Message&, const std::string&)>& visit) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return;
  const Reflection& reflection = *message.GetReflection();
  if (!field.is_repeated()) {
    if (reflection.HasField(message, &field)) {
      visit(*reflection.MutableMessage(&message, &field), path);
    }
    return;
  }
  const int size = reflection.FieldSize(message, &field);
  for (int i = 0; i < size; ++i) {
    visit(*reflection.MutableRepeatedMessage(&message, &field, i),
          path + "[" + std::to_string(i) + "]");
  }
}

void Clear(Message& message, FieldBehavior behavior) {
  const Descriptor& descriptor = *message.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (Behaves(field, behavior)) {
      message.GetReflection()->ClearField(&message, &field);
    } else {
      ForEachChild(message, field, "",
                   [&](Message& child, const std::string&) { Clear(child, behavior); });
    }
  }
}

// Nothing is changed: children are only reached through the same walk.
void CollectMissing(Message& message, const std::string& prefix,
                    std::vector<std::string>& missing) {
  const Descriptor& descriptor = *message.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    const std::string path = prefix.empty() ? field.name() : prefix + "." + field.name();
    if (Behaves(field, sluice::core::v1::FIELD_BEHAVIOR_REQUIRED) && !IsSet(message, field)) {
      missing.push_back(path);
    }
    ForEachChild(message, field, path, [&](Message& child, const std::string& child_path) {
      CollectMissing(child, child_path, missing);
    });
  }
}

}  // namespace

std::vector<std::string> MissingFields(const Message& request) {
  std::unique_ptr<Message> copy(request.New());
  copy->CopyFrom(request);
  std::vector<std::string> missing;
  CollectMissing(*copy, "", missing);
  return missing;
}

void ClearOutputOnly(Message& request, std::string_view naming) {
  const std::size_t dot = naming.find('.');
  const FieldDescriptor* const thing =
      dot == std::string_view::npos
          ? nullptr
          : request.GetDescriptor()->FindFieldByName(std::string(naming.substr(0, dot)));
  if (thing == nullptr || !request.GetReflection()->HasField(request, thing)) {
    Clear(request, sluice::core::v1::FIELD_BEHAVIOR_OUTPUT_ONLY);
    return;
  }
  Message& inner = *request.GetReflection()->MutableMessage(&request, thing);
  std::map<const FieldDescriptor*, std::string> kept;
  for (const std::string& name : {std::string(naming.substr(dot + 1)), std::string("etag")}) {
    const FieldDescriptor* const field = inner.GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) kept[field] = inner.GetReflection()->GetString(inner, field);
  }
  Clear(request, sluice::core::v1::FIELD_BEHAVIOR_OUTPUT_ONLY);
  for (const auto& [field, text] : kept) inner.GetReflection()->SetString(&inner, field, text);
}

void ClearInputOnly(Message& answer) { Clear(answer, sluice::core::v1::FIELD_BEHAVIOR_INPUT_ONLY); }

}  // namespace sluice::api
