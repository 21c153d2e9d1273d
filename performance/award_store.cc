#include "performance/award_store.h"

#include <utility>

#include "core/check.h"
#include "core/pg/columns.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kNewestAwards{"award_newest", R"sql(
  SELECT DISTINCT ON (contract_id)
    contract_id, award_id, version, program_id, party_id, period_from, period_to, pay_date, stream,
    status, amount_cents, recouped_cents, balance_left_cents, withheld_cents, released_cents,
    forfeited_cents, payable_cents, delta_cents, zero_reason, zero_detail, payable_zero_reason,
    blocked_reason, missing, notes, explanation, terms_version, terms_sha256, facts_sha256,
    hierarchy_sha256, input_sha256, hierarchy_as_of, hierarchy_version, known_at, calculated_at
  FROM performance.award
  WHERE contract_id = ANY ($1) AND period_from = $2 AND period_to = $3
  ORDER BY contract_id, version DESC
)sql"};

constexpr pg::Query kLastPayable{"award_last_payable", R"sql(
  SELECT DISTINCT ON (contract_id) contract_id, payable_cents
  FROM performance.award
  WHERE contract_id = ANY ($1) AND period_from = $2 AND period_to = $3 AND status = 0
  ORDER BY contract_id, version DESC
)sql"};

constexpr pg::Query kAwardsOfProgram{"award_of_program", R"sql(
  SELECT DISTINCT ON (contract_id)
    contract_id, award_id, version, program_id, party_id, period_from, period_to, pay_date, stream,
    status, amount_cents, recouped_cents, balance_left_cents, withheld_cents, released_cents,
    forfeited_cents, payable_cents, delta_cents, zero_reason, zero_detail, payable_zero_reason,
    blocked_reason, missing, notes, explanation, terms_version, terms_sha256, facts_sha256,
    hierarchy_sha256, input_sha256, hierarchy_as_of, hierarchy_version, known_at, calculated_at
  FROM performance.award
  WHERE contract_id IN (SELECT c.contract_id FROM performance.contract AS c WHERE c.program_id = $1)
    AND period_from = $2
    AND period_to = $3
  ORDER BY contract_id, version DESC
)sql"};

constexpr pg::Query kAwardHistory{"award_history", R"sql(
  SELECT
    contract_id, award_id, version, program_id, party_id, period_from, period_to, pay_date, stream,
    status, amount_cents, recouped_cents, balance_left_cents, withheld_cents, released_cents,
    forfeited_cents, payable_cents, delta_cents, zero_reason, zero_detail, payable_zero_reason,
    blocked_reason, missing, notes, explanation, terms_version, terms_sha256, facts_sha256,
    hierarchy_sha256, input_sha256, hierarchy_as_of, hierarchy_version, known_at, calculated_at
  FROM performance.award
  WHERE contract_id = $1 AND period_from = $2 AND period_to = $3
  ORDER BY version
)sql"};

constexpr pg::Query kAwardPeriods{"award_periods", R"sql(
  SELECT DISTINCT period_from, period_to
  FROM performance.award
  WHERE contract_id = $1
  ORDER BY period_from, period_to
)sql"};

constexpr pg::Query kFindAward{"award_find", R"sql(
  SELECT
    contract_id, award_id, version, program_id, party_id, period_from, period_to, pay_date, stream,
    status, amount_cents, recouped_cents, balance_left_cents, withheld_cents, released_cents,
    forfeited_cents, payable_cents, delta_cents, zero_reason, zero_detail, payable_zero_reason,
    blocked_reason, missing, notes, explanation, terms_version, terms_sha256, facts_sha256,
    hierarchy_sha256, input_sha256, hierarchy_as_of, hierarchy_version, known_at, calculated_at
  FROM performance.award
  WHERE contract_id = $1 AND award_id = $2 AND (version = $3 OR $3 = 0)
  ORDER BY version DESC
  LIMIT 1
)sql"};

