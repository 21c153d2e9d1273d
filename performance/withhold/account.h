// The account of what was withheld from one payee in one program for one performance year.
//
//   1. taken = released + forfeited + expired + balance, to the cent, at every date. The balance is
//      never below zero: a posting that would take it there is refused.
//   2. Interest is simple: balance x annual rate x days / days of the year, kept as an exact
//      fraction. The part that belongs to released money is earned; what is paid of it is rounded
//      once, on the sum. A forfeit takes its interest along unless the terms say otherwise.
//   3. Whether money is released is decided by a settlement (an award whose basis is the withheld
//      balance) or, when the terms name a date, by the date and a flag.
//
// The terms are performance/terms_withhold.h. Source: PRODUCT M03, PROGRAM_MATH 13.1 and 13.5.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/status.h"
#include "performance/award.h"
#include "performance/facts.h"
#include "performance/terms_withhold.h"

namespace sluice::performance {

struct WithholdAccountKey {
  PayeeId payee;
  ProgramId program;
  int performance_year = 0;

  friend auto operator<=>(const WithholdAccountKey&, const WithholdAccountKey&) = default;
};

enum class WithholdMove : std::uint8_t {
  kTaken = 0,     // held back from a payment; negative when a payment was taken back
  kReleased = 1,  // earned
  kForfeited = 2,
  kExpired = 3,
};
// "taken", "released", "forfeited", "expired".
std::string_view WithholdMoveName(WithholdMove move);

// One posting. The amount is positive, except that of a payment that was taken back.
struct WithholdPost {
  Date date{};
  WithholdMove move = WithholdMove::kTaken;
  Money amount;
  std::string reference;  // the payment, the award: for people

  friend bool operator==(const WithholdPost&, const WithholdPost&) = default;
};

struct WithholdLine {
  WithholdPost post;
  Money balance;          // after it
  Exact interest_earned;  // by this line
  Exact interest_lost;    // by this line
};

struct WithholdStatement {
  WithholdAccountKey key;
  Date as_of{};
  Money taken;
  Money released;
  Money forfeited;
  Money expired;
  Money balance;            // taken - released - forfeited - expired
  Exact interest_accruing;  // on the balance, until as_of; earned only when it is released
  Exact interest_earned;    // exactly
  Money interest;           // interest_earned, rounded once: what is owed on top of the releases
  std::vector<WithholdLine> lines;

  // "withheld" (the balance), "withhold_interest" (earned, exact) and the digest of the statement:
  // what a settlement's terms read.
  void AddFacts(Facts& facts) const;
};

// The part of a year from one day to another (from <= to) by a day count.
Ratio YearFraction(Date from, Date to, DayCount day_count);

// The statement of the postings up to and on `as_of`. On one day what is taken comes first.
// InvalidArgument: a posting of zero, a negative release. FailedPrecondition: more leaves the
// account than is in it.
StatusOr<WithholdStatement> StateWithholdAccount(const Withhold& terms,
                                                 const WithholdAccountKey& key,
                                                 std::span<const WithholdPost> posts, Date as_of);

// The days on which the terms decide: the first of the month that is so many months after the end
// of the performance year. Nothing when the terms name none.
std::optional<Date> ReleaseDay(const Withhold& terms, int performance_year);
std::optional<Date> ExpiryDay(const Withhold& terms, int performance_year);

// What a day does to a balance.
struct WithholdDecision {
  std::vector<WithholdPost> posts;   // at most one; none: nothing is due, or nothing is there
  ForfeitTo to = ForfeitTo::kPool;   // where it goes when it is forfeited or expires
  std::optional<ReasonCode> reason;  // FORFEITED, with the flag or the expiry as detail
  std::string detail;
};
// FailedPrecondition (MISSING_INPUT) when the release is due and its flag is not recorded, unless
// the balance expires on the day.
StatusOr<WithholdDecision> DecideWithhold(const Withhold& terms, const WithholdAccountKey& key,
                                          Money balance, const Facts& facts, Date on);

// What a settlement posts: its release and its forfeit. Requires: the award is computed and its
// basis is the balance of the account.
std::vector<WithholdPost> PostsOfAward(const Award& award, Date on, std::string_view reference);

// For a person; ends with a newline.
std::string ToText(const WithholdStatement& statement);

}  // namespace sluice::performance
