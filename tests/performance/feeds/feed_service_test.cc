// Files of feeds into a real database: what is taken, what is refused, what a gate then says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "performance/activity/activity_service.h"
#include "tests/performance/feeds/feed_fixture.h"

namespace sluice::performance {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

using testing::kDoctorNpi;
using testing::kFormerNpi;
using testing::kSeptember;
using testing::kYear;

class FeedServiceTest : public testing::FeedFixture {};

// feature:D01
TEST_F(FeedServiceTest, UnknownMemberIsQuarantinedAndReprocessedOnceKnown) {
  Members();
  const std::string path = File(
      "id,claim,line,day,paid\nM1,C1,1,2026-09-02,10.00\nM9,C2,1,2026-09-03,20.00\n");
  const Delivery first = Receive("claims", path);
  EXPECT_EQ(first.rows_in, 2);
  EXPECT_EQ(first.rows_read, 1);
  EXPECT_EQ(first.rows_rejected, 1);
  ASSERT_THAT(Rejected(first), SizeIs(1));
  EXPECT_EQ(Rejected(first)[0].row, 3);
  EXPECT_EQ(Rejected(first)[0].code, "unknown_member");
  EXPECT_FALSE(Rejected(first)[0].raw.has_value());
  EXPECT_EQ(Claims(), 1);

  Receive("members", File("id,from\nM9,2026-01-01\n"),
          DateRange::Between(MakeDate(2026, 9, 2), MakeDate(2026, 10, 1)));
  const Delivery again = Receive("claims", path, kSeptember, true);
  EXPECT_EQ(again.version, 2);
  EXPECT_EQ(again.rows_rejected, 0);
  EXPECT_EQ(again.rows_recorded, 1);
  EXPECT_EQ(Claims(), 2);
  // Nothing is left to reprocess.
  ExpectRefused(Receive("claims", path, kSeptember, true), RefusalCode::kDuplicate,
                "none of its rows was rejected");
}

// feature:D01
TEST_F(FeedServiceTest, SameBytesAreRefusedByTheNameOfTheEarlierDelivery) {
  const Delivery first = Members();
  ASSERT_TRUE(first.Accepted());
  const Delivery again = Members();
  ExpectRefused(again, RefusalCode::kDuplicate, first.id.ToString());
  EXPECT_THAT(again.refused_reason, HasSubstr(first.file_name));
  EXPECT_THAT(again.refused_reason, HasSubstr("2026-10-01"));
  const auto health = feeds_.Health().value();
  EXPECT_TRUE(std::ranges::any_of(health, [](const FeedHealth& h) {
    return h.feed == "members" && h.Has(FeedFindingCode::kDuplicate);
  }));
}

// feature:D01
TEST_F(FeedServiceTest, ClaimLineGivenTwiceIsRejectedWhenItDiffers) {
  Members();
  const Delivery delivery =
      ReceiveText("claims",
                  "id,claim,line,day,paid\nM1,C1,1,2026-09-02,10.00\nM1,C1,1,2026-09-02,11.00\n"
                  "M2,C2,1,2026-09-02,5.00\nM2,C2,1,2026-09-02,5.00\n");
  EXPECT_EQ(delivery.rows_in, 4);
  EXPECT_EQ(delivery.rows_rejected, 1);
  ASSERT_THAT(Rejected(delivery), SizeIs(1));
  EXPECT_EQ(Rejected(delivery)[0].code, "contradicts_earlier_row");
  EXPECT_EQ(Rejected(delivery)[0].row, 3);
  EXPECT_EQ(Claims(), 2);
}

// feature:D01 feature:D04
TEST_F(FeedServiceTest, FaultsOfTheFileRefuseItWhole) {
  Members();
  const std::string good = "id,claim,line,day,paid\nM1,C1,1,2026-09-02,10.00\n";
  ExpectRefused(ReceiveText("claims", good + "M2,C2,1,2026-09-03,20.0"), RefusalCode::kMalformed,
                "cut");
  ExpectRefused(ReceiveText("claims", good + "M2,\"C2,1,2026-09-03,20.0\n"),
                RefusalCode::kMalformed, "unclosed_quote");
  ExpectRefused(ReceiveText("claims", "id,claim,line,paid\nM1,C1,1,10.00\n"),
                RefusalCode::kMalformed, "day");
  ExpectRefused(ReceiveText("claims", std::string("\xff\xfei\0d\0", 6)), RefusalCode::kMalformed,
                "encoding");
  ExpectRefused(ReceiveText("claims", ""), RefusalCode::kMalformed, "empty_file");
  ExpectRefused(Receive("claims", folder_ / "nowhere.csv"), RefusalCode::kUnreadable, "nowhere");
  EXPECT_EQ(Claims(), 0);
  EXPECT_THAT(feeds_.Deliveries("claims").value(), SizeIs(6));
  // A byte that is no ASCII spoils its row only.
  const Delivery row = ReceiveText("claims", good + "M2,C\xc3\xa9,1,2026-09-03,20.00\n");
  EXPECT_EQ(row.rows_rejected, 1);
  EXPECT_EQ(Rejected(row)[0].code, "malformed_row");
}

// feature:D04
TEST_F(FeedServiceTest, ColumnsInAnotherOrderByteOrderMarkAndCrlfAreFine) {
  Members();
  const Delivery delivery = ReceiveText(
      "claims", "\xef\xbb\xbfpaid,day,extra,id,claim,line\r\n10.00,2026-09-02,x,M1,C1,1\r\n");
  EXPECT_TRUE(delivery.Accepted()) << delivery.refused_reason;
  EXPECT_EQ(delivery.rows_read, 1);
  EXPECT_EQ(Claims(), 1);
}

// feature:D01
TEST_F(FeedServiceTest, FilesFromTheFutureAreRefusedWithTheRow) {
  Members();
  ExpectRefused(Receive("claims", File("id,claim,line,day,paid\n"),
                        DateRange::Between(MakeDate(2026, 10, 2), MakeDate(2026, 11, 1))),
                RefusalCode::kFuture, "2026-10-02 is after 2026-10-01");
  ExpectRefused(ReceiveText("claims",
                            "id,claim,line,day,paid\nM1,C1,1,2026-10-01,1.00\n"
                            "M1,C2,1,2026-10-02,1.00\n"),
                RefusalCode::kFuture, "row 3");
  EXPECT_EQ(Claims(), 0);
  ExpectRefused(ReceiveText("facts", FactFile(OwnRow("benchmark", "1.00") + contract_.ToString() +
                                              ";;;2026-10-02;2026-12-31;x;amount;1\n")),
                RefusalCode::kFuture, "row 3 column 'from'");
  ExpectRefused(ReceiveText("adt", AdtFile({AdtRow("1", "M1", kDoctorNpi, "2026-10-02")})),
                RefusalCode::kFuture, "row 2 column 'day'");
  EXPECT_EQ(Count("SELECT count(*) FROM performance.fact"), 0);
}

// feature:D01
TEST_F(FeedServiceTest, EndedAffiliationRejectsTheRowByItsDay) {
  Members();
  const Delivery delivery =
      ReceiveText("adt", AdtFile({AdtRow("1", "M1", kFormerNpi, "2026-05-31"),
                                  AdtRow("2", "M2", kFormerNpi, "2026-06-01"),
                                  AdtRow("3", "M2", "1003000126", "2026-06-01"),
                                  AdtRow("4", "M9")}));
  EXPECT_EQ(delivery.rows_read, 1);
  const auto rejected = Rejected(delivery);
  ASSERT_THAT(rejected, SizeIs(3));
  EXPECT_EQ(rejected[0].row, 3);
  EXPECT_EQ(rejected[0].code, "not_affiliated");
  EXPECT_THAT(rejected[0].reason, HasSubstr("2026-06-01"));
  EXPECT_EQ(rejected[1].code, "unknown_provider");
  EXPECT_EQ(rejected[2].code, "unknown_member");
  EXPECT_EQ(rejected[2].row, 5);
}

// feature:D01
TEST_F(FeedServiceTest, RestatedFactsSupersedeAndWithdrawWhatTheyLeaveOut) {
  const Delivery first =
      ReceiveText("facts", FactFile(OwnRow("benchmark", "100.00") + OwnRow("bonus", "5.00") +
                                    "ctr_nobody;;;2026-01-01;2026-12-31;x;amount;1\n"));
  EXPECT_EQ(first.rows_read, 2);
  const auto rejected = Rejected(first);
  ASSERT_THAT(rejected, SizeIs(1));
  EXPECT_EQ(rejected[0].code, "unknown_contract");
  EXPECT_EQ(rejected[0].raw, "ctr_nobody;;;2026-01-01;2026-12-31;x;amount;1");
  EXPECT_TRUE(OwnFacts(kYear).Has("bonus"));

  const Delivery second = ReceiveText("facts", FactFile(OwnRow("benchmark", "120.00")));
  EXPECT_EQ(second.version, 2);
  const Facts facts = OwnFacts(kYear);
  EXPECT_EQ(facts.Amount("benchmark").value(), Exact(Money::FromCents(120'00)));
  EXPECT_FALSE(facts.Has("bonus"));
}

// feature:D01
TEST_F(FeedServiceTest, RejectedRowOfARestatedFileWithdrawsNothing) {
  const auto live = [&] {
    return Count(
        "SELECT count(*) FROM (SELECT DISTINCT ON (event_id) voided FROM "
        "performance.activity_event ORDER BY event_id, recorded_at DESC, batch_id DESC) AS e "
        "WHERE NOT voided");
  };
  Members();
  const std::vector<std::string> rows = {AdtRow("MSG-1", "M1"), AdtRow("MSG-2", "M2"),
                                         AdtRow("MSG-3", "M1")};
  EXPECT_TRUE(ReceiveText("adt", AdtFile(rows)).note.empty());
  EXPECT_EQ(live(), 3);
  // MSG-2 comes again with a typo, and MSG-3 not at all: only MSG-3 is gone.
  const Delivery typo = ReceiveText("adt", AdtFile({rows[0], AdtRow("MSG-2", "M9")}));
  EXPECT_EQ(typo.rows_rejected, 1);
  EXPECT_THAT(typo.note, HasSubstr("what the rejected rows are about was not withdrawn"));
  EXPECT_EQ(live(), 2);
  const Delivery other = ReceiveText("adt", AdtFile({rows[0], AdtRow("MSG-2", "M2", "12")}));
  EXPECT_EQ(Rejected(other).at(0).code, "bad_identifier");
  EXPECT_EQ(live(), 2);
  // A row that does not say which message it is could be any of them.
  const std::string unclear = AdtFile({rows[0], AdtRow("", "M2")});
  const Delivery nameless = ReceiveText("adt", unclear);
  EXPECT_EQ(Rejected(nameless).at(0).code, "missing_value");
  EXPECT_THAT(nameless.note, HasSubstr("row 3"));
  EXPECT_THAT(ToText(nameless, {}), HasSubstr(nameless.note));
  EXPECT_EQ(feeds_.Deliveries("adt").value().front().note, nameless.note);
  EXPECT_EQ(live(), 2);
  // The clean file withdraws it.
  EXPECT_TRUE(ReceiveText("adt", AdtFile({rows[0]})).note.empty());
  EXPECT_EQ(live(), 1);
}

// feature:D01
TEST_F(FeedServiceTest, RejectedRowOfRestatedFactsKeepsWhatWasSaid) {
  ReceiveText("facts", FactFile(OwnRow("benchmark", "100.00") + OwnRow("bonus", "5.00") +
                                OwnRow("old", "1.00")));
  const Delivery typo =
      ReceiveText("facts", FactFile(OwnRow("benchmark", "120.00") + OwnRow("bonus", "five")));
  EXPECT_EQ(typo.rows_rejected, 1);
  EXPECT_FALSE(typo.note.empty());
  EXPECT_EQ(OwnFacts(kYear).Amount("benchmark").value(), Exact(Money::FromCents(120'00)));
  EXPECT_EQ(OwnFacts(kYear).Amount("bonus").value(), Exact(Money::FromCents(5'00)));
  EXPECT_FALSE(OwnFacts(kYear).Has("old"));
  // A contract that nobody has could be a typo of ours: nothing is withdrawn.
  ReceiveText("facts", FactFile(OwnRow("benchmark", "130.00") +
                                "ctr_nobody;;;2026-01-01;2026-12-31;bonus;amount;1\n"));
  EXPECT_TRUE(OwnFacts(kYear).Has("bonus"));
  EXPECT_TRUE(ReceiveText("facts", FactFile(OwnRow("benchmark", "140.00"))).note.empty());
  EXPECT_FALSE(OwnFacts(kYear).Has("bonus"));
}

// feature:D05 feature:D11 feature:C21
TEST_F(FeedServiceTest, AdtEventAloneEarnsAndTheAwardNamesItsFile) {
  ActivitySum activity;
  activity.prices = {{.kind = ActivityKind::kAdtEvent,
                      .code = "A03",
                      .measure = "TOC",
                      .price = UnitPrice::FromMillionths(25'500'000),
                      .effective = DateRange::From(MakeDate(2026, 1, 1))}};
  Terms terms{.title = "Transitions of care"};
  terms.components = {{.rule = Basis{.kind = activity, .zero_reason = ReasonCode::kNotReported},
                       .clause = "2"},
                      {.rule = RoundingRule{}, .clause = {}}};
  const NewTerms fresh{.contract = contract_,
                       .effective = DateRange::From(MakeDate(2026, 1, 1)),
                       .terms = terms};
  const auto added = programs_.AddTerms({&fresh, 1});
  ASSERT_TRUE(added.ok()) << added.status();
  ASSERT_TRUE(gates_
                  .Set({.program = program_, .name = "adt_rejects", .feed = "adt",
                        .kind = GateKind::kRejectedShare, .ratio_limit = Ratio(1, 10)})
                  .ok());
  EXPECT_EQ(gates_.RecordServiceLevels(program_, kYear).value(), 1);
  EXPECT_EQ(OwnFacts(kYear).Flag("feed_breach.adt").value(), true);

  Members();
  const Delivery delivery = ReceiveText("adt", AdtFile({AdtRow("MSG-1", "M1"),
                                                        AdtRow("MSG-2", "M2")}));
  ASSERT_TRUE(delivery.Accepted()) << delivery.refused_reason;
  EXPECT_EQ(delivery.rows_recorded, 2);
  EXPECT_EQ(gates_.RecordServiceLevels(program_, kYear).value(), 1);
  EXPECT_EQ(OwnFacts(kYear).Flag("feed_breach.adt").value(), false);

  ActivityService activities(database_, db_.Clock(), db_.Ids());
  const auto run = [&] {
    db_.Clock().AdvanceMicros(1'000'000);
    const auto ran = activities.Run({.program = program_, .period = kYear}, hierarchy_);
    EXPECT_TRUE(ran.ok()) << ran.status();
    db_.Clock().AdvanceMicros(1'000'000);
    const auto summary = programs_.Calculate(
        {.program = program_, .dates = {.period = kYear, .pay_date = MakeDate(2027, 4, 15)}},
        hierarchy_);
    EXPECT_TRUE(summary.ok()) << summary.status();
    return programs_.Awards(program_, kYear).value().front();
  };
  const StoredAward award = run();
  EXPECT_EQ(award.amount.Cents(), 51'00);
  const std::pair<AwardId, std::int32_t> paid{award.award, award.version};
  const auto may_release = [&] {
    return database_.Transact([&](pg::Transaction& tx) {
      return MayRelease(tx, payer_, program_, {&paid, 1});
    });
  };
  EXPECT_THAT(StatusMessage(may_release()), HasSubstr("was not checked since"));
  const auto checks = gates_.Check(program_, kYear);
  ASSERT_TRUE(checks.ok()) << checks.status();
  ASSERT_THAT(*checks, SizeIs(1));
  EXPECT_TRUE(checks->front().passed) << checks->front().detail;
  EXPECT_TRUE(may_release().ok());
  const auto inputs = gates_.Inputs({award.contract, award.award, award.version}).value();
  ASSERT_THAT(inputs, SizeIs(1));
  EXPECT_EQ(inputs[0].delivery, delivery.id);
  EXPECT_EQ(inputs[0].delivery_version, 1);
  EXPECT_EQ(inputs[0].sha256, *delivery.sha256);

  // A restated file without the second message: its event is voided, and the award moves.
  const Delivery restated = ReceiveText("adt", AdtFile({AdtRow("MSG-1", "M1"),
                                                        AdtRow("MSG-3", "M9")}));
  EXPECT_EQ(restated.version, 2);
  const StoredAward corrected = run();
  EXPECT_EQ(corrected.amount.Cents(), 25'50);
  EXPECT_EQ(corrected.delta.Cents(), -25'50);
  // Half of its rows were rejected: the gate fails, and only a person lets it pass.
  const auto failed = gates_.Check(program_, kYear).value();
  ASSERT_FALSE(failed.front().passed);
  const std::pair<AwardId, std::int32_t> second{corrected.award, corrected.version};
  const auto may_release_second = [&] {
    return database_.Transact([&](pg::Transaction& tx) {
      return MayRelease(tx, payer_, program_, {&second, 1});
    });
  };
  EXPECT_TRUE(absl::IsFailedPrecondition(may_release_second()));
  EXPECT_THAT(StatusMessage(may_release_second()), HasSubstr("adt_rejects"));
  EXPECT_THAT(StatusMessage(may_release_second()), HasSubstr("1 of 2 rows were rejected"));
  EXPECT_TRUE(absl::IsInvalidArgument(
      gates_.Override(program_, failed.front().check_id, UserId(7), "ok")));
  ASSERT_TRUE(gates_.Override(program_, failed.front().check_id, UserId(7),
                              "M9 is of another payer, confirmed by the sender")
                  .ok());
  EXPECT_TRUE(may_release_second().ok());
  const auto told = gates_.Checks(program_, kYear).value();
  EXPECT_EQ(told.front().overridden_by, UserId(7));
  EXPECT_THAT(told.front().override_reason, HasSubstr("another payer"));
  // The next calculation is checked anew.
  db_.Clock().AdvanceMicros(1'000'000);
  ASSERT_TRUE(gates_.Check(program_, kYear).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(may_release_second()));
}

// feature:D01
TEST_F(FeedServiceTest, OtherPayersSeeNothing) {
  Members();
  const PayerId other = db_.NewPayer("Other plan");
  FeedService theirs(db_.App(), other, db_.Clock(), db_.Ids());
  EXPECT_TRUE(theirs.Health().value().empty());
  EXPECT_TRUE(theirs.Deliveries("members").value().empty());
}

}  // namespace
}  // namespace sluice::performance
