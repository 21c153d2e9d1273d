#include "payments/inbound/bank_statements.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "core/calendar.h"
#include "core/check.h"
#include "payments/inbound/open_lines.h"
#include "payments/inbound/staging.h"
#include "payments/ledger/book_store.h"
#include "payments/ledger/events.h"
#include "payments/payee_service.h"
#include "payments/release_service.h"
#include "payments/reversals/reversal_store.h"
#include "payments/run_store.h"

namespace sluice::payments {
namespace {

// What makes two booked lines of an account the same fact, but for the occurrence. Of a check that
// was paid also its number, so that a report that lists the day's checks in another order, or more
// of them, is understood.
using LineFacts = std::tuple<Date, std::string, bool, Money, std::string, std::string>;

LineFacts FactsOf(const InboundItemRow& item) {
  return {*item.occurred_on, item.code,      item.debit,
          item.amount,       item.reference, SaysCheckPaid(item.code) ? item.other_reference : ""};
}

// The occurrence of each line among equal ones of its statement.
std::map<std::int32_t, std::int32_t> OccurrencesIn(const std::vector<InboundItemRow>& items,
                                                   const Digest& account) {
  std::map<LineFacts, std::int32_t> seen;
  std::map<std::int32_t, std::int32_t> occurrences;
  for (const InboundItemRow& item : items) {
    if (item.kind != ItemKind::kBankLine || item.account_blind != account) continue;
    occurrences[item.item_no] = ++seen[FactsOf(item)];
  }
  return occurrences;
}

std::int64_t LineIdOf(const InboundItemRow& item, BankAccountId account, std::int32_t occurrence) {
  std::vector parts{
      std::to_string(account.Value()), FormatDate(*item.occurred_on),       item.code,
      std::to_string(item.debit),      std::to_string(item.amount.Cents()), item.reference,
      std::to_string(occurrence)};
  if (SaysCheckPaid(item.code)) parts.push_back(item.other_reference);
  const Uuid uuid = DerivedUuid("bank_line_id", parts);
  std::uint64_t value = 0;
  for (std::size_t i = 8; i < 16; ++i) value = (value << 8U) | uuid[i];
  return static_cast<std::int64_t>((value & 0x3FFFFFFFFFFFFFFFU) | 1U);
}

// One account in one transaction.
class Booker {
 public:
  Booker(pg::Transaction& tx, const Ledger& ledger, const DepositAccount& account,
         const Recorded& recorded)
      : tx_(tx), ledger_(ledger), account_(account), recorded_(recorded) {}

  StatusOr<std::vector<ItemMove>> Book(BookId home, std::span<const InboundItemRow> items) {
    for (const FileInTransit& file : LoadFilesInTransit(tx_, account_.book, account_.account)) {
      runs_.insert(file.run);
    }
    AddRunsOfChecks(items);
    for (const RunId run : runs_) CHECK(LockRun(tx_, account_.book, run).has_value());
    open_ = LockOpenLines(tx_, account_.book, account_.account);
    known_ = open_.size();
    for (const InboundItemRow& item : items) {
      if (item.kind == ItemKind::kBankLine) {
        AddLine(home, item);
      } else {
        AddBalance(item);
      }
    }
    WriteStatements();
    RETURN_IF_ERROR(Match());
    return std::move(moves_);
  }

 private:
  void Done(const InboundItemRow& item, ItemState to, std::string reason,
            std::optional<std::int64_t> target = std::nullopt) {
    moves_.push_back({.file = item.file,
                      .item_no = item.item_no,
                      .to = to,
                      .reason = std::move(reason),
                      .target_book = account_.book,
                      .target_id = target});
  }

  // The runs of the checks that the lines name.
  void AddRunsOfChecks(std::span<const InboundItemRow> items) {
    std::vector<BankLineRow> lines = LoadOpenLines(tx_, account_.book);
    std::erase_if(lines, [&](const BankLineRow& line) { return line.account != account_.account; });
    for (const InboundItemRow& item : items) {
      if (item.kind != ItemKind::kBankLine) continue;
      lines.push_back({.type_code = item.code, .customer_reference = item.other_reference});
    }
    for (const CheckAtBank& row :
         FindChecks(tx_, account_.book, account_.account, CheckNumbersOf(lines))) {
      if (row.check.state == CheckState::kOutstanding) runs_.insert(row.check.run);
    }
  }

