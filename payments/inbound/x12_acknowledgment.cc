#include "payments/inbound/x12_acknowledgment.h"

#include <algorithm>
#include <array>

#include "core/check.h"
#include "payments/inbound/ach_inbound.h"
#include "payments/remittance/x12_reader.h"

namespace sluice::payments {
namespace {

std::int64_t Count(std::string_view text) {
  if (text.empty() || text.size() > 9) return -1;
  std::int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

class Reader {
 public:
  Reader(const X12Document& document, AckDocument& answer) : document_(document), answer_(answer) {}

  void Read() {
    answer_.sender = document_.Isa().At(6);
    answer_.control_number = document_.Isa().At(13);
    for (const std::size_t index : document_.interchange_acknowledgments) {
      Interchange(document_.segments[index]);
    }
    for (const X12Transaction& transaction : document_.transactions) {
      const X12Segment& st = document_.segments[transaction.first];
      if (st.At(1) != "999") {
        ++answer_.other_transactions;
        Fault(FaultScope::kRecord, st, "not_an_acknowledgment",
              fmt::format("a transaction {} is nothing that answers an 835", st.At(1)));
        continue;
      }
      Transaction(transaction);
    }
    if (document_.transactions.empty() && document_.interchange_acknowledgments.empty()) {
      Fault(FaultScope::kFile, document_.Isa(), "no_acknowledgment",
            "the interchange holds neither a TA1 nor a 999");
    }
  }

 private:
  void Fault(FaultScope scope, const X12Segment& segment, std::string code, std::string message,
             std::size_t element = 0) {
    answer_.faults.push_back({.scope = scope,
                              .code = std::move(code),
                              .rule = "X12 999 005010X231 and TA1: FORMATS 8.7, check 50",
                              .record = segment.number,
                              .position = element,
                              .message = std::move(message),
                              .advice = "ask the receiver for a corrected answer"});
  }

  void Interchange(const X12Segment& segment) {
    AckInterchange row{.record = segment.number,
                       .control_number = std::string(segment.At(1)),
                       .note = std::string(segment.At(5))};
    const std::string_view code = segment.At(4);
    if (code == "A" || code == "E" || code == "R") {
      row.verdict = code == "A"   ? AckVerdict::kAccepted
                    : code == "E" ? AckVerdict::kAcceptedWithErrors
                                  : AckVerdict::kRejected;
    } else {
      Fault(FaultScope::kRecord, segment, "ta1_code",
            fmt::format("TA104 is \"{}\", must be A, E or R", code), 4);
      return;
    }
    answer_.interchanges.push_back(std::move(row));
  }

  // AK1, then for each of our transactions AK2 {IK3 {IK4}} IK5, then AK9.
  void Transaction(const X12Transaction& transaction) {
    AckGroup group;
    bool closed = false;
    open_ = nullptr;
    const auto fail = [&](const X12Segment& segment, const char* message) {
      Fault(FaultScope::kRecord, segment, "segment_sequence", message);
    };
    for (std::size_t i = 1; i + 1 < transaction.count; ++i) {
      const X12Segment& segment = document_.segments[transaction.first + i];
      const std::string_view id = segment.Id();
      if ((group.record == 0) != (id == "AK1")) {
        fail(segment, "a 999 begins with exactly one AK1");
        return;
      }
      if (closed) {
        fail(segment, "a segment after AK9");
        return;
      }
      if (id == "AK1") {
        group.record = segment.number;
        group.kind = segment.At(1);
        group.control_number = segment.At(2);
      } else if (id == "AK2") {
        if (open_ != nullptr) {
          fail(segment, "the transaction before has no IK5");
          return;
        }
        group.transactions.push_back({.record = segment.number,
                                      .kind = std::string(segment.At(1)),
                                      .control_number = std::string(segment.At(2))});
        open_ = &group.transactions.back();
      } else if (id == "AK9") {
        if (open_ != nullptr || !Group(segment, group)) {
          if (open_ != nullptr) fail(segment, "the transaction before has no IK5");
          return;
        }
        closed = true;
      } else if (!Detail(segment)) {
        return;
      }
    }
    const X12Segment& st = document_.segments[transaction.first];
    if (!closed) {
      fail(st, "the 999 has no AK9");
      return;
    }
    CheckCounts(st, group);
    answer_.groups.push_back(std::move(group));
  }

  bool Detail(const X12Segment& segment) {
    const std::string_view id = segment.Id();
    if (open_ == nullptr) {
      Fault(FaultScope::kRecord, segment, "segment_sequence",
            fmt::format("segment {} outside a transaction's answer", id));
      return false;
    }
    if (id == "IK3") {
      open_->notes.push_back({.segment = MaskDigits(segment.At(1)),
                              .position = std::max<std::int64_t>(Count(segment.At(2)), 0),
                              .code = std::string(segment.At(4))});
    } else if (id == "IK4") {
      AckNote note = open_->notes.empty() ? AckNote{} : open_->notes.back();
      note.element = segment.At(1);
      note.code = segment.At(3);
      note.bad_value = MaskDigits(segment.At(4));
      open_->notes.push_back(std::move(note));
    } else if (id == "IK5") {
      if (!Verdict(segment, segment.At(1), 1, open_->verdict)) return false;
      for (std::size_t i = 2; i < segment.elements.size(); ++i) {
        open_->notes.push_back({.code = std::string(segment.At(i))});
      }
      open_ = nullptr;
    } else if (id != "CTX") {
      Fault(FaultScope::kRecord, segment, "segment_sequence",
            fmt::format("segment {} does not belong into a 999", id));
      return false;
    }
    return true;
  }

  bool Verdict(const X12Segment& segment, std::string_view code, std::size_t element,
               AckVerdict& verdict) {
    constexpr std::string_view kRejects = "MRWX";
    if (code == "A") {
      verdict = AckVerdict::kAccepted;
    } else if (code == "E") {
      verdict = AckVerdict::kAcceptedWithErrors;
    } else if (code == "P" && segment.Id() == "AK9") {
      verdict = AckVerdict::kPartlyAccepted;
    } else if (code.size() == 1 && kRejects.find(code[0]) != kRejects.npos) {
      verdict = AckVerdict::kRejected;
    } else {
      Fault(FaultScope::kRecord, segment, "verdict_code",
            fmt::format("{}01 is \"{}\", which is no verdict", segment.Id(), code), element);
      return false;
    }
    return true;
  }

  bool Group(const X12Segment& segment, AckGroup& group) {
    if (!Verdict(segment, segment.At(1), 1, group.verdict)) return false;
    group.included = Count(segment.At(2));
    group.received = Count(segment.At(3));
    group.accepted = Count(segment.At(4));
    for (std::size_t i = 5; i < segment.elements.size(); ++i) {
      group.codes.emplace_back(segment.At(i));
    }
    return true;
  }

  // A group may be answered without a word on its transactions; what is said must agree.
  void CheckCounts(const X12Segment& st, const AckGroup& group) {
    const auto told = static_cast<std::int64_t>(group.transactions.size());
    const auto accepted = std::ranges::count_if(group.transactions, [](const AckTransaction& row) {
      return row.verdict != AckVerdict::kRejected;
    });
    const bool wrong =
        group.included < 0 || group.received < 0 || group.accepted < 0 ||
        group.accepted > group.received ||
        (group.verdict == AckVerdict::kAccepted && group.accepted < group.received) ||
        (told == group.received && group.accepted != accepted);
    if (wrong) {
      Fault(
          FaultScope::kRecord, st, "group_counts",
          fmt::format("group {}: {} included, {} received, {} accepted do not agree with the {} "
                      "transactions that are answered",
                      group.control_number, group.included, group.received, group.accepted, told));
    }
  }

  const X12Document& document_;
  AckDocument& answer_;
  AckTransaction* open_ = nullptr;
};

}  // namespace

std::string_view AckVerdictName(AckVerdict verdict) {
  constexpr std::array<std::string_view, 4> kNames = {"accepted", "accepted with errors",
                                                      "partly accepted", "rejected"};
  const auto index = static_cast<std::size_t>(verdict);
  CHECK(index < kNames.size());
  return kNames[index];
}

std::string AckNote::ToString() const {
  std::string text = segment.empty() ? "transaction" : segment;
  if (position > 0) text += fmt::format(" at {}", position);
  if (!element.empty()) text += fmt::format(" element {}", element);
  text += fmt::format(": error {}", code);
  if (!bad_value.empty()) text += fmt::format(" in \"{}\"", bad_value);
  return text;
}

AckDocument ReadAcknowledgments(std::string_view name, std::string_view bytes) {
  AckDocument answer;
  Findings findings{std::string(name)};
  const X12Document document = ReadX12(bytes, findings);
  for (const Finding& finding : findings.All()) answer.faults.push_back(FaultOf(finding, false));
  if (!document.segments.empty()) Reader(document, answer).Read();
  return answer;
}

}  // namespace sluice::payments
