#include "payments/screening/screening_service.h"

#include <algorithm>
#include <map>
#include <utility>

#include "payments/payee_hold.h"
#include "payments/pluck.h"

namespace sluice::payments {
namespace {

// A list that lost more than a tenth of its entries is not believed.
constexpr std::int64_t kKeptTenths = 9;

PayeeHoldKind HoldKindOf(ListSource source) {
  return source == ListSource::kSdn ? PayeeHoldKind::kCompliance : PayeeHoldKind::kExclusion;
}

std::string_view WhatItMeans(ListSource source) {
  return source == ListSource::kSdn ? "may be a sanctioned party" : "may be an excluded party";
}

PayeeHold HoldOf(const ScreeningHit& hit) {
  return {.id = hit.id,
          .payee = hit.payee,
          .kind = HoldKindOf(hit.source),
          .reason = fmt::format("{} ({}, score {}): decide about {}", WhatItMeans(hit.source),
                                ListSourceName(hit.source), hit.score, ScreeningHitId(hit.id)),
          .source_id = hit.id,
          .placed_by = hit.found_by,
          .placed_at = hit.found_at};
}

// One list: its findings become hits where they are new.
void ScreenAgainst(pg::Transaction& tx, PayerId payer, const StoredList& stored,
                   std::span<const ScreenedPayee> payees, const Recorded& recorded,
                   IdGenerator& ids, ScreeningRunRow& row, ScreeningOutcome& outcome) {
  const WatchList list = LoadList(tx, payer, stored);
  const Screener screener(list);
  std::map<PayeeId, Digest> digests;
  for (const ScreenedPayee& payee : payees) digests.emplace(payee.payee, DigestOf(payee));
  for (ScreeningFinding& finding : screener.Screen(payees)) {
    ++row.findings;
    const ListedParty& party = list.parties[finding.party];
    ScreeningHit hit{.id = ids.NextValue(),
                     .payee = finding.payee,
                     .source = stored.source,
                     .list_id = stored.id,
                     .entry_key = party.key,
                     .entry_digest = DigestOf(party),
                     .payee_digest = digests.at(finding.payee),
                     .score = finding.score,
                     .listed_name = std::move(finding.listed_name),
                     .payee_name = std::move(finding.payee_name),
                     .program = party.program,
                     .reason = std::move(finding.reason),
                     .found_by = recorded.by,
                     .found_at = recorded.at};
    if (!InsertHit(tx, payer, hit)) continue;
    ++row.new_hits;
    outcome.new_hits.push_back(std::move(hit));
  }
  InsertScreeningRun(tx, payer, row, recorded);
}

}  // namespace

ScreeningOutcome ScreenPayees(pg::Transaction& tx, PayerId payer, std::span<const PayeeId> payees,
                              ScreeningTrigger trigger, const Recorded& recorded,
                              IdGenerator& ids) {
  ScreeningOutcome outcome;
  const std::vector<StoredList> lists = LoadCurrentLists(tx, payer);
  if (lists.empty()) return outcome;
  const std::vector<ScreenedPayee> screened = LoadScreenedPayees(tx, payer, payees);
  outcome.lists = static_cast<std::int32_t>(lists.size());
  outcome.payees = static_cast<std::int32_t>(screened.size());
  const std::int64_t run = ids.NextValue();
  for (const StoredList& list : lists) {
    ScreeningRunRow row{
        .run_id = run, .list_id = list.id, .trigger = trigger, .payees = outcome.payees};
    ScreenAgainst(tx, payer, list, screened, recorded, ids, row, outcome);
    outcome.findings += row.findings;
  }
  InsertPayeeHolds(tx, payer, Pluck(outcome.new_hits, HoldOf));
  return outcome;
}

Status CheckListsAreCurrent(pg::Transaction& tx, PayerId payer, Date today, int days) {
  const std::vector<StoredList> lists = LoadCurrentLists(tx, payer);
  for (const ListSource source : {ListSource::kSdn, ListSource::kLeie}) {
    const auto list = std::ranges::find(lists, source, &StoredList::source);
    if (list == lists.end()) {
      return FailedPrecondition(
          "no {} list is on file and nothing is paid unscreened: import one with: sluice screening "
          "import",
          ListSourceName(source));
    }
    if (list->imported_at.UtcDate() + Days(days) < today) {
      return FailedPrecondition(
          "the {} list of {} was imported on {}, more than {} days ago: import the current one",
          ListSourceName(source), FormatDate(list->published_on),
          FormatDate(list->imported_at.UtcDate()), days);
    }
  }
  return OkStatus();
}

StatusOr<ScreeningService::Imported> ScreeningService::ImportList(const Import& import,
                                                                  Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  if (import.published_on > recorded.at.UtcDate()) {
    return InvalidArgument("the list cannot be of {}, a day to come",
                           FormatDate(import.published_on));
  }
  ASSIGN_OR_RETURN(const WatchList content, import.source == ListSource::kSdn
                                                ? ReadSdn(import.text, import.alternates)
                                                : ReadLeie(import.text));
  if (content.parties.empty()) return InvalidArgument("the list has no entry");
  const Digest digest = CanonicalWriter("sluice.list.v1")
                            .Day(import.published_on)
                            .Text(import.text)
                            .Text(import.alternates)
                            .Hash();
  const pg::TransactOptions options{.statement_timeout = std::chrono::minutes(10)};
  return database_.Transact(options, [&](pg::Transaction& tx) -> StatusOr<Imported> {
    Imported imported;
    const std::vector<StoredList> lists = LoadCurrentLists(tx, payer_);
    const auto before = std::ranges::find(lists, import.source, &StoredList::source);
    if (before != lists.end()) imported.entries_before = before->entries;
    const auto known = FindListByDigest(tx, payer_, import.source, digest);
    if (known) {
      if (before->id != known->id) {
        return FailedPrecondition("this list of {} was replaced by one of {} already",
                                  FormatDate(known->published_on),
                                  FormatDate(before->published_on));
      }
      imported.known_before = true;
      imported.list = *known;
    } else {
      if (before != lists.end() && import.published_on < before->published_on) {
        return FailedPrecondition("the list in force is of {}, newer than {}",
                                  FormatDate(before->published_on),
                                  FormatDate(import.published_on));
      }
      const auto entries = static_cast<std::int32_t>(content.parties.size());
      const bool shrank =
          std::int64_t{entries} * 10 < std::int64_t{imported.entries_before} * kKeptTenths;
      if (shrank && !import.accept_shrinking) {
        return FailedPrecondition(
            "the list has {} entries and the one in force {}: a file may be cut; fetch it again, "
            "or accept that it shrank",
            entries, imported.entries_before);
      }
      imported.list = {.id = ids_.NextValue(),
                       .source = import.source,
                       .published_on = import.published_on,
                       .digest = digest,
                       .entries = entries,
                       .imported_at = recorded.at};
      InsertList(tx, payer_, imported.list, content, recorded);
    }
    imported.screening = ScreenPayees(tx, payer_, {}, ScreeningTrigger::kNewList, recorded, ids_);
    return imported;
  });
}

StatusOr<ScreeningOutcome> ScreeningService::Run(std::span<const PayeeId> payees, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact(
      [&](pg::Transaction& tx) { return ScreenOnRequest(tx, payer_, payees, recorded, ids_); });
}

StatusOr<ScreeningOutcome> ScreenOnRequest(pg::Transaction& tx, PayerId payer,
                                           std::span<const PayeeId> payees,
                                           const Recorded& recorded, IdGenerator& ids) {
  ScreeningOutcome outcome =
      ScreenPayees(tx, payer, payees, ScreeningTrigger::kByPerson, recorded, ids);
  if (outcome.lists == 0) {
    return FailedPrecondition("there is no list to screen against: import one first");
  }
  return outcome;
}

Status ScreeningService::RecordIdentity(PayeeIdentity identity, Actor actor) {
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    return payments::RecordIdentity(tx, payer_, identity, recorded, ids_).status();
  });
}

