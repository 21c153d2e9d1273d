// SQL of member results: bulk load by arrays, and the sums per contract in one statement.
#pragma once

#include <span>
#include <vector>

#include "core/pg/database.h"
#include "performance/member_year.h"

namespace sluice::performance {

// Inserts the rows, many per statement. A member may appear once per contract, period and
// recording: a second row is AlreadyExists.
void InsertMemberYears(pg::Transaction& tx, std::span<const MemberYear> rows, Instant recorded_at);
void InsertMemberMeasures(pg::Transaction& tx, std::span<const MemberMeasure> rows,
                          Instant recorded_at);

// Totals of every contract of the program that has members in the period, by contract id, as known
// at an instant.
std::vector<ContractTotals> SumMemberYears(pg::Transaction& tx, ProgramId program, Date period_from,
                                           Instant known_at);
std::vector<PracticeMonths> SumPracticeMonths(pg::Transaction& tx, ProgramId program,
                                              Date period_from, Instant known_at);

}  // namespace sluice::performance
