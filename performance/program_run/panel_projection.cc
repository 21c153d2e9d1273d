#include "performance/program_run/panel_projection.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace sluice::performance {
namespace {

constexpr Days kOneDay{1};

bool Counts(const AttributionMethod& method, const CoverageSpan& span) {
  return method.lines_of_business.empty() ||
         std::ranges::binary_search(method.lines_of_business, span.line_of_business);
}

Date LaterEnd(const std::optional<Date>& to) { return to.value_or(Date::max()); }

// The days around `day` on which coverage that counts has no gap; none when the day is not covered.
std::optional<DateRange> StretchAround(const PanelRules& rules, const MemberRecord& record,
                                       Date day) {
  DateRange stretch{day, day};
  bool grew = true;
  while (grew) {
    grew = false;
    for (const CoverageSpan& span : record.coverage) {
      if (!Counts(rules.method, span) || span.covered.IsEmpty()) continue;
      const Date end = LaterEnd(span.covered.to);
      const bool touches = span.covered.from <= *stretch.to && end >= stretch.from &&
                           (stretch.from != *stretch.to || span.covered.Contains(day));
      if (!touches || (span.covered.from >= stretch.from && end <= *stretch.to)) continue;
      stretch.from = std::min(stretch.from, span.covered.from);
      stretch.to = std::max(*stretch.to, end);
      grew = true;
    }
  }
  if (stretch.from == *stretch.to) return std::nullopt;
  return stretch;
}

// Whether another entry of the member says something about the month.
bool IsSpokenFor(std::span<const ListEntry> entries, const ListEntry& own, Month month) {
  const DateRange days{month.FirstDay(), month.End()};
  return std::ranges::any_of(entries, [&](const ListEntry& entry) {
    return entry.Key() != own.Key() && entry.attributed.Overlaps(days);
  });
}

// The days of an entry, reaching into the months next to it as rule 1 says.
DateRange DaysOf(const PanelRules& rules, const MemberRecord& record,
                 std::span<const ListEntry> entries, const ListEntry& entry) {
  DateRange days = entry.attributed;
  const Month before = Month::Of(days.from) + -1;
  if (!IsSpokenFor(entries, entry, before) && !IsCoveredMonth(rules.method, record, before)) {
    const auto stretch = StretchAround(rules, record, days.from);
    if (stretch) days.from = std::min(days.from, std::max(stretch->from, before.FirstDay()));
  }
  const Month after = Month::Of(*days.to);
  if (!IsSpokenFor(entries, entry, after) && !IsCoveredMonth(rules.method, record, after)) {
    const auto stretch = StretchAround(rules, record, *days.to - kOneDay);
    if (stretch) days.to = std::max(*days.to, std::min(*stretch->to, after.End()));
  }
  if (const auto death = DeathOf(record)) days.to = std::min(*days.to, *death + kOneDay);
  return days;
}

const CoverageSpan* CoverageOn(const PanelRules& rules, const MemberRecord& record, Date day) {
  for (const CoverageSpan& span : record.coverage) {
    if (Counts(rules.method, span) && span.covered.Contains(day)) return &span;
  }
  return nullptr;
}

std::optional<std::int64_t> RiskOn(std::span<const RiskScore> scores, Date day) {
  for (const RiskScore& score : scores) {
    if (score.period.Contains(day)) return score.score.Millionths();
  }
  return std::nullopt;
}

// The days on which something about the member may change, within `days`, its ends included.
std::set<Date> Cuts(const DateRange& days, const MemberRecord& record,
                    std::span<const RiskScore> scores) {
  std::set<Date> cuts = {days.from, *days.to};
  const auto add = [&](const std::optional<Date>& day) {
    if (day && *day > days.from && *day < *days.to) cuts.insert(*day);
  };
  for (const CoverageSpan& span : record.coverage) {
    add(span.covered.from);
    add(span.covered.to);
  }
  for (const MemberDetail& detail : record.details) add(detail.valid_from);
  for (const RiskScore& score : scores) {
    add(score.period.from);
    add(score.period.to);
  }
  return cuts;
}

CellSex ToCellSex(Sex sex) {
  switch (sex) {
    case Sex::kFemale:
      return CellSex::kFemale;
    case Sex::kMale:
      return CellSex::kMale;
    case Sex::kUnknown:
      break;
  }
  return CellSex::kAny;
}

bool SameBesidesDays(const NewPanelSpan& a, const NewPanelSpan& b) {
  return a.payee == b.payee && a.birth == b.birth && a.sex == b.sex && a.product == b.product &&
         a.region == b.region && a.tier == b.tier && a.risk_millionths == b.risk_millionths;
}

bool SameFacts(const NewPanelSpan& a, const NewPanelSpan& b) {
  return SameBesidesDays(a, b) && a.valid == b.valid && a.retracted == b.retracted;
}

// Why a span of the member is as it is now, against what was known of it.
ChangeReason ReasonOf(const NewPanelSpan* before, const NewPanelSpan& now,
                      std::span<const NewPanelSpan> known, std::span<const NewPanelSpan> projected,
                      const MemberRecord& record) {
  const auto ends_elsewhere = [&](const std::optional<Date>& day) {
    return day && std::ranges::any_of(projected, [&](const NewPanelSpan& other) {
             return other.payee != now.payee && other.valid.from == *day;
           });
  };
  if (before == nullptr || before->retracted) {
    if (Month::Of(now.valid.from) == Month::Of(now.birth)) return ChangeReason::kNewborn;
    const bool moved = std::ranges::any_of(known, [&](const NewPanelSpan& other) {
      return !other.retracted && other.payee != now.payee &&
             (other.valid.Contains(now.valid.from) || other.valid.to == now.valid.from);
    });
    return moved ? ChangeReason::kPayeeChange : ChangeReason::kEnrollment;
  }
  if (before->payee != now.payee) return ChangeReason::kPayeeChange;
  if (now.retracted || LaterEnd(now.valid.to) < LaterEnd(before->valid.to)) {
    if (ends_elsewhere(now.retracted ? std::optional(now.valid.from) : now.valid.to)) {
      return ChangeReason::kPayeeChange;
    }
    const auto death = DeathOf(record);
    if (death && now.valid.to == *death + kOneDay) return ChangeReason::kDeath;
    for (const CoverageSpan& span : record.coverage) {
      if (span.covered.to == now.valid.to && span.retro_reason == "state_order") {
        return ChangeReason::kStateOrder;
      }
    }
    return ChangeReason::kTermination;
  }
  if (LaterEnd(now.valid.to) > LaterEnd(before->valid.to)) return ChangeReason::kEnrollment;
  if (before->birth != now.birth || before->sex != now.sex) return ChangeReason::kDemographics;
  if (before->risk_millionths != now.risk_millionths) return ChangeReason::kRisk;
  return ChangeReason::kClassification;
}

const NewPanelSpan* FindSpan(std::span<const NewPanelSpan> spans, std::int64_t id) {
  const auto found = std::ranges::find(spans, id, &NewPanelSpan::span_id);
  return found == spans.end() ? nullptr : &*found;
}

// By the first day; spans of one first day, which entries of two plans give, in their order.
void GiveIds(std::vector<NewPanelSpan>& spans) {
  std::ranges::stable_sort(spans, {}, [](const NewPanelSpan& span) { return span.valid.from; });
  std::int64_t last = 0;
  for (NewPanelSpan& span : spans) {
    const std::int64_t id =
        kFirstProjectedSpan + std::int64_t{ToDayNumber(span.valid.from)} * 16;
    span.span_id = std::max(id, last + 1);
    last = span.span_id;
  }
}

}  // namespace

