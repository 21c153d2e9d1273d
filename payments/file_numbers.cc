#include "payments/file_numbers.h"

#include <string>

#include "payments/disbursement_store.h"
#include "payments/run_store.h"

namespace sluice::payments {
namespace {

constexpr std::int64_t kMinute = 60'000'000;
constexpr std::int64_t kMinutesOfDay = 24 * 60;
constexpr std::int64_t kModifiers = 36;                  // A to Z, 0 to 9
constexpr std::int64_t kTracesOfYear = 10'000'000;       // seven digits
constexpr std::int64_t kControlNumbers = 1'000'000'000;  // nine digits
// A balanced file takes a trace for each offsetting entry too; there are few batches.
constexpr std::int64_t kSpareTraces = 16;

// When the run was released, as its history has it.
Instant ReleasedAt(pg::Transaction& tx, const Run& run) {
  Instant released_at;
  for (const RunEventRow& event : LoadRunEvents(tx, run.book, run.id)) {
    if (event.command == RunCommand::kRelease) released_at = event.at;
  }
  return released_at;
}

}  // namespace

StatusOr<PaymentFile> TakeFileNumbers(pg::Transaction& tx, const Run& run,
                                      const PlannedFile& planned, const ProgramPayments& program,
                                      const ReleaseSettings& settings) {
  const Instant released_at = ReleasedAt(tx, run);
  PaymentFile file{.id = DerivedFileId(run, planned.kind, planned.file_no),
                   .run = run.id,
                   .kind = planned.kind,
                   .file_no = planned.file_no,
                   .name = FileName(program, run.id, planned.kind, planned.file_no),
                   .entry_count = static_cast<std::int32_t>(planned.payments.size()),
                   .total = planned.total,
                   .to = planned.to};
  if (planned.to && planned.to->way != RemittanceDelivery::kSftp) {
    file.name = KeptFileName(program, run.id, planned.file_no);
  }
  const std::string day = FormatDate(run.business_date);
  const Instant midnight = Instant::AtMidnight(released_at.UtcDate());
  std::int64_t minute = (released_at.Micros() - midnight.Micros()) / kMinute;
  if (planned.kind == FileKind::kAch) {
    auto header = FindNumberRange(tx, "ach_header", run.book, file.id);
    // Origin, date, minute and modifier are unique for ever; a full minute passes on to the next.
    for (; !header && minute < kMinutesOfDay; ++minute) {
      header = TakeNumbers(
          tx,
          {.kind = "ach_header",
           .scope = fmt::format("{}/{}/{}", settings.bank.immediate_origin, day, minute),
           .starts_at = 0,
           .limit = kModifiers},
          run.book, file.id);
    }
    if (!header) return ResourceExhausted("no file id is left for this bank on {}", day);
    minute = std::stoll(header->scope.substr(header->scope.rfind('/') + 1));
    file.modifier = static_cast<std::int16_t>(header->first);
    auto traces = FindNumberRange(tx, "ach_trace", run.book, file.id);
    if (!traces) {
      const int year = YearOf(run.business_date);
      traces = TakeNumbers(tx,
                           {.kind = "ach_trace",
                            .scope = fmt::format("{}/{}", settings.bank.odfi_routing_number, year),
                            .count = file.entry_count + kSpareTraces,
                            .limit = kTracesOfYear},
                           run.book, file.id);
      if (!traces) return ResourceExhausted("the trace numbers of {} are used up", year);
    }
    file.first_trace = traces->first;
  }
  if (planned.kind == FileKind::k835) {
    auto control = FindNumberRange(tx, "x12_control", run.book, file.id);
    if (!control) {
      control = TakeNumbers(
          tx, {.kind = "x12_control", .scope = settings.payer.x12_id, .limit = kControlNumbers},
          run.book, file.id);
    }
    if (!control) return ResourceExhausted("the 835 control numbers are used up");
    file.control_number = control->first;
  }
  file.created_at =
      Instant::FromMicros(Instant::AtMidnight(run.business_date).Micros() + minute * kMinute);
  return file;
}

}  // namespace sluice::payments
