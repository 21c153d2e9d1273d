#include "performance/terms_codec.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/json_util.h>

#include "core/check.h"
#include "performance/terms_message.h"
#include "performance/terms_validate.h"

namespace sluice::performance {
namespace {

constexpr std::string_view kHashTag = "sluice.performance.terms.v1";

StatusOr<Terms> Checked(const proto::Terms& message) {
  ASSIGN_OR_RETURN(Terms terms, FromMessage(message));
  RETURN_IF_ERROR(ValidateTerms(terms));
  return terms;
}

}  // namespace

Bytes EncodeTerms(const Terms& terms) {
  const proto::Terms message = ToMessage(terms);
  std::string text;
  {
    google::protobuf::io::StringOutputStream out(&text);
    google::protobuf::io::CodedOutputStream coded(&out);
    coded.SetSerializationDeterministic(true);
    CHECK(message.SerializeToCodedStream(&coded));
  }
  return Bytes(text.begin(), text.end());
}

StatusOr<Terms> DecodeTerms(ByteView bytes) {
  proto::Terms message;
  const std::string text(bytes.begin(), bytes.end());
  if (!message.ParseFromString(text)) {
    return InvalidArgument("the bytes are not a terms message");
  }
  ASSIGN_OR_RETURN(Terms terms, Checked(message));
  // Whatever this version does not know, or writes in another way, would be lost from the hash.
  const Bytes again = EncodeTerms(terms);
  if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end())) {
    return InvalidArgument(
        "the terms are not in canonical form, or hold fields that this version does not know");
  }
  return terms;
}

StatusOr<Terms> ReadTerms(ByteView bytes) {
  proto::Terms message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return InvalidArgument("the bytes are not a terms message");
  }
  const std::size_t size = message.ByteSizeLong();
  message.DiscardUnknownFields();
  if (message.ByteSizeLong() != size) {
    return InvalidArgument("the terms hold fields that this version does not know");
  }
  return Checked(message);
}

Digest HashTerms(const Terms& terms) {
  return CanonicalWriter(kHashTag).Raw(EncodeTerms(terms)).Hash();
}

std::string TermsToJson(const Terms& terms) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  CHECK(google::protobuf::util::MessageToJsonString(ToMessage(terms), &json, options).ok());
  return json;
}

StatusOr<Terms> TermsFromJson(std::string_view json) {
  proto::Terms message;
  const auto status = google::protobuf::util::JsonStringToMessage(std::string(json), &message);
  if (!status.ok()) return InvalidArgument("terms in JSON: {}", std::string(status.message()));
  return Checked(message);
}

}  // namespace sluice::performance
