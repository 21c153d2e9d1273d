#include "performance/attribution/method_codec.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>

#include "core/check.h"
#include "sluice/performance/v1/attribution.pb.h"

namespace sluice::performance {
namespace {

namespace proto = sluice::performance::v1;

constexpr std::string_view kHashTag = "sluice.performance.attribution_method.v1";

// The enums have the numbers of the messages.
template <typename To, typename From>
To Number(From from) {
  return static_cast<To>(static_cast<int>(from));
}

proto::AttributionMethod ToMessage(const AttributionMethod& method) {
  proto::AttributionMethod message;
  message.set_title(method.title);
  for (const AttributionStep& step : method.steps) {
    proto::AttributionStep& out = *message.add_steps();
    out.set_kind(Number<proto::AttributionStepKind>(step.kind));
    out.set_look_back_months(IsClaimStep(step.kind) ? step.look_back_months : 0);
    for (const ProviderClass c : step.classes) out.add_classes(Number<proto::ProviderClass>(c));
    out.set_code_list(step.code_list);
    out.set_clause(step.clause);
    for (const ProviderClass c : step.winner_needs) {
      out.add_winner_needs(Number<proto::ProviderClass>(c));
    }
  }
  message.set_unit(Number<proto::AttributionUnit>(method.unit));
  for (const TieBreak tie : method.ties) message.add_ties(Number<proto::AttributionTie>(tie));
  message.set_timing(Number<proto::AttributionTiming>(method.timing));
  message.set_coverage_day(Number<proto::CoverageDay>(method.coverage_day));
  for (const std::string& line : method.lines_of_business) message.add_lines_of_business(line);
  message.set_minimum_months(method.minimum_months);
  message.set_eligibility_months(method.eligibility_months);
  message.set_new_member_months(method.new_member_months);
  message.set_new_members(Number<proto::NewMemberRule>(method.new_members));
  message.set_institutional_counts(method.institutional_counts);
  for (const CodeList& list : method.code_lists) {
    proto::CodeList& out = *message.add_code_lists();
    out.set_name(list.name);
    for (const std::string& code : list.codes) out.add_codes(code);
  }
  for (const TaxonomyClass& entry : method.taxonomies) {
    proto::TaxonomyClass& out = *message.add_taxonomies();
    out.set_taxonomy(entry.taxonomy);
    out.set_provider_class(Number<proto::ProviderClass>(entry.provider_class));
  }
  for (const ServiceArea& area : method.areas) {
    proto::ServiceArea& out = *message.add_areas();
    out.set_area(area.area);
    out.set_practice_id(area.practice.Value());
  }
  return message;
}

// Proto3 enums are open: a number that this version does not know is refused.
template <typename To>
StatusOr<To> Known(int number, int highest, std::string_view field) {
  if (number < 1 || number > highest) {
    return InvalidArgument("attribution method: {} has no value, or one this version does not know",
                           field);
  }
  return static_cast<To>(number);
}

StatusOr<AttributionStep> FromMessage(const proto::AttributionStep& message) {
  AttributionStep step;
  ASSIGN_OR_RETURN(step.kind, Known<StepKind>(message.kind(), 7, "step.kind"));
  if (IsClaimStep(step.kind)) step.look_back_months = message.look_back_months();
  for (const int number : message.classes()) {
    ASSIGN_OR_RETURN(const auto known, Known<ProviderClass>(number, 3, "step.classes"));
    step.classes.push_back(known);
  }
  step.code_list = message.code_list();
  step.clause = message.clause();
  for (const int number : message.winner_needs()) {
    ASSIGN_OR_RETURN(const auto known, Known<ProviderClass>(number, 3, "step.winner_needs"));
    step.winner_needs.push_back(known);
  }
  return step;
}

StatusOr<AttributionMethod> FromMessage(const proto::AttributionMethod& message) {
  AttributionMethod method;
  method.title = message.title();
  for (const proto::AttributionStep& in : message.steps()) {
    ASSIGN_OR_RETURN(AttributionStep step, FromMessage(in));
    method.steps.push_back(std::move(step));
  }
  ASSIGN_OR_RETURN(method.unit, Known<AttributionUnit>(message.unit(), 3, "unit"));
  for (const int number : message.ties()) {
    ASSIGN_OR_RETURN(const auto tie, Known<TieBreak>(number, 5, "ties"));
    method.ties.push_back(tie);
  }
  ASSIGN_OR_RETURN(method.timing, Known<AttributionTiming>(message.timing(), 2, "timing"));
  ASSIGN_OR_RETURN(method.coverage_day,
                   Known<CoverageDay>(message.coverage_day(), 5, "coverage_day"));
  method.lines_of_business.assign(message.lines_of_business().begin(),
                                  message.lines_of_business().end());
  method.minimum_months = message.minimum_months();
  method.eligibility_months = message.eligibility_months();
  method.new_member_months = message.new_member_months();
  ASSIGN_OR_RETURN(method.new_members,
                   Known<NewMemberRule>(message.new_members(), 3, "new_members"));
  method.institutional_counts = message.institutional_counts();
  for (const proto::CodeList& in : message.code_lists()) {
    method.code_lists.push_back({in.name(), {in.codes().begin(), in.codes().end()}});
  }
  for (const proto::TaxonomyClass& in : message.taxonomies()) {
    ASSIGN_OR_RETURN(const auto known, Known<ProviderClass>(in.provider_class(), 3, "taxonomies"));
    method.taxonomies.push_back({in.taxonomy(), known});
  }
  for (const proto::ServiceArea& in : message.areas()) {
    method.areas.push_back({in.area(), PartyId(in.practice_id())});
  }
  RETURN_IF_ERROR(ValidateMethod(method));
  return method;
}

}  // namespace

Bytes EncodeMethod(const AttributionMethod& method) {
  std::string text;
  {
    google::protobuf::io::StringOutputStream out(&text);
    google::protobuf::io::CodedOutputStream coded(&out);
    coded.SetSerializationDeterministic(true);
    CHECK(ToMessage(method).SerializeToCodedStream(&coded));
  }
  return Bytes(text.begin(), text.end());
}

StatusOr<AttributionMethod> DecodeMethod(ByteView bytes) {
  proto::AttributionMethod message;
  if (!message.ParseFromString(std::string(bytes.begin(), bytes.end()))) {
    return InvalidArgument("the bytes are not an attribution method");
  }
  ASSIGN_OR_RETURN(AttributionMethod method, FromMessage(message));
  if (!std::ranges::equal(EncodeMethod(method), bytes)) {
    return InvalidArgument(
        "the attribution method is not in canonical form, or holds fields that this version does "
        "not know");
  }
  return method;
}

Digest HashMethod(const AttributionMethod& method) {
  return CanonicalWriter(kHashTag).Raw(EncodeMethod(method)).Hash();
}

std::string MethodToJson(const AttributionMethod& method) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  CHECK(google::protobuf::util::MessageToJsonString(ToMessage(method), &json, options).ok());
  return json;
}

StatusOr<AttributionMethod> MethodFromJson(std::string_view json) {
  proto::AttributionMethod message;
  const auto status = google::protobuf::util::JsonStringToMessage(std::string(json), &message);
  if (!status.ok()) {
    return InvalidArgument("attribution method in JSON: {}", status.ToString());
  }
  return FromMessage(message);
}

}  // namespace sluice::performance
