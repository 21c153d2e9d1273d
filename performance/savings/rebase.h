// Re-basing: how the next target follows what was achieved, and what that does over the years.
//
// When every new target is the last cost, a party that saves is paid less each time: a race to the
// bottom. The rule in the terms says how much of its own cost, of its region's and of the former
// target counts, which part of a saving is returned, and how far a target may fall. The model shows
// the path of targets and flags what falls faster than agreed. Pure; a projection, never a fact.
#pragma once

#include <string>
#include <vector>

#include "core/money.h"
#include "core/status.h"
#include "performance/terms_savings.h"

namespace sluice::performance {

// What is assumed, per person-year.
struct RebaseScenario {
  Exact first_target;
  Rate trend;                   // growth of targets, and of cost carried to the next agreement
  std::vector<Exact> own_cost;  // of each modeled year: at least as many as `years`
  std::vector<Exact> regional_cost;
  int years = 5;
};

struct RebasedYear {
  int year = 0;  // counted from 1
  bool rebased = false;
  bool at_lowest = false;  // the floor of a re-basing was used
  bool flagged = false;    // fell by more than agreed against the year before
  Exact target;
  Exact own_cost;
  Exact saving;        // target - own cost
  Ratio change;        // against the year before; zero in the first
  std::string detail;  // for people: how a new target was found
};

struct RebaseModel {
  std::vector<RebasedYear> path;
  int flags = 0;
  std::string ToText() const;
};

// InvalidArgument when a cost is missing for a year or a target is not above zero.
StatusOr<RebaseModel> ModelRebase(const Rebase& rule, const RebaseScenario& scenario);

}  // namespace sluice::performance
