#include "performance/program_store.h"

#include <algorithm>

#include <fmt/format.h>

#include <utility>

#include "core/check.h"
#include "core/pg/columns.h"

namespace sluice::performance {
namespace {

constexpr pg::Query kInsertProgram{"program_insert", R"sql(
  INSERT INTO performance.program
    (program_id, payer_id, name, stream, lan_category, book_id, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql"};

constexpr pg::Query kFindProgram{"program_find", R"sql(
  SELECT program_id, payer_id, name, stream, lan_category, book_id, created_at
  FROM performance.program
  WHERE program_id = $1
)sql"};

constexpr pg::Query kListPrograms{"program_list", R"sql(
  SELECT program_id, payer_id, name, stream, lan_category, book_id, created_at
  FROM performance.program
  ORDER BY program_id
)sql"};

constexpr pg::Query kInsertContracts{"program_insert_contracts", R"sql(
  INSERT INTO performance.contract
    (contract_id, payer_id, program_id, party_id, effective_from, effective_to)
  SELECT contract_id, payer_id, program_id, party_id, effective_from, effective_to
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::date[], $6::date[])
    AS t (contract_id, payer_id, program_id, party_id, effective_from, effective_to)
)sql"};

constexpr pg::Query kFindContracts{"program_find_contracts", R"sql(
  SELECT contract_id, payer_id, program_id, party_id, effective_from, effective_to
  FROM performance.contract
  WHERE contract_id = ANY ($1)
  ORDER BY contract_id
)sql"};

constexpr pg::Query kContractsOfProgram{"program_contracts_of", R"sql(
  SELECT contract_id, payer_id, program_id, party_id, effective_from, effective_to
  FROM performance.contract
  WHERE program_id = $1
  ORDER BY contract_id
)sql"};

constexpr pg::Query kNewestTerms{"program_newest_terms", R"sql(
  SELECT DISTINCT ON (contract_id)
    contract_id, version, state, effective_from, effective_to, title, content, sha256, recorded_at
  FROM performance.terms
  WHERE contract_id = ANY ($1)
  ORDER BY contract_id, version DESC
)sql"};

constexpr pg::Query kInsertTerms{"program_insert_terms", R"sql(
  INSERT INTO performance.terms
    (contract_id, version, state, effective_from, effective_to, title, content, sha256,
     recorded_at)
  SELECT contract_id, version, state, effective_from, effective_to, title, content, sha256,
    recorded_at
  FROM unnest($1::bigint[], $2::integer[], $3::smallint[], $4::date[], $5::date[], $6::text[],
              $7::bytea[], $8::bytea[], $9::timestamptz[])
    AS t (contract_id, version, state, effective_from, effective_to, title, content, sha256,
          recorded_at)
)sql"};

constexpr pg::Query kTermsOn{"program_terms_on", R"sql(
  SELECT DISTINCT ON (contract_id)
    contract_id, version, state, effective_from, effective_to, title, content, sha256, recorded_at
  FROM performance.terms
  WHERE contract_id = ANY ($1)
    AND effective_from <= $2
    AND (effective_to IS NULL OR effective_to > $2)
    AND recorded_at <= $3
  ORDER BY contract_id, version DESC
)sql"};

constexpr pg::Query kInsertFacts{"program_insert_facts", R"sql(
  INSERT INTO performance.fact (
    contract_id, period_from, period_to, party_id, under_id, name, recorded_at, batch_id, kind,
    value, source)
  SELECT
    contract_id, period_from, period_to, party_id, under_id, name, recorded_at, batch_id, kind,
    value, source
  FROM unnest(
    $1::bigint[], $2::date[], $3::date[], $4::bigint[], $5::bigint[], $6::text[],
    $7::timestamptz[], $8::bigint[], $9::text[], $10::text[], $11::text[])
    AS t (
      contract_id, period_from, period_to, party_id, under_id, name, recorded_at, batch_id, kind,
      value, source)
)sql"};

constexpr pg::Query kFactsOfPeriod{"program_facts_of_period", R"sql(
  SELECT DISTINCT ON (contract_id, party_id, under_id, name)
    contract_id, party_id, under_id, name, kind, value
  FROM performance.fact
  WHERE contract_id = ANY ($1)
    AND period_from = $2
    AND period_to = $3
    AND recorded_at <= $4
  ORDER BY contract_id, party_id, under_id, name, recorded_at DESC, batch_id DESC
)sql"};

using FactColumns = pg::Columns<ContractId, Date, Date, PartyId, PartyId, std::string, Instant,
                                std::int64_t, std::string_view, std::string, std::string_view>;
constexpr std::size_t kFactsAtOnce = 20'000;
// How the name of a measure is told from the name of a fact in one column.
constexpr std::string_view kMeasurePrefix = "measure:";
constexpr std::string_view kNotReported = "not-reported";

DateRange ReadRange(const pg::Row& row, int from, int to) {
  return DateRange{row.Get<Date>(from), row.Get<std::optional<Date>>(to)};
}

Program ReadProgram(const pg::Row& row) {
  return Program{.id = row.Get<ProgramId>(0),
                 .payer = row.Get<PayerId>(1),
                 .name = row.Get<std::string>(2),
                 .stream = row.Get<std::string>(3),
                 .lan_category = row.Get<std::string>(4),
                 .book = row.Get<BookId>(5),
                 .created_at = row.Get<Instant>(6)};
}

std::vector<Contract> ReadContracts(const pg::Result& result) {
  std::vector<Contract> contracts;
  contracts.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    contracts.push_back(Contract{.id = row.Get<ContractId>(0),
                                 .payer = row.Get<PayerId>(1),
                                 .program = row.Get<ProgramId>(2),
                                 .party = row.Get<PartyId>(3),
                                 .effective = ReadRange(row, 4, 5)});
  }
  return contracts;
}

std::vector<TermsRow> ReadTerms(const pg::Result& result) {
  std::vector<TermsRow> rows;
  rows.reserve(static_cast<std::size_t>(result.Size()));
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    rows.push_back(TermsRow{.contract = row.Get<ContractId>(0),
                            .version = row.Get<std::int32_t>(1),
                            .state = static_cast<TermsState>(row.Get<std::int16_t>(2)),
                            .effective = ReadRange(row, 3, 4),
                            .title = row.Get<std::string>(5),
                            .content = row.Get<Bytes>(6),
                            .sha256 = row.Get<Digest>(7),
                            .recorded_at = row.Get<Instant>(8)});
  }
  return rows;
}

std::string MeasureText(const MeasureResult& result) {
  if (!result.reported) return std::string(kNotReported);
  return result.numerator.ToFractionString() + " " + result.denominator.ToFractionString();
}

StatusOr<MeasureResult> ParseMeasure(std::string_view text) {
  if (text == kNotReported) return MeasureResult{.reported = false};
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return InvalidArgument("'{}' is no measure result", text);
  MeasureResult result;
  ASSIGN_OR_RETURN(result.numerator, Ratio::Parse(text.substr(0, space)));
  ASSIGN_OR_RETURN(result.denominator, Ratio::Parse(text.substr(space + 1)));
  return result;
}

Status AddFact(const pg::Row& row, Facts& facts) {
  const auto name = row.Get<std::string>(3);
  const auto kind = row.Get<std::string>(4);
  const auto value = row.Get<std::string>(5);
  if (kind == "retracted") return OkStatus();
  if (kind == "measure") {
    ASSIGN_OR_RETURN(MeasureResult result, ParseMeasure(value));
    facts.SetMeasure(name.substr(kMeasurePrefix.size()), std::move(result));
    return OkStatus();
  }
  ASSIGN_OR_RETURN(FactValue parsed, ParseFactValue(kind, value));
  facts.Set(name, std::move(parsed));
  return OkStatus();
}

}  // namespace

