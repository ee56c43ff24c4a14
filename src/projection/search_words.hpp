#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/event.hpp"

namespace saldo::projection {

/// A word by which a purchase can be found, and what it is. Nothing that an erasure would have to remove.
struct SearchWord {
    std::string_view field;
    std::string word;
    bool operator==(const SearchWord&) const = default;
};

/// What a day is as a word: a direct debit of the purchase is planned for it.
inline constexpr std::string_view collection_day_field = "collection_day";

/// The words that an event adds to its purchase: ids of either side, the payment reference, the shop's key of the
/// buyer.
std::vector<SearchWord> search_words(std::string_view transaction_id, const ledger::Event& event);

}  // namespace saldo::projection
