// Screening from a list to a payment that waits, and to the decision that lets it go.
#include "payments/screening/screening_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/disbursement_store.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr pg::Query kRename{"test_rename_payee", R"sql(
  UPDATE payments.payee SET name = $2 WHERE payee_id = $1
)sql"};
constexpr pg::Query kDecideAlone{"test_decide_alone", R"sql(
  INSERT INTO payments.screening_decision (payer_id, hit_id, decision_no, found_by, state, note,
    decided_by, decided_at)
  SELECT payer_id, hit_id, 1, found_by, 1, 'mine', found_by, found_at
  FROM payments.screening_hit
)sql"};
constexpr pg::Query kDecideAsAnother{"test_decide_as_another", R"sql(
  INSERT INTO payments.screening_decision (payer_id, hit_id, decision_no, found_by, state, note,
    decided_by, decided_at)
  SELECT payer_id, hit_id, 1, found_by + 1, 1, 'mine', found_by, found_at
  FROM payments.screening_hit
)sql"};
constexpr pg::Query kClearAlone{"test_clear_alone", R"sql(
  UPDATE payments.payee_hold SET cleared_by = placed_by, cleared_at = placed_at
)sql"};
constexpr pg::Query kTriggers{"test_screening_triggers", R"sql(
  SELECT trigger_kind FROM payments.screening_run ORDER BY run_id, list_id
)sql"};

class ScreeningServiceTest : public RunFixture {
 protected:
  ScreeningService Screening() { return {db_.App(), payer_, db_.Clock(), db_.Ids()}; }

  static std::string Sdn(const std::vector<std::string>& names) {
    std::string text;
    int number = 100;
    for (const std::string& name : names) {
      text += fmt::format("{},\"{}\",-0- ,\"TEST\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n",
                          ++number, name);
    }
    return text + "\x1A";
  }
  // Fillers, so that a list of one more or less does not shrink by a tenth.
  static std::vector<std::string> With(const std::string& name) {
    std::vector<std::string> names;
    for (char c = 'a'; c <= 'z'; ++c) names.push_back(std::string(7, c) + " Exports");
    names.push_back(name);
    return names;
  }
  StatusOr<ScreeningService::Imported> TryImport(const std::vector<std::string>& names,
                                                 Date published = MakeDate(2026, 9, 1)) {
    return Screening().ImportList({.text = Sdn(names), .published_on = published}, kMaker);
  }
  ScreeningService::Imported Import(const std::vector<std::string>& names,
                                    Date published = MakeDate(2026, 9, 1)) {
    const auto imported = TryImport(names, published);
    EXPECT_TRUE(imported.ok()) << StatusMessage(imported.status());
    return *imported;
  }
  ScreeningHit OnlyHit() {
    const auto hits = Screening().Hits(true);
    EXPECT_TRUE(hits.ok());
    EXPECT_EQ(hits->size(), 1U);
    return hits->front();
  }
  Status Decide(const ScreeningHit& hit, HitState state, Actor actor) {
    return Screening().Decide(ScreeningHitId(hit.id), state, "compared the papers", actor);
  }
  Status Execute(const pg::Query& query) {
    return db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
      tx.Execute(query);
      return OkStatus();
    });
  }
  std::vector<PayeeId> PaidBy(RunId run) {
    const auto rows = db_.App().ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<std::vector<PayeeId>> {
          std::vector<PayeeId> paid;
          for (const Disbursement& row : LoadDisbursements(tx, program_.book, run)) {
            paid.push_back(row.payee);
          }
          return paid;
        });
    return *rows;
  }
  std::vector<std::int16_t> Triggers() {
    const auto rows = db_.App().ForPayer(payer_).Transact(
        [&](pg::Transaction& tx) -> StatusOr<std::vector<std::int16_t>> {
          return tx.Query(kTriggers).All<std::int16_t>();
        });
    return *rows;
  }
};

