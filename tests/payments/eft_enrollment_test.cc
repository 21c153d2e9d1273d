// The enrollment form: its elements, its faults, and what is taken from it.
#include "payments/enrollment/eft_enrollment.h"

#include <gmock/gmock.h>

#include "payments/enrollment/enrollment_service.h"
#include "payments/routing/preference_service.h"
#include "tests/payments/run_fixture.h"

namespace sluice::payments {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Form = std::map<std::string, std::string>;

Form Complete() {
  return {{"provider_name", "Practice 10"},
          {"provider_street", "1 Main Street"},
          {"provider_city", "Minneapolis"},
          {"provider_state", "MN"},
          {"provider_zip", "55401"},
          {"tin", "410000010"},
          {"npi", "1234567893"},
          {"contact_name", "Ann Lee"},
          {"contact_phone", "612-555-0100"},
          {"contact_email", "ann@practice.example"},
          {"institution_name", "First Bank"},
          {"routing_number", "091000019"},
          {"account_type", "checking"},
          {"account_number", "550111222333"},
          {"account_linkage", "TIN"},
          {"reason", "new"},
          {"signature", "Ann Lee"},
          {"submission_date", "2026-09-30"},
          {"account_ownership", "business"},
          {"funds_go_abroad", "no"}};
}

std::string Written(const Form& form) {
  std::string text = "# EFT enrollment\n\n";
  for (const auto& [name, value] : form) text += name + " = " + value + "\r\n";
  return text;
}

// feature:M12
TEST(ReadEftEnrollment, TakesTheMaximumDataSet) {
  const auto read = ReadEftEnrollment(Written(Complete()));
  ASSERT_TRUE(read.ok()) << StatusMessage(read.status());
  EXPECT_EQ(read->reason, EnrollmentReason::kNew);
  EXPECT_EQ(read->provider_name, "Practice 10");
  EXPECT_EQ(read->account.account_number.Reveal(), "550111222333");
  EXPECT_FALSE(read->era.has_value());
  EXPECT_FALSE(read->elements.contains("account_number"));
  EXPECT_FALSE(read->elements.contains("tin"));
  // Every required element is required, each by its name.
  for (const CoreElement& element : CoreElements()) {
    Form form = Complete();
    if (element.need != ElementNeed::kRequired) continue;
    ASSERT_EQ(form.erase(std::string(element.name)), 1U) << element.name;
    EXPECT_THAT(StatusMessage(ReadEftEnrollment(Written(form)).status()),
                HasSubstr(fmt::format("{}: is required in group {}", element.name, element.group)));
  }
}

TEST(ReadEftEnrollment, TellsEveryFaultByItsElementAndNoNumber) {
  struct Case {
    std::string element, value, fault;
  };
  const std::vector<Case> cases = {
      {"provider_state", "Minn", "two letters"},
      {"provider_zip", "5540", "five or nine digits"},
      {"tin", "41-00", "nine digits"},
      {"npi", "1234567890", "npi:"},
      {"contact_email", "ann", "no e-mail address"},
      {"contact_phone", "12", "no telephone number"},
      {"routing_number", "091000018", "check digit"},
      {"account_number", "550111222333444555", "1 to 17"},
      {"account_type", "money market", "checking, savings"},
      {"account_linkage", "CCN", "TIN, NPI"},
      {"reason", "other", "new, change, cancel"},
      {"submission_date", "today", "YYYY-MM-DD"},
      {"funds_go_abroad", "yes", "IAT"},
      {"agent_name", "Biller Inc", "agent_address: is required in group 4 agent"},
      {"pharmacy_name", "Corner", "pharmacy_ncpdp_id: is required"},
      {"era_method", "portal", "era_aggregation: is required"},
      {"favorite_color", "blue", "is no \"element = value\""}};
  for (const Case& bad : cases) {
    Form form = Complete();
    form[bad.element] = bad.value;
    const std::string message = StatusMessage(ReadEftEnrollment(Written(form)).status());
    EXPECT_THAT(message, HasSubstr("has ")) << bad.element;
    EXPECT_THAT(message, HasSubstr(bad.fault)) << bad.element;
    EXPECT_THAT(message, Not(HasSubstr("550111222333"))) << bad.element;
    EXPECT_THAT(message, Not(HasSubstr("410000010"))) << bad.element;
  }
  Form two = Complete();
  two["provider_state"] = "Minn";
  two["provider_zip"] = "1";
  EXPECT_THAT(StatusMessage(ReadEftEnrollment(Written(two)).status()), HasSubstr("has 2 faults"));
  Form unsigned_form = Complete();
  unsigned_form.erase("signature");
  EXPECT_THAT(StatusMessage(ReadEftEnrollment(Written(unsigned_form)).status()),
              HasSubstr("is signed"));
}

// feature:M12
TEST(ReadEftEnrollment, LinkageAndAggregationAreTheSame) {
  Form form = Complete();
  form["era_aggregation"] = "NPI";
  form["era_method"] = "portal";
  EXPECT_THAT(StatusMessage(ReadEftEnrollment(Written(form)).status()),
              HasSubstr("would not match"));
  form["era_aggregation"] = "TIN";
  const auto read = ReadEftEnrollment(Written(form));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->era, RemittanceDelivery::kPortal);
  form.erase("era_method");
  EXPECT_THAT(StatusMessage(ReadEftEnrollment(Written(form)).status()), HasSubstr("era_method"));
  form["era_clearinghouse_name"] = "Clearing Co";
  EXPECT_EQ(ReadEftEnrollment(Written(form))->era, RemittanceDelivery::kClearinghouse);
  form["account_linkage"] = form["era_aggregation"] = "NPI";
  form.erase("npi");
  EXPECT_THAT(StatusMessage(ReadEftEnrollment(Written(form)).status()),
              HasSubstr("there is no NPI"));
}

