#include "foundation/base64.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace saldo::foundation {
namespace {

TEST(Base64, gives_the_vectors_of_rfc_4648) {
    EXPECT_EQ(base64url(""), "");
    EXPECT_EQ(base64url("f"), "Zg");
    EXPECT_EQ(base64url("fo"), "Zm8");
    EXPECT_EQ(base64url("foo"), "Zm9v");
    EXPECT_EQ(base64url("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64url("\xfb\xff"), "-_8");
    EXPECT_EQ(from_base64("Zm9vYg=="), "foob");
    EXPECT_EQ(from_base64("Zm9vYmE="), "fooba");
    EXPECT_EQ(from_base64("+/8="), "\xfb\xff");
}

RC_GTEST_PROP(Base64, what_was_written_is_read_again, (const std::string& bytes)) {
    RC_ASSERT(from_base64url(base64url(bytes)) == bytes);
}

TEST(Base64, a_url_text_has_neither_padding_nor_white_space_nor_the_common_alphabet) {
    for (const char* text : {"Zg==", "Zm8=", "Zm9v ", "Zm\n9v", " Zm9v", "+/8", "Zm9vY", "Zm9vA", "A"})
        EXPECT_EQ(from_base64url(text), std::nullopt) << text;
}

TEST(Base64, bits_that_encode_nothing_are_refused) {
    EXPECT_EQ(from_base64url("Zh"), std::nullopt);
    EXPECT_EQ(from_base64url("Zm9"), std::nullopt);
    EXPECT_EQ(from_base64("Zh=="), std::nullopt);
}

TEST(Base64, the_common_form_needs_its_padding) {
    for (const char* text : {"Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zm9v=", "-_8="})
        EXPECT_EQ(from_base64(text), std::nullopt) << text;
}

TEST(Base64, the_common_form_is_written_with_padding_and_read_again) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foo"), "Zm9v");
    EXPECT_EQ(base64("\xFB\xFF"), "+/8=");
    EXPECT_EQ(from_base64(base64("\xFB\xFF")), "\xFB\xFF");
}

}  // namespace
}  // namespace saldo::foundation
