// Whoever is slow, sends too much or comes too often over HTTPS is cut, and nobody else suffers.
#include <gtest/gtest.h>

#include "tests/api/server/server_fixture.h"

namespace sluice::api {
namespace {

using std::chrono::milliseconds;

class Limits : public ServerFixture {
 protected:
  void Configure(ServerOptions& options) override {
    options.https = {.most_connections = 8,
                     .most_connections_of_address = 4,
                     .largest_header_bytes = 4'096,
                     .largest_body_bytes = 10'000,
                     .handshake_within = milliseconds(2'000),
                     .idle = milliseconds(400),
                     .header_within = milliseconds(300),
                     .body_within = milliseconds(300),
                     .answer_within = milliseconds(2'000)};
  }
  bool IsServing() {
    return testing::HttpClient::CanConnect(server_->HttpsPort(), tls_.certificate);
  }
};

// Each of these ends because the server ends it: reading blocks until then.
TEST_F(Limits, WhoeverIsSlowIsCut) {
  EXPECT_EQ(Connect().SendRaw(""), 0);  // says nothing
  EXPECT_EQ(Connect().SendRaw("GET /livez HTTP/1.1\r\nHost: local"), 0);
  EXPECT_EQ(Connect().SendRaw("POST /auth/sign-in HTTP/1.1\r\nHost: localhost\r\n"
                              "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"),
            0);
  EXPECT_TRUE(IsServing());
}

TEST_F(Limits, ASlowOneHoldsNobodyUp) {
  auto slow = Connect();
  auto quick = Connect();
  EXPECT_EQ(quick.Send("GET", "/livez").status, 200);
  EXPECT_EQ(slow.SendRaw("GET /livez HTTP/1.1\r\n"), 0);
}

TEST_F(Limits, AConnectionIsKeptBetweenCalls) {
  auto client = Connect();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.Send("GET", "/livez").status, 200);
  EXPECT_EQ(client.Send("GET", "/livez", {{"Connection", "close"}}).status, 200);
  EXPECT_EQ(client.SendRaw("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"), 0);
}

TEST_F(Limits, WhoeverSendsTooMuchIsTold) {
  EXPECT_EQ(Connect().SendRaw("GET /livez HTTP/1.1\r\nHost: localhost\r\nX: " +
                              std::string(8'192, 'x') + "\r\n\r\n"),
            431);
  EXPECT_EQ(Connect().SendRaw("POST /auth/sign-in HTTP/1.1\r\nHost: localhost\r\n"
                              "Content-Length: 10001\r\n\r\n"),
            413);
  // A body whose length nobody said.
  EXPECT_EQ(Connect().SendRaw("POST /auth/sign-in HTTP/1.1\r\nHost: localhost\r\n"
                              "Transfer-Encoding: chunked\r\n\r\n4000\r\n" +
                              std::string(0x4000, 'x') + "\r\n0\r\n\r\n"),
            413);
}

TEST_F(Limits, AnAddressHasOnlySoManyConnections) {
  std::vector<std::unique_ptr<testing::HttpClient>> held;
  for (int i = 0; i < 4; ++i) {
    held.push_back(std::make_unique<testing::HttpClient>(server_->HttpsPort(), tls_.certificate));
  }
  EXPECT_FALSE(IsServing());
  held.clear();
  // The server sees the ends of the others one after the other.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!IsServing() && std::chrono::steady_clock::now() < deadline) {
  }
  EXPECT_TRUE(IsServing());
}

TEST_F(Limits, TwoRequestsAreNotTakenForOne) {
  // Lengths that contradict each other are how requests are smuggled past a proxy.
  EXPECT_EQ(Connect().SendRaw("POST /auth/sign-in HTTP/1.1\r\nHost: localhost\r\n"
                              "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"),
            400);
  EXPECT_EQ(Connect().SendRaw("POST /auth/sign-in HTTP/1.1\r\nHost: localhost\r\n"
                              "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            400);
}

}  // namespace
}  // namespace sluice::api
