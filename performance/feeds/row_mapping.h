// What the columns of a file of activities, measure results or facts mean, in TOML. The keys are
// those of performance/members/file_mapping.h, as far as they apply:
//
//   name, kind, encoding, separator, ends_with_newline, date_format, to_is_last_day
//   zero_denominators   a measure that is reported may have nobody in it; false by default
//   [columns]    our field = the column of the file
//   [constants]  our field = one text for every row, where the cell is empty
//   [words.kind] a text of the file = our word
//
// The fields of each kind (* must be mapped or constant, and a row must have it):
//   activity  contract* event* member_number* provider_npi* practice_tin* kind* code*
//             service_date* received_on channel evidence evidence_status voided
//   measure   contract* party_npi party_tin under_tin period_from* period_to* measure* numerator
//             denominator reported
//   member_measure  contract* member_number* period_from* period_to* measure* met*
//   fact      contract* party_npi party_tin under_tin period_from* period_to* name* type* value*
//
// `contract` is our id ("ctr_..."). `event` is the sender's number of a message or activity: a row
// with the same number is a correction of it. A row without party is about the contract itself.
// `received_on` is the day the file came where it is not mapped. `type` is amount, ratio, count,
// flag, date or text. Words of our own: kind as in terms_activity.h; evidence_status not_reviewed,
// accepted, rejected; voided and reported yes, no; met yes, no, excluded (the member is not, or no
// longer, in the measure's denominator).
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "core/status.h"
#include "hierarchy/roster_mapping.h"
#include "performance/feeds/feed.h"

namespace sluice::performance {

struct RowMapping {
  struct Source {
    std::string column;
    std::string constant;
  };

  std::string name;
  FeedKind kind = FeedKind::kFact;  // activity, measure, member_measure or fact
  bool ascii_only = false;
  char separator = ',';
  bool ends_with_newline = false;
  hierarchy::RosterDateFormat date_format = hierarchy::RosterDateFormat::kIso;
  bool to_is_last_day = true;
  bool zero_denominators = false;
  std::map<std::string, Source, std::less<>> fields;
  std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> words;
};

// Requires: kind is activity, measure, member_measure or fact.
std::span<const std::string_view> RowFieldsOf(FeedKind kind);
std::span<const std::string_view> RequiredRowFieldsOf(FeedKind kind);

// Reads a mapping from text; `name` stands for the file in messages. InvalidArgument names key and
// rule.
StatusOr<RowMapping> ParseRowMapping(std::string_view text, const std::string& name);

}  // namespace sluice::performance
