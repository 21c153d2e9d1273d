#include "payments/remittance/outbound_payment.h"

#include <algorithm>
#include <span>
#include <unordered_set>

#include "payments/remittance/plb_mapping.h"

namespace sluice::payments {
namespace {

constexpr std::size_t kMaxKey = 15;
constexpr std::size_t kMaxReference = 50;

bool IsKeyCharacter(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool IsReferenceCharacter(char c) { return IsKeyCharacter(c) || c == '-'; }

// The first line whose reference an earlier line has too; null when there is none.
const RemittanceLine* RepeatedLine(std::span<const RemittanceLine> lines) {
  constexpr std::size_t kFew = 8;  // compared with one another; more are looked up
  if (lines.size() > kFew) {
    std::unordered_set<std::string_view> seen;
    for (const RemittanceLine& line : lines) {
      if (!seen.insert(line.reference).second) return &line;
    }
    return nullptr;
  }
  for (std::size_t i = 1; i < lines.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (lines[i].reference == lines[j].reference) return &lines[i];
    }
  }
  return nullptr;
}

// The sign that a kind always has: 1 pays, -1 takes, 0 either.
int SignOf(LineKind kind) {
  switch (kind) {
    case LineKind::kWithhold:
    case LineKind::kAdvanceRecovery:
    case LineKind::kOverpaymentRecovery:
    case LineKind::kBalanceForwardIn:
    case LineKind::kBackupWithholding:
    case LineKind::kLevy:
    case LineKind::kAffiliateOffset:
      return -1;
    case LineKind::kAdvance:
    case LineKind::kWithholdRelease:
    case LineKind::kOverpaymentCredit:
    case LineKind::kBalanceForwardOut:
      return 1;
    default:
      return 0;
  }
}

Status CheckLines(const OutboundPayment& payment) {
  Money sum;
  for (const RemittanceLine& line : payment.lines) {
    if (line.reference.empty() || line.reference.size() > kMaxReference ||
        !std::ranges::all_of(line.reference, IsReferenceCharacter)) {
      return InvalidArgument(
          "payment {}: line reference \"{}\" must be 1 to 50 of A-Z, 0-9 and hyphen",
          payment.payment_key, line.reference);
    }
    if (line.amount.IsZero()) {
      return InvalidArgument("payment {}: line {} has amount zero; leave it out",
                             payment.payment_key, line.reference);
    }
    const int sign = SignOf(line.kind);
    if ((sign > 0 && line.amount < Money()) || (sign < 0 && line.amount > Money())) {
      return InvalidArgument("payment {}: line {} is a {} line and cannot {} {}",
                             payment.payment_key, line.reference, LineKindName(line.kind),
                             sign > 0 ? "take" : "pay", Abs(line.amount));
    }
    sum += line.amount;
  }
  if (const RemittanceLine* repeated = RepeatedLine(payment.lines)) {
    return InvalidArgument("payment {}: line reference {} occurs twice", payment.payment_key,
                           repeated->reference);
  }
  if (sum != payment.amount) {
    return InvalidArgument("payment {}: its lines add up to {} and not to its amount {}",
                           payment.payment_key, sum, payment.amount);
  }
  return OkStatus();
}

}  // namespace

std::string_view AccountNumber::LastFour() const {
  const std::string_view all = digits_.Reveal();
  return all.size() <= 4 ? all : all.substr(all.size() - 4);
}

std::string_view PaymentMethodName(PaymentMethod method) {
  if (method == PaymentMethod::kCheck) return "CHK";
  return method == PaymentMethod::kAch ? "ACH" : "NONE";
}

bool HasRemittance835(const OutboundPayment& payment) {
  return payment.payee.kind == PayeeKind::kOrganization && payment.payee.is_provider;
}

std::string TrnSegment(std::string_view payment_key, std::string_view company_id) {
  return fmt::format("TRN*1*{}*{}~", payment_key, company_id);
}

Status CheckPayment(const OutboundPayment& payment) {
  const std::string& key = payment.payment_key;
  if (key.empty() || key.size() > kMaxKey || !std::ranges::all_of(key, IsKeyCharacter)) {
    return InvalidArgument("payment key \"{}\" must be 1 to 15 of A-Z and 0-9", key);
  }
  if (payment.amount < Money()) {
    return InvalidArgument(
        "payment {}: amount {} is negative; carry the rest forward with a balance-forward line",
        key, payment.amount);
  }
  if (payment.amount.IsZero() != (payment.method == PaymentMethod::kNone)) {
    return InvalidArgument("payment {}: amount {} and method do not agree; zero is paid by none",
                           key, payment.amount);
  }
  if (payment.method == PaymentMethod::kAch && payment.payee.kind == PayeeKind::kOrganization &&
      payment.payee.account_ownership == AccountOwnership::kConsumer) {
    return InvalidArgument(
        "payment {}: an organization's CCD entry must not go to a consumer account; ask {} for a "
        "business account",
        key, payment.payee.name);
  }
  return CheckLines(payment);
}

}  // namespace sluice::payments
