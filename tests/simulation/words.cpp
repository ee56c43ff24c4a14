#include "words.hpp"

#include "ledger/direct_debit.hpp"

namespace saldo::simulation {

namespace {

std::string of_shop(const std::optional<std::string>& shop) {
    return shop ? " of shop " + *shop : std::string{};
}

std::string goods(const std::vector<ledger::Line>& lines) {
    if (lines.empty()) return " without lines";
    std::string text = " of";
    for (const ledger::Line& line : lines) {
        text += ' ' + std::to_string(line.quantity) + 'x' +
                (line.name           ? std::string(line.name->text())
                 : line.type.empty() ? "item"
                                     : line.type) +
                '@' + line.gross_unit_price.text();
        if (line.gross_unit_discount) text += line.gross_unit_discount->text();
    }
    return text;
}

std::string operation(const char* what, const ledger::RequestedOperation& asked) {
    return what + asked.gross.text() + of_shop(asked.shop_id) + goods(asked.lines) +
           (asked.vats.empty() ? "" : " with " + std::to_string(asked.vats.size()) + " equal tax rates");
}

std::string on(const std::optional<foundation::Day>& day) {
    return day ? ", valued " + foundation::day_text(*day) : std::string{};
}

struct Wording {
    std::string operator()(const ledger::IncreaseAuthorisation& c) const { return operation("adds ", c.operation); }
    std::string operator()(const ledger::Capture& c) const { return operation("ships ", c.operation); }
    std::string operator()(const ledger::Cancel& c) const { return operation("cancels ", c.operation); }
    std::string operator()(const ledger::Refund& c) const { return operation("takes back ", c.operation); }
    std::string operator()(const ledger::AddShippingInformation& c) const {
        return "says that " + c.carrier_name + " carries capture " + c.capture_id;
    }
    std::string operator()(const ledger::ChangeExpiry& c) const {
        return "moves the end of the authorisation to " + foundation::utc_text(c.expires);
    }
    std::string operator()(const ledger::BookSettlement& c) const {
        const bool buyer_paid = c.type == ledger::SettlementType::debit;
        return (buyer_paid ? "books that the buyer paid " : "books that the buyer got ") + c.amount.text() +
               (c.unscheduled ? " beside the plan" : "") + on(c.value_date);
    }
    std::string operator()(const ledger::WithdrawCredit& c) const { return "withdraws from the credit" + on(c.date); }
    std::string operator()(const ledger::BookPayLater& c) const { return "puts the invoice off by " + c.offer_id; }
    std::string operator()(const ledger::WithdrawPayLater& c) const { return "takes that back" + on(c.date); }
    std::string operator()(const ledger::SubmitDirectDebit& c) const {
        return "asks the bank for direct debit " + ledger::direct_debit_text(c.debit) + " of " + c.amount.text() +
               ", due " + foundation::day_text(c.due_date) + on(c.date);
    }
    std::string operator()(const ledger::ExecuteDirectDebit& c) const {
        return "hears that direct debit " + ledger::direct_debit_text(c.debit) + " was collected" + on(c.value_date);
    }
    std::string operator()(const ledger::ReturnDirectDebit& c) const {
        return "hears that direct debit " + ledger::direct_debit_text(c.debit) + " came back, " + c.reason +
               on(c.value_date);
    }
    std::string operator()(const ledger::BookFee& c) const {
        return "books the fee " + std::string(ledger::name_of(c.type)) + ' ' + c.gross.text() + on(c.date);
    }
    std::string operator()(const ledger::SetDunningLevel& c) const {
        return "sets dunning to " + std::string(ledger::name_of(c.level)) + on(c.date);
    }
    std::string operator()(const ledger::BlockDunning& c) const {
        return "lets dunning rest from " + foundation::day_text(c.from) + " until " + foundation::day_text(c.until);
    }
    std::string operator()(const ledger::UnblockDunning&) const { return "lets dunning go on"; }
    std::string operator()(const ledger::EraseSubject&) const { return "erases the buyer"; }
    std::string operator()(const ledger::Authorise& c) const {
        std::string text = "orders";
        for (const auto& basket : c.baskets)
            text += ' ' + basket.gross.text() + of_shop(basket.shop_id) + goods(basket.lines);
        if (c.payment_method.option == terms::PaymentOption::prepayment) text += ", to be prepaid";
        if (c.payment_method.transfer == terms::TransferType::sepa_direct_debit) text += ", by direct debit";
        if (c.instalments && c.instalments->number)
            text += ", in " + std::to_string(*c.instalments->number) + " instalments";
        if (c.instalments && c.instalments->amount)
            text += ", in instalments of at most " + c.instalments->amount->text();
        if (c.instalments && c.instalments->payment_day)
            text += " on day " + std::to_string(*c.instalments->payment_day);
        if (needs_code(c)) text += ", with a code";
        if (c.expires) text += ", until " + foundation::utc_text(*c.expires);
        return text;
    }
    std::string operator()(const EnterCode& c) const {
        return c.sent > 0 ? "types code " + std::to_string(c.sent) : std::string("types a wrong code");
    }
    std::string operator()(const AskForCode&) const { return "asks for a new code"; }
    std::string operator()(const ledger::Command& c) const { return std::visit(*this, c); }
};

}  // namespace

std::string words_of(const Request& request, const Merchant& merchant) {
    std::string text =
        (request.partner_id ? merchant.name : "an operator") + ' ' + std::visit(Wording{}, request.command);
    text += " (purchase " + std::to_string(request.purchase + 1) + ", request " + std::to_string(request.number);
    return text + (request.key ? ", key " + *request.key : "") + ')';
}

std::string words_of(const service::Result& result) {
    if (const auto* done = std::get_if<service::Done>(&result)) {
        if (done->seq == 0) return "nothing to do";
        return (done->repeated ? "done before, event " : "done, event ") + std::to_string(done->seq);
    }
    if (const auto* no = std::get_if<service::SaidNo>(&result))
        return "refused: " + std::string(ledger::name_of(no->refusal));
    switch (std::get<service::NotDecided>(result)) {
        case service::NotDecided::unknown_transaction:
            return "no such purchase";
        case service::NotDecided::expires_in_past:
            return "it would end before it begins";
        case service::NotDecided::key_reused:
            return "the key came with something else before";
        case service::NotDecided::busy:
            return "busy";
        case service::NotDecided::failed:
            return "the store failed";
        case service::NotDecided::outcome_unknown:
            return "the store did not say";
        case service::NotDecided::broken:
            return "broken";
    }
    return {};
}

std::string words_of(ledger::CodeAnswer answer) {
    switch (answer) {
        case ledger::CodeAnswer::not_awaited:
            return "no code is awaited";
        case ledger::CodeAnswer::confirmed:
            return "the code is right";
        case ledger::CodeAnswer::missed:
            return "the code is wrong";
        case ledger::CodeAnswer::given_up:
            return "the code is wrong, and was the last";
        case ledger::CodeAnswer::no_longer_valid:
            return "the code is not valid any more";
        case ledger::CodeAnswer::sent:
            return "a new code was sent";
        case ledger::CodeAnswer::too_early:
            return "it is too early for a new code";
        case ledger::CodeAnswer::no_new_codes_left:
            return "no more codes are sent";
    }
    return {};
}

}  // namespace saldo::simulation
