// What plans are called in contracts, settings and explanations.

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "terms/apr.hpp"
#include "terms/instalment_plan.hpp"

namespace saldo::terms {

namespace {

template <class Enum>
struct Word {
    Enum value;
    std::string_view name;
};

template <class Enum>
struct Reason {
    Enum refusal;
    std::string_view name;
    std::string_view sentence;
};

constexpr std::array conventions{
    Word{PlanConvention::gateway, "gateway"},       Word{PlanConvention::nominal_monthly, "nominal_monthly"},
    Word{PlanConvention::thirty_360, "30/360"},     Word{PlanConvention::actual_365, "act/365"},
    Word{PlanConvention::actual_actual, "act/act"},
};
constexpr std::array time_rules{Word{AprTimeRule::eu_remark_c, "eu"}, Word{AprTimeRule::actual_365, "act/365"}};
constexpr std::array units{Word{PeriodUnit::year, "year"}, Word{PeriodUnit::month, "month"},
                           Word{PeriodUnit::week, "week"}};
constexpr std::array unscheduled_words{Word{UnscheduledPayments::shorten, "shorten"},
                                       Word{UnscheduledPayments::lower, "lower"}};

constexpr std::array plan_refusals{
    Reason{PlanRefusal::credit_not_positive, "CREDIT_NOT_POSITIVE", "The amount has to be above 0."},
    Reason{PlanRefusal::credit_too_high, "CREDIT_TOO_HIGH", "The amount is above the highest that is computed with."},
    Reason{PlanRefusal::currency_not_of_the_terms, "CURRENCY_NOT_OF_THE_TERMS",
           "There are no instalments in this currency."},
    Reason{PlanRefusal::number_of_instalments_not_allowed, "NUMBER_OF_INSTALMENTS_NOT_ALLOWED",
           "This number of instalments is not allowed; no plan has fewer than 1 or more than 120."},
    Reason{PlanRefusal::payment_day_not_allowed, "PAYMENT_DAY_NOT_ALLOWED",
           "Instalments do not fall due on this day of the month."},
    Reason{PlanRefusal::interest_rate_too_high, "INTEREST_RATE_TOO_HIGH",
           "The interest rate is above the highest that is agreed."},
    Reason{PlanRefusal::credit_too_small_for_the_number, "CREDIT_TOO_SMALL_FOR_THE_NUMBER",
           "The amount is less than a cent for each instalment."},
    Reason{PlanRefusal::never_repaid, "NEVER_REPAID",
           "The instalment does not exceed the interest of a month: it would never repay the amount."},
    Reason{PlanRefusal::wished_rate_too_low, "WISHED_RATE_TOO_LOW",
           "No allowed number of instalments has one as small as wished."},
    Reason{PlanRefusal::instalment_too_low, "INSTALMENT_TOO_LOW",
           "The instalment is below the smallest that is agreed."},
    Reason{PlanRefusal::effective_rate_too_high, "EFFECTIVE_RATE_TOO_HIGH",
           "The effective annual rate is above the cap of the buyer's country."},
};

constexpr std::array apr_refusals{
    Reason{AprRefusal::no_drawdown, "NO_DRAWDOWN", "Nothing goes to the consumer: no amount is above 0."},
    Reason{AprRefusal::no_payment, "NO_PAYMENT", "Nothing comes back: no amount is below 0."},
    Reason{AprRefusal::no_solution, "NO_SOLUTION", "No rate makes drawdowns and payments equal."},
    Reason{AprRefusal::out_of_range, "OUT_OF_RANGE", "The rate is beyond all bounds."},
};

template <class Table, class Enum>
constexpr std::string_view word_of(const Table& table, Enum value) {
    for (const auto& one : table)
        if (one.value == value) return one.name;
    std::unreachable();
}

template <class Enum, std::size_t size>
constexpr std::optional<Enum> value_of(const std::array<Word<Enum>, size>& table, std::string_view name) {
    for (const auto& one : table)
        if (one.name == name) return one.value;
    return std::nullopt;
}

template <class Table, class Enum>
constexpr const auto& reason_of(const Table& table, Enum refusal) {
    for (const auto& one : table)
        if (one.refusal == refusal) return one;
    std::unreachable();
}

}  // namespace

std::string_view name_of(PlanConvention convention) {
    return word_of(conventions, convention);
}

std::optional<PlanConvention> plan_convention(std::string_view name) {
    return value_of(conventions, name);
}

std::string_view name_of(AprTimeRule rule) {
    return word_of(time_rules, rule);
}

std::optional<AprTimeRule> apr_time_rule(std::string_view name) {
    return value_of(time_rules, name);
}

std::optional<PeriodUnit> period_unit(std::string_view name) {
    return value_of(units, name);
}

std::string_view name_of(UnscheduledPayments unscheduled) {
    return word_of(unscheduled_words, unscheduled);
}

std::optional<UnscheduledPayments> unscheduled_payments(std::string_view name) {
    return value_of(unscheduled_words, name);
}

std::string_view name_of(PlanRefusal refusal) {
    return reason_of(plan_refusals, refusal).name;
}

std::string_view explain(PlanRefusal refusal) {
    return reason_of(plan_refusals, refusal).sentence;
}

std::string_view name_of(AprRefusal refusal) {
    return reason_of(apr_refusals, refusal).name;
}

std::string_view explain(AprRefusal refusal) {
    return reason_of(apr_refusals, refusal).sentence;
}

}  // namespace saldo::terms
