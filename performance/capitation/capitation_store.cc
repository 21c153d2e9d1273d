#include "performance/capitation/capitation_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/check.h"
#include "core/pg/columns.h"
#include "performance/key_walk_store.h"

namespace sluice::performance {
namespace {

constexpr std::size_t kRowsPerStatement = 20'000;
constexpr std::size_t kBytesPerStatement = 8'000'000;
// Where a premium travels among the spans of its member.
constexpr std::int64_t kPremiumRow = INT64_MIN;

constexpr pg::Query kInsertSpans{"capitation_insert_spans", R"sql(
  INSERT INTO performance.panel_span (
    contract_id, member_id, span_id, recorded_at, payee_party_id, valid_from, valid_to, birth_date,
    learned_on, risk_millionths, sex, reason, retracted, product, region, tier)
  SELECT
    contract_id, member_id, span_id, recorded_at, payee_party_id, valid_from, valid_to, birth_date,
    learned_on, risk_millionths, sex, reason, retracted, product, region, tier
  FROM unnest(
    $1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::bigint[], $6::date[],
    $7::date[], $8::date[], $9::date[], $10::bigint[], $11::smallint[], $12::smallint[],
    $13::boolean[], $14::text[], $15::text[], $16::text[])
    AS t (
      contract_id, member_id, span_id, recorded_at, payee_party_id, valid_from, valid_to,
      birth_date, learned_on, risk_millionths, sex, reason, retracted, product, region, tier)
)sql"};

constexpr pg::Query kInsertPremiums{"capitation_insert_premiums", R"sql(
  INSERT INTO performance.panel_premium (contract_id, member_id, month, recorded_at, premium_cents)
  SELECT contract_id, member_id, month, recorded_at, premium_cents
  FROM unnest($1::bigint[], $2::bigint[], $3::date[], $4::timestamptz[], $5::bigint[])
    AS t (contract_id, member_id, month, recorded_at, premium_cents)
)sql"};

constexpr pg::Query kInsertFactors{"capitation_insert_factors", R"sql(
  INSERT INTO performance.panel_factor (
    contract_id, payee_party_id, from_month, recorded_at, panel_mean_millionths,
    plan_mean_millionths)
  SELECT contract_id, payee_party_id, from_month, recorded_at, panel_mean, plan_mean
  FROM unnest($1::bigint[], $2::bigint[], $3::date[], $4::timestamptz[], $5::bigint[],
              $6::bigint[])
    AS t (contract_id, payee_party_id, from_month, recorded_at, panel_mean, plan_mean)
)sql"};

constexpr pg::Query kPanelMembers{"capitation_panel_members", R"sql(
  SELECT DISTINCT member_id
  FROM performance.panel_span
  WHERE contract_id = $1
    AND span_id >= $2
  ORDER BY member_id
)sql"};

constexpr pg::Query kLoadPanelSpans{"capitation_load_spans", R"sql(
  SELECT DISTINCT ON (member_id, span_id)
    member_id, span_id, payee_party_id, valid_from, valid_to, birth_date, learned_on,
    risk_millionths, sex, reason, retracted, product, region, tier
  FROM performance.panel_span
  WHERE contract_id = $1
    AND member_id = ANY ($2)
    AND span_id >= $3
  ORDER BY member_id, span_id, recorded_at DESC
)sql"};

constexpr pg::Query kLoadFactors{"capitation_load_factors", R"sql(
  SELECT DISTINCT ON (contract_id, payee_party_id, from_month)
    contract_id, payee_party_id, from_month, panel_mean_millionths, plan_mean_millionths
  FROM performance.panel_factor
  WHERE contract_id = ANY ($1)
    AND recorded_at <= $2
  ORDER BY contract_id, payee_party_id, from_month, recorded_at DESC
)sql"};

constexpr pg::Query kLoadAllTerms{"capitation_load_terms", R"sql(
  SELECT contract_id, version, state, effective_from, effective_to, title, content, sha256,
    recorded_at
  FROM performance.terms
  WHERE contract_id = ANY ($1)
    AND recorded_at <= $2
  ORDER BY contract_id, version DESC
)sql"};

constexpr pg::Query kLoadRuns{"capitation_load_runs", R"sql(
  SELECT contract_id, run_number, run_month, business_date, known_at, terms_sha256, lines, members,
    total_cents, lines_sha256
  FROM performance.member_month_run
  WHERE contract_id = ANY ($1)
  ORDER BY contract_id, run_number
)sql"};

constexpr pg::Query kInsertRuns{"capitation_insert_runs", R"sql(
  INSERT INTO performance.member_month_run (
    contract_id, run_number, run_month, business_date, known_at, terms_sha256, lines, members,
    total_cents, lines_sha256)
  SELECT contract_id, run_number, run_month, business_date, known_at, terms_sha256, lines, members,
    total_cents, lines_sha256
  FROM unnest($1::bigint[], $2::integer[], $3::date[], $4::date[], $5::timestamptz[], $6::bytea[],
              $7::bigint[], $8::bigint[], $9::bigint[], $10::bytea[])
    AS t (contract_id, run_number, run_month, business_date, known_at, terms_sha256, lines,
          members, total_cents, lines_sha256)
)sql"};

constexpr pg::Query kLoadBlocks{"capitation_load_blocks", R"sql(
  SELECT l.run_number, l.first_member_id, l.last_member_id, l.lines, l.delta_cents, l.content,
    l.sha256, l.contract_id
  FROM unnest($1::bigint[], $2::integer[]) AS f (contract_id, first_run)
  JOIN performance.member_month_line AS l
    ON l.contract_id = f.contract_id AND l.run_number >= f.first_run
  ORDER BY l.contract_id, l.run_number, l.block
)sql"};

constexpr pg::Query kInsertBlocks{"capitation_insert_blocks", R"sql(
  INSERT INTO performance.member_month_line (
    contract_id, run_number, block, first_member_id, last_member_id, lines, delta_cents, sha256,
    content)
  SELECT contract_id, run_number, block, first_member_id, last_member_id, lines, delta_cents,
    sha256, content
  FROM unnest($1::bigint[], $2::integer[], $3::integer[], $4::bigint[], $5::bigint[],
              $6::integer[], $7::bigint[], $8::bytea[], $9::bytea[])
    AS t (contract_id, run_number, block, first_member_id, last_member_id, lines, delta_cents,
          sha256, content)
)sql"};

// COPY takes no parameters: the numbers are written into the text. The order is that of the primary
// key, so that the server walks it and sorts nothing; the rows of a span come in the order in which
// they were recorded.
constexpr std::string_view kSpans = R"sql(
  SELECT contract_id, member_id, span_id, recorded_at, payee_party_id, valid_from, valid_to,
    birth_date, learned_on, risk_millionths, sex, reason, retracted, product, region, tier
  FROM performance.panel_span
  WHERE contract_id = ANY ('{{{0}}}'::bigint[])
    AND recorded_at <= '{1}'::timestamptz
)sql";
constexpr std::string_view kPremiums = R"sql(
  SELECT contract_id, member_id, '-9223372036854775808'::bigint, recorded_at, 0::bigint, month,
    NULL::date, month, month, premium_cents, 0::smallint, 0::smallint, false, ''::text, ''::text,
    ''::text
  FROM performance.panel_premium
  WHERE contract_id = ANY ('{{{0}}}'::bigint[])
    AND recorded_at <= '{1}'::timestamptz
)sql";

