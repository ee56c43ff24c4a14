#include "service/verify.hpp"

#include <algorithm>
#include <exception>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "foundation/id.hpp"
#include "ledger/due_amounts.hpp"
#include "ledger/event_codec.hpp"
#include "ledger/posting.hpp"
#include "projection/search_words.hpp"
#include "service/chain_check.hpp"
#include "service/indexer.hpp"
#include "service/partners.hpp"
#include "service/purchase_fold.hpp"
#include "service/session_fold.hpp"
#include "subject/keyed_hash.hpp"

namespace saldo::service {

namespace {

using foundation::Bucket;

/// Few enough that a page is still in the processor's cache when it is looked at.
constexpr int page_size = 100;
constexpr std::int64_t events_between_reports = 5000;
constexpr std::string_view partner_prefix = "partner/";

/// Leaves the whole verification; caught where it began.
struct Found {
    StoreFault fault;
};

[[noreturn]] void report(const EventRecord& record, std::string what) {
    throw Found{{place_of(record), std::move(what)}};
}

[[noreturn]] void report(const StreamName& stream, std::string what) {
    throw Found{{"bucket " + std::to_string(stream.bucket) + ", stream " + stream.name, std::move(what)}};
}

using AccountKey = std::tuple<std::string, std::string, std::string>;  // partner, currency, account
struct Sides {
    std::int64_t debit = 0, credit = 0;
    bool operator==(const Sides&) const = default;
};
using Sums = std::map<AccountKey, Sides, std::less<>>;

Sides& sides_of(Sums& sums, std::string_view partner_id, std::string_view currency, std::string_view account) {
    const auto found = sums.find(std::tuple(partner_id, currency, account));
    if (found != sums.end()) return found->second;
    return sums[{std::string(partner_id), std::string(currency), std::string(account)}];
}

void add_to(Sums& sums, std::string_view partner_id, const ledger::Posting& posting) {
    Sides& sides = sides_of(sums, partner_id, posting.amount.currency().code(), ledger::name_of(posting.account));
    (posting.side == ledger::Posting::Side::debit ? sides.debit : sides.credit) += posting.amount.minor();
}

/// What an event tells beside what it does to its purchase.
struct Told {
    std::vector<ledger::Posting> postings;
    std::vector<std::uint64_t> words;  ///< hashes of its words
};

const std::string& partner_id_of(const Purchase& purchase, const ledger::Event& event) {
    if (const auto* authorised = std::get_if<ledger::Authorised>(&event)) return authorised->authorisation.partner_id;
    if (const auto* declined = std::get_if<ledger::Declined>(&event)) return declined->authorisation.partner_id;
    return purchase.transaction.authorisation.partner_id;
}

/// A purchase as far as the log has told it. Its events are kept as they stand there and folded all at once when it is
/// let go: folded, it takes twice the memory, of which each event would touch many places.
struct Known {
    StreamName stream;
    std::string wrapped_key;  ///< its subject's, when it was begun
    std::vector<EventRecord> events;
    std::size_t counted = 0;  ///< the first so many events were counted when it was let go before
};

/// A purchase that is being folded.
struct Folded {
    Purchase purchase;
    foundation::Money receivable;      ///< what the books say the buyer owes
    bool has_sealed = false;           ///< texts that only the key opens
    std::vector<std::uint64_t> words;  ///< hashes of its words that the index must have
};

/// A session as far as the log has told it.
struct KnownSession {
    StreamName stream;
    CheckoutSession session;
    bool has_key = false;              ///< its subject's, when it was begun
    bool has_sealed = false;           ///< texts that only the key opens
    std::optional<std::uint64_t> row;  ///< hash of the row that the index must have
};

/// The streams of one kind that were heard of last.
template <class Known>
class AtHand {
  public:
    /// Nothing for one that is not at hand.
    Known* find(const StreamName& stream) {
        const auto found = by_name_.find(stream.name);
        if (found == by_name_.end()) return nullptr;
        known_.splice(known_.begin(), known_, found->second);
        return &known_.front();
    }
    Known& add(Known known) {
        known_.push_front(std::move(known));
        by_name_.emplace(known_.front().stream.name, known_.begin());
        return known_.front();
    }
    std::size_t size() const { return known_.size(); }
    bool is_empty() const { return known_.empty(); }
    /// The one that was not heard of for longest.
    const Known& oldest() const { return known_.back(); }
    void forget_oldest() {
        by_name_.erase(known_.back().stream.name);
        known_.pop_back();
    }

