#include "payments/inbound/inbound_service.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/calendar.h"
#include "core/check.h"
#include "core/crypto.h"
#include "core/failpoint.h"
#include "payments/disbursement_store.h"
#include "payments/file_builder.h"
#include "payments/inbound/account_test_answer.h"
#include "payments/inbound/bank_statements.h"
#include "payments/inbound/change_notice.h"
#include "payments/inbound/return_apply.h"
#include "payments/inbound/return_dispute.h"
#include "payments/inbound/return_store.h"
#include "payments/inbound/reversal_apply.h"
#include "payments/inbound/staging.h"
#include "payments/ledger/book_store.h"
#include "payments/obligation_store.h"
#include "payments/payee_service.h"
#include "payments/pluck.h"
#include "payments/run_store.h"

namespace sluice::payments {
namespace {

Bytes InboundAad(PayerId payer, BookId home, InboundFileId file) {
  return CanonicalWriter("sluice.inbound.v1")
      .I64(payer.Value())
      .I64(home.Value())
      .I64(file.Value())
      .Data();
}

// The same number for every process: the first one that receives a file makes the book.
BookId TreasuryIdOf(PayerId payer) {
  const Uuid uuid = DerivedUuid("treasury_book", std::vector{std::to_string(payer.Value())});
  std::uint64_t value = 0;
  for (std::size_t i = 8; i < 16; ++i) value = (value << 8U) | uuid[i];
  return BookId(static_cast<std::int64_t>((value & 0x3FFFFFFFFFFFFFFFU) | 1U));
}

bool IsAboutAPayment(const InboundItemRow& item) {
  switch (item.kind) {
    case ItemKind::kReturn:
    case ItemKind::kChange:
    case ItemKind::kDishonored:
    case ItemKind::kContested:
    case ItemKind::kReject:
      return true;
    default:
      return false;
  }
}

bool IsAnswer(const InboundItemRow& item) {
  return item.kind == ItemKind::kGroupAnswer || item.kind == ItemKind::kInterchangeAnswer;
}

ItemMove MoveOf(const InboundItemRow& item, ItemState to, std::string reason) {
  return {.file = item.file, .item_no = item.item_no, .to = to, .reason = std::move(reason)};
}

// The name without its folders: what the bank called it.
std::string BaseName(const std::string& name) {
  const std::size_t slash = name.find_last_of("/\\");
  std::string base = slash == std::string::npos ? name : name.substr(slash + 1);
  for (char& c : base) {
    if (c < ' ' || c > '~') c = '?';
  }
  return base.empty() ? "unnamed" : base.substr(0, 200);
}

}  // namespace

InboundService::InboundService(const pg::Database& app, const pg::Database& files, PayerId payer,
                               const KeyProvider& keys, Clock& clock, IdGenerator& ids)
    : app_(app.ForPayer(payer)),
      files_(files.ForPayer(payer)),
      payer_(payer),
      keys_(keys),
      clock_(clock),
      ids_(ids),
      ledger_(clock) {}

StatusOr<BookId> InboundService::Home() {
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<BookId> {
    if (const auto home = FindHomeBook(tx)) return *home;
    const BookId id = TreasuryIdOf(payer_);
    InsertBook(tx, {.id = id, .payer = payer_, .program = {}, .kind = BookKind::kTreasury});
    return id;
  });
}

StatusOr<std::vector<BookId>> InboundService::Books() {
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<BookId>> {
    return Pluck(ListBooks(tx), &BookRecord::id);
  });
}

