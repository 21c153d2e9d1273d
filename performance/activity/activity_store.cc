#include "performance/activity/activity_store.h"

#include <algorithm>
#include <map>

#include "core/check.h"
#include "core/pg/columns.h"

namespace sluice::performance {
namespace {

constexpr std::size_t kRowsPerStatement = 10'000;

constexpr pg::Query kInsertEvents{"insert_activity_events", R"sql(
  INSERT INTO performance.activity_event (
    contract_id, event_id, recorded_at, batch_id, member_id, provider_id, practice_id, kind, code,
    service_date, received_on, channel, evidence, evidence_status, voided, source)
  SELECT r.contract_id, r.event_id, r.recorded_at, r.batch_id, r.member_id, r.provider_id,
    r.practice_id, r.kind, r.code, r.service_date, r.received_on, r.channel, r.evidence,
    r.evidence_status, r.voided = 1, r.source
  FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::bigint[], $5::bigint[],
              $6::bigint[], $7::bigint[], $8::smallint[], $9::text[], $10::date[], $11::date[],
              $12::text[], $13::text[], $14::smallint[], $15::smallint[], $16::text[])
    AS r (contract_id, event_id, recorded_at, batch_id, member_id, provider_id, practice_id, kind,
          code, service_date, received_on, channel, evidence, evidence_status, voided, source)
)sql"};

constexpr pg::Query kFindEvents{"find_activity_events", R"sql(
  SELECT DISTINCT ON (e.event_id)
    e.event_id, e.member_id, e.provider_id, e.practice_id, e.kind, e.code, e.service_date,
    e.received_on, e.channel, e.evidence, e.evidence_status, e.voided, e.recorded_at
  FROM performance.activity_event AS e
  WHERE e.contract_id = $1
    AND e.event_id = ANY ($2::bigint[])
    AND e.recorded_at <= $3
  ORDER BY e.event_id, e.recorded_at DESC
)sql"};

constexpr pg::Query kEventsServed{"activity_events_served", R"sql(
  SELECT e.event_id, e.member_id, e.provider_id, e.practice_id, e.kind, e.code, e.service_date,
    e.received_on, e.channel, e.evidence, e.evidence_status, e.voided, e.recorded_at
  FROM performance.activity_event AS e
  WHERE e.contract_id = $1
    AND e.service_date >= $2
    AND e.service_date < $3
    AND e.recorded_at <= $4
    AND NOT EXISTS (
      SELECT 1
      FROM performance.activity_event AS later
      WHERE later.contract_id = e.contract_id
        AND later.event_id = e.event_id
        AND later.recorded_at > e.recorded_at
        AND later.recorded_at <= $4)
  ORDER BY e.event_id
)sql"};

constexpr pg::Query kInsertRun{"insert_activity_run", R"sql(
  INSERT INTO performance.activity_run (
    contract_id, run_id, period_from, period_to, known_at, calculated_at, terms_version,
    lines_sha256, submitted, counted, points, amount, over_limit)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
)sql"};

constexpr pg::Query kInsertLines{"insert_activity_lines", R"sql(
  INSERT INTO performance.activity_line (
    contract_id, run_id, position, event_id, event_recorded_at, measure, points, priced, earned,
    reason, cut_by_cap, detail)
  SELECT r.contract_id, r.run_id, r.position, r.event_id, r.event_recorded_at, r.measure, r.points,
    r.priced, r.earned, r.reason, r.cut_by_cap = 1, r.detail
  FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bigint[], $5::timestamptz[],
              $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::smallint[],
              $12::text[])
    AS r (contract_id, run_id, position, event_id, event_recorded_at, measure, points, priced,
          earned, reason, cut_by_cap, detail)
)sql"};

constexpr pg::Query kNewestRun{"newest_activity_run", R"sql(
  SELECT r.contract_id, r.run_id, r.period_from, r.period_to, r.known_at, r.calculated_at,
    r.terms_version, r.lines_sha256, r.submitted, r.counted, r.points, r.amount, r.over_limit
  FROM performance.activity_run AS r
  WHERE r.contract_id = $1
    AND r.period_from = $2
    AND r.period_to = $3
  ORDER BY r.run_id DESC
  LIMIT 1
)sql"};

