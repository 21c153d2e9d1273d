#include "payments/award_detail.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "performance/activity/activity_service.h"
#include "performance/capitation/capitation_service.h"
#include "performance/capitation/rate_plan.h"
#include "performance/member_month_facts.h"
#include "performance/members/member_store.h"
#include "performance/program_run/detail_source.h"

namespace sluice::payments {
namespace {

using performance::ActivityLine;
using performance::MemberMonthLine;
using performance::MemberMonthSum;
using performance::Participant;
using performance::ReasonCode;
using performance::ReplayReport;
using performance::StoredAward;

// "September 2026".
std::string MonthName(const Month& month) {
  const std::string day = FormatDateLong(month.FirstDay());
  return fmt::format("{} {}", day.substr(0, day.find(' ')), day.substr(day.size() - 4));
}

std::string Counted(std::int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string Capitalized(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return text;
}

// Lines beyond the first ones, by reason.
class Rest {
 public:
  void Add(ReasonCode reason, Money amount) {
    Sum& sum = sums_[reason];
    sum.count += 1;
    sum.amount += amount;
  }
  void AppendTo(std::vector<ExplanationStep>& steps, std::string_view noun) const {
    for (const auto& [reason, sum] : sums_) {
      steps.push_back({.label = fmt::format("{} more", Counted(sum.count, noun)),
                       .value = sum.amount.ToString(),
                       .note = std::string(performance::ReasonSentence(reason))});
    }
  }

 private:
  struct Sum {
    std::int64_t count = 0;
    Money amount;
  };
  std::map<ReasonCode, Sum> sums_;
};

// ---- member-months ----

// The label of the rate cell, where the price is from a rate table.
std::string CellLabel(const MemberMonthSum& basis, const performance::MonthPrice& price) {
  const auto* table = std::get_if<performance::RateTable>(&basis.base);
  if (table == nullptr || price.version < 0 || price.cell < 0) return "";
  const auto version = static_cast<std::size_t>(price.version);
  if (version >= table->versions.size()) return "";
  const auto cell = static_cast<std::size_t>(price.cell);
  if (cell >= table->versions[version].cells.size()) return "";
  return table->versions[version].cells[cell].label;
}

// What one member-month costs, as it was calculated.
std::string PriceOf(const performance::MonthPrice& price) {
  const bool plain = price.factor_numerator == price.factor_denominator &&
                     price.weight_millionths == 1'000'000 && price.days == price.days_of;
  if (plain) return UnitPrice::FromMillionths(price.base_millionths).ToString();
  return performance::PriceText(price);
}

std::string ReasonOf(const MemberMonthLine& line, const Participant& party) {
  std::string text = performance::FactText(line);
  const std::string id = line.other_payee.ToString();
  const std::size_t at = line.other_payee == PartyId() ? std::string::npos : text.find(id);
  if (at != std::string::npos) {
    const auto other =
        std::ranges::find(party.children, line.other_payee, &Participant::party);
    if (other != party.children.end()) text.replace(at, id.size(), other->name);
  }
  if (line.reason) text += fmt::format("; {}", performance::ReasonSentence(*line.reason));
  return text;
}

// The steps of one payee, from its lines and what the award's package says it is owed.
class PayeeMonths {
 public:
  PayeeMonths(const MemberMonthSum& basis, const StoredAward& stored, const Participant& party,
              const std::map<std::int64_t, std::string>& numbers)
      : basis_(basis),
        stored_(stored),
        party_(party),
        numbers_(numbers),
        month_(Month::Of(stored.period.from)) {}

  void Add(const MemberMonthLine& line) {
    total_ += Money::FromCents(line.delta_cents);
    const bool own = performance::ToMonth(line.month) == month_ && line.posted_cents == 0;
    if (own && line.payable && line.delta_cents != 0) {
      Group& group = groups_[{CellLabel(basis_, line.price), PriceOf(line.price)}];
      group.count += 1;
      group.amount += Money::FromCents(line.delta_cents);
      return;
    }
    changes_.push_back(line);
  }

  StatusOr<std::vector<ExplanationStep>> Steps(const Participant& payee) {
    std::vector<ExplanationStep> steps;
    for (const auto& [key, group] : groups_) {
      const auto& [cell, price] = key;
      steps.push_back({.label = fmt::format("{}{}{}", MonthName(month_), cell.empty() ? "" : ", ",
                                            cell),
                       .value = group.amount.ToString(),
                       .note = fmt::format("{} at {}", Counted(group.count, "member-month"),
                                           price)});
    }
    AddChanges(steps);
    RETURN_IF_ERROR(Check(payee, performance::kMonthsTotalFact, total_));
    RETURN_IF_ERROR(AddDeductions(payee, steps));
    return steps;
  }

 private:
  struct Group {
    std::int64_t count = 0;
    Money amount;
  };

  void AddChanges(std::vector<ExplanationStep>& steps) {
    std::ranges::stable_sort(changes_, {}, [](const MemberMonthLine& line) {
      return std::pair(line.month, line.member);
    });
    Rest rest;
    std::size_t listed = 0;
    for (const MemberMonthLine& line : changes_) {
      const Money amount = Money::FromCents(line.delta_cents);
      if (++listed > AwardDetails::kMostLines) {
        rest.Add(line.reason.value_or(ReasonCode::kRestated), amount);
        continue;
      }
      const auto number = numbers_.find(line.member);
      steps.push_back(
          {.label = fmt::format("{}, member {}", MonthName(performance::ToMonth(line.month)),
                                number == numbers_.end() ? std::to_string(line.member)
                                                         : number->second),
           .value = amount.ToString(),
           .note = Capitalized(ReasonOf(line, party_))});
    }
    rest.AppendTo(steps, "member-month");
  }

  // What the terms take from the payee, but the withhold, which is a line of its own.
  static Status AddDeductions(const Participant& payee, std::vector<ExplanationStep>& steps) {
    constexpr std::string_view kPrefix = "deducted.";
    for (const auto& [name, value] : payee.facts.Values()) {
      const auto* amount = std::get_if<Exact>(&value);
      if (amount == nullptr || !name.starts_with(kPrefix) || amount->IsZero()) continue;
      const std::string deduction = name.substr(kPrefix.size());
      const Money taken = Round(*amount, Rounding::kHalfAwayFromZero);
      steps.push_back({.label = deduction == "withhold" ? "Held back" : Capitalized(deduction),
                       .value = (-taken).ToString(),
                       .note = deduction == "withhold" ? "until a later settlement of the year"
                                                       : "deducted as the contract says"});
    }
    return OkStatus();
  }

  Status Check(const Participant& payee, std::string_view fact, Money lines) const {
    ASSIGN_OR_RETURN(const std::optional<Exact> said, payee.facts.Amount(fact));
    if (said.value_or(Exact()) == Exact(lines)) return OkStatus();
    return DataLoss("award {} version {}: the lines of {} add up to {}, its package says {}",
                    stored_.award, stored_.version, payee.party, lines,
                    said.value_or(Exact()).ToString());
  }

  const MemberMonthSum& basis_;
  const StoredAward& stored_;
  const Participant& party_;  // of the contract, with the payees below it
  const std::map<std::int64_t, std::string>& numbers_;
  Month month_;
  Money total_;
  std::map<std::pair<std::string, std::string>, Group> groups_;
  std::vector<MemberMonthLine> changes_;
};

// ---- events ----

std::string EventLabel(const ActivityLine& line) {
  return fmt::format("{} on {}", line.measure.empty() ? line.event.code : line.measure,
                     FormatDateLong(line.event.service_date));
}

std::string EventNote(const ActivityLine& line) {
  std::string note = std::string(performance::ReasonSentence(
      line.reason.value_or(ReasonCode::kAnnualLimitUsed)));
  if (!line.detail.empty()) note += fmt::format("; {}", line.detail);
  if (!line.event.evidence.empty()) note += fmt::format("; {}", line.event.evidence);
  return note;
}

StatusOr<Digest> LinesOfAward(const performance::Award& award) {
  for (const performance::Step& step : award.steps) {
    for (const performance::StepInput& input : step.inputs) {
      if (input.name != performance::kActivityLines) continue;
      ASSIGN_OR_RETURN(const Bytes bytes, FromHex(input.value));
      Digest digest{};
      if (bytes.size() != digest.size()) break;
      std::ranges::copy(bytes, digest.begin());
      return digest;
    }
  }
  return NotFound("the award names no lines of events");
}

}  // namespace

StatusOr<AwardDetail> AwardDetails::Of(const StoredAward& stored,
                                       const ReplayReport& replay) const {
  if (!replay.terms || stored.status != performance::AwardStatus::kComputed) return AwardDetail();
  if (performance::FindMemberMonthSum(*replay.terms) != nullptr) return Months(stored, replay);
  if (performance::FindBasis<performance::ActivitySum>(*replay.terms) != nullptr) {
    return Events(stored, replay);
  }
  return AwardDetail();
}

StatusOr<AwardDetail> AwardDetails::Months(const StoredAward& stored,
                                           const ReplayReport& replay) const {
  performance::CapitationService service(database_, clock_, ids_);
  ASSIGN_OR_RETURN(const std::vector<MemberMonthLine> lines,
                   service.Lines(stored.contract, Month::Of(stored.period.from)));
  std::set<std::int64_t> members;
  for (const MemberMonthLine& line : lines) members.insert(line.member);
  const std::vector<std::int64_t> ids(members.begin(), members.end());
  std::map<std::int64_t, std::string> numbers;
  RETURN_IF_ERROR(database_.Transact([&](pg::Transaction& tx) -> Status {
    for (const performance::Member& member : performance::MembersById(tx, payer_, ids)) {
      numbers[member.id] = member.number;
    }
    return OkStatus();
  }));
  const MemberMonthSum& basis = *performance::FindMemberMonthSum(*replay.terms);
  std::map<PartyId, PayeeMonths> payees;
  for (const MemberMonthLine& line : lines) {
    payees.try_emplace(line.payee, basis, stored, replay.party, numbers).first->second.Add(line);
  }
  AwardDetail detail;
  for (auto& [party, months] : payees) {
    const Participant* payee = &replay.party;
    if (party != replay.party.party) {
      const auto found = std::ranges::find(replay.party.children, party, &Participant::party);
      if (found == replay.party.children.end()) {
        return DataLoss("award {} version {} has lines of {}, which its package does not know",
                        stored.award, stored.version, party);
      }
      payee = &*found;
    }
    ASSIGN_OR_RETURN(detail.payees[party], months.Steps(*payee));
  }
  return detail;
}

StatusOr<AwardDetail> AwardDetails::Events(const StoredAward& stored,
                                           const ReplayReport& replay) const {
  performance::ActivityService service(database_, clock_, ids_);
  ASSIGN_OR_RETURN(const Digest digest, LinesOfAward(replay.settlement.award));
  ASSIGN_OR_RETURN(const performance::StoredActivityRun run,
                   service.RunOfLines(stored.contract, digest));
  ASSIGN_OR_RETURN(const std::vector<ActivityLine> lines,
                   service.Lines(stored.contract, run.run_id));
  struct Group {
    std::int64_t count = 0;
    Exact amount;
  };
  std::map<std::pair<std::string, std::string>, Group> groups;
  std::vector<ExplanationStep> others;
  Rest rest;
  for (const ActivityLine& line : lines) {
    if (!line.reason && !line.cut_by_cap) {
      Group& group = groups[{line.measure, line.earned.ToString()}];
      group.count += 1;
      group.amount = group.amount + line.earned;
      continue;
    }
    if (others.size() < kMostLines) {
      others.push_back({.label = EventLabel(line),
                        .value = line.earned.ToString(2),
                        .note = EventNote(line)});
    } else {
      rest.Add(line.reason.value_or(ReasonCode::kAnnualLimitUsed),
               Round(line.earned, Rounding::kHalfAwayFromZero));
    }
  }
  AwardDetail detail;
  for (const auto& [key, group] : groups) {
    detail.award.push_back({.label = key.first,
                            .value = group.amount.ToString(2),
                            .note = fmt::format("{} at {}", Counted(group.count, "event"),
                                                key.second)});
  }
  std::ranges::move(others, std::back_inserter(detail.award));
  rest.AppendTo(detail.award, "event");
  return detail;
}

}  // namespace sluice::payments
