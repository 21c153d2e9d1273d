// The tax file: W-9s, TIN matching, backup withholding, the box of a program, and the 1099 totals.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "api/command_line.h"
#include "api/commands.h"
#include "api/payee_lookup.h"
#include "payments/tax/tax_service.h"

namespace sluice::api {
namespace {

using payments::TaxService;
using payments::TaxTotal;

// A service with the keys that it lives by.
struct TaxOffice {
  payments::FileKeyProvider keys;
  TaxService service;

  TaxOffice(Session& session, payments::FileKeyProvider provider)
      : keys(std::move(provider)),
        service(session.Database(), session.Payer(), keys, session.Clock(), session.Ids()) {}
};

StatusOr<std::unique_ptr<TaxOffice>> OpenOffice(Session& session) {
  ASSIGN_OR_RETURN(payments::FileKeyProvider keys, OpenKeys(session));
  return std::make_unique<TaxOffice>(session, std::move(keys));
}

struct FormOptions {
  std::string payee, user, certified, name, business_name, classification, exempt, tin_file, kind;
};

StatusOr<int> RecordForm(Session& session, const FormOptions& options) {
  payments::TaxForm form{.legal_name = options.name,
                         .business_name = options.business_name,
                         .exempt_code = options.exempt};
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(form.payee, FindPayee(session, options.payee));
  ASSIGN_OR_RETURN(form.certified_on, session.DayOrToday("--certified", options.certified));
  if (!options.classification.empty()) {
    ASSIGN_OR_RETURN(form.classification, payments::ParseTaxClassification(options.classification));
  }
  if (!options.kind.empty()) {
    ASSIGN_OR_RETURN(form.tin_kind, OneOf<payments::TinKind>("--tin-kind", options.kind,
                                                             {{"ein", payments::TinKind::kEin},
                                                              {"ssn", payments::TinKind::kSsn}}));
  }
  if (!options.tin_file.empty()) {
    // Not on the command line, where everybody on the machine would see it.
    ASSIGN_OR_RETURN(const std::string text, ReadFile(options.tin_file));
    std::string digits;
    for (const char c : text) {
      if (c >= '0' && c <= '9') digits += c;
    }
    form.tin = SecretString(std::move(digits));
  }
  ASSIGN_OR_RETURN(const auto office, OpenOffice(session));
  RETURN_IF_ERROR(office->service.RecordForms(std::span(&form, 1), actor));
  fmt::print("{}: W-9 certified on {} is on file\n", form.payee, FormatDate(form.certified_on));
  return kDone;
}

StatusOr<int> ListStandings(Session& session) {
  ASSIGN_OR_RETURN(const auto office, OpenOffice(session));
  ASSIGN_OR_RETURN(const auto standings, office->service.Standings());
  for (const payments::TaxStanding& standing : standings) {
    std::string text = fmt::format("{}  {}", standing.payee.id, standing.payee.name);
    if (!standing.payee.forms.empty()) {
      const payments::CertifiedTaxpayer& form = standing.payee.forms.back();
      text += fmt::format("  W-9 of {}, {} ending {}, {}", FormatDate(form.certified_on),
                          payments::TinKindName(form.tin_kind), form.tin_last4,
                          payments::TaxClassificationName(form.classification));
    }
    const auto code = [&] { return static_cast<payments::TinMatchCode>(standing.match->code); };
    text += standing.match
                ? fmt::format("  TIN match of {}: {}", FormatDate(standing.match->checked_on),
                              payments::TinMatchText(code()))
                : std::string("  TIN not matched yet");
    if (standing.backup) {
      text += fmt::format(
          "  backup withholding from {}: {} ({})", FormatDate(standing.backup->effective_from),
          payments::BackupReasonName(standing.backup->reason), standing.backup->note);
    }
    fmt::print("{}\n", text);
  }
  if (standings.empty()) fmt::print("no W-9 is on file; record one with: sluice tax w9\n");
  return kDone;
}

struct BackupOptions {
  std::string payee, user, reason, from, note;
};

StatusOr<int> StartBackup(Session& session, const BackupOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const PayeeId payee, FindPayee(session, options.payee));
  ASSIGN_OR_RETURN(const auto reason, payments::ParseBackupReason(options.reason));
  ASSIGN_OR_RETURN(const Date from, session.DayOrToday("--from", options.from));
  ASSIGN_OR_RETURN(const auto office, OpenOffice(session));
  RETURN_IF_ERROR(office->service.StartBackup(payee, reason, from, options.note, actor));
  fmt::print("{}: backup withholding from {}\n", payee, FormatDate(from));
  return kDone;
}

StatusOr<int> EndBackup(Session& session, const BackupOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const PayeeId payee, FindPayee(session, options.payee));
  ASSIGN_OR_RETURN(const Date from, session.DayOrToday("--from", options.from));
  ASSIGN_OR_RETURN(const auto office, OpenOffice(session));
  RETURN_IF_ERROR(office->service.EndBackup(payee, from, options.note, actor));
  fmt::print("{}: no backup withholding from {}\n", payee, FormatDate(from));
  return kDone;
}

