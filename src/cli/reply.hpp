#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace saldo::cli {

/// How a command ended, as the shell sees it.
enum class ExitCode {
    ok = 0,
    refused = 1,      ///< the answer is no, or there is no such thing
    usage = 2,        ///< the command line cannot be understood
    failed = 3,       ///< the store or the server failed
    fault_found = 4,  ///< something in a store or a copy of one is not as it must be
};

/// What a command comes to: a JSON document, or why there is none.
struct Reply {
    ExitCode exit = ExitCode::ok;
    std::string result;        ///< JSON, when the exit is ok or fault_found
    std::string code = {};     ///< `SHOP_EXISTS`, else
    std::string message = {};  ///< one sentence, else

    static Reply of(std::string result) { return {.exit = ExitCode::ok, .result = std::move(result)}; }
    static Reply refused(std::string_view code, std::string_view message) {
        return {.exit = ExitCode::refused, .result = "", .code = std::string(code), .message = std::string(message)};
    }
    static Reply failed(std::string_view code, std::string_view message) {
        return {.exit = ExitCode::failed, .result = "", .code = std::string(code), .message = std::string(message)};
    }
    bool operator==(const Reply&) const = default;
};

/// The reply as one line, for the control socket.
std::string line_of(const Reply& reply);
/// The reply that such a line says; a failure when it says none.
Reply reply_of(std::string_view line);
/// `{"error":{"code":...,"message":...}}`
std::string error_json(const Reply& reply);

/// Runs the command; what it throws becomes a failed reply.
Reply guarded(const std::function<Reply()>& command);

}  // namespace saldo::cli