StatusOr<ReceivedFile> InboundService::Receive(const std::string& name, std::string_view bytes,
                                               Actor actor) {
  if (bytes.empty()) {
    return InvalidArgument("{} is empty: ask for it again; a file without entries has a header",
                           BaseName(name));
  }
  if (bytes.size() > kMaxInboundBytes) {
    return InvalidArgument("{} has {} bytes; {} are allowed", BaseName(name), bytes.size(),
                           kMaxInboundBytes);
  }
  ASSIGN_OR_RETURN(const BookId home, Home());
  ASSIGN_OR_RETURN(const DataKey seal,
                   EnsureDataKey(app_, payer_, DataKeyPurpose::kSeal, keys_, clock_, ids_));
  ASSIGN_OR_RETURN(const DataKey index,
                   EnsureDataKey(app_, payer_, DataKeyPurpose::kBlindIndex, keys_, clock_, ids_));
  const Digest sha256 = Sha256(AsBytes(bytes));
  const Recorded recorded{actor.user, clock_.Now()};
  InboundFileRow file{.id = ids_.Next<InboundFileTag>(),
                      .fingerprint = HmacSha256(index.key.Reveal(), sha256),
                      .name = BaseName(name),
                      .kind = KindOf(bytes),
                      .size = static_cast<std::int64_t>(bytes.size()),
                      .received_by = recorded.by,
                      .received_at = recorded.at};
  const SealedBytes content = SealBytes(seal, bytes, InboundAad(payer_, home, file.id));
  bool known_before = false;
  ASSIGN_OR_RETURN(const InboundFileId id,
                   files_.Transact([&](pg::Transaction& tx) -> StatusOr<InboundFileId> {
                     const auto known = FindInboundByFingerprint(tx, home, file.fingerprint);
                     known_before = known.has_value();
                     const InboundFileId stored = known ? known->id : file.id;
                     if (!known) InsertInboundFile(tx, home, file, sha256, content);
                     InsertInboundDelivery(tx, home, stored, file.name, recorded);
                     return stored;
                   }));
  RETURN_IF_ERROR(Failpoint("bank.after_store"));
  // Also when it was known: an earlier process may have stopped between storing and reading.
  RETURN_IF_ERROR(Stage(home, id, bytes, actor));
  return Describe(home, id, known_before);
}

Status InboundService::Stage(BookId home, InboundFileId file, std::string_view bytes, Actor actor) {
  ASSIGN_OR_RETURN(const DataKey index,
                   EnsureDataKey(app_, payer_, DataKeyPurpose::kBlindIndex, keys_, clock_, ids_));
  const Recorded recorded{actor.user, clock_.Now()};
  return files_.Transact([&](pg::Transaction& tx) -> Status {
    const auto row = LockInboundFile(tx, home, file);
    if (!row) return NotFound("there is no inbound file {}", file);
    if (row->state != InboundState::kStored) return OkStatus();
    StagedFile staged = StageBytes(file, row->name, bytes, [&](std::string_view number) {
      return DepositAccountIndex(index, number);
    });
    std::map<Digest, InboundItemRow> elsewhere;
    for (InboundItemRow& item :
         FindItemsByKey(tx, home, file, Pluck(staged.items, &InboundItemRow::key))) {
      // One that was applied or waits counts before one that a fault stopped.
      const auto [at, added] = elsewhere.emplace(item.key, item);
      if (!added && at->second.state == ItemState::kQuarantined) at->second = std::move(item);
    }
    std::vector<ItemMove> replaced;
    for (InboundItemRow& item : staged.items) {
      const auto same = elsewhere.find(item.key);
      if (same == elsewhere.end() || item.state == ItemState::kQuarantined) continue;
      const InboundItemRow& other = same->second;
      if (other.state == ItemState::kQuarantined || other.state == ItemState::kReplaced) {
        replaced.push_back(
            MoveOf(other, ItemState::kReplaced,
                   fmt::format("came again in file {} item {}", file, item.item_no)));
      } else {
        item.state = ItemState::kDuplicate;
        item.reason =
            fmt::format("the same entry is item {} of file {}", other.item_no, other.file);
      }
    }
    InsertInboundFaults(tx, home, file, staged.faults);
    InsertInboundItems(tx, home, staged.items, recorded);
    MoveItems(tx, home, replaced, recorded);
    SetInboundKind(tx, home, file, staged.kind);
    SetInboundState(tx, home, file, staged.state, staged.reason);
    return OkStatus();
  });
}

StatusOr<ReceivedFile> InboundService::Describe(BookId home, InboundFileId file,
                                                bool known_before) {
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<ReceivedFile> {
    auto row = FindInboundFile(tx, home, file);
    if (!row) return NotFound("there is no inbound file {}", file);
    ReceivedFile received{.file = *std::move(row),
                          .known_before = known_before,
                          .faults = LoadInboundFaults(tx, home, file)};
    for (const InboundItemRow& item : LoadInboundItems(tx, home, file)) {
      ++received.items[item.state];
    }
    return received;
  });
}

