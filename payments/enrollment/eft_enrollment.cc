#include "payments/enrollment/eft_enrollment.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "hierarchy/contact.h"
#include "hierarchy/identifier.h"
#include "payments/remittance/bank_profile.h"

namespace sluice::payments {
namespace {

using enum ElementNeed;

constexpr std::string_view kProvider = "1 provider";
constexpr std::string_view kIdentifiers = "2 identifiers";
constexpr std::string_view kContact = "3 contact";
constexpr std::string_view kAgent = "4 agent";
constexpr std::string_view kAgency = "5 federal agency";
constexpr std::string_view kPharmacy = "6 retail pharmacy";
constexpr std::string_view kInstitution = "7 financial institution";
constexpr std::string_view kSubmission = "8 submission";
constexpr std::string_view kEra = "ERA";
constexpr std::string_view kOutside = "outside the form";

constexpr std::array kElements = {
    CoreElement{"provider_name", kProvider, kRequired},
    CoreElement{"provider_dba", kProvider, kOptional},
    CoreElement{"provider_street", kProvider, kRequired},
    CoreElement{"provider_city", kProvider, kRequired},
    CoreElement{"provider_state", kProvider, kRequired},
    CoreElement{"provider_zip", kProvider, kRequired},
    CoreElement{"provider_country", kProvider, kOptional},
    CoreElement{"tin", kIdentifiers, kRequired},
    CoreElement{"npi", kIdentifiers, kOptional},
    CoreElement{"assigning_authority", kIdentifiers, kOptional},
    CoreElement{"trading_partner_id", kIdentifiers, kOptional},
    CoreElement{"license_number", kIdentifiers, kOptional},
    CoreElement{"license_issuer", kIdentifiers, kOptional},
    CoreElement{"provider_type", kIdentifiers, kOptional},
    CoreElement{"taxonomy", kIdentifiers, kOptional},
    CoreElement{"contact_name", kContact, kRequired},
    CoreElement{"contact_title", kContact, kOptional},
    CoreElement{"contact_phone", kContact, kRequired},
    CoreElement{"contact_email", kContact, kRequired},
    CoreElement{"contact_fax", kContact, kOptional},
    CoreElement{"agent_name", kAgent, kInGroup},
    CoreElement{"agent_address", kAgent, kInGroup},
    CoreElement{"agent_contact_name", kAgent, kInGroup},
    CoreElement{"agent_contact_title", kAgent, kOptional},
    CoreElement{"agent_phone", kAgent, kInGroup},
    CoreElement{"agent_email", kAgent, kInGroup},
    CoreElement{"agent_fax", kAgent, kOptional},
    CoreElement{"agency_name", kAgency, kInGroup},
    CoreElement{"agency_identifier", kAgency, kInGroup},
    CoreElement{"agency_location_code", kAgency, kInGroup},
    CoreElement{"pharmacy_name", kPharmacy, kInGroup},
    CoreElement{"pharmacy_chain_number", kPharmacy, kOptional},
    CoreElement{"pharmacy_parent_organization_id", kPharmacy, kOptional},
    CoreElement{"pharmacy_payment_center_id", kPharmacy, kOptional},
    CoreElement{"pharmacy_ncpdp_id", kPharmacy, kInGroup},
    CoreElement{"pharmacy_medicaid_number", kPharmacy, kOptional},
    CoreElement{"institution_name", kInstitution, kRequired},
    CoreElement{"institution_address", kInstitution, kOptional},
    CoreElement{"institution_phone", kInstitution, kOptional},
    CoreElement{"routing_number", kInstitution, kRequired},
    CoreElement{"account_type", kInstitution, kRequired},
    CoreElement{"account_number", kInstitution, kRequired},
    CoreElement{"account_linkage", kInstitution, kRequired},
    CoreElement{"reason", kSubmission, kRequired},
    CoreElement{"voided_check", kSubmission, kOptional},
    CoreElement{"bank_letter", kSubmission, kOptional},
    CoreElement{"signature", kSubmission, kOptional},
    CoreElement{"printed_name", kSubmission, kOptional},
    CoreElement{"printed_title", kSubmission, kOptional},
    CoreElement{"submission_date", kSubmission, kOptional},
    CoreElement{"requested_date", kSubmission, kOptional},
    CoreElement{"era_aggregation", kEra, kOfEra},
    CoreElement{"era_method", kEra, kOptional},
    CoreElement{"era_clearinghouse_name", kEra, kOptional},
    CoreElement{"era_clearinghouse_contact", kEra, kOptional},
    CoreElement{"era_clearinghouse_phone", kEra, kOptional},
    CoreElement{"era_clearinghouse_email", kEra, kOptional},
    CoreElement{"era_vendor_name", kEra, kOptional},
    CoreElement{"era_vendor_contact", kEra, kOptional},
    CoreElement{"era_vendor_phone", kEra, kOptional},
    CoreElement{"era_vendor_email", kEra, kOptional},
    CoreElement{"account_ownership", kOutside, kRequired},
    CoreElement{"funds_go_abroad", kOutside, kRequired},
};

std::string_view Stripped(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool IsDigits(std::string_view text, std::size_t length) {
  return text.size() == length &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

class FormReader {
 public:
  StatusOr<EftEnrollment> Read(std::string_view text) {
    Split(text);
    CheckPresence();
    ReadParties();
    ReadAccount();
    ReadSubmission();
    ReadEra();
    if (faults_ > 0) {
      return InvalidArgument("the enrollment has {} faults and is not taken{}", faults_, list_);
    }
    return std::move(form_);
  }

 private:
  void Fault(std::string_view element, std::string_view what) {
    ++faults_;
    list_ += fmt::format("; {}: {}", element, what);
  }
  std::string Get(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string() : found->second;
  }
  bool Has(std::string_view name) const { return values_.contains(name); }

  void Split(std::string_view text) {
    std::size_t line = 0;
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      const std::string_view row = Stripped(text.substr(0, end));
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
      ++line;
      if (row.empty() || row.front() == '#') continue;
      const std::size_t equals = row.find('=');
      const std::string name(Stripped(row.substr(0, equals)));
      if (equals == std::string_view::npos ||
          std::ranges::find(kElements, name, &CoreElement::name) == kElements.end()) {
        // What stands there may be a number that no message shows.
        Fault(fmt::format("line {}", line), "is no \"element = value\" of the form");
        continue;
      }
      const std::string_view value = Stripped(row.substr(equals + 1));
      if (value.empty()) continue;  // as if it were not there
      if (!values_.emplace(name, value).second) Fault(name, "is there twice");
    }
  }

  void CheckPresence() {
    std::set<std::string_view> groups;
    for (const CoreElement& element : kElements) {
      if (Has(element.name)) groups.insert(element.group);
    }
    for (const CoreElement& element : kElements) {
      if (Has(element.name)) continue;
      const bool in_group = element.need == kInGroup || element.need == kOfEra;
      if (element.need == kRequired || (in_group && groups.contains(element.group))) {
        Fault(element.name, fmt::format("is required in group {}", element.group));
      }
    }
  }

  void ReadParties() {
    form_.provider_name = Get("provider_name");
    const std::string state = Get("provider_state");
    if (!state.empty() && state.size() != 2) Fault("provider_state", "is two letters");
    const std::string zip = Get("provider_zip");
    if (!zip.empty() && !IsDigits(zip, 5) && !IsDigits(zip, 9)) {
      Fault("provider_zip", "is five or nine digits");
    }
    if (Has("tin")) {
      auto tin = hierarchy::ParseTin(Get("tin"));
      // A sole practitioner may have the number of a person.
      if (!tin.ok() && !IsDigits(Get("tin"), 9)) Fault("tin", "is nine digits");
      form_.tin = SecretString(tin.ok() ? *tin : Get("tin"));
    }
    if (Has("npi")) {
      const auto npi = hierarchy::ParseNpi(Get("npi"));
      if (npi.ok()) form_.npi = *npi;
      if (!npi.ok()) Fault("npi", StatusMessage(npi.status()));
    }
    for (const std::string_view name :
         {"contact_email", "agent_email", "era_clearinghouse_email", "era_vendor_email"}) {
      if (Has(name) && !hierarchy::ParseEmail(Get(name)).ok()) Fault(name, "is no e-mail address");
    }
    for (const std::string_view name : {"contact_phone", "agent_phone", "institution_phone",
                                        "era_clearinghouse_phone", "era_vendor_phone"}) {
      if (Has(name) && !hierarchy::ParsePhone(Get(name)).ok()) {
        Fault(name, "is no telephone number");
      }
    }
  }

  // The place of the value among the choices; the first one when it is absent or none of them.
  std::size_t Choice(std::string_view name, std::initializer_list<std::string_view> choices) {
    const std::string value = Get(name);
    const auto found = std::ranges::find(choices, value);
    if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
    std::string all;
    for (const std::string_view choice : choices) {
      all += (all.empty() ? "" : ", ") + std::string(choice);
    }
    if (!value.empty()) Fault(name, "is one of " + all);
    return 0;
  }

  void ReadAccount() {
    form_.account.routing_number = Get("routing_number");
    form_.account.account_number = AccountNumber(Get("account_number"));
    if (Has("routing_number") && !IsPayeeRoutingNumber(form_.account.routing_number)) {
      Fault("routing_number", "is not nine digits with a right check digit");
    } else if (Has("account_number") && !CheckBankAccountDetails(form_.account).ok()) {
      Fault("account_number", "has 1 to 17 letters and digits");
    }
    form_.kind = Choice("account_type", {"checking", "savings"}) == 0 ? AccountKind::kChecking
                                                                      : AccountKind::kSavings;
    form_.ownership = Choice("account_ownership", {"business", "consumer"}) == 0
                          ? AccountOwnership::kBusiness
                          : AccountOwnership::kConsumer;
    form_.linkage = LinkageOf("account_linkage");
    if (form_.linkage == IdentifierLinkage::kNpi && form_.npi.empty()) {
      Fault("account_linkage", "is by NPI, and there is no NPI");
    }
    if (Choice("funds_go_abroad", {"no", "yes"}) == 1) {
      Fault("funds_go_abroad",
            "payments that go on abroad need IAT entries, which are not offered");
    }
  }

  IdentifierLinkage LinkageOf(std::string_view name) {
    return Choice(name, {"TIN", "NPI"}) == 0 ? IdentifierLinkage::kTin : IdentifierLinkage::kNpi;
  }

  std::optional<Date> DateOf(std::string_view name) {
    if (!Has(name)) return std::nullopt;
    const auto date = ParseDate(Get(name));
    if (!date.ok()) {
      Fault(name, "is no date YYYY-MM-DD");
      return std::nullopt;
    }
    return *date;
  }

  void ReadSubmission() {
    form_.reason = static_cast<EnrollmentReason>(1 + Choice("reason", {"new", "change", "cancel"}));
    if (!Has("signature") && !Has("printed_name") && !Has("printed_title")) {
      Fault("signature", "the form is signed: signature, printed name or printed title");
    }
    form_.submitted_on = DateOf("submission_date");
    form_.requested_on = DateOf("requested_date");
  }

  void ReadEra() {
    for (const auto& [name, value] : values_) {
      if (name != "account_number" && name != "tin") form_.elements.emplace(name, value);
    }
    const bool era = std::ranges::any_of(kElements, [&](const CoreElement& element) {
      return element.group == kEra && Has(element.name);
    });
    if (!era) return;
    if (Has("era_aggregation") && LinkageOf("era_aggregation") != form_.linkage) {
      Fault("era_aggregation",
            "is another one than account_linkage: payments and remittances would not match");
    }
    const bool clearinghouse = Has("era_clearinghouse_name");
    if (!clearinghouse && !Has("era_method")) {
      Fault("era_method", "is required where no clearinghouse is named");
    }
    constexpr std::array kWays = {RemittanceDelivery::kClearinghouse, RemittanceDelivery::kSftp,
                                  RemittanceDelivery::kPortal};
    form_.era = clearinghouse && !Has("era_method")
                    ? RemittanceDelivery::kClearinghouse
                    : kWays.at(Choice("era_method", {"clearinghouse", "sftp", "portal"}));
  }

  std::map<std::string, std::string, std::less<>> values_;
  EftEnrollment form_;
  int faults_ = 0;
  std::string list_;
};

}  // namespace

std::span<const CoreElement> CoreElements() { return kElements; }

std::string_view EnrollmentReasonName(EnrollmentReason reason) {
  constexpr std::array<std::string_view, 4> kNames = {"", "new", "change", "cancel"};
  return kNames.at(static_cast<std::size_t>(reason));
}

StatusOr<EftEnrollment> ReadEftEnrollment(std::string_view text) { return FormReader().Read(text); }

}  // namespace sluice::payments
