// Contracts as documents: templates, drafts and edits, and how a version reads: whole, compared,
// as a text, as data. How it comes into force is in commands_contract_life.cc.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "api/commands.h"
#include "api/contract_session.h"
#include "core/csv.h"
#include "performance/contracts/template.h"
#include "performance/program_store.h"
#include "performance/terms_codec.h"

namespace sluice::api {
namespace {

using performance::ContractFile;
using performance::ContractState;
using performance::ContractVersion;
using performance::TemplateParameter;
using performance::TemplateRef;
using performance::TemplateVersion;

// "tpl_..." or "tpl_...:2".
StatusOr<TemplateRef> ParseTemplate(const std::string& text) {
  const std::size_t colon = text.find(':');
  TemplateRef ref;
  ASSIGN_OR_RETURN(ref.id, performance::TemplateId::Parse(text.substr(0, colon)));
  if (colon == std::string::npos) return ref;
  const std::string number = text.substr(colon + 1);
  if (number.empty() || number.size() > 6 ||
      number.find_first_not_of("0123456789") != std::string::npos) {
    return InvalidArgument("'{}' names no version of a template; write tpl_...:2", text);
  }
  ref.version = std::stoi(number);
  return ref;
}

std::string RangeOf(const TemplateParameter& parameter) {
  if (!parameter.least && !parameter.most) return "";
  if (!parameter.most) return fmt::format(", at least {}", *parameter.least);
  if (!parameter.least) return fmt::format(", at most {}", *parameter.most);
  return fmt::format(", {} to {}", *parameter.least, *parameter.most);
}

StatusOr<int> ListTemplates(Session& session) {
  ASSIGN_OR_RETURN(const auto templates, Contracts(session)->Templates());
  for (const performance::TemplateRow& row : templates) {
    fmt::print("{}:{}  {}\n", row.id, row.newest, row.name);
  }
  if (templates.empty()) fmt::print("no template yet; see: sluice contract template save --help\n");
  return kDone;
}

StatusOr<int> ShowTemplate(Session& session, const std::string& text, bool json) {
  ASSIGN_OR_RETURN(const TemplateRef ref, ParseTemplate(text));
  ASSIGN_OR_RETURN(const TemplateVersion shown, Contracts(session)->Template(ref));
  if (json) {
    fmt::print("{}\n", performance::TermsToJson(shown.terms));
    return kDone;
  }
  fmt::print("{}:{}  {}\n  {}\n", shown.ref.id, shown.ref.version, shown.name, shown.comment);
  for (const TemplateParameter& parameter : shown.parameters) {
    fmt::print("  --set {}=<{}{}>  {}\n", parameter.name,
               performance::ParameterKindName(parameter.kind), RangeOf(parameter), parameter.label);
  }
  fmt::print("{}", performance::ToPlainText(performance::WriteContract(shown.terms)));
  return kDone;
}

// One parameter a row: name,label,path,kind,least,most.
StatusOr<std::vector<TemplateParameter>> ReadParameters(const std::string& path) {
  std::vector<TemplateParameter> parameters;
  if (path.empty()) return parameters;
  ASSIGN_OR_RETURN(CsvReader reader, CsvReader::Open(path));
  std::array<std::size_t, 6> at{};
  constexpr std::array<std::string_view, 6> kColumns = {"name", "label", "path",
                                                        "kind", "least", "most"};
  for (std::size_t i = 0; i < at.size(); ++i) {
    ASSIGN_OR_RETURN(at[i], reader.Column(kColumns[i]));
  }
  while (reader.Next()) {
    if (reader.IsBad()) return reader.Error().ToStatus();
    TemplateParameter parameter{.name = std::string(reader[at[0]]),
                                .label = std::string(reader[at[1]]),
                                .path = std::string(reader[at[2]])};
    const auto kind = performance::ParseParameterKind(reader[at[3]]);
    if (!kind.ok()) return reader.BadValue(at[3], StatusMessage(kind.status())).ToStatus();
    parameter.kind = *kind;
    if (!reader[at[4]].empty()) parameter.least = std::string(reader[at[4]]);
    if (!reader[at[5]].empty()) parameter.most = std::string(reader[at[5]]);
    parameters.push_back(std::move(parameter));
  }
  RETURN_IF_ERROR(reader.Outcome());
  return parameters;
}

struct SaveOptions {
  ContractOptions of;
  std::string name;
  std::string parameters;
};

StatusOr<int> SaveTemplate(Session& session, const SaveOptions& options) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractId::Parse(options.of.contract));
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.of.user));
  ASSIGN_OR_RETURN(std::vector<TemplateParameter> parameters, ReadParameters(options.parameters));
  ASSIGN_OR_RETURN(
      const TemplateVersion saved,
      Contracts(session)->SaveTemplate(contract, options.of.version, options.name,
                                       std::move(parameters), {user, options.of.reason}));
  fmt::print("{}:{}  {}, {}\n", saved.ref.id, saved.ref.version, saved.name,
             Counted(std::ssize(saved.parameters), "parameter"));
  return kDone;
}

