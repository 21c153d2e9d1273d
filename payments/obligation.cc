#include "payments/obligation.h"

#include <algorithm>
#include <set>

#include "core/check.h"

namespace sluice::payments {
namespace {

// Reads what CanonicalWriter wrote.
class Reader {
 public:
  explicit Reader(ByteView bytes) : bytes_(bytes) {}

  bool U32(std::uint32_t& value) {
    if (bytes_.size() < 4) return false;
    value = 0;
    for (int i = 0; i < 4; ++i) value = (value << 8U) | bytes_[static_cast<std::size_t>(i)];
    bytes_ = bytes_.subspan(4);
    return true;
  }
  bool Text(std::string& value) {
    std::uint32_t size = 0;
    if (!U32(size) || bytes_.size() < size) return false;
    value.assign(bytes_.begin(), bytes_.begin() + size);
    bytes_ = bytes_.subspan(size);
    return true;
  }
  bool AtEnd() const { return bytes_.empty(); }

 private:
  ByteView bytes_;
};

constexpr std::string_view kStepsTag = "sluice.steps.v1";

}  // namespace

Status CheckAwardToPay(const AwardToPay& award) {
  Money sum;
  Money withheld;
  std::size_t stated = 0;
  std::set<std::int32_t> positions;
  for (const AwardShare& share : award.shares) {
    const Money kept = share.withheld.value_or(Money{});
    withheld += kept;
    if (share.withheld) ++stated;
    if (share.amount.IsZero() && kept.IsZero()) {
      return InvalidArgument("award {} version {}: share {} is zero and must be left out",
                             award.award, award.version, share.position);
    }
    if (!positions.insert(share.position).second) {
      return InvalidArgument("award {} version {}: share {} is given twice", award.award,
                             award.version, share.position);
    }
    sum += share.amount;
  }
  if (sum != award.payable) {
    return InvalidArgument("award {} version {}: the shares add up to {} and {} is payable",
                           award.award, award.version, sum, award.payable);
  }
  if (stated > 0) {
    if (stated < award.shares.size()) {
      return InvalidArgument("award {} version {}: {} of {} shares say what is withheld of them",
                             award.award, award.version, stated, award.shares.size());
    }
    if (withheld != award.withheld) {
      return InvalidArgument("award {} version {}: of the shares {} is withheld, of the award {}",
                             award.award, award.version, withheld, award.withheld);
    }
    return OkStatus();
  }
  if (award.withheld < Money{}) {
    return InvalidArgument(
        "award {} version {}: {} is withheld, and no share says to whom it is given back",
        award.award, award.version, award.withheld);
  }
  const bool pays = std::ranges::any_of(
      award.shares, [](const AwardShare& share) { return share.amount > Money{}; });
  if (!award.withheld.IsZero() && !pays) {
    return InvalidArgument("award {} version {}: {} is withheld but no share is paid to take it of",
                           award.award, award.version, award.withheld);
  }
  return OkStatus();
}

LineKind LineKindOfStream(std::string_view stream, bool loss) {
  const bool savings =
      stream == "ssq" || stream == "ssl" || stream == "ssp" || stream == "tcoc" || stream == "eoc";
  const bool care = stream == "ccf" || stream == "ccf-with-risk";
  if (loss) {
    // Nobody lost: what was paid for members is taken back.
    if (care || stream == "pcpcp") return LineKind::kCapitationRetro;
    return savings ? LineKind::kDownsideLoss : LineKind::kPenalty;
  }
  if (savings) return LineKind::kSharedSavingsFinal;
  if (care) return LineKind::kCareCoordination;
  if (stream == "pcpcp") return LineKind::kCapitation;
  if (stream == "qip" || stream == "cdm" || stream == "p4r" || stream == "p4p" || stream == "sip" ||
      stream == "sst" || stream == "aha" || stream == "ubip") {
    return LineKind::kQualityBonus;
  }
  return LineKind::kProviderIncentive;
}

Bytes EncodeSteps(const std::vector<ExplanationStep>& steps) {
  CanonicalWriter writer(kStepsTag);
  writer.U32(static_cast<std::uint32_t>(steps.size()));
  for (const ExplanationStep& step : steps) {
    writer.Text(step.label).Text(step.value).Text(step.note);
  }
  return writer.Data();
}

StatusOr<std::vector<ExplanationStep>> DecodeSteps(ByteView bytes) {
  Reader reader(bytes);
  std::string tag;
  std::uint32_t count = 0;
  if (!reader.Text(tag) || tag != kStepsTag || !reader.U32(count)) {
    return DataLoss("stored explanation steps do not begin with {}", kStepsTag);
  }
  std::vector<ExplanationStep> steps;
  for (std::uint32_t i = 0; i < count; ++i) {
    ExplanationStep step;
    if (!reader.Text(step.label) || !reader.Text(step.value) || !reader.Text(step.note)) {
      return DataLoss("stored explanation steps end in step {} of {}", i + 1, count);
    }
    steps.push_back(std::move(step));
  }
  if (!reader.AtEnd()) return DataLoss("stored explanation steps go on after step {}", count);
  return steps;
}

std::vector<Money> WithholdOfShares(const AwardToPay& award) {
  std::vector<Money> withheld(award.shares.size());
  for (std::size_t i = 0; i < withheld.size(); ++i) {
    withheld[i] = award.shares[i].withheld.value_or(Money{});
  }
  const bool stated = !award.shares.empty() && award.shares.front().withheld.has_value();
  if (stated || award.withheld.IsZero()) return withheld;
  std::vector<std::int64_t> weights;
  weights.reserve(award.shares.size());
  for (const AwardShare& share : award.shares) {
    weights.push_back(std::max<std::int64_t>(share.amount.Cents(), 0));
  }
  return Allocate(award.withheld, weights);
}

}  // namespace sluice::payments
