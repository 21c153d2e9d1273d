#include <utility>

#include "payments/duplicate_activity.h"

namespace sluice::payments {
namespace {

// The newest calculation of each contract and period. Both statements join within a contract.
constexpr pg::Query kOfContracts{"payments_load_paid_activities", R"sql(
  SELECT r.contract_id, p.name, r.period_from, r.period_to, e.member_id, e.kind, e.code,
    e.practice_id, e.provider_id, e.service_date, l.earned
  FROM performance.activity_run AS r
  JOIN performance.activity_line AS l
    ON l.contract_id = r.contract_id AND l.run_id = r.run_id
  JOIN performance.activity_event AS e
    ON e.contract_id = l.contract_id AND e.event_id = l.event_id
      AND e.recorded_at = l.event_recorded_at
  JOIN performance.contract AS c ON c.contract_id = r.contract_id
  JOIN performance.program AS p ON p.program_id = c.program_id
  WHERE r.contract_id = ANY ($1::bigint[]) AND r.period_from < $3 AND r.period_to > $2
    AND l.earned <> '0'
    AND NOT EXISTS (
      SELECT 1
      FROM performance.activity_run AS n
      WHERE n.contract_id = r.contract_id AND n.period_from = r.period_from
        AND n.period_to = r.period_to AND n.run_id > r.run_id)
  ORDER BY r.contract_id, r.period_from, l.position
)sql"};

constexpr pg::Query kOfMembers{"payments_load_paid_activities_of", R"sql(
  SELECT r.contract_id, p.name, r.period_from, r.period_to, e.member_id, e.kind, e.code,
    e.practice_id, e.provider_id, e.service_date, l.earned
  FROM performance.activity_event AS e
  JOIN performance.activity_line AS l
    ON l.contract_id = e.contract_id AND l.event_id = e.event_id
      AND l.event_recorded_at = e.recorded_at
  JOIN performance.activity_run AS r
    ON r.contract_id = l.contract_id AND r.run_id = l.run_id
  JOIN performance.contract AS c ON c.contract_id = r.contract_id
  JOIN performance.program AS p ON p.program_id = c.program_id
  WHERE e.member_id = ANY ($1::bigint[]) AND r.period_from < $3 AND r.period_to > $2
    AND l.earned <> '0'
    AND NOT EXISTS (
      SELECT 1
      FROM performance.activity_run AS n
      WHERE n.contract_id = r.contract_id AND n.period_from = r.period_from
        AND n.period_to = r.period_to AND n.run_id > r.run_id)
  ORDER BY r.contract_id, r.period_from, l.position
)sql"};

constexpr pg::Query kNumbers{"payments_load_member_numbers", R"sql(
  SELECT member_id, number
  FROM performance.member
  WHERE payer_id = $1 AND member_id = ANY ($2::bigint[])
)sql"};

std::vector<PaidActivity> ActivitiesOf(const pg::Result& result) {
  std::vector<PaidActivity> activities;
  activities.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    activities.push_back({.contract = row.Get<ContractId>(0),
                          .program = row.Get<std::string>(1),
                          .period = {row.Get<Date>(2), row.Get<Date>(3)},
                          .member = row.Get<std::int64_t>(4),
                          .kind = row.Get<std::int16_t>(5),
                          .code = row.Get<std::string>(6),
                          .practice = row.Get<PartyId>(7),
                          .provider = row.Get<PartyId>(8),
                          .service_date = row.Get<Date>(9),
                          .earned = row.Get<std::string>(10)});
  }
  return activities;
}

}  // namespace

std::vector<PaidActivity> LoadPaidActivities(pg::Transaction& tx,
                                             std::span<const ContractId> contracts,
                                             const DateRange& period) {
  return ActivitiesOf(tx.Query(kOfContracts, contracts, period.from, period.to));
}

std::vector<PaidActivity> LoadPaidActivitiesOf(pg::Transaction& tx,
                                               std::span<const std::int64_t> members,
                                               const DateRange& period) {
  return ActivitiesOf(tx.Query(kOfMembers, members, period.from, period.to));
}

std::map<std::int64_t, std::string> LoadMemberNumbers(pg::Transaction& tx, PayerId payer,
                                                      std::span<const std::int64_t> members) {
  const pg::Result result = tx.Query(kNumbers, payer, members);
  std::map<std::int64_t, std::string> numbers;
  for (int i = 0; i < result.Size(); ++i) {
    numbers.emplace(result[i].Get<std::int64_t>(0), result[i].Get<std::string>(1));
  }
  return numbers;
}

}  // namespace sluice::payments