struct BoxOptions {
  std::string program, user, form, role, from, reason;
  int box = 0;
};

StatusOr<int> SetBox(Session& session, const BoxOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const performance::Program program, FindProgram(session, options.program));
  ASSIGN_OR_RETURN(const Date from, session.DayOrToday("--from", options.from));
  ASSIGN_OR_RETURN(const auto office, OpenOffice(session));
  RETURN_IF_ERROR(office->service.SetBox({.book = program.book,
                                          .role = options.role,
                                          .effective_from = from,
                                          .box = {options.form, options.box},
                                          .reason = options.reason},
                                         actor));
  fmt::print("{}{}: {} box {} from {}\n", program.name,
             options.role.empty() ? "" : ", role " + options.role, options.form, options.box,
             FormatDate(from));
  return kDone;
}

struct YearOptions {
  int year = 0;
  std::string out;
  bool tins = false;
};

StatusOr<int> ExportYear(Session& session, const YearOptions& options) {
  ASSIGN_OR_RETURN(const auto office, OpenOffice(session));
  ASSIGN_OR_RETURN(const std::vector<TaxTotal> totals, office->service.Year(options.year));
  std::map<std::string, SecretString> tins;
  if (options.tins) {
    if (options.out.empty()) {
      return InvalidArgument("whole TINs go to a file, not to the screen: add --out");
    }
    ASSIGN_OR_RETURN(tins, office->service.Tins(session.Data().Files(), totals));
  }
  ASSIGN_OR_RETURN(const auto payers, AllPayers(session.Data()));
  payments::ReportingPayer payer;
  for (const hierarchy::PayerRecord& record : payers) {
    if (record.id == session.Payer()) payer = {record.name, record.tin};
  }
  const std::string csv = payments::WriteTaxCsv(options.year, payer, totals, tins);
  if (options.out.empty()) {
    fmt::print("{}", csv);
    return kDone;
  }
  RETURN_IF_ERROR(WriteFile(options.out, csv));
  const auto reported = std::ranges::count_if(totals, &TaxTotal::reported);
  fmt::print("{}: {} of {} totals are reported\n", options.out, reported, totals.size());
  return kDone;
}

struct MatchOptions {
  std::string file, user, date;
};

StatusOr<int> AskMatches(Session& session, const MatchOptions& options) {
  ASSIGN_OR_RETURN(const auto office, OpenOffice(session));
  ASSIGN_OR_RETURN(const SecretString text, office->service.AskTinMatches(session.Data().Files()));
  RETURN_IF_ERROR(WriteFile(options.file, text.Reveal()));
  fmt::print("{}: {}\n", options.file,
             Counted(std::ranges::count(text.Reveal(), '\n'), "question"));
  return kDone;
}

StatusOr<int> RecordMatches(Session& session, const MatchOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const Date checked, session.DayOrToday("--checked", options.date));
  ASSIGN_OR_RETURN(const std::string text, ReadFile(options.file));
  ASSIGN_OR_RETURN(const auto office, OpenOffice(session));
  ASSIGN_OR_RETURN(const std::int64_t wrong,
                   office->service.RecordTinMatches(text, checked, actor));
  if (wrong == 0) {
    fmt::print("every name fits its number\n");
    return kDone;
  }
  fmt::print("{} without a match; see: sluice tax list\n", Counted(wrong, "answer"));
  return kFindings;
}

