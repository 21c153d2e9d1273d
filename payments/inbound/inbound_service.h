// What comes back, from its bytes to the ledger: stored, read, staged, applied.
//
//   1. Bytes are stored, sealed, before they are looked at. The same bytes under any name are the
//      same file: a second delivery is noted and changes nothing.
//   2. Reading stages items and faults in one transaction. The same entry in another file is a
//      duplicate, unless it was quarantined there: then the good file replaces it.
//   3. Applying ties items to what was sent, out of the bytes of our own files, and applies them in
//      one transaction per book. What has no counterpart waits in suspense, is looked for again at
//      every apply, and is listed with its age.
//   4. Kill it anywhere and call Receive and Apply again: what is done is found, what is missing is
//      done.
// Source: LEDGER_RELIABILITY_SECURITY 6.3 (inbound), 7.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/inbound/inbound_desk.h"
#include "payments/inbound/inbound_store.h"
#include "payments/inbound/returned_payment.h"
#include "payments/inbound/sent_entries.h"
#include "payments/key_provider.h"
#include "payments/ledger/ledger.h"

namespace sluice::payments {

// Items by state.
using ItemCounts = std::map<ItemState, std::int64_t>;

struct ReceivedFile {
  InboundFileRow file;
  bool known_before = false;  // the same bytes had come before
  std::vector<InboundFault> faults;
  ItemCounts items;
};

struct AppliedItems {
  std::vector<ItemMove> moves;
  ItemCounts items;  // of the moves
};

// An item that somebody has to deal with.
struct OpenItem {
  InboundItemRow item;
  std::string file_name;
  Instant received_at;
  int banking_days_old = 0;
};

class InboundService {
 public:
  // `app` signs in as a member of sluice_app, `files` as a member of sluice_files.
  InboundService(const pg::Database& app, const pg::Database& files, PayerId payer,
                 const KeyProvider& keys, Clock& clock, IdGenerator& ids);
  InboundService(const InboundService&) = delete;
  InboundService& operator=(const InboundService&) = delete;

  // Stores, reads and stages a file. InvalidArgument when it is empty or too large.
  StatusOr<ReceivedFile> Receive(const std::string& name, std::string_view bytes, Actor actor);
  // Applies everything that is staged or in suspense. `today` is the business date.
  StatusOr<AppliedItems> Apply(Date today, Actor actor);

  StatusOr<std::vector<InboundFileRow>> Files(std::int32_t limit = 100);
  struct Shown {
    InboundFileRow file;
    std::vector<InboundFault> faults;
    std::vector<InboundItemRow> items;
  };
  StatusOr<Shown> Show(InboundFileId file);
  // Suspense, quarantine and work items, the oldest first.
  StatusOr<std::vector<OpenItem>> OpenItems(Date today);
  // As InboundDesk does it.
  Status Resolve(InboundFileId file, std::int32_t item_no, const std::string& note, Actor actor);

  // Payments that came back and wait for a decision, in all books.
  struct Returned {
    BookId book;
    ReturnedPayment payment;
  };
  StatusOr<std::vector<Returned>> ReturnedPayments();
  using Decision = InboundDesk::Decision;
  // As InboundDesk does it.
  Status DecideReturned(BookId book, DisbursementId payment, const Decision& decision, Actor actor);
  // What the banks agree about a return of ours, by two people: `applied` false un-applies one that
  // was dishonored, true applies it again when the dishonor was contested. Closes the items that
  // say so; FailedPrecondition when no file does.
  struct Dispute {
    std::string note;
    Actor second;
    bool applied = false;
  };
  Status DecideDispute(BookId book, DisbursementId payment, const Dispute& dispute, Date today,
                       Actor actor);
  // The book and id of a payment that came back, by its key.
  StatusOr<std::pair<BookId, DisbursementId>> FindReturned(const std::string& payment_key);
  // The payments of the same obligations, in their order: one that came back and its successors.
  StatusOr<std::vector<DisbursementId>> PaymentChain(BookId book, DisbursementId payment);

 private:
  StatusOr<BookId> Home();
  StatusOr<std::vector<BookId>> Books();
  StatusOr<std::string> StoredBytes(BookId home, InboundFileId file);
  Status Stage(BookId home, InboundFileId file, std::string_view bytes, Actor actor);
  StatusOr<ReceivedFile> Describe(BookId home, InboundFileId file, bool known_before);
  StatusOr<SentIndex> IndexOf(const std::vector<InboundItemRow>& items);
  // Answers to tests of bank accounts and to reversals; the items that are such.
  using ItemKey = std::pair<InboundFileId, std::int32_t>;
  StatusOr<std::set<ItemKey>> ApplyOtherAnswers(const std::vector<InboundItemRow>& items,
                                                Actor actor, std::vector<ItemMove>& moves);
  Status ApplyReturnsOf(BookId home, const std::vector<InboundItemRow>& items, Date today,
                        Actor actor, std::vector<ItemMove>& moves);
  Status ApplyChanges(BookId home, const std::vector<std::pair<InboundItemRow, SentEntry>>& changes,
                      Date today, Actor actor, std::vector<ItemMove>& moves);
  Status ApplyAnswers(const std::vector<InboundItemRow>& items, Actor actor,
                      std::vector<ItemMove>& moves);
  Status FinishFiles(BookId home, const std::vector<ItemMove>& moves, Actor actor);

  pg::Database app_;
  pg::Database files_;
  PayerId payer_;
  const KeyProvider& keys_;
  Clock& clock_;
  IdGenerator& ids_;
  Ledger ledger_;
};

}  // namespace sluice::payments
