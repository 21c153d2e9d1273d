#include "payments/withhold_statement.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace sluice::payments {
namespace {

using performance::Withhold;
using performance::WithholdAccountKey;
using performance::WithholdMove;
using performance::WithholdPost;
using performance::WithholdStatement;

constexpr std::int32_t kPage = 1'000;

// What a transfer into or out of a reserve is. Money that comes in another way than by withholding
// is a correction of one of the ways out, and stands as taken again.
WithholdPost PostOf(const EntryLine& entry, const AccountKey& reserve) {
  WithholdPost post{.date = entry.effective_date,
                    .amount = entry.amount,
                    .reference = std::string(EventName(entry.event))};
  if (entry.credit == reserve) return post;
  switch (entry.event) {
    case Event::kReleaseWithhold:
      post.move = WithholdMove::kReleased;
      return post;
    case Event::kForfeitWithhold:
      post.move = WithholdMove::kForfeited;
      return post;
    default:
      // A restatement or a correction gives back what was taken.
      post.amount = -post.amount;
      return post;
  }
}

std::vector<WithholdPost> LoadPosts(pg::Transaction& tx, BookId book, const AccountKey& reserve) {
  std::vector<WithholdPost> posts;
  EntryFilter filter{.account = reserve, .limit = kPage};
  while (true) {
    const std::vector<EntryLine> page = ListEntries(tx, book, filter);
    for (const EntryLine& entry : page) posts.push_back(PostOf(entry, reserve));
    if (page.size() < static_cast<std::size_t>(kPage)) return posts;
    filter.after = {page.back().batch_seq, page.back().position};
  }
}

StatusOr<WithholdStatement> State(pg::Transaction& tx, BookId book, const Withhold& terms,
                                  const WithholdAccountKey& key, const AccountLine& account,
                                  Date as_of) {
  const std::vector<WithholdPost> posts = LoadPosts(tx, book, account.key);
  Money sum;
  for (const WithholdPost& post : posts) {
    sum += post.move == WithholdMove::kTaken ? post.amount : -post.amount;
  }
  if (sum != account.counters.CreditBalance()) {
    return DataLoss("{}: its transfers add up to {}, its balance is {}; verify the book",
                    account.key.ToString(), sum.ToString(),
                    account.counters.CreditBalance().ToString());
  }
  return performance::StateWithholdAccount(terms, key, posts, as_of);
}

std::optional<std::int64_t> ReadNumber(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Reads "payee:77/year:2026", which WithholdReserveAccount() writes.
std::optional<WithholdAccountKey> KeyOf(const AccountKey& account, ProgramId program) {
  constexpr std::string_view kPayee = "payee:";
  constexpr std::string_view kYear = "/year:";
  const std::string_view owner = account.owner_key;
  const std::size_t slash = owner.find(kYear);
  if (!owner.starts_with(kPayee) || slash == std::string_view::npos) return std::nullopt;
  const auto payee = ReadNumber(owner.substr(kPayee.size(), slash - kPayee.size()));
  const auto year = ReadNumber(owner.substr(slash + kYear.size()));
  if (!payee || !year) return std::nullopt;
  return WithholdAccountKey{PayeeId(*payee), program, static_cast<int>(*year)};
}

}  // namespace

std::vector<WithholdPost> LoadReservePosts(pg::Transaction& tx, BookId book,
                                           const WithholdAccountKey& key) {
  return LoadPosts(tx, book, WithholdReserveAccount(key.payee, key.performance_year));
}

StatusOr<WithholdStatement> StateReserve(pg::Transaction& tx, BookId book, const Withhold& terms,
                                         const WithholdAccountKey& key, Date as_of) {
  ASSIGN_OR_RETURN(const AccountLine account,
                   FindBalance(tx, book, WithholdReserveAccount(key.payee, key.performance_year)));
  return State(tx, book, terms, key, account, as_of);
}

StatusOr<std::vector<WithholdStatement>> StateReserves(pg::Transaction& tx, BookId book,
                                                       const Withhold& terms, ProgramId program,
                                                       Date as_of) {
  std::vector<WithholdStatement> statements;
  for (const AccountLine& account : TrialBalance(tx, book)) {
    if (account.key.account_class != AccountClass::kWithholdReserve) continue;
    const std::optional<WithholdAccountKey> key = KeyOf(account.key, program);
    if (!key) return DataLoss("{} is no reserve of a payee and year", account.key.ToString());
    ASSIGN_OR_RETURN(WithholdStatement statement, State(tx, book, terms, *key, account, as_of));
    statements.push_back(std::move(statement));
  }
  std::sort(statements.begin(), statements.end(),
            [](const auto& a, const auto& b) { return a.key < b.key; });
  return statements;
}

}  // namespace sluice::payments
