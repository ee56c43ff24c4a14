#include "http/saldo_search.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "foundation/base64.hpp"
#include "foundation/json.hpp"
#include "foundation/json_writer.hpp"
#include "ledger/payment_reference.hpp"
#include "projection/search_words.hpp"

namespace saldo::http {

using foundation::base64url;
using foundation::from_base64url;
using foundation::JsonDocument;
using foundation::JsonKind;
using foundation::JsonValue;
using foundation::JsonWriter;
using ledger::Transaction;
using service::SearchTerm;

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool begins_with(std::string_view word, std::string_view searched) {
    return word.size() >= searched.size() &&
           std::ranges::equal(word.substr(0, searched.size()), searched, {}, lower, lower);
}

/// The events of a purchase that bring words, as far as words go.
std::vector<ledger::Event> word_events(const Transaction& transaction) {
    std::vector<ledger::Event> events;
    if (transaction.decline)
        events.emplace_back(ledger::Declined{transaction.authorisation, *transaction.decline});
    else
        events.emplace_back(ledger::Authorised{transaction.authorisation, transaction.payment_reference});
    for (const auto& change : transaction.changes)
        std::visit([&](const auto& what) { events.emplace_back(what); }, change.what);
    for (const auto& shipping : transaction.shipping_informations) events.emplace_back(shipping.what);
    for (const auto& settlement : transaction.settlements) events.emplace_back(settlement.what);
    for (const auto& fee : transaction.fees) events.emplace_back(fee.what);
    for (const auto& debit : transaction.direct_debits)
        if (debit.returned) events.emplace_back(debit.returned->what);
    return events;
}

}  // namespace

std::string search_cursor(std::string_view searched, const SearchTerm& last) {
    JsonWriter json;
    json.begin_array()
        .value(searched)
        .value(last.partner_id)
        .value(last.word)
        .value(last.field)
        .value(last.transaction_id)
        .end_array();
    return base64url(std::move(json).finish());
}

std::optional<SearchTerm> search_term_of(std::string_view cursor, std::string_view searched) {
    const auto bytes = from_base64url(cursor);
    const auto json = bytes ? JsonDocument::parse(*bytes) : std::unexpected(foundation::JsonFault{});
    if (!json || json->root().kind() != JsonKind::array || json->root().size() != 5) return std::nullopt;
    std::vector<std::string> parts;
    json->root().each([&](JsonValue part) {
        if (part.kind() == JsonKind::string) parts.emplace_back(part.string());
    });
    if (parts.size() != 5 || parts[0] != searched) return std::nullopt;
    return SearchTerm{.partner_id = std::move(parts[1]),
                      .word = std::move(parts[2]),
                      .field = std::move(parts[3]),
                      .transaction_id = std::move(parts[4])};
}

std::optional<std::string_view> payment_reference_in(std::string_view searched) {
    const std::size_t hyphen = searched.rfind('-');
    if (hyphen == std::string_view::npos) return std::nullopt;
    const std::string_view number = searched.substr(hyphen + 1);
    if (!std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    return searched.substr(0, hyphen);
}

std::vector<SearchTerm> matches_of(const Transaction& transaction, std::string_view searched) {
    std::vector<SearchTerm> matches;
    const auto add = [&](std::string_view field, std::string word) {
        SearchTerm term{.partner_id = transaction.authorisation.partner_id,
                        .word = std::move(word),
                        .field = std::string(field),
                        .transaction_id = transaction.id};
        if (begins_with(term.word, searched) && std::ranges::find(matches, term) == matches.end())
            matches.push_back(std::move(term));
    };
    int invoices = 0;
    for (const ledger::Event& event : word_events(transaction)) {
        for (auto& [field, word] : projection::search_words(transaction.id, event)) add(field, std::move(word));
        if (std::holds_alternative<ledger::Captured>(event))
            add("clearing_reference_number", ledger::clearing_reference(transaction.payment_reference, ++invoices));
    }
    return matches;
}

}  // namespace saldo::http
