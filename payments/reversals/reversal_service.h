// Reversals of ACH payments, from the request to the file (reversal.h). What the bank answers is
// applied with everything else that comes back (payments/inbound).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/cycle.h"
#include "payments/key_provider.h"
#include "payments/release_plan.h"
#include "payments/reversals/reversal_store.h"
#include "payments/side_file.h"

namespace sluice::payments {

struct SentReversals {
  std::string file_name;
  std::int32_t reversals = 0;
  Money total;
  Date effective_date{};
};

class ReversalService {
 public:
  // `app` signs in as a member of sluice_app, `files` as a member of sluice_files.
  ReversalService(const pg::Database& app, const pg::Database& files,
                  const ProgramPayments& program, const KeyProvider& keys, Clock& clock,
                  IdGenerator& ids)
      : app_(app.ForPayer(program.payer)),
        files_(files.ForPayer(program.payer)),
        program_(program),
        keys_(keys),
        clock_(clock),
        ids_(ids),
        side_files_(app, files, program.payer, keys, clock, ids) {}

  // Asks for the reversal of a payment. As CheckReversible says, for a file of `today`;
  // PermissionDenied for a service, NotFound for an unknown payment, AlreadyExists when it has a
  // reversal.
  StatusOr<ReversalId> Request(const ReversalRequest& request, Date today, Actor actor);
  // By another person. Checks again what Request checked.
  Status Approve(ReversalId id, Date today, Actor actor);
  Status Reject(ReversalId id, const std::string& reason, Actor actor);

  // Sends the approved ones in a file to the bank; none when nothing waits. One whose window has
  // closed meanwhile is rejected with that reason. Tells the contacts of each payee. Repeating it
  // finishes what was begun.
  StatusOr<std::optional<SentReversals>> Send(const ReleaseSettings& settings, Date today,
                                              Actor actor);

  // Those that are not over, or all, by id.
  StatusOr<std::vector<Reversal>> List(bool all);

 private:
  struct Built;
  StatusOr<Reversal> Checked(pg::Transaction& tx, const ReversalRequest& request, Date today);
  StatusOr<std::optional<SideFile>> Open(const ReleaseSettings& settings, Date today,
                                         const Recorded& recorded);
  StatusOr<Built> Draw(const SideFile& file, const ReleaseSettings& settings);
  Status Build(const SideFile& file, const ReleaseSettings& settings);
  Status Deliver(const SideFile& file, const ReleaseSettings& settings);
  void TellPayees(pg::Transaction& tx, std::span<const Reversal> reversals);

  pg::Database app_;
  pg::Database files_;
  const ProgramPayments& program_;
  const KeyProvider& keys_;
  Clock& clock_;
  IdGenerator& ids_;
  SideFiles side_files_;
};

}  // namespace sluice::payments
