#include "api/listing/filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "api/listing/filter_store.h"

namespace sluice::api {
namespace {

using ::testing::HasSubstr;

constexpr std::pair<std::string_view, std::int64_t> kStates[] = {{"OPEN", 0}, {"RELEASED", 7}};
const std::array kFields = {
    ListField{
        .name = "display_name", .type = FieldType::kText, .column = "p.name", .sortable = true},
    ListField{
        .name = "paid", .type = FieldType::kInteger, .column = "r.paid_cents", .sortable = true},
    ListField{.name = "held", .type = FieldType::kBoolean, .column = "r.held"},
    ListField{
        .name = "on", .type = FieldType::kDate, .column = "r.business_date", .sortable = true},
    ListField{.name = "create_time",
              .type = FieldType::kInstant,
              .column = "r.recorded_at",
              .sortable = true},
    ListField{.name = "state", .type = FieldType::kEnum, .column = "r.state", .names = kStates},
    ListField{.name = "run",
              .type = FieldType::kId,
              .column = "r.run_id",
              .prefix = "run",
              .sortable = true},
};

std::string Read(std::string_view text) {
  const StatusOr<Filter> filter = ParseFilter(text, kFields);
  return filter.ok() ? filter->ToString() : StatusMessage(filter.status());
}

// feature:X05
TEST(Filter, ReadsTheLanguage) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", ""},
      {"   ", ""},
      {"paid > 100", "paid > 100"},
      {"paid>=-5", "paid >= -5"},
      {"held = true", "held = true"},
      {"on < 2026-10-01", "on < 2026-10-01"},
      {"create_time > \"2026-10-01T12:00:00Z\"", "create_time > 2026-10-01T12:00:00.000000Z"},
      {"create_time > 2026-10-01T12:00:00Z", "create_time > 2026-10-01T12:00:00.000000Z"},
      {"state = RELEASED", "state = 7"},
      {"display_name : \"west side\"", "display_name : \"west side\""},
      {R"(display_name = "a \"b\" \\ c")", R"(display_name = "a "b" \ c")"},
      {"paid = 1 AND held = true", "paid = 1 AND held = true"},
      // OR binds closer than AND.
      {"paid = 1 AND paid = 2 OR paid = 3", "paid = 1 AND (paid = 2 OR paid = 3)"},
      {"(paid = 1 AND paid = 2) OR paid = 3", "(paid = 1 AND paid = 2) OR paid = 3"},
      {"NOT held = true", "NOT (held = true)"},
      {"-held = true", "NOT (held = true)"},
      {"NOT (paid = 1 OR paid = 2)", "NOT (paid = 1 OR paid = 2)"},
      {"display_name = NOTHING", "display_name = \"NOTHING\""},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(Read(text), expected) << text;
}

TEST(Filter, NamesThePlaceOfWhatIsWrong) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"amount = 1", "filter at character 1: 'amount' is no field of this list; its fields are "},
      {"paid = 1 AND amount = 1", "filter at character 14: 'amount' is no field"},
      {"paid : 1", "':' does not compare paid"},
      {"held < true", "'<' does not compare held"},
      {"state > OPEN", "'>' does not compare state"},
      {"paid = ten", "filter at character 8: paid is a whole number"},
      {"paid = 99999999999999999999", "paid is a whole number"},
      {"held = yes", "held is true or false"},
      {"on = 10/01/2026", "on is a date like 2026-10-01"},
      {"on = 2026-13-01", "on is a date like 2026-10-01"},
      {"state = SHUT", "state is one of OPEN, RELEASED"},
      {"run = pay_0RFX867W003AD", "run is an id that begins with run_"},
      {"paid", "one of = != < <= > >= : is expected"},
      {"paid =", "a value is expected"},
      {"paid = 1 held = true", "AND, OR or the end is expected"},
      {"paid = 1 AND", "a field is expected"},
      {"(paid = 1", "')' is expected"},
      {"paid = 1)", "AND, OR or the end is expected"},
      {"display_name = \"open", "the quoted value is not closed"},
      {R"(display_name = "a\n")", "after '\\' only"},
      {"NOT", "a field is expected"},
      {"\xff", "filter is not UTF-8"},
  };
  for (const auto& [text, fault] : cases) {
    const StatusOr<Filter> filter = ParseFilter(text, kFields);
    ASSERT_FALSE(filter.ok()) << text;
    EXPECT_EQ(filter.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(StatusMessage(filter.status()), HasSubstr(std::string(fault))) << text;
  }
}

TEST(Filter, IsBounded) {
  EXPECT_THAT(Read(std::string(3000, ' ')), HasSubstr("2000 is the most"));
  EXPECT_THAT(Read(std::string(40, '(') + "paid = 1"), HasSubstr("too deep"));
  std::string many = "paid = 1";
  for (int i = 0; i < 60; ++i) many += " OR paid = 1";
  EXPECT_THAT(Read(many), HasSubstr("more than 50"));
}

