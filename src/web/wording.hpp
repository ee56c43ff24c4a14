#pragma once

#include <string>
#include <string_view>

#include "foundation/calendar.hpp"
#include "foundation/decimal.hpp"
#include "foundation/money.hpp"
#include "web/texts.hpp"

namespace saldo::web {

/// An amount as the language writes it: `1.234,50 €`, `€1,234.50`, `1 234,50 €`, `€ 1.234,50`. Always all decimals.
std::string money_text(foundation::Money amount, Language language);

/// `0 %`, `9.9%`: a rate in percent.
std::string percent_text(foundation::Decimal rate, Language language);

/// `3. Dezember 2026`, which no line divides.
std::string date_text(foundation::Day day, const Texts& texts);

/// The time of day in a zone: `14:32`.
std::string time_text(foundation::Instant instant, const foundation::Zone& zone);

/// The same to the second: `14:32:05`.
std::string time_with_seconds(foundation::Instant instant, const foundation::Zone& zone);

/// The last four characters behind dots, the country before: `DE •••• 4698`. For an account that the buyer knows.
std::string masked_iban(std::string_view iban);

}  // namespace saldo::web
