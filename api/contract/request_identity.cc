#include "api/contract/request_identity.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/reflection.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <memory>

#include "api/contract/field_behavior.h"
#include "core/check.h"

namespace sluice::api {

namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr std::size_t kMostDifferences = 20;

std::unique_ptr<Message> WithoutId(const Message& request) {
  std::unique_ptr<Message> copy(request.New());
  copy->CopyFrom(request);
  copy->DiscardUnknownFields();
  const FieldDescriptor* const id = copy->GetDescriptor()->FindFieldByName("request_id");
  if (id != nullptr) copy->GetReflection()->ClearField(copy.get(), id);
  return copy;
}

// Maps in the order of their keys: the only freedom that the binary form has.
std::string Serialize(const Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    CHECK(message.SerializeToCodedStream(&coded));
  }
  return bytes;
}

// The value of a field as text; empty when it is not set.
std::string TextOf(const Message& message, const FieldDescriptor& field, int index) {
  std::string text;
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.PrintFieldValueToString(message, &field, index, &text);
  return text;
}

class RequestComparison {
 public:
  std::vector<std::string> Take() && { return std::move(found_); }

  void Compare(const Message& stored, const Message& sent, const std::string& prefix) {
    const Descriptor& descriptor = *sent.GetDescriptor();
    for (int i = 0; i < descriptor.field_count(); ++i) {
      const FieldDescriptor& field = *descriptor.field(i);
      const std::string path = prefix.empty() ? field.name() : prefix + "." + field.name();
      if (field.is_repeated()) {
        CompareList(stored, sent, field, path);
      } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        CompareMessage(stored, sent, field, path);
      } else {
        Note(path, TextOf(stored, field, -1), TextOf(sent, field, -1));
      }
    }
  }

 private:
  void Note(const std::string& path, const std::string& stored, const std::string& sent) {
    if (stored == sent || found_.size() >= kMostDifferences) return;
    found_.push_back(fmt::format("{} stored {}, sent {}", path, stored, sent));
  }

  void CompareMessage(const Message& stored, const Message& sent, const FieldDescriptor& field,
                      const std::string& path) {
    const bool before = stored.GetReflection()->HasField(stored, &field);
    const bool now = sent.GetReflection()->HasField(sent, &field);
    if (before != now) {
      Note(path, before ? "something" : "nothing", now ? "something" : "nothing");
    } else if (now) {
      Compare(stored.GetReflection()->GetMessage(stored, &field),
              sent.GetReflection()->GetMessage(sent, &field), path);
    }
  }

  void CompareList(const Message& stored, const Message& sent, const FieldDescriptor& field,
                   const std::string& path) {
    const int before = stored.GetReflection()->FieldSize(stored, &field);
    const int now = sent.GetReflection()->FieldSize(sent, &field);
    if (before != now) {
      Note(path, fmt::format("{} of them", before), fmt::format("{} of them", now));
      return;
    }
    for (int i = 0; i < now; ++i) {
      const std::string at = fmt::format("{}[{}]", path, i);
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field.is_map()) {
        Compare(stored.GetReflection()->GetRepeatedMessage(stored, &field, i),
                sent.GetReflection()->GetRepeatedMessage(sent, &field, i), at);
      } else {
        Note(at, TextOf(stored, field, i), TextOf(sent, field, i));
      }
    }
  }

  std::vector<std::string> found_;
};

}  // namespace

Digest RequestHash(const SecretKey& key, const Message& request) {
  CanonicalWriter writer("sluice.request.v1");
  writer.Text(request.GetDescriptor()->full_name()).Text(Serialize(*WithoutId(request)));
  return HmacSha256(ByteView(key.Reveal()), writer.Data());
}

std::string KeptRequest(const Message& request) {
  const std::unique_ptr<Message> copy = WithoutId(request);
  ClearInputOnly(*copy);
  return Serialize(*copy);
}

std::vector<std::string> DifferingFields(const std::string& kept, const Message& sent) {
  const std::unique_ptr<Message> stored(sent.New());
  CHECK(stored->ParseFromString(kept));
  const std::unique_ptr<Message> now = WithoutId(sent);
  ClearInputOnly(*now);
  RequestComparison comparison;
  comparison.Compare(*stored, *now, "");
  std::vector<std::string> found = std::move(comparison).Take();
  if (found.empty()) found.emplace_back("a field that is not kept");
  return found;
}

}  // namespace sluice::api