// feature:R02
TEST_F(ScreeningServiceTest, AHitHoldsThePayeeUntilAnotherPersonDecides) {
  const PayeeId listed = AddPaidPayee(11);
  const PayeeId other = AddPaidPayee(10);
  const auto imported = Import(With("11 PRACTICE, INC."));
  EXPECT_EQ(imported.list.entries, 27);
  EXPECT_EQ(imported.screening.payees, 2);
  ASSERT_EQ(imported.screening.new_hits.size(), 1U);
  const ScreeningHit hit = OnlyHit();
  EXPECT_EQ(hit.payee, listed);
  EXPECT_EQ(hit.list_id, imported.list.id);
  EXPECT_EQ(hit.score, kPerfectScore);
  EXPECT_EQ(hit.found_by, kMaker.user);

  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(50)}, {11, Dollars(100)}})});
  EXPECT_EQ(PayeeOf(run, listed).hold, HoldReason::kSanction);
  EXPECT_EQ(HoldReasonName(PayeeOf(run, listed).hold), "SANCTION_HOLD");
  EXPECT_THAT(PayeeOf(run, listed).hold_note,
              AllOf(HasSubstr("sdn, score 1000"), HasSubstr(ScreeningHitId(hit.id).ToString())));
  ASSERT_TRUE(Releases()->Release(run, kService).ok());
  EXPECT_EQ(PaidBy(run), std::vector{other});
  EXPECT_EQ(Balance(PayeePayableAccount(listed)), Dollars(100));

  EXPECT_EQ(Decide(hit, HitState::kNotTheSame, kMaker).code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(Decide(hit, HitState::kNotTheSame, kService).code(),
            absl::StatusCode::kPermissionDenied);
  // The tables refuse it, too.
  EXPECT_EQ(Execute(kDecideAlone).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Execute(kDecideAsAnother).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Execute(kClearAlone).code(), absl::StatusCode::kFailedPrecondition);

  const Status decided = Decide(hit, HitState::kNotTheSame, kCompliance);
  ASSERT_TRUE(decided.ok()) << StatusMessage(decided);
  const auto decisions = Screening().Decisions(ScreeningHitId(hit.id));
  ASSERT_EQ(decisions->size(), 1U);
  EXPECT_EQ(decisions->front().decided_by, kCompliance.user);
  EXPECT_EQ(decisions->front().note, "compared the papers");
  const RunId next = Approved({}, 2);
  EXPECT_EQ(PayeeOf(next, listed).net, Dollars(100));
  ASSERT_TRUE(Releases()->Release(next, kService).ok());
  EXPECT_EQ(PaidBy(next), std::vector{listed});
  ExpectBooksInOrder();
}

// feature:R02
TEST_F(ScreeningServiceTest, WhoIsListedIsHeldWhenEnrolled) {
  Import(With("PRACTICE 11"));
  const PayeeId listed = AddPaidPayee(11);
  AddPaidPayee(12);
  EXPECT_EQ(OnlyHit().payee, listed);
  const RunId run = Open();
  ASSERT_TRUE(
      Cycles()
          .Calculate(run, std::vector{Award(1, {{11, Dollars(5)}, {12, Dollars(5)}})}, kMaker)
          .ok());
  EXPECT_EQ(PayeeOf(run, listed).hold, HoldReason::kSanction);
}

// feature:R02
TEST_F(ScreeningServiceTest, WhoBecameListedSinceTheApprovalIsHeldAtTheRelease) {
  Import(With("Vargholm Exports Quintrel"));
  const PayeeId renamed = AddPaidPayee(11);
  const PayeeId other = AddPaidPayee(10);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(50)}, {11, Dollars(100)}})});
  const Status changed = db_.Admin().Transact([&](pg::Transaction& tx) -> Status {
    tx.Execute(kRename, renamed, "Quintrel Exports Vargholm");
    return OkStatus();
  });
  ASSERT_TRUE(changed.ok());
  const Status released = Releases()->Release(run, kService);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  EXPECT_EQ(PaidBy(run), std::vector{other});
  EXPECT_EQ(Balance(PayeePayableAccount(renamed)), Dollars(100));
  EXPECT_EQ(OnlyHit().found_by, kService.user);
  // New list, two enrollments, release.
  EXPECT_EQ(Triggers(), (std::vector<std::int16_t>{1, 0, 0, 2}));
  ExpectBooksInOrder();
}

