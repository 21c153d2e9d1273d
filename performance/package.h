// Replay packages: one award as a text that can be recomputed with no database.
//
//   1. A package holds everything the award rests on: the terms, the facts, the slice of the
//      hierarchy with its facts, and the dates; then what came out: every step, amount and share.
//   2. It is lines of tab-separated fields, in one fixed order. The same award has one text, byte
//      for byte; the last line is the SHA-256 of all lines before it.
//   3. A replay reads the inputs, settles again, writes the package anew and compares. So a change
//      to any byte is found. When somebody made the last line fit, a change to the inputs or the
//      result is still found; only the names of program, contract and award rest on that line, and
//      the database keeps its hash.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/id.h"
#include "core/status.h"
#include "performance/settlement.h"

namespace sluice::performance {

// Which award a package is of.
struct PackageHeader {
  ProgramId program;
  std::string program_name;
  std::string stream;  // VBPR code
  ContractId contract;
  AwardId award;
  std::int32_t version = 0;

  friend bool operator==(const PackageHeader&, const PackageHeader&) = default;
};

// What names an input: equal hashes mean that nothing a calculation reads has changed.
struct InputHashes {
  Digest terms{};  // all zero when no terms are in force
  Digest facts{};
  Digest hierarchy{};  // the participants and their facts
  Digest input{};      // all of these and the dates

  friend bool operator==(const InputHashes&, const InputHashes&) = default;
};
InputHashes HashInput(const SettlementInput& input);

// Requires: settlement == Settle(input).
std::string ExportPackage(const PackageHeader& header, const SettlementInput& input,
                          const Settlement& settlement);

struct ReplayReport {
  PackageHeader header;
  std::optional<Terms> terms;  // those that the package states
  Participant party;           // the slice of the hierarchy that it states
  Settlement settlement;       // as recomputed
  // What the package says and the replay does not, or the other way round; empty when all is well.
  // At most 20 lines are shown, and a last one counts the rest.
  std::vector<std::string> differences;

  bool Matches() const { return differences.empty(); }
};

// Replays a package. InvalidArgument names the line when the text cannot be read as a package at
// all; everything that can be read and differs is in the report.
StatusOr<ReplayReport> ReplayPackage(std::string_view text);

// The report for a person: the award, the counts of what was compared, the differences.
std::string ToText(const ReplayReport& report);

}  // namespace sluice::performance
