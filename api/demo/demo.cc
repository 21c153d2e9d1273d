#include "api/demo/demo.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "core/progress.h"
#include "hierarchy/hierarchy_service.h"
#include "hierarchy/payer_store.h"
#include "payments/inbound/bank_statements.h"
#include "payments/ledger/book_store.h"
#include "payments/payee_service.h"
#include "payments/run_store.h"

namespace sluice::demo {
namespace {

// The demo's files, by ending: what an earlier run left is replaced, and nothing else is touched.
bool IsDemoFile(const std::filesystem::path& path) {
  const std::string extension = path.extension();
  return extension == ".ach" || extension == ".835" || extension == ".pdf" || extension == ".csv" ||
         extension == ".checks" || extension == ".package";
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
  const std::string from_bank = directory + "/" + kFromBank;
  std::filesystem::remove_all(from_bank, error);
  std::filesystem::create_directories(from_bank, error);
  if (error) return FailedPrecondition("cannot make the folder {}: {}", from_bank, error.message());
  return OkStatus();
}

}  // namespace

Instant MiddleOf(Date day) {
  return Instant::FromMicros(Instant::AtMidnight(day).Micros() + (12 * 60 + 53) * 60'000'000LL);
}

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

DemoContext Demo::Context() {
  return {.database = database_,
          .payer = payer_,
          .clock = clock_,
          .ids = ids_,
          .inbox = store_.DataDir() + "/inbox"};
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
  inbound_ = std::make_unique<payments::InboundService>(store_.App(), store_.Files(), payer_,
                                                        *keys_, clock_, ids_);

  RETURN_IF_ERROR(Annotate(Onboard(), "onboarding the hierarchy"));
  RETURN_IF_ERROR(Annotate(SetUpPrograms(), "setting up the programs"));
  RETURN_IF_ERROR(Annotate(EnrollPayees(), "enrolling payees"));
  std::set<Date> days;
  for (const auto& program : programs_) {
    for (const DemoCycle& cycle : program->plan.cycles) days.insert(cycle.business_date);
  }
  for (const Date day : days) RETURN_IF_ERROR(WorkOn(day));
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
  const DemoContext context = Context();
  ASSIGN_OR_RETURN(const std::string line, source_.Onboard(context));
  const hierarchy::HierarchyService service(database_, clock_);
  ASSIGN_OR_RETURN(snapshot_,
                   service.Snapshot(payer_, {.day = source_.HierarchyDay(), .known_at = {}}));
  progress.Finish(line);
  return OkStatus();
}

Status Demo::SetUpPrograms() {
  Progress progress("setting up programs and contracts");
  const DemoContext context = Context();
  ASSIGN_OR_RETURN(std::vector<DemoProgram> plans, source_.Programs(context, snapshot_));
  payments::BankStatements statements(store_.App(), payer_, *keys_, clock_, ids_);
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
                                       .plan = {.pays_by_check = true},
                                       .approval_tiers = {}};
    auto program = std::make_unique<ProgramWork>();
    program->deposit_account = fmt::format("99000{:04}", programs_.size() + 1);
    ASSIGN_OR_RETURN(
        const payments::DepositAccount deposit_account,
        statements.Register(plan.program.book, pool.bank_account,
                            payments::AccountNumber(program->deposit_account), maker_));
    program->plan = std::move(plan);
    program->cycles =
        std::make_unique<payments::CycleService>(database_, std::move(settings), clock_, ids_);
    programs_.push_back(std::move(program));
  }
  progress.Finish(fmt::format("{} programs, {} contracts", programs_.size(), contracts));
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
    tax_forms.push_back({.payee = payee.id, .certified_on = source_.FirstDay()});
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
                        .effective_from = source_.FirstDay()});
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
        versions, {.command = command, .reason = "enrollment", .today = source_.FirstDay()},
        bank_desk));
    if (command != payments::BankAccountCommand::kStartValidation) continue;
    RETURN_IF_ERROR(service.RecordProof(versions,
                                        {.kind = payments::AccountProofKind::kConversion,
                                         .detail = "paid to it by the former system",
                                         .today = source_.FirstDay()},
                                        bank_desk));
  }
  progress.Finish(fmt::format("{} payees, {} bank accounts", payees.size(), accounts.size()));
  return OkStatus();
}

}  // namespace sluice::demo
