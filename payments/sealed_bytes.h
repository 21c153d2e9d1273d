// Bytes of files at rest: sealed under the payer's data key and bound to the row they stand in.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/status.h"
#include "payments/key_provider.h"

namespace sluice::payments {

struct SealedBytes {
  std::int64_t key_id = 0;
  Bytes nonce, ciphertext, tag;
};

// `aad` names the row; the same bytes open the content again.
SealedBytes SealBytes(const DataKey& key, std::string_view bytes, ByteView aad);
// DataLoss names `what` when its key is missing or a sealed byte was changed.
StatusOr<std::string> OpenBytes(std::span<const DataKey> keys, const SealedBytes& sealed,
                                ByteView aad, std::string_view what);

}  // namespace sluice::payments
