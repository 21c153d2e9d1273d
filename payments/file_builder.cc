#include "payments/file_builder.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "core/check.h"
#include "core/crypto.h"
#include "payments/checks/check_file.h"
#include "payments/checks/check_store.h"
#include "payments/disbursement_store.h"
#include "payments/obligation_store.h"
#include "payments/payee_service.h"
#include "payments/pluck.h"
#include "payments/remittance/ach_writer.h"
#include "payments/remittance/statement_csv.h"
#include "payments/remittance/statement_pdf.h"
#include "payments/remittance/verify_files.h"
#include "payments/remittance/x12_writer/remittance_835_writer.h"
#include "payments/run_store.h"

namespace sluice::payments {

// Finished bytes with what they say about themselves.
struct FileBuilder::Written {
  std::string bytes;
  std::int64_t entry_count = 0;
  Money total;
  std::vector<FileEntryRow> entries;  // ACH only
};

FileBuilder::Drawn::Drawn(std::vector<OutboundPayment> payments, Written written)
    : payments_(std::move(payments)),
      written_(std::make_unique<const Written>(std::move(written))) {}
FileBuilder::Drawn::Drawn(Drawn&&) noexcept = default;
FileBuilder::Drawn& FileBuilder::Drawn::operator=(Drawn&&) noexcept = default;
FileBuilder::Drawn::~Drawn() = default;

// The rows that explain a set of payments.
struct FileBuilder::Loaded {
  std::vector<Disbursement> disbursements;
  std::map<PayeeId, Payee> payees;
  std::map<PayeeId, RunPayee> run_payees;
  std::vector<ObligationRow> obligations;
  std::map<DisbursementId, std::vector<const ObligationRow*>> claimed;
  std::map<PayeeId, TakenBefore> taken_before;
  AwardTexts awards;
  std::map<std::pair<BankAccountId, std::int32_t>, VaultRow> vault;
  std::map<DisbursementId, std::string> traces;  // for the files that people read
};

namespace {

int MinuteOf(Instant created) {
  constexpr std::int64_t kMinute = 60'000'000;
  return static_cast<int>((created.Micros() - Instant::AtMidnight(created.UtcDate()).Micros()) /
                          kMinute);
}

Bytes ContentAad(PayerId payer, BookId book, PaymentFileId file, std::int64_t key_id) {
  return CanonicalWriter("sluice.file.v1")
      .I64(payer.Value())
      .I64(book.Value())
      .I64(file.Value())
      .I64(key_id)
      .Data();
}

// Whether a file names the trace numbers of its payments: those that people read do. The bank files
// are finished before them.
bool NamesTraces(FileKind kind) {
  return kind == FileKind::kStatementPdf || kind == FileKind::kStatementCsv ||
         kind == FileKind::kRosterCsv;
}

StatusOr<std::string> TraceNumberOf(const Disbursement& payment,
                                    const std::map<DisbursementId, std::string>& traces) {
  const auto trace = traces.find(payment.id);
  if (trace != traces.end()) return trace->second;
  return FailedPrecondition("payment {} is in no finished ACH file and has no trace number",
                            payment.payment_key);
}

// Every payment of a file that still stands.
std::vector<Disbursement> Standing(std::vector<Disbursement> all) {
  std::erase_if(all,
                [](const Disbursement& row) { return row.state == DisbursementState::kVoided; });
  return all;
}

std::vector<AccountVersion> VersionsOf(std::span<const Disbursement> disbursements) {
  std::vector<AccountVersion> versions;
  for (const Disbursement& row : disbursements) {
    if (row.rail == Rail::kAch) versions.push_back({row.account, row.account_version});
  }
  return versions;
}

TakenBefore TakenFrom(const std::map<PayeeId, TakenBefore>& taken, PayeeId payee) {
  const auto found = taken.find(payee);
  return found == taken.end() ? TakenBefore{} : found->second;
}

Status FindingsStatus(const std::string& name, std::span<const Finding> findings) {
  if (findings.empty()) return OkStatus();
  std::string text;
  for (const Finding& finding : findings.first(std::min<std::size_t>(findings.size(), 5))) {
    text += "; " + finding.ToString();
  }
  return FailedPrecondition("file {} does not pass the independent reader ({} findings){}", name,
                            findings.size(), text);
}

}  // namespace

StatusOr<FileBuilder::Drawn> FileBuilder::Draw(RunId run_id, const PaymentFile& file) {
  const BookId book = program_.book;
  ASSIGN_OR_RETURN(const Run run, database_.Transact([&](pg::Transaction& tx) -> StatusOr<Run> {
    auto found = FindRun(tx, book, run_id);
    if (!found) return NotFound("there is no run {}", run_id);
    return *std::move(found);
  }));
  if (file.kind == FileKind::kChecks || file.kind == FileKind::kCheckVoids) {
    auto written = WriteChecks(file);
    if (!written.ok()) return Annotate(written.status(), "file " + file.name);
    if (file.kind == FileKind::kCheckVoids) return Drawn({}, *std::move(written));
    ASSIGN_OR_RETURN(auto checks, LoadPayments(run, file));
    return Drawn(std::move(checks), *std::move(written));
  }
  ASSIGN_OR_RETURN(auto payments, LoadPayments(run, file));
  auto written = Write(file, payments);
  if (!written.ok()) return Annotate(written.status(), "file " + file.name);
  return Drawn(std::move(payments), *std::move(written));
}

Status FileBuilder::Finish(const ReleaseWork& work, const PaymentFile& file, const Drawn& drawn) {
  RETURN_IF_ERROR(hooks_.Reached("file.after_build"));
  RETURN_IF_ERROR(Store(work, file, *drawn.written_, drawn.payments_));
  return hooks_.Reached("file.after_ready");
}

StatusOr<std::vector<OutboundPayment>> FileBuilder::LoadPayments(const Run& run,
                                                                 const PaymentFile& file) {
  ASSIGN_OR_RETURN(auto keys, UnwrapDataKeys(database_, program_.payer, keys_));
  ASSIGN_OR_RETURN(Loaded loaded, database_.Transact([&](pg::Transaction& tx) -> StatusOr<Loaded> {
    Loaded rows;
    rows.disbursements = Standing(LoadDisbursementsOfFile(tx, program_.book, file.id));
    const auto payees = Pluck(rows.disbursements, &Disbursement::payee);
    for (Payee& payee : LoadPayees(tx, payees)) rows.payees.emplace(payee.id, std::move(payee));
    for (RunPayee& payee : LoadRunPayees(tx, run, payees)) {
      rows.run_payees.emplace(payee.payee, std::move(payee));
    }
    const auto claims =
        LoadLiveClaims(tx, program_.book, Pluck(rows.disbursements, &Disbursement::id));
    rows.obligations = LoadObligations(tx, program_.book, Pluck(claims, &Claim::obligation));
    rows.taken_before = LoadTakenBefore(tx, program_.book, Pluck(claims, &Claim::obligation));
    std::map<ObligationId, DisbursementId> owner;
    for (const Claim& claim : claims) owner.emplace(claim.obligation, claim.disbursement);
    std::set<AwardId> awards;
    for (const ObligationRow& row : rows.obligations) {
      rows.claimed[owner.at(row.id)].push_back(&row);
      awards.insert(row.award);
    }
    for (CollectedAward& award : LoadCollectedAwards(
             tx, program_.book, std::vector<AwardId>(awards.begin(), awards.end()))) {
      rows.awards.emplace(std::pair{award.award, award.version}, std::move(award));
    }
    const auto versions = VersionsOf(rows.disbursements);
    for (VaultRow& row : LoadSealedAccounts(tx, program_.payer, versions)) {
      const auto key = std::pair{row.slot.account, row.slot.version};
      rows.vault.emplace(key, std::move(row));
    }
    if (NamesTraces(file.kind)) {
      rows.traces = LoadTraceNumbers(tx, program_.book, rows.disbursements);
    }
    return rows;
  }));

  const AccountOpener opener(std::move(keys));
  std::vector<OutboundPayment> payments;
  payments.reserve(loaded.disbursements.size());
  for (const Disbursement& row : loaded.disbursements) {
    const VaultRow* vault = nullptr;
    std::optional<BankAccountDetails> account;
    if (row.rail == Rail::kAch) {
      const auto found = loaded.vault.find({row.account, row.account_version});
      if (found == loaded.vault.end()) {
        return DataLoss("bank account {} version {} is not in the vault", row.account,
                        row.account_version);
      }
      vault = &found->second;
      // The row says whose account it is; the seal refuses when the row was pointed elsewhere.
      const VaultSlot slot{program_.payer, row.payee, row.account, row.account_version};
      ASSIGN_OR_RETURN(account, opener.Open(slot, vault->sealed));
    }
    const PaymentFacts facts{.disbursement = row,
                             .run_payee = loaded.run_payees.at(row.payee),
                             .payee = loaded.payees.at(row.payee),
                             .obligations = loaded.claimed[row.id],
                             .taken_before = TakenFrom(loaded.taken_before, row.payee)};
    ASSIGN_OR_RETURN(
        OutboundPayment payment,
        MakeOutboundPayment(facts, loaded.awards, settings_, vault, account ? &*account : nullptr));
    if (NamesTraces(file.kind) && row.rail == Rail::kAch) {
      ASSIGN_OR_RETURN(payment.trace_number, TraceNumberOf(row, loaded.traces));
    }
    RETURN_IF_ERROR(CheckPayment(payment));
    payments.push_back(std::move(payment));
  }
  return payments;
}

StatusOr<FileBuilder::Written> FileBuilder::Write(const PaymentFile& file,
                                                  std::span<const OutboundPayment> payments) {
  Written written;
  if (payments.empty()) return FailedPrecondition("no payment of it stands any more");
  if (file.kind == FileKind::kAch) {
    ASSIGN_OR_RETURN(written, WriteAch(file, payments));
  } else if (file.kind == FileKind::k835) {
    const Interchange835 interchange{
        .receiver_qualifier = file.to ? file.to->receiver_qualifier : settings_.receiver_qualifier,
        .receiver_id = file.to ? file.to->receiver_id : settings_.receiver_id,
        .control_number = file.control_number,
        .creation_date = file.created_at.UtcDate(),
        .creation_minute = MinuteOf(file.created_at),
        .production = settings_.production};
    ASSIGN_OR_RETURN(written.bytes, Write835(settings_.payer, settings_.bank, settings_.plb,
                                             interchange, payments));
    RETURN_IF_ERROR(FindingsStatus(file.name, Verify835(file.name, written.bytes)));
  } else if (file.kind == FileKind::kStatementPdf) {
    ASSIGN_OR_RETURN(written.bytes, RenderStatementPdf(settings_.payer, file.created_at, payments));
  } else if (file.kind == FileKind::kStatementCsv) {
    ASSIGN_OR_RETURN(written.bytes, WriteStatementCsv(settings_.payer, settings_.plb, payments));
  } else {
    ASSIGN_OR_RETURN(written.bytes, WriteRosterCsv(payments));
  }
  written.entry_count = static_cast<std::int64_t>(payments.size());
  for (const OutboundPayment& payment : payments) written.total += payment.amount;
  return written;
}

StatusOr<FileBuilder::Written> FileBuilder::WriteChecks(const PaymentFile& file) {
  if (!settings_.check_layout) {
    return FailedPrecondition(
        "the bank's layout for issued checks is not configured: nothing may leave unannounced");
  }
  ASSIGN_OR_RETURN(const auto rows,
                   database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<CheckRow>> {
                     return LoadChecksOfFile(tx, program_.book, file.id);
                   }));
  Written written;
  std::vector<CheckIssue> checks;
  for (const CheckRow& row : rows) {
    // A check that was stopped before it left is not the bank's business.
    if (row.state == CheckState::kSpoiled) continue;
    checks.push_back({.number = row.number,
                      .issued_on = row.issued_on,
                      .amount = row.amount,
                      .payee = row.payee_name,
                      .voided = file.kind == FileKind::kCheckVoids});
    written.total += row.amount;
  }
  if (checks.empty()) return FailedPrecondition("no check of it stands any more");
  const AccountNumber& account = settings_.bank.funding_account;
  const Date date = file.created_at.UtcDate();
  ASSIGN_OR_RETURN(written.bytes, WriteCheckFile(*settings_.check_layout, account, date, checks));
  RETURN_IF_ERROR(FindingsStatus(file.name, VerifyCheckFile(*settings_.check_layout, file.name,
                                                            written.bytes, account, date, checks)));
  written.entry_count = static_cast<std::int64_t>(checks.size());
  return written;
}

