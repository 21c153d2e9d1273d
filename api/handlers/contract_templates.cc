// sluice.performance.v1.ContractTemplateService: the library of contracts.
#include <algorithm>
#include <string>
#include <vector>

#include "api/handlers/contract_messages.h"
#include "api/handlers/handlers.h"
#include "api/handlers/performance_values.h"
#include "api/handlers/template_list_store.h"
#include "api/handlers/values.h"
#include "payments/pool_funding.h"
#include "performance/contracts/contract_service.h"
#include "performance/contracts/template_store.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::ContractService;
using performance::TemplateId;
using performance::TemplateParameter;
using performance::TemplateVersion;

StatusOr<v1::ContractTemplate> LoadTemplateMessage(pg::Transaction& tx, PayerId payer,
                                                   TemplateId id) {
  ASSIGN_OR_RETURN(const std::optional<TemplateVersion> found,
                   performance::FindTemplate(tx, payer, {.id = id, .version = 0}));
  if (!found) return NotFound("there is no template {}", id);
  v1::ContractTemplate to;
  to.set_name(fmt::format("payers/{}/contractTemplates/{}", payer, id));
  to.set_display_name(found->name);
  to.set_version(found->ref.version);
  *to.mutable_terms() = TermsMessage(found->terms);
  for (const TemplateParameter& parameter : found->parameters) {
    v1::TemplateParameter& added = *to.add_parameters();
    added.set_parameter_name(parameter.name);
    added.set_path(parameter.path);
    added.set_description(parameter.label);
  }
  to.set_author(UserName(payer, found->author));
  Set(*to.mutable_record_time(), found->recorded_at);
  return to;
}

StatusOr<v1::ContractTemplate> GetContractTemplate(Call& call,
                                                   const v1::GetContractTemplateRequest& request) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(request.name()));
  ASSIGN_OR_RETURN(const TemplateId id, path.Get<performance::TemplateTag>("contractTemplates"));
  return call.Read([&](pg::Transaction& tx) { return LoadTemplateMessage(tx, call.Payer(), id); });
}

StatusOr<v1::ListContractTemplatesResponse> ListContractTemplates(
    Call& call, const v1::ListContractTemplatesRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     TemplateFields(), "display_name"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListContractTemplatesResponse> {
    const TemplatePage loaded = LoadTemplatePage(tx, call.Payer(), page);
    v1::ListContractTemplatesResponse response;
    for (const TemplateId id : loaded.templates) {
      ASSIGN_OR_RETURN(*response.add_contract_templates(),
                       LoadTemplateMessage(tx, call.Payer(), id));
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

// Which kind a parameter is follows from the term that it fills in.
StatusOr<std::vector<TemplateParameter>> ReadParameters(
    const v1::SaveContractTemplateRequest& request, const performance::Terms& terms) {
  std::vector<TemplateParameter> parameters;
  for (int i = 0; i < request.parameters_size(); ++i) {
    const v1::TemplateParameter& from = request.parameters(i);
    const auto kind = performance::ParameterKindAt(terms, from.path());
    if (!kind.ok()) {
      return WrongFields({{fmt::format("parameters[{}].path", i), StatusMessage(kind.status())}});
    }
    parameters.push_back({.name = from.parameter_name(),
                          .label = from.description(),
                          .path = from.path(),
                          .kind = *kind,
                          .least = std::nullopt,
                          .most = std::nullopt});
  }
  return parameters;
}

StatusOr<v1::ContractTemplate> SaveContractTemplate(
    Call& call, const v1::SaveContractTemplateRequest& request) {
  RETURN_IF_ERROR(
      ReadReference<ContractTag>(call, "contract_version", request.contract_version(), "contracts")
          .status());
  ASSIGN_OR_RETURN(const VersionPlace place, VersionPlaceOf(request.contract_version()));
  ASSIGN_OR_RETURN(const performance::ContractFile source,
                   call.Read([&](pg::Transaction& tx) { return LoadFileFor(tx, call, place); }));
  ASSIGN_OR_RETURN(const std::vector<TemplateParameter> parameters,
                   ReadParameters(request, source.version.terms));
  return call.Change<v1::ContractTemplate>(
      {.before = nullptr,
       .work = [&](const pg::Database& database) -> Status {
         payments::PoolFunding funding;
         ContractService contracts(database, call.Payer(), call.Clock(), call.Ids(), funding);
         return contracts
             .SaveTemplate(place.contract, source.version.version, request.display_name(),
                           parameters, {call.User(), request.comment()})
             .status();
       },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::ContractTemplate> {
         const auto known = performance::ListTemplates(tx, call.Payer());
         const auto saved =
             std::ranges::find(known, request.display_name(), &performance::TemplateRow::name);
         if (saved == known.end()) return Internal("the template is not there");
         return LoadTemplateMessage(tx, call.Payer(), saved->id);
       },
       .etag = std::nullopt,
       .validate_only = false,
       .reason = request.comment()});
}

}  // namespace

void ServeContractTemplates(Methods& methods) {
  const std::string service = "sluice.performance.v1.ContractTemplateService.";
  methods.Serve<v1::GetContractTemplateRequest, v1::ContractTemplate>(
      service + "GetContractTemplate", GetContractTemplate);
  methods.Serve<v1::ListContractTemplatesRequest, v1::ListContractTemplatesResponse>(
      service + "ListContractTemplates", ListContractTemplates);
  methods.Serve<v1::SaveContractTemplateRequest, v1::ContractTemplate>(
      service + "SaveContractTemplate", SaveContractTemplate);
}

}  // namespace sluice::api
