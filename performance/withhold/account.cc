#include "performance/withhold/account.h"

#include <algorithm>

#include "core/bytes.h"
#include "core/check.h"

namespace sluice::performance {
namespace {

// The day as a count in years of twelve months of thirty days.
std::int64_t ThirtyDayCount(Date date) {
  const std::chrono::year_month_day day(date);
  return std::int64_t{360} * static_cast<int>(day.year()) +
         std::int64_t{30} * static_cast<unsigned>(day.month()) +
         std::min<std::int64_t>(30, static_cast<unsigned>(day.day()));
}

std::optional<Date> MonthsAfter(int performance_year, int months) {
  return (Month(performance_year + 1, 1) + months).FirstDay();
}

Status CheckPost(const WithholdPost& post) {
  if (post.amount.IsZero()) {
    return InvalidArgument("the posting of {} ({}) is zero", FormatDate(post.date), post.reference);
  }
  if (post.amount < Money() && post.move != WithholdMove::kTaken) {
    return InvalidArgument("{} of {} on {} ({}) is negative; post the opposite instead",
                           WithholdMoveName(post.move), post.amount.ToString(),
                           FormatDate(post.date), post.reference);
  }
  return OkStatus();
}

Money& TotalOf(WithholdStatement& statement, WithholdMove move) {
  switch (move) {
    case WithholdMove::kTaken:
      return statement.taken;
    case WithholdMove::kReleased:
      return statement.released;
    case WithholdMove::kForfeited:
      return statement.forfeited;
    case WithholdMove::kExpired:
      return statement.expired;
  }
  CHECK(false && "a move that is not known");
  return statement.taken;
}

// Moves the interest that belongs to the money of the line: earned when it is released.
void MoveInterest(const Withhold& terms, WithholdStatement& statement, WithholdLine& line) {
  if (line.post.move == WithholdMove::kTaken) return;
  const Exact part = statement.interest_accruing * Ratio::Of(line.post.amount, statement.balance);
  statement.interest_accruing = statement.interest_accruing - part;
  const bool earned =
      line.post.move == WithholdMove::kReleased || (terms.interest && terms.interest->on_forfeited);
  (earned ? line.interest_earned : line.interest_lost) = part;
  statement.interest_earned = statement.interest_earned + line.interest_earned;
}

Status Post(const Withhold& terms, const WithholdPost& post, WithholdStatement& statement) {
  RETURN_IF_ERROR(CheckPost(post));
  WithholdLine line{.post = post};
  const bool taken = post.move == WithholdMove::kTaken;
  const Money after = taken ? statement.balance + post.amount : statement.balance - post.amount;
  if (after < Money()) {
    return FailedPrecondition("{} of {} on {} ({}) is more than the {} in the withhold account",
                              post.amount.ToString(), WithholdMoveName(post.move),
                              FormatDate(post.date), post.reference, statement.balance.ToString());
  }
  MoveInterest(terms, statement, line);
  TotalOf(statement, post.move) += post.amount;
  statement.balance = after;
  line.balance = after;
  statement.lines.push_back(std::move(line));
  return OkStatus();
}

void Accrue(const Withhold& terms, Date from, Date to, WithholdStatement& statement) {
  if (!terms.interest || from >= to) return;
  const Ratio years = YearFraction(from, to, terms.interest->day_count);
  statement.interest_accruing =
      statement.interest_accruing + Exact(statement.balance) * terms.interest->annual * years;
}

}  // namespace

std::string_view WithholdMoveName(WithholdMove move) {
  static constexpr std::string_view kNames[] = {"taken", "released", "forfeited", "expired"};
  return kNames[static_cast<std::size_t>(move)];
}

Ratio YearFraction(Date from, Date to, DayCount day_count) {
  CHECK(from <= to);
  if (day_count == DayCount::kThirty360) {
    return Ratio(ThirtyDayCount(to) - ThirtyDayCount(from), 360);
  }
  return Ratio((to - from).count(), 365);
}

StatusOr<WithholdStatement> StateWithholdAccount(const Withhold& terms,
                                                 const WithholdAccountKey& key,
                                                 std::span<const WithholdPost> posts, Date as_of) {
  std::vector<WithholdPost> ordered(posts.begin(), posts.end());
  std::erase_if(ordered, [&](const WithholdPost& post) { return post.date > as_of; });
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) {
    return std::pair(a.date, a.move) < std::pair(b.date, b.move);
  });
  WithholdStatement statement{.key = key, .as_of = as_of};
  Date reached = ordered.empty() ? as_of : ordered.front().date;
  for (const WithholdPost& post : ordered) {
    Accrue(terms, reached, post.date, statement);
    reached = post.date;
    RETURN_IF_ERROR(Post(terms, post, statement));
  }
  Accrue(terms, reached, as_of, statement);
  if (terms.interest) {
    statement.interest = Round(statement.interest_earned, terms.interest->mode);
  }
  CHECK(statement.taken ==
        statement.released + statement.forfeited + statement.expired + statement.balance);
  return statement;
}