constexpr pg::Query kRunByLines{"activity_run_by_lines", R"sql(
  SELECT r.contract_id, r.run_id, r.period_from, r.period_to, r.known_at, r.calculated_at,
    r.terms_version, r.lines_sha256, r.submitted, r.counted, r.points, r.amount, r.over_limit
  FROM performance.activity_run AS r
  WHERE r.contract_id = $1
    AND r.lines_sha256 = $2
  ORDER BY r.run_id DESC
  LIMIT 1
)sql"};

constexpr pg::Query kLinesOfRun{"activity_lines_of_run", R"sql(
  SELECT e.event_id, e.member_id, e.provider_id, e.practice_id, e.kind, e.code, e.service_date,
    e.received_on, e.channel, e.evidence, e.evidence_status, e.voided, e.recorded_at, l.measure,
    l.points, l.priced, l.earned, l.reason, l.cut_by_cap, l.detail
  FROM performance.activity_line AS l
  JOIN performance.activity_event AS e
    ON e.contract_id = l.contract_id
    AND e.event_id = l.event_id
    AND e.recorded_at = l.event_recorded_at
  WHERE l.contract_id = $1
    AND l.run_id = $2
    AND ($3::integer[] IS NULL OR l.position = ANY ($3))
  ORDER BY l.position
)sql"};

StoredEvent ReadEvent(const pg::Row& row) {
  return {.event = {.event_id = row.Get<std::int64_t>(0),
                    .member_id = row.Get<std::int64_t>(1),
                    .provider = row.Get<PartyId>(2),
                    .practice = row.Get<PartyId>(3),
                    .kind = static_cast<ActivityKind>(row.Get<std::int16_t>(4)),
                    .code = row.Get<std::string>(5),
                    .service_date = row.Get<Date>(6),
                    .received_on = row.Get<Date>(7),
                    .channel = row.Get<std::string>(8),
                    .evidence = row.Get<std::string>(9),
                    .evidence_status = static_cast<EvidenceStatus>(row.Get<std::int16_t>(10)),
                    .voided = row.Get<bool>(11)},
          .recorded_at = row.Get<Instant>(12)};
}

std::vector<StoredEvent> ReadEvents(const pg::Result& rows) {
  std::vector<StoredEvent> events;
  events.reserve(static_cast<std::size_t>(rows.Size()));
  for (int i = 0; i < rows.Size(); ++i) events.push_back(ReadEvent(rows[i]));
  return events;
}

// Texts that this program wrote; anything else is a damaged row.
Ratio RatioIn(const std::string& text) {
  const StatusOr<Ratio> ratio = Ratio::Parse(text);
  CHECK(ratio.ok());
  return *ratio;
}
Exact ExactIn(const std::string& text) {
  const StatusOr<Exact> amount = Exact::Parse(text);
  CHECK(amount.ok());
  return *amount;
}

std::optional<StoredActivityRun> ReadRun(const pg::Result& rows) {
  if (rows.Empty()) return std::nullopt;
  const pg::Row row = rows[0];
  StoredActivityRun run{
      .contract = row.Get<ContractId>(0),
      .run_id = row.Get<std::int64_t>(1),
      .period = DateRange::Between(row.Get<Date>(2), row.Get<Date>(3)),
      .known_at = row.Get<Instant>(4),
      .calculated_at = row.Get<Instant>(5),
      .terms_version = row.Get<std::int32_t>(6),
      .lines_sha256 = row.Get<Digest>(7),
      .total = {.submitted = row.Get<std::int64_t>(8), .counted = row.Get<std::int64_t>(9)}};
  run.total.points = RatioIn(row.Get<std::string>(10));
  run.total.amount = ExactIn(row.Get<std::string>(11));
  run.total.over_limit = ExactIn(row.Get<std::string>(12));
  return run;
}

std::int16_t Number(bool value) { return value ? 1 : 0; }

}  // namespace

void InsertEvents(pg::Transaction& tx, ContractId contract, std::span<const ActivityEvent> events,
                  Instant recorded_at, std::int64_t batch_id, const std::string& source) {
  for (; !events.empty(); events = events.subspan(std::min(events.size(), kRowsPerStatement))) {
    pg::Columns<ContractId, std::int64_t, Instant, std::int64_t, std::int64_t, PartyId, PartyId,
                std::int16_t, std::string_view, Date, Date, std::string_view, std::string_view,
                std::int16_t, std::int16_t, std::string_view>
        rows;
    for (const ActivityEvent& e : events.first(std::min(events.size(), kRowsPerStatement))) {
      rows.Add(contract, e.event_id, recorded_at, batch_id, e.member_id, e.provider, e.practice,
               static_cast<std::int16_t>(e.kind), e.code, e.service_date, e.received_on, e.channel,
               e.evidence, static_cast<std::int16_t>(e.evidence_status), Number(e.voided), source);
    }
    rows.Execute(tx, kInsertEvents);
  }
}

