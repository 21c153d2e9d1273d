#include "performance/recalculation/recalculation_store.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/pg/columns.h"
#include "performance/recalculation/change_source_store.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kNewestRules{"change_rules_newest", R"sql(
  SELECT version, content
  FROM performance.change_rules
  WHERE payer_id = $1
  ORDER BY version DESC
  LIMIT 1
)sql"};

constexpr pg::Query kInsertRules{"change_rules_insert", R"sql(
  INSERT INTO performance.change_rules (payer_id, version, content, actor, recorded_at)
  VALUES ($1, $2, $3, $4, $5)
)sql"};

constexpr pg::Query kMakeWatermark{"change_watermark_make", R"sql(
  INSERT INTO performance.change_watermark (payer_id, source, seen_until, seen_version)
  VALUES ($1, $2, $3, 0)
  ON CONFLICT (payer_id, source) DO NOTHING
)sql"};

constexpr pg::Query kLockWatermark{"change_watermark_lock", R"sql(
  SELECT seen_until, seen_version
  FROM performance.change_watermark
  WHERE payer_id = $1
    AND source = $2
  FOR UPDATE
)sql"};

constexpr pg::Query kMoveWatermark{"change_watermark_move", R"sql(
  UPDATE performance.change_watermark
  SET seen_until = $3, seen_version = $4
  WHERE payer_id = $1
    AND source = $2
)sql"};

constexpr pg::Query kInsertEvents{"change_event_insert", R"sql(
  INSERT INTO performance.change_event (payer_id, event_id, kind, source, source_key, contract_id,
    member_id, party_id, affected_from, affected_to, cause, recorded_at, noticed_at)
  SELECT $1, r.event_id, r.kind, r.source, r.source_key, r.contract_id, r.member_id, r.party_id,
    r.affected_from, r.affected_to, r.cause, r.recorded_at, r.noticed_at
  FROM unnest($2::bigint[], $3::smallint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[],
              $8::bigint[], $9::date[], $10::date[], $11::text[], $12::timestamptz[],
              $13::timestamptz[])
    AS r (event_id, kind, source, source_key, contract_id, member_id, party_id, affected_from,
          affected_to, cause, recorded_at, noticed_at)
  ON CONFLICT (payer_id, source, source_key) DO NOTHING
  RETURNING event_id
)sql"};

constexpr pg::Query kEventsById{"change_event_by_id", R"sql(
  SELECT event_id, kind, source, source_key, contract_id, member_id, party_id, affected_from,
    affected_to, cause, recorded_at, noticed_at
  FROM performance.change_event
  WHERE payer_id = $1
    AND event_id = ANY ($2)
  ORDER BY recorded_at, event_id
)sql"};

constexpr pg::Query kEventsBetween{"change_event_between", R"sql(
  SELECT event_id, kind, source, source_key, contract_id, member_id, party_id, affected_from,
    affected_to, cause, recorded_at, noticed_at
  FROM performance.change_event
  WHERE payer_id = $1
    AND recorded_at > $2
    AND recorded_at <= $3
  ORDER BY recorded_at, event_id
)sql"};

constexpr pg::Query kInsertDecisions{"change_decision_insert", R"sql(
  INSERT INTO performance.change_decision (contract_id, event_id, period_from, period_to,
    target_from, target_to, program_id, decision, reason, recalculation_id, rules_version,
    recorded_at, decided_at)
  SELECT r.contract_id, r.event_id, r.period_from, r.period_to, r.target_from, r.target_to,
    r.program_id, r.decision, r.reason, r.recalculation_id, r.rules_version, r.recorded_at,
    r.decided_at
  FROM unnest($1::bigint[], $2::bigint[], $3::date[], $4::date[], $5::date[], $6::date[],
              $7::bigint[], $8::smallint[], $9::text[], $10::bigint[], $11::integer[],
              $12::timestamptz[], $13::timestamptz[])
    AS r (contract_id, event_id, period_from, period_to, target_from, target_to, program_id,
          decision, reason, recalculation_id, rules_version, recorded_at, decided_at)
)sql"};

constexpr pg::Query kDecisionsOfEvents{"change_decision_of_events", R"sql(
  SELECT contract_id, event_id, period_from, period_to, target_from, target_to, program_id,
    decision, reason, recalculation_id, rules_version, recorded_at, decided_at
  FROM performance.change_decision
  WHERE contract_id = ANY ($1)
    AND event_id = ANY ($2)
  ORDER BY contract_id, period_from, period_to, event_id
)sql"};

