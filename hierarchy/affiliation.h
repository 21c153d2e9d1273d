// Affiliations: the dated, many-to-many edges of the hierarchy.
//
//   1. An affiliation says that `child` belongs to `parent` in a role, over a range of days.
//      A child may have many parents, and several roles at one parent.
//   2. Spans of one parent, child and role never overlap.
//   3. Two times: the range in which it is true, and the change by which we learned it. Nothing is
//      updated. A span is named by its parent, child, role and first day; recorded again by a
//      later change it has another end, or is withdrawn (it was never so). So the graph as of a
//      day, as known at an instant, is the answer that was given at that instant.
//   4. No day has a cycle (hierarchy/dated_graph.h).
#pragma once

#include <string>
#include <string_view>

#include "core/date.h"
#include "core/id.h"
#include "core/status.h"

namespace sluice::hierarchy {

// The roles our own files and the demo use. A payer may use others of the same form.
namespace role {
inline constexpr std::string_view kMember = "member";            // a network in a network or payer
inline constexpr std::string_view kParticipant = "participant";  // a practice in an ACO or IPA
inline constexpr std::string_view kPhysician = "physician";  // a person who treats, at a practice
inline constexpr std::string_view kEmployee = "employee";    // an office employee
inline constexpr std::string_view kLocation = "location";    // a place of a practice
inline constexpr std::string_view kPartner = "partner";      // a community organization
inline constexpr std::string_view kSponsor = "sponsor";      // an employer that funds
}  // namespace role

// The form of a role: 1 to 40 lower-case letters, digits or '_', a letter first.
Status CheckRole(std::string_view role);

struct Affiliation {
  PartyId parent;
  PartyId child;
  std::string role;
  DateRange valid;
  bool withdrawn = false;

  friend bool operator==(const Affiliation&, const Affiliation&) = default;
};

}  // namespace sluice::hierarchy
