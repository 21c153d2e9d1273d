// Members of a payer: who they are, how they are covered, whom they chose, how they score.
//
//   1. A member is known by the payer's own number and, inside, by an id per payer.
//   2. Two times: when a thing holds, and when we learned it (Recording). A row is corrected by
//      adding one of the same key; the newest known one counts. The key of each row is stated.
//   3. A withdrawn row says that it was never so.
//   4. The mapping of a file says how its columns become these rows: members/file_mapping.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/status.h"

namespace sluice::performance {

// Whose rows are recorded, when we learned them, and by which import. Of rows of one key, the later
// instant wins, then the higher batch.
struct Recording {
  PayerId payer;
  Instant recorded_at;
  std::int64_t batch_id = 0;
};

struct Member {
  std::int64_t id = 0;
  std::string number;  // the payer's own: 1 to 80 bytes, unique within the payer

  friend bool operator==(const Member&, const Member&) = default;
};

enum class Sex : std::int16_t { kUnknown = 0, kFemale = 1, kMale = 2 };

// Key: member, valid_from. Holds from that day until the member's next detail takes over.
struct MemberDetail {
  std::int64_t member_id = 0;
  Date valid_from{};
  std::optional<Date> birth_date;
  Sex sex = Sex::kUnknown;
  std::optional<Date> death_date;
  std::string zip;     // five digits, or empty
  std::string region;  // the payer's word: a state, a county, a service area

  friend bool operator==(const MemberDetail&, const MemberDetail&) = default;
};

// Key: member, line of business, product, plan, covered.from.
struct CoverageSpan {
  std::int64_t member_id = 0;
  std::string line_of_business;  // "medicare_advantage", "commercial", as the payer writes it
  std::string product;
  std::string plan;
  DateRange covered;
  bool withdrawn = false;
  std::string retro_reason;  // why a past span changed; empty for none

  friend bool operator==(const CoverageSpan&, const CoverageSpan&) = default;
};

// The numbers are stored and never reused.
enum class ChoiceKind : std::int16_t {
  kMemberSelected = 1,  // the member named a primary-care provider
  kAutoAssigned = 2,    // the payer named one
  kVoluntary = 3,       // voluntary alignment: the member named whom care is coordinated by
};

// "member_selected", "auto_assigned", "voluntary".
std::string_view ChoiceKindName(ChoiceKind kind);
StatusOr<ChoiceKind> ParseChoiceKind(std::string_view name);

// Key: member, kind, valid.from.
struct ProviderChoice {
  std::int64_t member_id = 0;
  ChoiceKind kind = ChoiceKind::kMemberSelected;
  PartyId provider;
  std::optional<PartyId> practice;
  DateRange valid;
  bool withdrawn = false;

  friend bool operator==(const ProviderChoice&, const ProviderChoice&) = default;
};

// Key: member, model, version, period.from.
struct RiskScore {
  std::int64_t member_id = 0;
  std::string model;  // "CMS-HCC"
  std::string model_version;
  DateRange period;  // closed
  Rate score;        // 1.000000 is an average member; at least 0

  friend bool operator==(const RiskScore&, const RiskScore&) = default;
};

}  // namespace sluice::performance
