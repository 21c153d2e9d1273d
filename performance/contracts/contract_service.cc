#include "performance/contracts/contract_service.h"

#include <algorithm>

#include "core/check.h"
#include "performance/contracts/contract_store.h"
#include "performance/contracts/opened_contract.h"
#include "performance/program_store.h"
#include "performance/terms_codec.h"
#include "performance/terms_validate.h"

namespace sluice::performance {
namespace {

constexpr pg::TransactOptions kReading{.isolation = pg::Isolation::kRepeatableRead,
                                       .read_only = true};

Status CheckAuthorship(const Authorship& by) {
  if (by.author == UserId()) return InvalidArgument("a version needs an author");
  if (by.comment.empty()) return InvalidArgument("a version needs a comment; say what it is for");
  return OkStatus();
}

// The versions in work before `version`, which it replaces; the active one stays.
bool IsInWork(ContractState state) {
  return state == ContractState::kModel || state == ContractState::kDraft ||
         state == ContractState::kReview || state == ContractState::kApproved ||
         state == ContractState::kSigned;
}

}  // namespace

// --- Library ------------------------------------------------------------------------------------

StatusOr<TemplateVersion> ContractService::SaveTemplate(ContractId contract, std::int32_t version,
                                                        const std::string& name,
                                                        std::vector<TemplateParameter> parameters,
                                                        const Authorship& by) {
  RETURN_IF_ERROR(CheckAuthorship(by));
  if (name.empty()) return InvalidArgument("a template needs a name");
  std::ranges::sort(parameters, {}, &TemplateParameter::name);
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<TemplateVersion> {
    ASSIGN_OR_RETURN(const Opened opened, Open(tx, contract));
    ASSIGN_OR_RETURN(const ContractVersion* const source, opened.Find(version));
    RETURN_IF_ERROR(CheckParameters(source->terms, parameters));
    const Instant now = clock_.Now();
    const std::vector<TemplateRow> known = ListTemplates(tx, payer_);
    const auto found = std::ranges::find(known, name, &TemplateRow::name);
    TemplateVersion saved{.ref = {found == known.end() ? ids_.Next<TemplateTag>() : found->id,
                                  found == known.end() ? 1 : found->newest + 1},
                          .name = name,
                          .terms = source->terms,
                          .parameters = parameters,
                          .source_contract = contract,
                          .source_version = source->version,
                          .author = by.author,
                          .comment = by.comment,
                          .recorded_at = now};
    if (found == known.end()) InsertTemplate(tx, payer_, saved.ref.id, name, now);
    InsertTemplateVersion(tx, payer_, saved);
    return saved;
  });
}

StatusOr<std::vector<TemplateRow>> ContractService::Templates() {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<TemplateRow>> {
    return ListTemplates(tx, payer_);
  });
}

StatusOr<TemplateVersion> ContractService::Template(const TemplateRef& ref) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<TemplateVersion> {
    ASSIGN_OR_RETURN(std::optional<TemplateVersion> found, FindTemplate(tx, payer_, ref));
    if (!found) return NotFound("there is no template {} with version {}", ref.id, ref.version);
    return *std::move(found);
  });
}

// --- Versions -----------------------------------------------------------------------------------

StatusOr<ContractService::Opened> ContractService::Read(pg::Transaction& tx, ContractId contract) {
  const std::vector<Contract> contracts = FindContracts(tx, {&contract, 1});
  if (contracts.empty()) {
    return NotFound("contract {} is not known to this payer; create it first", contract);
  }
  Opened opened{.contract = contracts.front(), .versions = {}, .moves = {}};
  // Versions first: each that is found has its moves.
  ASSIGN_OR_RETURN(opened.versions, LoadVersions(tx, contract));
  opened.moves = LoadMoves(tx, contract);
  return opened;
}

StatusOr<ContractService::Opened> ContractService::Open(pg::Transaction& tx, ContractId contract) {
  LockContract(tx, contract);
  return Read(tx, contract);
}

