// Rows of splits of bank lines and of who looks after a line. No rules.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/pg/database.h"
#include "payments/payee_store.h"
#include "payments/reconciliation/line_split.h"

namespace sluice::payments {

struct LineSplitTag {
  static constexpr std::string_view kPrefix = "lsp";
};
using LineSplitId = Id<LineSplitTag>;
// A booked line of a statement, as people name it.
struct BankLineTag {
  static constexpr std::string_view kPrefix = "bln";
};
using BankLineId = Id<BankLineTag>;

// The numbers are stored.
enum class LineSplitState : std::int16_t { kWaits = 0, kPosted = 1, kRejected = 2 };

struct LineSplitRow {
  LineSplitId id;
  BankLineId line;
  bool two_people = false;
  std::string reason;
  Recorded requested;
  LineSplitState state = LineSplitState::kWaits;
  std::string decision;
  std::vector<SplitPart> parts;
};
// As it waits. AlreadyExists is the caller's to find out: a line has one that is not rejected.
void InsertLineSplit(pg::Transaction& tx, BookId book, const LineSplitRow& row);
// With its parts.
std::optional<LineSplitRow> LockLineSplit(pg::Transaction& tx, BookId book, LineSplitId id);
std::optional<LineSplitRow> FindLineSplit(pg::Transaction& tx, BookId book, LineSplitId id);
// The one of a line that was asked for last.
std::optional<LineSplitRow> FindNewestSplit(pg::Transaction& tx, BookId book, BankLineId line);
// Those that wait, by id, with their parts.
std::vector<LineSplitRow> LoadWaitingSplits(pg::Transaction& tx, BookId book);
void DecideLineSplit(pg::Transaction& tx, BookId book, LineSplitId id, LineSplitState state,
                     const std::string& decision, const Recorded& recorded);

struct LineOwner {
  UserId owner;
  std::string note;
};
void InsertLineOwner(pg::Transaction& tx, BookId book, BankLineId line, const LineOwner& owner,
                     const Recorded& recorded);
// The newest of each open line.
std::map<BankLineId, LineOwner> LoadLineOwners(pg::Transaction& tx, BookId book);

}  // namespace sluice::payments
