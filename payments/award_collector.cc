#include "payments/award_collector.h"

#include <algorithm>
#include <map>
#include <utility>

#include "performance/award_store.h"
#include "performance/program_store.h"

namespace sluice::payments {
namespace {

using performance::AwardKey;
using performance::AwardStatus;
using performance::ShareKind;
using performance::SplitShare;
using performance::StoredAward;

constexpr std::size_t kAwardsAtOnce = 200;

Digest HashOf(const StoredAward& award, const std::vector<SplitShare>& shares) {
  CanonicalWriter writer("sluice.award.v1");
  writer.I64(award.contract.Value())
      .I64(award.award.Value())
      .I64(award.version)
      .Raw(award.input_sha256)
      .Amount(award.amount)
      .Amount(award.recouped)
      .Amount(award.withheld)
      .Amount(award.payable);
  for (const SplitShare& share : shares) {
    writer.I64(share.position).I64(share.party.Value()).Amount(share.amount);
  }
  return writer.Hash();
}

// From the contract party down to the share: how the money got there.
std::vector<ExplanationStep> SplitSteps(const SplitShare& share,
                                        const std::map<std::int32_t, const SplitShare*>& lines) {
  std::vector<ExplanationStep> steps;
  for (const SplitShare* at = &share; at != nullptr;) {
    const bool own = at == &share;
    std::string note = at->detail;
    for (const performance::ReasonCode code : at->notes) {
      if (!note.empty()) note += "; ";
      note += performance::ReasonSentence(code);
    }
    steps.push_back({own ? at->label + " receives" : "Through " + at->label,
                     at->received.ToString(), std::move(note)});
    const auto parent = lines.find(at->parent_position);
    at = parent == lines.end() ? nullptr : parent->second;
  }
  std::ranges::reverse(steps);
  if (share.amount != share.received) {
    steps.push_back(
        {"Kept by " + share.label, share.amount.ToString(), "the rest goes on to those below"});
  }
  return steps;
}

std::vector<PartyId> AncestorsOf(const SplitShare& share,
                                 const std::map<std::int32_t, const SplitShare*>& lines) {
  std::vector<PartyId> ancestors;
  for (auto at = lines.find(share.parent_position); at != lines.end();
       at = lines.find(at->second->parent_position)) {
    if (at->second->party.Value() != 0) ancestors.push_back(at->second->party);
  }
  return ancestors;
}

std::string PeriodText(const DateRange& period) {
  if (!period.to) return "from " + FormatDateLong(period.from);
  return FormatDateLong(period.from) + " to " + FormatDateLong(*period.to - Days(1));
}

// The next line of a text, without its end; shortens the text.
std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

}  // namespace

std::vector<ExplanationStep> StepsOfExplanation(std::string_view text) {
  std::vector<ExplanationStep> steps;
  bool in_step = false;
  while (!text.empty()) {
    std::string_view line = TakeLine(text);
    if (line.starts_with("       ")) {  // what the step above read, or its clause
      if (!in_step) continue;
      std::string& note = steps.back().note;
      if (!note.empty()) note += "; ";
      note += line.substr(7);
      continue;
    }
    in_step = false;
    if (!line.starts_with("  ") || line.size() < 3 || line[2] < '0' || line[2] > '9') continue;
    line.remove_prefix(2);
    // What did nothing explains nothing.
    if (line.find(" [not for this side]") != std::string_view::npos ||
        line.find(" [skipped") != std::string_view::npos) {
      continue;
    }
    std::size_t cut = line.find(" : ");
    std::size_t value = line.find(" -> ");
    if (cut == std::string_view::npos || value == std::string_view::npos) {
      cut = line.rfind(" = ");
      value = cut;
      if (cut == std::string_view::npos) {
        steps.push_back({std::string(line), "", ""});
        in_step = true;
        continue;
      }
      value += 3;
    } else {
      value += 4;
    }
    const std::size_t end = line.find(' ', value);
    ExplanationStep step{.label = std::string(line.substr(0, cut)),
                         .value = std::string(line.substr(value, end - value))};
    if (end != std::string_view::npos) step.note = line.substr(end + 1);
    steps.push_back(std::move(step));
    in_step = true;
  }
  return steps;
}

AwardToPay MakeAwardToPay(const StoredAward& award, const std::vector<SplitShare>& shares,
                          const std::string& program_name, const CollectorNames& names) {
  AwardToPay made{
      .award = award.award,
      .version = award.version,
      .hash = HashOf(award, shares),
      .contract = award.contract,
      .stream = award.stream,
      .line_kind = LineKindOfStream(award.stream, award.payable < Money{}),
      .program_name = program_name,
      .contract_name = names.contract ? names.contract(award.contract) : award.contract.ToString(),
      .holder_name = names.party(award.party),
      .period_text = PeriodText(award.period),
      .performance_year = YearOf(award.period.from),
      .gross = award.amount,
      .releases_withhold = award.released > Money{},
      .steps = StepsOfExplanation(award.explanation)};
  std::map<std::int32_t, const SplitShare*> lines;
  for (const SplitShare& share : shares) lines.emplace(share.position, &share);
  bool pays = false;
  for (const SplitShare& share : shares) {
    if (share.kind == ShareKind::kPayer || share.amount.IsZero()) continue;
    made.payable += share.amount;
    pays = pays || share.amount > Money{};
    made.shares.push_back({.position = share.position,
                           .party = share.party,
                           .ancestors = AncestorsOf(share, lines),
                           .amount = share.amount,
                           .steps = SplitSteps(share, lines)});
  }
  if (pays) made.withheld = award.withheld;
  if (award.zero_reason) {
    made.zero_reason = performance::ReasonName(*award.zero_reason);
  } else if (award.payable_zero_reason) {
    made.zero_reason = performance::ReasonName(*award.payable_zero_reason);
  }
  return made;
}

StatusOr<std::vector<AwardToPay>> CollectAwards(const pg::Database& database, ProgramId program,
                                                const DateRange& period,
                                                const CollectorNames& names) {
  const pg::TransactOptions options{.isolation = pg::Isolation::kRepeatableRead, .read_only = true};
  return database.Transact(options, [&](pg::Transaction& tx) -> StatusOr<std::vector<AwardToPay>> {
    const auto found = performance::FindProgram(tx, program);
    if (!found) return NotFound("there is no program {}", program);
    std::vector<StoredAward> awards = performance::AwardsOfProgram(tx, program, period);
    std::erase_if(awards,
                  [](const StoredAward& award) { return award.status == AwardStatus::kBlocked; });
    std::vector<AwardToPay> collected;
    collected.reserve(awards.size());
    for (std::size_t begin = 0; begin < awards.size(); begin += kAwardsAtOnce) {
      const std::size_t end = std::min(awards.size(), begin + kAwardsAtOnce);
      std::vector<AwardKey> keys;
      for (std::size_t i = begin; i < end; ++i) {
        keys.push_back({awards[i].contract, awards[i].award, awards[i].version});
      }
      std::map<AwardId, std::vector<SplitShare>> shares;
      for (auto& row : performance::SharesOf(tx, keys)) {
        shares[row.award].push_back(std::move(row.share));
      }
      for (std::size_t i = begin; i < end; ++i) {
        collected.push_back(MakeAwardToPay(awards[i], shares[awards[i].award], found->name, names));
      }
    }
    return collected;
  });
}

}  // namespace sluice::payments
