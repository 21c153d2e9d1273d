#include "performance/program_store.h"

#include <fmt/format.h>

#include <utility>

#include "core/check.h"

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

constexpr pg::Query kCopyFacts{"program_copy_facts", R"sql(
  COPY performance.fact
    (contract_id, period_from, period_to, party_id, under_id, name, recorded_at, batch_id, kind,
     value, source)
  FROM STDIN (FORMAT binary)
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

constexpr int kFactColumns = 11;
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
  std::vector<ContractId> ids;
  std::vector<PayerId> payers;
  std::vector<ProgramId> programs;
  std::vector<PartyId> parties;
  std::vector<Date> from;
  std::vector<std::optional<Date>> to;
  for (const Contract& contract : contracts) {
    ids.push_back(contract.id);
    payers.push_back(contract.payer);
    programs.push_back(contract.program);
    parties.push_back(contract.party);
    from.push_back(contract.effective.from);
    to.push_back(contract.effective.to);
  }
  tx.Execute(kInsertContracts, ids, payers, programs, parties, from, to);
}

std::vector<Contract> FindContracts(pg::Transaction& tx, std::span<const ContractId> ids) {
  return ReadContracts(tx.Query(kFindContracts, ids));
}

std::vector<Contract> ContractsOfProgram(pg::Transaction& tx, ProgramId program) {
  return ReadContracts(tx.Query(kContractsOfProgram, program));
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
  std::vector<ContractId> contracts;
  std::vector<std::int32_t> versions;
  std::vector<std::int16_t> states;
  std::vector<Date> from;
  std::vector<std::optional<Date>> to;
  std::vector<std::string> titles;
  std::vector<Bytes> contents;
  std::vector<Digest> hashes;
  std::vector<Instant> recorded;
  for (const TermsRow& row : rows) {
    contracts.push_back(row.contract);
    versions.push_back(row.version);
    states.push_back(static_cast<std::int16_t>(row.state));
    from.push_back(row.effective.from);
    to.push_back(row.effective.to);
    titles.push_back(row.title);
    contents.push_back(row.content);
    hashes.push_back(row.sha256);
    recorded.push_back(row.recorded_at);
  }
  tx.Execute(kInsertTerms, contracts, versions, states, from, to, titles, contents, hashes,
             recorded);
}

std::vector<TermsRow> TermsOn(pg::Transaction& tx, std::span<const ContractId> contracts, Date on,
                              Instant known_at) {
  return ReadTerms(tx.Query(kTermsOn, contracts, on, known_at));
}

std::int64_t CopyFacts(pg::Transaction& tx, std::span<const FactSet> sets, Instant recorded_at,
                       std::int64_t batch_id, const std::string& source) {
  pg::CopyWriter copy = tx.CopyIn(kCopyFacts, kFactColumns);
  for (const FactSet& set : sets) {
    CHECK(set.period.to.has_value());
    for (const auto& [name, value] : set.facts.Values()) {
      copy.AddRow(set.contract, set.period.from, *set.period.to, set.party, set.under, name,
                  recorded_at, batch_id, FactKindName(value), FormatFactValue(value), source);
    }
    for (const auto& [id, result] : set.facts.Measures()) {
      copy.AddRow(set.contract, set.period.from, *set.period.to, set.party, set.under,
                  std::string(kMeasurePrefix) + id, recorded_at, batch_id,
                  std::string_view("measure"), MeasureText(result), source);
    }
  }
  return copy.Finish();
}

void CopyRetraction(pg::Transaction& tx, const FactSet& which, const std::string& name,
                    Instant recorded_at, std::int64_t batch_id, const std::string& source) {
  CHECK(which.period.to.has_value());
  pg::CopyWriter copy = tx.CopyIn(kCopyFacts, kFactColumns);
  copy.AddRow(which.contract, which.period.from, *which.period.to, which.party, which.under, name,
              recorded_at, batch_id, std::string_view("retracted"), std::string_view(), source);
  copy.Finish();
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
