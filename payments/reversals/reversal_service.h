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

// What people ask for and decide. It needs neither the bytes of files nor account numbers.
class ReversalDesk {
 public:
  ReversalDesk(const pg::Database& app, PayerId payer, BookId book, Clock& clock, IdGenerator& ids)
      : app_(app.ForPayer(payer)), book_(book), clock_(clock), ids_(ids) {}

  // Asks for the reversal of a payment. As CheckReversible says, for a file of `today`;
  // PermissionDenied for a service, NotFound for an unknown payment, AlreadyExists when it has a
  // reversal.
  StatusOr<ReversalId> Request(const ReversalRequest& request, Date today, Actor actor);
  // By another person. Checks again what Request checked.
  Status Approve(ReversalId id, Date today, Actor actor);
  Status Reject(ReversalId id, const std::string& reason, Actor actor);
  // Those that are not over, or all, by id.
  StatusOr<std::vector<Reversal>> List(bool all);

 private:
  StatusOr<Reversal> Checked(pg::Transaction& tx, const ReversalRequest& request, Date today);

  pg::Database app_;
  BookId book_;
  Clock& clock_;
  IdGenerator& ids_;
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
        desk_(app, program.payer, program.book, clock, ids),
        side_files_(app, files, program.payer, keys, clock, ids) {}

  // As ReversalDesk does them.
  StatusOr<ReversalId> Request(const ReversalRequest& request, Date today, Actor actor) {
    return desk_.Request(request, today, actor);
  }
  Status Approve(ReversalId id, Date today, Actor actor) { return desk_.Approve(id, today, actor); }
  Status Reject(ReversalId id, const std::string& reason, Actor actor) {
    return desk_.Reject(id, reason, actor);
  }
  StatusOr<std::vector<Reversal>> List(bool all) { return desk_.List(all); }

  // Sends the approved ones in a file to the bank; none when nothing waits. One whose window has
  // closed meanwhile is rejected with that reason. Tells the contacts of each payee. Repeating it
  // finishes what was begun.
  StatusOr<std::optional<SentReversals>> Send(const ReleaseSettings& settings, Date today,
                                              Actor actor);

 private:
  struct Built;
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
  ReversalDesk desk_;
  SideFiles side_files_;
};

}  // namespace sluice::payments