  private:
    std::list<Known> known_;  ///< the newest first
    std::unordered_map<std::string_view, typename std::list<Known>::iterator> by_name_;
};

/// A set whose size and sum are known, but not its members: equal sets are equal, others are told apart.
struct Gathered {
    std::int64_t count = 0;
    std::uint64_t sum = 0;

    void add(std::uint64_t hash) {
        ++count;
        sum += hash;
    }
    void take_back(std::uint64_t hash) {
        --count;
        sum -= hash;
    }
    bool operator==(const Gathered&) const = default;
};

/// One verification under way.
class Verification {
  public:
    explicit Verification(const VerifyInput& input) : in_(input), hash_(input.master_key, "verify") { note_anchor(); }

    Verified run() {
        try {
            note_index();
            total_ = in_.log.count();
            read_log([this](EventRecord& record, std::string& key) { check_event(record, key); });
            check_anchor();
            while (!at_hand_.is_empty()) finish_oldest();
            while (!sessions_.is_empty()) finish_oldest_session();
            check_partners();
            check_streams();
            check_sums();
            check_words();
            check_rows();
        } catch (Found& found) {
            result_.fault = std::move(found.fault);
        } catch (const StoreDamaged& damaged) {
            result_.fault = {newest_seen_.empty() ? "the log" : "the log behind " + newest_seen_, damaged.what()};
        }
        return result_;
    }

  private:
    void note_anchor();
    void check_anchor() const;
    void note_index();
    void note_events_behind(LogCursor at);
    template <class Look>
    void read_log(const Look& look);
    void check_event(EventRecord& record, std::string& wrapped_key);
    void check_link(const EventRecord& record);
    void check_purchase(EventRecord& record, std::string& wrapped_key);
    Known read_again(const EventRecord& record);
    void finish_oldest();
    Folded begun(const Known& known) const;
    Told add(Folded& folded, const EventRecord& record);
    void book(Folded& folded, const EventRecord& record, const Told& told) const;
    void derive(Folded& folded, const EventRecord& record, const Told& told);
    void check_session(const EventRecord& record, const std::string& wrapped_key);
    KnownSession begun_session(const EventRecord& record, const std::string& wrapped_key) const;
    KnownSession session_read_again(const EventRecord& record);
    void add(KnownSession& known, const EventRecord& record) const;
    void finish_oldest_session();
    void check_key(const StreamName& stream, bool has_key, bool has_sealed, bool is_erased) const;
    bool is_erased_later(const StreamName& stream) const;
    void check_partners();
    void check_streams();
    void check_sums();
    void check_words();
    void check_rows() const;
    void find_each_word();
    std::uint64_t hash_of(std::string_view partner_id, std::string_view word, std::string_view field,
                          std::string_view transaction_id);
    std::uint64_t hash_of(const SessionRow& row) const;
    bool is_indexed(const EventRecord& record) const;
    void tell_progress();

    const VerifyInput& in_;
    const subject::KeyedHash hash_;
    std::string hashed_;  ///< room that is used again
    Verified result_;
    std::int64_t total_ = 0;  ///< events that are looked at; what is added meanwhile is for the next verification
    ChainCheck chains_;
    std::map<Bucket, ChainEnd> anchored_;
    std::string newest_seen_;  ///< the newest event that could be read, at the end of the last page
    std::int64_t told_at_ = 0;
    AtHand<Known> at_hand_;
    AtHand<KnownSession> sessions_;
    std::map<std::string, std::vector<EventRecord>> partners_;  ///< by the stream's name
    Gathered streams_;

