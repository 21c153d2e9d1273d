#include "tests/payments/run_fixture.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "payments/ledger/events.h"
#include "payments/ledger/verify.h"
#include "tests/payments/sample_release.h"

namespace sluice::payments {
namespace {

constexpr pg::Query kInsertProgram{"test_insert_program", R"sql(
  INSERT INTO performance.program (program_id, payer_id, name, stream, lan_category, book_id,
    created_at)
  VALUES ($1, $2, 'Shared savings', $5, '3B', $3, $4)
)sql"};

constexpr pg::Query kInsertBook{"test_insert_book", R"sql(
  INSERT INTO payments.book (book_id, payer_id, program_id, kind)
  VALUES ($1, $2, $3, 0)
)sql"};

}  // namespace

void RunFixture::SetUp() {
  char name[] = "/tmp/sluice-run-XXXXXX";
  directory_ = ::mkdtemp(name);
  auto keys = FileKeyProvider::Open(directory_ + "/kek");
  ASSERT_TRUE(keys.ok());
  keys_ = std::make_unique<FileKeyProvider>(*std::move(keys));
  payer_ = db_.NewPayer("Prairie Health Plan");
  program_ = ProgramPayments{.payer = payer_,
                             .program = db_.Ids().Next<ProgramTag>(),
                             .book = db_.Ids().Next<BookTag>(),
                             .payer_code = "prairie",
                             .program_code = "savings",
                             .program_name = "Shared savings"};
  program_.pool = {.id = db_.Ids().Next<PoolTag>(),
                   .book = program_.book,
                   .name = "main",
                   .bank_account = db_.Ids().Next<BankAccountTag>()};
  program_.plan.payees_per_batch = 2;
  const Status made = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
    tx.Execute(kInsertProgram, program_.program, payer_, program_.book, db_.Clock().Now(), stream_);
    tx.Execute(kInsertBook, program_.book, payer_, program_.program);
    return OkStatus();
  });
  ASSERT_TRUE(made.ok()) << StatusMessage(made);
  const Status pool = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
    InsertPool(tx, program_.pool);
    return OkStatus();
  });
  ASSERT_TRUE(pool.ok()) << StatusMessage(pool);
}

void RunFixture::TearDown() { std::filesystem::remove_all(directory_); }

PayeeId RunFixture::EnrollPayee(std::int64_t party, PartyId under, const std::string& role) {
  PayeeService service(db_.App(), payer_, *keys_, db_.Clock(), db_.Ids());
  const auto added = service.AddPayees(
      {Payee{.party = PartyId(party),
             .kind = PayeeKind::kOrganization,
             .name = fmt::format("Practice {}", party),
             .tin = fmt::format("{:09}", 410000000 + party % 10'000'000),
             .npi = "1234567893",
             .provider = true,
             .address =
                 {.street = "1 Main Street", .city = "Minneapolis", .state = "MN", .zip = "55401"},
             .under = under,
             .role = role}},
      kBankOffice);
  EXPECT_TRUE(added.ok()) << StatusMessage(added.status());
  return added->front().id;
}

void RunFixture::RecordTaxForm(PayeeId payee) {
  PayeeService service(db_.App(), payer_, *keys_, db_.Clock(), db_.Ids());
  const TaxForm form{.payee = payee, .certified_on = db_.Clock().Now().UtcDate()};
  const Status recorded = service.RecordTaxForms({&form, 1}, kBankOffice);
  EXPECT_TRUE(recorded.ok()) << StatusMessage(recorded);
}

PayeeId RunFixture::AddPayee(std::int64_t party) {
  const PayeeId payee = EnrollPayee(party);
  RecordTaxForm(payee);
  return payee;
}

BankAccount RunFixture::AddAccount(PayeeId payee, const std::string& number) {
  PayeeService service(db_.App(), payer_, *keys_, db_.Clock(), db_.Ids());
  const auto known = accounts_.find(payee);
  const BankAccountRequest request{
      .payee = payee,
      .account =
          known == accounts_.end() ? std::nullopt : std::optional<BankAccountId>(known->second.id),
      .details = {.routing_number = "091000019", .account_number = AccountNumber(number)},
      .effective_from = MakeDate(2026, 1, 1)};
  const auto stored = service.SubmitBankAccounts(std::span(&request, 1), kBankOffice);
  EXPECT_TRUE(stored.ok()) << StatusMessage(stored.status());
  EXPECT_TRUE(
      ChangeAccount(stored->front(), BankAccountCommand::kStartValidation, kBankOffice).ok());
  Prove(stored->front());
  EXPECT_TRUE(ChangeAccount(stored->front(), BankAccountCommand::kApprove, kCompliance).ok());
  EXPECT_TRUE(ChangeAccount(stored->front(), BankAccountCommand::kActivate, kCompliance).ok());
  accounts_[payee] = stored->front();
  return stored->front();
}

