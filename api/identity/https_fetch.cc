#include "api/identity/https_fetch.h"

#include <curl/curl.h>

#include <memory>

namespace sluice::api {
namespace {

constexpr long kConnectSeconds = 5;
constexpr long kSeconds = 10;
constexpr std::size_t kLargestBody = std::size_t{256} << 10;

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, FreeHandle>;
using List = std::unique_ptr<curl_slist, FreeList>;

// Once for the process; it is never taken down, like the libraries below it.
bool CurlIsReady() {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return ready;
}

// The name of the callback's arguments is the library's.
std::size_t Take(char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& body = *static_cast<std::string*>(user);
  if (body.size() + size * count > kLargestBody) return 0;  // and the transfer fails
  body.append(bytes, size * count);
  return size * count;
}

class Options {
 public:
  explicit Options(CURL* handle) : handle_(handle) {}
  template <typename Value>
  void Set(CURLoption option, Value value) {
    taken_ = taken_ && curl_easy_setopt(handle_, option, value) == CURLE_OK;
  }
  bool Taken() const { return taken_; }

 private:
  CURL* handle_;
  bool taken_ = true;
};

List HeadersOf(const FetchRequest& request) {
  List headers(curl_slist_append(nullptr, "Accept: application/json"));
  if (request.authorization) {
    const Secret<std::string> line("Authorization: Basic " + request.authorization->Reveal());
    // The list's head stays where it is.
    if (curl_slist_append(headers.get(), line.Reveal().c_str()) == nullptr) return nullptr;
  }
  return headers;
}

}  // namespace

StatusOr<FetchAnswer> FetchHttps(const FetchRequest& request) {
  if (!request.url.starts_with("https://")) {
    return InvalidArgument("{} is no address of HTTPS", request.url);
  }
  const Handle handle(CurlIsReady() ? curl_easy_init() : nullptr);
  const List headers = HeadersOf(request);
  if (!handle || !headers) return Unavailable("the HTTP library cannot be set up");
  FetchAnswer answer;
  Options options(handle.get());
  options.Set(CURLOPT_URL, request.url.c_str());
  options.Set(CURLOPT_PROTOCOLS_STR, "https");
  options.Set(CURLOPT_NOSIGNAL, 1L);
  options.Set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  options.Set(CURLOPT_TIMEOUT, kSeconds);
  options.Set(CURLOPT_FOLLOWLOCATION, 0L);
  options.Set(CURLOPT_PROXY, "");
  options.Set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!request.ca_file.empty()) options.Set(CURLOPT_CAINFO, request.ca_file.c_str());
  options.Set(CURLOPT_HTTPHEADER, headers.get());
  options.Set(CURLOPT_WRITEFUNCTION, &Take);
  options.Set(CURLOPT_WRITEDATA, static_cast<void*>(&answer.body));
  if (request.form) {
    options.Set(CURLOPT_POSTFIELDSIZE, static_cast<long>(request.form->Reveal().size()));
    options.Set(CURLOPT_POSTFIELDS, request.form->Reveal().c_str());
  }
  if (!options.Taken()) return Unavailable("the HTTP library does not take its settings");
  const CURLcode result = curl_easy_perform(handle.get());
  if (result != CURLE_OK) {
    return Unavailable("{} does not answer: {}", request.url, curl_easy_strerror(result));
  }
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

}  // namespace sluice::api
