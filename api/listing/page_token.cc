#include "api/listing/page_token.h"

#include <algorithm>
#include <optional>

#include "core/base64.h"
#include "core/bytes.h"

namespace sluice::api {

namespace {

constexpr std::size_t kLongestToken = 4096;

// What a token is bound to. Not kept in it.
Bytes BindingOf(const ListQuery& query) {
  CanonicalWriter writer("sluice.page.v1");
  writer.I64(query.payer.Value()).I64(query.user.Value());
  writer.Text(query.method).Text(query.parent).Text(query.filter).Text(query.order_by);
  writer.U32(static_cast<std::uint32_t>(query.others.size()));
  for (const std::string& other : query.others) writer.Text(other);
  return writer.Data();
}

// Length-prefixed texts, one after the other.
Bytes WriteKey(const PageKey& key) {
  Bytes bytes;
  for (const std::string& value : key) {
    const auto size = static_cast<std::uint32_t>(value.size());
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
      bytes.push_back(static_cast<std::uint8_t>(size >> shift));
    }
    bytes.insert(bytes.end(), value.begin(), value.end());
  }
  return bytes;
}

std::optional<PageKey> ReadKey(ByteView bytes) {
  PageKey key;
  while (!bytes.empty()) {
    if (bytes.size() < 4) return std::nullopt;
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size = (size << 8U) | bytes[i];
    bytes = bytes.subspan(4);
    if (bytes.size() < size) return std::nullopt;
    key.emplace_back(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    bytes = bytes.subspan(size);
  }
  return key;
}

Status Refusal() {
  return InvalidArgument(
      "page_token is not one for this list; repeat the call with the arguments it was made for, or "
      "without page_token for the first page");
}

}  // namespace

std::string PageTokens::Make(const ListQuery& query, const PageKey& last) const {
  return ToBase64Url(Seal(key_, WriteKey(last), BindingOf(query)));
}

StatusOr<PageKey> PageTokens::Read(const ListQuery& query, std::string_view token) const {
  if (token.size() > kLongestToken) return Refusal();
  const StatusOr<Bytes> sealed = FromBase64Url(token);
  if (!sealed.ok()) return Refusal();
  const StatusOr<SecretBytes> opened = Open(key_, *sealed, BindingOf(query));
  if (!opened.ok()) return Refusal();
  std::optional<PageKey> key = ReadKey(opened->Reveal());
  if (!key) return Refusal();
  return *std::move(key);
}

StatusOr<std::int32_t> PageSize(std::int32_t asked) {
  if (asked < 0) return InvalidArgument("page_size is {}; it is 0 (for 50) to 1,000", asked);
  return asked == 0 ? kDefaultPageSize : std::min(asked, kLargestPageSize);
}

}  // namespace sluice::api
