// ACH files that pay nobody: tests of accounts, and reversals.
//
//   1. They leave apart from the files of payments: what approvers of a run sign stays exactly what
//      that run pays. Their numbers and traces come from the same counters.
//   2. Work on one is resumed where it stopped: numbers are taken once, bytes are stored with their
//      hash before they are delivered, a file is marked before it gets its name at the bank, and
//      one whose outcome nobody knows is not sent again by itself.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/key_provider.h"
#include "payments/release_plan.h"
#include "payments/remittance/ach_writer.h"
#include "payments/side_file_store.h"

namespace sluice::payments {

class SideFiles {
 public:
  // `app` signs in as a member of sluice_app, `files` as a member of sluice_files.
  SideFiles(const pg::Database& app, const pg::Database& files, PayerId payer,
            const KeyProvider& keys, Clock& clock, IdGenerator& ids)
      : app_(app.ForPayer(payer)),
        files_(files.ForPayer(payer)),
        payer_(payer),
        keys_(keys),
        clock_(clock),
        ids_(ids) {}

  // A new file with its numbers, of `entries` entries that settle on the banking day after `today`.
  // ResourceExhausted when the bank's numbers of the day or the traces of the year are used up.
  StatusOr<SideFile> Open(pg::Transaction& tx, SideFileKind kind, const ProgramPayments& program,
                          const ReleaseSettings& settings, Date today, std::int32_t entries,
                          const Recorded& recorded);

  // Writes the entries, reads them back by the reader of what banks send, and seals the bytes.
  // `also` runs in the transaction that stores them, which is that of sluice_files; not when
  // somebody else stored them before. `total` is what is recorded of the file.
  StatusOr<AchFile> Write(const SideFile& file, const BankProfile& bank,
                          std::span<const AchEntry> entries) const;
  Status Store(const SideFile& file, const AchFile& ach, Money total,
               const std::function<void(pg::Transaction&)>& also);

  // Delivers a stored file to the bank; `also` runs in the transaction that marks it DELIVERED.
  Status Deliver(const SideFile& file, const ReleaseSettings& settings,
                 const std::function<Status(pg::Transaction&)>& also);

 private:
  Status Mark(const SideFile& file, SideFileState from, SideFileState to);
  Status Finish(const SideFile& file, const std::function<Status(pg::Transaction&)>& also);

  pg::Database app_;
  pg::Database files_;
  PayerId payer_;
  const KeyProvider& keys_;
  Clock& clock_;
  IdGenerator& ids_;
};

// The 15 digits of a trace that we gave.
std::string TraceOf(const BankProfile& bank, std::int64_t sequence);

}  // namespace sluice::payments
