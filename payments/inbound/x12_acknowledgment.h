// Reads what a receiver of our 835s answers: TA1 (interchange) and 999 (functional group).
//
// An answer that is absent is normal: the 999 is not mandated for an 835. One that rejects, or
// accepts with errors, opens a work item; the remittance is sent again under a new control number
// with the same TRN. Source: FORMATS 8.7 and check 50.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "payments/inbound/fault.h"

namespace sluice::payments {

// What was said about one thing that we sent. The numbers are stored.
enum class AckVerdict : std::int16_t {
  kAccepted = 0,
  kAcceptedWithErrors = 1,
  kPartlyAccepted = 2,  // of a group
  kRejected = 3,
};
std::string_view AckVerdictName(AckVerdict verdict);

// One complaint about a segment or an element.
struct AckNote {
  std::string segment;        // "CLP"
  std::int64_t position = 0;  // of the segment in the transaction; 0: the whole
  std::string element;        // "5" or "5:2"; empty for the segment
  std::string code;           // IK304, IK403, IK502, AK905
  std::string bad_value;      // with long runs of digits masked

  // "CLP at 12 element 5: error 7".
  std::string ToString() const;
};

struct AckTransaction {
  std::size_t record = 0;      // segment number of its AK2
  std::string kind;            // ST01: "835"
  std::string control_number;  // ST02
  AckVerdict verdict = AckVerdict::kAccepted;
  std::vector<AckNote> notes;
};

// A 999: the answer to one of our functional groups.
struct AckGroup {
  std::size_t record = 0;      // segment number of its AK1
  std::string kind;            // GS01: "HP"
  std::string control_number;  // GS06
  AckVerdict verdict = AckVerdict::kAccepted;
  std::int64_t included = 0, received = 0, accepted = 0;
  std::vector<AckTransaction> transactions;
  std::vector<std::string> codes;  // AK905 and on
};

// A TA1: the answer to one of our interchanges.
struct AckInterchange {
  std::size_t record = 0;
  std::string control_number;  // ISA13
  AckVerdict verdict = AckVerdict::kAccepted;
  std::string note;  // TA105
};

struct AckDocument {
  std::string sender;          // of the answer, ISA06
  std::string control_number;  // its own ISA13
  std::vector<AckInterchange> interchanges;
  std::vector<AckGroup> groups;
  std::vector<InboundFault> faults;
  std::size_t other_transactions = 0;  // not a 999
};

AckDocument ReadAcknowledgments(std::string_view name, std::string_view bytes);

}  // namespace sluice::payments