TEST_F(ScreeningServiceTest, AnExcludedProviderIsFoundByNumber) {
  const PayeeId payee = AddPaidPayee(11);  // NPI 1234567893
  const std::string leie =
      "LASTNAME,FIRSTNAME,MIDNAME,BUSNAME,GENERAL,SPECIALTY,UPIN,NPI,DOB,ADDRESS,CITY,STATE,ZIP,"
      "EXCLTYPE,EXCLDATE,REINDATE,WAIVERDATE,WVRSTATE\n"
      ",,,ANOTHER NAME LLC,OTHER,,,1234567893,,2 ST,TOWN,OH,43215,1128b8,20210120,00000000,"
      "00000000,\n";
  const auto imported = Screening().ImportList(
      {.source = ListSource::kLeie, .text = leie, .published_on = MakeDate(2026, 9, 1)}, kMaker);
  ASSERT_TRUE(imported.ok()) << StatusMessage(imported.status());
  EXPECT_EQ(OnlyHit().payee, payee);
  const RunId run = Open();
  ASSERT_TRUE(Cycles().Calculate(run, std::vector{Award(1, {{11, Dollars(5)}})}, kMaker).ok());
  EXPECT_EQ(PayeeOf(run, payee).hold, HoldReason::kExcluded);
  EXPECT_EQ(HoldReasonName(PayeeOf(run, payee).hold), "EXCLUDED");
}

TEST_F(ScreeningServiceTest, ADecisionStandsUntilPayeeOrEntryChange) {
  const PayeeId payee = AddPaidPayee(11);
  Import(With("PRACTICE 11"));
  ASSERT_TRUE(Decide(OnlyHit(), HitState::kNotTheSame, kCompliance).ok());
  // The same file again, a new list with the same entry, and a run on request: nothing new.
  EXPECT_TRUE(Import(With("PRACTICE 11")).known_before);
  std::vector<std::string> longer = With("PRACTICE 11");
  longer.push_back("Somebody Newlisted");
  EXPECT_THAT(Import(longer, MakeDate(2026, 9, 2)).screening.new_hits, IsEmpty());
  const auto again = Screening().Run({}, kMaker);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->findings, 1);
  EXPECT_THAT(again->new_hits, IsEmpty());
  // An owner becomes known: the payee is not what was decided about.
  const Status known = Screening().RecordIdentity({.payee = payee,
                                                   .relation = IdentityRelation::kOwner,
                                                   .name = "Ann Owner",
                                                   .born_on = std::nullopt},
                                                  kMaker);
  ASSERT_TRUE(known.ok()) << StatusMessage(known);
  EXPECT_EQ(OnlyHit().payee, payee);
}

