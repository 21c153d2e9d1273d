// The rules that a program pays by, and the interest that its contracts agree on for paying late:
// versions with a date, a reason and a person.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/award_session.h"
#include "api/command_line.h"
#include "api/program_payments.h"
#include "api/rate_option.h"
#include "payments/payment_rules.h"
#include "payments/recoup/recoup_service.h"

namespace sluice::api {
namespace {

using payments::PaymentRules;
using payments::PaymentRulesService;

struct RuleOptions {
  std::string program, pool, from, reason, user;
  std::optional<std::string> minimum, ach_limit, offset_share, three_from, four_from, line_cap;
  std::optional<int> approval_days, notice_days, due_days, alert_days, review_days;
  std::optional<bool> onboarding;
};

struct InterestOptions {
  std::string program, pool, contract, from, rate, reason, user;
  int days_in_year = 365, grace_days = 0;
};

template <typename Options>
StatusOr<payments::ProgramPayments> ProgramOf(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const performance::Program program, FindProgram(session, options.program));
  return PaymentsOf(session, program, options.pool);
}

// "none" takes an amount away that may be missing.
Status SetAmount(const std::optional<std::string>& text, std::string_view option,
                 std::optional<Money>& amount) {
  if (!text) return OkStatus();
  if (*text == "none") {
    amount.reset();
    return OkStatus();
  }
  const auto parsed = Money::Parse(*text);
  if (!parsed.ok()) return Annotate(parsed.status(), std::string(option));
  amount = *parsed;
  return OkStatus();
}

Status SetAmount(const std::optional<std::string>& text, std::string_view option, Money& amount) {
  std::optional<Money> given = amount;
  RETURN_IF_ERROR(SetAmount(text, option, given));
  if (!given) return InvalidArgument("{} is an amount, and 0 for none", option);
  amount = *given;
  return OkStatus();
}

// The rules with what the options change.
Status Apply(const RuleOptions& options, PaymentRules& rules) {
  RETURN_IF_ERROR(SetAmount(options.minimum, "--minimum", rules.minimum_payment));
  RETURN_IF_ERROR(SetAmount(options.ach_limit, "--ach-limit", rules.ach_limit));
  RETURN_IF_ERROR(SetAmount(options.line_cap, "--line-cap", rules.line_cap));
  RETURN_IF_ERROR(SetAmount(options.three_from, "--three-from", rules.approval_tiers.three_from));
  RETURN_IF_ERROR(SetAmount(options.four_from, "--four-from", rules.approval_tiers.four_from));
  if (options.offset_share) {
    ASSIGN_OR_RETURN(rules.offset_rate, ParseShare("--offset-share", *options.offset_share));
  }
  if (options.onboarding) rules.require_onboarding = *options.onboarding;
  if (options.approval_days) rules.approval_banking_days = *options.approval_days;
  if (options.notice_days) rules.recoup_notice_days = *options.notice_days;
  if (options.due_days) rules.schedule.due_banking_days = *options.due_days;
  if (options.alert_days) rules.schedule.alert_banking_days = *options.alert_days;
  if (options.review_days) rules.schedule.review_days = *options.review_days;
  return OkStatus();
}

StatusOr<int> SetRules(Session& session, const RuleOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const auto program, ProgramOf(session, options));
  ASSIGN_OR_RETURN(const Date from, session.DayOrToday("--from", options.from));
  PaymentRulesService service(session.Database(), program, session.Clock());
  ASSIGN_OR_RETURN(PaymentRules rules, service.On(from));
  RETURN_IF_ERROR(Apply(options, rules));
  ASSIGN_OR_RETURN(const auto changes, service.Set(rules, from, options.reason, actor));
  fmt::print("{} from {}:\n", program.program_name, FormatDate(from));
  for (const std::string& change : changes) fmt::print("  {}\n", change);
  return kDone;
}

StatusOr<int> ListRules(Session& session, const RuleOptions& options) {
  ASSIGN_OR_RETURN(const auto program, ProgramOf(session, options));
  PaymentRulesService service(session.Database(), program, session.Clock());
  ASSIGN_OR_RETURN(const auto history, service.History());
  PaymentRules before = payments::RulesOf(program);
  for (const payments::PaymentRulesVersion& version : history) {
    fmt::print("{} from {}, by {}: {}\n", version.version, FormatDate(version.effective_from),
               version.recorded_by, version.reason);
    for (const std::string& change : payments::DiffPaymentRules(before, version.rules)) {
      fmt::print("  {}\n", change);
    }
    before = version.rules;
  }
  if (history.empty()) {
    fmt::print("{} pays by the rules that it was opened with\n", program.program_name);
  }
  return kDone;
}

