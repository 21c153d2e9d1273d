#include "performance/terms_activity.h"

#include <array>
#include <map>
#include <set>
#include <utility>

#include "performance/excluded_products.h"

namespace sluice::performance {
namespace {

constexpr std::array<std::string_view, 5> kKindNames = {"claim_code", "gap_closed", "adt_event",
                                                        "assessment", "cpt_ii"};
constexpr std::array<std::string_view, 7> kKeyNames = {
    "member", "measure", "year", "provider", "month", "day of service", "code"};
constexpr std::array<std::string_view, 3> kScopeNames = {"member", "provider", "contract"};
constexpr std::array<std::string_view, 4> kPeriodNames = {"year", "quarter", "month", "period"};
// The shortest each month is, so that a cut-off exists in every year.
constexpr std::array<int, 12> kMonthDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

template <typename Enum, std::size_t N>
std::string_view NameIn(const std::array<std::string_view, N>& names, Enum value) {
  return names.at(static_cast<std::size_t>(value));
}

std::string PriceName(const ActivityPrice& price) {
  return fmt::format("the price of {} {}", ActivityKindName(price.kind), price.code);
}

Status CheckPrices(const std::vector<ActivityPrice>& prices) {
  if (prices.empty()) return InvalidArgument("an activity sum needs at least one price");
  std::map<std::pair<ActivityKind, std::string>, std::vector<DateRange>> seen;
  for (const ActivityPrice& price : prices) {
    if (price.code.empty() || price.measure.empty()) {
      return InvalidArgument("{} needs a code and a measure", PriceName(price));
    }
    if (price.price.Millionths() <= 0) {
      return InvalidArgument("{} must be above zero, not {}", PriceName(price),
                             price.price.ToString());
    }
    if (price.effective.IsEmpty()) {
      return InvalidArgument("{} holds on no day", PriceName(price));
    }
    std::vector<DateRange>& ranges = seen[{price.kind, price.code}];
    for (const DateRange& other : ranges) {
      if (other.Overlaps(price.effective)) {
        return InvalidArgument("{} is stated twice: {} and {} overlap", PriceName(price),
                               other.ToString(), price.effective.ToString());
      }
    }
    ranges.push_back(price.effective);
  }
  return OkStatus();
}

Status CheckCutoffs(const std::vector<EvidenceCutoff>& cutoffs) {
  std::set<std::string> channels;
  for (const EvidenceCutoff& cutoff : cutoffs) {
    if (!channels.insert(cutoff.channel).second) {
      return InvalidArgument("the channel '{}' has two cut-offs", cutoff.channel);
    }
    if (const auto* day = std::get_if<CutoffOnDay>(&cutoff.by)) {
      const bool month = day->month >= 1 && day->month <= 12;
      if (!month || day->day < 1 ||
          day->day > kMonthDays.at(static_cast<std::size_t>(month ? day->month - 1 : 0)) ||
          day->years_after < 0 || day->years_after > 10) {
        return InvalidArgument(
            "the cut-off of '{}' is not a day that every year has, 0 to 10 years after: {}-{}",
            cutoff.channel, day->month, day->day);
      }
    } else if (std::get<CutoffAfterService>(cutoff.by).days < 0) {
      return InvalidArgument("the cut-off of '{}' is before the service", cutoff.channel);
    }
  }
  return OkStatus();
}

Status CheckCaps(const ActivitySum& activity) {
  std::set<std::string> measures;
  for (const ActivityPrice& price : activity.prices) measures.insert(price.measure);
  for (const ActivityCap& cap : activity.caps) {
    const std::string where =
        fmt::format("the cap for each {} and {}", NameIn(kScopeNames, cap.scope),
                    NameIn(kPeriodNames, cap.period));
    if (!cap.amount && !cap.events) return InvalidArgument("{} bounds nothing", where);
    if ((cap.amount && *cap.amount <= Money()) || (cap.events && *cap.events <= 0)) {
      return InvalidArgument("{} must be above zero", where);
    }
    if (!cap.measure.empty() && !measures.contains(cap.measure)) {
      return InvalidArgument("{} is for {}, which no price counts for", where, cap.measure);
    }
  }
  return OkStatus();
}

}  // namespace

std::string_view ActivityKindName(ActivityKind kind) { return NameIn(kKindNames, kind); }

StatusOr<ActivityKind> ParseActivityKind(std::string_view name) {
  std::string known;
  for (std::size_t i = 0; i < kKindNames.size(); ++i) {
    if (kKindNames[i] == name) return static_cast<ActivityKind>(i);
    known += fmt::format("{}{}", i == 0 ? "" : ", ", kKindNames[i]);
  }
  return InvalidArgument("'{}' is no kind of activity; there are {}", name, known);
}

Status ValidateActivity(const ActivitySum& activity) {
  RETURN_IF_ERROR(CheckPrices(activity.prices));
  if (activity.key.empty()) {
    return InvalidArgument("an activity sum needs a key: what makes two events the same");
  }
  const std::set<ActivityKeyField> key(activity.key.begin(), activity.key.end());
  if (key.size() != activity.key.size()) {
    return InvalidArgument("a field of the activity key is listed twice");
  }
  RETURN_IF_ERROR(CheckCutoffs(activity.cutoffs));
  RETURN_IF_ERROR(CheckCaps(activity));
  if (activity.point_value && activity.point_value->Millionths() <= 0) {
    return InvalidArgument("the value of a point must be above zero");
  }
  return CheckExcludedProducts(activity.excluded_products);
}

std::string DescribeActivity(const ActivitySum& activity) {
  std::string text = fmt::format("activities by {} price{}, once per", activity.prices.size(),
                                 activity.prices.size() == 1 ? "" : "s");
  for (std::size_t i = 0; i < activity.key.size(); ++i) {
    text += fmt::format("{} {}", i == 0 ? "" : ",", NameIn(kKeyNames, activity.key[i]));
  }
  for (const EvidenceCutoff& cutoff : activity.cutoffs) {
    text += "; " + (cutoff.channel.empty() ? std::string("other") : cutoff.channel) + " by ";
    if (const auto* day = std::get_if<CutoffOnDay>(&cutoff.by)) {
      text += fmt::format("{:02}-{:02}, {} year{} after", day->month, day->day, day->years_after,
                          day->years_after == 1 ? "" : "s");
    } else {
      text += fmt::format("{} days after service", std::get<CutoffAfterService>(cutoff.by).days);
    }
  }
  for (const ActivityCap& cap : activity.caps) {
    text += fmt::format("; for each {} and {}", NameIn(kScopeNames, cap.scope),
                        NameIn(kPeriodNames, cap.period));
    if (!cap.measure.empty()) text += " of " + cap.measure;
    if (cap.amount) text += " at most " + cap.amount->ToString();
    if (cap.events) text += fmt::format(" at most {} events", *cap.events);
  }
  if (activity.point_value) text += "; a point is " + activity.point_value->ToString();
  for (const std::string& product : activity.excluded_products) text += "; without " + product;
  return text;
}

}  // namespace sluice::performance
