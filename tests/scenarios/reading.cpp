#include "reading.hpp"

#include <map>
#include <optional>
#include <stdexcept>

#include "foundation/decimal.hpp"
#include "foundation/json.hpp"
#include "foundation/money.hpp"

namespace saldo::scenarios {

using foundation::Decimal;
using foundation::JsonDocument;
using foundation::JsonKind;
using foundation::JsonValue;

namespace {

JsonValue at(JsonValue value, std::initializer_list<std::string_view> path) {
    for (const std::string_view name : path) {
        const auto found = value.find(name);
        if (!found) throw std::runtime_error("the document has no " + std::string(name));
        value = *found;
    }
    return value;
}

std::string text(JsonValue value) {
    switch (value.kind()) {
        case JsonKind::string:
            return std::string(value.string());
        case JsonKind::number:
            return std::string(value.number());
        case JsonKind::null:
            return "null";
        case JsonKind::boolean:
            return value.boolean() ? "true" : "false";
        case JsonKind::array:
        case JsonKind::object:
            break;
    }
    throw std::runtime_error("a scalar was expected");
}

std::string text(JsonValue value, std::string_view name) {
    return text(at(value, {name}));
}

Decimal number(JsonValue value) {
    return Decimal::parse(value.number()).value();
}
Decimal number(JsonValue value, std::string_view name) {
    return number(at(value, {name}));
}

/// What an item of Order Status is worth, rounded once to the cent.
Decimal worth(JsonValue item) {
    const auto currency = foundation::Currency::parse("EUR").value();
    const auto money = foundation::line_total(number(item, "unit_price_gross"), number(item, "discount"),
                                              *at(item, {"quantity"}).integer(), currency);
    return Decimal::of_units(money.minor() * 100);
}

template <class Entry>
std::string joined(JsonValue list, Entry entry, std::string_view separator = ", ") {
    std::string result;
    list.each([&](JsonValue one) {
        if (!result.empty()) result += separator;
        result += entry(one);
    });
    return result.empty() ? "-" : result;
}

/// A JSON value written again with names replaced, so that two documents can be compared where only names differ. (A
/// prepayment is a list of one in one of them.)
std::string canonical(JsonValue value, const std::map<std::string_view, std::string_view>& renamed) {
    std::string out;
    if (value.kind() == JsonKind::object) {
        value.each([&](JsonValue one) {
            const auto found = renamed.find(one.name());
            out += (out.empty() ? "" : ",") + std::string(found == renamed.end() ? one.name() : found->second) + ":" +
                   canonical(one.name() == "prepayment" && one.kind() == JsonKind::array ? one.first() : one, renamed);
        });
        return "{" + out + "}";
    }
    if (value.kind() == JsonKind::array) {
        value.each([&](JsonValue one) { out += (out.empty() ? "" : ",") + canonical(one, renamed); });
        return "[" + out + "]";
    }
    return text(value);
}

class Reading {
  public:
    Reading(JsonValue transaction, JsonValue order) : transaction_(transaction), order_(order) {}

    Summary take() && {
        payment();
        invoices();
        dunning();
        basket();
        sameness();
        return std::move(summary_);
    }

  private:
    void say(std::string line) { summary_.lines.push_back(std::move(line)); }
    void check(bool holds, std::string law) {
        if (!holds) summary_.contradictions.push_back(std::move(law));
    }

