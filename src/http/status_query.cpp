#include "http/status_query.hpp"

#include <utility>

#include "http/problem.hpp"
#include "http/url.hpp"

namespace saldo::http {

using foundation::Day;
using foundation::Outcome;
using projection::Include;

namespace {

constexpr QueryFault invalid_include{
    .code = "INVALID_INCLUDE",
    .detail = "include names a block that there is not.",
    .hint = "The blocks are basket, payment_method, payment_status, dunning_status and all, with commas between them."};

constexpr QueryFault invalid_as_of{.code = "INVALID_AS_OF", .detail = "as_of is not one date of the form YYYY-MM-DD."};

bool add_block(Include& include, std::string_view name) {
    if (name == "basket")
        include.basket = true;
    else if (name == "payment_method")
        include.payment_method = true;
    else if (name == "payment_status")
        include.payment_status = true;
    else if (name == "dunning_status")
        include.dunning_status = true;
    else if (name == "all")
        include = Include::everything();
    else
        return false;
    return true;
}

bool add_blocks(Include& include, std::string_view list) {
    while (true) {
        const std::size_t comma = list.find(',');
        if (!add_block(include, list.substr(0, comma))) return false;
        if (comma == std::string_view::npos) return true;
        list.remove_prefix(comma + 1);
    }
}

}  // namespace

const QueryFault as_of_in_future{.code = "AS_OF_IN_FUTURE",
                                 .detail = "as_of lies after today in the partner's time zone."};

std::vector<std::string> parameters_of(const Request& request, std::string_view name) {
    std::vector<std::string> values;
    if (request.query.empty()) return values;
    auto parameters = parse_query(request.query);
    if (!parameters) return values;
    for (QueryParameter& parameter : *parameters)
        if (parameter.name == name) values.push_back(std::move(parameter.value));
    return values;
}

Response query_problem(int status, const QueryFault& fault, const Request& request) {
    return problem_response({.status = status,
                             .code = fault.code,
                             .detail = fault.detail,
                             .request_id = request.request_id,
                             .hint = fault.hint});
}

Outcome<std::optional<Include>, QueryFault> include_of(const Request& request) {
    const auto lists = parameters_of(request, "include");
    if (lists.empty()) return std::nullopt;
    Include include;
    for (const std::string& list : lists)
        if (!add_blocks(include, list)) return std::unexpected(invalid_include);
    return include;
}

Outcome<std::optional<Day>, QueryFault> as_of_of(const Request& request) {
    const auto days = parameters_of(request, "as_of");
    if (days.empty()) return std::nullopt;
    const auto day = days.size() == 1 ? foundation::parse_day(days[0]) : std::nullopt;
    if (!day) return std::unexpected(invalid_as_of);
    return day;
}

}  // namespace saldo::http
