// SQL of member results: bulk load by arrays, and the sums per contract in one statement.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "performance/member_year.h"

namespace sluice::performance {

// Inserts the rows, many per statement. A member may appear once per contract, period and
// recording: a second row is AlreadyExists.
void InsertMemberYears(pg::Transaction& tx, std::span<const MemberYear> rows, Instant recorded_at);
// `batch`: of the file that says so.
void InsertMemberMeasures(pg::Transaction& tx, std::span<const MemberMeasure> rows,
                          Instant recorded_at, std::optional<std::int64_t> batch = std::nullopt);
// What is known of the member, period and measure of each row, in its place: none when nobody said
// anything yet.
std::vector<std::optional<MemberMeasure>> KnownMemberMeasures(pg::Transaction& tx,
                                                              std::span<const MemberMeasure> rows);
// Those that these batches recorded, of members who are in the measure still, and that no later
// row replaced; with the payer's number of the member.
struct NumberedMeasure {
  MemberMeasure result;
  std::string member_number;
};
std::vector<NumberedMeasure> MemberMeasuresOf(pg::Transaction& tx,
                                              std::span<const std::int64_t> batches);

// Totals of every contract of the program that has members in the period, by contract id, as known
// at an instant.
std::vector<ContractTotals> SumMemberYears(pg::Transaction& tx, ProgramId program, Date period_from,
                                           Instant known_at);
std::vector<PracticeMonths> SumPracticeMonths(pg::Transaction& tx, ProgramId program,
                                              Date period_from, Instant known_at);

}  // namespace sluice::performance
