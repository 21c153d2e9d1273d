// Terms to and from a plain tree, by reflection over the published message.
#include <charconv>
#include <string>

#include "core/check.h"
#include "performance/terms_message.h"
#include "performance/terms_tree.h"
#include "performance/terms_validate.h"

namespace sluice::performance {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// --- Message to tree ----------------------------------------------------------------------------

TermNode NodeOf(const Message& message);

TermNode Leaf(TermKind kind, std::string type, std::string value) {
  return {.kind = kind, .type = std::move(type), .value = std::move(value)};
}

// The value of a field, or with `index` of an element of a repeated one.
TermNode ReadValue(const Message& message, const FieldDescriptor& field, std::optional<int> index) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return NodeOf(index ? reflection.GetRepeatedMessage(message, &field, *index)
                          : reflection.GetMessage(message, &field));
    case FieldDescriptor::CPPTYPE_STRING:
      CHECK(field.type() == FieldDescriptor::TYPE_STRING);
      return Leaf(TermKind::kText, "",
                  index ? reflection.GetRepeatedString(message, &field, *index)
                        : reflection.GetString(message, &field));
    case FieldDescriptor::CPPTYPE_BOOL: {
      const bool flag = index ? reflection.GetRepeatedBool(message, &field, *index)
                              : reflection.GetBool(message, &field);
      return Leaf(TermKind::kFlag, "", flag ? "true" : "false");
    }
    case FieldDescriptor::CPPTYPE_INT32:
      return Leaf(TermKind::kNumber, "",
                  std::to_string(index ? reflection.GetRepeatedInt32(message, &field, *index)
                                       : reflection.GetInt32(message, &field)));
    case FieldDescriptor::CPPTYPE_INT64:
      return Leaf(TermKind::kNumber, "",
                  std::to_string(index ? reflection.GetRepeatedInt64(message, &field, *index)
                                       : reflection.GetInt64(message, &field)));
    case FieldDescriptor::CPPTYPE_ENUM: {
      const EnumValueDescriptor* value = index ? reflection.GetRepeatedEnum(message, &field, *index)
                                               : reflection.GetEnum(message, &field);
      return Leaf(TermKind::kChoice, field.enum_type()->name(), value->name());
    }
    default:
      // The published schema has no other type: no floating point, no unsigned, no bytes.
      CHECK(false);
  }
}

TermNode NodeOf(const Message& message) {
  const google::protobuf::Descriptor& descriptor = *message.GetDescriptor();
  const Reflection& reflection = *message.GetReflection();
  TermNode node{.kind = TermKind::kMessage, .type = descriptor.name()};
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    TermNode child;
    if (field.is_repeated()) {
      const bool messages = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
      child = {.kind = TermKind::kList, .type = messages ? field.message_type()->name() : ""};
      for (int at = 0; at < reflection.FieldSize(message, &field); ++at) {
        child.children.push_back(ReadValue(message, field, at));
      }
    } else if (!field.has_presence() || reflection.HasField(message, &field)) {
      child = ReadValue(message, field, std::nullopt);
    } else {
      continue;
    }
    child.name = field.name();
    child.order = i;
    child.alternative = field.real_containing_oneof() != nullptr;
    node.children.push_back(std::move(child));
  }
  return node;
}

// --- Tree to message ----------------------------------------------------------------------------

Status FillMessage(const TermNode& node, Message& message);

template <typename Number>
StatusOr<Number> ParseNumber(const std::string& text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return InvalidArgument("'{}' is no whole number, or too large", text);
  }
  return value;
}

Status WriteEnum(const TermNode& node, const FieldDescriptor& field, bool add, Message& message) {
  const Reflection& reflection = *message.GetReflection();
  const EnumValueDescriptor* value = field.enum_type()->FindValueByName(node.value);
  if (value == nullptr) {
    return InvalidArgument("'{}' is no {}", node.value, field.enum_type()->name());
  }
  add ? reflection.AddEnum(&message, &field, value) : reflection.SetEnum(&message, &field, value);
  return OkStatus();
}

Status WriteValue(const TermNode& node, const FieldDescriptor& field, bool add, Message& message) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return FillMessage(node, add ? *reflection.AddMessage(&message, &field)
                                   : *reflection.MutableMessage(&message, &field));
    case FieldDescriptor::CPPTYPE_STRING:
      add ? reflection.AddString(&message, &field, node.value)
          : reflection.SetString(&message, &field, node.value);
      return OkStatus();
    case FieldDescriptor::CPPTYPE_BOOL: {
      if (node.value != "true" && node.value != "false") {
        return InvalidArgument("'{}' is neither true nor false", node.value);
      }
      const bool flag = node.value == "true";
      add ? reflection.AddBool(&message, &field, flag) : reflection.SetBool(&message, &field, flag);
      return OkStatus();
    }
    case FieldDescriptor::CPPTYPE_INT32: {
      ASSIGN_OR_RETURN(const auto value, ParseNumber<std::int32_t>(node.value));
      add ? reflection.AddInt32(&message, &field, value)
          : reflection.SetInt32(&message, &field, value);
      return OkStatus();
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      ASSIGN_OR_RETURN(const auto value, ParseNumber<std::int64_t>(node.value));
      add ? reflection.AddInt64(&message, &field, value)
          : reflection.SetInt64(&message, &field, value);
      return OkStatus();
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      return WriteEnum(node, field, add, message);
    default:
      CHECK(false);
  }
}

Status FillMessage(const TermNode& node, Message& message) {
  if (node.kind != TermKind::kMessage) return InvalidArgument("a value stands for a message");
  const google::protobuf::Descriptor& descriptor = *message.GetDescriptor();
  for (const TermNode& child : node.children) {
    const FieldDescriptor* field = descriptor.FindFieldByName(child.name);
    if (field == nullptr) {
      return InvalidArgument("{} has no field '{}'", descriptor.name(), child.name);
    }
    const bool list = child.kind == TermKind::kList;
    const bool is_message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (list != field->is_repeated() ||
        (!list && is_message != (child.kind == TermKind::kMessage))) {
      return InvalidArgument("'{}' is of another kind", child.name);
    }
    if (!list) {
      RETURN_IF_ERROR(Annotate(WriteValue(child, *field, false, message), child.name));
      continue;
    }
    for (const TermNode& element : child.children) {
      RETURN_IF_ERROR(Annotate(WriteValue(element, *field, true, message), child.name));
    }
  }
  return OkStatus();
}

}  // namespace

TermNode TermsToTree(const Terms& terms) { return NodeOf(ToMessage(terms)); }

StatusOr<Terms> TermsFromTree(const TermNode& tree) {
  proto::Terms message;
  RETURN_IF_ERROR(FillMessage(tree, message));
  ASSIGN_OR_RETURN(Terms terms, FromMessage(message));
  RETURN_IF_ERROR(ValidateTerms(terms));
  return terms;
}

}  // namespace sluice::performance