StatusOr<ContractVersion> ContractService::Insert(pg::Transaction& tx, const Contract& contract,
                                                  ContractVersion version, const Authorship& by) {
  RETURN_IF_ERROR(ValidateTerms(version.terms));
  if (contract.id == ContractId() || contract.party == PartyId() || contract.effective.IsEmpty() ||
      version.effective.IsEmpty()) {
    return InvalidArgument("a contract needs an id, a party and days that are not empty");
  }
  if (contract.payer != payer_ || !FindProgram(tx, contract.program)) {
    return NotFound("program {} is not known to this payer; create it first", contract.program);
  }
  if (!FindContracts(tx, {&contract.id, 1}).empty()) {
    return AlreadyExists("contract {} exists; edit it, or choose another id", contract.id);
  }
  InsertContracts(tx, {&contract, 1});
  version.contract = contract.id;
  version.version = 1;
  version.sha256 = HashTerms(version.terms);
  version.author = by.author;
  version.comment = by.comment;
  version.recorded_at = clock_.Now();
  InsertVersion(tx, version);
  Opened opened{.contract = contract, .versions = {version}, .moves = {}};
  RETURN_IF_ERROR(opened.Move(tx, {.version = 1,
                                   .to = ContractState::kModel,
                                   .effective_on = version.effective.from,
                                   .actor = by.author,
                                   .reason = by.comment,
                                   .at = version.recorded_at}));
  return version;
}

StatusOr<ContractVersion> ContractService::Create(const NewContract& request,
                                                  const Authorship& by) {
  RETURN_IF_ERROR(CheckAuthorship(by));
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<ContractVersion> {
    return Insert(tx, request.contract, {.effective = request.effective, .terms = request.terms},
                  by);
  });
}

StatusOr<ContractVersion> ContractService::CreateFromTemplate(
    const NewContractFromTemplate& request, const Authorship& by) {
  RETURN_IF_ERROR(CheckAuthorship(by));
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<ContractVersion> {
    ASSIGN_OR_RETURN(const std::optional<TemplateVersion> found,
                     FindTemplate(tx, payer_, request.made_from));
    if (!found) {
      return NotFound("there is no template {} with version {}", request.made_from.id,
                      request.made_from.version);
    }
    ContractVersion version{.effective = request.effective};
    ASSIGN_OR_RETURN(version.terms, FillTemplate(*found, request.values));
    version.made_from = found->ref;
    version.parameters = ValuesToText(request.values);
    return Insert(tx, request.contract, std::move(version), by);
  });
}

StatusOr<ContractVersion> ContractService::Edit(ContractId contract, const DateRange& effective,
                                                const Terms& terms, const Authorship& by) {
  RETURN_IF_ERROR(CheckAuthorship(by));
  RETURN_IF_ERROR(ValidateTerms(terms));
  if (effective.IsEmpty()) return InvalidArgument("the days of the version are empty");
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<ContractVersion> {
    ASSIGN_OR_RETURN(Opened opened, Open(tx, contract));
    ASSIGN_OR_RETURN(const ContractVersion* const last, opened.Find(0));
    ContractVersion version{.contract = contract,
                            .version = last->version + 1,
                            .effective = effective,
                            .terms = terms,
                            .sha256 = HashTerms(terms),
                            .made_from = last->made_from,
                            .parameters = last->parameters,
                            .author = by.author,
                            .comment = by.comment,
                            .recorded_at = clock_.Now()};
    if (version.sha256 == last->sha256 && version.effective == last->effective) {
      return InvalidArgument("version {} of contract {} says the same; nothing was edited",
                             last->version, contract);
    }
    const ContractMove move{
        .effective_on = effective.from, .actor = by.author, .at = version.recorded_at};
    for (const ContractVersion& former : opened.versions) {
      if (!IsInWork(opened.StateOf(former.version))) continue;
      ContractMove superseded = move;
      superseded.version = former.version;
      superseded.to = ContractState::kSuperseded;
      superseded.reason = fmt::format("edited: version {}", version.version);
      RETURN_IF_ERROR(opened.Move(tx, superseded));
    }
    InsertVersion(tx, version);
    opened.versions.push_back(version);
    ContractMove made = move;
    made.version = version.version;
    made.to = ContractState::kDraft;
    made.reason = by.comment;
    RETURN_IF_ERROR(opened.Move(tx, made));
    return version;
  });
}

