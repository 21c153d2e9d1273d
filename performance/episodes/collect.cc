// Episodes from claims: anchors, windows, services, spending within its bounds.
#include <algorithm>
#include <tuple>

#include "core/check.h"
#include "performance/episodes/episodes.h"
#include "performance/percentile.h"

namespace sluice::performance {
namespace {

constexpr Days kOneDay{1};

std::string_view FieldOf(const MedicalClaimLine& line, ClaimCodeField field) {
  switch (field) {
    case ClaimCodeField::kProcedure:
      return line.procedure_code;
    case ClaimCodeField::kDrg:
      return line.drg;
    case ClaimCodeField::kRevenue:
      return line.revenue_code;
    case ClaimCodeField::kDiagnosis: {
      const std::string_view all = line.diagnosis_codes;
      return all.substr(0, all.find(' '));
    }
    case ClaimCodeField::kPlaceOfService:
      return line.place_of_service;
  }
  CHECK(false);
}

PercentilePlace PlaceOf(std::size_t count, const Ratio& p, PercentileDefinition definition) {
  switch (definition) {
    case PercentileDefinition::kInterpolated:
      return Interpolated(count, p);
    case PercentileDefinition::kNearestRank:
      return NearestRank(count, p);
    case PercentileDefinition::kNextAbove:
      return NextAbove(count, p);
  }
  CHECK(false);
}

bool Matches(const ClaimCode& code, const MedicalClaimLine& line) {
  const std::string_view value = FieldOf(line, code.field);
  if (code.code.back() != '*') return value == code.code;
  return value.starts_with(std::string_view(code.code).substr(0, code.code.size() - 1));
}

bool MatchesAny(const std::vector<ClaimCode>& codes, const MedicalClaimLine& line) {
  return std::ranges::any_of(codes, [&](const ClaimCode& code) { return Matches(code, line); });
}

// The first day of the range that no span covers.
std::optional<Date> FirstUncovered(std::vector<DateRange> covered, const DateRange& range) {
  std::ranges::sort(covered, {}, &DateRange::from);
  Date next = range.from;
  for (const DateRange& span : covered) {
    if (span.from > next) break;
    if (!span.to) return std::nullopt;
    next = std::max(next, *span.to);
  }
  if (next >= *range.to) return std::nullopt;
  return next;
}

// An episode of a member before its services are known.
struct Opened {
  const EpisodeDefinition* definition = nullptr;
  std::string cell;
  std::string claim;
  std::string npi;
  Date from{};
  Date to{};  // the last day
  DateRange window;
};

// All episodes of one member, in order of their anchors.
class MemberEpisodes {
 public:
  MemberEpisodes(const EpisodeSum& terms, const EpisodeInputs& inputs, const EpisodeMember& member)
      : terms_(terms), inputs_(inputs), member_(member) {
    for (const MedicalClaimLine& line : member.claims) {
      if (line.status == ClaimStatus::kFinal) lines_.push_back(&line);
    }
    std::ranges::sort(lines_, {}, [](const MedicalClaimLine* line) {
      return std::tie(line->service_from, line->claim_number, line->line_number);
    });
  }

  Status Collect(std::vector<EpisodeLine>& out) {
    OpenAll();
    for (std::size_t i = 0; i < opened_.size(); ++i) {
      const Opened& opened = opened_[i];
      const Date day = terms_.period_day == EpisodePeriodDay::kAnchorStart
                           ? opened.from
                           : *opened.window.to - kOneDay;
      if (!inputs_.period.Contains(day)) continue;
      EpisodeLine line{.member_id = member_.member_id,
                       .type = opened.definition->type,
                       .cell = opened.cell,
                       .anchor_claim = opened.claim,
                       .anchor_npi = opened.npi,
                       .anchor_from = opened.from,
                       .anchor_to = opened.to,
                       .window = opened.window,
                       .overlapped = !member_.overlap_program.empty()};
      RETURN_IF_ERROR(AddServices(opened, line));
      RETURN_IF_ERROR(AddPostSpending(i, line));
      Exclude(line);
      out.push_back(std::move(line));
    }
    return OkStatus();
  }

 private:
  bool IsEntity(const MedicalClaimLine& line) const {
    const std::set<std::string>& entity = inputs_.entity;
    return entity.empty() || entity.contains(line.billing_npi) ||
           entity.contains(line.billing_tin) || entity.contains(line.rendering_npi);
  }