struct DraftOptions {
  ContractOptions of;  // a contract: its next version; empty: a new contract
  std::string program;
  std::string party;
  std::string days;
  std::string terms;
  std::string from_template;
  std::vector<std::string> values;
  bool model = false;
};

StatusOr<std::map<std::string, std::string>> ParseValues(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> values;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return InvalidArgument("--set wants name=value, not '{}'", text);
    }
    const auto [known, added] = values.emplace(text.substr(0, equals), text.substr(equals + 1));
    if (!added) return InvalidArgument("--set gives '{}' twice", known->first);
  }
  return values;
}

StatusOr<int> Edit(Session& session, const DraftOptions& options, const UserId user) {
  if (options.terms.empty() || !options.from_template.empty()) {
    return InvalidArgument(
        "an edit of contract {} takes its terms from --terms; write them with: sluice contract "
        "json",
        options.of.contract);
  }
  Contracts contracts(session);
  ASSIGN_OR_RETURN(const ContractId contract, ContractId::Parse(options.of.contract));
  ASSIGN_OR_RETURN(const performance::Terms terms, LoadTerms(options.terms));
  ASSIGN_OR_RETURN(const ContractFile newest, contracts->Load(contract));
  DateRange days = newest.version.effective;
  if (!options.days.empty()) {
    ASSIGN_OR_RETURN(days, ParseDays(options.days));
  }
  RETURN_IF_ERROR(contracts->Edit(contract, days, terms, {user, options.of.reason}).status());
  ASSIGN_OR_RETURN(const ContractFile file, contracts->Load(contract));
  fmt::print("{}\n", OneLine(file));
  return kDone;
}

StatusOr<int> Draft(Session& session, const DraftOptions& options) {
  ASSIGN_OR_RETURN(const UserId user, ParseUser(options.of.user));
  if (!options.of.contract.empty()) return Edit(session, options, user);
  if (options.program.empty() || options.party.empty() || options.days.empty()) {
    return InvalidArgument("a new contract needs --program, --party and --days");
  }
  if (options.terms.empty() == options.from_template.empty()) {
    return InvalidArgument("a new contract takes its terms from --terms or from --template");
  }
  performance::Contract contract{.id = session.Ids().Next<ContractTag>(), .payer = session.Payer()};
  ASSIGN_OR_RETURN(const performance::Program program, FindProgram(session, options.program));
  contract.program = program.id;
  ASSIGN_OR_RETURN(contract.effective, ParseDays(options.days));
  ASSIGN_OR_RETURN(const hierarchy::HierarchySnapshot hierarchy,
                   session.HierarchyOn(contract.effective.from));
  ASSIGN_OR_RETURN(contract.party, FindParty(hierarchy, options.party));
  Contracts contracts(session);
  const performance::Authorship by{user, options.of.reason};
  ContractVersion made;
  if (options.from_template.empty()) {
    ASSIGN_OR_RETURN(performance::Terms terms, LoadTerms(options.terms));
    ASSIGN_OR_RETURN(made, contracts->Create({contract, contract.effective, std::move(terms)}, by));
  } else {
    ASSIGN_OR_RETURN(const TemplateRef ref, ParseTemplate(options.from_template));
    ASSIGN_OR_RETURN(auto values, ParseValues(options.values));
    ASSIGN_OR_RETURN(made, contracts->CreateFromTemplate(
                               {contract, contract.effective, ref, std::move(values)}, by));
  }
  if (!options.model) {
    RETURN_IF_ERROR(contracts->Move({.contract = contract.id,
                                     .version = made.version,
                                     .to = ContractState::kDraft,
                                     .actor = user,
                                     .reason = options.of.reason,
                                     .effective_on = std::nullopt}));
  }
  ASSIGN_OR_RETURN(const ContractFile file, contracts->Load(contract.id));
  fmt::print("{}\n  with {}\n", OneLine(file), hierarchy.NameOf(contract.party));
  return kDone;
}

