#include "payments/sealed_bytes.h"

#include <algorithm>

#include "core/crypto.h"

namespace sluice::payments {

SealedBytes SealBytes(const DataKey& key, std::string_view bytes, ByteView aad) {
  const Bytes sealed = Seal(key.key, AsBytes(bytes), aad);
  const auto nonce_end = sealed.begin() + kSealNonceSize;
  const auto tag_begin = sealed.end() - kSealTagSize;
  return {.key_id = key.id,
          .nonce = Bytes(sealed.begin(), nonce_end),
          .ciphertext = Bytes(nonce_end, tag_begin),
          .tag = Bytes(tag_begin, sealed.end())};
}

StatusOr<std::string> OpenBytes(std::span<const DataKey> keys, const SealedBytes& sealed,
                                ByteView aad, std::string_view what) {
  const auto key = std::ranges::find(keys, sealed.key_id, &DataKey::id);
  if (key == keys.end()) return DataLoss("{} is sealed under a key that is missing", what);
  Bytes joined = sealed.nonce;
  joined.insert(joined.end(), sealed.ciphertext.begin(), sealed.ciphertext.end());
  joined.insert(joined.end(), sealed.tag.begin(), sealed.tag.end());
  const auto opened = Open(key->key, joined, aad);
  if (!opened.ok()) return DataLoss("{} does not open: its bytes were changed", what);
  return std::string(opened->Reveal().begin(), opened->Reveal().end());
}

}  // namespace sluice::payments
