// sluice.performance.v1.ContractService: contracts and their versions, read, made and edited. What
// moves a version is in contract_versions.cc, what runs beside it in contract_dates.cc.
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/contract_list_store.h"
#include "api/handlers/contract_messages.h"
#include "api/handlers/handlers.h"
#include "api/handlers/party_list_store.h"
#include "api/handlers/performance_values.h"
#include "api/handlers/values.h"
#include "payments/pool_funding.h"
#include "performance/contracts/contract_service.h"
#include "performance/contracts/contract_store.h"
#include "performance/contracts/contract_text.h"
#include "performance/contracts/redline.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::performance::v1;

using performance::ContractFile;
using performance::ContractService;

StatusOr<ContractId> ContractAt(const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  return path.Get<ContractTag>("contracts");
}

StatusOr<v1::Contract> GetContract(Call& call, const v1::GetContractRequest& request) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractAt(request.name()));
  return call.Read([&](pg::Transaction& tx) { return LoadContractMessage(tx, call, contract); });
}

StatusOr<v1::ListContractsResponse> ListContracts(Call& call,
                                                  const v1::ListContractsRequest& request) {
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), QueryOf(call, request),
                                                     {request.page_size(), request.page_token()},
                                                     ContractFields(), "name"));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListContractsResponse> {
    const ContractPage loaded = LoadContractPage(tx, call.Payer(), call.WhichParties(), page);
    v1::ListContractsResponse response;
    for (const ContractRow& row : loaded.contracts) {
      *response.add_contracts() = ContractMessage(call, row);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<v1::ContractVersion> GetContractVersion(Call& call,
                                                 const v1::GetContractVersionRequest& request) {
  ASSIGN_OR_RETURN(const VersionPlace place, VersionPlaceOf(request.name()));
  return call.Read([&](pg::Transaction& tx) { return LoadVersionMessage(tx, call, place); });
}

void SetChange(v1::TermChange& to, PayerId payer, const performance::TermChange& change) {
  to.set_kind(static_cast<v1::TermChangeKind>(static_cast<int>(change.kind) + 1));
  to.set_path(change.path);
  if (change.kind == performance::ChangeKind::kMoved) to.set_old_path(change.old_path);
  if (change.before) to.set_before(performance::DisplayValue(*change.before));
  if (change.after) to.set_after(performance::DisplayValue(*change.after));
  to.set_version(change.version);
  to.set_author(UserName(payer, change.author));
  to.set_comment(change.comment);
}

StatusOr<v1::DiffContractResponse> DiffContract(Call& call,
                                                const v1::DiffContractRequest& request) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractAt(request.name()));
  ASSIGN_OR_RETURN(const std::vector<ContractFile> files, call.Read([&](pg::Transaction& tx) {
    return LoadFilesFor(tx, call, contract);
  }));
  ASSIGN_OR_RETURN(const std::vector<performance::TermChange> changes,
                   ContractService::RedlineOf(files, request.from_version(), request.to_version()));
  v1::DiffContractResponse response;
  for (const performance::TermChange& change : changes) {
    SetChange(*response.add_changes(), call.Payer(), change);
  }
  return response;
}

StatusOr<v1::RenderContractResponse> RenderContract(Call& call,
                                                    const v1::RenderContractRequest& request) {
  ASSIGN_OR_RETURN(const VersionPlace place, VersionPlaceOf(request.name()));
  ASSIGN_OR_RETURN(const ContractFile file,
                   call.Read([&](pg::Transaction& tx) { return LoadFileFor(tx, call, place); }));
  v1::RenderContractResponse response;
  for (const performance::ContractArticle& article :
       performance::WriteContract(file.version.terms).articles) {
    v1::ContractSection& section = *response.add_sections();
    section.set_heading(article.heading);
    for (const performance::ContractSentence& sentence : article.sentences) {
      section.add_clauses(sentence.text);
    }
  }
  return response;
}

// What a new contract is: its id is new, and its days are those of its first version.
StatusOr<performance::Contract> ReadContract(Call& call, const v1::Contract& from) {
  performance::Contract contract{.id = call.Ids().Next<ContractTag>(), .payer = call.Payer()};
  ASSIGN_OR_RETURN(contract.program,
                   ReadReference<ProgramTag>(call, "contract.program", from.program(), "programs"));
  ASSIGN_OR_RETURN(contract.party,
                   ReadReference<PartyTag>(call, "contract.party", from.party(), "parties"));
  ASSIGN_OR_RETURN(contract.effective, ReadDays("contract.effective", from.effective()));
  return contract;
}

Status CheckPartyIsKnown(pg::Transaction& tx, const Call& call,
                         const performance::Contract& contract) {
  const hierarchy::AsOf as_of{.day = contract.effective.from, .known_at = std::nullopt};
  const PartyView view{.payer = call.Payer(),
                       .version = HierarchyVersion(tx, call.Payer(), as_of),
                       .day = as_of.day,
                       .among = std::nullopt};
  if (LoadParty(tx, view, contract.party)) return OkStatus();
  return NotFound("party {} is not known; add it before its contract", contract.party);
}

