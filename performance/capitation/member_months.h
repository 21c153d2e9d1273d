// The member-months of one contract and run: facts of today against what was posted, as lines.
//
// Pure: no database, clock or randomness; nothing depends on the order of a member's rows. One
// member at a time, so that a run of any size needs the memory of one member.
//
//   For each month of the contract that is open or was touched by something new:
//     new   = today's facts at that month's rates and factor
//     delta = new - what was posted for (member, month, payee)
//   A month whose window is closed is listed once with delta zero, RETRO_WINDOW_CLOSED. A month
//   that is neither paid nor was, but that the coverage touches, is listed once with zero,
//   MEMBER_NOT_PAYABLE_THIS_MONTH. A month that did not change is not listed.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "performance/capitation/line.h"
#include "performance/capitation/panel.h"
#include "performance/capitation/rate_plan.h"

namespace sluice::performance {

// What the runs before posted for a member, month and payee: the sum, and how the last line saw it.
struct PostedMonth {
  PartyId payee;
  MonthNumber month = 0;
  std::int64_t cents = 0;      // the sum of the deltas
  std::int64_t new_cents = 0;  // of the last line
  std::int64_t known_at = 0;   // of the last line's run, microseconds
  MonthPrice price;            // of the last open line
  std::int16_t age = -1;
  bool payable = false;
  bool closed = false;  // the last line was outside its window
};
// Takes up a line of a run that knew what was recorded by `known_at`. Lines come in the order of
// their runs.
void AddPosted(const MemberMonthLine& line, std::int64_t known_at, PostedMonth& posted);

// Why a contract has no result.
struct BlockedMonths {
  std::int64_t count = 0;
  ReasonCode reason = ReasonCode::kMissingInput;  // of the first
  std::string text;  // "member 17 in 2026-07: no rate cell for age 34, female, ..."
};

class MemberMonths {
 public:
  // The plan outlives the object.
  explicit MemberMonths(const RatePlan& plan);

  // Appends the lines of one member, by month and payee. `spans` are all versions, those with newer
  // ones marked superseded, retracted ones included; `posted` is what the contract's runs posted
  // for the member.
  void Add(std::int64_t member, std::span<const PanelSpan> spans,
           std::span<const PanelPremium> premiums, std::span<const PostedMonth> posted,
           std::vector<MemberMonthLine>& lines);

  const BlockedMonths& Blocked() const { return blocked_; }
  // Member-months that were looked at and did not change.
  std::int64_t Unchanged() const { return unchanged_; }

 private:
  // What one payee is due for one month.
  struct Entry {
    PartyId payee;
    const PanelSpan* span = nullptr;   // what it is payable by
    const PanelSpan* touch = nullptr;  // a span that touches the month
    const PostedMonth* posted = nullptr;
    int days = 0;
    int days_of = 1;
    MonthPrice price;
    std::int64_t new_cents = 0;
    std::int16_t age = -1;
    bool waiting = false;   // a new member who does not count yet
    bool excluded = false;  // touched by a span whose product is not paid for
    bool Payable() const { return span != nullptr; }
  };
  // The months that a span pays by a whole-month method: [from, to).
  struct SpanMonths {
    MonthNumber from = 0;
    MonthNumber to = 0;
  };
  struct Member {
    std::int64_t id = 0;
    std::span<const PanelSpan> spans;
    std::span<const PanelPremium> premiums;
    std::span<const PostedMonth> posted;
    MonthNumber joined = 0;
  };

  SpanMonths WholeMonths(std::span<const PanelSpan> spans, const PanelSpan& span) const;
  // What the contract calls the date of the span's end. Where another span of the member goes on,
  // coverage does not end, and the change is dated by the first day of that one.
  DayNumber EndOf(std::span<const PanelSpan> spans, const PanelSpan& span) const;
  int DaysIn(const PanelSpan& span, MonthNumber month) const;
  MonthNumber FirstMonthOf(const Member& member) const;
  void Month(const Member& member, MonthNumber month, std::vector<MemberMonthLine>& lines);
  Entry& EntryOf(PartyId payee);
  void AddSpan(const Member& member, std::size_t index, MonthNumber month);
  bool Price(const Member& member, MonthNumber month, Entry& entry);
  bool Base(const Member& member, MonthNumber month, Entry& entry);
  void Emit(const Member& member, MonthNumber month, const Entry& entry,
            std::vector<MemberMonthLine>& lines);
  void EmitUnpaid(const Member& member, const Entry& entry, MemberMonthLine line,
                  std::vector<MemberMonthLine>& lines) const;
  // What explains a change of the month, and whether the month is open for it.
  struct Cause {
    const PanelSpan* span = nullptr;
    bool news = false;  // the span is newer than the last line of the month
    ChangeReason reason = ChangeReason::kRate;
    bool open = false;
  };
  Cause CauseOf(const Member& member, MonthNumber month, const Entry& entry) const;
  void Describe(const Member& member, const Entry& entry, const Cause& cause,
                MemberMonthLine& line) const;
  std::int64_t RoundAlong(PartyId payee, const Exact& delta);
  bool Changed(const Entry& entry) const;
  void Block(std::int64_t member, MonthNumber month, ReasonCode reason, std::string what);

  const RatePlan& plan_;
  bool per_total_;
  BlockedMonths blocked_;
  std::int64_t unchanged_ = 0;
  // Reused from member to member.
  std::vector<SpanMonths> whole_;
  std::vector<Entry> entries_;
  // Of rounding per total: what each payee's lines came to before this one.
  struct Running {
    Exact exact;
    std::int64_t cents = 0;
  };
  std::map<PartyId, Running> running_;
};

}  // namespace sluice::performance