StatusOr<std::string> InboundService::StoredBytes(BookId home, InboundFileId file) {
  ASSIGN_OR_RETURN(const auto keys, UnwrapDataKeys(files_, payer_, keys_));
  ASSIGN_OR_RETURN(const InboundContent content,
                   files_.Transact([&](pg::Transaction& tx) -> StatusOr<InboundContent> {
                     auto found = FindInboundContent(tx, home, file);
                     if (!found) return NotFound("there is no inbound file {}", file);
                     return *std::move(found);
                   }));
  ASSIGN_OR_RETURN(std::string bytes,
                   OpenBytes(keys, content.sealed, InboundAad(payer_, home, file),
                             fmt::format("inbound file {}", file)));
  if (Sha256(AsBytes(bytes)) != content.sha256) {
    return DataLoss("inbound file {} does not have the hash that was stored for it", file);
  }
  return bytes;
}

StatusOr<AppliedItems> InboundService::Apply(Date today, Actor actor) {
  ASSIGN_OR_RETURN(const BookId home, Home());
  ASSIGN_OR_RETURN(const std::vector<InboundItemRow> items,
                   app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<InboundItemRow>> {
                     constexpr std::array kStates = {ItemState::kStaged, ItemState::kSuspense};
                     return LoadItemsInState(tx, home, kStates);
                   }));
  AppliedItems applied;
  std::vector<InboundItemRow> about_payments, answers;
  for (const InboundItemRow& item : items) {
    if (IsAboutAPayment(item)) about_payments.push_back(item);
    if (IsAnswer(item)) answers.push_back(item);
  }
  RETURN_IF_ERROR(Failpoint("bank.before_apply"));
  RETURN_IF_ERROR(ApplyReturnsOf(home, about_payments, today, actor, applied.moves));
  RETURN_IF_ERROR(ApplyAnswers(answers, actor, applied.moves));
  // After the returns: a line of today may bring back the money of one.
  BankStatements statements(app_, payer_, keys_, clock_, ids_);
  ASSIGN_OR_RETURN(std::vector<ItemMove> booked, statements.Apply(home, items, actor));
  std::ranges::move(booked, std::back_inserter(applied.moves));
  RETURN_IF_ERROR(FinishFiles(home, applied.moves, actor));
  for (const ItemMove& move : applied.moves) ++applied.items[move.to];
  return applied;
}

StatusOr<SentIndex> InboundService::IndexOf(const std::vector<InboundItemRow>& items) {
  std::set<std::int64_t> sequences;
  for (const InboundItemRow& item : items) {
    const std::int64_t sequence = TraceSequenceOf(item.original_trace);
    if (sequence >= 0) sequences.insert(sequence);
  }
  ASSIGN_OR_RETURN(const std::vector<BookId> books, Books());
  ASSIGN_OR_RETURN(const std::vector<SentTrace> traces,
                   app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<SentTrace>> {
                     return FindSentTraces(
                         tx, books, std::vector<std::int64_t>(sequences.begin(), sequences.end()));
                   }));
  std::map<std::pair<BookId, PaymentFileId>, std::map<std::int64_t, DisbursementId>> by_file;
  for (const SentTrace& trace : traces) {
    by_file[{trace.book, trace.file}][trace.sequence] = trace.disbursement;
  }
  ASSIGN_OR_RETURN(const auto keys, UnwrapDataKeys(files_, payer_, keys_));
  SentIndex index;
  for (const auto& [file, payments] : by_file) {
    ASSIGN_OR_RETURN(const std::string bytes,
                     ReadPaymentFile(files_, {payer_, file.first, file.second}, keys));
    ASSIGN_OR_RETURN(std::vector<SentEntry> entries,
                     ReadSentEntries(fmt::format("file {}", file.second), bytes));
    for (SentEntry& entry : entries) {
      const auto payment = payments.find(TraceSequenceOf(entry.trace));
      if (payment == payments.end()) continue;
      entry.book = file.first;
      entry.file = file.second;
      entry.disbursement = payment->second;
      index.Add(std::move(entry));
    }
  }
  return index;
}

