#include "payments/remittance/plb_mapping.h"

#include <algorithm>

#include "core/check.h"

namespace sluice::payments {
namespace {

// FORMATS section 8.4: the codes of 005010X221A1.
constexpr std::array<std::string_view, 41> kPlbCodes = {
    "50", "51", "72", "90", "AH", "AM", "AP", "B2", "B3", "BD", "BN", "C5", "CR", "CS",
    "CT", "CV", "CW", "DM", "E3", "FB", "FC", "GO", "HM", "IP", "IR", "IS", "J1", "L3",
    "L6", "LE", "LS", "OA", "OB", "PI", "PL", "RA", "RE", "SL", "TL", "WO", "WU"};

struct KindFacts {
  LineKind kind;
  std::string_view name;
  std::string_view words;
  std::string_view code;  // the default
  StatementColumn column;
};

constexpr auto kEarned = StatementColumn::kEarned;
constexpr auto kWithheld = StatementColumn::kWithheld;
constexpr auto kOffset = StatementColumn::kOffset;

// In the order of the enumeration.
constexpr std::array<KindFacts, kLineKinds> kKinds = {{
    {LineKind::kCapitation, "CAPITATION", "Capitation (PMPM)", "CT", kEarned},
    {LineKind::kCapitationRetro, "CAPITATION_RETRO", "Retroactive capitation", "RA", kEarned},
    {LineKind::kCareCoordination, "CARE_COORDINATION", "Care coordination fee", "CT", kEarned},
    {LineKind::kQualityBonus, "QUALITY_BONUS", "Quality bonus", "BN", kEarned},
    {LineKind::kProviderIncentive, "PROVIDER_INCENTIVE", "Provider incentive", "IP", kEarned},
    {LineKind::kSharedSavingsInterim, "SHARED_SAVINGS_INTERIM", "Shared savings, interim", "IS",
     kEarned},
    {LineKind::kSharedSavingsFinal, "SHARED_SAVINGS_FINAL", "Shared savings, final", "PL", kEarned},
    {LineKind::kLumpSum, "LUMP_SUM", "Lump-sum settlement", "LS", kEarned},
    {LineKind::kAdvance, "ADVANCE", "Advance", "PI", kEarned},
    {LineKind::kAdvanceRecovery, "ADVANCE_RECOVERY", "Recovery of an advance", "PI", kOffset},
    {LineKind::kWithhold, "WITHHOLD", "Withheld", "E3", kWithheld},
    {LineKind::kWithholdRelease, "WITHHOLD_RELEASE", "Withhold released", "E3", kWithheld},
    {LineKind::kDownsideLoss, "DOWNSIDE_LOSS", "Shared loss", "L3", kOffset},
    {LineKind::kOverpaymentRecovery, "OVERPAYMENT_RECOVERY", "Overpayment recovered", "WO",
     kOffset},
    {LineKind::kOverpaymentCredit, "OVERPAYMENT_CREDIT", "Recovered overpayment credited back",
     "WO", kOffset},
    {LineKind::kBalanceForwardOut, "BALANCE_FORWARD_OUT", "Balance carried to a later payment",
     "FB", kOffset},
    {LineKind::kBalanceForwardIn, "BALANCE_FORWARD_IN", "Balance from an earlier payment", "FB",
     kOffset},
    {LineKind::kInterest, "INTEREST", "Interest", "L6", kEarned},
    {LineKind::kBackupWithholding, "BACKUP_WITHHOLDING", "IRS backup withholding", "IR", kOffset},
    {LineKind::kLevy, "LEVY", "Levy", "LE", kOffset},
    {LineKind::kAffiliateOffset, "AFFILIATE_OFFSET", "Debt of an affiliate", "OB", kOffset},
    {LineKind::kAdjustment, "ADJUSTMENT", "Adjustment", "CS", kOffset},
    {LineKind::kPenalty, "PENALTY", "Penalty", "L3", kOffset},
}};

constexpr bool InOrder() {
  for (std::size_t i = 0; i < kLineKinds; ++i) {
    if (static_cast<std::size_t>(kKinds[i].kind) != i) return false;
  }
  return true;
}
static_assert(InOrder());

const KindFacts& FactsOf(LineKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  CHECK(index < kLineKinds);
  return kKinds[index];
}

}  // namespace

bool IsPlbCode(std::string_view code) { return std::ranges::binary_search(kPlbCodes, code); }

std::string_view LineKindName(LineKind kind) { return FactsOf(kind).name; }
std::string_view LineKindWords(LineKind kind) { return FactsOf(kind).words; }
StatementColumn ColumnOf(LineKind kind) { return FactsOf(kind).column; }

StatusOr<LineKind> ParseLineKind(std::string_view name) {
  const auto* const found = std::ranges::find(kKinds, name, &KindFacts::name);
  if (found == kKinds.end()) return InvalidArgument("\"{}\" is not a kind of payment line", name);
  return found->kind;
}

PlbMapping::PlbMapping() {
  for (const KindFacts& facts : kKinds) codes_[static_cast<std::size_t>(facts.kind)] = facts.code;
}

Status PlbMapping::Set(LineKind kind, std::string_view code) {
  if (!IsPlbCode(code)) {
    return InvalidArgument("\"{}\" for {} is not one of the 41 PLB reason codes", code,
                           LineKindName(kind));
  }
  codes_[static_cast<std::size_t>(kind)] = code;
  return OkStatus();
}

std::string_view PlbMapping::CodeOf(LineKind kind) const {
  return codes_[static_cast<std::size_t>(FactsOf(kind).kind)];
}

}  // namespace sluice::payments