constexpr pg::Query kFindAwards{"award_find_many", R"sql(
  SELECT
    a.contract_id, a.award_id, a.version, a.program_id, a.party_id, a.period_from, a.period_to,
    a.pay_date, a.stream, a.status, a.amount_cents, a.recouped_cents, a.balance_left_cents,
    a.withheld_cents, a.released_cents, a.forfeited_cents, a.payable_cents, a.delta_cents,
    a.zero_reason, a.zero_detail, a.payable_zero_reason, a.blocked_reason, a.missing, a.notes,
    a.explanation, a.terms_version, a.terms_sha256, a.facts_sha256, a.hierarchy_sha256,
    a.input_sha256, a.hierarchy_as_of, a.hierarchy_version, a.known_at, a.calculated_at
  FROM unnest($1::bigint[], $2::bigint[], $3::integer[])
    WITH ORDINALITY AS k (contract_id, award_id, version, place)
  JOIN performance.award AS a
    ON a.contract_id = k.contract_id AND a.award_id = k.award_id AND a.version = k.version
  WHERE a.contract_id = ANY ($1)
  ORDER BY k.place
)sql"};

constexpr pg::Query kInsertAwards{"award_insert", R"sql(
  INSERT INTO performance.award (
    contract_id, award_id, version, program_id, party_id, period_from, period_to, pay_date,
    stream, status, amount_cents, recouped_cents, balance_left_cents, withheld_cents,
    released_cents, forfeited_cents, payable_cents, delta_cents, zero_reason, zero_detail,
    payable_zero_reason, blocked_reason, missing, notes, explanation, terms_version, terms_sha256,
    facts_sha256, hierarchy_sha256, input_sha256, hierarchy_as_of, hierarchy_version, known_at,
    calculated_at)
  SELECT
    contract_id, award_id, version, program_id, party_id, period_from, period_to, pay_date,
    stream, status, amount_cents, recouped_cents, balance_left_cents, withheld_cents,
    released_cents, forfeited_cents, payable_cents, delta_cents, zero_reason, zero_detail,
    payable_zero_reason, blocked_reason, missing, notes, explanation, terms_version, terms_sha256,
    facts_sha256, hierarchy_sha256, input_sha256, hierarchy_as_of, hierarchy_version, known_at,
    calculated_at
  FROM unnest(
    $1::bigint[], $2::bigint[], $3::integer[], $4::bigint[], $5::bigint[], $6::date[], $7::date[],
    $8::date[], $9::text[], $10::smallint[], $11::bigint[], $12::bigint[], $13::bigint[],
    $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::text[],
    $20::text[], $21::text[], $22::text[], $23::text[], $24::text[], $25::text[], $26::integer[],
    $27::bytea[], $28::bytea[], $29::bytea[], $30::bytea[], $31::date[], $32::bigint[],
    $33::timestamptz[], $34::timestamptz[])
    AS t (
      contract_id, award_id, version, program_id, party_id, period_from, period_to, pay_date,
      stream, status, amount_cents, recouped_cents, balance_left_cents, withheld_cents,
      released_cents, forfeited_cents, payable_cents, delta_cents, zero_reason, zero_detail,
      payable_zero_reason, blocked_reason, missing, notes, explanation, terms_version,
      terms_sha256, facts_sha256, hierarchy_sha256, input_sha256, hierarchy_as_of,
      hierarchy_version, known_at, calculated_at)
)sql"};

constexpr pg::Query kInsertShares{"award_insert_shares", R"sql(
  INSERT INTO performance.award_split (
    contract_id, award_id, version, position, parent_position, kind, node_id, party_id, label,
    path, weight, exact, received_cents, handed_up_cents, amount_cents, zero_reason, notes, detail)
  SELECT
    contract_id, award_id, version, position, parent_position, kind, node_id, party_id, label,
    path, weight, exact, received_cents, handed_up_cents, amount_cents, zero_reason, notes, detail
  FROM unnest(
    $1::bigint[], $2::bigint[], $3::integer[], $4::integer[], $5::integer[], $6::smallint[],
    $7::bigint[], $8::bigint[], $9::text[], $10::text[], $11::text[], $12::text[], $13::bigint[],
    $14::bigint[], $15::bigint[], $16::text[], $17::text[], $18::text[])
    AS t (
      contract_id, award_id, version, position, parent_position, kind, node_id, party_id, label,
      path, weight, exact, received_cents, handed_up_cents, amount_cents, zero_reason, notes,
      detail)
)sql"};

