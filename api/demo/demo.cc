#include "api/demo/demo.h"

#include <fmt/format.h>

#include <filesystem>

#include "api/demo/base_payments.h"
#include "core/check.h"
#include "core/progress.h"
#include "hierarchy/hierarchy_service.h"
#include "hierarchy/payer_store.h"
#include "payments/award_collector.h"
#include "payments/cycle_report.h"
#include "payments/ledger/book_store.h"
#include "payments/ledger/events.h"
#include "payments/ledger/ledger.h"
#include "payments/payee_service.h"
#include "payments/remittance/verify_files.h"
#include "payments/run_store.h"
#include "payments/withhold_forfeit.h"

namespace sluice::demo {
namespace {

// A routing number that passes the check and belongs to no bank that ACH reaches by it.
constexpr std::string_view kOdfi = "041299993";

// The demo's files, by ending: what an earlier run left is replaced, and nothing else is touched.
bool IsDemoFile(const std::filesystem::path& path) {
  const std::string extension = path.extension();
  return extension == ".ach" || extension == ".835" || extension == ".pdf" || extension == ".csv" ||
         extension == ".package";
}

Status PrepareDirectory(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    return FailedPrecondition("cannot make the folder {}: {}; choose another with --out", directory,
                              error.message());
  }
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (entry.is_regular_file() && IsDemoFile(entry.path())) std::filesystem::remove(entry.path());
  }
  return OkStatus();
}

payments::BankProfile DemoBank(const DemoSource& source) {
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

// The day of the deposit is the business date; amounts are deposited in round ten thousands.
Money RoundUpDeposit(Money needed) {
  constexpr std::int64_t kUnit = 10'000'00;
  return Money::FromCents((needed.Cents() + kUnit - 1) / kUnit * kUnit);
}

}  // namespace

Demo::Demo(const api::Store& store, DemoSource& source, ManualClock& clock, std::string out)
    : store_(store),
      source_(source),
      clock_(clock),
      ids_(clock, 0),
      out_(std::move(out)),
      payer_(ids_.Next<PayerTag>()),
      database_(store.App().ForPayer(payer_)) {
  for (payments::Actor* person : {&maker_, &first_approver_, &second_approver_, &releaser_}) {
    *person = payments::Actor{.user = ids_.Next<UserTag>(), .human = true};
  }
}

Status Demo::Run() {
  report_.payer = source_.Profile().name;
  report_.business_date = FormatDateLong(source_.BusinessDate());
  report_.notes = source_.Notes();
  report_.out = out_;
  RETURN_IF_ERROR(PrepareDirectory(out_));
  ASSIGN_OR_RETURN(payments::FileKeyProvider keys,
                   payments::FileKeyProvider::Open(store_.DataDir() + "/key-encryption.key"));
  keys_ = std::make_unique<payments::FileKeyProvider>(std::move(keys));
  programs_service_ = std::make_unique<performance::ProgramService>(database_, clock_, ids_);

  RETURN_IF_ERROR(Annotate(Onboard(), "onboarding the hierarchy"));
  RETURN_IF_ERROR(Annotate(SetUpPrograms(), "setting up the programs"));
  RETURN_IF_ERROR(Annotate(EnrollPayees(), "enrolling payees"));
  for (ProgramRun& program : programs_) {
    const std::string& name = program.plan.program.name;
    RETURN_IF_ERROR(Annotate(PostBasePayments(program), name + ": posting the year's payments"));
    RETURN_IF_ERROR(Annotate(Calculate(program), name + ": calculating"));
    RETURN_IF_ERROR(Annotate(FundPool(program), name + ": funding the pool"));
    RETURN_IF_ERROR(Annotate(Approve(program), name + ": approving"));
    RETURN_IF_ERROR(Annotate(Release(program), name + ": releasing"));
    RETURN_IF_ERROR(Annotate(ForfeitWithholds(program), name + ": forfeiting what was not earned"));
  }
  RETURN_IF_ERROR(Annotate(WriteReport(), "writing the cycle's report"));
  RETURN_IF_ERROR(ComparePublished());
  RETURN_IF_ERROR(Annotate(VerifyFiles(), "verifying the files"));
  for (ProgramRun& program : programs_) {
    RETURN_IF_ERROR(Annotate(Settle(program), program.plan.program.name + ": settling"));
  }
  RETURN_IF_ERROR(Annotate(VerifyLedger(), "verifying the ledger"));
  return Annotate(ExportPackages(), "exporting replay packages");
}

