#include "api/identity/second_factor.h"

#include <optional>

#include "api/identity/factor_store.h"
#include "core/bytes.h"
#include "core/log.h"
#include "core/one_time_code.h"
#include "core/query_text.h"

namespace sluice::api {
namespace {

constexpr std::int64_t kConfirmWithin = 600'000'000;

Bytes FactorBinding(PayerId payer, UserId user) {
  CanonicalWriter writer("sluice.factor.v1");
  writer.I64(payer.Value()).I64(user.Value());
  return writer.Data();
}

}  // namespace

FactorOutcome SecondFactor::Take(pg::Transaction& tx, PayerId payer, UserId user,
                                 const std::string& code, Instant now) const {
  const std::optional<FactorRow> row = LockFactor(tx, payer, user);
  if (!row || !row->sealed) return FactorOutcome::kNone;
  const auto secret = Open(key_, *row->sealed, FactorBinding(payer, user));
  if (!secret.ok()) {
    // Another key than the one it was sealed with: nobody gets in by losing the key.
    LogError("second factor does not open", {{"payer", payer}, {"user", user}});
    return FactorOutcome::kWrong;
  }
  const auto step = MatchCode(secret->Reveal(), code, now, row->last_step);
  if (!step) return FactorOutcome::kWrong;
  StoreLastStep(tx, payer, user, *step);
  return FactorOutcome::kRight;
}

Secret<std::string> SecondFactor::Enroll(pg::Transaction& tx, PayerId payer, UserId user,
                                         Instant now) const {
  const SecretBytes secret(RandomBytes(kCodeSecretBytes));
  StorePendingFactor(tx, payer, user, Seal(key_, secret.Reveal(), FactorBinding(payer, user)), now);
  return Secret<std::string>(ToBase32(secret.Reveal()));
}

Status SecondFactor::Confirm(pg::Transaction& tx, PayerId payer, UserId user,
                             const std::string& code, Instant now) const {
  const std::optional<FactorRow> row = LockFactor(tx, payer, user);
  if (!row || !row->pending_sealed || now.Micros() - row->pending_at->Micros() > kConfirmWithin) {
    return FailedPrecondition("no second factor was enrolled in the last ten minutes; enroll one");
  }
  ASSIGN_OR_RETURN(const SecretBytes secret,
                   Open(key_, *row->pending_sealed, FactorBinding(payer, user)));
  const auto step = MatchCode(secret.Reveal(), code, now, 0);
  if (!step) return Unauthenticated("the code is not right");
  sluice::api::ConfirmFactor(tx, payer, user, *step, now);
  return OkStatus();
}

Secret<std::string> FactorUri(const std::string& name, const Secret<std::string>& secret) {
  return Secret<std::string>(fmt::format("otpauth://totp/Sluice:{}?secret={}&issuer=Sluice",
                                         PercentEncoded(name), secret.Reveal()));
}

}  // namespace sluice::api
