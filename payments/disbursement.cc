#include "payments/disbursement.h"

#include <array>
#include <vector>

#include "core/check.h"

namespace sluice::payments {
namespace {

// A positive 63-bit number out of a derived id. Two that fall together are refused by the primary
// key, never mixed up.
std::int64_t DerivedNumber(std::string_view kind, const std::vector<std::string>& parts) {
  const Uuid uuid = DerivedUuid(kind, parts);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = (value << 8U) | uuid[i];
  // The low half carries the variant bits; the high half carries the version in 4 fixed bits.
  std::uint64_t low = 0;
  for (std::size_t i = 8; i < 16; ++i) low = (low << 8U) | uuid[i];
  value ^= low << 7U;
  return static_cast<std::int64_t>((value >> 1U) | 1U);
}

template <typename Enum, std::size_t kCount>
std::string_view NameIn(const std::array<std::string_view, kCount>& names, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  CHECK(index < names.size());
  return names[index];
}

}  // namespace

std::string_view DisbursementStateName(DisbursementState state) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "PLANNED", "POSTED",   "IN_FILE", "SENT",     "ACCEPTED",
      "SETTLED", "REJECTED", "VOIDED",  "RETURNED", "STALE"};
  return NameIn(kNames, state);
}

bool IsTerminal(DisbursementState state) { return state >= DisbursementState::kSettled; }

std::string_view FileKindName(FileKind kind) {
  static constexpr std::array<std::string_view, 8> kNames = {"",    "ACH", "835",    "PDF",
                                                             "CSV", "CSV", "CHECKS", "CHECKS"};
  return NameIn(kNames, kind);
}

std::string_view FileStateName(FileState state) {
  static constexpr std::array<std::string_view, 8> kNames = {
      "BUILDING",     "READY", "DELIVERING", "DELIVERED",
      "SENT_UNKNOWN", "ACKED", "REJECTED",   "VOIDED"};
  return NameIn(kNames, state);
}

char ModifierCharacter(std::int16_t modifier) {
  CHECK(modifier >= 0 && modifier < 36);
  return static_cast<char>(modifier < 26 ? 'A' + modifier : '0' + (modifier - 26));
}

std::string FileName(const ProgramPayments& program, RunId run, FileKind kind,
                     std::int32_t file_no) {
  static constexpr std::array<std::string_view, 8> kEnds = {
      "",           "ach",    "835",        "statements.pdf", "statements.csv",
      "roster.csv", "checks", "void.checks"};
  return fmt::format("{}.{}.{}.{:04}.{}", program.payer_code, program.program_code,
                     FormatId("", run.Value()).substr(1), file_no, NameIn(kEnds, kind));
}

std::string KeptFileName(const ProgramPayments& program, RunId run, std::int32_t file_no) {
  std::string name = FileName(program, run, FileKind::k835, file_no);
  return name.insert(name.rfind('.'), ".kept");
}

PaymentFileId DerivedFileId(const Run& run, FileKind kind, std::int32_t file_no) {
  return PaymentFileId(DerivedNumber(
      "payment_file", {std::to_string(run.book.Value()), std::to_string(run.id.Value()),
                       std::to_string(static_cast<int>(kind)), std::to_string(file_no)}));
}

DisbursementId DerivedDisbursementId(const Run& run, PayeeId payee, std::int32_t attempt) {
  return DisbursementId(DerivedNumber(
      "disbursement", {std::to_string(run.book.Value()), std::to_string(run.id.Value()),
                       std::to_string(payee.Value()), std::to_string(attempt)}));
}

std::string PaymentKeyOf(DisbursementId id) { return FormatId("", id.Value()).substr(1); }

}  // namespace sluice::payments
