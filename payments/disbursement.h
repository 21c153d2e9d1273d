// Disbursements and payment files: the values and their states.
//
// A disbursement is one attempt to pay one payee on one rail. A payment file is what the bank or
// the payee gets; its number, name, traces and creation time are fixed before it is built, so that
// it can be built again to the same bytes. Ids of both derive from the run and what they are for,
// so that a restarted release computes the same ones.
// Source: LEDGER_RELIABILITY_SECURITY 6.2, 6.3.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/status.h"
#include "payments/cycle.h"
#include "payments/delivery/remittance_address.h"

namespace sluice::payments {

// The numbers are stored; they never change.
enum class DisbursementState : std::int16_t {
  kPlanned = 0,
  kPosted = 1,  // DISBURSE is in the ledger
  kInFile = 2,
  kSent = 3,
  kAccepted = 4,
  kSettled = 5,
  kRejected = 6,
  kVoided = 7,
  kReturned = 8,
  kStale = 9,
};
std::string_view DisbursementStateName(DisbursementState state);
// Nothing is open any more.
bool IsTerminal(DisbursementState state);
// It left for the bank, and nothing brought it back.
bool HasLeft(DisbursementState state);

struct Disbursement {
  DisbursementId id;
  RunId run;
  PayeeId payee;
  Rail rail = Rail::kNone;
  BankAccountId account;
  std::int32_t account_version = 0;
  // TRN02, and the ACH identification number: 13 of A-Z 0-9. Of a check, its number.
  std::string payment_key;
  Money amount;             // zero: a notice without a payment
  Date effective_date{};
  std::optional<PaymentFileId> file;  // the bank file; none for zero
  DisbursementState state = DisbursementState::kPlanned;
};

enum class FileKind : std::int16_t {
  kAch = 1,
  k835 = 2,
  kStatementPdf = 3,
  kStatementCsv = 4,
  kRosterCsv = 5,
  kChecks = 6,      // checks that were issued, for the bank (positive pay)
  kCheckVoids = 7,  // issued before, and taken back
};
// Whether payments leave by it: its payments are in transit until the bank settles them.
constexpr bool IsBankFile(FileKind kind) {
  return kind == FileKind::kAch || kind == FileKind::kChecks;
}
// "ACH", "835", "PDF", "CSV", "CHECKS".
std::string_view FileKindName(FileKind kind);

enum class FileState : std::int16_t {
  kBuilding = 0,
  kReady = 1,
  kDelivering = 2,
  kDelivered = 3,
  kSentUnknown = 4,
  kAcked = 5,
  kRejected = 6,
  kVoided = 7,
};
std::string_view FileStateName(FileState state);

struct PaymentFile {
  PaymentFileId id;
  RunId run;
  FileKind kind = FileKind::kAch;
  std::int32_t file_no = 1;
  std::string name;
  Instant created_at;               // the creation date and time that the file states
  std::int16_t modifier = 0;        // ACH: 0 is 'A', 26 is '0'
  std::int64_t first_trace = 0;     // ACH
  std::int64_t control_number = 0;  // 835
  std::int32_t entry_count = 0;     // as planned
  Money total;                      // as planned
  FileState state = FileState::kBuilding;
  std::optional<RemittanceAddress> to = std::nullopt;  // of an 835; none: the clearinghouse
};

// The character of a file id modifier: A to Z, then 0 to 9. Requires: 0 <= modifier < 36.
char ModifierCharacter(std::int16_t modifier);

// "Prairie Health Plan" -> "prairie-health-plan": the codes of payer and program in names of files.
std::string FileCode(std::string_view name);

// "acme.shared-savings.01J9....0001.ach".
std::string FileName(const ProgramPayments& program, RunId run, FileKind kind,
                     std::int32_t file_no);
// The same of an 835 that is kept: "....0002.kept.835".
std::string KeptFileName(const ProgramPayments& program, RunId run, std::int32_t file_no);

// Ids that derive from the run: the same run gives the same ones after a restart.
PaymentFileId DerivedFileId(const Run& run, FileKind kind, std::int32_t file_no);
DisbursementId DerivedDisbursementId(const Run& run, PayeeId payee, std::int32_t attempt);
// 13 characters of Crockford base 32.
std::string PaymentKeyOf(DisbursementId id);
// The reverse; InvalidArgument for a text that is no payment key. A check's number is none.
StatusOr<DisbursementId> ParsePaymentKey(std::string_view key);

}  // namespace sluice::payments