StatusOr<ContractFile> ContractService::FileOf(pg::Transaction& tx, const Opened& opened,
                                               std::int32_t version) {
  ASSIGN_OR_RETURN(const ContractVersion* const found, opened.Find(version));
  ContractFile file{.version = *found,
                    .state = opened.StateOf(found->version),
                    .moves = {},
                    .approval = std::nullopt,
                    .signatures = LoadSignatures(tx, opened.contract.id, found->version)};
  for (const ContractMove& move : opened.moves) {
    if (move.version == found->version) file.moves.push_back(move);
  }
  if (const std::int32_t round = opened.RoundOf(found->version); round > 0) {
    file.approval = LoadRound(tx, opened.contract.id, found->version, round);
  }
  RETURN_IF_ERROR(VerifySignatures(file.version, file.signatures));
  return file;
}

StatusOr<ContractFile> ContractService::LoadIn(pg::Transaction& tx, ContractId contract,
                                               std::int32_t version) {
  ASSIGN_OR_RETURN(const Opened opened, Read(tx, contract));
  return FileOf(tx, opened, version);
}

StatusOr<std::vector<ContractFile>> ContractService::HistoryIn(pg::Transaction& tx,
                                                               ContractId contract) {
  ASSIGN_OR_RETURN(const Opened opened, Read(tx, contract));
  std::vector<ContractFile> files;
  for (const ContractVersion& version : opened.versions) {
    ASSIGN_OR_RETURN(files.emplace_back(), FileOf(tx, opened, version.version));
  }
  return files;
}

StatusOr<ContractFile> ContractService::Load(ContractId contract, std::int32_t version) {
  return database_.Transact(kReading,
                            [&](pg::Transaction& tx) { return LoadIn(tx, contract, version); });
}

StatusOr<std::vector<ContractFile>> ContractService::History(ContractId contract) {
  return database_.Transact(kReading, [&](pg::Transaction& tx) { return HistoryIn(tx, contract); });
}

StatusOr<std::vector<TermChange>> ContractService::RedlineOf(std::span<const ContractFile> files,
                                                             std::int32_t from, std::int32_t to) {
  if (from >= to || from < 1) {
    return InvalidArgument("a redline goes from an earlier version to a later one, not {} to {}",
                           from, to);
  }
  std::vector<TermsEdition> editions;
  for (const ContractFile& file : files) {
    const ContractVersion& version = file.version;
    if (version.version < from || version.version > to) continue;
    editions.push_back({.version = version.version,
                        .author = version.author,
                        .comment = version.comment,
                        .recorded_at = version.recorded_at,
                        .tree = TermsToTree(version.terms)});
  }
  for (const std::int32_t wanted : {from, to}) {
    if (std::ranges::find(editions, wanted, &TermsEdition::version) == editions.end()) {
      return NotFound("the contract has no version {}", wanted);
    }
  }
  return Redline(editions);
}

StatusOr<std::vector<TermChange>> ContractService::RedlineOf(ContractId contract, std::int32_t from,
                                                             std::int32_t to) {
  ASSIGN_OR_RETURN(const std::vector<ContractFile> files, History(contract));
  StatusOr<std::vector<TermChange>> changes = RedlineOf(files, from, to);
  if (!changes.ok()) return Annotate(changes.status(), contract.ToString());
  return changes;
}

StatusOr<ContractText> ContractService::Text(ContractId contract, std::int32_t version) {
  ASSIGN_OR_RETURN(const ContractFile file, Load(contract, version));
  return WriteContract(file.version.terms);
}

// --- While it runs ------------------------------------------------------------------------------

Status ContractService::AnnounceTarget(ContractId contract, const DateRange& period,
                                       Date announced_on, const std::string& source) {
  if (source.empty()) return InvalidArgument("an announced target needs its source");
  if (!period.to || period.IsEmpty()) return InvalidArgument("a target is for a closed period");
  FactSet set{.contract = contract, .period = period};
  set.facts.SetDate(kTargetAnnouncedOn, announced_on).SetText(kTargetSource, source);
  return programs_.RecordFacts({&set, 1}, source).status();
}

