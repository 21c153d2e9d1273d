#include "performance/activity/activity.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "core/check.h"

namespace sluice::performance {
namespace {

constexpr std::size_t kMaxTextBytes = 200;

// --- Keys and periods ---------------------------------------------------------------------------

// One part of a key: numbers for members, parties and dates, text for measures and codes.
using KeyPart = std::pair<std::int64_t, std::string>;

std::int64_t MonthNumber(Date date) {
  const Month month = Month::Of(date);
  return month.Year() * 12LL + static_cast<std::int64_t>(month.Number()) - 1;
}

KeyPart PartOf(ActivityKeyField field, const ActivityEvent& event, const std::string& measure) {
  switch (field) {
    case ActivityKeyField::kMember:
      return {event.member_id, ""};
    case ActivityKeyField::kMeasure:
      return {0, measure};
    case ActivityKeyField::kYear:
      return {YearOf(event.service_date), ""};
    case ActivityKeyField::kProvider:
      return {event.provider.Value(), ""};
    case ActivityKeyField::kMonth:
      return {MonthNumber(event.service_date), ""};
    case ActivityKeyField::kServiceDate:
      return {event.service_date.time_since_epoch().count(), ""};
    case ActivityKeyField::kCode:
      return {static_cast<std::int64_t>(event.kind), event.code};
  }
  return {};
}

std::int64_t PeriodOf(CapPeriod period, Date service_date) {
  switch (period) {
    case CapPeriod::kYear:
      return YearOf(service_date);
    case CapPeriod::kQuarter:
      return MonthNumber(service_date) / 3;
    case CapPeriod::kMonth:
      return MonthNumber(service_date);
    case CapPeriod::kWholePeriod:
      return 0;
  }
  return 0;
}

std::int64_t ScopeOf(CapScope scope, const ActivityEvent& event) {
  switch (scope) {
    case CapScope::kMember:
      return event.member_id;
    case CapScope::kProvider:
      return event.provider.Value();
    case CapScope::kContract:
      return 0;
  }
  return 0;
}

// The last day on which evidence counts.
Date LastDay(const EvidenceCutoff& cutoff, const DateRange& period, Date service_date) {
  if (const auto* after = std::get_if<CutoffAfterService>(&cutoff.by)) {
    return service_date + Days(after->days);
  }
  const auto& day = std::get<CutoffOnDay>(cutoff.by);
  const int year = YearOf(*period.to - Days(1)) + day.years_after;
  return MakeDate(year, static_cast<unsigned>(day.month), static_cast<unsigned>(day.day));
}

// --- The run ------------------------------------------------------------------------------------

class Runner {
 public:
  Runner(const ActivitySum& terms, const DateRange& period, const AffiliationCheck& not_affiliated,
         const ExclusionCheck& excluded)
      : terms_(terms),
        period_(period),
        not_affiliated_(not_affiliated),
        excluded_(excluded),
        used_(terms.caps.size()) {
    for (const ActivityPrice& price : terms.prices) {
      prices_[{price.kind, price.code}].push_back(&price);
    }
  }

  ActivityLine Take(const ActivityEvent& event);

 private:
  struct Used {
    Exact amount;
    std::int64_t events = 0;
  };

  const ActivityPrice* FindPrice(const ActivityEvent& event, ActivityLine& line) const;
  bool IsOfProduct(ActivityLine& line) const;
  bool IsAffiliated(ActivityLine& line) const;
  bool HasEvidence(const ActivityPrice& price, ActivityLine& line) const;
  bool IsInTime(ActivityLine& line) const;
  bool IsFirst(ActivityLine& line);
  void Earn(const ActivityPrice& price, ActivityLine& line);

