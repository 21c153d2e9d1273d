#include "performance/program_service.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/check.h"
#include "performance/award_override.h"
#include "performance/contract_end_store.h"
#include "performance/payee_shares.h"
#include "performance/program_store.h"
#include "performance/settlement.h"
#include "performance/terms_codec.h"
#include "performance/terms_validate.h"

namespace sluice::performance {
namespace {

// Contracts whose inputs and results are in memory at one time.
constexpr std::size_t kChunk = 128;

std::vector<ContractId> Ids(std::span<const Contract> contracts) {
  std::vector<ContractId> ids;
  ids.reserve(contracts.size());
  for (const Contract& contract : contracts) ids.push_back(contract.id);
  return ids;
}

// NotFound names the first contract that is not stored for this payer.
Status RequireContracts(pg::Transaction& tx, const std::set<ContractId>& wanted) {
  const std::vector<ContractId> ids(wanted.begin(), wanted.end());
  const std::vector<Contract> found = FindContracts(tx, ids);
  if (found.size() == ids.size()) return OkStatus();
  std::set<ContractId> known;
  for (const Contract& contract : found) known.insert(contract.id);
  for (const ContractId id : ids) {
    if (!known.contains(id)) return NotFound("contract {} is not known; create it first", id);
  }
  return OkStatus();
}

// Facts of closed periods; gives whose they are.
StatusOr<std::set<ContractId>> CheckFactSets(std::span<const FactSet> sets) {
  std::set<ContractId> contracts;
  for (const FactSet& set : sets) {
    contracts.insert(set.contract);
    if (!set.period.to || set.period.IsEmpty()) {
      return InvalidArgument("facts of contract {} need a closed period; {} is not", set.contract,
                             set.period.ToString());
    }
    if (set.under != PartyId() && set.party == PartyId()) {
      return InvalidArgument("facts of contract {} name a parent but no participant", set.contract);
    }
  }
  return contracts;
}

bool IsOwnName(std::string_view name) {
  return name.starts_with(kOverridePrefix) || name.starts_with(kInputMissingPrefix) ||
         name == kContractNotInForce;
}

// The set without what is known already.
FactSet NewFactsOf(const FactSet& set, const ContractFacts& known) {
  Facts none;
  const Facts* before = &known.own;
  if (set.party != PartyId()) {
    const auto found = known.participants.find({set.party, set.under});
    before = found == known.participants.end() ? &none : &found->second;
  }
  FactSet changed = set;
  changed.facts = {};
  for (const auto& [name, value] : set.facts.Values()) {
    const auto old = before->Values().find(name);
    if (old == before->Values().end() || old->second != value) changed.facts.Set(name, value);
  }
  for (const auto& [id, result] : set.facts.Measures()) {
    const auto old = before->Measures().find(id);
    if (old == before->Measures().end() || old->second != result) {
      changed.facts.SetMeasure(id, result);
    }
  }
  return changed;
}

// --- Calculation --------------------------------------------------------------------------------

// Terms are the same for many contracts of a program; each version is decoded once.
class TermsCache {
 public:
  StatusOr<const Terms*> Decode(const TermsRow& row) {
    const auto known = terms_.find(row.sha256);
    if (known != terms_.end()) return &known->second;
    StatusOr<Terms> terms = DecodeTerms(row.content);
    if (!terms.ok() || HashTerms(*terms) != row.sha256) {
      return DataLoss("terms {} of contract {} do not match their hash", row.version, row.contract);
    }
    return &terms_.emplace(row.sha256, *std::move(terms)).first->second;
  }

