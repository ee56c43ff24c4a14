#include "terms/precision.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include "terms/annuity.hpp"

namespace saldo::terms {
namespace {

Exact exactly(Quick value) {
    return Exact(value);
}

/// Whether Quick's error covers the distance to what 50 digits say.
bool covers(const Bounded<Quick>& quick, const Bounded<Exact>& exact) {
    return abs(exactly(quick.value()) - exact.value()) <= exactly(quick.error()) + exact.error();
}

TEST(Precision, rounds_halves_up_and_says_when_it_cannot_tell) {
    const auto quick = [](std::int64_t numerator, std::int64_t denominator) {
        return Bounded<Quick>::ratio(numerator, denominator);
    };
    EXPECT_EQ(whole(quick(5, 1), Rounding::half_up), 5);
    EXPECT_EQ(whole(quick(249, 100), Rounding::half_up), 2);
    EXPECT_EQ(whole(quick(251, 100), Rounding::half_up), 3);
    EXPECT_EQ(whole(quick(-249, 100), Rounding::half_up), -2);
    EXPECT_EQ(whole(quick(201, 100), Rounding::up), 3);
    EXPECT_EQ(whole(quick(299, 100), Rounding::down), 2);
    EXPECT_EQ(whole(Bounded<Quick>{7}, Rounding::up), 7);
    EXPECT_EQ(whole(Bounded<Quick>{7}, Rounding::down), 7);
    // A third times three halves is a half up to a rounding.
    const auto half = quick(1, 3) * quick(3, 2);
    EXPECT_EQ(whole(half, Rounding::half_up), std::nullopt);
    EXPECT_EQ(whole(half + half, Rounding::up), std::nullopt);
    EXPECT_EQ(sign(half + half - Bounded<Quick>{1}), std::nullopt);
    const auto exact_half = Bounded<Exact>::ratio(1, 3) * Bounded<Exact>::ratio(3, 2);
    EXPECT_EQ(whole(exact_half, Rounding::half_up), 1);
    EXPECT_EQ(whole(exact_half + exact_half, Rounding::up), 1);
    EXPECT_EQ(whole(exact_half + exact_half, Rounding::down), 1);
    EXPECT_EQ(sign(exact_half + exact_half - Bounded<Exact>{1}), 0);
    EXPECT_EQ(sign(exact_half), 1);
    EXPECT_EQ(sign(quick(-1, 3)), -1);
}

RC_GTEST_PROP(Precision, every_operation_stays_within_its_bound, ()) {
    Bounded<Quick> quick{1};
    Bounded<Exact> exact{1};
    const int steps = *rc::gen::inRange(1, 200);
    for (int i = 0; i < steps; ++i) {
        const auto numerator = *rc::gen::inRange<std::int64_t>(1, 1'000'000'000);
        const auto denominator = *rc::gen::inRange<std::int64_t>(1, 1'000'000'000);
        const auto left = Bounded<Quick>::ratio(numerator, denominator);
        const auto right = Bounded<Exact>::ratio(numerator, denominator);
        switch (*rc::gen::inRange(0, 5)) {
            case 0:
                quick = quick + left;
                exact = exact + right;
                break;
            case 1:
                quick = quick - left;
                exact = exact - right;
                break;
            case 2:
                quick = quick * left;
                exact = exact * right;
                break;
            case 3:
                quick = quick / left;
                exact = exact / right;
                break;
            default: {
                if (!(quick.value() > 4 * quick.error())) break;
                const auto top = *rc::gen::inRange<std::int64_t>(-40, 40);
                const auto bottom = *rc::gen::inRange<std::int64_t>(1, 366);
                quick = power(quick, top, bottom);
                exact = power(exact, top, bottom);
            }
        }
        RC_ASSERT(covers(quick, exact));
    }
    RC_ASSERT(covers(whole_power(power(Bounded<Quick>::ratio(137, 100), 1, 12), 120),
                     whole_power(power(Bounded<Exact>::ratio(137, 100), 1, 12), 120)));
}

RC_GTEST_PROP(Precision, where_it_does_not_doubt_it_agrees_with_fifty_digits, ()) {
    const auto debt = *rc::gen::inRange<std::int64_t>(1, 10'000'000);
    const auto rate = *rc::gen::inRange<std::int64_t>(0, 30'000);
    const auto count = *rc::gen::inRange<std::size_t>(0, 119);
    const auto rounding = *rc::gen::element(Rounding::half_up, Rounding::up, Rounding::down);
    const auto interest = *rc::gen::element(InterestRounding::each_period, InterestRounding::in_the_total);
    const auto last = *rc::gen::element(LastInstalment::takes_the_rest, LastInstalment::evened);
    const CentRules rules{rounding, interest, last};
    const auto parts = [&]<class Real>() {
        const std::vector<Bounded<Real>> rates(count, Bounded<Real>::ratio(rate, 1'200'000));
        return Amortisation<Real>{debt, Bounded<Real>{debt} * Bounded<Real>::ratio(rate, 1'000'000), rates, rules}
            .parts();
    };
    const auto quick = parts.operator()<Quick>();
    const auto exact = parts.operator()<Exact>();
    RC_ASSERT(exact.has_value());
    RC_CLASSIFY(!quick.has_value(), "in doubt");
    if (quick) RC_ASSERT(*quick == *exact);
}

}  // namespace
}  // namespace saldo::terms