  const std::map<std::int32_t, std::int32_t>& Occurrences(BookId home, InboundFileId file) {
    const auto found = occurrences_.find(file);
    if (found != occurrences_.end()) return found->second;
    // All lines of the file, also those that are not applied now.
    return occurrences_
        .emplace(file, OccurrencesIn(LoadInboundItems(tx_, home, file), account_.blind))
        .first->second;
  }

  void AddLine(BookId home, const InboundItemRow& item) {
    BankLineRow line{.account = account_.account,
                     .as_of = *item.occurred_on,
                     .type_code = item.code,
                     .direction = item.debit ? BankDirection::kDebit : BankDirection::kCredit,
                     .amount = item.amount,
                     .bank_reference = item.reference,
                     .customer_reference = item.other_reference,
                     .information = item.information,
                     .occurrence = Occurrences(home, item.file).at(item.item_no),
                     .file = item.file,
                     .item_no = item.item_no};
    line.id = LineIdOf(item, account_.account, line.occurrence);
    auto day = days_.find(line.as_of);
    if (day == days_.end()) {
      std::map<std::int64_t, BankLineRow> lines;
      for (BankLineRow& row : LoadLinesOfDay(tx_, account_.book, account_.account, line.as_of)) {
        const std::int64_t id = row.id;
        lines.emplace(id, std::move(row));
      }
      day = days_.emplace(line.as_of, std::move(lines)).first;
    }
    const auto same = day->second.find(line.id);
    if (same != day->second.end()) {
      const bool own = same->second.file == item.file && same->second.item_no == item.item_no;
      Done(item, own ? ItemState::kApplied : ItemState::kDuplicate,
           own ? "booked" : "this line was booked from another statement", line.id);
      return;
    }
    day->second.emplace(line.id, line);
    items_.emplace(line.id, item);
    open_.push_back(std::move(line));
  }

  void AddBalance(const InboundItemRow& item) {
    StatementRow& row = statements_[{*item.occurred_on, item.file}];
    row.account = account_.account;
    row.as_of = *item.occurred_on;
    row.file = item.file;
    if (item.kind == ItemKind::kStatement) {
      row.item_no = item.item_no;
    } else if (item.code == "010") {
      row.opening = item.amount;
    } else if (item.code == "015") {
      row.closing = item.amount;
    } else {
      row.available = item.amount;
    }
    Done(item, ItemState::kApplied, "kept");
  }

  void WriteStatements() {
    for (const auto& [key, row] : statements_) {
      if (row.item_no > 0) InsertStatement(tx_, account_.book, row, recorded_.at);
    }
  }

  std::vector<BankTarget> Targets() {
    std::vector<BankTarget> targets;
    cash_ = LoadUnexplainedCash(tx_, account_.book, account_.account);
    for (std::size_t i = 0; i < cash_.size(); ++i) {
      targets.push_back({.kind = BankTargetKind::kBooked,
                         .id = static_cast<std::int64_t>(i),
                         .direction = cash_[i].direction,
                         .amount = cash_[i].amount,
                         .date = cash_[i].date});
    }
    for (const FileInTransit& file : LoadFilesInTransit(tx_, account_.book, account_.account)) {
      if (!runs_.contains(file.run)) continue;  // delivered since the runs were locked
      targets.push_back({.kind = BankTargetKind::kFile,
                         .id = file.file.Value(),
                         .direction = BankDirection::kDebit,
                         .amount = file.amount,
                         .date = file.effective_date,
                         .references = {file.name}});
      run_of_.emplace(file.file.Value(), file.run);
    }
    for (const ReturnDue& due : LoadReturnsDue(tx_, account_.book, account_.account)) {
      targets.push_back(
          {.kind = due.taken_back ? BankTargetKind::kTakenBack : BankTargetKind::kReturned,
           .id = due.payment.Value(),
           .direction = due.taken_back ? BankDirection::kDebit : BankDirection::kCredit,
           .amount = due.amount,
           .date = due.returned_on,
           .references = {due.payment_key}});
    }
    for (const ReversalDue& due : LoadReversalsDue(tx_, account_.book, account_.account)) {
      targets.push_back(
          {.kind = BankTargetKind::kReversal,
           .id = due.reversal.Value(),
           .direction = due.taken_back ? BankDirection::kDebit : BankDirection::kCredit,
           .amount = due.amount,
           .date = due.effective_date,
           .references = {due.payment_key}});
    }
    return targets;
  }

