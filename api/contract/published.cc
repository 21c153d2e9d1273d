#include "api/contract/published.h"

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

std::vector<const google::protobuf::ServiceDescriptor*> PublishedServices() {
  // By a message of each file: what nothing names, a static link leaves out.
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  for (const google::protobuf::Descriptor* const message :
       {enrollment::v1::Payee::descriptor(),
        hierarchy::v1::Affiliation::descriptor(),
        hierarchy::v1::Party::descriptor(),
        hierarchy::v1::RosterImport::descriptor(),
        ops::v1::User::descriptor(),
        ops::v1::Feed::descriptor(),
        ops::v1::Operation::descriptor(),
        payments::v1::Check::descriptor(),
        payments::v1::Notice::descriptor(),
        payments::v1::PaymentRules::descriptor(),
        payments::v1::BankLine::descriptor(),
        payments::v1::RemittanceDrop::descriptor(),
        payments::v1::Reversal::descriptor(),
        payments::v1::UnclaimedProperty::descriptor(),
        payments::v1::TaxForm::descriptor(),
        payments::v1::Book::descriptor(),
        payments::v1::Payment::descriptor(),
        payments::v1::Run::descriptor(),
        performance::v1::AttributionList::descriptor(),
        performance::v1::Award::descriptor(),
        performance::v1::Contract::descriptor(),
        performance::v1::Activity::descriptor(),
        performance::v1::Program::descriptor()}) {
    for (int i = 0; i < message->file()->service_count(); ++i) {
      services.push_back(message->file()->service(i));
    }
  }
  return services;
}

}  // namespace sluice::api
