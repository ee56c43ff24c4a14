// The body of every write: the first line names the operation, the rest is what a client sent. What is read must be the
// same after it was printed and read again, and what is refused must be told by its place.
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "foundation/json.hpp"
#include "http/field_reader.hpp"
#include "http/payment_codec.hpp"
#include "http/saldo_codec.hpp"
#include "ledger/command_text.hpp"
#include "target.hpp"

namespace saldo::http {
namespace {

using foundation::Currency;
using foundation::Instant;
using foundation::JsonValue;
using foundation::Money;
using fuzz::must;

const Instant now = *foundation::parse_instant("2020-03-10T18:06:52Z");
const Instant expiry = *foundation::parse_instant("2020-07-08T18:06:52Z");

/// What a body says, in a form that is equal for equal commands; or everything that is wrong with it.
using Read = foundation::Outcome<std::string, Malformed>;

Read text_of(CommandRead command) {
    if (!command) return std::unexpected(command.error());
    return ledger::command_text(*command);
}

void check_authorise(const ledger::Authorise& command) {
    must(!command.baskets.empty(), "a purchase has a basket");
    for (const auto& basket : command.baskets) {
        must(basket.gross.is_positive() && basket.gross.minor() <= Money::minor_max, "a basket costs something");
        must(basket.gross.currency() == command.currency, "a purchase has one currency");
    }
    must(!command.expires || *command.expires > now, "an authorisation ends in the future");
}

Read authorise(JsonValue body) {
    const auto command = read_authorise(body, now);
    if (!command) return std::unexpected(command.error());
    check_authorise(*command);
    return ledger::command_text(*command);
}

Read clock_change(JsonValue body) {
    const auto change = read_clock_change(body);
    if (!change) return std::unexpected(change.error());
    must(change->move || change->frozen, "something is asked of the clock");
    std::string text = change->frozen ? (*change->frozen ? "frozen " : "ticking ") : "";
    if (!change->move) return text;
    const auto target = target_of(*change->move, now, foundation::Zone::utc());
    if (std::holds_alternative<ClockAdvance>(*change->move)) must(target >= now, "a clock is moved ahead");
    return text + foundation::utc_text(target);
}

Read read(std::string_view operation, JsonValue body, std::optional<Currency> currency) {
    if (operation == "authorise") return authorise(body);
    if (operation == "increase") return text_of(read_increase(body, currency));
    if (operation == "capture") return text_of(read_capture(body, currency));
    if (operation == "cancel") return text_of(read_cancel(body, currency));
    if (operation == "refund") return text_of(read_refund(body, currency));
    if (operation == "shipping") return text_of(read_shipping_information(body, "7R0F5J6B3S2W9K1QHXVN"));
    if (operation == "patch") return text_of(read_transaction_patch(body, expiry, now));
    if (operation == "payment") return text_of(read_payment(body, currency));
    if (operation == "fee") return text_of(read_fee(body, currency));
    if (operation == "withdrawal") return text_of(read_pay_later_withdrawal(body));
    if (operation == "block") return text_of(read_dunning_block(body));
    if (operation == "level") return text_of(read_dunning_level(body));
    if (operation == "unblock") return text_of(read_end_of_dunning_block(body));
    return clock_change(body);
}

void check_refusal(const Malformed& malformed) {
    must(!malformed.fields.empty() && malformed.fields.size() <= FieldFaults::told_max, "a refusal names fields");
    for (const auto& fault : malformed.fields) {
        must(fault.json_path.starts_with('$'), "a field is named by its path");
        must(!fault.message.empty(), "what a field has to be is said");
    }
}

void check(std::string_view input) {
    const auto operation = fuzz::take_line(input);
    const auto document = parse_object(input);
    if (!document) return check_refusal(document.error());
    const std::string printed = json_text(document->root());
    const auto again = parse_object(printed);
    must(again && json_text(again->root()) == printed, "printed JSON reads the same");

    for (const char* code : {"EUR", "JPY", "KWD", ""}) {
        const auto currency = Currency::parse(code);
        const auto first = read(operation, document->root(), currency);
        const auto second = read(operation, again->root(), currency);
        must(first.has_value() == second.has_value(), "printed JSON is taken as often");
        if (first) must(*first == *second, "printed JSON asks for the same");
        if (!first) {
            check_refusal(first.error());
            must(first.error() == second.error(), "printed JSON has the same faults");
        }
    }
}

}  // namespace
}  // namespace saldo::http

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    saldo::http::check(saldo::fuzz::text_of(bytes, size));
    return 0;
}
