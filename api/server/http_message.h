// Requests and answers of HTTP as values, and what everything that answers one needs.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/status.h"
#include "core/tls_identity.h"

namespace sluice::api {

struct HttpCall {
  std::string method;  // "GET"
  std::string target;  // path and query, as sent
  // Names in lower case; of a name that came twice, every value in order.
  std::multimap<std::string, std::string, std::less<>> headers;
  std::string body;
  std::string address;                               // where it came from
  std::optional<CertificateFacts> certificate = {};  // of the client, verified

  std::string_view Path() const { return std::string_view(target).substr(0, target.find('?')); }
  // Without the question mark; empty when there is none.
  std::string_view Query() const;
  // Empty when it is not there.
  std::string Cookie(std::string_view name) const;
  bool IsJson() const;
};

struct HttpReply {
  int status = 200;
  std::string type;  // of the body; empty without one
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  // What the body of the same GET would have; set for the answer to HEAD, which has none.
  std::optional<std::size_t> length_of_get = {};
  // Of a stream, whose first part the body is: what is new since the last time, empty for nothing,
  // none at its end. Asked from one thread at a time.
  std::function<std::optional<std::string>()> more = {};

  bool Has(std::string_view header) const;
};

// The first value of a header, named in lower case; empty when it is not there.
std::string HeaderOf(const HttpCall& call, std::string_view name);

HttpReply JsonReply(std::string body);
HttpReply TextReply(std::string_view type, std::string body);
// A failure as a problem (RFC 9457) with the id of the call. `if_match`: the caller asked by
// If-Match.
HttpReply Failed(const Status& status, const std::string& instance, bool if_match = false);
// A problem of HTTP itself.
HttpReply FailedHttp(int status, std::string_view reason, const std::string& detail,
                     const std::string& instance);

// The fields of a flat JSON object of texts; those that are not asked for are refused.
StatusOr<std::map<std::string, std::string>> ReadTexts(const std::string& body,
                                                       std::span<const std::string_view> fields);

// Whether what an answer would carry is what the caller has already (If-None-Match, RFC 9110,
// 13.1.2). The etag has its quotes; weak ones compare like strong ones.
bool IsNotModified(const HttpCall& call, std::string_view etag);
// A strong etag over the bytes.
std::string EtagOf(std::string_view body);

// A body that many ask for: packed once.
struct KeptBody {
  std::string type;
  std::string body;
  std::string packed;  // by gzip; empty where it would not be shorter
  std::string etag;
};
KeptBody MakeKept(std::string_view type, std::string body);
// 304 for whoever has it; with an ETag, and packed where that is taken.
HttpReply AnswerKept(const KeptBody& kept, const HttpCall& call);

// Whether the caller takes gzip (RFC 9110, 12.5.3).
bool TakesGzip(const HttpCall& call);
std::string Gzip(std::string_view text);

}  // namespace sluice::api
