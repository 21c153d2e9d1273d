#include "performance/members/member_store.h"

#include <string_view>
#include <tuple>

#include "performance/members/store_rows.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kAddMembers{"member_add", R"sql(
  INSERT INTO performance.member (payer_id, member_id, number, recorded_at, batch_id)
  SELECT $1, u.member_id, u.number, $2, $3
  FROM unnest($4::bigint[], $5::text[]) AS u (member_id, number)
  ON CONFLICT (payer_id, number) DO NOTHING
)sql"};

constexpr pg::Query kFindMembers{"member_find", R"sql(
  SELECT m.member_id, m.number
  FROM performance.member AS m
  WHERE m.payer_id = $1
    AND m.number = ANY ($2::text[])
  ORDER BY m.number
)sql"};

constexpr pg::Query kMembersById{"member_by_id", R"sql(
  SELECT m.member_id, m.number
  FROM performance.member AS m
  WHERE m.payer_id = $1
    AND m.member_id = ANY ($2::bigint[])
  ORDER BY m.member_id
)sql"};

constexpr pg::Query kPageOfMembers{"member_page", R"sql(
  SELECT m.member_id, m.number
  FROM performance.member AS m
  WHERE m.payer_id = $1
    AND m.member_id > $2
    AND m.recorded_at <= $4
  ORDER BY m.member_id
  LIMIT $3
)sql"};

constexpr pg::Query kAddMemberDetails{"member_add_member_details", R"sql(
  WITH given AS (
    SELECT u.position, u.member_id, u.valid_from, u.birth_date, u.sex, u.death_date, u.zip,
           u.region, known.recorded_at AS known_at, known.batch_id AS known_batch
    FROM unnest($4::bigint[], $5::date[], $6::date[], $7::smallint[], $8::date[], $9::text[],
                $10::text[])
      WITH ORDINALITY AS u (member_id, valid_from, birth_date, sex, death_date, zip, region,
                            position)
    LEFT JOIN LATERAL (
      SELECT t.payer_id, t.recorded_at, t.batch_id, t.birth_date, t.sex, t.death_date, t.zip,
             t.region
      FROM performance.member_detail AS t
      WHERE t.payer_id = $1
        AND t.member_id = u.member_id
        AND t.valid_from = u.valid_from
      ORDER BY t.recorded_at DESC, t.batch_id DESC
      LIMIT 1) AS known ON true
    WHERE known.payer_id IS NULL OR (known.birth_date, known.sex, known.death_date, known.zip,
                                     known.region)
      IS DISTINCT FROM (u.birth_date, u.sex, u.death_date, u.zip, u.region)
  ), added AS (
    INSERT INTO performance.member_detail (payer_id, member_id, valid_from, recorded_at, batch_id,
                                           birth_date, sex, death_date, zip, region)
    SELECT $1, given.member_id, given.valid_from, $2, $3, given.birth_date, given.sex,
           given.death_date, given.zip, given.region
    FROM given
    WHERE (given.known_at, given.known_batch) IS DISTINCT FROM ($2, $3)
    RETURNING 1
  )
  SELECT -count(*)
  FROM added
  UNION ALL
  SELECT given.position
  FROM given
  WHERE (given.known_at, given.known_batch) IS NOT DISTINCT FROM ($2, $3)
)sql"};

