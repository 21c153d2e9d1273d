// Tries bank accounts through the bank: asks for tests, sends them, and takes the answers.
//
//   1. Tests leave in a file of their own, beside the files of payments: what approvers of a run
//      sign stays exactly what that run pays. The file goes out with the next call of Send.
//   2. Send is resumed where it stopped (payments/side_file.h).
//   3. Micro-deposits are the payer's cost: their sum is posted as a bank fee of the book that
//      sends them, before they leave.
//   4. What passed is proved (account_proof.h); approval and activation stay with people.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/cycle.h"
#include "payments/enrollment/account_test_store.h"
#include "payments/key_provider.h"
#include "payments/release_plan.h"
#include "payments/side_file.h"

namespace sluice::payments {

struct SentTests {
  std::string file_name;
  std::int32_t tests = 0;
  Date effective_date{};
};

class AccountTestService {
 public:
  // `app` signs in as a member of sluice_app, `files` as a member of sluice_files.
  AccountTestService(const pg::Database& app, const pg::Database& files, PayerId payer,
                     const KeyProvider& keys, Clock& clock, IdGenerator& ids)
      : app_(app.ForPayer(payer)),
        files_(files.ForPayer(payer)),
        payer_(payer),
        keys_(keys),
        clock_(clock),
        ids_(ids),
        side_files_(app, files, payer, keys, clock, ids) {}

  // Asks for a test of each version, which becomes VALIDATING. AlreadyExists when one has a test
  // that is not over; FailedPrecondition for a version that is neither SUBMITTED nor VALIDATING.
  StatusOr<std::vector<AccountTest>> Request(std::span<const AccountVersion> versions,
                                             AccountTestKind kind, Actor actor);

  // Sends what waits, in a file of the program's bank; none when nothing waits. Entries settle on
  // the banking day after `today`.
  StatusOr<std::optional<SentTests>> Send(const ProgramPayments& program,
                                          const ReleaseSettings& settings, Date today, Actor actor);

  // Prenotes whose banking days are over have passed: their versions are proved.
  StatusOr<std::vector<AccountTest>> Settle(Date today, Actor actor);

  // What the payee says it got. The test passes, or counts one attempt more and says how many are
  // left; after the last one the version is rejected. The amounts are in no message.
  StatusOr<AccountTest> Confirm(const AccountVersion& version, const MicroAmounts& answer,
                                Date today, Actor actor);

  StatusOr<std::vector<AccountTest>> List(std::optional<PayeeId> payee = std::nullopt);

 private:
  struct Built;
  StatusOr<std::optional<SideFile>> Open(const ProgramPayments& program,
                                         const ReleaseSettings& settings, Date today,
                                         const Recorded& recorded);
  void Announce(pg::Transaction& tx, std::span<const AccountTest> tests, Date effective_date,
                Instant at);
  StatusOr<Built> Draw(const SideFile& file, const ReleaseSettings& settings);
  Status Build(const SideFile& file, const ReleaseSettings& settings);
  Status PostCost(const ProgramPayments& program, const SideFile& file, Money total, Date today,
                  Actor actor);
  Status Deliver(const SideFile& file, const ReleaseSettings& settings);

  pg::Database app_;
  pg::Database files_;
  PayerId payer_;
  const KeyProvider& keys_;
  Clock& clock_;
  IdGenerator& ids_;
  SideFiles side_files_;
};

// An answer of a bank to a test: it is over, and its version is rejected, or stopped where it is in
// use. Repeating it changes nothing. What happened, in words.
std::string FailAccountTest(pg::Transaction& tx, PayerId payer, std::int64_t test,
                            const std::string& why, const Recorded& recorded);

}  // namespace sluice::payments
