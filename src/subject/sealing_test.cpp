#include "subject/sealing.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>

#include "foundation/digest.hpp"

namespace saldo::subject {

namespace {

Key key_of(char octet) {
    return *Key::of(std::string(Key::size, octet));
}

constexpr std::size_t nonce_and_tag = 24 + 16;

TEST(Key, has_exactly_32_bytes) {
    const std::string bytes = "0123456789abcdef0123456789ABCDEF";
    ASSERT_TRUE(Key::of(bytes));
    EXPECT_EQ(Key::of(bytes)->bytes(), bytes);
    EXPECT_FALSE(Key::of(std::string(31, 'k')));
    EXPECT_FALSE(Key::of(std::string(33, 'k')));
    EXPECT_FALSE(Key::of(""));
}

TEST(Sealing, is_undone_by_the_same_key_and_context) {
    const std::string text = "Erika Mustermann, Hauptstraße 1";
    const std::string sealed = seal(key_of('k'), "stream/1", text);
    EXPECT_EQ(open(key_of('k'), "stream/1", sealed), text);
    EXPECT_EQ(sealed.size(), text.size() + nonce_and_tag);
}

TEST(Sealing, shows_nothing_of_the_text) {
    const std::string sealed = seal(key_of('k'), "stream/1", std::string(200, 'E'));
    EXPECT_EQ(sealed.find("EEE"), std::string::npos);
}

TEST(Sealing, an_empty_text_is_one) {
    const std::string sealed = seal(key_of('k'), "", "");
    EXPECT_EQ(sealed.size(), nonce_and_tag);
    EXPECT_EQ(open(key_of('k'), "", sealed), "");
    EXPECT_EQ(open(key_of('k'), "context", sealed), std::nullopt);
}

TEST(Sealing, another_key_or_context_opens_nothing) {
    const std::string sealed = seal(key_of('k'), "stream/1", "text");
    EXPECT_EQ(open(key_of('l'), "stream/1", sealed), std::nullopt);
    EXPECT_EQ(open(key_of('k'), "stream/2", sealed), std::nullopt);
    EXPECT_EQ(open(key_of('k'), "", sealed), std::nullopt);
}

TEST(Sealing, a_single_changed_bit_anywhere_opens_nothing) {
    const std::string sealed = seal(key_of('k'), "context", "text");
    for (std::size_t i = 0; i < sealed.size(); ++i)
        for (int bit = 0; bit < 8; ++bit) {
            std::string changed = sealed;
            changed[i] = static_cast<char>(changed[i] ^ 1 << bit);
            EXPECT_EQ(open(key_of('k'), "context", changed), std::nullopt) << i;
        }
}

TEST(Sealing, what_was_cut_or_lengthened_opens_nothing) {
    const std::string sealed = seal(key_of('k'), "context", "text");
    for (std::size_t size = 0; size < sealed.size(); ++size)
        EXPECT_EQ(open(key_of('k'), "context", sealed.substr(0, size)), std::nullopt) << size;
    EXPECT_EQ(open(key_of('k'), "context", sealed + '\0'), std::nullopt);
}

TEST(Sealing, the_same_again_gives_the_same_bytes) {
    EXPECT_EQ(seal(key_of('k'), "context", "text"), seal(key_of('k'), "context", "text"));
}

TEST(Sealing, no_two_different_ones_share_a_nonce) {
    std::set<std::string> nonces;
    int sealed = 0;
    for (const char key : {'k', 'l'})
        for (const char* context : {"", "a", "ab", "1:a"})
            for (const char* text : {"", "a", "b", "ab", "ba", ":a"}) {
                nonces.insert(seal(key_of(key), context, text).substr(0, 24));
                ++sealed;
            }
    EXPECT_EQ(nonces.size(), static_cast<std::size_t>(sealed));
}

// Computed once; sealed parts in the log must be opened by every later version.
TEST(Sealing, what_an_earlier_version_sealed_is_opened) {
    const auto sealed = foundation::from_hex(
        "366a56439d2b3355156736c89a99149c1e79ca49f27b588fda3ca1fd83975fa1"
        "33b679e9b08337457aeb7304e89ecc013b1ddc658dfdabf7");
    ASSERT_TRUE(sealed);
    EXPECT_EQ(open(key_of('k'), "6Z54V9SXRCRSKDXDGKZW/1", *sealed), "Erika Mustermann");
}

RC_GTEST_PROP(Sealing, any_text_in_any_context_comes_back, (const std::string& context, const std::string& text)) {
    const std::string sealed = seal(key_of('k'), context, text);
    RC_ASSERT(open(key_of('k'), context, sealed) == text);
    RC_ASSERT(!open(key_of('k'), context + '.', sealed));
}

}  // namespace

}  // namespace saldo::subject
