// Files that wait to be taken by a call: sealed, for a day.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/crypto.h"
#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"

namespace sluice::api {

struct UploadTag {
  static constexpr std::string_view kPrefix = "upl";
};
using UploadId = Id<UploadTag>;

struct StoredUpload {
  UploadId id;
  UserId sender;
  std::string file_name;
  std::int64_t size_bytes = 0;
  Digest sha256{};
  Bytes sealed;
  Instant created_at;
  Instant expires_at;
};

// Seals the bytes for their row, and opens them again. DataLoss when a byte was changed.
Bytes SealUpload(const SecretKey& key, PayerId payer, UploadId id, std::string_view content);
StatusOr<std::string> OpenUpload(const SecretKey& key, PayerId payer, const StoredUpload& upload);

void InsertUpload(pg::Transaction& tx, PayerId payer, const StoredUpload& upload);
// Of this sender, and not expired.
std::optional<StoredUpload> FindUpload(pg::Transaction& tx, PayerId payer, UploadId id,
                                       UserId sender, Instant now);
void DeleteExpiredUploads(pg::Transaction& tx, PayerId payer, Instant now);

}  // namespace sluice::api
