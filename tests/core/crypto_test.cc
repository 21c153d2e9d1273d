// Known answers from the standards, and what must not open or verify. The vectors of AES-GCM are
// opened, not sealed: Seal() takes no nonce, so that no caller can choose one twice.
#include "core/crypto.h"

#include <gtest/gtest.h>

#include <set>
#include <type_traits>

namespace sluice {
namespace {

Bytes Hex(std::string_view hex) { return FromHex(hex).value(); }
SecretKey Key(std::string_view hex) { return KeyFromBytes(Hex(hex)).value(); }

struct GcmCase {
  const char* name;
  std::string key, nonce, plaintext, aad, ciphertext, tag;
};

// "The Galois/Counter Mode of Operation" (McGrew, Viega), appendix B, 256-bit keys, 96-bit nonces.
const std::vector<GcmCase>& GcmCases() {
  static const std::vector<GcmCase> cases = {
      {"13", std::string(64, '0'), std::string(24, '0'), "", "", "",
       "530f8afbc74536b9a963b4f1c4cb738b"},
      {"14", std::string(64, '0'), std::string(24, '0'), std::string(32, '0'), "",
       "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"},
      {"15", "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
       "cafebabefacedbaddecaf888",
       "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a"
       "6"
       "b525b16aedf5aa0de657ba637b391aafd255",
       "",
       "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b10568"
       "2"
       "8838c5f61e6393ba7a0abcc9f662898015ad",
       "b094dac5d93471bdec1a502270e3cc6c"},
      {"16", "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
       "cafebabefacedbaddecaf888",
       "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a"
       "6"
       "b525b16aedf5aa0de657ba637b39",
       "feedfacedeadbeeffeedfacedeadbeefabaddad2",
       "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b10568"
       "2"
       "8838c5f61e6393ba7a0abcc9f662",
       "76fc6ece0f4e1768cddf8853bb2d551b"},
  };
  return cases;
}

TEST(AesGcm, OpensTheStandardsVectors) {
  for (const GcmCase& c : GcmCases()) {
    const StatusOr<SecretBytes> opened =
        Open(Key(c.key), Hex(c.nonce + c.ciphertext + c.tag), Hex(c.aad));
    ASSERT_TRUE(opened.ok()) << c.name;
    EXPECT_EQ(ToHex(opened->Reveal()), c.plaintext) << c.name;
  }
}

TEST(AesGcm, OpensWhatItSealed) {
  const SecretKey key = RandomKey();
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{16}, std::size_t{9999}}) {
    const Bytes plaintext = RandomBytes(size);
    const Bytes sealed = Seal(key, plaintext, AsBytes("row 17"));
    EXPECT_EQ(sealed.size(), kSealNonceSize + size + kSealTagSize);
    const StatusOr<SecretBytes> opened = Open(key, sealed, AsBytes("row 17"));
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(opened->Reveal(), plaintext);
  }
}

TEST(AesGcm, AnyChangedBitIsRefused) {
  const SecretKey key = RandomKey();
  const Bytes sealed = Seal(key, AsBytes("021000021 123456789"), AsBytes("payee 1"));
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    Bytes changed = sealed;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
    EXPECT_FALSE(Open(key, changed, AsBytes("payee 1")).ok()) << bit;
  }
  EXPECT_FALSE(Open(key, sealed, AsBytes("payee 2")).ok());
  EXPECT_FALSE(Open(RandomKey(), sealed, AsBytes("payee 1")).ok());
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(Open(key, ByteView(sealed).first(size), AsBytes("payee 1")).ok()) << size;
  }
}

TEST(AesGcm, EachSealHasANonceOfItsOwn) {
  const SecretKey key = RandomKey();
  std::set<Bytes> nonces;
  for (int i = 0; i < 1000; ++i) {
    const Bytes sealed = Seal(key, AsBytes("same"), {});
    nonces.emplace(sealed.begin(), sealed.begin() + kSealNonceSize);
  }
  EXPECT_EQ(nonces.size(), 1000U);
}

