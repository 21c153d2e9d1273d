// One run of capitation over a group of contracts, inside one transaction. Internal to the service.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/pg/database.h"
#include "performance/capitation/capitation_service.h"
#include "performance/capitation/member_months.h"
#include "performance/capitation/payees.h"
#include "performance/program_store.h"

namespace sluice::performance {

// Terms are the same for many contracts; each version is decoded, and its rates indexed, once.
class CapitationTerms {
 public:
  struct Entry {
    Terms terms;
    std::shared_ptr<const RateIndex> index;  // none when the terms do not sum member-months
  };
  StatusOr<const Entry*> Find(const TermsRow& row);
  const CodeBook& Book() const { return *book_; }

 private:
  std::shared_ptr<CodeBook> book_ = std::make_shared<CodeBook>();
  std::map<Digest, Entry> entries_;
};

class CapitationRun {
 public:
  CapitationRun(pg::Transaction& tx, const CapitationRequest& request, Instant known_at,
                Instant now, std::int64_t batch, CapitationTerms& terms,
                CapitationSummary& summary);

  Status Run(std::span<const Contract> contracts);

 private:
  struct Inputs;
  struct Task;
  struct Calculated;
  StatusOr<Inputs> Load(std::span<const Contract> contracts);
  // What is to be done for a contract; nothing when its terms do not sum member-months.
  StatusOr<std::optional<Task>> Prepare(const Contract& contract, Inputs& inputs);
  // Contracts whose panels come in one stream.
  Status RunTasks(std::span<Task> tasks, Inputs& inputs);
  // The plans of the contract, one for each stretch of months with the same terms, oldest first.
  StatusOr<std::vector<RatePlan>> Plans(const Contract& contract, Inputs& inputs);
  // Takes the contract's members from the stream, whose first is before it when `more`.
  Status Stream(const Task& task, std::span<const StoredBlock> before, PanelStream& panel,
                bool& more, Calculated& calculated) const;
  Status Finish(const Task& task, Calculated& calculated, Inputs& inputs);
  void RecordBlocked(const Contract& contract, const std::string& text, Inputs& inputs);
  void RecordChanged(const Contract& contract, PartyId party, const Facts& known, Facts facts);
  void Store();

  pg::Transaction& tx_;
  const CapitationRequest& request_;
  Instant known_at_;
  Instant now_;
  std::int64_t batch_;
  CapitationTerms& terms_;
  CapitationSummary& summary_;
  DateRange period_;
  // What is stored at the end of the group.
  std::vector<MemberMonthRun> new_runs_;
  std::vector<NewBlock> new_blocks_;
  std::vector<FactSet> new_facts_;
};

}  // namespace sluice::performance