void AddFormCommands(CommandLine line, CLI::App& tax) {
  CLI::App* w9 = tax.add_subcommand("w9", "record the W-9 of a payee");
  auto form = std::make_shared<FormOptions>();
  w9->add_option("payee", form->payee, "id, TIN or exact name")->required();
  w9->add_option("--certified", form->certified, "the day it was signed; today without");
  w9->add_option("--name", form->name, "line 1; as enrolled without");
  w9->add_option("--business-name", form->business_name, "line 2, doing business as");
  w9->add_option("--classification", form->classification,
                 "individual, c-corporation, s-corporation, partnership, trust, other");
  w9->add_option("--exempt-code", form->exempt, "exempt payee code, 1 to 13");
  w9->add_option("--tin-file", form->tin_file, "a file with the nine digits; as enrolled without");
  w9->add_option("--tin-kind", form->kind, "ein or ssn");
  w9->add_option("--as", form->user, "who records it")->required();
  OnPayer(line, *w9, [form](Session& session) { return RecordForm(session, *form); });

  CLI::App* list = tax.add_subcommand("list", "payees with their W-9, TIN match and withholding");
  OnPayer(line, *list, [](Session& session) { return ListStandings(session); });

  CLI::App* match = tax.add_subcommand("tin-match", "ask whether names and numbers fit");
  match->require_subcommand(1);
  auto asked = std::make_shared<MatchOptions>();
  CLI::App* ask = match->add_subcommand("ask", "write the question for forms not matched yet");
  ask->add_option("file", asked->file, "where to write it")->required();
  OnPayer(line, *ask, [asked](Session& session) { return AskMatches(session, *asked); });
  auto answered = std::make_shared<MatchOptions>();
  CLI::App* answer = match->add_subcommand("record", "record the authority's answer");
  answer->add_option("file", answered->file, "the answer")->required();
  answer->add_option("--checked", answered->date, "its day; today without");
  answer->add_option("--as", answered->user, "who records it")->required();
  OnPayer(line, *answer,
          [answered](Session& session) { return RecordMatches(session, *answered); });
}

void AddBackupCommands(CommandLine line, CLI::App& tax) {
  CLI::App* backup = tax.add_subcommand("backup", "backup withholding of a payee");
  backup->require_subcommand(1);
  auto started = std::make_shared<BackupOptions>();
  CLI::App* start = backup->add_subcommand("start", "withhold from a payee's payments");
  start->add_option("payee", started->payee, "id, TIN or exact name")->required();
  start
      ->add_option("--reason", started->reason,
                   "no-tin, first-b-notice, second-b-notice or c-notice")
      ->required();
  start->add_option("--from", started->from, "first day; today without");
  start->add_option("--note", started->note, "which notice")->required();
  start->add_option("--as", started->user, "who begins it")->required();
  OnPayer(line, *start, [started](Session& session) { return StartBackup(session, *started); });
  auto ended = std::make_shared<BackupOptions>();
  CLI::App* end = backup->add_subcommand("end", "by another person than the one who began it");
  end->add_option("payee", ended->payee, "id, TIN or exact name")->required();
  end->add_option("--from", ended->from, "first day without; today if not given");
  end->add_option("--note", ended->note, "why it ends")->required();
  end->add_option("--as", ended->user, "who ends it")->required();
  OnPayer(line, *end, [ended](Session& session) { return EndBackup(session, *ended); });
}

}  // namespace

void AddTaxCommands(CommandLine line) {
  CLI::App* tax = line.app.add_subcommand("tax", "W-9s, withholding and the totals of a year");
  tax->require_subcommand(1);
  AddFormCommands(line, *tax);
  AddBackupCommands(line, *tax);

  CLI::App* box = tax->add_subcommand("box", "the form and box of a program's payments");
  auto chosen = std::make_shared<BoxOptions>();
  box->add_option("program", chosen->program, "id or exact name")->required();
  box->add_option("--form", chosen->form, "1099-MISC or 1099-NEC")->required();
  box->add_option("--box", chosen->box, "3 or 6 of 1099-MISC, 1 of 1099-NEC")->required();
  box->add_option("--role", chosen->role, "for payees of this role; for all without");
  box->add_option("--from", chosen->from, "first day; today without");
  box->add_option("--reason", chosen->reason, "why")->required();
  box->add_option("--as", chosen->user, "who decides it")->required();
  OnPayer(line, *box, [chosen](Session& session) { return SetBox(session, *chosen); });

  CLI::App* year = tax->add_subcommand("1099", "totals by taxpayer, form and box, as CSV");
  auto asked = std::make_shared<YearOptions>();
  year->add_option("--year", asked->year, "calendar year of the payments")->required();
  year->add_option("--out", asked->out, "a file; the screen without");
  year->add_flag("--tins", asked->tins, "whole TINs, for filing; needs --out");
  OnPayer(line, *year, [asked](Session& session) { return ExportYear(session, *asked); });
}

}  // namespace sluice::api