TEST(Hmac, Rfc4231) {
  EXPECT_EQ(ToHex(HmacSha256(Bytes(20, 0x0b), AsBytes("Hi There"))),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(ToHex(HmacSha256(AsBytes("Jefe"), AsBytes("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(ToHex(HmacSha256(Bytes(20, 0xaa), Bytes(50, 0xdd))),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(ToHex(HmacSha256(Bytes(131, 0xaa),
                             AsBytes("Test Using Larger Than Block-Size Key - Hash Key First"))),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Ed25519, Rfc8032) {
  struct Case {
    const char *seed, *key, *message, *signature;
  };
  for (const Case& c :
       {Case{
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39"
            "701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        Case{
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f36"
            "13d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"}}) {
    const SecretKey seed = Key(c.seed);
    EXPECT_EQ(ToHex(PublicKeyOf(seed)), c.key);
    EXPECT_EQ(ToHex(Sign(seed, Hex(c.message))), c.signature);
    EXPECT_TRUE(Verify(PublicKeyOf(seed), Hex(c.message), Sign(seed, Hex(c.message))));
  }
}

TEST(Ed25519, RefusesAnotherMessageKeyOrSignature) {
  const SecretKey seed = RandomKey();
  Signature signature = Sign(seed, AsBytes("head 17"));
  EXPECT_FALSE(Verify(PublicKeyOf(seed), AsBytes("head 18"), signature));
  EXPECT_FALSE(Verify(PublicKeyOf(RandomKey()), AsBytes("head 17"), signature));
  signature[0] ^= 1;
  EXPECT_FALSE(Verify(PublicKeyOf(seed), AsBytes("head 17"), signature));
}

TEST(ConstantTimeEqual, Compares) {
  EXPECT_TRUE(ConstantTimeEqual({}, {}));
  EXPECT_TRUE(ConstantTimeEqual(AsBytes("ab"), AsBytes("ab")));
  EXPECT_FALSE(ConstantTimeEqual(AsBytes("ab"), AsBytes("ac")));
  EXPECT_FALSE(ConstantTimeEqual(AsBytes("ab"), AsBytes("abc")));
}

TEST(Key, HasExactly32Bytes) {
  EXPECT_FALSE(KeyFromBytes(Bytes(31)).ok());
  EXPECT_FALSE(KeyFromBytes(Bytes(33)).ok());
}

// A secret has no way out but Reveal(): this is what the compiler refuses.
template <typename T>
concept Streams = requires(std::ostream& out, const T& value) {
  out << value;
};
template <typename T>
concept Compares = requires(const T& a, const T& b) {
  a == b;
};
static_assert(Streams<std::string> && !Streams<SecretString> && !Streams<SecretKey>);
static_assert(Compares<std::string> && !Compares<SecretString>);
static_assert(fmt::is_formattable<std::string>::value);
static_assert(!fmt::is_formattable<SecretString>::value);
static_assert(!fmt::is_formattable<SecretBytes>::value);
static_assert(!fmt::is_formattable<SecretKey>::value);
static_assert(!std::is_convertible_v<SecretString, std::string>);
static_assert(!std::is_convertible_v<SecretString, std::string_view>);

TEST(Secret, IsWipedWhenMovedFromAndWhenDestroyed) {
  alignas(SecretKey) std::array<std::uint8_t, sizeof(SecretKey)> place{};
  auto* const secret = new (place.data()) SecretKey(RandomKey());
  EXPECT_NE(ToHex(place), ToHex(Bytes(place.size())));
  secret->~SecretKey();
  EXPECT_EQ(ToHex(place), ToHex(Bytes(place.size())));

  SecretString from(std::string("123456789"));  // short: it lies inside the object
  const SecretString to(std::move(from));
  EXPECT_EQ(to.Reveal(), "123456789");
  const ByteView bytes(reinterpret_cast<const std::uint8_t*>(&from), sizeof(from));
  const std::string raw(bytes.begin(), bytes.end());
  EXPECT_EQ(raw.find("23456"), std::string::npos);
}

TEST(Secret, GoogleTestDoesNotPrintIt) {
  EXPECT_EQ(testing::PrintToString(SecretString(std::string("123456789"))), "(secret)");
}

}  // namespace
}  // namespace sluice
