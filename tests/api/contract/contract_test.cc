// The published contract as a whole: every method says what it needs, has its route, and speaks of
// itself in the way that all do.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "api/contract/method_access.h"
#include "api/contract/published.h"
#include "api/gateway/transcode.h"
#include "sluice/core/v1/annotations.pb.h"
#include "sluice/core/v1/money.pb.h"
#include "sluice/enrollment/v1/payee.pb.h"
#include "sluice/hierarchy/v1/affiliation.pb.h"
#include "sluice/hierarchy/v1/party.pb.h"
#include "sluice/hierarchy/v1/roster.pb.h"
#include "sluice/ops/v1/access.pb.h"
#include "sluice/ops/v1/feed.pb.h"
#include "sluice/ops/v1/operation.pb.h"
#include "sluice/payments/v1/check.pb.h"
#include "sluice/payments/v1/compliance.pb.h"
#include "sluice/payments/v1/ledger.pb.h"
#include "sluice/payments/v1/notice.pb.h"
#include "sluice/payments/v1/payment.pb.h"
#include "sluice/payments/v1/payment_rules.pb.h"
#include "sluice/payments/v1/reconciliation.pb.h"
#include "sluice/payments/v1/remittance.pb.h"
#include "sluice/payments/v1/reversal.pb.h"
#include "sluice/payments/v1/run.pb.h"
#include "sluice/payments/v1/unclaimed.pb.h"
#include "sluice/performance/v1/attribution_list.pb.h"
#include "sluice/performance/v1/award.pb.h"
#include "sluice/performance/v1/contract.pb.h"
#include "sluice/performance/v1/detail.pb.h"
#include "sluice/performance/v1/program.pb.h"

namespace sluice::api {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
using ::testing::IsEmpty;

std::vector<const FileDescriptor*> Files() {
  return {sluice::core::v1::Money::descriptor()->file(),
          sluice::enrollment::v1::Payee::descriptor()->file(),
          sluice::hierarchy::v1::Affiliation::descriptor()->file(),
          sluice::hierarchy::v1::Party::descriptor()->file(),
          sluice::hierarchy::v1::RosterImport::descriptor()->file(),
          sluice::ops::v1::User::descriptor()->file(),
          sluice::ops::v1::Feed::descriptor()->file(),
          sluice::ops::v1::Operation::descriptor()->file(),
          sluice::payments::v1::Check::descriptor()->file(),
          sluice::payments::v1::Notice::descriptor()->file(),
          sluice::payments::v1::PaymentRules::descriptor()->file(),
          sluice::payments::v1::BankLine::descriptor()->file(),
          sluice::payments::v1::RemittanceDrop::descriptor()->file(),
          sluice::payments::v1::Reversal::descriptor()->file(),
          sluice::payments::v1::UnclaimedProperty::descriptor()->file(),
          sluice::payments::v1::TaxForm::descriptor()->file(),
          sluice::payments::v1::Book::descriptor()->file(),
          sluice::payments::v1::Payment::descriptor()->file(),
          sluice::payments::v1::Run::descriptor()->file(),
          sluice::performance::v1::AttributionList::descriptor()->file(),
          sluice::performance::v1::Award::descriptor()->file(),
          sluice::performance::v1::Contract::descriptor()->file(),
          sluice::performance::v1::Activity::descriptor()->file(),
          sluice::performance::v1::Program::descriptor()->file()};
}

std::vector<const MethodDescriptor*> Methods() {
  std::vector<const MethodDescriptor*> methods;
  for (const ServiceDescriptor* const service : PublishedServices()) {
    for (int i = 0; i < service->method_count(); ++i) methods.push_back(service->method(i));
  }
  return methods;
}

// feature:X01
TEST(Contract, EveryMethodSaysWhatItNeeds) {
  EXPECT_GT(Methods().size(), 150U);
  EXPECT_THAT(ContractFaults(PublishedServices()), IsEmpty());
}

TEST(Contract, RightsHaveTheNumbersOfTheMatrix) {
  const EnumDescriptor& resources = *sluice::core::v1::Resource_descriptor();
  ASSERT_EQ(resources.value_count(), kResources + 1);
  const std::map<std::string, Resource> some = {
      {"RESOURCE_PARTY", Resource::kParty},     {"RESOURCE_RUN", Resource::kRun},
      {"RESOURCE_RELEASE", Resource::kRelease}, {"RESOURCE_PAYEE_ACCOUNT", Resource::kPayeeAccount},
      {"RESOURCE_LEDGER", Resource::kLedger},   {"RESOURCE_KEY", Resource::kKey}};
  for (const auto& [name, resource] : some) {
    ASSERT_NE(resources.FindValueByName(name), nullptr) << name;
    EXPECT_EQ(resources.FindValueByName(name)->number(), static_cast<int>(resource)) << name;
  }
  const EnumDescriptor& verbs = *sluice::core::v1::Verb_descriptor();
  ASSERT_EQ(verbs.value_count(), kVerbs + 1);
  EXPECT_EQ(verbs.FindValueByName("VERB_EXPORT")->number(), static_cast<int>(Verb::kExport));
  const EnumDescriptor& roles = *sluice::ops::v1::Role_descriptor();
  ASSERT_EQ(roles.value_count(), kRoles + 1);
  EXPECT_EQ(roles.FindValueByName("ROLE_COMPLIANCE")->number(),
            static_cast<int>(Role::kCompliance));
  EXPECT_EQ(roles.FindValueByName("ROLE_SERVICE")->number(), static_cast<int>(Role::kService));
}

// feature:X07
TEST(Contract, EveryMethodHasARouteAndNoTwoAreAlike) {
  const auto routes = RoutesOfServices(PublishedServices());
  ASSERT_TRUE(routes.ok()) << StatusMessage(routes.status());
  std::set<std::string> routed;
  for (const MethodRoute& route : *routes) {
    routed.insert(MethodName(*route.method));
    EXPECT_TRUE(route.path.starts_with("/v1/{")) << route.path;
  }
  EXPECT_EQ(routed.size(), Methods().size());
  const StatusOr<Routes> built = BuildRoutes(*routes);
  EXPECT_TRUE(built.ok()) << StatusMessage(built.status());
}

// What only reads is GET and has no body, but for waiting; what changes something never is.
TEST(Contract, AGetChangesNothing) {
  const auto routes = RoutesOfServices(PublishedServices()).value();
  for (const MethodRoute& route : routes) {
    const bool mutation = AccessOf(*route.method).value().mutation;
    const std::string name = MethodName(*route.method);
    if (name == "sluice.ops.v1.OperationService/WaitOperation") continue;
    EXPECT_EQ(route.http_method == "GET", !mutation) << name;
    EXPECT_EQ(route.body.empty(), !mutation) << name;
  }
}

void ForEachField(const Descriptor& message, const auto& visit) {
  for (int i = 0; i < message.field_count(); ++i) visit(*message.field(i));
  for (int i = 0; i < message.nested_type_count(); ++i)
    ForEachField(*message.nested_type(i), visit);
}

TEST(Contract, MoneyIsNeverAFraction) {
  for (const FileDescriptor* const file : Files()) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      ForEachField(*file->message_type(i), [](const FieldDescriptor& field) {
        EXPECT_NE(field.cpp_type(), FieldDescriptor::CPPTYPE_DOUBLE) << field.full_name();
        EXPECT_NE(field.cpp_type(), FieldDescriptor::CPPTYPE_FLOAT) << field.full_name();
        const bool amount = field.name() == "amount" || field.name().ends_with("_amount");
        if (amount) {
          EXPECT_EQ(field.message_type(), sluice::core::v1::Money::descriptor())
              << field.full_name();
        }
      });
    }
  }
}