StatusOr<FileBuilder::Written> FileBuilder::WriteAch(const PaymentFile& file,
                                                     std::span<const OutboundPayment> payments) {
  std::vector<AchEntry> entries;
  entries.reserve(payments.size());
  for (const OutboundPayment& payment : payments) entries.push_back(EntryOf(payment));
  const AchFileIdentity identity{.creation_date = file.created_at.UtcDate(),
                                 .creation_minute = MinuteOf(file.created_at),
                                 .file_id_modifier = ModifierCharacter(file.modifier),
                                 .first_trace_sequence = file.first_trace};
  ASSIGN_OR_RETURN(const AchFile ach, WriteAchFile(settings_.bank, identity, entries));
  Written written{.bytes = std::string(ach.bytes.View())};
  RETURN_IF_ERROR(FindingsStatus(
      file.name, VerifyAch(file.name, written.bytes, VerifyOptions{.profile = settings_.bank})));
  for (const AchPlacement& placement : ach.placements) {
    const OutboundPayment& payment = payments[placement.entry];
    ASSIGN_OR_RETURN(const DisbursementId id, ParsePaymentKey(payment.payment_key));
    written.entries.push_back({.disbursement = id,
                               .batch_number = placement.batch_number,
                               .trace = placement.trace_sequence,
                               .amount = payment.amount});
  }
  return written;
}

