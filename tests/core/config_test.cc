// Configuration: what is read, and the message of every fault.
#include "core/config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace sluice {
namespace {

Config Read(std::string_view text) {
  StatusOr<Config> config = Config::FromText(text, "sluice.toml");
  EXPECT_TRUE(config.ok()) << config.status();
  return std::move(config).value();
}

std::string Faults(const Config& config) { return StatusMessage(config.Finish()); }

TEST(Config, ReadsEveryKind) {
  const Config config = Read(R"(
name = "Bay Health Plan"
members = 100_000
sealed = true
start = 2026-10-05
end = "10/6/2026"
cap = "1,250.00"
floor = 175
share = "37.5%"
streams = ["PH", "QI"]
[database]
uri = "host=/run"
[[bank]]
name = "one"
[[bank]]
name = "two"
)");
  const ConfigSection root = config.Root();
  EXPECT_EQ(root.RequiredText("name"), "Bay Health Plan");
  EXPECT_EQ(root.Integer("members", 0, {}), 100'000);
  EXPECT_TRUE(root.Boolean("sealed", false));
  EXPECT_EQ(root.RequiredDate("start"), MakeDate(2026, 10, 5));
  EXPECT_EQ(root.OptionalDate("end"), MakeDate(2026, 10, 6));
  EXPECT_EQ(root.OptionalMoney("cap")->Cents(), 125'000);
  EXPECT_EQ(root.OptionalMoney("floor")->Cents(), 17'500);
  EXPECT_EQ(*root.OptionalRatio("share"), Ratio(3, 8));
  EXPECT_EQ(root.Texts("streams"), (std::vector<std::string>{"PH", "QI"}));
  EXPECT_EQ(root.Section("database").RequiredText("uri"), "host=/run");
  const std::vector<ConfigSection> banks = root.Sections("bank");
  ASSERT_EQ(banks.size(), 2U);
  EXPECT_EQ(banks[0].RequiredText("name"), "one");
  EXPECT_EQ(banks[1].RequiredText("name"), "two");
  EXPECT_TRUE(config.Finish().ok()) << config.Finish();
}

TEST(Config, AbsentKeysReadAsTheirFallbacks) {
  const Config config = Read("");
  const ConfigSection none = config.Root().Section("database");
  EXPECT_EQ(none.Integer("pool_size", 8, {}), 8);
  EXPECT_EQ(none.Text("uri", "x"), "x");
  EXPECT_FALSE(none.Boolean("trace", false));
  EXPECT_FALSE(none.OptionalMoney("cap").has_value());
  EXPECT_TRUE(none.Texts("a").empty());
  EXPECT_TRUE(none.Section("deeper").Keys().empty());
  EXPECT_TRUE(none.Sections("b").empty());
  EXPECT_TRUE(config.Finish().ok());
}

TEST(Config, NamesAnUnknownKeyAndTheNearestKnownOne) {
  const Config config = Read("[database]\nuri = \"x\"\npol_size = 9\n[typo]\na = 1\n");
  const ConfigSection database = config.Root().Section("database");
  database.RequiredText("uri");
  database.Integer("pool_size", 8, {});
  EXPECT_EQ(Faults(config),
            "sluice.toml:3:1: database.pol_size: unknown key; did you mean 'pool_size'?\n"
            "sluice.toml:4:2: typo: unknown key");
}

TEST(Config, UnknownKeysInArraysOfTables) {
  const Config config = Read("[[bank]]\nname = \"one\"\n[[bank]]\nnmae = \"two\"\n");
  for (const ConfigSection& bank : config.Root().Sections("bank")) bank.Text("name", "");
  EXPECT_EQ(Faults(config), "sluice.toml:4:1: bank[2].nmae: unknown key; did you mean 'name'?");
}

TEST(Config, ReportsAllFaultsInTheOrderOfTheFile) {
  const Config config = Read(
      "port = \"80\"\npool = 0\nsome = -1\nmode = \"fast\"\nname = \"\"\non = 1\nlist = [1]\n"
      "day = \"soon\"\ncap = \"1.234\"\nshare = \"much\"\ntable = 1\nrate = 0.15\n");
  const ConfigSection root = config.Root();
  root.OptionalRatio("share");
  root.OptionalRatio("rate");
  root.OptionalMoney("cap");
  root.OptionalDate("day");
  root.Texts("list");
  root.Boolean("on", false);
  root.RequiredText("name");
  root.Choice("mode", {"text", "json"}, "text");
  EXPECT_EQ(root.Integer("some", 5, {.least = 0}), 5);
  root.Integer("pool", 8, {.least = 1, .most = 64});
  root.Integer("port", 443, {});
  root.Section("table");
  root.RequiredText("uri");
  root.RequiredInteger("size", {});
  root.RequiredDate("start");
  root.RequiredSection("ledger");
  EXPECT_EQ(Faults(config),
            "sluice.toml:1:1: uri: missing; expected text in quotes\n"
            "sluice.toml:1:1: size: missing; expected an integer\n"
            "sluice.toml:1:1: start: missing; expected a date, for instance 2026-10-05\n"
            "sluice.toml:1:1: ledger: missing; expected a table [ledger]\n"
            "sluice.toml:1:8: port: expected an integer, found text\n"
            "sluice.toml:2:8: pool: is 0; expected 1 to 64\n"
            "sluice.toml:3:8: some: is -1; expected 0 or more\n"
            "sluice.toml:4:8: mode: is 'fast'; expected one of text, json\n"
            "sluice.toml:5:8: name: must not be empty\n"
            "sluice.toml:6:6: on: expected true or false, found an integer\n"
            "sluice.toml:7:8: list: expected an array of texts, for instance [\"a\", \"b\"]\n"
            "sluice.toml:8:7: day: expected a date, for instance 2026-10-05\n"
            "sluice.toml:9:7: cap: expected dollars as text, for instance \"1,250.00\"\n"
            "sluice.toml:10:9: share: expected a number as text, for instance \"0.15\", \"15%\" or "
            "\"3/20\"\n"
            "sluice.toml:11:9: table: expected a table, found an integer\n"
            "sluice.toml:12:8: rate: expected a number as text, for instance \"0.15\", \"15%\" or "
            "\"3/20\"");
}

TEST(Config, MissingKeysOfASectionPointAtTheSection) {
  const Config config = Read("a = 1\n\n[bank]\nx = 1\n");
  config.Root().Integer("a", 0, {});
  config.Root().Section("bank").Integer("x", 0, {});
  config.Root().Section("bank").RequiredText("routing");
  EXPECT_EQ(Faults(config), "sluice.toml:3:1: bank.routing: missing; expected text in quotes");
}

TEST(Config, CallersAddFaultsOfTheirOwn) {
  const Config config = Read("[bank]\nrouting = \"123\"\n");
  const ConfigSection bank = config.Root().Section("bank");
  bank.RequiredText("routing");
  bank.Fault("routing", "nine digits are needed");
  EXPECT_EQ(Faults(config), "sluice.toml:2:11: bank.routing: nine digits are needed");
}

TEST(Config, KeysThatAreData) {
  const Config config = Read("[columns]\nnpi = \"NPI\"\nname = \"Full name\"\n");
  const ConfigSection columns = config.Root().Section("columns");
  EXPECT_EQ(columns.Keys(), (std::vector<std::string>{"name", "npi"}));
  for (const std::string& key : columns.Keys()) EXPECT_FALSE(columns.RequiredText(key).empty());
  EXPECT_TRUE(config.Finish().ok());
}

TEST(Config, NamesThePlaceWhereTheFileIsNoToml) {
  const Status status = Config::FromText("a = 1\nb = \n", "sluice.toml").status();
  EXPECT_EQ(StatusMessage(status).substr(0, 26), "sluice.toml:2:5: not TOML:") << status;
  EXPECT_FALSE(Config::FromText("a = 1\na = 2\n", "t").ok());
}

TEST(Config, LoadsFiles) {
  EXPECT_EQ(Config::Load("/nonexistent/sluice.toml").status().code(), absl::StatusCode::kNotFound);
  const std::filesystem::path path =
      std::filesystem::path(testing::TempDir()) / "sluice_config_test.toml";
  std::ofstream(path) << "a = 5\n";
  const StatusOr<Config> config = Config::Load(path.string());
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->Root().Integer("a", 0, {}), 5);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace sluice
