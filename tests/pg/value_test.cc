// Every type of core/pg/value.h through a real server, both ways.
#include "core/pg/value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "core/pg/database.h"
#include "core/pg/sqlstate.h"
#include "tests/support/test_database.h"

namespace sluice::pg {
namespace {

using ::testing::ElementsAre;

constexpr const char* kEcho = "SELECT $1, $1::text";

template <typename T>
struct Echo {
  T value;
  std::optional<std::string> text;
  static Echo FromRow(const Row& row) {
    return {row.Get<T>(0), row.Get<std::optional<std::string>>(1)};
  }
};

class Value : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { db_ = new testing::TestDatabase; }
  static void TearDownTestSuite() {
    delete db_;
    db_ = nullptr;
  }

  // What the server sends back for a value, and how it writes it.
  template <typename T>
  static Echo<T> Send(const T& value) {
    // The statement is prepared once for each type under the same name.
    return db_->App()
        .Transact([&](Transaction& tx) -> StatusOr<Echo<T>> {
          return tx.Query(Query{"value_echo", kEcho}, value).template One<Echo<T>>();
        })
        .value();
  }
  template <typename T>
  static void ExpectEcho(const T& value, const std::string& text) {
    const Echo<T> echo = Send(value);
    EXPECT_EQ(echo.value, value) << text;
    EXPECT_EQ(echo.text, text);
  }

  static testing::TestDatabase* db_;
};

testing::TestDatabase* Value::db_ = nullptr;

TEST_F(Value, NumbersTravelWithTheirLimits) {
  ExpectEcho(true, "true");
  ExpectEcho(false, "false");
  ExpectEcho(std::numeric_limits<std::int16_t>::min(), "-32768");
  ExpectEcho(std::numeric_limits<std::int32_t>::max(), "2147483647");
  ExpectEcho(std::int32_t{-1}, "-1");
  ExpectEcho(std::numeric_limits<std::int64_t>::min(), "-9223372036854775808");
  ExpectEcho(Money::FromCents(-123456789012345), "-123456789012345");
  ExpectEcho(PayerId(42), "42");
}

TEST_F(Value, TextAndBytesTravelWhole) {
  ExpectEcho(std::string("Zoë's \"plan\" \\ 100 %\n"), "Zoë's \"plan\" \\ 100 %\n");
  ExpectEcho(std::string(), "");
  ExpectEcho(Bytes{0, 1, 0xFF}, "\\x0001ff");
  ExpectEcho(Bytes{}, "\\x");
  Digest digest{};
  digest[31] = 7;
  EXPECT_EQ(Send(digest).value, digest);
  Uuid uuid{};
  uuid[0] = 0x01;
  uuid[15] = 0xAB;
  ExpectEcho(uuid, "01000000-0000-0000-0000-0000000000ab");
}

TEST_F(Value, ViewsAndLiteralsAreText) {
  const auto length = [](const auto& text) {
    return db_->App()
        .Transact([&](Transaction& tx) -> StatusOr<std::int32_t> {
          return tx.Query(Query{"value_length", "SELECT length($1)"}, text)
              .template One<std::int32_t>();
        })
        .value();
  };
  EXPECT_EQ(length("four"), 4);
  EXPECT_EQ(length(std::string_view("Zoë")), 3);
}

TEST_F(Value, DatesAndInstantsTravelToTheMicrosecond) {
  ExpectEcho(MakeDate(2024, 2, 29), "2024-02-29");
  ExpectEcho(MakeDate(1900, 1, 1), "1900-01-01");
  ExpectEcho(MakeDate(2000, 1, 1), "2000-01-01");
  const Instant instant = Instant::Parse("1969-12-31T23:59:59.999999Z").value();
  EXPECT_EQ(Send(instant).value, instant);
  const Instant later = Instant::Parse("2026-10-01T12:53:00.000001Z").value();
  EXPECT_EQ(Send(later).value, later);
}

TEST_F(Value, NothingIsNull) {
  const auto none = Send(std::optional<std::int64_t>());
  EXPECT_EQ(none.value, std::nullopt);
  EXPECT_EQ(none.text, std::nullopt);
  EXPECT_EQ(Send(std::optional<std::string>("x")).value, "x");
  EXPECT_EQ(Send(std::optional<std::vector<std::int32_t>>()).value, std::nullopt);
}

TEST_F(Value, ArraysTravelWithNullsAndEmpty) {
  ExpectEcho(std::vector<std::int64_t>{3, -1, 2}, "{3,-1,2}");
  ExpectEcho(std::vector<std::int64_t>{}, "{}");
  ExpectEcho(std::vector<bool>{true, false}, "{t,f}");
  ExpectEcho(std::vector<std::int16_t>{1}, "{1}");
  ExpectEcho(std::vector<std::optional<std::int32_t>>{1, std::nullopt, 3}, "{1,NULL,3}");
  ExpectEcho(std::vector<std::string>{"a,b", "", "\"", "NULL"}, R"({"a,b","","\"","NULL"})");
  ExpectEcho(std::vector<Money>{Money::FromCents(5)}, "{5}");
  ExpectEcho(std::vector<ContractId>{ContractId(1), ContractId(2)}, "{1,2}");
  ExpectEcho(std::vector<Date>{MakeDate(2026, 1, 31)}, "{2026-01-31}");
  ExpectEcho(std::vector<Bytes>{Bytes{1}, Bytes{}}, R"({"\\x01","\\x"})");
  EXPECT_EQ(Send(std::vector<Uuid>(2)).value.size(), 2U);
  EXPECT_EQ(Send(std::vector<Instant>(3)).value.size(), 3U);
}

