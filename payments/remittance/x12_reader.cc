#include "payments/remittance/x12_reader.h"

#include <algorithm>
#include <set>
#include <string>

#include "core/date.h"

namespace sluice::payments {
namespace {

constexpr std::size_t kIsaLength = 106;
// Offsets of the sixteen element separators of an ISA, counted from 0.
constexpr std::size_t kIsaSeparators[] = {3,  6,  17, 20, 31, 34, 50,  53,
                                          69, 76, 81, 83, 89, 99, 101, 103};

bool IsDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::int64_t Number(std::string_view text) {
  if (!IsDigits(text) || text.size() > 12) return -1;
  std::int64_t value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return value;
}

bool IsClock(std::string_view text) {
  if (text.size() < 4 || text.size() > 8 || !IsDigits(text)) return false;
  return Number(text.substr(0, 2)) <= 23 && Number(text.substr(2, 2)) <= 59;
}

class Reader {
 public:
  Reader(X12Document& document, Findings& findings) : document_(document), findings_(findings) {}

  void Read(std::string_view bytes) {
    if (!ReadIsa(bytes)) return;
    Split(bytes);
    CheckIsa();
    CheckEnvelope();
  }

 private:
  bool ReadIsa(std::string_view bytes) {
    if (bytes.size() < kIsaLength || bytes.substr(0, 3) != "ISA") {
      findings_.Add(29, 1, "the file does not start with an ISA segment of 106 bytes");
      return false;
    }
    document_.element = bytes[3];
    document_.repetition = bytes[82];
    document_.component = bytes[104];
    document_.terminator = bytes[105];
    for (const std::size_t at : kIsaSeparators) {
      if (bytes[at] != document_.element) {
        findings_.Add(29, 1, "ISA is not 106 bytes: byte {} is not the element separator", at + 1);
        return false;
      }
    }
    const std::set<char> delimiters = {document_.element, document_.repetition, document_.component,
                                       document_.terminator};
    if (delimiters.size() != 4) {
      findings_.Add(29, 1, "the four delimiters are not distinct");
      return false;
    }
    return true;
  }

  void Split(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find(document_.terminator);
      std::string_view text = bytes.substr(0, end);
      while (text.starts_with('\r') || text.starts_with('\n')) text.remove_prefix(1);
      if (end == bytes.npos) {
        if (!text.empty()) {
          findings_.Add(29, document_.segments.size() + 1,
                        "the file ends inside a segment: a terminator is missing");
        }
        return;
      }
      bytes.remove_prefix(end + 1);
      X12Segment segment{text, {}, document_.segments.size() + 1};
      for (std::string_view rest = text;;) {
        const std::size_t at = rest.find(document_.element);
        segment.elements.push_back(rest.substr(0, at));
        if (at == rest.npos) break;
        rest.remove_prefix(at + 1);
      }
      CheckCharacters(segment);
      document_.segments.push_back(std::move(segment));
    }
  }

  void CheckCharacters(const X12Segment& segment) {
    const auto bad = std::ranges::find_if(segment.text, [](char c) { return c < ' ' || c > '~'; });
    if (bad != segment.text.end()) {
      findings_.Add(29, segment.number, "byte {:02X} is a control or non-ASCII character",
                    static_cast<unsigned char>(*bad));
    }
    if (segment.number > 1 && segment.text.find(document_.repetition) != std::string_view::npos) {
      findings_.Add(29, segment.number, "the repetition separator occurs in data");
    }
    if (segment.text.empty()) findings_.Add(29, segment.number, "the segment is empty");
  }

  void CheckIsa() {
    const X12Segment& isa = document_.Isa();
    if (isa.At(12) != "00501") {
      findings_.Add(29, 1, "ISA12 is \"{}\", must be 00501: wrong version", isa.At(12));
    }
    if (isa.At(15) != "P" && isa.At(15) != "T") {
      findings_.Add(29, 1, "ISA15 is \"{}\", must be P or T", isa.At(15));
    }
    if (isa.At(14) != "0" && isa.At(14) != "1") {
      findings_.Add(29, 1, "ISA14 is \"{}\", must be 0 or 1", isa.At(14));
    }
    if (!IsDigits(isa.At(9)) || !ParseDate("20" + std::string(isa.At(9))).ok()) {
      findings_.Add(35, 1, "ISA09 \"{}\" is not a date", isa.At(9));
    }
    if (!IsClock(isa.At(10))) findings_.Add(35, 1, "ISA10 \"{}\" is not a time", isa.At(10));
    if (!IsDigits(isa.At(13))) findings_.Add(30, 1, "ISA13 \"{}\" is not numeric", isa.At(13));
  }

  void CheckGroupHeader(const X12Segment& group) {
    const std::string_view kind = group.At(1);
    const std::string_view version = group.At(8);
    const bool known = (kind == "HP" && version == "005010X221A1") ||
                       (kind == "FA" && (version == "005010X231A1" || version == "005010X231"));
    if (!known) {
      findings_.Add(31, group.number,
                    "GS01 \"{}\" with GS08 \"{}\": an 835 is HP with 005010X221A1", kind, version);
    }
    if (group.At(4).size() != 8 || !ParseDate(group.At(4)).ok()) {
      findings_.Add(35, group.number, "GS04 \"{}\" is not a date", group.At(4));
    }
    if (!IsClock(group.At(5))) {
      findings_.Add(35, group.number, "GS05 \"{}\" is not a time", group.At(5));
    }
  }

