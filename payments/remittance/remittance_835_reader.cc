#include "payments/remittance/remittance_835_reader.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string>

#include "core/date.h"
#include "payments/remittance/remittance_835_structure.h"

namespace sluice::payments {
namespace {

using List = std::initializer_list<std::string_view>;

bool IsIn(std::string_view value, List list) {
  return std::ranges::find(list, value) != list.end();
}

bool IsDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool IsDate(std::string_view text) {
  return text.size() == 8 && IsDigits(text) && ParseDate(text).ok();
}

bool IsRoutingNumber(std::string_view text) {
  if (text.size() != 9 || !IsDigits(text)) return false;
  int sum = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    sum += (text[i] - '0') * (i % 3 == 0 ? 3 : i % 3 == 1 ? 7 : 1);
  }
  return sum % 10 == 0;
}

// Luhn over "80840" and the ten digits; the prefix adds 24 (FORMATS section 11, check 36).
bool IsNpi(std::string_view text) {
  if (text.size() != 10 || !IsDigits(text) || (text[0] != '1' && text[0] != '2')) return false;
  int sum = 24;
  for (std::size_t i = 0; i < 10; ++i) {
    int digit = text[i] - '0';
    if (i % 2 == 0) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

// The reason codes of PLB in 005010X221A1, the reader's own copy.
bool IsReasonCode(std::string_view code) {
  static const std::set<std::string_view> kCodes = {
      "50", "51", "72", "90", "AH", "AM", "AP", "B2", "B3", "BD", "BN", "C5", "CR", "CS",
      "CT", "CV", "CW", "DM", "E3", "FB", "FC", "GO", "HM", "IP", "IR", "IS", "J1", "L3",
      "L6", "LE", "LS", "OA", "OB", "PI", "PL", "RA", "RE", "SL", "TL", "WO", "WU"};
  return kCodes.contains(code);
}

class Transaction {
 public:
  Transaction(const X12Document& document, std::span<const X12Segment> segments, Findings& findings)
      : document_(document), segments_(segments), findings_(findings) {
    remittance_.segment = segments.front().number;
  }

  Remittance Check() {
    Check835Structure(segments_.subspan(1, segments_.size() - 2), findings_);
    for (const X12Segment& segment : segments_) Visit(segment);
    CloseClaim();
    Money adjusted;
    for (const PlbPair& pair : remittance_.adjustments) adjusted += pair.amount;
    if (amount_known_ && remittance_.amount != claims_ - adjusted) {
      findings_.Add(40, bpr_, "BPR02 is {} but claims {} less adjustments {} give {}",
                    remittance_.amount.ToPlainString(), claims_.ToPlainString(),
                    adjusted.ToPlainString(), (claims_ - adjusted).ToPlainString());
    }
    CheckOffsets();
    return std::move(remittance_);
  }

 private:
  void Visit(const X12Segment& segment) {
    const std::string_view id = segment.Id();
    if (id == "BPR") Payment(segment);
    if (id == "TRN") Trace(segment);
    if (id == "DTM") Dates(segment);
    if (id == "N1") Party(segment);
    if (id == "REF") Reference(segment);
    if (id == "PER") Contact(segment);
    if (id == "CLP") Claim(segment);
    if (id == "SVC") Service(segment);
    if (id == "CAS") Adjustment(segment);
    if (id == "NM1") Name(segment);
    if (id == "AMT") Amount(segment, 2, "AMT02");
    if (id == "AMT")
      Code(
          segment, 1, "AMT01",
          {"AU", "D8", "DY", "F5", "I", "NL", "T", "T2", "ZK", "ZL", "ZM", "ZN", "ZO", "B6", "KH"});
    if (id == "TS3" && segment.At(1).size() == 10) Npi(segment, 1, "TS301");
    if (id == "TS3" && !(segment.At(9).empty() && segment.At(11).empty())) {
      findings_.Add(32, segment.number, "TS309 and TS311 are not used");
    }
    if (id == "PLB") Provider(segment);
  }

  void Code(const X12Segment& segment, std::size_t index, std::string_view name, List list) {
    if (!IsIn(segment.At(index), list)) {
      findings_.Add(33, segment.number, "{} \"{}\" is not in its code list", name,
                    segment.At(index));
    }
  }

  Money Amount(const X12Segment& segment, std::size_t index, std::string_view name) {
    const auto amount = X12Amount(segment.At(index));
    if (!amount) {
      findings_.Add(37, segment.number,
                    "{} \"{}\" is not an amount: no plus, no leading zeros, at most 2 decimals "
                    "and 10 digits",
                    name, segment.At(index));
    }
    return amount.value_or(Money());
  }

  void Npi(const X12Segment& segment, std::size_t index, std::string_view name) {
    if (!IsNpi(segment.At(index))) {
      findings_.Add(36, segment.number, "{}: NPI \"{}\" fails its check digit", name,
                    segment.At(index));
    }
  }

  void Date(const X12Segment& segment, std::size_t index, std::string_view name) {
    if (!IsDate(segment.At(index))) {
      findings_.Add(35, segment.number, "{} \"{}\" is not a calendar date", name,
                    segment.At(index));
    }
  }

  void Payment(const X12Segment& bpr) {
    bpr_ = bpr.number;
    remittance_.handling = bpr.At(1);
    remittance_.method = bpr.At(4);
    remittance_.format = bpr.At(5);
    remittance_.originator = bpr.At(10);
    remittance_.routing_number = bpr.At(13);
    remittance_.account_kind = bpr.At(14);
    remittance_.account = bpr.At(15);
    remittance_.date = bpr.At(16);
    Code(bpr, 1, "BPR01", {"C", "D", "H", "I", "P", "U", "X"});
    amount_known_ = X12Amount(bpr.At(2)).has_value();
    remittance_.amount = Amount(bpr, 2, "BPR02");
    if (remittance_.amount < Money()) {
      findings_.Add(37, bpr_, "BPR02 {} is negative: carry the rest forward with FB", bpr.At(2));
    }
    Code(bpr, 3, "BPR03", {"C", "D"});
    Code(bpr, 4, "BPR04", {"ACH", "BOP", "CHK", "FWT", "NON"});
    Date(bpr, 16, "BPR16");
    if (bpr.elements.size() > 17) findings_.Add(32, bpr_, "BPR17 and later are not used");

    const bool none = bpr.At(4) == "NON";
    if (none != remittance_.amount.IsZero() || none != (bpr.At(1) == "H")) {
      findings_.Add(38, bpr_, "BPR01 {}, BPR02 {} and BPR04 {}: H, 0 and NON go together",
                    bpr.At(1), bpr.At(2), bpr.At(4));
    }
    if (bpr.At(4) == "ACH") {
      Code(bpr, 5, "BPR05", {"CCP", "CTX"});
      Banks(bpr);
    } else if (!bpr.At(15).empty()) {
      findings_.Add(38, bpr_, "BPR15 gives a payee account but BPR04 is {}", bpr.At(4));
    }
  }

  void Banks(const X12Segment& bpr) {
    for (const std::size_t index : {6U, 7U, 8U, 9U, 10U, 12U, 13U, 14U, 15U}) {
      if (bpr.At(index).empty()) {
        findings_.Add(38, bpr_, "BPR{:02} is empty; an ACH payment needs it", index);
      }
    }
    Code(bpr, 6, "BPR06", {"01", "04"});
    Code(bpr, 8, "BPR08", {"DA"});
    Code(bpr, 12, "BPR12", {"01", "04"});
    Code(bpr, 14, "BPR14", {"DA", "SG"});
    for (const std::size_t index : {7U, 13U}) {
      if (!IsRoutingNumber(bpr.At(index))) {
        findings_.Add(36, bpr_, "BPR{:02}: routing number \"{}\" fails its check digit", index,
                      bpr.At(index));
      }
    }
  }

  void Trace(const X12Segment& trn) {
    remittance_.trn_segment = {trn.text.data(), trn.text.size() + 1};
    remittance_.trn = trn.At(2);
    remittance_.company_id = trn.At(3);
    if (trn.At(1) != "1") findings_.Add(39, trn.number, "TRN01 \"{}\" must be 1", trn.At(1));
    if (trn.At(2).empty() || trn.At(2).size() > 50) {
      findings_.Add(39, trn.number, "TRN02 \"{}\" must be 1 to 50 characters", trn.At(2));
    }
    if (trn.At(3).size() != 10 || trn.At(3)[0] != '1' || !IsDigits(trn.At(3))) {
      findings_.Add(39, trn.number, "TRN03 \"{}\" must be 1 and 9 digits", trn.At(3));
    }
    if (!remittance_.originator.empty() && remittance_.originator != trn.At(3)) {
      findings_.Add(39, trn.number, "TRN03 \"{}\" is not BPR10 \"{}\"", trn.At(3),
                    remittance_.originator);
    }
    const X12Segment& bpr = segments_[1];
    if (bpr.Id() == "BPR" && bpr.At(11) != trn.At(4)) {
      findings_.Add(39, trn.number, "TRN04 \"{}\" is not BPR11 \"{}\"", trn.At(4), bpr.At(11));
    }
  }

  void Dates(const X12Segment& dtm) {
    Code(dtm, 1, "DTM01", {"405", "232", "233", "036", "050", "150", "151", "472"});
    Date(dtm, 2, "DTM02");
  }

  void Party(const X12Segment& n1) {
    if (n1.At(2).empty()) findings_.Add(32, n1.number, "N1*{} has no name", n1.At(1));
    if (n1.At(1) == "PR") {
      if (!n1.At(3).empty()) Code(n1, 3, "N103", {"XV"});
      return;
    }
    in_payee_ = true;
    remittance_.payee_name = n1.At(2);
    remittance_.payee_id = n1.At(4);
    Code(n1, 3, "N103", {"FI", "XV", "XX"});
    if (n1.At(4).empty()) findings_.Add(32, n1.number, "N104 is missing");
    by_npi_ = n1.At(3) == "XX";
    if (!by_npi_) return;
    Npi(n1, 4, "N104");
    const bool has_tin = std::ranges::any_of(segments_, [](const X12Segment& segment) {
      return segment.Id() == "REF" && segment.At(1) == "TJ";
    });
    if (!has_tin) findings_.Add(32, n1.number, "REF*TJ is missing; N103 XX needs it");
  }

  void Reference(const X12Segment& ref) {
    if (ref.At(2).empty()) findings_.Add(32, ref.number, "REF02 is missing");
    if (claim_ != 0) return;  // loops 2100 and 2110 have long lists of their own
    if (in_payee_) {
      Code(ref, 1, "REF01", {"0B", "D3", "PQ", "TJ"});
    } else {
      Code(ref, 1, "REF01", {"EV", "F2", "2U", "EO", "HI", "NF"});
    }
  }

  void Contact(const X12Segment& per) {
    for (const std::size_t index : {3U, 5U, 7U}) {
      if (per.At(index).empty() && index > 3) continue;
      Code(per, index, fmt::format("PER{:02}", index), {"EM", "FX", "TE", "UR", "EX"});
      if (per.At(index + 1).empty()) {
        findings_.Add(32, per.number, "PER{:02} is missing", index + 1);
      }
    }
  }

  void Name(const X12Segment& nm1) {
    if (nm1.At(8) == "XX") Npi(nm1, 9, "NM109");
  }

  void Claim(const X12Segment& clp) {
    CloseClaim();
    claim_ = clp.number;
    Code(clp, 2, "CLP02", {"1", "2", "3", "4", "19", "20", "21", "22", "23", "25"});
    claim_rest_ = Amount(clp, 3, "CLP03");
    claim_paid_ = Amount(clp, 4, "CLP04");
    claims_ += claim_paid_;
    patient_stated_ = clp.At(5).empty() ? Money() : Amount(clp, 5, "CLP05");
    patient_counted_ = Money();
  }

  void Service(const X12Segment& svc) {
    CloseService();
    service_ = svc.number;
    service_rest_ = Amount(svc, 2, "SVC02");
    service_paid_ = Amount(svc, 3, "SVC03");
    if (svc.At(1).find(document_.component) == std::string_view::npos) {
      findings_.Add(33, svc.number, "SVC01 \"{}\" is not a qualifier and a code", svc.At(1));
    }
  }

  void Adjustment(const X12Segment& cas) {
    Code(cas, 1, "CAS01", {"CO", "OA", "PI", "PR"});
    for (std::size_t index = 3; index < cas.elements.size(); index += 3) {
      const Money amount = Amount(cas, index, fmt::format("CAS{:02}", index));
      claim_rest_ -= amount;
      if (service_ != 0) service_rest_ -= amount;
      if (cas.At(1) == "PR") patient_counted_ += amount;
    }
  }

  void CloseService() {
    if (service_ != 0 && service_rest_ != service_paid_) {
      findings_.Add(40, service_, "SVC02 less its adjustments is {} but SVC03 is {}",
                    service_rest_.ToPlainString(), service_paid_.ToPlainString());
    }
    service_ = 0;
  }

  void CloseClaim() {
    CloseService();
    if (claim_ == 0) return;
    if (claim_rest_ != claim_paid_) {
      findings_.Add(40, claim_, "CLP03 less its adjustments is {} but CLP04 is {}",
                    claim_rest_.ToPlainString(), claim_paid_.ToPlainString());
    }
    if (patient_stated_ != patient_counted_) {
      findings_.Add(40, claim_, "CLP05 is {} but PR adjustments add up to {}",
                    patient_stated_.ToPlainString(), patient_counted_.ToPlainString());
    }
    claim_ = 0;
  }

  void Provider(const X12Segment& plb) {
    CloseClaim();
    if (plb.At(1).empty()) findings_.Add(34, plb.number, "PLB01 is missing");
    if (by_npi_ && plb.At(1).size() == 10) Npi(plb, 1, "PLB01");
    Date(plb, 2, "PLB02");
    if (plb.elements.size() < 5 || plb.elements.size() > 15 || plb.elements.size() % 2 == 0) {
      findings_.Add(34, plb.number, "PLB must hold 1 to 6 whole pairs of reason and amount");
    }
    for (std::size_t index = 3; index < plb.elements.size(); index += 2) Pair(plb, index);
  }

  void Pair(const X12Segment& plb, std::size_t index) {
    const std::string_view composite = plb.At(index);
    const std::size_t at = composite.find(document_.component);
    PlbPair pair{.code = composite.substr(0, at),
                 .reference = at == composite.npos ? std::string_view() : composite.substr(at + 1),
                 .amount = Amount(plb, index + 1, fmt::format("PLB{:02}", index + 1)),
                 .segment = plb.number};
    if (!IsReasonCode(pair.code)) {
      findings_.Add(34, plb.number, "PLB{:02}-1 \"{}\" is not a reason code", index, pair.code);
    }
    if (pair.reference.empty() || pair.reference.size() > 50 ||
        pair.reference.find(document_.component) != std::string_view::npos) {
      findings_.Add(34, plb.number, "PLB{:02}-2: reference \"{}\" must be 1 to 50 characters",
                    index, pair.reference);
    }
    if (pair.amount.IsZero()) {
      findings_.Add(34, plb.number, "PLB{:02} is zero", index + 1);
    }
    if (!references_.insert({pair.code, pair.reference}).second) {
      findings_.Add(34, plb.number, "reference {} occurs twice under {}", pair.reference,
                    pair.code);
    }
    remittance_.adjustments.push_back(pair);
  }

  // Check 41: an acknowledged refund and a recovery allowance cancel against another line.
  void CheckOffsets() {
    for (const PlbPair& pair : remittance_.adjustments) {
      if (pair.code != "72" && pair.code != "B3") continue;
      const bool offset = std::ranges::any_of(remittance_.adjustments, [&](const PlbPair& other) {
        if (pair.code == "72" && (other.code != "WO" || other.reference != pair.reference)) {
          return false;
        }
        return &other != &pair && other.amount == -pair.amount;
      });
      if (!offset) {
        findings_.Add(41, pair.segment, "{}:{} has no line that offsets {}", pair.code,
                      pair.reference, pair.amount.ToPlainString());
      }
    }
  }

  const X12Document& document_;
  std::span<const X12Segment> segments_;
  Findings& findings_;
  Remittance remittance_;
  std::size_t bpr_ = 0;
  bool amount_known_ = false;
  bool in_payee_ = false;
  bool by_npi_ = false;
  Money claims_;
  std::size_t claim_ = 0;  // segment of the open claim
  Money claim_rest_, claim_paid_, patient_stated_, patient_counted_;
  std::size_t service_ = 0;  // segment of the open service line
  Money service_rest_, service_paid_;
  std::set<std::pair<std::string_view, std::string_view>> references_;
};

}  // namespace

std::vector<Remittance> Check835(const X12Document& document, Findings& findings) {
  std::vector<Remittance> remittances;
  std::set<std::string_view> traces;
  for (const X12Transaction& place : document.transactions) {
    const std::span<const X12Segment> segments =
        std::span(document.segments).subspan(place.first, place.count);
    if (segments.size() < 3 || segments.front().At(1) != "835") continue;
    Remittance remittance = Transaction(document, segments, findings).Check();
    remittance.production_date = document.segments[document.groups[place.group].header].At(4);
    if (!traces.insert(remittance.trn).second) {
      findings.Add(39, remittance.segment, "TRN02 {} occurs twice", remittance.trn);
    }
    remittances.push_back(std::move(remittance));
  }
  return remittances;
}

}  // namespace sluice::payments
