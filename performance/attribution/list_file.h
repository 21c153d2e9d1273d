// An attribution list as CSV, and the accept/reject file that comes back.
//
//   1. One row per entry, by member, plan and first day; the last two columns are empty for the
//      other side to fill: response (accept or reject) and response_reason (of a rejection).
//   2. The file that comes back is the same file with those columns filled. Written again with the
//      answers, it is the same bytes.
//   3. A row that does not match an entry of this version is refused, and names itself.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/status.h"
#include "performance/attribution/list_store.h"
#include "performance/members/file_reader.h"

namespace sluice::performance {

// How ids are written for people and systems outside.
struct ListNames {
  std::function<std::string(std::int64_t member)> member_number;
  std::function<std::string(PartyId provider)> npi;
  std::function<std::string(PartyId practice)> tin;
};

// Lines end in LF. Entries without an answer have the last two cells empty.
std::string WriteListCsv(const AttributionList& list, const ListNames& names,
                         const ListResponses& responses);

// One row per member, reason and run of months: member_number, first_day, last_day, reason, detail.
std::string WriteUnattributedCsv(
    const std::vector<UnattributedMember>& rows,
    const std::function<std::string(std::int64_t member)>& member_number);

struct ResponseFile {
  ListResponses responses;
  std::vector<FileIssue> issues;  // all rejecting
  std::int64_t unanswered = 0;    // rows whose response is empty
};

// Reads an accept/reject file against the version it answers. InvalidArgument for a file that is
// not CSV or lacks a column. `name` stands for the file in messages.
StatusOr<ResponseFile> ReadResponseCsv(std::string text, const std::string& name,
                                       const AttributionList& list, const ListNames& names);

}  // namespace sluice::performance
