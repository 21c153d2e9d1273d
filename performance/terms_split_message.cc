// The split of terms to and from its protobuf message.
#include "performance/terms_message.h"

namespace sluice::performance {
namespace {

// An enum of the message as the domain's enum, whose numbers are the same; `last` is the largest.
template <typename Domain>
StatusOr<Domain> Known(int value, Domain last, std::string_view what) {
  if (value < 0 || value > static_cast<int>(last)) {
    return InvalidArgument("{} {} is not known to this version", what, value);
  }
  return static_cast<Domain>(value);
}

StatusOr<Ratio> ReadRatio(const std::string& text, std::string_view what) {
  StatusOr<Ratio> ratio = Ratio::Parse(text);
  if (!ratio.ok()) return Annotate(ratio.status(), what);
  return ratio;
}

// --- Writing ------------------------------------------------------------------------------------

void Write(const ScoreFactor& factor, proto::ScoreFactor& out) {
  out.set_fact(factor.fact);
  for (const FactorStep& step : factor.steps) {
    proto::FactorStep& added = *out.add_steps();
    added.set_at_least(step.at_least.ToFractionString());
    added.set_factor(step.factor.ToFractionString());
  }
}

void Write(const SplitRefinement& refinement, proto::SplitRefinement& out) {
  out.set_risk_name(refinement.risk_name);
  if (refinement.quality) Write(*refinement.quality, *out.mutable_quality());
  for (const EarnedPart& part : refinement.earned) {
    proto::EarnedPart& added = *out.add_earned();
    added.set_share_millionths(part.share.Millionths());
    Write(part.by, *added.mutable_by());
  }
  if (refinement.redistribution) {
    proto::Redistribution& again = *out.mutable_redistribution();
    again.set_share_millionths(refinement.redistribution->share.Millionths());
    for (const ScoreMinimum& minimum : refinement.redistribution->when) {
      proto::ScoreMinimum& added = *again.add_when();
      added.set_fact(minimum.fact);
      added.set_at_least(minimum.at_least.ToFractionString());
    }
  }
  for (const ManualShare& share : refinement.shares) {
    proto::ManualShare& added = *out.add_shares();
    added.set_under_party_id(share.under.Value());
    added.set_party_id(share.party.Value());
    added.set_share_millionths(share.share.Millionths());
  }
  out.set_proration(static_cast<proto::Proration>(refinement.proration));
}

void Write(const FixedItem& item, proto::FixedItem& out) {
  out.set_label(item.label);
  out.set_party_id(item.party.Value());
  if (const auto* amount = std::get_if<Money>(&item.amount)) {
    out.set_amount_cents(amount->Cents());
  } else if (const auto* share = std::get_if<Rate>(&item.amount)) {
    out.set_share_millionths(share->Millionths());
  } else {
    out.set_fact(std::get<std::string>(item.amount));
  }
}

// What a level and a pool have in common. Without a refinement the message has none, so that terms
// written before there were any keep their bytes.
template <typename Members, typename Message>
void WriteMembers(const Members& rule, Message& out) {
  out.set_basis(static_cast<proto::SplitBasis>(rule.basis));
  out.set_weight_name(rule.weight_name);
  if (rule.floor) out.set_floor_cents(rule.floor->Cents());
  if (rule.cap) out.set_cap_cents(rule.cap->Cents());
  out.set_forfeit_to(static_cast<proto::ForfeitTo>(rule.forfeit_to));
  if (rule.refinement != SplitRefinement()) Write(rule.refinement, *out.mutable_refinement());
}

void Write(const RolePool& pool, proto::RolePool& out) {
  out.set_name(pool.name);
  out.set_share_millionths(pool.share.Millionths());
  for (const std::string& role : pool.roles) out.add_roles(role);
  for (const std::string& kind : pool.kinds) out.add_kinds(kind);
  WriteMembers(pool, out);
}

// --- Reading ------------------------------------------------------------------------------------

StatusOr<ScoreFactor> Read(const proto::ScoreFactor& m) {
  ScoreFactor factor{.fact = m.fact()};
  for (const proto::FactorStep& message : m.steps()) {
    FactorStep step;
    ASSIGN_OR_RETURN(step.at_least, ReadRatio(message.at_least(), "step of a score"));
    ASSIGN_OR_RETURN(step.factor, ReadRatio(message.factor(), "factor of a score"));
    factor.steps.push_back(std::move(step));
  }
  return factor;
}

StatusOr<SplitRefinement> Read(const proto::SplitRefinement& m) {
  SplitRefinement refinement{.risk_name = m.risk_name()};
  if (m.has_quality()) {
    ASSIGN_OR_RETURN(ScoreFactor quality, Read(m.quality()));
    refinement.quality = std::move(quality);
  }
  for (const proto::EarnedPart& message : m.earned()) {
    EarnedPart part{.share = Rate::FromMillionths(message.share_millionths())};
    ASSIGN_OR_RETURN(part.by, Read(message.by()));
    refinement.earned.push_back(std::move(part));
  }
  if (m.has_redistribution()) {
    Redistribution again{.share = Rate::FromMillionths(m.redistribution().share_millionths())};
    for (const proto::ScoreMinimum& message : m.redistribution().when()) {
      ScoreMinimum minimum{.fact = message.fact()};
      ASSIGN_OR_RETURN(minimum.at_least, ReadRatio(message.at_least(), "minimum of a score"));
      again.when.push_back(std::move(minimum));
    }
    refinement.redistribution = std::move(again);
  }
  for (const proto::ManualShare& message : m.shares()) {
    refinement.shares.push_back({.under = PartyId(message.under_party_id()),
                                 .party = PartyId(message.party_id()),
                                 .share = Rate::FromMillionths(message.share_millionths())});
  }
  ASSIGN_OR_RETURN(refinement.proration,
                   Known(m.proration(), Proration::kMonthsAnyDay, "pro-rating"));
  return refinement;
}

StatusOr<FixedItem> Read(const proto::FixedItem& m) {
  FixedItem item{.label = m.label(), .party = PartyId(m.party_id())};
  switch (m.amount_case()) {
    case proto::FixedItem::kAmountCents:
      item.amount = Money::FromCents(m.amount_cents());
      return item;
    case proto::FixedItem::kShareMillionths:
      item.amount = Rate::FromMillionths(m.share_millionths());
      return item;
    case proto::FixedItem::kFact:
      item.amount = m.fact();
      return item;
    case proto::FixedItem::AMOUNT_NOT_SET:
      break;
  }
  return InvalidArgument("a fixed-first item has no amount that this version knows");
}

template <typename Message, typename Members>
Status ReadMembers(const Message& m, Members& rule) {
  ASSIGN_OR_RETURN(rule.basis, Known(m.basis(), SplitBasis::kRolePools, "basis of a split"));
  rule.weight_name = m.weight_name();
  if (m.has_floor_cents()) rule.floor = Money::FromCents(m.floor_cents());
  if (m.has_cap_cents()) rule.cap = Money::FromCents(m.cap_cents());
  ASSIGN_OR_RETURN(rule.forfeit_to, Known(m.forfeit_to(), ForfeitTo::kPayer, "place of forfeits"));
  if (m.has_refinement()) {
    ASSIGN_OR_RETURN(rule.refinement, Read(m.refinement()));
  }
  return OkStatus();
}

StatusOr<RolePool> Read(const proto::RolePool& m) {
  RolePool pool{.name = m.name(), .share = Rate::FromMillionths(m.share_millionths())};
  pool.roles.assign(m.roles().begin(), m.roles().end());
  pool.kinds.assign(m.kinds().begin(), m.kinds().end());
  RETURN_IF_ERROR(ReadMembers(m, pool));
  return pool;
}

}  // namespace

void WriteSplit(const Split& split, proto::Split& out) {
  for (const SplitLevel& level : split.levels) {
    proto::SplitLevel& added = *out.add_levels();
    added.set_keep_millionths(level.keep.Millionths());
    WriteMembers(level, added);
    for (const FixedItem& item : level.fixed_first) Write(item, *added.add_fixed_first());
    for (const RolePool& pool : level.pools) Write(pool, *added.add_pools());
  }
  out.set_losses(static_cast<proto::LossSplit>(split.losses));
  out.set_standing(static_cast<proto::StandingDay>(split.standing));
  out.set_membership(static_cast<proto::Membership>(split.membership));
}

StatusOr<Split> ReadSplit(const proto::Split& m) {
  Split split;
  for (const proto::SplitLevel& message : m.levels()) {
    SplitLevel level{.keep = Rate::FromMillionths(message.keep_millionths())};
    RETURN_IF_ERROR(ReadMembers(message, level));
    for (const proto::FixedItem& fixed : message.fixed_first()) {
      ASSIGN_OR_RETURN(FixedItem item, Read(fixed));
      level.fixed_first.push_back(std::move(item));
    }
    for (const proto::RolePool& added : message.pools()) {
      ASSIGN_OR_RETURN(RolePool pool, Read(added));
      level.pools.push_back(std::move(pool));
    }
    split.levels.push_back(std::move(level));
  }
  ASSIGN_OR_RETURN(split.losses, Known(m.losses(), LossSplit::kMirrored, "split of losses"));
  ASSIGN_OR_RETURN(split.standing, Known(m.standing(), StandingDay::kServiceDate, "standing day"));
  ASSIGN_OR_RETURN(split.membership,
                   Known(m.membership(), Membership::kDuringPeriod, "membership of a split"));
  return split;
}

}  // namespace sluice::performance