std::string CopyText(std::span<const ContractId> contracts, Instant known_at, bool with_premiums) {
  std::string ids;
  for (const ContractId contract : contracts) {
    ids += fmt::format("{}{}", ids.empty() ? "" : ",", contract.Value());
  }
  const std::string instant = known_at.ToString();
  std::string rows = fmt::format(kSpans, ids, instant);
  if (with_premiums) rows += " UNION ALL " + fmt::format(kPremiums, ids, instant);
  return fmt::format(
      "COPY ({} ORDER BY contract_id, member_id, span_id, recorded_at) TO STDOUT (FORMAT binary)",
      rows);
}

pg::CopyReader OpenCopy(pg::Transaction& tx, const std::string& text) {
  WalkKeys(tx);
  return tx.CopyOut<ContractId, std::int64_t, std::int64_t, Instant, PartyId, Date,
                    std::optional<Date>, Date, Date, std::optional<std::int64_t>, std::int16_t,
                    std::int16_t, bool, std::string_view, std::string_view, std::string_view>(
      pg::Query{"capitation_panel", text.c_str()});
}

template <typename Row, typename Add>
void InsertInPieces(std::span<const Row> rows, const Add& add) {
  for (; !rows.empty(); rows = rows.subspan(std::min(rows.size(), kRowsPerStatement))) {
    add(rows.first(std::min(rows.size(), kRowsPerStatement)));
  }
}

}  // namespace

