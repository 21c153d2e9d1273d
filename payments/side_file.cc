#include "payments/side_file.h"

#include <optional>
#include <utility>

#include "core/calendar.h"
#include "core/check.h"
#include "core/crypto.h"
#include "payments/delivery/channels.h"
#include "payments/disbursement_store.h"
#include "payments/file_numbers.h"
#include "payments/payee_service.h"
#include "payments/remittance/ach_reader.h"

namespace sluice::payments {
namespace {

constexpr std::int64_t kMicrosOfMinute = 60'000'000;
constexpr std::int64_t kModifierCount = 36;
constexpr std::int64_t kTracesInYear = 10'000'000;

Bytes SideFileAad(PayerId payer, PaymentFileId file) {
  return CanonicalWriter("sluice.testfile.v1").I64(payer.Value()).I64(file.Value()).Data();
}

int MinuteOfDay(Instant at) {
  return static_cast<int>((at.Micros() - Instant::AtMidnight(at.UtcDate()).Micros()) /
                          kMicrosOfMinute);
}

std::string_view WordOf(SideFileKind kind) {
  switch (kind) {
    case SideFileKind::kAccountTests:
      return "account-tests";
    case SideFileKind::kReversals:
      return "reversals";
  }
  CHECK(false);
}

}  // namespace

std::string TraceOf(const BankProfile& bank, std::int64_t sequence) {
  return fmt::format("{}{:07}", bank.odfi_routing_number.substr(0, 8), sequence);
}

StatusOr<SideFile> SideFiles::Open(pg::Transaction& tx, SideFileKind kind,
                                   const ProgramPayments& program, const ReleaseSettings& settings,
                                   Date today, std::int32_t entries, const Recorded& recorded) {
  SideFile file{.id = ids_.Next<PaymentFileTag>(),
                .book = program.book,
                .kind = kind,
                .effective_date = AddBankingDays(BankingDayOnOrAfter(today), 1),
                .entry_count = entries};
  file.name = fmt::format("{}.{}.{}.ach", program.payer_code, WordOf(kind),
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
  if (!header) {
    return ResourceExhausted("no file id is left for this bank on {}", FormatDate(today));
  }
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
  InsertSideFile(tx, payer_, file, recorded);
  return file;
}

StatusOr<AchFile> SideFiles::Write(const SideFile& file, const BankProfile& bank,
                                   std::span<const AchEntry> entries) const {
  const AchFileIdentity identity{.creation_date = file.created_at.UtcDate(),
                                 .creation_minute = MinuteOfDay(file.created_at),
                                 .file_id_modifier = ModifierCharacter(file.modifier),
                                 .first_trace_sequence = file.first_trace};
  ASSIGN_OR_RETURN(AchFile ach, WriteAchFile(bank, identity, entries));
  Findings findings{file.name};
  ReadAch(ach.bytes.View(), findings);
  if (!IsAcceptable(findings)) {
    return FailedPrecondition("file {} does not pass the independent reader", file.name);
  }
  return ach;
}

Status SideFiles::Store(const SideFile& file, const AchFile& ach, Money total,
                        const std::function<void(pg::Transaction&)>& also) {
  ASSIGN_OR_RETURN(const DataKey seal,
                   EnsureDataKey(app_, payer_, DataKeyPurpose::kSeal, keys_, clock_, ids_));
  const std::string_view bytes = ach.bytes.View();
  const SideFileContent content{.sha256 = Sha256(AsBytes(bytes)),
                                .sealed = SealBytes(seal, bytes, SideFileAad(payer_, file.id))};
  return files_.Transact([&](pg::Transaction& tx) -> Status {
    // Somebody else built the same bytes: then these are not stored.
    if (StoreSideFile(tx, payer_, file.id, content, total)) also(tx);
    return OkStatus();
  });
}

Status SideFiles::Mark(const SideFile& file, SideFileState from, SideFileState to) {
  return app_.Transact([&](pg::Transaction& tx) -> Status {
    if (MoveSideFile(tx, payer_, file.id, from, to)) return OkStatus();
    return Aborted("file {} was moved by somebody else", file.name);
  });
}

Status SideFiles::Finish(const SideFile& file,
                         const std::function<Status(pg::Transaction&)>& also) {
  return app_.Transact([&](pg::Transaction& tx) -> Status {
    if (!MoveSideFile(tx, payer_, file.id, SideFileState::kDelivering, SideFileState::kDelivered)) {
      return Aborted("file {} was moved by somebody else", file.name);
    }
    return also(tx);
  });
}

Status SideFiles::Deliver(const SideFile& file, const ReleaseSettings& settings,
                          const std::function<Status(pg::Transaction&)>& also) {
  ASSIGN_OR_RETURN(const auto keys, UnwrapDataKeys(files_, payer_, keys_));
  ASSIGN_OR_RETURN(const SideFileContent content,
                   files_.Transact([&](pg::Transaction& tx) -> StatusOr<SideFileContent> {
                     auto found = FindSideFileContent(tx, payer_, file.id);
                     if (!found) return NotFound("file {} is not built", file.name);
                     return *std::move(found);
                   }));
  ASSIGN_OR_RETURN(const std::string bytes,
                   OpenBytes(keys, content.sealed, SideFileAad(payer_, file.id), file.name));
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
  if (file.state == SideFileState::kDelivering) {
    if (found == Delivered::kSame) return Finish(file, also);
    if (found == Delivered::kNothing) {
      RETURN_IF_ERROR(Mark(file, SideFileState::kDelivering, SideFileState::kUnknown));
      return FailedPrecondition("whether file {} was taken is unknown: ask the bank", file.name);
    }
  } else {
    if (found != Delivered::kSame) {
      RETURN_IF_ERROR(channel->WriteTemporary(file.name, bytes));
    }
    RETURN_IF_ERROR(Mark(file, SideFileState::kReady, SideFileState::kDelivering));
  }
  if (found != Delivered::kSame) {
    RETURN_IF_ERROR(channel->RenameTemporary(file.name));
  }
  return Finish(file, also);
}

}  // namespace sluice::payments
