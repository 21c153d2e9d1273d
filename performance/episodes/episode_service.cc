#include "performance/episodes/episode_service.h"

#include <algorithm>
#include <map>
#include <set>

#include "performance/episodes/episode_store.h"
#include "performance/program_store.h"

namespace sluice::performance {
namespace {

constexpr std::int64_t kLargestPage = 500;
constexpr std::size_t kLongestCode = 20;

Status CheckTypes(std::span<const EpisodeType> types) {
  std::set<std::string> codes;
  for (const EpisodeType& type : types) {
    const bool plain = std::ranges::all_of(type.code, [](char c) {
      return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '-';
    });
    if (type.code.empty() || type.code.size() > kLongestCode || !plain) {
      return InvalidArgument("episode type '{}': a code is 1 to {} letters, digits, '_' and '-'",
                             type.code, kLongestCode);
    }
    if (type.name.empty()) return InvalidArgument("episode type {} needs a name", type.code);
    if (!codes.insert(type.code).second) {
      return InvalidArgument("episode type {} is listed twice", type.code);
    }
  }
  return OkStatus();
}

Status NoEpisode(ContractId contract, EpisodeId episode) {
  return NotFound("contract {} has no episode {}", contract, episode);
}

Status RequireContract(pg::Transaction& tx, ContractId contract) {
  const std::vector<ContractId> ids = {contract};
  if (!FindContracts(tx, ids).empty()) return OkStatus();
  return NotFound("contract {} is not known; create it first", contract);
}

Facts Changed(const Facts& now, const Facts& known) {
  Facts changed;
  for (const auto& [name, value] : now.Values()) {
    const auto found = known.Values().find(name);
    if (found == known.Values().end() || found->second != value) changed.Set(name, value);
  }
  return changed;
}

}  // namespace

Status EpisodeService::SetTypes(std::span<const EpisodeType> types) {
  RETURN_IF_ERROR(CheckTypes(types));
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const std::vector<EpisodeType> known = ListEpisodeTypes(tx, payer_);
    std::vector<EpisodeType> changed;
    for (const EpisodeType& type : types) {
      if (std::ranges::find(known, type) == known.end()) changed.push_back(type);
    }
    InsertEpisodeTypes(tx, payer_, changed, now);
    return OkStatus();
  });
}

StatusOr<std::vector<EpisodeType>> EpisodeService::Types() {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<EpisodeType>> {
    return ListEpisodeTypes(tx, payer_);
  });
}

Status EpisodeService::Accept(const EpisodeRecord& episode, UserId by) {
  RETURN_IF_ERROR(CheckEpisode(episode));
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    RETURN_IF_ERROR(RequireContract(tx, episode.contract));
    if (const auto known = FindEpisode(tx, episode.contract, episode.id)) {
      if (known->episode == episode) return OkStatus();
      return AlreadyExists("episode {} is known with other content", episode.id);
    }
    std::string active;
    for (const EpisodeType& type : ListEpisodeTypes(tx, payer_)) {
      if (type.active) active += (active.empty() ? "" : ", ") + type.code;
      if (type.active && type.code == episode.type) {
        if (InsertEpisode(tx, episode, now, by)) return OkStatus();
        return Aborted("episode {} was accepted meanwhile; ask again", episode.id);
      }
    }
    return InvalidArgument("episode {}: type {} is not one of the payer's: {}", episode.id,
                           episode.type, active);
  });
}

Status EpisodeService::Advance(ContractId contract, EpisodeId episode, EpisodeStatus to,
                               UserId by) {
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    if (InsertEpisodeStatus(tx, contract, episode, to, now, by)) return OkStatus();
    const auto found = FindEpisode(tx, contract, episode);
    if (!found) return NoEpisode(contract, episode);
    if (found->status == EpisodeStatus::kCompleted) {
      return FailedPrecondition("episode {} is Completed: no status follows", episode);
    }
    const auto next = static_cast<EpisodeStatus>(static_cast<int>(found->status) + 1);
    if (next == to) {
      return FailedPrecondition("episode {} became {} after {}: a change is not earlier", episode,
                                EpisodeStatusName(found->status), now.ToString());
    }
    return FailedPrecondition("episode {} is {}: the next status is {}, not {}", episode,
                              EpisodeStatusName(found->status), EpisodeStatusName(next),
                              EpisodeStatusName(to));
  });
}

StatusOr<EpisodeList> EpisodeService::List(const EpisodeFilter& filter, const EpisodePage& page) {
  if (page.limit < 1 || page.limit > kLargestPage || page.offset < 0) {
    return InvalidArgument("a page is 1 to {} rows from 0 on, not {} from {}", kLargestPage,
                           page.limit, page.offset);
  }
  // One snapshot: the rows and the total are of the same moment.
  const pg::TransactOptions options{.isolation = pg::Isolation::kRepeatableRead,
                                    .read_only = true};
  return database_.Transact(options, [&](pg::Transaction& tx) -> StatusOr<EpisodeList> {
    EpisodeList list{.rows = ListEpisodes(tx, filter, page)};
    for (const EpisodeCount& count : CountEpisodes(tx, filter)) list.total += count.count;
    return list;
  });
}

