#include "cli/progress_bar.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace saldo::cli {

namespace {

std::string last_line(const std::ostringstream& out) {
    const std::string all = out.str();
    return all.substr(all.rfind('\r') + 1);
}

TEST(ProgressBar, fills_from_the_left_and_is_gone_in_the_end) {
    std::ostringstream out;
    {
        ProgressBar bar(out);
        bar.show(5000, 0);
        EXPECT_EQ(last_line(out), "\x1b[K  5000 events");
        bar.show(1, 4);
        std::string half;
        for (int i = 0; i < 40; ++i) half += i < 10 ? "█" : "░";
        EXPECT_EQ(last_line(out), "\x1b[K  " + half + "  1 of 4 events");
        bar.show(9, 4);  // more than was expected is whole
        EXPECT_EQ(last_line(out).find("░"), std::string::npos);
    }
    EXPECT_EQ(last_line(out), "\x1b[K");
}

TEST(ProgressBar, that_was_never_shown_leaves_nothing) {
    std::ostringstream out;
    {
        ProgressBar bar(out);
    }
    EXPECT_EQ(out.str(), "");
}

}  // namespace

}  // namespace saldo::cli
