#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/calendar.hpp"
#include "foundation/outcome.hpp"
#include "http/message.hpp"
#include "ledger/transaction.hpp"
#include "projection/status.hpp"

namespace saldo::http {

/// The values of a parameter of the query, in order; parameters that nobody asks for are ignored.
std::vector<std::string> parameters_of(const Request& request, std::string_view name);

/// What is wrong with a parameter of a read.
struct QueryFault {
    std::string_view code;  ///< published, e.g. `INVALID_AS_OF`
    std::string_view detail;
    std::string_view hint = {};
};
Response query_problem(int status, const QueryFault& fault, const Request& request);

/// The blocks that `include` names: a list with commas, repeated parameters united; nothing if it is not there.
foundation::Outcome<std::optional<projection::Include>, QueryFault> include_of(const Request& request);

/// The day of `as_of`; nothing if it is not there.
foundation::Outcome<std::optional<foundation::Day>, QueryFault> as_of_of(const Request& request);

/// A day that has not come cannot be told of.
extern const QueryFault as_of_in_future;

}  // namespace saldo::http
