#include "payments/reconciliation/three_way.h"

#include <algorithm>
#include <array>
#include <map>

#include "core/check.h"

namespace sluice::payments {
namespace {

constexpr std::size_t kNamedGaps = 5;

bool NeverLeft(DisbursementState state) {
  return state == DisbursementState::kRejected || state == DisbursementState::kVoided ||
         state == DisbursementState::kStale;
}

bool IsDelivered(FileState state) {
  return state == FileState::kDelivered || state == FileState::kAcked;
}

class ThreeWays {
 public:
  explicit ThreeWays(const RunEvidence& evidence) : evidence_(evidence) {}

  ThreeWayMatch Match() {
    CheckFiles();
    for (const PaymentEvidence& payment : evidence_.payments) AddRow(payment);
    for (const OpenCheckLine& line : evidence_.open_checks) {
      AddGap(MatchLeg::kDeposit, fmt::format("{} of {}, {}: {}", line.name, FormatDate(line.as_of),
                                             line.amount, line.what));
    }
    return std::move(match_);
  }

 private:
  // What a file must show at the bank, and what it does.
  struct FileSide {
    const BankFileEvidence* file = nullptr;
    Money expected;
    bool settled = false;
    bool cleared = false;
  };

  void AddGap(MatchLeg leg, std::string what) { match_.gaps.push_back({leg, std::move(what)}); }

  void CheckFiles() {
    for (const BankFileEvidence& file : evidence_.files) files_[file.id].file = &file;
    for (const PaymentEvidence& payment : evidence_.payments) {
      if (!payment.file || NeverLeft(payment.state)) continue;
      files_[*payment.file].expected += payment.amount;
    }
    for (auto& [id, side] : files_) {
      if (side.file == nullptr) {
        AddGap(MatchLeg::kDeposit,
               fmt::format("payments name file {}, which is none of the run's bank files", id));
        continue;
      }
      const BankFileEvidence& file = *side.file;
      side.cleared = file.in_transit.IsZero();
      if (!side.cleared) {
        AddGap(MatchLeg::kLedger,
               fmt::format("{} of file {} is still in transit", file.in_transit, file.name));
      }
      // Each check is a line of its own.
      if (file.kind == FileKind::kChecks) continue;
      const Money shown = file.by_statement + file.by_hand;
      side.settled = shown == side.expected;
      if (!side.settled) {
        AddGap(MatchLeg::kDeposit,
               fmt::format("the bank has shown {} of file {}, and {} left in it", shown, file.name,
                           side.expected));
      }
    }
  }

  void AddRow(const PaymentEvidence& payment) {
    ThreeWayRow row{.id = payment.id,
                    .key = payment.key,
                    .payee = payment.payee,
                    .state = payment.state,
                    .amount = payment.amount,
                    .left = !NeverLeft(payment.state) && !payment.amount.IsZero()};
    bool matched = true;
    if (!IsTerminal(payment.state)) {
      matched = false;
      AddGap(MatchLeg::kDeposit, fmt::format("payment {} is still {}", payment.key,
                                             DisbursementStateName(payment.state)));
    }
    if (row.left) {
      row.deposit = DepositOf(payment);
      row.ledger = LedgerOf(payment);
      matched = matched && row.deposit && row.ledger;
    } else if (payment.paid_by_line) {
      matched = false;
      AddGap(MatchLeg::kDeposit,
             fmt::format("payment {} is {}, and the bank has paid {} of it", payment.key,
                         DisbursementStateName(payment.state), *payment.paid_by_line));
    }
    if (row.left || payment.amount.IsZero()) {
      row.remittance = RemittanceOf(payment);
      matched = matched && row.remittance;
    }
    row.matched = matched;
    if (row.left) {
      match_.deposit += row.deposit.value_or(Money{});
      match_.remittance += row.remittance.value_or(Money{});
      match_.ledger += row.ledger.value_or(Money{});
    }
    match_.matched += matched ? 1 : 0;
    match_.rows.push_back(std::move(row));
  }

  // The reason of a missing deposit is named once: by the file, or here.
  std::optional<Money> DepositOf(const PaymentEvidence& payment) {
    if (!payment.file || payment.entry != payment.amount) {
      AddGap(MatchLeg::kDeposit,
             fmt::format("payment {} of {} is {} in its bank file", payment.key, payment.amount,
                         payment.entry ? payment.entry->ToString() : "not"));
      return std::nullopt;
    }
    const FileSide& side = files_.at(*payment.file);
    if (side.file == nullptr) return std::nullopt;
    if (side.file->kind != FileKind::kChecks) {
      return side.settled ? payment.entry : std::nullopt;
    }
    if (payment.paid_by_line == payment.amount) return payment.paid_by_line;
    if (IsTerminal(payment.state)) {
      AddGap(MatchLeg::kDeposit, fmt::format("no line of a statement has paid check {} of {}",
                                             payment.key, payment.amount));
    }
    return std::nullopt;
  }

  std::optional<Money> RemittanceOf(const PaymentEvidence& payment) {
    bool delivered = false;
    for (const RemittanceCopy& copy : payment.copies) {
      delivered = delivered || IsDelivered(copy.state);
      if (copy.amount == payment.amount) continue;
      AddGap(MatchLeg::kRemittance,
             fmt::format("the {} of payment {} says {} instead of {}", FileKindName(copy.kind),
                         payment.key, copy.amount, payment.amount));
      return std::nullopt;
    }
    if (delivered) return payment.amount;
    AddGap(MatchLeg::kRemittance,
           fmt::format("no 835 and no statement of payment {} is delivered", payment.key));
    return std::nullopt;
  }

  std::optional<Money> LedgerOf(const PaymentEvidence& payment) {
    if (payment.disbursed != payment.amount) {
      AddGap(MatchLeg::kLedger, fmt::format("the ledger has disbursed {} for payment {} of {}",
                                            payment.disbursed, payment.key, payment.amount));
      return std::nullopt;
    }
    if (!payment.file || !files_.at(*payment.file).cleared) return std::nullopt;
    return payment.disbursed;
  }

  const RunEvidence& evidence_;
  std::map<PaymentFileId, FileSide> files_;
  ThreeWayMatch match_;
};

}  // namespace

std::string_view MatchLegName(MatchLeg leg) {
  static constexpr std::array<std::string_view, 3> kNames = {"deposit", "remittance", "ledger"};
  const auto index = static_cast<std::size_t>(leg);
  CHECK(index < kNames.size());
  return kNames[index];
}

ThreeWayMatch MatchThreeWays(const RunEvidence& evidence) { return ThreeWays(evidence).Match(); }

Status RequireWhole(const ThreeWayMatch& match, RunId run) {
  if (match.IsWhole()) return OkStatus();
  std::string missing;
  for (std::size_t i = 0; i < std::min(match.gaps.size(), kNamedGaps); ++i) {
    missing += fmt::format("; {}: {}", MatchLegName(match.gaps[i].leg), match.gaps[i].what);
  }
  if (match.gaps.size() > kNamedGaps) {
    missing += fmt::format("; and {} more", match.gaps.size() - kNamedGaps);
  }
  return FailedPrecondition("run {} is not reconciled, {} of {} payments match{}", run,
                            match.matched, match.rows.size(), missing);
}

}  // namespace sluice::payments
