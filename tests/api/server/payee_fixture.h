// A server with the people who work on payees: those of the payer, and those of two practices.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "tests/api/server/server_fixture.h"

namespace sluice::api {

class PayeeFixture : public ServerFixture {
 protected:
  static constexpr char kPayees[] = "sluice.enrollment.v1.PayeeService";
  static constexpr char kAccounts[] = "sluice.enrollment.v1.BankAccountService";
  static constexpr char kPreferences[] = "sluice.enrollment.v1.PreferenceService";
  static constexpr char kTax[] = "sluice.payments.v1.TaxService";
  static constexpr char kScreening[] = "sluice.payments.v1.ScreeningService";

  // "bank" and "desk" (bank enrollment), "compliance", "treasury"; "alder" and "birch" (provider
  // admins of the two practices of the network).
  void SetUp() override;

  static google::protobuf::Struct Parse(const std::string& json);
  std::string NextId() { return fmt::format("0195f3c2-0000-8000-8000-{:012}", ++last_id_); }
  // The JSON object with a request id of its own and, where given, an etag.
  testing::HttpAnswer Post(const std::string& name, const std::string& token,
                           const std::string& json, const std::string& etag = "");
  testing::HttpAnswer Get(const std::string& name, const std::string& token) {
    return Https("GET", "/v1/" + name, token);
  }
  // The texts of a field over the items of a list.
  std::vector<std::string> Texts(const std::string& target, const std::string& token,
                                 const std::string& list, const std::string& field);

  // Enrolls an organization, by "bank"; its name.
  std::string Enrolled(PartyId party, const std::string& display_name, const std::string& tin,
                       const std::string& more = "");
  std::string PartyPath(PartyId party) { return fmt::format("{}/parties/{}", payer_name_, party); }
  static PayeeId IdOf(const std::string& name);

  int last_id_ = 0;
};

}  // namespace sluice::api