Status Demo::Onboard() {
  Progress progress("onboarding the hierarchy");
  RETURN_IF_ERROR(database_.Transact([&](pg::Transaction& tx) -> Status {
    hierarchy::InsertPayer(
        tx, {.id = payer_, .name = source_.Profile().name, .tin = source_.Profile().tin});
    return OkStatus();
  }));
  const DemoContext context{.database = database_, .payer = payer_, .clock = clock_, .ids = ids_};
  ASSIGN_OR_RETURN(const std::string line, source_.Onboard(context));
  const hierarchy::HierarchyService service(database_, clock_);
  ASSIGN_OR_RETURN(snapshot_,
                   service.Snapshot(payer_, {.day = source_.HierarchyDay(), .known_at = {}}));
  progress.Finish(line);
  return OkStatus();
}

Status Demo::SetUpPrograms() {
  Progress progress("setting up programs and contracts");
  const DemoContext context{.database = database_, .payer = payer_, .clock = clock_, .ids = ids_};
  ASSIGN_OR_RETURN(std::vector<DemoProgram> plans, source_.Programs(context, snapshot_));
  std::size_t contracts = 0;
  for (DemoProgram& plan : plans) {
    plan.program.book = ids_.Next<BookTag>();
    plan.program.created_at = clock_.Now();
    RETURN_IF_ERROR(programs_service_->CreateProgram(plan.program));
    RETURN_IF_ERROR(programs_service_->CreateContracts(plan.contracts));
    RETURN_IF_ERROR(programs_service_->AddTerms(plan.terms).status());
    const payments::Pool pool{.id = ids_.Next<payments::PoolTag>(),
                              .book = plan.program.book,
                              .name = plan.program.name + " pool",
                              .bank_account = ids_.Next<payments::BankAccountTag>()};
    RETURN_IF_ERROR(database_.Transact([&](pg::Transaction& tx) -> Status {
      payments::InsertBook(tx, {.id = plan.program.book,
                                .payer = payer_,
                                .program = plan.program.id,
                                .kind = payments::BookKind::kProgram});
      payments::InsertPool(tx, pool);
      return OkStatus();
    }));
    contracts += plan.contracts.size();
    payments::ProgramPayments settings{.payer = payer_,
                                       .program = plan.program.id,
                                       .book = plan.program.book,
                                       .payer_code = source_.Code(),
                                       .program_code = plan.code,
                                       .program_name = plan.program.name,
                                       .pool = pool,
                                       .plan = {},
                                       .approval_tiers = {}};
    ProgramRun program;
    program.plan = std::move(plan);
    program.cycles =
        std::make_unique<payments::CycleService>(database_, std::move(settings), clock_, ids_);
    programs_.push_back(std::move(program));
  }
  ASSIGN_OR_RETURN(const std::string detail, source_.LoadDetail(context));
  progress.Finish(fmt::format("{} programs, {} contracts{}{}", programs_.size(), contracts,
                              detail.empty() ? "" : "; ", detail));
  return OkStatus();
}