 private:
  std::map<Digest, Terms> terms_;
};

// What one chunk of contracts is calculated from.
struct ChunkInputs {
  std::map<ContractId, TermsRow> terms;
  std::map<ContractId, ContractFacts> facts;
  std::map<ContractId, ContractEnd> ends;
  std::map<ContractId, std::vector<OverrideInEffect>> overrides;
};

StatusOr<ChunkInputs> LoadInputs(pg::Transaction& tx, std::span<const ContractId> ids,
                                 const DateRange& period, Instant known_at) {
  ChunkInputs inputs;
  for (TermsRow& row : TermsOn(tx, ids, period.from, known_at)) {
    if (row.state == TermsState::kInForce) inputs.terms.emplace(row.contract, std::move(row));
  }
  ASSIGN_OR_RETURN(inputs.facts, LoadFacts(tx, ids, period, known_at));
  inputs.ends = ContractEnds(tx, ids, known_at);
  inputs.overrides = OverridesInEffect(tx, ids, period, known_at);
  return inputs;
}

// The contract's party, and below it everybody whom its terms reach.
StatusOr<Participant> PartyOf(const Contract& contract, const std::optional<Terms>& terms,
                              const HierarchyView& hierarchy, const ContractFacts& facts,
                              const DateRange& period) {
  const Split* split = terms ? FindSplit(*terms) : nullptr;
  if (terms && FindMemberMonthSum(*terms) != nullptr) {
    return PayeesUnder(split, hierarchy, contract.party, facts.participants, period);
  }
  if (split == nullptr) {
    return ParticipantsUnder(hierarchy.on_day, contract.party, 0, facts.participants);
  }
  return ParticipantsOf(*split, hierarchy, contract.party, facts.participants, period);
}

StatusOr<SettlementInput> InputOf(const Contract& contract, ChunkInputs& inputs, TermsCache& cache,
                                  const CalculationDates& dates, const HierarchyView& hierarchy) {
  SettlementInput input{.dates = dates};
  if (const auto row = inputs.terms.find(contract.id); row != inputs.terms.end()) {
    ASSIGN_OR_RETURN(const Terms* terms, cache.Decode(row->second));
    input.terms = *terms;
  }
  ContractFacts facts = std::move(inputs.facts[contract.id]);
  SetOverrideFacts(inputs.overrides[contract.id], facts.own, facts.participants);
  input.facts = std::move(facts.own);
  if (const auto end = inputs.ends.find(contract.id);
      end != inputs.ends.end() && end->second.until <= dates.period.from) {
    input.facts.SetText(kContractNotInForce, fmt::format("{} as of {}", end->second.state,
                                                         FormatDate(end->second.until)));
  }
  StatusOr<Participant> party = PartyOf(contract, input.terms, hierarchy, facts, dates.period);
  // One party that is missing blocks its own award, not the program.
  input.party = party.ok() ? *std::move(party) : Participant{.name = StatusMessage(party.status())};
  return input;
}

// The period that follows one: as many months, or as many days where it is not of whole months.
DateRange PeriodAfter(const DateRange& period) {
  const Date end = *period.to;
  const Month first = Month::Of(period.from);
  const Month next = Month::Of(end);
  if (period.from != first.FirstDay() || end != next.FirstDay()) {
    return DateRange::Between(end, end + (end - period.from));
  }
  const int months = (next.Year() - first.Year()) * 12 + static_cast<int>(next.Number()) -
                     static_cast<int>(first.Number());
  return DateRange::Between(end, (next + months).FirstDay());
}

// A version to store, with everything that belongs to it.
struct Version {
  StoredAward award;
  std::vector<SplitShare> shares;
  std::string package;
};

void CopyResult(const Award& from, StoredAward& to) {
  to.status = from.status;
  to.amount = from.amount;
  to.recouped = from.recouped;
  to.balance_left = from.balance_left;
  to.withheld = from.withheld;
  to.released = from.released;
  to.forfeited = from.forfeited;
  to.payable = from.payable;
  to.zero_reason = from.zero_reason;
  to.zero_detail = from.zero_detail;
  to.payable_zero_reason = from.payable_zero_reason;
  to.blocked_reason = from.blocked_reason;
  to.missing = from.missing;
  to.notes = from.notes;
  to.explanation = ToText(from);
}

PackageHeader HeaderOf(const Program& program, const StoredAward& award) {
  return PackageHeader{.program = program.id,
                       .program_name = program.name,
                       .stream = program.stream,
                       .contract = award.contract,
                       .award = award.award,
                       .version = award.version};
}

void Count(const StoredAward& award, CalculationSummary& summary) {
  ++summary.contracts;
  if (award.status == AwardStatus::kBlocked) {
    ++summary.blocked;
    summary.missing.emplace_back(award.contract, award.missing);
    return;
  }
  (award.amount < Money() ? summary.losses : summary.earned) += award.amount;
  summary.recouped += award.recouped;
  summary.withheld += award.withheld;
  summary.forfeited += award.forfeited;
  summary.payable += award.payable;
  if (award.zero_reason) ++summary.zeros[*award.zero_reason];
}

// One calculation of one program, chunk by chunk inside one transaction.
class Calculation {
 public:
  Calculation(pg::Transaction& tx, const Program& program, const CalculateRequest& request,
              const hierarchy::HierarchySnapshot& hierarchy, Instant now, IdGenerator& ids)
      : tx_(tx), program_(program), request_(request), hierarchy_(hierarchy), now_(now), ids_(ids) {
    known_at_ = request.known_at.value_or(now);
  }