constexpr pg::Query kAddCoverage{"member_add_coverage", R"sql(
  WITH given AS (
    SELECT u.position, u.member_id, u.line_of_business, u.product, u.plan, u.valid_from,
           u.valid_to, u.withdrawn, u.retro_reason, known.recorded_at AS known_at,
           known.batch_id AS known_batch
    FROM unnest($4::bigint[], $5::text[], $6::text[], $7::text[], $8::date[], $9::date[],
                $10::smallint[], $11::text[])
      WITH ORDINALITY AS u (member_id, line_of_business, product, plan, valid_from, valid_to,
                            withdrawn, retro_reason, position)
    LEFT JOIN LATERAL (
      SELECT t.payer_id, t.recorded_at, t.batch_id, t.valid_to, t.withdrawn, t.retro_reason
      FROM performance.coverage_span AS t
      WHERE t.payer_id = $1
        AND t.member_id = u.member_id
        AND t.line_of_business = u.line_of_business
        AND t.product = u.product
        AND t.plan = u.plan
        AND t.valid_from = u.valid_from
      ORDER BY t.recorded_at DESC, t.batch_id DESC
      LIMIT 1) AS known ON true
    WHERE known.payer_id IS NULL OR (known.valid_to, known.withdrawn, known.retro_reason)
      IS DISTINCT FROM (u.valid_to, u.withdrawn = 1, u.retro_reason)
  ), added AS (
    INSERT INTO performance.coverage_span (payer_id, member_id, line_of_business, product, plan,
                                           valid_from, recorded_at, batch_id, valid_to, withdrawn,
                                           retro_reason)
    SELECT $1, given.member_id, given.line_of_business, given.product, given.plan,
           given.valid_from, $2, $3, given.valid_to, given.withdrawn = 1, given.retro_reason
    FROM given
    WHERE (given.known_at, given.known_batch) IS DISTINCT FROM ($2, $3)
    RETURNING 1
  )
  SELECT -count(*)
  FROM added
  UNION ALL
  SELECT given.position
  FROM given
  WHERE (given.known_at, given.known_batch) IS NOT DISTINCT FROM ($2, $3)
)sql"};

constexpr pg::Query kAddChoices{"member_add_choices", R"sql(
  WITH given AS (
    SELECT u.position, u.member_id, u.kind, u.valid_from, u.valid_to, u.provider_id,
           u.practice_id, u.withdrawn, known.recorded_at AS known_at,
           known.batch_id AS known_batch
    FROM unnest($4::bigint[], $5::smallint[], $6::date[], $7::date[], $8::bigint[], $9::bigint[],
                $10::smallint[])
      WITH ORDINALITY AS u (member_id, kind, valid_from, valid_to, provider_id, practice_id,
                            withdrawn, position)
    LEFT JOIN LATERAL (
      SELECT t.payer_id, t.recorded_at, t.batch_id, t.valid_to, t.provider_id, t.practice_id,
             t.withdrawn
      FROM performance.provider_choice AS t
      WHERE t.payer_id = $1
        AND t.member_id = u.member_id
        AND t.kind = u.kind
        AND t.valid_from = u.valid_from
      ORDER BY t.recorded_at DESC, t.batch_id DESC
      LIMIT 1) AS known ON true
    WHERE known.payer_id IS NULL OR (known.valid_to, known.provider_id, known.practice_id,
                                     known.withdrawn)
      IS DISTINCT FROM (u.valid_to, u.provider_id, u.practice_id, u.withdrawn = 1)
  ), added AS (
    INSERT INTO performance.provider_choice (payer_id, member_id, kind, valid_from, recorded_at,
                                             batch_id, valid_to, provider_id, practice_id,
                                             withdrawn)
    SELECT $1, given.member_id, given.kind, given.valid_from, $2, $3, given.valid_to,
           given.provider_id, given.practice_id, given.withdrawn = 1
    FROM given
    WHERE (given.known_at, given.known_batch) IS DISTINCT FROM ($2, $3)
    RETURNING 1
  )
  SELECT -count(*)
  FROM added
  UNION ALL
  SELECT given.position
  FROM given
  WHERE (given.known_at, given.known_batch) IS NOT DISTINCT FROM ($2, $3)
)sql"};