  void CheckEnvelope() {
    enum class Level { kInterchange, kGroup, kTransaction, kDone } level = Level::kInterchange;
    std::size_t group_start = 0;
    for (std::size_t i = 1; i < document_.segments.size(); ++i) {
      const X12Segment& segment = document_.segments[i];
      const std::string_view id = segment.Id();
      if (id == "TA1" && level == Level::kInterchange && document_.groups.empty()) {
        document_.interchange_acknowledgments.push_back(i);
      } else if (id == "GS" && level == Level::kInterchange) {
        level = Level::kGroup;
        group_start = document_.transactions.size();
        document_.groups.push_back({i});
        CheckGroupHeader(segment);
      } else if (id == "ST" && level == Level::kGroup) {
        level = Level::kTransaction;
        document_.transactions.push_back({i, 0, document_.groups.size() - 1});
      } else if (id == "SE" && level == Level::kTransaction) {
        level = Level::kGroup;
        CloseTransaction(i);
      } else if (id == "GE" && level == Level::kGroup) {
        level = Level::kInterchange;
        CloseGroup(segment, document_.transactions.size() - group_start);
      } else if (id == "IEA" && level == Level::kInterchange) {
        level = Level::kDone;
        CloseInterchange(segment);
      } else if (level != Level::kTransaction || id == "ISA" || id == "GS" || id == "GE" ||
                 id == "ST" || id == "IEA") {
        findings_.Add(30, segment.number, "segment {} does not belong here", id);
      }
    }
    if (level != Level::kDone) {
      findings_.Add(30, document_.segments.size(), "the interchange is not closed by IEA");
    }
  }

  void Expect(std::size_t place, std::string_view what, std::string_view is, std::int64_t counted) {
    if (Number(is) != counted) {
      findings_.Add(30, place, "{} says \"{}\" but recounting gives {}", what, is, counted);
    }
  }

  void CloseTransaction(std::size_t end) {
    X12Transaction& transaction = document_.transactions.back();
    transaction.count = end - transaction.first + 1;
    const X12Segment& st = document_.segments[transaction.first];
    const X12Segment& se = document_.segments[end];
    Expect(se.number, "SE01", se.At(1), static_cast<std::int64_t>(transaction.count));
    if (se.At(2) != st.At(2) || st.At(2).empty()) {
      findings_.Add(30, se.number, "SE02 \"{}\" is not ST02 \"{}\"", se.At(2), st.At(2));
    }
    if (!numbers_.insert(st.At(2)).second) {
      findings_.Add(30, st.number, "ST02 {} occurs twice in the group", st.At(2));
    }
    if (st.At(1) == "835" && !st.At(3).empty()) {
      findings_.Add(30, st.number, "ST03 \"{}\" must be absent in an 835", st.At(3));
    }
  }

  void CloseGroup(const X12Segment& ge, std::size_t transactions) {
    const X12Segment& gs = document_.segments[document_.groups.back().header];
    Expect(ge.number, "GE01", ge.At(1), static_cast<std::int64_t>(transactions));
    if (ge.At(2) != gs.At(6) || Number(gs.At(6)) < 0) {
      findings_.Add(30, ge.number, "GE02 \"{}\" is not GS06 \"{}\"", ge.At(2), gs.At(6));
    }
    numbers_.clear();
  }

  void CloseInterchange(const X12Segment& iea) {
    Expect(iea.number, "IEA01", iea.At(1), static_cast<std::int64_t>(document_.groups.size()));
    if (iea.At(2) != document_.Isa().At(13)) {
      findings_.Add(30, iea.number, "IEA02 \"{}\" is not ISA13 \"{}\"", iea.At(2),
                    document_.Isa().At(13));
    }
  }

  X12Document& document_;
  Findings& findings_;
  std::set<std::string_view> numbers_;  // ST02 of the group
};

}  // namespace

X12Document ReadX12(std::string_view bytes, Findings& findings) {
  X12Document document;
  Reader(document, findings).Read(bytes);
  return document;
}

std::optional<Money> X12Amount(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view part = point == text.npos ? std::string_view() : text.substr(point + 1);
  if (point != text.npos && (part.empty() || part.size() > 2 || !IsDigits(part))) return {};
  if (whole.empty() ? part.empty() : !IsDigits(whole)) return {};
  if (whole.size() > 1 && whole[0] == '0') return {};
  if (whole.size() + part.size() > 10) return {};
  std::int64_t cents = whole.empty() ? 0 : Number(whole) * 100;
  if (!part.empty()) cents += Number(part) * (part.size() == 1 ? 10 : 1);
  return Money::FromCents(negative ? -cents : cents);
}

}  // namespace sluice::payments
