#include "api/contract/method_access.h"

#include <algorithm>

#include "sluice/core/v1/annotations.pb.h"

namespace sluice::api {

namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

bool SomebodyMay(Resource resource, Verb verb) {
  return std::ranges::any_of(AllRoles(),
                             [&](Role role) { return RightOf(role, resource, verb).granted; });
}

bool Has(const Descriptor& message, const char* field) {
  return message.FindFieldByName(field) != nullptr;
}

bool IsRequired(const FieldDescriptor& field) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(sluice::core::v1::behavior); ++i) {
    if (options.GetExtension(sluice::core::v1::behavior, i) ==
        sluice::core::v1::FIELD_BEHAVIOR_REQUIRED) {
      return true;
    }
  }
  return false;
}

void CheckFields(const MethodDescriptor& method, const MethodAccess& access,
                 std::vector<std::string>& faults) {
  const auto add = [&](std::string_view what) {
    faults.push_back(fmt::format("{}: {}", MethodName(method), what));
  };
  const Descriptor& request = *method.input_type();
  if (access.mutation && !Has(request, "request_id")) add("changes something without request_id");
  if (!access.mutation && Has(request, "request_id")) add("has request_id and changes nothing");
  const bool list = Has(*method.output_type(), "next_page_token");
  if (list && !(Has(request, "page_size") && Has(request, "page_token"))) {
    add("answers in pages without page_size and page_token");
  }
  if (!list && Has(request, "page_size")) add("has page_size and does not answer in pages");
  for (int i = 0; i < request.field_count(); ++i) {
    const FieldDescriptor& field = *request.field(i);
    if (field.type() == FieldDescriptor::TYPE_BOOL && IsRequired(field)) {
      add(fmt::format("requires the flag {}", field.name()));
    }
  }
}

void CheckMethod(const MethodDescriptor& method, std::vector<std::string>& faults) {
  const StatusOr<MethodAccess> access = AccessOf(method);
  if (!access.ok()) {
    faults.push_back(StatusMessage(access.status()));
    return;
  }
  CheckFields(method, *access, faults);
  if (!access->resource) return;
  if (!SomebodyMay(*access->resource, *access->verb)) {
    faults.push_back(fmt::format("{}: nobody may {} {}", MethodName(method),
                                 VerbLetter(*access->verb), ResourceName(*access->resource)));
  }
  const bool step_up = access->mutation && NeedsStepUp(*access->resource, *access->verb);
  if (access->step_up != step_up) {
    faults.push_back(fmt::format("{}: step_up is {}, and the matrix says {}", MethodName(method),
                                 access->step_up, step_up));
  }
}

}  // namespace

std::string MethodName(const MethodDescriptor& method) {
  return fmt::format("{}/{}", method.service()->full_name(), method.name());
}

StatusOr<MethodAccess> AccessOf(const MethodDescriptor& method) {
  const sluice::core::v1::Access& access = method.options().GetExtension(sluice::core::v1::access);
  MethodAccess result{.resource = std::nullopt,
                      .verb = std::nullopt,
                      .step_up = access.step_up(),
                      .mutation = access.mutation()};
  const bool cell = access.resource() != 0 && access.verb() != 0;
  const bool part = access.resource() != 0 || access.verb() != 0;
  if (access.signed_in() == cell || (access.signed_in() && part)) {
    return FailedPrecondition(
        "{} does not say what it needs: a resource and a verb of the matrix, or signed_in",
        MethodName(method));
  }
  if (cell) {
    result.resource = static_cast<Resource>(access.resource());
    result.verb = static_cast<Verb>(access.verb());
  }
  return result;
}

std::vector<std::string> ContractFaults(std::span<const ServiceDescriptor* const> services) {
  std::vector<std::string> faults;
  for (const ServiceDescriptor* const service : services) {
    for (int i = 0; i < service->method_count(); ++i) CheckMethod(*service->method(i), faults);
  }
  return faults;
}

}  // namespace sluice::api
