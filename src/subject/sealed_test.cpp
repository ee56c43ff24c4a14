#include "subject/sealed.hpp"

#include <gtest/gtest.h>

namespace saldo::subject {

namespace {

TEST(Sealed, gives_its_text) {
    const Sealed name("Erika Mustermann");
    EXPECT_FALSE(name.is_erased());
    EXPECT_EQ(name.text(), "Erika Mustermann");
}

TEST(Sealed, an_erased_one_says_so_and_nothing_else) {
    const Sealed name = Sealed::erased();
    EXPECT_TRUE(name.is_erased());
    EXPECT_EQ(name.text(), "[erased]");
}

TEST(Sealed, a_text_that_reads_like_an_erased_one_is_none) {
    const Sealed typed("[erased]");
    EXPECT_FALSE(typed.is_erased());
    EXPECT_NE(typed, Sealed::erased());
}

TEST(Sealed, two_are_equal_when_their_texts_are_or_both_are_erased) {
    EXPECT_EQ(Sealed("a"), Sealed("a"));
    EXPECT_NE(Sealed("a"), Sealed("b"));
    EXPECT_NE(Sealed(""), Sealed::erased());
    EXPECT_EQ(Sealed::erased(), Sealed::erased());
}

}  // namespace

}  // namespace saldo::subject