Status FileBuilder::Store(const ReleaseWork& work, const PaymentFile& file, const Written& written,
                          std::span<const OutboundPayment> payments) {
  ASSIGN_OR_RETURN(const auto keys, UnwrapDataKeys(database_, program_.payer, keys_));
  const BookId book = program_.book;
  const Recorded recorded{work.actor, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const auto run = LockRun(tx, book, work.run);
    if (!run || run->fence != work.fence) {
      return Aborted("run {} was taken over by somebody else", work.run);
    }
    auto locked = LockFile(tx, book, file.id);
    if (!locked || locked->state != FileState::kBuilding) {
      return Aborted("file {} was built by somebody else", file.name);
    }
    const auto disbursements = Standing(LoadDisbursementsOfFile(tx, book, file.id));
    if (disbursements.size() != payments.size()) {
      return Aborted("the payments of file {} changed while it was built", file.name);
    }
    if (file.kind == FileKind::kChecks) {
      std::vector<DisbursementMove> moves;
      for (const Disbursement& row : disbursements) {
        moves.push_back({row.id, DisbursementState::kPosted, DisbursementState::kInFile});
      }
      RETURN_IF_ERROR(MoveDisbursements(tx, book, moves));
    }
    if (file.kind == FileKind::kAch) {
      const auto payees = Pluck(disbursements, &Disbursement::payee);
      std::map<std::pair<BankAccountId, std::int32_t>, BankAccountState> states;
      for (const auto& account : LoadBankAccountsOfPayees(tx, program_.payer, payees)) {
        states.emplace(std::pair{account.id, account.version}, account.state);
      }
      std::vector<DisbursementMove> moves;
      for (const Disbursement& row : disbursements) {
        if (states[{row.account, row.account_version}] != BankAccountState::kActive) {
          return Aborted("the bank account of payee {} changed while file {} was built", row.payee,
                         file.name);
        }
        moves.push_back({row.id, DisbursementState::kPosted, DisbursementState::kInFile});
      }
      RETURN_IF_ERROR(MoveDisbursements(tx, book, moves));
      InsertFileEntries(tx, book, file.id, settings_.bank.odfi_routing_number.substr(0, 8),
                        written.entries);
    }
    const auto key_id = FindCurrentKey(tx, program_.payer, DataKeyPurpose::kSeal);
    const auto key = std::ranges::find_if(
        keys, [&](const DataKey& candidate) { return candidate.id == key_id; });
    if (key == keys.end()) return FailedPrecondition("the payer has no data key to seal files");
    InsertFileContent(tx, book, file.id,
                      {.size = static_cast<std::int64_t>(written.bytes.size()),
                       .sha256 = Sha256(AsBytes(written.bytes)),
                       .entry_count = written.entry_count,
                       .total = written.total,
                       .sealed = SealBytes(*key, written.bytes,
                                           ContentAad(program_.payer, book, file.id, key->id))},
                      recorded.at);
    return MoveFile(tx, book, *locked, FileState::kReady, "built and read back", recorded);
  });
}

