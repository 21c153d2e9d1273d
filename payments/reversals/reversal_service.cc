#include "payments/reversals/reversal_service.h"

#include <map>
#include <utility>

#include "core/calendar.h"
#include "core/check.h"
#include "payments/disbursement_store.h"
#include "payments/enrollment/account_proof_store.h"
#include "payments/file_builder.h"
#include "payments/notices/contact_notices.h"
#include "payments/payee_service.h"
#include "payments/payee_store.h"
#include "payments/pluck.h"
#include "payments/remittance/ach_reader.h"

namespace sluice::payments {

// A file and its entries.
struct ReversalService::Built {
  AchFile file;
  std::vector<ReversalEntry> entries;
  Money total;
};

namespace {

Date SettlesOn(Date today) { return AddBankingDays(BankingDayOnOrAfter(today), 1); }

// An entry that we sent, out of the bytes of its file.
struct SentRecord {
  std::string key, name, routing_number;
  AccountNumber account;
  PayeeKind kind = PayeeKind::kOrganization;
  AccountKind account_kind = AccountKind::kChecking;
  Money amount;
};

StatusOr<SentRecord> FindSent(std::string_view file, const std::string& bytes,
                              const std::string& key) {
  Findings findings{std::string(file)};
  const AchDocument document = ReadAch(bytes, findings);
  for (const AchBatchRecord& batch : document.batches) {
    for (std::size_t i = 0; i < batch.entry_count; ++i) {
      const AchRecord& record = document.entries[batch.first_entry + i].record;
      if (AchText(record.Get(ach::kIdentification)) != key) continue;
      const std::string_view code = record.Get(ach::kTransactionCode);
      if (code != "22" && code != "32") {
        return DataLoss("payment {} left with transaction code {}", key, code);
      }
      return SentRecord{
          .key = key,
          .name = std::string(AchText(record.Get(ach::kReceiverName))),
          .routing_number = std::string(record.text.substr(ach::kRdfi.position - 1, 9)),
          .account = AccountNumber(std::string(AchText(record.Get(ach::kAccountNumber)))),
          .kind = batch.header.Get(ach::kSecCode) == "PPD" ? PayeeKind::kPerson
                                                           : PayeeKind::kOrganization,
          .account_kind = code == "32" ? AccountKind::kSavings : AccountKind::kChecking,
          .amount = Money::FromCents(AchNumber(record.Get(ach::kAmount)).value_or(0))};
    }
  }
  return DataLoss("payment {} is not in file {}", key, file);
}

std::optional<Disbursement> FindPayment(pg::Transaction& tx, BookId book, DisbursementId id) {
  std::vector<Disbursement> found = LoadDisbursementsById(tx, book, std::span(&id, 1));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

// What keeps an approved reversal from leaving; empty when nothing does.
std::string ObstacleTo(pg::Transaction& tx, BookId book, const Reversal& reversal, Date today) {
  if (SettlesOn(today) > reversal.last_day) {
    return fmt::format("not sent in time to settle by {}", FormatDate(reversal.last_day));
  }
  const auto payment = FindPayment(tx, book, reversal.payment);
  CHECK(payment.has_value());
  if (HasLeft(payment->state)) return {};
  return fmt::format("the payment is {} by now", DisbursementStateName(payment->state));
}

}  // namespace

// The reversal that a request would make, once everything about it is in order.
StatusOr<Reversal> ReversalDesk::Checked(pg::Transaction& tx, const ReversalRequest& request,
                                         Date today) {
  const auto payment = FindPayment(tx, book_, request.payment);
  if (!payment) return NotFound("there is no payment {} in this book", request.payment);
  std::optional<Disbursement> twin;
  if (request.duplicate_of) twin = FindPayment(tx, book_, *request.duplicate_of);
  RETURN_IF_ERROR(CheckReversible(request, *payment, twin, SettlesOn(today)));
  return Reversal{.payment = payment->id,
                  .payee = payment->payee,
                  .amount = payment->amount,
                  .reason = request.reason,
                  .duplicate_of = request.duplicate_of,
                  .detail = request.detail,
                  .last_day = LastReversalDay(payment->effective_date)};
}

StatusOr<ReversalId> ReversalDesk::Request(const ReversalRequest& request, Date today,
                                           Actor actor) {
  if (!actor.human) {
    return PermissionDenied("{} is a service: a person asks for a reversal", actor.user);
  }
  const Recorded recorded{actor.user, clock_.Now()};
  const auto id = ids_.Next<ReversalTag>();
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<ReversalId> {
    ASSIGN_OR_RETURN(Reversal reversal, Checked(tx, request, today));
    reversal.id = id;
    reversal.requested_by = recorded.by;
    reversal.requested_at = recorded.at;
    RETURN_IF_ERROR(InsertReversal(tx, book_, reversal));
    return id;
  });
}

Status ReversalDesk::Approve(ReversalId id, Date today, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> Status {
    const auto reversal = LockReversal(tx, book_, id);
    if (!reversal) return NotFound("there is no reversal {}", id);
    RETURN_IF_ERROR(CheckMayDecide(*reversal, actor));
    const ReversalRequest again{.payment = reversal->payment,
                                .reason = reversal->reason,
                                .duplicate_of = reversal->duplicate_of,
                                .detail = reversal->detail};
    RETURN_IF_ERROR(Checked(tx, again, today).status());
    DecideReversal(tx, book_, id, ReversalState::kApproved, "waits for a file", recorded);
    return OkStatus();
  });
}