StatusOr<std::set<InboundService::ItemKey>> InboundService::ApplyOtherAnswers(
    const std::vector<InboundItemRow>& items, Actor actor, std::vector<ItemMove>& moves) {
  const Recorded recorded{actor.user, clock_.Now()};
  ASSIGN_OR_RETURN(const std::vector<BookId> books, Books());
  ASSIGN_OR_RETURN(
      const std::vector<ItemMove> done,
      app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<ItemMove>> {
        std::vector<ItemMove> answered = ApplyAccountTestAnswers(tx, payer_, items, recorded);
        std::ranges::move(ApplyReversalAnswers(tx, books, items), std::back_inserter(answered));
        return answered;
      }));
  std::set<ItemKey> answers;
  for (const ItemMove& move : done) answers.insert({move.file, move.item_no});
  moves.insert(moves.end(), done.begin(), done.end());
  return answers;
}

Status InboundService::ApplyReturnsOf(BookId home, const std::vector<InboundItemRow>& items,
                                      Date today, Actor actor, std::vector<ItemMove>& moves) {
  if (items.empty()) return OkStatus();
  ASSIGN_OR_RETURN(const SentIndex index, IndexOf(items));
  std::map<BookId, std::vector<MatchedItem>> by_book;
  std::vector<std::pair<InboundItemRow, SentEntry>> changes;
  std::vector<ItemMove> waiting;
  ASSIGN_OR_RETURN(const std::set<ItemKey> answers, ApplyOtherAnswers(items, actor, moves));
  for (const InboundItemRow& item : items) {
    if (answers.contains({item.file, item.item_no})) continue;
    SentMatch match = index.Find(item);
    if (match.entry == nullptr) {
      if (item.state != ItemState::kSuspense || item.reason != match.reason) {
        waiting.push_back(MoveOf(item, ItemState::kSuspense, std::move(match.reason)));
      }
    } else if (item.kind == ItemKind::kChange) {
      changes.emplace_back(item, *match.entry);
    } else {
      by_book[match.entry->book].push_back({item, match.entry->disbursement});
    }
  }
  for (const auto& [book, matched] : by_book) {
    const ReturnContext context{.payer = payer_,
                                .home = home,
                                .book = book,
                                .today = today,
                                .recorded = {actor.user, clock_.Now()}};
    const pg::TransactOptions options{.statement_timeout = std::chrono::minutes(10)};
    ASSIGN_OR_RETURN(std::vector<ItemMove> done, app_.Transact(options, [&](pg::Transaction& tx) {
      return ApplyReturns(tx, ledger_, context, matched, ids_);
    }));
    RETURN_IF_ERROR(Failpoint("bank.after_book"));
    std::ranges::move(done, std::back_inserter(moves));
  }
  RETURN_IF_ERROR(ApplyChanges(home, changes, today, actor, moves));
  std::ranges::move(waiting, std::back_inserter(moves));
  return OkStatus();
}

Status InboundService::ApplyChanges(
    BookId home, const std::vector<std::pair<InboundItemRow, SentEntry>>& changes, Date today,
    Actor actor, std::vector<ItemMove>& moves) {
  if (changes.empty()) return OkStatus();
  ChangeNotices notices(app_, files_, payer_, keys_, clock_, ids_);
  std::map<std::pair<InboundFileId, std::int64_t>, SecretString> columns;
  std::map<InboundFileId, Instant> received;
  for (const auto& [item, entry] : changes) {
    if (received.contains(item.file)) continue;
    ASSIGN_OR_RETURN(const std::string bytes, StoredBytes(home, item.file));
    for (AchInboundFile& file : ReadInboundAch("stored", bytes)) {
      for (AchItem& read : file.items) {
        columns[{item.file, static_cast<std::int64_t>(read.record)}] = std::move(read.corrected);
      }
    }
    ASSIGN_OR_RETURN(const ReceivedFile row, Describe(home, item.file, true));
    received[item.file] = row.file.received_at;
  }
  for (const auto& [item, entry] : changes) {
    ASSIGN_OR_RETURN(
        const Disbursement payment,
        app_.Transact([&, &sent = entry](pg::Transaction& tx) -> StatusOr<Disbursement> {
          const std::vector<DisbursementId> ids{sent.disbursement};
          auto rows = LockDisbursements(tx, sent.book, ids);
          CHECK(rows.size() == 1);
          return std::move(rows.front());
        }));
    const ReceivedChange change{.home = home,
                                .item = item,
                                .book = entry.book,
                                .payment = payment,
                                .columns = columns[{item.file, item.record_no}],
                                .received_at = received[item.file]};
    ASSIGN_OR_RETURN(ItemMove move, notices.Apply(change, today, actor));
    moves.push_back(std::move(move));
  }
  return OkStatus();
}

