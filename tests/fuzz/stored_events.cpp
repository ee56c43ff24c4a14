// Events as the log keeps them: type on the first line, texts of the person on the second (`-` if there are none, `!`
// if they were erased), then the body. Bytes that no version wrote are a broken invariant and nothing worse; an event
// that is read is the same after it was written again.
#include <optional>
#include <string>
#include <string_view>

#include "foundation/outcome.hpp"
#include "ledger/event_codec.hpp"
#include "partner/event_json.hpp"
#include "target.hpp"

namespace saldo {
namespace {

using fuzz::must;

void check_purchase(std::string_view type, std::string_view body, const std::optional<std::string>& texts) {
    std::optional<ledger::Event> event;
    try {
        event = ledger::decode(type, ledger::schema_version, body, texts);
    } catch (const foundation::BrokenInvariant&) {
        return;
    }
    if (!texts) return;  // an erased text has no number any more: it cannot be written again
    const auto first = ledger::encode(*event);
    const auto again = ledger::decode(type, ledger::schema_version, first.body, first.texts);
    must(again == *event, "an event that is written again is the same event");
    const auto second = ledger::encode(again);
    must(second.body == first.body && second.texts == first.texts, "an event has one form");
    must(first.texts.find('\0') == std::string::npos, "texts are JSON");
}

void check_partner(std::string_view type, std::string_view body) {
    const auto event = partner::decode({.type = std::string(type), .body = std::string(body)});
    if (!event) return must(!event.error().empty(), "what is wrong is named");
    const auto first = partner::encode(*event);
    must(first.type == type, "an event keeps its type");
    const auto again = partner::decode(first);
    must(again && *again == *event, "an event of a partner that is written again is the same event");
    must(partner::encode(*again) == first, "an event of a partner has one form");
}

void check(std::string_view input) {
    const auto type = fuzz::take_line(input);
    const auto line = fuzz::take_line(input);
    const auto texts = line == "!" ? std::nullopt : std::optional(line == "-" ? std::string() : std::string(line));
    check_purchase(type, input, texts);
    check_partner(type, input);
}

}  // namespace
}  // namespace saldo

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    saldo::check(saldo::fuzz::text_of(bytes, size));
    return 0;
}
