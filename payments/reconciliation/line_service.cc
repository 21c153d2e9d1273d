#include "payments/reconciliation/line_service.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/check.h"
#include "payments/inbound/return_store.h"
#include "payments/ledger/book_store.h"
#include "payments/ledger/events.h"
#include "payments/payee_store.h"
#include "payments/release_service.h"
#include "payments/run_store.h"

namespace sluice::payments {
namespace {

Status RequireHuman(Actor actor) {
  if (actor.human) return OkStatus();
  return PermissionDenied("{} is a service: a person says what a line is", actor.user);
}

OpenBankLine OpenLineOf(const BankLineRow& line) {
  return {.id = line.id,
          .direction = line.direction,
          .amount = line.amount,
          .as_of = line.as_of,
          .check_paid = SaysCheckPaid(line.type_code)};
}

// One split in one transaction: finds what its parts stand for, under locks, and posts them. Lock
// order: runs, lines, checks, returned payments, obligations, payments, then the head of the book.
class Splitter {
 public:
  Splitter(pg::Transaction& tx, BookId book, std::span<const SplitPart> parts)
      : tx_(tx), book_(book), parts_(parts) {}

  // Finds and checks. NotFound when the line is not open.
  Status Prepare(BankLineId id) {
    ASSIGN_OR_RETURN(line_, FindOpen(LoadOpenLines(tx_, book_), id));
    LockRunsOfParts();
    // Again, under the lock of the account's open lines.
    open_ = LockOpenLines(tx_, book_, line_.account);
    ASSIGN_OR_RETURN(line_, FindOpen(open_, id));
    files_ = LoadFilesInTransit(tx_, book_, line_.account);
    returns_ = LoadReturnsDue(tx_, book_, line_.account);
    checks_ = LockChecks(tx_, book_, line_.account, NumbersOfParts());
    for (const Pool& pool : LoadPoolsOf(tx_, book_)) {
      if (pool.bank_account == line_.account) pools_.push_back(pool);
    }
    for (const SplitPart& part : parts_) {
      ASSIGN_OR_RETURN(std::optional<SplitTarget> target, Find(part));
      targets_.push_back(std::move(target));
    }
    return CheckSplit(OpenLineOf(line_), parts_, targets_);
  }

  const BankLineRow& Line() const { return line_; }

  // Requires: Prepare was ok.
  Status Post(const Ledger& ledger, LineSplitId id, const Recorded& recorded) {
    std::vector<Journal> journals;
    std::vector<LineMatchRow> matches;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const SplitPart& part = parts_[i];
      const SplitTarget& target = *targets_[i];
      const auto number = static_cast<std::int32_t>(i + 1);
      matches.push_back({.line = line_.id,
                         .match_no = number,
                         .kind = part.kind,
                         .target = target.id,
                         .amount = part.amount,
                         .rule = "a person"});
      if (part.kind == BankTargetKind::kLine) {
        matches.push_back({.line = target.id,
                           .match_no = 1,
                           .kind = part.kind,
                           .target = line_.id,
                           .amount = part.amount,
                           .rule = "a person"});
        continue;  // one takes out of bank suspense what the other put into it
      }
      const JournalHeader header{
          .id = DerivedUuid("split_line",
                            std::vector{std::to_string(book_.Value()), std::to_string(id.Value()),
                                        std::to_string(number)}),
          .source_id = line_.id,
          .actor = recorded.by,
          .effective_date = line_.as_of};
      ASSIGN_OR_RETURN(Lines lines, LinesOf(part, target));
      journals.push_back(MakeJournal(header, std::move(lines)));
      RETURN_IF_ERROR(Settle(part, target, header.id, recorded));
    }
    InsertLineMatches(tx_, book_, matches, recorded);
    if (journals.empty()) return OkStatus();
    ASSIGN_OR_RETURN(const auto results, ledger.PostIn(tx_, book_, journals));
    return RequireAccepted(results);
  }

 private:
  static StatusOr<BankLineRow> FindOpen(const std::vector<BankLineRow>& lines, BankLineId id) {
    const auto found = std::ranges::find(lines, id.Value(), &BankLineRow::id);
    if (found == lines.end()) {
      return NotFound("line {} is not open: it was explained, or never was", id);
    }
    return *found;
  }