StatusOr<std::string> ReadPaymentFile(const pg::Database& files, const StoredFile& file,
                                      std::span<const DataKey> keys, Digest* sha256) {
  ASSIGN_OR_RETURN(const FileContent content,
                   files.Transact([&](pg::Transaction& tx) -> StatusOr<FileContent> {
                     auto found = FindFileContent(tx, file.book, file.file);
                     if (!found) return NotFound("file {} is not built yet", file.file);
                     return *std::move(found);
                   }));
  ASSIGN_OR_RETURN(std::string bytes,
                   OpenBytes(keys, content.sealed,
                             ContentAad(file.payer, file.book, file.file, content.sealed.key_id),
                             fmt::format("file {}", file.file)));
  if (Sha256(AsBytes(bytes)) != content.sha256) {
    return DataLoss("file {} does not have the hash that was stored for it", file.file);
  }
  if (sha256 != nullptr) *sha256 = content.sha256;
  return bytes;
}

StatusOr<std::string> FileBuilder::Unseal(PaymentFileId file, Digest* sha256) {
  ASSIGN_OR_RETURN(const auto keys, UnwrapDataKeys(database_, program_.payer, keys_));
  return ReadPaymentFile(database_, {program_.payer, program_.book, file}, keys, sha256);
}

StatusOr<std::string> FileBuilder::Read(PaymentFileId file) { return Unseal(file, nullptr); }