constexpr pg::Query kAddRiskScores{"member_add_risk_scores", R"sql(
  WITH given AS (
    SELECT u.position, u.member_id, u.model, u.model_version, u.period_from, u.period_to,
           u.score_millionths, known.recorded_at AS known_at, known.batch_id AS known_batch
    FROM unnest($4::bigint[], $5::text[], $6::text[], $7::date[], $8::date[], $9::bigint[])
      WITH ORDINALITY AS u (member_id, model, model_version, period_from, period_to,
                            score_millionths, position)
    LEFT JOIN LATERAL (
      SELECT t.payer_id, t.recorded_at, t.batch_id, t.period_to, t.score_millionths
      FROM performance.risk_score AS t
      WHERE t.payer_id = $1
        AND t.member_id = u.member_id
        AND t.model = u.model
        AND t.model_version = u.model_version
        AND t.period_from = u.period_from
      ORDER BY t.recorded_at DESC, t.batch_id DESC
      LIMIT 1) AS known ON true
    WHERE known.payer_id IS NULL OR (known.period_to, known.score_millionths)
      IS DISTINCT FROM (u.period_to, u.score_millionths)
  ), added AS (
    INSERT INTO performance.risk_score (payer_id, member_id, model, model_version, period_from,
                                        recorded_at, batch_id, period_to, score_millionths)
    SELECT $1, given.member_id, given.model, given.model_version, given.period_from, $2, $3,
           given.period_to, given.score_millionths
    FROM given
    WHERE (given.known_at, given.known_batch) IS DISTINCT FROM ($2, $3)
    RETURNING 1
  )
  SELECT -count(*)
  FROM added
  UNION ALL
  SELECT given.position
  FROM given
  WHERE (given.known_at, given.known_batch) IS NOT DISTINCT FROM ($2, $3)
)sql"};

constexpr pg::Query kReadMemberDetails{"member_read_member_details", R"sql(
  SELECT t.member_id, t.valid_from, t.birth_date, t.sex, t.death_date, t.zip, t.region
  FROM performance.member_detail AS t
  WHERE t.payer_id = $1
    AND t.member_id = ANY ($2::bigint[])
    AND t.recorded_at <= $3
    AND NOT EXISTS (
      SELECT 1
      FROM performance.member_detail AS newer
      WHERE newer.payer_id = t.payer_id
        AND newer.member_id = t.member_id
        AND newer.valid_from = t.valid_from
        AND newer.recorded_at <= $3
        AND (newer.recorded_at, newer.batch_id) > (t.recorded_at, t.batch_id))
  ORDER BY t.member_id, t.valid_from
)sql"};

constexpr pg::Query kReadCoverage{"member_read_coverage", R"sql(
  SELECT t.member_id, t.line_of_business, t.product, t.plan, t.valid_from, t.valid_to,
         t.retro_reason
  FROM performance.coverage_span AS t
  WHERE t.payer_id = $1
    AND t.member_id = ANY ($2::bigint[])
    AND t.recorded_at <= $3
    AND NOT t.withdrawn
    AND NOT EXISTS (
      SELECT 1
      FROM performance.coverage_span AS newer
      WHERE newer.payer_id = t.payer_id
        AND newer.member_id = t.member_id
        AND newer.line_of_business = t.line_of_business
        AND newer.product = t.product
        AND newer.plan = t.plan
        AND newer.valid_from = t.valid_from
        AND newer.recorded_at <= $3
        AND (newer.recorded_at, newer.batch_id) > (t.recorded_at, t.batch_id))
  ORDER BY t.member_id, t.line_of_business, t.product, t.plan, t.valid_from
)sql"};

constexpr pg::Query kReadChoices{"member_read_choices", R"sql(
  SELECT t.member_id, t.kind, t.valid_from, t.valid_to, t.provider_id, t.practice_id
  FROM performance.provider_choice AS t
  WHERE t.payer_id = $1
    AND t.member_id = ANY ($2::bigint[])
    AND t.recorded_at <= $3
    AND NOT t.withdrawn
    AND NOT EXISTS (
      SELECT 1
      FROM performance.provider_choice AS newer
      WHERE newer.payer_id = t.payer_id
        AND newer.member_id = t.member_id
        AND newer.kind = t.kind
        AND newer.valid_from = t.valid_from
        AND newer.recorded_at <= $3
        AND (newer.recorded_at, newer.batch_id) > (t.recorded_at, t.batch_id))
  ORDER BY t.member_id, t.kind, t.valid_from
)sql"};

