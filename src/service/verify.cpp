#include "service/verify.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "foundation/id.hpp"
#include "ledger/event_codec.hpp"
#include "ledger/posting.hpp"
#include "projection/open_claim.hpp"
#include "service/indexer.hpp"
#include "service/partners.hpp"
#include "service/purchase_fold.hpp"

namespace saldo::service {

namespace {

using foundation::Bucket;
using foundation::Digest;
using foundation::Instant;

constexpr int page_size = 2000;
constexpr std::int64_t events_between_reports = 5000;
constexpr std::string_view partner_prefix = "partner/";

/// The end of a bucket's chain.
struct Head {
    std::int64_t position = 0;
    Digest hash{};
};
using Heads = std::array<Head, foundation::bucket_count>;

/// Leaves the whole verification; caught where it began.
struct Found {
    StoreFault fault;
};

std::string place_of(const EventRecord& record) {
    return "bucket " + std::to_string(record.stream.bucket) + ", position " + std::to_string(record.position) +
           " (event " + std::to_string(record.seq) + " of " + record.stream.name + ')';
}

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
using Sums = std::map<AccountKey, Sides>;

void add_to(Sums& sums, const AccountChange& change) {
    Sides& sides = sums[{change.partner_id, change.currency, change.account}];
    sides.debit += change.debit_minor;
    sides.credit += change.credit_minor;
}

/// One verification under way.
class Verification {
  public:
    explicit Verification(const VerifyInput& input) : in_(input), heads_(std::make_unique<Heads>()) {}

    Verified run() {
        try {
            note_index();
            check_chains();
            check_streams();
            check_sums();
            check_surplus_words();
        } catch (Found& found) {
            result_.fault = std::move(found.fault);
        }
        return result_;
    }

  private:
    void note_index();
    void check_chains();
    void check_link(const EventRecord& record);
    void check_streams();
    void check_stream(const StreamName& stream);
    void check_numbers(const StreamName& stream, const std::vector<EventRecord>& events);
    void check_purchase(const StreamName& stream, const StreamContent& content);
    void check_money(const Purchase& purchase, const std::vector<EventRecord>& events);
    void check_words(const std::vector<EventRecord>& events, const std::string& partner_id);
    void check_sums();
    void check_surplus_words();
    bool is_indexed(const EventRecord& record) const;
    void tell_progress(std::int64_t done, std::int64_t total);

    const VerifyInput& in_;
    Verified result_;
    std::unique_ptr<Heads> heads_;  ///< as of the end of the log that this looks at
    Instant newest_;
    std::int64_t events_in_streams_ = 0, told_at_ = 0;