  StatusOr<CalculationSummary> Run() {
    const DateRange& period = request_.dates.period;
    const std::vector<Contract> contracts =
        ContractsInPeriod(tx_, program_.id, period, request_.contracts);
    for (std::size_t at = 0; at < contracts.size(); at += kChunk) {
      const std::size_t count = std::min(kChunk, contracts.size() - at);
      RETURN_IF_ERROR(RunChunk(std::span<const Contract>(contracts).subspan(at, count)));
      if (request_.progress) {
        request_.progress(static_cast<std::int64_t>(at + count),
                          static_cast<std::int64_t>(contracts.size()));
      }
    }
    return std::move(summary_);
  }

 private:
  Status RunChunk(std::span<const Contract> contracts) {
    const std::vector<ContractId> ids = Ids(contracts);
    ASSIGN_OR_RETURN(ChunkInputs inputs, LoadInputs(tx_, ids, request_.dates.period, known_at_));
    const LatestAwards stored = FindLatestAwards(tx_, ids, request_.dates.period);
    std::vector<Version> versions;
    for (const Contract& contract : contracts) {
      ASSIGN_OR_RETURN(const SettlementInput input,
                       InputOf(contract, inputs, cache_, request_.dates,
                               {.on_day = hierarchy_, .other_days = request_.other_days}));
      const auto row = inputs.terms.find(contract.id);
      SettleOne(contract, input, row == inputs.terms.end() ? nullptr : &row->second, stored,
                versions);
    }
    Store(versions);
    return RecordCarried();
  }

  // What deductions left of this period is due in the next one.
  Status RecordCarried() {
    if (carried_.empty()) return OkStatus();
    std::vector<ContractId> ids;
    for (const FactSet& set : carried_) ids.push_back(set.contract);
    ASSIGN_OR_RETURN(const auto known, LoadFacts(tx_, ids, carried_.front().period, now_));
    for (FactSet& set : carried_) {
      const auto found = known.find(set.contract);
      const Facts before = found == known.end() ? Facts() : found->second.own;
      Facts changed;
      for (const auto& [name, value] : set.facts.Values()) {
        const auto old = before.Values().find(name);
        const FactValue was = old == before.Values().end() ? FactValue(Exact()) : old->second;
        if (was != value) changed.Set(name, value);
      }
      set.facts = std::move(changed);
    }
    std::erase_if(carried_, [](const FactSet& set) { return set.facts.Values().empty(); });
    if (!carried_.empty()) {
      InsertFacts(tx_, carried_, now_, ids_.NextValue(), "deductions carried");
      carried_.clear();
    }
    return OkStatus();
  }

  // Whether inputs that nothing reads are all that changed. Terms are a result of their own: a
  // version names those that it rests on.
  bool IsSameResult(const Settlement& settlement, const InputHashes& hashes,
                    const StoredAward& before) {
    if (before.terms_sha256 != hashes.terms || before.pay_date != request_.dates.pay_date) {
      return false;
    }
    StoredAward now = before;
    CopyResult(settlement.award, now);
    if (now != before) return false;
    const AwardKey key{before.contract, before.award, before.version};
    return std::ranges::equal(SharesOf(tx_, {&key, 1}), settlement.shares, {}, &StoredShare::share);
  }

