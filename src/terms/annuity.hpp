#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "terms/precision.hpp"

namespace saldo::terms {

/// How the interest of an instalment becomes cents.
enum class InterestRounding {
    each_period,   ///< on the debt in cents, half up
    in_the_total,  ///< as the difference of the running totals of unrounded interest, each half up: the sum is rounded
                   ///< once
};

/// What is done about a last instalment that differs from the others.
enum class LastInstalment {
    takes_the_rest,
    evened,  ///< the others move once towards it by its difference shared among all, if that makes the difference
             ///< smaller
};

/// How a schedule is brought to whole cents.
struct CentRules {
    Rounding instalment = Rounding::half_up;
    InterestRounding interest = InterestRounding::each_period;
    LastInstalment last = LastInstalment::takes_the_rest;
};

/// One instalment in cents, without fees.
struct Part {
    std::int64_t interest = 0;
    std::int64_t repayment = 0;
    bool operator==(const Part&) const = default;
};

/// The instalment that, paid at the end of each period, repays the debt with the last: unrounded. `rates` are the
/// interest of one unit of debt in each period; it is added to the debt after every `capitalised_every` periods and
/// bears no interest before.
template <class Real>
Bounded<Real> regular_instalment(const Bounded<Real>& debt, std::span<const Bounded<Real>> rates,
                                 std::size_t capitalised_every = 1) {
    // What is owed at any time is a x debt - b x instalment: both grow alike, and at the end it is zero.
    Bounded<Real> a{1};
    Bounded<Real> b{0};
    Bounded<Real> a_waiting{0};
    Bounded<Real> b_waiting{0};
    for (std::size_t i = 0; i < rates.size(); ++i) {
        a_waiting = a_waiting + a * rates[i];
        b_waiting = b_waiting + b * rates[i];
        b = b + Bounded<Real>{1};
        if ((i + 1) % capitalised_every != 0 && i + 1 != rates.size()) continue;
        a = a + a_waiting;
        b = b + b_waiting;
        a_waiting = b_waiting = Bounded<Real>{0};
    }
    return debt * a / b;
}

/// The parts of a debt in cents that is repaid in 1 + later_rates.size() instalments, the first with `first_interest`.
///
/// Every instalment but the last repays at least a cent and leaves at least one: a list without elements where that
/// cannot be. Nothing where the precision leaves a rounding in doubt. With `kept_instalment` each instalment is that
/// amount and the last comes as soon as it is enough.
template <class Real>
class Amortisation {
  public:
    Amortisation(std::int64_t debt, Bounded<Real> first_interest, std::span<const Bounded<Real>> later_rates,
                 CentRules rules)
        : debt_(debt), first_interest_(first_interest), later_rates_(later_rates), rules_(rules) {}

    std::optional<std::vector<Part>> parts() const {
        const auto regular = rounded_instalment(rules_.instalment);
        if (!regular) return std::nullopt;
        const auto first_try = parts_paying(*regular);
        if (!first_try) return std::nullopt;
        if (!first_try->empty())
            return rules_.last == LastInstalment::evened ? evened(*first_try, *regular) : first_try;
        // Rounded up, small instalments repay a small debt before the last. Rounded down they cannot.
        const auto lower = rounded_instalment(Rounding::down);
        if (!lower || *lower == *regular) return lower ? first_try : std::nullopt;
        return parts_paying(*lower);
    }

    std::optional<std::vector<Part>> parts_paying(std::int64_t instalment) const {
        return pay(instalment, Ends::planned);
    }
    std::optional<std::vector<Part>> parts_keeping(std::int64_t instalment) const {
        return pay(instalment, Ends::when_repaid);
    }

  private:
    enum class Ends { planned, when_repaid };

    std::optional<std::int64_t> rounded_instalment(Rounding rounding) const {
        std::vector<Bounded<Real>> rates{Bounded<Real>{0}};
        rates.insert(rates.end(), later_rates_.begin(), later_rates_.end());
        return whole(regular_instalment<Real>(Bounded<Real>{debt_} + first_interest_, rates), rounding);
    }

    std::optional<std::vector<Part>> pay(std::int64_t instalment, Ends ends) const {
        std::vector<Part> parts;
        parts.reserve(later_rates_.size() + 1);
        std::int64_t left = debt_;
        std::int64_t interest_total = 0;
        Bounded<Real> unrounded_left{debt_};
        Bounded<Real> unrounded_total{0};
        for (std::size_t i = 0; i <= later_rates_.size(); ++i) {
            std::optional<std::int64_t> interest;
            if (rules_.interest == InterestRounding::each_period) {
                interest =
                    whole(i == 0 ? first_interest_ : Bounded<Real>{left} * later_rates_[i - 1], Rounding::half_up);
            } else {
                const Bounded<Real> unrounded = i == 0 ? first_interest_ : unrounded_left * later_rates_[i - 1];
                unrounded_total = unrounded_total + unrounded;
                unrounded_left = unrounded_left + unrounded - Bounded<Real>{instalment};
                interest = whole(unrounded_total, Rounding::half_up);
                if (interest) *interest -= interest_total;
            }
            if (!interest) return std::nullopt;
            *interest = std::max<std::int64_t>(*interest, 0);  // rounded up, the last cents are paid ahead
            interest_total += *interest;
            const bool is_last =
                i == later_rates_.size() || (ends == Ends::when_repaid && left + *interest <= instalment);
            const std::int64_t repayment = is_last ? left : instalment - *interest;
            left -= repayment;
            if (repayment < 1 || (!is_last && left < 1)) return std::vector<Part>{};
            parts.push_back({*interest, repayment});
            if (is_last) break;
        }
        return parts;
    }

    /// One better try: the last instalment's difference shared among all. (So does Apache Fineract.)
    std::optional<std::vector<Part>> evened(const std::vector<Part>& parts, std::int64_t instalment) const {
        const auto count = static_cast<std::int64_t>(parts.size());
        const auto gap_of = [](const std::vector<Part>& some, std::int64_t regular) {
            return some.back().interest + some.back().repayment - regular;
        };
        const auto size_of = [](std::int64_t gap) { return gap < 0 ? -gap : gap; };
        const std::int64_t gap = gap_of(parts, instalment);
        if (count < 2 || size_of(gap) <= count / 2) return parts;
        const std::int64_t share = (2 * size_of(gap) + count) / (2 * count) * (gap < 0 ? -1 : 1);
        const auto better = parts_paying(instalment + share);
        if (!better) return std::nullopt;
        const bool is_better = !better->empty() && size_of(gap_of(*better, instalment + share)) < size_of(gap);
        return is_better ? *better : parts;
    }

    std::int64_t debt_;
    Bounded<Real> first_interest_;
    std::span<const Bounded<Real>> later_rates_;
    CentRules rules_;
};

}  // namespace saldo::terms
