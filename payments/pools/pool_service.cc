#include "payments/pools/pool_service.h"

#include <algorithm>
#include <set>

#include "core/calendar.h"
#include "payments/ledger/events.h"
#include "payments/pluck.h"
#include "payments/pools/funding_match.h"
#include "payments/run_store.h"

namespace sluice::payments {
namespace {

Status RequirePerson(Actor actor) {
  if (actor.human) return OkStatus();
  return PermissionDenied("{} is a service: a person decides this", actor.user);
}

Money AvailableOf(pg::Transaction& tx, BookId book, PoolId pool) {
  const auto line = FindBalance(tx, book, PoolAccount(pool));
  if (!line.ok()) return Money{};
  return line->counters.CreditBalance() - line->counters.debits_pending;
}

// Whether the line is the deposit that somebody reads on the statement.
bool Shows(const BankLineRow& line, const StatementDeposit& deposit) {
  if (line.direction != BankDirection::kCredit || line.amount != deposit.amount ||
      line.as_of != deposit.on) {
    return false;
  }
  const std::string text =
      line.bank_reference + " " + line.customer_reference + " " + line.information;
  return text.find(deposit.reference) != std::string::npos;
}

// A transfer that waits, and that this person may decide about.
StatusOr<PoolTransferRow> LockToDecide(pg::Transaction& tx, BookId book, PoolTransferId id,
                                       Actor actor) {
  RETURN_IF_ERROR(RequirePerson(actor));
  auto row = LockPoolTransfer(tx, book, id);
  if (!row) return NotFound("there is no transfer {}", id);
  if (row->state != PoolTransferState::kRequested) {
    return FailedPrecondition("transfer {} is decided already: {}", id, row->decision);
  }
  if (row->requested_by == actor.user) {
    return PermissionDenied("{} asked for transfer {}: another person decides about it", actor.user,
                            id);
  }
  return *std::move(row);
}

}  // namespace

StatusOr<std::vector<PoolPosition>> PoolService::Positions() {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<PoolPosition>> {
    const std::vector<FundingRow> expected = LoadExpectedFunding(tx, book_);
    std::vector<PoolPosition> positions;
    for (const Pool& pool : LoadPoolsOf(tx, book_)) {
      PoolPosition position{.pool = pool};
      if (const auto line = FindBalance(tx, book_, PoolAccount(pool.id)); line.ok()) {
        position.balance = line->counters.CreditBalance();
        position.held = line->counters.debits_pending;
      }
      position.available = position.balance - position.held;
      std::ranges::copy_if(expected, std::back_inserter(position.expected),
                           [&](const FundingRow& row) { return row.pool == pool.id; });
      positions.push_back(std::move(position));
    }
    return positions;
  });
}

StatusOr<PoolTransferId> PoolService::RequestTransfer(const PoolMove& move, Money amount,
                                                      const std::string& reason, Actor actor) {
  RETURN_IF_ERROR(RequirePerson(actor));
  if (amount <= Money{}) return InvalidArgument("a transfer is above zero, not {}", amount);
  if (reason.empty()) return InvalidArgument("say why the money is moved");
  if (move.from == move.to) return InvalidArgument("a transfer is between two pools");
  const PoolTransferRow row{.id = ids_.Next<PoolTransferTag>(),
                            .from = move.from,
                            .to = move.to,
                            .amount = amount,
                            .reason = reason,
                            .requested_by = actor.user,
                            .requested_at = clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<PoolTransferId> {
    const auto from = FindPool(tx, book_, row.from);
    const auto to = FindPool(tx, book_, row.to);
    if (!from || !to) {
      return NotFound("there is no pool {} in this book", from ? row.to : row.from);
    }
    if (from->bank_account != to->bank_account) {
      return FailedPrecondition(
          "the money of {} and {} lies at different bank accounts: send it, and let the deposit "
          "fund {}",
          from->name, to->name, to->name);
    }
    InsertPoolTransfer(tx, book_, row);
    return row.id;
  });
}