Status FileBuilder::Move(const ReleaseWork& work, PaymentFileId file, FileState from, FileState to,
                         const std::string& reason) {
  const BookId book = program_.book;
  const Recorded recorded{work.actor, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const auto run = LockRun(tx, book, work.run);
    if (!run || run->fence != work.fence) {
      return Aborted("run {} was taken over by somebody else", work.run);
    }
    auto locked = LockFile(tx, book, file);
    if (!locked || locked->state != from) {
      return Aborted("file {} was moved by somebody else", file);
    }
    if (to == FileState::kDelivered && IsBankFile(locked->kind)) {
      std::vector<DisbursementMove> moves;
      for (const Disbursement& row : Standing(LoadDisbursementsOfFile(tx, book, file))) {
        moves.push_back({row.id, DisbursementState::kInFile, DisbursementState::kSent});
      }
      RETURN_IF_ERROR(MoveDisbursements(tx, book, moves));
    }
    return MoveFile(tx, book, *locked, to, reason, recorded);
  });
}

bool FileBuilder::IsRemote(const PaymentFile& file) {
  const auto channel = channels_.Of(file);
  return channel.ok() && (*channel)->IsRemote();
}

Status FileBuilder::Forget(const PaymentFile& file) {
  ASSIGN_OR_RETURN(FileChannel* const channel, channels_.Of(file));
  return channel->RemoveTemporary(file.name);
}

Status FileBuilder::Deliver(const ReleaseWork& work, const PaymentFile& file) {
  if (file.state != FileState::kReady && file.state != FileState::kDelivering &&
      file.state != FileState::kSentUnknown) {
    return OkStatus();
  }
  ASSIGN_OR_RETURN(FileChannel* const channel, channels_.Of(file));
  FileIdentity identity{.name = file.name};
  ASSIGN_OR_RETURN(const std::string bytes, Unseal(file.id, &identity.sha256));
  identity.size = static_cast<std::int64_t>(bytes.size());
  ASSIGN_OR_RETURN(const Sighting seen, channel->LookUp(identity));
  if (seen.what == Delivered::kOther) {
    return AlreadyExists("{} is there with other content ({}) and is not overwritten: move it away",
                         file.name, channel->Where());
  }
  if (file.state != FileState::kReady) {
    ASSIGN_OR_RETURN(const bool again, SeeOutcome(work, file, seen, *channel));
    if (!again) return OkStatus();
  }
  if (seen.what != Delivered::kSame) {
    RETURN_IF_ERROR(channel->WriteTemporary(file.name, bytes));
  }
  RETURN_IF_ERROR(hooks_.Reached("file.after_fsync"));
  RETURN_IF_ERROR(Move(work, file.id, FileState::kReady, FileState::kDelivering, ""));
  RETURN_IF_ERROR(hooks_.Reached("file.after_mark"));
  if (seen.what != Delivered::kSame) {
    RETURN_IF_ERROR(channel->RenameTemporary(file.name));
  }
  RETURN_IF_ERROR(hooks_.Reached("file.after_rename"));
  ASSIGN_OR_RETURN(Sighting now, channel->LookUp(identity));
  if (now.what == Delivered::kNothing && channel->IsRemote()) {
    // The server answered that it has its name: whoever waits there was quick.
    now = {.what = Delivered::kSame,
           .evidence = channel->Where() + " confirmed its name, and it was fetched at once"};
  }
  if (now.what != Delivered::kSame) {
    return DataLoss("file {} was written but reads back otherwise ({})", file.name, now.evidence);
  }
  return FinishDelivery(work, file, now.evidence);
}

