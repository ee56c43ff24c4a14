#include "http/saldo_codec.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace saldo::http {

using foundation::Currency;
using foundation::Day;
using foundation::Days;
using foundation::Instant;
using foundation::JsonValue;
using foundation::Money;
using foundation::Outcome;
using ledger::DunningLevel;
using ledger::FeeType;
using ledger::Sealed;
using ledger::SettlementType;

namespace {

constexpr TextRule comment{.size_min = 1, .size_max = 1000, .lines = TextRule::Lines::many};
constexpr TextRule reference{.size_min = 1, .size_max = 255};
constexpr TextRule blocking_reason{.size_min = 1, .size_max = 255};

constexpr std::array settlement_types{SettlementType::debit, SettlementType::credit};
constexpr std::array fee_types{
    FeeType::pay_later_fee,         FeeType::service_charge,     FeeType::dunning_fee,
    FeeType::return_debit_note_fee, FeeType::interest,           FeeType::pay_later_withdrawn,
    FeeType::service_charge_return, FeeType::dunning_fee_return, FeeType::return_debit_note_fee_return};
constexpr std::array dunning_levels{DunningLevel::no_dunning,    DunningLevel::payment_reminder,
                                    DunningLevel::first_dunning, DunningLevel::last_dunning,
                                    DunningLevel::collection,    DunningLevel::collection_finished};

/// Where our calendar ends.
constexpr Instant last_instant = Instant{Day{std::chrono::year{3000} / 1 / 1}} - std::chrono::microseconds{1};

/// A hundred years: whoever asks for more has mistyped.
constexpr std::int64_t advance_days_max = 36'525;
constexpr std::int64_t advance_seconds_max = advance_days_max * 86'400;

/// Takes `<digits><unit>` off the front; nothing, and nothing taken, if it is not there.
std::optional<std::int64_t> take_count(std::string_view& text, char unit) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const auto size = static_cast<std::size_t>(end - text.data());
    if (error != std::errc{} || count < 0 || text[0] == '-' || size >= text.size() || text[size] != unit)
        return std::nullopt;
    if (count > advance_seconds_max) return std::nullopt;
    text.remove_prefix(size + 1);
    return count;
}

/// Weeks, or days, hours, minutes and seconds, as ISO 8601 writes a duration.
std::optional<ClockAdvance> parse_advance(std::string_view text) {
    if (!text.starts_with('P') || text.size() == 1) return std::nullopt;
    text.remove_prefix(1);
    ClockAdvance advance;
    if (const auto weeks = take_count(text, 'W'))
        advance.days = Days{*weeks * 7};
    else {
        if (const auto days = take_count(text, 'D')) advance.days = Days{*days};
        if (text.starts_with('T')) {
            text.remove_prefix(1);
            if (text.empty()) return std::nullopt;
            if (const auto hours = take_count(text, 'H')) advance.time += std::chrono::hours{*hours};
            if (const auto minutes = take_count(text, 'M')) advance.time += std::chrono::minutes{*minutes};
            if (const auto seconds = take_count(text, 'S')) advance.time += std::chrono::seconds{*seconds};
        }
    }
    const bool is_far = advance.days.count() > advance_days_max || advance.time.count() > advance_seconds_max;
    if (!text.empty() || is_far) return std::nullopt;
    return advance;
}

}  // namespace

CommandRead read_payment(JsonValue body, std::optional<Currency> currency) {
    return unless_malformed(body, [&](const FieldReader& in) -> ledger::Command {
        in.require({"type", "amount"});
        const bool unscheduled = in.flag("unscheduled").value_or(false);
        if (unscheduled && in.text("type") == "CREDIT") in.blame("unscheduled", "belongs to a DEBIT alone");
        return ledger::BookSettlement{
            .type = in.choice("type", settlement_types).value_or(SettlementType::debit),
            .amount = in.money("amount", currency, Sign::positive).value_or(Money{}),
            .value_date = in.day("value_date"),
            .reference = in.sealed("reference", reference),
            .comment = in.sealed("comment", comment),
            .unscheduled = unscheduled,
        };
    });
}

CommandRead read_fee(JsonValue body, std::optional<Currency> currency) {
    return unless_malformed(body, [&](const FieldReader& in) -> ledger::Command {
        in.require({"type", "gross"});
        return ledger::BookFee{
            .type = in.choice("type", fee_types).value_or(FeeType::dunning_fee),
            .gross = in.money("gross", currency, Sign::not_zero).value_or(Money{}),
            .date = in.day("date"),
            .comment = in.sealed("comment", comment),
        };
    });
}

CommandRead read_withdrawal(JsonValue body) {
    return unless_malformed(body, [&](const FieldReader& in) -> ledger::Command {
        return ledger::WithdrawCredit{.date = in.day("date"), .comment = in.sealed("comment", comment)};
    });
}

CommandRead read_pay_later_withdrawal(JsonValue body) {
    return unless_malformed(body, [&](const FieldReader& in) -> ledger::Command {
        return ledger::WithdrawPayLater{.date = in.day("date"), .comment = in.sealed("comment", comment)};
    });
}

CommandRead read_dunning_block(JsonValue body) {
    return unless_malformed(body, [&](const FieldReader& in) -> ledger::Command {
        in.require({"blocked_from", "blocked_until", "blocking_reason"});
        return ledger::BlockDunning{
            .from = in.day("blocked_from").value_or(Day{}),
            .until = in.day("blocked_until").value_or(Day{}),
            .reason = in.sealed("blocking_reason", blocking_reason).value_or(Sealed(std::string{})),
            .comment = in.sealed("comment", comment),
        };
    });
}

CommandRead read_end_of_dunning_block(JsonValue body) {
    return unless_malformed(body, [&](const FieldReader& in) -> ledger::Command {
        return ledger::UnblockDunning{.comment = in.sealed("comment", comment)};
    });
}

CommandRead read_dunning_level(JsonValue body) {
    return unless_malformed(body, [&](const FieldReader& in) -> ledger::Command {
        in.require({"level"});
        return ledger::SetDunningLevel{
            .level = in.choice("level", dunning_levels).value_or(DunningLevel::no_dunning),
            .date = in.day("date"),
            .comment = in.sealed("comment", comment),
        };
    });
}

Outcome<ClockChange, Malformed> read_clock_change(JsonValue body) {
    return unless_malformed(body, [&](const FieldReader& in) {
        ClockChange change;
        if (in.has("advance") && in.has("now")) in.blame("", "must have advance or now, not both");
        if (!in.has("advance") && !in.has("now") && !in.has("frozen")) in.blame("", "must have advance, now or frozen");
        if (const auto instant = in.instant("now")) change.move = *instant;
        if (const auto text = in.text("advance")) {
            change.move = parse_advance(*text);
            if (!change.move) in.blame("advance", "must be a duration such as P14D, P2W or PT36H, at most 100 years");
        }
        change.frozen = in.flag("frozen");
        return change;
    });
}

Instant target_of(const ClockMove& move, Instant now, const foundation::Zone& zone) {
    if (const auto* instant = std::get_if<Instant>(&move)) return *instant;
    const auto& advance = std::get<ClockAdvance>(move);
    if (advance.days.count() == 0) return std::min(now + advance.time, last_instant);
    const Day today = zone.day_of(now);
    return std::min(zone.start_of(today + advance.days) + (now - zone.start_of(today)) + advance.time, last_instant);
}

}  // namespace saldo::http
