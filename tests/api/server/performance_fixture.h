// A server in front of a payer with people who write contracts, approve them, analyze and decide,
// and JSON made short.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <string>
#include <string_view>
#include <vector>

#include "performance/program_service.h"
#include "performance/terms.h"
#include "tests/api/server/server_fixture.h"

namespace sluice::api {

class PerformanceFixture : public ServerFixture {
 protected:
  using Struct = google::protobuf::Struct;

  // "writer" and "partner" (contract makers), "approver" and "counsel" (contract approvers),
  // "analyst", "auditor", "compliance", "practice" (viewer of practice_) and "outsider" (viewer of
  // outside_), beside those of ServerFixture.
  void SetUp() override;

  static Struct Parse(const std::string& json);
  // The text at "a.b.0.c"; a number as written, empty when it is not there.
  static std::string At(const Struct& json, std::string_view path);
  static std::string At(const testing::HttpAnswer& answer, std::string_view path) {
    return At(Parse(answer.body), path);
  }
  std::string NextId() { return fmt::format("0195f3c2-0000-8000-8000-{:012}", ++last_id_); }

  testing::HttpAnswer Get(const std::string& target, const std::string& token) {
    return Https("GET", "/v1/" + target, token);
  }
  // `body` is a JSON object; it gets a request id, and the etag unless that is empty.
  testing::HttpAnswer Post(const std::string& target, const std::string& token,
                           const std::string& body, const std::string& etag = "");
  // The texts of a field over the items of a list.
  std::vector<std::string> Texts(const std::string& target, const std::string& list,
                                 const std::string& field, const std::string& token);

  // "{"from":{"year":2025,...},"to":{...}}"; without an end when there is none.
  static std::string DaysJson(const DateRange& days);
  static std::string DayJson(Date day);
  // The same as the query of a GET: "period.from.year=2025&...".
  static std::string DaysQuery(const std::string& field, const DateRange& days);

  // A contract whose terms were added directly, in force in 2025.
  ContractId AddContract(PartyId party, const performance::Terms& terms);
  // Calculates 2025 for every contract of the program.
  performance::CalculationSummary Calculate();
  performance::ProgramService Programs() {
    return {db_.App().ForPayer(payer_), db_.Clock(), db_.Ids()};
  }
  std::string PartyText(PartyId party) { return fmt::format("{}/parties/{}", payer_name_, party); }
  std::string UserText(int user) { return fmt::format("{}/users/{}", payer_name_, UserId(user)); }
  // What was done before is a second ago.
  void Tick() { db_.Clock().AdvanceMicros(1'000'000); }

  std::string program_name_;

 private:
  int last_id_ = 0;
};

}  // namespace sluice::api
