// deploy/schema.sql is what the migrations make. UPDATE_GOLDEN=1 rewrites it.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "core/pg/embedded.h"
#include "tests/support/test_database.h"

namespace sluice::pg {
namespace {

constexpr const char* kPath = "deploy/schema.sql";
constexpr const char* kHeader =
    "-- The whole schema, for reading: what deploy/migrations make, as pg_dump writes it.\n"
    "-- A test keeps it true; UPDATE_GOLDEN=1 build/debug/tests/schema_test rewrites it.\n";

// Without what changes from one minor version of the server to the next.
std::string Normalize(const std::string& dump) {
  std::istringstream in(dump);
  std::string out = kHeader;
  bool blank = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("-- Dumped ") || line.starts_with("\\restrict") ||
        line.starts_with("\\unrestrict") || line.starts_with("-- PostgreSQL database dump") ||
        line == "--") {
      continue;
    }
    if (line.empty()) {
      blank = true;
      continue;
    }
    if (blank) out += '\n';
    blank = false;
    out += line + '\n';
  }
  return out;
}

std::string Dump(const ConnectOptions& options) {
  const std::string bin = FindServerPrograms().value();
  const std::string command =
      fmt::format("PGPASSFILE='{}' '{}/pg_dump' --schema-only --dbname='{} dbname={}' 2>&1",
                  options.password_file, bin, options.uri, options.database);
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  std::array<char, 4096> buffer{};
  while (const std::size_t read = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    text.append(buffer.data(), read);
  }
  EXPECT_EQ(pclose(pipe), 0) << text;
  return text;
}

TEST(Schema, IsWhatTheMigrationsMake) {
  if (std::getenv("SLUICE_TEST_DATABASE_URL") != nullptr) {
    GTEST_SKIP() << "skipped: compared on the embedded server only";
  }
  testing::TestDatabase db;
  const std::string now = Normalize(Dump(db.AdminOptions()));
  ASSERT_NE(now.find("CREATE TABLE core.payer"), std::string::npos) << now;
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(kPath, std::ios::binary) << now;
  std::ifstream file(kPath, std::ios::binary);
  const std::string stored(std::istreambuf_iterator<char>(file), {});
  EXPECT_TRUE(stored == now)
      << "deploy/schema.sql is not what the migrations make: run with UPDATE_GOLDEN=1 and review";
}

}  // namespace
}  // namespace sluice::pg
