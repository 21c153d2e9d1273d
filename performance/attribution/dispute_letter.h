// The letter that goes with disputes filed together, and the one that answers a dispute.
//
// The first cites the number of members, the rule, the evidence and the dollar effect, and nothing
// that says who a member is: members are in the file that travels beside it, under its own
// protection (the minimum necessary, 45 CFR 164.502(b)). Evidence is named by kind, count and hash,
// never by a reference, which may hold a name. The answer names the dispute by its number and says
// no more of the member either.
#pragma once

#include <span>
#include <string>

#include "core/date.h"
#include "core/status.h"
#include "performance/attribution/dispute.h"

namespace sluice::performance {

struct LetterHeading {
  std::string from;      // who files
  std::string to;        // the payer
  std::string contract;  // as both sides call it
  std::string rule;      // the clause that the disputes rest on
  Date date{};
};

// Plain text. InvalidArgument when there is no dispute, a heading is
// empty, or the disputes are of several contracts or periods.
StatusOr<std::string> DisputeLetter(std::span<const Dispute> disputes,
                                    const LetterHeading& heading);

struct Letter {
  std::string subject;  // one line
  std::string text;     // plain text
};
// The payer's answer to whoever filed: what was decided, when, why and by which rule, and what may
// be done about it. FailedPrecondition while nothing is decided.
StatusOr<Letter> DecisionLetter(const Dispute& dispute);

}  // namespace sluice::performance
