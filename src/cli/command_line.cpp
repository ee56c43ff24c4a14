#include "cli/command_line.hpp"

#include <unistd.h>

#include <iostream>
#include <utility>

#include "cli/command_tree.hpp"

namespace saldo::cli {

Terminal standard_terminal() {
    const auto looks = [](int descriptor) { return ::isatty(descriptor) != 0 ? Looks::coloured : Looks::plain; };
    return {.in = std::cin,
            .out = std::cout,
            .err = std::cerr,
            .out_looks = looks(STDOUT_FILENO),
            .err_looks = looks(STDERR_FILENO),
            .person = ::isatty(STDIN_FILENO) != 0 ? Terminal::Person::present : Terminal::Person::absent};
}

ExitCode run(std::vector<std::string> arguments, const Program& program, const Terminal& terminal) {
    CommandTree tree(program, terminal);
    add_server_commands(tree);
    add_tenant_commands(tree);
    add_purchase_commands(tree);
    add_webhook_commands(tree);
    add_copy_commands(tree);
    add_credit_commands(tree);
    add_upkeep_commands(tree);
    try {
        return tree.run(std::move(arguments));
    } catch (const std::exception& failure) {
        terminal.err << "saldo: " << failure.what() << '\n';
        return ExitCode::failed;
    }
}

}  // namespace saldo::cli