  std::vector<std::int64_t> NumbersOfParts() const {
    std::set<std::int64_t> numbers;
    for (const SplitPart& part : parts_) {
      if (part.kind != BankTargetKind::kCheck) continue;
      if (const auto number = CheckNumberOf(part.reference)) numbers.insert(*number);
    }
    return {numbers.begin(), numbers.end()};
  }

  void LockRunsOfParts() {
    std::set<RunId> runs;
    const auto files = LoadFilesInTransit(tx_, book_, line_.account);
    for (const SplitPart& part : parts_) {
      if (part.kind != BankTargetKind::kFile) continue;
      const auto file = std::ranges::find(files, part.reference, &FileInTransit::name);
      if (file != files.end()) runs.insert(file->run);
    }
    for (const CheckAtBank& row : FindChecks(tx_, book_, line_.account, NumbersOfParts())) {
      runs.insert(row.check.run);
    }
    for (const RunId run : runs) CHECK(LockRun(tx_, book_, run).has_value());
    runs_ = std::move(runs);
  }

  StatusOr<std::optional<SplitTarget>> Find(const SplitPart& part) {
    using enum BankTargetKind;
    std::optional<SplitTarget> target;
    switch (part.kind) {
      case kFile:
        target = FindFile(part);
        break;
      case kReturned:
        target = FindReturn(part);
        break;
      case kCheck:
        target = FindCheck(part);
        break;
      case kLine:
        target = FindLine(part);
        break;
      case kFee:
        target = FindPoolOf(part, BankDirection::kDebit);
        break;
      case kInterest:
      case kPool:
        target = FindPoolOf(part, BankDirection::kCredit);
        break;
      case kRefund:
        return FindPayee(part, BankDirection::kCredit);
      case kOverpaid:
        return FindPayee(part, BankDirection::kDebit);
      case kBooked:
      case kFunding:
      case kTakenBack:
      case kReversal:
        return InvalidArgument("a line is not split into journals or instructions by hand");
    }
    return target;
  }

  std::optional<SplitTarget> FindFile(const SplitPart& part) const {
    const auto file = std::ranges::find(files_, part.reference, &FileInTransit::name);
    if (file == files_.end() || !runs_.contains(file->run)) return std::nullopt;
    return SplitTarget{
        .id = file->file.Value(), .direction = BankDirection::kDebit, .open = file->amount};
  }

  std::optional<SplitTarget> FindReturn(const SplitPart& part) {
    const auto due = std::ranges::find(returns_, part.reference, &ReturnDue::payment_key);
    if (due == returns_.end() || due->taken_back) return std::nullopt;
    CHECK(LockReturnedPayment(tx_, book_, due->payment).has_value());
    return SplitTarget{.id = due->payment.Value(),
                       .direction = BankDirection::kCredit,
                       .open = due->amount,
                       .whole = true};
  }

  std::optional<SplitTarget> FindCheck(const SplitPart& part) const {
    const auto number = CheckNumberOf(part.reference);
    for (const CheckAtBank& row : checks_) {
      if (number != row.check.number) continue;
      if (row.check.state != CheckState::kOutstanding || !row.sent) return std::nullopt;
      return SplitTarget{.id = row.check.disbursement.Value(),
                         .direction = BankDirection::kDebit,
                         .open = row.check.amount,
                         .whole = true};
    }
    return std::nullopt;
  }

  std::optional<SplitTarget> FindLine(const SplitPart& part) const {
    const auto id = BankLineId::Parse(part.reference);
    if (!id.ok() || id->Value() == line_.id) return std::nullopt;
    const auto other = std::ranges::find(open_, id->Value(), &BankLineRow::id);
    if (other == open_.end() || other->direction == line_.direction) return std::nullopt;
    return SplitTarget{.id = other->id, .open = other->amount, .whole = true};
  }

  std::optional<SplitTarget> FindPoolOf(const SplitPart& part, BankDirection direction) const {
    const auto pool = std::ranges::find(pools_, part.reference, &Pool::name);
    if (pool == pools_.end()) return std::nullopt;
    return SplitTarget{.id = pool->id.Value(), .direction = direction};
  }

