// The whole of a book as text for hledger: a third opinion beside the ledger and its auditor.
#include <ostream>
#include <unordered_map>

#include "payments/ledger/verify.h"
#include "payments/ledger/verify_chart.h"
#include "payments/ledger/verify_store.h"

namespace sluice::payments {

Status ExportPlainText(const pg::Database& db, BookId book, std::ostream& out) {
  return db.Transact(audit::kAuditOptions, [&](pg::Transaction& tx) -> Status {
    std::unordered_map<std::int64_t, std::string> names;
    out << "commodity 1000.00 USD\n";
    for (const audit::AccountRow& row : audit::Accounts(tx, book)) {
      names[row.account_id] =
          fmt::format("{}:{}", audit::FactsOf(row.account_class).name, row.owner_key);
      out << "account " << names[row.account_id] << "\n";
    }
    std::int64_t last = 0;
    while (true) {
      const auto batches = audit::Batches(tx, book, last, 8);
      if (batches.empty()) return OkStatus();
      const std::int64_t first = last + 1;
      last = batches.back().batch_seq;
      const auto transfers = audit::Transfers(tx, book, first, last);
      auto transfer = transfers.begin();
      for (const audit::JournalRow& journal : audit::Journals(tx, book, first, last)) {
        std::string lines;
        for (; transfer != transfers.end() && transfer->batch_seq == journal.batch_seq &&
               transfer->journal_ordinal == journal.ordinal;
             ++transfer) {
          if (transfer->kind != 0 && transfer->kind != 2) continue;
          const std::string amount = Money::FromCents(transfer->amount).ToPlainString();
          lines += fmt::format("    {}  {} USD\n    {}  -{} USD\n", names[transfer->debit], amount,
                               names[transfer->credit], amount);
        }
        if (lines.empty()) continue;
        out << fmt::format("\n{} * ({}) event {}\n{}", FormatDate(journal.effective_date),
                           FormatUuid(journal.journal_id), journal.event, lines);
      }
    }
  });
}

}  // namespace sluice::payments
