// What comes from people who mean no good: malformed requests, forged tokens, replays, tricks in
// paths. The server stays up, gives nothing away, and says what is wrong with the right status.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <random>
#include <set>

#include "api/contract/published.h"
#include "api/gateway/transcode.h"
#include "tests/api/server/server_fixture.h"

namespace sluice::api {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

// Makes requests that are wrong in one way or several.
class Fuzzer {
 public:
  Fuzzer(std::uint64_t seed, std::string token, std::string payer_name)
      : random_(seed), token_(std::move(token)), payer_name_(std::move(payer_name)) {
    for (const auto* const service : PublishedServices()) {
      const std::vector<MethodRoute> routes = RoutesOfServices(std::span(&service, 1)).value();
      routes_.insert(routes_.end(), routes.begin(), routes.end());
    }
  }

  std::string Next() {
    const MethodRoute& route = routes_[Below(routes_.size())];
    std::string method =
        Chance(10) ? Pick({"BREW", "get", "TRACE", "CONNECT", ""}) : route.http_method;
    std::string target = Chance(3) ? Garbage(Below(200)) : TargetOf(route);
    if (Chance(3)) target += "?" + Garbage(Below(80));
    const std::string body = Chance(2) ? Body() : "";
    std::string request = method + " " + Printable(target) + " HTTP/1.1\r\nHost: localhost\r\n";
    if (Chance(2)) request += "Authorization: Bearer " + Token() + "\r\n";
    if (Chance(5)) request += Printable(Garbage(Below(20))) + ": " + Garbage(Below(60)) + "\r\n";
    if (Chance(8)) request += "Cookie: __Host-sluice=" + Token() + "\r\n";
    if (Chance(8)) request += "If-Match: " + Printable(Garbage(Below(20))) + "\r\n";
    if (!body.empty()) {
      request += "Content-Type: " +
                 Pick({"application/json", "text/xml", "application/json; charset=utf-16", ""}) +
                 "\r\n";
    }
    // Never more than what is sent: the server would wait for the rest, as it should.
    request += Chance(20) ? "Content-Length: " + Pick({"-1", "99999999999999999999", "x"})
                          : "Content-Length: " + std::to_string(body.size());
    return request + "\r\n\r\n" + body;
  }

