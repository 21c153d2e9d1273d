#include "api/handlers/run_content_store.h"

#include <array>

#include "payments/obligation_store.h"

namespace sluice::api {
namespace {

using payments::HoldReason;
using payments::ObligationId;
using payments::Run;

// As the contract names them, by the stored number.
constexpr std::array<std::pair<std::string_view, std::int64_t>, 18> kHoldReasons = {{
    {"NO_PAYEE", 1},
    {"BY_PERSON", 2},
    {"NO_BANK_ACCOUNT", 3},
    {"UNVALIDATED", 4},
    {"SUSPENDED", 5},
    {"WRONG_OWNERSHIP", 6},
    {"ABOVE_ACH_LIMIT", 7},
    {"BELOW_MINIMUM", 8},
    {"ACCOUNT_CHANGED", 9},
    {"NOT_ONBOARDED", 10},
    {"NO_TAX_FORM", 11},
    {"SANCTION", 12},
    {"EXCLUDED", 13},
    {"LINE_BY_PERSON", 14},
    {"OVER_CAP", 15},
    {"DUPLICATE", 16},
    {"ROUTE_CONFLICT", 20},
    {"METHOD_UNAVAILABLE", 21},
}};

const std::array kPayeeFields = {
    ListField{.name = "hold_reason",
              .type = FieldType::kEnum,
              .column = "r.hold_reason",
              .names = kHoldReasons},
    ListField{
        .name = "net", .type = FieldType::kInteger, .column = "r.net_cents", .sortable = true},
    ListField{.name = "payee",
              .type = FieldType::kId,
              .column = "r.payee_id",
              .prefix = PayeeTag::kPrefix,
              .sortable = true},
};

const std::array kLineFields = {
    ListField{.name = "hold_reason",
              .type = FieldType::kEnum,
              .column = "r.hold_reason",
              .names = kHoldReasons},
    ListField{.name = "payee",
              .type = FieldType::kId,
              .column = "r.payee_id",
              .prefix = PayeeTag::kPrefix},
    ListField{.name = "contract",
              .type = FieldType::kId,
              .column = "r.contract_id",
              .prefix = ContractTag::kPrefix},
    ListField{.name = "amount",
              .type = FieldType::kInteger,
              .column = "r.amount_cents",
              .sortable = true},
    ListField{.name = "line",
              .type = FieldType::kId,
              .column = "r.obligation_id",
              .prefix = payments::ObligationTag::kPrefix,
              .sortable = true},
};

const std::array kMoveFields = {
    ListField{
        .name = "number", .type = FieldType::kInteger, .column = "r.version", .sortable = true},
};

constexpr char kPayeesSql[] = R"sql(
  SELECT r.payee_id, r.net_cents, r.name, r.last4
  FROM (
    SELECT n.payee_id, n.net_cents, n.hold_reason, p.name, COALESCE(a.last4, '') AS last4
    FROM payments.run_payee AS n
    JOIN payments.payee AS p ON p.payee_id = n.payee_id
    LEFT JOIN payments.bank_account AS a
      ON a.payer_id = p.payer_id AND a.account_id = n.account_id AND a.version = n.account_version
    WHERE n.book_id = $1 AND n.run_id = $2 AND n.revision = $3
  ) AS r
  WHERE TRUE)sql";

constexpr char kLinesSql[] = R"sql(
  SELECT r.obligation_id, r.contract_id, r.award_id, r.award_version, r.party_id, r.payee_id,
    r.amount_cents, r.withhold_cents, r.hold_reason
  FROM (
    SELECT n.obligation_id, o.contract_id, o.award_id, o.award_version, o.party_id, n.payee_id,
      n.amount_cents, n.withhold_cents, n.hold_reason
    FROM payments.run_line AS n
    JOIN payments.obligation AS o
      ON o.book_id = n.book_id AND o.obligation_id = n.obligation_id
    WHERE n.book_id = $1 AND n.run_id = $2 AND n.revision = $3
  ) AS r
  WHERE TRUE)sql";

// The commands that end with another revision: a calculation, an edit, and the ways back to the
// maker, which copy the content.
constexpr char kMovesSql[] = R"sql(
  SELECT r.version, r.revision, r.command, r.to_state, r.actor_id, r.reason, r.recorded_at
  FROM (
    SELECT e.version, e.command, e.to_state, e.actor_id, e.reason, e.recorded_at,
      count(*) FILTER (WHERE e.command IN (1, 2, 4, 7, 8)) OVER (ORDER BY e.version)::integer
        AS revision
    FROM payments.run_event AS e
    WHERE e.book_id = $1 AND e.run_id = $2
  ) AS r
  WHERE TRUE)sql";

