// Who is there and what they hold: users, grants that one person proposes and another one approves,
// and delegations.
//
//   1. A user begins without any role. A role holds once somebody else than the proposer and the
//      holder has approved it.
//   2. Roles that one person may not hold together are refused when one is proposed and again when
//      it is approved, over everything that the person holds or waits for.
//   3. A delegation lets somebody act in its giver's place, needs nobody else, and ends within 90
//      days. It is of a grant of the giver's own, and holds only while that one does.
//   4. Whoever acts in somebody's place acts as both: neither proposer nor holder approves by a
//      delegate.
//   5. What ends, ends with the next call: grants and sessions are read with every one.
// Each call is one transaction. Who may call is decided before (access/matrix.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "api/access/decision.h"
#include "core/clock.h"
#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"

namespace sluice::api {

// The id that follows from a sign-in name of 2 to 64 letters, digits, '.', '-', '_' or '@', without
// regard to case: the same person at the command line and over the API. None for other names.
std::optional<UserId> UserIdOfName(std::string_view sign_in_name);

struct NewUser {
  UserId id;
  std::string sign_in_name;  // 1 to 200 printable characters without blanks
  std::string display_name;  // 1 to 200 bytes
  std::string email;         // may be empty
  bool is_service = false;
};

struct UserChange {
  UserId user;
  std::optional<std::string> display_name;
  std::optional<std::string> email;
};

struct Delegation {
  std::int64_t grant_id = 0;  // of the new grant
  std::int64_t of = 0;        // the giver's
  UserId delegate;
  Date end{};
  std::string reason;
};

class UserDirectory {
 public:
  // `database` acts for the payer. The clock outlives the directory.
  UserDirectory(pg::Database database, PayerId payer, Clock& clock)
      : database_(std::move(database)), payer_(payer), clock_(clock) {}

  // AlreadyExists for a name that is or was somebody's.
  Status Create(const NewUser& user, UserId by) const;
  // Another e-mail ends every session.
  Status Update(const UserChange& change) const;
  // Ends every session. FailedPrecondition for who is disabled already, and for oneself: somebody
  // must be left to enable them again.
  Status Disable(UserId user, UserId by) const;
  Status Enable(UserId user) const;

  // A grant that waits for a second person. InvalidArgument for days that are over or a role
  // without its party; NotFound for a user or a party that is not there; else as
  // CheckGrantProposal.
  Status Propose(std::int64_t grant_id, const Grant& grant, UserId by) const;
  // PermissionDenied for the proposer, for the holder, and for who acts in the place of either;
  // FailedPrecondition for a grant that does not wait.
  Status Approve(std::int64_t grant_id, const Principal& by) const;
  // FailedPrecondition for one that ended.
  Status End(std::int64_t grant_id, UserId by, const std::string& reason) const;
  // PermissionDenied for a grant that is not the giver's own; FailedPrecondition for one that does
  // not hold today, and as CheckRolesTogether for what the delegate would hold.
  Status Delegate(const Delegation& delegation, UserId by) const;

 private:
  pg::Database database_;
  PayerId payer_;
  Clock& clock_;
};

}  // namespace sluice::api
