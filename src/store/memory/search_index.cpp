#include "store/memory/search_index.hpp"

#include "store/folded.hpp"

namespace saldo::store::memory {

using service::AccountChange;
using service::DueEntry;
using service::LogCursor;
using service::SearchTerm;
using service::SessionRow;

LogCursor MemorySearchIndex::cursor() {
    const std::lock_guard hold(guard_);
    return cursor_;
}

void MemorySearchIndex::apply(const service::IndexBatch& batch, const LogCursor& cursor) {
    const std::lock_guard hold(guard_);
    for (const SearchTerm& term : batch.terms)
        terms_.emplace(folded(term.word), term.word, term.field, term.transaction_id, term.partner_id);
    for (const AccountChange& change : batch.changes) {
        auto& [debit, credit] = sums_[{change.partner_id, change.currency, change.account}];
        debit += change.debit_minor;
        credit += change.credit_minor;
    }
    for (const DueEntry& entry : batch.due) due_.emplace(entry.at, entry.stream);
    for (const SessionRow& row : batch.sessions) sessions_[{row.partner_id, row.created, row.session_id}] = row;
    cursor_ = cursor;
}

std::vector<SearchTerm> MemorySearchIndex::find(std::string_view partner_id, std::string_view word,
                                                const SearchTerm* after, int limit) {
    const std::lock_guard hold(guard_);
    const std::string prefix = folded(word);
    std::vector<SearchTerm> found;
    for (auto at = terms_.lower_bound({prefix, "", "", "", ""}); at != terms_.end() && std::ssize(found) < limit;
         ++at) {
        const auto& [folded_word, whole_word, field, transaction_id, partner] = *at;
        if (!folded_word.starts_with(prefix)) break;
        if (!partner_id.empty() && partner != partner_id) continue;
        if (after != nullptr && std::tie(folded_word, whole_word, field, transaction_id) <=
                                    std::tuple(folded(after->word), after->word, after->field, after->transaction_id))
            continue;
        found.push_back({.partner_id = partner, .word = whole_word, .field = field, .transaction_id = transaction_id});
    }
    return found;
}

std::vector<AccountChange> MemorySearchIndex::sums(std::string_view partner_id) {
    const std::lock_guard hold(guard_);
    return sums_of(partner_id);
}

service::SearchIndex::Whole MemorySearchIndex::read_whole(const std::function<void(const SearchTerm&)>& each,
                                                          const std::function<void(const SessionRow&)>& each_session) {
    const std::lock_guard hold(guard_);
    for (const auto& [folded_word, word, field, transaction_id, partner] : terms_)
        each({.partner_id = partner, .word = word, .field = field, .transaction_id = transaction_id});
    for (const auto& [place, row] : sessions_) each_session(row);
    return {.cursor = cursor_, .sums = sums_of("")};
}

std::vector<AccountChange> MemorySearchIndex::sums_of(std::string_view partner_id) const {
    std::vector<AccountChange> found;
    for (const auto& [account, sum] : sums_)
        if (partner_id.empty() || std::get<0>(account) == partner_id)
            found.push_back({.partner_id = std::get<0>(account),
                             .account = std::get<2>(account),
                             .currency = std::get<1>(account),
                             .debit_minor = sum.first,
                             .credit_minor = sum.second});
    return found;
}

std::vector<DueEntry> MemorySearchIndex::due(foundation::Instant until, int limit) {
    const std::lock_guard hold(guard_);
    std::vector<DueEntry> found;
    for (const auto& [at, stream] : due_) {
        if (at > until || std::ssize(found) >= limit) break;
        found.push_back({.at = at, .stream = stream});
    }
    return found;
}

void MemorySearchIndex::sessions(const service::SessionsWanted& wanted, const service::SessionLook& look) {
    const std::lock_guard hold(guard_);
    for (auto at = sessions_.lower_bound({wanted.partner_id, wanted.from, ""}); at != sessions_.end(); ++at) {
        const auto& [partner_id, created, session_id] = at->first;
        if (partner_id != wanted.partner_id || created >= wanted.until) return;
        if (created == wanted.from && session_id <= wanted.after_id) continue;
        const SessionRow& row = at->second;
        const bool is_expired = row.expires && *row.expires <= wanted.as_of;
        if (!look({created, session_id, is_expired ? row.record_once_expired : row.record})) return;
    }
}

void MemorySearchIndex::forget(const std::vector<DueEntry>& looked_at, const std::vector<DueEntry>& next) {
    const std::lock_guard hold(guard_);
    for (const DueEntry& entry : looked_at) due_.erase({entry.at, entry.stream});
    for (const DueEntry& entry : next) due_.emplace(entry.at, entry.stream);
}

void MemorySearchIndex::clear() {
    const std::lock_guard hold(guard_);
    cursor_ = {};
    terms_.clear();
    sums_.clear();
    due_.clear();
    sessions_.clear();
}

}  // namespace saldo::store::memory