constexpr pg::Query kSharesOf{"award_shares_of", R"sql(
  SELECT s.contract_id, s.award_id, s.version, s.position, s.parent_position, s.kind, s.node_id,
    s.party_id, s.label, s.path, s.weight, s.exact, s.received_cents, s.handed_up_cents,
    s.amount_cents, s.zero_reason, s.notes, s.detail
  FROM performance.award_split AS s
  JOIN unnest($1::bigint[], $2::bigint[], $3::integer[]) AS k (contract_id, award_id, version)
    ON s.contract_id = k.contract_id AND s.award_id = k.award_id AND s.version = k.version
  WHERE s.contract_id = ANY ($1)
  ORDER BY s.contract_id, s.award_id, s.version, s.position
)sql"};

constexpr pg::Query kInsertPackages{"award_insert_packages", R"sql(
  INSERT INTO performance.calculation_package (
    contract_id, award_id, version, sha256, content)
  SELECT
    contract_id, award_id, version, sha256, content
  FROM unnest(
    $1::bigint[], $2::bigint[], $3::integer[], $4::bytea[], $5::text[])
    AS t (
      contract_id, award_id, version, sha256, content)
)sql"};

constexpr pg::Query kFindPackage{"award_find_package", R"sql(
  SELECT content
  FROM performance.calculation_package
  WHERE contract_id = $1 AND award_id = $2 AND version = $3
)sql"};

// --- Reasons travel by name, which never changes. ---

std::optional<std::string> NameOf(const std::optional<ReasonCode>& reason) {
  if (!reason) return std::nullopt;
  return std::string(ReasonName(*reason));
}

std::string NamesOf(const std::vector<ReasonCode>& notes) {
  std::string names;
  for (const ReasonCode note : notes) {
    if (!names.empty()) names += ',';
    names += ReasonName(note);
  }
  return names;
}

ReasonCode ReadReason(std::string_view name) {
  const StatusOr<ReasonCode> reason = ParseReason(name);
  CHECK(reason.ok());  // only names of the enum are ever stored, and names stay
  return *reason;
}

std::optional<ReasonCode> ReadReason(const pg::Row& row, int column) {
  const auto name = row.Get<std::optional<std::string>>(column);
  if (!name) return std::nullopt;
  return ReadReason(*name);
}

