#include "api/handlers/upload_store.h"

namespace sluice::api {
namespace {

constexpr pg::Query kInsertUpload{"core_insert_upload", R"sql(
  INSERT INTO core.upload (payer_id, upload_id, user_id, file_name, size_bytes, sha256, sealed,
    created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql"};

constexpr pg::Query kFindUpload{"core_find_upload", R"sql(
  SELECT file_name, size_bytes, sha256, sealed, created_at, expires_at
  FROM core.upload
  WHERE payer_id = $1 AND upload_id = $2 AND user_id = $3 AND expires_at > $4
)sql"};

constexpr pg::Query kDeleteExpired{"core_delete_expired_uploads", R"sql(
  DELETE FROM core.upload
  WHERE payer_id = $1 AND expires_at <= $2
)sql"};

// What binds sealed bytes to their row.
Bytes AadOf(PayerId payer, UploadId id) {
  const std::string text = fmt::format("sluice.upload.v1/{}/{}", payer, id);
  return {text.begin(), text.end()};
}

}  // namespace

Bytes SealUpload(const SecretKey& key, PayerId payer, UploadId id, std::string_view content) {
  return Seal(key, AsBytes(content), AadOf(payer, id));
}

StatusOr<std::string> OpenUpload(const SecretKey& key, PayerId payer, const StoredUpload& upload) {
  ASSIGN_OR_RETURN(const SecretBytes opened, Open(key, upload.sealed, AadOf(payer, upload.id)));
  const auto& bytes = opened.Reveal();
  return std::string(bytes.begin(), bytes.end());
}

void InsertUpload(pg::Transaction& tx, PayerId payer, const StoredUpload& upload) {
  tx.Execute(kInsertUpload, payer, upload.id, upload.sender, upload.file_name, upload.size_bytes,
             upload.sha256, upload.sealed, upload.created_at, upload.expires_at);
}

std::optional<StoredUpload> FindUpload(pg::Transaction& tx, PayerId payer, UploadId id,
                                       UserId sender, Instant now) {
  const pg::Result rows = tx.Query(kFindUpload, payer, id, sender, now);
  if (rows.Empty()) return std::nullopt;
  const pg::Row row = rows[0];
  return StoredUpload{.id = id,
                      .sender = sender,
                      .file_name = row.Get<std::string>(0),
                      .size_bytes = row.Get<std::int64_t>(1),
                      .sha256 = row.Get<Digest>(2),
                      .sealed = row.Get<Bytes>(3),
                      .created_at = row.Get<Instant>(4),
                      .expires_at = row.Get<Instant>(5)};
}

void DeleteExpiredUploads(pg::Transaction& tx, PayerId payer, Instant now) {
  tx.Execute(kDeleteExpired, payer, now);
}

}  // namespace sluice::api
