// A server in front of a payer with a contract of the network: a doctor at each practice, members
// who see them, an analyst, and people of the practices who see their own.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "hierarchy/graph.h"
#include "performance/members/claim.h"
#include "performance/program_service.h"
#include "tests/api/server/server_fixture.h"

namespace sluice::api {

class DetailFixture : public ServerFixture {
 protected:
  using Struct = google::protobuf::Struct;

  // "analyst"; "clinic" sees the practice, "stranger" the practice outside of the network.
  void SetUp() override;

  // A member "M<id>" of 2026 with visits to a doctor; empty: none.
  void AddMember(std::int64_t id, const std::string& npi);
  hierarchy::HierarchySnapshot HierarchyAtYearEnd();
  performance::ProgramService Programs();
  void Later(std::int64_t seconds = 1) { db_.Clock().AdvanceMicros(seconds * 1'000'000); }

  static Struct Parse(const std::string& json);
  // What a GET answers; it must be there.
  Struct Get(const std::string& target, const std::string& token);
  // A POST with an id of its own and, where it is not empty, an etag.
  testing::HttpAnswer Post(const std::string& target, const std::string& token,
                           const std::string& body, const std::string& etag = "");
  // The same body and id once more.
  testing::HttpAnswer Repeat();
  static std::string Text(const Struct& message, const std::string& field);
  // A field of each item of a list; "entry.member" goes into messages.
  static std::vector<std::string> Texts(const Struct& answer, const std::string& list,
                                        const std::string& field);
  std::string Party(PartyId party) const {
    return fmt::format("{}/parties/{}", payer_name_, party);
  }
  std::string Member(std::int64_t id) const {
    return fmt::format("{}/members/M{}", payer_name_, id);
  }

  static constexpr UserId kAnalyst{31};

  ContractId contract_;
  std::string contract_name_;
  PartyId doctor_, other_doctor_, outside_doctor_;
  std::string analyst_, aco_, clinic_, stranger_;  // tokens

 private:
  int last_id_ = 0;
  std::string last_target_, last_token_, last_body_;
};

}  // namespace sluice::api