std::vector<ReasonCode> ReadNotes(const pg::Row& row, int column) {
  const auto names = row.Get<std::string>(column);
  std::vector<ReasonCode> notes;
  std::string_view rest = names;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    notes.push_back(ReadReason(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return notes;
}

StoredAward ReadAward(const pg::Row& row) {
  StoredAward award;
  award.contract = row.Get<ContractId>(0);
  award.award = row.Get<AwardId>(1);
  award.version = row.Get<std::int32_t>(2);
  award.program = row.Get<ProgramId>(3);
  award.party = row.Get<PartyId>(4);
  award.period = DateRange{row.Get<Date>(5), row.Get<Date>(6)};
  award.pay_date = row.Get<Date>(7);
  award.stream = row.Get<std::string>(8);
  award.status = static_cast<AwardStatus>(row.Get<std::int16_t>(9));
  award.amount = row.Get<Money>(10);
  award.recouped = row.Get<Money>(11);
  award.balance_left = row.Get<std::optional<Money>>(12);
  award.withheld = row.Get<Money>(13);
  award.released = row.Get<Money>(14);
  award.forfeited = row.Get<Money>(15);
  award.payable = row.Get<Money>(16);
  award.delta = row.Get<Money>(17);
  award.zero_reason = ReadReason(row, 18);
  award.zero_detail = row.Get<std::string>(19);
  award.payable_zero_reason = ReadReason(row, 20);
  award.blocked_reason = ReadReason(row, 21);
  award.missing = row.Get<std::string>(22);
  award.notes = ReadNotes(row, 23);
  award.explanation = row.Get<std::string>(24);
  award.terms_version = row.Get<std::optional<std::int32_t>>(25);
  award.terms_sha256 = row.Get<Digest>(26);
  award.facts_sha256 = row.Get<Digest>(27);
  award.hierarchy_sha256 = row.Get<Digest>(28);
  award.input_sha256 = row.Get<Digest>(29);
  award.hierarchy_as_of = row.Get<Date>(30);
  award.hierarchy_version = row.Get<std::int64_t>(31);
  award.known_at = row.Get<Instant>(32);
  award.calculated_at = row.Get<Instant>(33);
  return award;
}

std::vector<StoredAward> ReadAwards(const pg::Result& result) {
  std::vector<StoredAward> awards;
  awards.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) awards.push_back(ReadAward(result[i]));
  return awards;
}

// Keys as the columns that a statement takes them in.
struct KeyColumns {
  explicit KeyColumns(std::span<const AwardKey> keys) {
    for (const AwardKey& key : keys) {
      contracts.push_back(key.contract);
      awards.push_back(key.award);
      versions.push_back(key.version);
    }
  }
  std::vector<ContractId> contracts;
  std::vector<AwardId> awards;
  std::vector<std::int32_t> versions;
};

StoredShare ReadShare(const pg::Row& row) {
  StoredShare stored{.contract = row.Get<ContractId>(0),
                     .award = row.Get<AwardId>(1),
                     .version = row.Get<std::int32_t>(2)};
  SplitShare& share = stored.share;
  share.position = row.Get<std::int32_t>(3);
  share.parent_position = row.Get<std::int32_t>(4);
  share.kind = static_cast<ShareKind>(row.Get<std::int16_t>(5));
  share.node_id = row.Get<std::int64_t>(6);
  share.party = row.Get<PartyId>(7);
  share.label = row.Get<std::string>(8);
  share.path = row.Get<std::string>(9);
  const StatusOr<Ratio> weight = Ratio::Parse(row.Get<std::string>(10));
  const StatusOr<Exact> exact = Exact::Parse(row.Get<std::string>(11));
  CHECK(weight.ok() && exact.ok());  // CopyShares wrote them
  share.weight = *weight;
  share.exact = *exact;
  share.received = row.Get<Money>(12);
  share.handed_up = row.Get<Money>(13);
  share.amount = row.Get<Money>(14);
  share.zero_reason = ReadReason(row, 15);
  share.notes = ReadNotes(row, 16);
  share.detail = row.Get<std::string>(17);
  return stored;
}

}  // namespace

LatestAwards FindLatestAwards(pg::Transaction& tx, std::span<const ContractId> contracts,
                              const DateRange& period) {
  CHECK(period.to.has_value());
  LatestAwards latest;
  for (StoredAward& award :
       ReadAwards(tx.Query(kNewestAwards, contracts, period.from, *period.to))) {
    latest.newest.emplace(award.contract, std::move(award));
  }
  const pg::Result computed = tx.Query(kLastPayable, contracts, period.from, *period.to);
  for (int i = 0; i < computed.Size(); ++i) {
    latest.last_payable.emplace(computed[i].Get<ContractId>(0), computed[i].Get<Money>(1));
  }
  return latest;
}

void InsertAwards(pg::Transaction& tx, std::span<const StoredAward> awards) {
  using Name = std::optional<std::string>;
  pg::Columns<ContractId, AwardId, std::int32_t, ProgramId, PartyId, Date, Date, Date, std::string,
              std::int16_t, Money, Money, std::optional<Money>, Money, Money, Money, Money, Money,
              Name, std::string, Name, Name, std::string, std::string, std::string,
              std::optional<std::int32_t>, Digest, Digest, Digest, Digest, Date, std::int64_t,
              Instant, Instant>
      rows;
  rows.Reserve(awards.size());
  for (const StoredAward& a : awards) {
    CHECK(a.period.to.has_value());
    rows.Add(a.contract, a.award, a.version, a.program, a.party, a.period.from, *a.period.to,
             a.pay_date, a.stream, static_cast<std::int16_t>(a.status), a.amount, a.recouped,
             a.balance_left, a.withheld, a.released, a.forfeited, a.payable, a.delta,
             NameOf(a.zero_reason), a.zero_detail, NameOf(a.payable_zero_reason),
             NameOf(a.blocked_reason), a.missing, NamesOf(a.notes), a.explanation, a.terms_version,
             a.terms_sha256, a.facts_sha256, a.hierarchy_sha256, a.input_sha256, a.hierarchy_as_of,
             a.hierarchy_version, a.known_at, a.calculated_at);
  }
  rows.Execute(tx, kInsertAwards);
}