    void payment() {
        const JsonValue status = at(transaction_, {"payment_information", "payment_status"});
        const JsonValue open = at(status, {"open_claim"});
        const JsonValue current = at(open, {"current_claim"});
        const JsonValue claims = at(current, {"shop_claims"});
        const JsonValue fees = at(current, {"ratepay_buyer_fees"});
        const JsonValue settlement = at(open, {"settlement"});
        const auto entry = [](JsonValue one) {
            return text(one, "type") + " " + text(one, "date") + " " + text(one, "amount");
        };
        const auto fee = [](JsonValue one) {
            return text(one, "type") + " " + text(one, "date") + " " + text(at(one, {"amount", "gross"}));
        };
        say("claims " + joined(at(claims, {"claims"}), entry) + " = " + text(claims, "amount"));
        say("fees " + joined(at(fees, {"buyer_fees"}), fee) + " = " + text(at(fees, {"amount", "gross"})));
        say("payments " + joined(at(settlement, {"settlements"}), entry) + " = " + text(settlement, "amount"));
        say("open " + text(open, "amount") + " " + text(status, "transaction_payment_status"));

        const auto sum = [](JsonValue list, auto amount) {
            Decimal total;
            list.each([&](JsonValue one) { total = total + amount(one); });
            return total;
        };
        const auto amount = [](JsonValue one) { return number(one, "amount"); };
        check(sum(at(claims, {"claims"}), amount) == number(claims, "amount"),
              "L1: shop_claims is not the sum of its list");
        check(sum(at(fees, {"buyer_fees"}), [](JsonValue one) { return number(at(one, {"amount", "gross"})); }) ==
                  number(at(fees, {"amount", "gross"})),
              "L1: ratepay_buyer_fees is not the sum of its list");
        check(-sum(at(settlement, {"settlements"}), amount) == number(settlement, "amount"),
              "L1: settlement is not the negated sum of its list");
        check(number(claims, "amount") + number(at(fees, {"amount", "gross"})) == number(current, "amount"),
              "L1: current_claim is not claims + fees");
        check(number(current, "amount") + -number(settlement, "amount") == number(open, "amount"),
              "L1: open_claim is not current_claim - settlement");
    }

    void invoices() {
        const JsonValue details = at(transaction_, {"payment_information", "payment_method", "payment_details"});
        if (const auto prepayment = details.find("prepayment"))
            say("prepayment " + joined(*prepayment, [](JsonValue one) {
                    return text(one, "amount") + " of " + text(one, "creation_date") + " until " +
                           text(one, "reservation_end_date");
                }));
        if (const auto plans = details.find("instalment_plans")) plan(plans->first());
        const auto list = details.find("invoices");
        if (!list) return say("invoices -");
        say("invoices " + joined(*list, [](JsonValue one) {
                const std::string due = text(one, "current_due_date");
                const std::string original = text(one, "original_due_date");
                const std::string clearing = text(one, "clearing_reference_number");
                const auto number_sent = one.find("invoice_number");
                return text(one, "amount") + " of " + text(one, "creation_date") + " due " + due +
                       (due == original ? "" : " not " + original) + " -" + clearing.substr(clearing.rfind('-') + 1) +
                       (number_sent ? " " + text(*number_sent) : "");
            }));
    }

    /// `plan 230 + 14.67 = 244.67 of 2016-01-06 at 13.7 effective 19.36`, then a line for each instalment.
    void plan(JsonValue plan) {
        say("plan " + text(plan, "amount_credit") + " + " + text(plan, "amount_fees") + " = " +
            text(plan, "amount_total") + " of " + text(plan, "creation_date") + " at " + text(plan, "interest_rate") +
            " effective " + text(plan, "effective_interest_rate"));
        Decimal repaid, owed;
        int count = 0;
        at(plan, {"instalments"}).each([&](JsonValue one) {
            ++count;
            const auto part = [&](std::string_view name) { return one.find(name) ? number(one, name) : Decimal{}; };
            const auto shown = [&](std::string_view name) { return one.find(name) ? text(one, name) : "0"; };
            say("instalment-" + text(one, "instalment_number") + " " + text(one, "due_date") + " " +
                shown("amount_interest") + "+" + shown("amount_repayment") + "+" + shown("amount_fee") + "=" +
                text(one, "amount_total") +
                (one.find("amount_unscheduled") ? " extra " + shown("amount_unscheduled") : "") + " left " +
                text(one, "residual_debt"));
            check(
                part("amount_interest") + part("amount_repayment") + part("amount_fee") == number(one, "amount_total"),
                "L7: an instalment is not the sum of its parts");
            repaid = repaid + part("amount_repayment") + part("amount_unscheduled");
            owed = owed + part("amount_total") + part("amount_unscheduled");
            check(text(one, "instalment_number") == std::to_string(count),
                  "L7: the instalments are not numbered from 1");
        });
        check(repaid == number(plan, "amount_credit"), "L7: the repayments are not the credit");
        check(owed == number(plan, "amount_total"), "L7: the instalments are not the plan's total");
        check(std::to_string(count) == text(plan, "number_of_instalments"), "L7: number_of_instalments is another");
    }