StatusOr<std::vector<NewPanelSpan>> ProjectSpans(const PanelRules& rules,
                                                 const MemberRecord& record,
                                                 std::span<const ListEntry> entries,
                                                 std::span<const RiskScore> scores,
                                                 const PayeeOfEntry& payee_of) {
  std::vector<NewPanelSpan> spans;
  if (!rules.with_risk) scores = {};
  for (const ListEntry& entry : entries) {
    const DateRange days = DaysOf(rules, record, entries, entry);
    if (days.IsEmpty()) continue;
    NewPanelSpan span{.contract = rules.contract, .member = record.member.id};
    span.learned_on = rules.learned_on;
    const std::size_t first_of_entry = spans.size();
    const std::set<Date> cuts = Cuts(days, record, scores);
    for (auto cut = cuts.begin(); std::next(cut) != cuts.end(); ++cut) {
      const CoverageSpan* coverage = CoverageOn(rules, record, *cut);
      if (coverage == nullptr) continue;
      const MemberDetail* detail = DetailOn(record, *cut);
      // Birth and sex are corrected, they do not change: the newest detail says them.
      const MemberDetail* newest = record.details.empty() ? nullptr : &record.details.back();
      if (newest == nullptr || !newest->birth_date) {
        return FailedPrecondition("birth_date of member {}", record.member.number);
      }
      if (span.payee == PartyId()) {
        ASSIGN_OR_RETURN(span.payee, payee_of(entry));
      }
      span.valid = DateRange::Between(*cut, *std::next(cut));
      span.birth = *newest->birth_date;
      span.sex = ToCellSex(newest->sex);
      span.product = coverage->product;
      span.tier = coverage->plan;
      span.region = detail->region;
      span.risk_millionths = RiskOn(scores, *cut);
      const bool goes_on = spans.size() > first_of_entry &&
                           spans.back().valid.to == span.valid.from &&
                           SameBesidesDays(spans.back(), span);
      if (goes_on) {
        spans.back().valid.to = span.valid.to;
      } else if (span.valid.from >= span.birth) {
        spans.push_back(span);
      }
    }
  }
  GiveIds(spans);
  return spans;
}

std::vector<NewPanelSpan> SpansToRecord(std::span<const NewPanelSpan> projected,
                                        std::span<const NewPanelSpan> known,
                                        const MemberRecord& record, Date learned_on) {
  std::vector<NewPanelSpan> changes;
  for (const NewPanelSpan& span : projected) {
    const NewPanelSpan* before = FindSpan(known, span.span_id);
    if (before != nullptr && SameFacts(*before, span)) continue;
    changes.push_back(span);
    changes.back().learned_on = learned_on;
    changes.back().reason = ReasonOf(before, span, known, projected, record);
  }
  for (const NewPanelSpan& span : known) {
    if (span.retracted || FindSpan(projected, span.span_id) != nullptr) continue;
    NewPanelSpan gone = span;
    gone.retracted = true;
    gone.learned_on = learned_on;
    gone.reason = ReasonOf(&span, gone, known, projected, record);
    changes.push_back(std::move(gone));
  }
  return changes;
}

}  // namespace sluice::performance
