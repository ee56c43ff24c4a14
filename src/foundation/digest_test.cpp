#include "foundation/digest.hpp"

#include <gtest/gtest.h>

#include <string>

namespace saldo::foundation {

namespace {

std::string hex_of(const Digest& digest) {
    return hex(bytes_of(digest));
}

// FIPS 180-2, appendix B, and the digest of nothing.
TEST(Sha256, gives_the_published_digests) {
    EXPECT_EQ(hex_of(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hex_of(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(hex_of(sha256(std::string(1'000'000, 'a'))),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    EXPECT_EQ(hex_of(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256(std::string_view{}), sha256(""));
}

// RFC 4231, test cases 1, 2 and 6 (a key longer than a block).
TEST(HmacSha256, gives_the_published_digests) {
    EXPECT_EQ(hex_of(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(hex_of(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hex_of(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, an_empty_key_or_text_is_one_like_any_other) {
    EXPECT_EQ(hex_of(hmac_sha256("", "")), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    EXPECT_EQ(hmac_sha256(std::string_view{}, std::string_view{}), hmac_sha256("", ""));
}

TEST(ComparingSecrets, is_true_for_the_same_bytes_alone) {
    EXPECT_TRUE(equal_in_constant_time("secret", "secret"));
    EXPECT_TRUE(equal_in_constant_time("", ""));
    EXPECT_FALSE(equal_in_constant_time("secret", "secreT"));
    EXPECT_FALSE(equal_in_constant_time("secret", "Secret"));
    EXPECT_FALSE(equal_in_constant_time("secret", "secre"));
    EXPECT_FALSE(equal_in_constant_time("secret", ""));
    EXPECT_FALSE(equal_in_constant_time(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
}

TEST(Digest, is_read_back_from_exactly_32_bytes) {
    const Digest digest = sha256("abc");
    EXPECT_EQ(digest_of(bytes_of(digest)), digest);
    EXPECT_EQ(digest_of(std::string(31, 'x')), std::nullopt);
    EXPECT_EQ(digest_of(std::string(33, 'x')), std::nullopt);
    EXPECT_EQ(digest_of(""), std::nullopt);
}

TEST(Hex, is_written_in_lower_case_and_read_in_both) {
    const std::string every_nibble("\x01\x23\x45\x67\x89\xab\xcd\xef\x00\xff", 10);
    EXPECT_EQ(hex(every_nibble), "0123456789abcdef00ff");
    EXPECT_EQ(from_hex("0123456789abcdef00ff"), every_nibble);
    EXPECT_EQ(from_hex("0123456789ABCDEF00FF"), every_nibble);
    EXPECT_EQ(from_hex(""), "");
    EXPECT_EQ(hex(""), "");
}

TEST(Hex, anything_else_is_not_read) {
    for (const char* text : {"0", "012", "0g", "g0", "0x00", " 00", "00 ", "/0", ":0", "@a", "`a", "ää"})
        EXPECT_EQ(from_hex(text), std::nullopt) << text;
}

}  // namespace

}  // namespace saldo::foundation