  void SettleOne(const Contract& contract, const SettlementInput& input, const TermsRow* terms,
                 const LatestAwards& stored, std::vector<Version>& versions) {
    const InputHashes hashes = HashInput(input);
    const auto before = stored.newest.find(contract.id);
    if (before != stored.newest.end() && before->second.input_sha256 == hashes.input) {
      ++summary_.unchanged;
      Count(before->second, summary_);
      return;
    }
    Settlement settlement = Settle(input);
    if (before != stored.newest.end() && IsSameResult(settlement, hashes, before->second)) {
      ++summary_.unchanged;
      Count(before->second, summary_);
      return;
    }
    Version version;
    StoredAward& award = version.award;
    award.contract = contract.id;
    award.award = before == stored.newest.end() ? ids_.Next<AwardTag>() : before->second.award;
    award.version = before == stored.newest.end() ? 1 : before->second.version + 1;
    award.program = program_.id;
    award.party = contract.party;
    award.period = request_.dates.period;
    award.pay_date = request_.dates.pay_date;
    award.stream = program_.stream;
    CopyResult(settlement.award, award);
    if (award.status == AwardStatus::kComputed) {
      const auto paid = stored.last_payable.find(contract.id);
      award.delta = award.payable - (paid == stored.last_payable.end() ? Money() : paid->second);
    }
    if (terms != nullptr) award.terms_version = terms->version;
    award.terms_sha256 = hashes.terms;
    award.facts_sha256 = hashes.facts;
    award.hierarchy_sha256 = hashes.hierarchy;
    award.input_sha256 = hashes.input;
    award.hierarchy_as_of = hierarchy_.Header().as_of;
    award.hierarchy_version = hierarchy_.Header().version;
    award.known_at = known_at_;
    award.calculated_at = now_;
    version.package = ExportPackage(HeaderOf(program_, award), input, settlement);
    if (!settlement.award.carried.empty()) {
      FactSet set{.contract = contract.id, .period = PeriodAfter(request_.dates.period)};
      for (const auto& [name, amount] : settlement.award.carried) {
        set.facts.SetAmount(CarriedInFact(name), amount);
      }
      carried_.push_back(std::move(set));
    }
    version.shares = std::move(settlement.shares);

    ++summary_.new_versions;
    summary_.shares += static_cast<std::int64_t>(version.shares.size());
    summary_.delta += award.delta;
    Count(award, summary_);
    versions.push_back(std::move(version));
  }

  void Store(std::vector<Version>& versions) {
    if (versions.empty()) return;
    std::vector<StoredAward> awards;
    std::vector<StoredShare> shares;
    std::vector<PackageRow> packages;
    for (Version& version : versions) {
      const StoredAward& award = version.award;
      for (SplitShare& share : version.shares) {
        shares.push_back({award.contract, award.award, award.version, std::move(share)});
      }
      packages.push_back({.key = {award.contract, award.award, award.version},
                          .sha256 = Sha256(AsBytes(version.package)),
                          .content = std::move(version.package)});
      awards.push_back(std::move(version.award));
    }
    InsertAwards(tx_, awards);
    InsertShares(tx_, shares);
    InsertPackages(tx_, packages);
  }

  pg::Transaction& tx_;
  const Program& program_;
  const CalculateRequest& request_;
  const hierarchy::HierarchySnapshot& hierarchy_;
  Instant now_;
  Instant known_at_;
  IdGenerator& ids_;
  TermsCache cache_;
  CalculationSummary summary_;
  std::vector<FactSet> carried_;  // of the chunk, for the period after
};

Status CheckDates(const CalculationDates& dates) {
  if (!dates.period.to || dates.period.IsEmpty()) {
    return InvalidArgument("a calculation needs a closed period; {} is not",
                           dates.period.ToString());
  }
  return OkStatus();
}

// The version rows that `terms` add to what is stored; `versions` receives each one's number.
StatusOr<std::vector<TermsRow>> NewTermsRows(std::span<const NewTerms> terms,
                                             std::map<ContractId, TermsRow> newest, Instant now,
                                             std::vector<std::int32_t>& versions) {
  std::vector<TermsRow> rows;
  for (const NewTerms& entry : terms) {
    TermsRow row{.contract = entry.contract,
                 .version = 1,
                 .state = entry.state,
                 .effective = entry.effective,
                 .title = entry.terms.title,
                 .content = EncodeTerms(entry.terms),
                 .sha256 = HashTerms(entry.terms),
                 .recorded_at = now};
    if (const auto before = newest.find(entry.contract); before != newest.end()) {
      const TermsRow& last = before->second;
      versions.push_back(last.version);
      const bool same =
          last.sha256 == row.sha256 && last.effective == row.effective && last.state == row.state;
      if (same) continue;
      row.version = ++versions.back();
    } else {
      versions.push_back(1);
    }
    newest.insert_or_assign(entry.contract, row);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

Status ProgramService::CreateProgram(const Program& program) {
  RETURN_IF_ERROR(ValidateProgram(program));
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    if (const std::optional<Program> known = FindProgram(tx, program.id)) {
      if (*known == program) return OkStatus();
      return AlreadyExists("program {} exists with other content", program.id);
    }
    InsertProgram(tx, program);
    return OkStatus();
  });
}

Status ProgramService::CreateContracts(std::span<const Contract> contracts) {
  std::map<ContractId, const Contract*> wanted;
  for (const Contract& contract : contracts) {
    if (contract.id == ContractId() || contract.party == PartyId() ||
        contract.effective.IsEmpty()) {
      return InvalidArgument(
          "contract {} needs an id, a party and a range of days that is not empty", contract.id);
    }
    if (!wanted.emplace(contract.id, &contract).second) {
      return InvalidArgument("contract {} is given twice", contract.id);
    }
  }
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    std::set<ProgramId> programs;
    for (const Contract& contract : contracts) programs.insert(contract.program);
    for (const ProgramId program : programs) {
      if (!FindProgram(tx, program)) {
        return NotFound("program {} is not known; create it first", program);
      }
    }
    std::map<ContractId, const Contract*> missing = wanted;
    for (const Contract& known : FindContracts(tx, Ids(contracts))) {
      if (*wanted.at(known.id) != known) {
        return AlreadyExists("contract {} exists with other content", known.id);
      }
      missing.erase(known.id);
    }
    std::vector<Contract> rows;
    for (const auto& [id, contract] : missing) rows.push_back(*contract);
    if (!rows.empty()) InsertContracts(tx, rows);
    return OkStatus();
  });
}

