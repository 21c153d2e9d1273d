#include "payments/enrollment/account_test_service.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/check.h"
#include "core/crypto.h"
#include "payments/disbursement_store.h"
#include "payments/enrollment/account_proof_store.h"
#include "payments/ledger/events.h"
#include "payments/ledger/ledger.h"
#include "payments/notices/contact_notices.h"
#include "payments/payee_service.h"
#include "payments/pluck.h"
#include "payments/remittance/ach_writer.h"

namespace sluice::payments {

// A file's bytes, with what is stored beside them.
struct AccountTestService::Built {
  AchFile file;
  std::vector<TestEntry> entries;
  Money total;
};

namespace {

constexpr int kEntriesOfMicroDeposits = 2;

Bytes MicroAad(PayerId payer, std::int64_t test) {
  return CanonicalWriter("sluice.micro.v1").I64(payer.Value()).I64(test).Data();
}

std::string_view BytesOf(const MicroAmounts& amounts) {
  const auto& cents = amounts.Reveal();
  return {reinterpret_cast<const char*>(cents.data()), sizeof cents};
}

StatusOr<MicroAmounts> AmountsOf(std::string_view bytes) {
  std::array<std::int64_t, 2> cents{};
  if (bytes.size() != sizeof cents) return DataLoss("the amounts of a test are damaged");
  std::copy_n(bytes.data(), bytes.size(), reinterpret_cast<char*>(cents.data()));
  return MicroAmounts(cents);
}

// Moves a version by a command, which fits.
void MoveVersion(pg::Transaction& tx, PayerId payer, const BankAccount& account,
                 BankAccountCommand command, const std::string& reason, const Recorded& recorded) {
  const auto next = ApplyBankAccountCommand(account.state, command);
  CHECK(next.ok());
  const BankAccountMove move{account.id, account.version, account.payee, *next};
  MoveBankAccounts(tx, payer, std::span(&move, 1), reason, recorded);
}

std::optional<BankAccount> LockVersion(pg::Transaction& tx, PayerId payer,
                                       const AccountVersion& version) {
  for (BankAccount& account : LockBankAccounts(tx, payer, std::span(&version.account, 1))) {
    if (account.version == version.version) return std::move(account);
  }
  return std::nullopt;
}

void Pass(pg::Transaction& tx, PayerId payer, AccountTest& test, const std::string& detail,
          Date today, const Recorded& recorded) {
  test.state = AccountTestState::kPassed;
  test.result = detail;
  SaveAccountTest(tx, payer, test, recorded.at);
  const AccountProof proof{.account = test.account,
                           .version = test.version,
                           .payee = test.payee,
                           .kind = test.kind == AccountTestKind::kPrenote
                                       ? AccountProofKind::kPrenote
                                       : AccountProofKind::kMicroDeposits,
                           .detail = detail,
                           .proved_on = today};
  InsertProofs(tx, payer, std::span(&proof, 1), recorded);
}

// The entries of some tests. They hold views: what they look at stays where it is.
class TestEntries {
 public:
  explicit TestEntries(std::size_t tests) {
    accounts_.reserve(tests);
    identifications_.reserve(tests);
  }

  void Add(const AccountTest& test, const Payee& payee, AccountKind kind,
           BankAccountDetails details, const std::optional<MicroAmounts>& amounts,
           Date effective_date) {
    accounts_.push_back(std::move(details));
    identifications_.push_back(FormatId("", test.id).substr(1));
    AchEntry entry{.payment_key = identifications_.back(),
                   .receiver_name = payee.name,
                   .routing_number = accounts_.back().routing_number,
                   .account_number = accounts_.back().account_number.Reveal(),
                   .effective_date = effective_date,
                   .kind = payee.kind,
                   .account_kind = kind,
                   .account_test = true};
    std::vector<std::int64_t> cents_of_entries = {0};
    if (amounts) {
      cents_of_entries.assign(amounts->Reveal().begin(), amounts->Reveal().end());
      entry.description = AchDescription::kAccountVerify;
    }
    for (const std::int64_t cents : cents_of_entries) {
      entry.amount_cents = cents;
      total_ += Money::FromCents(cents);
      entries_.push_back(entry);
      test_of_entry_.push_back(test.id);
    }
  }
  std::span<const AchEntry> All() const { return entries_; }
  std::int64_t TestOf(std::size_t entry) const { return test_of_entry_.at(entry); }
  Money Total() const { return total_; }

