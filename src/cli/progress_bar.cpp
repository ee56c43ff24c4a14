#include "cli/progress_bar.hpp"

#include <algorithm>
#include <ostream>

namespace saldo::cli {

namespace {

constexpr std::int64_t width = 40;
constexpr const char* line_begin = "\r\x1b[K";

}  // namespace

ProgressBar::~ProgressBar() {
    if (is_drawn_) out_ << line_begin << std::flush;
}

void ProgressBar::show(std::int64_t done, std::int64_t total) {
    is_drawn_ = true;
    out_ << line_begin << "  ";
    if (total == 0) {
        out_ << done << ' ' << unit_ << std::flush;
        return;
    }
    const std::int64_t filled = std::min(width, done * width / total);
    for (std::int64_t i = 0; i < width; ++i) out_ << (i < filled ? "█" : "░");
    out_ << "  " << done << " of " << total << ' ' << unit_ << std::flush;
}

}  // namespace saldo::cli