  Status Match() {
    std::vector<BankTarget> targets = Targets();
    std::vector<OpenBankLine> lines;
    for (std::size_t i = 0; i < open_.size(); ++i) {
      const BankLineRow& row = open_[i];
      lines.push_back(
          {.id = row.id,
           .direction = row.direction,
           .amount = row.amount,
           .as_of = row.as_of,
           .text = row.bank_reference + " " + row.customer_reference + " " + row.information,
           .posted = i < known_,
           .check_paid = SaysCheckPaid(row.type_code)});
    }
    std::vector<BankMatch> found = MatchBankLines(lines, targets);
    MatchChecks(targets, found);
    std::map<std::size_t, std::vector<const BankMatch*>> by_line;
    for (const BankMatch& match : found) by_line[match.line].push_back(&match);
    std::map<std::int64_t, Money> settled;
    for (std::size_t i = 0; i < open_.size(); ++i) {
      const auto matches = by_line.find(i);
      static const std::vector<const BankMatch*> kNothing;
      WriteLine(i, matches == by_line.end() ? kNothing : matches->second, targets, settled);
    }
    RETURN_IF_ERROR(SettleFiles(targets, settled));
    RETURN_IF_ERROR(SettleChecks());
    InsertBankLines(tx_, account_.book, new_lines_, recorded_.at);
    InsertLineMatches(tx_, account_.book, matches_, recorded_);
    for (const CreditedReversal& credited : credited_) {
      if (!CreditReversal(tx_, account_.book, credited.reversal, credited.on, credited.line)) {
        return Aborted("reversal {} was moved by somebody else", credited.reversal);
      }
    }
    return Post();
  }

  // Lines that say a check was paid: the check is their target, or they wait with a reason.
  void MatchChecks(std::vector<BankTarget>& targets, std::vector<BankMatch>& found) {
    std::vector<std::size_t> places;
    std::vector<BankLineRow> lines;
    for (std::size_t i = 0; i < open_.size(); ++i) {
      if (!SaysCheckPaid(open_[i].type_code)) continue;
      places.push_back(i);
      lines.push_back(open_[i]);
    }
    checks_ = RuleOnChecks(LockChecks(tx_, account_.book, account_.account, CheckNumbersOf(lines)),
                           lines);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const PaidCheckRuling& ruling = checks_.rulings[i];
      if (ruling.verdict != PaidCheckVerdict::kPaid) {
        waiting_.emplace(lines[i].id, fmt::format("{}: {}", PaidCheckVerdictName(ruling.verdict),
                                                  ruling.reason));
        continue;
      }
      const CheckRow& check = checks_.checks[*ruling.check].check;
      if (!runs_.contains(check.run)) continue;  // the line came after the runs were locked
      check_of_.emplace(check.disbursement.Value(), *ruling.check);
      found.push_back({places[i], targets.size(), check.amount, "check number"});
      targets.push_back({.kind = BankTargetKind::kCheck,
                         .id = check.disbursement.Value(),
                         .direction = BankDirection::kDebit,
                         .amount = check.amount,
                         .date = check.issued_on});
    }
  }

  JournalHeader Header(std::string_view kind, const BankLineRow& line, std::int64_t target) const {
    return {.id = DerivedUuid(kind, std::vector{std::to_string(account_.book.Value()),
                                                std::to_string(line.id), std::to_string(target)}),
            .source_id = line.id,
            .actor = recorded_.by,
            .effective_date = line.as_of};
  }

