#include <chrono>
#include <fstream>
#include <istream>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
#include <utility>

#include "cli/cash_flows.hpp"
#include "cli/command_tree.hpp"
#include "cli/printing.hpp"
#include "foundation/json_writer.hpp"
#include "foundation/outcome.hpp"
#include "projection/offer_document.hpp"
#include "terms/instalment_offer.hpp"

namespace saldo::cli {

using foundation::Currency;
using foundation::Decimal;
using foundation::JsonValue;
using foundation::JsonWriter;
using foundation::Money;
using foundation::Outcome;

namespace {

/// The words of `saldo plan`. They stay words until they are read, so that an amount is exact and a fault is named.
struct PlanWords {
    std::string amount, wish, rate, service_charge = "0", currency = "EUR", date, convention = "gateway", apr = "eu",
                                    regime = "consumer_credit", cap;
    std::optional<int> months;
    std::vector<int> allowed{3, 6, 12, 24, 36, 48};
    int payment_day = 28, first_due_after = 28;
};

struct PlanQuestion {
    terms::InstalmentTerms terms;
    terms::CreditRegime regime;
    terms::OfferWish wish;
};

foundation::Day today() {
    return std::chrono::floor<foundation::Days>(std::chrono::system_clock::now());
}

std::string not_a(std::string_view option, std::string_view takes, std::string_view typed) {
    return '`' + std::string(option) + "` takes " + std::string(takes) + ", not `" + std::string(typed) + "`.";
}

/// Reads the words one after another; the first that is wrong is told.
class PlanReading {
  public:
    explicit PlanReading(const PlanWords& words) : words_(words) {}

    Outcome<PlanQuestion, std::string> question() {
        const auto currency = take("--currency", "a currency of ISO 4217", words_.currency, Currency::parse);
        const auto money = [&](std::string_view text) { return Money::parse(text, currency.value_or(Currency{})); };
        PlanQuestion asked{};
        terms::InstalmentTerms& terms = asked.terms;
        const auto credit = take("--amount", "an amount such as 230 or 99.95", words_.amount, money);
        const auto rate = take("--rate", "a percentage of at most four decimals", words_.rate, Decimal::parse);
        const auto charge = take("--service-charge", "an amount", words_.service_charge, money);
        const auto convention = take("--convention", "gateway, nominal_monthly, 30/360, act/365 or act/act",
                                     words_.convention, terms::plan_convention);
        const auto apr = take("--apr", "eu or act/365", words_.apr, terms::apr_time_rule);
        const auto regime =
            take("--regime", "merchant_deferral or consumer_credit", words_.regime, terms::credit_regime);
        const auto date = words_.date.empty()
                              ? std::optional(today())
                              : take("--date", "a day such as 2016-01-06", words_.date, foundation::parse_day);
        if (!words_.wish.empty()) asked.wish.wished_rate = take("--wish", "an amount", words_.wish, money);
        if (!words_.cap.empty())
            terms.effective_rate_max =
                take("--cap", "a percentage of at most four decimals", words_.cap, Decimal::parse);
        if (words_.wish.empty() == !words_.months) fault("`saldo plan` needs `--months` or `--wish`, and not both.");
        if (fault_) return std::unexpected(*fault_);

        terms.convention = *convention;
        terms.apr_time = *apr;
        terms.interest_rate = terms.interest_rate_max = *rate;
        terms.service_charge = *charge;
        terms.instalment_min = Money::zero(*currency);
        terms.months_allowed = words_.allowed;
        if (words_.months) {
            terms.months_allowed.clear();
            for (int count = 1; count <= terms::instalments_max; ++count) terms.months_allowed.push_back(count);
        }
        terms.payment_days = {words_.payment_day};
        terms.days_to_first_due_min = words_.first_due_after;
        asked.regime = *regime;
        asked.wish.calculated = *date;
        asked.wish.credit = *credit;
        asked.wish.instalments = words_.months;
        return asked;
    }

