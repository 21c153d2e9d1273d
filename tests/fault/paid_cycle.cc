#include "tests/fault/paid_cycle.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "core/file_digest.h"
#include "core/pg/migrate.h"
#include "payments/disbursement_store.h"
#include "payments/ledger/events.h"
#include "payments/ledger/verify.h"
#include "payments/obligation_store.h"
#include "payments/payee_service.h"
#include "payments/pluck.h"
#include "payments/run_store.h"
#include "tests/inbound/bai2_sample.h"
#include "tests/inbound/bank_simulator.h"
#include "tests/payments/sample_release.h"

namespace sluice::payments {
namespace {

namespace fs = std::filesystem;

constexpr Actor kMaker{UserId(1)};
constexpr Actor kBankOffice{UserId(2)};
constexpr Actor kCompliance{UserId(3)};
constexpr Actor kFirst{UserId(11)};
constexpr Actor kService{UserId(99), false};
constexpr const char* kDepositNumber = "0099887766";
constexpr std::int64_t kSharesOfAward = 100;
constexpr std::int64_t kReturnEvery = 8;
constexpr std::int64_t kStartMicros = 1'790'856'000'000'000;  // 2026-10-01T12:00:00Z
constexpr std::int64_t kHour = std::int64_t{3'600} * 1'000'000;

Date BusinessDate() { return MakeDate(2026, 10, 1); }
Date ReturnDay() { return MakeDate(2026, 10, 6); }

constexpr pg::Query kInsertPayer{"fault_insert_payer", R"sql(
  INSERT INTO core.payer (payer_id, name, tin) VALUES ($1, 'Prairie Health Plan', '411111111')
)sql"};
constexpr pg::Query kInsertProgram{"fault_insert_program", R"sql(
  INSERT INTO performance.program (program_id, payer_id, name, stream, lan_category, book_id,
    created_at)
  VALUES ($1, $2, 'Shared savings', 'ssl', '3B', $3, $4)
)sql"};
constexpr pg::Query kInsertBook{"fault_insert_book", R"sql(
  INSERT INTO payments.book (book_id, payer_id, program_id, kind) VALUES ($1, $2, $3, 0)
)sql"};

std::int64_t PartyOf(std::int64_t payee) { return 10 + payee; }
Money ShareOf(std::int64_t payee, std::int64_t line) {
  return Money::FromCents(10'000 + payee % 97 * 37 + line * 11);
}

AwardToPay MakeAward(std::int64_t id, std::int64_t first_payee, std::int64_t payees,
                     std::int64_t line) {
  AwardToPay award{.award = AwardId(id),
                   .contract = ContractId(1'000'000 + id),
                   .stream = "ssl",
                   .line_kind = LineKind::kSharedSavingsFinal,
                   .program_name = "Shared savings",
                   .contract_name = fmt::format("A{}", id),
                   .holder_name = fmt::format("ACO {}", id),
                   .period_text = "January 1 to December 31, 2025",
                   .performance_year = 2025,
                   .steps = {{"Rate", "50 %", ""}}};
  award.hash[0] = static_cast<std::uint8_t>(id & 0xFF);
  award.hash[1] = static_cast<std::uint8_t>(id >> 8);
  for (std::int64_t i = 0; i < payees; ++i) {
    const Money amount = ShareOf(first_payee + i, line);
    award.shares.push_back({.position = static_cast<std::int32_t>(i + 1),
                            .party = PartyId(PartyOf(first_payee + i)),
                            .amount = amount,
                            .steps = {{"Your share", amount.ToString(), ""}}});
    award.payable += amount;
  }
  award.gross = award.payable;
  return award;
}

std::vector<AwardToPay> MakeAwards(const PaidCyclePlan& plan) {
  std::vector<AwardToPay> awards;
  for (std::int64_t first = 0; first < plan.payees; first += kSharesOfAward) {
    const std::int64_t count = std::min(kSharesOfAward, plan.payees - first);
    for (std::int64_t line = 0; line < plan.lines_of_payee; ++line) {
      awards.push_back(MakeAward(static_cast<std::int64_t>(awards.size()) + 1, first, count, line));
    }
  }
  return awards;
}

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::vector<fs::path> FilesIn(const std::string& directory, std::string_view ending) {
  std::vector<fs::path> paths;
  if (!fs::exists(directory)) return paths;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().filename().string().ends_with(ending)) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  return paths;
}

StatusOr<pg::Database> OpenDatabase(pg::ConnectOptions options) {
  options.pool_size = 6;
  // A server that was killed does not come back here: nothing is gained by asking it longer.
  options.verdict_timeout = std::chrono::milliseconds(2'000);
  return pg::Database::Open(options);
}

}  // namespace

PaidCycle::PaidCycle(const std::string& directory)
    : directory_(directory),
      clock_(Instant::FromMicros(kStartMicros)),
      ids_(clock_, 1),
      later_ids_(real_clock_, 2),
      settings_(testing::SampleRelease(directory, kDepositNumber)) {
  program_ = ProgramPayments{.payer = ids_.Next<PayerTag>(),
                             .program = ids_.Next<ProgramTag>(),
                             .book = ids_.Next<BookTag>(),
                             .payer_code = "prairie",
                             .program_code = "savings",
                             .program_name = "Shared savings"};
  program_.pool = {.id = ids_.Next<PoolTag>(),
                   .book = program_.book,
                   .name = "main",
                   .bank_account = ids_.Next<BankAccountTag>()};
  // What the plan of the directory set; Prepare() writes it.
  std::ifstream plan(directory + "/plan");
  plan >> program_.plan.payees_per_batch >> settings_.write_pdf >> settings_.statements_per_pdf;
  if (plan) clock_.Set(Instant::FromMicros(kStartMicros + kHour));
}

PaidCycle::~PaidCycle() = default;

StatusOr<std::unique_ptr<PaidCycle>> PaidCycle::Open(const std::string& directory) {
  return Open(directory, {});
}

StatusOr<std::unique_ptr<PaidCycle>> PaidCycle::Open(const std::string& directory,
                                                     const ServerSettings& settings) {
  fs::create_directories(directory);
  ::chmod(directory.c_str(), 0711);
  std::unique_ptr<PaidCycle> cycle(new PaidCycle(directory));
  ASSIGN_OR_RETURN(FileKeyProvider keys, FileKeyProvider::Open(directory + "/kek"));
  cycle->keys_ = std::make_unique<FileKeyProvider>(std::move(keys));
  ASSIGN_OR_RETURN(cycle->server_,
                   pg::EmbeddedServer::Start({.directory = directory + "/db",
                                              .durable = settings.durable,
                                              .shared_buffers_mb = settings.shared_buffers_mb}));
  RETURN_IF_ERROR(cycle->OpenDatabases());
  return cycle;
}

Status PaidCycle::OpenDatabases() {
  ASSIGN_OR_RETURN(admin_, OpenDatabase(server_->Admin()));
  RETURN_IF_ERROR(
      pg::Migrate(*admin_, pg::EmbeddedMigrations(), Instant::FromMicros(kStartMicros)).status());
  ASSIGN_OR_RETURN(app_, OpenDatabase(server_->App()));
  ASSIGN_OR_RETURN(files_, OpenDatabase(server_->Files()));
  ASSIGN_OR_RETURN(verify_, OpenDatabase(server_->Verify()));
  return OkStatus();
}

Status PaidCycle::ConnectThrough(const pg::ConnectOptions& app, const pg::ConnectOptions& files) {
  ASSIGN_OR_RETURN(app_, OpenDatabase(app));
  ASSIGN_OR_RETURN(files_, OpenDatabase(files));
  return OkStatus();
}

Status PaidCycle::Prepare(const PaidCyclePlan& plan) {
  program_.plan.payees_per_batch = plan.payees_per_batch;
  settings_.write_pdf = plan.write_pdf;
  settings_.statements_per_pdf = plan.statements_per_pdf;
  RETURN_IF_ERROR(MakePayer());
  RETURN_IF_ERROR(MakePayees(plan));
  Money total;
  for (const AwardToPay& award : MakeAwards(plan)) total += award.payable;
  RETURN_IF_ERROR(FundPool(total + total));
  RETURN_IF_ERROR(ApproveRun(plan));
  std::ofstream(directory_ + "/plan")
      << plan.payees_per_batch << ' ' << plan.write_pdf << ' ' << plan.statements_per_pdf << '\n';
  clock_.Set(Instant::FromMicros(kStartMicros + kHour));
  return OkStatus();
}

Status PaidCycle::MakePayer() {
  RETURN_IF_ERROR(admin_->Transact([&](pg::Transaction& tx) -> Status {
    tx.Execute(kInsertPayer, program_.payer);
    tx.Execute(kInsertProgram, program_.program, program_.payer, program_.book, clock_.Now());
    tx.Execute(kInsertBook, program_.book, program_.payer, program_.program);
    return OkStatus();
  }));
  RETURN_IF_ERROR(app_->ForPayer(program_.payer).Transact([&](pg::Transaction& tx) -> Status {
    InsertPool(tx, program_.pool);
    return OkStatus();
  }));
  for (const DataKeyPurpose purpose : {DataKeyPurpose::kSeal, DataKeyPurpose::kBlindIndex}) {
    RETURN_IF_ERROR(
        EnsureDataKey(app_->ForPayer(program_.payer), program_.payer, purpose, *keys_, clock_, ids_)
            .status());
  }
  BankStatements statements(*app_, program_.payer, *keys_, clock_, ids_);
  return statements
      .Register(program_.book, program_.pool.bank_account, AccountNumber(kDepositNumber),
                kBankOffice)
      .status();
}

Status PaidCycle::MakePayees(const PaidCyclePlan& plan) {
  // Bounded, so that no transaction waits long for its rows to be sealed.
  constexpr std::int64_t kAtOnce = 20'000;
  for (std::int64_t first = 0; first < plan.payees; first += kAtOnce) {
    RETURN_IF_ERROR(MakePayees(first, std::min(first + kAtOnce, plan.payees)));
  }
  return OkStatus();
}

Status PaidCycle::MakePayees(std::int64_t first, std::int64_t last) {
  PayeeService service(*app_, program_.payer, *keys_, clock_, ids_);
  std::vector<Payee> payees;
  for (std::int64_t i = first; i < last; ++i) {
    payees.push_back(
        {.party = PartyId(PartyOf(i)),
         .kind = PayeeKind::kOrganization,
         .name = fmt::format("Practice {}", i),
         .tin = fmt::format("{:09}", 410'000'000 + i),
         .npi = "1234567893",
         .provider = true,
         .address = {
             .street = "1 Main Street", .city = "Minneapolis", .state = "MN", .zip = "55401"}});
  }
  ASSIGN_OR_RETURN(payees, service.AddPayees(std::move(payees), kBankOffice));
  std::vector<TaxForm> forms;
  std::vector<BankAccountRequest> requests;
  std::int64_t number = 550'000'000 + first;
  for (const Payee& payee : payees) {
    forms.push_back({.payee = payee.id, .certified_on = MakeDate(2026, 1, 1)});
    requests.push_back({.payee = payee.id,
                        .details = {.routing_number = "091000019",
                                    .account_number = AccountNumber(std::to_string(number++))},
                        .effective_from = MakeDate(2026, 1, 1)});
  }
  RETURN_IF_ERROR(service.RecordTaxForms(forms, kBankOffice));
  ASSIGN_OR_RETURN(const auto accounts, service.SubmitBankAccounts(requests, kBankOffice));
  std::vector<AccountVersion> versions;
  for (const BankAccount& account : accounts) versions.push_back({account.id, account.version});
  const auto change = [&](BankAccountCommand command, Actor actor) {
    return service.ChangeBankAccounts(
        versions, {.command = command, .reason = "test", .today = BusinessDate()}, actor);
  };
  RETURN_IF_ERROR(change(BankAccountCommand::kStartValidation, kBankOffice));
  RETURN_IF_ERROR(service.RecordProof(
      versions, {.detail = "letter of the bank", .today = BusinessDate()}, kCompliance));
  RETURN_IF_ERROR(change(BankAccountCommand::kApprove, kCompliance));
  return change(BankAccountCommand::kActivate, kCompliance);
}

Status PaidCycle::FundPool(Money amount) {
  const BankAccountId bank = program_.pool.bank_account;
  JournalHeader header{.id = DerivedUuid("fault_deposit", std::vector<std::string>{"1"}),
                       .actor = kMaker.user,
                       .effective_date = BusinessDate()};
  std::vector<Journal> journals = {MakeJournal(header, BankCredit(bank, amount))};
  header.id = DerivedUuid("fault_fund", std::vector<std::string>{"1"});
  journals.push_back(
      MakeJournal(header, payments::FundPool(BankSuspenseAccount(bank), program_.pool.id, amount)));
  ASSIGN_OR_RETURN(const auto posted,
                   Ledger(clock_).Post(app_->ForPayer(program_.payer), program_.book, journals));
  return RequireAccepted(posted);
}

Status PaidCycle::ApproveRun(const PaidCyclePlan& plan) {
  CycleService cycles(*app_, program_, clock_, ids_);
  ASSIGN_OR_RETURN(const Run run, cycles.Open({.name = "Shared savings 2025",
                                               .period = DateRange::Year(2025),
                                               .business_date = BusinessDate()},
                                              kMaker));
  RETURN_IF_ERROR(cycles.Calculate(run.id, MakeAwards(plan), kMaker).status());
  ASSIGN_OR_RETURN(const Digest digest, cycles.Submit(run.id, kMaker));
  for (std::int64_t approver = 11; approver < 15; ++approver) {
    ASSIGN_OR_RETURN(const RunState state,
                     cycles.Approve(run.id, digest, {}, Actor{UserId(approver)}));
    if (state == RunState::kApproved) return OkStatus();
  }
  return FailedPrecondition("four approvals were not enough");
}

StatusOr<RunId> PaidCycle::TheRun() {
  return app_->ForPayer(program_.payer).Transact([&](pg::Transaction& tx) -> StatusOr<RunId> {
    const auto cycle = FindCycleOfPeriod(tx, program_.book, DateRange::Year(2025));
    if (!cycle) return NotFound("nothing is prepared in {}", directory_);
    return LoadRuns(tx, program_.book, cycle->id).front().id;
  });
}

StatusOr<RunState> PaidCycle::State() {
  ASSIGN_OR_RETURN(const RunId id, TheRun());
  ASSIGN_OR_RETURN(const Run run, CycleService(*app_, program_, clock_, ids_).Find(id));
  return run.state;
}

std::unique_ptr<ReleaseService> PaidCycle::Releases() {
  return std::make_unique<ReleaseService>(*app_, *files_, program_, settings_, *keys_, clock_,
                                          later_ids_, hooks_);
}

void PaidCycle::DeliverOverSftp() {
  using ::sluice::testing::SftpServer;
  if (!SftpServer::WhyNot().empty()) return;
  sftp_ = std::make_unique<SftpServer>(directory_ + "/ssh");
  settings_.bank_server = "bank";
  settings_.servers.insert_or_assign("bank", sftp_->Place("bank", Outbox()));
}

std::unique_ptr<InboundService> PaidCycle::Inbound() {
  return std::make_unique<InboundService>(*app_, *files_, program_.payer, *keys_, clock_,
                                          later_ids_);
}

Status PaidCycle::Release() {
  ASSIGN_OR_RETURN(const RunId run, TheRun());
  ASSIGN_OR_RETURN(const RunState state, State());
  if (state == RunState::kApproved) return Releases()->Release(run, kService);
  return Releases()->Resume(run, kService);
}

Status PaidCycle::Work() {
  ASSIGN_OR_RETURN(const RunState state, State());
  if (state == RunState::kClosed) return OkStatus();
  RETURN_IF_ERROR(Release());
  RETURN_IF_ERROR(TakeBankFiles());
  ASSIGN_OR_RETURN(const RunId run, TheRun());
  return Releases()->Close(run, kFirst);
}

// The bank debits each file, then sends some entries back, and their money with the next statement.
Status PaidCycle::TakeBankFiles() {
  std::vector<testing::SampleDebit> settled, refunds;
  std::vector<testing::BankAnswer> returned;
  std::int64_t funded = 0;
  for (const fs::path& path : FilesIn(Outbox(), ".ach")) {
    std::int64_t total = 0;
    std::int64_t number = 0;
    for (const testing::BankEntry& entry : testing::EntriesOf(ReadFile(path))) {
      total += entry.cents;
      if (number++ % kReturnEvery != 0) continue;
      returned.push_back({entry, "R03"});
      refunds.push_back({"257", entry.cents, fmt::format("RET{}", returned.size()),
                         entry.identification, "RETURN ITEM"});
    }
    settled.push_back({"466", total, "ACH1", "", "ACH SETTLEMENT"});
    funded += 2 * total;
  }
  std::int64_t closing = 0;
  for (const auto& line : settled) closing -= line.cents;
  settled.insert(settled.begin(), {"142", funded, "DEP1", "", "FUNDING"});
  closing += funded;
  RETURN_IF_ERROR(TakeBankFile(
      "BAI1", testing::WriteBai2({testing::AccountOf(kDepositNumber, 0, settled)}, "261002")));
  RETURN_IF_ERROR(TakeBankFile("RET1.ach", testing::Write(testing::AnswersOf(returned))));
  return TakeBankFile(
      "BAI2", testing::WriteBai2({testing::AccountOf(kDepositNumber, closing, refunds)}, "261006"));
}

// All on one business day: what an interrupted day left is applied with the first file of the next
// attempt, whatever that is.
Status PaidCycle::TakeBankFile(const std::string& name, const std::string& bytes) {
  const auto inbound = Inbound();
  RETURN_IF_ERROR(inbound->Receive(name, bytes, kService).status());
  return inbound->Apply(ReturnDay(), kService).status();
}

Status PaidCycle::CheckMoney(const std::vector<Disbursement>& payments) {
  std::map<std::string, std::int64_t> owed, sent;
  for (const Disbursement& row : payments) {
    if (row.rail == Rail::kAch && row.state != DisbursementState::kVoided) {
      owed[row.payment_key] += row.amount.Cents();
    }
  }
  for (const fs::path& path : FilesIn(Outbox(), ".ach")) {
    for (const testing::BankEntry& entry : testing::EntriesOf(ReadFile(path))) {
      const std::string key = entry.identification.substr(0, entry.identification.find(' '));
      if (!sent.emplace(key, entry.cents).second) return DataLoss("payment {} is sent twice", key);
    }
  }
  if (owed != sent) {
    return DataLoss("{} payments are owed and {} are in the files, or of other amounts",
                    owed.size(), sent.size());
  }
  ASSIGN_OR_RETURN(const LedgerVerifyReport report,
                   VerifyLedger(verify_->ForPayer(program_.payer), {}));
  if (!report.Clean()) return DataLoss("{}", report.findings.front().ToString());
  return OkStatus();
}

StatusOr<std::string> PaidCycle::Observe() {
  ASSIGN_OR_RETURN(const RunId run_id, TheRun());
  const pg::Database db = app_->ForPayer(program_.payer);
  std::vector<Disbursement> payments;
  std::vector<std::string> lines;
  std::string balances;
  RETURN_IF_ERROR(db.Transact([&](pg::Transaction& tx) -> Status {
    lines.clear();
    const Run run = FindRun(tx, program_.book, run_id).value();
    lines.push_back(fmt::format("run {}", RunStateName(run.state)));
    payments = LoadDisbursements(tx, program_.book, run_id);
    for (const Disbursement& row : payments) {
      lines.push_back(fmt::format("payment {} {} {} {}", row.payment_key, row.payee, row.amount,
                                  DisbursementStateName(row.state)));
    }
    for (const ObligationRow& row :
         LoadObligations(tx, program_.book, Pluck(LoadPlan(tx, run).lines, &RunLine::obligation))) {
      lines.push_back(
          fmt::format("obligation {} {} {}", row.id, row.amount, static_cast<int>(row.state)));
    }
    for (const PaymentFile& file : LoadFiles(tx, program_.book, run_id)) {
      lines.push_back(fmt::format("file {} {}", file.name, FileStateName(file.state)));
    }
    balances = FormatTrialBalance(TrialBalance(tx, program_.book));
    for (EntryFilter filter{.limit = 1'000};;) {
      const auto page = ListEntries(tx, program_.book, filter);
      for (const EntryLine& entry : page) {
        lines.push_back(fmt::format("entry {} {} {} {} {}", EventName(entry.event),
                                    entry.debit.ToString(), entry.credit.ToString(), entry.amount,
                                    FormatDate(entry.effective_date)));
      }
      if (page.size() < 1'000) return OkStatus();
      filter.after = {page.back().batch_seq, page.back().position};
    }
  }));
  for (const fs::path& path : FilesIn(Outbox(), "")) {
    ASSIGN_OR_RETURN(const FileDigest digest, DigestFile(path.string()));
    lines.push_back(fmt::format("outbox {} {} {}", path.filename().string(), digest.bytes,
                                ToHex(digest.sha256)));
  }
  RETURN_IF_ERROR(CheckMoney(payments));
  std::ranges::sort(lines);
  std::string text = balances;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace sluice::payments
