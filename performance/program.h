// Programs, contracts, versions of terms, recorded facts and stored awards: the values that the
// program service keeps.
//
//   1. A program is a payer's design of one payment stream; its money lives in one ledger book.
//   2. A contract is one party's participation in a program, for a range of days.
//   3. Terms, facts and awards are added, never changed. What was known at an instant stays known.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/status.h"
#include "performance/award.h"
#include "performance/facts.h"
#include "performance/split.h"
#include "performance/terms.h"

namespace sluice::performance {

struct Program {
  ProgramId id;
  PayerId payer;
  std::string name;
  // Payment stream of Da Vinci VBPR 1.1.0: "ssl", "qip", ... See PaymentStreams().
  std::string stream;
  // HCP-LAN category: "3B". See LanCategories().
  std::string lan_category;
  BookId book;
  Instant created_at;

  friend bool operator==(const Program&, const Program&) = default;
};

// The codes a program may have.
std::span<const std::string_view> PaymentStreams();
std::span<const std::string_view> LanCategories();
// InvalidArgument names the field: an empty name, an unknown stream or category, a missing id.
Status ValidateProgram(const Program& program);

struct Contract {
  ContractId id;
  PayerId payer;
  ProgramId program;
  PartyId party;
  DateRange effective;

  friend bool operator==(const Contract&, const Contract&) = default;
};

enum class TermsState : std::uint8_t { kInForce = 1, kWithdrawn = 2 };

// A version of the terms to add. Withdrawing is adding a version with that state and the range in
// which nothing is in force any more.
struct NewTerms {
  ContractId contract;
  DateRange effective;
  Terms terms;
  TermsState state = TermsState::kInForce;
};

// Facts to record about a contract or one of its participants, for one period.
struct FactSet {
  ContractId contract;
  DateRange period;  // closed
  PartyId party;     // unset: the contract itself
  PartyId under;     // set when the facts hold only under this parent
  Facts facts;
};

// One version of an award, as stored.
struct StoredAward {
  ContractId contract;
  AwardId award;
  std::int32_t version = 0;
  ProgramId program;
  PartyId party;
  DateRange period;
  Date pay_date{};
  std::string stream;
  AwardStatus status = AwardStatus::kComputed;
  Money amount;  // gross
  Money recouped;
  std::optional<Money> balance_left;
  Money withheld;
  Money released;
  Money forfeited;
  Money payable;  // amount - recouped - withheld; the shares sum to it
  // payable less the payable of the last computed version before; zero when blocked.
  Money delta;
  std::optional<ReasonCode> zero_reason;
  std::string zero_detail;
  std::optional<ReasonCode> payable_zero_reason;
  std::optional<ReasonCode> blocked_reason;
  std::string missing;
  std::vector<ReasonCode> notes;
  // ToText(Award): every step, for a person.
  std::string explanation;
  std::optional<std::int32_t> terms_version;
  Digest terms_sha256{};
  Digest facts_sha256{};
  Digest hierarchy_sha256{};
  Digest input_sha256{};
  Date hierarchy_as_of{};
  std::int64_t hierarchy_version = 0;
  Instant known_at;
  Instant calculated_at;

  friend bool operator==(const StoredAward&, const StoredAward&) = default;
};

// A share of a stored award.
struct StoredShare {
  ContractId contract;
  AwardId award;
  std::int32_t version = 0;
  SplitShare share;

  friend bool operator==(const StoredShare&, const StoredShare&) = default;
};

}  // namespace sluice::performance