// A 999 or TA1 names the control number of one of our 835 files.
Status InboundService::ApplyAnswers(const std::vector<InboundItemRow>& items, Actor actor,
                                    std::vector<ItemMove>& moves) {
  if (items.empty()) return OkStatus();
  ASSIGN_OR_RETURN(const std::vector<BookId> books, Books());
  const Recorded recorded{actor.user, clock_.Now()};
  for (const InboundItemRow& item : items) {
    const auto verdict = static_cast<int>(item.code[0] - '0');
    ASSIGN_OR_RETURN(ItemMove move, app_.Transact([&](pg::Transaction& tx) -> StatusOr<ItemMove> {
      const auto file = FindRemittanceFile(tx, books, item.reference);
      if (!file) {
        return MoveOf(item, ItemState::kSuspense,
                      fmt::format("no 835 of ours has control number {}", item.reference));
      }
      ItemMove done = MoveOf(item, verdict == 0 ? ItemState::kApplied : ItemState::kWorkItem,
                             verdict == 0 ? item.information
                                          : item.information +
                                                ": send it again under a new control number with "
                                                "the same TRN");
      done.target_book = file->book;
      done.target_id = file->file.Value();
      if (verdict == 1 || verdict == 2) return done;
      if (!LockRun(tx, file->book, file->run)) return DataLoss("run {} is missing", file->run);
      auto locked = LockFile(tx, file->book, file->file);
      if (locked && locked->state == FileState::kDelivered) {
        RETURN_IF_ERROR(MoveFile(
            tx, file->book, *locked, verdict == 0 ? FileState::kAcked : FileState::kRejected,
            fmt::format("{} of inbound file {}", ItemKindName(item.kind), item.file), recorded));
      }
      return done;
    }));
    if (item.state == move.to && item.reason == move.reason) continue;
    moves.push_back(std::move(move));
  }
  return OkStatus();
}

Status InboundService::FinishFiles(BookId home, const std::vector<ItemMove>& moves, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  return app_.Transact([&](pg::Transaction& tx) -> Status {
    MoveItems(tx, home, moves, recorded);
    FinishStagedFiles(tx, home);
    return OkStatus();
  });
}

StatusOr<std::vector<InboundFileRow>> InboundService::Files(std::int32_t limit) {
  ASSIGN_OR_RETURN(const BookId home, Home());
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<InboundFileRow>> {
    return LoadInboundFiles(tx, home, limit);
  });
}

StatusOr<InboundService::Shown> InboundService::Show(InboundFileId file) {
  ASSIGN_OR_RETURN(const BookId home, Home());
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<Shown> {
    auto row = FindInboundFile(tx, home, file);
    if (!row) return NotFound("there is no inbound file {}", file);
    return Shown{*std::move(row), LoadInboundFaults(tx, home, file),
                 LoadInboundItems(tx, home, file)};
  });
}