  private:
    void fault(std::string sentence) {
        if (!fault_) fault_ = std::move(sentence);
    }
    template <class Parse>
    auto take(std::string_view option, std::string_view takes, const std::string& typed, Parse parse)
        -> decltype(parse(std::string_view())) {
        auto value = parse(std::string_view(typed));
        if (!value) fault(not_a(option, takes, typed));
        return value;
    }

    const PlanWords& words_;
    std::optional<std::string> fault_;
};

Reply plan(const PlanQuestion& asked) {
    if (const auto faults = terms::faults_of(asked.terms); !faults.empty())
        return Reply::refused("TERMS_MALFORMED", "These terms cannot be used: " + faults.front() + '.');
    const auto found = terms::offers(asked.terms, {.regime = asked.regime}, asked.wish);
    if (!found) return Reply::refused(name_of(found.error()), explain(found.error()));
    JsonWriter out;
    projection::write_offer(out, asked.terms, found->front());
    return Reply::of(std::move(out).finish());
}

/// An amount of the document with all decimals of its currency.
std::string money(JsonValue object, std::string_view name, const Currency& currency) {
    const std::string digits = said(object, name);
    return digits.empty() ? "" : amount_text(digits, currency);
}

std::string plan_text(JsonValue offer, Looks looks) {
    const Currency currency = Currency::parse(said(offer, "currency")).value_or(Currency{});
    const auto of = [&](std::string_view name) { return money(offer, name, currency); };
    const auto right = Table::Align::right;
    Table table({{"#", right},
                 {"DUE"},
                 {"INSTALMENT", right},
                 {"INTEREST", right},
                 {"REPAYMENT", right},
                 {"CHARGE", right},
                 {"LEFT", right},
                 {"YEARS", right}});
    offer.find("instalments")->each([&](JsonValue one) {
        const auto part = [&](std::string_view name) { return money(one, name, currency); };
        table.add({said(one, "instalment_number"), said(one, "due_date"), part("amount_total"), part("amount_interest"),
                   part("amount_repayment"), part("amount_fee"), part("residual_debt"), said(one, "share_of_year")});
    });
    table.add({"", "in all", of("amount_total"), of("amount_interest"), of("amount_credit"),
               of("amount_service_charge"), "", ""});
    std::string text =
        bold(of("amount_credit") + ' ' + std::string(currency.code()) + " in " + said(offer, "number_of_instalments") +
                 " x " + of("regular_instalment") + ", the last " + of("last_instalment"),
             looks) +
        "; effective annual rate " + bold(said(offer, "effective_interest_rate") + " %", looks) + "\n\n" +
        table.text(looks) + '\n';
    offer.find("explanation")->each([&](JsonValue number) {
        text += bold(said(number, "name") + ' ' + said(number, "value"), looks) + "\n  " + said(number, "how") + '\n';
    });
    return text;
}

/// What stands in the file, or on standard input for `-`.
std::optional<std::string> text_in(const std::string& file, std::istream& standard_input) {
    if (file == "-") return std::string{std::istreambuf_iterator<char>(standard_input), {}};
    std::ifstream in(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    return in.is_open() && !in.bad() ? std::optional(std::move(text)) : std::nullopt;
}

Reply effective_rate_in(const std::string& file, std::istream& standard_input, const FlowTimes& times) {
    const auto text = text_in(file, standard_input);
    if (!text) return Reply::refused("FILE_UNREADABLE", "The file " + file + " cannot be read.");
    const auto flows = parse_cash_flows(*text, times);
    if (!flows)
        return Reply::refused("FLOWS_MALFORMED",
                              "The cash flows in " + file + " cannot be used:\n" + partner::text_of(flows.error()));
    const auto exact = terms::effective_rate_text(*flows, 6);
    const auto one_place = terms::effective_rate_text(*flows, 1);
    if (!exact || !one_place) {
        const terms::AprRefusal refusal = (!exact ? exact : one_place).error();
        return Reply::refused(name_of(refusal), explain(refusal));
    }
    JsonWriter out;
    out.begin_object().key("apr_percent").raw(*exact).key("apr_percent_1dp").raw(*one_place).end_object();
    return Reply::of(std::move(out).finish());
}

void add_plan(CommandTree& tree) {
    const auto words = std::make_shared<PlanWords>();
    CLI::App& app = tree.command(
        tree.root(), "plan", "Compute an instalment plan, with the effective annual rate and how it was reached",
        "saldo plan --amount 230 --months 6 --rate 13.7 --service-charge 3.95 --payment-day 28 --date 2016-01-06",
        [words](const Session& session) {
            const auto asked = PlanReading(*words).question();
            if (!asked) return session.misused(asked.error());
            return session.show(guarded([&] { return plan(*asked); }), plan_text);
        });
    const auto takes = [&](const std::string& name, auto& into, const std::string& type,
                           const std::string& description) -> CLI::Option& {
        return CommandTree::takes(app, name, into, type, description);
    };
    takes("--amount", words->amount, "AMOUNT", "What is bought").required();
    takes("--months", words->months, "N", "The number of instalments, 1 to 120");
    takes("--wish", words->wish, "AMOUNT", "Instead of a number: pay at most so much a month");
    takes("--allowed", words->allowed, "N,N", "The numbers that a wish may choose from; else 3,6,12,24,36,48")
        .delimiter(',');
    takes("--rate", words->rate, "PERCENT", "The interest rate of a year").required();
    takes("--service-charge", words->service_charge, "AMOUNT", "For the whole plan; else 0");
    takes("--currency", words->currency, "CODE", "Of all amounts; else EUR");
    takes("--payment-day", words->payment_day, "DAY", "The day of the month that instalments are due on; else 28");
    takes("--first-due-after", words->first_due_after, "DAYS", "The first is due at least so much later; else 28");
    takes("--date", words->date, "DAY", "The day on which the buyer gets the credit; else today in UTC");
    takes("--convention", words->convention, "NAME",
          "How interest is counted: gateway (else), nominal_monthly, 30/360, act/365, act/act");
    takes("--apr", words->apr, "RULE", "How the effective rate counts time: eu (else) or act/365");
    takes("--cap", words->cap, "PERCENT", "Refuse a plan whose effective rate is above it");
    takes("--regime", words->regime, "NAME", "consumer_credit (else) or merchant_deferral");
    tree.takes_json(app);
}

void add_apr(CommandTree& tree) {
    struct Words {
        std::string file, rule = "eu", period = "month";
    };
    const auto words = std::make_shared<Words>();
    CLI::App& app = tree.command(
        tree.root(), "apr", "Compute the effective annual rate of any cash flows", "saldo apr flows.json --json",
        [words](const Session& session) {
            const auto rule = terms::apr_time_rule(words->rule);
            const auto unit = terms::period_unit(words->period);
            if (!rule) return session.misused(not_a("--rule", "eu or act/365", words->rule));
            if (!unit) return session.misused(not_a("--period", "year, month or week", words->period));
            return session.show(guarded([&] {
                                    return effective_rate_in(words->file, session.terminal().in,
                                                             {.rule = *rule, .unit = *unit});
                                }),
                                [](JsonValue found, Looks looks) {
                                    return "Effective annual rate " + bold(said(found, "apr_percent") + " %", looks) +
                                           ", with one decimal " + said(found, "apr_percent_1dp") + " %\n";
                                });
        });
    CommandTree::takes(app, "FILE", words->file, "", "The cash flows as JSON; - for standard input").required();
    CommandTree::takes(app, "--rule", words->rule, "RULE", "How dates are counted: eu (else) or act/365");
    CommandTree::takes(app, "--period", words->period, "UNIT",
                       "What the EU rule counts dates in, that of the payments: month (else), year or week");
    tree.takes_json(app);
}

}  // namespace

void add_credit_commands(CommandTree& tree) {
    add_plan(tree);
    add_apr(tree);
}

}  // namespace saldo::cli
