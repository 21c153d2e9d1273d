#include "tests/scenario/program_command_test.h"

#include <fmt/format.h>

namespace sluice::testing {
namespace {

// By age and sex: 14.00 to 17, from 18 on 23.00 for women and 18.00 for men.
constexpr const char* kTerms = R"({
  "title": "Primary-care capitation 2025",
  "components": [
    {"basis": {"member_month_sum": {
       "rates": {"versions": [{"from": "2025-01", "cells": [
         {"label": "0-17", "age_to": 17, "price_millionths": "14000000"},
         {"label": "F18+", "age_from": 18, "sex": "CELL_SEX_FEMALE",
          "price_millionths": "23000000"},
         {"label": "M18+", "age_from": 18, "sex": "CELL_SEX_MALE",
          "price_millionths": "18000000"}]}]},
       "month": {"method": "MONTH_METHOD_FIFTEEN_THIRTY", "day": 15},
       "retro": [{"days": 90}],
       "first_month": "2025-06"},
     "zero_reason": "NO_MEMBER_MONTHS"}, "clause": "section 7"},
    {"rounding": {"unit_cents": "1"}, "clause": "section 7.2"}],
  "operations": {"funding_pool": "Capitation pool",
    "schedule": [{"kind": "SCHEDULE_KIND_PAYMENT", "name": "capitation", "every": "EVERY_MONTH",
                  "due_from": "DUE_FROM_START", "due_days": 19}]}
}
)";

constexpr const char* kMethod = R"({
  "title": "The member's choice",
  "steps": [{"kind": "ATTRIBUTION_STEP_KIND_MEMBER_SELECTED", "clause": "2"}],
  "unit": "ATTRIBUTION_UNIT_PROVIDER",
  "ties": ["ATTRIBUTION_TIE_LOWEST_KEY"],
  "timing": "ATTRIBUTION_TIMING_RETROSPECTIVE",
  "coverage_day": "COVERAGE_DAY_FIRST",
  "eligibility_months": 12,
  "new_members": "NEW_MEMBER_RULE_AS_OTHERS"
}
)";

}  // namespace

void ProgramCommandTest::SetUp() {
  CommandTest::SetUp();
  Print({"program", "add", "--name", kProgram, "--stream", "pcpcp", "--lan", "4A", "--pool",
         "Capitation pool"});
  contract_ = Word(Print({"contract", "draft", "--program", kProgram, "--party", "Lakes ACO",
                          "--days", "2025", "--terms", temp_.Write("capitation.json", kTerms),
                          "--as", "anna", "--comment", "first text"}),
                   "ctr_");
  BringIntoForce();
  Print({"attribution", "method", contract_, temp_.Write("method.json", kMethod), "--days", "2025",
         "--as", "anna"});
  Declare("members", "eligibility",
          "member_number = \"id\"\nvalid_from = \"from\"\nvalid_to = \"through\"\n"
          "birth_date = \"birth\"\nsex = \"sex\"\nplan = \"plan\"\n"
          "[constants]\nline_of_business = \"commercial\"\n");
  Declare("choices", "provider_choice",
          "member_number = \"id\"\nprovider_npi = \"npi\"\npractice_tin = \"tin\"\n"
          "valid_from = \"from\"\n[constants]\nkind = \"member_selected\"\n");
  // A woman and a child with Elm Practice, a woman with Oak Practice.
  Receive("members",
          "id,from,through,birth,sex,plan\nM1,2025-01-01,,1980-05-05,female,gold\n"
          "M2,2025-01-01,,2015-03-03,male,gold\nM3,2025-01-01,,1950-06-06,female,gold\n");
  Receive("choices", fmt::format("id,npi,tin,from\nM1,{0},{2},2025-01-01\n"
                                 "M2,{0},{2},2025-01-01\nM3,{1},{3},2025-01-01\n",
                                 kAnn, kCyd, kElmTin, kOakTin));
}

void ProgramCommandTest::BringIntoForce() {
  const std::string shown = Print({"contract", "show", contract_});
  const std::string seen = shown.substr(shown.rfind("\n  sha256 ") + 10, 64);
  Print({"contract", "submit", contract_, "--approvers", "bob", "--as", "anna", "--reason",
         "agreed"});
  Print({"contract", "approve", contract_, "--seen", seen, "--as", "bob"});
  for (const auto& [side, who] : {std::pair("payer", "cat"), std::pair("party", "dan")}) {
    Print({"contract", "sign", contract_, "--seen", seen, "--side", side, "--as", who, "--name",
           who});
  }
  for (const char* party : {"payer", "Lakes ACO"}) {
    Print({"contact", "add", party, "--name", "Erin Elm", "--email", "erin@example.org", "--days",
           "2025-01-01..", "--as", "anna"});
  }
  Print({"contract", "activate", contract_, "--as", "bob", "--reason", "go"});
}

void ProgramCommandTest::Publish() {
  const std::vector<std::string> of = {contract_, "--period", "2025", "--as", "anna"};
  for (const char* step : {"prepare", "publish", "publish"}) {
    std::vector<std::string> arguments = {"attribution", step};
    arguments.insert(arguments.end(), of.begin(), of.end());
    Print(arguments);
  }
}

std::vector<std::string> ProgramCommandTest::RunOf(const std::string& period,
                                                   const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {"program",    "run",        kProgram, "--period", period,
                                        "--pay-date", "2025-07-20", "--as",   "anna"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::vector<std::string> ProgramCommandTest::StatusOf(const std::string& period) {
  return {"program", "status", kProgram, "--period", period};
}

}  // namespace sluice::testing
