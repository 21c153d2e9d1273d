#include "payments/tax/tax_form.h"

#include <algorithm>
#include <array>

#include "core/check.h"

namespace sluice::payments {
namespace {

constexpr std::array<std::string_view, 7> kClassifications = {
    "unstated", "individual", "c-corporation", "s-corporation", "partnership", "trust", "other"};
constexpr std::size_t kTinDigits = 9;
constexpr int kMostExemptCode = 13;

bool IsTin(std::string_view tin) {
  return tin.size() == kTinDigits &&
         std::ranges::all_of(tin, [](char c) { return c >= '0' && c <= '9'; }) &&
         !std::ranges::all_of(tin, [&](char c) { return c == tin.front(); });
}

// No number of the kind is given out with these beginnings.
bool IsGivenOut(TinKind kind, std::string_view tin) {
  if (kind == TinKind::kEin) return !tin.starts_with("00");
  return !tin.starts_with("000") && !tin.starts_with("666") && tin.substr(3, 2) != "00" &&
         tin.substr(5) != "0000";
}

bool IsExemptCode(const std::string& code) {
  for (int known = 1; known <= kMostExemptCode; ++known) {
    if (code == std::to_string(known)) return true;
  }
  return code.empty();
}

const std::array kBoxes = {TaxBox{"1099-MISC", 3}, TaxBox{"1099-MISC", 6}, TaxBox{"1099-NEC", 1}};

}  // namespace

std::string_view TaxClassificationName(TaxClassification classification) {
  const auto index = static_cast<std::size_t>(classification);
  CHECK(index < kClassifications.size());
  return kClassifications[index];
}

StatusOr<TaxClassification> ParseTaxClassification(std::string_view name) {
  const auto* const found = std::ranges::find(kClassifications, name);
  if (found == kClassifications.end()) {
    return InvalidArgument(
        "a taxpayer is individual, c-corporation, s-corporation, partnership, trust or other, not "
        "'{}'",
        name);
  }
  return static_cast<TaxClassification>(found - kClassifications.begin());
}

std::string_view TinKindName(TinKind kind) { return kind == TinKind::kEin ? "EIN" : "SSN"; }

Status CheckTaxForm(const TaxForm& form) {
  if (form.legal_name.empty()) {
    return InvalidArgument("payee {}: its W-9 has no name: record it as it was certified",
                           form.payee);
  }
  if (!IsTin(form.tin.Reveal())) {
    return InvalidArgument("payee {}: the number on its W-9 is not nine digits of a taxpayer",
                           form.payee);
  }
  CHECK(form.tin_kind.has_value());
  if (!IsGivenOut(*form.tin_kind, form.tin.Reveal())) {
    return InvalidArgument("payee {}: no {} begins or ends like the number on its W-9", form.payee,
                           TinKindName(*form.tin_kind));
  }
  if (!IsExemptCode(form.exempt_code)) {
    return InvalidArgument("payee {}: an exempt payee code is 1 to {}, not '{}'", form.payee,
                           kMostExemptCode, form.exempt_code);
  }
  return OkStatus();
}

const CertifiedTaxpayer* TaxpayerOn(std::span<const CertifiedTaxpayer> forms, Date date) {
  const CertifiedTaxpayer* holds = nullptr;
  for (const CertifiedTaxpayer& form : forms) {
    if (holds == nullptr || form.certified_on <= date) holds = &form;
  }
  return holds;
}

Status CheckTaxBox(const TaxBox& box) {
  if (std::ranges::find(kBoxes, box) != kBoxes.end()) return OkStatus();
  return InvalidArgument(
      "payments are reported in 1099-MISC box 3 or 6, or 1099-NEC box 1, not in {} box {}",
      box.form, box.box);
}

TaxBox TaxBoxOn(std::span<const ProgramTaxBox> boxes, BookId book, const std::string& role,
                Date date) {
  const ProgramTaxBox* best = nullptr;
  for (const ProgramTaxBox& row : boxes) {
    if (row.book != book || row.effective_from > date) continue;
    if (!row.role.empty() && row.role != role) continue;
    const bool narrower = best != nullptr && best->role.empty() && !row.role.empty();
    const bool newer =
        best != nullptr && best->role == row.role && best->effective_from <= row.effective_from;
    if (best == nullptr || narrower || newer) best = &row;
  }
  return best == nullptr ? TaxBox{} : best->box;
}

std::string ExemptBecause(const TaxBox& box, TaxClassification classification,
                          const std::string& exempt_code) {
  // 1 to 4: tax-exempt organizations and governments; the others do not matter to these boxes.
  if (exempt_code == "1" || exempt_code == "2" || exempt_code == "3" || exempt_code == "4") {
    return "exempt payee code " + exempt_code;
  }
  const bool corporation = classification == TaxClassification::kCCorporation ||
                           classification == TaxClassification::kSCorporation;
  // Medical payments to a corporation are reported.
  if (corporation && box.box != 6) return "corporation";
  return "";
}

}  // namespace sluice::payments
