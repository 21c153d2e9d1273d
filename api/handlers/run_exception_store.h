// A page of the exceptions of a run: made by payments/work, ordered and filtered here.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/pg/database.h"
#include "payments/work/cycle_exceptions.h"

namespace sluice::api {

struct RunExceptionPage {
  std::vector<payments::CycleException> exceptions;
  std::string next_page_token;
};

std::span<const ListField> RunExceptionFields();
RunExceptionPage LoadRunExceptionPage(pg::Transaction& tx,
                                      std::span<const payments::CycleException> all,
                                      const ListPage& page);

}  // namespace sluice::api