StatusOr<EpisodeOverview> EpisodeService::Overview(const EpisodeFilter& filter) {
  const pg::TransactOptions options{.isolation = pg::Isolation::kRepeatableRead,
                                    .read_only = true};
  return database_.Transact(options, [&](pg::Transaction& tx) -> StatusOr<EpisodeOverview> {
    EpisodeOverview overview{.types = ListEpisodeTypes(tx, payer_)};
    std::map<std::pair<std::string, EpisodeStatus>, std::int64_t> counts;
    for (const EpisodeType& type : overview.types) {
      for (const EpisodeStatus status : kEpisodeStatuses) counts[{type.code, status}] = 0;
    }
    for (const EpisodeCount& count : CountEpisodes(tx, filter)) {
      counts[{count.type, count.status}] = count.count;
      overview.total += count.count;
    }
    for (const auto& [key, count] : counts) {
      overview.counts.push_back({.type = key.first, .status = key.second, .count = count});
    }
    return overview;
  });
}

StatusOr<EpisodeDetails> EpisodeService::Details(ContractId contract, EpisodeId episode) {
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<EpisodeDetails> {
    auto details = LoadEpisodeDetails(tx, contract, episode);
    if (!details) return NoEpisode(contract, episode);
    return *std::move(details);
  });
}

Status EpisodeService::AddDocument(ContractId contract, EpisodeId episode, const std::string& name,
                                   const std::string& reference, const Digest& sha256,
                                   UserId by) {
  if (name.empty() || reference.empty() || sha256 == Digest{}) {
    return InvalidArgument(
        "a document of episode {} needs a name, the place where it is kept and its SHA-256",
        episode);
  }
  const EpisodeDocument document{
      .name = name, .reference = reference, .sha256 = sha256, .at = clock_.Now(), .by = by};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    if (!FindEpisode(tx, contract, episode)) return NoEpisode(contract, episode);
    InsertDocument(tx, contract, episode, document);
    return OkStatus();
  });
}

StatusOr<std::vector<BudgetPart>> EpisodeService::PostBudget(
    ContractId contract, EpisodeId episode, Money due,
    std::span<const BudgetParticipant> participants, UserId by) {
  const Instant now = clock_.Now();
  return database_.Transact([&](pg::Transaction& tx) -> StatusOr<std::vector<BudgetPart>> {
    if (!FindEpisode(tx, contract, episode)) return NoEpisode(contract, episode);
    std::int32_t round = 1;
    std::vector<PostedPart> posted;
    for (const EpisodePosting& posting : PostingsOf(tx, contract, episode)) {
      round = posting.round + 1;
      posted.push_back({.party = posting.party, .amount = posting.difference});
    }
    ASSIGN_OR_RETURN(std::vector<BudgetPart> parts, SplitBudget(due, participants, posted));
    const bool differs = std::ranges::any_of(
        parts, [](const BudgetPart& part) { return !part.difference.IsZero(); });
    if (!differs) return parts;
    // Every participant has a row of the round, so that two postings of one round collide.
    std::vector<EpisodePosting> rows;
    for (const BudgetPart& part : parts) {
      rows.push_back({.round = round,
                      .party = part.party,
                      .due = part.due,
                      .difference = part.difference,
                      .at = now,
                      .by = by});
    }
    InsertPostings(tx, contract, episode, rows);
    return parts;
  });
}

StatusOr<EpisodeRun> EpisodeService::Run(ContractId contract, const EpisodeSum& terms,
                                         const EpisodeInputs& inputs) {
  RETURN_IF_ERROR(ValidateEpisodes(terms));
  ASSIGN_OR_RETURN(EpisodeRun run, RunEpisodes(terms, inputs));
  Facts facts = FactsOfRun(terms, run);
  // Without a score there is no part yet; the award says what is missing.
  if (const auto part = PaidPart(terms, run.totals, YearOf(inputs.period.from)); part.ok()) {
    facts.SetRatio(kEpisodePaidPart, *part);
  }
  const Instant now = clock_.Now();
  const StoredEpisodeRun stored{.contract = contract,
                                .run_id = ids_.NextValue(),
                                .period = inputs.period,
                                .calculated_at = now,
                                .lines_sha256 = run.digest};
  const std::int64_t batch = ids_.NextValue();
  const Status status = database_.Transact([&](pg::Transaction& tx) -> Status {
    RETURN_IF_ERROR(RequireContract(tx, contract));
    const auto newest = NewestEpisodeRun(tx, contract, inputs.period);
    if (!newest || newest->lines_sha256 != run.digest) InsertEpisodeRun(tx, stored, run.lines);
    const std::vector<ContractId> ids = {contract};
    ASSIGN_OR_RETURN(const auto known, LoadFacts(tx, ids, inputs.period, now));
    const auto found = known.find(contract);
    Facts changed = Changed(facts, found == known.end() ? Facts() : found->second.own);
    if (changed.Values().empty()) return OkStatus();
    const FactSet set{.contract = contract, .period = inputs.period, .facts = std::move(changed)};
    InsertFacts(tx, {&set, 1}, now, batch, "episode run");
    return OkStatus();
  });
  if (!status.ok()) return status;
  return run;
}

}  // namespace sluice::performance
