// One day of cycles: what was learned, then every program that pays on it.
#include <fmt/format.h>

#include <algorithm>

#include "api/demo/base_payments.h"
#include "api/demo/demo.h"
#include "api/demo/demo_detail.h"
#include "api/demo/sample_mappings.h"
#include "core/check.h"
#include "core/progress.h"
#include "payments/cycle_report.h"
#include "payments/ledger/ledger.h"
#include "payments/run_store.h"
#include "payments/withheld_balance_source.h"
#include "payments/withhold_settlement.h"
#include "performance/program_run/program_run.h"

namespace sluice::demo {
namespace {

// A routing number that passes the check and belongs to no bank that ACH reaches by it.
constexpr std::string_view kOdfi = "041299993";

payments::BankProfile BankProfileOf(const DemoSource& source) {
  const payments::PayerProfile payer = source.Profile();
  payments::BankProfile bank;
  bank.immediate_destination = fmt::format(" {}", kOdfi);
  bank.immediate_origin = "1" + payer.tin;
  bank.destination_name = "DEMO NATIONAL BANK";
  bank.origin_name = source.CompanyName();
  bank.company_name = source.CompanyName();
  bank.company_id = "1" + payer.tin;
  bank.trn_company_id = "1" + payer.tin;
  bank.odfi_routing_number = std::string(kOdfi);
  bank.funding_account = payments::AccountNumber("990000001");
  return bank;
}

// What a run over one period adds to the report of its cycle.
void AddTo(const performance::CalculationSummary& summary, ProgramReport& report) {
  report.contracts = summary.contracts;
  report.blocked = summary.blocked;
  report.earned = summary.earned;
  report.losses = summary.losses;
  report.recouped = summary.recouped;
  report.withheld = summary.withheld;
  report.forfeited = summary.forfeited;
  report.settled_before = summary.payable - summary.delta;
  for (const auto& [reason, count] : summary.zeros) {
    report.zero_reasons[std::string(performance::ReasonName(reason))] = count;
  }
}

}  // namespace

Status Demo::WorkOn(Date day) {
  clock_.Set(MiddleOf(day));
  RETURN_IF_ERROR(Annotate(Learn(day), "taking in what came until " + FormatDate(day)));
  const std::size_t first = cycles_.size();
  for (const auto& program : programs_) {
    for (const DemoCycle& cycle : program->plan.cycles) {
      if (cycle.business_date != day) continue;
      cycles_.push_back({.program = program.get(), .plan = cycle, .run = {}, .totals = {}});
    }
  }
  const auto today = std::span(cycles_).subspan(first);
  for (CycleWork& cycle : today) {
    const std::string& name = cycle.plan.name;
    RETURN_IF_ERROR(
        Annotate(PostBasePayments(*cycle.program), name + ": posting the year's payments"));
    RETURN_IF_ERROR(Annotate(Calculate(cycle), name + ": calculating"));
    RETURN_IF_ERROR(Annotate(ExpectFunding(cycle), name + ": announcing the deposit"));
  }
  RETURN_IF_ERROR(Annotate(FundPools(today), "funding the pools"));
  for (CycleWork& cycle : today) {
    const std::string& name = cycle.plan.name;
    RETURN_IF_ERROR(Annotate(Approve(cycle), name + ": approving"));
    RETURN_IF_ERROR(Annotate(Release(cycle), name + ": releasing"));
    RETURN_IF_ERROR(Annotate(SettleWithholds(cycle), name + ": settling withholds"));
  }
  RETURN_IF_ERROR(Annotate(WriteReport(), "writing the cycle's report"));
  RETURN_IF_ERROR(ComparePublished());
  RETURN_IF_ERROR(Annotate(VerifyFiles(), "verifying the files"));
  return SettleAll(today);
}

Status Demo::Learn(Date day) {
  Progress progress("taking in what came until " + FormatDateLong(day));
  ASSIGN_OR_RETURN(const std::string line, source_.Learn(Context(), day));
  progress.Finish(line);
  return OkStatus();
}

Status Demo::PostBasePayments(ProgramWork& program) {
  if (program.plan.base_payments.empty()) return OkStatus();
  Progress progress(program.plan.program.name + ": posting the year's payments");
  const payments::ProgramPayments& settings = program.cycles->Program();
  BasePaymentPosting posting{.book = settings.book,
                             .program = settings.program,
                             .pool = settings.pool,
                             .actor = maker_.user,
                             .performance_year = YearOf(program.plan.cycles.front().period.from),
                             .withhold = {},
                             .payees = payees_,
                             .contracts = {}};
  for (const performance::Contract& contract : program.plan.contracts) {
    posting.contracts[contract.party] = contract.id;
  }
  CHECK(!program.plan.terms.empty() &&
        program.plan.terms.front().terms.payment_withhold.has_value());
  posting.withhold = *program.plan.terms.front().terms.payment_withhold;
  const payments::Ledger ledger(clock_);
  RETURN_IF_ERROR(
      demo::PostBasePayments(ledger, database_, posting, program.plan.base_payments, ids_));
  progress.Finish(fmt::format("{} payments, {} withheld of each", program.plan.base_payments.size(),
                              posting.withhold.rate.ToString()));
  return OkStatus();
}

Status Demo::Calculate(CycleWork& cycle) {
  ProgramWork& program = *cycle.program;
  cycle.report = report_.programs.size();
  report_.programs.push_back({.name = cycle.plan.name,
                              .stream = program.plan.program.stream,
                              .lan_category = program.plan.program.lan_category,
                              .business_date = FormatDateLong(cycle.plan.business_date)});
  const payments::OpenRun open{.name = cycle.plan.name,
                               .period = cycle.plan.period,
                               .kind = cycle.plan.kind,
                               .business_date = cycle.plan.business_date,
                               .banking_days_to_settle = 2};
  ASSIGN_OR_RETURN(cycle.run, program.cycles->Open(open, maker_));
  ASSIGN_OR_RETURN(const std::vector<performance::FactSet> facts,
                   source_.Facts(Context(), program.plan, cycle.plan));
  if (!facts.empty()) {
    RETURN_IF_ERROR(programs_service_->RecordFacts(facts, source_.FactsSource()).status());
  }
  std::vector<payments::AwardToPay> awards;
  for (const DateRange& period : cycle.plan.restated) {
    ASSIGN_OR_RETURN(std::vector<payments::AwardToPay> restated, CalculatePeriod(cycle, period));
    std::ranges::move(restated, std::back_inserter(awards));
  }
  ASSIGN_OR_RETURN(std::vector<payments::AwardToPay> own,
                   CalculatePeriod(cycle, cycle.plan.period));
  std::ranges::move(own, std::back_inserter(awards));

  Progress collecting(cycle.plan.name + ": collecting awards into the cycle");
  ASSIGN_OR_RETURN(cycle.totals, program.cycles->Calculate(cycle.run.id, awards, maker_));
  collecting.Finish(fmt::format("{} lines, every award replayed", cycle.totals.lines));

  ProgramReport& report = ReportOf(cycle);
  for (const BasePayment& payment : program.plan.base_payments) {
    report.withheld_base +=
        performance::HoldBack(*program.plan.terms.front().terms.payment_withhold, payment.amount)
            .posted;
  }
  if (!program.plan.base_payments.empty()) report.released = report.earned;
  ASSIGN_OR_RETURN(report.detail,
                   DetailOf(Context(), program.plan, cycle.plan, report.earned + report.losses));
  return OkStatus();
}

// A period that was paid before keeps the date by which it was calculated.
Date Demo::PayDateOf(const CycleWork& cycle, const DateRange& period) const {
  for (const CycleWork& earlier : cycles_) {
    if (earlier.program == cycle.program && earlier.plan.period == period) {
      return earlier.run.effective_date;
    }
  }
  return cycle.run.effective_date;
}

// From what is known to awards that a cycle collects.
StatusOr<std::vector<payments::AwardToPay>> Demo::CalculatePeriod(CycleWork& cycle,
                                                                  const DateRange& period) {
  const DemoProgram& plan = cycle.program->plan;
  Progress progress(cycle.plan.name + ": calculating awards",
                    static_cast<std::int64_t>(plan.contracts.size()));
  performance::ProgramRun run(store_.App(), payer_, clock_, ids_);
  run.AddSource(std::make_unique<payments::WithheldBalanceSource>(plan.program.book));
  ASSIGN_OR_RETURN(
      const performance::ProgramRunSummary summary,
      run.Run({.program = plan.program.id,
               .dates = {.period = period, .pay_date = PayDateOf(cycle, period)},
               .known_at = std::nullopt,
               .contracts = std::nullopt,
               .actor = "demo",
               .progress = [&](std::string_view step, std::int64_t done, std::int64_t) {
                 if (step == "award") progress.Add(done - progress.Done());
               }}));
  progress.Finish(
      fmt::format("{} contracts, {} shares", summary.awards.contracts, summary.awards.shares));
  ProgramReport& report = ReportOf(cycle);
  if (period == cycle.plan.period) {
    AddTo(summary.awards, report);
  } else {
    report.restated += summary.awards.delta;
  }
  const payments::AwardDetails details(store_.App(), payer_, clock_, ids_);
  ASSIGN_OR_RETURN(payments::CollectedAwards collected,
                   payments::CollectAwards(*programs_service_, plan.program, period,
                                           /*changes=*/nullptr, &details));
  return std::move(collected.awards);
}

Status Demo::Approve(CycleWork& cycle) {
  payments::CycleService& cycles = *cycle.program->cycles;
  ASSIGN_OR_RETURN(const Digest digest, cycles.Submit(cycle.run.id, maker_));
  ReportOf(cycle).digest = ToHex(digest);
  for (const payments::Actor& approver : {first_approver_, second_approver_}) {
    RETURN_IF_ERROR(cycles.Approve(cycle.run.id, digest, {}, approver).status());
  }
  return OkStatus();
}

Status Demo::Release(CycleWork& cycle) {
  Progress progress(cycle.plan.name + ": releasing");
  ProgramWork& program = *cycle.program;
  if (program.release == nullptr) {
    payments::ReleaseSettings settings;
    settings.payer = source_.Profile();
    settings.bank = BankProfileOf(source_);
    settings.receiver_id = "CLEARINGHOUSE";
    settings.directory = out_;
    ASSIGN_OR_RETURN(settings.check_layout, SampleCheckLayout());
    program.release = std::make_unique<payments::ReleaseService>(
        store_.App(), store_.Files(), program.cycles->Program(), settings, *keys_, clock_, ids_);
  }
  RETURN_IF_ERROR(program.release->Release(cycle.run.id, releaser_));
  ASSIGN_OR_RETURN(cycle.run, program.cycles->Find(cycle.run.id));
  ASSIGN_OR_RETURN(const payments::RunPlan plan, program.cycles->Plan(cycle.run.id));
  const payments::RunTotals totals = payments::TotalsOf(plan);

  ProgramReport& report = ReportOf(cycle);
  report.owed = totals.recoup;
  report.offset = totals.offset;
  report.paid = totals.paid;
  report.payees_paid = totals.payees_paid;
  report.held = totals.held;
  report.payees_held = totals.payees_held;
  report.effective_date = FormatDateLong(cycle.run.effective_date);
  for (const payments::RunPayee& payee : plan.payees) {
    if (payee.hold == payments::HoldReason::kNone) continue;
    auto& [count, amount] = report.held_reasons[std::string(payments::HoldReasonName(payee.hold))];
    count += 1;
    amount += payee.net;
  }
  progress.Finish(fmt::format("{} payees paid {}", totals.payees_paid, totals.paid));
  return OkStatus();
}

// What the settlement did not give back, and what is due by the dates of the terms.
Status Demo::SettleWithholds(CycleWork& cycle) {
  payments::WithholdSettlement settlement(database_, cycle.program->cycles->Program(), clock_,
                                          ids_);
  ASSIGN_OR_RETURN(
      const payments::UnearnedWithholds unearned,
      settlement.ForfeitUnearned(cycle.plan.period, cycle.plan.business_date, maker_.user));
  if (unearned.total != ReportOf(cycle).forfeited) {
    return DataLoss("{} was forfeited, and {} left the reserves of the book",
                    ReportOf(cycle).forfeited, unearned.total);
  }
  return settlement.SettleByDate(cycle.plan.business_date, maker_.user).status();
}

// Every run until today: the report seals all that lies in the folder.
Status Demo::WriteReport() {
  std::vector<payments::ReleasedRun> runs;
  std::string days;
  for (const CycleWork& cycle : cycles_) {
    runs.push_back({.service = cycle.program->release.get(), .run = cycle.run.id});
    const std::string day = FormatDate(cycle.plan.business_date);
    if (!days.ends_with(day)) days += (days.empty() ? "" : ", ") + day;
  }
  runs.insert(runs.end(), reissued_.begin(), reissued_.end());
  ASSIGN_OR_RETURN(
      const payments::CycleReport report,
      payments::MakeCycleReport(database_, source_.Profile().name, "Cycle of " + days, runs));
  return payments::WriteCycleFiles(out_, report);
}

}  // namespace sluice::demo