StatusOr<std::vector<OpenItem>> InboundService::OpenItems(Date today) {
  ASSIGN_OR_RETURN(const BookId home, Home());
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<OpenItem>> {
    constexpr std::array kStates = {ItemState::kStaged, ItemState::kSuspense,
                                    ItemState::kQuarantined, ItemState::kWorkItem};
    std::map<InboundFileId, InboundFileRow> files;
    std::vector<OpenItem> open;
    for (InboundItemRow& item : LoadItemsInState(tx, home, kStates)) {
      auto at = files.find(item.file);
      if (at == files.end()) {
        at = files.emplace(item.file, FindInboundFile(tx, home, item.file).value()).first;
      }
      const Date received = at->second.received_at.UtcDate();
      open.push_back({.item = std::move(item),
                      .file_name = at->second.name,
                      .received_at = at->second.received_at,
                      .banking_days_old = std::max(0, BankingDaysBetween(received, today))});
    }
    std::ranges::stable_sort(open, {}, &OpenItem::received_at);
    return open;
  });
}

Status InboundService::Resolve(InboundFileId file, std::int32_t item_no, const std::string& note,
                               Actor actor) {
  return InboundDesk(app_, payer_, clock_).Resolve(file, item_no, note, actor);
}

StatusOr<std::vector<InboundService::Returned>> InboundService::ReturnedPayments() {
  ASSIGN_OR_RETURN(const std::vector<BookId> books, Books());
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<Returned>> {
    std::vector<Returned> open;
    for (const BookId book : books) {
      for (ReturnedPayment& row : LoadOpenReturnedPayments(tx, book)) {
        open.push_back({book, std::move(row)});
      }
    }
    return open;
  });
}

Status InboundService::DecideReturned(BookId book, DisbursementId payment, const Decision& decision,
                                      Actor actor) {
  return InboundDesk(app_, payer_, clock_).DecideReturned(book, payment, decision, actor);
}

Status InboundService::DecideDispute(BookId book, DisbursementId payment, const Dispute& dispute,
                                     Date today, Actor actor) {
  ASSIGN_OR_RETURN(const BookId home, Home());
  const ItemKind kind = dispute.applied ? ItemKind::kContested : ItemKind::kDishonored;
  const Recorded recorded{actor.user, clock_.Now()};
  ASSIGN_OR_RETURN(const std::vector<InboundItemRow> items,
                   app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<InboundItemRow>> {
                     constexpr std::array kStates = {ItemState::kWorkItem};
                     std::vector<InboundItemRow> rows = LoadItemsInState(tx, home, kStates);
                     std::erase_if(rows, [&](const InboundItemRow& row) {
                       return row.kind != kind || row.target_id != payment.Value();
                     });
                     return rows;
                   }));
  if (items.empty()) {
    return FailedPrecondition("no {} of payment {} waits for a decision: its file must come first",
                              ItemKindName(kind), PaymentKeyOf(payment));
  }
  const DisputeRequest request{.payer = payer_,
                               .book = book,
                               .payment = payment,
                               .note = dispute.note,
                               .first = actor,
                               .second = dispute.second,
                               .today = today};
  RETURN_IF_ERROR(app_.Transact([&](pg::Transaction& tx) -> Status {
    return dispute.applied ? ReapplyReturn(tx, ledger_, request, recorded)
                           : UnapplyReturn(tx, ledger_, request, recorded);
  }));
  std::vector<ItemMove> moves;
  for (const InboundItemRow& item : items) {
    moves.push_back(MoveOf(item, ItemState::kResolved, dispute.note));
  }
  return FinishFiles(home, moves, actor);
}

StatusOr<std::pair<BookId, DisbursementId>> InboundService::FindReturned(
    const std::string& payment_key) {
  ASSIGN_OR_RETURN(const DisbursementId id, ParsePaymentKey(payment_key));
  const std::vector<DisbursementId> ids{id};
  ASSIGN_OR_RETURN(const std::vector<BookId> books, Books());
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::pair<BookId, DisbursementId>> {
    for (const BookId book : books) {
      if (!LoadReturnedPayments(tx, book, ids).empty()) return std::pair{book, ids.front()};
    }
    return NotFound("payment {} did not come back", payment_key);
  });
}

StatusOr<std::vector<DisbursementId>> InboundService::PaymentChain(BookId book,
                                                                   DisbursementId payment) {
  return app_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<DisbursementId>> {
    return LoadPaymentChain(tx, book, payment);
  });
}

}  // namespace sluice::payments
