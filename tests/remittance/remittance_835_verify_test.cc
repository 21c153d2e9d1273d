// Each check of an 835 must be able to fail: mutants of the worked examples, one field each.
#include <gtest/gtest.h>

#include <cctype>
#include <string>
#include <vector>

#include "payments/remittance/verify_files.h"
#include "tests/remittance/sample_payments.h"

namespace sluice::payments {
namespace {

using testing::SampleBank;
using testing::SampleInterchange;
using testing::SamplePayer;
using testing::SamplePayments;
using testing::ZeroPayment;

std::string Example(const OutboundPayment& payment) {
  return Write835(SamplePayer(), SampleBank(), PlbMapping(), SampleInterchange(905),
                  std::vector{payment})
      .value();
}

std::string Describe(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) text += finding.ToString() + "\n";
  return text;
}

std::string Swap(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// FORMATS section 12.4: a claim beside the adjustments.
std::string ClaimExample() {
  std::string text = Swap(Example(SamplePayments()[0]), "BPR*I*14750*", "BPR*I*14850*");
  text = Swap(text, "~PLB*",
              "~LX*1~CLP*PCN123*1*150*100*20*12*ICN0001*11*1~NM1*QC*1*DOE*JANE****MI*W123456789~"
              "DTM*050*20260915~SVC*HC:99213*150*100**1~DTM*472*20260910~CAS*CO*45*30~"
              "CAS*PR*3*20~AMT*B6*120~PLB*");
  return Swap(text, "SE*16*", "SE*25*");
}

TEST(Remittance835Verify, WorkedExamplesAreClean) {
  EXPECT_EQ(Describe(Verify835("a.835", Example(SamplePayments()[0]))), "");
  EXPECT_EQ(Describe(Verify835("a.835", Example(ZeroPayment()))), "");
  EXPECT_EQ(Describe(Verify835("a.835", ClaimExample())), "");
}

TEST(Remittance835Verify, ManyTransactionsWithLineBreaksAreClean) {
  Interchange835 interchange = SampleInterchange(7);
  interchange.line_breaks = true;
  const auto payments = SamplePayments();
  const auto text = Write835(SamplePayer(), SampleBank(), PlbMapping(), interchange,
                             std::vector{payments[0], payments[1], ZeroPayment()});
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(Describe(Verify835("a.835", *text)), "");
}

struct Mutant {
  std::string name;
  int check;
  std::string from, to;
};

void ExpectRefused(const std::string& good, const std::vector<Mutant>& mutants) {
  for (const Mutant& mutant : mutants) {
    const auto findings = Verify835("a.835", Swap(good, mutant.from, mutant.to));
    bool found = false;
    for (const Finding& finding : findings) found = found || finding.check == mutant.check;
    EXPECT_TRUE(found) << mutant.name << ": check " << mutant.check << " is silent; found\n"
                       << Describe(findings);
  }
}

TEST(Remittance835Verify, EveryMutantIsRefusedByItsCheck) {
  ExpectRefused(Example(SamplePayments()[0]),
                {{"short ISA", 29, "EXHPLAN        *", "EXHPLAN       *"},
                 {"same delimiters", 29, "*^*00501", "*:*00501"},
                 {"version", 29, "*00501*", "*00401*"},
                 {"environment", 29, "*0*T*", "*0*X*"},
                 {"control character", 29, "RIVERSIDE", "RIVER\x02IDE"},
                 {"no last terminator", 29, "IEA*1*000000905~", "IEA*1*000000905"},
                 {"IEA02", 30, "IEA*1*000000905", "IEA*1*000000906"},
                 {"IEA01", 30, "IEA*1*", "IEA*2*"},
                 {"GE01", 30, "GE*1*", "GE*2*"},
                 {"GE02", 30, "GE*1*905", "GE*1*906"},
                 {"SE01", 30, "SE*16*", "SE*15*"},
                 {"SE02", 30, "SE*16*0001", "SE*16*0002"},
                 {"ST03", 30, "ST*835*0001", "ST*835*0001*005010X221A1"},
                 {"GS01", 31, "GS*HP*", "GS*RA*"},
                 {"GS08", 31, "005010X221A1~ST", "005010X221~ST"},
                 {"no PER*BL", 32, "PER*BL*EDI SUPPORT*TE*8005551212*EM*EDI@EXAMPLE.COM~", ""},
                 {"no N1*PE", 32, "N1*PE*RIVERSIDE ACO LLC*XX*1234567893~", ""},
                 {"no N3", 32, "N3*100 MAIN STREET~", ""},
                 {"no REF*TJ", 32, "REF*TJ*987654321~", ""},
                 {"order", 32, "DTM*405*20261001~", "N3*X~DTM*405*20261001~"},
                 {"BPR01", 33, "BPR*I*", "BPR*Z*"},
                 {"BPR03", 33, "*14750*C*", "*14750*X*"},
                 {"BPR04", 33, "*C*ACH*", "*C*EFT*"},
                 {"BPR05", 33, "*CCP*", "*PPD*"},
                 {"BPR14", 33, "123456780*DA*", "123456780*XX*"},
                 {"N103", 33, "*XX*1234567893", "*ZZ*1234567893"},
                 {"REF01", 33, "REF*2U*", "REF*1L*"},
                 {"PER03", 33, "PER*CX**TE*", "PER*CX**XX*"},
                 {"DTM01", 33, "DTM*405*", "DTM*999*"},
                 {"PLB03-1", 34, "*BN:", "*ZZ:"},
                 {"PLB05-1", 34, "*IP:", "*P:"},
                 {"PLB07-1", 34, "*E3:", "*3E:"},
                 {"odd PLB", 34, "*1250~SE", "~SE"},
                 {"no reference", 34, "BN:BONUS-2026Q2-000771", "BN:"},
                 {"zero PLB", 34, "*-3500*", "*0*"},
                 {"BPR16", 35, "*20261005~", "*20261332~"},
                 {"DTM02", 35, "DTM*405*20261001", "DTM*405*20261301"},
                 {"PLB02", 35, "*20261231*", "*20260231*"},
                 {"GS04", 35, "*20261001*1253*905", "*20261001X*1253*905"},
                 {"ISA09", 35, "*261001*", "*261301*"},
                 {"N104", 36, "*XX*1234567893", "*XX*1234567890"},
                 {"PLB01", 36, "PLB*1234567893", "PLB*1234567890"},
                 {"BPR07", 36, "*01*076401251*", "*01*076401252*"},
                 {"BPR13", 36, "*01*123456780*", "*01*123456781*"},
                 {"plus", 37, "*14750*C", "*+14750*C"},
                 {"leading zero", 37, "*14750*C", "*014750*C"},
                 {"decimals", 37, "*-12500*", "*-12500.000*"},
                 {"negative", 37, "*14750*C", "*-14750*C"},
                 {"H with money", 38, "BPR*I*", "BPR*H*"},
                 {"no account", 38, "*DA*998877665*", "*DA**"},
                 {"TRN03", 39, "TRN*1*VP2026100001*1123456789", "TRN*1*VP2026100001*1123456780"},
                 {"TRN02", 39, "TRN*1*VP2026100001*", "TRN*1**"},
                 {"TRN04", 39, "*1123456789~DTM", "*1123456789*X~DTM"},
                 {"BPR02", 40, "*14750*C", "*14751*C"},
                 {"PLB sign", 40, "*1250~", "*-1250~"},
                 {"72 without WO", 41, "E3:WH-2026Q2-000773", "72:WH-2026Q2-000773"}});
}

TEST(Remittance835Verify, ClaimsHaveToBalance) {
  ExpectRefused(ClaimExample(), {{"line", 40, "CAS*CO*45*30", "CAS*CO*45*31"},
                                 {"claim", 40, "*150*100*20*12*", "*150*101*20*12*"},
                                 {"patient", 40, "*150*100*20*12*", "*150*100*21*12*"},
                                 {"CLP02", 33, "CLP*PCN123*1*", "CLP*PCN123*99*"},
                                 {"CAS01", 33, "CAS*CO*", "CAS*CR*"},
                                 {"AMT01", 33, "AMT*B6*", "AMT*Z9*"},
                                 {"date", 35, "DTM*472*20260910", "DTM*472*20260931"}});
}

TEST(Remittance835Verify, ZeroPaymentHasNoAccount) {
  ExpectRefused(Example(ZeroPayment()),
                {{"account", 38, "************20261005", "***********123*20261005"},
                 {"not H", 38, "BPR*H*", "BPR*I*"},
                 {"amount", 40, "BPR*H*0*", "BPR*H*1*"}});
}

TEST(Remittance835Verify, EveryChangedDigitOfAnAmountIsFound) {
  const std::string good = Example(SamplePayments()[0]);
  for (const std::string amount : {"*14750*C", "*-12500*", "*-3500*", "*1250~"}) {
    const std::size_t start = good.find(amount);
    ASSERT_NE(start, std::string::npos);
    for (std::size_t i = start; i < start + amount.size(); ++i) {
      if (std::isdigit(static_cast<unsigned char>(good[i])) == 0) continue;
      for (char digit = '0'; digit <= '9'; ++digit) {
        if (digit == good[i]) continue;
        std::string bad = good;
        bad[i] = digit;
        EXPECT_FALSE(Verify835("a.835", bad).empty()) << amount << " digit " << i - start;
      }
    }
  }
}

}  // namespace
}  // namespace sluice::payments