StatusOr<int> List(Session& session, const std::string& of_program) {
  ASSIGN_OR_RETURN(const hierarchy::HierarchySnapshot hierarchy,
                   session.HierarchyOn(session.Today()));
  std::optional<ProgramId> only;
  if (!of_program.empty()) {
    ASSIGN_OR_RETURN(const performance::Program program, FindProgram(session, of_program));
    only = program.id;
  }
  std::vector<performance::Contract> found;
  RETURN_IF_ERROR(session.Database().Transact([&](pg::Transaction& tx) -> Status {
    found.clear();
    for (const performance::Program& program : performance::ListPrograms(tx)) {
      if (only && program.id != *only) continue;
      for (auto& contract : performance::ContractsOfProgram(tx, program.id)) {
        found.push_back(std::move(contract));
      }
    }
    return OkStatus();
  }));
  Contracts contracts(session);
  for (const performance::Contract& contract : found) {
    const auto file = contracts->Load(contract.id);
    // A contract whose terms were added directly has no life cycle.
    fmt::print("{}  {}  {}  {}\n", contract.id,
               file.ok() ? performance::StateName(file->state) : "without life cycle",
               hierarchy.NameOf(contract.party), contract.effective.ToString());
  }
  if (found.empty()) fmt::print("no contract yet; see: sluice contract draft --help\n");
  return kDone;
}

void PrintFile(const ContractFile& file) {
  const ContractVersion& version = file.version;
  fmt::print("{}\n  {} by {}: {}\n  sha256 {}\n", OneLine(file), version.effective.ToString(),
             version.author, version.comment, ToHex(version.sha256));
  if (version.made_from.id != performance::TemplateId()) {
    fmt::print("  from template {}:{}\n", version.made_from.id, version.made_from.version);
  }
  for (const performance::ContractMove& move : file.moves) {
    fmt::print("  {}  {} by {}, effective {}: {}\n", move.at.ToString(),
               performance::StateName(move.to), move.actor, FormatDate(move.effective_on),
               move.reason);
  }
  if (file.approval) {
    for (const performance::ContractApproval& approval : file.approval->approvals) {
      fmt::print("  {}  step {} of {} approved by {}{}\n", approval.at.ToString(), approval.step,
                 file.approval->approvers.size(), approval.approved_by,
                 approval.comment.empty() ? "" : ": " + approval.comment);
    }
  }
  for (const performance::ContractSignature& signature : file.signatures) {
    fmt::print("  {}  signed for the {} by {}{}\n", signature.at.ToString(),
               signature.side == performance::ContractSide::kPayer ? "payer" : "party",
               signature.name, signature.title.empty() ? "" : ", " + signature.title);
  }
}

StatusOr<int> Show(Session& session, const ContractOptions& options) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractId::Parse(options.contract));
  Contracts contracts(session);
  if (options.version != 0) {
    ASSIGN_OR_RETURN(const ContractFile file, contracts->Load(contract, options.version));
    PrintFile(file);
    return kDone;
  }
  ASSIGN_OR_RETURN(const std::vector<ContractFile> files, contracts->History(contract));
  for (const ContractFile& file : files) PrintFile(file);
  return kDone;
}

StatusOr<int> Text(Session& session, const ContractOptions& options, bool index) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractId::Parse(options.contract));
  ASSIGN_OR_RETURN(const ContractFile file, Contracts(session)->Load(contract, options.version));
  const performance::ContractText text = performance::WriteContract(file.version.terms);
  if (index) {
    fmt::print("{}", performance::ToIndexText(text));
    return kDone;
  }
  ASSIGN_OR_RETURN(const hierarchy::HierarchySnapshot hierarchy,
                   session.HierarchyOn(file.version.effective.from));
  std::vector<performance::Contract> known;
  RETURN_IF_ERROR(session.Database().Transact([&](pg::Transaction& tx) -> Status {
    known = performance::FindContracts(tx, {&contract, 1});
    return OkStatus();
  }));
  const std::string party = known.empty() ? "the Party" : hierarchy.NameOf(known.front().party);
  fmt::print("{}",
             performance::ToPlainText(text, {fmt::format("with {} (the \"Party\")", party),
                                             file.version.effective.ToString(), OneLine(file)}));
  return kDone;
}

StatusOr<int> Json(Session& session, const ContractOptions& options) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractId::Parse(options.contract));
  ASSIGN_OR_RETURN(const ContractFile file, Contracts(session)->Load(contract, options.version));
  fmt::print("{}\n", performance::TermsToJson(file.version.terms));
  return kDone;
}

struct DiffOptions {
  std::string contract;
  std::int32_t from = 0;
  std::int32_t to = 0;
};

StatusOr<int> Diff(Session& session, const DiffOptions& options) {
  ASSIGN_OR_RETURN(const ContractId contract, ContractId::Parse(options.contract));
  ASSIGN_OR_RETURN(const auto changes,
                   Contracts(session)->RedlineOf(contract, options.from, options.to));
  fmt::print("{}", performance::RedlineText(
                       fmt::format("{}: version {} against {}", contract, options.from, options.to),
                       changes));
  return changes.empty() ? kDone : kFindings;
}