void InsertPanelSpans(pg::Transaction& tx, std::span<const NewPanelSpan> spans,
                      Instant recorded_at) {
  InsertInPieces(spans, [&](std::span<const NewPanelSpan> piece) {
    pg::Columns<ContractId, std::int64_t, std::int64_t, Instant, PartyId, Date, std::optional<Date>,
                Date, Date, std::optional<std::int64_t>, std::int16_t, std::int16_t, bool,
                std::string_view, std::string_view, std::string_view>
        rows;
    rows.Reserve(piece.size());
    for (const NewPanelSpan& span : piece) {
      rows.Add(span.contract, span.member, span.span_id, recorded_at, span.payee, span.valid.from,
               span.valid.to, span.birth, span.learned_on, span.risk_millionths,
               static_cast<std::int16_t>(span.sex), static_cast<std::int16_t>(span.reason),
               span.retracted, span.product, span.region, span.tier);
    }
    rows.Execute(tx, kInsertSpans);
  });
}

void InsertPanelPremiums(pg::Transaction& tx, std::span<const NewPanelPremium> premiums,
                         Instant recorded_at) {
  InsertInPieces(premiums, [&](std::span<const NewPanelPremium> piece) {
    pg::Columns<ContractId, std::int64_t, Date, Instant, Money> rows;
    for (const NewPanelPremium& row : piece) {
      rows.Add(row.contract, row.member, row.month.FirstDay(), recorded_at, row.premium);
    }
    rows.Execute(tx, kInsertPremiums);
  });
}

void InsertPanelFactors(pg::Transaction& tx, std::span<const NewPanelFactor> factors,
                        Instant recorded_at) {
  pg::Columns<ContractId, PartyId, Date, Instant, std::int64_t, std::int64_t> rows;
  for (const NewPanelFactor& row : factors) {
    rows.Add(row.contract, row.factor.payee, row.factor.from.FirstDay(), recorded_at,
             row.factor.panel_mean_millionths, row.factor.plan_mean_millionths);
  }
  rows.Execute(tx, kInsertFactors);
}

std::vector<std::int64_t> PanelMembers(pg::Transaction& tx, ContractId contract,
                                       std::int64_t first_span) {
  std::vector<std::int64_t> members;
  const pg::Result result = tx.Query(kPanelMembers, contract, first_span);
  for (int i = 0; i < result.Size(); ++i) members.push_back(result[i].Get<std::int64_t>(0));
  return members;
}

std::vector<NewPanelSpan> LoadPanelSpans(pg::Transaction& tx, ContractId contract,
                                         std::span<const std::int64_t> members,
                                         std::int64_t first_span) {
  std::vector<NewPanelSpan> spans;
  const pg::Result result = tx.Query(kLoadPanelSpans, contract, members, first_span);
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    NewPanelSpan& span = spans.emplace_back();
    span.contract = contract;
    span.member = row.Get<std::int64_t>(0);
    span.span_id = row.Get<std::int64_t>(1);
    span.payee = row.Get<PartyId>(2);
    span.valid = {row.Get<Date>(3), row.Get<std::optional<Date>>(4)};
    span.birth = row.Get<Date>(5);
    span.learned_on = row.Get<Date>(6);
    span.risk_millionths = row.Get<std::optional<std::int64_t>>(7);
    span.sex = static_cast<CellSex>(row.Get<std::int16_t>(8));
    span.reason = static_cast<ChangeReason>(row.Get<std::int16_t>(9));
    span.retracted = row.Get<bool>(10);
    span.product = row.Get<std::string>(11);
    span.region = row.Get<std::string>(12);
    span.tier = row.Get<std::string>(13);
  }
  return spans;
}