class EnrollmentTest : public RunFixture {
 protected:
  StatusOr<EnrollmentRecord> Enroll(PayeeId payee, const Form& form) {
    return EnrollmentService(db_.App(), payer_, *keys_, db_.Clock(), db_.Ids())
        .Enroll(payee, Written(form), kBusinessDate, kBankOffice);
  }
  PayeeService Payees() { return {db_.App(), payer_, *keys_, db_.Clock(), db_.Ids()}; }
};

// feature:M12
TEST_F(EnrollmentTest, ANewFormBringsAnAccountAndTheWayOfRemittances) {
  const PayeeId payee = AddPayee(10);
  Form form = Complete();
  form["era_aggregation"] = "TIN";
  form["era_method"] = "portal";
  const auto record = Enroll(payee, form);
  ASSERT_TRUE(record.ok()) << StatusMessage(record.status());
  const auto accounts = Payees().Accounts(payee);
  ASSERT_EQ(accounts->size(), 1U);
  EXPECT_EQ(accounts->front().state, BankAccountState::kSubmitted);
  EXPECT_EQ(accounts->front().holder_name, "Practice 10");
  PreferenceService preferences(db_.App(), payer_, db_.Clock(), db_.Ids());
  const auto wishes = preferences.History(payee);
  ASSERT_EQ(wishes->size(), 1U);
  EXPECT_EQ(wishes->front().delivery, RemittanceDelivery::kPortal);
  const auto history =
      EnrollmentService(db_.App(), payer_, *keys_, db_.Clock(), db_.Ids()).History(payee);
  ASSERT_EQ(history->size(), 1U);
  EXPECT_EQ(history->front().elements.at("contact_email"), "ann@practice.example");
  EXPECT_FALSE(history->front().elements.contains("account_number"));
}

TEST_F(EnrollmentTest, TheReasonFitsWhatThePayeeHas) {
  const PayeeId payee = AddPayee(10);
  Form form = Complete();
  form["reason"] = "change";
  EXPECT_THAT(StatusMessage(Enroll(payee, form).status()), HasSubstr("send a new enrollment"));
  AddAccount(payee, "550999888777");
  form["reason"] = "new";
  EXPECT_THAT(StatusMessage(Enroll(payee, form).status()), HasSubstr("ending 8777: send a change"));
  form["reason"] = "change";
  const auto change = Enroll(payee, form);
  ASSERT_TRUE(change.ok()) << StatusMessage(change.status());
  EXPECT_EQ(change->account.version, 2);
  // The old one is paid until the new one is proved.
  EXPECT_EQ(Payees().Accounts(payee)->front().state, BankAccountState::kActive);
  form["reason"] = "cancel";
  ASSERT_TRUE(Enroll(payee, form).ok());
  EXPECT_EQ(Payees().Accounts(payee)->front().state, BankAccountState::kSuspended);
}

TEST_F(EnrollmentTest, AFormOfAnotherTaxpayerIsNotTaken) {
  const PayeeId payee = AddPayee(11);
  const Status refused = Enroll(payee, Complete()).status();
  EXPECT_THAT(StatusMessage(refused), HasSubstr("another TIN"));
  EXPECT_THAT(StatusMessage(refused), Not(HasSubstr("410000010")));
  EXPECT_TRUE(Payees().Accounts(payee)->empty());
}

}  // namespace
}  // namespace sluice::payments