constexpr pg::Query kReadRiskScores{"member_read_risk_scores", R"sql(
  SELECT t.member_id, t.model, t.model_version, t.period_from, t.period_to, t.score_millionths
  FROM performance.risk_score AS t
  WHERE t.payer_id = $1
    AND t.member_id = ANY ($2::bigint[])
    AND t.recorded_at <= $3
    AND NOT EXISTS (
      SELECT 1
      FROM performance.risk_score AS newer
      WHERE newer.payer_id = t.payer_id
        AND newer.member_id = t.member_id
        AND newer.model = t.model
        AND newer.model_version = t.model_version
        AND newer.period_from = t.period_from
        AND newer.recorded_at <= $3
        AND (newer.recorded_at, newer.batch_id) > (t.recorded_at, t.batch_id))
  ORDER BY t.member_id, t.model, t.model_version, t.period_from
)sql"};

using OptionalDate = std::optional<Date>;

std::vector<Member> ReadMembers(const pg::Result& result) {
  std::vector<Member> members;
  members.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) {
    members.push_back({result[i].Get<std::int64_t>(0), result[i].Get<std::string>(1)});
  }
  return members;
}

// The end of a service range; open ends are as far as dates go.
Date EndOf(const DateRange& range) { return range.to.value_or(MakeDate(9999, 12, 31)); }

std::int16_t Number(bool value) { return value ? 1 : 0; }

}  // namespace

std::int64_t AddMembers(pg::Transaction& tx, const Recording& recording,
                        std::span<const Member> members) {
  std::vector<std::int64_t> ids;
  std::vector<std::string_view> numbers;
  for (const Member& member : members) {
    ids.push_back(member.id);
    numbers.push_back(member.number);
  }
  return tx.Execute(kAddMembers, recording.payer, recording.recorded_at, recording.batch_id, ids,
                    numbers);
}

Added AddMemberDetails(pg::Transaction& tx, const Recording& recording,
                              std::span<const MemberDetail> rows) {
  return AddRows<2, std::int64_t, Date, OptionalDate, std::int16_t, OptionalDate, std::string,
                 std::string>(
      tx, kAddMemberDetails, recording, rows, [](const MemberDetail& row) {
        return std::make_tuple(row.member_id, row.valid_from, row.birth_date,
                               static_cast<std::int16_t>(row.sex), row.death_date, row.zip,
                               row.region);
      });
}

Added AddCoverage(pg::Transaction& tx, const Recording& recording,
                         std::span<const CoverageSpan> rows) {
  return AddRows<5, std::int64_t, std::string, std::string, std::string, Date, OptionalDate,
                 std::int16_t, std::string>(
      tx, kAddCoverage, recording, rows, [](const CoverageSpan& row) {
        return std::make_tuple(row.member_id, row.line_of_business, row.product, row.plan,
                               row.covered.from, row.covered.to, Number(row.withdrawn),
                               row.retro_reason);
      });
}

Added AddChoices(pg::Transaction& tx, const Recording& recording,
                        std::span<const ProviderChoice> rows) {
  return AddRows<3, std::int64_t, std::int16_t, Date, OptionalDate, PartyId, std::optional<PartyId>,
                 std::int16_t>(tx, kAddChoices, recording, rows, [](const ProviderChoice& row) {
    return std::make_tuple(row.member_id, static_cast<std::int16_t>(row.kind), row.valid.from,
                           row.valid.to, row.provider, row.practice, Number(row.withdrawn));
  });
}