PayeeId RunFixture::AddPaidPayee(std::int64_t party, PartyId under, const std::string& role) {
  const PayeeId payee = EnrollPayee(party, under, role);
  RecordTaxForm(payee);
  AddAccount(payee, std::to_string(550'000'000 + next_account_++));
  return payee;
}

Status RunFixture::ChangeAccount(const BankAccount& account, BankAccountCommand command,
                                 Actor actor) {
  PayeeService service(db_.App(), payer_, *keys_, db_.Clock(), db_.Ids());
  const AccountVersion version{account.id, account.version};
  // A change is used once its hold is over.
  const Date today =
      command == BankAccountCommand::kActivate ? kBusinessDate + Days(5) : kBusinessDate;
  return service.ChangeBankAccounts(std::span(&version, 1),
                                    {.command = command, .reason = "test", .today = today}, actor);
}

void RunFixture::Prove(const BankAccount& account) {
  PayeeService service(db_.App(), payer_, *keys_, db_.Clock(), db_.Ids());
  const AccountVersion version{account.id, account.version};
  const Status proved = service.RecordProof(
      std::span(&version, 1), {.detail = "letter of the bank, called back", .today = kBusinessDate},
      kCompliance);
  EXPECT_TRUE(proved.ok()) << StatusMessage(proved);
}

void RunFixture::Suspend(PayeeId payee) {
  EXPECT_TRUE(ChangeAccount(accounts_.at(payee), BankAccountCommand::kSuspend, kCompliance).ok());
}

void RunFixture::Fund(Money amount) {
  const BankAccountId bank = program_.pool.bank_account;
  const std::vector<Journal> journals = {
      MakeJournal(
          {.id = DerivedUuid("test_deposit", std::vector{std::to_string(db_.Ids().NextValue())}),
           .actor = kMaker.user,
           .effective_date = kBusinessDate},
          BankCredit(bank, amount)),
      MakeJournal(
          {.id = DerivedUuid("test_fund", std::vector{std::to_string(db_.Ids().NextValue())}),
           .actor = kMaker.user,
           .effective_date = kBusinessDate},
          FundPool(BankSuspenseAccount(bank), program_.pool.id, amount))};
  const auto posted = Ledger(db_.Clock()).Post(db_.App().ForPayer(payer_), program_.book, journals);
  ASSERT_TRUE(posted.ok()) << StatusMessage(posted.status());
  ASSERT_TRUE(RequireAccepted(*posted).ok());
}

AwardToPay RunFixture::Award(std::int64_t id, std::vector<ShareOf> shares, Money withheld,
                             std::int32_t version) {
  AwardToPay award{.award = AwardId(id),
                   .version = version,
                   .contract = ContractId(id + 1'000'000),
                   .stream = "ssl",
                   .line_kind = LineKind::kSharedSavingsFinal,
                   .program_name = "Shared savings",
                   .contract_name = fmt::format("A{}", id),
                   .holder_name = fmt::format("ACO {}", id),
                   .period_text = "January 1 to December 31, 2025",
                   .performance_year = 2025,
                   .withheld = withheld,
                   .steps = {{"Benchmark", "1,000.00", ""}, {"Rate", "50 %", ""}}};
  award.hash[0] = static_cast<std::uint8_t>(id);
  award.hash[1] = static_cast<std::uint8_t>(version);
  std::int32_t position = 0;
  for (const ShareOf& share : shares) {
    AwardShare made{.position = ++position,
                    .party = PartyId(share.party),
                    .amount = share.amount,
                    .steps = {{"Your share", share.amount.ToString(), ""}}};
    for (const std::int64_t ancestor : share.ancestors) made.ancestors.emplace_back(ancestor);
    award.payable += share.amount;
    award.shares.push_back(std::move(made));
  }
  award.gross = award.payable + withheld;
  return award;
}

CycleService RunFixture::Cycles() { return {db_.App(), program_, db_.Clock(), db_.Ids()}; }