void AddTemplateCommands(CommandLine line, CLI::App& contract) {
  CLI::App* library = contract.add_subcommand("template", "terms with places to fill in");
  library->require_subcommand(1);
  CLI::App* list = library->add_subcommand("list", "the templates there are");
  OnPayer(line, *list, [](Session& session) { return ListTemplates(session); });

  CLI::App* show = library->add_subcommand("show", "a template: its parameters and its text");
  auto shown = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  show->add_option("template", *shown, "tpl_..., or tpl_...:2 for version 2")->required();
  show->add_flag("--json", *json, "its terms as JSON instead");
  OnPayer(line, *show,
          [shown, json](Session& session) { return ShowTemplate(session, *shown, *json); });

  CLI::App* save = library->add_subcommand("save", "keep a version of a contract as a template");
  auto saved = std::make_shared<SaveOptions>();
  AddContractOption(*save, saved->of);
  save->add_option("--name", saved->name, "a known name gets its next version")->required();
  save->add_option("--parameters", saved->parameters,
                   "CSV: name,label,path,kind,least,most; paths as in contract text --index");
  AddActor(*save, saved->of, "--comment", "what the template is for");
  OnPayer(line, *save, [saved](Session& session) { return SaveTemplate(session, *saved); });
}

void AddReadingCommands(CommandLine line, CLI::App& contract) {
  CLI::App* list = contract.add_subcommand("list", "the contracts and their states");
  auto program = std::make_shared<std::string>();
  list->add_option("--program", *program, "of one program: its id, or its name");
  OnPayer(line, *list, [program](Session& session) { return List(session, *program); });

  const auto reading = [&](const char* name, const char* help) {
    CLI::App* command = contract.add_subcommand(name, help);
    auto options = std::make_shared<ContractOptions>();
    AddContractOption(*command, *options);
    return std::pair(command, options);
  };
  const auto [show, shown] = reading("show", "its versions, moves, approvals and signatures");
  OnPayer(line, *show, [shown = shown](Session& session) { return Show(session, *shown); });
  const auto [text, read] = reading("text", "a version in plain English");
  auto index = std::make_shared<bool>(false);
  text->add_flag("--index", *index, "the path of the term behind each clause instead");
  OnPayer(line, *text,
          [read = read, index](Session& session) { return Text(session, *read, *index); });
  const auto [json, written] = reading("json", "the terms of a version as JSON, to edit");
  OnPayer(line, *json, [written = written](Session& session) { return Json(session, *written); });

  CLI::App* diff = contract.add_subcommand("diff", "what changed, who changed it and why");
  auto compared = std::make_shared<DiffOptions>();
  diff->add_option("contract", compared->contract, "its id, ctr_...")->required();
  diff->add_option("from", compared->from, "the earlier version")->required();
  diff->add_option("to", compared->to, "the later version")->required();
  OnPayer(line, *diff, [compared](Session& session) { return Diff(session, *compared); });
}

}  // namespace

void AddContractOption(CLI::App& command, ContractOptions& options) {
  command.add_option("contract", options.contract, "its id, ctr_...")->required();
  command.add_option("--version", options.version, "the newest without");
}

void AddActor(CLI::App& command, ContractOptions& options, const std::string& reason_name,
              const std::string& help) {
  command.add_option("--as", options.user, "who does it: a sign-in name or usr_...")->required();
  command.add_option(reason_name, options.reason, help)->required();
}

std::string OneLine(const ContractFile& file) {
  return fmt::format("{} version {}, {}: {}, sha256 {}...", file.version.contract,
                     file.version.version, file.version.terms.title,
                     performance::StateName(file.state), ToHex(file.version.sha256).substr(0, 16));
}

void AddContractCommands(CommandLine line) {
  CLI::App* contract = line.app.add_subcommand("contract", "contracts, from a template to the end");
  contract->require_subcommand(1);
  AddTemplateCommands(line, *contract);

  CLI::App* draft = contract->add_subcommand("draft", "a new contract, or an edit of one");
  auto drafted = std::make_shared<DraftOptions>();
  draft->add_option("--contract", drafted->of.contract, "edit this one: its next version");
  draft->add_option("--program", drafted->program, "of a new one: the program's id, or its name");
  draft->add_option("--party", drafted->party, "of a new one: id, NPI, TIN or name");
  draft->add_option("--days", drafted->days, "when it holds: 2026, or 2026-01-01.. without end");
  draft->add_option("--terms", drafted->terms, "terms as JSON, or a replay package");
  draft->add_option("--template", drafted->from_template, "tpl_..., or tpl_...:2 for version 2");
  draft->add_option("--set", drafted->values, "a parameter of the template: name=value");
  draft->add_flag("--model", drafted->model, "leave a new one a model, not yet a draft");
  AddActor(*draft, drafted->of, "--comment", "what this version is for");
  OnPayer(line, *draft, [drafted](Session& session) { return Draft(session, *drafted); });

  AddReadingCommands(line, *contract);
  AddContractLifeCommands(line, *contract);
}

}  // namespace sluice::api
