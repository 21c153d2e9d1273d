// SQL and row mapping of panel facts, runs and their lines. No rules.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/bytes.h"
#include "core/pg/database.h"
#include "performance/capitation/line_codec.h"
#include "performance/capitation/panel.h"
#include "performance/capitation/rate_plan.h"
#include "performance/program_store.h"

namespace sluice::performance {

void InsertPanelSpans(pg::Transaction& tx, std::span<const NewPanelSpan> spans,
                      Instant recorded_at);
void InsertPanelPremiums(pg::Transaction& tx, std::span<const NewPanelPremium> premiums,
                         Instant recorded_at);
void InsertPanelFactors(pg::Transaction& tx, std::span<const NewPanelFactor> factors,
                        Instant recorded_at);

// The members of a contract's panel, ascending, who have a span of this id or above.
std::vector<std::int64_t> PanelMembers(pg::Transaction& tx, ContractId contract,
                                       std::int64_t first_span);
// The newest version of each of their spans of this id or above, by member and span; retracted ones
// included.
std::vector<NewPanelSpan> LoadPanelSpans(pg::Transaction& tx, ContractId contract,
                                         std::span<const std::int64_t> members,
                                         std::int64_t first_span);

// The newest version of each factor, as known at an instant.
std::map<ContractId, std::vector<PanelFactor>> LoadPanelFactors(
    pg::Transaction& tx, std::span<const ContractId> contracts, Instant known_at);

// All versions of the terms known at an instant, the newest version first.
std::map<ContractId, std::vector<TermsRow>> LoadAllTerms(pg::Transaction& tx,
                                                         std::span<const ContractId> contracts,
                                                         Instant known_at);

// One run of a contract.
struct MemberMonthRun {
  ContractId contract;
  std::int32_t number = 0;
  Month month;
  Date business_date{};
  Instant known_at;
  Digest terms_sha256{};
  std::int64_t lines = 0;
  std::int64_t members = 0;
  Money total;
  Digest lines_sha256{};
};
// All runs of the contracts, by number.
std::map<ContractId, std::vector<MemberMonthRun>> LoadRuns(pg::Transaction& tx,
                                                           std::span<const ContractId> contracts);
void InsertRuns(pg::Transaction& tx, std::span<const MemberMonthRun> runs);

struct StoredBlock {
  std::int32_t run_number = 0;
  LineBlock block;
};
// The blocks of each contract's runs from the given one on, by run and block. DataLoss when a block
// does not match its hash.
StatusOr<std::map<ContractId, std::vector<StoredBlock>>> LoadBlocks(
    pg::Transaction& tx, const std::map<ContractId, std::int32_t>& first_runs);
struct NewBlock {
  ContractId contract;
  std::int32_t run_number = 0;
  std::int32_t number = 0;
  LineBlock block;
  Digest sha256{};
};
void InsertBlocks(pg::Transaction& tx, std::span<const NewBlock> blocks);

// The panels of contracts as known at an instant: contract by contract and member by member in the
// order of their ids, streamed by one COPY in the memory of one member. While it is open the
// transaction does nothing else.
class PanelStream {
 public:
  // Texts become codes of the book. Premiums come along only when asked for; then the server sorts
  // what it sends, and does not otherwise. Requires: there are contracts.
  PanelStream(pg::Transaction& tx, std::span<const ContractId> contracts, Instant known_at,
              const CodeBook& book, bool with_premiums);

  // The next member, or false at the end. What it gives lives until the next call.
  bool Next();
  ContractId Contract() const { return contract_; }
  std::int64_t Member() const { return member_; }
  std::span<const PanelSpan> Spans() const { return spans_; }
  std::span<const PanelPremium> Premiums() const { return premiums_; }

 private:
  void ReadKey();
  void Take();

  pg::CopyReader reader_;
  const CodeBook& book_;
  bool more_ = false;
  // Of the row before the reader.
  ContractId next_contract_;
  std::int64_t next_member_ = 0;
  ContractId contract_;
  std::int64_t member_ = 0;
  std::vector<PanelSpan> spans_;
  std::vector<PanelPremium> premiums_;
};

}  // namespace sluice::performance