StatusOr<int> SetInterest(Session& session, const InterestOptions& options) {
  ASSIGN_OR_RETURN(const payments::Actor actor, ParseActor(options.user));
  ASSIGN_OR_RETURN(const auto program, ProgramOf(session, options));
  ASSIGN_OR_RETURN(const performance::Contract contract, FindContract(session, options.contract));
  payments::LateInterestTerms terms{.contract = contract.id,
                                    .days_in_year = options.days_in_year,
                                    .grace_days = options.grace_days,
                                    .reason = options.reason};
  ASSIGN_OR_RETURN(terms.effective_from, session.DayOrToday("--from", options.from));
  ASSIGN_OR_RETURN(terms.annual, ParseShare("--rate", options.rate));
  payments::RecoupService service(session.Database(), program, session.Clock());
  RETURN_IF_ERROR(service.SetLateInterest(terms, actor));
  fmt::print("{}: {} a year for what is due from {} on and paid late\n", contract.id, options.rate,
             FormatDate(terms.effective_from));
  return kDone;
}

StatusOr<int> ListInterest(Session& session, const InterestOptions& options) {
  ASSIGN_OR_RETURN(const auto program, ProgramOf(session, options));
  ASSIGN_OR_RETURN(const performance::Contract contract, FindContract(session, options.contract));
  payments::RecoupService service(session.Database(), program, session.Clock());
  ASSIGN_OR_RETURN(const auto history, service.LateInterest(contract.id));
  for (const payments::LateInterestTerms& terms : history) {
    fmt::print("{} from {}: {} a year of {} days, after {} days of grace, by {}: {}\n",
               terms.version, FormatDate(terms.effective_from), ShareText(terms.annual),
               terms.days_in_year, terms.grace_days, terms.recorded_by, terms.reason);
  }
  if (history.empty()) fmt::print("{} agrees on no interest for paying late\n", contract.id);
  return kDone;
}

template <typename Options>
CLI::App* AddTermsCommand(CLI::App& cycle, const std::shared_ptr<Options>& options,
                          const char* name, const char* help) {
  CLI::App* command = cycle.add_subcommand(name, help);
  command->add_option("program", options->program, "id or exact name")->required();
  command->add_option("--pool", options->pool, "the pool that pays; the program's own without");
  return command;
}

template <typename Options>
void AddVersion(CLI::App& command, const std::shared_ptr<Options>& options) {
  command.add_option("--from", options->from, "first day; today without");
  command.add_option("--reason", options->reason, "why: the clause, the decision")->required();
  command.add_option("--as", options->user, "who records it")->required();
}

void AddRuleCommands(CommandLine line, CLI::App& cycle) {
  auto listed = std::make_shared<RuleOptions>();
  CLI::App* list = AddTermsCommand(cycle, listed, "rules", "the rules it pays by, and each change");
  OnPayer(line, *list, [listed](Session& session) { return ListRules(session, *listed); });

  auto set = std::make_shared<RuleOptions>();
  CLI::App* change = AddTermsCommand(cycle, set, "set-rules", "change rules from a day on");
  change->add_option("--minimum", set->minimum, "what is below it is carried");
  change->add_option("--ach-limit", set->ach_limit, "most that one payment by ACH carries");
  change->add_option("--offset-share", set->offset_share, "most of a payment that is offset: 50%");
  change->add_option("--onboarding", set->onboarding, "true: only parties that finished it");
  change->add_option("--three-from", set->three_from, "three approvers from this total; none");
  change->add_option("--four-from", set->four_from, "four approvers from this total; none");
  change->add_option("--approval-days", set->approval_days, "banking days that approvals hold");
  change->add_option("--line-cap", set->line_cap, "a line above it waits for a person; none");
  change->add_option("--notice-days", set->notice_days, "days of notice before an offset");
  change->add_option("--due-days", set->due_days, "banking days after the period: money is due");
  change->add_option("--alert-days", set->alert_days, "banking days before that: it is said");
  change->add_option("--review-days", set->review_days, "days after settlement without closing");
  AddVersion(*change, set);
  OnPayer(line, *change, [set](Session& session) { return SetRules(session, *set); });
}

void AddInterestCommands(CommandLine line, CLI::App& cycle) {
  auto listed = std::make_shared<InterestOptions>();
  CLI::App* list = AddTermsCommand(cycle, listed, "late-interest",
                                   "what a contract agrees on for paying late, and each change");
  list->add_option("contract", listed->contract, "id")->required();
  OnPayer(line, *list, [listed](Session& session) { return ListInterest(session, *listed); });

  auto set = std::make_shared<InterestOptions>();
  CLI::App* agree = AddTermsCommand(cycle, set, "set-late-interest",
                                    "record interest for paying late, from a day on");
  agree->add_option("contract", set->contract, "id")->required();
  agree->add_option("--rate", set->rate, "a year: 8%; 0% for none")->required();
  agree->add_option("--days-in-year", set->days_in_year, "365 or 360")->capture_default_str();
  agree->add_option("--grace-days", set->grace_days, "late by no more costs nothing")
      ->capture_default_str();
  AddVersion(*agree, set);
  OnPayer(line, *agree, [set](Session& session) { return SetInterest(session, *set); });
}

}  // namespace

void AddPaymentRuleCommands(CommandLine line, CLI::App& cycle) {
  AddRuleCommands(line, cycle);
  AddInterestCommands(line, cycle);
}

}  // namespace sluice::api
