#include "cli/table.hpp"

#include <gtest/gtest.h>

namespace saldo::cli {

namespace {

TEST(Table, makes_columns_as_wide_as_they_need_without_blanks_at_the_end) {
    Table table({{"NAME"}, {"COUNT", Table::Align::right}, {"NOTE"}});
    table.add({"a", "7", ""});
    table.add({"a longer name", "1200", "x"});
    EXPECT_EQ(table.text(Looks::plain),
              "NAME           COUNT  NOTE\n"
              "a                  7\n"
              "a longer name   1200  x\n");
}

TEST(Table, counts_characters_as_a_terminal_does) {
    EXPECT_EQ(width_of("Früchte"), 7U);
    EXPECT_EQ(width_of("果物"), 4U);
    EXPECT_EQ(width_of("🍎"), 2U);
    EXPECT_EQ(width_of("├─ x"), 4U);
    EXPECT_EQ(padded("ü", 3), "ü  ");
    EXPECT_EQ(padded_left("ü", 3), "  ü");
    EXPECT_EQ(padded("long", 2), "long");
}

TEST(Table, is_bold_only_on_a_terminal) {
    EXPECT_EQ(bold("x", Looks::plain), "x");
    EXPECT_EQ(bold("x", Looks::coloured), "\x1b[1mx\x1b[0m");
    EXPECT_EQ(dim("", Looks::coloured), "");
}

}  // namespace

}  // namespace saldo::cli
