// Services that show a certificate, and a server whose own certificate changes while it runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/api/server/server_fixture.h"
#include "tests/support/temp_folder.h"

namespace sluice::api {
namespace {

using ::testing::HasSubstr;

class CertificateCalls : public ServerFixture {
 protected:
  void Configure(ServerOptions& options) override {
    options.identity.client_ca = calc_.certificate + plain_.certificate;
    options.identity.certificates = {{payer_, "URI:spiffe://plan.example/calc", "svc.calc"}};
    NewAccount account{.user = UserId(31),
                       .sign_in_name = "svc.calc",
                       .display_name = "Calculation",
                       .roles = {Role::kFinanceChecker},
                       .root = {},
                       .reason = "for the test",
                       .proposed_by = UserId(901),
                       .approved_by = UserId(902)};
    const Status added = AddServiceAccount(db_.App(), payer_, account, db_.Clock(), db_.Ids());
    ASSERT_TRUE(added.ok()) << StatusMessage(added);
  }
  testing::HttpClient As(const TlsIdentity& own) {
    return {server_->HttpsPort(), tls_.certificate, own};
  }

  const TlsIdentity calc_ = MakeTrialIdentity(30, "URI:spiffe://plan.example/calc,DNS:pod-17");
  const TlsIdentity plain_ = MakeTrialIdentity(30, "DNS:other.example");
};

TEST_F(CertificateCalls, AServiceIsKnownInBothTransports) {
  const std::string self = fmt::format("/v1/{}/users:self", payer_name_);
  const auto known = As(calc_).Send("GET", self);
  ASSERT_EQ(known.status, 200) << known.body;
  EXPECT_THAT(known.body, HasSubstr("svc.calc"));
  testing::GrpcClient grpc(server_->GrpcPort(), tls_.certificate, calc_);
  const std::string parent = fmt::format(R"({{"parent":"{}"}})", payer_name_);
  const auto over_grpc = grpc.Call("sluice.ops.v1.UserService", "GetSelf", parent, "");
  EXPECT_EQ(over_grpc.code, 0) << over_grpc.message;
  EXPECT_EQ(over_grpc.json, known.body);
}

TEST_F(CertificateCalls, ACertificateWithoutAnAccountIsNobody) {
  const std::string self = fmt::format("/v1/{}/users:self", payer_name_);
  EXPECT_EQ(As(plain_).Send("GET", self).status, 401);
  EXPECT_EQ(Connect().Send("GET", self).status, 401);
  // Whoever signs in is known by their session, whatever the connection shows.
  EXPECT_EQ(As(plain_).Send("GET", self, {{"Authorization", "Bearer " + SignIn("first")}}).status,
            200);
}

TEST_F(CertificateCalls, ACertificateThatNobodyTrustsEndsTheConnection) {
  const TlsIdentity forged = MakeTrialIdentity(30, "URI:spiffe://plan.example/calc");
  int status = 0;
  try {
    testing::HttpClient client = As(forged);
    status = client.SendRaw(
        fmt::format("GET /v1/{}/users:self HTTP/1.1\r\nHost: localhost\r\n\r\n", payer_name_));
  } catch (const std::exception&) {
  }
  EXPECT_EQ(status, 0);
  EXPECT_EQ(Connect().Send("GET", "/livez").status, 200);
}

// feature:M08
TEST_F(CertificateCalls, AServiceApprovesNothing) {
  AddRun();
  auto client = As(calc_);
  const auto run = client.Send("GET", "/v1/" + run_name_);
  ASSERT_EQ(run.status, 200) << run.body;
  const auto approved =
      client.Send("POST", "/v1/" + run_name_ + ":approve", {},
                  ApproveBody("0195f3c2-0000-4000-8000-000000000001", FieldOf(run.body, "etag")));
  EXPECT_EQ(approved.status, 403) << approved.body;
}

class ReloadedCertificate : public ServerFixture {
 protected:
  void Configure(ServerOptions& options) override {
    Write(tls_);
    options.certificate_file = temp_.Path("server.pem");
    options.certificate_key_file = temp_.Path("server.key");
    options.watch_seconds = 1;
  }
  void Write(const TlsIdentity& identity) {
    std::ofstream(temp_.Path("server.pem")) << identity.certificate;
    std::ofstream(temp_.Path("server.key")) << identity.key.Reveal();
    std::filesystem::permissions(temp_.Path("server.key"), std::filesystem::perms::owner_read |
                                                               std::filesystem::perms::owner_write);
  }
  testing::TempFolder temp_;
};

TEST_F(ReloadedCertificate, NewConnectionsGetTheNewOne) {
  auto before = Connect();
  EXPECT_EQ(before.Send("GET", "/livez").status, 200);
  const TlsIdentity renewed = MakeTrialIdentity();
  Write(renewed);
  ASSERT_TRUE(server_->Reload().ok());
  // The reload is seen by what comes after it on the server's one thread.
  EXPECT_EQ(before.Send("GET", "/livez").status, 200);
  EXPECT_TRUE(testing::HttpClient::CanConnect(server_->HttpsPort(), renewed.certificate));
  EXPECT_FALSE(testing::HttpClient::CanConnect(server_->HttpsPort(), tls_.certificate));
}

TEST_F(ReloadedCertificate, OneThatCannotBeReadChangesNothing) {
  std::ofstream(temp_.Path("server.pem")) << "no certificate";
  EXPECT_FALSE(server_->Reload().ok());
  EXPECT_TRUE(testing::HttpClient::CanConnect(server_->HttpsPort(), tls_.certificate));
}

TEST_F(ReloadedCertificate, GrpcSeesTheFilesChange) {
  const std::string parent = fmt::format(R"({{"parent":"{}"}})", payer_name_);
  const auto code = [&](const std::string& certificate) {
    testing::GrpcClient grpc(server_->GrpcPort(), certificate);
    return grpc.Call("sluice.ops.v1.UserService", "GetSelf", parent, "").code;
  };
  constexpr int kUnauthenticated = 16;
  EXPECT_EQ(code(tls_.certificate), kUnauthenticated);
  const TlsIdentity renewed = MakeTrialIdentity();
  Write(renewed);
  // Each attempt is a connection of its own.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (code(renewed.certificate) != kUnauthenticated &&
         std::chrono::steady_clock::now() < deadline) {
  }
  EXPECT_EQ(code(renewed.certificate), kUnauthenticated);
}

}  // namespace
}  // namespace sluice::api
