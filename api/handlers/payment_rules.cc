// sluice.payments.v1.PaymentRulesService
#include "payments/payment_rules.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/handlers/handlers.h"
#include "api/handlers/money_names.h"
#include "api/handlers/small_page.h"
#include "api/handlers/values.h"
#include "api/service/reason.h"
#include "api/service/resource_path.h"
#include "payments/payment_rules_store.h"
#include "payments/recoup/recoup_service.h"
#include "payments/recoup/recoup_store.h"
#include "performance/program_store.h"
#include "sluice/payments/v1/payment_rules.pb.h"

namespace sluice::api {
namespace {

namespace v1 = ::sluice::payments::v1;

using payments::LateInterestTerms;
using payments::PaymentRules;
using payments::PaymentRulesVersion;
using payments::ProgramPayments;

void SetRules(v1::PaymentRules& to, const std::string& name, const PaymentRules& rules) {
  to.set_name(name);
  Set(*to.mutable_minimum_payment(), rules.minimum_payment);
  Set(*to.mutable_ach_limit(), rules.ach_limit);
  to.set_offset_millionths(rules.offset_rate.Millionths());
  to.set_onboarding_rule(rules.require_onboarding ? v1::ONBOARDING_RULE_REQUIRED
                                                  : v1::ONBOARDING_RULE_NOT_REQUIRED);
  if (rules.approval_tiers.three_from) {
    Set(*to.mutable_three_approvers_from(), *rules.approval_tiers.three_from);
  }
  if (rules.approval_tiers.four_from) {
    Set(*to.mutable_four_approvers_from(), *rules.approval_tiers.four_from);
  }
  to.set_approval_banking_days(rules.approval_banking_days);
  if (rules.line_cap) Set(*to.mutable_line_cap(), *rules.line_cap);
  to.set_recoup_notice_days(rules.recoup_notice_days);
  if (rules.schedule.due_banking_days) {
    to.set_due_banking_days(*rules.schedule.due_banking_days);
  }
  to.set_alert_banking_days(rules.schedule.alert_banking_days);
  to.set_review_days(rules.schedule.review_days);
}

// The rules of a day, with the etag of the versions there are.
v1::PaymentRules RulesOnDay(pg::Transaction& tx, const std::string& name,
                            const ProgramPayments& program, Date day) {
  v1::PaymentRules to;
  SetRules(to, name, payments::RulesOf(payments::ProgramOn(tx, program, day)));
  to.set_etag(fmt::format("\"{}-{}\"", program.program,
                          payments::LoadPaymentRules(tx, program.book).size()));
  return to;
}

StatusOr<ProgramPayments> ProgramAt(pg::Transaction& tx, const std::string& name) {
  ASSIGN_OR_RETURN(const performance::Program program, FindProgramAt(tx, name));
  return PaymentsOfProgram(tx, program);
}

StatusOr<v1::PaymentRules> GetPaymentRules(Call& call, const v1::GetPaymentRulesRequest& request) {
  Date day = call.Today();
  if (request.has_date()) {
    ASSIGN_OR_RETURN(day, ReadDate("date", request.date()));
  }
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::PaymentRules> {
    ASSIGN_OR_RETURN(const ProgramPayments program, ProgramAt(tx, request.name()));
    return RulesOnDay(tx, request.name(), program, day);
  });
}

StatusOr<v1::ListPaymentRulesVersionsResponse> ListPaymentRulesVersions(
    Call& call, const v1::ListPaymentRulesVersionsRequest& request) {
  struct Version {
    PaymentRulesVersion version;
    std::vector<std::string> changes;
  };
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListPaymentRulesVersionsResponse> {
    ASSIGN_OR_RETURN(const ProgramPayments program, ProgramAt(tx, request.parent()));
    std::vector<Version> versions;
    PaymentRules before = payments::RulesOf(program);
    for (PaymentRulesVersion& version : payments::LoadPaymentRules(tx, program.book)) {
      std::vector<std::string> changes = payments::DiffPaymentRules(before, version.rules);
      before = version.rules;
      versions.push_back({std::move(version), std::move(changes)});
    }
    ASSIGN_OR_RETURN(const SmallPage<Version> page,
                     SmallPageOf(call, request, PlainQueryOf(call, request), std::move(versions),
                                 [](const Version& row) { return row.version.version; }));
    v1::ListPaymentRulesVersionsResponse response;
    for (const Version& row : page.items) {
      v1::PaymentRulesVersion& to = *response.add_payment_rules_versions();
      to.set_version(row.version.version);
      Set(*to.mutable_effective_date(), row.version.effective_from);
      SetRules(*to.mutable_rules(), request.parent() + "/paymentRules", row.version.rules);
      for (const std::string& change : row.changes) to.add_changes(change);
      to.set_reason(row.version.reason);
      to.set_recorded_by(UserName(call.Payer(), row.version.recorded_by));
    }
    response.set_next_page_token(page.next_page_token);
    return response;
  });
}