 private:
  std::vector<BankAccountDetails> accounts_;
  std::vector<std::string> identifications_;
  std::vector<AchEntry> entries_;
  std::vector<std::int64_t> test_of_entry_;
  Money total_;
};

}  // namespace

std::string FailAccountTest(pg::Transaction& tx, PayerId payer, std::int64_t id,
                            const std::string& why, const Recorded& recorded) {
  auto test = LockAccountTest(tx, payer, id);
  CHECK(test.has_value());
  if (test->state == AccountTestState::kFailed) return "the test had failed already";
  const auto account = LockVersion(tx, payer, {test->account, test->version});
  CHECK(account.has_value());
  test->state = AccountTestState::kFailed;
  test->result = why;
  SaveAccountTest(tx, payer, *test, recorded.at);
  if (account->state == BankAccountState::kActive) {
    MoveVersion(tx, payer, *account, BankAccountCommand::kSuspend, why, recorded);
    return "the account was in use and is stopped";
  }
  if (!ApplyBankAccountCommand(account->state, BankAccountCommand::kReject).ok()) {
    return fmt::format("the version is {} and stays so", BankAccountStateName(account->state));
  }
  MoveVersion(tx, payer, *account, BankAccountCommand::kReject, why, recorded);
  return "the version is rejected: ask the payee for another account";
}

StatusOr<std::vector<AccountTest>> AccountTestService::Request(
    std::span<const AccountVersion> versions, AccountTestKind kind, Actor actor) {
  ASSIGN_OR_RETURN(const DataKey seal,
                   EnsureDataKey(app_, payer_, DataKeyPurpose::kSeal, keys_, clock_, ids_));
  ASSIGN_OR_RETURN(const DataKey index,
                   EnsureDataKey(app_, payer_, DataKeyPurpose::kBlindIndex, keys_, clock_, ids_));
  const Recorded recorded{actor.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<AccountTest>> {
    std::vector<AccountTest> tests;
    for (const AccountVersion& version : versions) {
      const auto account = LockVersion(tx, payer_, version);
      if (!account) {
        return NotFound("bank account {} has no version {}", version.account, version.version);
      }
      if (account->state == BankAccountState::kSubmitted) {
        MoveVersion(tx, payer_, *account, BankAccountCommand::kStartValidation,
                    std::string(AccountTestKindName(kind)), recorded);
      } else if (account->state != BankAccountState::kValidating) {
        return FailedPrecondition("bank account {} version {} is {}: only a new one is tested",
                                  version.account, version.version,
                                  BankAccountStateName(account->state));
      }
      NewAccountTest fresh{.test = {.id = ids_.NextValue(),
                                    .account = account->id,
                                    .version = account->version,
                                    .payee = account->payee,
                                    .kind = kind}};
      if (kind == AccountTestKind::kMicroDeposits) {
        const MicroAmounts amounts = DrawMicroAmounts();
        fresh.amounts = SealBytes(seal, BytesOf(amounts), MicroAad(payer_, fresh.test.id));
        fresh.amounts_index = MicroAmountsIndex(index, payer_, fresh.test.id, amounts);
      }
      RETURN_IF_ERROR(InsertAccountTest(tx, payer_, fresh, recorded));
      tests.push_back(std::move(fresh.test));
    }
    return tests;
  });
}

StatusOr<std::optional<SideFile>> AccountTestService::Open(const ProgramPayments& program,
                                                           const ReleaseSettings& settings,
                                                           Date today, const Recorded& recorded) {
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::optional<SideFile>> {
    if (auto unfinished =
            LockUnfinishedSideFile(tx, payer_, program.book, SideFileKind::kAccountTests)) {
      return unfinished;
    }
    std::vector<AccountTest> waiting = LockAccountTests(tx, payer_, AccountTestState::kWaits);
    if (waiting.empty()) return std::optional<SideFile>();
    std::int32_t entries = 0;
    for (const AccountTest& test : waiting) {
      entries += test.kind == AccountTestKind::kPrenote ? 1 : kEntriesOfMicroDeposits;
    }
    ASSIGN_OR_RETURN(const SideFile file, side_files_.Open(tx, SideFileKind::kAccountTests, program,
                                                           settings, today, entries, recorded));
    for (AccountTest& test : waiting) {
      test.state = AccountTestState::kInFile;
      test.file = file.id;
      SaveAccountTest(tx, payer_, test, std::nullopt);
    }
    Announce(tx, waiting, file.effective_date, recorded.at);
    return std::optional(file);
  });
}