Status Demo::EnrollPayees() {
  Progress progress("enrolling payees and their bank accounts");
  ASSIGN_OR_RETURN(std::vector<DemoPayee> wanted, source_.Payees(snapshot_));
  payments::PayeeService service(store_.App(), payer_, *keys_, clock_, ids_);
  std::vector<payments::Payee> payees;
  payees.reserve(wanted.size());
  for (const DemoPayee& payee : wanted) payees.push_back(payee.payee);
  ASSIGN_OR_RETURN(payees, service.AddPayees(std::move(payees), maker_));

  std::vector<payments::TaxForm> tax_forms;
  for (const payments::Payee& payee : payees) {
    tax_forms.push_back({.payee = payee.id, .certified_on = source_.BusinessDate()});
  }
  RETURN_IF_ERROR(service.RecordTaxForms(tax_forms, maker_));

  std::vector<payments::BankAccountRequest> requests;
  for (std::size_t i = 0; i < payees.size(); ++i) {
    payees_[payees[i].party] = payees[i].id;
    if (wanted[i].account.IsEmpty()) continue;
    requests.push_back({.payee = payees[i].id,
                        .account = std::nullopt,
                        .details = {.routing_number = wanted[i].routing_number,
                                    .account_number = wanted[i].account},
                        .ownership = wanted[i].ownership,
                        .kind = payments::AccountKind::kChecking,
                        .effective_from = source_.BusinessDate()});
  }
  // One person submits the accounts, another one validates and activates them.
  ASSIGN_OR_RETURN(const std::vector<payments::BankAccount> accounts,
                   service.SubmitBankAccounts(requests, maker_));
  std::vector<payments::AccountVersion> versions;
  versions.reserve(accounts.size());
  for (const payments::BankAccount& account : accounts) {
    versions.push_back({.account = account.id, .version = account.version});
  }
  const payments::Actor bank_desk{.user = ids_.Next<UserTag>(), .human = true};
  for (const payments::BankAccountCommand command :
       {payments::BankAccountCommand::kStartValidation, payments::BankAccountCommand::kApprove,
        payments::BankAccountCommand::kActivate}) {
    RETURN_IF_ERROR(service.ChangeBankAccounts(
        versions, {.command = command, .reason = "enrollment", .today = source_.BusinessDate()},
        bank_desk));
  }
  progress.Finish(fmt::format("{} payees, {} bank accounts", payees.size(), accounts.size()));
  return OkStatus();
}

