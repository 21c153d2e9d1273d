// What we sent, out of the bytes of our own files, and the rule that ties what came back to it.
//
// The match key is original trace + original RDFI + amount + company id (FORMATS 6); every part of
// it must be equal. A trace alone names a payment only within a year: where several payments have
// the whole key in common, the payment key that came back decides, and else nobody does. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/money.h"
#include "payments/disbursement.h"
#include "payments/inbound/inbound_file.h"

namespace sluice::payments {

struct SentEntry {
  BookId book;
  PaymentFileId file;
  DisbursementId disbursement;
  std::string trace;  // 15 digits
  std::string rdfi;   // 8 digits
  std::string company_id;
  std::string payment_key;
  Money amount;
};

// The seven digits of a trace that are ours; -1 when they are no number.
std::int64_t TraceSequenceOf(std::string_view trace);

// The entries of one ACH file; the ids are left for the caller. DataLoss when the bytes are not a
// file that we wrote.
StatusOr<std::vector<SentEntry>> ReadSentEntries(std::string_view name, std::string_view bytes);

struct SentMatch {
  const SentEntry* entry = nullptr;
  std::string reason;  // why there is none
};

class SentIndex {
 public:
  void Add(SentEntry entry);
  // The one entry that an item is about. The reason names the part of the key that differs.
  SentMatch Find(const InboundItemRow& item) const;

 private:
  std::multimap<std::int64_t, SentEntry> by_sequence_;
};

}  // namespace sluice::payments
