// SQL of episodes: types, the table and its statuses, postings, runs with their lines.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "performance/episodes/episode_table.h"

namespace sluice::performance {

void InsertEpisodeTypes(pg::Transaction& tx, PayerId payer, std::span<const EpisodeType> types,
                        Instant recorded_at);
// What holds now, by code; those not active too.
std::vector<EpisodeType> ListEpisodeTypes(pg::Transaction& tx, PayerId payer);

// With its first status. False when there is an episode of this id.
bool InsertEpisode(pg::Transaction& tx, const EpisodeRecord& episode, Instant at, UserId by);
std::optional<EpisodeRow> FindEpisode(pg::Transaction& tx, ContractId contract, EpisodeId episode);
// Everything about it, with its time line; none when unknown.
std::optional<EpisodeDetails> LoadEpisodeDetails(pg::Transaction& tx, ContractId contract,
                                                 EpisodeId episode);
// False, and nothing is stored, unless the episode is in the status before `to` since `at` or
// earlier.
bool InsertEpisodeStatus(pg::Transaction& tx, ContractId contract, EpisodeId episode,
                         EpisodeStatus to, Instant at, UserId by);
std::vector<EpisodeStatusChange> StatusesOf(pg::Transaction& tx, ContractId contract,
                                            EpisodeId episode);

std::vector<EpisodeRow> ListEpisodes(pg::Transaction& tx, const EpisodeFilter& filter,
                                     const EpisodePage& page);
// Only those that are not 0, by type and status.
std::vector<EpisodeCount> CountEpisodes(pg::Transaction& tx, const EpisodeFilter& filter);

// One row for each posting, rounds in order. A round that is there already is a unique violation.
void InsertPostings(pg::Transaction& tx, ContractId contract, EpisodeId episode,
                    std::span<const EpisodePosting> postings);
std::vector<EpisodePosting> PostingsOf(pg::Transaction& tx, ContractId contract,
                                       EpisodeId episode);

// What the newest round of an episode's budget says that a party is due.
struct EpisodeBudgetDue {
  EpisodeId episode;
  PartyId party;  // unset: nobody shares the budget yet
  Money due;
};
// Of the episodes of a contract that opened in a period, as known at an instant; by episode and
// party. An episode without a round has one row.
std::vector<EpisodeBudgetDue> BudgetDues(pg::Transaction& tx, ContractId contract,
                                         const DateRange& period, Instant known_at);

// False when the episode has a document of this hash.
bool InsertDocument(pg::Transaction& tx, ContractId contract, EpisodeId episode,
                    const EpisodeDocument& document);
std::vector<EpisodeDocument> DocumentsOf(pg::Transaction& tx, ContractId contract,
                                         EpisodeId episode);

struct StoredEpisodeRun {
  ContractId contract;
  std::int64_t run_id = 0;
  DateRange period;
  Instant calculated_at;
  Digest lines_sha256{};
};
void InsertEpisodeRun(pg::Transaction& tx, const StoredEpisodeRun& run,
                      std::span<const EpisodeLine> lines);
std::optional<StoredEpisodeRun> NewestEpisodeRun(pg::Transaction& tx, ContractId contract,
                                                 const DateRange& period);
// The newest run of each period that begins before `until`, the newest first.
std::vector<StoredEpisodeRun> EpisodeRunsOf(pg::Transaction& tx, ContractId contract, Date until);
// With their services, by position.
std::vector<EpisodeLine> LinesOfEpisodeRun(pg::Transaction& tx, ContractId contract,
                                           std::int64_t run_id);
// The line of an anchor in the newest run that has it, with its services.
std::optional<EpisodeLine> NewestLineOf(pg::Transaction& tx, ContractId contract,
                                        std::int64_t member_id, const std::string& anchor_claim);

}  // namespace sluice::performance
