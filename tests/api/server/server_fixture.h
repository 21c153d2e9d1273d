// A server with both transports in front of a payer that has a run in review, a few parties, and
// people who may do different things.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api/audit/audit_chain.h"
#include "api/identity/accounts.h"
#include "api/server/serve.h"
#include "tests/api/server/grpc_client.h"
#include "tests/api/server/http_client.h"
#include "tests/payments/run_fixture.h"

namespace sluice::api {

class ServerFixture : public payments::RunFixture {
 protected:
  static constexpr char kRuns[] = "sluice.payments.v1.RunService";
  static constexpr char kParties[] = "sluice.hierarchy.v1.PartyService";

  void SetUp() override;
  void TearDown() override;

  // What a test wants otherwise than usual, before the server starts.
  virtual void Configure(ServerOptions&) {}

  // "maker" (finance maker), "first" and "second" (finance checkers), "people" (hierarchy), and
  // "aco" (provider admin of the network).
  void AddPeople();
  void AddPerson(UserId user, const std::string& name, const std::vector<Role>& roles,
                 PartyId root = {});
  // A network with two practices, and a practice outside of it.
  void AddParties();
  // A run in review that pays one payee.
  void AddRun(Money amount = payments::Dollars(1'000));

  // A token; of a session that has just been authenticated again where `step_up`.
  std::string SignIn(const std::string& name, bool step_up = false);

  // Each on a connection of its own.
  testing::HttpAnswer Https(const std::string& method, const std::string& target,
                            const std::string& token, const std::string& body = "",
                            testing::HttpHeaders headers = {});
  testing::GrpcAnswer Grpc(const std::string& service, const std::string& method,
                           const std::string& request, const std::string& token);
  testing::HttpClient Connect() { return {server_->HttpsPort(), tls_.certificate}; }

  // A field of a JSON object as text; empty when it is not there.
  static std::string FieldOf(const std::string& json, const std::string& name);
  std::string ApproveBody(const std::string& request_id, const std::string& etag);
  std::string EtagOfRun(const std::string& token);
  std::int64_t CountEvents(AuditDecision decision, const std::string& method);

  TlsIdentity tls_;
  SecretKey key_ = RandomKey();
  std::unique_ptr<Server> server_;
  std::unique_ptr<testing::GrpcClient> grpc_;
  std::string payer_name_;  // "payers/pyr_..."
  std::string run_name_;
  Digest digest_{};
  PartyId network_, practice_, other_, outside_;
};

}  // namespace sluice::api
