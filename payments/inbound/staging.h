// From bytes to rows: what a file is, what is wrong with it, and its items, each with its state.
// Pure, so that the same bytes give the same rows.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "payments/inbound/fault.h"
#include "payments/inbound/inbound_file.h"
#include "payments/key_provider.h"

namespace sluice::payments {

struct StagedFile {
  InboundKind kind = InboundKind::kUnknown;
  InboundState state = InboundState::kStaged;
  std::string reason;
  std::vector<InboundFault> faults;
  std::vector<InboundItemRow> items;  // with keys and numbers from 1
};

// The blind index of the number of one of our own accounts.
using AccountIndex = std::function<Digest(std::string_view number)>;

StagedFile StageBytes(InboundFileId id, std::string_view name, std::string_view bytes,
                      const AccountIndex& index);

// The blind index of a deposit account's number under the payer's index key.
Digest DepositAccountIndex(const DataKey& index_key, std::string_view plain_number);

// The digits of an account number as banks print it, without blanks, hyphens and leading zeros.
std::string PlainAccountNumber(std::string_view number);

}  // namespace sluice::payments
