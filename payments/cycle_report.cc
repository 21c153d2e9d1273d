#include "payments/cycle_report.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "payments/cycle_report_store.h"
#include "payments/disbursement_store.h"
#include "payments/file_delivery.h"
#include "payments/obligation_store.h"
#include "payments/payee_store.h"
#include "payments/pluck.h"
#include "payments/run_store.h"

namespace sluice::payments {
namespace {

void AddAwards(pg::Transaction& tx, RunSummary& summary) {
  for (const CollectedAward& award : LoadAwardsOfCycle(tx, summary.run.book, summary.run.cycle)) {
    ++summary.awards;
    if (award.award_amount > Money{}) summary.earned += award.award_amount;
    if (award.award_amount < Money{}) summary.losses -= award.award_amount;
    if (award.zero_reason.empty()) continue;
    ++summary.zero_awards;
    ++summary.zero_reasons[award.zero_reason];
  }
}

void AddHeld(pg::Transaction& tx, const RunPlan& plan, RunSummary& summary) {
  std::vector<PayeeId> ids;
  for (const RunPayee& payee : plan.payees) {
    if (payee.hold != HoldReason::kNone) ids.push_back(payee.payee);
  }
  std::map<PayeeId, std::string> names;
  for (const Payee& payee : LoadPayees(tx, ids)) names.emplace(payee.id, payee.name);
  for (const RunPayee& payee : plan.payees) {
    if (payee.hold == HoldReason::kNone) continue;
    summary.held.push_back(
        {payee.payee, names[payee.payee], payee.hold, payee.hold_note, payee.net});
  }
  std::map<ObligationId, HoldReason> lines;
  for (const RunLine& line : plan.lines) {
    if (line.hold != HoldReason::kNone) lines.emplace(line.obligation, line.hold);
  }
  for (const ObligationRow& row : LoadObligations(
           tx, summary.run.book, Pluck(lines, [](const auto& line) { return line.first; }))) {
    summary.held.push_back({.name = fmt::format("party {}", row.owner.party),
                            .reason = lines.at(row.id),
                            .amount = row.amount});
  }
}

std::string Line(std::string_view label, Money amount) {
  return fmt::format("  {:<34}{:>22}\n", label, amount.ToString());
}

std::string CountLine(std::string_view label, std::int64_t count) {
  return fmt::format("  {:<34}{:>22}\n", label, count);
}

}  // namespace

StatusOr<RunSummary> SummarizeRun(const pg::Database& database, const ProgramPayments& program,
                                  RunId run) {
  return database.ForPayer(program.payer)
      .Transact([&](pg::Transaction& tx) -> StatusOr<RunSummary> {
        const auto found = FindRun(tx, program.book, run);
        if (!found) return NotFound("there is no run {} in book {}", run, program.book);
        RunSummary summary{.run = *found, .program_name = program.program_name};
        RunPlan plan = LoadPlan(tx, *found);
        const auto disbursements = LoadDisbursements(tx, program.book, run);
        if (!disbursements.empty()) {
          // Released: who was approved to be paid and was not is held with what stopped it.
          std::set<PayeeId> changed;
          for (const RunPayee& payee : plan.payees) changed.insert(payee.payee);
          for (const Disbursement& row : disbursements) {
            const bool stopped = row.state == DisbursementState::kVoided && row.rail == Rail::kAch;
            if (!stopped) changed.erase(row.payee);
          }
          plan = HoldChangedAccounts(std::move(plan), changed);
        }
        summary.totals = TotalsOf(plan);
        AddAwards(tx, summary);
        AddHeld(tx, plan, summary);
        return summary;
      });
}

std::string FormatRunSummaries(std::span<const RunSummary> summaries, std::size_t held_limit) {
  std::string text;
  for (const RunSummary& summary : summaries) {
    const RunTotals& totals = summary.totals;
    text += fmt::format("{}: {}, {}, settles {}\n", summary.program_name,
                        RunName(summary.run.kind, summary.run.seq), RunStateName(summary.run.state),
                        FormatDate(summary.run.effective_date));
    text += CountLine("contracts", summary.awards);
    text += CountLine("  of these nothing earned or owed", summary.zero_awards);
    for (const auto& [reason, count] : summary.zero_reasons) {
      text += CountLine("    " + reason, count);
    }
    text += Line("earned", summary.earned);
    text += Line("losses", summary.losses);
    text += Line("withheld", totals.withhold);
    text += Line("carried from earlier runs", totals.carried);
    text += Line("becomes receivable", totals.recoup);
    text += Line("offset against receivables", totals.offset);
    if (!totals.tax.IsZero()) text += Line("backup withholding", totals.tax);
    text += Line("taken from the pool", totals.hold);
    text += CountLine("payees paid", totals.payees_paid);
    text += Line("paid", totals.paid);
    text += CountLine("payees held", totals.payees_held);
    text += Line("held", totals.held);
    std::size_t listed = 0;
    for (const HeldPayee& held : summary.held) {
      if (listed++ == held_limit) break;
      text += fmt::format("    {:<40.40} {:>18}  {}{}{}\n", held.name, held.amount.ToString(),
                          HoldReasonName(held.reason), held.note.empty() ? "" : ": ", held.note);
    }
    if (summary.held.size() > held_limit) {
      text += fmt::format("    and {} more\n", summary.held.size() - held_limit);
    }
  }
  return text;
}

namespace {

// How a run stands in the report: beside others of its program, with its period and kind.
struct Place {
  bool only_run = true;  // of its program
  bool last_run = true;  // of its program: the balances of the book follow it
};

Status AddRun(const pg::Database& database, const ReleasedRun& released, const Place& place,
              CycleReport& report) {
  const ProgramPayments& program = released.service->Program();
  ASSIGN_OR_RETURN(const RunSummary summary, SummarizeRun(database, program, released.run));
  struct Ledgered {
    std::map<PayeeId, Money> disbursed;
    std::vector<AccountLine> accounts;
    std::optional<Cycle> cycle;
  };
  ASSIGN_OR_RETURN(
      const Ledgered ledger,
      database.ForPayer(program.payer).Transact([&](pg::Transaction& tx) -> StatusOr<Ledgered> {
        return Ledgered{LoadDisbursedByLedger(tx, program.book, released.run),
                        TrialBalance(tx, program.book),
                        FindCycle(tx, program.book, summary.run.cycle)};
      }));
  ASSIGN_OR_RETURN(auto rows,
                   released.service->Files().ControlRows(released.run, ledger.disbursed));
  ASSIGN_OR_RETURN(const auto files, released.service->Files().FinishedFiles(released.run));

  report.business_date = summary.run.business_date;
  std::string name = program.program_name;
  if (!place.only_run && ledger.cycle) {
    const DateRange& period = ledger.cycle->period;
    name += fmt::format(", {} to {}, {}", FormatDate(period.from), FormatDate(*period.to - Days(1)),
                        RunName(summary.run.kind, summary.run.seq));
  }
  CycleReportProgram line{.name = name,
                          .contracts = summary.awards,
                          .earned = summary.earned,
                          .withheld = summary.totals.withhold,
                          .losses = summary.losses,
                          .offsets = summary.totals.offset,
                          .taxes = summary.totals.tax,
                          .recognized = summary.totals.gross,
                          .carried = summary.totals.carried,
                          .owed_by_payees = summary.totals.recoup,
                          .payees = summary.totals.payees_paid,
                          .held = static_cast<std::int64_t>(summary.held.size()),
                          .held_amount = summary.totals.held};
  for (const auto& [payee, amount] : ledger.disbursed) line.paid += amount;
  report.programs.push_back(std::move(line));
  std::ranges::move(rows, std::back_inserter(report.payments));
  for (const HeldPayee& held : summary.held) {
    const std::string reason =
        held.note.empty() ? std::string(HoldReasonText(held.reason)) : held.note;
    report.held.push_back(
        {name, held.name, std::string(HoldReasonName(held.reason)), reason, held.amount});
  }
  for (const AccountLine& account : ledger.accounts) {
    if (!place.last_run) break;
    const bool debit = RuleOf(account.key.account_class).normal == NormalSide::kDebit;
    const Money balance =
        debit ? account.counters.DebitBalance() : account.counters.CreditBalance();
    if (balance.IsZero()) continue;
    report.accounts.push_back({program.program_name, account.key.ToString(), balance});
  }
  for (const auto& file : files) {
    report.files.push_back({file.file.name, std::string(FileKindName(file.file.kind)),
                            file.entry_count, file.total, file.size, ToHex(file.sha256)});
  }
  return OkStatus();
}

}  // namespace

StatusOr<CycleReport> MakeCycleReport(const pg::Database& database, const std::string& payer_name,
                                      const std::string& cycle_name,
                                      std::span<const ReleasedRun> runs) {
  CycleReport report{.payer = payer_name, .cycle = cycle_name};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!report.run.empty()) report.run += ", ";
    report.run += runs[i].run.ToString();
    Place place;
    for (std::size_t other = 0; other < runs.size(); ++other) {
      if (other == i || runs[other].service->Program().book != runs[i].service->Program().book) {
        continue;
      }
      place.only_run = false;
      if (other > i) place.last_run = false;
    }
    RETURN_IF_ERROR(AddRun(database, runs[i], place, report));
  }
  return report;
}

Status WriteCycleFiles(const std::string& directory, CycleReport report) {
  const std::string control = WriteCycleControlCsv(report.payments);
  Money disbursed;
  for (const CycleControlRow& row : report.payments) disbursed += row.disbursed;
  report.files.push_back({.name = std::string(kCycleControlName),
                          .kind = "CSV",
                          .entries = static_cast<std::int64_t>(report.payments.size()),
                          .amount = disbursed,
                          .bytes = static_cast<std::int64_t>(control.size()),
                          .sha256 = ToHex(Sha256(AsBytes(control)))});
  RETURN_IF_ERROR(ReplaceFile(directory, std::string(kCycleControlName), control));
  return ReplaceFile(directory, std::string(kCycleReportName), WriteCycleReportCsv(report));
}

}  // namespace sluice::payments