void InsertProgram(pg::Transaction& tx, const Program& program) {
  tx.Execute(kInsertProgram, program.id, program.payer, program.name, program.stream,
             program.lan_category, program.book, program.created_at);
}

std::optional<Program> FindProgram(pg::Transaction& tx, ProgramId id) {
  const pg::Result result = tx.Query(kFindProgram, id);
  if (result.Empty()) return std::nullopt;
  return ReadProgram(result[0]);
}

std::vector<Program> ListPrograms(pg::Transaction& tx) {
  const pg::Result result = tx.Query(kListPrograms);
  std::vector<Program> programs;
  for (int i = 0; i < result.Size(); ++i) programs.push_back(ReadProgram(result[i]));
  return programs;
}

void InsertContracts(pg::Transaction& tx, std::span<const Contract> contracts) {
  pg::Columns<ContractId, PayerId, ProgramId, PartyId, Date, std::optional<Date>> rows;
  for (const Contract& c : contracts) {
    rows.Add(c.id, c.payer, c.program, c.party, c.effective.from, c.effective.to);
  }
  rows.Execute(tx, kInsertContracts);
}

std::vector<Contract> FindContracts(pg::Transaction& tx, std::span<const ContractId> ids) {
  return ReadContracts(tx.Query(kFindContracts, ids));
}