StatusOr<ContractVersion> ContractService::InForce(ContractId contract) {
  return database_.Transact(kReading, [&](pg::Transaction& tx) -> StatusOr<ContractVersion> {
    ASSIGN_OR_RETURN(const Opened opened, Read(tx, contract));
    if (const ContractVersion* active = opened.Active()) return *active;
    ASSIGN_OR_RETURN(const ContractVersion* const newest, opened.Find(0));
    return *newest;
  });
}

StatusOr<DeliveryAssessment> ContractService::RecordDeliveries(
    ContractId contract, const DateRange& period, std::span<const FeedDelivery> deliveries) {
  if (!period.to || period.IsEmpty()) return InvalidArgument("deliveries are of a closed period");
  ASSIGN_OR_RETURN(const ContractVersion version, InForce(contract));
  if (!version.terms.operations || version.terms.operations->service_levels.empty()) {
    return FailedPrecondition("contract {} has no service level; agree on one first", contract);
  }
  ASSIGN_OR_RETURN(DeliveryAssessment assessment,
                   AssessDeliveries(*version.terms.operations, version.effective, period,
                                    deliveries, clock_.Now().UtcDate()));
  FactSet set{.contract = contract, .period = period};
  set.facts = assessment.facts;
  RETURN_IF_ERROR(programs_.RecordFacts({&set, 1}, "data delivery").status());
  return assessment;
}

StatusOr<std::vector<CalendarItem>> ContractService::Calendar(ContractId contract,
                                                              const DateRange& window) {
  if (!window.to || window.IsEmpty()) return InvalidArgument("a calendar is of closed days");
  ASSIGN_OR_RETURN(const ContractVersion version, InForce(contract));
  if (!version.terms.operations) return std::vector<CalendarItem>();
  return OperatingCalendar(*version.terms.operations, version.effective, window);
}

Status ContractService::MarkDone(ContractId contract, const DateDone& done, UserId actor,
                                 const std::string& note) {
  // The due day is at most about three years after the first day of what it covers, plus a year.
  const DateRange near{done.covers_from, done.covers_from + Days(366 + 1'120)};
  ASSIGN_OR_RETURN(const std::vector<CalendarItem> items, Calendar(contract, near));
  const bool known = std::ranges::any_of(items, [&](const CalendarItem& item) {
    return item.name == done.name && item.covers.from == done.covers_from;
  });
  if (!known) {
    return NotFound("the calendar of contract {} has no '{}' for what begins on {}", contract,
                    done.name, FormatDate(done.covers_from));
  }
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    if (!LockContract(tx, contract)) return NotFound("contract {} is not known", contract);
    for (const DateDone& known_done : LoadDatesDone(tx, contract)) {
      if (known_done.name == done.name && known_done.covers_from == done.covers_from) {
        return AlreadyExists("'{}' for what begins on {} was done on {}", done.name,
                             FormatDate(done.covers_from), FormatDate(known_done.done_on));
      }
    }
    InsertDateDone(tx, contract, {.done = done, .actor = actor, .note = note, .at = clock_.Now()});
    return OkStatus();
  });
}

StatusOr<std::vector<CalendarItem>> ContractService::Overdue(ContractId contract) {
  const Date today = clock_.Now().UtcDate();
  ASSIGN_OR_RETURN(const ContractVersion version, InForce(contract));
  if (!version.terms.operations || today <= version.effective.from) {
    return std::vector<CalendarItem>();
  }
  const std::vector<CalendarItem> items = OperatingCalendar(
      *version.terms.operations, version.effective, {version.effective.from, today});
  ASSIGN_OR_RETURN(
      const std::vector<DateDone> done,
      database_.Transact(kReading, [&](pg::Transaction& tx) -> StatusOr<std::vector<DateDone>> {
        return LoadDatesDone(tx, contract);
      }));
  return OverdueItems(items, done, today);
}

}  // namespace sluice::performance
