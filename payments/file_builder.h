// The file builder: the only part that opens account numbers and sees the bytes of payment files.
//
//   1. It runs as the database role sluice_files, which reads ciphertext, writes file content and
//      moves files and disbursements, and can neither post to the ledger nor approve.
//   2. Bytes are a function of stored rows alone: building again gives the same bytes.
//   3. A file becomes READY in one transaction with its sealed bytes, hash and counts, after an
//      independent reader has read the bytes back, and only while every account version in it is
//      still the active one.
//   4. Statements name the trace numbers of their ACH entries, so the ACH files of a run are
//      finished before its statements are drawn.
//   5. Delivery writes a temporary file, then marks the file DELIVERING, then renames: what lies in
//      the folder or at the server after a crash tells what had happened.
//   6. A file whose delivery is unknown is looked for again whenever it is to be delivered. What is
//      seen can only confirm that it was; it is never sent again by itself.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/cycle.h"
#include "payments/delivery/channels.h"
#include "payments/disbursement.h"
#include "payments/key_provider.h"
#include "payments/release_hooks.h"
#include "payments/release_plan.h"
#include "payments/remittance/cycle_files.h"

namespace sluice::payments {

// The bytes of a finished file, opened with the payer's data keys. `files` signs in as a member of
// sluice_files and acts for the payer. NotFound before the file is built; DataLoss when the bytes
// are not those that were stored.
struct StoredFile {
  PayerId payer;
  BookId book;
  PaymentFileId file;
};
StatusOr<std::string> ReadPaymentFile(const pg::Database& files, const StoredFile& file,
                                      std::span<const DataKey> keys, Digest* sha256 = nullptr);

// Who works on a run, and under which fence.
struct ReleaseWork {
  RunId run;
  std::int64_t fence = 0;
  UserId actor;
};

class FileBuilder {
 public:
  // `database` signs in as a member of sluice_files.
  FileBuilder(pg::Database database, const ProgramPayments& program,
              const ReleaseSettings& settings, const KeyProvider& keys, Clock& clock,
              const ReleaseHooks& hooks)
      : database_(database.ForPayer(program.payer)),
        program_(program),
        settings_(settings),
        keys_(keys),
        clock_(clock),
        hooks_(hooks),
        channels_(settings) {}

  // The payments of a file and its finished bytes.
  class Drawn;

  // Loads a BUILDING file's payments and writes its bytes; changes nothing, so that several files
  // may be drawn at once, each by a thread. FailedPrecondition carries the findings of the
  // independent reader, or names the payment that a format refuses.
  StatusOr<Drawn> Draw(RunId run, const PaymentFile& file);
  // BUILDING to READY, with what was drawn. Aborted when the run was taken over, or an account
  // changed meanwhile.
  Status Finish(const ReleaseWork& work, const PaymentFile& file, const Drawn& drawn);

  // READY to DELIVERED, or finishes what a crash left in DELIVERING. FailedPrecondition when the
  // outcome is unknown (the file is then SENT_UNKNOWN), AlreadyExists when the name is taken,
  // Unavailable when its server does not answer.
  Status Deliver(const ReleaseWork& work, const PaymentFile& file);
  // Removes what an attempt to deliver the file may have left under its temporary name.
  Status Forget(const PaymentFile& file);
  // Whether the file goes to somebody else's machine.
  bool IsRemote(const PaymentFile& file);

  // The rows of the control file, but for the amounts, which come from the ledger: `disbursed` by
  // payee.
  StatusOr<std::vector<CycleControlRow>> ControlRows(RunId run,
                                                     const std::map<PayeeId, Money>& disbursed);
  struct FinishedFile {
    PaymentFile file;
    std::int64_t size = 0;
    std::int64_t entry_count = 0;
    Money total;
    Digest sha256{};
  };
  // Without those that were taken back.
  StatusOr<std::vector<FinishedFile>> FinishedFiles(RunId run);
  // The bytes of a finished file.
  StatusOr<std::string> Read(PaymentFileId file);

 private:
  struct Loaded;
  struct Written;
  StatusOr<std::vector<OutboundPayment>> LoadPayments(const Run& run, const PaymentFile& file);
  StatusOr<Written> Write(const PaymentFile& file, std::span<const OutboundPayment> payments);
  StatusOr<Written> WriteChecks(const PaymentFile& file);
  StatusOr<Written> WriteAch(const PaymentFile& file, std::span<const OutboundPayment> payments);
  Status Store(const ReleaseWork& work, const PaymentFile& file, const Written& written,
               std::span<const OutboundPayment> payments);
  StatusOr<std::string> Unseal(PaymentFileId file, Digest* sha256);
  Status Move(const ReleaseWork& work, PaymentFileId file, FileState from, FileState to,
              const std::string& reason);
  // What a crash left in DELIVERING or SENT_UNKNOWN, by what was seen. True when it is to be sent.
  StatusOr<bool> SeeOutcome(const ReleaseWork& work, const PaymentFile& file, const Sighting& seen,
                            FileChannel& channel);
  Status FinishDelivery(const ReleaseWork& work, const PaymentFile& file,
                        const std::string& evidence);

  pg::Database database_;
  const ProgramPayments& program_;
  const ReleaseSettings& settings_;
  const KeyProvider& keys_;
  Clock& clock_;
  const ReleaseHooks& hooks_;
  Channels channels_;
};

class FileBuilder::Drawn {
 public:
  std::int64_t PaymentCount() const { return static_cast<std::int64_t>(payments_.size()); }

  Drawn(Drawn&&) noexcept;
  Drawn& operator=(Drawn&&) noexcept;
  ~Drawn();

 private:
  friend class FileBuilder;
  Drawn(std::vector<OutboundPayment> payments, Written written);

  std::vector<OutboundPayment> payments_;
  std::unique_ptr<const Written> written_;
};

}  // namespace sluice::payments