void InsertShares(pg::Transaction& tx, std::span<const StoredShare> shares) {
  pg::Columns<ContractId, AwardId, std::int32_t, std::int32_t, std::int32_t, std::int16_t,
              std::int64_t, PartyId, std::string_view, std::string_view, std::string, std::string,
              Money, Money, Money, std::optional<std::string>, std::string, std::string_view>
      rows;
  rows.Reserve(shares.size());
  for (const StoredShare& stored : shares) {
    const SplitShare& s = stored.share;
    rows.Add(stored.contract, stored.award, stored.version, s.position, s.parent_position,
             static_cast<std::int16_t>(s.kind), s.node_id, s.party, s.label, s.path,
             s.weight.ToFractionString(), s.exact.ToFractionString(), s.received, s.handed_up,
             s.amount, NameOf(s.zero_reason), NamesOf(s.notes), s.detail);
  }
  rows.Execute(tx, kInsertShares);
}

void InsertPackages(pg::Transaction& tx, std::span<const PackageRow> packages) {
  pg::Columns<ContractId, AwardId, std::int32_t, Digest, std::string_view> rows;
  for (const PackageRow& package : packages) {
    rows.Add(package.key.contract, package.key.award, package.key.version, package.sha256,
             package.content);
  }
  rows.Execute(tx, kInsertPackages);
}

std::vector<StoredAward> AwardsOfProgram(pg::Transaction& tx, ProgramId program,
                                         const DateRange& period) {
  CHECK(period.to.has_value());
  return ReadAwards(tx.Query(kAwardsOfProgram, program, period.from, *period.to));
}

std::vector<StoredAward> AwardHistory(pg::Transaction& tx, ContractId contract,
                                      const DateRange& period) {
  CHECK(period.to.has_value());
  return ReadAwards(tx.Query(kAwardHistory, contract, period.from, *period.to));
}

std::vector<DateRange> AwardPeriods(pg::Transaction& tx, ContractId contract) {
  const pg::Result rows = tx.Query(kAwardPeriods, contract);
  std::vector<DateRange> periods;
  for (int i = 0; i < rows.Size(); ++i) {
    periods.push_back(DateRange::Between(rows[i].Get<Date>(0), rows[i].Get<Date>(1)));
  }
  return periods;
}

std::optional<StoredAward> FindAward(pg::Transaction& tx, const AwardKey& key) {
  const pg::Result result = tx.Query(kFindAward, key.contract, key.award, key.version);
  if (result.Empty()) return std::nullopt;
  return ReadAward(result[0]);
}

std::vector<StoredAward> FindAwards(pg::Transaction& tx, std::span<const AwardKey> keys) {
  const KeyColumns columns(keys);
  return ReadAwards(tx.Query(kFindAwards, columns.contracts, columns.awards, columns.versions));
}

std::vector<StoredShare> SharesOf(pg::Transaction& tx, std::span<const AwardKey> keys) {
  const KeyColumns columns(keys);
  const pg::Result result =
      tx.Query(kSharesOf, columns.contracts, columns.awards, columns.versions);
  std::vector<StoredShare> shares;
  shares.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) shares.push_back(ReadShare(result[i]));
  return shares;
}

std::optional<std::string> FindPackage(pg::Transaction& tx, const AwardKey& key) {
  const pg::Result result = tx.Query(kFindPackage, key.contract, key.award, key.version);
  if (result.Empty()) return std::nullopt;
  return result[0].Get<std::string>(0);
}

}  // namespace sluice::performance
