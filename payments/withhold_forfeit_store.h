// SQL of forfeited withholds. No rules.
#pragma once

#include <map>
#include <span>

#include "core/id.h"
#include "core/money.h"
#include "core/pg/database.h"

namespace sluice::payments {

// What FORFEIT_WITHHOLD has posted in the book for each of the awards; those without are absent.
std::map<AwardId, Money> LoadForfeited(pg::Transaction& tx, BookId book,
                                       std::span<const AwardId> awards);

}  // namespace sluice::payments
