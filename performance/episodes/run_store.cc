// SQL of engine runs; declared in episode_store.h.
#include <algorithm>

#include "core/check.h"
#include "core/pg/columns.h"
#include "performance/episodes/episode_store.h"

namespace sluice::performance {
namespace {

constexpr std::size_t kRowsPerStatement = 10'000;

constexpr pg::Query kInsertRun{"insert_episode_run", R"sql(
  INSERT INTO performance.episode_run (
    contract_id, run_id, period_from, period_to, calculated_at, lines_sha256)
  VALUES ($1, $2, $3, $4, $5, $6)
)sql"};

constexpr pg::Query kInsertLines{"insert_episode_lines", R"sql(
  INSERT INTO performance.episode_line (
    contract_id, run_id, position, member_id, episode_type, cell, anchor_claim, anchor_npi,
    anchor_from, anchor_to, window_from, window_to, spending, excluded, actual, winsorized, target,
    result, post_spending, counted, overlapped, reason, detail)
  SELECT r.contract_id, r.run_id, r.position, r.member_id, r.episode_type, r.cell, r.anchor_claim,
    r.anchor_npi, r.anchor_from, r.anchor_to, r.window_from, r.window_to, r.spending, r.excluded,
    r.actual, r.winsorized, r.target, r.result, r.post_spending, r.counted = 1, r.overlapped = 1,
    r.reason, r.detail
  FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bigint[], $5::text[], $6::text[],
              $7::text[], $8::text[], $9::date[], $10::date[], $11::date[], $12::date[],
              $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[],
              $19::text[], $20::smallint[], $21::smallint[], $22::text[], $23::text[])
    AS r (contract_id, run_id, position, member_id, episode_type, cell, anchor_claim, anchor_npi,
          anchor_from, anchor_to, window_from, window_to, spending, excluded, actual, winsorized,
          target, result, post_spending, counted, overlapped, reason, detail)
)sql"};

constexpr pg::Query kInsertServices{"insert_episode_services", R"sql(
  INSERT INTO performance.episode_service (
    contract_id, run_id, position, service, claim_number, line_number, service_from, code, amount,
    counted)
  SELECT r.contract_id, r.run_id, r.position, r.service, r.claim_number, r.line_number,
    r.service_from, r.code, r.amount, r.counted = 1
  FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::integer[], $5::text[], $6::integer[],
              $7::date[], $8::text[], $9::text[], $10::smallint[])
    AS r (contract_id, run_id, position, service, claim_number, line_number, service_from, code,
          amount, counted)
)sql"};

constexpr pg::Query kNewestRun{"newest_episode_run", R"sql(
  SELECT r.run_id, r.calculated_at, r.lines_sha256
  FROM performance.episode_run AS r
  WHERE r.contract_id = $1
    AND r.period_from = $2
    AND r.period_to = $3
  ORDER BY r.run_id DESC
  LIMIT 1
)sql"};

constexpr pg::Query kRuns{"episode_runs_of_contract", R"sql(
  SELECT r.run_id, r.period_from, r.period_to, r.calculated_at, r.lines_sha256
  FROM performance.episode_run AS r
  WHERE r.contract_id = $1
    AND r.period_from < $2
    AND NOT EXISTS (
      SELECT 1
      FROM performance.episode_run AS later
      WHERE later.contract_id = r.contract_id
        AND later.period_from = r.period_from
        AND later.period_to = r.period_to
        AND later.run_id > r.run_id)
  ORDER BY r.run_id DESC
)sql"};

constexpr pg::Query kLines{"episode_lines_of_run", R"sql(
  SELECT l.position, l.member_id, l.episode_type, l.cell, l.anchor_claim, l.anchor_npi,
    l.anchor_from, l.anchor_to, l.window_from, l.window_to, l.spending, l.excluded, l.actual,
    l.winsorized, l.target, l.result, l.post_spending, l.counted, l.overlapped, l.reason, l.detail
  FROM performance.episode_line AS l
  WHERE l.contract_id = $1
    AND l.run_id = $2
    AND ($3::integer IS NULL OR l.position = $3)
  ORDER BY l.position
)sql"};

