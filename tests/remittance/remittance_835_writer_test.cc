#include "payments/remittance/x12_writer/remittance_835_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/remittance/sample_payments.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;
using testing::Line;
using testing::SampleBank;
using testing::SampleInterchange;
using testing::SamplePayer;
using testing::SamplePayments;
using testing::ZeroPayment;

StatusOr<std::string> Write(const OutboundPayment& payment, std::int64_t control_number) {
  return Write835(SamplePayer(), SampleBank(), PlbMapping(), SampleInterchange(control_number),
                  std::vector{payment});
}

constexpr std::string_view kParties =
    "N1*PR*EXAMPLE HEALTH PLAN~N3*100 MAIN STREET~N4*COLUMBUS*OH*43215~REF*2U*12345~"
    "PER*CX**TE*8005551000~PER*BL*EDI SUPPORT*TE*8005551212*EM*EDI@EXAMPLE.COM~"
    "N1*PE*RIVERSIDE ACO LLC*XX*1234567893~N3*22 RIVER ROAD~N4*COLUMBUS*OH*432150001~"
    "REF*TJ*987654321~";

// FORMATS section 12.2, byte for byte.
TEST(Remittance835, WritesTheWorkedExample) {
  const auto text = Write(SamplePayments()[0], 905);
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(*text,
            "ISA*00*          *00*          *ZZ*EXHPLAN        *ZZ*ACO77          *261001*1253*^*"
            "00501*000000905*0*T*:~GS*HP*EXHPLAN*ACO77*20261001*1253*905*X*005010X221A1~"
            "ST*835*0001~BPR*I*14750*C*ACH*CCP*01*076401251*DA*000012345678*1123456789**01*"
            "123456780*DA*998877665*20261005~TRN*1*VP2026100001*1123456789~DTM*405*20261001~" +
                std::string(kParties) +
                "PLB*1234567893*20261231*BN:BONUS-2026Q2-000771*-12500*IP:QIP-2026Q2-000772*-3500*"
                "E3:WH-2026Q2-000773*1250~SE*16*0001~GE*1*905~IEA*1*000000905~");
}

// FORMATS section 12.3, byte for byte.
TEST(Remittance835, ZeroPaymentIsANotification) {
  const auto text = Write(ZeroPayment(), 906);
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(*text,
            "ISA*00*          *00*          *ZZ*EXHPLAN        *ZZ*ACO77          *261001*1253*^*"
            "00501*000000906*0*T*:~GS*HP*EXHPLAN*ACO77*20261001*1253*906*X*005010X221A1~"
            "ST*835*0001~BPR*H*0*C*NON************20261005~TRN*1*NP2026100005*1123456789~"
            "DTM*405*20261001~" +
                std::string(kParties) +
                "PLB*1234567893*20261231*WO:RECOUP-000880*5000*BN:BONUS-2026Q3-000881*-3500*"
                "FB:FWD-000882*-1500~SE*16*0001~GE*1*906~IEA*1*000000906~");
}

TEST(Remittance835, SeventhLineOpensASecondPlb) {
  OutboundPayment payment = SamplePayments()[0];
  payment.lines.clear();
  payment.amount = Money();
  for (int i = 0; i < 7; ++i) {
    payment.lines.push_back(Line("L-" + std::to_string(i), LineKind::kCapitation, 1'001));
    payment.amount += Money::FromCents(1'001);
  }
  const auto text = Write(payment, 1);
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_THAT(*text, HasSubstr("*CT:L-5*-10.01~PLB*1234567893*20261231*CT:L-6*-10.01~SE*17*"));
  EXPECT_THAT(*text, HasSubstr("BPR*I*70.07*C*"));
}

TEST(Remittance835, PayeeWithoutNpiIsNamedByItsTaxId) {
  OutboundPayment payment = SamplePayments()[0];
  payment.payee.npi.clear();
  payment.payee.account_kind = AccountKind::kSavings;
  const auto text = Write(payment, 1);
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_THAT(*text, HasSubstr("N1*PE*RIVERSIDE ACO LLC*FI*987654321~"));
  EXPECT_THAT(*text, HasSubstr("PLB*P2026100001*"));
  EXPECT_THAT(*text, HasSubstr("*SG*998877665*"));
}

TEST(Remittance835, ContractMayMapALineToAnotherCode) {
  PlbMapping mapping;
  EXPECT_FALSE(mapping.Set(LineKind::kQualityBonus, "XX").ok());
  ASSERT_TRUE(mapping.Set(LineKind::kQualityBonus, "LS").ok());
  const auto text = Write835(SamplePayer(), SampleBank(), mapping, SampleInterchange(1),
                             std::vector{SamplePayments()[1]});
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_THAT(*text, HasSubstr("*LS:BONUS-2026Q2-000774*-2500~"));
}

TEST(Remittance835, MasksTheAccountForThirdParties) {
  Interchange835 interchange = SampleInterchange(1);
  interchange.mask_account = true;
  const auto text = Write835(SamplePayer(), SampleBank(), PlbMapping(), interchange,
                             std::vector{SamplePayments()[0]});
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_THAT(*text, HasSubstr("*DA*XXXXX7665*20261005~"));
}

struct Refusal {
  std::string name;
  void (*change)(OutboundPayment& payment);
  std::string says;
};

TEST(Remittance835, RefusesWhatDoesNotAddUpOrCannotBeWritten) {
  const std::vector<Refusal> refusals = {
      {"sum", [](OutboundPayment& p) { p.amount += Money::FromCents(1); }, "add up"},
      {"reference", [](OutboundPayment& p) { p.lines[0].reference = "A:B"; }, "reference"},
      {"twice", [](OutboundPayment& p) { p.lines[1].reference = p.lines[0].reference; }, "twice"},
      {"npi", [](OutboundPayment& p) { p.payee.npi = "12"; }, "NPI"},
      {"tin", [](OutboundPayment& p) { p.payee.tin = ""; }, "TIN"},
      {"person", [](OutboundPayment& p) { p.payee.kind = PayeeKind::kPerson; }, "gets no 835"},
      {"method", [](OutboundPayment& p) { p.method = PaymentMethod::kNone; }, "do not agree"},
      {"consumer",
       [](OutboundPayment& p) { p.payee.account_ownership = AccountOwnership::kConsumer; },
       "consumer account"},
  };
  for (const Refusal& refusal : refusals) {
    OutboundPayment payment = SamplePayments()[0];
    refusal.change(payment);
    const auto text = Write(payment, 1);
    ASSERT_FALSE(text.ok()) << refusal.name;
    EXPECT_THAT(StatusMessage(text.status()), HasSubstr(refusal.says)) << refusal.name;
    EXPECT_THAT(StatusMessage(text.status()), HasSubstr("VP2026100001")) << refusal.name;
  }
}

}  // namespace
}  // namespace sluice::payments
