#include "service/indexer.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include "checkout/record.hpp"
#include "foundation/id.hpp"
#include "ledger/event_codec.hpp"
#include "ledger/posting.hpp"
#include "ledger/transaction.hpp"
#include "projection/search_words.hpp"
#include "service/session_fold.hpp"

namespace saldo::service {

namespace {

constexpr int page_size = 2000;
constexpr std::size_t partners_max = 200'000;

const ledger::Authorisation* authorisation_in(const ledger::Event& event) {
    if (const auto* authorised = std::get_if<ledger::Authorised>(&event)) return &authorised->authorisation;
    if (const auto* declined = std::get_if<ledger::Declined>(&event)) return &declined->authorisation;
    return nullptr;
}

/// Of a declined purchase its partner's contract says when the buyer is to be forgotten: who looks learns when to look
/// again.
bool declines(const ledger::Event& event) {
    return std::holds_alternative<ledger::Declined>(event) || std::holds_alternative<ledger::CodeGivenUp>(event);
}

}  // namespace

SessionRow row_of(const checkout::Session& session) {
    SessionRow row{.partner_id = session.partner_id,
                   .created = session.created,
                   .session_id = session.id,
                   .record = checkout::record_json(session),
                   .expires = std::nullopt,
                   .record_once_expired = {}};
    if (session.is_over()) return row;
    row.expires = session.expires_at();
    checkout::Session expired = session;
    checkout::evolve(expired, checkout::due_events(session, *row.expires).front());
    row.record_once_expired = checkout::record_json(expired);
    return row;
}

namespace {

/// One page on its way into a batch.
class Gathering {
  public:
    explicit Gathering(const BeforePage& before) : before_(before) {}

    void add(const EventRecord& record) {
        // Words and amounts stand in the open: no key is needed, and an erased purchase is indexed like any other.
        if (foundation::is_transaction_id(record.stream.name))
            add_purchase(record, ledger::decode(record.type, record.schema_version, record.body, std::nullopt));
        else if (is_session(record.stream))
            add_session(record);
    }

    IndexBatch take() && {
        for (const auto& [name, session] : sessions_) batch_.sessions.push_back(row_of(session));
        return std::move(batch_);
    }

  private:
    void add_purchase(const EventRecord& record, const ledger::Event& event) {
        auto partner = partners_.find(record.stream.name);
        if (partner == partners_.end()) {
            const ledger::Authorisation* authorisation = authorisation_in(event);
            partner = partners_
                          .emplace(record.stream.name,
                                   authorisation ? authorisation->partner_id : before_.partner_of(record.stream))
                          .first;
        }
        for (auto& [field, word] : projection::search_words(record.stream.name, event))
            batch_.terms.push_back({partner->second, std::move(word), std::string(field), record.stream.name});
        for (const ledger::Posting& posting : ledger::postings_of(event)) {
            const bool is_debit = posting.side == ledger::Posting::Side::debit;
            batch_.changes.push_back({.partner_id = partner->second,
                                      .account = std::string(ledger::name_of(posting.account)),
                                      .currency = std::string(posting.amount.currency().code()),
                                      .debit_minor = is_debit ? posting.amount.minor() : 0,
                                      .credit_minor = is_debit ? 0 : posting.amount.minor()});
        }
        for (const foundation::Instant at : ledger::times_to_look(event, record.value_date))
            batch_.due.push_back({at, record.stream.name});
        if (declines(event)) batch_.due.push_back({record.recorded_at, record.stream.name});
    }

    void add_session(const EventRecord& record) {
        auto known = sessions_.find(record.stream.name);
        if (known == sessions_.end()) {
            checkout::Session session;
            if (record.seq > 1) session = before_.session_at(record.stream, record.seq - 1);
            session.id = record.stream.name;
            known = sessions_.emplace(record.stream.name, std::move(session)).first;
        }
        checkout::evolve(known->second, session_event_of(record, nullptr));
        // Looked at then, it says itself when to look again: one entry for each session is enough.
        if (record.seq == 1) batch_.due.push_back({known->second.expires_at(), record.stream.name});
    }

    const BeforePage& before_;
    IndexBatch batch_;
    std::unordered_map<std::string_view, std::string> partners_;
    std::map<std::string, checkout::Session, std::less<>> sessions_;
};

}  // namespace

IndexBatch index_batch(const std::vector<EventRecord>& page, const BeforePage& before) {
    Gathering gathering(before);
    for (const EventRecord& record : page) gathering.add(record);
    return std::move(gathering).take();
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
        index_.apply(
            index_batch(page.events, {.partner_of = [this](const StreamName& stream) { return partner_of(stream); },
                                      .session_at = [this](const StreamName& stream,
                                                           std::int64_t seq) { return session_at(stream, seq); }}),
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

void Indexer::forget(const std::vector<DueEntry>& looked_at, const std::vector<DueEntry>& next) {
    const std::scoped_lock lock(guard_);
    index_.forget(looked_at, next);
}

void Indexer::sessions(const SessionsWanted& wanted, const SessionLook& look) {
    const std::scoped_lock lock(guard_);
    catch_up();
    index_.sessions(wanted, look);
}

checkout::Session Indexer::session_at(const StreamName& stream, std::int64_t seq) {
    checkout::Session session;
    session.id = stream.name;
    for (const EventRecord& record : reader_->read(stream).events)
        if (record.seq <= seq) checkout::evolve(session, session_event_of(record, nullptr));
    return session;
}

}  // namespace saldo::service