void WithholdStatement::AddFacts(Facts& facts) const {
  facts.SetAmount("withheld", balance);
  facts.Set("withhold_interest", interest_earned);
  facts.SetText("withhold_account_sha256", ToHex(Sha256(AsBytes(ToText(*this)))));
}

std::optional<Date> ReleaseDay(const Withhold& terms, int performance_year) {
  if (!terms.release_on) return std::nullopt;
  return MonthsAfter(performance_year, terms.release_on->months_after_year);
}

std::optional<Date> ExpiryDay(const Withhold& terms, int performance_year) {
  if (!terms.expiry) return std::nullopt;
  return MonthsAfter(performance_year, terms.expiry->months_after_year);
}

StatusOr<WithholdDecision> DecideWithhold(const Withhold& terms, const WithholdAccountKey& key,
                                          Money balance, const Facts& facts, Date on) {
  WithholdDecision decision{.to = terms.forfeit_to};
  if (balance < Money()) return InvalidArgument("a withheld balance is not negative");
  if (balance.IsZero()) return decision;
  const auto post = [&](WithholdMove move, std::string reference) {
    decision.posts.push_back({on, move, balance, std::move(reference)});
  };
  const std::optional<Date> expires = ExpiryDay(terms, key.performance_year);
  if (expires && on >= *expires) {
    decision.to = terms.expiry->to;
    decision.reason = ReasonCode::kForfeited;
    decision.detail = fmt::format("expired on {}", FormatDate(*expires));
    post(WithholdMove::kExpired, "expiry");
    return decision;
  }
  const std::optional<Date> due = ReleaseDay(terms, key.performance_year);
  if (!due || on < *due) return decision;
  const std::string& flag = terms.release_on->flag_fact;
  if (!flag.empty()) {
    const auto holds = facts.Flag(flag);
    if (!holds.ok()) return FailedPrecondition("{}", StatusMessage(holds.status()));
    if (!*holds) {
      return FailedPrecondition("{} (record this flag: the release was due on {})", flag,
                                FormatDate(*due));
    }
    if (!**holds) {
      decision.reason = ReasonCode::kForfeited;
      decision.detail = fmt::format("{} does not hold", flag);
      post(WithholdMove::kForfeited, flag);
      return decision;
    }
  }
  post(WithholdMove::kReleased, "release by date");
  return decision;
}

std::vector<WithholdPost> PostsOfAward(const Award& award, Date on, std::string_view reference) {
  CHECK(award.status == AwardStatus::kComputed);
  std::vector<WithholdPost> posts;
  if (!award.released.IsZero()) {
    posts.push_back({on, WithholdMove::kReleased, award.released, std::string(reference)});
  }
  if (!award.forfeited.IsZero()) {
    posts.push_back({on, WithholdMove::kForfeited, award.forfeited, std::string(reference)});
  }
  return posts;
}

std::string ToText(const WithholdStatement& statement) {
  std::string text = fmt::format("Withhold account {}, {}, {}, as of {}\n",
                                 statement.key.payee.ToString(), statement.key.program.ToString(),
                                 statement.key.performance_year, FormatDate(statement.as_of));
  for (const WithholdLine& line : statement.lines) {
    text += fmt::format("  {}  {}  {}  balance {}{}\n", FormatDate(line.post.date),
                        WithholdMoveName(line.post.move), line.post.amount, line.balance,
                        line.post.reference.empty() ? "" : "  " + line.post.reference);
  }
  text += fmt::format(
      "Taken: {}\nReleased: {}\nForfeited: {}\nExpired: {}\nBalance: {}\n"
      "Interest earned: {} (exactly {})\nInterest accruing: {}\n",
      statement.taken, statement.released, statement.forfeited, statement.expired,
      statement.balance, statement.interest, statement.interest_earned.ToString(),
      statement.interest_accruing.ToString());
  return text;
}

}  // namespace sluice::performance