StatusOr<bool> FileBuilder::SeeOutcome(const ReleaseWork& work, const PaymentFile& file,
                                       const Sighting& seen, FileChannel& channel) {
  if (seen.what == Delivered::kSame) {
    RETURN_IF_ERROR(channel.RemoveTemporary(file.name));
    RETURN_IF_ERROR(FinishDelivery(work, file, seen.evidence));
    return false;
  }
  if (file.state == FileState::kDelivering && seen.what == Delivered::kTemporary) {
    // The temporary file still has its name, so the rename did not happen.
    RETURN_IF_ERROR(Move(work, file.id, FileState::kDelivering, FileState::kReady,
                         "the temporary file is still there"));
    return true;
  }
  if (file.state == FileState::kDelivering) {
    RETURN_IF_ERROR(Move(
        work, file.id, FileState::kDelivering, FileState::kSentUnknown,
        fmt::format("neither the file nor its temporary file is there ({})", channel.Where())));
  }
  return FailedPrecondition(
      "whether file {} was taken is unknown: ask the bank, then confirm it or declare it not "
      "delivered",
      file.name);
}

Status FileBuilder::FinishDelivery(const ReleaseWork& work, const PaymentFile& file,
                                   const std::string& evidence) {
  const FileState from =
      file.state == FileState::kSentUnknown ? FileState::kSentUnknown : FileState::kDelivering;
  RETURN_IF_ERROR(Move(work, file.id, from, FileState::kDelivered, evidence));
  return hooks_.Reached("file.after_delivered");
}

StatusOr<std::vector<CycleControlRow>> FileBuilder::ControlRows(
    RunId run, const std::map<PayeeId, Money>& disbursed) {
  ASSIGN_OR_RETURN(auto keys, UnwrapDataKeys(database_, program_.payer, keys_));
  const AccountOpener opener(std::move(keys));
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<CycleControlRow>> {
    const auto disbursements = Standing(LoadDisbursements(tx, program_.book, run));
    std::map<PayeeId, Payee> payees;
    for (Payee& payee : LoadPayees(tx, Pluck(disbursements, &Disbursement::payee))) {
      payees.emplace(payee.id, std::move(payee));
    }
    std::map<BankAccountId, VaultRow> vault;
    for (VaultRow& row : LoadSealedAccounts(tx, program_.payer, VersionsOf(disbursements))) {
      vault.emplace(row.slot.account, std::move(row));
    }
    std::map<DisbursementId, std::map<FileKind, std::string>> names;
    for (const PaymentFile& file : LoadFiles(tx, program_.book, run)) {
      if (file.state == FileState::kVoided) continue;
      for (const Disbursement& row : LoadDisbursementsOfFile(tx, program_.book, file.id)) {
        names[row.id][file.kind] = file.name;
      }
    }
    std::vector<CycleControlRow> rows;
    for (const Disbursement& row : disbursements) {
      const Payee& payee = payees.at(row.payee);
      auto& files = names[row.id];
      CycleControlRow control{
          .payment_key = row.payment_key,
          .method = row.rail == Rail::kAch     ? PaymentMethod::kAch
                    : row.rail == Rail::kCheck ? PaymentMethod::kCheck
                                               : PaymentMethod::kNone,
          .kind = payee.kind,
          .payee_name = payee.name,
          .effective_date = row.effective_date,
          .has_835 = !files[FileKind::k835].empty(),
          .ach_file = files[row.rail == Rail::kCheck ? FileKind::kChecks : FileKind::kAch],
          .x12_file = files[FileKind::k835],
          .statement_file = files[FileKind::kStatementPdf]};
      if (const auto at = disbursed.find(row.payee); at != disbursed.end()) {
        control.disbursed = at->second;
      }
      if (row.rail == Rail::kAch) {
        const VaultRow& sealed = vault.at(row.account);
        ASSIGN_OR_RETURN(const BankAccountDetails account, opener.Open(sealed.slot, sealed.sealed));
        control.routing_number = account.routing_number;
        control.account_last_four = sealed.sealed.last4;
        control.account_kind = sealed.kind;
      }
      rows.push_back(std::move(control));
    }
    return rows;
  });
}

StatusOr<std::vector<FileBuilder::FinishedFile>> FileBuilder::FinishedFiles(RunId run) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<FinishedFile>> {
    std::vector<FinishedFile> finished;
    for (PaymentFile& file : LoadFiles(tx, program_.book, run)) {
      if (file.state == FileState::kVoided) continue;
      const auto content = FindFileContent(tx, program_.book, file.id);
      if (!content) continue;
      finished.push_back({.file = std::move(file),
                          .size = content->size,
                          .entry_count = content->entry_count,
                          .total = content->total,
                          .sha256 = content->sha256});
    }
    return finished;
  });
}

}  // namespace sluice::payments
