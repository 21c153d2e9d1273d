// What was withheld in a program's book, as the input of the award that releases it.
//
//   1. For contracts whose basis is a withheld balance: the fact it reads is what the book took
//      from the party's payees for the year of the period, less what was taken back from there.
//      What the award itself releases or forfeits later does not change it, so that it can be
//      calculated again.
//   2. A party without a payee, or from whom this book withheld nothing, keeps a balance that
//      somebody recorded (money that a claims system elsewhere withheld); without one it is
//      missing.
#pragma once

#include "payments/ledger/account.h"
#include "performance/program_run/detail_source.h"

namespace sluice::payments {

class WithheldBalanceSource final : public performance::DetailSource {
 public:
  // `book` is where the payments were withheld: usually that of the same program.
  explicit WithheldBalanceSource(BookId book) : book_(book) {}

  std::string_view Name() const override { return "withheld_balance"; }
  bool Serves(const performance::Terms& terms) const override;
  StatusOr<performance::DetailOutcome> Refresh(
      const performance::DetailScope& scope,
      std::span<const performance::DetailContract> contracts) override;

 private:
  BookId book_;
};

}  // namespace sluice::payments
