// sluice.payments.v1.UnclaimedPropertyService: what states say about money that nobody took.
#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/small_page.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "payments/unclaimed/unclaimed_service.h"
#include "sluice/payments/v1/unclaimed.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::DormancyRule;
using payments::UnclaimedService;

void SetRule(v1::DormancyRule& to, const DormancyRule& rule) {
  to.set_state(rule.state);
  Set(*to.mutable_from_date(), rule.from);
  to.set_months(rule.months);
  to.set_letter_days(rule.letter_days);
  to.set_report_month(static_cast<std::int32_t>(rule.report_month));
  to.set_report_day(static_cast<std::int32_t>(rule.report_day));
  to.set_source(rule.source);
}

StatusOr<v1::ListDormancyRulesResponse> ListDormancyRules(
    Call& call, const v1::ListDormancyRulesRequest& request) {
  struct Numbered {
    std::int64_t number = 0;
    DormancyRule rule;
  };
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListDormancyRulesResponse> {
    std::vector<Numbered> rules;
    for (DormancyRule& rule : payments::LoadDormancyRules(tx, call.Payer())) {
      // By state and day, in one number: two letters, and days.
      const std::int64_t state = rule.state[0] * 256 + rule.state[1];
      rules.push_back({state * 10'000'000 + rule.from.time_since_epoch().count(), std::move(rule)});
    }
    ASSIGN_OR_RETURN(const SmallPage<Numbered> page,
                     SmallPageOf(call, request, PlainQueryOf(call, request), std::move(rules),
                                 &Numbered::number));
    v1::ListDormancyRulesResponse response;
    for (const Numbered& entry : page.items) SetRule(*response.add_dormancy_rules(), entry.rule);
    response.set_next_page_token(page.next_page_token);
    return response;
  });
}

StatusOr<DormancyRule> ReadRule(const v1::DormancyRule& from) {
  constexpr std::int32_t kMostMonths = 600;
  constexpr std::int32_t kMostDays = 3'650;
  std::vector<std::pair<std::string, std::string>> faults;
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (from.state().size() != 2 || !std::ranges::all_of(from.state(), is_capital)) {
    faults.emplace_back("dormancy_rules.state", "is two capital letters");
  }
  if (from.months() < 1 || from.months() > kMostMonths) {
    faults.emplace_back("dormancy_rules.months", "is 1 to 600");
  }
  if (from.letter_days() < 0 || from.letter_days() > kMostDays) {
    faults.emplace_back("dormancy_rules.letter_days", "is 0 to 3,650");
  }
  // In a leap year, so that February 29 is a day.
  const std::chrono::year_month_day report{
      std::chrono::year(2000), std::chrono::month(static_cast<unsigned>(from.report_month())),
      std::chrono::day(static_cast<unsigned>(from.report_day()))};
  if (!report.ok()) faults.emplace_back("dormancy_rules.report_day", "is no day of its month");
  if (!faults.empty()) return WrongFields(faults);
  DormancyRule rule{.state = from.state(),
                    .from = {},
                    .months = from.months(),
                    .letter_days = from.letter_days(),
                    .report_month = static_cast<unsigned>(from.report_month()),
                    .report_day = static_cast<unsigned>(from.report_day()),
                    .source = from.source()};
  ASSIGN_OR_RETURN(rule.from, ReadDate("dormancy_rules.from_date", from.from_date()));
  return rule;
}

StatusOr<v1::AddDormancyRulesResponse> AddDormancyRules(
    Call& call, const v1::AddDormancyRulesRequest& request) {
  constexpr int kMostRules = 1'000;
  if (request.dormancy_rules_size() > kMostRules) {
    return WrongFields({{"dormancy_rules", "are at most 1,000"}});
  }
  std::vector<DormancyRule> rules;
  for (const v1::DormancyRule& from : request.dormancy_rules()) {
    ASSIGN_OR_RETURN(DormancyRule rule, ReadRule(from));
    rules.push_back(std::move(rule));
  }
  std::int64_t before = 0;
  const auto count = [&](pg::Transaction& tx) {
    return std::ssize(payments::LoadDormancyRules(tx, call.Payer()));
  };
  return call.Change<v1::AddDormancyRulesResponse>(
      {.before = [&](pg::Transaction& tx) -> StatusOr<v1::AddDormancyRulesResponse> {
         before = count(tx);
         return v1::AddDormancyRulesResponse();
       },
       .work =
           [&](const pg::Database& database) {
             return UnclaimedService(database, call.Payer(), BookId(), call.Clock())
                 .LoadRules(rules, call.Actor())
                 .status();
           },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::AddDormancyRulesResponse> {
         v1::AddDormancyRulesResponse response;
         response.set_added(count(tx) - before);
         return response;
       },
       .etag = std::nullopt,
       .validate_only = request.validate_only(),
       .reason = ""});
}

}  // namespace

void ServeDormancyRules(Methods& methods) {
  const std::string service = "sluice.payments.v1.UnclaimedPropertyService.";
  methods.Serve<v1::ListDormancyRulesRequest, v1::ListDormancyRulesResponse>(
      service + "ListDormancyRules", ListDormancyRules);
  methods.Serve<v1::AddDormancyRulesRequest, v1::AddDormancyRulesResponse>(
      service + "AddDormancyRules", AddDormancyRules);
}

}  // namespace sluice::api