constexpr pg::Query kEventsOfTarget{"change_decision_events_of_target", R"sql(
  SELECT DISTINCT event_id
  FROM performance.change_decision
  WHERE contract_id = $1
    AND ((target_from = $2 AND target_to = $3) OR (period_from = $2 AND period_to = $3))
    AND recorded_at > $4
    AND recorded_at <= $5
    AND decision <> 3
)sql"};

// `checked` is the last run that was done.
constexpr pg::Query kCalculations{"recalculation_calculations", R"sql(
  SELECT a.contract_id, a.program_id, a.stream, a.party_id, a.period_from, a.period_to, a.award_id,
    a.version, a.pay_date, a.hierarchy_as_of, a.first_known_at, a.known_at, r.started_at
  FROM (
    SELECT DISTINCT ON (contract_id, period_from, period_to)
      contract_id, program_id, stream, party_id, period_from, period_to, award_id, version,
      pay_date, hierarchy_as_of, known_at,
      min(known_at) OVER (PARTITION BY contract_id, period_from, period_to) AS first_known_at
    FROM performance.award
    WHERE contract_id = ANY ($1)
    ORDER BY contract_id, period_from, period_to, version DESC) AS a
  LEFT JOIN LATERAL (
    SELECT max(q.started_at) AS started_at
    FROM performance.recalculation AS q
    WHERE q.contract_id = a.contract_id
      AND q.period_from = a.period_from
      AND q.period_to = a.period_to
      AND q.state = 2) AS r ON true
  ORDER BY a.contract_id, a.period_from, a.period_to
)sql"};

constexpr pg::Query kContractsOfPayer{"recalculation_contracts", R"sql(
  SELECT contract_id
  FROM performance.contract
  WHERE payer_id = $1
  ORDER BY contract_id
)sql"};

constexpr pg::Query kContractsOfParties{"recalculation_contracts_of_parties", R"sql(
  SELECT contract_id
  FROM performance.contract
  WHERE payer_id = $1
    AND party_id = ANY ($2)
  ORDER BY contract_id
)sql"};

constexpr pg::Query kEpisodeContracts{"recalculation_episode_contracts", R"sql(
  SELECT DISTINCT contract_id
  FROM performance.episode_run
  WHERE contract_id = ANY ($1)
  ORDER BY contract_id
)sql"};

constexpr pg::Query kLastRunMonths{"recalculation_last_run_months", R"sql(
  SELECT contract_id, max(run_month)
  FROM performance.member_month_run
  WHERE contract_id = ANY ($1)
  GROUP BY contract_id
)sql"};

constexpr pg::Query kEngineInstants{"recalculation_engine_instants", R"sql(
  SELECT DISTINCT recorded_at
  FROM performance.fact
  WHERE contract_id = $1
    AND period_from = $2
    AND period_to = $3
    AND source = ANY ($4::text[])
    AND recorded_at > $5
    AND recorded_at <= $6
  ORDER BY recorded_at
)sql"};

constexpr pg::Query kEnqueue{"recalculation_enqueue", R"sql(
  INSERT INTO performance.recalculation (contract_id, recalculation_id, program_id, period_from,
    period_to, queued_at, state, worker_id, lease_until, attempts, started_at, finished_at,
    new_versions, delta_cents, detail)
  VALUES ($1, $2, $3, $4, $5, $6, 0, NULL, NULL, 0, NULL, NULL, 0, 0, '')
  ON CONFLICT (contract_id, period_from, period_to) WHERE state = 0 DO NOTHING
)sql"};

constexpr pg::Query kFindQueued{"recalculation_find_queued", R"sql(
  SELECT recalculation_id
  FROM performance.recalculation
  WHERE contract_id = $1
    AND period_from = $2
    AND period_to = $3
    AND state = 0
  FOR UPDATE
)sql"};

constexpr pg::Query kWaiting{"recalculation_waiting", R"sql(
  SELECT q.contract_id, q.recalculation_id, q.program_id, q.period_from, q.period_to, q.queued_at,
    q.state, q.attempts, q.started_at, q.finished_at, q.new_versions, q.delta_cents, q.detail
  FROM performance.recalculation AS q
  WHERE q.contract_id = ANY ($1)
    AND (q.state = 0 OR (q.state = 1 AND q.lease_until <= $2))
    AND NOT EXISTS (
      SELECT 1
      FROM performance.recalculation AS o
      WHERE o.contract_id = q.contract_id
        AND o.recalculation_id <> q.recalculation_id
        AND o.state = 1
        AND o.lease_until > $2)
  ORDER BY q.queued_at, q.recalculation_id
  LIMIT $3
  FOR UPDATE OF q SKIP LOCKED
)sql"};