TEST_F(Value, SpansUnnest) {
  const std::vector<std::int64_t> ids = {1, 2, 3};
  const std::vector<std::string_view> names = {"a", "b", "c"};
  const auto joined = db_->App().Transact([&](Transaction& tx) -> StatusOr<std::string> {
    return tx
        .Query(Query{"value_unnest",
                     "SELECT string_agg(n || i, ' ' ORDER BY i) FROM unnest($1, $2) AS u (i, n)"},
               std::span(ids).subspan(1), std::span(names).subspan(1))
        .One<std::string>();
  });
  EXPECT_EQ(*joined, "b2 c3");
}

TEST_F(Value, AMillionElementsTravel) {
  std::vector<std::int64_t> many(1'000'000);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<std::int64_t>(i);
  const auto sum = db_->App().Transact([&](Transaction& tx) -> StatusOr<std::int64_t> {
    return tx.Query(Query{"value_sum", "SELECT sum(i)::bigint FROM unnest($1) AS u (i)"}, many)
        .One<std::int64_t>();
  });
  EXPECT_EQ(*sum, 499'999'500'000);
}

using ValueDeathTest = Value;

TEST_F(ValueDeathTest, AnotherTypeOrAnUnexpectedNullIsABug) {
  const RawValue number{TypeOid::kInt8, false, std::string_view("\0\0\0\0\0\0\0\1", 8)};
  EXPECT_EQ(Decode<std::int64_t>(number), 1);
  EXPECT_DEATH(Decode<std::int32_t>(number), "type oid 20 was read as type oid 23");
  EXPECT_DEATH(Decode<std::int64_t>(RawValue{TypeOid::kInt8, true, {}}), "NULL of type oid 20");
}

TEST(Sqlstate, EveryClassOfTheServerIsInTheTable) {
  for (const std::string_view group :
       {"00", "01", "02", "03", "08", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "20", "21", "22",
        "23", "24", "25", "26", "27", "28", "2B", "2D", "2F", "34", "38", "39", "3B", "3D", "3F",
        "40", "42", "44", "53", "54", "55", "57", "58", "72", "F0", "HV", "P0", "XX"}) {
    EXPECT_TRUE(IsClassified(std::string(group) + "000")) << group;
  }
  EXPECT_FALSE(IsClassified("ZZ000"));
}

TEST(Sqlstate, SaysWhatTheCallerShouldDo) {
  struct Case {
    std::string_view sqlstate;
    absl::StatusCode code;
    ErrorKind kind;
  };
  for (const Case& each : {
           Case{"40001", absl::StatusCode::kAborted, ErrorKind::kTransient},
           Case{"40P01", absl::StatusCode::kAborted, ErrorKind::kTransient},
           Case{"55P03", absl::StatusCode::kAborted, ErrorKind::kTransient},
           Case{"57014", absl::StatusCode::kDeadlineExceeded, ErrorKind::kDefinite},
           Case{"57P01", absl::StatusCode::kUnavailable, ErrorKind::kTransient},
           Case{"08006", absl::StatusCode::kUnavailable, ErrorKind::kTransient},
           Case{"", absl::StatusCode::kUnavailable, ErrorKind::kTransient},
           Case{"53100", absl::StatusCode::kUnavailable, ErrorKind::kDefinite},
           Case{"23505", absl::StatusCode::kAlreadyExists, ErrorKind::kDefinite},
           Case{"23514", absl::StatusCode::kFailedPrecondition, ErrorKind::kDefinite},
           Case{"23503", absl::StatusCode::kFailedPrecondition, ErrorKind::kDefinite},
           Case{"42501", absl::StatusCode::kPermissionDenied, ErrorKind::kDefinite},
           Case{"42P01", absl::StatusCode::kInternal, ErrorKind::kBug},
           Case{"25006", absl::StatusCode::kUnavailable, ErrorKind::kTransient},
       }) {
    EXPECT_EQ(RuleFor(each.sqlstate).code, each.code) << each.sqlstate;
    EXPECT_EQ(RuleFor(each.sqlstate).kind, each.kind) << each.sqlstate;
  }
}

}  // namespace
}  // namespace sluice::pg