std::optional<Money> ReadAmount(bool given, const core::v1::Money& amount) {
  return given ? std::optional(Money::FromCents(amount.cents())) : std::nullopt;
}

StatusOr<PaymentRules> ReadRules(const v1::PaymentRules& from) {
  if (!v1::OnboardingRule_IsValid(from.onboarding_rule()) ||
      from.onboarding_rule() == v1::ONBOARDING_RULE_UNSPECIFIED) {
    return WrongFields({{"rules.onboarding_rule", "is NOT_REQUIRED or REQUIRED"}});
  }
  if (!from.has_ach_limit()) return WrongFields({{"rules.ach_limit", "is required"}});
  PaymentRules rules;
  rules.minimum_payment = Money::FromCents(from.minimum_payment().cents());
  rules.ach_limit = Money::FromCents(from.ach_limit().cents());
  rules.offset_rate = Rate::FromMillionths(from.offset_millionths());
  rules.require_onboarding = from.onboarding_rule() == v1::ONBOARDING_RULE_REQUIRED;
  rules.approval_tiers.three_from =
      ReadAmount(from.has_three_approvers_from(), from.three_approvers_from());
  rules.approval_tiers.four_from =
      ReadAmount(from.has_four_approvers_from(), from.four_approvers_from());
  rules.approval_banking_days = from.approval_banking_days();
  rules.line_cap = ReadAmount(from.has_line_cap(), from.line_cap());
  rules.recoup_notice_days = from.recoup_notice_days();
  if (from.has_due_banking_days()) rules.schedule.due_banking_days = from.due_banking_days();
  rules.schedule.alert_banking_days = from.alert_banking_days();
  rules.schedule.review_days = from.review_days();
  return rules;
}

StatusOr<v1::PaymentRules> SetPaymentRules(Call& call, const v1::SetPaymentRulesRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  ASSIGN_OR_RETURN(const PaymentRules rules, ReadRules(request.rules()));
  ASSIGN_OR_RETURN(const Date from, ReadDate("effective_date", request.effective_date()));
  ASSIGN_OR_RETURN(const ProgramPayments program,
                   call.Read([&](pg::Transaction& tx) { return ProgramAt(tx, request.name()); }));
  // Versions are counted by their key: of two people who add one at once, one has it.
  const auto load = [&](pg::Transaction& tx) -> StatusOr<v1::PaymentRules> {
    return RulesOnDay(tx, request.name(), program, from);
  };
  return call.Change<v1::PaymentRules>({.before = load,
                                        .work =
                                            [&](const pg::Database& database) {
                                              return payments::PaymentRulesService(
                                                         database, program, call.Clock())
                                                  .Set(rules, from, request.reason(), call.Actor())
                                                  .status();
                                            },
                                        .after = load,
                                        .etag = request.etag(),
                                        .validate_only = request.validate_only(),
                                        .reason = request.reason()});
}

v1::LateInterestTerms InterestMessage(PayerId payer, const LateInterestTerms& terms) {
  v1::LateInterestTerms to;
  to.set_name(fmt::format("payers/{}/contracts/{}/lateInterestTerms/{}", payer, terms.contract,
                          terms.version));
  to.set_version(terms.version);
  Set(*to.mutable_effective_date(), terms.effective_from);
  to.set_annual_millionths(terms.annual.Millionths());
  to.set_days_in_year(terms.days_in_year);
  to.set_grace_days(terms.grace_days);
  to.set_reason(terms.reason);
  to.set_recorded_by(UserName(payer, terms.recorded_by));
  return to;
}

// The contract of a name, and how its program pays.
struct ContractPlace {
  ContractId contract;
  ProgramPayments program;
};

