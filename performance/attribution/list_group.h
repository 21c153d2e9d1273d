// An attribution list as FHIR R4 resources, one on a line (NDJSON): a Group in the shape of Da
// Vinci ATR 2.1, and behind it what its members refer to.
//
//   1. Group: identifier (the contract), ext-contractValidityPeriod (the list's period),
//      ext-attributionListStatus, managingEntity, and per entry entity, period, inactive,
//      ext-changeType, ext-coverageReference, ext-attributedProvider.
//   2. Patient, Coverage, Practitioner, PractitionerRole and Organization hold what their
//   identifiers
//      need and nothing else: a member is known by the payer's own number, a provider by NPI, and
//      no name, birth date or tax number is in the file.
//   3. Every reference resolves within the file. Days of a period are both inside it, as FHIR has
//   it.
//   4. The same list gives the same bytes.
//
// Source: Da Vinci Member Attribution (ATR) List, STU 2.1.
#pragma once

#include <string>

#include "core/id.h"
#include "performance/attribution/list_file.h"

namespace sluice::performance {

// Of `names`, tax numbers are not asked for. `party` is the contract's.
std::string WriteListNdjson(const AttributionList& list, PartyId party, const ListNames& names);

}  // namespace sluice::performance
