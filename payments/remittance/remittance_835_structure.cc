#include "payments/remittance/remittance_835_structure.h"

#include <initializer_list>
#include <string_view>

namespace sluice::payments {
namespace {

constexpr int kMany = 9999;

// A segment of a loop, perhaps told apart by its first element, and how often it may occur.
struct Slot {
  std::string_view id;
  std::initializer_list<std::string_view> qualifiers;  // of element 01; empty: any
  int least = 0;
  int most = 1;
};

const Slot kHeader[] = {{"BPR", {}, 1, 1},
                        {"TRN", {}, 1, 1},
                        {"CUR", {}},
                        {"REF", {"EV"}},
                        {"REF", {"F2"}},
                        {"DTM", {"405"}},
                        {"N1", {"PR"}, 1, 1},
                        {"N3", {}, 1, 1},
                        {"N4", {}, 1, 1},
                        {"REF", {"2U", "EO", "HI", "NF"}, 0, 4},
                        {"PER", {"CX"}},
                        {"PER", {"BL"}, 1, kMany},
                        {"PER", {"IC"}},
                        {"N1", {"PE"}, 1, 1},
                        {"N3", {}},
                        {"N4", {}},
                        {"REF", {"0B", "D3", "PQ", "TJ"}, 0, kMany},
                        {"RDM", {}}};
const Slot kLineHeader[] = {{"LX", {}, 1, 1}, {"TS3", {}}, {"TS2", {}}};
const Slot kClaim[] = {{"CLP", {}, 1, 1},     {"CAS", {}, 0, 99},
                       {"NM1", {"QC"}, 1, 1}, {"NM1", {"IL", "74", "82", "TT", "PR", "GB"}, 0, 6},
                       {"MIA", {}},           {"MOA", {}},
                       {"REF", {}, 0, 15},    {"DTM", {"232", "233", "036", "050"}, 0, 4},
                       {"PER", {"CX"}, 0, 2}, {"AMT", {}, 0, 13},
                       {"QTY", {}, 0, 14}};
const Slot kService[] = {{"SVC", {}, 1, 1},          {"DTM", {"150", "151", "472"}, 0, 2},
                         {"CAS", {}, 0, 99},         {"REF", {}, 0, 24},
                         {"AMT", {}, 0, 9},          {"QTY", {}, 0, 6},
                         {"LQ", {"HE", "RX"}, 0, 99}};

bool Matches(const Slot& slot, const X12Segment& segment) {
  if (segment.Id() != slot.id) return false;
  if (slot.qualifiers.size() == 0) return true;
  for (const std::string_view qualifier : slot.qualifiers) {
    if (segment.At(1) == qualifier) return true;
  }
  return false;
}

std::string Name(const Slot& slot) {
  std::string name(slot.id);
  if (slot.qualifiers.size() == 1) name += "*" + std::string(*slot.qualifiers.begin());
  return name;
}

class Walker {
 public:
  Walker(std::span<const X12Segment> segments, Findings& findings)
      : segments_(segments), findings_(findings) {}

  void Run() {
    Loop(kHeader);
    while (Here("LX")) {
      Loop(kLineHeader);
      if (!Here("CLP")) Report("loop 2000 has no CLP");
      while (Here("CLP")) {
        Loop(kClaim);
        while (Here("SVC")) Loop(kService);
      }
    }
    while (Here("PLB")) ++at_;
    for (; at_ < segments_.size(); ++at_) {
      findings_.Add(32, segments_[at_].number, "segment {} is unknown or out of place",
                    segments_[at_].text.substr(0, 12));
    }
  }

 private:
  bool Here(std::string_view id) const {
    return at_ < segments_.size() && segments_[at_].Id() == id;
  }
  void Report(const std::string& message) {
    const std::size_t last = segments_.empty() ? 0 : segments_.back().number;
    findings_.Add(32, at_ < segments_.size() ? segments_[at_].number : last, "{}", message);
  }
  void Loop(std::span<const Slot> slots) {
    for (const Slot& slot : slots) {
      int count = 0;
      while (at_ < segments_.size() && Matches(slot, segments_[at_])) {
        ++count;
        ++at_;
      }
      if (count < slot.least) Report(Name(slot) + " is missing");
      if (count > slot.most) {
        Report(fmt::format("{} occurs {} times, at most {} are allowed", Name(slot), count,
                           slot.most));
      }
    }
  }

  std::span<const X12Segment> segments_;
  Findings& findings_;
  std::size_t at_ = 0;
};

}  // namespace

void Check835Structure(std::span<const X12Segment> segments, Findings& findings) {
  Walker(segments, findings).Run();
}

}  // namespace sluice::payments
