// Tax from the W-9 to the year's totals, with real payments.
#include "payments/tax/tax_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/disbursement_store.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr pg::Query kReadCiphertext{"test_read_sealed_tin", R"sql(
  SELECT ciphertext FROM payments.payee_tax_form LIMIT 1
)sql"};
constexpr pg::Query kEndByStarter{"test_end_by_starter", R"sql(
  UPDATE payments.backup_withholding
  SET ended_from = effective_from, ended_by = started_by, ended_at = started_at, end_note = 'x'
)sql"};

class TaxServiceTest : public RunFixture {
 protected:
  TaxService Tax() { return {db_.App(), payer_, *keys_, db_.Clock(), db_.Ids()}; }

  void Subject(PayeeId payee, BackupReason reason = BackupReason::kSecondBNotice) {
    const Status started =
        Tax().StartBackup(payee, reason, MakeDate(2026, 9, 1), "CP2100A of August", kMaker);
    ASSERT_TRUE(started.ok()) << StatusMessage(started);
  }
  void Certify(PayeeId payee, const std::string& tin, Date on,
               TaxClassification classification = TaxClassification::kPartnership) {
    const TaxForm form{.payee = payee,
                       .certified_on = on,
                       .tin = SecretString(tin),
                       .legal_name = "Elm Partners",
                       .classification = classification};
    const Status recorded = Tax().RecordForms(std::span(&form, 1), kMaker);
    ASSERT_TRUE(recorded.ok()) << StatusMessage(recorded);
  }
  void Release(RunId run, ReleaseHooks hooks = {}) {
    const Status released = Releases(std::move(hooks))->Release(run, kService);
    ASSERT_TRUE(released.ok()) << StatusMessage(released);
  }
  std::vector<TaxTotal> Year() {
    const auto totals = Tax().Year(2026);
    EXPECT_TRUE(totals.ok()) << StatusMessage(totals.status());
    return *totals;
  }
  void NextDay() { db_.Clock().AdvanceMicros(std::int64_t{86'400} * 1'000'000); }
  Money Withheld() { return Balance(TaxWithheldAccount(kTaxAuthority)); }
};

// feature:R01
TEST_F(TaxServiceTest, BackupWithholdingIsTakenShownAndOwedToTheAuthority) {
  const PayeeId payee = AddPaidPayee(10);
  const PayeeId other = AddPaidPayee(11);
  Subject(payee);
  Fund(Dollars(10'000));
  const RunId run = Approved({Award(1, {{10, Dollars(5'000)}, {11, Dollars(3'000)}})});
  EXPECT_EQ(PayeeOf(run, payee).tax, Dollars(1'200));
  EXPECT_EQ(PayeeOf(run, payee).net, Dollars(3'800));
  EXPECT_EQ(PayeeOf(run, other).tax, Money{});
  Release(run);
  EXPECT_EQ(Withheld(), Dollars(1'200));
  EXPECT_EQ(Balance(PayeePayableAccount(payee)), Money{});
  ExpectBooksInOrder();  // the auditor knows the event on its own

  std::string remittance, statement;
  for (const auto& [name, bytes] : DeliveredFiles()) {
    if (name.ends_with(".835")) remittance = bytes;
    if (bytes.find("Backup withholding") != std::string::npos) statement = name;
  }
  EXPECT_THAT(remittance, HasSubstr("*IR:TAX-"));
  EXPECT_THAT(remittance, HasSubstr("*1200"));
  EXPECT_NE(statement, "");

  const std::vector<TaxTotal> totals = Year();
  ASSERT_EQ(totals.size(), 2U);
  EXPECT_EQ(totals[0].amount, Dollars(5'000));
  EXPECT_EQ(totals[0].tax, Dollars(1'200));
  EXPECT_EQ(totals[1].amount, Dollars(3'000));
  EXPECT_EQ(totals[1].tax, Money{});
}

TEST_F(TaxServiceTest, NothingIsWithheldBelowTheThresholdOfTheYear) {
  const PayeeId payee = AddPaidPayee(10);
  Subject(payee);
  Fund(Dollars(10'000));
  const RunId first = Approved({Award(1, {{10, Money::FromCents(1'999'99)}})});
  EXPECT_EQ(PayeeOf(first, payee).tax, Money{});
  Release(first);
  const RunId second = Approved({Award(2, {{10, Dollars(100)}})}, 2);
  EXPECT_EQ(PayeeOf(second, payee).tax, Dollars(24));
}

// What was withheld of a payment that did not arrive stands, and is not withheld again.
TEST_F(TaxServiceTest, APaymentThatIsVoidedCountsWhenItIsPaidAgain) {
  const PayeeId payee = AddPaidPayee(10);
  AddPaidPayee(11);
  Subject(payee);
  Fund(Dollars(10'000));
  const RunId run = Approved({Award(1, {{10, Dollars(5'000)}, {11, Dollars(50)}})});
  ReleaseHooks hooks;
  hooks.reached = [&](std::string_view place) -> Status {
    if (place == "run.between_batches" && accounts_.contains(payee)) {
      Suspend(payee);
      accounts_.erase(payee);
    }
    return OkStatus();
  };
  Release(run, hooks);
  EXPECT_EQ(Withheld(), Dollars(1'200));
  EXPECT_EQ(Balance(PayeePayableAccount(payee)), Dollars(3'800));
  for (const TaxTotal& total : Year()) EXPECT_EQ(total.amount, Dollars(50));

  AddAccount(payee, "445566778");
  const RunId next = Approved({}, 2);
  EXPECT_EQ(PayeeOf(next, payee).net, Dollars(3'800));
  EXPECT_EQ(PayeeOf(next, payee).tax, Money{});
  Release(next);
  EXPECT_EQ(Withheld(), Dollars(1'200));
  EXPECT_EQ(Balance(PayeePayableAccount(payee)), Money{});
  ExpectBooksInOrder();
  std::map<Money, Money> tax_by_amount;
  for (const TaxTotal& total : Year()) tax_by_amount[total.amount] = total.tax;
  EXPECT_EQ(tax_by_amount,
            (std::map<Money, Money>{{Dollars(50), Money{}}, {Dollars(5'000), Dollars(1'200)}}));
}

// feature:R01
// feature:M07
TEST_F(TaxServiceTest, PayeesOfOneTaxpayerAddUpAndTheirNumberIsSealed) {
  const PayeeId first = AddPaidPayee(10);
  const PayeeId second = AddPaidPayee(11);
  Fund(Dollars(10'000));
  Release(Approved({Award(1, {{10, Dollars(1'200)}, {11, Dollars(800)}})}));
  EXPECT_EQ(Year().size(), 2U);  // as they were enrolled
  // On the day of the payment, both certify that they are one taxpayer.
  NextDay();
  const Date next_day = db_.Clock().Now().UtcDate();
  Certify(first, "987654320", next_day);
  Certify(second, "987654320", next_day);
  const std::vector<TaxTotal> totals = Year();
  ASSERT_EQ(totals.size(), 1U);
  EXPECT_EQ(totals.front().name, "Elm Partners");
  EXPECT_EQ(totals.front().amount, Dollars(2'000));
  EXPECT_TRUE(totals.front().reported);

  const std::string masked = WriteTaxCsv(2026, {.name = "Prairie", .tin = "411111111"}, totals, {});
  EXPECT_THAT(masked, AllOf(HasSubstr("*****4320"), Not(HasSubstr("987654320"))));
  const auto tins = Tax().Tins(db_.Files(), totals);
  ASSERT_TRUE(tins.ok()) << StatusMessage(tins.status());
  EXPECT_THAT(WriteTaxCsv(2026, {}, totals, *tins), HasSubstr(",987654320,"));
  const Status read = db_.App().ForPayer(payer_).Transact([](pg::Transaction& tx) -> Status {
    tx.Query(kReadCiphertext);
    return OkStatus();
  });
  EXPECT_EQ(read.code(), absl::StatusCode::kPermissionDenied) << read;

  // Another payer sees none of it.
  const PayerId stranger = db_.NewPayer("Another plan");
  TaxService theirs(db_.App(), stranger, *keys_, db_.Clock(), db_.Ids());
  const auto seen = theirs.Year(2026);
  ASSERT_TRUE(seen.ok());
  EXPECT_TRUE(seen->empty());
  EXPECT_EQ(theirs.StartBackup(first, BackupReason::kCNotice, next_day, "n", kMaker).code(),
            absl::StatusCode::kNotFound);
}

TEST_F(TaxServiceTest, BackupWithholdingEndsByASecondPerson) {
  const PayeeId payee = AddPaidPayee(10);
  const Date today = db_.Clock().Now().UtcDate();
  Subject(payee, BackupReason::kFirstBNotice);
  EXPECT_EQ(Tax().StartBackup(payee, BackupReason::kCNotice, today, "n", kMaker).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Tax().EndBackup(payee, today, "corrected", kMaker).code(),
            absl::StatusCode::kPermissionDenied);
  const Status forced = db_.App().ForPayer(payer_).Transact([](pg::Transaction& tx) -> Status {
    tx.Execute(kEndByStarter);
    return OkStatus();
  });
  EXPECT_EQ(forced.code(), absl::StatusCode::kFailedPrecondition) << forced;
  const Status ended = Tax().EndBackup(payee, today, "new W-9", kCompliance);
  ASSERT_TRUE(ended.ok()) << StatusMessage(ended);  // its W-9 is of a later day than the notice
  Fund(Dollars(10'000));
  const RunId run = Approved({Award(1, {{10, Dollars(5'000)}})});
  EXPECT_EQ(PayeeOf(run, payee).tax, Money{});
}

TEST_F(TaxServiceTest, AFirstNoticeIsAnsweredByANewForm) {
  const PayeeId payee = AddPaidPayee(10);
  const Date today = db_.Clock().Now().UtcDate();
  ASSERT_TRUE(
      Tax()
          .StartBackup(payee, BackupReason::kFirstBNotice, today + Days(1), "CP2100", kMaker)
          .ok());
  const Status early = Tax().EndBackup(payee, today + Days(2), "they called", kCompliance);
  EXPECT_EQ(early.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(StatusMessage(early), HasSubstr("record its new W-9 first"));
  NextDay();
  Certify(payee, "987654320", today + Days(1));
  EXPECT_TRUE(Tax().EndBackup(payee, today + Days(2), "new W-9", kCompliance).ok());
}

TEST_F(TaxServiceTest, AFormOfOneDaySaysOneThing) {
  const PayeeId payee = EnrollPayee(10);
  const Date day = MakeDate(2026, 5, 5);
  Certify(payee, "987654320", day);
  Certify(payee, "987654320", day);  // again: nothing changes
  const TaxForm other{.payee = payee,
                      .certified_on = day,
                      .tin = SecretString("987654321"),
                      .legal_name = "Elm Partners"};
  const Status refused = Tax().RecordForms(std::span(&other, 1), kMaker);
  EXPECT_EQ(refused.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(StatusMessage(refused), Not(HasSubstr("987654321")));
}

TEST_F(TaxServiceTest, TheAuthoritysAnswerIsKeptByForm) {
  const PayeeId payee = EnrollPayee(10);
  Certify(payee, "987654320", MakeDate(2026, 5, 5));
  const auto question = Tax().AskTinMatches(db_.Files());
  ASSERT_TRUE(question.ok()) << StatusMessage(question.status());
  EXPECT_THAT(question->Reveal(), HasSubstr("1;987654320;Elm Partners;pye_"));
  const std::string line = question->Reveal().substr(0, question->Reveal().size() - 1);
  const auto wrong = Tax().RecordTinMatches(line + ";3\n", MakeDate(2026, 5, 9), kMaker);
  ASSERT_TRUE(wrong.ok()) << StatusMessage(wrong.status());
  EXPECT_EQ(*wrong, 1);
  const auto standings = Tax().Standings();
  ASSERT_EQ(standings->size(), 1U);
  EXPECT_EQ(standings->front().match->code, 3);
  EXPECT_EQ(Tax().AskTinMatches(db_.Files())->Reveal(), "");
  // A corrected form is asked about again.
  Certify(payee, "987654321", MakeDate(2026, 6, 1));
  EXPECT_THAT(Tax().AskTinMatches(db_.Files())->Reveal(), HasSubstr("1;987654321;"));
}

}  // namespace
}  // namespace sluice::payments
