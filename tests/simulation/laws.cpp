#include "laws.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "ledger/due_amounts.hpp"
#include "ledger/posting.hpp"
#include "projection/explain.hpp"
#include "projection/status.hpp"
#include "reading.hpp"
#include "service/indexer.hpp"
#include "service/purchase_fold.hpp"
#include "service/verify.hpp"
#include "store/memory/search_index.hpp"

namespace saldo::simulation {

using foundation::Day;
using foundation::Money;
using ledger::Transaction;

namespace {

/// The two documents as they would be sent.
std::pair<std::string, std::string> documents(const Transaction& transaction, Day as_of) {
    const projection::Reading reading{.as_of = as_of, .include = projection::Include::everything()};
    return {projection::transaction_status(transaction, reading), projection::order_status(transaction, reading)};
}

Money sum_of_leaves(const projection::Explanation& node) {
    if (node.parts.empty()) return node.amount;
    Money sum = Money::zero(node.amount.currency());
    for (const auto& part : node.parts) sum += sum_of_leaves(part);
    return sum;
}

/// Both documents of one day say the same, and what the model says. Gives what they say.
scenarios::Summary check_documents(const std::pair<std::string, std::string>& both, const Dossier& dossier, Day day,
                                   Verdict& verdict) {
    const scenarios::Summary summary = scenarios::summary_of(both.first, both.second);
    verdict.add(summary.contradictions);
    const std::string open = "open " + Money{dossier.model.owed_on(day), dossier.transaction.currency()}.text() + ' ';
    verdict.check(std::ranges::any_of(summary.lines, [&](const std::string& line) { return line.starts_with(open); }),
                  "the documents show another open amount than the model");
    return summary;
}

/// Invoices and instalments by the days on which they are due.
void check_due_dates(const scenarios::Summary& summary, const Model& model, Day day, Verdict& verdict) {
    for (const Model::Amount& one : model.amounts_due(day)) {
        const std::string what = model.is_by_instalments() ? "instalment-" + std::to_string(one.number) : " due";
        const std::string said = what + ' ' + foundation::day_text(one.due) + ' ';
        verdict.check(std::ranges::any_of(summary.lines, [&](const std::string& line) { return line.contains(said); }),
                      "the documents show another due date than the model");
    }
}

/// The books of one purchase from its events.
void check_books(const std::vector<service::EventRecord>& events, const Dossier& dossier, Verdict& verdict) {
    std::int64_t debits = 0, credits = 0, receivable = 0;
    for (const service::EventRecord& record : events)
        for (const ledger::Posting& posting : ledger::postings_of(service::recorded_of(record, nullptr).event)) {
            const bool is_debit = posting.side == ledger::Posting::Side::debit;
            (is_debit ? debits : credits) += posting.amount.minor();
            if (posting.account == ledger::Account::buyer_receivables)
                receivable += is_debit ? posting.amount.minor() : -posting.amount.minor();
        }
    verdict.check(debits == credits, "debits are not equal to credits");
    verdict.check(receivable == dossier.model.owed_on(Day::max()), "the buyer's account is not the open amount");
}

/// Each purchase that somebody was shown in an answer is still what the log says of that moment.
void check_acknowledged(const service::Purchase& then, const std::vector<Request>& requests, Verdict& verdict) {
    for (const Request& request : requests)
        if (request.acknowledged && request.acknowledged->transaction.id == then.transaction.id &&
            request.acknowledged->transaction.version == then.transaction.version)
            verdict.check(
                request.acknowledged->hashes == then.hashes && request.acknowledged->transaction == then.transaction,
                "what was acknowledged is not what is stored");
}

}  // namespace

void check_the_end(const Dossier& dossier, const std::vector<Request>& requests, Disk& disk, foundation::Instant now,
                   Fate& fate, Verdict& verdict) {
    const Transaction& transaction = dossier.transaction;
    const service::StreamName stream{.bucket = foundation::bucket_of(dossier.id), .name = dossier.id};
    const service::StreamContent stored = disk.durable().read(stream);

    service::Purchase replayed;
    replayed.transaction.id = stream.name;
    replayed.subject_key = service::unwrapped_key(House::master_key(), stream.name, stored.wrapped_key);
    for (const service::EventRecord& record : stored.events) {
        service::add(replayed, record);
        // The texts of a person who was erased later are gone from every moment.
        if (!dossier.model.is_erased || replayed.transaction.erased) check_acknowledged(replayed, requests, verdict);
    }
    verdict.check(replayed.transaction == transaction, "a replay comes to another purchase");
    verdict.check(replayed.hashes == dossier.hashes, "the log has changed behind its reader");

    const Day today = dossier.model.day_of(now);
    const auto both = documents(transaction, today);
    verdict.check(documents(replayed.transaction, today) == both, "a replay gives other bytes");
    check_due_dates(check_documents(both, dossier, today, verdict), dossier.model, today, verdict);
    const Day past =
        transaction.created_on + foundation::Days{fate.number(0, (today - transaction.created_on).count())};
    check_documents(documents(transaction, past), dossier, past, verdict);

    const projection::Explanation tree = projection::explain(transaction, today);
    verdict.check(tree.amount.minor() == dossier.model.owed_on(today), "explain comes to another open amount");
    verdict.check(sum_of_leaves(tree) == tree.amount || tree.parts.empty(),
                  "the leaves of explain do not sum to the open amount");
    const service::Purchase erased =
        service::purchase_of(House::master_key(), stream, {.events = stored.events, .wrapped_key = {}});
    verdict.check(ledger::open_amount(erased.transaction, today) == tree.amount,
                  "erasing the person changes what is owed");
    check_books(stored.events, dossier, verdict);
}

void check_the_store(Disk& disk, Verdict& verdict) {
    store::memory::MemorySearchIndex index;
    constexpr int page_size = 1000;
    for (service::LogCursor cursor;;) {
        const auto page = disk.durable().read_after(cursor, page_size);
        if (page.events.empty()) break;
        index.apply(service::index_batch(page.events, {}), page.next);  // a world fits into one page
        cursor = page.next;
    }
    const service::Verified verified =
        service::verify({.log = disk.durable(), .index = index, .master_key = House::master_key()});
    verdict.check(!verified.fault, "saldo verify finds fault");
    if (verified.fault) verdict.add({verified.fault->where + ' ' + verified.fault->what});
}

}  // namespace saldo::simulation
