#include "foundation/phone_number.hpp"

#include <array>
#include <utility>

namespace saldo::foundation {

namespace {

/// National numbers begin with a 0 that the international form leaves out.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> country_codes{
    {{"DE", "49"}, {"AT", "43"}, {"CH", "41"}, {"NL", "31"}, {"FR", "33"}, {"BE", "32"}, {"LU", "352"}}};

std::string_view country_code_of(std::string_view country) {
    for (const auto& [name, code] : country_codes)
        if (name == country) return code;
    return {};
}

}  // namespace

std::optional<std::string> phone_number(std::string_view typed, std::string_view country) {
    std::string digits;
    bool is_international = false;
    for (const char c : typed) {
        if (c >= '0' && c <= '9') {
            digits += c;
        } else if (c == '+' && digits.empty() && !is_international) {
            is_international = true;
        } else if (std::string_view(" -/().").find(c) == std::string_view::npos) {
            return std::nullopt;
        }
    }
    const std::string_view code = country_code_of(country);
    if (!is_international && digits.starts_with("00")) {
        digits.erase(0, 2);
    } else if (!is_international && digits.starts_with("0") && !code.empty()) {
        digits.replace(0, 1, code);
    } else if (!is_international) {
        return std::nullopt;
    }
    // People write +49 (0) 171: the zero in brackets is dialled at home alone.
    if (!code.empty() && digits.starts_with(std::string(code) + '0')) digits.erase(code.size(), 1);
    if (digits.size() < 7 || digits.size() > 15 || digits.starts_with('0')) return std::nullopt;
    return '+' + digits;
}

}  // namespace saldo::foundation