 private:
  std::size_t Below(std::size_t most) {
    return most == 0 ? 0 : std::uniform_int_distribution<std::size_t>(0, most - 1)(random_);
  }
  bool Chance(std::size_t one_in) { return Below(one_in) == 0; }
  std::string Pick(const std::vector<std::string>& from) { return from[Below(from.size())]; }
  std::string Garbage(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(Below(256));
    return text;
  }
  // Without what would end the line, or the request line's parts.
  static std::string Printable(std::string text) {
    for (char& c : text) {
      if (c == '\r' || c == '\n' || c == ' ' || c == '\0') c = '%';
    }
    return text;
  }
  std::string TargetOf(const MethodRoute& route) {
    std::string target = route.path;
    const std::size_t open = target.find('{');
    const std::size_t close = target.find('}');
    if (open != std::string::npos) {
      const std::string name =
          Chance(2) ? payer_name_
                    : Pick({"..", "%2e%2e", "payers/%00", "payers//parties", "payers/a%2Fb"});
      target = target.substr(0, open) + name + "/" + Garbage(Below(12)) + target.substr(close + 1);
    }
    return target;
  }
  std::string Token() {
    std::string token = token_;
    if (Chance(2)) return token;
    if (!token.empty()) token[Below(token.size())] = static_cast<char>('A' + Below(26));
    return Chance(3) ? token.substr(0, Below(token.size() + 1)) : token;
  }
  std::string Body() {
    switch (Below(6)) {
      case 0:
        return Garbage(1 + Below(300));
      case 1:
        return std::string(1 + Below(2'000), '[');
      case 2:
        return R"({"name":)" + std::to_string(Below(1'000'000)) + "}";
      case 3:
        return R"({"requestId":"' OR 1=1 --","etag":"\u0000","unknown":{}})";
      case 4:
        return R"({"period":{"from":{"year":999999999999,"month":-1,"day":1e400}}})";
      default:
        return R"({"name":"payers/x/parties/y","name":"twice"})";
    }
  }

  std::mt19937_64 random_;
  std::string token_;
  std::string payer_name_;
  std::vector<MethodRoute> routes_;
};

class Attacks : public ServerFixture {};

TEST_F(Attacks, TenThousandMalformedRequestsBreakNothing) {
  const std::uint64_t seed = std::random_device{}();
  std::cout << "seed " << seed << "\n";
  Fuzzer fuzzer(seed, SignIn("people"), payer_name_);
  // 0: the connection was closed without an answer.
  const std::set<int> expected = {0,   200, 400, 401, 403, 404, 405, 406,
                                  409, 412, 413, 415, 422, 429, 431, 501};
  auto client = std::make_unique<testing::HttpClient>(server_->HttpsPort(), tls_.certificate);
  for (int i = 0; i < 10'000; ++i) {
    const std::string request = fuzzer.Next();
    const int status = client->SendRaw(request);
    ASSERT_TRUE(expected.contains(status)) << status << " for request " << i << ":\n" << request;
    // Whoever is refused at the level of HTTP is cut off, and comes again.
    if (status == 0 || status == 400 || status == 413 || status == 431) {
      client = std::make_unique<testing::HttpClient>(server_->HttpsPort(), tls_.certificate);
    }
  }
  EXPECT_EQ(Connect().Send("GET", "/livez").status, 200);
}

TEST_F(Attacks, ATokenIsGoodAsAWholeOrNotAtAll) {
  const std::string token = SignIn("people");
  const std::string target = fmt::format("/v1/{}/parties", payer_name_);
  ASSERT_EQ(Https("GET", target, token).status, 200);
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(Https("GET", target, forged).status, 401) << i;
  }
  EXPECT_EQ(Https("GET", target, token + "x").status, 401);
  EXPECT_EQ(Https("GET", target, token.substr(1)).status, 401);
}

TEST_F(Attacks, ASessionThatEndedIsNotReplayed) {
  const std::string token = SignIn("first");
  const std::string stepped_up = SignIn("first", true);
  ASSERT_EQ(Https("POST", "/auth/sign-out", token).status, 200);
  EXPECT_EQ(Https("GET", fmt::format("/v1/{}/users:self", payer_name_), token).status, 401);
  EXPECT_EQ(Https("GET", fmt::format("/v1/{}/users:self", payer_name_), stepped_up).status, 200);
}

TEST_F(Attacks, NobodyChoosesTheirOwnSession) {
  // A cookie that somebody planted stays worth nothing after the sign-in.
  auto browser = Connect();
  const std::string planted = fmt::format("{}.{}", payer_, std::string(43, 'A'));
  const auto signed_in = browser.Send(
      "POST", "/auth/sign-in", {{"Cookie", "__Host-sluice=" + planted}},
      fmt::format(R"({{"payer":"{}","name":"first","password":"correct horse battery"}})", payer_));
  ASSERT_EQ(signed_in.status, 200) << signed_in.body;
  EXPECT_THAT(signed_in.headers.at("set-cookie"), Not(HasSubstr(planted)));
  EXPECT_EQ(browser
                .Send("GET", fmt::format("/v1/{}/users:self", payer_name_),
                      {{"Cookie", "__Host-sluice=" + planted}})
                .status,
            401);
}

TEST_F(Attacks, APathLeadsWhereItSaysOrNowhere) {
  const std::string people = SignIn("people");
  for (const char* const path :
       {"/v1/payers/../payers", "/v1/%2e%2e/payers", "/v1/payers%2fx/parties", "/v1//payers",
        "/v1/payers/\x01/parties", "/v1/payers/%00/parties", "/v1/./payers", "/V1/payers"}) {
    EXPECT_THAT(Https("GET", path, people).status, AnyOf(400, 403, 404)) << path;
  }
}

TEST_F(Attacks, NamesAndPasswordsAreNotToldApart) {
  auto client = Connect();
  const auto attempt = [&](const std::string& name, const std::string& password) {
    return client.Send(
        "POST", "/auth/sign-in", {},
        fmt::format(R"({{"payer":"{}","name":"{}","password":"{}"}})", payer_, name, password));
  };
  const auto wrong_password = attempt("first", "incorrect horse");
  const auto wrong_name = attempt("nobody", "correct horse battery");
  EXPECT_EQ(wrong_password.status, 401);
  EXPECT_EQ(FieldOf(wrong_password.body, "detail"), FieldOf(wrong_name.body, "detail"));
  EXPECT_THAT(wrong_name.body, Not(HasSubstr("nobody")));
}

TEST_F(Attacks, WhoTriesToSignInTooOftenWaits) {
  auto client = Connect();
  std::set<int> statuses;
  for (int i = 0; i < 60 && !statuses.contains(429); ++i) {
    const auto answer = client.Send("POST", "/auth/sign-in", {}, R"({"payer":"x"})");
    statuses.insert(answer.status);
    if (answer.status == 429) {
      EXPECT_TRUE(answer.headers.contains("retry-after"));
    }
  }
  EXPECT_TRUE(statuses.contains(429));
}

}  // namespace
}  // namespace sluice::api
