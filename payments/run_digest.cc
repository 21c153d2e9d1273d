#include "payments/run_digest.h"

#include <algorithm>

namespace sluice::payments {
namespace {

void AddLine(CanonicalWriter& writer, const RunLine& line) {
  writer.I64(line.obligation.Value())
      .I64(line.payee ? line.payee->Value() : 0)
      .U8(static_cast<std::uint8_t>(line.posting))
      .Amount(line.amount)
      .Amount(line.withhold)
      .U8(static_cast<std::uint8_t>(line.hold));
}

// The batch number is how the work is cut, not what is paid: it is left out.
bool HasRoute(const RunPayee& payee) {
  return payee.method != PayoutMethod::kAch || payee.preference != PreferenceId() ||
         payee.delivery != RemittanceDelivery::kClearinghouse;
}

void AddPayee(CanonicalWriter& writer, const RunPayee& payee, bool with_tax, bool with_routes) {
  writer.I64(payee.payee.Value())
      .U8(static_cast<std::uint8_t>(payee.rail))
      .I64(payee.account.Value())
      .I64(payee.account_version)
      .Amount(payee.gross)
      .Amount(payee.withhold)
      .Amount(payee.carried)
      .Amount(payee.recoup)
      .Amount(payee.offset)
      .Amount(payee.net)
      .U8(static_cast<std::uint8_t>(payee.hold))
      .Text(payee.hold_note);
  if (with_tax) writer.Amount(payee.tax);
  if (with_routes) {
    writer.U8(static_cast<std::uint8_t>(payee.method))
        .U8(static_cast<std::uint8_t>(payee.delivery))
        .I64(payee.preference.Value());
  }
}

}  // namespace

Digest RunDigest(const DigestHeader& header, const RunPlan& plan) {
  // The form of runs that withhold nothing, and in which nobody has a preference, is what it was
  // before there were such things.
  const bool with_routes = std::ranges::any_of(plan.payees, HasRoute);
  const bool with_tax = with_routes || std::ranges::any_of(plan.payees, [](const RunPayee& payee) {
                          return !payee.tax.IsZero();
                        });
  CanonicalWriter writer(with_routes ? "sluice.run.v3"
                         : with_tax  ? "sluice.run.v2"
                                     : "sluice.run.v1");
  writer.I64(header.book.Value())
      .I64(header.run.Value())
      .I64(header.revision)
      .I64(header.pool.Value())
      .Day(header.business_date)
      .Day(header.effective_date);
  writer.I64(static_cast<std::int64_t>(header.awards.size()));
  for (const DigestAward& award : header.awards) {
    writer.I64(award.award.Value()).I64(award.version).Raw(award.hash);
  }
  writer.I64(static_cast<std::int64_t>(plan.lines.size()));
  for (const RunLine& line : plan.lines) AddLine(writer, line);
  writer.I64(static_cast<std::int64_t>(plan.payees.size()));
  for (const RunPayee& payee : plan.payees) AddPayee(writer, payee, with_tax, with_routes);
  const RunTotals totals = TotalsOf(plan);
  writer.Amount(totals.hold).Amount(totals.paid).Amount(totals.held);
  return writer.Hash();
}

}  // namespace sluice::payments
