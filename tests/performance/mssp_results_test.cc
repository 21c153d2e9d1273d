// Reading results files as other years print them. The files here are made up; their layouts follow
// what the years' files have had: flags or codes for the track, fractions or per cent, dollar signs
// and commas, words for a score, halved six-month periods, no quality flag.
#include "performance/mssp_results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::performance {
namespace {

using ::testing::HasSubstr;

MsspResults Parse(const std::string& text, int year) {
  const auto results = ParseMsspResults(text, "made_up.csv", year);
  EXPECT_TRUE(results.ok()) << results.status();
  return results.ok() ? *results : MsspResults{};
}

void ExpectAllExact(const MsspResults& results, std::size_t rows) {
  ASSERT_EQ(results.rows.size(), rows);
  for (const MsspResultRow& row : results.rows) {
    const MsspComparison comparison = CompareWithPublished(row);
    EXPECT_EQ(comparison.problem, "") << row.aco_id;
    EXPECT_TRUE(comparison.generated_exact)
        << row.aco_id << ' ' << comparison.generated << ToText(comparison.award);
    EXPECT_EQ(comparison.earned, MsspMatch::kExact) << row.aco_id << ToText(comparison.award);
  }
}

TEST(PerformanceYear, IsReadFromTheNameOfTheFile) {
  EXPECT_EQ(PerformanceYearOf("../data/PY2019.csv"), 2019);
  EXPECT_EQ(PerformanceYearOf("Results_py2021_v2.csv"), 2021);
  EXPECT_EQ(PerformanceYearOf("PY2022/results.csv"), std::nullopt);
  EXPECT_EQ(PerformanceYearOf("happy20.csv"), std::nullopt);
}

// The first years: ACO_Num, Track1/Track2 flags, capitals, P4R in words, no relief column.
TEST(MsspResults, ReadsTheFirstYears) {
  ExpectAllExact(
      Parse("ACO_NUM,ACO_NAME,START_DATE,TRACK1,TRACK2,N_AB,MINSAVPERC,BNCHMKMINEXP,GENSAVELOSS,"
            "EARNSAVELOSS,QUALSCORE,FINALSHARERATE,ABTOTBNCHMK,ABTOTEXP\n"
            // 50 % of 10,000,000 x 98 %, first year: pay for reporting.
            "A1,First year,1/1/14,1,0,60000,0.02,10000000,10000000,4900000,P4R,0.5,100000000,"
            "90000000\n"
            // Blank score of a first year, two-sided: 60 % x 98 %.
            "A2,Blank score,01/01/2014,0,1,60000,0.02,10000000,10000000,5880000,,0.6,100000000,"
            "90000000\n"
            // A loss of track 2: 1 - 0.6 x 0.9 = 46 %.
            "A3,Owes,04/01/2012,0,1,60000,0.02,-5000000,-5000000,-2300000,0.9,0.54,100000000,"
            "105000000\n"
            // Quality failed, seen only by a final share of zero.
            "A4,Failed,04/01/2012,1,0,60000,0.02,10000000,10000000,0,0.41,0,100000000,90000000\n"
            // A one-sided loss past the rate, printed as the loss.
            "A5,Loses,04/01/2012,1,0,60000,0.02,-10000000,-10000000,0,0.91,0.455,100000000,"
            "110000000\n",
            2014),
      5);
}

TEST(MsspResults, AFinalShareOfZeroMarksFailedQuality) {
  const MsspResults results = Parse(
      "ACO_ID,Current_Track,N_AB,MinSavPerc,GenSaveLoss,EarnSaveLoss,QualScore,FinalShareRate,"
      "ABtotBnchmk,ABtotExp\nA4,1,60000,0.02,10000000,0,0.41,0,100000000,90000000\n",
      2016);
  EXPECT_EQ(CompareWithPublished(results.rows[0]).award.zero_reason,
            ReasonCode::kQualityStandardFailed);
}

// 2019: dollar signs and thousands commas, tracks as words, half a year, relief not halved.
TEST(MsspResults, ReadsSixMonthPeriodsAndPrintedDollars) {
  const MsspResults results = Parse(
      "ACO_ID,ACO_Name,Current_Track,N_AB,N_AB_Year_PY,MinSavPerc,BnchmkMinExp,GenSaveLoss,DisAdj,"
      "EarnSaveLoss,QualScore,UpdatedBnchmk,ABtotBnchmk,ABtotExp,FinalShareRate\r\n"
      // The moratorium: no sequestration on what was paid in the autumn of 2020.
      "A1,\"One, Inc.\",\"Track 1+\",\"10,000\",\"9,800\",1.0%,\"$4,900,000 \",\"$4,900,000 \",-,"
      "\"$2,205,000 \",90.00%,\"$10,000\",\"$49,000,000\",\"$44,100,000\",45.00%\r\n"
      // Half a year: loss 2,450,000 x 30 % = 735,000 less half of 20,000.
      "A2,Two,BASIC Level C,\"10,000\",\"9,800\",0.50%,\"($2,450,000)\",\"($2,450,000)\","
      "\"-$20,000\",\"-$490,000\",90.00%,\"$10,000\",\"$49,000,000\",\"$51,450,000\",45.00%\r\n"
      // A whole year, ENHANCED.
      "A3,Three,Enhanced,\"10,000\",\"9,800\",2.00%,\"$9,800,000\",\"$9,800,000\",,"
      "\"$7,350,000\",P4R,\"$10,000\",\"$98,000,000\",\"$88,200,000\",75.00%\r\n",
      2019);
  ASSERT_EQ(results.rows.size(), 3U);
  EXPECT_EQ(**results.rows[0].facts.RatioOf("period_fraction"), Ratio(1, 2));
  EXPECT_EQ(**results.rows[2].facts.RatioOf("period_fraction"), Ratio(1));
  EXPECT_EQ(results.rows[0].aco_name, "One, Inc.");
  // A2: 735,000 is past 1 % of the benchmark (490,000), which binds; half the relief comes off.
  EXPECT_EQ(CompareWithPublished(results.rows[1]).award.amount.ToString(), "-480,000.00");
  EXPECT_EQ(CompareWithPublished(results.rows[0]).earned, MsspMatch::kExact);
  EXPECT_EQ(CompareWithPublished(results.rows[2]).earned, MsspMatch::kExact);
}

// 2020: the emergency covered the year, so a loss is zero whatever the relief column says.
TEST(MsspResults, AWholeYearOfEmergencyAbsorbsEveryLoss) {
  const MsspResults results = Parse(
      "ACO_ID,Current_BASIC_E,Current_ENHANCED,N_AB,MinSavPerc,GenSaveLoss,EarnSaveLoss,"
      "QualScore,ABtotBnchmk,ABtotExp,DisAdj\n"
      "A1,0,1,60000,0,-5000000,0,0.9,100000000,105000000,\n"
      "A2,1,0,60000,0,10000000,4500000,0.9,100000000,90000000,\n",
      2020);
  ExpectAllExact(results, 2);
  EXPECT_EQ(CompareWithPublished(results.rows[0]).award.zero_reason,
            ReasonCode::kReliefAbsorbedLoss);
}

// 2021 to 2023: pass or fail; without a flag the share tells which standard was met.
TEST(MsspResults, ReadsPassOrFailQualityFromTheShareWhenThereIsNoFlag) {
  const MsspResults results = Parse(
      "ACO_ID,Current_Track,N_AB,MinSavPerc,GenSaveLoss,EarnSaveLoss,QualScore,FinalShareRate,"
      "ABtotBnchmk,ABtotExp\n"
      "A1,E,60000,2,10000000,4900000,55.5,50,100000000,90000000\n"
      "A2,E,60000,2,10000000,3920000,80,40,100000000,90000000\n"
      "A3,E,60000,2,10000000,0,12,0,100000000,90000000\n",
      2023);
  ExpectAllExact(results, 3);
  EXPECT_THAT(CompareWithPublished(results.rows[1]).award.notes,
              ::testing::Contains(ReasonCode::kAlternativeStandard));
}

// A score is printed although the first year pays for reporting; a later year pays for the score.
TEST(MsspResults, AWholeShareInTheFirstYearIsPayForReporting) {
  const MsspResults results = Parse(
      "ACO_ID,Track,Current_Start_Date,N_AB,MinSavPerc,GenSaveLoss,EarnSaveLoss,QualScore,"
      "FinalShareRate,ABtotBnchmk,ABtotExp\n"
      "A1,1,01/01/2017,60000,0.02,10000000,4900000,0.8,0.5,100000000,90000000\n"
      "A2,1,01/01/2016,60000,0.02,10000000,3920000,0.8,0.4,100000000,90000000\n",
      2017);
  ExpectAllExact(results, 2);
}

// The oldest layout: long titles with footnotes, a flag for track 2 only, no minimum rate.
TEST(MsspResults, ReadsLongTitlesAndASingleTrackFlag) {
  ExpectAllExact(
      Parse("\"ACO Name (LBN or DBA, if applicable)\",ACO Identifier,Track 2 ACO,"
            "Total Assigned Beneficiaries,Total Benchmark Expenditures,"
            "Total Assigned Beneficiary Expenditures,Generated Total Savings/Losses 1,"
            "\"Total Earned Shared Savings Payments/Owe Losses 2, 3\"\n"
            "One,A1,0,60000,\"$100,000,000\",\"$90,000,000\",\"$10,000,000\",\"$4,900,000\"\n"
            "Two,A2,0,60000,\"$100,000,000\",\"$99,000,000\",0,0\n",
            2013),
      2);
}

// Numbers as a machine held them: the election is 2 % and the score 0.9.
TEST(MsspResults, ForgivesBinaryNoise) {
  const MsspResults results = Parse(
      "ACO_ID,Track,N_AB,MinSavPerc,GenSaveLoss,EarnSaveLoss,QualScore,ABtotBnchmk,ABtotExp\n"
      "A1,2,9139,2.0000000000000004E-2,10000000,5292000,0.90000000000000002,100000000,90000000\n",
      2017);
  ExpectAllExact(results, 1);
  EXPECT_EQ(**results.rows[0].facts.RatioOf("minimum_rate"), Ratio(1, 50));
}

struct ScaleCase {
  std::string name;
  std::string rate;
  std::string score;
  std::string share;
};

// The same ACO in every way of printing rates.
TEST(MsspResults, DecidesTheScaleOfEachColumn) {
  for (const ScaleCase& test : std::vector<ScaleCase>{{"fractions", "0.02", "0.9", "0.45"},
                                                      {"per cent", "2", "90", "45"},
                                                      {"signs", "2.00%", "90.00%", "45.00%"},
                                                      {"mixed", "0.02", "90", "45.0%"}}) {
    SCOPED_TRACE(test.name);
    const MsspResults results = Parse(
        fmt::format("aco_id,current_track_1,n_ab,minsavperc,gensaveloss,earnsaveloss,qualscore,"
                    "finalsharerate,abtotbnchmk,abtotexp\n"
                    "A1,1,60000,{},10000000,4410000,{},{},100000000,90000000\n",
                    test.rate, test.score, test.share),
        2017);
    ExpectAllExact(results, 1);
    EXPECT_EQ(**results.rows[0].facts.RatioOf("minimum_rate"), Ratio(1, 50));
    EXPECT_EQ(**results.rows[0].facts.RatioOf("quality_score"), Ratio(9, 10));
  }
}

TEST(MsspResults, TheScaleOfAColumnCanBeConfigured) {
  MsspReadOptions options;
  options.scales["QualScore"] = MsspScale::kPercent;
  const auto results = ParseMsspResults(
      "ACO_ID,Track,N_AB,MinSavPerc,GenSaveLoss,EarnSaveLoss,QualScore,ABtotBnchmk,ABtotExp\n"
      "A1,1,60000,0.02,0,0,0.9,100,90\n",
      "f.csv", 2017, options);
  EXPECT_EQ(**results->rows[0].facts.RatioOf("quality_score"), Ratio(9, 1000));
}

TEST(MsspResults, HalfAUnitOfTheScoreFollowsItsPrint) {
  const auto half_unit = [](const std::string& a, const std::string& b) {
    const MsspResults results = Parse(
        "ACO_ID,Track,N_AB,MinSavPerc,GenSaveLoss,EarnSaveLoss,QualScore,ABtotBnchmk,ABtotExp\n"
        "A1,1,60000,0.02,0,0," +
            a + ",100,90\nA2,1,60000,0.02,0,0," + b + ",100,90\n",
        2017);
    return results.rows[0].score_half_unit;
  };
  EXPECT_EQ(half_unit("0.8503", "0.9"), Ratio(1, 20'000));
  EXPECT_EQ(half_unit("85.03", "9"), Ratio(1, 20'000));
  EXPECT_EQ(half_unit("85.0%", "9%"), Ratio(1, 2'000));
  EXPECT_EQ(half_unit("1", "1"), Ratio());
}

// 2021 prints whole-dollar results of scores that it rounds: inside what the print allows.
TEST(MsspResults, AResultInsideThePrintedScoreIsWithinRounding) {
  const std::string header =
      "ACO_ID,Track,N_AB,MinSavPerc,GenSaveLoss,EarnSaveLoss,QualScore,ABtotBnchmk,ABtotExp\n";
  // 5,071,450 was paid on 2721/3200, printed 0.8503 (A1002 of 2018).
  const std::string row = "A1002,1,9139,0.030860861,12171874,{},0.8503,91914080,79742206\n";
  const auto match = [&](std::string_view earned) {
    std::string text = header + row;
    text.replace(text.find("{}"), 2, earned);
    return CompareWithPublished(Parse(text, 2018).rows[0]).earned;
  };
  EXPECT_EQ(match("5071375"), MsspMatch::kExact);
  EXPECT_EQ(match("5071450"), MsspMatch::kWithinRounding);
  // 0.50 + 0.4166 + 12,171,874 x 0.5 x 0.98 x 0.00005 = 299.13 either way.
  EXPECT_EQ(match("5071673"), MsspMatch::kWithinRounding);
  EXPECT_EQ(match("5071675"), MsspMatch::kMiss);
}

TEST(MsspResults, ASuppressedInputBlocksItsRowAndNoOther) {
  const MsspResults results = Parse(
      "ACO_ID,Track,N_AB,MinSavPerc,GenSaveLoss,EarnSaveLoss,QualScore,ABtotBnchmk,ABtotExp\n"
      "A1,1,60000,0.02,0,0,0.9,*,90\nA2,1,60000,0.02,0,0,0.9,100,101\n,,,,,,,,\n",
      2017);
  ASSERT_EQ(results.rows.size(), 2U);
  const MsspComparison blocked = CompareWithPublished(results.rows[0]);
  EXPECT_EQ(blocked.earned, MsspMatch::kMiss);
  EXPECT_THAT(blocked.problem, HasSubstr("MISSING_INPUT: benchmark"));
  EXPECT_EQ(CompareWithPublished(results.rows[1]).earned, MsspMatch::kExact);
}

// One small ACO had 152 people: below the table the printed rate is an input.
TEST(MsspResults, BelowTheTableThePrintedRateCounts) {
  const MsspResults results = Parse(
      "ACO_ID,Track,N_AB,MinSavPerc,GenSaveLoss,EarnSaveLoss,QualScore,ABtotBnchmk,ABtotExp\n"
      "A1,1,152,0.2542,0,0,1,1000000,745801\nA2,1,152,0.2542,254200,100000,1,1000000,745800\n",
      2017);
  ExpectAllExact(results, 2);
}

TEST(MsspResults, NamesTheColumnThatIsMissing) {
  const auto results =
      ParseMsspResults("ACO_ID,N_AB,MinSavPerc,GenSaveLoss,ABtotBnchmk\nA1,1\n", "py.csv", 2017);
  EXPECT_THAT(StatusMessage(results.status()), HasSubstr("earnsaveloss"));
  const auto no_track = ParseMsspResults(
      "ACO_ID,N_AB,MinSavPerc,GenSaveLoss,EarnSaveLoss,ABtotBnchmk\n", "py.csv", 2017);
  EXPECT_THAT(StatusMessage(no_track.status()), HasSubstr("Current_Track"));
}

TEST(MsspResults, KeepsARowItCannotRead) {
  const MsspResults results = Parse(
      "ACO_ID,Current_Track_1,Current_Track_2,N_AB,MinSavPerc,GenSaveLoss,EarnSaveLoss,"
      "ABtotBnchmk,ABtotExp\nA1,1,1,60000,0.02,0,0,100,90\nA2,0,0,60000,0.02,0,0,100,90\n"
      "A3,1,0,60000\n",
      2017);
  ASSERT_EQ(results.rows.size(), 3U);
  for (const MsspResultRow& row : results.rows) EXPECT_FALSE(row.problem.ok());
}

// Names in Windows text do not stop the file.
TEST(MsspResults, ReadsNamesThatAreNotUtf8) {
  const MsspResults results = Parse(
      "ACO_ID,ACO_Name,Track,N_AB,MinSavPerc,GenSaveLoss,EarnSaveLoss,QualScore,ABtotBnchmk,"
      "ABtotExp\nA1,Ni\xf1o Care,1,60000,0.02,0,0,0.9,100,101\n",
      2017);
  EXPECT_EQ(results.rows[0].aco_name, "Ni\xc3\xb1o Care");
}

TEST(ParseMsspTrack, ReadsEveryWayOfWritingIt) {
  for (const auto& [text, track] :
       std::vector<std::pair<std::string, MsspTrack>>{{"1", MsspTrack::kTrack1},
                                                      {"Track 1", MsspTrack::kTrack1},
                                                      {"track_1_plus", MsspTrack::kTrack1Plus},
                                                      {"1+", MsspTrack::kTrack1Plus},
                                                      {"Track 3", MsspTrack::kTrack3},
                                                      {"b", MsspTrack::kBasicB},
                                                      {"BASIC Level E", MsspTrack::kBasicE},
                                                      {"Basic_A", MsspTrack::kBasicA},
                                                      {"EN", MsspTrack::kEnhanced},
                                                      {"Enhanced Track", MsspTrack::kEnhanced},
                                                      {"Track 2 ACO", MsspTrack::kTrack2}}) {
    const auto parsed = ParseMsspTrack(text);
    ASSERT_TRUE(parsed.ok()) << text;
    EXPECT_EQ(*parsed, track) << text;
  }
  EXPECT_FALSE(ParseMsspTrack("BASIC").ok());
  EXPECT_FALSE(ParseMsspTrack("4").ok());
}

}  // namespace
}  // namespace sluice::performance
