#include "laws.hpp"

#include <algorithm>
#include <utility>

#include "ledger/event_codec.hpp"
#include "ledger/posting.hpp"
#include "ledger/standing.hpp"
#include "projection/explain.hpp"
#include "projection/open_claim.hpp"
#include "projection/status.hpp"
#include "reading.hpp"

namespace saldo::simulation {

using foundation::Day;
using foundation::Money;
using ledger::Transaction;

namespace {

class Laws {
  public:
    void check(bool holds, const char* law) {
        if (!holds) broken_.emplace_back(law);
    }
    std::vector<std::string> take() && { return std::move(broken_); }
    void add(std::vector<std::string> more) { broken_.insert(broken_.end(), more.begin(), more.end()); }

  private:
    std::vector<std::string> broken_;
};

Money sum_of_leaves(const projection::Explanation& node) {
    if (node.parts.empty()) return node.amount;
    Money sum = Money::zero(node.amount.currency());
    for (const auto& part : node.parts) sum += sum_of_leaves(part);
    return sum;
}

/// The two documents as they would be sent.
std::pair<std::string, std::string> documents(const Transaction& transaction, Day as_of) {
    const projection::Reading reading{.as_of = as_of, .include = projection::Include::everything()};
    return {projection::transaction_status(transaction, reading), projection::order_status(transaction, reading)};
}

/// The purchase from what is stored of its events.
Transaction replayed(const Life& life, bool with_texts) {
    Transaction transaction;
    transaction.id = life.transaction().id;
    for (ledger::Recorded recorded : life.events()) {
        const ledger::EncodedEvent stored = ledger::encode(recorded.event);
        recorded.event = ledger::decode(ledger::type_of(recorded.event), ledger::schema_version, stored.body,
                                        with_texts ? std::optional(stored.texts) : std::nullopt);
        ledger::evolve(transaction, recorded);
    }
    return transaction;
}

}  // namespace

std::vector<std::string> broken_laws(const Life& life) {
    Laws laws;
    const Transaction& transaction = life.transaction();
    const Model& model = life.model();
    const ledger::Standing standing = ledger::standing_of(transaction);
    const Money owed = projection::open_amount(transaction, transaction.zone().day_of(life.now()));
    laws.check(owed.minor() == model.owed(), "the open amount is not what the model says");
    if (!transaction.is_declined()) {
        laws.check(standing.authorised().minor() == model.authorised, "authorised is not what the model says");
        laws.check(standing.captured().minor() == model.captured, "captured is not what the model says");
        laws.check(standing.cancelled().minor() == model.cancelled, "cancelled is not what the model says");
        laws.check(standing.refunded().minor() == model.refunded, "refunded is not what the model says");
    }
    for (const ledger::ShopStanding& shop : standing.shops) {
        laws.check(!shop.open().is_negative(), "shipped + cancelled is more than ordered");
        laws.check(shop.refunded <= shop.captured, "more is refunded than was captured");
    }
    for (std::size_t i = 0; i < standing.lines.size(); ++i) {
        const auto& [open, shipped, returned, cancelled] = standing.positions[i];
        laws.check(open + shipped + returned + cancelled == standing.lines[i].line->quantity,
                   "units of a line got lost");
        laws.check(std::min({open, shipped, returned, cancelled}) >= 0, "a line has fewer than no units");
    }
    for (const ledger::InvoiceStanding& invoice : standing.invoices)
        laws.check(!invoice.remainder.is_negative() && invoice.remainder <= invoice.capture->operation().gross,
                   "an invoice's remainder is out of range");
    if (!life.fault().empty()) laws.add({life.fault()});
    return std::move(laws).take();
}

std::vector<std::string> broken_laws_at_the_end(const Life& life, Fate& fate) {
    Laws laws;
    const Transaction& transaction = life.transaction();
    const Day today = transaction.zone().day_of(life.now());
    const auto [transaction_status, order_status] = documents(transaction, today);
    laws.add(scenarios::summary_of(transaction_status, order_status).contradictions);

    const Day past =
        transaction.created_on + foundation::Days{fate.number(0, (today - transaction.created_on).count())};
    const auto [past_transaction, past_order] = documents(transaction, past);
    laws.add(scenarios::summary_of(past_transaction, past_order).contradictions);

    const projection::Explanation tree = projection::explain(transaction, today);
    laws.check(sum_of_leaves(tree) == tree.amount || tree.parts.empty(),
               "the leaves of explain do not sum to the open amount");

    const Transaction again = replayed(life, true);
    laws.check(again == transaction, "a replay comes to another purchase");
    laws.check(documents(again, today) == std::pair(transaction_status, order_status), "a replay gives other bytes");
    const projection::OpenClaim erased = projection::open_claim_of(replayed(life, false), today);
    laws.check(erased.amount() == tree.amount, "erasing the person changes what is owed");

    std::int64_t debits = 0;
    std::int64_t credits = 0;
    std::int64_t receivable = 0;
    for (const ledger::Recorded& recorded : life.events())
        for (const ledger::Posting& posting : ledger::postings_of(recorded.event)) {
            const bool is_debit = posting.side == ledger::Posting::Side::debit;
            (is_debit ? debits : credits) += posting.amount.minor();
            if (posting.account == ledger::Account::buyer_receivables)
                receivable += is_debit ? posting.amount.minor() : -posting.amount.minor();
        }
    laws.check(debits == credits, "debits are not equal to credits");
    laws.check(receivable == tree.amount.minor(), "the buyer's account is not the open amount");
    return std::move(laws).take();
}

}  // namespace saldo::simulation
