#include "cli/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace saldo::cli {

namespace {

/// How many letters have to be put in, taken out, changed or swapped with their neighbour.
std::size_t distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> before(to.size() + 1), above(to.size() + 1), row(to.size() + 1);
    std::iota(above.begin(), above.end(), std::size_t{0});
    for (std::size_t i = 1; i <= from.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= to.size(); ++j) {
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (from[i - 1] == to[j - 1] ? 0U : 1U)});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(above);
        above.swap(row);
    }
    return above[to.size()];
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view typed, std::span<const std::string_view> words) {
    std::optional<std::string_view> best;
    std::size_t best_distance = std::max<std::size_t>(1, typed.size() / 3) + 1;
    for (const std::string_view word : words) {
        const std::size_t needed = distance(typed, word);
        if (needed >= best_distance) continue;
        best = word;
        best_distance = needed;
    }
    return best;
}

}  // namespace saldo::cli
