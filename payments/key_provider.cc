#include "payments/key_provider.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "payments/descriptor.h"

namespace sluice::payments {
namespace {

constexpr std::size_t kKeySize = 32;

Status MakeKeyFile(const std::string& path) {
  const std::string temporary = path + ".new";
  ::unlink(temporary.c_str());
  const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.Get() < 0) {
    return FailedPrecondition("cannot make key file {}: {}", path, std::strerror(errno));
  }
  const SecretBytes bytes(RandomBytes(kKeySize));
  const ssize_t written = ::write(file.Get(), bytes.Reveal().data(), kKeySize);
  if (written != static_cast<ssize_t>(kKeySize) || ::fsync(file.Get()) != 0) {
    return FailedPrecondition("cannot write key file {}: {}", path, std::strerror(errno));
  }
  // link() never replaces: of two processes that start at once, one makes the key.
  if (::link(temporary.c_str(), path.c_str()) != 0 && errno != EEXIST) {
    return FailedPrecondition("cannot name key file {}: {}", path, std::strerror(errno));
  }
  ::unlink(temporary.c_str());
  return OkStatus();
}

}  // namespace

FileKeyProvider::FileKeyProvider(SecretKey kek) : kek_(std::move(kek)) {
  const Digest mark = HmacSha256(kek_.Reveal(), AsBytes("sluice.kek.id.v1"));
  kek_id_ = "file:" + ToHex(ByteView(mark).first(8));
}

StatusOr<FileKeyProvider> FileKeyProvider::Open(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0) RETURN_IF_ERROR(MakeKeyFile(path));
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat info {};
  if (file.Get() < 0 || ::fstat(file.Get(), &info) != 0) {
    return FailedPrecondition("cannot read key file {}: {}", path, std::strerror(errno));
  }
  if ((info.st_mode & 077U) != 0 || info.st_uid != ::geteuid()) {
    return FailedPrecondition(
        "key file {} must belong to the user that runs the service and be readable by nobody else "
        "(chmod 600)",
        path);
  }
  Bytes buffer(kKeySize + 1);
  const ssize_t count = ::read(file.Get(), buffer.data(), buffer.size());
  if (count != static_cast<ssize_t>(kKeySize)) {
    Wipe(buffer.data(), buffer.size());
    return FailedPrecondition("key file {} does not hold {} bytes: it is damaged or another file",
                              path, kKeySize);
  }
  buffer.resize(kKeySize);
  const SecretBytes secret(std::move(buffer));
  ASSIGN_OR_RETURN(SecretKey kek, KeyFromBytes(secret.Reveal()));
  if (LooksMadeUp(kek)) {
    return FailedPrecondition(
        "key file {} holds an example and no key: make 32 random bytes, as Sluice does where there "
        "is no file",
        path);
  }
  return FileKeyProvider(std::move(kek));
}

StatusOr<Bytes> FileKeyProvider::Wrap(const SecretKey& key, ByteView aad) const {
  return Seal(kek_, key.Reveal(), aad);
}

StatusOr<SecretKey> FileKeyProvider::Unwrap(ByteView wrapped, ByteView aad) const {
  const auto opened = sluice::Open(kek_, wrapped, aad);
  if (!opened.ok()) {
    return Annotate(opened.status(), "a data key does not open under key " + kek_id_);
  }
  return KeyFromBytes(opened->Reveal());
}

Bytes DataKeyAad(PayerId payer, std::int64_t key_id, DataKeyPurpose purpose) {
  return CanonicalWriter("sluice.dek.v1")
      .I64(payer.Value())
      .I64(key_id)
      .U8(static_cast<std::uint8_t>(purpose))
      .Data();
}

}  // namespace sluice::payments
