// 999 and TA1: what the receivers of our 835s answer.
#include "payments/inbound/x12_acknowledgment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;

constexpr const char* kIsa =
    "ISA*00*          *00*          *ZZ*ACO77          *ZZ*EXHPLAN        *261002*0600*^*00501*"
    "000000111*0*T*:~";

std::string Of999(const std::string& body, int segments) {
  return std::string(kIsa) + "GS*FA*ACO77*EXHPLAN*20261002*0600*7*X*005010X231A1~" +
         "ST*999*0001*005010X231A1~" + body + fmt::format("SE*{}*0001~", segments + 2) +
         "GE*1*7~IEA*1*000000111~";
}

std::string Text(const AckDocument& answer) {
  std::string text;
  for (const InboundFault& fault : answer.faults) text += fault.ToString() + "\n";
  return text;
}

TEST(Acknowledgment, AnAcceptedGroup) {
  const AckDocument answer = ReadAcknowledgments(
      "a.999", Of999("AK1*HP*905*005010X221A1~\nAK2*835*0001~\nIK5*A~\nAK9*A*1*1*1~\n", 4));
  EXPECT_TRUE(answer.faults.empty()) << Text(answer);
  ASSERT_EQ(answer.groups.size(), 1U);
  EXPECT_EQ(answer.groups[0].kind, "HP");
  EXPECT_EQ(answer.groups[0].control_number, "905");
  EXPECT_EQ(answer.groups[0].verdict, AckVerdict::kAccepted);
  EXPECT_EQ(answer.groups[0].transactions.at(0).control_number, "0001");
}

TEST(Acknowledgment, ARejectNamesSegmentAndElement) {
  const AckDocument answer = ReadAcknowledgments(
      "a.999", Of999("AK1*HP*905*005010X221A1~AK2*835*0001~IK3*PLB*14**8~CTX*SITUATIONAL~"
                     "IK4*3:1*1270*7*998877665544~IK5*R*5~AK2*835*0002~IK5*E~AK9*P*2*2*1~",
                     9));
  EXPECT_TRUE(answer.faults.empty()) << Text(answer);
  ASSERT_EQ(answer.groups.size(), 1U);
  EXPECT_EQ(answer.groups[0].verdict, AckVerdict::kPartlyAccepted);
  const auto& first = answer.groups[0].transactions.at(0);
  EXPECT_EQ(first.verdict, AckVerdict::kRejected);
  ASSERT_EQ(first.notes.size(), 3U);
  EXPECT_EQ(first.notes[0].ToString(), "PLB at 14: error 8");
  EXPECT_EQ(first.notes[1].ToString(), "PLB at 14 element 3:1: error 7 in \"*5544\"");
  EXPECT_EQ(first.notes[2].ToString(), "transaction: error 5");
  EXPECT_EQ(answer.groups[0].transactions.at(1).verdict, AckVerdict::kAcceptedWithErrors);
}

TEST(Acknowledgment, CountsThatDisagreeAreRefused) {
  for (const char* ak9 : {"AK9*A*1*1*0~", "AK9*R*1*1*1*x~AK9*A~", "AK9*A*x*1*1~", "AK9*A*1*0*1~",
                          "AK9*R*1*1*0~", "AK9*Q*1*1*1~", "IK5*A~AK9*A*1*1*1~", "N1*PR~"}) {
    const std::string body = std::string("AK1*HP*905~AK2*835*0001~IK5*A~") + ak9;
    const int segments = static_cast<int>(std::ranges::count(body, '~'));
    const AckDocument answer = ReadAcknowledgments("a.999", Of999(body, segments));
    EXPECT_EQ(WorstOf(answer.faults), FaultScope::kRecord) << ak9 << "\n" << Text(answer);
  }
  const AckDocument open = ReadAcknowledgments("a.999", Of999("AK1*HP*905~AK2*835*0001~", 2));
  EXPECT_THAT(Text(open), HasSubstr("no AK9"));
  const AckDocument none = ReadAcknowledgments("a.999", Of999("AK2*835*0001~IK5*A~", 2));
  EXPECT_THAT(Text(none), HasSubstr("exactly one AK1"));
}

TEST(Acknowledgment, AnInterchangeAlone) {
  const AckDocument answer = ReadAcknowledgments(
      "a.ta1", std::string(kIsa) + "TA1*000000905*261001*1253*R*024~IEA*0*000000111~");
  EXPECT_TRUE(answer.faults.empty()) << Text(answer);
  ASSERT_EQ(answer.interchanges.size(), 1U);
  EXPECT_EQ(answer.interchanges[0].control_number, "000000905");
  EXPECT_EQ(answer.interchanges[0].verdict, AckVerdict::kRejected);
  EXPECT_EQ(answer.interchanges[0].note, "024");
  const AckDocument bad = ReadAcknowledgments(
      "a.ta1", std::string(kIsa) + "TA1*000000905*261001*1253*Q*024~IEA*0*000000111~");
  EXPECT_EQ(WorstOf(bad.faults), FaultScope::kRecord);
  EXPECT_TRUE(bad.interchanges.empty());
}

TEST(Acknowledgment, ABrokenEnvelopeStopsTheFile) {
  const std::string good = Of999("AK1*HP*905~AK2*835*0001~IK5*A~AK9*A*1*1*1~", 4);
  EXPECT_TRUE(ReadAcknowledgments("a", good).faults.empty());
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(WorstOf(ReadAcknowledgments("a", good.substr(0, size)).faults), FaultScope::kFile)
        << size;
  }
  EXPECT_EQ(WorstOf(ReadAcknowledgments("a", std::string(kIsa) + "IEA*0*000000111~").faults),
            FaultScope::kFile);
}

}  // namespace
}  // namespace sluice::payments
