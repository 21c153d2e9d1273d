// A release waits for the data gates of its program, and goes once a person overrides with a
// reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "performance/award_store.h"
#include "performance/feeds/feed_service.h"
#include "performance/feeds/gate_service.h"
#include "performance/program_store.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using performance::DataGate;
using performance::GateKind;
using ::testing::HasSubstr;

class ReleaseGateTest : public RunFixture {
 protected:
  performance::GateService Gates() { return {db_.App(), payer_, db_.Clock(), db_.Ids()}; }

  // A feed from which nothing comes, and a gate that wants it for the whole year.
  void DemandClaims() {
    performance::FeedService feeds(db_.App(), payer_, db_.Clock(), db_.Ids());
    const auto declared = feeds.Declare({.name = "facts",
                                         .kind = performance::FeedKind::kFact,
                                         .owner = "Data",
                                         .mapping = "name = \"facts\"\nkind = \"fact\"\n[columns]\n"
                                                    "contract = \"c\"\nperiod_from = \"f\"\n"
                                                    "period_to = \"t\"\nname = \"n\"\n"
                                                    "type = \"k\"\nvalue = \"v\"\n",
                                         .starts_on = MakeDate(2025, 1, 1),
                                         .interval_days = 365});
    ASSERT_TRUE(declared.ok()) << declared.status();
    const DataGate gate{.program = program_.program,
                        .name = "facts_delivered",
                        .feed = "facts",
                        .kind = GateKind::kDelivered};
    ASSERT_TRUE(Gates().Set(gate).ok());
  }

  // The award as the calculation stored it.
  void StoreAward(const AwardToPay& award) {
    const Status stored = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
      const performance::Contract contract{.id = award.contract,
                                           .payer = payer_,
                                           .program = program_.program,
                                           .party = PartyId(501),
                                           .effective = DateRange::From(MakeDate(2025, 1, 1))};
      performance::InsertContracts(tx, {&contract, 1});
      const performance::StoredAward row{.contract = award.contract,
                                         .award = award.award,
                                         .version = award.version,
                                         .program = program_.program,
                                         .party = PartyId(501),
                                         .period = DateRange::Year(2025),
                                         .pay_date = kBusinessDate,
                                         .stream = award.stream,
                                         .amount = award.gross,
                                         .payable = award.payable,
                                         .delta = award.payable,
                                         .explanation = "test",
                                         .hierarchy_as_of = kBusinessDate,
                                         .known_at = db_.Clock().Now(),
                                         .calculated_at = db_.Clock().Now()};
      performance::InsertAwards(tx, {&row, 1});
      return OkStatus();
    });
    ASSERT_TRUE(stored.ok()) << stored;
  }
};

// feature:D11
TEST_F(ReleaseGateTest, FailingGateBlocksTheReleaseUntilAPersonOverridesIt) {
  AddPaidPayee(501);
  Fund(Dollars(10'000));
  const AwardToPay award = Award(1, {{501, Dollars(1'000)}});
  StoreAward(award);
  DemandClaims();
  const RunId run = Approved({award});

  const auto release = Releases();
  const Status unchecked = release->Release(run, kService);
  EXPECT_TRUE(absl::IsFailedPrecondition(unchecked)) << unchecked;
  EXPECT_THAT(StatusMessage(unchecked), HasSubstr("facts_delivered was not checked since"));

  const auto checks = Gates().Check(program_.program, DateRange::Year(2025));
  ASSERT_TRUE(checks.ok() && checks->size() == 1) << checks.status();
  const Status failed = release->Release(run, kService);
  EXPECT_TRUE(absl::IsFailedPrecondition(failed)) << failed;
  EXPECT_THAT(StatusMessage(failed), HasSubstr("data gate facts_delivered"));
  EXPECT_THAT(StatusMessage(failed), HasSubstr("receive its file and calculate again"));
  EXPECT_EQ(StateOf(run), RunState::kApproved);
  EXPECT_TRUE(DeliveredFiles().empty());

  ASSERT_TRUE(Gates()
                  .Override(program_.program, checks->front().check_id, kSecond.user,
                            "figures agreed with the holder by letter")
                  .ok());
  const Status released = release->Release(run, kService);
  EXPECT_TRUE(released.ok()) << released;
  EXPECT_FALSE(DeliveredFiles().empty());
}

// feature:D11
TEST_F(ReleaseGateTest, AwardOfNoCalculationCannotPassAGate) {
  AddPaidPayee(501);
  Fund(Dollars(10'000));
  DemandClaims();
  const RunId run = Approved({Award(1, {{501, Dollars(1'000)}})});
  const Status refused = Releases()->Release(run, kService);
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_THAT(StatusMessage(refused), HasSubstr("was not calculated in program"));
}

}  // namespace
}  // namespace sluice::payments
