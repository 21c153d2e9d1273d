#include "payments/routing/preference.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "core/calendar.h"
#include "core/check.h"
#include "hierarchy/identifier.h"

namespace sluice::payments {
namespace {

constexpr std::array<std::string_view, 3> kMethodNames = {"ach", "check", "card"};
constexpr std::array<std::string_view, 5> kDeliveryNames = {"clearinghouse", "sftp", "portal",
                                                            "paper", "pdf"};

template <typename Enum, std::size_t kCount>
StatusOr<Enum> ParseChoice(const std::array<std::string_view, kCount>& names, std::string_view what,
                           std::string_view name) {
  std::string all;
  for (std::size_t i = 0; i < kCount; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
    all += (all.empty() ? "" : ", ") + std::string(names[i]);
  }
  return InvalidArgument("{} is one of {}, not \"{}\"", what, all, name);
}

// How narrow a preference is for a role; the greater wins.
using Specificity = std::tuple<bool, int, bool>;

Specificity SpecificityOf(const PreferenceKey& key, const PaymentRole& role) {
  const int location = key.location == PartyId() ? 0 : key.location == role.party ? 2 : 1;
  return {!key.npi.empty(), location, key.program != ProgramId()};
}

// What alone keeps the preference from counting for this role on this day, or kWins.
RouteVerdict FitOf(const PaymentPreference& preference, const PaymentRole& role,
                   const RouteDay& day) {
  const PreferenceKey& key = preference.key;
  if (!key.npi.empty() && key.npi != role.npi) return RouteVerdict::kOtherNpi;
  if (key.location != PartyId() && key.location != role.party && key.location != role.under) {
    return RouteVerdict::kOtherLocation;
  }
  if (key.program != ProgramId() && key.program != role.program) {
    return RouteVerdict::kOtherProgram;
  }
  if (preference.recorded_at.UtcDate() > day.cut_off) return RouteVerdict::kAfterCutOff;
  if (preference.payee && !preference.confirmed_at) return RouteVerdict::kUnconfirmed;
  if (preference.confirmed_at && preference.confirmed_at->UtcDate() > day.cut_off) {
    return RouteVerdict::kAfterCutOff;
  }
  if (preference.effective_from > day.on) return RouteVerdict::kNotYet;
  return RouteVerdict::kWins;
}

// Of one key's: the later date, then the later word, then the later id.
bool IsLater(const PaymentPreference& a, const PaymentPreference& b) {
  return std::tie(a.effective_from, a.recorded_at, a.id) >
         std::tie(b.effective_from, b.recorded_at, b.id);
}

std::string TextOf(const RouteCandidate& candidate, const RouteDay& day,
                   const PaymentPreference* winner) {
  const PaymentPreference& preference = candidate.preference;
  switch (candidate.verdict) {
    case RouteVerdict::kWins:
      return "the most specific preference that fits";
    case RouteVerdict::kOtherNpi:
      return fmt::format("is for NPI {} alone", preference.key.npi);
    case RouteVerdict::kOtherLocation:
      return fmt::format("is for location {} alone", preference.key.location);
    case RouteVerdict::kOtherProgram:
      return fmt::format("is for program {} alone", preference.key.program);
    case RouteVerdict::kAfterCutOff:
      return fmt::format("came after the cut-off of {}: it holds from the next cycle",
                         FormatDate(day.cut_off));
    case RouteVerdict::kUnconfirmed:
      return "names another payee and no second person has confirmed it";
    case RouteVerdict::kNotYet:
      return fmt::format("holds from {} only", FormatDate(preference.effective_from));
    case RouteVerdict::kReplaced:
      return "a later one of the same levels replaces it";
    case RouteVerdict::kWithdrawn:
      return "withdrawn: there is none of these levels any more";
    case RouteVerdict::kLessSpecific:
      CHECK(winner != nullptr);
      return fmt::format("fits, but {} is more specific ({})", winner->id, LevelsOf(winner->key));
  }
  CHECK(false);
}

}  // namespace

std::string_view PayoutMethodName(PayoutMethod method) {
  return kMethodNames.at(static_cast<std::size_t>(method));
}

StatusOr<PayoutMethod> ParsePayoutMethod(std::string_view name) {
  return ParseChoice<PayoutMethod>(kMethodNames, "a payment method", name);
}

std::string_view RemittanceDeliveryName(RemittanceDelivery delivery) {
  return kDeliveryNames.at(static_cast<std::size_t>(delivery));
}

StatusOr<RemittanceDelivery> ParseRemittanceDelivery(std::string_view name) {
  return ParseChoice<RemittanceDelivery>(kDeliveryNames, "a delivery of remittances", name);
}

std::string LevelsOf(const PreferenceKey& key) {
  std::string text;
  if (!key.npi.empty()) text += fmt::format("NPI {}, ", key.npi);
  if (key.location != PartyId()) text += fmt::format("location {}, ", key.location);
  if (key.program != ProgramId()) text += fmt::format("program {}, ", key.program);
  const std::size_t shown = std::min<std::size_t>(4, key.tin.size());
  return text + "TIN ending " + key.tin.substr(key.tin.size() - shown);
}

Status CheckPreference(const PaymentPreference& preference) {
  const PreferenceKey& key = preference.key;
  const bool digits = std::ranges::all_of(key.tin, [](char c) { return c >= '0' && c <= '9'; });
  if (key.tin.size() != 9 || !digits) {
    return InvalidArgument("a preference is kept for a TIN of 9 digits");
  }
  if (!key.npi.empty()) {
    const auto npi = hierarchy::ParseNpi(key.npi);
    if (!npi.ok()) return Annotate(npi.status(), "the NPI of a preference");
  }
  if (preference.reason.empty()) return InvalidArgument("say why the preference is recorded");
  if (preference.method == PayoutMethod::kCard && preference.card_opt_in.empty()) {
    return InvalidArgument(
        "a card is paid only to who asked for it: record who did, and how, or choose ach");
  }
  if (preference.method != PayoutMethod::kCard && !preference.card_opt_in.empty()) {
    return InvalidArgument("only a card is opted in to, not {}",
                           PayoutMethodName(preference.method));
  }
  if (preference.withdrawn && (preference.payee || preference.method != PayoutMethod::kAch)) {
    return InvalidArgument("what is withdrawn names neither payee nor method");
  }
  return OkStatus();
}

Status CheckMayConfirm(const PaymentPreference& preference, UserId user) {
  if (!preference.payee) {
    return FailedPrecondition("{} names no payee: nothing is to be confirmed", preference.id);
  }
  if (preference.confirmed_at) {
    return FailedPrecondition("{} was confirmed already", preference.id);
  }
  if (user == preference.recorded_by) {
    return PermissionDenied("{} recorded {}: another person must confirm it", user, preference.id);
  }
  return OkStatus();
}

RouteDay RouteDayOf(Date business_date, int banking_days) {
  CHECK(banking_days >= 0);
  return {business_date, AddBankingDays(business_date, -banking_days)};
}

Resolution ResolveRoute(std::span<const PaymentPreference> preferences, const PaymentRole& role,
                        const RouteDay& day) {
  Resolution resolution;
  for (const PaymentPreference& preference : preferences) {
    if (preference.key.tin != role.tin) continue;
    resolution.candidates.push_back(
        {.preference = preference, .verdict = FitOf(preference, role, day)});
  }
  std::ranges::sort(resolution.candidates, {}, [](const auto& c) { return c.preference.id; });
  // Of those that fit, the latest of each key; a key that was withdrawn has none.
  std::map<PreferenceKey, RouteCandidate*> latest;
  for (RouteCandidate& candidate : resolution.candidates) {
    if (candidate.verdict != RouteVerdict::kWins) continue;
    auto& known = latest[candidate.preference.key];
    if (known != nullptr) {
      const bool later = IsLater(candidate.preference, known->preference);
      (later ? known : &candidate)->verdict = RouteVerdict::kReplaced;
      if (!later) continue;
    }
    known = &candidate;
  }
  RouteCandidate* winner = nullptr;
  for (const auto& [key, candidate] : latest) {
    if (candidate->preference.withdrawn) {
      candidate->verdict = RouteVerdict::kWithdrawn;
      continue;
    }
    candidate->verdict = RouteVerdict::kLessSpecific;
    if (winner == nullptr ||
        SpecificityOf(key, role) > SpecificityOf(winner->preference.key, role)) {
      winner = candidate;
    }
  }
  if (winner != nullptr) {
    winner->verdict = RouteVerdict::kWins;
    const PaymentPreference& preference = winner->preference;
    resolution.route = {.preference = preference.id,
                        .payee = preference.payee,
                        .method = preference.method,
                        .delivery = preference.delivery};
  }
  for (RouteCandidate& candidate : resolution.candidates) {
    candidate.text = TextOf(candidate, day, winner == nullptr ? nullptr : &winner->preference);
  }
  std::ranges::stable_partition(resolution.candidates, [](const RouteCandidate& candidate) {
    return candidate.verdict == RouteVerdict::kWins;
  });
  return resolution;
}

void RouteBook::Add(PaymentPreference preference) {
  asks_for_npi_ = asks_for_npi_ || !preference.key.npi.empty();
  auto& of_tin = preferences_[preference.key.tin];
  of_tin.push_back(std::move(preference));
}

void RouteBook::AddPayee(const Payee& payee) { payees_.emplace(payee.id, payee); }

std::vector<PayeeId> RouteBook::NamedPayees() const {
  std::vector<PayeeId> named;
  for (const auto& [tin, preferences] : preferences_) {
    for (const PaymentPreference& preference : preferences) {
      if (preference.payee) named.push_back(*preference.payee);
    }
  }
  return named;
}

Resolution RouteBook::Resolve(const ShareOwner& owner, PayeeId payee) const {
  if (IsEmpty()) return {};
  const auto known = payees_.find(payee);
  CHECK(known != payees_.end());
  PaymentRole role{
      .tin = known->second.tin, .program = program_, .party = owner.party, .under = owner.under};
  if (const auto npi = npis_.find(owner.party); npi != npis_.end()) {
    role.npi = npi->second;
  } else if (known->second.party == owner.party) {
    role.npi = known->second.npi;
  }
  const auto found = preferences_.find(role.tin);
  if (found == preferences_.end()) return {};
  return ResolveRoute(found->second, role, day_);
}

Route RouteBook::RouteOf(const ShareOwner& owner, PayeeId payee) const {
  return Resolve(owner, payee).route;
}

PayeeId RouteBook::PayeeOf(const ShareOwner& owner, PayeeId payee) const {
  return RouteOf(owner, payee).payee.value_or(payee);
}

}  // namespace sluice::payments