  // The first definition and anchor that a line matches, as the terms list them.
  std::optional<Opened> AnchorOf(const MedicalClaimLine& line) const {
    if (!IsEntity(line)) return std::nullopt;
    for (const EpisodeDefinition& definition : terms_.definitions) {
      for (const EpisodeAnchor& anchor : definition.anchors) {
        if (!Matches(anchor.code, line)) continue;
        return Opened{.definition = &definition,
                      .cell = anchor.cell,
                      .claim = line.claim_number,
                      .npi = line.billing_npi,
                      .from = line.service_from,
                      .to = line.service_to};
      }
    }
    return std::nullopt;
  }

  void OpenAll() {
    for (const MedicalClaimLine* line : lines_) {
      std::optional<Opened> opened = AnchorOf(*line);
      if (!opened) continue;
      // The anchor is its whole claim: a stay may be billed on several lines.
      for (const MedicalClaimLine* other : lines_) {
        if (other->claim_number != opened->claim) continue;
        opened->from = std::min(opened->from, other->service_from);
        opened->to = std::max(opened->to, other->service_to);
      }
      const bool first = opened_.empty();
      if (!first && opened->from < *opened_.back().window.to) continue;
      Date from = opened->from - Days{opened->definition->days_before};
      if (!first) from = std::max(from, *opened_.back().window.to);
      opened->window =
          DateRange::Between(from, opened->to + Days{opened->definition->days_after} + kOneDay);
      opened_.push_back(*std::move(opened));
    }
  }

  // How much of a line is inside a range of days.
  Ratio PartInside(const MedicalClaimLine& line, const DateRange& range) const {
    if (!terms_.prorate_stays) return Ratio(range.Contains(line.service_from) ? 1 : 0);
    const Date begin = std::max(line.service_from, range.from);
    const Date end = std::min(line.service_to + kOneDay, *range.to);
    if (begin >= end) return Ratio(0);
    return Ratio((end - begin).count(), (line.service_to - line.service_from + kOneDay).count());
  }

  StatusOr<Exact> AmountOf(const MedicalClaimLine& line) const {
    if (!line.allowed && !line.paid) {
      return FailedPrecondition("claim {} line {} (it states no amount; correct the claim)",
                                line.claim_number, line.line_number);
    }
    return Exact(AllowedElsePaid(line.allowed, line.paid));
  }

  Status AddServices(const Opened& opened, EpisodeLine& out) const {
    for (const MedicalClaimLine* line : lines_) {
      const bool anchor = line->claim_number == opened.claim;
      const Ratio part = anchor ? Ratio(1) : PartInside(*line, opened.window);
      if (part.IsZero()) continue;
      ASSIGN_OR_RETURN(const Exact whole, AmountOf(*line));
      EpisodeServiceLine service{.claim_number = line->claim_number,
                                 .line_number = line->line_number,
                                 .service_from = line->service_from,
                                 .code = line->procedure_code,
                                 .amount = whole * part};
      if (service.code.empty()) service.code = line->drg.empty() ? line->revenue_code : line->drg;
      service.counted = anchor || Belongs(*opened.definition, *line);
      out.spending = out.spending + service.amount;
      if (!service.counted) out.excluded = out.excluded + service.amount;
      out.services.push_back(std::move(service));
    }
    out.actual = out.spending - out.excluded;
    return Winsorize(*opened.definition, out);
  }

  static bool Belongs(const EpisodeDefinition& definition, const MedicalClaimLine& line) {
    if (MatchesAny(definition.excluded, line)) return false;
    return definition.included.empty() || MatchesAny(definition.included, line);
  }

  StatusOr<std::optional<Exact>> BoundOf(const std::optional<Ratio>& percentile,
                                         const std::optional<Money>& amount,
                                         PercentileDefinition definition,
                                         const std::string& cell) const {
    if (amount) return std::optional<Exact>(Exact(*amount));
    if (!percentile) return std::optional<Exact>();
    const auto found = inputs_.reference.find(cell);
    if (found == inputs_.reference.end() || found->second.empty()) {
      return NotFound("the reference spending of cell {}", cell);
    }
    std::vector<Exact> sorted(found->second.begin(), found->second.end());
    std::ranges::sort(sorted);
    return std::optional<Exact>(
        ValueAt<Exact>(sorted, PlaceOf(sorted.size(), *percentile, definition)));
  }