StatusOr<ScreeningOutcome> RecordIdentity(pg::Transaction& tx, PayerId payer,
                                          PayeeIdentity identity, const Recorded& recorded,
                                          IdGenerator& ids) {
  if (identity.name.empty()) {
    return InvalidArgument("say the name that is known of payee {}", identity.payee);
  }
  if (LoadPayees(tx, std::span(&identity.payee, 1)).empty()) {
    return NotFound("there is no payee {}", identity.payee);
  }
  identity.id = ids.NextValue();
  InsertIdentity(tx, payer, identity, recorded);
  return ScreenPayees(tx, payer, std::span(&identity.payee, 1), ScreeningTrigger::kEnrollment,
                      recorded, ids);
}

StatusOr<std::vector<ScreeningHit>> ScreeningService::Hits(bool standing_only) {
  return database_.Transact({.read_only = true},
                            [&](pg::Transaction& tx) -> StatusOr<std::vector<ScreeningHit>> {
                              return LoadHits(tx, payer_, standing_only);
                            });
}

StatusOr<std::vector<ScreeningDecision>> ScreeningService::Decisions(ScreeningHitId hit) {
  return database_.Transact({.read_only = true},
                            [&](pg::Transaction& tx) -> StatusOr<std::vector<ScreeningDecision>> {
                              return LoadDecisions(tx, payer_, hit.Value());
                            });
}

Status ScreeningService::Decide(ScreeningHitId hit, HitState decision, const std::string& note,
                                Actor actor) {
  if (decision == HitState::kOpen) {
    return InvalidArgument("decide that {} is the same or not the same", hit);
  }
  if (note.empty()) return InvalidArgument("say what the decision about {} rests on", hit);
  if (!actor.human) return PermissionDenied("a person decides about {}", hit);
  const Recorded recorded{actor.user, clock_.Now()};
  return database_.Transact([&](pg::Transaction& tx) -> Status {
    const auto found = LockHit(tx, payer_, hit.Value());
    if (!found) return NotFound("there is no hit {}", hit);
    if (found->found_by == actor.user) {
      return PermissionDenied("{} ran the screening that found {}: another person decides",
                              actor.user, hit);
    }
    const std::vector<ScreeningDecision> earlier = LoadDecisions(tx, payer_, hit.Value());
    if (found->state == decision || found->state == HitState::kNotTheSame) {
      return FailedPrecondition("{} was decided: {}", hit, HitStateName(found->state));
    }
    if (!earlier.empty() && earlier.back().decided_by == actor.user) {
      return PermissionDenied("{} decided about {} before: another person turns it round",
                              actor.user, hit);
    }
    InsertDecision(tx, payer_, *found,
                   {.hit_id = found->id,
                    .number = static_cast<std::int32_t>(earlier.size()) + 1,
                    .state = decision,
                    .note = note,
                    .decided_by = recorded.by,
                    .decided_at = recorded.at});
    if (decision == HitState::kNotTheSame) {
      ClearPayeeHolds(tx, payer_, found->payee, found->id, note, recorded);
    }
    return OkStatus();
  });
}

}  // namespace sluice::payments
