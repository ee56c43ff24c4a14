#pragma once

#include <string_view>
#include <vector>

#include "foundation/outcome.hpp"
#include "partner/contract_json.hpp"
#include "terms/apr.hpp"

namespace saldo::cli {

/// How the times of cash flows that come with dates are counted.
struct FlowTimes {
    terms::AprTimeRule rule = terms::AprTimeRule::eu_remark_c;
    terms::PeriodUnit unit = terms::PeriodUnit::month;
};

/// Reads cash flows out of `{"flows": [...]}`, what else stands in it being no matter. A flow is an `amount` (positive
/// to the consumer), which `count` repeats, or a list of `amounts`; `first` says when the first of them moves, in
/// `months`, `weeks` and `days` (over `days_in_year`) from the first drawdown or by its `date`; `step_months` lie
/// between them. Names everything that is wrong.
foundation::Outcome<std::vector<terms::CashFlow>, std::vector<partner::Malformed>> parse_cash_flows(
    std::string_view json, const FlowTimes& times);

}  // namespace saldo::cli