constexpr pg::Query kServices{"episode_services_of_run", R"sql(
  SELECT s.position, s.claim_number, s.line_number, s.service_from, s.code, s.amount, s.counted
  FROM performance.episode_service AS s
  WHERE s.contract_id = $1
    AND s.run_id = $2
    AND ($3::integer IS NULL OR s.position = $3)
  ORDER BY s.position, s.service
)sql"};

constexpr pg::Query kFindLine{"find_episode_line", R"sql(
  SELECT l.run_id, l.position
  FROM performance.episode_line AS l
  WHERE l.contract_id = $1
    AND l.member_id = $2
    AND l.anchor_claim = $3
  ORDER BY l.run_id DESC
  LIMIT 1
)sql"};

// Texts that this program wrote; anything else is a damaged row.
Exact ExactIn(const pg::Row& row, int column) {
  const StatusOr<Exact> amount = Exact::Parse(row.Get<std::string>(column));
  CHECK(amount.ok());
  return *amount;
}

EpisodeLine ReadLine(const pg::Row& row) {
  EpisodeLine line{.member_id = row.Get<std::int64_t>(1),
                   .type = row.Get<std::string>(2),
                   .cell = row.Get<std::string>(3),
                   .anchor_claim = row.Get<std::string>(4),
                   .anchor_npi = row.Get<std::string>(5),
                   .anchor_from = row.Get<Date>(6),
                   .anchor_to = row.Get<Date>(7),
                   .window = DateRange::Between(row.Get<Date>(8), row.Get<Date>(9)),
                   .spending = ExactIn(row, 10),
                   .excluded = ExactIn(row, 11),
                   .actual = ExactIn(row, 12),
                   .winsorized = ExactIn(row, 13),
                   .target = ExactIn(row, 14),
                   .result = ExactIn(row, 15),
                   .post_spending = ExactIn(row, 16),
                   .counted = row.Get<bool>(17),
                   .overlapped = row.Get<bool>(18),
                   .detail = row.Get<std::string>(20)};
  if (const auto reason = row.Get<std::optional<std::string>>(19)) {
    const StatusOr<ReasonCode> code = ParseReason(*reason);
    CHECK(code.ok());
    line.reason = *code;
  }
  return line;
}

std::vector<EpisodeLine> ReadLines(pg::Transaction& tx, ContractId contract, std::int64_t run_id,
                                   std::optional<std::int32_t> position) {
  const pg::Result rows = tx.Query(kLines, contract, run_id, position);
  std::map<std::int32_t, EpisodeLine> lines;
  for (int i = 0; i < rows.Size(); ++i) {
    lines.emplace(rows[i].Get<std::int32_t>(0), ReadLine(rows[i]));
  }
  const pg::Result services = tx.Query(kServices, contract, run_id, position);
  for (int i = 0; i < services.Size(); ++i) {
    const pg::Row row = services[i];
    lines.at(row.Get<std::int32_t>(0))
        .services.push_back({.claim_number = row.Get<std::string>(1),
                             .line_number = row.Get<std::int32_t>(2),
                             .service_from = row.Get<Date>(3),
                             .code = row.Get<std::string>(4),
                             .amount = ExactIn(row, 5),
                             .counted = row.Get<bool>(6)});
  }
  std::vector<EpisodeLine> out;
  for (auto& [at, line] : lines) out.push_back(std::move(line));
  return out;
}

std::int16_t Number(bool value) { return value ? 1 : 0; }
std::string Text(const Exact& amount) { return amount.ToFractionString(); }