// Deposits are told to the contacts of their payees; a prenote is nothing that a payee sees.
void AccountTestService::Announce(pg::Transaction& tx, std::span<const AccountTest> tests,
                                  Date effective_date, Instant at) {
  std::map<std::pair<BankAccountId, std::int32_t>, BankAccount> accounts;
  const auto payees = Pluck(tests, &AccountTest::payee);
  for (BankAccount& account : LoadBankAccountsOfPayees(tx, payer_, payees)) {
    const auto key = std::pair{account.id, account.version};
    accounts.emplace(key, std::move(account));
  }
  std::map<PayeeId, std::string> names;
  for (Payee& payee : LoadPayees(tx, payees)) names.emplace(payee.id, std::move(payee.name));
  std::vector<NoticeDraft> drafts;
  for (const AccountTest& test : tests) {
    if (test.kind != AccountTestKind::kMicroDeposits) continue;
    drafts.push_back({.kind = NoticeKind::kTestDeposits,
                      .payee = test.payee,
                      .account = test.account,
                      .version = test.version,
                      .body = TestDepositsText(accounts.at({test.account, test.version}),
                                               names.at(test.payee), effective_date)});
  }
  WriteToContacts(tx, payer_, drafts, at);
}

StatusOr<AccountTestService::Built> AccountTestService::Draw(const SideFile& file,
                                                             const ReleaseSettings& settings) {
  ASSIGN_OR_RETURN(auto keys, UnwrapDataKeys(files_, payer_, keys_));
  struct Rows {
    std::vector<SealedTest> tests;
    std::map<std::pair<BankAccountId, std::int32_t>, VaultRow> vault;
    std::map<PayeeId, Payee> payees;
  };
  ASSIGN_OR_RETURN(const Rows rows, files_.Transact([&](pg::Transaction& tx) -> StatusOr<Rows> {
    Rows found{.tests = LoadTestsOfFile(tx, payer_, file.id)};
    std::vector<AccountVersion> versions;
    std::vector<PayeeId> payees;
    for (const SealedTest& sealed : found.tests) {
      versions.push_back({sealed.test.account, sealed.test.version});
      payees.push_back(sealed.test.payee);
    }
    for (VaultRow& row : LoadSealedAccounts(tx, payer_, versions)) {
      const auto key = std::pair{row.slot.account, row.slot.version};
      found.vault.emplace(key, std::move(row));
    }
    for (Payee& payee : LoadPayees(tx, payees)) found.payees.emplace(payee.id, std::move(payee));
    return found;
  }));

  TestEntries entries(rows.tests.size());
  const AccountOpener opener(keys);
  for (const SealedTest& sealed : rows.tests) {
    const AccountTest& test = sealed.test;
    const VaultRow& vault = rows.vault.at({test.account, test.version});
    ASSIGN_OR_RETURN(BankAccountDetails details,
                     opener.Open({payer_, test.payee, test.account, test.version}, vault.sealed));
    std::optional<MicroAmounts> amounts;
    if (sealed.amounts) {
      ASSIGN_OR_RETURN(const std::string bytes,
                       OpenBytes(keys, *sealed.amounts, MicroAad(payer_, test.id),
                                 fmt::format("test {}", test.id)));
      ASSIGN_OR_RETURN(amounts, AmountsOf(bytes));
    }
    entries.Add(test, rows.payees.at(test.payee), vault.kind, std::move(details), amounts,
                file.effective_date);
  }
  // Offsets of a balanced file would be entries of zero.
  BankProfile bank = settings.bank;
  bank.balanced = false;
  ASSIGN_OR_RETURN(AchFile ach, side_files_.Write(file, bank, entries.All()));
  Built built{.total = entries.Total()};
  for (const AchPlacement& placement : ach.placements) {
    const AchEntry& entry = entries.All()[placement.entry];
    built.entries.push_back({.file = file.id,
                             .trace = TraceOf(bank, placement.trace_sequence),
                             .test = entries.TestOf(placement.entry),
                             .rdfi = std::string(entry.routing_number.substr(0, 8)),
                             .company_id = bank.company_id});
  }
  built.file = std::move(ach);
  return built;
}

Status AccountTestService::Build(const SideFile& file, const ReleaseSettings& settings) {
  ASSIGN_OR_RETURN(const Built built, Draw(file, settings));
  return side_files_.Store(file, built.file, built.total, [&](pg::Transaction& tx) {
    InsertTestEntries(tx, payer_, built.entries);
  });
}

Status AccountTestService::PostCost(const ProgramPayments& program, const SideFile& file,
                                    Money total, Date today, Actor actor) {
  if (total.IsZero()) return OkStatus();
  const Journal cost =
      MakeJournal({.id = DerivedUuid("account_tests", std::vector{std::to_string(payer_.Value()),
                                                                  std::to_string(file.id.Value())}),
                   .source_id = file.id.Value(),
                   .actor = actor.user,
                   .effective_date = today},
                  BankFee(program.program, program.pool.id,
                          BankSuspenseAccount(program.pool.bank_account), total));
  ASSIGN_OR_RETURN(const auto results,
                   Ledger(clock_).Post(app_, program.book, std::span(&cost, 1)));
  const Status accepted = RequireAccepted(results);
  if (!accepted.ok()) {
    return Annotate(accepted, fmt::format("the micro-deposits of file {}", file.name));
  }
  return OkStatus();
}

