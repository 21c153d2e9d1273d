// A book in memory: the posting engine without a database, for the pure tests of the ledger.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/check.h"
#include "payments/ledger/chain.h"
#include "payments/ledger/events.h"
#include "payments/ledger/ledger.h"
#include "payments/ledger/posting.h"

namespace sluice::payments {

class MemoryBook {
 public:
  explicit MemoryBook(BookId book = BookId(1)) : book_(book) {}

  void SetNow(Instant now) { now_ = now; }

  // Posts one well-formed journal and says what became of it.
  Refusal Post(const Journal& journal) { return PostAll({journal}).journals.front().refusal; }

  PostedBatch PostAll(const std::vector<Journal>& journals) {
    for (const Journal& journal : journals) CHECK(!FindMalformation(journal));
    const PostedBatch batch = payments::Post(Snapshot(journals), journals);
    Absorb(batch, journals);
    return batch;
  }

  BookSnapshot Snapshot(const std::vector<Journal>& journals) const {
    BookSnapshot snapshot;
    snapshot.book = book_;
    snapshot.last_batch_seq = batch_seq_;
    snapshot.sealed_at = std::max(now_, Instant::FromMicros(sealed_at_.Micros() + 1));
    snapshot.closed_through = closed_through_;
    for (const auto& [key, account] : accounts_) snapshot.accounts.push_back(account);
    for (const Journal& journal : journals) {
      if (journal.corrects && journals_.contains(*journal.corrects)) {
        snapshot.corrected[*journal.corrects] = journals_.at(*journal.corrects);
      }
      for (const Transfer& line : journal.transfers) {
        if (line.hold && holds_.contains(*line.hold)) {
          snapshot.holds[*line.hold] = holds_.at(*line.hold);
        }
      }
    }
    return snapshot;
  }

  const std::map<AccountKey, AccountBalance>& Accounts() const { return accounts_; }
  Counters Of(const AccountKey& key) const {
    const auto found = accounts_.find(key);
    return found == accounts_.end() ? Counters{} : found->second.counters;
  }
  Money CreditBalance(const AccountKey& key) const { return Of(key).CreditBalance(); }
  Money DebitBalance(const AccountKey& key) const { return Of(key).DebitBalance(); }

  std::vector<AccountLine> Lines() const {
    std::vector<AccountLine> lines;
    for (const auto& [key, account] : accounts_) {
      lines.push_back({account.account_id, key, account.counters, account.overdraft});
    }
    return lines;
  }

 private:
  void Absorb(const PostedBatch& batch, const std::vector<Journal>& journals) {
    batch_seq_ = batch.batch_seq;
    sealed_at_ = batch.sealed_at;
    closed_through_ = batch.closed_through;
    for (const AccountBalance& account : batch.touched) accounts_[account.key] = account;
    for (std::size_t i = 0; i < journals.size(); ++i) {
      const bool accepted = batch.journals[i].refusal.status == PostStatus::kAccepted;
      journals_[journals[i].id] = CorrectedJournal{accepted, false};
      if (accepted) AbsorbAccepted(batch, batch.journals[i], journals[i]);
    }
  }

  void AbsorbAccepted(const PostedBatch& batch, const PostedJournal& posted,
                      const Journal& journal) {
    if (journal.corrects) journals_[*journal.corrects].corrected = true;
    for (std::size_t line = 0; line < journal.transfers.size(); ++line) {
      const Transfer& transfer = journal.transfers[line];
      const auto offset = static_cast<std::int32_t>(line);
      if (transfer.hold) holds_.at(*transfer.hold).resolved = true;
      if (transfer.kind != TransferKind::kPending) continue;
      holds_[HoldRef{journal.id, offset + 1}] = Hold{batch.batch_seq,
                                                     posted.first_position + offset,
                                                     transfer.debit,
                                                     transfer.credit,
                                                     transfer.amount,
                                                     transfer.expires_at,
                                                     false};
    }
  }

  BookId book_;
  Instant now_ = Instant::FromMicros(1'000'000);
  std::int64_t batch_seq_ = 0;
  Instant sealed_at_;
  std::optional<Date> closed_through_;
  std::map<AccountKey, AccountBalance> accounts_;
  std::map<HoldRef, Hold> holds_;
  std::map<Uuid, CorrectedJournal> journals_;
};

// A header with an id made of a number: the same number is the same id.
inline JournalHeader HeaderOf(int number, Date effective = MakeDate(2026, 3, 2)) {
  const std::string part = std::to_string(number);
  JournalHeader header;
  header.id = DerivedUuid("test", std::span(&part, 1));
  header.source_id = number;
  header.actor = UserId(7);
  header.effective_date = effective;
  return header;
}

}  // namespace sluice::payments
