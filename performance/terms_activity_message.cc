// The activity basis of terms to and from its protobuf message.
#include "performance/terms_message.h"

namespace sluice::performance {
namespace {

template <typename Domain>
StatusOr<Domain> Known(int value, Domain last, std::string_view what) {
  if (value < 0 || value > static_cast<int>(last)) {
    return InvalidArgument("{} {} is not known to this version", what, value);
  }
  return static_cast<Domain>(value);
}

StatusOr<ActivityPrice> Read(const proto::ActivityPrice& m) {
  ActivityPrice price{.code = m.code(),
                      .measure = m.measure(),
                      .price = UnitPrice::FromMillionths(m.price_millionths())};
  ASSIGN_OR_RETURN(price.kind, Known(m.kind(), ActivityKind::kCptII, "kind of activity"));
  ASSIGN_OR_RETURN(price.evidence, Known(m.evidence(), EvidenceRule::kAccepted, "evidence rule"));
  ASSIGN_OR_RETURN(price.effective.from, ParseDate(m.effective_from()));
  if (!m.effective_to().empty()) {
    ASSIGN_OR_RETURN(price.effective.to, ParseDate(m.effective_to()));
  }
  return price;
}

StatusOr<EvidenceCutoff> Read(const proto::EvidenceCutoff& m) {
  EvidenceCutoff cutoff{.channel = m.channel()};
  switch (m.by_case()) {
    case proto::EvidenceCutoff::kOnDay:
      cutoff.by = CutoffOnDay{.years_after = m.on_day().years_after(),
                              .month = m.on_day().month(),
                              .day = m.on_day().day()};
      return cutoff;
    case proto::EvidenceCutoff::kDaysAfterService:
      cutoff.by = CutoffAfterService{.days = m.days_after_service()};
      return cutoff;
    case proto::EvidenceCutoff::BY_NOT_SET:
      break;
  }
  return InvalidArgument("a cut-off has no day that this version knows");
}

StatusOr<ActivityCap> Read(const proto::ActivityCap& m) {
  ActivityCap cap{.measure = m.measure()};
  ASSIGN_OR_RETURN(cap.scope, Known(m.scope(), CapScope::kContract, "scope of a cap"));
  ASSIGN_OR_RETURN(cap.period, Known(m.period(), CapPeriod::kWholePeriod, "period of a cap"));
  if (m.has_amount_cents()) cap.amount = Money::FromCents(m.amount_cents());
  if (m.has_events()) cap.events = m.events();
  return cap;
}

}  // namespace

void WriteActivity(const ActivitySum& activity, proto::ActivitySum& out) {
  for (const ActivityPrice& price : activity.prices) {
    proto::ActivityPrice& added = *out.add_prices();
    added.set_kind(static_cast<proto::ActivityKind>(price.kind));
    added.set_code(price.code);
    added.set_measure(price.measure);
    added.set_price_millionths(price.price.Millionths());
    added.set_effective_from(FormatDate(price.effective.from));
    if (price.effective.to) added.set_effective_to(FormatDate(*price.effective.to));
    added.set_evidence(static_cast<proto::EvidenceRule>(price.evidence));
  }
  for (const ActivityKeyField field : activity.key) {
    out.add_key(static_cast<proto::ActivityKeyField>(field));
  }
  for (const EvidenceCutoff& cutoff : activity.cutoffs) {
    proto::EvidenceCutoff& added = *out.add_cutoffs();
    added.set_channel(cutoff.channel);
    if (const auto* day = std::get_if<CutoffOnDay>(&cutoff.by)) {
      added.mutable_on_day()->set_years_after(day->years_after);
      added.mutable_on_day()->set_month(day->month);
      added.mutable_on_day()->set_day(day->day);
    } else {
      added.set_days_after_service(std::get<CutoffAfterService>(cutoff.by).days);
    }
  }
  for (const ActivityCap& cap : activity.caps) {
    proto::ActivityCap& added = *out.add_caps();
    added.set_scope(static_cast<proto::CapScope>(cap.scope));
    added.set_period(static_cast<proto::CapPeriod>(cap.period));
    added.set_measure(cap.measure);
    if (cap.amount) added.set_amount_cents(cap.amount->Cents());
    if (cap.events) added.set_events(*cap.events);
  }
  if (activity.point_value) out.set_point_value_millionths(activity.point_value->Millionths());
  for (const std::string& product : activity.excluded_products) out.add_excluded_products(product);
}

StatusOr<ActivitySum> ReadActivity(const proto::ActivitySum& m) {
  ActivitySum activity;
  activity.key.clear();
  for (const proto::ActivityPrice& message : m.prices()) {
    ASSIGN_OR_RETURN(ActivityPrice price, Read(message));
    activity.prices.push_back(std::move(price));
  }
  for (const int field : m.key()) {
    ASSIGN_OR_RETURN(const ActivityKeyField known,
                     Known(field, ActivityKeyField::kCode, "key field"));
    activity.key.push_back(known);
  }
  for (const proto::EvidenceCutoff& message : m.cutoffs()) {
    ASSIGN_OR_RETURN(EvidenceCutoff cutoff, Read(message));
    activity.cutoffs.push_back(std::move(cutoff));
  }
  for (const proto::ActivityCap& message : m.caps()) {
    ASSIGN_OR_RETURN(ActivityCap cap, Read(message));
    activity.caps.push_back(std::move(cap));
  }
  if (m.has_point_value_millionths()) {
    activity.point_value = UnitPrice::FromMillionths(m.point_value_millionths());
  }
  activity.excluded_products.assign(m.excluded_products().begin(), m.excluded_products().end());
  return activity;
}

}  // namespace sluice::performance
