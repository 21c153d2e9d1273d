// Claim lines of members, as the payer adjudicated them.
//
//   1. A line is known by the payer's claim number and line number. A line recorded again replaces
//      what was known of it, the member included.
//   2. An amount that the file does not state is absent, which is not zero.
//   3. Only final lines are services; denied and reversed ones stay visible and count nowhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/date.h"
#include "core/money.h"
#include "core/status.h"

namespace sluice::performance {

// The numbers are stored and never reused.
enum class ClaimKind : std::int16_t { kProfessional = 1, kInstitutional = 2 };
enum class ClaimStatus : std::int16_t { kFinal = 1, kDenied = 2, kReversed = 3 };

// "professional", "institutional"; "final", "denied", "reversed".
std::string_view ClaimKindName(ClaimKind kind);
std::string_view ClaimStatusName(ClaimStatus status);
StatusOr<ClaimKind> ParseClaimKind(std::string_view name);
StatusOr<ClaimStatus> ParseClaimStatus(std::string_view name);

// Key: claim_number, line_number.
struct MedicalClaimLine {
  std::string claim_number;
  std::int32_t line_number = 1;
  std::int64_t member_id = 0;
  ClaimKind kind = ClaimKind::kProfessional;
  Date service_from{};
  Date service_to{};  // the last day of service; not before service_from
  std::string procedure_code;
  std::string place_of_service;
  std::string revenue_code;
  std::string drg;
  std::string diagnosis_codes;  // separated by one blank, the principal one first
  std::string rendering_npi;    // canonical (hierarchy/identifier.h), or empty
  std::string billing_npi;
  std::string billing_tin;
  std::optional<Money> allowed;
  std::optional<Money> paid;
  std::optional<Date> paid_on;
  ClaimStatus status = ClaimStatus::kFinal;

  friend bool operator==(const MedicalClaimLine&, const MedicalClaimLine&) = default;
};

// Key: claim_number, line_number.
struct PharmacyClaimLine {
  std::string claim_number;
  std::int32_t line_number = 1;
  std::int64_t member_id = 0;
  Date dispensed_on{};
  std::string ndc;
  std::optional<std::int64_t> quantity_thousandths;
  std::optional<std::int32_t> days_supply;
  std::string prescriber_npi;
  std::string pharmacy_npi;
  std::optional<Money> allowed;
  std::optional<Money> paid;
  std::optional<Date> paid_on;
  ClaimStatus status = ClaimStatus::kFinal;

  friend bool operator==(const PharmacyClaimLine&, const PharmacyClaimLine&) = default;
};

// What a line is worth: allowed, or paid where allowed is missing or 0 (PROGRAM_MATH section 10).
Money AllowedElsePaid(const std::optional<Money>& allowed, const std::optional<Money>& paid);

}  // namespace sluice::performance
