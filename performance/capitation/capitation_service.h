// Use cases of capitation: record who is on whose panel, run a month, read what was posted.
//
//   1. A run calculates every contract of a program for one month: current month and changes of
//      earlier ones. It stores the lines and records their totals as facts of the contract and its
//      payees, so that ProgramService::Calculate makes the award.
//   2. Running a month again posts only what changed since. Nothing is posted twice.
//   3. A contract that lacks something (a rate cell, a premium, a risk score, an amount of a payee)
//      posts nothing; what it lacks becomes its fact, and blocks its award.
//   4. Contracts are taken in groups of some, one transaction each; a run that was cut off is run
//      again. Facts stream by COPY: memory does not grow with the members of a contract, but for
//      some ten bytes a line until they are stored.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "performance/capitation/capitation_store.h"
#include "performance/capitation/line.h"
#include "performance/capitation/panel.h"

namespace sluice::performance {

struct CapitationRequest {
  ProgramId program;
  Month month;
  // The business date of the run: retro windows count back from it.
  Date business_date{};
  // Facts and terms recorded later are not seen. Unset: the service's clock.
  std::optional<Instant> known_at;
  // Only these contracts of the program. Unset: all.
  std::optional<std::vector<ContractId>> contracts;
  // Tells how far it is: contracts done, contracts in all. May be empty.
  std::function<void(std::int64_t, std::int64_t)> progress;
};

struct CapitationSummary {
  std::int64_t contracts = 0;
  std::int64_t unchanged = 0;  // contracts that posted nothing because nothing changed
  std::int64_t members = 0;
  std::int64_t lines = 0;                      // posted now
  Money posted;                                // their sum
  std::map<ReasonCode, std::int64_t> reasons;  // of the lines posted now
  // Contract and what it lacks, for each blocked contract.
  std::vector<std::pair<ContractId, std::string>> blocked;
};

class CapitationService {
 public:
  // `database` acts for one payer. Clock and ids outlive the service.
  CapitationService(pg::Database database, Clock& clock, IdGenerator& ids)
      : database_(std::move(database)), clock_(clock), ids_(ids) {}

  // Record facts, all or none, and return how many. A span recorded again with the same id is what
  // is known from now on. InvalidArgument names the row (from 1), the field and the rule; NotFound
  // an unknown contract.
  StatusOr<std::int64_t> RecordSpans(std::span<const NewPanelSpan> spans);
  StatusOr<std::int64_t> RecordPremiums(std::span<const NewPanelPremium> premiums);
  StatusOr<std::int64_t> RecordFactors(std::span<const NewPanelFactor> factors);

  // Runs the month for every contract of the program whose range overlaps it and whose terms sum
  // member-months. FailedPrecondition when a later month of a contract was run: its changes are
  // posted by the later run. Aborted when another run of a contract came between.
  StatusOr<CapitationSummary> Run(const CapitationRequest& request);

  // The lines that the runs of a month posted for a contract, in the order of runs and members.
  StatusOr<std::vector<MemberMonthLine>> Lines(ContractId contract, Month month);
  StatusOr<std::vector<MemberMonthRun>> Runs(ContractId contract);

 private:
  pg::Database database_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::performance