TEST(FilterSql, ValuesAreParametersAndColumnsAreTheListsOwn) {
  const Filter filter =
      ParseFilter("display_name : \"x' OR 1=1 --\" AND NOT (paid != 5 OR state = OPEN)", kFields)
          .value();
  const FilterSql sql = ConditionOf(filter, 3);
  EXPECT_EQ(sql.text,
            "((strpos(lower(p.name), lower($3)) > 0 IS TRUE) AND NOT "
            "(((r.paid_cents IS DISTINCT FROM $4) IS TRUE) OR ((r.state = $5) IS TRUE)))");
  EXPECT_EQ(sql.values, (std::vector<FilterValue>{std::string("x' OR 1=1 --"), std::int64_t{5},
                                                  std::int64_t{0}}));
  EXPECT_EQ(ConditionOf(Filter{}, 1).text, "TRUE");
}

// Whatever the text: it is refused, or its SQL is made of the list's columns, fixed words and
// parameters alone.
TEST(FilterSql, NoTextOfTheCallerEntersIt) {
  const std::uint32_t seed = 20261002;
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const std::vector<std::string> comparisons = {"paid = 1",
                                                "display_name : \"EVIL\"",
                                                "display_name = EVIL",
                                                "state = OPEN",
                                                "display_name != \"'; EVIL\"",
                                                "display_name < \"--EVIL\"",
                                                "held = true",
                                                "NOT paid > 5",
                                                "(display_name = \"\\\"EVIL\")",
                                                "on >= 2026-10-01"};
  const std::vector<std::string> between = {" AND ", " OR ", " AND NOT ", " AND -", " "};
  const std::vector<std::string> noise = {"\"", "'", ";",  "--", "/*",
                                          "(",  ")", "\\", "$1", "EVIL()"};
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = comparisons[random() % comparisons.size()];
    for (std::size_t more = random() % 4; more > 0; --more) {
      text += between[random() % between.size()] + comparisons[random() % comparisons.size()];
    }
    if (random() % 3 == 0) text.insert(random() % text.size(), noise[random() % noise.size()]);
    const StatusOr<Filter> filter = ParseFilter(text, kFields);
    if (!filter.ok()) continue;
    ++accepted;
    const std::string sql = ConditionOf(*filter, 1).text;
    for (const std::string_view evil : {"EVIL", "'", "\"", ";", "--", "/*", "\\"}) {
      EXPECT_EQ(sql.find(evil), std::string::npos) << text << " gave " << sql;
    }
  }
  EXPECT_GT(accepted, 1'000);
}

TEST(Order, ReadsTheLanguage) {
  const auto order = ParseOrder("paid desc, display_name", kFields);
  ASSERT_TRUE(order.ok());
  const ListField& id = kFields.back();
  EXPECT_EQ(OrderOf(TotalOrder(*order, id)), "r.paid_cents DESC, p.name ASC, r.run_id ASC");
  EXPECT_EQ(OrderOf(TotalOrder({}, id)), "r.run_id ASC");
  EXPECT_EQ(OrderOf(TotalOrder(ParseOrder("run desc", kFields).value(), id)), "r.run_id DESC");
  for (const std::string_view text :
       {"held", "amount", "paid down", "paid,", ",", "paid desc asc", "paid, paid"}) {
    EXPECT_EQ(ParseOrder(text, kFields).status().code(), absl::StatusCode::kInvalidArgument)
        << text;
  }
}

TEST(Page, BeginsBehindTheLastRowInEachDirection) {
  const auto order = TotalOrder(ParseOrder("paid desc, on", kFields).value(), kFields.back());
  const StatusOr<FilterSql> behind = BehindOf(order, {"500", "2026-10-01", "77"}, 2);
  ASSERT_TRUE(behind.ok());
  EXPECT_EQ(behind->text,
            "(r.paid_cents < $4 OR (r.paid_cents = $4 AND (r.business_date > $3 OR "
            "(r.business_date = $3 AND (r.run_id > $2 OR (r.run_id = $2 AND FALSE))))))");
  EXPECT_EQ(behind->values,
            (std::vector<FilterValue>{std::int64_t{77}, MakeDate(2026, 10, 1), std::int64_t{500}}));
  EXPECT_FALSE(BehindOf(order, {"500"}, 1).ok());
  EXPECT_FALSE(BehindOf(order, {"x", "2026-10-01", "77"}, 1).ok());
}

TEST(Page, AKeyReadsBackWhatItWrote) {
  const std::pair<FieldType, FilterValue> cases[] = {
      {FieldType::kText, std::string("a, b")},
      {FieldType::kInteger, std::int64_t{-5}},
      {FieldType::kBoolean, true},
      {FieldType::kDate, MakeDate(2026, 10, 1)},
      {FieldType::kInstant, Instant::FromMicros(123)},
  };
  for (const auto& [type, value] : cases) EXPECT_EQ(*KeyValue(type, KeyText(value)), value);
}

}  // namespace
}  // namespace sluice::api