  void WriteLine(std::size_t index, const std::vector<const BankMatch*>& matches,
                 const std::vector<BankTarget>& targets, std::map<std::int64_t, Money>& settled) {
    BankLineRow& line = open_[index];
    const bool fresh = index >= known_;
    const bool booked =
        !matches.empty() && targets[matches.front()->target].kind == BankTargetKind::kBooked;
    if (fresh && !booked) {
      const JournalHeader header = Header("bank_line", line, 0);
      line.journal_id = header.id;
      journals_.push_back(MakeJournal(header, line.direction == BankDirection::kCredit
                                                  ? BankCredit(account_.account, line.amount)
                                                  : BankDebit(account_.account, line.amount)));
    }
    std::string rules;
    std::int32_t number = 0;
    for (const BankMatch* match : matches) {
      const BankTarget& target = targets[match->target];
      LineMatchRow row{.line = line.id,
                       .match_no = ++number,
                       .kind = target.kind,
                       .target = target.id,
                       .amount = match->amount,
                       .rule = std::string(match->rule)};
      if (target.kind == BankTargetKind::kBooked) {
        row.journal_id = cash_[static_cast<std::size_t>(target.id)].journal_id;
        row.target = 0;
      } else {
        Clear(line, *match, target, settled);
      }
      if (rules.empty()) rules = row.rule;
      matches_.push_back(std::move(row));
    }
    // A netted file is settled by its line and by the returns that were kept of it.
    for (const BankMatch* match : matches) {
      if (match->netted) {
        settled[targets[matches.front()->target].id] += match->amount;
      }
    }
    line.matched = !matches.empty();
    if (!fresh) return;
    const auto waits = waiting_.find(line.id);
    Done(items_.at(line.id), ItemState::kApplied,
         !matches.empty()          ? "booked and matched: " + rules
         : waits != waiting_.end() ? "booked; " + waits->second
                                   : "booked; nothing explains it yet",
         line.id);
    new_lines_.push_back(line);
  }

  // The journal that takes a matched line out of bank suspense.
  void Clear(const BankLineRow& line, const BankMatch& match, const BankTarget& target,
             std::map<std::int64_t, Money>& settled) {
    const AccountKey bank = BankSuspenseAccount(account_.account);
    if (target.kind == BankTargetKind::kCheck) {
      const CheckRow& check = checks_.checks[check_of_.at(target.id)].check;
      const JournalHeader header = Header("settle_line", line, target.id);
      journals_.push_back(MakeJournal(header, Settle(check.file, bank, match.amount)));
      paid_checks_.push_back({check, line.as_of, header.id});
      return;
    }
    if (target.kind == BankTargetKind::kFile) {
      const PaymentFileId file(target.id);
      settled[target.id] += match.amount;
      journals_.push_back(
          MakeJournal(Header("settle_line", line, target.id), Settle(file, bank, match.amount)));
      netted_file_ = file;
      return;
    }
    if (target.direction == BankDirection::kDebit) {
      journals_.push_back(MakeJournal(Header("taken_back_line", line, target.id),
                                      TakeBackReturnCash(bank, account_.account, match.amount)));
      return;
    }
    if (target.kind == BankTargetKind::kReversal) {
      credited_.push_back({ReversalId(target.id), line.as_of, line.id});
    }
    const JournalHeader header = Header("return_line", line, target.id);
    journals_.push_back(MakeJournal(
        header, match.netted ? SettleNetted(*netted_file_, account_.account, match.amount)
                             : ReturnCash(bank, account_.account, match.amount)));
  }

  Status SettleFiles(const std::vector<BankTarget>& targets,
                     const std::map<std::int64_t, Money>& settled) {
    std::map<RunId, std::set<PaymentFileId>> whole;
    for (const BankTarget& target : targets) {
      if (target.kind != BankTargetKind::kFile) continue;
      const auto sum = settled.find(target.id);
      if (sum == settled.end() || sum->second != target.amount) continue;
      whole[run_of_.at(target.id)].insert(PaymentFileId(target.id));
    }
    for (const auto& [run, files] : whole) {
      RETURN_IF_ERROR(SettlePayments(tx_, account_.book, run, files));
    }
    return OkStatus();
  }

