#include <string>
#include <vector>

#include "app/program.hpp"
#include "cli/command_line.hpp"

int main(int count, char** words) {
    const std::vector<std::string> arguments(words + 1, words + count);
    return static_cast<int>(saldo::cli::run(arguments, saldo::app::program(), saldo::cli::standard_terminal()));
}
