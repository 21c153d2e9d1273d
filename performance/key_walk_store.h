// Streams that come in the order of a key.
//
// A statement that reads some contracts of a big table in the order of its primary key is best
// answered by walking the key. From its statistics the planner may think otherwise: for each group
// of contracts it then reads the whole table and sorts what it kept.
#pragma once

#include "core/pg/database.h"

namespace sluice::performance {

// Has the server walk keys for the rest of the transaction, where a key serves at all.
void WalkKeys(pg::Transaction& tx);

}  // namespace sluice::performance
