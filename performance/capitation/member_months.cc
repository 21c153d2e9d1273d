#include "performance/capitation/member_months.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace sluice::performance {
namespace {

constexpr std::int32_t kWholeWeight = 1'000'000;

DayNumber FirstDay(MonthNumber month) { return ToDayNumber(ToMonth(month).FirstDay()); }
MonthNumber MonthOf(DayNumber day) { return ToMonthNumber(Month::Of(ToDate(day))); }

// The first month in which a change dated `day` counts, where it counts up to the day `last`.
MonthNumber CountsFrom(DayNumber day, int last) {
  const MonthNumber month = MonthOf(day);
  const DayNumber next = FirstDay(month + 1);
  const DayNumber limit = std::min(FirstDay(month) + last, next);
  return day < limit ? month : month + 1;
}

bool Touches(const PanelSpan& span, MonthNumber month) {
  return span.from < FirstDay(month + 1) && span.to > FirstDay(month);
}

const PanelPremium* PremiumOf(std::span<const PanelPremium> premiums, MonthNumber month) {
  const auto found = std::ranges::find(premiums, month, &PanelPremium::month);
  return found == premiums.end() ? nullptr : &*found;
}

std::string_view SexName(CellSex sex) {
  return sex == CellSex::kFemale ? "female" : sex == CellSex::kMale ? "male" : "sex not known";
}

}  // namespace

void AddPosted(const MemberMonthLine& line, std::int64_t known_at, PostedMonth& posted) {
  posted.payee = line.payee;
  posted.month = line.month;
  posted.cents += line.delta_cents;
  posted.new_cents = line.new_cents;
  posted.known_at = known_at;
  posted.closed = !line.IsOpen();
  if (posted.closed) return;
  posted.price = line.price;
  posted.age = line.age;
  posted.payable = line.payable;
}

MemberMonths::MemberMonths(const RatePlan& plan)
    : plan_(plan), per_total_(plan.Basis().rounding == LineRounding::kPerTotal) {
  entries_.reserve(8);
  whole_.reserve(8);
}

void MemberMonths::Block(std::int64_t member, MonthNumber month, ReasonCode reason,
                         std::string what) {
  if (blocked_.count++ > 0) return;
  blocked_.reason = reason;
  blocked_.text =
      fmt::format("member {} in {}: {}", member, ToMonth(month).ToString(), std::move(what));
}

MemberMonths::SpanMonths MemberMonths::WholeMonths(std::span<const PanelSpan> spans,
                                                   const PanelSpan& span) const {
  const MonthRule& rule = plan_.Basis().month;
  SpanMonths months;
  if (rule.method == MonthMethod::kDaily) {
    months.from = MonthOf(span.from);
    months.to = span.to == kNoEnd ? INT32_MAX : MonthOf(span.to - 1) + 1;
    return months;
  }
  const int last = rule.method == MonthMethod::kFirstOfMonth ? 1 : rule.day;
  months.from = CountsFrom(span.from, last);
  months.to = span.to == kNoEnd ? INT32_MAX : CountsFrom(EndOf(spans, span), last);
  if (rule.newborn_from_birth_month && MonthOf(span.from) == MonthOf(span.birth)) {
    months.from = MonthOf(span.birth);
  }
  return months;
}

DayNumber MemberMonths::EndOf(std::span<const PanelSpan> spans, const PanelSpan& span) const {
  if (plan_.Basis().month.end_dated != EndDay::kLastCovered) return span.to;
  const bool goes_on = std::ranges::any_of(spans, [&](const PanelSpan& other) {
    return other.Counts() && other.from <= span.to && span.to < other.to;
  });
  return goes_on ? span.to : span.to - 1;
}

int MemberMonths::DaysIn(const PanelSpan& span, MonthNumber month) const {
  const DayNumber from = std::max(span.from, FirstDay(month));
  const DayNumber to = std::min(span.to, FirstDay(month + 1));
  return std::max(0, to - from);
}