std::map<ContractId, std::vector<PanelFactor>> LoadPanelFactors(
    pg::Transaction& tx, std::span<const ContractId> contracts, Instant known_at) {
  std::map<ContractId, std::vector<PanelFactor>> factors;
  const pg::Result result = tx.Query(kLoadFactors, contracts, known_at);
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    factors[row.Get<ContractId>(0)].push_back(
        PanelFactor{.payee = row.Get<PartyId>(1),
                    .from = Month::Of(row.Get<Date>(2)),
                    .panel_mean_millionths = row.Get<std::int64_t>(3),
                    .plan_mean_millionths = row.Get<std::int64_t>(4)});
  }
  return factors;
}

std::map<ContractId, std::vector<TermsRow>> LoadAllTerms(pg::Transaction& tx,
                                                         std::span<const ContractId> contracts,
                                                         Instant known_at) {
  std::map<ContractId, std::vector<TermsRow>> terms;
  const pg::Result result = tx.Query(kLoadAllTerms, contracts, known_at);
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    terms[row.Get<ContractId>(0)].push_back(
        TermsRow{.contract = row.Get<ContractId>(0),
                 .version = row.Get<std::int32_t>(1),
                 .state = static_cast<TermsState>(row.Get<std::int16_t>(2)),
                 .effective = {row.Get<Date>(3), row.Get<std::optional<Date>>(4)},
                 .title = row.Get<std::string>(5),
                 .content = row.Get<Bytes>(6),
                 .sha256 = row.Get<Digest>(7),
                 .recorded_at = row.Get<Instant>(8)});
  }
  return terms;
}

std::map<ContractId, std::vector<MemberMonthRun>> LoadRuns(pg::Transaction& tx,
                                                           std::span<const ContractId> contracts) {
  std::map<ContractId, std::vector<MemberMonthRun>> runs;
  const pg::Result result = tx.Query(kLoadRuns, contracts);
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    MemberMonthRun run{.contract = row.Get<ContractId>(0),
                       .number = row.Get<std::int32_t>(1),
                       .month = Month::Of(row.Get<Date>(2)),
                       .business_date = row.Get<Date>(3),
                       .known_at = row.Get<Instant>(4),
                       .terms_sha256 = row.Get<Digest>(5),
                       .lines = row.Get<std::int64_t>(6),
                       .members = row.Get<std::int64_t>(7),
                       .total = row.Get<Money>(8),
                       .lines_sha256 = row.Get<Digest>(9)};
    runs[run.contract].push_back(run);
  }
  return runs;
}

void InsertRuns(pg::Transaction& tx, std::span<const MemberMonthRun> runs) {
  pg::Columns<ContractId, std::int32_t, Date, Date, Instant, Digest, std::int64_t, std::int64_t,
              Money, Digest>
      rows;
  for (const MemberMonthRun& run : runs) {
    rows.Add(run.contract, run.number, run.month.FirstDay(), run.business_date, run.known_at,
             run.terms_sha256, run.lines, run.members, run.total, run.lines_sha256);
  }
  rows.Execute(tx, kInsertRuns);
}

StatusOr<std::map<ContractId, std::vector<StoredBlock>>> LoadBlocks(
    pg::Transaction& tx, const std::map<ContractId, std::int32_t>& first_runs) {
  std::map<ContractId, std::vector<StoredBlock>> blocks;
  if (first_runs.empty()) return blocks;
  std::vector<ContractId> contracts;
  std::vector<std::int32_t> numbers;
  for (const auto& [contract, number] : first_runs) {
    contracts.push_back(contract);
    numbers.push_back(number);
  }
  const pg::Result result = tx.Query(kLoadBlocks, contracts, numbers);
  for (int i = 0; i < result.Size(); ++i) {
    const pg::Row row = result[i];
    const auto contract = row.Get<ContractId>(7);
    StoredBlock stored{.run_number = row.Get<std::int32_t>(0),
                       .block = {.first_member = row.Get<std::int64_t>(1),
                                 .last_member = row.Get<std::int64_t>(2),
                                 .lines = row.Get<std::int32_t>(3),
                                 .delta_cents = row.Get<std::int64_t>(4),
                                 .content = row.Get<Bytes>(5)}};
    if (Sha256(stored.block.content) != row.Get<Digest>(6)) {
      return DataLoss("a block of run {} of contract {} does not match its hash", stored.run_number,
                      contract);
    }
    blocks[contract].push_back(std::move(stored));
  }
  return blocks;
}

