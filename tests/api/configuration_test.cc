// The configuration file: what is read, and what is refused before anything starts.
#include "api/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "api/server/serve.h"
#include "tests/support/temp_folder.h"

namespace sluice::api {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const PayerId kPayer(17);

class ConfigurationTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& text,
                    fs::perms permissions = fs::perms::owner_read | fs::perms::owner_write) {
    std::ofstream(temp_.Path(name)) << text;
    fs::permissions(temp_.Path(name), permissions);
    return temp_.Path(name);
  }
  StatusOr<Configuration> Read(const std::string& text) {
    return ReadConfiguration(Write("sluice.toml", text));
  }
  std::string Refusal(const std::string& text) { return StatusMessage(Read(text).status()); }
  static std::string People(const std::string& more = "") {
    return fmt::format(
        "[[identity.people]]\npayer = \"{}\"\nissuer = \"https://login.example\"\n"
        "client_id = \"sluice\"\nredirect_uri = \"https://sluice.example/auth/callback\"\n{}",
        kPayer, more);
  }

  testing::TempFolder temp_;
};

TEST_F(ConfigurationTest, AnEmptyFileIsATrialOnThisMachine) {
  const Configuration read = Read("").value();
  EXPECT_FALSE(read.database);
  EXPECT_EQ(read.serve.listen, "127.0.0.1");
  EXPECT_EQ(read.serve.https_port, 8443);
  EXPECT_FALSE(read.identity.step_up_needs_factor);
}

TEST_F(ConfigurationTest, EveryKeyIsRead) {
  const auto read = Read(
      "[serve]\nlisten = \"0.0.0.0\"\nhttps_port = 443\ngrpc_port = 444\ncertificate = \"c\"\n"
      "certificate_key = \"k\"\nkey_file = \"s\"\nportal = \"p\"\nconnections = 7\n"
      "connections_of_address = 6\n"
      "[identity]\nsecond_factor = \"for-step-up\"\nclient_ca = \"ca\"\n" +
      People("client_secret_file = \"secret\"\nname_claim = \"email\"\n"
             "scopes = [\"openid\", \"email\"]\nca_file = \"x\"\n") +
      fmt::format("[[identity.services]]\npayer = \"{0}\"\nissuer = \"https://t.example\"\n"
                  "audience = \"sluice\"\njwks_uri = \"https://t.example/jwks\"\n"
                  "algorithms = [\"ES256\"]\nname_claim = \"client_id\"\n"
                  "[[identity.certificates]]\npayer = \"{0}\"\nsan = \"URI:spiffe://e/calc\"\n"
                  "account = \"svc.calc\"\n",
                  kPayer));
  ASSERT_TRUE(read.ok()) << StatusMessage(read.status());
  EXPECT_EQ(read->serve.connections_of_address, 6);
  EXPECT_TRUE(read->identity.step_up_needs_factor);
  ASSERT_EQ(read->identity.people.size(), 1U);
  EXPECT_EQ(read->identity.people.front().payer, kPayer);
  EXPECT_EQ(read->identity.people.front().name_claim, "email");
  EXPECT_EQ(read->identity.client_secret_files.front(), "secret");
  EXPECT_EQ(read->identity.services.front().algorithms,
            std::vector<JwtAlgorithm>{JwtAlgorithm::kEs256});
  EXPECT_EQ(read->identity.certificates.front().account, "svc.calc");
}

TEST_F(ConfigurationTest, WhatIsWrongIsNamed) {
  EXPECT_THAT(Refusal("[serve]\nlisen = \"x\"\n"), HasSubstr("listen"));
  EXPECT_THAT(Refusal("[serve]\ncertificate = \"c\"\n"), HasSubstr("go together"));
  EXPECT_THAT(Refusal("[identity]\nsecond_factor = \"sms\"\n"), HasSubstr("second_factor"));
  EXPECT_THAT(Refusal(People() + People()), HasSubstr("has an issuer already"));
  EXPECT_THAT(Refusal(People("scopes = [\"email\"]\n")), HasSubstr("openid"));
  EXPECT_THAT(
      Refusal("[[identity.people]]\npayer = \"17\"\nissuer = \"http://login.example\"\n"
              "client_id = \"sluice\"\nredirect_uri = \"https://sluice.example/\"\n"),
      ::testing::AllOf(HasSubstr("pyr_"), HasSubstr("https://..."), HasSubstr("/auth/callback")));
  EXPECT_THAT(Refusal(fmt::format("[[identity.services]]\npayer = \"{}\"\nissuer = \"i\"\n"
                                  "audience = \"a\"\njwks_uri = \"https://t/jwks\"\n"
                                  "algorithms = [\"none\", \"HS256\"]\n",
                                  kPayer)),
              HasSubstr("RS256"));
  EXPECT_THAT(Refusal(fmt::format("[[identity.certificates]]\npayer = \"{}\"\nsan = \"CN=x\"\n"
                                  "account = \"a\"\n",
                                  kPayer)),
              ::testing::AllOf(HasSubstr("URI: or DNS:"), HasSubstr("client_ca")));
}

TEST_F(ConfigurationTest, ASecretIsOnesOwnAndItsOwnersAlone) {
  const auto with = [&](const std::string& file) {
    return ReadIdentity({.people = {PeopleIssuer{}}, .client_secret_files = {file}});
  };
  EXPECT_THAT(StatusMessage(with(Write("a", "change-me\n")).status()), HasSubstr("of your own"));
  EXPECT_THAT(StatusMessage(with(Write("b", "\n")).status()), HasSubstr("of your own"));
  EXPECT_THAT(StatusMessage(
                  with(Write("c", "k9!", fs::perms::owner_read | fs::perms::group_read)).status()),
              HasSubstr("chmod 600"));
  EXPECT_THAT(StatusMessage(with(temp_.Path("none")).status()), HasSubstr("cannot read"));
  const auto read = with(Write("d", "k9!zz\n"));
  ASSERT_TRUE(read.ok()) << StatusMessage(read.status());
  EXPECT_EQ(read->people.front().client_secret->Reveal(), "k9!zz");
}

TEST_F(ConfigurationTest, AServerDoesNotStartWithAnExampleForAKey) {
  std::string counted;
  for (int i = 0; i < 32; ++i) counted += fmt::format("{:02x}", i);
  for (const std::string& example : {std::string(64, '0'), std::string(64, 'f'), counted,
                                     ToHex(AsBytes("this-is-the-sample-key-change-it"))}) {
    EXPECT_THAT(StatusMessage(ReadOrMakeKey(Write("key", example)).status()),
                HasSubstr("holds an example"))
        << example;
  }
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(LooksMadeUp(RandomKey()));
  fs::remove(temp_.Path("key"));
  EXPECT_TRUE(ReadOrMakeKey(temp_.Path("key")).ok());
  EXPECT_TRUE(ReadOrMakeKey(temp_.Path("key")).ok());
}

}  // namespace
}  // namespace sluice::api
