#include "performance/attribution/engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "core/check.h"

namespace sluice::performance {
namespace {

bool Counts(const AttributionMethod& method, const CoverageSpan& span) {
  return method.lines_of_business.empty() ||
         std::ranges::binary_search(method.lines_of_business, span.line_of_business);
}

bool IsCoveredOn(const AttributionMethod& method, const MemberRecord& record, Date day) {
  return std::ranges::any_of(record.coverage, [&](const CoverageSpan& span) {
    return Counts(method, span) && span.covered.Contains(day);
  });
}

// A party as a key whose text order is its number's.
std::string PartyKey(PartyId party) { return fmt::format("party {:020}", party.Value()); }

// A candidate while services are added to it.
struct Tally {
  Money dollars;
  std::set<Date> days;
  Date last{};
  std::optional<ProviderClass> best_class;

  Standing ToStanding(const std::string& key) const {
    return {key, dollars, static_cast<std::int32_t>(days.size()), last, best_class};
  }
};

// Positive when a is ahead of b by the link.
int Compare(TieBreak link, const Standing& a, const Standing& b) {
  const auto sign = [](auto order) { return order > 0 ? 1 : order < 0 ? -1 : 0; };
  switch (link) {
    case TieBreak::kDollars:
      return sign(a.dollars <=> b.dollars);
    case TieBreak::kVisits:
      return sign(a.visits <=> b.visits);
    case TieBreak::kMostRecent:
      return sign(a.last_service <=> b.last_service);
    case TieBreak::kProviderClass: {
      // Without a class: after every class.
      const auto rank = [](const Standing& s) {
        return s.best_class ? static_cast<int>(*s.best_class) : 99;
      };
      return sign(rank(b) <=> rank(a));
    }
    case TieBreak::kLowestKey:
      return sign(b.key <=> a.key);
  }
  CHECK(false);
  return 0;
}

// The measure of the step, then the chain.
std::vector<TieBreak> ChainOf(const AttributionMethod& method, StepKind kind) {
  std::vector<TieBreak> chain = {kind == StepKind::kDollars  ? TieBreak::kDollars
                                 : kind == StepKind::kVisits ? TieBreak::kVisits
                                                             : TieBreak::kMostRecent};
  for (const TieBreak link : method.ties) {
    if (link != chain.front()) chain.push_back(link);
  }
  return chain;
}

struct Ranking {
  Standing winner;
  std::optional<Standing> runner_up;
  std::optional<TieBreak> decided_by;
};

// Requires: at least one candidate.
Ranking Rank(const std::map<std::string, Tally>& tallies, const std::vector<TieBreak>& chain) {
  std::vector<Standing> standings;
  for (const auto& [key, tally] : tallies) standings.push_back(tally.ToStanding(key));
  std::ranges::sort(standings, [&](const Standing& a, const Standing& b) {
    for (const TieBreak link : chain) {
      if (const int order = Compare(link, a, b); order != 0) return order > 0;
    }
    return false;
  });
  Ranking ranking{standings.front(), std::nullopt, std::nullopt};
  if (standings.size() == 1) return ranking;
  ranking.runner_up = standings[1];
  for (const TieBreak link : chain) {
    if (Compare(link, standings[0], standings[1]) == 0) continue;
    ranking.decided_by = link;
    break;
  }
  return ranking;
}

}  // namespace

// A claim line with whom it is a service of.
struct AttributionEngine::Line {
  const MedicalClaimLine* claim = nullptr;
  std::optional<ProviderClass> provider_class;
  std::optional<PartyId> provider;
  std::string practice_key;
  std::optional<PartyId> practice;
  std::string organization_key;
  std::string ambiguity;  // empty when it is clear whose service it is

