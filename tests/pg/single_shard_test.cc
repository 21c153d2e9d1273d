// Every statement of payments/ on tables that are distributed by book names one book, so that on a
// cluster it goes to one shard: the money path has no distributed transaction and no half-seen sum.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// What reads over all books of a payer, and why it may. None of them writes, and nothing is paid by
// what they say alone.
const std::map<std::string, std::string> kOverBooks = {
    {"inbound_find_sent_traces", "a bank's return names a trace, not a book"},
    {"inbound_find_remittance_file", "an acknowledgment names an interchange, not a book"},
    {"payments_find_reversal_entries", "a return of a reversal names a trace, not a book"},
    {"payments_load_program_tax_boxes", "a year's tax report is over all programs"},
    {"payments_load_taxable_payments", "a year's tax report is over all programs"},
};

std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::set<std::string> TablesByBook() {
  const std::string script = Read("deploy/distribution.sql");
  const std::regex line(R"(create_distributed_table\('([a-z_.]+)', 'book_id')");
  std::set<std::string> tables;
  for (std::sregex_iterator it(script.begin(), script.end(), line), end; it != end; ++it) {
    tables.insert((*it)[1]);
  }
  return tables;
}

struct Statement {
  std::string name, sql;
};

// {"name", R"sql(...)sql"} of a source file. A COPY, which takes no parameters and has no name,
// gets what stands in quotes before it.
std::vector<Statement> StatementsOf(const std::string& text) {
  constexpr std::string_view kOpen = "R\"sql(";
  constexpr std::string_view kClose = ")sql\"";
  std::vector<Statement> statements;
  std::size_t at = 0;
  while ((at = text.find(kOpen, at)) != std::string::npos) {
    const std::size_t begin = at + kOpen.size();
    const std::size_t end = text.find(kClose, begin);
    const std::size_t quote = text.rfind('"', at - 1);
    const std::size_t name = quote == std::string::npos ? quote : text.rfind('"', quote - 1);
    if (end == std::string::npos || name == std::string::npos) break;
    statements.push_back(
        {text.substr(name + 1, quote - name - 1), text.substr(begin, end - begin)});
    at = end;
  }
  return statements;
}

bool Touches(const std::string& sql, const std::set<std::string>& tables) {
  static const std::regex table(R"((?:FROM|JOIN|INTO|UPDATE)\s+([a-z]+\.[a-z_]+))");
  for (std::sregex_iterator it(sql.begin(), sql.end(), table), end; it != end; ++it) {
    if (tables.contains((*it)[1])) return true;
  }
  return false;
}

bool NamesOneBook(const std::string& sql) {
  static const std::regex one(
      R"(book_id\s*=\s*(\$\d|\{\})|INSERT INTO\s+[a-z_.]+(\s+AS\s+[a-z]+)?\s*\(\s*book_id)");
  return std::regex_search(sql, one);
}

TEST(SingleShard, EveryStatementOnABooksTablesNamesOneBook) {
  const std::set<std::string> tables = TablesByBook();
  ASSERT_GT(tables.size(), 40U);
  std::vector<std::string> wide;
  std::set<std::string> unused;
  for (const auto& [name, reason] : kOverBooks) unused.insert(name);
  int checked = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("payments")) {
    if (entry.path().extension() != ".cc") continue;
    for (const Statement& statement : StatementsOf(Read(entry.path()))) {
      if (!Touches(statement.sql, tables)) continue;
      ++checked;
      if (NamesOneBook(statement.sql)) continue;
      unused.erase(statement.name);
      if (!kOverBooks.contains(statement.name)) {
        wide.push_back(entry.path().string() + " " + statement.name);
      }
    }
  }
  EXPECT_GT(checked, 200);
  EXPECT_THAT(wide, IsEmpty()) << "give it book_id = $n, or say above why it reads over books";
  EXPECT_THAT(unused, IsEmpty()) << "exceptions that nothing needs";
}

TEST(SingleShard, SeesAStatementOverAllBooks) {
  const auto statements = StatementsOf(
      "constexpr pg::Query kOne{\"one\", R\"sql(\n  SELECT 1\n  FROM payments.run AS r\n"
      "  WHERE r.book_id = $1\n)sql\"};\n"
      "constexpr pg::Query kAll{\"all\", R\"sql(\n  SELECT 1\n  FROM payments.run\n)sql\"};\n");
  ASSERT_EQ(statements.size(), 2U);
  EXPECT_THAT((std::vector{statements[0].name, statements[1].name}), ElementsAre("one", "all"));
  EXPECT_TRUE(Touches(statements[1].sql, {"payments.run"}));
  EXPECT_FALSE(Touches(statements[1].sql, {"payments.run_line"}));
  EXPECT_TRUE(NamesOneBook(statements[0].sql));
  EXPECT_FALSE(NamesOneBook(statements[1].sql));
}

}  // namespace
}  // namespace sluice
