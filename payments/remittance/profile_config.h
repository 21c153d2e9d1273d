// Bank profile, payer profile and PLB mapping from configuration.
//
// Faults (a missing key, a name too long for its field) are collected in the configuration and
// reported by Config::Finish() with their place in the file.
#pragma once

#include "core/config.h"
#include "payments/remittance/bank_profile.h"
#include "payments/remittance/outbound_payment.h"
#include "payments/remittance/plb_mapping.h"

namespace sluice::payments {

// The table [bank]: immediate_destination, immediate_origin, destination_name, origin_name,
// company_name, company_discretionary_data, company_id, trn_company_id, odfi_routing_number,
// funding_account, funding_account_kind (checking, savings), line_end (lf, crlf, none), balanced,
// reject_level (file, batch), same_day, entry_limit, same_day_entry_limit, batch_limit,
// file_limit, day_limit, file_line_limit, cut_off ("18:00", Eastern time).
BankProfile ReadBankProfile(const ConfigSection& section);

// The table [payer]: name, tin, street, city, state, zip, payer_id, service_phone,
// edi_contact_name, edi_phone, edi_email, x12_qualifier, x12_id, questions_text.
PayerProfile ReadPayerProfile(const ConfigSection& section);

// The table [plb]: a reason code by the name of the line kind, for instance QUALITY_BONUS = "LS".
// Kinds that are not named keep their default.
PlbMapping ReadPlbMapping(const ConfigSection& section);

}  // namespace sluice::payments