    void dunning() {
        const JsonValue status = at(order_, {"payment_information", "dunning_status"});
        const JsonValue block = at(status, {"dunning_block"});
        say("dunning " + text(status, "current_order_dunning_level") + " " + text(status, "order_dunning_date") +
            " fee " + text(status, "current_dunning_fee") + " block " +
            (block.is_null() ? "-"
                             : text(block, "blocked_from") + " " + text(block, "blocked_until") + " " +
                                   text(block, "blocking_reason")));
    }

    static std::string item(JsonValue one) { return text(one, "description") + text(one, "quantity"); }

    static std::string special(JsonValue one) {
        static const std::map<std::string, std::string> letters{
            {"SHIPPING", "S"}, {"DISCOUNT", "D"}, {"AMOUNT_ONLY", "A"}, {"RETURN_FEE", "F"}};
        return letters.at(text(one, "type")) + "(" + text(one, "price_gross") + ")";
    }

    void basket() {
        const JsonValue block = at(order_, {"basket"});
        say("order " + text(block, "initial_order_amount_gross") + " " + text(block, "current_order_amount_gross"));
        say("updated " + text(block, "last_updated"));
        struct Place {
            std::string_view items, specials;
        };
        std::string lists;
        Decimal total;
        for (const Place place :
             {Place{"open_items", "open_items"}, Place{"shipped_items", "shippedItems"},
              Place{"returned_items", "returnedItems"}, Place{"cancelled_items", "cancelledItems"}}) {
            std::string here;
            const auto append = [&](std::string entry) { here += (here.empty() ? "" : "+") + std::move(entry); };
            at(block, {"current_items"}).each([&](JsonValue shop) {
                at(shop, {"shop_items", place.items}).each([&](JsonValue one) {
                    append(item(one));
                    if (place.items == "open_items" || place.items == "shipped_items") total = total + worth(one);
                });
            });
            at(block, {"current_special_items", place.specials}).each([&](JsonValue one) {
                append(special(one));
                if (place.items == "open_items" || place.items == "shipped_items")
                    total = total + number(one, "price_gross");
            });
            lists += (lists.empty() ? "" : " / ") + (here.empty() ? "-" : here);
        }
        say("lists " + lists);
        check(total == number(block, "current_order_amount_gross"),
              "L3/L4: open and shipped lists do not add up to the current amount");
        Decimal initial;
        at(transaction_, {"shop_baskets"}).each([&](JsonValue one) {
            initial = initial + number(one, "gross_amount");
        });
        check(initial == number(block, "initial_order_amount_gross"),
              "L3: the initial amount is not the sum of the baskets");
    }

    void sameness() {
        const std::map<std::string_view, std::string_view> renamed{
            {"order_payment_status", "transaction_payment_status"},
            {"current_order_dunning_level", "current_transaction_dunning_level"},
            {"order_dunning_date", "transaction_dunning_date"},
            {"current_payment_method_details", "payment_details"},
            {"reference", "ratepay_payment_reference"},
        };
        const JsonValue of_transaction = at(transaction_, {"payment_information"});
        const JsonValue of_order = at(order_, {"payment_information"});
        for (const std::string_view block : {"payment_status", "payment_method"})
            check(canonical(at(of_transaction, {block}), {}) == canonical(at(of_order, {block}), renamed),
                  "L2: the documents differ in " + std::string(block));
        at(of_transaction, {"dunning_status"}).each([&](JsonValue one) {
            check(canonical(one, {}) == canonical(at(of_order, {"dunning_status"}), renamed),
                  "L2: the documents differ in dunning");
        });
        check(at(of_transaction, {"dunning_status"}).size() == at(transaction_, {"shop_baskets"}).size(),
              "D25: dunning_status has not one element for each basket");
    }

    JsonValue transaction_;
    JsonValue order_;
    Summary summary_;
};

}  // namespace

Summary summary_of(std::string_view transaction_status, std::string_view order_status) {
    const auto transaction = JsonDocument::parse(transaction_status);
    const auto order = JsonDocument::parse(order_status);
    if (!transaction || !order) throw std::runtime_error("a document is not valid JSON");
    return Reading(transaction->root(), order->root()).take();
}

}  // namespace saldo::scenarios
