// Payees as the tax office looks at them, for lists. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/handlers/payee_reach.h"
#include "api/listing/list_store.h"
#include "core/date.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/tax/backup_withholding.h"
#include "payments/tax/tax_form.h"
#include "payments/tax/tin_match.h"

namespace sluice::api {

// A payee with its newest form, the authority's answer to that form, and the backup withholding
// that was begun and not ended.
struct TaxStandingRow {
  PayeeId payee;
  std::optional<payments::CertifiedTaxpayer> form;
  std::optional<payments::TinMatchCode> match;
  std::optional<payments::BackupReason> backup;
  std::optional<Date> backup_from;
};

// The fields of a list of standings; the last one is the id.
std::span<const ListField> TaxStandingFields();

struct TaxStandingPage {
  std::vector<TaxStandingRow> standings;
  std::string next_page_token;
};
// Those with a form or withholding.
TaxStandingPage LoadTaxStandingPage(pg::Transaction& tx, PayerId payer, const PayeeReach& reach,
                                    const ListPage& page);
// Of a payee that is there, with or without either.
TaxStandingRow LoadTaxStanding(pg::Transaction& tx, PayerId payer, PayeeId payee);

}  // namespace sluice::api
