// The episode engine: the claims of members and a bundle's terms to episode lines and totals.
//
//   1. A member has one episode at a time. An anchor inside the window of an earlier episode opens
//      none, and a window that would reach back into it begins after it: a dollar is counted once.
//   2. Each episode of the period gives one line: spending, exclusions, actual, winsorized, target,
//      result; or, when it is excluded, the one reason why.
//   3. Nothing depends on the order in which members or claims are given.
//   4. A baseline, factor, bound or amount that is needed and missing fails the whole run, with its
//      name: no totals are recorded, and so the award is blocked and never zero.
//
// Pure: no database, no clock. The totals become facts of the contract, the lines its detail.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/date.h"
#include "core/id.h"
#include "core/money.h"
#include "core/status.h"
#include "performance/award.h"
#include "performance/episodes/reconcile.h"
#include "performance/facts.h"
#include "performance/members/claim.h"
#include "performance/terms_episodes.h"

namespace sluice::performance {

struct EpisodeMember {
  std::int64_t member_id = 0;
  std::vector<DateRange> covered;  // may touch or overlap
  std::optional<Date> death;
  std::optional<Ratio> risk;    // the factor on the target
  std::string overlap_program;  // the other program that has the member; empty: none
  // Standardized lines; denied and reversed ones do not count.
  std::vector<MedicalClaimLine> claims;
};

// What an episode of a cell cost on average in a baseline year, winsorized.
struct BaselineMean {
  std::string cell;
  int year = 0;
  bool own = false;  // of the entity; else of its region
  std::int64_t episodes = 0;
  Exact mean;

  friend bool operator==(const BaselineMean&, const BaselineMean&) = default;
};

struct EpisodeInputs {
  DateRange period;  // closed
  // The entity's NPIs and TINs: its claims open episodes. Empty: everybody's do.
  std::set<std::string> entity;
  std::vector<EpisodeMember> members;
  std::vector<BaselineMean> baseline;
  // Spending of the reference population, by cell, for bounds that are percentiles. In any order.
  std::map<std::string, std::vector<Money>> reference;
  std::map<std::string, Ratio> trend;          // by type
  std::map<std::string, Ratio> normalization;  // by type
  std::map<std::string, Money> post_bound;     // by type, for each counted episode
  std::optional<Ratio> quality_score;
};

// A service in the window of an episode.
struct EpisodeServiceLine {
  std::string claim_number;
  std::int32_t line_number = 1;
  Date service_from{};
  std::string code;  // the procedure, else the DRG, else the revenue code
  Exact amount;      // the part inside the window
  bool counted = true;

  friend bool operator==(const EpisodeServiceLine&, const EpisodeServiceLine&) = default;
};

struct EpisodeLine {
  std::int64_t member_id = 0;
  std::string type;
  std::string cell;
  std::string anchor_claim;
  std::string anchor_npi;  // who billed the anchor
  Date anchor_from{};
  Date anchor_to{};  // the last day
  DateRange window;
  Exact spending;    // all services in the window
  Exact excluded;    // of them, those that the terms leave out
  Exact actual;      // spending - excluded
  Exact winsorized;
  Exact target;
  Exact result;      // target - winsorized; zero when the episode does not count
  Exact post_spending;
  bool counted = true;
  bool overlapped = false;  // another program has the member too
  // Why the episode does not count, or NO_SAVINGS when it cost its target exactly.
  std::optional<ReasonCode> reason;
  std::string detail;
  std::vector<EpisodeServiceLine> services;  // by day, claim and line

  friend bool operator==(const EpisodeLine&, const EpisodeLine&) = default;
};

struct EpisodeRun {
  std::vector<EpisodeLine> lines;  // by member, then anchor
  EpisodeTotals totals;
  std::map<ReasonCode, std::int64_t> reasons;  // episodes that do not count
  Digest digest{};                             // SHA-256 of LinesText()

  friend bool operator==(const EpisodeRun&, const EpisodeRun&) = default;
};

// Episodes with their spending, not yet priced: what a baseline is made of.
// NotFound names a reference population that a percentile needs; FailedPrecondition a claim line
// without an amount; InvalidArgument a member given twice.
// Requires: a closed period; ValidateEpisodes(terms) is ok.
StatusOr<std::vector<EpisodeLine>> CollectEpisodes(const EpisodeSum& terms,
                                                   const EpisodeInputs& inputs);
// The mean of each cell over the counted lines, as the baseline of a year.
std::vector<BaselineMean> BaselineOf(std::span<const EpisodeLine> lines, int year, bool own);

// As CollectEpisodes, priced and summed. NotFound also names a baseline, FailedPrecondition a risk,
// trend, normalization, bound or score that the terms ask for.
StatusOr<EpisodeRun> RunEpisodes(const EpisodeSum& terms, const EpisodeInputs& inputs);

// The facts of the contract that terms with this basis read.
Facts FactsOfRun(const EpisodeSum& terms, const EpisodeRun& run);

// The amount fact by which the settlement of another program knows what the bundles of `contract`
// paid for its members: "paid_in_episodes.ctr_...".
std::string PaidInEpisodes(ContractId contract);
// The contract that such a name is of.
std::optional<ContractId> BundleOf(std::string_view fact);

// A ratio fact of the bundle's contract: the part of its sum that quality and limits left.
inline constexpr std::string_view kEpisodePaidPart = "episode_paid_part";
// 1 for a prospective budget, 0 of a sum of zero. Fails as ReconcileEpisodes does.
StatusOr<Ratio> PaidPart(const EpisodeSum& terms, const EpisodeTotals& totals, int year);
// The part of a line's result that is of services on these days, by their amounts; where they sum
// to nothing, by the first day of the anchor. Over days that hold every service once: the result.
// Negative: collected. Before post-episode spending, which no other program has.
Exact ResultOn(const EpisodeLine& line, std::span<const DateRange> days);
// The day that puts the episode into a period.
Date PeriodDayOf(const EpisodeSum& terms, const EpisodeLine& line);

// What the episodes of a type by one provider came to.
struct ProviderEpisodes {
  std::int64_t counted = 0;
  std::int64_t within_target = 0;
  Exact target;
  Exact actual;
  friend bool operator==(const ProviderEpisodes&, const ProviderEpisodes&) = default;
};
// By type and NPI of the anchor.
std::map<std::pair<std::string, std::string>, ProviderEpisodes> EpisodesByProvider(
    std::span<const EpisodeLine> lines);

// The lines as canonical text: one line each, its services on lines below it, fields by tabs.
std::string LinesText(std::span<const EpisodeLine> lines);

}  // namespace sluice::performance