  // The payments of the checks that were paid, and the register.
  Status SettleChecks() {
    std::map<RunId, std::set<DisbursementId>> by_run;
    for (const PaidCheck& paid : paid_checks_) {
      by_run[paid.check.run].insert(paid.check.disbursement);
    }
    for (const auto& [run, payments] : by_run) {
      RETURN_IF_ERROR(SettlePayments(tx_, account_.book, run, {}, payments));
    }
    for (PaidCheck& paid : paid_checks_) {
      MoveCheck(tx_, account_.book, paid.check,
                {.state = CheckState::kPaid,
                 .happened_on = paid.on,
                 .reason = "the bank paid it",
                 .journal_id = paid.journal,
                 .recorded = recorded_});
    }
    return OkStatus();
  }

  Status Post() {
    for (std::span<const Journal> rest = journals_; !rest.empty();) {
      const auto part =
          rest.first(std::min(rest.size(), static_cast<std::size_t>(kMaxBatchTransfers)));
      ASSIGN_OR_RETURN(const auto results, ledger_.PostIn(tx_, account_.book, part));
      RETURN_IF_ERROR(RequireAccepted(results));
      rest = rest.subspan(part.size());
    }
    return OkStatus();
  }

  pg::Transaction& tx_;
  const Ledger& ledger_;
  const DepositAccount& account_;
  const Recorded& recorded_;
  std::set<RunId> runs_;
  std::vector<BankLineRow> open_;  // those that were open before, then the new ones
  std::size_t known_ = 0;          // how many were open before
  std::map<Date, std::map<std::int64_t, BankLineRow>> days_;
  std::map<std::int64_t, InboundItemRow> items_;
  std::map<InboundFileId, std::map<std::int32_t, std::int32_t>> occurrences_;
  std::map<std::pair<Date, InboundFileId>, StatementRow> statements_;
  std::vector<CashJournal> cash_;
  std::map<std::int64_t, RunId> run_of_;
  std::optional<PaymentFileId> netted_file_;
  CheckRulings checks_;
  std::map<std::int64_t, std::size_t> check_of_;  // payment to check
  std::map<std::int64_t, std::string> waiting_;   // line to what keeps it from its check
  struct PaidCheck {
    CheckRow check;
    Date on{};
    Uuid journal{};
  };
  std::vector<PaidCheck> paid_checks_;
  struct CreditedReversal {
    ReversalId reversal;
    Date on{};
    std::int64_t line = 0;
  };
  std::vector<CreditedReversal> credited_;

  std::vector<ItemMove> moves_;
  std::vector<Journal> journals_;
  std::vector<BankLineRow> new_lines_;
  std::vector<LineMatchRow> matches_;
};

bool IsOfStatement(const InboundItemRow& item) {
  return item.kind == ItemKind::kStatement || item.kind == ItemKind::kBankLine ||
         item.kind == ItemKind::kBalance;
}

}  // namespace

BankStatements::BankStatements(const pg::Database& app, PayerId payer, const KeyProvider& keys,
                               Clock& clock, IdGenerator& ids)
    : app_(app.ForPayer(payer)),
      payer_(payer),
      keys_(keys),
      clock_(clock),
      ids_(ids),
      ledger_(clock) {}

StatusOr<DepositAccount> BankStatements::Register(BookId book, BankAccountId account,
                                                  const AccountNumber& number, Actor actor) {
  const std::string plain = PlainAccountNumber(number.Reveal());
  const bool usable =
      !plain.empty() && plain.size() <= 34 && std::ranges::all_of(plain, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
      });
  if (!usable) return InvalidArgument("a deposit account is 1 to 34 digits and capital letters");
  ASSIGN_OR_RETURN(const DataKey index,
                   EnsureDataKey(app_, payer_, DataKeyPurpose::kBlindIndex, keys_, clock_, ids_));
  const DepositAccount row{.account = account,
                           .book = book,
                           .blind = DepositAccountIndex(index, plain),
                           .last4 = std::string(number.LastFour())};
  const Recorded recorded{actor.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<DepositAccount> {
    const std::vector<BookRecord> books = ListBooks(tx);
    if (std::ranges::find(books, book, &BookRecord::id) == books.end()) {
      return NotFound("there is no book {}", book);
    }
    if (!InsertDepositAccount(tx, payer_, row, recorded)) {
      return AlreadyExists("account {} or its number is registered already", account);
    }
    return row;
  });
}