StatusOr<ContractPlace> ContractAt(pg::Transaction& tx, const std::string& name) {
  ASSIGN_OR_RETURN(const ResourcePath path, ResourcePath::Parse(name));
  ContractPlace place;
  ASSIGN_OR_RETURN(place.contract, path.Get<ContractTag>("contracts"));
  const auto contracts = performance::FindContracts(tx, {&place.contract, 1});
  const auto program =
      contracts.empty() ? std::nullopt : performance::FindProgram(tx, contracts.front().program);
  if (!program) return NotFound("there is no contract {}", place.contract);
  ASSIGN_OR_RETURN(place.program, PaymentsOfProgram(tx, *program));
  return place;
}

std::vector<LateInterestTerms> LoadTermsOf(pg::Transaction& tx, const ContractPlace& place) {
  auto terms = payments::LoadLateInterestTerms(tx, place.program.book, {&place.contract, 1});
  return terms.empty() ? std::vector<LateInterestTerms>() : std::move(terms.begin()->second);
}

StatusOr<v1::ListLateInterestTermsResponse> ListLateInterestTerms(
    Call& call, const v1::ListLateInterestTermsRequest& request) {
  return call.Read([&](pg::Transaction& tx) -> StatusOr<v1::ListLateInterestTermsResponse> {
    ASSIGN_OR_RETURN(const ContractPlace place, ContractAt(tx, request.parent()));
    ASSIGN_OR_RETURN(const SmallPage<LateInterestTerms> page,
                     SmallPageOf(call, request, PlainQueryOf(call, request), LoadTermsOf(tx, place),
                                 &LateInterestTerms::version));
    v1::ListLateInterestTermsResponse response;
    for (const LateInterestTerms& terms : page.items) {
      *response.add_late_interest_terms() = InterestMessage(call.Payer(), terms);
    }
    response.set_next_page_token(page.next_page_token);
    return response;
  });
}

StatusOr<v1::LateInterestTerms> SetLateInterestTerms(
    Call& call, const v1::SetLateInterestTermsRequest& request) {
  RETURN_IF_ERROR(CheckReason(request.reason()));
  ASSIGN_OR_RETURN(const ContractPlace place, call.Read([&](pg::Transaction& tx) {
    return ContractAt(tx, request.parent());
  }));
  LateInterestTerms terms{
      .contract = place.contract,
      .annual = Rate::FromMillionths(request.annual_millionths()),
      .days_in_year = request.days_in_year() == 0 ? 365 : request.days_in_year(),
      .grace_days = request.grace_days(),
      .reason = request.reason()};
  ASSIGN_OR_RETURN(terms.effective_from, ReadDate("effective_date", request.effective_date()));
  return call.Change<v1::LateInterestTerms>(
      {.before = nullptr,
       .work =
           [&](const pg::Database& database) {
             return payments::RecoupService(database, place.program, call.Clock())
                 .SetLateInterest(terms, call.Actor());
           },
       .after = [&](pg::Transaction& tx) -> StatusOr<v1::LateInterestTerms> {
         const std::vector<LateInterestTerms> versions = LoadTermsOf(tx, place);
         if (versions.empty()) return Internal("the terms are not there");
         return InterestMessage(call.Payer(), versions.back());
       },
       .etag = std::nullopt,
       .validate_only = request.validate_only(),
       .reason = request.reason()});
}

}  // namespace

void ServePaymentRules(Methods& methods) {
  const std::string service = "sluice.payments.v1.PaymentRulesService.";
  methods.Serve<v1::GetPaymentRulesRequest, v1::PaymentRules>(service + "GetPaymentRules",
                                                              GetPaymentRules);
  methods.Serve<v1::ListPaymentRulesVersionsRequest, v1::ListPaymentRulesVersionsResponse>(
      service + "ListPaymentRulesVersions", ListPaymentRulesVersions);
  methods.Serve<v1::SetPaymentRulesRequest, v1::PaymentRules>(service + "SetPaymentRules",
                                                              SetPaymentRules);
  methods.Serve<v1::ListLateInterestTermsRequest, v1::ListLateInterestTermsResponse>(
      service + "ListLateInterestTerms", ListLateInterestTerms);
  methods.Serve<v1::SetLateInterestTermsRequest, v1::LateInterestTerms>(
      service + "SetLateInterestTerms", SetLateInterestTerms);
}

}  // namespace sluice::api
