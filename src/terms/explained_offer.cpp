#include <numeric>
#include <string>
#include <utility>

#include "terms/instalment_offer.hpp"
#include "terms/schedule.hpp"

namespace saldo::terms {

using foundation::Day;
using foundation::day_text;

namespace {

std::string percent(foundation::Decimal rate) {
    return rate.text() + " %";
}

/// `1 month`, `2 months`.
std::string counted(int number, std::string_view what) {
    return std::to_string(number) + ' ' + std::string(what) + (number == 1 ? "" : "s");
}

std::string text_of(const YearFraction& share) {
    return std::to_string(share.numerator) + '/' + std::to_string(share.denominator);
}

std::string text_of(const Interval& at) {
    std::string text;
    const auto add = [&](int number, int parts) {
        if (number == 0) return;
        text += (text.empty() ? "" : " + ") + std::to_string(number) + '/' + std::to_string(parts);
    };
    add(at.months, 12);
    add(at.weeks, 52);
    add(at.days, at.days_in_year);
    return text.empty() ? "0" : text;
}

DayCount day_count_of(PlanConvention convention) {
    switch (convention) {
        case PlanConvention::thirty_360:
            return DayCount::thirty_e_360_isda;
        case PlanConvention::actual_365:
            return DayCount::actual_365_fixed;
        case PlanConvention::actual_actual:
            return DayCount::actual_actual_day_end;
        case PlanConvention::gateway:
        case PlanConvention::nominal_monthly:
            break;
    }
    std::unreachable();
}

std::string convention_sentence(PlanConvention convention) {
    switch (convention) {
        case PlanConvention::gateway:
            return "the rate is an effective one: interest grows by (1 + rate)^share of the year";
        case PlanConvention::nominal_monthly:
            return "a twelfth of the rate for every period, the first too, however long";
        case PlanConvention::thirty_360:
            return "rate x days / 360, every month of 30 days, its last day being the 30th";
        case PlanConvention::actual_365:
            return "rate x days / 365";
        case PlanConvention::actual_actual:
            return "rate x days / days of their calendar year, a day belonging to its end";
    }
    std::unreachable();
}

std::string monthly_how(PlanConvention convention, foundation::Decimal rate) {
    const std::string rounding = ", half up to two decimals, to be shown; the plan is computed with the unrounded rate";
    if (convention == PlanConvention::gateway) return "(1 + " + percent(rate) + ")^(1/12) - 1" + rounding;
    return percent(rate) + " / 12" + rounding;
}

std::string first_interest_how(const InstalmentOffer& offer, const YearFraction& share) {
    const std::string days = counted(offer.first_period_days, "day") + " from " + day_text(offer.plan.created) +
                             " to " + day_text(offer.first_due);
    switch (offer.convention) {
        case PlanConvention::gateway:
            return days + ", counted with one more: " + offer.cash_price.text() + " x ((1 + " +
                   percent(offer.interest_rate) + ")^(" + text_of(share) + ") - 1)";
        case PlanConvention::nominal_monthly:
            return days + ", counted as a month: " + offer.cash_price.text() + " x " + percent(offer.interest_rate) +
                   " x " + text_of(share);
        case PlanConvention::thirty_360:
        case PlanConvention::actual_365:
        case PlanConvention::actual_actual:
            return days + ": " + offer.cash_price.text() + " x " + percent(offer.interest_rate) + " x " +
                   text_of(share);
    }
    std::unreachable();
}

/// Where interest becomes cents.
std::string interest_rounding(const InstalmentOffer& offer) {
    if (offer.convention == PlanConvention::gateway)
        return "kept unrounded from period to period; the running total is rounded half up, so that the sum is rounded "
               "once";
    return "rounded half up in each period, on the debt in cents";
}

std::string instalment_rounding(const InstalmentOffer& offer) {
    if (offer.convention != PlanConvention::gateway)
        return "half up to the cent, and moved once towards the last where that brings them nearer";
    return offer.interest_rate.is_zero() ? "half up to the cent" : "up to the cent";
}

std::string effective_how(const InstalmentOffer& offer) {
    const InstalmentPlan& plan = offer.plan;
    std::string how = "the X that solves " + plan.credit.text() + " = sum of instalment / (1 + X)^t, with t from " +
                      day_text(plan.created);
    how += offer.apr_time == AprTimeRule::eu_remark_c
               ? " in whole months counted back from each due date and the days before them over the length of "
                 "their year"
               : " in days / 365";
    how += ": " + text_of(offer.first_interval);
    if (plan.instalments.size() > 1)
        how += " to " + text_of(interval_between(offer.apr_time, PeriodUnit::month, plan.created, offer.last_due));
    if (const auto root =
            effective_rate_text(cash_flows_of(offer.apr_time, plan.created, plan.credit, plan.instalments), 6))
        how += "; X = " + *root + " %";
    return how + ", half up to two decimals, once, from the unrounded root";
}

/// Days in years of different lengths in smallest numbers; days of one year as they were counted.
YearFraction readable(YearFraction share) {
    constexpr std::int64_t longest_year = 366;
    if (share.denominator <= longest_year) return share;
    const std::int64_t divisor = std::gcd(share.numerator, share.denominator);
    return {share.numerator / divisor, share.denominator / divisor};
}

}  // namespace

std::vector<YearFraction> counted_periods(const InstalmentOffer& offer) {
    std::vector<YearFraction> shares;
    shares.reserve(offer.plan.instalments.size());
    Day from = offer.plan.created;
    for (const Instalment& one : offer.plan.instalments) {
        const bool is_first = shares.empty();
        if (offer.convention == PlanConvention::gateway && is_first)
            shares.push_back({offer.first_period_days + 1, 365});
        else if (offer.convention == PlanConvention::gateway || offer.convention == PlanConvention::nominal_monthly)
            shares.push_back({1, 12});
        else
            shares.push_back(readable(year_fraction(day_count_of(offer.convention), from, one.due)));
        from = one.due;
    }
    return shares;
}

std::vector<ExplainedNumber> explained(const InstalmentTerms& terms, const InstalmentOffer& offer) {
    const InstalmentPlan& plan = offer.plan;
    const Instalment& first = plan.instalments.front();
    const int count = static_cast<int>(plan.instalments.size());
    const std::string interest = plan.interest().text();
    const std::string charge = plan.service_charge().text();
    std::vector<ExplainedNumber> numbers;
    const auto add = [&](std::string name, std::string value, std::string how) {
        numbers.push_back({std::move(name), std::move(value), std::move(how)});
    };
    add("interest_rate", offer.interest_rate.text(),
        "percent a year by the convention " + std::string(name_of(offer.convention)) + ": " +
            convention_sentence(offer.convention));
    add("monthly_interest_rate", offer.monthly_rate.text(), monthly_how(offer.convention, offer.interest_rate));
    add("first_due_date", day_text(offer.first_due),
        "the first payment day (" + std::to_string(plan.payment_day) + ", or the month's last) at least " +
            counted(terms.days_to_first_due_min, "day") + " after " + day_text(plan.created) +
            "; then the same day of each month");
    add("first_interest", first.interest.text(), first_interest_how(offer, counted_periods(offer).front()));
    add("regular_instalment", offer.regular_rate.text(),
        (first.total() - first.fee).text() + " repays " + offer.cash_price.text() + " with interest in " +
            counted(count, "equal instalment") + ", " + instalment_rounding(offer) + "; + " + first.fee.text() +
            " of the service charge, " + charge + " / " + std::to_string(count) + " up to the cent");
    add("amount_interest", interest, "the sum of all periods, " + interest_rounding(offer));
    add("last_instalment", offer.last_rate.text(),
        "the principal that is left, its interest and the rest of the service charge: the plan ends at exactly 0");
    add("amount_fees", offer.cost_of_credit.text(), interest + " interest + " + charge + " service charge");
    add("amount_total", offer.total_payable.text(),
        offer.cash_price.text() + " + " + offer.cost_of_credit.text() + ", which is the sum of the instalments");
    add("effective_interest_rate", offer.effective_rate.text(), effective_how(offer));
    return numbers;
}

}  // namespace saldo::terms