std::vector<StoredEvent> FindEvents(pg::Transaction& tx, ContractId contract,
                                    std::span<const std::int64_t> ids, Instant known_at) {
  return ReadEvents(tx.Query(kFindEvents, contract, ids, known_at));
}

std::vector<StoredEvent> EventsServed(pg::Transaction& tx, ContractId contract,
                                      const DateRange& days, Instant known_at) {
  CHECK(days.to.has_value());
  return ReadEvents(tx.Query(kEventsServed, contract, days.from, *days.to, known_at));
}

void InsertRun(pg::Transaction& tx, const StoredActivityRun& run,
               std::span<const ActivityLine> lines, std::span<const StoredEvent> events) {
  tx.Execute(kInsertRun, run.contract, run.run_id, run.period.from, *run.period.to, run.known_at,
             run.calculated_at, run.terms_version, run.lines_sha256, run.total.submitted,
             run.total.counted, run.total.points.ToFractionString(),
             run.total.amount.ToFractionString(), run.total.over_limit.ToFractionString());
  std::map<std::int64_t, Instant> recorded;
  for (const StoredEvent& stored : events) recorded[stored.event.event_id] = stored.recorded_at;
  std::int32_t position = 0;
  for (; !lines.empty(); lines = lines.subspan(std::min(lines.size(), kRowsPerStatement))) {
    pg::Columns<ContractId, std::int64_t, std::int32_t, std::int64_t, Instant, std::string_view,
                std::string, std::string, std::string, std::optional<std::string>, std::int16_t,
                std::string_view>
        rows;
    for (const ActivityLine& l : lines.first(std::min(lines.size(), kRowsPerStatement))) {
      std::optional<std::string> reason;
      if (l.reason) reason = ReasonName(*l.reason);
      rows.Add(run.contract, run.run_id, position++, l.event.event_id,
               recorded.at(l.event.event_id), l.measure, l.points.ToFractionString(),
               l.priced.ToFractionString(), l.earned.ToFractionString(), std::move(reason),
               Number(l.cut_by_cap), l.detail);
    }
    rows.Execute(tx, kInsertLines);
  }
}

std::optional<StoredActivityRun> NewestRun(pg::Transaction& tx, ContractId contract,
                                           const DateRange& period) {
  return ReadRun(tx.Query(kNewestRun, contract, period.from, *period.to));
}

std::optional<StoredActivityRun> FindRunByLines(pg::Transaction& tx, ContractId contract,
                                                const Digest& lines_sha256) {
  return ReadRun(tx.Query(kRunByLines, contract, lines_sha256));
}

StatusOr<std::vector<ActivityLine>> LinesOfRun(
    pg::Transaction& tx, ContractId contract, std::int64_t run_id,
    const std::optional<std::vector<std::int32_t>>& positions) {
  const pg::Result rows = tx.Query(kLinesOfRun, contract, run_id, positions);
  std::vector<ActivityLine> lines;
  for (int i = 0; i < rows.Size(); ++i) {
    const pg::Row row = rows[i];
    ActivityLine line{.event = ReadEvent(row).event, .measure = row.Get<std::string>(13)};
    const StatusOr<Ratio> points = Ratio::Parse(row.Get<std::string>(14));
    const StatusOr<Exact> priced = Exact::Parse(row.Get<std::string>(15));
    const StatusOr<Exact> earned = Exact::Parse(row.Get<std::string>(16));
    if (!points.ok() || !priced.ok() || !earned.ok()) {
      return DataLoss("line {} of activity run {} does not parse", i, run_id);
    }
    line.points = *points;
    line.priced = *priced;
    line.earned = *earned;
    if (const auto reason = row.Get<std::optional<std::string>>(17)) {
      ASSIGN_OR_RETURN(line.reason, ParseReason(*reason));
    }
    line.cut_by_cap = row.Get<bool>(18);
    line.detail = row.Get<std::string>(19);
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace sluice::performance
