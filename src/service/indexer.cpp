#include "service/indexer.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include "foundation/id.hpp"
#include "ledger/event_codec.hpp"
#include "ledger/posting.hpp"
#include "projection/search_words.hpp"

namespace saldo::service {

namespace {

constexpr int page_size = 2000;
constexpr std::size_t partners_max = 200'000;

const ledger::Authorisation* authorisation_in(const ledger::Event& event) {
    if (const auto* authorised = std::get_if<ledger::Authorised>(&event)) return &authorised->authorisation;
    if (const auto* declined = std::get_if<ledger::Declined>(&event)) return &declined->authorisation;
    return nullptr;
}

/// When time may next change the purchase, as far as this event says.
std::optional<foundation::Instant> due_after(const ledger::Event& event) {
    if (const auto* authorised = std::get_if<ledger::Authorised>(&event)) return authorised->authorisation.expires;
    if (const auto* changed = std::get_if<ledger::ExpiryChanged>(&event)) return changed->expires;
    return std::nullopt;
}

}  // namespace

IndexBatch index_batch(const std::vector<EventRecord>& page,
                       const std::function<std::string(const StreamName&)>& partner_of) {
    IndexBatch batch;
    std::unordered_map<std::string_view, std::string> partners;
    for (const EventRecord& record : page) {
        if (!foundation::is_transaction_id(record.stream.name)) continue;
        // Words and amounts stand in the open: no key is needed, and an erased purchase is indexed like any other.
        const ledger::Event event = ledger::decode(record.type, record.schema_version, record.body, std::nullopt);
        auto partner = partners.find(record.stream.name);
        if (partner == partners.end()) {
            const ledger::Authorisation* authorisation = authorisation_in(event);
            partner =
                partners
                    .emplace(record.stream.name, authorisation ? authorisation->partner_id : partner_of(record.stream))
                    .first;
        }
        for (auto& [field, word] : projection::search_words(record.stream.name, event))
            batch.terms.push_back({partner->second, std::move(word), std::string(field), record.stream.name});
        for (const ledger::Posting& posting : ledger::postings_of(event)) {
            const bool is_debit = posting.side == ledger::Posting::Side::debit;
            batch.changes.push_back({.partner_id = partner->second,
                                     .account = std::string(ledger::name_of(posting.account)),
                                     .currency = std::string(posting.amount.currency().code()),
                                     .debit_minor = is_debit ? posting.amount.minor() : 0,
                                     .credit_minor = is_debit ? 0 : posting.amount.minor()});
        }
        if (const auto at = due_after(event)) batch.due.push_back({*at, record.stream.name});
    }
    return batch;
}

Indexer::Indexer(EventStore& store, SearchIndex& index, int pause_ms)
    : index_(index), reader_(store.reader()), thread_([this, pause_ms] { run(pause_ms); }) {}

Indexer::~Indexer() {
    {
        const std::scoped_lock lock(pause_guard_);
        stops_ = true;
    }
    stopped_.notify_all();
    thread_.join();
}

void Indexer::run(int pause_ms) {
    std::unique_lock lock(pause_guard_);
    while (!stopped_.wait_for(lock, std::chrono::milliseconds{pause_ms}, [this] { return stops_; })) {
        lock.unlock();
        try {
            const std::scoped_lock work(guard_);
            catch_up();
        } catch (const std::exception&) {
            // Nothing is lost: the log is the truth, and the next question or the next turn tries again and tells.
        }
        lock.lock();
    }
}

std::string Indexer::partner_of(const StreamName& stream) {
    if (const auto known = partners_.find(stream.name); known != partners_.end()) return known->second;
    const StreamContent content = reader_->read(stream);
    if (content.events.empty()) return {};
    const EventRecord& first = content.events.front();
    const ledger::Event event = ledger::decode(first.type, first.schema_version, first.body, std::nullopt);
    const ledger::Authorisation* authorisation = authorisation_in(event);
    if (partners_.size() >= partners_max) partners_.clear();
    return partners_[stream.name] = authorisation ? authorisation->partner_id : std::string{};
}

void Indexer::catch_up() {
    for (LogCursor cursor = index_.cursor();;) {
        LogReader::Page page;
        try {
            page = reader_->read_after(cursor, page_size);
        } catch (const CursorUnknown&) {
            // The log was restored from a backup: what was derived from the other one goes with it.
            index_.clear();
            partners_.clear();
            cursor = {};
            continue;
        }
        if (page.events.empty()) return;
        index_.apply(index_batch(page.events, [this](const StreamName& stream) { return partner_of(stream); }),
                     page.next);
        cursor = std::move(page.next);
    }
}

std::vector<SearchTerm> Indexer::find(std::string_view partner_id, std::string_view word, const SearchTerm* after,
                                      int limit) {
    const std::scoped_lock lock(guard_);
    catch_up();
    return index_.find(partner_id, word, after, limit);
}

Indexer::Sums Indexer::sums(std::string_view partner_id) {
    const std::scoped_lock lock(guard_);
    catch_up();
    return {index_.sums(partner_id), index_.cursor()};
}

std::vector<DueEntry> Indexer::due(foundation::Instant until, int limit) {
    const std::scoped_lock lock(guard_);
    catch_up();
    return index_.due(until, limit);
}

void Indexer::forget(const std::vector<DueEntry>& looked_at) {
    const std::scoped_lock lock(guard_);
    index_.forget(looked_at);
}

}  // namespace saldo::service