    std::vector<AccountChange> index_sums_;              ///< as of the place that the index has come to
    Gathered index_words_;                               ///< as of that place
    std::map<Bucket, std::int64_t> first_behind_index_;  ///< positions the index has not come to
    Sums sums_;                                          ///< computed, as of that place
    Gathered words_;                                     ///< computed, as of that place
    Gathered index_rows_;                                ///< of sessions, as of that place
    Gathered rows_;                                      ///< computed, as of that place
};

void Verification::tell_progress() {
    if (!in_.progress || result_.events - told_at_ < events_between_reports) return;
    told_at_ = result_.events;
    in_.progress(result_.events, total_);
}

void Verification::note_index() {
    service::SearchIndex::Whole whole = in_.index.read_whole(
        [this](const SearchTerm& term) {
            index_words_.add(hash_of(term.partner_id, term.word, term.field, term.transaction_id));
        },
        [this](const SessionRow& row) { index_rows_.add(hash_of(row)); });
    index_sums_ = std::move(whole.sums);
    note_events_behind(std::move(whole.cursor));
}

/// Under a running server the index lags behind the log.
void Verification::note_events_behind(LogCursor at) {
    try {
        for (;;) {
            LogReader::Page page = in_.log.read_after(at, page_size);
            if (page.events.empty()) return;
            for (const EventRecord& record : page.events)
                first_behind_index_.try_emplace(record.stream.bucket, record.position);
            at = std::move(page.next);
        }
    } catch (const CursorUnknown&) {
        throw Found{{"the index", "is of another log than this one; it can be deleted and is built again."}};
    }
}

bool Verification::is_indexed(const EventRecord& record) const {
    const auto behind = first_behind_index_.find(record.stream.bucket);
    return behind == first_behind_index_.end() || record.position < behind->second;
}

/// The events that there were at the beginning, in the order of the log, each with the key of the stream it begins.
template <class Look>
void Verification::read_log(const Look& look) {
    std::int64_t seen = 0;
    for (LogCursor at; seen < total_;) {
        LogReader::Page page = in_.log.read_after(at, page_size);
        if (page.events.empty())
            throw Found{{"the log", "holds " + std::to_string(seen) + " events, but its streams hold " +
                                        std::to_string(total_) + '.'}};
        newest_seen_ = place_of(page.events.back());
        for (std::size_t i = 0; i < page.events.size() && seen < total_; ++i, ++seen)
            look(page.events[i], page.wrapped_keys[i]);
        at = page.next;
    }
}

/// The event and the key are taken where they are kept.
void Verification::check_event(EventRecord& record, std::string& wrapped_key) {
    check_link(record);
    ++result_.events;
    tell_progress();
    if (record.seq == 1) streams_.add(hash_(record.stream.name));
    if (foundation::is_transaction_id(record.stream.name)) return check_purchase(record, wrapped_key);
    if (is_session(record.stream)) return check_session(record, wrapped_key);
    if (!record.stream.name.starts_with(partner_prefix))
        report(record.stream, "is neither a purchase's, a session's nor a partner's.");
    std::vector<EventRecord>& events = partners_[record.stream.name];
    events.push_back(record);
    if (record.seq != std::ssize(events))
        report(record, "should be event " + std::to_string(std::ssize(events)) + " of its stream.");
}

void Verification::check_link(const EventRecord& record) {
    if (auto wrong = chains_.follow(record)) report(record, *std::move(wrong));
    const auto anchored = anchored_.find(record.stream.bucket);
    if (anchored == anchored_.end() || anchored->second.position != record.position) return;
    if (anchored->second.hash != record.hash)
        report(record, "has another hash than the anchor of " + foundation::utc_text(in_.anchor->made_at) +
                           " saw: the log was written anew, here or before.");
}

void Verification::note_anchor() {
    if (!in_.anchor) return;
    for (const ChainEnd& end : in_.anchor->ends) anchored_.emplace(end.bucket, end);
}

void Verification::check_anchor() const {
    for (const auto& [bucket, end] : anchored_)
        if (const auto at = chains_.end_of(bucket).position; at < end.position)
            throw Found{{"bucket " + std::to_string(bucket) + ", behind position " + std::to_string(at),
                         "events are missing that the anchor of " + foundation::utc_text(in_.anchor->made_at) +
                             " saw, up to position " + std::to_string(end.position) + "."}};
}

void Verification::check_purchase(EventRecord& record, std::string& wrapped_key) {
    if (foundation::bucket_of(record.stream.name) != record.stream.bucket)
        report(record.stream, "belongs into bucket " + std::to_string(foundation::bucket_of(record.stream.name)) + '.');
    Known* known = at_hand_.find(record.stream);
    if (!known) {
        if (at_hand_.size() >= in_.purchases_at_hand) finish_oldest();
        known = &at_hand_.add(record.seq == 1
                                  ? Known{.stream = record.stream, .wrapped_key = std::move(wrapped_key), .events = {}}
                                  : read_again(record));
    }
    const std::int64_t expected = known->events.empty() ? 1 : known->events.back().seq + 1;
    if (record.seq != expected) report(record, "should be event " + std::to_string(expected) + " of its stream.");
    known->events.push_back(std::move(record));
}

/// The purchase as it stood before an event, from its stream.
Known Verification::read_again(const EventRecord& record) {
    StreamContent content = in_.log.read(record.stream);
    std::erase_if(content.events, [&](const EventRecord& one) { return one.position >= record.position; });
    const std::size_t counted = content.events.size();
    return {.stream = record.stream,
            .wrapped_key = std::move(content.wrapped_key),
            .events = std::move(content.events),
            .counted = counted};
}

Folded Verification::begun(const Known& known) const {
    Folded folded;
    folded.purchase.transaction.id = known.stream.name;
    try {
        folded.purchase.subject_key = unwrapped_key(in_.master_key, known.stream.name, known.wrapped_key);
    } catch (const std::exception& broken) {
        report(known.events.front(), "cannot be read or does not fit what was before: " + std::string(broken.what()));
    }
    return folded;
}

/// Folds one more event into a purchase: readable, its seal unbroken, its debits equal to its credits.
Told Verification::add(Folded& folded, const EventRecord& record) {
    Told told;
    try {
        const Purchase& purchase = folded.purchase;
        ledger::Recorded recorded =
            recorded_without_texts(record, purchase.subject_key ? &*purchase.subject_key : nullptr);
        told.postings = ledger::postings_of(recorded.event);
        for (const projection::SearchWord& word : projection::search_words(record.stream.name, recorded.event))
            told.words.push_back(
                hash_of(partner_id_of(purchase, recorded.event), word.word, word.field, record.stream.name));
        ledger::evolve(folded.purchase.transaction, std::move(recorded));
    } catch (const std::exception& broken) {
        report(record, "cannot be read or does not fit what was before: " + std::string(broken.what()));
    }
    folded.has_sealed = folded.has_sealed || !record.sealed.empty();
    book(folded, record, told);
    return told;
}

void Verification::book(Folded& folded, const EventRecord& record, const Told& told) const {
    const foundation::Currency currency = folded.purchase.transaction.currency();
    if (record.seq == 1) folded.receivable = foundation::Money::zero(currency);
    foundation::Money balance = foundation::Money::zero(currency);
    for (const ledger::Posting& posting : told.postings) {
        const foundation::Money side = posting.side == ledger::Posting::Side::debit ? posting.amount : -posting.amount;
        balance += side;
        if (posting.account == ledger::Account::buyer_receivables) folded.receivable += side;
    }
    if (!balance.is_zero()) report(record, "books debits and credits that differ by " + balance.text() + '.');
}

std::uint64_t Verification::hash_of(std::string_view partner_id, std::string_view word, std::string_view field,
                                    std::string_view transaction_id) {
    hashed_.clear();
    for (const std::string_view part : {partner_id, word, field, transaction_id}) {
        hashed_ += part;
        hashed_ += '\0';
    }
    return hash_(hashed_);
}

std::uint64_t Verification::hash_of(const SessionRow& row) const {
    std::string text;
    for (const std::string& part :
         {row.partner_id, foundation::utc_text(row.created), row.session_id, row.record,
          row.expires ? foundation::utc_text(*row.expires) : std::string{}, row.record_once_expired}) {
        text += part;
        text += '\0';
    }
    return hash_(text);
}

/// What the index must know of an event.
void Verification::derive(Folded& folded, const EventRecord& record, const Told& told) {
    if (!is_indexed(record)) return;
    for (const ledger::Posting& posting : told.postings)
        add_to(sums_, folded.purchase.transaction.authorisation.partner_id, posting);
    for (const std::uint64_t hash : told.words) {
        if (std::ranges::find(folded.words, hash) != folded.words.end()) continue;
        folded.words.push_back(hash);
        words_.add(hash);
    }
}

/// Lets a purchase go. What the books say its buyer owes is what its documents say is open, and a key is there until
/// its subject is erased and no longer.
void Verification::finish_oldest() {
    const Known& known = at_hand_.oldest();
    Folded folded = begun(known);
    for (std::size_t i = 0; i < known.events.size(); ++i) {
        const Told told = add(folded, known.events[i]);
        if (i >= known.counted)
            derive(folded, known.events[i], told);
        else
            folded.words.insert(folded.words.end(), told.words.begin(), told.words.end());
    }
    const ledger::Transaction& transaction = folded.purchase.transaction;
    check_key(known.stream, folded.purchase.subject_key.has_value(), folded.has_sealed, transaction.erased);
    const foundation::Money open = ledger::open_amount(transaction, foundation::Day::max());
    if (open != folded.receivable)
        report(known.stream,
               "owes " + open.text() + " by its documents and " + folded.receivable.text() + " by the books.");
    at_hand_.forget_oldest();
}

void Verification::check_key(const StreamName& stream, bool has_key, bool has_sealed, bool is_erased) const {
    if (has_key && is_erased) report(stream, "was erased, but its subject's key is there.");
    if (!has_key && has_sealed && !is_erased && !is_erased_later(stream))
        report(stream, "has lost its subject's key, but was not erased.");
}

void Verification::check_session(const EventRecord& record, const std::string& wrapped_key) {
    if (foundation::bucket_of_uuid(record.stream.name) != record.stream.bucket)
        report(record.stream,
               "belongs into bucket " + std::to_string(foundation::bucket_of_uuid(record.stream.name)) + '.');
    KnownSession* known = sessions_.find(record.stream);
    if (!known) {
        if (sessions_.size() >= in_.purchases_at_hand) finish_oldest_session();
        known = &sessions_.add(record.seq == 1 ? begun_session(record, wrapped_key) : session_read_again(record));
    }
    const std::int64_t expected = known->session.session.version + 1;
    if (record.seq != expected) report(record, "should be event " + std::to_string(expected) + " of its stream.");
    add(*known, record);
}

KnownSession Verification::begun_session(const EventRecord& record, const std::string& wrapped_key) const {
    KnownSession known{.stream = record.stream, .session = {}, .row = {}};
    known.session.session.id = record.stream.name;
    try {
        known.session.subject_key = unwrapped_key(in_.master_key, record.stream.name, wrapped_key);
        known.has_key = known.session.subject_key.has_value();
    } catch (const std::exception& broken) {
        report(record, "cannot be read or does not fit what was before: " + std::string(broken.what()));
    }
    return known;
}

/// The session as it stood before an event, from its stream. Its row was counted when it was let go.
KnownSession Verification::session_read_again(const EventRecord& record) {
    const StreamContent content = in_.log.read(record.stream);
    KnownSession known = begun_session(record, content.wrapped_key);
    for (const EventRecord& before : content.events) {
        if (before.position >= record.position) break;
        add(known, before);
    }
    if (known.row) rows_.take_back(*known.row);
    return known;
}

void Verification::add(KnownSession& known, const EventRecord& record) const {
    try {
        service::add(known.session, record);
    } catch (const std::exception& broken) {
        report(record, "cannot be read or does not fit what was before: " + std::string(broken.what()));
    }
    known.has_sealed = known.has_sealed || !record.sealed.empty();
    if (is_indexed(record)) known.row = hash_of(row_of(known.session.session));
}

void Verification::finish_oldest_session() {
    const KnownSession& known = sessions_.oldest();
    check_key(known.stream, known.has_key, known.has_sealed, known.session.session.erased);
    if (known.row) rows_.add(*known.row);
    sessions_.forget_oldest();
}

void Verification::check_rows() const {
    if (index_rows_ == rows_) return;
    throw Found{{"the index", "tells " + std::to_string(index_rows_.count) + " sessions of which the events give " +
                                  std::to_string(rows_.count) + (index_rows_.count == rows_.count ? " others" : "") +
                                  "; it can be deleted and is built again."}};
}

/// A running server may have erased it since the events were counted; a purchase that was let go may go on.
bool Verification::is_erased_later(const StreamName& stream) const {
    const StreamContent content = in_.log.read(stream);
    return std::ranges::find(content.events, ledger::type_of(ledger::SubjectErased{}), &EventRecord::type) !=
           content.events.end();
}

void Verification::check_partners() {
    for (const auto& [name, events] : partners_) {
        try {
            partner_of(std::string_view(name).substr(partner_prefix.size()), events);
        } catch (const PartnerUnreadable& unreadable) {
            report(events.front().stream, unreadable.what());
        }
    }
}

/// Whoever looks for a stream by its name finds the same ones. Not compared while a server adds to them.
void Verification::check_streams() {
    result_.streams = streams_.count;
    Gathered found;
    for (int bucket = 0; bucket < foundation::bucket_count; ++bucket)
        for (const std::string& name : in_.log.streams(static_cast<Bucket>(bucket), "")) found.add(hash_(name));
    if (in_.log.count() != total_) return;
    if (found != streams_)
        throw Found{{"the log", "begins " + std::to_string(streams_.count) + " streams, but by their names " +
                                    std::to_string(found.count) + (found.count == streams_.count ? " others" : "") +
                                    " are found."}};
}

void Verification::check_sums() {
    Sums stored;
    for (const AccountChange& sum : index_sums_)
        sides_of(stored, sum.partner_id, sum.currency, sum.account) = {sum.debit_minor, sum.credit_minor};
    const auto is_zero = [](const auto& entry) { return entry.second == Sides{}; };
    std::erase_if(stored, is_zero);
    std::erase_if(sums_, is_zero);
    std::map<std::string, Sides> by_currency;
    for (const auto& [key, sides] : sums_) {
        const auto& [partner_id, currency, account] = key;
        const auto there = stored.find(key);
        if (there == stored.end() || there->second != sides)
            throw Found{{std::string("the index, account ")
                             .append(account)
                             .append(" of partner ")
                             .append(partner_id)
                             .append(" in ")
                             .append(currency),
                         "has another sum than the events give; the index can be deleted and is built again."}};
        by_currency[currency].debit += sides.debit;
        by_currency[currency].credit += sides.credit;
    }
    if (stored.size() != sums_.size())
        throw Found{{"the index", "has a sum that no event gives; it can be deleted and is built again."}};
    for (const auto& [currency, sides] : by_currency)
        if (sides.debit != sides.credit) throw Found{{"the books in " + currency, "debits and credits differ."}};
}

void Verification::check_words() {
    if (index_words_ == words_) return;
    find_each_word();  // names the first that is missing
    throw Found{{"the index", "has " + std::to_string(index_words_.count) + " words where the events give " +
                                  std::to_string(words_.count) + "; it can be deleted and is built again."}};
}

/// The long way: asks the index for every word that an event gives.
void Verification::find_each_word() {
    std::unordered_map<std::string, std::string> partners;  // by purchase
    read_log([&](const EventRecord& record, const std::string&) {
        if (!foundation::is_transaction_id(record.stream.name) || !is_indexed(record)) return;
        const ledger::Event event = recorded_of(record, nullptr).event;
        std::string& partner_id = partners[record.stream.name];
        if (record.seq == 1) partner_id = partner_id_of({}, event);
        for (const auto& [field, word] : projection::search_words(record.stream.name, event)) {
            const SearchTerm term{partner_id, word, std::string(field), record.stream.name};
            // From just before the term on: many purchases may share a word.
            SearchTerm before = term;
            before.transaction_id.pop_back();
            const auto found = in_.index.find(term.partner_id, term.word, &before, 4);
            if (std::ranges::find(found, term) == found.end())
                report(record, "is not found in the index by its " + term.field +
                                   "; the index can be deleted and is built again.");
        }
    });
}

}  // namespace

Verified verify(const VerifyInput& input) {
    return Verification(input).run();
}

}  // namespace saldo::service