  const ActivitySum& terms_;
  const DateRange& period_;
  const AffiliationCheck& not_affiliated_;
  const ExclusionCheck& excluded_;
  std::map<std::pair<ActivityKind, std::string>, std::vector<const ActivityPrice*>> prices_;
  std::map<std::vector<KeyPart>, std::int64_t> claimed_;  // by which event
  // What each cap has let through: by (scope, period).
  std::vector<std::map<std::pair<std::int64_t, std::int64_t>, Used>> used_;
};

const ActivityPrice* Runner::FindPrice(const ActivityEvent& event, ActivityLine& line) const {
  const auto found = prices_.find({event.kind, event.code});
  if (found == prices_.end()) {
    line.reason = ReasonCode::kEvidenceInvalid;
    line.detail =
        fmt::format("{} {} is not on the price list", ActivityKindName(event.kind), event.code);
    return nullptr;
  }
  for (const ActivityPrice* price : found->second) {
    if (price->effective.Contains(event.service_date)) return price;
  }
  line.reason = ReasonCode::kTermNotInForce;
  line.detail = fmt::format("{} {} has no price on {}", ActivityKindName(event.kind), event.code,
                            FormatDate(event.service_date));
  return nullptr;
}

bool Runner::IsOfProduct(ActivityLine& line) const {
  if (terms_.excluded_products.empty()) return true;
  const std::string product = excluded_(line.event);
  if (product.empty()) return true;
  line.reason = ReasonCode::kProductExcluded;
  line.detail = fmt::format("the member is of {} on {}", product,
                            FormatDate(line.event.service_date));
  return false;
}

bool Runner::IsAffiliated(ActivityLine& line) const {
  if (!not_affiliated_) return true;
  line.detail = not_affiliated_(line.event);
  if (line.detail.empty()) return true;
  line.reason = ReasonCode::kPartyNotEligible;
  return false;
}

bool Runner::HasEvidence(const ActivityPrice& price, ActivityLine& line) const {
  const ActivityEvent& event = line.event;
  if (event.evidence_status == EvidenceStatus::kRejected) {
    line.detail = "the evidence was rejected";
  } else if (event.received_on < event.service_date) {
    line.detail = fmt::format("received on {}, before the service", FormatDate(event.received_on));
  } else if (price.evidence == EvidenceRule::kAccepted &&
             event.evidence_status != EvidenceStatus::kAccepted) {
    line.detail = "the evidence was not accepted yet";
  } else if (price.evidence != EvidenceRule::kNone && event.evidence.empty()) {
    line.detail = "no document or claim is named";
  } else {
    return true;
  }
  line.reason = ReasonCode::kEvidenceInvalid;
  return false;
}

bool Runner::IsInTime(ActivityLine& line) const {
  if (terms_.cutoffs.empty()) return true;
  const ActivityEvent& event = line.event;
  const EvidenceCutoff* cutoff = nullptr;
  for (const EvidenceCutoff& option : terms_.cutoffs) {
    if (option.channel == event.channel) cutoff = &option;
    if (option.channel.empty() && cutoff == nullptr) cutoff = &option;
  }
  if (cutoff == nullptr) {
    line.reason = ReasonCode::kEvidenceInvalid;
    line.detail = fmt::format("evidence by '{}' is not accepted", event.channel);
    return false;
  }
  const Date last = LastDay(*cutoff, period_, event.service_date);
  if (event.received_on <= last) return true;
  line.reason = ReasonCode::kEvidenceLate;
  line.detail =
      fmt::format("received on {}, after {}", FormatDate(event.received_on), FormatDate(last));
  return false;
}

bool Runner::IsFirst(ActivityLine& line) {
  std::vector<KeyPart> key;
  for (const ActivityKeyField field : terms_.key) {
    key.push_back(PartOf(field, line.event, line.measure));
  }
  const auto [claim, first] = claimed_.emplace(std::move(key), line.event.event_id);
  if (first) return true;
  line.reason = ReasonCode::kDuplicateActivity;
  line.detail = fmt::format("event {} counts", claim->second);
  return false;
}

void Runner::Earn(const ActivityPrice& price, ActivityLine& line) {
  const Ratio price_points(price.price.Millionths(), 1'000'000);
  line.priced =
      terms_.point_value ? Exact(*terms_.point_value, 1) * price_points : Exact(price.price, 1);
  line.earned = line.priced;
  std::vector<Used*> books;
  for (std::size_t i = 0; i < terms_.caps.size(); ++i) {
    const ActivityCap& cap = terms_.caps[i];
    if (!cap.measure.empty() && cap.measure != line.measure) continue;
    Used& used =
        used_[i][{ScopeOf(cap.scope, line.event), PeriodOf(cap.period, line.event.service_date)}];
    books.push_back(&used);
    Exact room = line.earned;
    if (cap.events && used.events >= *cap.events) room = Exact();
    if (cap.amount) room = std::min(room, Exact(*cap.amount) - used.amount);
    if (room < line.earned) {
      line.earned = room;
      line.cut_by_cap = true;
    }
  }
  for (Used* used : books) {
    used->amount = used->amount + line.earned;
    if (!line.earned.IsZero()) ++used->events;
  }
  if (terms_.point_value) line.points = price_points * (line.earned / line.priced);
  if (!line.cut_by_cap) return;
  line.detail =
      fmt::format("the limit leaves {} of {}", line.earned.ToString(), line.priced.ToString());
  if (line.earned.IsZero()) line.reason = ReasonCode::kAnnualLimitUsed;
}

ActivityLine Runner::Take(const ActivityEvent& event) {
  ActivityLine line{.event = event};
  if (event.voided) {
    line.reason = ReasonCode::kActivityVoided;
    return line;
  }
  const ActivityPrice* price = FindPrice(event, line);
  if (price == nullptr) return line;
  line.measure = price->measure;
  if (IsOfProduct(line) && IsAffiliated(line) && HasEvidence(*price, line) && IsInTime(line) &&
      IsFirst(line)) {
    Earn(*price, line);
  }
  return line;
}

// --- Sums ---------------------------------------------------------------------------------------

void Add(const ActivityLine& line, ActivityTotals& totals) {
  ++totals.submitted;
  if (!line.priced.IsZero()) ++totals.counted;
  totals.points = totals.points + line.points;
  totals.amount = totals.amount + line.earned;
  totals.over_limit = totals.over_limit + (line.priced - line.earned);
}

bool IsShortText(const std::string& text) {
  return text.size() <= kMaxTextBytes && std::ranges::none_of(text, [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte < 0x20 || byte == 0x7f;
         });
}

}  // namespace

Status CheckEvent(const ActivityEvent& event) {
  const auto refuse = [&](std::string_view field, std::string_view rule) {
    return InvalidArgument("activity event {}: {} {}", event.event_id, field, rule);
  };
  if (event.event_id <= 0) return refuse("event_id", "must be above zero");
  if (event.member_id <= 0) return refuse("member_id", "must name a member");
  if (event.provider == PartyId()) return refuse("provider", "must name who did it");
  if (event.practice == PartyId()) {
    return refuse("practice", "must name the party under which the provider is paid for it");
  }
  if (event.code.empty() || !IsShortText(event.code)) {
    return refuse("code", "must be 1 to 200 bytes without control characters");
  }
  if (!IsShortText(event.channel)) return refuse("channel", "is too long or has control bytes");
  if (!IsShortText(event.evidence)) return refuse("evidence", "is too long or has control bytes");
  return OkStatus();
}

Date ActivityWindowStart(const DateRange& period) { return MakeDate(YearOf(period.from), 1, 1); }

StatusOr<ActivityRun> RunActivities(const ActivitySum& terms, const DateRange& period,
                                    std::span<const ActivityEvent> events,
                                    const AffiliationCheck& not_affiliated,
                                    const ExclusionCheck& excluded) {
  CHECK(period.to.has_value());
  if (!terms.excluded_products.empty() && !excluded) {
    return FailedPrecondition("the coverage of members (the terms exclude products)");
  }
  const Date start = ActivityWindowStart(period);
  std::vector<const ActivityEvent*> ordered;
  std::set<std::int64_t> ids;
  for (const ActivityEvent& event : events) {
    RETURN_IF_ERROR(CheckEvent(event));
    if (!ids.insert(event.event_id).second) {
      return InvalidArgument("activity event {} is given twice; give its latest version",
                             event.event_id);
    }
    if (event.service_date >= start && event.service_date < *period.to) ordered.push_back(&event);
  }
  std::ranges::sort(ordered, {}, [](const ActivityEvent* e) {
    return std::tuple(e->received_on, e->service_date, e->event_id);
  });
  Runner runner(terms, period, not_affiliated, excluded);
  ActivityRun run;
  for (const ActivityEvent* event : ordered) {
    ActivityLine line = runner.Take(*event);
    CHECK(line.earned.IsZero() == line.reason.has_value());
    if (!period.Contains(event->service_date)) continue;
    Add(line, run.total);
    Add(line, run.performers[{event->provider, event->practice}]);
    if (line.reason) ++run.reasons[*line.reason];
    run.lines.push_back(std::move(line));
  }
  run.digest = Sha256(AsBytes(LinesText(run.lines)));
  return run;
}

std::string LinesText(std::span<const ActivityLine> lines) {
  std::string text = "sluice-activity-lines 1\n";
  for (const ActivityLine& line : lines) {
    const ActivityEvent& e = line.event;
    text += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", e.event_id,
                        e.member_id, e.provider.Value(), e.practice.Value(),
                        ActivityKindName(e.kind), e.code, line.measure, FormatDate(e.service_date),
                        FormatDate(e.received_on), e.channel, line.points.ToFractionString(),
                        line.priced.ToFractionString(), line.earned.ToFractionString(),
                        line.reason       ? ReasonName(*line.reason)
                        : line.cut_by_cap ? ReasonName(ReasonCode::kAnnualLimitUsed)
                                          : std::string_view("-"),
                        line.detail);
  }
  return text;
}

std::string ToText(const ActivityRun& run) {
  std::string text;
  for (const ActivityLine& line : run.lines) {
    const ActivityEvent& e = line.event;
    text += fmt::format("{:>12} {} {:<10} {:<12} member {:<8} {:>12}", e.event_id,
                        FormatDate(e.service_date), e.code, line.measure, e.member_id,
                        line.earned.ToString());
    if (line.reason) text += fmt::format("  {}", ReasonName(*line.reason));
    if (!line.reason && line.cut_by_cap) {
      text += fmt::format("  {}", ReasonName(ReasonCode::kAnnualLimitUsed));
    }
    if (!line.detail.empty()) text += fmt::format("  ({})", line.detail);
    text += '\n';
  }
  for (const auto& [who, totals] : run.performers) {
    text += fmt::format("{} under {}: {} of {} count, {}, over the limit {}\n",
                        who.provider.ToString(), who.practice.ToString(), totals.counted,
                        totals.submitted, totals.amount.ToString(), totals.over_limit.ToString());
  }
  text += fmt::format("total: {} of {} count, {}, over the limit {}\n", run.total.counted,
                      run.total.submitted, run.total.amount.ToString(),
                      run.total.over_limit.ToString());
  return text;
}

}  // namespace sluice::performance