ReleaseSettings RunFixture::Settings() const {
  return testing::SampleRelease(directory_, "99887766");
}

std::unique_ptr<ReleaseService> RunFixture::Releases(ReleaseHooks hooks) {
  return std::make_unique<ReleaseService>(db_.App(), db_.Files(), program_, Settings(), *keys_,
                                          db_.Clock(), db_.Ids(), std::move(hooks));
}

RunId RunFixture::Open(std::int32_t seq, RunKind kind) {
  const auto run = Cycles().Open({.name = "Shared savings 2025",
                                  .period = DateRange::Year(2025),
                                  .kind = kind,
                                  .seq = seq,
                                  .business_date = kBusinessDate},
                                 kMaker);
  EXPECT_TRUE(run.ok()) << StatusMessage(run.status());
  return run->id;
}

Digest RunFixture::Submit(RunId run, const std::vector<AwardToPay>& awards) {
  const auto totals = Cycles().Calculate(run, awards, kMaker);
  EXPECT_TRUE(totals.ok()) << StatusMessage(totals.status());
  const auto digest = Cycles().Submit(run, kMaker);
  EXPECT_TRUE(digest.ok()) << StatusMessage(digest.status());
  return digest.value_or(Digest{});
}

void RunFixture::Approve(RunId run, const Digest& digest) {
  const auto first = Cycles().Approve(run, digest, {}, kFirst);
  ASSERT_TRUE(first.ok()) << StatusMessage(first.status());
  EXPECT_EQ(*first, RunState::kInReview);
  const auto second = Cycles().Approve(run, digest, {}, kSecond);
  ASSERT_TRUE(second.ok()) << StatusMessage(second.status());
  EXPECT_EQ(*second, RunState::kApproved);
}

RunId RunFixture::Approved(const std::vector<AwardToPay>& awards, std::int32_t seq) {
  const RunId run = Open(seq, seq == 1 ? RunKind::kRegular : RunKind::kOffCycle);
  Approve(run, Submit(run, awards));
  return run;
}

RunPayee RunFixture::PayeeOf(RunId run, PayeeId payee) {
  const auto plan = Cycles().Plan(run);
  EXPECT_TRUE(plan.ok());
  for (const RunPayee& row : plan->payees) {
    if (row.payee == payee) return row;
  }
  ADD_FAILURE() << "payee " << payee.Value() << " is not in the run";
  return {};
}

Money RunFixture::Balance(const AccountKey& account) {
  const auto found = db_.App().ForPayer(payer_).Transact(
      [&](pg::Transaction& tx) { return FindBalance(tx, program_.book, account); });
  if (!found.ok()) return Money{};
  return RuleOf(account.account_class).normal == NormalSide::kDebit
             ? found->counters.DebitBalance()
             : found->counters.CreditBalance();
}

RunState RunFixture::StateOf(RunId run) {
  const auto found = Cycles().Find(run);
  EXPECT_TRUE(found.ok());
  return found->state;
}

std::map<std::string, std::string> RunFixture::DeliveredFiles() const {
  std::map<std::string, std::string> files;
  if (!std::filesystem::exists(directory_ + "/out")) return files;
  for (const auto& entry : std::filesystem::directory_iterator(directory_ + "/out")) {
    std::ifstream in(entry.path(), std::ios::binary);
    files[entry.path().filename()] =
        std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  }
  return files;
}

void RunFixture::ExpectBooksInOrder() {
  const auto accounts = db_.App().ForPayer(payer_).Transact(
      [&](pg::Transaction& tx) -> StatusOr<std::vector<AccountLine>> {
        return TrialBalance(tx, program_.book);
      });
  ASSERT_TRUE(accounts.ok());
  Money cash_half, funding_half;
  for (const AccountLine& line : *accounts) {
    const bool cash = RuleOf(line.key.account_class).half == BookHalf::kCashCoverage;
    (cash ? cash_half : funding_half) += line.counters.CreditBalance();
  }
  EXPECT_EQ(cash_half, Money{});
  EXPECT_EQ(funding_half, Money{});
  const auto verified =
      VerifyLedger(db_.Verify().ForPayer(payer_), LedgerVerifyOptions{.book = program_.book});
  ASSERT_TRUE(verified.ok()) << StatusMessage(verified.status());
  for (const LedgerFinding& finding : verified->findings) ADD_FAILURE() << finding.ToString();
}

}  // namespace sluice::payments
