// Use cases of episodes: accept a referral, move it on, list, count and look at it, add its
// documents, share its budget, and run the engine for a contract's period.
//
//   1. A run records its totals and the hash of its lines as facts of the contract, in the
//      transaction that stores the lines. ProgramService::Calculate then makes the award: a second
//      run with other lines gives a version of the award whose delta is the difference.
//   2. A run that comes to the same lines and facts stores nothing.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/pg/database.h"
#include "performance/episodes/episode_table.h"

namespace sluice::performance {

class EpisodeService {
 public:
  // `database` acts for `payer` (pg::Database::ForPayer).
  EpisodeService(pg::Database database, PayerId payer, Clock& clock, IdGenerator& ids)
      : database_(std::move(database)), payer_(payer), clock_(clock), ids_(ids) {}

  // Adds types or changes their names; what is known already is left. InvalidArgument for a code
  // or name that is empty or too long, or a code listed twice.
  Status SetTypes(std::span<const EpisodeType> types);
  // By code.
  StatusOr<std::vector<EpisodeType>> Types();

  // Stores an episode in status Accepted. Repeating a call with the same content is ok; the same id
  // with other content is AlreadyExists. NotFound for an unknown contract, InvalidArgument for a
  // field that is missing or a type that is not active.
  Status Accept(const EpisodeRecord& episode, UserId by);
  // One step forward. FailedPrecondition names the status it is in when `to` is not the next one;
  // NotFound for an unknown episode.
  Status Advance(ContractId contract, EpisodeId episode, EpisodeStatus to, UserId by);

  // InvalidArgument for a page limit that is not 1 to 500, or a negative offset.
  StatusOr<EpisodeList> List(const EpisodeFilter& filter, const EpisodePage& page);
  // The counts of the same filter: their sum is the total of List.
  StatusOr<EpisodeOverview> Overview(const EpisodeFilter& filter);
  StatusOr<EpisodeDetails> Details(ContractId contract, EpisodeId episode);
  // Ties a document to an episode, with its instant and actor. A document that the episode has
  // already, by its hash, is ok and stays as it is. InvalidArgument when name, reference or hash is
  // missing; NotFound for an unknown episode.
  Status AddDocument(ContractId contract, EpisodeId episode, const std::string& name,
                     const std::string& reference, const Digest& sha256, UserId by);

  // Splits what is due of an episode's budget and stores the difference from what was posted
  // before, for each participant: the prospective split at first, later the rest. It is a record of
  // shares, which the award pays (EpisodePayment::kBudget). When there is no difference nothing is
  // stored. AlreadyExists when somebody else posted meanwhile.
  StatusOr<std::vector<BudgetPart>> PostBudget(ContractId contract, EpisodeId episode, Money due,
                                               std::span<const BudgetParticipant> participants,
                                               UserId by);

  // Runs the engine and stores lines and facts. NotFound for a contract that is not known.
  StatusOr<EpisodeRun> Run(ContractId contract, const EpisodeSum& terms,
                           const EpisodeInputs& inputs);

 private:
  pg::Database database_;
  PayerId payer_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::performance
