#include "tests/api/server/performance_fixture.h"

#include <google/protobuf/util/json_util.h>

#include <charconv>

#include "hierarchy/hierarchy_service.h"

namespace sluice::api {

using google::protobuf::Value;

void PerformanceFixture::SetUp() {
  ServerFixture::SetUp();
  program_name_ = fmt::format("{}/programs/{}", payer_name_, program_.program);
  AddPerson(UserId(31), "writer", {Role::kContractMaker});
  AddPerson(UserId(32), "approver", {Role::kContractApprover});
  AddPerson(UserId(33), "counsel", {Role::kContractApprover});
  AddPerson(UserId(34), "analyst", {Role::kAnalyst});
  AddPerson(UserId(35), "auditor", {Role::kAuditor});
  AddPerson(UserId(36), "compliance", {Role::kCompliance});
  AddPerson(UserId(37), "practice", {Role::kProviderViewer}, practice_);
  AddPerson(UserId(38), "outsider", {Role::kProviderViewer}, outside_);
  AddPerson(UserId(39), "partner", {Role::kContractMaker});
}

PerformanceFixture::Struct PerformanceFixture::Parse(const std::string& json) {
  Struct parsed;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &parsed).ok()) << json;
  return parsed;
}

std::string PerformanceFixture::At(const Struct& json, std::string_view path) {
  Value value;
  *value.mutable_struct_value() = json;
  for (bool more = true; more;) {
    const std::size_t dot = path.find('.');
    const std::string part(path.substr(0, dot));
    more = dot != std::string_view::npos;
    path.remove_prefix(more ? dot + 1 : path.size());
    Value next;
    if (value.has_struct_value()) {
      const auto found = value.struct_value().fields().find(part);
      if (found == value.struct_value().fields().end()) return "";
      next = found->second;
    } else if (value.has_list_value()) {
      int index = 0;
      std::from_chars(part.data(), part.data() + part.size(), index);
      if (index >= value.list_value().values_size()) return "";
      next = value.list_value().values(index);
    }
    value = next;
  }
  if (value.has_number_value()) return fmt::format("{}", value.number_value());
  if (value.has_bool_value()) return value.bool_value() ? "true" : "false";
  return value.string_value();
}

testing::HttpAnswer PerformanceFixture::Post(const std::string& target, const std::string& token,
                                             const std::string& body, const std::string& etag) {
  Struct object = Parse(body);
  (*object.mutable_fields())["requestId"].set_string_value(NextId());
  if (!etag.empty()) (*object.mutable_fields())["etag"].set_string_value(etag);
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(object, &json).ok());
  return Https("POST", "/v1/" + target, token, json);
}

std::vector<std::string> PerformanceFixture::Texts(const std::string& target,
                                                   const std::string& list,
                                                   const std::string& field,
                                                   const std::string& token) {
  const testing::HttpAnswer answer = Get(target, token);
  EXPECT_EQ(answer.status, 200) << answer.body;
  const Struct parsed = Parse(answer.body);
  std::vector<std::string> texts;
  const auto found = parsed.fields().find(list);
  if (found == parsed.fields().end()) return texts;
  for (const Value& item : found->second.list_value().values()) {
    texts.push_back(At(item.struct_value(), field));
  }
  return texts;
}

std::string PerformanceFixture::DayJson(Date day) {
  const std::chrono::year_month_day parts(day);
  return fmt::format(R"({{"year":{},"month":{},"day":{}}})", static_cast<int>(parts.year()),
                     static_cast<unsigned>(parts.month()), static_cast<unsigned>(parts.day()));
}

std::string PerformanceFixture::DaysJson(const DateRange& days) {
  return fmt::format(R"({{"from":{}{}}})", DayJson(days.from),
                     days.to ? fmt::format(R"(,"to":{})", DayJson(*days.to)) : "");
}

std::string PerformanceFixture::DaysQuery(const std::string& field, const DateRange& days) {
  const auto day = [&](const char* end, Date date) {
    const std::chrono::year_month_day parts(date);
    return fmt::format("{0}.{1}.year={2}&{0}.{1}.month={3}&{0}.{1}.day={4}", field, end,
                       static_cast<int>(parts.year()), static_cast<unsigned>(parts.month()),
                       static_cast<unsigned>(parts.day()));
  };
  return day("from", days.from) + "&" + day("to", *days.to);
}

ContractId PerformanceFixture::AddContract(PartyId party, const performance::Terms& terms) {
  const performance::Contract contract{.id = db_.Ids().Next<ContractTag>(),
                                       .payer = payer_,
                                       .program = program_.program,
                                       .party = party,
                                       .effective = DateRange::Year(2025)};
  auto programs = Programs();
  const Status made = programs.CreateContracts({&contract, 1});
  EXPECT_TRUE(made.ok()) << StatusMessage(made);
  const performance::NewTerms added{
      .contract = contract.id, .effective = DateRange::Year(2025), .terms = terms};
  const auto versions = programs.AddTerms({&added, 1});
  EXPECT_TRUE(versions.ok()) << StatusMessage(versions.status());
  return contract.id;
}

performance::CalculationSummary PerformanceFixture::Calculate() {
  Tick();
  const hierarchy::HierarchyService hierarchy(db_.App().ForPayer(payer_), db_.Clock());
  const auto snapshot =
      hierarchy.Snapshot(payer_, {.day = MakeDate(2026, 6, 30), .known_at = std::nullopt});
  EXPECT_TRUE(snapshot.ok()) << StatusMessage(snapshot.status());
  auto programs = Programs();
  const auto summary = programs.Calculate(
      {.program = program_.program,
       .dates = {.period = DateRange::Year(2025), .pay_date = MakeDate(2026, 6, 30)},
       .known_at = std::nullopt,
       .contracts = std::nullopt,
       .other_days = {},
       .progress = nullptr},
      *snapshot);
  EXPECT_TRUE(summary.ok()) << StatusMessage(summary.status());
  Tick();
  return *summary;
}

}  // namespace sluice::api