constexpr pg::Query kTake{"recalculation_take", R"sql(
  UPDATE performance.recalculation
  SET state = 1, worker_id = $3, lease_until = $4, started_at = $5, attempts = attempts + 1
  WHERE (contract_id, recalculation_id) IN (
    SELECT t.contract_id, t.recalculation_id
    FROM unnest($1::bigint[], $2::bigint[]) AS t (contract_id, recalculation_id))
)sql"};

constexpr pg::Query kFinish{"recalculation_finish", R"sql(
  UPDATE performance.recalculation
  SET state = $4, lease_until = NULL, finished_at = $5, new_versions = $6, delta_cents = $7,
    detail = $8
  WHERE contract_id = $1
    AND recalculation_id = $2
    AND worker_id = $3
    AND state = 1
)sql"};

constexpr pg::Query kRelease{"recalculation_release", R"sql(
  UPDATE performance.recalculation
  SET lease_until = $4, detail = $5
  WHERE contract_id = $1
    AND recalculation_id = $2
    AND worker_id = $3
    AND state = 1
)sql"};

constexpr pg::Query kRecalculations{"recalculation_list", R"sql(
  SELECT contract_id, recalculation_id, program_id, period_from, period_to, queued_at, state,
    attempts, started_at, finished_at, new_versions, delta_cents, detail
  FROM performance.recalculation
  WHERE contract_id = ANY ($1)
    AND ($2::smallint IS NULL OR state = $2)
  ORDER BY queued_at, recalculation_id
)sql"};

constexpr pg::Query kUnexplained{"delta_cause_missing", R"sql(
  SELECT a.version
  FROM performance.award AS a
  WHERE a.contract_id = $1
    AND a.period_from = $2
    AND a.period_to = $3
    AND a.version > 1
    AND a.status = 0
    AND NOT EXISTS (
      SELECT 1
      FROM performance.delta_cause AS c
      WHERE c.contract_id = a.contract_id
        AND c.award_id = a.award_id
        AND c.version = a.version)
  ORDER BY a.version
)sql"};

constexpr pg::Query kInsertCause{"delta_cause_insert", R"sql(
  INSERT INTO performance.delta_cause (contract_id, award_id, version, position, amount_cents,
    cause, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (contract_id, award_id, version, position) DO NOTHING
)sql"};

constexpr pg::Query kInsertCauseEvents{"delta_cause_insert_events", R"sql(
  INSERT INTO performance.delta_cause_event (contract_id, award_id, version, position, event_id)
  SELECT $1, $2, $3, $4, e
  FROM unnest($5::bigint[]) AS e
)sql"};

constexpr pg::Query kCauses{"delta_cause_list", R"sql(
  SELECT c.position, c.amount_cents, c.cause, e.event_id
  FROM performance.delta_cause AS c
  LEFT JOIN performance.delta_cause_event AS e
    ON e.contract_id = c.contract_id
    AND e.award_id = c.award_id
    AND e.version = c.version
    AND e.position = c.position
  WHERE c.contract_id = $1
    AND c.award_id = $2
    AND c.version = $3
  ORDER BY c.position, e.event_id
)sql"};

constexpr pg::Query kAwardsOfEvents{"delta_cause_awards_of_events", R"sql(
  SELECT DISTINCT event_id, contract_id, award_id, version
  FROM performance.delta_cause_event
  WHERE contract_id = ANY ($1)
    AND event_id = ANY ($2)
  ORDER BY event_id, contract_id, award_id, version
)sql"};

ChangeEvent ReadEvent(const pg::Row& row) {
  ChangeEvent event;
  event.id = row.Get<ChangeEventId>(0);
  event.kind = static_cast<EditKind>(row.Get<std::int16_t>(1));
  event.source = row.Get<std::string>(2);
  event.source_key = row.Get<std::string>(3);
  if (const auto id = row.Get<ContractId>(4); id != ContractId()) event.contract = id;
  if (const auto id = row.Get<std::int64_t>(5); id != 0) event.member = id;
  if (const auto id = row.Get<PartyId>(6); id != PartyId()) event.party = id;
  event.affected = {row.Get<Date>(7), row.Get<std::optional<Date>>(8)};
  event.cause = row.Get<std::string>(9);
  event.recorded_at = row.Get<Instant>(10);
  event.noticed_at = row.Get<Instant>(11);
  return event;
}

std::vector<ChangeEvent> ReadEvents(const pg::Result& result) {
  std::vector<ChangeEvent> events;
  for (int i = 0; i < result.Size(); ++i) events.push_back(ReadEvent(result[i]));
  return events;
}

QueuedRecalculation ReadItem(const pg::Row& row) {
  return {.id = row.Get<RecalculationId>(1),
          .contract = row.Get<ContractId>(0),
          .program = row.Get<ProgramId>(2),
          .period = {row.Get<Date>(3), row.Get<Date>(4)},
          .queued_at = row.Get<Instant>(5),
          .state = static_cast<RecalculationState>(row.Get<std::int16_t>(6)),
          .attempts = row.Get<std::int32_t>(7),
          .started_at = row.Get<std::optional<Instant>>(8).value_or(Instant()),
          .finished_at = row.Get<std::optional<Instant>>(9),
          .new_versions = row.Get<std::int32_t>(10),
          .delta = row.Get<Money>(11),
          .detail = row.Get<std::string>(12)};
}

std::vector<QueuedRecalculation> ReadItems(const pg::Result& result) {
  std::vector<QueuedRecalculation> items;
  for (int i = 0; i < result.Size(); ++i) items.push_back(ReadItem(result[i]));
  return items;
}

}  // namespace