  // The pool of the account bears what a payee owes.
  StatusOr<std::optional<SplitTarget>> FindPayee(const SplitPart& part, BankDirection direction) {
    if (pools_.size() != 1) {
      return InvalidArgument(
          "{} pools have their money at this account: nobody can say which one {} "
          "concerns",
          pools_.size(), part.reference);
    }
    ASSIGN_OR_RETURN(const PayeeId id, PayeeId::Parse(part.reference));
    if (LoadPayees(tx_, std::vector{id}).empty()) return std::optional<SplitTarget>();
    return std::optional(SplitTarget{.id = id.Value(), .direction = direction});
  }

  StatusOr<ProgramId> ProgramOfBook() {
    for (const BookRecord& record : ListBooks(tx_)) {
      if (record.id == book_ && record.program) return *record.program;
    }
    return FailedPrecondition("book {} is of no program: it has no expense", book_);
  }

  StatusOr<Lines> LinesOf(const SplitPart& part, const SplitTarget& target) {
    using enum BankTargetKind;
    const AccountKey bank = BankSuspenseAccount(line_.account);
    switch (part.kind) {
      case kFile:
        return payments::Settle(PaymentFileId(target.id), bank, part.amount);
      case kCheck:
        return payments::Settle(CheckOf(target.id).file, bank, part.amount);
      case kReturned:
        return ReturnCash(bank, line_.account, part.amount);
      case kFee: {
        ASSIGN_OR_RETURN(const ProgramId program, ProgramOfBook());
        return BankFee(program, PoolId(target.id), bank, part.amount);
      }
      case kInterest:
        return PoolInterest(bank, PoolId(target.id), part.amount);
      case kPool:
        return FundPool(bank, PoolId(target.id), part.amount);
      case kRefund:
        return Refund(bank, PayeeId(target.id), pools_.front().id, part.amount);
      case kOverpaid:
        return RefundBounced(bank, PayeeId(target.id), pools_.front().id, part.amount);
      case kLine:
      case kBooked:
      case kFunding:
      case kTakenBack:
      case kReversal:
        break;
    }
    return Internal("a {} has no journal of its own", SplitKindName(part.kind));
  }

  const CheckRow& CheckOf(std::int64_t payment) const {
    const auto found = std::ranges::find_if(
        checks_, [&](const CheckAtBank& row) { return row.check.disbursement.Value() == payment; });
    CHECK(found != checks_.end());
    return found->check;
  }

  // The payments that a part settles.
  Status Settle(const SplitPart& part, const SplitTarget& target, const Uuid& journal,
                const Recorded& recorded) {
    if (part.kind == BankTargetKind::kFile) {
      if (part.amount != *target.open) return OkStatus();
      const auto file = std::ranges::find(files_, PaymentFileId(target.id), &FileInTransit::file);
      return SettlePayments(tx_, book_, file->run, {file->file});
    }
    if (part.kind != BankTargetKind::kCheck) return OkStatus();
    CheckRow check = CheckOf(target.id);
    RETURN_IF_ERROR(SettlePayments(tx_, book_, check.run, {}, {check.disbursement}));
    MoveCheck(tx_, book_, check,
              {.state = CheckState::kPaid,
               .happened_on = line_.as_of,
               .reason = fmt::format("a person says that {} paid it", BankLineId(line_.id)),
               .journal_id = journal,
               .recorded = recorded});
    return OkStatus();
  }

  pg::Transaction& tx_;
  BookId book_;
  std::span<const SplitPart> parts_;
  BankLineRow line_;
  std::set<RunId> runs_;
  std::vector<BankLineRow> open_;
  std::vector<FileInTransit> files_;
  std::vector<ReturnDue> returns_;
  std::vector<CheckAtBank> checks_;
  std::vector<Pool> pools_;
  std::vector<std::optional<SplitTarget>> targets_;
};

}  // namespace

std::vector<LineException> LineExceptionsOf(pg::Transaction& tx, BookId book, Date today) {
  const auto owners = LoadLineOwners(tx, book);
  std::map<BankLineId, LineSplitId> waiting;
  for (const LineSplitRow& split : LoadWaitingSplits(tx, book)) {
    waiting.emplace(split.line, split.id);
  }
  std::vector<LineException> list;
  for (UnmatchedLine& line : UnmatchedOf(tx, book, today)) {
    LineException entry{.id = BankLineId(line.line.id)};
    if (const auto owner = owners.find(entry.id); owner != owners.end()) {
      entry.owner = owner->second;
    }
    if (const auto split = waiting.find(entry.id); split != waiting.end()) {
      entry.waiting = split->second;
    }
    entry.open = std::move(line);
    list.push_back(std::move(entry));
  }
  return list;
}

