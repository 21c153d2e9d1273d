#include "performance/attribution/ed_reconciliation.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace sluice::performance {
namespace {

// The days with an emergency claim, each with its lowest claim number.
std::vector<EdClaim> EmergencyDays(const MemberRecord& record) {
  std::map<Date, std::string> days;
  for (const MedicalClaimLine& line : record.claims) {
    if (line.status != ClaimStatus::kFinal || !IsEmergencyLine(line)) continue;
    const auto [day, is_new] = days.emplace(line.service_from, line.claim_number);
    if (!is_new) day->second = std::min(day->second, line.claim_number);
  }
  std::vector<EdClaim> claims;
  for (const auto& [day, number] : days) claims.push_back({record.member.id, day, number});
  return claims;
}

struct Pair {
  std::int64_t distance = 0;
  std::size_t visit = 0;
  std::size_t claim = 0;
};

}  // namespace

bool IsEmergencyLine(const MedicalClaimLine& line) {
  const std::string& revenue = line.revenue_code;
  const std::string& code = line.procedure_code;
  const std::string short_revenue = revenue.starts_with("0") ? revenue.substr(1) : revenue;
  const bool by_revenue = short_revenue.size() == 3 &&
                          (short_revenue.starts_with("45") || short_revenue == "981");
  return by_revenue || line.place_of_service == "23" ||
         (code.size() == 5 && code >= "99281" && code <= "99285");
}

EdReconciliation ReconcileEdVisits(const MemberRecord& record, std::vector<EdVisit> visits,
                                   const EdOptions& options) {
  std::ranges::sort(visits);
  const std::vector<EdClaim> claims = EmergencyDays(record);
  std::vector<Pair> pairs;
  for (std::size_t v = 0; v < visits.size(); ++v) {
    for (std::size_t c = 0; c < claims.size(); ++c) {
      const auto apart = (visits[v].day - claims[c].day).count();
      const std::int64_t distance = apart < 0 ? -apart : apart;
      if (distance <= options.tolerance_days) pairs.push_back({distance, v, c});
    }
  }
  std::ranges::sort(pairs, {}, [](const Pair& pair) {
    return std::tuple(pair.distance, pair.visit, pair.claim);
  });
  std::vector<bool> visit_used(visits.size()), claim_used(claims.size());
  EdReconciliation result;
  for (const Pair& pair : pairs) {
    if (visit_used[pair.visit] || claim_used[pair.claim]) continue;
    visit_used[pair.visit] = claim_used[pair.claim] = true;
    ++result.matched;
  }
  for (std::size_t v = 0; v < visits.size(); ++v) {
    if (visit_used[v]) continue;
    const bool is_overdue = visits[v].day + Days(options.claim_days) < options.as_of;
    (is_overdue ? result.without_claim : result.waiting).push_back(visits[v]);
  }
  for (std::size_t c = 0; c < claims.size(); ++c) {
    if (!claim_used[c]) result.without_visit.push_back(claims[c]);
  }
  return result;
}

void Append(EdReconciliation& total, const EdReconciliation& one) {
  const auto add = [](auto& to, const auto& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  add(total.without_claim, one.without_claim);
  add(total.waiting, one.waiting);
  add(total.without_visit, one.without_visit);
  total.matched += one.matched;
}

}  // namespace sluice::performance