// The first month to look at: the first open one, and before it what news could have changed.
MonthNumber MemberMonths::FirstMonthOf(const Member& member) const {
  MonthNumber first = plan_.FirstOpen();
  const std::optional<Instant>& before = plan_.Scope().previous_known_at;
  if (!before) return first;
  bool news = false;
  for (const PanelSpan& span : member.spans) {
    if (span.recorded_at <= before->Micros()) continue;
    news = true;
    if (span.Counts()) first = std::min(first, MonthOf(span.from));
  }
  for (const PanelPremium& premium : member.premiums) {
    if (premium.recorded_at <= before->Micros()) continue;
    news = true;
    first = std::min(first, premium.month);
  }
  if (news) {
    for (const PostedMonth& posted : member.posted) first = std::min(first, posted.month);
  }
  return std::max(first, plan_.FirstListed());
}

void MemberMonths::Add(std::int64_t member_id, std::span<const PanelSpan> spans,
                       std::span<const PanelPremium> premiums, std::span<const PostedMonth> posted,
                       std::vector<MemberMonthLine>& lines) {
  Member member{member_id, spans, premiums, posted, INT32_MAX};
  whole_.clear();
  for (const PanelSpan& span : spans) {
    whole_.push_back(span.Counts() ? WholeMonths(spans, span) : SpanMonths{});
    if (whole_.back().from < whole_.back().to) {
      member.joined = std::min(member.joined, whole_.back().from);
    }
  }
  const MonthNumber first = std::max(FirstMonthOf(member), plan_.FirstMonth());
  for (MonthNumber month = first; month <= plan_.LastMonth(); ++month) Month(member, month, lines);
}

MemberMonths::Entry& MemberMonths::EntryOf(PartyId payee) {
  for (Entry& entry : entries_) {
    if (entry.payee == payee) return entry;
  }
  entries_.push_back(Entry{.payee = payee});
  return entries_.back();
}

void MemberMonths::AddSpan(const Member& member, std::size_t index, MonthNumber month) {
  const PanelSpan& span = member.spans[index];
  const SpanMonths& whole = whole_[index];
  const bool payable = whole.from <= month && month < whole.to && month < plan_.EndMonth();
  if (!payable) {
    if (span.Counts() && Touches(span, month) && month < plan_.EndMonth()) {
      EntryOf(span.payee).touch = &span;
    }
    return;
  }
  if (plan_.Index().IsExcluded(span.product)) {
    Entry& entry = EntryOf(span.payee);
    entry.touch = &span;
    entry.excluded = true;
    return;
  }
  if (plan_.Basis().month.method != MonthMethod::kDaily) {
    for (const Entry& other : entries_) {
      if (!other.Payable()) continue;
      Block(member.id, month, ReasonCode::kAmbiguousAffiliation,
            fmt::format("spans {} and {} both make it payable", other.span->span_id, span.span_id));
      return;
    }
    Entry& entry = EntryOf(span.payee);
    entry.span = entry.touch = &span;
    entry.days = entry.days_of = 1;
    return;
  }
  for (std::size_t i = 0; i < index; ++i) {
    const PanelSpan& former = member.spans[i];
    if (!former.Counts() || former.from >= span.to || span.from >= former.to ||
        DaysIn(former, month) == 0 || std::max(former.from, span.from) >= FirstDay(month + 1) ||
        std::min(former.to, span.to) <= FirstDay(month)) {
      continue;
    }
    Block(member.id, month, ReasonCode::kAmbiguousAffiliation,
          fmt::format("spans {} and {} overlap", former.span_id, span.span_id));
    return;
  }
  // The rate is that of the payee's last span in the month; the days are of all.
  Entry& entry = EntryOf(span.payee);
  if (entry.span == nullptr || span.from > entry.span->from) entry.span = entry.touch = &span;
  const int length = FirstDay(month + 1) - FirstDay(month);
  entry.days += DaysIn(span, month);
  entry.days_of = length;
}