Status PoolService::ApproveTransfer(PoolTransferId id, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  struct Outcome {
    bool is_short = false;
    Money needed, available;
  };
  // What the ledger refuses stays refused: that is recorded, so the transaction commits and tells.
  ASSIGN_OR_RETURN(
      const Outcome outcome, database_.Transact([&](pg::Transaction& tx) -> StatusOr<Outcome> {
        ASSIGN_OR_RETURN(const PoolTransferRow row, LockToDecide(tx, book_, id, actor));
        const Journal journal = MakeJournal(
            {.id = DerivedUuid("pool_transfer", std::vector{std::to_string(book_.Value()),
                                                            std::to_string(id.Value())}),
             .source_id = id.Value(),
             .actor = actor.user,
             .effective_date = recorded.at.UtcDate()},
            PoolTransfer({row.from, row.to}, row.amount));
        const Money available = AvailableOf(tx, book_, row.from);
        if (available < row.amount) {
          DecidePoolTransfer(tx, book_, id, PoolTransferState::kShort,
                             fmt::format("{} were free", available), recorded);
          return Outcome{true, row.amount, available};
        }
        DecidePoolTransfer(tx, book_, id, PoolTransferState::kPosted, "approved", recorded);
        ASSIGN_OR_RETURN(const auto results, ledger_.PostIn(tx, book_, std::span(&journal, 1)));
        RETURN_IF_ERROR(RequireAccepted(results));
        return Outcome{};
      }));
  if (!outcome.is_short) return OkStatus();
  return FailedPrecondition(
      "transfer {} needs {} and the pool has {} free: it is over, ask for another one", id,
      outcome.needed, outcome.available);
}

Status PoolService::RejectTransfer(PoolTransferId id, const std::string& reason, Actor actor) {
  if (reason.empty()) return InvalidArgument("say why transfer {} is rejected", id);
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    RETURN_IF_ERROR(LockToDecide(tx, book_, id, actor).status());
    DecidePoolTransfer(tx, book_, id, PoolTransferState::kRejected, reason, recorded);
    return OkStatus();
  });
}

StatusOr<std::vector<PoolTransferRow>> PoolService::Transfers(bool all) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<PoolTransferRow>> {
    return LoadPoolTransfers(tx, book_, all);
  });
}

StatusOr<FundingId> PoolService::ExpectFunding(PoolId pool, Money amount, Date expected_on,
                                               const std::string& reference, Actor actor) {
  if (amount <= Money{}) return InvalidArgument("a deposit is above zero, not {}", amount);
  const FundingRow row{.id = ids_.Next<FundingTag>(),
                       .pool = pool,
                       .amount = amount,
                       .expected_on = expected_on,
                       .reference = reference};
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<FundingId> {
    if (!FindPool(tx, book_, pool)) return NotFound("there is no pool {} in this book", pool);
    InsertFunding(tx, book_, row, recorded);
    return row.id;
  });
}

Status PoolService::WithdrawFunding(FundingId id, Actor actor) {
  RETURN_IF_ERROR(RequirePerson(actor));
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    if (CloseFunding(tx, book_, id, FundingState::kWithdrawn, std::nullopt)) return OkStatus();
    return FailedPrecondition("instruction {} is not expected any more", id);
  });
}

Status PoolService::FundFromStatement(const StatementDeposit& deposit, Actor actor) {
  RETURN_IF_ERROR(RequirePerson(actor));
  if (deposit.amount <= Money{}) {
    return InvalidArgument("a deposit is above zero, not {}", deposit.amount);
  }
  if (deposit.reference.empty()) return InvalidArgument("name the bank's reference of the deposit");
  const Recorded recorded{actor.user, clock_.Now()};
  const auto id = ids_.Next<FundingTag>();
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const auto pool = FindPool(tx, book_, deposit.pool);
    if (!pool) return NotFound("there is no pool {} in this book", deposit.pool);
    std::vector<BankLineRow> lines = LockOpenLines(tx, book_, pool->bank_account);
    std::erase_if(lines, [&](const BankLineRow& line) { return !Shows(line, deposit); });
    if (lines.size() != 1) {
      return FailedPrecondition(
          "{} open credits of {} on {} at the account of {} have '{}' in their text: a deposit "
          "comes with the bank's statement, and its reference names one",
          lines.size(), deposit.amount, FormatDate(deposit.on), pool->name, deposit.reference);
    }
    InsertFunding(tx, book_,
                  {.id = id,
                   .pool = deposit.pool,
                   .amount = deposit.amount,
                   .expected_on = deposit.on,
                   .reference = deposit.reference},
                  recorded);
    const LineMatchRow match{.line = lines.front().id,
                             .kind = BankTargetKind::kFunding,
                             .target = id.Value(),
                             .amount = deposit.amount,
                             .rule = "a person"};
    if (!CloseFunding(tx, book_, id, FundingState::kMatched, match.line)) {
      return Aborted("instruction {} was closed by somebody else", id);
    }
    InsertLineMatches(tx, book_, std::span(&match, 1), recorded);
    const Journal journal = MakeJournal(
        {.id = DerivedUuid("fund_pool",
                           std::vector{std::to_string(book_.Value()), std::to_string(id.Value())}),
         .source_id = id.Value(),
         .actor = actor.user,
         .effective_date = deposit.on},
        FundPool(BankSuspenseAccount(pool->bank_account), deposit.pool, deposit.amount));
    ASSIGN_OR_RETURN(const auto results, ledger_.PostIn(tx, book_, std::span(&journal, 1)));
    return RequireAccepted(results);
  });
}

