// What stands beside the calls: the portal's files, the contract to read, and how long answers are
// packed and kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>

#include "api/server/static_files.h"
#include "tests/api/server/server_fixture.h"
#include "tests/support/temp_folder.h"

namespace sluice::api {
namespace {

namespace fs = std::filesystem;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string Unpacked(const std::string& packed) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string text(std::size_t{16} << 20, '\0');
  Bytes bytes(packed.begin(), packed.end());
  stream.next_in = bytes.data();
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

class Pages : public ServerFixture {
 protected:
  void Configure(ServerOptions& options) override {
    Write("portal/index.html", "<!doctype html><meta content=\"__CSP_NONCE__\"><p>Sluice</p>");
    Write("portal/assets/app-1a2b.js", std::string(5'000, 'x'));
    Write("portal/robots.txt", "User-agent: *\n");
    Write("portal/.env", "SECRET=inside");
    Write("secret.txt", "outside");
    fs::create_symlink(temp_.Path("secret.txt"), temp_.Path("portal/link.txt"));
    options.portal = temp_.Path("portal");
  }
  void Write(const std::string& name, const std::string& text) {
    fs::create_directories(fs::path(temp_.Path(name)).parent_path());
    std::ofstream(temp_.Path(name)) << text;
  }
  testing::HttpAnswer Get(const std::string& target, testing::HttpHeaders headers = {}) {
    return Connect().Send("GET", target, headers);
  }

  testing::TempFolder temp_;
};

TEST_F(Pages, AFileIsKeptByWhoeverHasIt) {
  const auto first = Get("/assets/app-1a2b.js");
  ASSERT_EQ(first.status, 200);
  EXPECT_EQ(first.body.size(), 5'000U);
  EXPECT_THAT(first.headers.at("content-type"), StartsWith("text/javascript"));
  EXPECT_THAT(first.headers.at("cache-control"), HasSubstr("immutable"));
  const std::string etag = first.headers.at("etag");
  for (const std::string& known : {etag, "W/" + etag, "\"x\", " + etag, std::string("*")}) {
    const auto again = Get("/assets/app-1a2b.js", {{"If-None-Match", known}});
    EXPECT_EQ(again.status, 304) << known;
    EXPECT_EQ(again.body, "");
  }
  EXPECT_EQ(Get("/assets/app-1a2b.js", {{"If-None-Match", "\"x\""}}).status, 200);
  EXPECT_EQ(Get("/robots.txt").headers.at("cache-control"), "no-cache");
}

TEST_F(Pages, LongAnswersArePackedForWhoeverTakesIt) {
  const auto packed = Get("/assets/app-1a2b.js", {{"Accept-Encoding", "br, gzip;q=0.8"}});
  EXPECT_EQ(packed.headers.at("content-encoding"), "gzip");
  EXPECT_LT(packed.body.size(), 500U);
  EXPECT_EQ(Unpacked(packed.body), std::string(5'000, 'x'));
  EXPECT_FALSE(Get("/assets/app-1a2b.js", {{"Accept-Encoding", "gzip;q=0"}})
                   .headers.contains("content-encoding"));
  EXPECT_FALSE(Get("/assets/app-1a2b.js").headers.contains("content-encoding"));
  const std::string self = fmt::format("/v1/{}/users:self", payer_name_);
  const std::string token = SignIn("first");
  const auto plain = Https("GET", self, token);
  const auto call = Https("GET", self, token, "", {{"Accept-Encoding", "gzip"}});
  ASSERT_EQ(call.headers.at("content-encoding"), "gzip");
  EXPECT_EQ(Unpacked(call.body), plain.body);
}

TEST_F(Pages, ThePageHasAPolicyWithANonceOfItsOwn) {
  const auto first = Get("/");
  const auto second = Get("/payments/pay_1");
  ASSERT_EQ(first.status, 200);
  ASSERT_EQ(second.status, 200);
  EXPECT_NE(first.body, second.body);
  EXPECT_THAT(first.body, Not(HasSubstr("__CSP_NONCE__")));
  const std::string policy = first.headers.at("content-security-policy");
  EXPECT_THAT(policy, HasSubstr("script-src 'self';"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  const std::size_t at = policy.find("nonce-") + 6;
  EXPECT_THAT(first.body, HasSubstr(policy.substr(at, policy.find('\'', at) - at)));
  EXPECT_EQ(first.headers.at("x-frame-options"), "DENY");
  EXPECT_EQ(first.headers.at("cache-control"), "no-store");
}

TEST_F(Pages, APathLeadsToNoOtherFile) {
  for (const char* const path :
       {"/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "/..%2fsecret.txt",
        "/assets/..%5c..%5csecret.txt", "//secret.txt", "/link.txt", "/.env", "/./robots.txt",
        "/assets//app-1a2b.js", "/robots.txt%00", "/ROBOTS.TXT", "/etc/passwd.txt",
        "/assets/app-1a2b.js/.."}) {
    const auto answer = Get(path);
    EXPECT_THAT(answer.status, AnyOf(404, 400)) << path << "\n" << answer.body;
    EXPECT_THAT(answer.body, Not(HasSubstr("side"))) << path;
  }
  // What is no file and could be a screen is the portal's own affair; below the API nothing is.
  EXPECT_EQ(Get("/anything").status, 200);
  EXPECT_EQ(Get("/v1").status, 404);
  EXPECT_EQ(Get("/auth/nothing").status, 404);
  EXPECT_EQ(Connect().Send("POST", "/robots.txt").status, 405);
}

TEST_F(Pages, HeadSaysWhatGetWould) {
  const auto head = Connect().Send("HEAD", "/assets/app-1a2b.js");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-length"), "5000");
  EXPECT_EQ(head.body, "");
}

TEST_F(Pages, AFolderThatChangedIsReadAgain) {
  Write("portal/robots.txt", "User-agent: none\n");
  EXPECT_EQ(Get("/robots.txt").body, "User-agent: *\n");
  ASSERT_TRUE(server_->Reload().ok());
  EXPECT_EQ(Get("/robots.txt").body, "User-agent: none\n");
  fs::remove(temp_.Path("portal/index.html"));
  EXPECT_EQ(server_->Reload().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Get("/").status, 200);
}

TEST_F(Pages, TheContractIsThereToRead) {
  const auto openapi = Get("/openapi.json", {{"Accept-Encoding", "gzip"}});
  ASSERT_EQ(openapi.status, 200);
  EXPECT_EQ(openapi.headers.at("content-type"), "application/json");
  const std::string document = Unpacked(openapi.body);
  EXPECT_NE(document.find("\"openapi\": \"3.1.0\""), std::string::npos);
  EXPECT_NE(document.find("One vote over the digest"), std::string::npos);
  EXPECT_EQ(Get("/openapi.json", {{"If-None-Match", openapi.headers.at("etag")}}).status, 304);

  const auto docs = Get("/docs");
  ASSERT_EQ(docs.status, 200);
  EXPECT_NE(docs.body.find("/v1/{name=payers/*/programs/*/cycles/*/runs/*}:approve"),
            std::string::npos);
  EXPECT_NE(docs.body.find("One vote over the digest"), std::string::npos);
  // Nothing in the page needs more than its policy gives.
  EXPECT_THAT(docs.headers.at("content-security-policy"),
              StartsWith("default-src 'none'; style-src 'self';"));
  for (const char* const active : {"<script", "<style", " style=", " onclick", "src="}) {
    EXPECT_EQ(docs.body.find(active), std::string::npos) << active;
  }
  EXPECT_EQ(Get("/docs/style.css").headers.at("content-type"), "text/css; charset=utf-8");
  EXPECT_EQ(Get("/docs/errors/ETAG_MISMATCH").status, 200);
  EXPECT_EQ(Get("/docs/nothing").status, 404);
}

TEST_F(Pages, WhatACallerHasOfAResourceIsNotSentAgain) {
  AddRun();
  const std::string token = SignIn("first");
  const auto run = Https("GET", "/v1/" + run_name_, token);
  const std::string etag = run.headers.at("etag");
  const auto again = Https("GET", "/v1/" + run_name_, token, "", {{"If-None-Match", etag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.headers.at("etag"), etag);
  EXPECT_EQ(Https("GET", "/v1/" + run_name_, "", "", {{"If-None-Match", etag}}).status, 401);
}

TEST(StaticFilesOfAFolder, AFolderWithoutAPageIsRefused) {
  const testing::TempFolder temp;
  EXPECT_EQ(StaticFiles::Read(temp.Path("none")).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(StaticFiles::Read(temp.Path("")).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace sluice::api