Status ReversalDesk::Reject(ReversalId id, const std::string& reason, Actor actor) {
  if (reason.empty()) return InvalidArgument("say why reversal {} is rejected", id);
  const Recorded recorded{actor.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> Status {
    const auto reversal = LockReversal(tx, book_, id);
    if (!reversal) return NotFound("there is no reversal {}", id);
    RETURN_IF_ERROR(CheckMayDecide(*reversal, actor));
    DecideReversal(tx, book_, id, ReversalState::kRejected, reason, recorded);
    return OkStatus();
  });
}

StatusOr<std::optional<SideFile>> ReversalService::Open(const ReleaseSettings& settings, Date today,
                                                        const Recorded& recorded) {
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::optional<SideFile>> {
    if (auto unfinished =
            LockUnfinishedSideFile(tx, program_.payer, program_.book, SideFileKind::kReversals)) {
      return unfinished;
    }
    std::vector<ReversalId> ready;
    for (const Reversal& reversal : LockReversals(tx, program_.book, ReversalState::kApproved)) {
      const std::string obstacle = ObstacleTo(tx, program_.book, reversal, today);
      if (obstacle.empty()) {
        ready.push_back(reversal.id);
      } else {
        MoveReversal(tx, program_.book, reversal.id, ReversalState::kApproved,
                     ReversalState::kRejected, obstacle);
      }
    }
    if (ready.empty()) return std::optional<SideFile>();
    ASSIGN_OR_RETURN(const SideFile file,
                     side_files_.Open(tx, SideFileKind::kReversals, program_, settings, today,
                                      static_cast<std::int32_t>(ready.size()), recorded));
    PutReversalsInFile(tx, program_.book, ready, file.id, file.effective_date);
    return std::optional(file);
  });
}

StatusOr<ReversalService::Built> ReversalService::Draw(const SideFile& file,
                                                       const ReleaseSettings& settings) {
  ASSIGN_OR_RETURN(const auto keys, UnwrapDataKeys(files_, program_.payer, keys_));
  struct Rows {
    std::vector<Reversal> reversals;
    std::map<DisbursementId, Disbursement> payments;
  };
  ASSIGN_OR_RETURN(const Rows rows, files_.Transact([&](pg::Transaction& tx) -> StatusOr<Rows> {
    Rows found{.reversals = LoadReversalsOfFile(tx, program_.book, file.id)};
    for (const Reversal& reversal : found.reversals) {
      auto payment = FindPayment(tx, program_.book, reversal.payment);
      CHECK(payment.has_value() && payment->file.has_value());
      found.payments.emplace(reversal.payment, *std::move(payment));
    }
    return found;
  }));
  std::map<PaymentFileId, std::string> originals;
  std::vector<SentRecord> sent;
  for (const Reversal& reversal : rows.reversals) {
    const Disbursement& payment = rows.payments.at(reversal.payment);
    auto bytes = originals.find(*payment.file);
    if (bytes == originals.end()) {
      ASSIGN_OR_RETURN(
          std::string read,
          ReadPaymentFile(files_, {program_.payer, program_.book, *payment.file}, keys));
      bytes = originals.emplace(*payment.file, std::move(read)).first;
    }
    ASSIGN_OR_RETURN(SentRecord record,
                     FindSent(payment.file->ToString(), bytes->second, payment.payment_key));
    if (record.amount != reversal.amount) {
      return DataLoss("payment {} left as {}, and its reversal is of {}", payment.payment_key,
                      record.amount, reversal.amount);
    }
    sent.push_back(std::move(record));
  }
  Built built;
  std::vector<AchEntry> entries;
  for (const SentRecord& record : sent) {
    entries.push_back({.payment_key = record.key,
                       .receiver_name = record.name,
                       .routing_number = record.routing_number,
                       .account_number = record.account.Reveal(),
                       .amount_cents = record.amount.Cents(),
                       .effective_date = file.effective_date,
                       .description = AchDescription::kReversal,
                       .kind = record.kind,
                       .account_kind = record.account_kind});
    built.total += record.amount;
  }
  ASSIGN_OR_RETURN(built.file, side_files_.Write(file, settings.bank, entries));
  for (const AchPlacement& placement : built.file.placements) {
    built.entries.push_back({.reversal = rows.reversals.at(placement.entry).id,
                             .trace = TraceOf(settings.bank, placement.trace_sequence),
                             .rdfi = sent.at(placement.entry).routing_number.substr(0, 8),
                             .company_id = settings.bank.company_id});
  }
  return built;
}