std::optional<StoredChangeRules> NewestChangeRules(pg::Transaction& tx, PayerId payer) {
  const pg::Result result = tx.Query(kNewestRules, payer);
  if (result.Empty()) return std::nullopt;
  return StoredChangeRules{result[0].Get<std::int32_t>(0), result[0].Get<std::string>(1)};
}

void InsertChangeRules(pg::Transaction& tx, PayerId payer, const StoredChangeRules& rules,
                       const std::string& actor, Instant recorded_at) {
  tx.Execute(kInsertRules, payer, rules.version, rules.content, actor, recorded_at);
}

Watermark LockWatermark(pg::Transaction& tx, PayerId payer, std::string_view source) {
  tx.Execute(kMakeWatermark, payer, source, Instant());
  const pg::Result result = tx.Query(kLockWatermark, payer, source);
  return {result[0].Get<Instant>(0), result[0].Get<std::int64_t>(1)};
}

void MoveWatermark(pg::Transaction& tx, PayerId payer, std::string_view source,
                   const Watermark& watermark) {
  tx.Execute(kMoveWatermark, payer, source, watermark.seen_until, watermark.seen_version);
}

std::vector<ChangeEventId> InsertEvents(pg::Transaction& tx, PayerId payer,
                                        std::span<const ChangeEvent> events) {
  if (events.empty()) return {};
  std::vector<ChangeEventId> ids;
  std::vector<std::int16_t> kinds;
  std::vector<std::string_view> sources, keys, causes;
  std::vector<ContractId> contracts;
  std::vector<std::int64_t> members;
  std::vector<PartyId> parties;
  std::vector<Date> from;
  std::vector<std::optional<Date>> to;
  std::vector<Instant> recorded, noticed;
  for (const ChangeEvent& event : events) {
    ids.push_back(event.id);
    kinds.push_back(static_cast<std::int16_t>(event.kind));
    sources.push_back(event.source);
    keys.push_back(event.source_key);
    contracts.push_back(event.contract.value_or(ContractId()));
    members.push_back(event.member.value_or(0));
    parties.push_back(event.party.value_or(PartyId()));
    from.push_back(event.affected.from);
    to.push_back(event.affected.to);
    causes.push_back(event.cause);
    recorded.push_back(event.recorded_at);
    noticed.push_back(event.noticed_at);
  }
  return tx
      .Query(kInsertEvents, payer, ids, kinds, sources, keys, contracts, members, parties, from, to,
             causes, recorded, noticed)
      .All<ChangeEventId>();
}

std::vector<ChangeEvent> EventsById(pg::Transaction& tx, PayerId payer,
                                    std::span<const ChangeEventId> ids) {
  return ReadEvents(tx.Query(kEventsById, payer, ids));
}

