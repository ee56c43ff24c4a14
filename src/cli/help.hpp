#pragma once

#include <CLI/App.hpp>
#include <CLI/Formatter.hpp>
#include <string>

namespace saldo::cli {

/// Help as this program prints it: what it does, how it is called, what may be said, an example, how it ends.
class Help final : public CLI::Formatter {
  public:
    std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
};

/// `saldo shop add`
std::string full_name(const CLI::App& app);

/// One sentence about a command line that cannot be understood, with what was probably meant.
std::string explain(const CLI::App& root, const CLI::ParseError& error);

}  // namespace saldo::cli
