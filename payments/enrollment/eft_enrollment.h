// An enrollment for EFT (and ERA) with the data elements of the CORE forms, in their groups.
//
//   1. The elements are data: name, group, whether it is required. Nothing beyond the maximum set
//   is
//      taken, but two questions that are asked outside the form: whose account it is (business or
//      consumer), and whether the funds go on abroad.
//   2. A group of optional elements (agent, federal agency, pharmacy) is complete or absent.
//   3. The account's linkage and the aggregation of the ERA are the same, TIN or NPI: else payments
//      and remittances do not find each other.
//   4. All faults of a form are told at once, by element. Neither the account number nor the TIN is
//      in a message.
// Source: FORMATS 9 (CORE 380 and 382; confirm with counsel). Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/secret.h"
#include "core/status.h"
#include "payments/bank_account_vault.h"
#include "payments/remittance/outbound_payment.h"
#include "payments/routing/preference.h"

namespace sluice::payments {

enum class ElementNeed : std::uint8_t {
  kRequired,
  kOptional,
  kInGroup,  // required when any element of its group is there
  kOfEra,    // of the ERA form; required when there is an ERA part
};

struct CoreElement {
  std::string_view name;
  std::string_view group;
  ElementNeed need = ElementNeed::kOptional;
};
// Every element that a form may have, in the order of the groups.
std::span<const CoreElement> CoreElements();

// The numbers are stored.
enum class EnrollmentReason : std::int16_t { kNew = 1, kChange = 2, kCancel = 3 };
enum class IdentifierLinkage : std::int16_t { kTin = 1, kNpi = 2 };
std::string_view EnrollmentReasonName(EnrollmentReason reason);

struct EftEnrollment {
  EnrollmentReason reason = EnrollmentReason::kNew;
  IdentifierLinkage linkage = IdentifierLinkage::kTin;
  std::string provider_name;
  SecretString tin;
  std::string npi;  // empty when the provider has none
  BankAccountDetails account;
  AccountKind kind = AccountKind::kChecking;
  AccountOwnership ownership = AccountOwnership::kBusiness;
  std::optional<Date> submitted_on;
  std::optional<Date> requested_on;  // start, change or cancel
  // The ERA part, when there is one.
  std::optional<RemittanceDelivery> era;
  // All elements but account number and TIN, as they were given.
  std::map<std::string, std::string> elements;
};

// Reads "element = value" lines; blank lines and lines that begin with '#' are skipped.
// InvalidArgument lists every fault.
StatusOr<EftEnrollment> ReadEftEnrollment(std::string_view text);

}  // namespace sluice::payments
