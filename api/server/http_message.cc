#include "api/server/http_message.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <zlib.h>

#include <algorithm>
#include <limits>

#include "api/gateway/problem.h"
#include "api/service/reason.h"
#include "core/bytes.h"
#include "core/check.h"

namespace sluice::api {
namespace {

constexpr char kJsonType[] = "application/json";
constexpr int kGzipWindow = 15 + 16;  // 15 bits, and a header of gzip
constexpr int kGzipMemory = 8;
constexpr int kGzipLevel = 5;

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The parts of a list between commas, without blanks around them.
std::vector<std::string_view> ListItems(std::string_view list) {
  std::vector<std::string_view> items;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    items.push_back(Trimmed(list.substr(at, end - at)));
    at = end + 1;
  }
  return items;
}

HttpReply ReplyOf(const ProblemAnswer& problem) {
  HttpReply reply{.status = problem.http_status,
                  .type = std::string(kProblemType),
                  .headers = {},
                  .body = problem.body};
  if (problem.retry_after_seconds) {
    reply.headers.emplace_back("Retry-After", fmt::format("{}", *problem.retry_after_seconds));
  }
  return reply;
}

// "q=0", "q=0.0": the coding is not wanted.
bool IsRefused(std::string_view parameters) {
  const std::size_t q = parameters.find("q=");
  if (q == std::string_view::npos) return false;
  const std::string_view weight = parameters.substr(q + 2);
  return !weight.empty() &&
         std::ranges::all_of(weight, [](char c) { return c == '0' || c == '.'; });
}

}  // namespace

std::string_view HttpCall::Query() const {
  const std::size_t question = target.find('?');
  return question == std::string::npos ? std::string_view()
                                       : std::string_view(target).substr(question + 1);
}

std::string HeaderOf(const HttpCall& call, std::string_view name) {
  const auto found = call.headers.find(name);
  return found == call.headers.end() ? "" : found->second;
}

std::string HttpCall::Cookie(std::string_view name) const {
  const std::string all = HeaderOf(*this, "cookie");
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find(';', at), all.size());
    const std::string_view one = Trimmed(std::string_view(all).substr(at, end - at));
    if (one.starts_with(name) && one.substr(name.size()).starts_with('=')) {
      return std::string(one.substr(name.size() + 1));
    }
    at = end + 1;
  }
  return "";
}

bool HttpCall::IsJson() const {
  const std::string type = HeaderOf(*this, "content-type");
  return std::string_view(type).substr(0, type.find(';')) == kJsonType;
}

bool HttpReply::Has(std::string_view header) const {
  return std::ranges::any_of(headers, [&](const auto& one) { return one.first == header; });
}

HttpReply JsonReply(std::string body) { return TextReply(kJsonType, std::move(body)); }

HttpReply TextReply(std::string_view type, std::string body) {
  return {.status = 200, .type = std::string(type), .headers = {}, .body = std::move(body)};
}

HttpReply Failed(const Status& status, const std::string& instance, bool if_match) {
  return ReplyOf(ProblemOf(ToRpcStatus(status), {.instance = instance, .if_match = if_match}));
}

HttpReply FailedHttp(int status, std::string_view reason, const std::string& detail,
                     const std::string& instance) {
  return ReplyOf(HttpProblem(status, reason, detail, {.instance = instance}));
}

StatusOr<std::map<std::string, std::string>> ReadTexts(const std::string& body,
                                                       std::span<const std::string_view> fields) {
  google::protobuf::Struct parsed;
  if (!google::protobuf::util::JsonStringToMessage(body, &parsed).ok()) {
    return InvalidArgument("the body is no JSON object");
  }
  std::map<std::string, std::string> texts;
  for (const auto& [name, value] : parsed.fields()) {
    if (std::ranges::find(fields, name) == fields.end() ||
        value.kind_case() != google::protobuf::Value::kStringValue) {
      return InvalidArgument("the body has the texts {}, and nothing else",
                             fmt::join(fields, ", "));
    }
    texts[name] = value.string_value();
  }
  return texts;
}

bool IsNotModified(const HttpCall& call, std::string_view etag) {
  const std::string known = HeaderOf(call, "if-none-match");
  if (known.empty() || etag.empty()) return false;
  for (std::string_view one : ListItems(known)) {
    if (one == "*") return true;
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == etag) return true;
  }
  return false;
}

std::string EtagOf(std::string_view body) {
  return '"' + ToHex(Sha256(AsBytes(body))).substr(0, 32) + '"';
}

KeptBody MakeKept(std::string_view type, std::string body) {
  KeptBody kept{.type = std::string(type), .body = std::move(body)};
  kept.etag = EtagOf(kept.body);
  kept.packed = Gzip(kept.body);
  if (kept.packed.size() >= kept.body.size()) kept.packed.clear();
  return kept;
}

HttpReply AnswerKept(const KeptBody& kept, const HttpCall& call) {
  HttpReply reply;
  const bool packed = !kept.packed.empty() && TakesGzip(call);
  // Packed bytes are others than the etag was made of.
  reply.headers.emplace_back("ETag", (packed ? "W/" : "") + kept.etag);
  reply.headers.emplace_back("Vary", "Accept-Encoding");
  if (IsNotModified(call, kept.etag)) {
    reply.status = 304;
    return reply;
  }
  reply.type = kept.type;
  reply.body = packed ? kept.packed : kept.body;
  if (packed) reply.headers.emplace_back("Content-Encoding", "gzip");
  return reply;
}

bool TakesGzip(const HttpCall& call) {
  const std::string accepted = HeaderOf(call, "accept-encoding");
  for (const std::string_view one : ListItems(accepted)) {
    const std::size_t end = std::min(one.find(';'), one.size());
    const std::string_view coding = Trimmed(one.substr(0, end));
    if (coding == "gzip") return !IsRefused(one.substr(end));
  }
  return false;
}

std::string Gzip(std::string_view text) {
  CHECK(text.size() < std::numeric_limits<uInt>::max() / 2);
  z_stream stream{};
  CHECK(deflateInit2(&stream, kGzipLevel, Z_DEFLATED, kGzipWindow, kGzipMemory,
                     Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  // zlib does not change what it reads, and its older headers do not say so.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

}  // namespace sluice::api
