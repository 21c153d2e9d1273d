// sluice.payments.v1.WithholdService
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/money_names.h"
#include "api/handlers/values.h"
#include "api/handlers/withhold_list_store.h"
#include "api/service/resource_path.h"
#include "payments/withhold_settlement.h"
#include "payments/withhold_statement.h"
#include "sluice/payments/v1/ledger.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using performance::WithholdAccountKey;
using performance::WithholdStatement;

// The year stands behind the payee: "pye_...-2026".
v1::WithholdReserve ReserveMessage(PayerId payer, const WithholdStatement& statement) {
  const WithholdAccountKey& key = statement.key;
  v1::WithholdReserve to;
  to.set_name(fmt::format("{}/withholdReserves/{}-{}", ProgramName(payer, key.program), key.payee,
                          key.performance_year));
  to.set_payee(PayeeName(payer, key.payee));
  to.set_performance_year(key.performance_year);
  Set(*to.mutable_taken(), statement.taken);
  Set(*to.mutable_released(), statement.released);
  Set(*to.mutable_forfeited(), statement.forfeited);
  Set(*to.mutable_expired(), statement.expired);
  Set(*to.mutable_balance(), statement.balance);
  return to;
}

StatusOr<WithholdStatement> StateReserveOf(pg::Transaction& tx, BookId book,
                                           const WithholdAccountKey& key, Date as_of) {
  return payments::StateReserve(tx, book, performance::Withhold{}, key, as_of);
}

StatusOr<WithholdAccountKey> ReadReserveName(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  const std::string id = name.substr(slash + 1);
  const std::size_t dash = id.rfind('-');
  int year = 0;
  const char* const end = id.data() + id.size();
  const bool has_year = dash != std::string::npos &&
                        std::from_chars(id.data() + dash + 1, end, year).ptr == end && year > 0;
  if (!has_year) return InvalidArgument("a reserve is known by its payee and year: pye_...-2026");
  WithholdAccountKey key{.payee = {}, .program = {}, .performance_year = year};
  ASSIGN_OR_RETURN(key.payee, PayeeId::Parse(id.substr(0, dash)));
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  ASSIGN_OR_RETURN(key.program, path.Get<ProgramTag>("programs"));
  return key;
}

StatusOr<Date> ReadAsOfDate(const Call& call, bool given, const google::type::Date& date) {
  if (!given) return call.Today();
  return ReadDate("as_of_date", date);
}

StatusOr<v1::WithholdReserve> GetWithholdReserve(Call& call,
                                                 const v1::GetWithholdReserveRequest& request) {
  ASSIGN_OR_RETURN(const WithholdAccountKey key, ReadReserveName(request.name()));
  ASSIGN_OR_RETURN(const Date as_of,
                   ReadAsOfDate(call, request.has_as_of_date(), request.as_of_date()));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::WithholdReserve> {
    const PayeePlace place = FindPayeePlace(tx, key.payee).value_or(PayeePlace());
    RETURN_IF_ERROR(call.Require(ObjectOf(call.Payer(), {place.party, place.under, {}})));
    ASSIGN_OR_RETURN(const performance::Program program, FindProgramAt(tx, request.name()));
    ASSIGN_OR_RETURN(const WithholdStatement statement,
                     StateReserveOf(tx, program.book, key, as_of));
    v1::WithholdReserve reserve = ReserveMessage(call.Payer(), statement);
    for (const performance::WithholdLine& line : statement.lines) {
      v1::WithholdLine& to = *reserve.add_lines();
      Set(*to.mutable_on(), line.post.date);
      to.set_move(static_cast<v1::WithholdMove>(static_cast<int>(line.post.move) + 1));
      Set(*to.mutable_amount(), line.post.amount);
      Set(*to.mutable_balance(), line.balance);
      to.set_reference(line.post.reference);
    }
    return reserve;
  });
}

StatusOr<v1::ListWithholdReservesResponse> ListWithholdReserves(
    Call& call, const v1::ListWithholdReservesRequest& request) {
  ListQuery query = QueryOf(call, request);
  query.others = {request.as_of_date().SerializeAsString()};
  ASSIGN_OR_RETURN(const ListPage page, ListPage::Of(call.Tokens(), std::move(query),
                                                     {request.page_size(), request.page_token()},
                                                     ReserveFields(), "payee"));
  ReserveView view{.book = {}, .among = call.WhichParties()};
  ASSIGN_OR_RETURN(view.as_of, ReadAsOfDate(call, request.has_as_of_date(), request.as_of_date()));
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListWithholdReservesResponse> {
    ASSIGN_OR_RETURN(const performance::Program program, FindProgramAt(tx, request.parent()));
    view.book = program.book;
    const ReservePage loaded = LoadReservePage(tx, view, page);
    v1::ListWithholdReservesResponse response;
    for (const ReserveRow& row : loaded.reserves) {
      if (!call.Require(ObjectOf(call.Payer(), {row.party, row.under, {}})).ok()) continue;
      const WithholdAccountKey key{
          .payee = row.payee, .program = program.id, .performance_year = row.performance_year};
      ASSIGN_OR_RETURN(const WithholdStatement statement,
                       StateReserveOf(tx, program.book, key, view.as_of));
      *response.add_withhold_reserves() = ReserveMessage(call.Payer(), statement);
    }
    response.set_next_page_token(loaded.next_page_token);
    return response;
  });
}

