// Onboarding cases: the moves there are, what a party lacks, and two people.
#include "hierarchy/onboarding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hierarchy/hierarchy_service.h"
#include "hierarchy/onboarding_service.h"
#include "hierarchy/onboarding_store.h"
#include "tests/support/test_database.h"

namespace sluice::hierarchy {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using State = OnboardingState;
using Command = OnboardingCommand;

const Date kDay = MakeDate(2026, 1, 1);

// feature:H06
TEST(Onboarding, OnlyTheStatedMovesAreTaken) {
  const std::vector<State> states = {State::kDraft, State::kSubmitted, State::kValidated,
                                     State::kApproved, State::kActive};
  const std::vector<Command> forward = {Command::kSubmit, Command::kValidate, Command::kApprove,
                                        Command::kActivate};
  for (std::size_t i = 0; i < states.size(); ++i) {
    for (std::size_t j = 0; j < forward.size(); ++j) {
      const auto next = ApplyOnboarding(states[i], forward[j]);
      EXPECT_EQ(next.ok(), i == j) << OnboardingStateName(states[i]);
      if (next.ok()) {
        EXPECT_EQ(*next, states[j + 1]);
      }
    }
    const auto back = ApplyOnboarding(states[i], Command::kReturn);
    EXPECT_EQ(back.ok(), i > 0);
  }
  EXPECT_THAT(StatusMessage(ApplyOnboarding(State::kSubmitted, Command::kActivate).status()),
              AllOf(HasSubstr("state submitted"), HasSubstr("validate, return")));
}

class OnboardingServiceTest : public ::testing::Test {
 protected:
  static constexpr UserId kMaker{1};
  static constexpr UserId kChecker{2};

  OnboardingServiceTest() : payer_(db_.NewPayer("Plan")), service_(db_.App(), db_.Clock()) {}

  void Apply(const ChangeSet& change) {
    const auto applied =
        HierarchyService(db_.App(), db_.Clock()).Apply(payer_, change, {.source = "test"});
    ASSERT_TRUE(applied.ok()) << StatusMessage(applied.status());
  }
  // A practice with a TIN and no address, in an ACO.
  PartyId Practice() {
    const PartyId aco = db_.Ids().Next<PartyTag>();
    const PartyId practice = db_.Ids().Next<PartyTag>();
    const Identifier tin{IdentifierType::kTin, "", "123456789"};
    ChangeSet change;
    change.AddParty({aco, PartyKind::kAco}, "North ACO", kDay);
    change.AddParty({practice, PartyKind::kPractice}, "Elm Practice", kDay, std::vector{tin});
    change.AddAffiliation(aco, practice, role::kParticipant, DateRange::From(kDay));
    Apply(change);
    return practice;
  }
  StatusOr<State> Move(PartyId party, Command command, UserId actor,
                       const std::string& reason = "") {
    return service_.Move(payer_, party, command, kDay, actor, reason);
  }
  bool MayBePaid(PartyId party) {
    const auto open = db_.App().ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<std::set<PartyId>> {
          return PartiesNotActive(tx, payer_, std::vector{party});
        });
    return open.value().empty();
  }

  testing::TestDatabase db_;
  PayerId payer_;
  OnboardingService service_;
};

