#include "cli/table.hpp"

#include <algorithm>

namespace saldo::cli {

namespace {

std::string dressed(std::string_view code, std::string_view text, Looks looks) {
    if (looks == Looks::plain || text.empty()) return std::string(text);
    return std::string(code) + std::string(text) + "\x1b[0m";
}

bool is_wide(unsigned code) {
    return (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
           (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
           (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
           (code >= 0x1F300 && code <= 0x1FAFF) || (code >= 0x20000 && code <= 0x3FFFD);
}

}  // namespace

std::string bold(std::string_view text, Looks looks) {
    return dressed("\x1b[1m", text, looks);
}

std::string dim(std::string_view text, Looks looks) {
    return dressed("\x1b[2m", text, looks);
}

std::size_t width_of(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto first = static_cast<unsigned char>(text[at]);
        const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        unsigned code = size == 1 ? first : first & (0xFFU >> (size + 1));
        for (std::size_t i = 1; i < size && at + i < text.size(); ++i)
            code = code << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
        width += is_wide(code) ? 2 : 1;
        at += size;
    }
    return width;
}

std::string padded(std::string_view text, std::size_t width) {
    const std::size_t own = width_of(text);
    return std::string(text) + std::string(width > own ? width - own : 0, ' ');
}

std::string padded_left(std::string_view text, std::size_t width) {
    const std::size_t own = width_of(text);
    return std::string(width > own ? width - own : 0, ' ') + std::string(text);
}

std::string Table::text(Looks looks) const {
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        std::size_t width = width_of(columns_[i].heading);
        for (const auto& row : rows_) width = std::max(width, width_of(row.at(i)));
        widths.push_back(width);
    }
    const auto line_of = [&](const auto& cell_at) {
        std::string line;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (i > 0) line += "  ";
            line +=
                columns_[i].align == Align::right ? padded_left(cell_at(i), widths[i]) : padded(cell_at(i), widths[i]);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        return line;
    };
    std::string text = bold(line_of([&](std::size_t i) { return columns_[i].heading; }), looks) + '\n';
    for (const auto& row : rows_) text += line_of([&](std::size_t i) { return row.at(i); }) + '\n';
    return text;
}

}  // namespace saldo::cli