Status AccountTestService::Deliver(const SideFile& file, const ReleaseSettings& settings) {
  return side_files_.Deliver(file, settings, [&](pg::Transaction& tx) -> Status {
    for (AccountTest& test : LockAccountTests(tx, payer_, AccountTestState::kInFile)) {
      if (test.file != file.id) continue;
      test.state = AccountTestState::kSent;
      test.passes_on = PrenotePassesOn(file.effective_date);
      SaveAccountTest(tx, payer_, test, std::nullopt);
    }
    return OkStatus();
  });
}

StatusOr<std::optional<SentTests>> AccountTestService::Send(const ProgramPayments& program,
                                                            const ReleaseSettings& settings,
                                                            Date today, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  std::optional<SideFile> file;
  // Once to open, once to see what was built.
  for (;;) {
    ASSIGN_OR_RETURN(file, Open(program, settings, today, recorded));
    if (!file) return std::optional<SentTests>();
    if (file->state != SideFileState::kBuilding) break;
    RETURN_IF_ERROR(Build(*file, settings));
  }
  RETURN_IF_ERROR(PostCost(program, *file, file->total.value_or(Money{}), today, actor));
  RETURN_IF_ERROR(Deliver(*file, settings));
  return std::optional(SentTests{
      .file_name = file->name, .tests = file->entry_count, .effective_date = file->effective_date});
}

StatusOr<std::vector<AccountTest>> AccountTestService::Settle(Date today, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<AccountTest>> {
    std::vector<AccountTest> passed;
    for (AccountTest& test : LockAccountTests(tx, payer_, AccountTestState::kSent)) {
      if (test.kind != AccountTestKind::kPrenote || today < *test.passes_on) continue;
      const auto account = LockVersion(tx, payer_, {test.account, test.version});
      CHECK(account.has_value());
      if (account->state != BankAccountState::kValidating) {
        // Proved otherwise, or given up: the test is over all the same.
        test.state = AccountTestState::kPassed;
        test.result = fmt::format("nothing came back; by then the version was {}",
                                  BankAccountStateName(account->state));
        SaveAccountTest(tx, payer_, test, recorded.at);
        continue;
      }
      Pass(tx, payer_, test,
           fmt::format("prenote {}, nothing came back until {}", FormatId("", test.id).substr(1),
                       FormatDate(*test.passes_on)),
           today, recorded);
      passed.push_back(std::move(test));
    }
    return passed;
  });
}

StatusOr<AccountTest> AccountTestService::Confirm(const AccountVersion& version,
                                                  const MicroAmounts& answer, Date today,
                                                  Actor actor) {
  ASSIGN_OR_RETURN(const DataKey index,
                   EnsureDataKey(app_, payer_, DataKeyPurpose::kBlindIndex, keys_, clock_, ids_));
  const Recorded recorded{actor.user, clock_.Now()};
  // A wrong answer counts, so it is no error of the transaction.
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<AccountTest> {
    const auto account = LockVersion(tx, payer_, version);
    auto open = LockOpenTest(tx, payer_, version);
    if (!account || !open || open->test.kind != AccountTestKind::kMicroDeposits) {
      return NotFound("bank account {} version {} has no micro-deposits that wait for an answer",
                      version.account, version.version);
    }
    AccountTest& test = open->test;
    if (test.state != AccountTestState::kSent) {
      return FailedPrecondition(
          "the micro-deposits of bank account {} version {} were not sent yet", version.account,
          version.version);
    }
    if (account->state != BankAccountState::kValidating) {
      return FailedPrecondition("bank account {} version {} is {}", version.account,
                                version.version, BankAccountStateName(account->state));
    }
    ++test.attempts;
    if (MicroAmountsIndex(index, payer_, test.id, answer) == open->amounts_index) {
      Pass(tx, payer_, test, fmt::format("micro-deposits, named at attempt {}", test.attempts),
           today, recorded);
      return test;
    }
    if (test.attempts < kMostAttempts) {
      test.result = fmt::format("{} of {} answers were wrong", test.attempts, kMostAttempts);
      SaveAccountTest(tx, payer_, test, std::nullopt);
      return test;
    }
    test.result = fmt::format("{} wrong answers: submit the account again", kMostAttempts);
    SaveAccountTest(tx, payer_, test, std::nullopt);
    FailAccountTest(tx, payer_, test.id, test.result, recorded);
    test.state = AccountTestState::kFailed;
    return test;
  });
}

StatusOr<std::vector<AccountTest>> AccountTestService::List(std::optional<PayeeId> payee) {
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<AccountTest>> {
    return LoadAccountTests(tx, payer_, payee);
  });
}

}  // namespace sluice::payments
