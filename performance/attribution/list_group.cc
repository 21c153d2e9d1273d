#include "performance/attribution/list_group.h"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace sluice::performance {
namespace {

constexpr std::string_view kExtension =
    "http://hl7.org/fhir/us/davinci-atr/StructureDefinition/ext-";

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

// FHIR ids have letters, digits, '-' and '.' only.
std::string FhirId(std::string id) {
  for (char& c : id) {
    if (c == '_') c = '-';
  }
  return id;
}

std::string IdOf(PartyId party) { return FhirId(party.ToString()); }
std::string PatientId(std::int64_t member) { return FhirId(FormatId("mbr", member)); }

std::string Reference(std::string_view type, std::string_view id) {
  return fmt::format(R"({{"reference":"{}/{}"}})", type, id);
}

std::string Extension(std::string_view name, std::string_view value) {
  return fmt::format(R"({{"url":"{}{}",{}}})", kExtension, name, value);
}

std::string PeriodText(const DateRange& days) {
  return fmt::format(R"({{"start":"{}","end":"{}"}})", FormatDate(days.from),
                     FormatDate(*days.to - Days(1)));
}

std::string NpiOf(const std::string& npi) {
  if (npi.empty()) return "";
  return fmt::format(R"(,"identifier":[{{"system":"http://hl7.org/fhir/sid/us-npi","value":{}}}])",
                     Quoted(npi));
}

// Gathers the resources that entries refer to, each once.
class Resources {
 public:
  Resources(PartyId party, const ListNames& names) : party_(party), names_(names) {
    AddOrganization(party);
  }

  std::string Member(const ListEntry& entry) {
    const std::string patient = PatientId(entry.member_id);
    patients_.emplace(
        entry.member_id,
        fmt::format(R"({{"resourceType":"Patient","id":"{}","identifier":[{{"type":{{"coding":[{{)"
                    R"("system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MB"}}]}},)"
                    R"("system":"urn:sluice:member","value":{}}}]}})",
                    patient, Quoted(names_.member_number(entry.member_id))));
    return fmt::format(
        R"({{"extension":[{},{},{}],"entity":{},"period":{},"inactive":{}}})",
        Extension("changeType", fmt::format(R"("valueCode":"{}")", ChangeTypeName(entry.change))),
        Extension("coverageReference",
                  fmt::format(R"("valueReference":{})", Reference("Coverage", Coverage(entry)))),
        Extension("attributedProvider", fmt::format(R"("valueReference":{})", Attributed(entry))),
        Reference("Patient", patient), PeriodText(entry.attributed), entry.inactive);
  }

  std::string Text() const {
    std::string text;
    for (const auto& [id, resource] : parties_) text += resource + "\n";
    for (const auto& [ids, resource] : roles_) text += resource + "\n";
    for (const auto& [member, resource] : patients_) text += resource + "\n";
    for (const auto& [member, plans] : coverages_) {
      for (const auto& [plan, coverage] : plans) text += coverage.text + "\n";
    }
    return text;
  }

 private:
  struct CoverageResource {
    std::string id;
    std::string text;
  };

  void AddOrganization(PartyId party) {
    parties_.emplace(party, fmt::format(R"({{"resourceType":"Organization","id":"{}"{}}})",
                                        IdOf(party), NpiOf(names_.npi(party))));
  }
  void AddPractitioner(PartyId party) {
    parties_.emplace(party, fmt::format(R"({{"resourceType":"Practitioner","id":"{}"{}}})",
                                        IdOf(party), NpiOf(names_.npi(party))));
  }

  // A member's coverage under a plan.
  std::string Coverage(const ListEntry& entry) {
    auto& plans = coverages_[entry.member_id];
    const auto [place, is_new] = plans.try_emplace(entry.plan);
    if (is_new) {
      place->second.id = fmt::format("cov-{}-{}", PatientId(entry.member_id), plans.size());
      place->second.text = fmt::format(
          R"({{"resourceType":"Coverage","id":"{}","status":"active","beneficiary":{},)"
          R"("payor":[{{"display":"payer"}}],"class":[{{"type":{{"coding":[{{)"
          R"("system":"http://terminology.hl7.org/CodeSystem/coverage-class","code":"plan"}}]}},)"
          R"("value":{}}}]}})",
          place->second.id, Reference("Patient", PatientId(entry.member_id)), Quoted(entry.plan));
    }
    return place->second.id;
  }

  // The provider at the practice, or the one that is known; else the contract's party.
  std::string Attributed(const ListEntry& entry) {
    if (entry.practice) AddOrganization(*entry.practice);
    if (entry.provider) AddPractitioner(*entry.provider);
    if (entry.practice && entry.provider) {
      const std::string id = fmt::format("{}-{}", IdOf(*entry.practice), IdOf(*entry.provider));
      roles_.emplace(
          std::pair(*entry.practice, *entry.provider),
          fmt::format(R"({{"resourceType":"PractitionerRole","id":"{}","practitioner":{},)"
                      R"("organization":{}}})",
                      id, Reference("Practitioner", IdOf(*entry.provider)),
                      Reference("Organization", IdOf(*entry.practice))));
      return Reference("PractitionerRole", id);
    }
    if (entry.provider) return Reference("Practitioner", IdOf(*entry.provider));
    return Reference("Organization", IdOf(entry.practice.value_or(party_)));
  }

  PartyId party_;
  const ListNames& names_;
  std::map<PartyId, std::string> parties_;
  std::map<std::pair<PartyId, PartyId>, std::string> roles_;
  std::map<std::int64_t, std::string> patients_;
  std::map<std::int64_t, std::map<std::string, CoverageResource>> coverages_;
};

}  // namespace

std::string WriteListNdjson(const AttributionList& list, PartyId party, const ListNames& names) {
  Resources resources(party, names);
  std::string members;
  for (const ListEntry& entry : list.entries) {
    if (!members.empty()) members += ',';
    members += resources.Member(entry);
  }
  // FHIR has no empty arrays.
  if (!members.empty()) members = fmt::format(R"(,"member":[{}])", members);
  const std::string group = fmt::format(
      R"({{"resourceType":"Group","id":"{}-{}-{}","extension":[{},{}],"identifier":[{{)"
      R"("system":"urn:sluice:contract","value":"{}"}}],"active":true,"type":"person",)"
      R"("actual":true,"name":"Attribution list {}, version {}","managingEntity":{}{}}})",
      FhirId(list.contract.ToString()), FormatDate(list.period.from), list.version,
      Extension("contractValidityPeriod",
                fmt::format(R"("valuePeriod":{})", PeriodText(list.period))),
      Extension("attributionListStatus",
                fmt::format(R"("valueCode":"{}")", ListStatusName(list.status))),
      list.contract, list.period.ToString(), list.version, Reference("Organization", IdOf(party)),
      members);
  return group + "\n" + resources.Text();
}

}  // namespace sluice::performance
