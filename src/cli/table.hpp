#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace saldo::cli {

/// Whether what is printed may be bold and coloured: only on a terminal.
enum class Looks { plain, coloured };

std::string bold(std::string_view text, Looks looks);
std::string dim(std::string_view text, Looks looks);

/// How many columns of a terminal the text takes. Counts characters of UTF-8, the wide ones of East Asia twice.
std::size_t width_of(std::string_view text);
/// The text with blanks up to that width, behind it or before it.
std::string padded(std::string_view text, std::size_t width);
std::string padded_left(std::string_view text, std::size_t width);

/// Rows of text under headings, each column as wide as it needs.
class Table {
  public:
    enum class Align { left, right };
    struct Column {
        std::string heading;
        Align align = Align::left;
    };

    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
    /// As many cells as there are columns.
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    bool is_empty() const { return rows_.empty(); }
    /// Lines, each with its end; no blanks at the end of a line.
    std::string text(Looks looks) const;

  private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace saldo::cli
