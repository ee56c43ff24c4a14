#include "cli/cash_flows.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "foundation/calendar.hpp"
#include "foundation/json.hpp"
#include "partner/json_reading.hpp"
#include "terms/day_count.hpp"

namespace saldo::cli {

using foundation::Day;
using foundation::Decimal;
using foundation::JsonKind;
using foundation::JsonValue;
using foundation::Outcome;
using partner::Malformed;
using partner::ObjectReading;

namespace {

/// Above any credit there is; keeps times and lists within what can be computed with.
constexpr int count_max = 10'000;
constexpr int time_max = 1'000'000;

/// One entry of `flows`: amounts, and when the first of them moves.
struct FlowGroup {
    std::vector<Decimal> amounts;
    terms::Interval first;
    std::optional<Day> date;
    int step_months = 0;
};

int bounded(ObjectReading& object, std::string_view name, int without) {
    const int value = object.integer(name, without).value_or(without);
    if (value >= -time_max && value <= time_max) return value;
    object.refuse(name, "is beyond all bounds");
    return without;
}

std::optional<Day> date(ObjectReading& object) {
    if (!object.has("date")) return std::nullopt;
    return object.word("date", foundation::parse_day, "is no date");
}

void read_first(ObjectReading& object, FlowGroup& group) {
    group.first = {.months = bounded(object, "months", 0),
                   .weeks = bounded(object, "weeks", 0),
                   .days = bounded(object, "days", 0),
                   .days_in_year = bounded(object, "days_in_year", 365)};
    if (group.first.days_in_year != 365 && group.first.days_in_year != 366)
        object.refuse("days_in_year", "is neither 365 nor 366");
    group.date = date(object);
    if (group.date && (group.first.months != 0 || group.first.weeks != 0 || group.first.days != 0))
        object.refuse("date", "stands beside months, weeks or days");
}

Decimal decimal(JsonValue number, const std::string& path, std::vector<Malformed>& faults) {
    const auto value = number.kind() == JsonKind::number ? Decimal::parse(number.number()) : std::nullopt;
    if (!value) faults.push_back({path, "must be a number of at most four decimals"});
    return value.value_or(Decimal{});
}

FlowGroup read_group(JsonValue json, const std::string& path, std::vector<Malformed>& faults) {
    FlowGroup group;
    ObjectReading object(json, path, faults);
    const bool has_list = object.has("amounts");
    if (object.has("amount") == has_list) object.refuse("amount", "or a list of `amounts` is needed, not both");
    const int count = bounded(object, "count", 1);
    if (count < 1 || count > count_max)
        object.refuse("count", "is 1 to " + std::to_string(count_max));
    else if (has_list && count != 1)
        object.refuse("count", "goes with `amount`");
    else if (has_list && json.find("amounts")->kind() != JsonKind::array)
        object.refuse("amounts", "must be an array");
    else if (has_list)
        json.find("amounts")->each(
            [&](JsonValue amount) { group.amounts.push_back(decimal(amount, path + ".amounts", faults)); });
    else if (object.has("amount"))
        group.amounts.assign(static_cast<std::size_t>(count), decimal(*json.find("amount"), path + ".amount", faults));
    group.step_months = bounded(object, "step_months", 0);
    object.optional_object("first", [&](ObjectReading& first) {
        read_first(first, group);
        return 0;
    });
    if (const auto own_date = date(object)) group.date = own_date;
    return group;
}

/// The day from which dates are counted: that of the first drawdown. Nothing, where no drawdown has a date.
std::optional<Day> start_of(const std::vector<FlowGroup>& groups) {
    std::optional<Day> start;
    for (const FlowGroup& group : groups) {
        const bool pays_out = std::ranges::any_of(group.amounts, [](Decimal amount) { return amount.units() > 0; });
        if (group.date && pays_out && (!start || *group.date < *start)) start = group.date;
    }
    return start;
}

}  // namespace

Outcome<std::vector<terms::CashFlow>, std::vector<Malformed>> parse_cash_flows(std::string_view json,
                                                                               const FlowTimes& times) {
    const auto document = foundation::JsonDocument::parse(json);
    if (!document)
        return std::unexpected(
            std::vector<Malformed>{{document.error().where, std::string(describe(document.error().kind))}});
    std::vector<Malformed> faults;
    std::vector<FlowGroup> groups;
    const auto list = document->root().kind() == JsonKind::object ? document->root().find("flows") : std::nullopt;
    if (!list || list->kind() != JsonKind::array)
        faults.push_back({"$.flows", "is missing: a list of cash flows"});
    else
        list->each([&](JsonValue one) {
            groups.push_back(read_group(one, "$.flows[" + std::to_string(groups.size()) + ']', faults));
        });
    const auto start = start_of(groups);
    const bool has_dates = std::ranges::any_of(groups, [](const FlowGroup& group) { return group.date.has_value(); });
    if (faults.empty() && has_dates && !start)
        faults.push_back({"$.flows", "have dates, but no drawdown has: they are counted from the first one's"});
    if (!faults.empty()) return std::unexpected(std::move(faults));

    std::vector<terms::CashFlow> flows;
    for (const FlowGroup& group : groups) {
        terms::Interval at = group.first;
        int months = 0;
        for (const Decimal amount : group.amounts) {
            if (group.date)
                at = terms::interval_between(times.rule, times.unit, *start, terms::months_later(*group.date, months));
            flows.push_back({amount, at});
            months += group.step_months;
            at.months = group.first.months + months;
        }
    }
    return flows;
}

}  // namespace saldo::cli
