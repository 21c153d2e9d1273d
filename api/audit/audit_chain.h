// The chain of the audit log: what an event's hash covers, how a seal follows the one before, and
// how a chain is followed from its first seal.
//
//   1. An event's hash covers every column of it. A seal's hash covers payer, number, event, the
//      event's hash and the seal before: nothing can be changed, left out, put in or moved without
//      another head.
//   2. The head is kept elsewhere, too (exported with the ledger's): a chain that was written anew
//      as a whole has another head.
//   3. Nothing secret is in an event.
// Source: LEDGER_RELIABILITY_SECURITY 8.5. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"

namespace sluice::api {

// The numbers are stored.
enum class AuditDecision : std::int16_t { kAllowed = 1, kDenied = 2 };

struct AuditEvent {
  PayerId payer;
  std::int64_t event_id = 0;
  Instant recorded_at;
  std::optional<UserId> actor;        // none when nobody was signed in
  std::optional<UserId> in_place_of;  // whose delegation was used
  std::optional<Digest> session;
  std::string method;    // "sluice.payments.v1.RunService/ApproveRun"
  std::string resource;  // the name of what it was done to
  AuditDecision decision = AuditDecision::kAllowed;
  std::string reason;  // of a denial what was lacking; else what the person gave
  std::optional<Digest> before;
  std::optional<Digest> after;
  std::string request_id;
  std::string address;
};

struct AuditSeal {
  std::int64_t number = 0;  // from 1, without gaps
  std::int64_t event_id = 0;
  Digest event_sha256{};
  Digest previous{};  // the chain of the seal before; zeros for the first
  Digest chain{};

  friend bool operator==(const AuditSeal&, const AuditSeal&) = default;
};

Digest HashOf(const AuditEvent& event);

// The seal of an event behind `last`; the first one where there is none.
AuditSeal SealAfter(const std::optional<AuditSeal>& last, const AuditEvent& event);

// Follows a chain a page at a time. Events come in the order of their seals.
class AuditChainReader {
 public:
  explicit AuditChainReader(PayerId payer) : payer_(payer) {}

  void Take(const AuditSeal& seal, const AuditEvent& event);

  // Seals taken, and what differs, each with its number; at most 100 findings.
  std::int64_t Count() const { return count_; }
  const std::vector<std::string>& Findings() const { return findings_; }
  // The head that was reached, to be compared with one that was kept.
  const std::optional<AuditSeal>& Head() const { return last_; }

 private:
  PayerId payer_;
  std::int64_t count_ = 0;
  std::optional<AuditSeal> last_;
  std::vector<std::string> findings_;
};

}  // namespace sluice::api
