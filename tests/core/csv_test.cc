// The CSV reader: every kind of bad input, and the guarantees on memory and buffering.
#include "core/csv.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

namespace sluice {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// All rows of a text that must be good.
Rows ReadGood(const std::string& text, CsvOptions options = {}) {
  StatusOr<CsvReader> reader = CsvReader::FromText(text, "t.csv", options);
  EXPECT_TRUE(reader.ok()) << reader.status();
  Rows rows;
  if (!reader.ok()) return rows;
  while (reader->Next()) {
    EXPECT_FALSE(reader->IsBad()) << reader->Error().ToString();
    if (reader->IsBad()) continue;
    rows.emplace_back(reader->Fields().begin(), reader->Fields().end());
  }
  EXPECT_TRUE(reader->Outcome().ok()) << reader->Outcome();
  return rows;
}

TEST(CsvReader, ReadsWhatRfc4180Describes) {
  struct Case {
    const char* what;
    std::string text;
    Rows rows;
  };
  const std::vector<Case> cases = {
      {"LF", "a,b\n1,2\n", {{"1", "2"}}},
      {"CRLF", "a,b\r\n1,2\r\n", {{"1", "2"}}},
      {"no line end at the end", "a,b\n1,2", {{"1", "2"}}},
      {"byte order mark", "\xEF\xBB\xBF\"a\",b\n1,2\n", {{"1", "2"}}},
      {"empty fields", "a,b\n,\n", {{"", ""}}},
      {"separator in quotes", "a,b\n\"1,5\",2\n", {{"1,5", "2"}}},
      {"doubled quotes", "a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n", {{"say \"hi\"", "\""}}},
      {"line ends in quotes", "a,b\n\"x\r\ny\nz\",2\n", {{"x\r\ny\nz", "2"}}},
      {"quoted empty last field", "a,b\n1,\"\"", {{"1", ""}}},
      {"empty lines", "a,b\n\n1,2\n\r\n3,4\n\n", {{"1", "2"}, {"3", "4"}}},
      {"quoted empty single column", "a\n\"\"\nx\n", {{""}, {"x"}}},
      {"UTF-8", "a,b\nSão,日本\xF0\x9F\x98\x80\n", {{"São", "日本\xF0\x9F\x98\x80"}}},
      {"spaces stay", "a,b\n 1 , 2\n", {{" 1 ", " 2"}}},
      {"header only", "a,b\n", {}},
  };
  for (const Case& c : cases) EXPECT_EQ(ReadGood(c.text), c.rows) << c.what;
}

TEST(CsvReader, OtherSeparators) {
  EXPECT_EQ(ReadGood("a|b\n1,5|\"x|y\"\n", {.separator = '|'}), (Rows{{"1,5", "x|y"}}));
}

TEST(CsvReader, FindsColumnsByName) {
  StatusOr<CsvReader> reader = CsvReader::FromText(" NPI ,name,Name\n1,2,3\n", "t.csv");
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(*reader->Column("npi"), 0U);
  EXPECT_FALSE(reader->FindColumn("tin").has_value());
  EXPECT_EQ(StatusMessage(reader->Column("tin").status()),
            "t.csv row 1 'tin': missing_column: the header has no such column; it has  NPI , "
            "name, Name");
  EXPECT_EQ(StatusMessage(reader->Column("name").status()),
            "t.csv row 1 'name': duplicate_column: the header has this column more than once");
}

// Each bad row is reported once, with its place, and the good rows around it are read.
TEST(CsvReader, BadRowsAreReportedAndReadingGoesOn) {
  struct Case {
    std::string row;
    CsvCode code;
    std::int64_t column;
  };
  const std::vector<Case> cases = {
      {"1\n", CsvCode::kWrongColumnCount, 0},
      {"1,2,3\n", CsvCode::kWrongColumnCount, 0},
      {"1,\"x\"y\n", CsvCode::kTextAfterQuote, 2},
      {"1,\"x\" \n", CsvCode::kTextAfterQuote, 2},
      {"x\"y,2\n", CsvCode::kQuoteInField, 1},
      {"x\ry,2\n", CsvCode::kCarriageReturn, 1},
      {"1,\"x\"\ry\n", CsvCode::kCarriageReturn, 2},
      {std::string("1,x\0y\n", 6), CsvCode::kNulByte, 2},
      {std::string("1,\"x\0y\"\n", 8), CsvCode::kNulByte, 2},
      {"1,M\xFCller\n", CsvCode::kInvalidUtf8, 2},         // Windows-1252
      {"\xC0\xAF,2\n", CsvCode::kInvalidUtf8, 1},          // overlong
      {"\xED\xA0\x80,2\n", CsvCode::kInvalidUtf8, 1},      // surrogate
      {"\xF4\x90\x80\x80,2\n", CsvCode::kInvalidUtf8, 1},  // past U+10FFFF
      {"\xE2\x82,2\n", CsvCode::kInvalidUtf8, 1},          // cut
      {"1," + std::string(200, 'x') + "\n", CsvCode::kFieldTooLong, 2},
  };
  for (const Case& c : cases) {
    StatusOr<CsvReader> reader =
        CsvReader::FromText("a,b\n5,6\n" + c.row + "7,8\n", "t.csv", {.max_field_bytes = 199});
    ASSERT_TRUE(reader.ok()) << c.row;
    ASSERT_TRUE(reader->Next());
    EXPECT_FALSE(reader->IsBad());
    ASSERT_TRUE(reader->Next());
    ASSERT_TRUE(reader->IsBad()) << c.row;
    EXPECT_EQ(reader->Error().code, c.code) << reader->Error().ToString();
    EXPECT_EQ(reader->Error().row, 3);
    EXPECT_EQ(reader->Error().line, 3);
    EXPECT_EQ(reader->Error().column, c.column) << reader->Error().ToString();
    EXPECT_EQ(reader->Error().column_name, c.column == 0 ? "" : c.column == 1 ? "a" : "b");
    ASSERT_TRUE(reader->Next()) << c.row;
    EXPECT_FALSE(reader->IsBad()) << c.row;
    EXPECT_EQ((*reader)[1], "8");
    EXPECT_FALSE(reader->Next());
    EXPECT_TRUE(reader->Outcome().ok());
  }
}

TEST(CsvReader, FileCutInsideAQuotedField) {
  StatusOr<CsvReader> reader = CsvReader::FromText("a,b\n1,2\n3,\"half a\nfield", "t.csv");
  ASSERT_TRUE(reader.ok());
  EXPECT_TRUE(reader->Next());
  EXPECT_FALSE(reader->Next());
  EXPECT_FALSE(reader->Outcome().ok());
  EXPECT_EQ(reader->Error().code, CsvCode::kUnclosedQuote);
  EXPECT_EQ(reader->Error().row, 3);
  EXPECT_EQ(reader->Error().column, 2);
  EXPECT_FALSE(reader->Next());
}

TEST(CsvReader, FileCutInsideARow) {
  StatusOr<CsvReader> reader = CsvReader::FromText("a,b,c\n1,2,3\n4,5", "t.csv");
  ASSERT_TRUE(reader.ok());
  EXPECT_TRUE(reader->Next());
  EXPECT_TRUE(reader->Next());
  ASSERT_TRUE(reader->IsBad());
  EXPECT_EQ(reader->Error().ToString(),
            "t.csv row 3: wrong_column_count: 2 fields where the header has 3; the file ends here, "
            "it may have been cut");
}

TEST(CsvReader, RecordLongerThanTheBound) {
  const std::string text = "a,b\n1,\"" + std::string(5'000, 'x') + "\",\n";
  StatusOr<CsvReader> reader = CsvReader::FromText(text, "t.csv", {.max_record_bytes = 4'096});
  ASSERT_TRUE(reader.ok());
  EXPECT_FALSE(reader->Next());
  EXPECT_EQ(reader->Error().code, CsvCode::kRecordTooLong);
  EXPECT_EQ(reader->Error().row, 2);
}

TEST(CsvReader, FilesThatCannotBeReadAtAll) {
  EXPECT_EQ(CsvReader::Open("/nonexistent/x.csv").status().code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(CsvReader::Open("/").ok());
  struct Case {
    std::string text;
    const char* code;
  };
  for (const Case& c :
       {Case{"", "empty_file"}, Case{"\n\n", "empty_file"}, Case{"\xEF\xBB\xBF", "empty_file"},
        Case{"\xFF\xFE"
             "a",
             "wrong_encoding"},
        Case{std::string("\0a\0,", 4), "nul_byte"}, Case{"a,\"b", "unclosed_quote"},
        Case{"a,\xFF\n", "invalid_utf8"}}) {
    const Status status = CsvReader::FromText(c.text, "t.csv").status();
    EXPECT_NE(StatusMessage(status).find(c.code), std::string::npos) << status;
  }
}

TEST(CsvReader, RowsCountAsASpreadsheetDoesAndLinesAsAnEditorDoes) {
  StatusOr<CsvReader> reader = CsvReader::FromText("a,b\n\"x\ny\",1\n\n2,3\n4\n", "t.csv");
  ASSERT_TRUE(reader.ok());
  ASSERT_TRUE(reader->Next());
  EXPECT_EQ(reader->RowNumber(), 2);
  EXPECT_EQ(reader->LineNumber(), 2);
  ASSERT_TRUE(reader->Next());
  EXPECT_EQ(reader->RowNumber(), 4);
  EXPECT_EQ(reader->LineNumber(), 5);
  EXPECT_EQ(reader->BadValue(1, "is no NPI").ToString(),
            "t.csv row 4 (line 5) column 2 'b': bad_value: is no NPI");
  ASSERT_TRUE(reader->Next());
  EXPECT_EQ(reader->Error().row, 5);
  EXPECT_EQ(reader->Error().line, 6);
}

// Random tables with every special character come back as they were written.
TEST(CsvWriter, WhatIsWrittenReadsBack) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937 random(seed);
  const std::string_view alphabet = "ab ,\"\r\n;='";
  for (int round = 0; round < 300; ++round) {
    const std::size_t columns = 1 + random() % 4;
    Rows rows(random() % 20);
    std::ostringstream out;
    CsvWriter writer(out, {.crlf = random() % 2 == 0});
    writer.AddRow(std::vector<std::string>(columns, "h"));
    for (auto& row : rows) {
      for (std::size_t i = 0; i < columns; ++i) {
        std::string field;
        for (std::size_t n = random() % 6; n > 0; --n)
          field += alphabet[random() % alphabet.size()];
        row.push_back(field);
      }
      writer.AddRow(row);
    }
    ASSERT_EQ(ReadGood(out.str()), rows);
  }
}

TEST(CsvWriter, QuotesOnlyWhereNeeded) {
  std::ostringstream out;
  CsvWriter writer(out);
  writer.AddRow({"a", "b c", "d,e", "f\"g", ""});
  EXPECT_EQ(out.str(), "a,b c,\"d,e\",\"f\"\"g\",\r\n");
}

class CsvFile : public testing::Test {
 protected:
  CsvFile()
      : path_(std::filesystem::temp_directory_path() /
              fmt::format("sluice_csv_{}.csv", std::random_device{}())) {}
  ~CsvFile() override { std::filesystem::remove(path_); }

  std::filesystem::path path_;
};

// Records that straddle every buffer end: the same text read from a file and from memory.
TEST_F(CsvFile, ReadsAsFromMemoryWhereverTheBufferEnds) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937 random(seed);
  std::ostringstream out;
  CsvWriter writer(out);
  writer.AddRow({"a", "b"});
  while (out.tellp() < 3'000'000) {
    const std::size_t length = random() % 8 == 0 ? random() % 120'000 : random() % 50;
    std::string field(length, 'x');
    if (length > 0) field[random() % length] = "\"\n\r,y"[random() % 5];
    writer.AddRow({field, "z\"\""});
  }
  std::ofstream(path_, std::ios::binary) << out.str();
  const Rows expected = ReadGood(out.str());
  StatusOr<CsvReader> reader = CsvReader::Open(path_.string());
  ASSERT_TRUE(reader.ok()) << reader.status();
  std::size_t row = 0;
  while (reader->Next()) {
    ASSERT_FALSE(reader->IsBad()) << reader->Error().ToString();
    ASSERT_LT(row, expected.size());
    ASSERT_EQ((*reader)[0], expected[row][0]);
    ASSERT_EQ((*reader)[1], expected[row][1]);
    ++row;
  }
  EXPECT_TRUE(reader->Outcome().ok());
  EXPECT_EQ(row, expected.size());
}

TEST(CsvReader, ReadsTheRealParticipantList) {
  const char* const shared = std::getenv("SLUICE_SHARED");
  const std::filesystem::path folder =
      std::filesystem::path(shared == nullptr ? "../shared" : shared) / "data/aco_participants";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "skipped: no ../shared/data";
  StatusOr<CsvReader> reader =
      CsvReader::Open((folder / "mssp_aco_participants_PY2026.csv").string());
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_TRUE(reader->Column("participant_org").ok());
  int rows = 0;
  while (reader->Next()) {
    ASSERT_FALSE(reader->IsBad()) << reader->Error().ToString();
    ++rows;
  }
  EXPECT_EQ(rows, 15'370);
}

}  // namespace
}  // namespace sluice