Added AddRiskScores(pg::Transaction& tx, const Recording& recording,
                           std::span<const RiskScore> rows) {
  return AddRows<4, std::int64_t, std::string, std::string, Date, Date, std::int64_t>(
      tx, kAddRiskScores, recording, rows, [](const RiskScore& row) {
        return std::make_tuple(row.member_id, row.model, row.model_version, row.period.from,
                               EndOf(row.period), row.score.Millionths());
      });
}

std::vector<Member> FindMembers(pg::Transaction& tx, PayerId payer,
                                std::span<const std::string> numbers) {
  return ReadMembers(tx.Query(kFindMembers, payer, numbers));
}

std::vector<Member> MembersById(pg::Transaction& tx, PayerId payer,
                                std::span<const std::int64_t> ids) {
  return ReadMembers(tx.Query(kMembersById, payer, ids));
}

std::vector<Member> PageOfMembers(pg::Transaction& tx, PayerId payer, std::int64_t after,
                                  std::int32_t limit, Instant known_at) {
  return ReadMembers(
      tx.Query(kPageOfMembers, payer, after, static_cast<std::int64_t>(limit), known_at));
}

std::vector<MemberDetail> ReadMemberDetails(pg::Transaction& tx, const MemberRows& which) {
  return ReadRows<MemberDetail>(
      tx.Query(kReadMemberDetails, which.payer, which.members, which.known_at),
      [](const pg::Row& row) {
        return MemberDetail{.member_id = row.Get<std::int64_t>(0),
                            .valid_from = row.Get<Date>(1),
                            .birth_date = row.Get<OptionalDate>(2),
                            .sex = static_cast<Sex>(row.Get<std::int16_t>(3)),
                            .death_date = row.Get<OptionalDate>(4),
                            .zip = row.Get<std::string>(5),
                            .region = row.Get<std::string>(6)};
      });
}

std::vector<CoverageSpan> ReadCoverage(pg::Transaction& tx, const MemberRows& which) {
  return ReadRows<CoverageSpan>(
      tx.Query(kReadCoverage, which.payer, which.members, which.known_at), [](const pg::Row& row) {
        return CoverageSpan{.member_id = row.Get<std::int64_t>(0),
                            .line_of_business = row.Get<std::string>(1),
                            .product = row.Get<std::string>(2),
                            .plan = row.Get<std::string>(3),
                            .covered = {row.Get<Date>(4), row.Get<OptionalDate>(5)},
                            .withdrawn = false,
                            .retro_reason = row.Get<std::string>(6)};
      });
}

std::vector<ProviderChoice> ReadChoices(pg::Transaction& tx, const MemberRows& which) {
  return ReadRows<ProviderChoice>(
      tx.Query(kReadChoices, which.payer, which.members, which.known_at), [](const pg::Row& row) {
        return ProviderChoice{.member_id = row.Get<std::int64_t>(0),
                              .kind = static_cast<ChoiceKind>(row.Get<std::int16_t>(1)),
                              .provider = row.Get<PartyId>(4),
                              .practice = row.Get<std::optional<PartyId>>(5),
                              .valid = {row.Get<Date>(2), row.Get<OptionalDate>(3)},
                              .withdrawn = false};
      });
}

std::vector<RiskScore> ReadRiskScores(pg::Transaction& tx, const MemberRows& which) {
  return ReadRows<RiskScore>(
      tx.Query(kReadRiskScores, which.payer, which.members, which.known_at),
      [](const pg::Row& row) {
        return RiskScore{.member_id = row.Get<std::int64_t>(0),
                         .model = row.Get<std::string>(1),
                         .model_version = row.Get<std::string>(2),
                         .period = {row.Get<Date>(3), row.Get<Date>(4)},
                         .score = Rate::FromMillionths(row.Get<std::int64_t>(5))};
      });
}

}  // namespace sluice::performance
