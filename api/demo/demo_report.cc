#include "api/demo/demo_report.h"

#include <fmt/format.h>

namespace sluice::demo {
namespace {

std::string Line(std::string_view label, std::string_view value, std::string_view note = {}) {
  std::string line = fmt::format("  {:<34}{:>20}", label, value);
  if (!note.empty()) line += fmt::format("  {}", note);
  return line + "\n";
}

std::string Count(std::int64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string ProgramText(const ProgramReport& program) {
  std::string text = fmt::format("{}  (stream {}, HCP-LAN {})\n", program.name, program.stream,
                                 program.lan_category);
  text += Line("contracts", fmt::format("{}", program.contracts),
               program.blocked == 0
                   ? ""
                   : fmt::format("{} without a result: a fact is missing", program.blocked));
  for (const DetailLine& line : program.detail) text += Line(line.label, line.value, line.note);
  text += Line("earned", program.earned.ToString());
  if (!program.losses.IsZero()) text += Line("losses owed to the plan", program.losses.ToString());
  if (!program.recouped.IsZero()) {
    text += Line("recovered for advances", (-program.recouped).ToString());
  }
  if (!program.withheld.IsZero()) {
    text += Line("withheld until a settlement", (-program.withheld).ToString());
  }
  if (!program.settled_before.IsZero()) {
    text += Line("settled by an earlier cycle", (-program.settled_before).ToString());
  }
  if (!program.restated.IsZero()) {
    text += Line("changes of earlier periods", program.restated.ToString());
  }
  if (!program.withheld_base.IsZero()) {
    text += Line("withheld during the year", program.withheld_base.ToString());
    text += Line("  earned back", program.released.ToString());
    text += Line("  forfeited", program.forfeited.ToString());
  }
  for (const auto& [reason, count] : program.zero_reasons) {
    text += Line(fmt::format("zero: {}", reason), fmt::format("{}", count),
                 count == 1 ? "contract" : "contracts");
  }
  if (!program.owed.IsZero()) {
    text += Line("owed by payees from now on", program.owed.ToString(),
                 "offset against their next payments");
  }
  if (!program.offset.IsZero())
    text += Line("offset against what payees owe", (-program.offset).ToString());
  text += Line("paid", program.paid.ToString(),
               fmt::format("to {} on {}", Count(program.payees_paid, "payee", "payees"),
                           program.effective_date));
  if (program.payees_held > 0 || !program.held.IsZero()) {
    text += Line("held", program.held.ToString(), Count(program.payees_held, "payee", "payees"));
    for (const auto& [reason, held] : program.held_reasons) {
      text += Line(fmt::format("  {}", reason), held.second.ToString(),
                   Count(held.first, "line", "lines"));
    }
  }
  text += Line("pool funded", program.pool_funded.ToString());
  text += Line("pool left", program.pool_left.ToString());
  text += fmt::format("  run {}; approved by two people over digest {}...\n", program.run_state,
                      program.digest.substr(0, 16));
  return text + "\n";
}

}  // namespace

std::string ToText(const DemoReport& report) {
  std::string text;
  std::string day;
  for (const ProgramReport& program : report.programs) {
    if (program.business_date != day) {
      day = program.business_date;
      text +=
          fmt::format("{}{}, payment cycle of {}\n\n", text.empty() ? "\n" : "", report.payer, day);
    }
    text += ProgramText(program);
  }
  if (report.compared > 0) {
    text += fmt::format("Compared with what was published: {} awards, {} equal to a dollar.\n",
                        report.compared, report.equal_to_a_dollar);
    for (const PublishedDifference& difference : report.differences) {
      text +=
          fmt::format("  {}: ours {}, published {} (the printed inputs allow {})\n",
                      difference.holder, difference.ours, difference.published, difference.allowed);
    }
    text += "\n";
  }
  text += fmt::format(
      "Bank:   {} statements, {} lines, each explained; deposit = remittance = ledger for {} "
      "runs\n",
      report.statements, report.statement_lines, report.programs.size());
  if (!report.return_line.empty()) text += fmt::format("Return: {}\n", report.return_line);
  text += fmt::format("Files:  {}\nLedger: {}\n\n", report.files_line, report.ledger_line);
  text += fmt::format(
      "Everything lies in {}/: payment files, statements, control and report; what the bank sent "
      "in {}/{}/.\n",
      report.out, report.out, kFromBank);
  if (!report.example_statement.empty()) {
    text += fmt::format("  Open a statement:       {}/{}\n", report.out, report.example_statement);
  }
  if (!report.example_package.empty()) {
    text += fmt::format("  Recompute an award:     sluice replay {}/{}   ({} packages)\n",
                        report.out, report.example_package, report.packages);
  }
  text += fmt::format("  Check the files again:  sluice verify-files {}\n", report.out);
  for (const std::string& note : report.notes) text += fmt::format("\nNote: {}", note);
  return text + (report.notes.empty() ? "" : "\n");
}

}  // namespace sluice::demo
