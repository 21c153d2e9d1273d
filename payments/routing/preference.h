// Payment preferences: how a payee wants to be paid and told, and which wish holds for a payment.
//
//   1. A preference is kept for a taxpayer (TIN) and may be narrowed to an NPI, to a location, to a
//      program, or to several of these. It says the method, how the remittance is delivered and,
//      where it names one, the payee. An account is a payee's: who is paid to several accounts has
//      a payee for each.
//   2. Nothing is edited: a later preference of the same four levels replaces the earlier one.
//   3. The most specific one that fits wins. The order is total: a carve-out of an NPI goes before
//      any without one, then a location before none (the party itself before the one it works
//      under), then a program before none; the TIN alone is last.
//   4. A run knows what was recorded, and confirmed, on or before its cut-off day. What comes later
//      holds from the next cycle on, so that calculating a run again gives the same.
//   5. Without a preference a payee is paid by ACH, which costs the payee nothing. A card is never
//      a default: it needs the words of who asked for it, and any later preference ends it.
//   6. A preference that names a payee moves money: a second person confirms it before it counts.
// Source: PRODUCT M11, H08, Q08. Pure.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/status.h"
#include "payments/payee.h"

namespace sluice::payments {

struct PreferenceTag {
  static constexpr std::string_view kPrefix = "prf";
};
using PreferenceId = Id<PreferenceTag>;

// The numbers are stored; they never change.
enum class PayoutMethod : std::int16_t { kAch = 0, kCheck = 1, kCard = 2 };
// "ach", "check", "card".
std::string_view PayoutMethodName(PayoutMethod method);
StatusOr<PayoutMethod> ParsePayoutMethod(std::string_view name);

// How the payee is told what it was paid for. The numbers are stored.
enum class RemittanceDelivery : std::int16_t {
  kClearinghouse = 0,  // 835 through the clearinghouse
  kSftp = 1,           // 835 into the payee's own drop
  kPortal = 2,
  kPaper = 3,
  kPdf = 4,  // by secure message
};
// "clearinghouse", "sftp", "portal", "paper", "pdf".
std::string_view RemittanceDeliveryName(RemittanceDelivery delivery);
StatusOr<RemittanceDelivery> ParseRemittanceDelivery(std::string_view name);

// What a preference is for. All but the TIN may be left open.
struct PreferenceKey {
  std::string tin;  // 9 digits; shown in no message
  ProgramId program;
  PartyId location;
  std::string npi;
  friend auto operator<=>(const PreferenceKey&, const PreferenceKey&) = default;
};
// "NPI 1234567893, location pty_..., program prg_..., TIN ending 4567".
std::string LevelsOf(const PreferenceKey& key);

struct PaymentPreference {
  PreferenceId id;
  PreferenceKey key;
  std::optional<PayeeId> payee;  // none: whoever is the payee anyway
  PayoutMethod method = PayoutMethod::kAch;
  RemittanceDelivery delivery = RemittanceDelivery::kClearinghouse;
  std::string card_opt_in;  // who asked for the card and how; set exactly with kCard
  Date effective_from{};
  bool withdrawn = false;  // from its date there is no preference of these levels
  std::string reason;
  UserId recorded_by;
  Instant recorded_at;
  std::optional<UserId> confirmed_by;
  std::optional<Instant> confirmed_at;
};
// InvalidArgument names the field and the rule; never the TIN.
Status CheckPreference(const PaymentPreference& preference);
// PermissionDenied for the one who recorded it, FailedPrecondition where nothing is to confirm.
Status CheckMayConfirm(const PaymentPreference& preference, UserId user);

// What a share is paid for: whose it is, and under which numbers.
struct PaymentRole {
  std::string tin;  // of the payee without any preference
  ProgramId program;
  PartyId party;
  PartyId under;
  std::string npi;  // of the party; empty when it has none
};

// What a run goes by: the day it pays for, and the last day whose preferences it knows.
struct RouteDay {
  Date on{};
  Date cut_off{};
};
// The cut-off lies `banking_days` before the business date. Requires: banking_days >= 0.
RouteDay RouteDayOf(Date business_date, int banking_days);

enum class RouteVerdict : std::uint8_t {
  kWins = 0,
  kOtherNpi = 1,
  kOtherLocation = 2,
  kOtherProgram = 3,
  kAfterCutOff = 4,
  kUnconfirmed = 5,
  kNotYet = 6,     // its date has not come
  kReplaced = 7,   // by a later one of the same levels
  kWithdrawn = 8,  // the latest of its levels, and it ends them
  kLessSpecific = 9,
};

struct RouteCandidate {
  PaymentPreference preference;
  RouteVerdict verdict = RouteVerdict::kWins;
  std::string text;  // one sentence: why it won or lost
};

// How a share is paid, and why.
struct Route {
  std::optional<PreferenceId> preference;  // none: the default
  std::optional<PayeeId> payee;            // set: the preference names one
  PayoutMethod method = PayoutMethod::kAch;
  RemittanceDelivery delivery = RemittanceDelivery::kClearinghouse;

  bool SameWay(const Route& other) const {
    return method == other.method && delivery == other.delivery;
  }
};
struct Resolution {
  Route route;
  std::vector<RouteCandidate> candidates;  // of the same TIN; the winner first, then by id
};

// Every preference of the role's TIN is looked at and answered for.
Resolution ResolveRoute(std::span<const PaymentPreference> preferences, const PaymentRole& role,
                        const RouteDay& day);

// The preferences, payees and NPIs of some payments, to resolve one after the other.
class RouteBook {
 public:
  RouteBook() = default;
  RouteBook(ProgramId program, RouteDay day) : program_(program), day_(day) {}

  void Add(PaymentPreference preference);
  void AddPayee(const Payee& payee);
  void AddNpi(PartyId party, std::string npi) { npis_[party] = std::move(npi); }
  bool IsEmpty() const { return preferences_.empty(); }
  bool AsksForNpi() const { return asks_for_npi_; }
  // The payees that preferences name.
  std::vector<PayeeId> NamedPayees() const;

  // How a share of the owner is paid whose payee, without any preference, is this one.
  // Requires: the payee was added, unless the book is empty.
  Resolution Resolve(const ShareOwner& owner, PayeeId payee) const;
  Route RouteOf(const ShareOwner& owner, PayeeId payee) const;
  // The payee after all.
  PayeeId PayeeOf(const ShareOwner& owner, PayeeId payee) const;

 private:
  ProgramId program_;
  RouteDay day_;
  bool asks_for_npi_ = false;
  std::map<std::string, std::vector<PaymentPreference>> preferences_;  // by TIN
  std::map<PayeeId, Payee> payees_;
  std::map<PartyId, std::string> npis_;
};

}  // namespace sluice::payments