  Status Winsorize(const EpisodeDefinition& definition, EpisodeLine& out) const {
    const Winsorizing& rule = definition.winsorizing;
    ASSIGN_OR_RETURN(const std::optional<Exact> low,
                     BoundOf(rule.low_percentile, rule.low_amount, rule.definition, out.cell));
    ASSIGN_OR_RETURN(const std::optional<Exact> high,
                     BoundOf(rule.high_percentile, rule.high_amount, rule.definition, out.cell));
    out.winsorized = out.actual;
    if (low && out.winsorized < *low) out.winsorized = *low;
    if (high && out.winsorized > *high) out.winsorized = *high;
    return OkStatus();
  }

  Status AddPostSpending(std::size_t position, EpisodeLine& out) const {
    if (!terms_.post_episode_days) return OkStatus();
    Date end = *out.window.to + Days{*terms_.post_episode_days};
    if (position + 1 < opened_.size()) end = std::min(end, opened_[position + 1].window.from);
    if (end <= *out.window.to) return OkStatus();
    const DateRange after = DateRange::Between(*out.window.to, end);
    for (const MedicalClaimLine* line : lines_) {
      const Ratio part = PartInside(*line, after);
      if (part.IsZero()) continue;
      ASSIGN_OR_RETURN(const Exact whole, AmountOf(*line));
      out.post_spending = out.post_spending + whole * part;
    }
    return OkStatus();
  }

  // Whether a day that interrupts excludes the episode.
  static bool Interrupts(EpisodeInterruption rule, Date day, const EpisodeLine& line) {
    if (rule == EpisodeInterruption::kExclude) return line.window.Contains(day);
    return rule == EpisodeInterruption::kExcludeInAnchor && day >= line.anchor_from &&
           day <= line.anchor_to;
  }

  void Exclude(EpisodeLine& line) const {
    const auto exclude = [&](ReasonCode reason, std::string detail) {
      line.counted = false;
      line.reason = reason;
      line.detail = std::move(detail);
    };
    if (line.overlapped && terms_.overlap == EpisodeOverlap::kExcluded) {
      return exclude(ReasonCode::kOverlapOtherProgram, member_.overlap_program);
    }
    const std::optional<Date>& death = member_.death;
    if (death && Interrupts(terms_.death, *death, line)) {
      return exclude(ReasonCode::kNotEligibleOnSnapshot,
                     fmt::format("died on {}", FormatDate(*death)));
    }
    if (terms_.coverage_lost == EpisodeInterruption::kKeep) return;
    DateRange needed = line.window;
    if (terms_.coverage_lost == EpisodeInterruption::kExcludeInAnchor) {
      needed = DateRange::Between(line.anchor_from, line.anchor_to + kOneDay);
    }
    // A death that the terms keep ends the coverage that is needed, on the day after it.
    if (death && *death < *needed.to) needed.to = std::max(needed.from, *death) + kOneDay;
    if (const auto day = FirstUncovered(member_.covered, needed)) {
      exclude(ReasonCode::kNotEligibleOnSnapshot,
              fmt::format("not covered on {}", FormatDate(*day)));
    }
  }

  const EpisodeSum& terms_;
  const EpisodeInputs& inputs_;
  const EpisodeMember& member_;
  std::vector<const MedicalClaimLine*> lines_;
  std::vector<Opened> opened_;
};

}  // namespace

StatusOr<std::vector<EpisodeLine>> CollectEpisodes(const EpisodeSum& terms,
                                                   const EpisodeInputs& inputs) {
  CHECK(inputs.period.to.has_value());
  std::map<std::int64_t, const EpisodeMember*> members;
  for (const EpisodeMember& member : inputs.members) {
    if (!members.emplace(member.member_id, &member).second) {
      return InvalidArgument("member {} is given twice", member.member_id);
    }
  }
  std::vector<EpisodeLine> lines;
  for (const auto& [id, member] : members) {
    RETURN_IF_ERROR(MemberEpisodes(terms, inputs, *member).Collect(lines));
  }
  return lines;
}

std::vector<BaselineMean> BaselineOf(std::span<const EpisodeLine> lines, int year, bool own) {
  std::map<std::string, std::pair<std::int64_t, Exact>> sums;
  for (const EpisodeLine& line : lines) {
    if (!line.counted) continue;
    auto& [episodes, total] = sums[line.cell];
    ++episodes;
    total = total + line.winsorized;
  }
  std::vector<BaselineMean> means;
  for (const auto& [cell, sum] : sums) {
    means.push_back({.cell = cell,
                     .year = year,
                     .own = own,
                     .episodes = sum.first,
                     .mean = sum.second * Ratio(1, sum.first)});
  }
  return means;
}

}  // namespace sluice::performance
