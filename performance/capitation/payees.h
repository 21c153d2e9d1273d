// What each payee of a contract and month is due: its lines, its deductions in the order of the
// terms, its net; and the facts by which the award learns of it.
//
// Deductions are taken from each payee by itself, so that the award is the sum over the payees to
// the cent. A payee whose lines are negative gets nothing: its net is a receivable.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/id.h"
#include "core/money.h"
#include "core/status.h"
#include "performance/capitation/line.h"
#include "performance/facts.h"
#include "performance/terms.h"

namespace sluice::performance {

// The sums of a payee's lines in the runs of one month.
struct PayeeMonths {
  std::int64_t lines = 0;
  std::int64_t months = 0;  // member-months added less those taken back
  std::int64_t current_cents = 0;
  std::int64_t retro_cents = 0;
  std::int64_t TotalCents() const { return current_cents + retro_cents; }
};

class PayeeTotals {
 public:
  explicit PayeeTotals(MonthNumber run_month) : run_month_(run_month) {}
  void Add(const MemberMonthLine& line);
  const std::map<PartyId, PayeeMonths>& Payees() const { return payees_; }
  PayeeMonths Sum() const;

 private:
  MonthNumber run_month_;
  std::map<PartyId, PayeeMonths> payees_;
  PartyId last_;
  PayeeMonths* last_months_ = nullptr;  // maps keep their nodes in place
};

struct Deduction {
  std::string name;  // "withhold", "recoupment", or the name of an adjustment
  Exact exact;       // of a withhold: before it is rounded
  Money taken;
  Money carried;
  friend bool operator==(const Deduction&, const Deduction&) = default;
};
struct PayeeResult {
  PartyId payee;
  PayeeMonths months;
  std::vector<Deduction> deductions;  // in the order of the terms
  Money net;                          // negative: a receivable
};

// Takes the deductions of the terms from a payee. `facts` are the payee's of the month; `carried`
// is what each adjustment carried from the month before, by name. FailedPrecondition names a fact
// of the payee that is missing. Requires: FindMemberMonthSum(terms).
StatusOr<PayeeResult> SettlePayee(const Terms& terms, PartyId payee, const PayeeMonths& months,
                                  const Facts& facts, const std::map<std::string, Money>& carried);

// The facts of the contract: totals over the payees, and the digest of the lines.
Facts ContractFactsOf(const std::vector<PayeeResult>& payees, const Digest& lines_sha256);
// The facts of one payee.
Facts PayeeFactsOf(const PayeeResult& payee);
// What the adjustments of the terms carried, from a payee's facts of the month before.
std::map<std::string, Money> CarriedIn(const Terms& terms, const Facts& facts);

// A statement of one payee: its lines, their sum, each deduction, the net.
std::string PayeeStatement(const PayeeResult& payee, const std::vector<MemberMonthLine>& lines);

}  // namespace sluice::performance
