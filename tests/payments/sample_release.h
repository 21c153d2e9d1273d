// How the payer of the tests pays: profiles of payer and bank, and where the files go.
#pragma once

#include <string>

#include "payments/release_plan.h"

namespace sluice::payments::testing {

inline ReleaseSettings SampleRelease(const std::string& directory,
                                     const std::string& deposit_account) {
  ReleaseSettings settings;
  settings.payer = {
      .name = "Prairie Health Plan",
      .tin = "411111111",
      .address = {.street = "100 Plan Way", .city = "Minneapolis", .state = "MN", .zip = "55402"},
      .payer_id = "PRAIRIE",
      .service_phone = "6125550100",
      .edi_contact_name = "EDI desk",
      .edi_phone = "6125550101",
      .edi_email = "edi@prairie.example",
      .x12_id = "PRAIRIE"};
  settings.bank = {.immediate_destination = " 091000019",
                   .immediate_origin = "1411111111",
                   .destination_name = "FIRST BANK",
                   .origin_name = "PRAIRIE HEALTH PLAN",
                   .company_name = "PRAIRIE HEALTH",
                   .company_id = "1411111111",
                   .trn_company_id = "1411111111",
                   .odfi_routing_number = "091000019",
                   .funding_account = AccountNumber(deposit_account)};
  settings.receiver_id = "CLEARINGHOUSE";
  settings.directory = directory + "/out";
  return settings;
}

}  // namespace sluice::payments::testing
