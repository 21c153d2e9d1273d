// Where the key-encryption key (KEK) lives: it wraps the data keys that seal account numbers and
// files, and never leaves its provider.
//
// The interface is what an HSM or a key management service offers. The file provider is for the
// embedded default and for development: 32 random bytes in a file that only its owner can read.
// The KEK is never in the environment, in an argument, in the database or in a log.
// Source: LEDGER_RELIABILITY_SECURITY 8.1, 8.2.
#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.h"
#include "core/crypto.h"
#include "core/id.h"
#include "core/secret.h"
#include "core/status.h"

namespace sluice::payments {

class KeyProvider {
 public:
  virtual ~KeyProvider() = default;
  // Names the key in force; stored beside what it wrapped.
  virtual std::string KekId() const = 0;
  // `aad` binds the wrapped key to its row.
  virtual StatusOr<Bytes> Wrap(const SecretKey& key, ByteView aad) const = 0;
  // DataLoss when the bytes were wrapped by another key or moved to another row.
  virtual StatusOr<SecretKey> Unwrap(ByteView wrapped, ByteView aad) const = 0;
};

class FileKeyProvider final : public KeyProvider {
 public:
  // Reads the key file, or makes it with mode 0600 when there is none. FailedPrecondition when
  // somebody but its owner may read it, or when it is not a key file.
  static StatusOr<FileKeyProvider> Open(const std::string& path);

  std::string KekId() const override { return kek_id_; }
  StatusOr<Bytes> Wrap(const SecretKey& key, ByteView aad) const override;
  StatusOr<SecretKey> Unwrap(ByteView wrapped, ByteView aad) const override;

 private:
  explicit FileKeyProvider(SecretKey kek);

  SecretKey kek_;
  std::string kek_id_;  // "file:" and the first bytes of an HMAC under the key
};

// What a data key is for. The numbers are stored.
enum class DataKeyPurpose : std::int16_t { kSeal = 0, kBlindIndex = 1 };

// An unwrapped data key of one payer.
struct DataKey {
  std::int64_t id = 0;
  DataKeyPurpose purpose = DataKeyPurpose::kSeal;
  SecretKey key;
};

// What a wrapped data key is bound to.
Bytes DataKeyAad(PayerId payer, std::int64_t key_id, DataKeyPurpose purpose);

}  // namespace sluice::payments