std::vector<Contract> ContractsOfProgram(pg::Transaction& tx, ProgramId program) {
  return ReadContracts(tx.Query(kContractsOfProgram, program));
}

std::vector<Contract> ContractsInPeriod(pg::Transaction& tx, ProgramId program,
                                        const DateRange& period,
                                        const std::optional<std::vector<ContractId>>& wanted) {
  std::vector<Contract> contracts =
      wanted ? FindContracts(tx, *wanted) : ContractsOfProgram(tx, program);
  std::erase_if(contracts, [&](const Contract& contract) {
    return contract.program != program || !contract.effective.Overlaps(period);
  });
  std::ranges::sort(contracts, {}, &Contract::id);
  return contracts;
}

std::map<ContractId, TermsRow> NewestTerms(pg::Transaction& tx,
                                           std::span<const ContractId> contracts) {
  std::map<ContractId, TermsRow> newest;
  for (TermsRow& row : ReadTerms(tx.Query(kNewestTerms, contracts))) {
    newest.emplace(row.contract, std::move(row));
  }
  return newest;
}

void InsertTerms(pg::Transaction& tx, std::span<const TermsRow> rows) {
  pg::Columns<ContractId, std::int32_t, std::int16_t, Date, std::optional<Date>, std::string_view,
              ByteView, Digest, Instant>
      columns;
  for (const TermsRow& row : rows) {
    columns.Add(row.contract, row.version, static_cast<std::int16_t>(row.state), row.effective.from,
                row.effective.to, row.title, row.content, row.sha256, row.recorded_at);
  }
  columns.Execute(tx, kInsertTerms);
}

std::vector<TermsRow> TermsOn(pg::Transaction& tx, std::span<const ContractId> contracts, Date on,
                              Instant known_at) {
  return ReadTerms(tx.Query(kTermsOn, contracts, on, known_at));
}

std::string MeasureFactName(std::string_view measure) {
  return std::string(kMeasurePrefix) + std::string(measure);
}

std::int64_t InsertFacts(pg::Transaction& tx, std::span<const FactSet> sets, Instant recorded_at,
                         std::int64_t batch_id, const std::string& source) {
  FactColumns rows;
  std::int64_t inserted = 0;
  for (const FactSet& set : sets) {
    CHECK(set.period.to.has_value());
    const auto add = [&](std::string name, std::string_view kind, std::string value) {
      rows.Add(set.contract, set.period.from, *set.period.to, set.party, set.under, std::move(name),
               recorded_at, batch_id, kind, std::move(value), source);
    };
    for (const auto& [name, value] : set.facts.Values()) {
      add(name, FactKindName(value), FormatFactValue(value));
    }
    for (const auto& [id, result] : set.facts.Measures()) {
      add(MeasureFactName(id), "measure", MeasureText(result));
    }
    if (rows.Rows() >= kFactsAtOnce) {
      inserted += rows.Execute(tx, kInsertFacts);
      rows.Clear();
    }
  }
  return inserted + rows.Execute(tx, kInsertFacts);
}

void InsertRetraction(pg::Transaction& tx, const FactSet& which, const std::string& name,
                      Instant recorded_at, std::int64_t batch_id, const std::string& source) {
  CHECK(which.period.to.has_value());
  FactColumns rows;
  rows.Add(which.contract, which.period.from, *which.period.to, which.party, which.under, name,
           recorded_at, batch_id, "retracted", "", source);
  rows.Execute(tx, kInsertFacts);
}

StatusOr<std::map<ContractId, ContractFacts>> LoadFacts(pg::Transaction& tx,
                                                        std::span<const ContractId> contracts,
                                                        const DateRange& period, Instant known_at) {
  CHECK(period.to.has_value());
  const pg::Result result = tx.Query(kFactsOfPeriod, contracts, period.from, *period.to, known_at);
  std::map<ContractId, ContractFacts> loaded;
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    ContractFacts& facts = loaded[row.Get<ContractId>(0)];
    const auto party = row.Get<PartyId>(1);
    Facts& target = party == PartyId()
                        ? facts.own
                        : facts.participants[ParticipantKey{party, row.Get<PartyId>(2)}];
    if (const Status added = AddFact(row, target); !added.ok()) {
      return DataLoss("fact {} of contract {}, party {}: {}", row.Get<std::string>(3),
                      row.Get<ContractId>(0), party, StatusMessage(added));
    }
  }
  return loaded;
}

}  // namespace sluice::performance
