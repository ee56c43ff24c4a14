#include "cli/reply.hpp"

#include <exception>
#include <utility>

#include "cli/control.hpp"
#include "foundation/json.hpp"
#include "foundation/json_writer.hpp"
#include "service/event_store.hpp"
#include "service/master_key.hpp"

namespace saldo::cli {

using foundation::JsonKind;
using foundation::JsonValue;
using foundation::JsonWriter;

namespace {

void write_error(JsonWriter& out, const Reply& reply) {
    out.key("error").begin_object().field("code", reply.code).field("message", reply.message).end_object();
}

std::string text_at(JsonValue object, std::string_view name) {
    const auto found = object.find(name);
    return found && found->kind() == JsonKind::string ? std::string(found->string()) : std::string();
}

}  // namespace

std::string line_of(const Reply& reply) {
    JsonWriter out;
    out.begin_object().field("exit", static_cast<int>(reply.exit));
    // The result travels as a text, so that a number comes out as it went in.
    if (reply.result.empty())
        write_error(out, reply);
    else
        out.field("result", reply.result);
    out.end_object();
    return std::move(out).finish();
}

Reply reply_of(std::string_view line) {
    const auto nonsense = [] { return Reply::failed("NO_REPLY", "The server's reply cannot be understood."); };
    const auto document = foundation::JsonDocument::parse(line);
    if (!document || document->root().kind() != JsonKind::object) return nonsense();
    const JsonValue root = document->root();
    const auto exit = root.find("exit");
    const auto code = exit && exit->kind() == JsonKind::number ? exit->integer() : std::nullopt;
    if (!code || *code < 0 || *code > static_cast<int>(ExitCode::fault_found)) return nonsense();
    Reply reply{.exit = static_cast<ExitCode>(*code), .result = text_at(root, "result")};
    if (const auto error = root.find("error"); error && error->kind() == JsonKind::object) {
        reply.code = text_at(*error, "code");
        reply.message = text_at(*error, "message");
    }
    if (reply.result.empty() == reply.code.empty()) return nonsense();
    return reply;
}

std::string error_json(const Reply& reply) {
    JsonWriter out;
    out.begin_object();
    write_error(out, reply);
    out.end_object();
    return std::move(out).finish();
}

Reply guarded(const std::function<Reply()>& command) {
    try {
        return command();
    } catch (const service::CommitUnknown&) {
        return Reply::failed("OUTCOME_UNKNOWN",
                             "The disk failed while this was being stored: whether it was, is not known. Look before "
                             "you repeat it.");
    } catch (const service::MasterKeyUnusable& unusable) {
        return Reply::failed("MASTER_KEY_UNUSABLE", unusable.what());
    } catch (const ControlFailed& failed) {
        return Reply::failed("SERVER_FAILED", failed.what());
    } catch (const service::StoreFailed& failed) {
        return Reply::failed("STORE_FAILED", failed.what());
    } catch (const std::exception& broken) {
        return Reply::failed("FAILED", broken.what());
    }
}

}  // namespace saldo::cli
