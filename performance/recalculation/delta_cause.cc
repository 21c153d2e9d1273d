#include "performance/recalculation/delta_cause.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace sluice::performance {
namespace {

constexpr std::size_t kShownCauses = 3;
constexpr std::string_view kOther = "other days of the hierarchy or of the payment";

// The calculation reads these itself; the others it sees through a detail engine, or both ways.
bool IsReadDirectly(EditKind kind) {
  return kind == EditKind::kFact || kind == EditKind::kOverride;
}

struct Line {
  Money amount;
  std::vector<const ChangeEvent*> events;  // by (recorded_at, id)
};

std::string TextOf(const Line& line) {
  if (line.events.empty()) return std::string(kOther);
  if (line.events.size() == 1) return line.events.front()->cause;
  std::string text = fmt::format("{} changes together: ", line.events.size());
  for (std::size_t i = 0; i < std::min(line.events.size(), kShownCauses); ++i) {
    text += (i == 0 ? "" : "; ") + line.events[i]->cause;
  }
  if (line.events.size() > kShownCauses) {
    text += fmt::format("; and {} more", line.events.size() - kShownCauses);
  }
  return text;
}

class Explainer {
 public:
  explicit Explainer(const DeltaInput& input) : input_(input), last_(input.before) {}

  std::vector<DeltaCause> Explain() {
    if (input_.anew != input_.before) AddLine({}, input_.anew);
    for (const PayableAt& state : input_.states) {
      CHECK(std::exchange(time_, state.at) <= state.at);
      TakeEvents(state.at);
      if (!state.payable) continue;  // what was recorded counts with what came next
      if (state.of_engine) {
        TakeEngine(*state.payable);
      } else {
        TakeDirect(*state.payable);
      }
    }
    TakeEvents(std::nullopt);
    TakeEngine(input_.after);
    return Finish();
  }

 private:
  // Moves the events recorded by then to those that have no amount yet.
  void TakeEvents(std::optional<Instant> until) {
    while (next_ < input_.events.size() &&
           (!until || input_.events[next_].recorded_at <= *until)) {
      fresh_.push_back(&input_.events[next_++]);
    }
  }

  void TakeDirect(Money payable) {
    if (!fresh_.empty()) {
      AddLine(fresh_, payable);
      for (const ChangeEvent* event : fresh_) waiting_.push_back(event);
      fresh_.clear();
    }
  }

  // An engine's result belongs to the changes since the last one that act through it.
  void TakeEngine(Money payable) {
    for (const ChangeEvent* event : fresh_) waiting_.push_back(event);
    std::vector<const ChangeEvent*> through = waiting_;
    if (std::ranges::any_of(through, [](const auto* e) { return !IsReadDirectly(e->kind); })) {
      std::erase_if(through, [](const auto* e) { return IsReadDirectly(e->kind); });
    }
    if (payable != last_ || !fresh_.empty()) {
      // Facts that were recorded in the same breath have no amount of their own.
      for (const ChangeEvent* event : fresh_) {
        if (std::ranges::find(through, event) == through.end()) through.push_back(event);
      }
      AddLine(through, payable);
    }
    fresh_.clear();
    waiting_.clear();
  }

  // Adds what changed since the last instant. Lines that share a change become one.
  void AddLine(std::vector<const ChangeEvent*> events, Money payable) {
    Line line{.amount = payable - last_, .events = std::move(events)};
    last_ = payable;
    for (std::size_t i = 0; i < lines_.size();) {
      const bool shared = std::ranges::any_of(line.events, [&](const ChangeEvent* event) {
        return std::ranges::find(lines_[i].events, event) != lines_[i].events.end();
      });
      if (!shared) {
        ++i;
        continue;
      }
      // An engine that changed nothing more leaves the lines as they are.
      if (line.amount.IsZero()) {
        for (const ChangeEvent* event : lines_[i].events) std::erase(line.events, event);
        ++i;
        continue;
      }
      line.amount += lines_[i].amount;
      for (const ChangeEvent* event : lines_[i].events) {
        if (std::ranges::find(line.events, event) == line.events.end()) {
          line.events.push_back(event);
        }
      }
      lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (line.events.empty() && line.amount.IsZero()) return;
    lines_.push_back(std::move(line));
  }

  std::vector<DeltaCause> Finish() {
    std::vector<DeltaCause> causes;
    Money sum;
    for (Line& line : lines_) {
      std::ranges::sort(line.events, {}, [](const ChangeEvent* event) {
        return std::pair(event->recorded_at, event->id);
      });
      DeltaCause cause{.amount = line.amount, .cause = TextOf(line)};
      for (const ChangeEvent* event : line.events) cause.events.push_back(event->id);
      std::ranges::sort(cause.events);
      sum += cause.amount;
      causes.push_back(std::move(cause));
    }
    CHECK(sum == input_.after - input_.before);
    return causes;
  }

  const DeltaInput& input_;
  Money last_;
  Instant time_;
  std::size_t next_ = 0;
  std::vector<const ChangeEvent*> fresh_;    // recorded, without an amount yet
  std::vector<const ChangeEvent*> waiting_;  // whose effect through an engine is still to come
  std::vector<Line> lines_;
};

}  // namespace

std::vector<DeltaCause> ExplainDelta(const DeltaInput& input) {
  return Explainer(input).Explain();
}

}  // namespace sluice::performance