constexpr pg::Query kMovesBehind{"api_load_run_moves_behind", R"sql(
  SELECT r.version, r.revision, r.command, r.to_state, r.actor_id, r.reason, r.recorded_at
  FROM (
    SELECT e.version, e.command, e.to_state, e.actor_id, e.reason, e.recorded_at,
      count(*) FILTER (WHERE e.command IN (1, 2, 4, 7, 8)) OVER (ORDER BY e.version)::integer
        AS revision
    FROM payments.run_event AS e
    WHERE e.book_id = $1 AND e.run_id = $2
  ) AS r
  WHERE r.version > $3
  ORDER BY r.version
  LIMIT $4
)sql"};

RunMoveRow MoveOf(const pg::Row& row) {
  return {.number = row.Get<std::int64_t>(0),
          .revision = row.Get<std::int32_t>(1),
          .command = static_cast<payments::RunCommand>(row.Get<std::int16_t>(2)),
          .state = static_cast<payments::RunState>(row.Get<std::int16_t>(3)),
          .actor = row.Get<UserId>(4),
          .reason = row.Get<std::string>(5),
          .at = row.Get<Instant>(6)};
}

std::vector<pg::EncodedValue> ContentOf(const Run& run) {
  return {pg::Encode(run.book), pg::Encode(run.id), pg::Encode(run.revision)};
}

}  // namespace

std::span<const ListField> RunPayeeFields() { return kPayeeFields; }

RunPayeePage LoadRunPayeePage(pg::Transaction& tx, const Run& run, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kPayeesSql, ContentOf(run));
  RunPayeePage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    const auto payee = rows[i].Get<PayeeId>(0);
    loaded.payees.push_back(
        {.payee = payments::LoadRunPayees(tx, run, std::span(&payee, 1)).front(),
         .name = rows[i].Get<std::string>(2),
         .last4 = rows[i].Get<std::string>(3)});
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const payments::RunPayee& last = loaded.payees.back().payee;
    if (field == "net") return last.net.Cents();
    return last.payee.Value();
  });
  return loaded;
}

std::span<const ListField> RunLineFields() { return kLineFields; }

RunLinePage LoadRunLinePage(pg::Transaction& tx, const Run& run, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kLinesSql, ContentOf(run));
  RunLinePage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) {
    const pg::Row row = rows[i];
    loaded.lines.push_back({.line = row.Get<ObligationId>(0),
                            .contract = row.Get<ContractId>(1),
                            .award = row.Get<AwardId>(2),
                            .award_version = row.Get<std::int32_t>(3),
                            .party = row.Get<PartyId>(4),
                            .payee = row.Get<std::optional<PayeeId>>(5),
                            .amount = row.Get<Money>(6),
                            .withheld = row.Get<Money>(7),
                            .hold = static_cast<HoldReason>(row.Get<std::int16_t>(8))});
  }
  loaded.next_page_token = page.NextToken(rows, [&](std::string_view field) -> FilterValue {
    const RunLineRow& last = loaded.lines.back();
    if (field == "amount") return last.amount.Cents();
    return last.line.Value();
  });
  return loaded;
}

std::span<const ListField> RunMoveFields() { return kMoveFields; }

RunMovePage LoadRunMovePage(pg::Transaction& tx, const Run& run, const ListPage& page) {
  const pg::Result rows = page.Run(tx, kMovesSql, {pg::Encode(run.book), pg::Encode(run.id)});
  RunMovePage loaded;
  for (int i = 0; i < page.Shown(rows); ++i) loaded.moves.push_back(MoveOf(rows[i]));
  loaded.next_page_token = page.NextToken(
      rows, [&](std::string_view) -> FilterValue { return loaded.moves.back().number; });
  return loaded;
}

std::vector<RunMoveRow> LoadRunMovesBehind(pg::Transaction& tx, const Run& run, std::int64_t number,
                                           std::int64_t most) {
  const pg::Result rows = tx.Query(kMovesBehind, run.book, run.id, number, most);
  std::vector<RunMoveRow> moves;
  for (int i = 0; i < rows.Size(); ++i) moves.push_back(MoveOf(rows[i]));
  return moves;
}

}  // namespace sluice::api
