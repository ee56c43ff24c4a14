#include "subject/keyed_hash.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace saldo::subject {

namespace {

const Key one = *Key::of(std::string(32, 'a'));
const Key other = *Key::of(std::string(31, 'a') + 'b');

TEST(KeyedHash, is_the_same_for_the_same_key_purpose_and_text) {
    EXPECT_EQ(KeyedHash(one, "words")("text"), KeyedHash(one, "words")("text"));
}

TEST(KeyedHash, differs_with_the_key_the_purpose_and_every_text) {
    const std::set<std::uint64_t> hashes{KeyedHash(one, "words")("text"),   KeyedHash(other, "words")("text"),
                                         KeyedHash(one, "streams")("text"), KeyedHash(one, "words")("text "),
                                         KeyedHash(one, "words")(""),       KeyedHash(one, "words")({"\0", 1})};
    EXPECT_EQ(hashes.size(), 6U);
}

}  // namespace

}  // namespace saldo::subject