std::vector<ChangeEvent> EventsBetween(pg::Transaction& tx, PayerId payer, Instant after,
                                       Instant until) {
  return ReadEvents(tx.Query(kEventsBetween, payer, after, until));
}

void InsertDecisions(pg::Transaction& tx, std::span<const ChangeDecision> decisions) {
  if (decisions.empty()) return;
  pg::Columns<ContractId, ChangeEventId, Date, Date, Date, Date, ProgramId, std::int16_t,
              std::string_view, std::optional<RecalculationId>, std::int32_t, Instant, Instant>
      rows;
  for (const ChangeDecision& d : decisions) {
    rows.Add(d.contract, d.event, d.period.from, *d.period.to, d.target.from, *d.target.to,
             d.program, static_cast<std::int16_t>(d.judgment.verdict), d.judgment.reason,
             d.recalculation, d.rules_version, d.recorded_at, d.decided_at);
  }
  rows.Execute(tx, kInsertDecisions);
}

std::vector<ChangeDecision> DecisionsOfEvents(pg::Transaction& tx,
                                              std::span<const ContractId> contracts,
                                              std::span<const ChangeEventId> events) {
  const pg::Result result = tx.Query(kDecisionsOfEvents, contracts, events);
  std::vector<ChangeDecision> decisions;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    decisions.push_back(
        {.event = row.Get<ChangeEventId>(1),
         .contract = row.Get<ContractId>(0),
         .program = row.Get<ProgramId>(6),
         .period = {row.Get<Date>(2), row.Get<Date>(3)},
         .target = {row.Get<Date>(4), row.Get<Date>(5)},
         .judgment = {static_cast<ChangeVerdict>(row.Get<std::int16_t>(7)),
                      row.Get<std::string>(8)},
         .recalculation = row.Get<std::optional<RecalculationId>>(9),
         .rules_version = row.Get<std::int32_t>(10),
         .recorded_at = row.Get<Instant>(11),
         .decided_at = row.Get<Instant>(12)});
  }
  return decisions;
}

std::vector<ChangeEventId> EventsOfTarget(pg::Transaction& tx, ContractId contract,
                                          const DateRange& period, Instant after, Instant until) {
  return tx.Query(kEventsOfTarget, contract, period.from, *period.to, after, until)
      .All<ChangeEventId>();
}

std::vector<KnownCalculation> CalculationsOf(pg::Transaction& tx,
                                             std::span<const ContractId> contracts) {
  const pg::Result result = tx.Query(kCalculations, contracts);
  std::vector<KnownCalculation> calculations;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    calculations.push_back({.contract = row.Get<ContractId>(0),
                            .program = row.Get<ProgramId>(1),
                            .stream = row.Get<std::string>(2),
                            .party = row.Get<PartyId>(3),
                            .period = {row.Get<Date>(4), row.Get<Date>(5)},
                            .award = row.Get<AwardId>(6),
                            .version = row.Get<std::int32_t>(7),
                            .pay_date = row.Get<Date>(8),
                            .hierarchy_as_of = row.Get<Date>(9),
                            .first_known_at = row.Get<Instant>(10),
                            .known_at = row.Get<Instant>(11),
                            .checked_at = row.Get<std::optional<Instant>>(12)});
  }
  return calculations;
}

std::vector<ContractId> ContractsOfPayer(pg::Transaction& tx, PayerId payer) {
  return tx.Query(kContractsOfPayer, payer).All<ContractId>();
}

std::vector<ContractId> ContractsOfParties(pg::Transaction& tx, PayerId payer,
                                           std::span<const PartyId> parties) {
  return tx.Query(kContractsOfParties, payer, parties).All<ContractId>();
}

std::vector<ContractId> EpisodeContracts(pg::Transaction& tx,
                                         std::span<const ContractId> contracts) {
  return tx.Query(kEpisodeContracts, contracts).All<ContractId>();
}

std::map<ContractId, Month> LastRunMonths(pg::Transaction& tx,
                                          std::span<const ContractId> contracts) {
  std::map<ContractId, Month> months;
  const pg::Result result = tx.Query(kLastRunMonths, contracts);
  for (int i = 0; i < result.Size(); ++i) {
    months.emplace(result[i].Get<ContractId>(0), Month::Of(result[i].Get<Date>(1)));
  }
  return months;
}

std::vector<Instant> EngineInstants(pg::Transaction& tx, ContractId contract,
                                    const DateRange& period, Instant after, Instant until) {
  return tx
      .Query(kEngineInstants, contract, period.from, *period.to, EngineFactSources(), after, until)
      .All<Instant>();
}

