#include "payments/enrollment/account_test.h"

#include <algorithm>

#include "core/calendar.h"
#include "core/check.h"
#include "core/crypto.h"

namespace sluice::payments {
namespace {

constexpr std::int64_t kMostMicroCents = 99;

// 1 to 99, each as likely as the other.
std::int64_t DrawCents() {
  for (;;) {
    const std::uint8_t byte = RandomBytes(1).front();
    if (byte < 2 * kMostMicroCents) return byte % kMostMicroCents + 1;
  }
}

}  // namespace

std::string_view AccountTestKindName(AccountTestKind kind) {
  return kind == AccountTestKind::kPrenote ? "prenote" : "micro-deposits";
}

StatusOr<AccountTestKind> ParseAccountTestKind(std::string_view name) {
  for (const auto kind : {AccountTestKind::kPrenote, AccountTestKind::kMicroDeposits}) {
    if (AccountTestKindName(kind) == name) return kind;
  }
  return InvalidArgument("a test is prenote or micro-deposits, not \"{}\"", name);
}

std::string_view AccountTestStateName(AccountTestState state) {
  constexpr std::array<std::string_view, 5> kNames = {"WAITS", "IN_FILE", "SENT", "PASSED",
                                                      "FAILED"};
  return kNames.at(static_cast<std::size_t>(state));
}

Date PrenotePassesOn(Date effective_date) {
  return AddBankingDays(effective_date, kPrenoteBankingDays);
}

MicroAmounts DrawMicroAmounts() {
  const std::int64_t one = DrawCents();
  std::int64_t other = DrawCents();
  while (other == one) other = DrawCents();
  return MicroAmounts({std::min(one, other), std::max(one, other)});
}

StatusOr<MicroAmounts> MicroAnswer(Money one, Money other) {
  for (const Money amount : {one, other}) {
    if (amount <= Money{} || amount.Cents() > kMostMicroCents) {
      return InvalidArgument("each of the two amounts is from 0.01 to 0.99");
    }
  }
  return MicroAmounts({std::min(one, other).Cents(), std::max(one, other).Cents()});
}

Digest MicroAmountsIndex(const DataKey& index_key, PayerId payer, std::int64_t test,
                         const MicroAmounts& amounts) {
  CHECK(index_key.purpose == DataKeyPurpose::kBlindIndex);
  const Bytes message = CanonicalWriter("sluice.micro.v1")
                            .I64(payer.Value())
                            .I64(test)
                            .I64(amounts.Reveal()[0])
                            .I64(amounts.Reveal()[1])
                            .Data();
  return HmacSha256(index_key.key.Reveal(), message);
}

}  // namespace sluice::payments