StatusOr<payments::WithholdSettlement> SettlementAt(Call& call, const pg::Database& database,
                                                    const std::string& name) {
  ASSIGN_OR_RETURN(payments::ProgramPayments program,
                   call.Read([&](pg::Transaction& tx) -> StatusOr<payments::ProgramPayments> {
                     ASSIGN_OR_RETURN(const performance::Program found, FindProgramAt(tx, name));
                     return PaymentsOfProgram(tx, found);
                   }));
  return payments::WithholdSettlement(database, std::move(program), call.Clock(), call.Ids());
}

StatusOr<v1::ForfeitWithholdsResponse> ForfeitWithholds(
    Call& call, const v1::ForfeitWithholdsRequest& request) {
  DateRange period;
  ASSIGN_OR_RETURN(period.from, ReadDate("period.from", request.period().from()));
  ASSIGN_OR_RETURN(period.to, ReadDate("period.to", request.period().to()));
  ASSIGN_OR_RETURN(const Date on, ReadDate("effective_date", request.effective_date()));
  ASSIGN_OR_RETURN(payments::WithholdSettlement settlement,
                   SettlementAt(call, call.Reading(), request.name()));
  ASSIGN_OR_RETURN(const payments::UnearnedWithholds unearned, settlement.Unearned(period));
  payments::PostedForfeits posted;
  return call.Change<v1::ForfeitWithholdsResponse>(
      {.before = nullptr,
       .work = [&](const pg::Database& database) -> Status {
         return database.Transact([&](pg::Transaction& tx) -> Status {
           ASSIGN_OR_RETURN(posted, settlement.PostUnearnedIn(tx, unearned, on, call.User()));
           return OkStatus();
         });
       },
       .after = [&](pg::Transaction&) -> StatusOr<v1::ForfeitWithholdsResponse> {
         v1::ForfeitWithholdsResponse response;
         Set(*response.mutable_forfeited(), posted.amount);
         response.set_reserves(posted.reserves);
         Set(*response.mutable_due_for_release(), Money());
         response.set_blocked(unearned.blocked);
         return response;
       },
       .etag = std::nullopt,
       .validate_only = request.validate_only(),
       .reason = ""});
}

StatusOr<v1::ForfeitWithholdsResponse> SettleWithholds(Call& call,
                                                       const v1::SettleWithholdsRequest& request) {
  ASSIGN_OR_RETURN(const Date on, ReadDate("on", request.on()));
  ASSIGN_OR_RETURN(payments::WithholdSettlement settlement,
                   SettlementAt(call, call.Reading(), request.name()));
  payments::ReservesOnDay day;
  return call.Change<v1::ForfeitWithholdsResponse>(
      {.before = nullptr,
       .work = [&](const pg::Database& database) -> Status {
         return database.Transact([&](pg::Transaction& tx) -> Status {
           ASSIGN_OR_RETURN(day, settlement.SettleByDateIn(tx, on, call.User()));
           return OkStatus();
         });
       },
       .after = [&](pg::Transaction&) -> StatusOr<v1::ForfeitWithholdsResponse> {
         Money forfeited, due;
         for (const payments::ReserveDecision& posted : day.posted) {
           forfeited += posted.post.amount;
         }
         for (const payments::ReserveDecision& waits : day.release) due += waits.post.amount;
         v1::ForfeitWithholdsResponse response;
         Set(*response.mutable_forfeited(), forfeited);
         response.set_reserves(static_cast<std::int64_t>(day.posted.size()));
         Set(*response.mutable_due_for_release(), due);
         return response;
       },
       .etag = std::nullopt,
       .validate_only = request.validate_only(),
       .reason = ""});
}

}  // namespace

void ServeWithholds(Methods& methods) {
  const std::string service = "sluice.payments.v1.WithholdService.";
  methods.Serve<v1::ListWithholdReservesRequest, v1::ListWithholdReservesResponse>(
      service + "ListWithholdReserves", ListWithholdReserves, Narrowing::kByHandler);
  methods.Serve<v1::GetWithholdReserveRequest, v1::WithholdReserve>(
      service + "GetWithholdReserve", GetWithholdReserve, Narrowing::kByHandler);
  methods.Serve<v1::ForfeitWithholdsRequest, v1::ForfeitWithholdsResponse>(
      service + "ForfeitWithholds", ForfeitWithholds);
  methods.Serve<v1::SettleWithholdsRequest, v1::ForfeitWithholdsResponse>(
      service + "SettleWithholds", SettleWithholds);
}

}  // namespace sluice::api