StatusOr<std::vector<MatchedDeposit>> PoolService::MatchDeposits(Actor actor) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<MatchedDeposit>> {
    return MatchDepositsIn(tx, actor);
  });
}

StatusOr<std::vector<MatchedDeposit>> PoolService::MatchDepositsIn(pg::Transaction& tx,
                                                                   Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  std::vector<MatchedDeposit> matched;
  std::vector<Journal> journals;
  std::vector<LineMatchRow> matches;
  const std::vector<Pool> pools = LoadPoolsOf(tx, book_);
  std::set<BankAccountId> accounts;
  for (const Pool& pool : pools) accounts.insert(pool.bank_account);
  // Lines come before instructions in the lock order, as they do when statements are applied.
  std::vector<std::pair<BankAccountId, std::vector<BankLineRow>>> open;
  for (const BankAccountId account : accounts) {
    open.emplace_back(account, LockOpenLines(tx, book_, account));
  }
  const std::vector<FundingRow> funding = LockExpectedFunding(tx, book_);
  for (const auto& [account, lines] : open) {
    std::vector<OpenDeposit> deposits;
    for (const BankLineRow& line : lines) {
      if (line.direction != BankDirection::kCredit) continue;
      deposits.push_back(
          {line.id, line.as_of, line.amount,
           line.bank_reference + " " + line.customer_reference + " " + line.information});
    }
    std::vector<ExpectedFunding> expected;
    std::vector<const FundingRow*> rows;
    for (const FundingRow& row : funding) {
      const auto pool = std::ranges::find(pools, row.pool, &Pool::id);
      if (pool == pools.end() || pool->bank_account != account) continue;
      expected.push_back({row.id.Value(), row.expected_on, row.amount, row.reference});
      rows.push_back(&row);
    }
    for (const FundingMatch& match : MatchFunding(deposits, expected)) {
      const FundingRow& row = *rows[match.expected];
      const OpenDeposit& deposit = deposits[match.deposit];
      journals.push_back(
          MakeJournal({.id = DerivedUuid("fund_pool", std::vector{std::to_string(book_.Value()),
                                                                  std::to_string(row.id.Value())}),
                       .source_id = row.id.Value(),
                       .actor = actor.user,
                       .effective_date = deposit.day},
                      FundPool(BankSuspenseAccount(account), row.pool, row.amount)));
      matches.push_back({.line = deposit.line,
                         .kind = BankTargetKind::kFunding,
                         .target = row.id.Value(),
                         .amount = row.amount,
                         .rule = std::string(match.rule)});
      if (!CloseFunding(tx, book_, row.id, FundingState::kMatched, deposit.line)) {
        return Aborted("instruction {} was closed by somebody else", row.id);
      }
      matched.push_back({row, deposit.line, std::string(match.rule)});
    }
  }
  if (matched.empty()) return matched;
  InsertLineMatches(tx, book_, matches, recorded);
  ASSIGN_OR_RETURN(const auto results, ledger_.PostIn(tx, book_, journals));
  RETURN_IF_ERROR(RequireAccepted(results));
  return matched;
}

StatusOr<std::vector<UnmatchedDeposit>> PoolService::Unmatched(Date today) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<UnmatchedDeposit>> {
    std::vector<UnmatchedDeposit> deposits;
    for (BankLineRow& line : LoadOpenLines(tx, book_)) {
      if (line.direction != BankDirection::kCredit) continue;
      const int age = std::max(BankingDaysBetween(line.as_of, today), 0);
      deposits.push_back({std::move(line), age});
    }
    return deposits;
  });
}

}  // namespace sluice::payments
