// People who may sign in to the demo: one for each role.
#pragma once

#include <string>
#include <vector>

#include "api/access/matrix.h"
#include "api/session.h"
#include "core/secret.h"
#include "core/status.h"

namespace sluice::api {

struct DemoUser {
  std::string name;  // "demo.fm"
  Role role = Role::kAuditor;
  Secret<std::string> password;  // made anew with every start
};

// Adds them to the payer of the session. Those from outside hold their role under the first
// network, and the funder under the first employer where there is one.
StatusOr<std::vector<DemoUser>> AddDemoUsers(Session& session);

}  // namespace sluice::api