StatusOr<std::vector<LineException>> LineService::Exceptions(Date today) {
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<LineException>> {
    return LineExceptionsOf(tx, book_, today);
  });
}

Status LineService::Assign(BankLineId line, const LineOwner& owner, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> Status {
    const auto lines = LoadOpenLines(tx, book_);
    if (std::ranges::find(lines, line.Value(), &BankLineRow::id) == lines.end()) {
      return NotFound("line {} is not open: it was explained, or never was", line);
    }
    InsertLineOwner(tx, book_, line, owner, recorded);
    return OkStatus();
  });
}

StatusOr<SplitOutcome> LineService::Split(const SplitRequest& request, Actor actor) {
  RETURN_IF_ERROR(RequireHuman(actor));
  if (request.reason.empty()) return InvalidArgument("say how it is known what the line is");
  const Recorded recorded{actor.user, clock_.Now()};
  const LineSplitRow row{.id = ids_.Next<LineSplitTag>(),
                         .line = request.line,
                         .two_people = TakesTwoPeople(request.parts),
                         .reason = request.reason,
                         .requested = recorded,
                         .parts = request.parts};
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<SplitOutcome> {
    Splitter splitter(tx, book_, row.parts);
    RETURN_IF_ERROR(splitter.Prepare(request.line));
    for (const LineSplitRow& other : LoadWaitingSplits(tx, book_)) {
      if (other.line != request.line) continue;
      return AlreadyExists("split {} of line {} waits for another person: decide about it first",
                           other.id, request.line);
    }
    InsertLineSplit(tx, book_, row);
    if (row.two_people) return SplitOutcome{row.id, false};
    DecideLineSplit(tx, book_, row.id, LineSplitState::kPosted, "posted", recorded);
    RETURN_IF_ERROR(splitter.Post(ledger_, row.id, recorded));
    return SplitOutcome{row.id, true};
  });
}

Status LineService::Approve(LineSplitId id, Actor actor) {
  RETURN_IF_ERROR(RequireHuman(actor));
  const Recorded recorded{actor.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> Status {
    // Read first, since lines are locked before splits; the decision is guarded by its own lock.
    const auto waiting = LoadWaitingSplits(tx, book_);
    const auto found = std::ranges::find(waiting, id, &LineSplitRow::id);
    if (found == waiting.end()) return NotFound("no split {} waits for a decision", id);
    if (found->requested.by == actor.user) {
      return PermissionDenied("{} asked for split {}: another person decides about it", actor.user,
                              id);
    }
    Splitter splitter(tx, book_, found->parts);
    RETURN_IF_ERROR(splitter.Prepare(found->line));
    const auto locked = LockLineSplit(tx, book_, id);
    if (!locked || locked->state != LineSplitState::kWaits) {
      return FailedPrecondition("split {} is decided already", id);
    }
    DecideLineSplit(tx, book_, id, LineSplitState::kPosted, "approved", recorded);
    return splitter.Post(ledger_, id, recorded);
  });
}

Status LineService::Reject(LineSplitId id, const std::string& reason, Actor actor) {
  RETURN_IF_ERROR(RequireHuman(actor));
  if (reason.empty()) return InvalidArgument("say why split {} is rejected", id);
  const Recorded recorded{actor.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> Status {
    const auto row = LockLineSplit(tx, book_, id);
    if (!row) return NotFound("there is no split {}", id);
    if (row->state != LineSplitState::kWaits) {
      return FailedPrecondition("split {} is decided already: {}", id, row->decision);
    }
    DecideLineSplit(tx, book_, id, LineSplitState::kRejected, reason, recorded);
    return OkStatus();
  });
}

StatusOr<std::vector<LineSplitRow>> LineService::Waiting() {
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<LineSplitRow>> {
    return LoadWaitingSplits(tx, book_);
  });
}

}  // namespace sluice::payments