Status Demo::PostBasePayments(ProgramRun& program) {
  if (program.plan.base_payments.empty()) return OkStatus();
  Progress progress(program.plan.program.name + ": posting the year's payments");
  const payments::ProgramPayments& settings = program.cycles->Program();
  BasePaymentPosting posting{.book = settings.book,
                             .program = settings.program,
                             .pool = settings.pool,
                             .actor = maker_.user,
                             .performance_year = YearOf(program.plan.period.from),
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

Status Demo::Calculate(ProgramRun& program) {
  Progress progress(program.plan.program.name + ": calculating awards",
                    static_cast<std::int64_t>(program.plan.contracts.size()));
  const DemoContext context{.database = database_, .payer = payer_, .clock = clock_, .ids = ids_};
  ASSIGN_OR_RETURN(const std::vector<performance::FactSet> facts,
                   source_.Facts(context, program.plan));
  RETURN_IF_ERROR(programs_service_->RecordFacts(facts, source_.FactsSource()).status());
  const payments::OpenRun open{.name = program.plan.program.name,
                               .period = program.plan.period,
                               .business_date = source_.BusinessDate(),
                               .banking_days_to_settle = 2};
  ASSIGN_OR_RETURN(program.run, program.cycles->Open(open, maker_));
  const performance::CalculateRequest request{
      .program = program.plan.program.id,
      .dates = {.period = program.plan.period, .pay_date = program.run.effective_date},
      .known_at = std::nullopt,
      .progress = [&](std::int64_t done, std::int64_t) { progress.Add(done - progress.Done()); }};
  ASSIGN_OR_RETURN(const performance::CalculationSummary summary,
                   programs_service_->Calculate(request, snapshot_));
  progress.Finish(fmt::format("{} contracts, {} shares", summary.contracts, summary.shares));

  Progress collecting(program.plan.program.name + ": collecting awards into the cycle");
  ASSIGN_OR_RETURN(
      const payments::CollectedAwards collected,
      payments::CollectAwards(*programs_service_, program.plan.program, program.plan.period));
  ASSIGN_OR_RETURN(program.totals,
                   program.cycles->Calculate(program.run.id, collected.awards, maker_));
  collecting.Finish(fmt::format("{} lines, every award replayed", program.totals.lines));

  ProgramReport report{.name = program.plan.program.name,
                       .stream = program.plan.program.stream,
                       .lan_category = program.plan.program.lan_category};
  report.contracts = summary.contracts;
  report.blocked = summary.blocked;
  report.earned = summary.earned;
  report.losses = summary.losses;
  report.recouped = summary.recouped;
  report.forfeited = summary.forfeited;
  for (const auto& [reason, count] : summary.zeros) {
    report.zero_reasons[std::string(performance::ReasonName(reason))] = count;
  }
  for (const BasePayment& payment : program.plan.base_payments) {
    report.withheld_base +=
        performance::HoldBack(*program.plan.terms.front().terms.payment_withhold, payment.amount)
            .posted;
  }
  if (!program.plan.base_payments.empty()) report.released = summary.earned;
  report_.programs.push_back(std::move(report));
  return OkStatus();
}

Status Demo::FundPool(ProgramRun& program) {
  const payments::ProgramPayments& settings = program.cycles->Program();
  const Money deposit = RoundUpDeposit(program.totals.hold);
  report_.programs.back().pool_funded = deposit;
  if (deposit.IsZero()) return OkStatus();
  const std::vector<std::string> parts{program.run.id.ToString()};
  const payments::Journal journal = payments::MakeJournal(
      {.id = DerivedUuid("demo deposit", parts),
       .source_id = settings.pool.id.Value(),
       .actor = maker_.user,
       .effective_date = source_.BusinessDate(),
       .corrects = std::nullopt},
      payments::Join({payments::BankCredit(settings.pool.bank_account, deposit),
                      payments::FundPool(payments::BankSuspenseAccount(settings.pool.bank_account),
                                         settings.pool.id, deposit)}));
  const payments::Ledger ledger(clock_);
  ASSIGN_OR_RETURN(const std::vector<payments::PostResult> results,
                   ledger.Post(database_, settings.book, std::vector{journal}));
  return payments::RequireAccepted(results);
}

Status Demo::Approve(ProgramRun& program) {
  ASSIGN_OR_RETURN(const Digest digest, program.cycles->Submit(program.run.id, maker_));
  report_.programs.back().digest = ToHex(digest);
  for (const payments::Actor& approver : {first_approver_, second_approver_}) {
    RETURN_IF_ERROR(program.cycles->Approve(program.run.id, digest, {}, approver).status());
  }
  return OkStatus();
}

Status Demo::Release(ProgramRun& program) {
  Progress progress(program.plan.program.name + ": releasing");
  payments::ReleaseSettings settings;
  settings.payer = source_.Profile();
  settings.bank = DemoBank(source_);
  settings.receiver_id = "CLEARINGHOUSE";
  settings.directory = out_;
  program.release = std::make_unique<payments::ReleaseService>(
      store_.App(), store_.Files(), program.cycles->Program(), settings, *keys_, clock_, ids_);
  RETURN_IF_ERROR(program.release->Release(program.run.id, releaser_));
  ASSIGN_OR_RETURN(program.run, program.cycles->Find(program.run.id));
  ASSIGN_OR_RETURN(const payments::RunPlan plan, program.cycles->Plan(program.run.id));
  const payments::RunTotals totals = payments::TotalsOf(plan);

  ProgramReport* report = nullptr;
  for (ProgramReport& candidate : report_.programs) {
    if (candidate.name == program.plan.program.name) report = &candidate;
  }
  CHECK(report != nullptr);
  report->offset = totals.offset;
  report->paid = totals.paid;
  report->payees_paid = totals.payees_paid;
  report->held = totals.held;
  report->payees_held = totals.payees_held;
  report->effective_date = FormatDateLong(program.run.effective_date);
  for (const payments::RunPayee& payee : plan.payees) {
    if (payee.hold == payments::HoldReason::kNone) continue;
    auto& [count, amount] = report->held_reasons[std::string(payments::HoldReasonName(payee.hold))];
    count += 1;
    amount += payee.net;
  }
  progress.Finish(fmt::format("{} payees paid {}", totals.payees_paid, totals.paid));
  return OkStatus();
}

Status Demo::ForfeitWithholds(ProgramRun& program) {
  if (program.plan.base_payments.empty()) return OkStatus();
  ASSIGN_OR_RETURN(const std::vector<performance::StoredAward> awards,
                   programs_service_->Awards(program.plan.program.id, program.plan.period));
  std::vector<payments::Forfeit> forfeits;
  for (const performance::StoredAward& award : awards) {
    if (award.forfeited.IsZero()) continue;
    forfeits.push_back({.award = award.award,
                        .version = award.version,
                        .payee = payees_.at(award.party),
                        .performance_year = YearOf(award.period.from),
                        .amount = award.forfeited});
  }
  return payments::PostForfeits(payments::Ledger(clock_), database_, program.cycles->Program(),
                                forfeits, source_.BusinessDate(), maker_.user);
}

Status Demo::WriteReport() {
  std::vector<payments::ReleasedRun> runs;
  for (ProgramRun& program : programs_) {
    runs.push_back({.service = program.release.get(), .run = program.run.id});
  }
  ASSIGN_OR_RETURN(
      const payments::CycleReport report,
      payments::MakeCycleReport(database_, source_.Profile().name,
                                "Cycle of " + FormatDate(source_.BusinessDate()), runs));
  return payments::WriteCycleFiles(out_, report);
}

Status Demo::ComparePublished() {
  const std::vector<PublishedAward> published = source_.Published();
  if (published.empty()) return OkStatus();
  std::map<ContractId, Money> ours;
  for (const ProgramRun& program : programs_) {
    ASSIGN_OR_RETURN(const std::vector<performance::StoredAward> awards,
                     programs_service_->Awards(program.plan.program.id, program.plan.period));
    for (const performance::StoredAward& award : awards) ours[award.contract] = award.amount;
  }
  const Exact dollar(Money::FromCents(100));
  for (const PublishedAward& award : published) {
    const auto found = ours.find(award.contract);
    if (found == ours.end()) continue;
    report_.compared += 1;
    const Exact difference = Abs(Exact(found->second) - award.earned);
    if (difference <= dollar) {
      report_.equal_to_a_dollar += 1;
      continue;
    }
    report_.differences.push_back({.holder = award.holder,
                                   .ours = found->second.ToString(),
                                   .published = award.earned.ToString(2),
                                   .allowed = award.tolerance.ToString(2)});
  }
  return OkStatus();
}

Status Demo::VerifyFiles() {
  Progress progress("verifying every file with the independent reader");
  ASSIGN_OR_RETURN(const payments::VerifyReport report, payments::VerifyDirectory(out_, {}));
  report_.files_line =
      fmt::format("{} ACH ({} entries, {}), {} 835 ({} payments, {}), {} PDF ({} statements); {}",
                  report.ach_files, report.ach_entries, report.ach_credits, report.x12_files,
                  report.x12_transactions, report.x12_total, report.pdf_files, report.statements,
                  report.Clean() ? "no findings: entry = 835 = statement = ledger, to the cent"
                                 : fmt::format("{} FINDINGS", report.findings.size()));
  if (!report.Clean()) {
    return FailedPrecondition("{} findings; the first: {}", report.findings.size(),
                              report.findings.front().ToString());
  }
  progress.Finish(fmt::format("{} files, no findings", report.ach_files + report.x12_files +
                                                           report.pdf_files + report.csv_files));
  return OkStatus();
}

Status Demo::Settle(ProgramRun& program) {
  const Date settled = program.run.effective_date;
  clock_.Set(Instant::FromMicros(Instant::AtMidnight(settled).Micros() + 18LL * 3'600 * 1'000'000));
  RETURN_IF_ERROR(program.release->PostSettlement(program.run.id, settled, releaser_));
  RETURN_IF_ERROR(program.release->Close(program.run.id, releaser_));
  ASSIGN_OR_RETURN(program.run, program.cycles->Find(program.run.id));
  const payments::ProgramPayments& payments_settings = program.cycles->Program();
  for (ProgramReport& report : report_.programs) {
    if (report.name != program.plan.program.name) continue;
    report.run_state = payments::RunStateName(program.run.state);
    ASSIGN_OR_RETURN(
        report.pool_left, database_.Transact([&](pg::Transaction& tx) -> StatusOr<Money> {
          const auto line = payments::FindBalance(tx, payments_settings.book,
                                                  payments::PoolAccount(payments_settings.pool.id));
          if (!line.ok()) return Money();
          return line->counters.credits_posted - line->counters.debits_posted;
        }));
  }
  return OkStatus();
}

}  // namespace sluice::demo