  const std::string& Key(AttributionUnit unit) const {
    switch (unit) {
      case AttributionUnit::kProvider:
        return claim->rendering_npi;
      case AttributionUnit::kPractice:
        return practice_key;
      case AttributionUnit::kOrganization:
        return organization_key;
    }
    CHECK(false);
    return claim->rendering_npi;
  }
};

// What a claim step found: whom, nobody, or why it is nobody's for good.
struct AttributionEngine::Outcome {
  std::optional<AttributedTo> to;
  UnattributedReason stop = UnattributedReason::kNone;
  std::string detail;
};

bool IsCoveredMonth(const AttributionMethod& method, const MemberRecord& record, Month month) {
  const auto is_covered = [&](Date day) { return IsCoveredOn(method, record, day); };
  const Date last = month.End() - Days(1);
  switch (method.coverage_day) {
    case CoverageDay::kFirst:
      return is_covered(month.FirstDay());
    case CoverageDay::kFifteenth:
      return is_covered(month.FirstDay() + Days(14));
    case CoverageDay::kLast:
      return is_covered(last);
    case CoverageDay::kAny:
    case CoverageDay::kAll: {
      const bool wanted = method.coverage_day == CoverageDay::kAny;
      for (Date day = month.FirstDay(); day <= last; day += Days(1)) {
        if (is_covered(day) == wanted) return wanted;
      }
      return !wanted;
    }
  }
  CHECK(false);
  return false;
}

bool IsDeadIn(const AttributionMethod& method, const MemberRecord& record, Month month) {
  const std::optional<Date> death = DeathOf(record);
  if (!death) return false;
  switch (method.coverage_day) {
    case CoverageDay::kFirst:
    case CoverageDay::kAny:
      return *death < month.FirstDay();
    case CoverageDay::kFifteenth:
      return *death < month.FirstDay() + Days(14);
    case CoverageDay::kLast:
    case CoverageDay::kAll:
      return *death < month.End() - Days(1);
  }
  CHECK(false);
  return false;
}

AttributionEngine::AttributionEngine(const AttributionMethod& method,
                                     const ProviderDirectory& directory, DateRange period)
    : method_(method), directory_(directory), period_(period) {
  CHECK(ValidateMethod(method).ok());
  CHECK(period.to && Month::Of(period.from).FirstDay() == period.from &&
        Month::Of(*period.to).FirstDay() == *period.to && period.from < *period.to);
  window_end_ = Month::Of(method.timing == AttributionTiming::kProspective ? period.from
                                                                           : *period.to);
}

DateRange AttributionEngine::ClaimsWindow() const {
  int months = 1;
  for (const AttributionStep& step : method_.steps) {
    if (IsClaimStep(step.kind)) months = std::max(months, step.look_back_months);
  }
  return {(window_end_ + -months).FirstDay(), window_end_.FirstDay()};
}

std::vector<AttributionRow> AttributionEngine::Attribute(const MemberRecord& record) const {
  std::vector<Outcome> claims(method_.steps.size());
  bool computed = false;
  std::vector<AttributionRow> rows;
  for (Month month = Month::Of(period_.from); month.FirstDay() < *period_.to; month = month + 1) {
    if (!IsCoveredMonth(method_, record, month)) continue;
    if (!computed) {
      for (std::size_t step = 0; step < method_.steps.size(); ++step) {
        if (IsClaimStep(method_.steps[step].kind)) claims[step] = FromClaims(record, step);
      }
      computed = true;
    }
    rows.push_back(AttributeMonth(record, month, claims));
  }
  return rows;
}

UnattributedReason AttributionEngine::Eligibility(const MemberRecord& record, Month month,
                                                  std::string& detail) const {
  if (IsDeadIn(method_, record, month)) return UnattributedReason::kDeceased;
  if (method_.timing == AttributionTiming::kProspective) {
    const Month first = Month::Of(period_.from);
    if (!IsCoveredMonth(method_, record, first)) return UnattributedReason::kNotCoveredAtStart;
    for (Month earlier = first; earlier < month; earlier = earlier + 1) {
      if (IsCoveredMonth(method_, record, earlier)) continue;
      detail = fmt::format("not covered in {}", earlier.ToString());
      return UnattributedReason::kLostCoverage;
    }
  }
  int covered = 0;
  for (int back = 1; back <= method_.eligibility_months; ++back) {
    covered += IsCoveredMonth(method_, record, window_end_ + -back) ? 1 : 0;
    if (covered >= method_.minimum_months) break;
  }
  if (covered < method_.minimum_months) {
    detail = fmt::format("{} of {} months", covered, method_.minimum_months);
    return UnattributedReason::kBelowMinimumMonths;
  }
  if (method_.new_members == NewMemberRule::kNobody && IsNew(record, month)) {
    return UnattributedReason::kNewMember;
  }
  return UnattributedReason::kNone;
}

// New: no covered month lies new_member_months or more before this one.
bool AttributionEngine::IsNew(const MemberRecord& record, Month month) const {
  if (method_.new_member_months == 0) return false;
  std::optional<Date> first;
  for (const CoverageSpan& span : record.coverage) {
    if (Counts(method_, span) && (!first || span.covered.from < *first)) first = span.covered.from;
  }
  if (!first) return true;
  Month joined = Month::Of(*first);
  while (joined < month && !IsCoveredMonth(method_, record, joined)) joined = joined + 1;
  return month < joined + method_.new_member_months;
}

Date AttributionEngine::ChoiceDay(Month month) const {
  if (method_.timing == AttributionTiming::kProspective) return period_.from;
  switch (method_.coverage_day) {
    case CoverageDay::kFirst:
      return month.FirstDay();
    case CoverageDay::kFifteenth:
      return month.FirstDay() + Days(14);
    case CoverageDay::kLast:
    case CoverageDay::kAny:
    case CoverageDay::kAll:
      return month.End() - Days(1);
  }
  CHECK(false);
  return month.FirstDay();
}

AttributionRow AttributionEngine::AttributeMonth(const MemberRecord& record, Month month,
                                                 const std::vector<Outcome>& claims) const {
  AttributionRow row{.member_id = record.member.id, .month = month, .to = {}, .detail = {}};
  row.reason = Eligibility(record, month, row.detail);
  if (row.reason != UnattributedReason::kNone) return row;
  const bool only_choice =
      method_.new_members == NewMemberRule::kOnlyByChoice && IsNew(record, month);
  bool skipped = false, reads_claims = false;
  for (std::size_t step = 0; step < method_.steps.size(); ++step) {
    const StepKind kind = method_.steps[step].kind;
    std::optional<AttributedTo> to;
    if (IsClaimStep(kind) || kind == StepKind::kGeography) {
      reads_claims = reads_claims || IsClaimStep(kind);
      skipped = skipped || only_choice;
      if (only_choice) continue;
      if (claims[step].stop != UnattributedReason::kNone) {
        row.reason = claims[step].stop;
        row.detail = claims[step].detail;
        return row;
      }
      to = IsClaimStep(kind) ? claims[step].to : FromArea(record, step, ChoiceDay(month));
    } else {
      to = FromChoice(record, step, ChoiceDay(month));
    }
    if (!to) continue;
    row.to = *std::move(to);
    return row;
  }
  const DateRange window = ClaimsWindow();
  const bool has_claims = std::ranges::any_of(record.claims, [&](const MedicalClaimLine& line) {
    return line.status == ClaimStatus::kFinal && window.Contains(line.service_from);
  });
  row.reason = skipped         ? UnattributedReason::kNewMember
               : !reads_claims ? UnattributedReason::kNoChoice
               : has_claims    ? UnattributedReason::kNoQualifyingService
                               : UnattributedReason::kNoClaims;
  return row;
}

void AttributionEngine::FillOrganization(AttributedTo& to) const {
  if (to.provider_npi.empty() && to.provider) to.provider_npi = directory_.NpiOf(*to.provider);
  if (!to.practice && to.provider) to.practice = directory_.OnlyPracticeOf(*to.provider);
  if (!to.practice) return;
  if (to.practice_tin.empty()) to.practice_tin = directory_.TinOf(*to.practice);
  to.location = directory_.LocationOf(*to.practice, to.provider);
  const std::vector<PartyId>& organizations = directory_.OrganizationsOf(*to.practice);
  if (organizations.size() == 1) to.organization = organizations.front();
}

std::optional<AttributedTo> AttributionEngine::FromChoice(const MemberRecord& record,
                                                          std::size_t step, Date day) const {
  const StepKind kind = method_.steps[step].kind;
  const ChoiceKind wanted = kind == StepKind::kVoluntary        ? ChoiceKind::kVoluntary
                            : kind == StepKind::kMemberSelected ? ChoiceKind::kMemberSelected
                                                                : ChoiceKind::kAutoAssigned;
  // The latest choice that holds; a key has one row per first day.
  const ProviderChoice* found = nullptr;
  for (const ProviderChoice& choice : record.choices) {
    if (choice.kind != wanted || !choice.valid.Contains(day)) continue;
    if (found == nullptr || choice.valid.from > found->valid.from) found = &choice;
  }
  if (found == nullptr) return std::nullopt;
  AttributedTo to{.step = static_cast<std::int32_t>(step) + 1,
                  .kind = kind,
                  .provider = found->provider,
                  .practice = found->practice};
  FillOrganization(to);
  return to;
}

std::optional<AttributedTo> AttributionEngine::FromArea(const MemberRecord& record,
                                                        std::size_t step, Date day) const {
  const MemberDetail* const detail = DetailOn(record, day);
  if (detail == nullptr) return std::nullopt;
  for (const std::string* const area : {&detail->zip, &detail->region}) {
    const auto found = std::ranges::lower_bound(method_.areas, *area, {}, &ServiceArea::area);
    if (area->empty() || found == method_.areas.end() || found->area != *area) continue;
    AttributedTo to{.step = static_cast<std::int32_t>(step) + 1,
                    .kind = StepKind::kGeography,
                    .practice = found->practice};
    FillOrganization(to);
    return to;
  }
  return std::nullopt;
}

// Whose service a line is. A provider or TIN outside the hierarchy stands for itself.
std::optional<AttributionEngine::Line> AttributionEngine::Place(
    const MedicalClaimLine& claim) const {
  if (claim.status != ClaimStatus::kFinal || claim.rendering_npi.empty()) return std::nullopt;
  if (claim.kind != ClaimKind::kProfessional && !method_.institutional_counts) return std::nullopt;
  Line line;
  line.claim = &claim;
  line.provider_class = directory_.ClassOf(claim.rendering_npi);
  line.provider = directory_.ProviderOf(claim.rendering_npi);
  if (!claim.billing_tin.empty()) {
    line.practice_key = claim.billing_tin;
    line.practice = directory_.PracticeOfTin(claim.billing_tin);
  } else if (line.provider) {
    line.practice = directory_.OnlyPracticeOf(*line.provider);
    if (line.practice) {
      line.practice_key = directory_.TinOf(*line.practice);
      if (line.practice_key.empty()) line.practice_key = PartyKey(*line.practice);
    } else if (method_.unit != AttributionUnit::kProvider &&
               directory_.HasSeveralPractices(*line.provider)) {
      line.ambiguity = fmt::format(
          "provider {} belongs to several practices, and claim {} line {} names no billing TIN",
          claim.rendering_npi, claim.claim_number, claim.line_number);
    }
  }
  if (line.practice_key.empty()) line.practice_key = claim.rendering_npi;
  line.organization_key = line.practice_key;
  if (line.practice) {
    const std::vector<PartyId>& organizations = directory_.OrganizationsOf(*line.practice);
    if (organizations.size() == 1) line.organization_key = PartyKey(organizations.front());
    if (organizations.size() > 1 && method_.unit == AttributionUnit::kOrganization) {
      line.ambiguity = fmt::format("practice {} belongs to {} organizations", line.practice_key,
                                   organizations.size());
    }
  }
  return line;
}

std::vector<AttributionEngine::Line> AttributionEngine::QualifyingLines(
    const MemberRecord& record, const AttributionStep& step) const {
  const DateRange window{(window_end_ + -step.look_back_months).FirstDay(),
                         window_end_.FirstDay()};
  const std::vector<std::string>* codes = nullptr;
  if (!step.code_list.empty()) {
    codes = &std::ranges::find(method_.code_lists, step.code_list, &CodeList::name)->codes;
  }
  std::vector<Line> lines;
  for (const MedicalClaimLine& claim : record.claims) {
    if (!window.Contains(claim.service_from)) continue;
    if (codes != nullptr && !std::ranges::binary_search(*codes, claim.procedure_code)) continue;
    std::optional<Line> line = Place(claim);
    if (!line) continue;
    if (!step.classes.empty() &&
        (!line->provider_class ||
         !std::ranges::binary_search(step.classes, *line->provider_class))) {
      continue;
    }
    if (!IsCoveredMonth(method_, record, Month::Of(claim.service_from))) continue;
    lines.push_back(*std::move(line));
  }
  return lines;
}

// Whether the winner, of whose lines `won` is one, has the service that the step asks for.
bool AttributionEngine::MeetsNeed(const MemberRecord& record, const AttributionStep& step,
                                  const Line& won) const {
  if (step.winner_needs.empty()) return true;
  const bool is_known = method_.unit == AttributionUnit::kProvider ? won.provider.has_value()
                        : method_.unit == AttributionUnit::kPractice
                            ? won.practice.has_value()
                            : won.practice && won.organization_key != won.practice_key;
  if (!is_known) return true;
  AttributionStep needed = step;
  needed.classes = step.winner_needs;
  const std::vector<Line> lines = QualifyingLines(record, needed);
  return std::ranges::any_of(lines, [&](const Line& line) {
    return line.Key(method_.unit) == won.Key(method_.unit);
  });
}

AttributionEngine::Outcome AttributionEngine::FromClaims(const MemberRecord& record,
                                                         std::size_t index) const {
  const AttributionStep& step = method_.steps[index];
  std::vector<Line> lines = QualifyingLines(record, step);
  Outcome outcome;
  if (lines.empty()) return outcome;
  // The least of the reasons, so that the order of the lines does not choose which one is told.
  for (const Line& line : lines) {
    if (line.ambiguity.empty()) continue;
    if (outcome.detail.empty() || line.ambiguity < outcome.detail) outcome.detail = line.ambiguity;
  }
  if (!outcome.detail.empty()) {
    outcome.stop = UnattributedReason::kAmbiguousAffiliation;
    return outcome;
  }

  const std::vector<TieBreak> chain = ChainOf(method_, step.kind);
  // Ranks the lines that are left by the keys of a unit, and keeps those of the winner.
  const auto decide = [&](AttributionUnit unit) {
    std::map<std::string, Tally> tallies;
    for (const Line& line : lines) {
      Tally& tally = tallies[line.Key(unit)];
      tally.dollars += AllowedElsePaid(line.claim->allowed, line.claim->paid);
      tally.last = tally.days.empty() ? line.claim->service_from
                                      : std::max(tally.last, line.claim->service_from);
      tally.days.insert(line.claim->service_from);
      if (line.provider_class) {
        tally.best_class =
            std::min(tally.best_class.value_or(*line.provider_class), *line.provider_class);
      }
    }
    Ranking ranking = Rank(tallies, chain);
    std::erase_if(lines,
                  [&](const Line& line) { return line.Key(unit) != ranking.winner.key; });
    return ranking;
  };
  const Ranking first = decide(method_.unit);
  if (!MeetsNeed(record, step, lines.front())) {
    outcome.stop = UnattributedReason::kNoRequiredService;
    outcome.detail = fmt::format("{} won step {} without a service of a class that it needs",
                                 first.winner.key, index + 1);
    return outcome;
  }
  if (method_.unit == AttributionUnit::kOrganization) decide(AttributionUnit::kPractice);
  if (method_.unit != AttributionUnit::kProvider) decide(AttributionUnit::kProvider);
  // Of the winner's lines all name one provider; where they name several practices, take the
  // latest service's, then the lowest key.
  const Line& best = *std::ranges::max_element(lines, [](const Line& a, const Line& b) {
    return std::pair(a.claim->service_from, std::string_view(b.practice_key)) <
           std::pair(b.claim->service_from, std::string_view(a.practice_key));
  });
  AttributedTo to{.step = static_cast<std::int32_t>(index) + 1,
                  .kind = step.kind,
                  .provider_npi = best.claim->rendering_npi,
                  .provider = best.provider,
                  .practice_tin = best.claim->billing_tin,
                  .practice = best.practice,
                  .winner = first.winner,
                  .runner_up = first.runner_up,
                  .decided_by = first.decided_by};
  FillOrganization(to);
  outcome.to = std::move(to);
  return outcome;
}

}  // namespace sluice::performance
