// Files of runs as lists show them, without their bytes. No rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/listing/list_store.h"
#include "core/id.h"
#include "core/pg/database.h"
#include "payments/disbursement.h"
#include "payments/obligation.h"

namespace sluice::api {

struct PaymentFileRow {
  BookId book;
  payments::PaymentFileId id;
  ProgramId program;
  payments::CycleId cycle;
  payments::RunId run;
  payments::FileKind kind{};
  std::string name;
  std::int32_t entries = 0;
  Money total;
  payments::FileState state{};
  Instant created_at;
  std::int32_t moves = 0;  // of its state, so far
};

// The fields of a list of files; the last one is the id.
std::span<const ListField> PaymentFileFields();

struct PaymentFilePage {
  std::vector<PaymentFileRow> files;
  std::string next_page_token;
};
PaymentFilePage LoadPaymentFilePage(pg::Transaction& tx, const ListPage& page);
std::optional<PaymentFileRow> FindPaymentFile(pg::Transaction& tx, payments::PaymentFileId file);

}  // namespace sluice::api