RecalculationId Enqueue(pg::Transaction& tx, const QueuedRecalculation& item) {
  while (true) {
    const std::int64_t added = tx.Execute(kEnqueue, item.contract, item.id, item.program,
                                          item.period.from, *item.period.to, item.queued_at);
    if (added == 1) return item.id;
    const pg::Result found =
        tx.Query(kFindQueued, item.contract, item.period.from, *item.period.to);
    if (!found.Empty()) return found[0].Get<RecalculationId>(0);
    // A worker took it between the two statements: this change waits for a run of its own.
  }
}

std::vector<QueuedRecalculation> Claim(pg::Transaction& tx, std::span<const ContractId> contracts,
                                       const Lease& lease, std::int32_t limit) {
  std::vector<QueuedRecalculation> items =
      ReadItems(tx.Query(kWaiting, contracts, lease.now, limit));
  std::vector<ContractId> owners;
  std::vector<RecalculationId> ids;
  for (QueuedRecalculation& item : items) {
    owners.push_back(item.contract);
    ids.push_back(item.id);
    item.state = RecalculationState::kRunning;
    item.started_at = lease.now;
    ++item.attempts;
  }
  if (!items.empty()) tx.Execute(kTake, owners, ids, lease.worker, lease.until, lease.now);
  return items;
}

bool FinishRecalculation(pg::Transaction& tx, const QueuedRecalculation& item,
                         std::int64_t worker) {
  return tx.Execute(kFinish, item.contract, item.id, worker, static_cast<std::int16_t>(item.state),
                    item.finished_at, item.new_versions, item.delta, item.detail) == 1;
}

void ReleaseRecalculation(pg::Transaction& tx, const QueuedRecalculation& item,
                          std::int64_t worker, Instant now) {
  tx.Execute(kRelease, item.contract, item.id, worker, now, item.detail);
}

std::vector<QueuedRecalculation> RecalculationsOf(pg::Transaction& tx,
                                                  std::span<const ContractId> contracts,
                                                  std::optional<RecalculationState> state) {
  std::optional<std::int16_t> wanted;
  if (state) wanted = static_cast<std::int16_t>(*state);
  return ReadItems(tx.Query(kRecalculations, contracts, wanted));
}

std::vector<std::int32_t> UnexplainedVersions(pg::Transaction& tx, ContractId contract,
                                              const DateRange& period) {
  return tx.Query(kUnexplained, contract, period.from, *period.to).All<std::int32_t>();
}

void InsertCauses(pg::Transaction& tx, const AwardKey& award, std::span<const DeltaCause> causes,
                  Instant recorded_at) {
  std::int32_t position = 0;
  for (const DeltaCause& cause : causes) {
    const std::int64_t added = tx.Execute(kInsertCause, award.contract, award.award, award.version,
                                          position, cause.amount, cause.cause, recorded_at);
    if (added == 0) return;
    if (!cause.events.empty()) {
      tx.Execute(kInsertCauseEvents, award.contract, award.award, award.version, position,
                 cause.events);
    }
    ++position;
  }
}

std::vector<DeltaCause> CausesOf(pg::Transaction& tx, const AwardKey& award) {
  const pg::Result result = tx.Query(kCauses, award.contract, award.award, award.version);
  std::vector<DeltaCause> causes;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    if (static_cast<std::size_t>(row.Get<std::int32_t>(0)) == causes.size()) {
      causes.push_back({.amount = row.Get<Money>(1), .cause = row.Get<std::string>(2)});
    }
    if (const auto event = row.Get<std::optional<ChangeEventId>>(3)) {
      causes.back().events.push_back(*event);
    }
  }
  return causes;
}

std::map<ChangeEventId, std::vector<AwardKey>> AwardsOfEvents(
    pg::Transaction& tx, std::span<const ContractId> contracts,
    std::span<const ChangeEventId> events) {
  const pg::Result result = tx.Query(kAwardsOfEvents, contracts, events);
  std::map<ChangeEventId, std::vector<AwardKey>> awards;
  for (int i = 0; i < result.Size(); ++i) {
    awards[result[i].Get<ChangeEventId>(0)].push_back(
        {result[i].Get<ContractId>(1), result[i].Get<AwardId>(2), result[i].Get<std::int32_t>(3)});
  }
  return awards;
}

}  // namespace sluice::performance
