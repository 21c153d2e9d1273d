// Screening at work: lists are imported, payees screened, hits held and decided about.
//
//   1. Payees are screened when they are enrolled, when a list is imported, before a release, and
//      when a person asks.
//   2. A hit holds the payee in every program, as SANCTION_HOLD or EXCLUDED, until a person other
//      than the one who found it decides that the payee is not the one listed. A decision stands
//      while payee and entry are what they were; a change of either is a new hit.
//   3. A list that lost many entries is taken for a damaged file and refused.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/approval.h"
#include "payments/screening/screening_store.h"

namespace sluice::payments {

struct ScreeningTag {
  static constexpr std::string_view kPrefix = "hit";
};
using ScreeningHitId = Id<ScreeningTag>;

// What one screening came to, over all lists in force.
struct ScreeningOutcome {
  std::int32_t lists = 0;
  std::int32_t payees = 0;
  std::int32_t findings = 0;
  std::vector<ScreeningHit> new_hits;
};

// Screens the payees, all of the payer when there are none, against the lists in force, inside the
// caller's transaction; holds those with new hits. Nothing without a list.
ScreeningOutcome ScreenPayees(pg::Transaction& tx, PayerId payer, std::span<const PayeeId> payees,
                              ScreeningTrigger trigger, const Recorded& recorded, IdGenerator& ids);

// Because a person asked. FailedPrecondition without a list.
StatusOr<ScreeningOutcome> ScreenOnRequest(pg::Transaction& tx, PayerId payer,
                                           std::span<const PayeeId> payees,
                                           const Recorded& recorded, IdGenerator& ids);

// Records another name or the birth of a payee, and screens it by what is known then. NotFound for
// an unknown payee.
StatusOr<ScreeningOutcome> RecordIdentity(pg::Transaction& tx, PayerId payer,
                                          PayeeIdentity identity, const Recorded& recorded,
                                          IdGenerator& ids);

// FailedPrecondition unless a list of each source was imported at most so many days before `today`.
Status CheckListsAreCurrent(pg::Transaction& tx, PayerId payer, Date today, int days);

class ScreeningService {
 public:
  ScreeningService(const pg::Database& database, PayerId payer, Clock& clock, IdGenerator& ids)
      : database_(database.ForPayer(payer)), payer_(payer), clock_(clock), ids_(ids) {}

  struct Import {
    ListSource source = ListSource::kSdn;
    std::string text;
    std::string alternates;  // SDN: the file of alternate names; may be empty
    Date published_on{};
    bool accept_shrinking = false;
  };
  struct Imported {
    StoredList list;
    bool known_before = false;
    std::int32_t entries_before = 0;  // of the list that it replaces
    ScreeningOutcome screening;
  };
  // Stores the list and screens every payee. The same files of the same day store nothing again.
  // FailedPrecondition for a list older than the one in force, or with a tenth fewer entries.
  StatusOr<Imported> ImportList(const Import& import, Actor actor);

  StatusOr<ScreeningOutcome> Run(std::span<const PayeeId> payees, Actor actor);

  // NotFound for an unknown payee.
  Status RecordIdentity(PayeeIdentity identity, Actor actor);

  // Those that hold a payee, or all.
  StatusOr<std::vector<ScreeningHit>> Hits(bool standing_only);
  StatusOr<std::vector<ScreeningDecision>> Decisions(ScreeningHitId hit);
  // PermissionDenied for the person who found it, or who made the decision that this one turns
  // round. NotTheSame clears the hold.
  Status Decide(ScreeningHitId hit, HitState decision, const std::string& note, Actor actor);

 private:
  pg::Database database_;
  PayerId payer_;
  Clock& clock_;
  IdGenerator& ids_;
};

}  // namespace sluice::payments
