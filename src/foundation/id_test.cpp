#include "foundation/id.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace saldo::foundation {

namespace {

Digest digest_with_first(std::initializer_list<std::uint8_t> octets) {
    Digest digest{};
    std::size_t at = 0;
    for (const std::uint8_t octet : octets) digest[at++] = octet;
    return digest;
}

TEST(Id, is_the_first_hundred_bits_in_crockfords_base32) {
    EXPECT_EQ(id_text(Digest{}), "00000000000000000000");
    Digest ones;
    ones.fill(0xFF);
    EXPECT_EQ(id_text(ones), "ZZZZZZZZZZZZZZZZZZZZ");
    // 00000 00001 00010 00011 00100 00101 00110 00111 ... : each character once, in order.
    EXPECT_EQ(
        id_text(digest_with_first({0x00, 0x44, 0x32, 0x14, 0xC7, 0x42, 0x54, 0xB6, 0x35, 0xCF, 0x84, 0x65, 0x30})),
        "0123456789ABCDEFGHJK");
}

TEST(Id, what_comes_after_a_hundred_bits_does_not_count) {
    Digest digest = sha256("any");
    const std::string id = id_text(digest);
    digest[12] ^= 0x0F;  // bits 100 to 103
    digest[13] ^= 0xFF;
    EXPECT_EQ(id_text(digest), id);
    digest[12] ^= 0x10;  // bit 99
    EXPECT_NE(id_text(digest), id);
}

TEST(Id, the_seeds_example_is_one_and_lies_in_its_first_twelve_bits) {
    EXPECT_TRUE(is_id("6Z54V9SXRCRSKDXDGKZW"));
    // 6 = 00110, Z = 11111, 5 = 00101: 0011 0111 1100.
    EXPECT_EQ(bucket_of("6Z54V9SXRCRSKDXDGKZW"), 0x37C);
    EXPECT_EQ(bucket_of("00000000000000000000"), 0);
    EXPECT_EQ(bucket_of("ZZZZZZZZZZZZZZZZZZZZ"), 4095);
    EXPECT_EQ(bucket_of("ZZ800000000000000000"), 0xFFD);
}

TEST(Id, other_texts_are_none) {
    for (const char* text : {"", "6Z54V9SXRCRSKDXDGKZ", "6Z54V9SXRCRSKDXDGKZWW", "6z54v9sxrcrskdxdgkzw",
                             "IZ54V9SXRCRSKDXDGKZW", "6L54V9SXRCRSKDXDGKZW", "6ZO4V9SXRCRSKDXDGKZW",
                             "6Z5UV9SXRCRSKDXDGKZW", "6Z54V9SXRCRSKDXDGKZ ", "6Z54-9SXRCRSKDXDGKZW"})
        EXPECT_FALSE(is_id(text)) << text;
    EXPECT_FALSE(is_id(std::string_view("6Z54V9SXRCRSKDXDGKZ\0", 20)));
}

RC_GTEST_PROP(Id, of_a_bucket_lies_in_that_bucket_and_keeps_the_rest_of_its_chance, (const std::string& chance)) {
    const auto bucket = *rc::gen::inRange<Bucket>(0, bucket_count);
    const Digest digest = sha256(chance);
    const std::string id = id_text_in(bucket, digest);
    RC_ASSERT(is_id(id));
    RC_ASSERT(bucket_of(id) == bucket);
    RC_ASSERT(id.substr(3) == id_text(digest).substr(3));
    RC_ASSERT(id_text_in(bucket_of(id_text(digest)), digest) == id_text(digest));
}

TEST(TransactionId, is_accepted_in_the_older_form_too) {
    for (const char* text : {"12-3456789123456789", "1-0123456789", "123-01234567890123456789"})
        EXPECT_TRUE(is_transaction_id(text)) << text;
    EXPECT_TRUE(is_transaction_id("6Z54V9SXRCRSKDXDGKZW"));
    for (const char* text :
         {"-0123456789", "1234-0123456789", "1-012345678", "1-012345678901234567890", "12-34567891234567x9",
          "1a-0123456789", "12_3456789123456789", "12-3456789-23456789", "", "-", "12-", "12--0123456789"})
        EXPECT_FALSE(is_transaction_id(text)) << text;
}

TEST(TransactionId, of_the_older_form_lies_where_its_digest_says) {
    // SHA-256 of the text begins with these twelve bits.
    const Digest digest = sha256("12-3456789123456789");
    EXPECT_EQ(bucket_of("12-3456789123456789"), digest[0] * 16 + digest[1] / 16);
}

TEST(Uuid, names_its_bucket_by_its_first_three_digits) {
    Digest digest{};
    for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::uint8_t>(0xFF - i);
    EXPECT_EQ(uuid_text(digest), "fffefdfc-fbfa-49f8-b7f6-f5f4f3f2f1f0");
    EXPECT_EQ(bucket_of_uuid("fffefdfc-fbfa-49f8-b7f6-f5f4f3f2f1f0"), 0xFFF);
    EXPECT_EQ(bucket_of_uuid("53998820-2dcf-4187-b1d0-f0a78cb06d39"), 0x539);
}

TEST(Uuid, is_written_in_one_way) {
    EXPECT_TRUE(is_uuid("53998820-2dcf-4187-b1d0-f0a78cb06d39"));
    for (const char* text : {"", "53998820-2dcf-4187-b1d0-f0a78cb06d3", "53998820-2dcf-4187-b1d0-f0a78cb06d399",
                             "53998820-2DCF-4187-B1D0-F0A78CB06D39", "53998820x2dcf-4187-b1d0-f0a78cb06d39",
                             "5399882--2dcf-4187-b1d0-f0a78cb06d39", "53998820-2dcf-4187-b1d0-f0a78cb06g39"})
        EXPECT_FALSE(is_uuid(text)) << text;
    EXPECT_FALSE(is_transaction_id("53998820-2dcf-4187-b1d0-f0a78cb06d39"));
}

}  // namespace

}  // namespace saldo::foundation
