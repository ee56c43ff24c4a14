#include "cli/session.hpp"

#include <ostream>
#include <utility>

#include "cli/administration.hpp"
#include "cli/control.hpp"

namespace saldo::cli {

ExitCode Session::complain(const Reply& reply) const {
    if (output == Output::for_programs)
        terminal_.err << error_json(reply) << '\n';
    else
        terminal_.err << "saldo: " << reply.message << '\n';
    return reply.exit;
}

ExitCode Session::misused(std::string message) const {
    return complain({.exit = ExitCode::usage, .result = "", .code = "USAGE", .message = std::move(message)});
}

ExitCode Session::show(const Reply& reply, Print print) const {
    if (reply.result.empty()) return complain(reply);
    const auto document =
        output == Output::for_people ? std::optional(foundation::JsonDocument::parse(reply.result)) : std::nullopt;
    if (document && *document)
        terminal_.out << print((*document)->root(), terminal_.out_looks);
    else
        terminal_.out << reply.result << '\n';
    return reply.exit;
}

ExitCode Session::change(std::string_view command, std::string_view arguments, Print print) const {
    const std::string request = request_of(command, arguments);
    return show(guarded([&] {
                    if (const auto line = ask_server(program_.data_of(place), request)) return reply_of(*line);
                    return program_.administer(place, request);
                }),
                print);
}

ExitCode Session::inspect(const std::function<Reply(Inspection&)>& ask, Print print) const {
    return show(guarded([&] { return ask(*program_.inspect(place)); }), print);
}

}  // namespace saldo::cli
