#include "payments/enrollment/account_test_service.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/calendar.h"
#include "core/check.h"
#include "core/crypto.h"
#include "payments/delivery/channels.h"
#include "payments/disbursement_store.h"
#include "payments/enrollment/account_proof_store.h"
#include "payments/ledger/events.h"
#include "payments/ledger/ledger.h"
#include "payments/notices/contact_notices.h"
#include "payments/payee_service.h"
#include "payments/pluck.h"
#include "payments/remittance/ach_reader.h"
#include "payments/remittance/ach_writer.h"

namespace sluice::payments {

// A file's bytes, with what is stored beside them.
struct AccountTestService::Built {
  std::string bytes;
  std::vector<TestEntry> entries;
  Money total;
};

namespace {

constexpr int kEntriesOfMicroDeposits = 2;
constexpr std::int64_t kMicrosOfMinute = 60'000'000;
constexpr std::int64_t kModifierCount = 36;
constexpr std::int64_t kTracesInYear = 10'000'000;

Bytes MicroAad(PayerId payer, std::int64_t test) {
  return CanonicalWriter("sluice.micro.v1").I64(payer.Value()).I64(test).Data();
}

Bytes TestFileAad(PayerId payer, PaymentFileId file) {
  return CanonicalWriter("sluice.testfile.v1").I64(payer.Value()).I64(file.Value()).Data();
}

int MinuteOfDay(Instant at) {
  return static_cast<int>((at.Micros() - Instant::AtMidnight(at.UtcDate()).Micros()) /
                          kMicrosOfMinute);
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

StatusOr<AccountTestFile> AccountTestService::NewFile(pg::Transaction& tx,
                                                      const ProgramPayments& program,
                                                      const ReleaseSettings& settings, Date today,
                                                      std::int32_t entries) {
  AccountTestFile file{.id = ids_.Next<PaymentFileTag>(),
                       .book = program.book,
                       .effective_date = AddBankingDays(BankingDayOnOrAfter(today), 1),
                       .entry_count = entries};
  file.name = fmt::format("{}.account-tests.{}.ach", program.payer_code,
                          FormatId("", file.id.Value()).substr(1));
  // Origin, date, minute and modifier are unique for ever, together with the files of payments.
  std::optional<NumberRange> header;
  int minute = MinuteOfDay(clock_.Now());
  for (; !header && minute < 24 * 60; ++minute) {
    header = TakeNumbers(tx,
                         {.kind = "ach_header",
                          .scope = fmt::format("{}/{}/{}", settings.bank.immediate_origin,
                                               FormatDate(today), minute),
                          .starts_at = 0,
                          .limit = kModifierCount},
                         program.book, file.id);
  }
  if (!header)
    return ResourceExhausted("no file id is left for this bank on {}", FormatDate(today));
  file.modifier = static_cast<std::int16_t>(header->first);
  file.created_at =
      Instant::FromMicros(Instant::AtMidnight(today).Micros() + (minute - 1) * kMicrosOfMinute);
  const auto traces =
      TakeNumbers(tx,
                  {.kind = "ach_trace",
                   .scope = fmt::format("{}/{}", settings.bank.odfi_routing_number, YearOf(today)),
                   .count = entries,
                   .limit = kTracesInYear},
                  program.book, file.id);
  if (!traces) return ResourceExhausted("the trace numbers of {} are used up", YearOf(today));
  file.first_trace = traces->first;
  return file;
}

StatusOr<std::optional<AccountTestFile>> AccountTestService::Open(const ProgramPayments& program,
                                                                  const ReleaseSettings& settings,
                                                                  Date today,
                                                                  const Recorded& recorded) {
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::optional<AccountTestFile>> {
    if (auto unfinished = LockUnfinishedTestFile(tx, payer_, program.book)) return unfinished;
    std::vector<AccountTest> waiting = LockAccountTests(tx, payer_, AccountTestState::kWaits);
    if (waiting.empty()) return std::optional<AccountTestFile>();
    std::int32_t entries = 0;
    for (const AccountTest& test : waiting) {
      entries += test.kind == AccountTestKind::kPrenote ? 1 : kEntriesOfMicroDeposits;
    }
    ASSIGN_OR_RETURN(const AccountTestFile file, NewFile(tx, program, settings, today, entries));
    InsertTestFile(tx, payer_, file, recorded);
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

StatusOr<AccountTestService::Built> AccountTestService::Draw(const AccountTestFile& file,
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
  const AchFileIdentity identity{.creation_date = file.created_at.UtcDate(),
                                 .creation_minute = MinuteOfDay(file.created_at),
                                 .file_id_modifier = ModifierCharacter(file.modifier),
                                 .first_trace_sequence = file.first_trace};
  ASSIGN_OR_RETURN(const AchFile ach, WriteAchFile(bank, identity, entries.All()));
  Built built{.total = entries.Total()};
  built.bytes = std::string(ach.bytes.View());
  for (const AchPlacement& placement : ach.placements) {
    const AchEntry& entry = entries.All()[placement.entry];
    built.entries.push_back({.file = file.id,
                             .trace = fmt::format("{}{:07}", bank.odfi_routing_number.substr(0, 8),
                                                  placement.trace_sequence),
                             .test = entries.TestOf(placement.entry),
                             .rdfi = std::string(entry.routing_number.substr(0, 8)),
                             .company_id = bank.company_id});
  }
  return built;
}

Status AccountTestService::Build(const AccountTestFile& file, const ReleaseSettings& settings) {
  ASSIGN_OR_RETURN(const Built built, Draw(file, settings));
  // Read back by the reader of what banks send.
  Findings findings{file.name};
  ReadAch(built.bytes, findings);
  if (!IsAcceptable(findings)) {
    return FailedPrecondition("file {} does not pass the independent reader", file.name);
  }
  ASSIGN_OR_RETURN(const DataKey seal,
                   EnsureDataKey(app_, payer_, DataKeyPurpose::kSeal, keys_, clock_, ids_));
  const TestFileContent content{
      .sha256 = Sha256(AsBytes(built.bytes)),
      .sealed = SealBytes(seal, built.bytes, TestFileAad(payer_, file.id))};
  return files_.Transact([&](pg::Transaction& tx) -> Status {
    // Somebody else built the same bytes: then these are not stored.
    if (!StoreTestFile(tx, payer_, file.id, content, built.total)) return OkStatus();
    InsertTestEntries(tx, payer_, built.entries);
    return OkStatus();
  });
}

Status AccountTestService::PostCost(const ProgramPayments& program, const AccountTestFile& file,
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

Status AccountTestService::Mark(const AccountTestFile& file, TestFileState from, TestFileState to) {
  return app_.Transact([&](pg::Transaction& tx) -> Status {
    if (MoveTestFile(tx, payer_, file.id, from, to)) return OkStatus();
    return Aborted("file {} was moved by somebody else", file.name);
  });
}

Status AccountTestService::Finish(const AccountTestFile& file) {
  return app_.Transact([&](pg::Transaction& tx) -> Status {
    if (!MoveTestFile(tx, payer_, file.id, TestFileState::kDelivering, TestFileState::kDelivered)) {
      return Aborted("file {} was moved by somebody else", file.name);
    }
    for (AccountTest& test : LockAccountTests(tx, payer_, AccountTestState::kInFile)) {
      if (test.file != file.id) continue;
      test.state = AccountTestState::kSent;
      test.passes_on = PrenotePassesOn(file.effective_date);
      SaveAccountTest(tx, payer_, test, std::nullopt);
    }
    return OkStatus();
  });
}

Status AccountTestService::Deliver(const AccountTestFile& file, const ReleaseSettings& settings) {
  ASSIGN_OR_RETURN(const auto keys, UnwrapDataKeys(files_, payer_, keys_));
  ASSIGN_OR_RETURN(const TestFileContent content,
                   files_.Transact([&](pg::Transaction& tx) -> StatusOr<TestFileContent> {
                     auto found = FindTestFileContent(tx, payer_, file.id);
                     if (!found) return NotFound("file {} is not built", file.name);
                     return *std::move(found);
                   }));
  ASSIGN_OR_RETURN(const std::string bytes,
                   OpenBytes(keys, content.sealed, TestFileAad(payer_, file.id), file.name));
  Channels channels(settings);
  ASSIGN_OR_RETURN(FileChannel* const channel, channels.OfBank());
  ASSIGN_OR_RETURN(const Sighting seen,
                   channel->LookUp({.name = file.name,
                                    .size = static_cast<std::int64_t>(bytes.size()),
                                    .sha256 = content.sha256}));
  const Delivered found = seen.what;
  if (found == Delivered::kOther) {
    return AlreadyExists("{} is there with other content ({}) and is not overwritten: move it away",
                         file.name, channel->Where());
  }
  if (file.state == TestFileState::kDelivering) {
    if (found == Delivered::kSame) return Finish(file);
    if (found == Delivered::kNothing) {
      RETURN_IF_ERROR(Mark(file, TestFileState::kDelivering, TestFileState::kUnknown));
      return FailedPrecondition("whether file {} was taken is unknown: ask the bank", file.name);
    }
  } else {
    if (found != Delivered::kSame) {
      RETURN_IF_ERROR(channel->WriteTemporary(file.name, bytes));
    }
    RETURN_IF_ERROR(Mark(file, TestFileState::kReady, TestFileState::kDelivering));
  }
  if (found != Delivered::kSame) {
    RETURN_IF_ERROR(channel->RenameTemporary(file.name));
  }
  return Finish(file);
}

StatusOr<std::optional<SentTests>> AccountTestService::Send(const ProgramPayments& program,
                                                            const ReleaseSettings& settings,
                                                            Date today, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  std::optional<AccountTestFile> file;
  // Once to open, once to see what was built.
  for (;;) {
    ASSIGN_OR_RETURN(file, Open(program, settings, today, recorded));
    if (!file) return std::optional<SentTests>();
    if (file->state != TestFileState::kBuilding) break;
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
