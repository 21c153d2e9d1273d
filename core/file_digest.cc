#include "core/file_digest.h"

#include <openssl/evp.h>

#include <fstream>
#include <memory>
#include <vector>

#include "core/check.h"

namespace sluice {

StatusOr<FileDigest> DigestFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return NotFound("{} cannot be opened", path);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  CHECK(context != nullptr);
  CHECK(EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1);
  FileDigest result;
  std::vector<char> buffer(1 << 18);
  while (in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const auto count = static_cast<std::size_t>(in.gcount());
    CHECK(EVP_DigestUpdate(context.get(), buffer.data(), count) == 1);
    result.bytes += static_cast<std::int64_t>(count);
  }
  if (in.bad()) return Unavailable("{} cannot be read to its end", path);
  unsigned length = 0;
  CHECK(EVP_DigestFinal_ex(context.get(), result.sha256.data(), &length) == 1);
  CHECK(length == result.sha256.size());
  return result;
}

}  // namespace sluice
