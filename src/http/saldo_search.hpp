#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/transaction.hpp"
#include "service/search_index.hpp"

namespace saldo::http {

/// A cursor is the term behind which the next page begins, together with what was searched for. Opaque outside.
std::string search_cursor(std::string_view searched, const service::SearchTerm& last);
/// Nothing for what is no cursor of this search.
std::optional<service::SearchTerm> search_term_of(std::string_view cursor, std::string_view searched);

/// The payment reference in what may be (the beginning of) a clearing reference, `KK7709094U2-001`. The index knows the
/// payment reference alone; which number an invoice has, the purchase knows.
std::optional<std::string_view> payment_reference_in(std::string_view searched);

/// The words of a purchase, its clearing references among them, that begin with `searched`, upper and lower case alike,
/// each once, in the order they came to it.
std::vector<service::SearchTerm> matches_of(const ledger::Transaction& transaction, std::string_view searched);

}  // namespace saldo::http