// feature:M12
TEST(Contract, NumbersOfAccountsAndTaxpayersGoOnlyIn) {
  const std::set<std::string> numbers = {
      "account_number", "routing_number", "tin", "numbers", "form", "first_cents", "second_cents"};
  int seen = 0;
  for (const FileDescriptor* const file : Files()) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      ForEachField(*file->message_type(i), [&](const FieldDescriptor& field) {
        if (!numbers.contains(field.name())) return;
        // The form of a tax report, "1099-MISC", is a name.
        if (field.containing_type()->name().find("Tax") != std::string::npos &&
            field.name() == "form") {
          return;
        }
        ++seen;
        const auto& options = field.options();
        ASSERT_EQ(options.ExtensionSize(sluice::core::v1::behavior), 1) << field.full_name();
        EXPECT_EQ(options.GetExtension(sluice::core::v1::behavior, 0),
                  sluice::core::v1::FIELD_BEHAVIOR_INPUT_ONLY)
            << field.full_name();
      });
    }
  }
  EXPECT_GE(seen, 7);
}

// What moves money or a bank account is asked for with the etag of what the caller saw.
TEST(Contract, ApprovalsReleasesAndBankChangesCarryAnEtag) {
  for (const MethodDescriptor* const method : Methods()) {
    const MethodAccess access = AccessOf(*method).value();
    if (!access.mutation || !access.resource) continue;
    const bool standing = method->input_type()->FindFieldByName("name") != nullptr;
    const bool money = *access.verb == Verb::kApprove || *access.resource == Resource::kRelease;
    if (!standing || !money) continue;
    const std::string name = MethodName(*method);
    // These two add a row beside what is there and have nothing to compare.
    if (name.ends_with("/EndBackupWithholding") || name.ends_with("/OverrideGateCheck")) continue;
    EXPECT_NE(method->input_type()->FindFieldByName("etag"), nullptr) << name;
  }
}

}  // namespace
}  // namespace sluice::api
