// plans [SECONDS]
//
// Instalment plans with their effective annual rate a minute on one core, and for comparison the same plans in doubles,
// as a calculator on a web page would find them: no proof of any rounding, no day count but equal months. Prints one
// line of JSON.

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "foundation/calendar.hpp"
#include "terms/instalment_offer.hpp"

namespace {

using namespace saldo;
using std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::array months{3, 6, 12, 24, 36, 48};

/// The wishes of different buyers, one after another, every plan another.
terms::OfferWish wish_of(std::int64_t number) {
    using foundation::Days;
    const foundation::Day begin{std::chrono::year{2026} / 1 / 1};
    return {.calculated = begin + Days{number % 365},
            .credit = {10'000 + number * 7'919 % 190'000, {}},
            .instalments = months[static_cast<std::size_t>(number) % months.size()]};
}

terms::InstalmentTerms terms_of(std::int64_t number) {
    terms::InstalmentTerms terms;
    terms.interest_rate = foundation::Decimal::of_units(50'000 + number * 31 % 100'000);
    terms.interest_rate_max = foundation::Decimal::of_units(200'000);
    terms.service_charge = {395, {}};
    terms.payment_days = {28};
    return terms;
}

/// Cents of all instalments together, so that no work is left out.
std::int64_t exact_plan(std::int64_t number) {
    const auto found =
        terms::offers(terms_of(number), {.regime = terms::CreditRegime::consumer_credit}, wish_of(number));
    if (!found) std::abort();
    return found->front().total_payable.minor() + found->front().effective_rate.units();
}

std::int64_t rough_plan(std::int64_t number) {
    const terms::OfferWish wish = wish_of(number);
    const int count = wish.instalments.value();
    const double rate = static_cast<double>(terms_of(number).interest_rate.units()) / 1e6;
    const double month = std::pow(1 + rate, 1.0 / 12) - 1;
    const auto credit = static_cast<double>(wish.credit.minor());
    const double instalment = std::ceil(credit * month / (1 - std::pow(1 + month, -count))) + std::ceil(395.0 / count);
    double growth = std::pow(1 + month, -1);
    for (int step = 0; step < 30; ++step) {
        double value = -credit;
        double slope = 0;
        double power = 1;
        for (int i = 1; i <= count; ++i) {
            slope += instalment * i * power;
            power *= growth;
            value += instalment * power;
        }
        const double next = growth - value / slope;
        const bool is_found = std::abs(next - growth) < 1e-13;
        growth = next;
        if (is_found) break;
    }
    return static_cast<std::int64_t>(instalment * count) + static_cast<std::int64_t>(1e6 * std::pow(growth, -12));
}

/// How many a minute, each `plan` another.
template <class Plan>
double plans_a_minute(const Plan& plan, Seconds length, std::int64_t& sum) {
    constexpr std::int64_t plans_a_look = 600;
    std::int64_t made = 0;
    const auto begin = steady_clock::now();
    Seconds taken{};
    do {
        for (std::int64_t i = 0; i < plans_a_look; ++i) sum += plan(made + i);
        made += plans_a_look;
        taken = steady_clock::now() - begin;
    } while (taken < length);
    return static_cast<double>(made) / taken.count() * 60;
}

}  // namespace

int main(int count, char** arguments) {
    const Seconds length{count > 1 ? std::atof(arguments[1]) : 5};
    std::int64_t sum = 0;
    const double exact = plans_a_minute(exact_plan, length, sum);
    const double rough = plans_a_minute(rough_plan, length, sum);
    std::cout << "{\"plans_a_minute\":" << static_cast<std::int64_t>(exact)
              << ",\"in_doubles_a_minute\":" << static_cast<std::int64_t>(rough) << ",\"sum\":" << sum << "}\n";
    return 0;
}