Status ReversalService::Build(const SideFile& file, const ReleaseSettings& settings) {
  ASSIGN_OR_RETURN(const Built built, Draw(file, settings));
  return side_files_.Store(file, built.file, built.total, [&](pg::Transaction& tx) {
    InsertReversalEntries(tx, program_.book, file.id, built.entries);
  });
}

// Told until the day of settlement: when the file has left.
void ReversalService::TellPayees(pg::Transaction& tx, std::span<const Reversal> reversals) {
  const Instant now = clock_.Now();
  std::map<PayeeId, std::string> names;
  for (Payee& payee : LoadPayees(tx, Pluck(reversals, &Reversal::payee))) {
    names.emplace(payee.id, std::move(payee.name));
  }
  for (const Reversal& reversal : reversals) {
    const auto payment = FindPayment(tx, program_.book, reversal.payment);
    CHECK(payment.has_value());
    const NoticeDraft draft{
        .kind = NoticeKind::kReversal,
        .payee = reversal.payee,
        .account = payment->account,
        .version = payment->account_version,
        .about = payment->payment_key,
        .body = ReversalText(names.at(reversal.payee), payment->payment_key, reversal.amount,
                             reversal.detail, *reversal.effective_date)};
    if (!WriteToContacts(tx, program_.payer, std::span(&draft, 1), now).empty()) continue;
    const AccountAlert alert{
        .id = ids_.NextValue(),
        .kind = AccountAlertKind::kNobodyToTell,
        .payee = reversal.payee,
        .account = payment->account,
        .version = payment->account_version,
        .detail = fmt::format("tell the payee of the reversal of payment {} until {}",
                              payment->payment_key, FormatDate(*reversal.effective_date)),
        .raised_at = now};
    InsertAlerts(tx, program_.payer, std::span(&alert, 1));
  }
}

Status ReversalService::Deliver(const SideFile& file, const ReleaseSettings& settings) {
  return side_files_.Deliver(file, settings, [&](pg::Transaction& tx) -> Status {
    const std::vector<Reversal> reversals = LoadReversalsOfFile(tx, program_.book, file.id);
    for (const Reversal& reversal : reversals) {
      MoveReversal(tx, program_.book, reversal.id, ReversalState::kInFile, ReversalState::kSent,
                   "sent in " + file.name);
    }
    TellPayees(tx, reversals);
    return OkStatus();
  });
}

StatusOr<std::optional<SentReversals>> ReversalService::Send(const ReleaseSettings& settings,
                                                             Date today, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  std::optional<SideFile> file;
  // Once to open, once to see what was built.
  for (;;) {
    ASSIGN_OR_RETURN(file, Open(settings, today, recorded));
    if (!file) return std::optional<SentReversals>();
    if (file->state != SideFileState::kBuilding) break;
    RETURN_IF_ERROR(Build(*file, settings));
  }
  RETURN_IF_ERROR(Deliver(*file, settings));
  return std::optional(SentReversals{.file_name = file->name,
                                     .reversals = file->entry_count,
                                     .total = file->total.value_or(Money{}),
                                     .effective_date = file->effective_date});
}

StatusOr<std::vector<Reversal>> ReversalDesk::List(bool all) {
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<Reversal>> {
    return LoadReversals(tx, book_, all);
  });
}

}  // namespace sluice::payments
