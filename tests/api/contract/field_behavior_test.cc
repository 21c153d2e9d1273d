#include "api/contract/field_behavior.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sluice/enrollment/v1/payee.pb.h"
#include "sluice/ops/v1/access.pb.h"
#include "sluice/payments/v1/compliance.pb.h"

namespace sluice::api {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace enrollment = sluice::enrollment::v1;

// feature:M12
TEST(InputOnly, AnAccountNumberNeverLeavesWhateverAHandlerCopied) {
  enrollment::SubmitBankAccountRequest message;
  message.set_parent("payers/p/payees/q");
  message.mutable_numbers()->set_account_number("000123456789");
  message.mutable_numbers()->set_routing_number("021000021");
  ClearInputOnly(message);
  EXPECT_FALSE(message.has_numbers());
  EXPECT_EQ(message.parent(), "payers/p/payees/q");
}

TEST(InputOnly, IsClearedInsideOtherMessages) {
  sluice::payments::v1::ListTaxStandingsResponse answer;
  auto& form = *answer.add_tax_standings()->mutable_newest_form();
  form.set_tin("912345678");
  form.set_tin_masked("ending 5678");
  ClearInputOnly(answer);
  EXPECT_EQ(answer.tax_standings(0).newest_form().tin(), "");
  EXPECT_EQ(answer.tax_standings(0).newest_form().tin_masked(), "ending 5678");
}

TEST(OutputOnly, WhatARequestSaysOfItIsIgnored) {
  sluice::ops::v1::ProposeGrantRequest request;
  request.set_parent("payers/p");
  request.mutable_grant()->set_user("payers/p/users/u");
  request.mutable_grant()->set_state(sluice::ops::v1::GRANT_STATE_IN_FORCE);
  request.mutable_grant()->set_approved_by("payers/p/users/u");
  ClearOutputOnly(request);
  EXPECT_EQ(request.grant().user(), "payers/p/users/u");
  EXPECT_EQ(request.grant().state(), sluice::ops::v1::GRANT_STATE_UNSPECIFIED);
  EXPECT_EQ(request.grant().approved_by(), "");
}

TEST(OutputOnly, AnUpdateKeepsWhichThingItIsAboutAndWhatTheCallerSaw) {
  sluice::ops::v1::UpdateUserRequest request;
  request.mutable_user()->set_name("payers/p/users/u");
  request.mutable_user()->set_etag("\"1\"");
  request.mutable_user()->set_disabled(true);
  ClearOutputOnly(request, "user.name");
  EXPECT_EQ(request.user().name(), "payers/p/users/u");
  EXPECT_EQ(request.user().etag(), "\"1\"");
  EXPECT_FALSE(request.user().disabled());
}

TEST(Required, MissingFieldsAreNamedByTheirPath) {
  sluice::ops::v1::ProposeGrantRequest request;
  EXPECT_THAT(MissingFields(request), ElementsAre("parent", "grant", "request_id"));
  request.set_parent("payers/p");
  request.set_request_id("0195f3c2-0000-7000-8000-000000000000");
  request.mutable_grant();
  EXPECT_THAT(MissingFields(request), ElementsAre("grant.valid"));
  request.mutable_grant()->mutable_valid();
  EXPECT_THAT(MissingFields(request), IsEmpty());
}

TEST(Required, AMessageThatIsThereIsLookedInto) {
  sluice::payments::v1::RecordTaxFormRequest request;
  request.set_parent("payers/p/payees/q");
  request.set_request_id("0195f3c2-0000-7000-8000-000000000000");
  request.mutable_tax_form();
  EXPECT_THAT(MissingFields(request), ElementsAre("tax_form.certified_on"));
}

}  // namespace
}  // namespace sluice::api