StatusOr<std::vector<std::int32_t>> ProgramService::AddTerms(std::span<const NewTerms> terms) {
  std::set<ContractId> contracts;
  for (const NewTerms& entry : terms) {
    contracts.insert(entry.contract);
    RETURN_IF_ERROR(Annotate(ValidateTerms(entry.terms), "contract " + entry.contract.ToString()));
    if (entry.effective.IsEmpty()) {
      return InvalidArgument("contract {}: terms need a range of days that is not empty",
                             entry.contract);
    }
  }
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<std::int32_t>> {
    RETURN_IF_ERROR(RequireContracts(tx, contracts));
    const std::vector<ContractId> ids(contracts.begin(), contracts.end());
    std::vector<std::int32_t> versions;
    ASSIGN_OR_RETURN(const std::vector<TermsRow> rows,
                     NewTermsRows(terms, NewestTerms(tx, ids), now, versions));
    if (!rows.empty()) InsertTerms(tx, rows);
    return versions;
  });
}

StatusOr<std::int64_t> ProgramService::RecordFacts(std::span<const FactSet> sets,
                                                   const std::string& source) {
  ASSIGN_OR_RETURN(const std::set<ContractId> contracts, CheckFactSets(sets));
  const Instant now = clock_.Now();
  const std::int64_t batch = ids_.NextValue();
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::int64_t> {
    RETURN_IF_ERROR(RequireContracts(tx, contracts));
    return InsertFacts(tx, sets, now, batch, source);
  });
}

StatusOr<std::int64_t> ProgramService::RecordNewFacts(pg::Transaction& tx,
                                                      std::span<const FactSet> sets,
                                                      const std::string& source,
                                                      Instant recorded_at) {
  ASSIGN_OR_RETURN(const std::set<ContractId> contracts, CheckFactSets(sets));
  for (const FactSet& set : sets) {
    for (const auto& [name, value] : set.facts.Values()) {
      if (IsOwnName(name)) return InvalidArgument("fact {} is set by the system alone", name);
    }
  }
  RETURN_IF_ERROR(RequireContracts(tx, contracts));
  std::map<std::pair<Date, Date>, std::set<ContractId>> periods;
  for (const FactSet& set : sets) {
    periods[{set.period.from, *set.period.to}].insert(set.contract);
  }
  std::map<std::pair<Date, Date>, std::map<ContractId, ContractFacts>> known;
  for (const auto& [period, of] : periods) {
    const std::vector<ContractId> ids(of.begin(), of.end());
    ASSIGN_OR_RETURN(
        known[period],
        LoadFacts(tx, ids, DateRange::Between(period.first, period.second), recorded_at));
  }
  std::vector<FactSet> changed;
  for (const FactSet& set : sets) {
    changed.push_back(NewFactsOf(set, known[{set.period.from, *set.period.to}][set.contract]));
  }
  return InsertFacts(tx, changed, recorded_at, ids_.NextValue(), source);
}

