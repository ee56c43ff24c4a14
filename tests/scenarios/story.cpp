#include "story.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "ledger/direct_debit.hpp"
#include "terms/country_law.hpp"

namespace saldo::scenarios {

using foundation::Currency;
using foundation::Decimal;
using foundation::Money;
using ledger::Line;
using ledger::LineKind;
using subject::Sealed;

namespace {

/// The words of one line, taken one after another.
class Words {
  public:
    explicit Words(const std::string& line) {
        std::istringstream stream(line);
        for (std::string word; stream >> word;) words_.push_back(word);
    }

    std::string next() {
        if (is_done()) throw std::runtime_error("the line ends too early");
        return words_[at_++];
    }
    bool next_is(std::string_view wanted) {
        if (is_done() || words_[at_] != wanted) return false;
        ++at_;
        return true;
    }
    bool is_done() const { return at_ == words_.size(); }

  private:
    std::vector<std::string> words_;
    std::size_t at_ = 0;
};

template <class Value>
Value checked(std::optional<Value> value, const char* what) {
    if (!value) throw std::runtime_error(std::string("not ") + what);
    return *std::move(value);
}

const Currency euro = *Currency::parse("EUR");

Money money(Words& words) {
    return checked(Money::parse(words.next(), euro), "an amount");
}
Decimal decimal(Words& words) {
    return checked(Decimal::parse(words.next()), "a decimal");
}
foundation::Day day(Words& words) {
    return checked(foundation::parse_day(words.next()), "a day");
}

/// What a shop can say of an item beside its name and price.
void say_everything(Line& line) {
    line.tax_rate = Decimal::parse("19");
    line.net_unit_price = Decimal::parse("15.5");
    line.net_unit_discount = Decimal::parse("-1.3");
    line.article_number = Sealed{"kitchen-utils-1"};
    line.category = Sealed{"household"};
    line.unit = Sealed{"piece"};
    line.description = Sealed{"basket-item"};
    line.additional_description = Sealed{"a cool basket-item"};
    line.identification_number = Sealed{"identify-me"};
    line.unique_identification_number = Sealed{"12345"};
}

/// `item K 3 x 50 less 2 article A-1` or `special 26`, `special RETURN_FEE -2.95`.
Line line_of(LineKind kind, Words& words) {
    Line line{.kind = kind};
    if (kind == LineKind::item) {
        line.name = Sealed{words.next()};
        line.quantity = std::stoll(words.next());
        if (!words.next_is("x")) throw std::runtime_error("expected x");
    } else if (words.next_is("RETURN_FEE")) {
        line.type = "RETURN_FEE";
    }
    line.gross_unit_price = decimal(words);
    if (kind == LineKind::special_item && line.type.empty())
        line.type = line.gross_unit_price.is_negative() ? "DISCOUNT" : "SHIPPING";
    if (words.next_is("less")) line.gross_unit_discount = -decimal(words);
    if (words.next_is("article")) line.article_number = Sealed{words.next()};
    if (!words.is_done()) throw std::runtime_error("nobody knows '" + words.next() + "' here");
    return line;
}

ledger::Authorise authorise(Words& words) {
    ledger::Authorise command{.payment_method = {}, .currency = euro, .baskets = {}, .buyer = {}};
    command.buyer.billing_address = {.street = Sealed{"Musterstr. 1"},
                                     .street_addition = {},
                                     .street_number = {},
                                     .zip_code = Sealed{"10115"},
                                     .city = Sealed{"Berlin"},
                                     .country_code = Sealed{"DE"}};
    command.buyer.person = ledger::Person{.title = {},
                                          .first_name = Sealed{"Erika"},
                                          .last_name = Sealed{"Muster"},
                                          .date_of_birth = Sealed{"1971-05-19"}};
    if (words.next_is("by")) {
        if (words.next_is("instalments")) {
            command.payment_method = {terms::PaymentOption::instalment, terms::TransferType::bank_transfer};
            command.instalments = ledger::WantedInstalments{};
            if (words.next_is("of"))
                command.instalments->amount = money(words);
            else
                command.instalments->number = std::stoi(words.next());
            if (words.next_is("on")) command.instalments->payment_day = std::stoi(words.next());
        } else if (words.next_is("prepayment")) {
            command.payment_method = {terms::PaymentOption::prepayment, terms::TransferType::bank_transfer};
        } else {
            if (!words.next_is("direct-debit"))
                throw std::runtime_error("expected: by direct-debit, by prepayment or by instalments");
            command.payment_method = {terms::PaymentOption::pay_now, terms::TransferType::sepa_direct_debit};
            command.debit_account = ledger::DebitAccount{.iban = Sealed{"DE44100500001654698497"}, .owner = {}};
        }
    }
    if (words.next_is("zip")) command.buyer.billing_address.zip_code = Sealed{words.next()};
    if (words.next_is("expires")) command.expires = checked(foundation::parse_instant(words.next()), "an instant");
    return command;
}

ledger::RequestedOperation operation(Words& words) {
    ledger::RequestedOperation operation{.gross = money(words)};
    if (words.next_is("shop")) operation.shop_id = words.next();
    return operation;
}

std::string refusal(Words& words) {
    return words.next_is("refused") ? words.next() : std::string{};
}

/// The lines that a step gathers from the indented lines under it.
ledger::RequestedOperation* operation_in(ledger::Command& command) {
    if (auto* capture = std::get_if<ledger::Capture>(&command)) return &capture->operation;
    if (auto* refund = std::get_if<ledger::Refund>(&command)) return &refund->operation;
    if (auto* cancel = std::get_if<ledger::Cancel>(&command)) return &cancel->operation;
    if (auto* increase = std::get_if<ledger::IncreaseAuthorisation>(&command)) return &increase->operation;
    return nullptr;
}

/// The line that begins with this word; `full` is an item with everything said of it.
Line line_of(const std::string& first, Words& words) {
    Line line = line_of(first == "special" ? LineKind::special_item : LineKind::item, words);
    if (first == "full") say_everything(line);
    return line;
}

bool begins_line(const std::string& word) {
    return word == "item" || word == "full" || word == "special";
}

void add_detail(Step& step, const std::string& text) {
    if (auto* expectation = std::get_if<Expectation>(&step.what)) {
        expectation->lines.push_back(text);
        return;
    }
    Words words(text);
    const std::string first = words.next();
    if (auto* authorisation = std::get_if<ledger::Authorise>(&step.what)) {
        if (first == "ids") {
            authorisation->partner_transaction_id = words.next();
            authorisation->buyer.shop_buyer_id = words.next();
            step.shop_transaction_id = words.next();
        } else if (first == "basket") {
            ledger::RequestedBasket basket{.gross = money(words)};
            if (words.next_is("shop")) basket.shop_id = words.next();
            if (!step.shop_transaction_id.empty()) basket.shop_transaction_id = step.shop_transaction_id;
            authorisation->baskets.push_back(std::move(basket));
        } else {
            if (authorisation->baskets.empty()) throw std::runtime_error("a basket comes before its lines");
            authorisation->baskets.back().lines.push_back(line_of(first, words));
        }
        return;
    }
    auto& command = std::get<ledger::Command>(step.what);
    if (auto* asked = operation_in(command); asked && begins_line(first))
        asked->lines.push_back(line_of(first, words));
    else if (auto* capture = std::get_if<ledger::Capture>(&command); capture && first == "invoice")
        capture->partner_invoice_id = words.next();
    else
        throw std::runtime_error("nothing takes '" + first + "' here");
}

/// `contract instalments 13.7 charge 3.95 by gateway lower apr act/365`: what the contract says beside the demo's.
void change(terms::Contract& contract, Words& words) {
    if (words.next_is("consumer-credit")) {
        contract.credit_regime = terms::CreditRegime::consumer_credit;
        contract.creditor = terms::Creditor{"Story Bank", "Weg 1, 10115 Berlin"};
        contract.late_payment.emplace();
    }
    if (words.next_is("country")) contract.country = words.next();
    contract = terms::under_law(std::move(contract), terms::usual_laws());
    if (words.is_done()) return;
    if (!words.next_is("instalments")) throw std::runtime_error("expected: consumer-credit, country or instalments");
    terms::InstalmentTerms instalments{.interest_rate = decimal(words), .instalment_min = Money::zero(euro)};
    instalments.interest_rate_max = instalments.interest_rate;
    if (words.next_is("charge")) instalments.service_charge = money(words);
    if (words.next_is("by")) instalments.convention = checked(terms::plan_convention(words.next()), "a convention");
    if (words.next_is("lower")) instalments.unscheduled = terms::UnscheduledPayments::lower;
    if (words.next_is("apr")) instalments.apr_time = checked(terms::apr_time_rule(words.next()), "a rule for the rate");
    contract.instalments = std::move(instalments);
    const terms::PaymentMethod method{terms::PaymentOption::instalment, terms::TransferType::bank_transfer};
    if (!contract.product_of(method)) contract.products.push_back({.method = method});
}

std::optional<foundation::Day> on(Words& words) {
    return words.next_is("on") ? std::optional(day(words)) : std::nullopt;
}

ledger::DirectDebitId direct_debit(Words& words) {
    return checked(ledger::direct_debit_id(words.next()), "a number and a try such as 001-1");
}

Step step_of(const std::string& verb, Words& words) {
    Step step{};
    if (verb == "authorise") {
        step.what = authorise(words);
    } else if (verb == "expect") {
        Expectation expectation;
        if (words.next_is("as-of")) expectation.as_of = day(words);
        if (words.next_is("golden")) expectation.golden = words.next();
        step.what = std::move(expectation);
    } else if (verb == "capture") {
        step.what = ledger::Command{ledger::Capture{.operation = operation(words)}};
    } else if (verb == "refund") {
        step.what = ledger::Command{ledger::Refund{.operation = operation(words)}};
    } else if (verb == "cancel") {
        step.what = ledger::Command{ledger::Cancel{.operation = operation(words)}};
    } else if (verb == "increase") {
        step.what = ledger::Command{ledger::IncreaseAuthorisation{.operation = operation(words)}};
    } else if (verb == "expiry") {
        step.what =
            ledger::Command{ledger::ChangeExpiry{checked(foundation::parse_instant(words.next()), "an instant")}};
    } else if (verb == "payment") {
        const auto type = checked(ledger::settlement_type(words.next()), "DEBIT or CREDIT");
        const Money amount = money(words);
        const auto date = on(words);
        step.what = ledger::Command{ledger::BookSettlement{
            .type = type, .amount = amount, .value_date = date, .unscheduled = words.next_is("unscheduled")}};
    } else if (verb == "fee") {
        const auto type = checked(ledger::fee_type(words.next()), "a type of fee");
        const Money gross = money(words);
        step.what = ledger::Command{ledger::BookFee{.type = type, .gross = gross, .date = on(words)}};
    } else if (verb == "withdraw") {
        step.what = ledger::Command{ledger::WithdrawCredit{.date = on(words)}};
    } else if (verb == "dunning") {
        const auto level = checked(ledger::dunning_level(words.next()), "a level of dunning");
        step.what = ledger::Command{ledger::SetDunningLevel{.level = level, .date = on(words)}};
    } else if (verb == "block") {
        const auto from = day(words);
        const auto until = day(words);
        step.what = ledger::Command{ledger::BlockDunning{.from = from, .until = until, .reason = Sealed{words.next()}}};
    } else if (verb == "debit") {
        const ledger::DirectDebitId debit = direct_debit(words);
        const Money amount = money(words);
        if (!words.next_is("due")) throw std::runtime_error("expected due");
        const auto due = day(words);
        step.what = ledger::Command{
            ledger::SubmitDirectDebit{.debit = debit, .amount = amount, .due_date = due, .date = on(words)}};
    } else if (verb == "debit-executed") {
        const ledger::DirectDebitId debit = direct_debit(words);
        step.what = ledger::Command{ledger::ExecuteDirectDebit{.debit = debit, .value_date = on(words)}};
    } else if (verb == "debit-returned") {
        const ledger::DirectDebitId debit = direct_debit(words);
        std::string reason = words.next();
        step.what = ledger::Command{
            ledger::ReturnDirectDebit{.debit = debit, .reason = std::move(reason), .value_date = on(words)}};
    } else if (verb == "pay-later") {
        step.what = ledger::Command{ledger::BookPayLater{words.next()}};
    } else if (verb == "withdraw-pay-later") {
        step.what = ledger::Command{ledger::WithdrawPayLater{.date = on(words), .comment = {}}};
    } else if (verb == "unblock") {
        step.what = ledger::Command{ledger::UnblockDunning{}};
    } else if (verb == "erase") {
        step.what = ledger::Command{ledger::EraseSubject{}};
    } else {
        throw std::runtime_error("nobody knows how to '" + verb + "'");
    }
    step.refusal = refusal(words);
    if (!words.is_done()) throw std::runtime_error("nobody knows '" + words.next() + "' here");
    return step;
}

}  // namespace

Story read_story(const std::filesystem::path& file) {
    std::ifstream in(file);
    Story story{.name = file.stem().string(), .steps = {}};
    foundation::Instant now{};
    std::string text;
    for (int number = 1; std::getline(in, text); ++number) {
        const bool is_detail = text.starts_with(' ');
        text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
        if (text.empty() || text.starts_with('#')) continue;
        try {
            Words words(text);
            if (is_detail) {
                if (story.steps.empty()) throw std::runtime_error("an indented line belongs to a step");
                add_detail(story.steps.back(), text);
            } else if (words.next_is("at")) {
                now = checked(foundation::parse_instant(words.next()), "an instant");
            } else if (words.next_is("contract")) {
                change(story.contract, words);
            } else {
                Step step = step_of(words.next(), words);
                step.line = number;
                step.at = now;
                story.steps.push_back(std::move(step));
            }
        } catch (const std::runtime_error& fault) {
            throw std::runtime_error(file.string() + ":" + std::to_string(number) + ": " + fault.what());
        }
    }
    return story;
}

}  // namespace saldo::scenarios
