// The tax rules without a database: whose payment it is, what is withheld, what is reported.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "payments/run_digest.h"
#include "payments/run_plan.h"
#include "payments/tax/backup_withholding.h"
#include "payments/tax/tax_form.h"
#include "payments/tax/tax_totals.h"
#include "payments/tax/tin_match.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Money Cents(std::int64_t cents) { return Money::FromCents(cents); }
Money Usd(std::int64_t dollars) { return Money::FromCents(dollars * 100); }

const std::vector<TaxParameter>& Law() {
  static const std::vector<TaxParameter> law = {
      {MakeDate(2018, 1, 1), Usd(600), Rate::FromPercent(24), "before"},
      {MakeDate(2026, 1, 1), Usd(2'000), Rate::FromPercent(24), "from 2026"}};
  return law;
}

BackupWithholding Subject(Money before = Money{}) {
  return {.taxpayer = "t",
          .rate = Rate::FromPercent(24),
          .threshold = Usd(2'000),
          .reportable_before = before};
}

TEST(BackupWithholdingRules, BeginsWithThePaymentThatReachesTheThreshold) {
  EXPECT_FALSE(IsBackupDue(Subject(), Cents(1'999'99)));
  EXPECT_TRUE(IsBackupDue(Subject(), Cents(2'000'00)));
  EXPECT_FALSE(IsBackupDue(Subject(Usd(1'500)), Cents(499'99)));
  EXPECT_TRUE(IsBackupDue(Subject(Usd(1'500)), Usd(500)));
  BackupWithholding last_year = Subject();
  last_year.reported_before = true;
  EXPECT_TRUE(IsBackupDue(last_year, Cents(1)));
}

TEST(BackupWithholdingRules, IsARateOfThePaymentToTheNearestCent) {
  EXPECT_EQ(BackupTax(Subject(), Usd(5'000), Money{}), Usd(1'200));
  EXPECT_EQ(BackupTax(Subject(), Cents(2), Money{}), Money{});    // 0.48 cents
  EXPECT_EQ(BackupTax(Subject(), Cents(21), Money{}), Cents(5));  // 5.04
  EXPECT_EQ(BackupTax(Subject(), Cents(23), Money{}), Cents(6));  // 5.52
}

// Money that was taxed, came back and is paid again with new money: the rate of all of it, once.
TEST(BackupWithholdingRules, TaxesNoCentTwice) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 2'000; ++round) {
    const Money first = Cents(static_cast<std::int64_t>(random() % 1'000'000));
    const Money more = Cents(static_cast<std::int64_t>(random() % 1'000'000));
    const Money taken = BackupTax(Subject(), first, Money{});
    ASSERT_LE(taken, first);
    const Money again = BackupTax(Subject(), first - taken + more, taken);
    ASSERT_EQ(taken + again, BackupTax(Subject(), first + more, Money{}));
  }
}

PayeeFacts PayableSubject(const BackupWithholding& backup) {
  PayeeFacts facts{.account = PayeeAccount{.account = BankAccountId(900),
                                           .version = 1,
                                           .state = BankAccountState::kActive}};
  facts.backup = backup;
  return facts;
}

OpenObligation OwedTo(std::int64_t payee, Money amount) {
  return {.id = ObligationId(payee),
          .party = PartyId(payee),
          .payee = PayeeId(payee),
          .amount = amount};
}

TEST(BackupWithholdingInAPlan, IsTakenAfterTheOffsetAndCountsAllPayeesOfTheTaxpayer) {
  PayeeFacts owing = PayableSubject(Subject());
  owing.receivable = Usd(100);
  PayeeFacts without = PayableSubject(Subject());
  without.backup.reset();
  const RunPlan plan = PlanRun(
      std::vector{OwedTo(7, Usd(1'100)), OwedTo(8, Usd(1'000)), OwedTo(9, Usd(5'000))},
      {{PayeeId(7), owing}, {PayeeId(8), PayableSubject(Subject())}, {PayeeId(9), without}}, {});
  EXPECT_EQ(plan.payees[0].offset, Usd(100));
  EXPECT_EQ(plan.payees[0].tax, Usd(240));
  EXPECT_EQ(plan.payees[0].net, Usd(760));
  EXPECT_EQ(plan.payees[1].tax, Usd(240));
  EXPECT_EQ(plan.payees[2].tax, Money{});
  const RunTotals totals = TotalsOf(plan);
  EXPECT_EQ(totals.tax, Usd(480));
  EXPECT_EQ(totals.gross - totals.offset - totals.tax, totals.paid);
}

TEST(BackupWithholdingInAPlan, TakesNothingFromMoneyThatStays) {
  const auto facts = PayableSubject(Subject());
  const RunPlan plan = PlanRun(std::vector{OwedTo(7, Usd(5'000))}, {{PayeeId(7), facts}}, {});
  ASSERT_EQ(plan.payees[0].tax, Usd(1'200));
  const auto stopped = StopPayee(plan, PayeeId(7), "asked to wait");
  ASSERT_TRUE(stopped.ok());
  EXPECT_EQ(stopped->payees[0].tax, Money{});
  EXPECT_EQ(stopped->payees[0].net, Usd(5'000));
  EXPECT_EQ(HoldChangedAccounts(plan, {PayeeId(7)}).payees[0].tax, Money{});
}

TEST(BackupWithholdingInAPlan, IsPartOfWhatApproversSign) {
  const auto facts = PayableSubject(Subject());
  RunPlan plan = PlanRun(std::vector{OwedTo(7, Usd(5'000))}, {{PayeeId(7), facts}}, {});
  const Digest signed_digest = RunDigest({}, plan);
  plan.payees[0].tax -= Cents(1);
  EXPECT_NE(RunDigest({}, plan), signed_digest);
}

TEST(TaxBoxes, TheRolesOwnAndNewestHolds) {
  const BookId book(1);
  const std::vector<ProgramTaxBox> boxes = {
      {book, "", MakeDate(2026, 1, 1), {"1099-NEC", 1}, "services"},
      {book, "", MakeDate(2026, 7, 1), {"1099-MISC", 6}, "care"},
      {book, "staff", MakeDate(2026, 3, 1), {"1099-MISC", 3}, "employed elsewhere"}};
  EXPECT_EQ(TaxBoxOn(boxes, book, "", MakeDate(2025, 12, 31)), TaxBox{});
  EXPECT_EQ(TaxBoxOn(boxes, book, "", MakeDate(2026, 6, 30)), (TaxBox{"1099-NEC", 1}));
  EXPECT_EQ(TaxBoxOn(boxes, book, "", MakeDate(2026, 7, 1)), (TaxBox{"1099-MISC", 6}));
  EXPECT_EQ(TaxBoxOn(boxes, book, "staff", MakeDate(2026, 2, 28)), (TaxBox{"1099-NEC", 1}));
  EXPECT_EQ(TaxBoxOn(boxes, book, "staff", MakeDate(2026, 9, 1)), (TaxBox{"1099-MISC", 3}));
  EXPECT_EQ(TaxBoxOn(boxes, BookId(2), "staff", MakeDate(2026, 9, 1)), TaxBox{});
  EXPECT_TRUE(CheckTaxBox({"1099-MISC", 3}).ok());
  EXPECT_EQ(CheckTaxBox({"1099-MISC", 7}).code(), absl::StatusCode::kInvalidArgument);
}

TEST(TaxForms, RefuseWhatCannotBeANumberWithoutSayingIt) {
  TaxForm form{.payee = PayeeId(1), .tin = SecretString("412345678"), .legal_name = "Elm"};
  form.tin_kind = TinKind::kEin;
  EXPECT_TRUE(CheckTaxForm(form).ok());
  for (const auto& [kind, tin] :
       std::vector<std::pair<TinKind, std::string>>{{TinKind::kEin, "12345678"},
                                                    {TinKind::kEin, "1234567890"},
                                                    {TinKind::kEin, "77777777A"},
                                                    {TinKind::kEin, "777777777"},
                                                    {TinKind::kEin, "001234567"},
                                                    {TinKind::kSsn, "000123456"},
                                                    {TinKind::kSsn, "666123456"},
                                                    {TinKind::kSsn, "123004567"},
                                                    {TinKind::kSsn, "123450000"}}) {
    form.tin = SecretString(tin);
    form.tin_kind = kind;
    const Status refused = CheckTaxForm(form);
    EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument) << tin;
    EXPECT_THAT(StatusMessage(refused), Not(HasSubstr(tin)));
  }
}

TaxPayee PayeeOf(std::int64_t id, const std::string& tin, TaxClassification classification = {},
                 const std::string& exempt = "", const std::string& role = "") {
  TaxPayee payee{.id = PayeeId(id), .role = role, .name = "Payee " + tin, .tin = tin};
  Digest index{};
  std::ranges::copy(tin, index.begin());
  payee.forms.push_back({.payee = PayeeId(id),
                         .certified_on = MakeDate(2025, 1, 1),
                         .tin_last4 = tin.substr(5),
                         .blind_index = index,
                         .legal_name = "Taxpayer " + tin,
                         .classification = classification,
                         .exempt_code = exempt});
  return payee;
}

TaxablePayment Paid(std::int64_t payee, Date on, Money amount, Money tax = Money{},
                    Money offset = Money{}, std::int64_t book = 1) {
  return {PayeeId(payee), BookId(book), on, amount, tax, offset};
}

// feature:R01
// feature:M07
TEST(TaxYear, AddsUpByTaxpayerFormAndBoxFromTheThresholdOfTheYear) {
  const std::map<PayeeId, TaxPayee> payees = {{PayeeId(1), PayeeOf(1, "411111111")},
                                              {PayeeId(2), PayeeOf(2, "411111111")},
                                              {PayeeId(3), PayeeOf(3, "422222222")}};
  const std::vector<TaxablePayment> payments = {
      Paid(1, MakeDate(2026, 1, 1), Usd(1'500)),
      Paid(2, MakeDate(2026, 12, 31), Usd(500), {}, Usd(70)),
      Paid(3, MakeDate(2026, 5, 5), Cents(1'999'99)), Paid(3, MakeDate(2025, 12, 31), Usd(600))};
  const auto now = SumTaxYear(2026, payments, payees, {}, Law());
  ASSERT_TRUE(now.ok()) << StatusMessage(now.status());
  ASSERT_EQ(now->size(), 2U);
  EXPECT_EQ(now->front().amount, Usd(2'000));  // two payees, one taxpayer; at the threshold
  EXPECT_EQ(now->front().offset, Usd(70));
  EXPECT_EQ(now->front().payments, 2);
  EXPECT_TRUE(now->front().reported);
  EXPECT_EQ(now->front().box, (TaxBox{"1099-MISC", 6}));
  EXPECT_FALSE(now->back().reported);
  EXPECT_EQ(now->back().reason, "below 2,000.00");
  // The year before had another threshold.
  const auto before = SumTaxYear(2025, payments, payees, {}, Law());
  ASSERT_EQ(before->size(), 1U);
  EXPECT_TRUE(before->front().reported);
  EXPECT_EQ(SumTaxYear(2017, payments, payees, {}, Law()).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(TaxYear, ReportsWithheldTaxFromTheFirstCent) {
  const std::map<PayeeId, TaxPayee> payees = {{PayeeId(1), PayeeOf(1, "411111111")}};
  const auto totals = SumTaxYear(2026, std::vector{Paid(1, MakeDate(2026, 2, 2), Usd(76), Usd(24))},
                                 payees, {}, Law());
  EXPECT_EQ(totals->front().amount, Usd(100));
  EXPECT_EQ(totals->front().tax, Usd(24));
  EXPECT_TRUE(totals->front().reported);
}

TEST(TaxYear, ACorporationIsReportedForMedicalPaymentsOnly) {
  const auto corporation = TaxClassification::kCCorporation;
  const std::map<PayeeId, TaxPayee> payees = {
      {PayeeId(1), PayeeOf(1, "411111111", corporation)},
      {PayeeId(2), PayeeOf(2, "422222222", TaxClassification::kOther, "3")}};
  const std::vector<ProgramTaxBox> boxes = {
      {BookId(2), "", MakeDate(2026, 1, 1), {"1099-NEC", 1}, "consulting"}};
  const Date day = MakeDate(2026, 3, 3);
  const auto totals =
      SumTaxYear(2026,
                 std::vector{Paid(1, day, Usd(9'000)), Paid(1, day, Usd(9'000), {}, {}, 2),
                             Paid(2, day, Usd(9'000))},
                 payees, boxes, Law());
  ASSERT_EQ(totals->size(), 3U);
  EXPECT_TRUE((*totals)[0].reported);
  EXPECT_FALSE((*totals)[1].reported);
  EXPECT_EQ((*totals)[1].reason, "corporation");
  EXPECT_FALSE((*totals)[2].reported);
  EXPECT_EQ((*totals)[2].reason, "exempt payee code 3");
}

// The taxpayer is the one who was certified when the money was paid.
TEST(TaxYear, FollowsAChangeOfTheTaxpayerWithinTheYear) {
  TaxPayee payee = PayeeOf(1, "411111111");
  CertifiedTaxpayer later = payee.forms.front();
  later.certified_on = MakeDate(2026, 7, 1);
  later.tin_last4 = "9999";
  later.blind_index->back() = 9;
  later.legal_name = "Zebra LLC";
  payee.forms.push_back(later);
  const std::map<PayeeId, TaxPayee> payees = {{PayeeId(1), payee}};
  const auto totals = SumTaxYear(2026,
                                 std::vector{Paid(1, MakeDate(2026, 6, 30), Usd(3'000)),
                                             Paid(1, MakeDate(2026, 7, 1), Usd(4'000))},
                                 payees, {}, Law());
  ASSERT_EQ(totals->size(), 2U);
  EXPECT_EQ((*totals)[0].amount, Usd(3'000));
  EXPECT_EQ((*totals)[1].amount, Usd(4'000));
  EXPECT_EQ((*totals)[1].name, "Zebra LLC");
  EXPECT_EQ((*totals)[1].tin_last4, "9999");
}

TEST(TaxYear, LosesNoCentInWhateverOrder) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  std::map<PayeeId, TaxPayee> payees;
  for (std::int64_t id = 1; id <= 12; ++id) {
    payees.emplace(PayeeId(id), PayeeOf(id, fmt::format("{:09}", 411'111'111 + id % 5)));
  }
  std::vector<TaxablePayment> payments;
  Money paid, tax;
  for (int i = 0; i < 400; ++i) {
    const Date day = MakeDate(2025, 12, 1) + Days(static_cast<int>(random() % 430));
    const auto payee = static_cast<std::int64_t>(random() % 12) + 1;
    const Money amount = Cents(static_cast<std::int64_t>(random() % 500'000));
    const Money kept =
        random() % 4 == 0 ? Cents(static_cast<std::int64_t>(random() % 900)) : Money{};
    payments.push_back(Paid(payee, day, amount, kept));
    if (YearOf(day) != 2026) continue;
    paid += amount + kept;
    tax += kept;
  }
  const auto csv = [&] {
    const auto totals = SumTaxYear(2026, payments, payees, {}, Law());
    Money sum, kept;
    for (const TaxTotal& total : *totals) {
      sum += total.amount;
      kept += total.tax;
    }
    EXPECT_EQ(sum, paid);
    EXPECT_EQ(kept, tax);
    EXPECT_LE(totals->size(), 5U);
    return WriteTaxCsv(2026, {}, *totals, {});
  };
  const std::string first = csv();
  std::ranges::shuffle(payments, random);
  EXPECT_EQ(csv(), first);
}

TEST(TinMatching, AsksAndReadsAnswersByPayeeAndForm) {
  std::vector<TinMatchRequest> requests;
  requests.push_back({.payee = PayeeId(77),
                      .certified_on = MakeDate(2026, 2, 3),
                      .kind = TinKind::kSsn,
                      .tin = SecretString("123456789"),
                      .name = "Ann; Smith"});
  const auto text = WriteTinMatchRequest(requests);
  ASSERT_TRUE(text.ok());
  const std::string line = fmt::format("2;123456789;Ann  Smith;{}/2026-02-03", PayeeId(77));
  EXPECT_EQ(text->Reveal(), line + "\n");
  const auto answers = ReadTinMatchAnswer(line + ";3\r\n\r\n");
  ASSERT_TRUE(answers.ok()) << StatusMessage(answers.status());
  ASSERT_EQ(answers->size(), 1U);
  EXPECT_EQ(answers->front().payee, PayeeId(77));
  EXPECT_EQ(answers->front().certified_on, MakeDate(2026, 2, 3));
  EXPECT_EQ(answers->front().code, TinMatchCode::kMismatch);
  EXPECT_FALSE(IsMatch(TinMatchCode::kMismatch));
  EXPECT_TRUE(IsMatch(TinMatchCode::kMatchEin));
  for (const std::string& wrong :
       std::vector<std::string>{line, line + ";9", line + ";", "2;123456789;Ann;nobody;0"}) {
    const auto refused = ReadTinMatchAnswer("\n" + wrong);
    EXPECT_FALSE(refused.ok()) << wrong;
    EXPECT_THAT(StatusMessage(refused.status()), HasSubstr("line 2"));
    EXPECT_THAT(StatusMessage(refused.status()), Not(HasSubstr("123456789")));
  }
}

}  // namespace
}  // namespace sluice::payments
