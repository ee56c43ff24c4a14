#include "ledger/payment_reference.hpp"

#include <numeric>
#include <utility>

#include "foundation/digest.hpp"
#include "foundation/outcome.hpp"

namespace saldo::ledger {

using foundation::Bucket;

namespace {

__extension__ typedef unsigned __int128 Wide;

/// How many references there are: 26 x 26 x 10^7 x 26.
constexpr std::uint64_t reference_count = 26ULL * 26 * 10'000'000 * 26;
constexpr std::uint64_t positions_max = reference_count / foundation::bucket_count;

/// number -> number * factor + shift, modulo reference_count: a permutation, since the factor has no divisor in common
/// with it.
struct Scatter {
    std::uint64_t factor;
    std::uint64_t shift;

    explicit Scatter(std::string_view secret) {
        const auto digest = foundation::hmac_sha256(secret, "payment reference");
        const auto number_at = [&](std::size_t at) {
            std::uint64_t number = 0;
            for (std::size_t i = 0; i < 8; ++i) number = number << 8 | digest[at + i];
            return number % reference_count;
        };
        factor = number_at(0);
        while (std::gcd(factor, reference_count) != 1) factor = (factor + 1) % reference_count;
        shift = number_at(8);
    }

    std::uint64_t there(std::uint64_t number) const {
        return static_cast<std::uint64_t>((static_cast<Wide>(number) * factor + shift) % reference_count);
    }
    std::uint64_t back(std::uint64_t number) const {
        const std::uint64_t moved = (number + reference_count - shift) % reference_count;
        return static_cast<std::uint64_t>(static_cast<Wide>(moved) * inverse() % reference_count);
    }

  private:
    std::uint64_t inverse() const {
        // Euclid's algorithm, keeping only the coefficient of `factor`.
        std::int64_t coefficient = 0;
        std::int64_t next_coefficient = 1;
        std::uint64_t rest = reference_count;
        std::uint64_t next_rest = factor;
        while (next_rest != 0) {
            const std::uint64_t quotient = rest / next_rest;
            coefficient =
                std::exchange(next_coefficient, coefficient - static_cast<std::int64_t>(quotient) * next_coefficient);
            rest = std::exchange(next_rest, rest - quotient * next_rest);
        }
        return coefficient < 0 ? reference_count - static_cast<std::uint64_t>(-coefficient)
                               : static_cast<std::uint64_t>(coefficient);
    }
};

bool is_letter(char c) {
    return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool has_form(std::string_view text) {
    if (text.size() != 11) return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (!(i < 2 || i == 9 ? is_letter(text[i]) : is_digit(text[i]))) return false;
    return true;
}

/// The digit that makes the Luhn sum of payload and digit a multiple of ten.
char check_digit(std::string_view payload) {
    std::string digits;
    for (const char c : payload) digits += is_letter(c) ? std::to_string(c - 'A' + 10) : std::string(1, c);
    int sum = 0;
    bool doubled = true;
    for (auto at = digits.rbegin(); at != digits.rend(); ++at) {
        const int digit = (*at - '0') * (doubled ? 2 : 1);
        sum += digit > 9 ? digit - 9 : digit;
        doubled = !doubled;
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

}  // namespace

std::string payment_reference(Bucket bucket, std::int64_t position, std::string_view secret) {
    foundation::ensure(position >= 1 && static_cast<std::uint64_t>(position) <= positions_max,
                       "a bucket has run out of payment references");
    std::uint64_t number =
        Scatter(secret).there((static_cast<std::uint64_t>(position) - 1) * foundation::bucket_count + bucket);
    std::string text(10, ' ');
    const auto letter = [&] {
        const auto c = static_cast<char>('A' + number % 26);
        number /= 26;
        return c;
    };
    text[9] = letter();
    for (std::size_t i = 9; i-- > 2;) {
        text[i] = static_cast<char>('0' + number % 10);
        number /= 10;
    }
    text[1] = letter();
    text[0] = letter();
    text += check_digit(text);
    return text;
}

bool is_payment_reference(std::string_view text) {
    return has_form(text) && text.back() == check_digit(text.substr(0, text.size() - 1));
}

Bucket bucket_of_reference(std::string_view text, std::string_view secret) {
    foundation::ensure(is_payment_reference(text), "a text that is no payment reference has no bucket");
    const auto letter = [](char c) { return static_cast<std::uint64_t>(c - 'A'); };
    std::uint64_t number = letter(text[0]) * 26 + letter(text[1]);
    for (std::size_t i = 2; i < 9; ++i) number = number * 10 + static_cast<std::uint64_t>(text[i] - '0');
    number = number * 26 + letter(text[9]);
    return static_cast<Bucket>(Scatter(secret).back(number) % foundation::bucket_count);
}

std::string clearing_reference(std::string_view payment_reference, int number) {
    std::string digits = std::to_string(number);
    if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
    return std::string(payment_reference) + '-' + digits;
}

}  // namespace saldo::ledger