void InsertBlocks(pg::Transaction& tx, std::span<const NewBlock> blocks) {
  while (!blocks.empty()) {
    pg::Columns<ContractId, std::int32_t, std::int32_t, std::int64_t, std::int64_t, std::int32_t,
                std::int64_t, Digest, ByteView>
        rows;
    std::size_t bytes = 0;
    std::size_t count = 0;
    for (; count < blocks.size() && bytes < kBytesPerStatement; ++count) {
      const NewBlock& row = blocks[count];
      bytes += row.block.content.size();
      rows.Add(row.contract, row.run_number, row.number, row.block.first_member,
               row.block.last_member, row.block.lines, row.block.delta_cents, row.sha256,
               row.block.content);
    }
    rows.Execute(tx, kInsertBlocks);
    blocks = blocks.subspan(count);
  }
}

PanelStream::PanelStream(pg::Transaction& tx, std::span<const ContractId> contracts,
                         Instant known_at, const CodeBook& book, bool with_premiums)
    : reader_(OpenCopy(tx, CopyText(contracts, known_at, with_premiums))), book_(book) {
  CHECK(!contracts.empty());
  ReadKey();
}

void PanelStream::ReadKey() {
  more_ = reader_.Next();
  if (!more_) return;
  next_contract_ = reader_.Get<ContractId>(0);
  next_member_ = reader_.Get<std::int64_t>(1);
}

// The row before the reader, into the member's facts; of the versions of a span the last counts.
void PanelStream::Take() {
  const auto span_id = reader_.Get<std::int64_t>(2);
  if (span_id == kPremiumRow) {
    const PanelPremium premium{.member = member_,
                               .recorded_at = reader_.Get<Instant>(3).Micros(),
                               .month = ToMonthNumber(Month::Of(reader_.Get<Date>(5))),
                               .cents = reader_.Get<std::optional<std::int64_t>>(9).value()};
    const auto known = std::ranges::find(premiums_, premium.month, &PanelPremium::month);
    if (known != premiums_.end()) {
      *known = premium;
    } else {
      premiums_.push_back(premium);
    }
    return;
  }
  if (!spans_.empty() && spans_.back().span_id == span_id) spans_.back().superseded = true;
  spans_.emplace_back();
  PanelSpan& span = spans_.back();
  span.member = member_;
  span.span_id = span_id;
  span.recorded_at = reader_.Get<Instant>(3).Micros();
  span.payee = reader_.Get<PartyId>(4);
  span.from = ToDayNumber(reader_.Get<Date>(5));
  const auto to = reader_.Get<std::optional<Date>>(6);
  span.to = to ? ToDayNumber(*to) : kNoEnd;
  span.birth = ToDayNumber(reader_.Get<Date>(7));
  span.learned_on = ToDayNumber(reader_.Get<Date>(8));
  span.risk_millionths = reader_.Get<std::optional<std::int64_t>>(9).value_or(-1);
  span.sex = static_cast<CellSex>(reader_.Get<std::int16_t>(10));
  span.reason = static_cast<ChangeReason>(reader_.Get<std::int16_t>(11));
  span.retracted = reader_.Get<bool>(12);
  span.product = book_.products.Find(reader_.Get<std::string_view>(13));
  span.region = book_.regions.Find(reader_.Get<std::string_view>(14));
  span.tier = book_.tiers.Find(reader_.Get<std::string_view>(15));
}

bool PanelStream::Next() {
  spans_.clear();
  premiums_.clear();
  if (!more_) return false;
  contract_ = next_contract_;
  member_ = next_member_;
  do {
    Take();
    ReadKey();
  } while (more_ && next_member_ == member_ && next_contract_ == contract_);
  return true;
}

}  // namespace sluice::performance