// feature:H06
TEST_F(OnboardingServiceTest, FromDraftToActiveByTwoPeople) {
  const PartyId elm = Practice();
  EXPECT_TRUE(MayBePaid(elm)) << "taken over from a roster";
  ASSERT_TRUE(service_.Open(payer_, elm, kMaker).ok());
  ASSERT_TRUE(service_.Open(payer_, elm, kMaker).ok()) << "again is the same";
  EXPECT_FALSE(MayBePaid(elm));
  EXPECT_EQ(Move(elm, Command::kSubmit, kMaker).value(), State::kSubmitted);

  const auto incomplete = Move(elm, Command::kValidate, kMaker);
  EXPECT_EQ(incomplete.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(incomplete.status()), HasSubstr("ZIP code"));
  ChangeSet address;
  address.details.push_back(
      {elm, kDay, "Elm Practice", {"1 Elm St", "", "Seattle", "WA", "98101"}});
  Apply(address);
  EXPECT_EQ(Move(elm, Command::kValidate, kMaker).value(), State::kValidated);

  EXPECT_THAT(StatusMessage(Move(elm, Command::kApprove, kMaker).status()),
              HasSubstr("submitted by the same person"));
  EXPECT_EQ(Move(elm, Command::kApprove, kChecker).value(), State::kApproved);
  EXPECT_FALSE(MayBePaid(elm)) << "approved is not active";
  EXPECT_EQ(Move(elm, Command::kActivate, kMaker).value(), State::kActive);
  EXPECT_TRUE(MayBePaid(elm));

  EXPECT_EQ(Move(elm, Command::kReturn, kChecker).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Move(elm, Command::kReturn, kChecker, "the W-9 was of another firm").value(),
            State::kDraft);
  EXPECT_FALSE(MayBePaid(elm));
  const auto history = service_.History(payer_, elm).value();
  ASSERT_THAT(history, SizeIs(6));
  EXPECT_EQ(history.back().reason, "the W-9 was of another firm");
  EXPECT_EQ(history.back().actor, kChecker);
}

// feature:H07
TEST_F(OnboardingServiceTest, ACommunityOrganizationIsOnboardedByItsTinAlone) {
  const PartyId practice = Practice();
  const PartyId pantry = db_.Ids().Next<PartyTag>();
  const PartyId provider = db_.Ids().Next<PartyTag>();
  ChangeSet change;
  change.AddParty({pantry, PartyKind::kCommunityOrganization}, "Food Pantry", kDay,
                  std::vector{Identifier{IdentifierType::kTin, "", "987654321"}});
  change.details.back().address = {"2 Oak St", "", "Seattle", "WA", "98101"};
  change.AddAffiliation(practice, pantry, role::kPartner, DateRange::From(kDay));
  Apply(change);
  ASSERT_TRUE(service_.Open(payer_, pantry, kMaker).ok());
  for (const Command command : {Command::kSubmit, Command::kValidate}) {
    const auto moved = Move(pantry, command, kMaker);
    ASSERT_TRUE(moved.ok()) << StatusMessage(moved.status());
  }
  ASSERT_TRUE(Move(pantry, Command::kApprove, kChecker).ok());
  ASSERT_TRUE(Move(pantry, Command::kActivate, kMaker).ok());
  EXPECT_TRUE(MayBePaid(pantry));

  // A treating person without an NPI does not even enter the hierarchy.
  ChangeSet nameless;
  nameless.AddParty({provider, PartyKind::kProvider}, "Dr. Nobody", kDay);
  const auto refused =
      HierarchyService(db_.App(), db_.Clock()).Apply(payer_, nameless, {.source = "test"});
  EXPECT_THAT(StatusMessage(refused.status()), HasSubstr("NPI_REQUIRED"));
}

TEST_F(OnboardingServiceTest, AnotherPayerSeesNothingAndUnknownPartiesAreNamed) {
  const PartyId elm = Practice();
  ASSERT_TRUE(service_.Open(payer_, elm, kMaker).ok());
  const PayerId other = db_.NewPayer("Other plan");
  EXPECT_TRUE(service_.History(other, elm).value().empty());
  EXPECT_EQ(service_.Open(other, elm, kMaker).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(service_.Move(other, elm, Command::kSubmit, kDay, kMaker).status().code(),
            absl::StatusCode::kNotFound);
}

// The database keeps the order too: no state without the command that leads to it.
TEST_F(OnboardingServiceTest, EventsAreOnlyAdded) {
  const PartyId elm = Practice();
  ASSERT_TRUE(service_.Open(payer_, elm, kMaker).ok());
  const auto forged = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
    InsertOnboarding(tx, payer_,
                     {.party = elm,
                      .sequence = 2,
                      .command = Command::kSubmit,
                      .state = State::kActive,
                      .actor = kMaker,
                      .recorded_at = db_.Clock().Now()});
    return OkStatus();
  });
  EXPECT_FALSE(forged.ok());
  EXPECT_EQ(service_.State(payer_, elm).value(), State::kDraft);
}

}  // namespace
}  // namespace sluice::hierarchy
