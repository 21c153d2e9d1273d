// What one person proposed for another to carry out, where two people decide (core.proposal).
//
//   1. A proposal is of the state that its person saw: once the thing has changed it is of no use.
//   2. Whoever carries it out is another person, names the first one, and does what was proposed.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "core/status.h"

namespace sluice::api {

struct Proposal {
  std::string action;    // "void check": one word for one kind of decision
  std::string resource;  // the name of the thing
  std::string etag;      // of the thing as it was seen
  std::string content;   // what is to become of it; may be empty
  std::string note;      // what the person says of it
  UserId by;
  Instant at;
};

void InsertProposal(pg::Transaction& tx, PayerId payer, const Proposal& proposal);
// The newest of each thing that has one.
std::map<std::string, Proposal> LoadProposals(pg::Transaction& tx, PayerId payer,
                                              std::string_view action,
                                              std::span<const std::string> resources);
std::optional<Proposal> FindProposal(pg::Transaction& tx, PayerId payer, std::string_view action,
                                     const std::string& resource);

// What somebody is about to carry out.
struct Seconded {
  std::string_view action;
  std::string resource;
  std::string etag;     // as it stands
  std::string content;  // what is to become of it
  UserId first;         // who is said to have proposed it
  UserId second;        // who carries it out
};
// The proposal, once all of it agrees. FailedPrecondition when nobody proposed it of what stands
// now, or somebody else or something else; PermissionDenied for one's own proposal.
StatusOr<Proposal> RequireProposal(pg::Transaction& tx, PayerId payer, const Seconded& wanted);

}  // namespace sluice::api