// Makes the contract from what the request gives: terms, or a template and its values.
StatusOr<std::function<Status(ContractService&)>> MakerOf(Call& call,
                                                          const v1::CreateContractRequest& request,
                                                          const performance::Contract& contract) {
  const performance::Authorship by{call.User(), request.comment()};
  if (request.has_terms()) {
    ASSIGN_OR_RETURN(performance::Terms terms, ReadTermsMessage(request.terms()));
    return [by, made = performance::NewContract{contract, contract.effective, std::move(terms)}](
               ContractService& contracts) { return contracts.Create(made, by).status(); };
  }
  if (!request.has_template_use()) {
    return WrongFields({{"terms", "exactly one of terms and template_use is given"}});
  }
  const v1::TemplateUse& use = request.template_use();
  performance::NewContractFromTemplate made{.contract = contract,
                                            .effective = contract.effective,
                                            .made_from = {.id = {}, .version = use.version()},
                                            .values = {}};
  for (const auto& [name, value] : use.values()) made.values.emplace(name, value);
  ASSIGN_OR_RETURN(made.made_from.id,
                   ReadReference<performance::TemplateTag>(call, "template_use.template",
                                                           use.template_(), "contractTemplates"));
  if (use.version() < 0) {
    return WrongFields({{"template_use.version", "counts from 1; 0 is the newest"}});
  }
  return [by, made = std::move(made)](ContractService& contracts) {
    return contracts.CreateFromTemplate(made, by).status();
  };
}

StatusOr<v1::ContractVersion> CreateContract(Call& call, const v1::CreateContractRequest& request) {
  ASSIGN_OR_RETURN(const performance::Contract contract, ReadContract(call, request.contract()));
  ASSIGN_OR_RETURN(const auto make, MakerOf(call, request, contract));
  RETURN_IF_ERROR(
      call.Read([&](pg::Transaction& tx) { return CheckPartyIsKnown(tx, call, contract); }));
  return call.Change<v1::ContractVersion>(
      {.before = nullptr,
       .work = [&](const pg::Database& database) -> Status {
         payments::PoolFunding funding;
         ContractService contracts(database, call.Payer(), call.Clock(), call.Ids(), funding);
         return make(contracts);
       },
       .after =
           [&](pg::Transaction& tx) {
             return LoadVersionMessage(tx, call, {contract.id, 0});
           },
       .etag = std::nullopt,
       .validate_only = request.validate_only(),
       .reason = request.comment()});
}

StatusOr<v1::ContractVersion> EditContract(Call& call, const v1::EditContractRequest& request) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractAt(request.name()));
  ASSIGN_OR_RETURN(const DateRange effective, ReadDays("effective", request.effective()));
  ASSIGN_OR_RETURN(const performance::Terms terms, ReadTermsMessage(request.terms()));
  return call.Change<v1::ContractVersion>(
      {// The newest version, under the etag of the contract, which is what the caller read.
       .before = [&](pg::Transaction& tx) -> StatusOr<v1::ContractVersion> {
         performance::LockContract(tx, contract);
         ASSIGN_OR_RETURN(v1::ContractVersion newest, LoadVersionMessage(tx, call, {contract, 0}));
         newest.set_etag(ContractEtag(contract, performance::LoadMoves(tx, contract)));
         return newest;
       },
       .work = [&](const pg::Database& database) -> Status {
         payments::PoolFunding funding;
         ContractService contracts(database, call.Payer(), call.Clock(), call.Ids(), funding);
         return contracts.Edit(contract, effective, terms, {call.User(), request.comment()})
             .status();
       },
       .after =
           [&](pg::Transaction& tx) {
             return LoadVersionMessage(tx, call, {contract, 0});
           },
       .etag = request.etag(),
       .validate_only = request.validate_only(),
       .reason = request.comment()});
}

}  // namespace

void ServeContracts(Methods& methods) {
  const std::string service = "sluice.performance.v1.ContractService.";
  methods.Serve<v1::GetContractRequest, v1::Contract>(service + "GetContract", GetContract,
                                                      Narrowing::kByHandler);
  methods.Serve<v1::ListContractsRequest, v1::ListContractsResponse>(
      service + "ListContracts", ListContracts, Narrowing::kByHandler);
  methods.Serve<v1::GetContractVersionRequest, v1::ContractVersion>(
      service + "GetContractVersion", GetContractVersion, Narrowing::kByHandler);
  methods.Serve<v1::DiffContractRequest, v1::DiffContractResponse>(
      service + "DiffContract", DiffContract, Narrowing::kByHandler);
  methods.Serve<v1::RenderContractRequest, v1::RenderContractResponse>(
      service + "RenderContract", RenderContract, Narrowing::kByHandler);
  methods.Serve<v1::CreateContractRequest, v1::ContractVersion>(service + "CreateContract",
                                                                CreateContract);
  methods.Serve<v1::EditContractRequest, v1::ContractVersion>(service + "EditContract",
                                                              EditContract);
}

}  // namespace sluice::api