void InsertServices(pg::Transaction& tx, const StoredEpisodeRun& run,
                    std::span<const EpisodeLine> lines) {
  pg::Columns<ContractId, std::int64_t, std::int32_t, std::int32_t, std::string, std::int32_t,
              Date, std::string, std::string, std::int16_t>
      rows;
  std::int32_t position = 0;
  for (const EpisodeLine& line : lines) {
    std::int32_t number = 0;
    for (const EpisodeServiceLine& s : line.services) {
      rows.Add(run.contract, run.run_id, position, number++, s.claim_number, s.line_number,
               s.service_from, s.code, Text(s.amount), Number(s.counted));
    }
    ++position;
    if (rows.Rows() < kRowsPerStatement) continue;
    rows.Execute(tx, kInsertServices);
    rows.Clear();
  }
  if (rows.Rows() > 0) rows.Execute(tx, kInsertServices);
}

}  // namespace

void InsertEpisodeRun(pg::Transaction& tx, const StoredEpisodeRun& run,
                      std::span<const EpisodeLine> lines) {
  tx.Execute(kInsertRun, run.contract, run.run_id, run.period.from, *run.period.to,
             run.calculated_at, run.lines_sha256);
  pg::Columns<ContractId, std::int64_t, std::int32_t, std::int64_t, std::string, std::string,
              std::string, std::string, Date, Date, Date, Date, std::string, std::string,
              std::string, std::string, std::string, std::string, std::string, std::int16_t,
              std::int16_t, std::optional<std::string>, std::string>
      rows;
  std::int32_t position = 0;
  for (const EpisodeLine& l : lines) {
    std::optional<std::string> reason;
    if (l.reason) reason = std::string(ReasonName(*l.reason));
    rows.Add(run.contract, run.run_id, position++, l.member_id, l.type, l.cell, l.anchor_claim,
             l.anchor_npi, l.anchor_from, l.anchor_to, l.window.from, *l.window.to,
             Text(l.spending), Text(l.excluded), Text(l.actual), Text(l.winsorized),
             Text(l.target), Text(l.result), Text(l.post_spending), Number(l.counted),
             Number(l.overlapped), reason, l.detail);
    if (rows.Rows() < kRowsPerStatement) continue;
    rows.Execute(tx, kInsertLines);
    rows.Clear();
  }
  if (rows.Rows() > 0) rows.Execute(tx, kInsertLines);
  InsertServices(tx, run, lines);
}

std::optional<StoredEpisodeRun> NewestEpisodeRun(pg::Transaction& tx, ContractId contract,
                                                 const DateRange& period) {
  const pg::Result rows = tx.Query(kNewestRun, contract, period.from, *period.to);
  if (rows.Empty()) return std::nullopt;
  return StoredEpisodeRun{.contract = contract,
                          .run_id = rows[0].Get<std::int64_t>(0),
                          .period = period,
                          .calculated_at = rows[0].Get<Instant>(1),
                          .lines_sha256 = rows[0].Get<Digest>(2)};
}

std::vector<StoredEpisodeRun> EpisodeRunsOf(pg::Transaction& tx, ContractId contract, Date until) {
  const pg::Result rows = tx.Query(kRuns, contract, until);
  std::vector<StoredEpisodeRun> runs;
  for (int i = 0; i < rows.Size(); ++i) {
    runs.push_back({.contract = contract,
                    .run_id = rows[i].Get<std::int64_t>(0),
                    .period = DateRange::Between(rows[i].Get<Date>(1), rows[i].Get<Date>(2)),
                    .calculated_at = rows[i].Get<Instant>(3),
                    .lines_sha256 = rows[i].Get<Digest>(4)});
  }
  return runs;
}

std::vector<EpisodeLine> LinesOfEpisodeRun(pg::Transaction& tx, ContractId contract,
                                           std::int64_t run_id) {
  return ReadLines(tx, contract, run_id, std::nullopt);
}

std::optional<EpisodeLine> NewestLineOf(pg::Transaction& tx, ContractId contract,
                                        std::int64_t member_id, const std::string& anchor_claim) {
  const pg::Result found = tx.Query(kFindLine, contract, member_id, anchor_claim);
  if (found.Empty()) return std::nullopt;
  std::vector<EpisodeLine> lines = ReadLines(tx, contract, found[0].Get<std::int64_t>(0),
                                             found[0].Get<std::int32_t>(1));
  CHECK(lines.size() == 1);
  return std::move(lines[0]);
}

}  // namespace sluice::performance