TEST_F(ScreeningServiceTest, TheSameStaysHeldUntilAThirdPersonTurnsItRound) {
  AddPaidPayee(11);
  Import(With("PRACTICE 11"));
  const ScreeningHit hit = OnlyHit();
  ASSERT_TRUE(Decide(hit, HitState::kTheSame, kCompliance).ok());
  EXPECT_EQ(OnlyHit().state, HitState::kTheSame);
  EXPECT_EQ(Decide(hit, HitState::kTheSame, kFirst).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Decide(hit, HitState::kNotTheSame, kCompliance).code(),
            absl::StatusCode::kPermissionDenied);
  ASSERT_TRUE(Decide(hit, HitState::kNotTheSame, kFirst).ok());
  EXPECT_THAT(*Screening().Hits(true), IsEmpty());
  EXPECT_EQ(Screening().Hits(false)->size(), 1U);
  EXPECT_EQ(Decide(hit, HitState::kTheSame, kSecond).code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(ScreeningServiceTest, ADamagedOrOldListIsNotBelieved) {
  Import(With("PRACTICE 11"), MakeDate(2026, 9, 10));
  const auto cut = TryImport({"Aaaaaaa Exports"}, MakeDate(2026, 9, 11));
  EXPECT_EQ(cut.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(cut.status()), HasSubstr("1 entries and the one in force 27"));
  EXPECT_EQ(TryImport(With("Older"), MakeDate(2026, 9, 9)).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(TryImport(With("Future"), MakeDate(2027, 1, 1)).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(TryImport({}).status().code(), absl::StatusCode::kInvalidArgument);
  const auto accepted = Screening().ImportList({.text = Sdn({"Aaaaaaa Exports"}),
                                                .published_on = MakeDate(2026, 9, 11),
                                                .accept_shrinking = true},
                                               kMaker);
  ASSERT_TRUE(accepted.ok()) << StatusMessage(accepted.status());
  // What was replaced is not in force again, unless it is published again.
  EXPECT_EQ(TryImport(With("PRACTICE 11"), MakeDate(2026, 9, 10)).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Import(With("PRACTICE 11"), MakeDate(2026, 9, 12)).entries_before, 1);
}

TEST_F(ScreeningServiceTest, WhereListsAreRequiredNothingIsReleasedUnscreened) {
  const PayeeId payee = AddPaidPayee(10);
  Fund(Dollars(1'000));
  const RunId run = Approved({Award(1, {{10, Dollars(50)}})});
  ReleaseSettings settings = Settings();
  settings.screening_days = 31;
  ReleaseService releases(db_.App(), db_.Files(), program_, settings, *keys_, db_.Clock(),
                          db_.Ids());
  const Status without = releases.Release(run, kService);
  EXPECT_EQ(without.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(without), HasSubstr("no sdn list is on file"));
  Import(With("Somebody Else"));
  EXPECT_THAT(StatusMessage(releases.Release(run, kService)), HasSubstr("no leie list"));
  const std::string leie =
      "LASTNAME,FIRSTNAME,MIDNAME,BUSNAME,GENERAL,SPECIALTY,UPIN,NPI,DOB,ADDRESS,CITY,STATE,ZIP,"
      "EXCLTYPE,EXCLDATE,REINDATE,WAIVERDATE,WVRSTATE\n"
      "TARRAGHAN,ILSE,,,,,,0000000000,,,,,,1128a1,20200120,,,\n";
  ASSERT_TRUE(
      Screening()
          .ImportList(
              {.source = ListSource::kLeie, .text = leie, .published_on = MakeDate(2026, 9, 1)},
              kMaker)
          .ok());
  EXPECT_EQ(StateOf(run), RunState::kApproved);
  const Status released = releases.Release(run, kService);
  ASSERT_TRUE(released.ok()) << StatusMessage(released);
  EXPECT_EQ(PaidBy(run), std::vector{payee});
  const Status old = db_.App().ForPayer(payer_).Transact([&](pg::Transaction& tx) -> Status {
    return CheckListsAreCurrent(tx, payer_, db_.Clock().Now().UtcDate() + Days(32), 31);
  });
  EXPECT_EQ(old.code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(ScreeningServiceTest, AnotherPayersListDecidesNothing) {
  AddPaidPayee(11);
  const PayerId stranger = db_.NewPayer("Another plan");
  ScreeningService theirs(db_.App(), stranger, db_.Clock(), db_.Ids());
  const auto imported = theirs.ImportList(
      {.text = Sdn(With("PRACTICE 11")), .published_on = MakeDate(2026, 9, 1)}, kMaker);
  ASSERT_TRUE(imported.ok()) << StatusMessage(imported.status());
  EXPECT_EQ(imported->screening.payees, 0);
  EXPECT_THAT(*Screening().Hits(false), IsEmpty());
  EXPECT_EQ(Screening().Run({}, kMaker).status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace sluice::payments
