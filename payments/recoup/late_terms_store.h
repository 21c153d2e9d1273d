// Whether a book has terms of late interest at all: most have none, and their runs need not look
// at every line for it. No rules.
#pragma once

#include "core/id.h"
#include "core/pg/database.h"

namespace sluice::payments {

bool HasLateInterestTerms(pg::Transaction& tx, BookId book);

}  // namespace sluice::payments
