#include "performance/attribution/dispute_letter.h"

#include <fmt/format.h>

#include <map>
#include <set>

namespace sluice::performance {
namespace {

struct Summary {
  std::set<std::int64_t> members;
  std::map<std::pair<DisputeOperation, std::string>, std::set<std::int64_t>> by_reason;
  std::map<std::string, std::set<Digest>> evidence;  // by kind
  Money effect;
  std::int64_t without_effect = 0;
};

Summary Summarize(std::span<const Dispute> disputes) {
  Summary summary;
  for (const Dispute& dispute : disputes) {
    summary.members.insert(dispute.entry.member_id);
    summary.by_reason[{dispute.operation, dispute.reason_code}].insert(dispute.entry.member_id);
    for (const Evidence& piece : dispute.evidence) {
      summary.evidence[piece.kind].insert(piece.sha256);
    }
    if (dispute.provisional_effect) {
      summary.effect += *dispute.provisional_effect;
    } else {
      ++summary.without_effect;
    }
  }
  return summary;
}

Status CheckLetter(std::span<const Dispute> disputes, const LetterHeading& heading) {
  if (disputes.empty()) return InvalidArgument("a letter needs at least one dispute");
  for (const std::string* const text :
       {&heading.from, &heading.to, &heading.contract, &heading.rule}) {
    if (text->empty()) return InvalidArgument("a letter names who, to whom, which contract, rule");
  }
  for (const Dispute& dispute : disputes) {
    if (dispute.contract != disputes.front().contract ||
        dispute.period != disputes.front().period) {
      return InvalidArgument("a letter is about one contract and period; dispute {} is of another",
                             dispute.id);
    }
  }
  return OkStatus();
}

// The step that decided; null when none did.
const DisputeAction* DecisionIn(const Dispute& dispute) {
  for (const DisputeAction& step : dispute.history) {
    if (step.event == DisputeEvent::kAccept || step.event == DisputeEvent::kReject) return &step;
  }
  return nullptr;
}

std::string Members(std::size_t count) {
  return fmt::format("{} {}", count, count == 1 ? "member" : "members");
}

}  // namespace

StatusOr<std::string> DisputeLetter(std::span<const Dispute> disputes,
                                    const LetterHeading& heading) {
  RETURN_IF_ERROR(CheckLetter(disputes, heading));
  const Summary summary = Summarize(disputes);
  std::string text = fmt::format(
      "{}\n\nFrom: {}\nTo: {}\nContract: {}\nPeriod: {}\nList version: {}\n\n"
      "We dispute the attribution of {}.\nThe disputes rest on {}.\n\nRequests:\n",
      FormatDateLong(heading.date), heading.from, heading.to, heading.contract,
      disputes.front().period.ToString(), disputes.front().against_version,
      Members(summary.members.size()), heading.rule);
  for (const auto& [key, members] : summary.by_reason) {
    text += fmt::format("  {} {}: {}\n", DisputeOperationName(key.first), Members(members.size()),
                        key.second);
  }
  text += "\nEvidence:\n";
  if (summary.evidence.empty()) text += "  none attached\n";
  for (const auto& [kind, digests] : summary.evidence) {
    text += fmt::format("  {}: {}\n", kind, digests.size());
    for (const Digest& digest : digests) text += fmt::format("    {}\n", ToHex(digest));
  }
  text += fmt::format("\nProvisional effect: ${}\n", summary.effect);
  if (summary.without_effect > 0) {
    text += fmt::format("  {} of {} disputes have none computed yet\n", summary.without_effect,
                        disputes.size());
  }
  text += "\nThe members are listed in the file that accompanies this letter.\n";
  return text;
}

StatusOr<Letter> DecisionLetter(const Dispute& dispute) {
  const DisputeAction* const decision = DecisionIn(dispute);
  if (decision == nullptr) {
    return FailedPrecondition("dispute {} is {}: there is no decision to write about yet",
                              dispute.id, DisputeStateName(dispute.state));
  }
  const bool accepted = decision->event == DisputeEvent::kAccept;
  const std::string_view word = accepted ? "accepted" : "rejected";
  std::string text = fmt::format(
      "{}\n\nDispute: {}\nContract: {}\nPeriod: {}\nList version: {}\nRequest: {}, {}\n\n"
      "We have {} the dispute.\nReason: {}\n",
      FormatDateLong(decision->at.UtcDate()), dispute.id, dispute.contract,
      dispute.period.ToString(), dispute.against_version, DisputeOperationName(dispute.operation),
      dispute.reason_code, word, decision->reason);
  if (!decision->rule.empty()) text += fmt::format("Rule: {}\n", decision->rule);
  if (dispute.applied_in_version) {
    text += fmt::format("\nIt is in version {} of the list.\n", *dispute.applied_in_version);
  } else if (accepted) {
    text += "\nIt will be in the next version of the list that is published.\n";
  } else if (dispute.refiled_from) {
    text += "\nIt was filed for the second time, and the decision is final.\n";
  } else {
    text += fmt::format(
        "\nIt may be filed once more, with evidence that it did not have, within {} days.\n",
        dispute.rules.filing_days);
  }
  return Letter{fmt::format("Dispute {}: {}", dispute.id, word), std::move(text)};
}

}  // namespace sluice::performance
