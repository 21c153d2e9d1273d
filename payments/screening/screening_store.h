// Rows of lists, screenings, hits and decisions. No rules.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/payee_store.h"
#include "payments/screening/screening.h"
#include "payments/screening/watch_list.h"

namespace sluice::payments {

struct StoredList {
  std::int64_t id = 0;
  ListSource source{};
  Date published_on{};
  Digest digest{};
  std::int32_t entries = 0;
  Instant imported_at;
};
// The newest of each source, by source.
std::vector<StoredList> LoadCurrentLists(pg::Transaction& tx, PayerId payer);
std::optional<StoredList> FindListByDigest(pg::Transaction& tx, PayerId payer, ListSource source,
                                           const Digest& digest);
void InsertList(pg::Transaction& tx, PayerId payer, const StoredList& list,
                const WatchList& content, const Recorded& recorded);
WatchList LoadList(pg::Transaction& tx, PayerId payer, const StoredList& list);

// What is known of a payee beside enrollment and W-9.
enum class IdentityRelation : std::int16_t { kSelf = 0, kOwner = 1, kDoingBusinessAs = 2 };
struct PayeeIdentity {
  std::int64_t id = 0;
  PayeeId payee;
  IdentityRelation relation = IdentityRelation::kSelf;
  std::string name;
  std::optional<Date> born_on;
};
void InsertIdentity(pg::Transaction& tx, PayerId payer, const PayeeIdentity& identity,
                    const Recorded& recorded);
// Every name of the payees, all of the payer when there are none, by payee.
std::vector<ScreenedPayee> LoadScreenedPayees(pg::Transaction& tx, PayerId payer,
                                              std::span<const PayeeId> payees);

// Why a screening was done. The numbers are stored.
enum class ScreeningTrigger : std::int16_t {
  kEnrollment = 0,
  kNewList = 1,
  kRelease = 2,
  kByPerson = 3,
};
struct ScreeningRunRow {
  std::int64_t run_id = 0;
  std::int64_t list_id = 0;
  ScreeningTrigger trigger{};
  std::int32_t payees = 0;
  std::int32_t findings = 0;
  std::int32_t new_hits = 0;
};
void InsertScreeningRun(pg::Transaction& tx, PayerId payer, const ScreeningRunRow& row,
                        const Recorded& recorded);

enum class HitState : std::int16_t { kOpen = 0, kNotTheSame = 1, kTheSame = 2 };
std::string_view HitStateName(HitState state);
struct ScreeningHit {
  std::int64_t id = 0;
  PayeeId payee;
  ListSource source{};
  std::int64_t list_id = 0;
  std::string entry_key;
  Digest entry_digest{};
  Digest payee_digest{};
  int score = 0;
  std::string listed_name;
  std::string payee_name;
  std::string program;
  std::string reason;
  UserId found_by;
  Instant found_at;
  HitState state = HitState::kOpen;
};
// False when this payee and this entry, both unchanged, are known already.
bool InsertHit(pg::Transaction& tx, PayerId payer, const ScreeningHit& hit);
// By time; all of them, or those that are open or the same.
std::vector<ScreeningHit> LoadHits(pg::Transaction& tx, PayerId payer, bool standing_only);
std::optional<ScreeningHit> LockHit(pg::Transaction& tx, PayerId payer, std::int64_t hit);

struct ScreeningDecision {
  std::int64_t hit_id = 0;
  std::int32_t number = 1;
  HitState state{};
  std::string note;
  UserId decided_by;
  Instant decided_at;
};
std::vector<ScreeningDecision> LoadDecisions(pg::Transaction& tx, PayerId payer, std::int64_t hit);
// Appends it and sets the state of the hit.
void InsertDecision(pg::Transaction& tx, PayerId payer, const ScreeningHit& hit,
                    const ScreeningDecision& decision);

}  // namespace sluice::payments