Status ProgramService::RetractFact(const FactSet& which, const std::string& name,
                                   const std::string& source) {
  if (!which.period.to) {
    return InvalidArgument("contract {}: name the closed period of the fact", which.contract);
  }
  const Instant now = clock_.Now();
  const std::int64_t batch = ids_.NextValue();
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    RETURN_IF_ERROR(RequireContracts(tx, {which.contract}));
    InsertRetraction(tx, which, name, now, batch, source);
    return OkStatus();
  });
}

StatusOr<CalculationSummary> ProgramService::Calculate(
    const CalculateRequest& request, const hierarchy::HierarchySnapshot& hierarchy) {
  RETURN_IF_ERROR(CheckDates(request.dates));
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<CalculationSummary> {
    const std::optional<Program> program = FindProgram(tx, request.program);
    if (!program) return NotFound("program {} is not known", request.program);
    return Calculation(tx, *program, request, hierarchy, now, ids_).Run();
  });
}

StatusOr<std::string> ProgramService::RecalculateAsKnown(
    const AwardKey& key, const hierarchy::HierarchySnapshot& hierarchy,
    std::span<const hierarchy::HierarchySnapshot> other_days) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::string> {
    const std::optional<StoredAward> award = FindAward(tx, key);
    if (!award) return NotFound("award {} has no version {}", key.award, key.version);
    const std::optional<Program> program = FindProgram(tx, award->program);
    const std::vector<ContractId> ids = {key.contract};
    const std::vector<Contract> contracts = FindContracts(tx, ids);
    CHECK(program && contracts.size() == 1);
    ASSIGN_OR_RETURN(ChunkInputs inputs, LoadInputs(tx, ids, award->period, award->known_at));
    TermsCache cache;
    const CalculationDates dates{.period = award->period, .pay_date = award->pay_date};
    ASSIGN_OR_RETURN(const SettlementInput input,
                     InputOf(contracts.front(), inputs, cache, dates,
                             {.on_day = hierarchy, .other_days = other_days}));
    return ExportPackage(HeaderOf(*program, *award), input, Settle(input));
  });
}

StatusOr<Award> ProgramService::AsKnown(
    ContractId contract, const CalculationDates& dates, Instant known_at,
    const hierarchy::HierarchySnapshot& hierarchy,
    std::span<const hierarchy::HierarchySnapshot> other_days) {
  RETURN_IF_ERROR(CheckDates(dates));
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<Award> {
    const std::vector<ContractId> ids = {contract};
    const std::vector<Contract> contracts = FindContracts(tx, ids);
    if (contracts.empty()) return NotFound("contract {} is not known", contract);
    ASSIGN_OR_RETURN(ChunkInputs inputs, LoadInputs(tx, ids, dates.period, known_at));
    TermsCache cache;
    ASSIGN_OR_RETURN(const SettlementInput input,
                     InputOf(contracts.front(), inputs, cache, dates,
                             {.on_day = hierarchy, .other_days = other_days}));
    return Settle(input).award;
  });
}

StatusOr<std::vector<Program>> ProgramService::Programs() {
  return database_.Transact(
      [&](pg::Transaction& tx) -> StatusOr<std::vector<Program>> { return ListPrograms(tx); });
}

StatusOr<std::vector<StoredAward>> ProgramService::Awards(ProgramId program,
                                                          const DateRange& period) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<StoredAward>> {
    return AwardsOfProgram(tx, program, period);
  });
}

StatusOr<std::vector<StoredAward>> ProgramService::History(ContractId contract,
                                                           const DateRange& period) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<StoredAward>> {
    return AwardHistory(tx, contract, period);
  });
}

StatusOr<std::vector<StoredShare>> ProgramService::Shares(std::span<const AwardKey> keys) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<StoredShare>> {
    return SharesOf(tx, keys);
  });
}

StatusOr<std::string> ProgramService::Package(const AwardKey& key) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::string> {
    if (std::optional<std::string> text = FindPackage(tx, key)) return *std::move(text);
    return NotFound("award {} has no version {}", key.award, key.version);
  });
}

}  // namespace sluice::performance
