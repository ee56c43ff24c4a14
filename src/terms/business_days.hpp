#pragma once

#include "foundation/calendar.hpp"

namespace saldo::terms {

/// Whose days of rest count: Saturdays and Sundays everywhere, and the holidays of
enum class BusinessCalendar {
    target,       ///< the euro payment system, in which direct debits fall due (ECB, decision of 14 December 2000)
    germany,      ///< holidays of all Länder; those of some only move no due date here
    austria,      ///< Feiertagsruhegesetz
    switzerland,  ///< days on which Swiss interbank clearing rests
    netherlands,  ///< Algemene termijnenwet, article 3, which counts Good Friday too
};

/// Where a day of rest moves to.
enum class Shift {
    none,
    following,           ///< the next business day
    modified_following,  ///< the next, but the one before if that were in another month
    preceding,           ///< the business day before
};

/// Easter Sunday of the Gregorian calendar.
foundation::Day easter_sunday(int year);

bool is_holiday(BusinessCalendar calendar, foundation::Day day);
bool is_business_day(BusinessCalendar calendar, foundation::Day day);

foundation::Day shifted(BusinessCalendar calendar, foundation::Day day, Shift shift);

/// The business day that lies `count` business days after the day (before it, if negative). 0: the day itself.
foundation::Day business_days_later(BusinessCalendar calendar, foundation::Day day, int count);

}  // namespace saldo::terms
