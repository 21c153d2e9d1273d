#include "core/tls_identity.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <fstream>
#include <memory>
#include <sstream>

#include "core/check.h"

namespace sluice {
namespace {

template <typename T, void (*kFree)(T*)>
struct Freeing {
  void operator()(T* value) const { kFree(value); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY, EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Freeing<X509, X509_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Freeing<X509_EXTENSION, X509_EXTENSION_free>>;
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using BioPtr = std::unique_ptr<BIO, FreeBio>;

StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return FailedPrecondition("cannot read {}", path);
  return text.str();
}

BioPtr Reading(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string TextIn(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

void AddExtension(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  CHECK(extension != nullptr);
  CHECK(X509_add_ext(certificate, extension.get(), -1) == 1);
}

CertificatePtr SelfSigned(EVP_PKEY* key, int days_valid, const std::string& names) {
  constexpr long kDay = 24 * 3600;
  CertificatePtr certificate(X509_new());
  CHECK(certificate != nullptr && X509_set_version(certificate.get(), 2) == 1);
  std::int64_t serial = 0;
  CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial)) == 1);
  ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate.get()), serial & 0x7FFFFFFFFFFFFFFF);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kDay * days_valid);
  // A subject of its own, so that two of them are never taken for one another.
  const std::string subject = fmt::format("trial {:016x}", serial & 0x7FFFFFFFFFFFFFFF);
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(subject.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_set_pubkey(certificate.get(), key);
  AddExtension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(certificate.get(), NID_subject_alt_name, names.c_str());
  CHECK(X509_sign(certificate.get(), key, EVP_sha256()) > 0);
  return certificate;
}

struct FreeNames {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
using NamesPtr = std::unique_ptr<GENERAL_NAMES, FreeNames>;

std::vector<std::string> NamesOf(const X509* certificate) {
  std::vector<std::string> texts;
  const NamesPtr names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS && name->type != GEN_URI) continue;
    const ASN1_IA5STRING* const value = name->d.ia5;
    const std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                           static_cast<std::size_t>(ASN1_STRING_length(value)));
    // A zero byte inside would let the name pass for a shorter one.
    if (text.find('\0') != std::string::npos) continue;
    texts.push_back((name->type == GEN_DNS ? "DNS:" : "URI:") + text);
  }
  return texts;
}

}  // namespace

StatusOr<TlsIdentity> ReadTlsIdentity(const std::string& certificate_file,
                                      const std::string& key_file) {
  struct stat about {};
  if (stat(key_file.c_str(), &about) != 0) return FailedPrecondition("cannot read {}", key_file);
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return FailedPrecondition("others than its owner may use {}: chmod 600 it", key_file);
  }
  TlsIdentity identity;
  ASSIGN_OR_RETURN(identity.certificate, ReadFile(certificate_file));
  ASSIGN_OR_RETURN(std::string key_text, ReadFile(key_file));
  identity.key = Secret(std::move(key_text));
  const BioPtr certificate_bio = Reading(identity.certificate);
  const CertificatePtr certificate(
      PEM_read_bio_X509(certificate_bio.get(), nullptr, nullptr, nullptr));
  if (!certificate) return FailedPrecondition("{} is no certificate in PEM", certificate_file);
  const BioPtr key_bio = Reading(identity.key.Reveal());
  const KeyPtr key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr));
  if (!key) return FailedPrecondition("{} is no private key in PEM", key_file);
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return FailedPrecondition("the key {} is not that of the certificate {}", key_file,
                              certificate_file);
  }
  return identity;
}

TlsIdentity MakeTrialIdentity(int days_valid, const std::string& names) {
  const KeyPtr key(EVP_EC_gen("P-256"));
  CHECK(key != nullptr);
  const CertificatePtr certificate = SelfSigned(key.get(), days_valid, names);
  const BioPtr certificate_bio(BIO_new(BIO_s_mem()));
  CHECK(PEM_write_bio_X509(certificate_bio.get(), certificate.get()) == 1);
  const BioPtr key_bio(BIO_new(BIO_s_mem()));
  CHECK(PEM_write_bio_PrivateKey(key_bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) ==
        1);
  return {.certificate = TextIn(certificate_bio.get()), .key = Secret(TextIn(key_bio.get()))};
}

StatusOr<CertificateFacts> FactsOfCertificate(ByteView der) {
  const unsigned char* at = der.data();
  const CertificatePtr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!certificate) return InvalidArgument("this is no certificate");
  return CertificateFacts{.names = NamesOf(certificate.get()), .sha256 = Sha256(der)};
}

StatusOr<CertificateFacts> FactsOfPem(const std::string& pem) {
  const BioPtr bio = Reading(pem);
  const CertificatePtr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (!certificate) return InvalidArgument("this is no certificate in PEM");
  const int size = i2d_X509(certificate.get(), nullptr);
  CHECK(size > 0);
  Bytes der(static_cast<std::size_t>(size));
  unsigned char* at = der.data();
  CHECK(i2d_X509(certificate.get(), &at) == size);
  return FactsOfCertificate(der);
}

}  // namespace sluice
