// Values of the domain as the contract writes them, and back.
#pragma once

#include <google/protobuf/timestamp.pb.h>
#include <google/type/date.pb.h>

#include <optional>
#include <string>
#include <string_view>

#include "api/service/call.h"
#include "core/bytes.h"
#include "core/date.h"
#include "core/money.h"
#include "core/status.h"
#include "hierarchy/hierarchy_service.h"
#include "sluice/core/v1/money.pb.h"

namespace sluice::api {

void Set(google::type::Date& to, Date date);
void Set(google::protobuf::Timestamp& to, Instant instant);
void Set(core::v1::Money& to, Money amount);

// InvalidArgument names the field unless it is a day of the calendar.
StatusOr<Date> ReadDate(std::string_view field, const google::type::Date& date);
// InvalidArgument names the field unless it is 64 hexadecimal digits.
StatusOr<Digest> ReadDigest(std::string_view field, const std::string& text);

// The day and the knowledge that a question is about: today, as known now, where nothing is said.
StatusOr<hierarchy::AsOf> ReadAsOf(const Call& call, const core::v1::AsOf& as_of);

// InvalidArgument unless a person gave a reason of 10 to 2,000 bytes.
Status CheckReason(const std::string& reason);

// The arguments of a list that has neither filter nor order.
template <typename Request>
ListQuery PlainQueryOf(const Call& call, const Request& request) {
  return {.payer = call.Payer(),
          .user = call.User(),
          .method = call.Method(),
          .parent = request.parent(),
          .filter = {},
          .order_by = {},
          .others = {}};
}

// The arguments of a list that every other list has.
template <typename Request>
ListQuery QueryOf(const Call& call, const Request& request) {
  return {.payer = call.Payer(),
          .user = call.User(),
          .method = call.Method(),
          .parent = request.parent(),
          .filter = request.filter(),
          .order_by = request.order_by(),
          .others = {}};
}

}  // namespace sluice::api
