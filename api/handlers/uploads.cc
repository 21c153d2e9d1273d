// sluice.ops.v1.UploadService
#include <string>

#include "api/handlers/handlers.h"
#include "api/handlers/upload_store.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "sluice/ops/v1/feed.pb.h"

namespace sluice::api {
namespace {

namespace ops1 = ::sluice::ops::v1;

constexpr std::size_t kLargest = std::size_t{4} << 20;
constexpr std::size_t kLongestName = 200;
constexpr std::int64_t kDayMicros = std::int64_t{86'400} * 1'000'000;

Status CheckUpload(const ops1::CreateUploadRequest& request) {
  if (request.content().size() > kLargest) {
    return ResourceExhausted("a file of a call has at most {} bytes", kLargest);
  }
  const std::string& name = request.file_name();
  const bool named = name.size() <= kLongestName && name.find_first_of("/\\") == std::string::npos;
  if (!named) return WrongFields({{"file_name", "is a name without a folder, at most 200 bytes"}});
  return OkStatus();
}

ops1::Upload UploadMessage(PayerId payer, const StoredUpload& upload) {
  ops1::Upload to;
  to.set_name(fmt::format("payers/{}/uploads/{}", payer, upload.id));
  to.set_file_name(upload.file_name);
  to.set_size_bytes(upload.size_bytes);
  to.set_sha256(ToHex(upload.sha256));
  Set(*to.mutable_expire_time(), upload.expires_at);
  return to;
}

StatusOr<ops1::Upload> CreateUpload(Call& call, const ops1::CreateUploadRequest& request) {
  RETURN_IF_ERROR(CheckUpload(request));
  StoredUpload upload{.id = call.Ids().Next<UploadTag>(),
                      .sender = call.User(),
                      .file_name = request.file_name(),
                      .size_bytes = static_cast<std::int64_t>(request.content().size()),
                      .sha256 = Sha256(AsBytes(request.content())),
                      .sealed = {},
                      .created_at = call.Now(),
                      .expires_at = Instant::FromMicros(call.Now().Micros() + kDayMicros)};
  upload.sealed = SealUpload(call.UploadKey(), call.Payer(), upload.id, request.content());
  return call.Change<ops1::Upload>({.before = nullptr,
                                    .work = [&](const pg::Database& database) -> Status {
                                      return database.Transact([&](pg::Transaction& tx) -> Status {
                                        DeleteExpiredUploads(tx, call.Payer(), call.Now());
                                        InsertUpload(tx, call.Payer(), upload);
                                        return OkStatus();
                                      });
                                    },
                                    .after = [&](pg::Transaction&) -> StatusOr<ops1::Upload> {
                                      return UploadMessage(call.Payer(), upload);
                                    },
                                    .etag = std::nullopt,
                                    .validate_only = false,
                                    .reason = ""});
}

}  // namespace

void ServeUploads(Methods& methods) {
  methods.Serve<ops1::CreateUploadRequest, ops1::Upload>("sluice.ops.v1.UploadService.CreateUpload",
                                                         CreateUpload);
}

}  // namespace sluice::api
