// Writes NACHA files: CCD with one TRN addenda for organizations, PPD for persons.
//
//   1. The bytes are a function of the arguments alone: creation date and time, file id modifier
//      and traces are given (reserved and stored before), so a file can be written again.
//   2. A batch holds one SEC code, one entry description and one effective entry date. Entries keep
//      the order in which they are given.
//   3. Nothing is cut, clamped or left out to make it fit: an entry that breaks a rule or a limit
//      is refused with the payment's key. The one exception is the receiver's name, which NACHA
//      itself cuts at 22 characters.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/status.h"
#include "payments/remittance/bank_profile.h"
#include "payments/remittance/outbound_payment.h"

namespace sluice::payments {

// What makes a file unique to the operator; reserved before it is built and never used again.
struct AchFileIdentity {
  Date creation_date;
  int creation_minute = 0;  // minutes after midnight: 12:53 is 773
  char file_id_modifier = 'A';
  std::string reference_code;             // at most 8
  std::int64_t first_trace_sequence = 1;  // 7 digits; each entry takes one
  std::int64_t first_batch_number = 1;
};

enum class AchDescription : std::uint8_t {
  kHealthCareClaim = 0,
  kValueBased = 1,
  kPayroll = 2,
  kAccountVerify = 3,  // micro-entries
  kReversal = 4,       // takes an entry back: the same entry as a debit (FORMATS 4)
};

// One entry, as views into somebody else's strings: small, so that half a million of them are
// written at the speed of memory.
struct AchEntry {
  std::string_view payment_key;
  std::string_view receiver_name;
  std::string_view routing_number;  // 9 digits
  std::string_view account_number;
  std::int64_t amount_cents = 0;
  Date effective_date;
  AchDescription description = AchDescription::kValueBased;
  PayeeKind kind = PayeeKind::kOrganization;
  AccountKind account_kind = AccountKind::kChecking;
  // Tries an account: without addenda; a prenotification where the amount is zero (FORMATS 4).
  bool account_test = false;
};

// Bytes that were never zero-filled first.
class FileBuffer {
 public:
  FileBuffer() = default;
  explicit FileBuffer(std::size_t capacity);
  char* Data() { return data_.get(); }
  std::size_t Capacity() const { return capacity_; }
  void SetSize(std::size_t size) { size_ = size; }
  std::string_view View() const { return {data_.get(), size_}; }

 private:
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

// Where an entry went: what the payment row stores.
struct AchPlacement {
  std::uint32_t entry = 0;          // index into the entries given
  std::int32_t trace_sequence = 0;  // last 7 digits of the trace number
  std::int32_t batch_number = 0;
};

struct AchFile {
  FileBuffer bytes;
  std::int64_t batch_count = 0;
  std::int64_t entry_count = 0;          // type 6, offsets of a balanced file included
  std::int64_t entry_addenda_count = 0;  // type 6 and 7
  std::int64_t block_count = 0;
  std::int64_t entry_hash = 0;  // rightmost 10 digits
  Money debits;
  Money credits;
  std::int64_t next_trace_sequence = 0;
  std::vector<AchPlacement> placements;  // in file order
};

// The entry of a payment. The views point into `payment`, which must outlive them.
// HCCLAIMPMT if the payment has an 835 and its program allows it; PAYROLL for compensation of a
// person; VBPPAYMENT otherwise (FORMATS section 3).
AchEntry EntryOf(const OutboundPayment& payment);

// InvalidArgument names the payment and the rule: a key, name, routing or account number that does
// not fit the format; an amount that is not positive or above a limit; no entries; a file above
// the line, amount or trace limits (split it with SplitIntoFiles).
StatusOr<AchFile> WriteAchFile(const BankProfile& profile, const AchFileIdentity& identity,
                               std::span<const AchEntry> entries);

// Cuts the entries, in their order, into runs that each fit one file of this bank (lines and
// amount): the counts of entries. Empty for no entries.
std::vector<std::size_t> SplitIntoFiles(const BankProfile& profile,
                                        std::span<const AchEntry> entries);

// The text as a bank or an 835 may carry it: upper case, accents removed, and anything outside
// "A-Z 0-9 blank & - . , / ' ( ) # +" as a blank; `*`, `~`, `:` and `^` never survive.
std::string BankText(std::string_view text);
// Writes at most `most` characters of it and returns where it ends. Requires: room for
// `text.size()` characters, which it never exceeds.
char* PutBankText(char* to, std::string_view text, std::size_t most);

}  // namespace sluice::payments