StatusOr<std::vector<ItemMove>> BankStatements::Apply(BookId home,
                                                      std::span<const InboundItemRow> items,
                                                      Actor actor) {
  ASSIGN_OR_RETURN(const std::vector<DepositAccount> accounts,
                   app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<DepositAccount>> {
                     return LoadDepositAccounts(tx, payer_);
                   }));
  std::map<Digest, std::vector<InboundItemRow>> by_account;
  for (const InboundItemRow& item : items) {
    if (IsOfStatement(item) && item.account_blind && item.occurred_on) {
      by_account[*item.account_blind].push_back(item);
    }
  }
  std::vector<ItemMove> moves;
  for (const DepositAccount& account : accounts) {
    const auto own = by_account.extract(account.blind);
    static const std::vector<InboundItemRow> kNone;
    RETURN_IF_ERROR(ApplyAccount(home, account, own.empty() ? kNone : own.mapped(), actor, moves));
  }
  for (const auto& [blind, rest] : by_account) {
    for (const InboundItemRow& item : rest) {
      std::string reason = fmt::format(
          "the account ending {} is not registered as one of ours: register it, then apply",
          item.account_last4);
      if (item.state == ItemState::kSuspense && item.reason == reason) continue;
      moves.push_back({.file = item.file,
                       .item_no = item.item_no,
                       .to = ItemState::kSuspense,
                       .reason = std::move(reason)});
    }
  }
  return moves;
}

Status BankStatements::ApplyAccount(BookId home, const DepositAccount& account,
                                    std::span<const InboundItemRow> items, Actor actor,
                                    std::vector<ItemMove>& moves) {
  const Recorded recorded{actor.user, clock_.Now()};
  ASSIGN_OR_RETURN(std::vector<ItemMove> done, app_.Transact([&](pg::Transaction& tx) {
    return Booker(tx, ledger_, account, recorded).Book(home, items);
  }));
  std::ranges::move(done, std::back_inserter(moves));
  return OkStatus();
}

StatusOr<std::vector<CashPosition>> BankStatements::Positions() {
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<CashPosition>> {
    std::vector<CashPosition> positions;
    for (const DepositAccount& account : LoadDepositAccounts(tx, payer_)) {
      CashPosition position{.account = account};
      for (StatementRow& row : LoadLatestStatements(tx, account.book)) {
        if (row.account == account.account) position.statement = std::move(row);
      }
      const AccountKey cash = CashAccount(account.account);
      const auto lines = position.statement
                             ? TrialBalanceOnDate(tx, account.book, position.statement->as_of)
                             : TrialBalance(tx, account.book);
      for (const AccountLine& line : lines) {
        if (line.key == cash) position.ledger_cash = line.counters.DebitBalance();
      }
      for (const BankLineRow& line : LoadOpenLines(tx, account.book)) {
        if (line.account != account.account) continue;
        (line.direction == BankDirection::kCredit ? position.unmatched_credits
                                                  : position.unmatched_debits) += line.amount;
      }
      if (position.statement && position.statement->closing) {
        position.difference = *position.statement->closing - position.ledger_cash;
      }
      positions.push_back(std::move(position));
    }
    return positions;
  });
}

StatusOr<std::vector<UnmatchedLine>> BankStatements::Exceptions(Date today) {
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<UnmatchedLine>> {
    std::vector<UnmatchedLine> open;
    std::set<BookId> books;
    for (const DepositAccount& account : LoadDepositAccounts(tx, payer_)) {
      books.insert(account.book);
    }
    for (const BookId book : books) {
      for (UnmatchedLine& line : UnmatchedOf(tx, book, today)) open.push_back(std::move(line));
    }
    return open;
  });
}

}  // namespace sluice::payments
