// A page of member-month lines, chosen among those that are given: stored they are packed, and the
// database does not see into them. No rules.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "api/handlers/member_names.h"
#include "api/listing/list_store.h"
#include "core/pg/database.h"
#include "performance/capitation/line.h"

namespace sluice::api {

// The last one is the place among the month's lines.
std::span<const ListField> MemberMonthFields();

struct MemberMonthPage {
  std::vector<std::size_t> places;  // in `lines`
  std::string next_page_token;
};
// `names` has the members of the lines.
MemberMonthPage ChooseMemberMonths(pg::Transaction& tx,
                                   std::span<const performance::MemberMonthLine> lines,
                                   const MemberNames& names, const ListPage& page);

}  // namespace sluice::api
