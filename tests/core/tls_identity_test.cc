#include "core/tls_identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace sluice {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class TlsIdentityTest : public ::testing::Test {
 protected:
  TlsIdentityTest() {
    char name[] = "/tmp/sluice-tls-XXXXXX";
    folder_ = ::mkdtemp(name);
  }
  ~TlsIdentityTest() override { fs::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text, fs::perms permissions) {
    const fs::path file = folder_ / name;
    std::ofstream(file) << text;
    fs::permissions(file, permissions);
    return file.string();
  }
  std::string Key(const std::string& text) {
    return Write("key", text, fs::perms::owner_read | fs::perms::owner_write);
  }
  std::string Certificate(const std::string& text) {
    return Write("certificate", text, fs::perms::owner_read);
  }
  static std::string Refusal(const StatusOr<TlsIdentity>& read) {
    return StatusMessage(read.status());
  }

  fs::path folder_;
};

TEST_F(TlsIdentityTest, ATrialIdentityIsReadBack) {
  const TlsIdentity made = MakeTrialIdentity();
  const auto read = ReadTlsIdentity(Certificate(made.certificate), Key(made.key.Reveal()));
  ASSERT_TRUE(read.ok()) << Refusal(read);
  EXPECT_EQ(read->certificate, made.certificate);
}

TEST_F(TlsIdentityTest, TheTwoBelongTogether) {
  const std::string certificate = Certificate(MakeTrialIdentity().certificate);
  EXPECT_THAT(Refusal(ReadTlsIdentity(certificate, Key(MakeTrialIdentity().key.Reveal()))),
              HasSubstr("is not that of the certificate"));
  EXPECT_THAT(Refusal(ReadTlsIdentity(certificate, Key("no key"))), HasSubstr("no private key"));
  EXPECT_THAT(Refusal(ReadTlsIdentity(Certificate("none"), Key(MakeTrialIdentity().key.Reveal()))),
              HasSubstr("no certificate"));
}

TEST_F(TlsIdentityTest, AKeyIsItsOwnersAlone) {
  const TlsIdentity made = MakeTrialIdentity();
  const std::string key =
      Write("open", made.key.Reveal(), fs::perms::owner_read | fs::perms::group_read);
  EXPECT_THAT(Refusal(ReadTlsIdentity(Certificate(made.certificate), key)), HasSubstr("chmod 600"));
  EXPECT_THAT(Refusal(ReadTlsIdentity(Certificate(made.certificate), "/nowhere/key")),
              HasSubstr("cannot read"));
}

TEST(CertificateNames, AreThoseOfServicesOnly) {
  const TlsIdentity made =
      MakeTrialIdentity(30,
                        "URI:spiffe://plan.example/calc,DNS:calc.example,IP:10.0.0.1,"
                        "email:calc@plan.example");
  const auto facts = FactsOfPem(made.certificate);
  ASSERT_TRUE(facts.ok());
  EXPECT_EQ(facts->names,
            (std::vector<std::string>{"URI:spiffe://plan.example/calc", "DNS:calc.example"}));
  EXPECT_NE(facts->sha256, FactsOfPem(MakeTrialIdentity().certificate)->sha256);
  EXPECT_FALSE(FactsOfPem("none").ok());
  EXPECT_FALSE(FactsOfCertificate(AsBytes("none")).ok());
}

}  // namespace
}  // namespace sluice
