// Configuration in TOML, with errors that name file, line, column, key and what is expected.
//
//   1. Every key that is read is declared by reading it: Finish() refuses the keys nobody read,
//      and suggests the nearest one that exists. So a typing error is never silently a default.
//   2. All faults of a file are collected and reported together by Finish(). Until then a faulty
//      key reads as its fallback (or as an empty value): use nothing before Finish() is ok.
//   3. Numbers are integers. An amount or a ratio is written as text ("0.15", "1,250.00") and read
//      with OptionalMoney() or OptionalRatio(): a binary fraction cannot hold a cent.
//
//   ASSIGN_OR_RETURN(Config config, Config::Load(path));
//   const ConfigSection database = config.Root().Section("database");
//   options.uri = database.RequiredText("uri");
//   options.pool_size = database.Integer("pool_size", 8, {.least = 1, .most = 64});
//   RETURN_IF_ERROR(config.Finish());
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/money.h"
#include "core/status.h"

namespace sluice {

// The bounds of an integer, both included.
struct IntegerBounds {
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

// One table of the file. A cheap handle: copies refer to the same file.
class ConfigSection {
 public:
  // The table `key`; where the file has none, an empty one: all its keys read as absent.
  ConfigSection Section(std::string_view key) const;
  // The same, but its absence is a fault.
  ConfigSection RequiredSection(std::string_view key) const;
  // The array of tables [[key]] in the order of the file; empty where there is none.
  std::vector<ConfigSection> Sections(std::string_view key) const;

  bool Has(std::string_view key) const;
  // The keys of this table in alphabetical order, for tables whose keys are data. The caller
  // still reads each.
  std::vector<std::string> Keys() const;

  std::string Text(std::string_view key, std::string_view fallback) const;
  std::string RequiredText(std::string_view key) const;  // also a fault: ""
  std::optional<std::string> OptionalText(std::string_view key) const;
  // One of `choices`; the fault lists them.
  std::string Choice(std::string_view key, const std::vector<std::string>& choices,
                     std::string_view fallback) const;
  std::vector<std::string> Texts(std::string_view key) const;  // empty where absent

  std::int64_t Integer(std::string_view key, std::int64_t fallback, IntegerBounds bounds) const;
  std::int64_t RequiredInteger(std::string_view key, IntegerBounds bounds) const;
  bool Boolean(std::string_view key, bool fallback) const;

  // A TOML date (2026-10-05) or the same as text.
  std::optional<Date> OptionalDate(std::string_view key) const;
  Date RequiredDate(std::string_view key) const;
  // Text that Money::Parse or Ratio::Parse reads; an integer means whole dollars or a whole number.
  std::optional<Money> OptionalMoney(std::string_view key) const;
  std::optional<Ratio> OptionalRatio(std::string_view key) const;

  // Adds a fault of the caller's own at `key`: "sluice.toml:3:7: bank.routing: <reason>".
  void Fault(std::string_view key, std::string_view reason) const;
  // "bank.files", for messages; empty for the root.
  const std::string& Path() const { return path_; }

 private:
  friend class Config;
  struct State;
  ConfigSection(std::shared_ptr<State> state, const void* table, std::string path);
  std::string PathOf(std::string_view key) const;
  // The key's value, noted as read; null where absent.
  const void* Find(std::string_view key) const;
  void Missing(std::string_view key, std::string_view expected) const;

  std::shared_ptr<State> state_;
  const void* table_;  // a toml::table of state_, or null for an absent section
  std::string path_;
};

class Config {
 public:
  // NotFound when the file cannot be read; InvalidArgument with place and reason when it is no
  // TOML.
  static StatusOr<Config> Load(const std::string& path);
  static StatusOr<Config> FromText(std::string_view text, const std::string& name);

  ConfigSection Root() const;
  // InvalidArgument with every fault, one a line, in the order of the file: those found while
  // reading, and the keys that nobody read.
  Status Finish() const;
  // The keys that were asked for and that the file leaves out, by their paths in alphabetical
  // order: what its readers know beyond it. Tables that it leaves out hide theirs.
  std::vector<std::string> Absent() const;

 private:
  explicit Config(std::shared_ptr<ConfigSection::State> state) : state_(std::move(state)) {}

  std::shared_ptr<ConfigSection::State> state_;
};

}  // namespace sluice
