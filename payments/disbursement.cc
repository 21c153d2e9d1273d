#include "payments/disbursement.h"

#include <array>
#include <cctype>
#include <vector>

#include "core/check.h"
#include "payments/derived_number.h"

namespace sluice::payments {
namespace {

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

bool HasLeft(DisbursementState state) {
  return state == DisbursementState::kSent || state == DisbursementState::kAccepted ||
         state == DisbursementState::kSettled;
}

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

std::string FileCode(std::string_view name) {
  std::string code;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) {
      code += static_cast<char>(std::tolower(byte));
    } else if (!code.empty() && code.back() != '-') {
      code += '-';
    }
  }
  while (code.ends_with('-')) code.pop_back();
  return code;
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

StatusOr<DisbursementId> ParsePaymentKey(std::string_view key) {
  const StatusOr<std::int64_t> id = ParseId("", fmt::format("_{}", key));
  if (!id.ok()) return InvalidArgument("'{}' is no payment key, such as 0RSJ7YP600001", key);
  return DisbursementId(*id);
}

}  // namespace sluice::payments