    LogCursor index_cursor_;
    std::vector<AccountChange> index_sums_;              ///< as of that cursor
    std::map<Bucket, std::int64_t> first_behind_index_;  ///< positions the index has not come to
    Sums sums_;                                          ///< computed, as of that cursor
    std::int64_t words_ = 0;                             ///< computed, as of that cursor
};

void Verification::tell_progress(std::int64_t done, std::int64_t total) {
    if (!in_.progress || done - told_at_ < events_between_reports) return;
    told_at_ = done;
    in_.progress(done, total);
}

/// The index moves on under a running server: its sums are taken together with the cursor they are of.
void Verification::note_index() {
    do {
        index_cursor_ = in_.index.cursor();
        index_sums_ = in_.index.sums("");
    } while (in_.index.cursor() != index_cursor_);
    try {
        for (LogCursor at = index_cursor_;;) {
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

void Verification::check_chains() {
    for (LogCursor at;;) {
        const LogReader::Page page = in_.log.read_after(at, page_size);
        if (page.events.empty()) return;
        for (const EventRecord& record : page.events) check_link(record);
        result_.events += std::ssize(page.events);
        tell_progress(result_.events, 0);
        at = page.next;
    }
}

void Verification::check_link(const EventRecord& record) {
    if (record.stream.bucket >= foundation::bucket_count) report(record, "lies in a bucket that does not exist.");
    Head& head = (*heads_)[record.stream.bucket];
    if (record.position != head.position + 1)
        report(record, "does not follow position " + std::to_string(head.position) +
                           " of its bucket: events are missing or moved.");
    if (record.hash != chained(head.hash, record))
        report(record, "has another hash than its content and the event before it give: one of them was changed.");
    if (record.recorded_at < newest_)
        report(record, "was recorded at " + foundation::utc_text(record.recorded_at) +
                           ", before the event in front of it in the log.");
    head = {.position = record.position, .hash = record.hash};
    newest_ = record.recorded_at;
}

void Verification::check_streams() {
    told_at_ = 0;
    for (int bucket = 0; bucket < foundation::bucket_count; ++bucket)
        for (std::string& name : in_.log.streams(static_cast<Bucket>(bucket), ""))
            check_stream({static_cast<Bucket>(bucket), std::move(name)});
    if (events_in_streams_ != result_.events)
        throw Found{{"the log", "holds " + std::to_string(result_.events) + " events, but its streams hold " +
                                    std::to_string(events_in_streams_) + '.'}};
}

void Verification::check_stream(const StreamName& stream) {
    StreamContent content = in_.log.read(stream);
    // What a server has added since the chains were read is for the next verification.
    const std::int64_t end = (*heads_)[stream.bucket].position;
    std::erase_if(content.events, [end](const EventRecord& record) { return record.position > end; });
    if (content.events.empty()) return;

    ++result_.streams;
    events_in_streams_ += std::ssize(content.events);
    tell_progress(events_in_streams_, result_.events);
    check_numbers(stream, content.events);
    if (foundation::is_transaction_id(stream.name)) return check_purchase(stream, content);
    if (!stream.name.starts_with(partner_prefix)) report(stream, "is neither a purchase's nor a partner's.");
    try {
        partner_of(std::string_view(stream.name).substr(partner_prefix.size()), content.events);
    } catch (const PartnerUnreadable& unreadable) {
        report(stream, unreadable.what());
    }
}

void Verification::check_numbers(const StreamName& stream, const std::vector<EventRecord>& events) {
    std::int64_t seq = 0;
    for (const EventRecord& record : events) {
        if (record.stream != stream) report(record, "is found under the stream " + stream.name + '.');
        if (record.seq != ++seq) report(record, "should be event " + std::to_string(seq) + " of its stream.");
    }
    if (foundation::is_transaction_id(stream.name) && foundation::bucket_of(stream.name) != stream.bucket)
        report(stream, "belongs into bucket " + std::to_string(foundation::bucket_of(stream.name)) + '.');
}

void Verification::check_purchase(const StreamName& stream, const StreamContent& content) {
    Purchase purchase;
    const EventRecord* at = &content.events.front();
    try {
        purchase.transaction.id = stream.name;
        purchase.subject_key = unwrapped_key(in_.master_key, stream.name, content.wrapped_key);
        for (const EventRecord& record : content.events) {
            at = &record;
            add(purchase, record);
        }
    } catch (const std::exception& broken) {
        report(*at, "cannot be read or does not fit what was before: " + std::string(broken.what()));
    }
    check_money(purchase, content.events);
    check_words(content.events, purchase.transaction.authorisation.partner_id);
}

/// Debits equal credits event by event, and what the books say buyers owe is what the documents say is open.
void Verification::check_money(const Purchase& purchase, const std::vector<EventRecord>& events) {
    using Side = ledger::Posting::Side;
    const foundation::Currency currency = purchase.transaction.currency();
    foundation::Money receivable = foundation::Money::zero(currency);
    for (const EventRecord& record : events) {
        foundation::Money balance = foundation::Money::zero(currency);
        for (const ledger::Posting& posting : ledger::postings_of(recorded_of(record, nullptr).event)) {
            const foundation::Money side = posting.side == Side::debit ? posting.amount : -posting.amount;
            balance += side;
            if (posting.account == ledger::Account::buyer_receivables) receivable += side;
        }
        if (!balance.is_zero()) report(record, "books debits and credits that differ by " + balance.text() + '.');
    }
    const foundation::Money open = projection::open_amount(purchase.transaction, foundation::Day::max());
    if (open != receivable)
        report(events.back(), "owes " + open.text() + " by its documents and " + receivable.text() + " by the books.");
}

void Verification::check_words(const std::vector<EventRecord>& events, const std::string& partner_id) {
    std::vector<EventRecord> indexed;
    for (const EventRecord& record : events)
        if (is_indexed(record)) indexed.push_back(record);
    const IndexBatch batch = index_batch(indexed, [&](const StreamName&) { return partner_id; });
    for (const AccountChange& change : batch.changes) add_to(sums_, change);

    std::set<std::tuple<std::string_view, std::string_view>> seen;
    for (const SearchTerm& term : batch.terms) {
        if (!seen.emplace(term.field, term.word).second) continue;
        ++words_;
        // From just before the term on: many purchases may share a word.
        SearchTerm before = term;
        before.transaction_id.pop_back();
        const auto found = in_.index.find(term.partner_id, term.word, &before, 4);
        if (std::ranges::find(found, term) == found.end())
            report(events.front(),
                   "is not found in the index by its " + term.field + "; the index can be deleted and is built again.");
    }
}

void Verification::check_sums() {
    Sums stored;
    for (const AccountChange& sum : index_sums_) add_to(stored, sum);
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

void Verification::check_surplus_words() {
    std::int64_t stored = 0;
    std::optional<SearchTerm> last;
    for (;;) {
        auto page = in_.index.find("", "", last ? &*last : nullptr, page_size);
        if (page.empty()) break;
        stored += std::ssize(page);
        last = std::move(page.back());
    }
    if (in_.index.cursor() != index_cursor_) return;
    result_.searched_for_surplus_words = true;
    if (stored != words_)
        throw Found{{"the index", "has " + std::to_string(stored) + " words where the events give " +
                                      std::to_string(words_) + "; it can be deleted and is built again."}};
}

}  // namespace

Verified verify(const VerifyInput& input) {
    return Verification(input).run();
}

}  // namespace saldo::service
