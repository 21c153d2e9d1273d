// One call from what is known to stored awards, for a program and a period.
//
//   1. The order is fixed: hierarchy -> delivered data -> detail sources -> awards -> what follows
//      from all awards of the program -> the deliveries behind them -> data gates. Each step is a
//      transaction (or several) of its own and stores nothing that is known already. So a run that
//      was cut off is simply run again, and a run of unchanged knowledge stores nothing.
//   2. Which detail engines a contract needs follows from its terms: each DetailSource
//      (detail_source.h) says whether it serves them. A new engine is one entry.
//   3. What a source lacks is a fact of the contract that blocks its award by name
//      (kInputMissingPrefix). Nothing is zero because something is missing.
//   4. A run of some contracts touches those only: their details, facts and awards. Sharing
//      forfeits is of the whole program, and changes awards of the run's contracts only. What a
//      bundle paid for the members of another program's settlement is a fact of that settlement.
//   5. A contract is calculated with the hierarchy of the day that its split asks about, and with
//      every other day of the period on which an affiliation below its party begins or ends, when
//      its split takes whoever was a member during the period.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "performance/feeds/gate_store.h"
#include "performance/program_run/detail_source.h"
#include "performance/program_service.h"

namespace sluice::performance {

struct ProgramRunRequest {
  ProgramId program;
  CalculationDates dates;
  // Members, claims, events, attribution lists and hierarchy recorded later are not seen. What
  // follows from them is recorded now, and awards are calculated from the terms and facts known
  // then. Unset: now.
  std::optional<Instant> known_at;
  // Only these contracts. Unset: every contract of the program whose range overlaps the period.
  std::optional<std::vector<ContractId>> contracts;
  std::string actor;  // for the record of what it changes: "recalculation", a user
  // Tells how far it is: the step, contracts done, contracts in all. May be empty.
  std::function<void(std::string_view, std::int64_t, std::int64_t)> progress;
};

// What one detail source did.
struct DetailSummary {
  std::string source;          // DetailSource::Name()
  std::int64_t contracts = 0;  // that it serves
  std::int64_t rows = 0;       // details and facts of this refresh
  ContractTexts missing;       // what lacks; the award is blocked with it
  ContractTexts left;          // what was left as it is, and why
};

struct ProgramRunSummary {
  std::vector<DetailSummary> details;  // in the order in which they ran
  std::int64_t data_facts = 0;         // facts about late or broken data that changed
  CalculationSummary awards;           // of the contracts of the run, as they are at its end
  std::int64_t shared_facts = 0;       // redistributed amounts that changed
  ContractTexts pending;               // what the sharing of forfeits waits for
  ContractTexts unbooked;              // results that no account or contract could take up, and why
  std::vector<GateCheck> gates;        // of the program and period, after the calculation

  // Whether no gate holds back the release of the awards.
  bool GatesPass() const;
};

// One of several runs, as it came in their order.
struct OrderedRun {
  ProgramId program;
  DateRange period;
  ProgramRunSummary summary;
};

class ProgramRun {
 public:
  // The run acts for `payer`. Clock and ids outlive it. With the sources of this folder: deficit,
  // capitation, activity, episode, what episodes paid, member cost, measure.
  ProgramRun(const pg::Database& database, PayerId payer, Clock& clock, IdGenerator& ids);
  ~ProgramRun();

  // Runs after the sources there are.
  void AddSource(std::unique_ptr<DetailSource> source);

  // InvalidArgument for a period that is not closed, or known_at in the future. NotFound for an
  // unknown program, or a contract that is not one of it in the period. What a single contract
  // lacks is in the summary and blocks its award only.
  StatusOr<ProgramRunSummary> Run(const ProgramRunRequest& request);

  // Several programs or periods of the payer, in the order of program_order.h: who takes off what
  // another paid runs after it. As Run; FailedPrecondition names programs that wait for one
  // another, and nothing was run then. A run that fails ends them; those before it stay.
  StatusOr<std::vector<OrderedRun>> RunAll(std::vector<ProgramRunRequest> requests);

 private:
  pg::Database database_;
  PayerId payer_;
  Clock& clock_;
  IdGenerator& ids_;
  std::vector<std::unique_ptr<DetailSource>> sources_;
};

}  // namespace sluice::performance