bool MemberMonths::Base(const Member& member, MonthNumber month, Entry& entry) {
  const PanelSpan& span = *entry.span;
  MonthPrice& price = entry.price;
  if (const auto* share = std::get_if<PercentOfPremium>(&plan_.Basis().base)) {
    const PanelPremium* premium = PremiumOf(member.premiums, month);
    if (premium == nullptr) {
      Block(member.id, month, ReasonCode::kMissingInput, "no premium is recorded");
      return false;
    }
    price.base_millionths = premium->cents * 10'000;
    price.factor_numerator = share->rate.Millionths();
    price.factor_denominator = kWholeWeight;
    return true;
  }
  const int age = plan_.AgeIn(month, span.birth);
  entry.age = static_cast<std::int16_t>(std::min(age, 32'767));
  const auto found = plan_.Index().Find(month, span, age);
  if (!found) {
    const RateIndex& index = plan_.Index();
    Block(member.id, month, ReasonCode::kRateCellNotFound,
          fmt::format("no rate cell for age {}, {}, product {}, region {}, tier {}", age,
                      SexName(span.sex), index.Book().products.Text(span.product),
                      index.Book().regions.Text(span.region), index.Book().tiers.Text(span.tier)));
    return false;
  }
  price.base_millionths = found->price_millionths;
  price.version = found->version;
  price.cell = found->cell;
  return true;
}

// Fills the price of a payable entry; false when something is missing.
bool MemberMonths::Price(const Member& member, MonthNumber month, Entry& entry) {
  const MemberMonthSum& basis = plan_.Basis();
  if (!Base(member, month, entry)) return false;
  MonthPrice& price = entry.price;
  if (basis.risk.kind != RiskKind::kNone) {
    const auto factor = plan_.FactorOf(entry.payee, month, entry.span->risk_millionths);
    if (!factor) {
      Block(member.id, month, ReasonCode::kReferenceMissing,
            basis.risk.kind == RiskKind::kPanel || entry.span->risk_millionths >= 0
                ? fmt::format("no risk means of payee {}", entry.payee)
                : std::string("no risk score of the member"));
      return false;
    }
    price.factor_numerator *= factor->numerator;
    price.factor_denominator *= factor->denominator;
    price.clamped = factor->clamped;
  }
  if (basis.minimum) {
    __extension__ using Wide = __int128;
    const std::int64_t least = basis.minimum->Millionths();
    if (Wide(price.base_millionths) * price.factor_numerator <
        Wide(least) * price.factor_denominator) {
      price.base_millionths = least;
      price.factor_numerator = price.factor_denominator = 1;
      price.at_minimum = true;
    }
  }
  const std::vector<Rate>& weights = basis.new_members.weights;
  const auto since = static_cast<std::size_t>(std::max(0, month - member.joined));
  if (since < weights.size()) {
    price.weight_millionths = static_cast<std::int32_t>(weights[since].Millionths());
    entry.waiting = price.weight_millionths == 0;
  }
  if (entry.days != entry.days_of) {
    const bool thirty = basis.month.month_length == MonthLength::kThirty;
    price.days = static_cast<std::int16_t>(thirty ? std::min(entry.days, 30) : entry.days);
    price.days_of = static_cast<std::int16_t>(thirty ? 30 : entry.days_of);
  }
  entry.new_cents = RoundToCents(price, basis.rounding_mode);
  return true;
}

void MemberMonths::Month(const Member& member, MonthNumber month,
                         std::vector<MemberMonthLine>& lines) {
  entries_.clear();
  const std::int64_t blocked = blocked_.count;
  for (std::size_t i = 0; i < member.spans.size(); ++i) AddSpan(member, i, month);
  for (const PostedMonth& posted : member.posted) {
    if (posted.month == month) EntryOf(posted.payee).posted = &posted;
  }
  bool complete = blocked_.count == blocked;
  for (Entry& entry : entries_) {
    if (entry.Payable() && complete) complete = Price(member, month, entry);
  }
  if (!complete) {
    // What cannot be paid any more need not be known.
    if (month < plan_.FirstOpen()) {
      blocked_.count = blocked;
      if (blocked == 0) blocked_ = BlockedMonths{};
    }
    return;
  }
  if (entries_.size() > 1) std::ranges::sort(entries_, {}, &Entry::payee);
  for (const Entry& entry : entries_) Emit(member, month, entry, lines);
}

bool MemberMonths::Changed(const Entry& entry) const {
  const std::int64_t posted = entry.posted == nullptr ? 0 : entry.posted->cents;
  if (!per_total_) return entry.new_cents != posted;
  const MonthPrice before = entry.posted == nullptr ? MonthPrice{} : entry.posted->price;
  return entry.price != before && ExactAmount(entry.price) != ExactAmount(before);
}

// The cents of the next line of a payee whose sum is rounded once: the rounded sum with it less the
// rounded sum without it.
std::int64_t MemberMonths::RoundAlong(PartyId payee, const Exact& delta) {
  Running& running = running_[payee];
  running.exact = running.exact + delta;
  const std::int64_t cents = Round(running.exact, plan_.Basis().rounding_mode).Cents();
  return cents - std::exchange(running.cents, cents);
}

// Of what was learned since the last line of the month, or since the last run where it has none,
// the news whose window still holds the month explains it: a death that an address correction
// followed reaches as far back as a death. Of those the payee's own, and then the newest.
MemberMonths::Cause MemberMonths::CauseOf(const Member& member, MonthNumber month,
                                          const Entry& entry) const {
  const std::optional<Instant>& before = plan_.Scope().previous_known_at;
  const std::int64_t known = entry.posted != nullptr ? entry.posted->known_at
                             : before                ? before->Micros()
                                                     : INT64_MIN;
  Cause cause;
  const auto open = [&](const PanelSpan& span) {
    return month >= plan_.FirstOpen(span.product, span.reason);
  };
  const auto rank = [&](const PanelSpan& span) {
    const bool news = span.recorded_at > known;
    return std::tuple(news, news && open(span), !span.superseded, span.payee == entry.payee,
                      span.recorded_at, span.span_id);
  };
  for (const PanelSpan& span : member.spans) {
    if (cause.span == nullptr || rank(span) > rank(*cause.span)) cause.span = &span;
  }
  // A month without a line is news by itself.
  cause.news =
      cause.span != nullptr && (entry.posted == nullptr || cause.span->recorded_at > known);
  const PanelPremium* premium = PremiumOf(member.premiums, month);
  const bool new_premium =
      premium != nullptr && entry.posted != nullptr && premium->recorded_at > known;
  const std::int32_t product = cause.span == nullptr ? 0 : cause.span->product;
  if (cause.news) {
    cause.reason = cause.span->reason;
    cause.open = open(*cause.span);
    if (cause.open || !new_premium) return cause;
  }
  cause.reason = new_premium ? ChangeReason::kPremium : ChangeReason::kRate;
  cause.open = month >= plan_.FirstOpen(product, cause.reason);
  return cause;
}

void MemberMonths::Describe(const Member& member, const Entry& entry, const Cause& cause,
                            MemberMonthLine& line) const {
  const Entry* other = nullptr;  // who has the member now, or had it
  for (const Entry& e : entries_) {
    if (&e == &entry) continue;
    const bool had = e.posted != nullptr && e.posted->payable;
    if (line.payable ? had && !e.Payable() : e.Payable() && !had) other = &e;
  }
  if (cause.news) line.learned_on = cause.span->learned_on;
  const PanelSpan* span = entry.span != nullptr ? entry.span : entry.touch;
  if (line.payable == line.was_payable) {
    line.fact = !cause.news
                    ? LineFact::kRateChanged
                    : (line.age != line.prior_age && line.prior_age >= 0 ? LineFact::kAgeChanged
                                                                         : LineFact::kCorrected);
    return;
  }
  if (other != nullptr) {
    line.other_payee = other->payee;
    line.fact = line.payable ? LineFact::kMovedFrom : LineFact::kMovedTo;
    line.change_day = line.payable ? span->from : other->span->from;
    return;
  }
  if (line.payable) {
    const bool newborn = MonthOf(span->from) == line.month && MonthOf(span->birth) == line.month;
    line.fact = newborn ? LineFact::kNewborn : LineFact::kAdded;
    line.change_day = newborn ? span->birth : span->from;
    return;
  }
  // The payee's coverage ended before the month; of several ends, the last.
  line.fact = LineFact::kWithdrawn;
  for (const PanelSpan& s : member.spans) {
    if (s.payee != entry.payee || !s.Counts() || s.to == kNoEnd) continue;
    if (s.from >= FirstDay(line.month + 1)) continue;
    line.fact = LineFact::kTerminated;
    line.change_day = std::max(line.change_day, EndOf(member.spans, s));
  }
}

// Nothing is paid and nothing was: the month is listed once, with what kept it from being paid.
void MemberMonths::EmitUnpaid(const Member& member, const Entry& entry, MemberMonthLine line,
                              std::vector<MemberMonthLine>& lines) const {
  const PanelSpan& span = *entry.touch;
  if (!line.payable && entry.excluded) {
    line.reason = ReasonCode::kProductExcluded;
    line.fact = LineFact::kExcluded;
    line.change_day = span.from;
  } else if (!line.payable) {
    const bool snapshot = plan_.Basis().month.method == MonthMethod::kSnapshot;
    line.reason =
        snapshot ? ReasonCode::kNotEligibleOnSnapshot : ReasonCode::kMemberNotPayableThisMonth;
    const bool joined = MonthOf(span.from) == line.month;
    line.fact = joined ? LineFact::kAdded : LineFact::kTerminated;
    line.change_day = joined ? span.from : EndOf(member.spans, span);
  } else if (entry.waiting) {
    line.reason = ReasonCode::kMemberNotPayableThisMonth;
    line.fact = LineFact::kNewMember;
    line.change_day = span.from;
  } else {
    // A price or premium of zero, or less than half a cent.
    line.reason =
        entry.price.base_millionths == 0 ? ReasonCode::kZeroPrice : ReasonCode::kRoundedToZero;
  }
  lines.push_back(line);
}

void MemberMonths::Emit(const Member& member, MonthNumber month, const Entry& entry,
                        std::vector<MemberMonthLine>& lines) {
  const PostedMonth* posted = entry.posted;
  const bool changed = Changed(entry);
  if (!changed && posted != nullptr) {
    ++unchanged_;
    return;
  }
  MemberMonthLine line{.member = member.id, .payee = entry.payee, .month = month};
  line.price = entry.price;
  line.posted_cents = posted == nullptr ? 0 : posted->cents;
  line.payable = entry.Payable();
  line.was_payable = posted != nullptr && posted->payable;
  line.age = entry.age;
  line.prior_age = posted == nullptr ? std::int16_t{-1} : posted->age;
  line.new_cents = entry.new_cents;

  const Cause cause = CauseOf(member, month, entry);
  line.cause = cause.reason;
  if (!changed) {
    line.learned_on = cause.span == nullptr ? 0 : cause.span->learned_on;
    if (cause.open) EmitUnpaid(member, entry, line, lines);
    return;
  }

  const bool ordinary = month == plan_.RunMonth() && posted == nullptr;
  if (ordinary) {
    line.cause = ChangeReason::kEnrollment;
  } else {
    Describe(member, entry, cause, line);
  }
  if (!cause.open) {
    if (posted != nullptr && posted->closed && posted->new_cents == line.new_cents) {
      ++unchanged_;
      return;
    }
    line.reason = ReasonCode::kRetroWindowClosed;
    lines.push_back(line);
    return;
  }
  if (per_total_) {
    const Exact before = posted == nullptr ? Exact() : ExactAmount(posted->price);
    line.delta_cents = RoundAlong(entry.payee, ExactAmount(entry.price) - before);
    line.new_cents = line.posted_cents + line.delta_cents;
    if (line.delta_cents == 0) line.reason = ReasonCode::kRoundedToZero;
  } else {
    line.delta_cents = line.new_cents - line.posted_cents;
  }
  if (!ordinary && line.delta_cents != 0) {
    if (line.fact == LineFact::kMovedFrom || line.fact == LineFact::kMovedTo) {
      line.reason = ReasonCode::kPayeeMoved;
    } else if (line.payable == line.was_payable) {
      line.reason = ReasonCode::kRetroRate;
    } else {
      line.reason = line.payable ? ReasonCode::kRetroAdd : ReasonCode::kRetroTerm;
    }
  }
  lines.push_back(line);
}

}  // namespace sluice::performance
