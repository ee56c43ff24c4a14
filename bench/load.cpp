// load reads  PORT [options]     GETs of a Transaction Status, each of a purchase that is drawn evenly from a list,
// with the
//                                token in $STATUS_TOKEN
// load writes PORT [options]     whole lives of purchases: authorise, capture, payment, refund, one after another on
// each
//                                connection, with the tokens in $SHOP_TOKEN and $OPERATOR_TOKEN
//
//   --connections N   64
//   --seconds S       5, after a second to warm up
//   --rate R          requests a second at instants fixed in advance; without it each connection asks when it is free
//   --ids FILE        for reads: one transaction a line
//   --shop ID         for writes: the partner's id of its shop
//
// Prints one JSON document: requests answered, those a second, refused, unanswered, latency in milliseconds by share.
#include <array>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client.hpp"

namespace {

using namespace saldo::bench;

[[noreturn]] void stop(const std::string& why) {
    std::cerr << "load: " << why << '\n';
    std::exit(2);
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing here sets variables
    if (value == nullptr) stop(std::string("the variable ") + name + " is not set");
    return value;
}

std::string fields_of(std::string_view port, std::string_view token) {
    std::string fields = " HTTP/1.1\r\nHost: 127.0.0.1:";
    fields += port;
    fields += "\r\nAuthorization: Bearer ";
    fields += token;
    fields += "\r\nContent-Type: application/json\r\n";
    return fields;
}

/// Says the first unexpected answer, so that a wrong measurement explains itself.
bool is_as_expected(const Answer& answer, int expected) {
    static bool said = false;
    if (answer.status == expected) return true;
    if (!std::exchange(said, true))
        std::cerr << "load: answered " << answer.status << " instead of " << expected << ": " << answer.body << '\n';
    return false;
}

class Reads final : public Script {
  public:
    Reads(const std::vector<std::string>& ids, std::string fields, unsigned seed)
        : ids_(ids), fields_(std::move(fields)), chance_(seed), place_(0, ids.size() - 1) {}

    void next(std::string& request) override {
        request += "GET /transaction/status/v2/transactions/";
        request += ids_[place_(chance_)];
        request += fields_;
        request += "\r\n";
    }
    bool take(const Answer& answer) override { return is_as_expected(answer, 200); }

  private:
    const std::vector<std::string>& ids_;
    std::string fields_;
    std::mt19937_64 chance_;
    std::uniform_int_distribution<std::size_t> place_;
};

class Lives final : public Script {
  public:
    struct Place {
        std::string shop_fields, operator_fields;
        std::string shop_id;
        std::string run;  ///< a word of this run, so that no key was ever used
    };
    Lives(const Place& place, int number) : place_(place), name_(place.run + '-' + std::to_string(number)) {}

    void next(std::string& request) override {
        const std::string life = name_ + '-' + std::to_string(life_);
        const std::string transactions = "/transaction/management/v2/transactions";
        switch (step_) {
            case 0:
                return post(request, transactions, place_.shop_fields, purchase(life));
            case 1:
                return post(request, transactions + '/' + id_ + "/captures", place_.shop_fields,
                            R"({"gross_amount":170,"partner_invoice_id":")" + life + "\"}");
            case 2:
                return post(request, "/saldo/v1/transactions/" + id_ + "/payments", place_.operator_fields,
                            R"({"type":"DEBIT","amount":50,"reference":"thank you"})");
            default:
                return post(request, transactions + '/' + id_ + "/refunds", place_.shop_fields,
                            R"({"gross_amount":48,"items":[{"name":"fruit knife","article_number":"knife-1",)"
                            R"("gross_unit_price":50,"gross_unit_discount":-2,"quantity":1,"tax_rate":19}]})");
        }
    }

    bool take(const Answer& answer) override {
        const bool is_good = is_as_expected(answer, 201);
        if (is_good && step_ == 0) id_ = text_in(answer.body, "ratepay_transaction_id");
        step_ = is_good ? (step_ + 1) % 4 : 0;
        if (step_ == 0) ++life_;
        return is_good;
    }

  private:
    void post(std::string& request, const std::string& path, const std::string& fields, const std::string& body) const {
        request += "POST " + path + fields + "Idempotency-Key: " + name_ + '-' + std::to_string(life_) + '-' +
                   std::to_string(step_) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }

    std::string purchase(const std::string& life) const {
        return R"({"partner_transaction_id":")" + life +
               R"(","currency":"EUR","payment_method":{"payment_option":"OPEN_INVOICE","transfer_type":"BANK_TRANSFER"},)"
               R"("buyer":{"person":{"first_name":"Erika","last_name":"Mustermann","date_of_birth":"1971-05-19"},)"
               R"("contact":{"email":"erika@example.com","phone":"+49 221 5555555"},"shop_buyer_id":"buyer-42",)"
               R"("billing_address":{"street":"Heidestrasse","street_number":"17","zip_code":"51147","city":"Koeln",)"
               R"("country_code":"DE"}},"shop_baskets":[{"partner_shop_id":")" +
               place_.shop_id + R"(","shop_transaction_id":")" + life +
               R"(","gross_amount":170,"items":[{"name":"fruit knife","article_number":"knife-1",)"
               R"("gross_unit_price":50,"gross_unit_discount":-2,"quantity":3,"tax_rate":19}],)"
               R"("special_items":[{"name":"parcel","gross_unit_price":26,"quantity":1,"tax_rate":19}]}]})";
    }

    static std::string text_in(std::string_view body, std::string_view name) {
        const std::string before = '"' + std::string(name) + "\":\"";
        const std::size_t at = body.find(before);
        if (at == std::string_view::npos) stop("the answer to an authorisation has no " + std::string(name));
        const std::size_t from = at + before.size();
        return std::string(body.substr(from, body.find('"', from) - from));
    }

    const Place& place_;
    std::string name_;
    int step_ = 0;
    int life_ = 0;
    std::string id_;
};

std::vector<std::string> lines_of(const std::string& file) {
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    if (lines.empty()) stop("there are no ids in " + file);
    return lines;
}

std::string json_of(const Outcome& outcome) {
    constexpr std::array shares{"0.5", "0.75", "0.9", "0.95", "0.99", "0.995", "0.999", "0.9995", "0.9999", "1"};
    const auto number = [](double value) { return std::to_string(value); };
    std::string json = "{\"requests\":" + std::to_string(outcome.answered) +
                       ",\"per_second\":" + number(static_cast<double>(outcome.answered) / outcome.taken.count()) +
                       ",\"refused\":" + std::to_string(outcome.refused) +
                       ",\"unanswered\":" + std::to_string(outcome.unanswered) +
                       ",\"client_cpu\":" + number(outcome.own_cpu / outcome.taken) + ",\"latency_ms\":{";
    for (const char* share : shares) {
        if (share != shares.front()) json += ',';
        const auto count = outcome.latency.size();
        const auto at = static_cast<std::size_t>(std::atof(share) * static_cast<double>(count));
        const double seconds = count == 0 ? 0.0 : static_cast<double>(outcome.latency[std::min(at, count - 1)]);
        json += '"' + std::string(share) + "\":" + number(seconds * 1e3);
    }
    return json + "}}";
}

}  // namespace

int main(int count, char** words) {
    const std::vector<std::string> arguments(words + 1, words + count);
    if (arguments.size() < 2 || arguments.size() % 2 != 0) stop("usage: load reads|writes PORT [--option value]...");
    const std::string& what = arguments[0];
    const std::string& port = arguments[1];
    std::map<std::string, std::string> options{{"--connections", "64"}, {"--seconds", "5"}, {"--rate", "0"}};
    for (std::size_t i = 2; i < arguments.size(); i += 2) options[arguments[i]] = arguments[i + 1];

    std::vector<std::string> ids;
    Lives::Place place;
    if (what == "reads") {
        ids = lines_of(options["--ids"]);
    } else if (what == "writes") {
        std::random_device chance;
        place = {.shop_fields = fields_of(port, environment("SHOP_TOKEN")),
                 .operator_fields = fields_of(port, environment("OPERATOR_TOKEN")),
                 .shop_id = options["--shop"],
                 .run = std::to_string(chance())};
    } else {
        stop("there is no `load " + what + "`");
    }
    std::vector<Connection> connections;
    for (int i = 0; i < std::atoi(options["--connections"].c_str()); ++i) {
        std::unique_ptr<Script> script;
        if (what == "reads")
            script =
                std::make_unique<Reads>(ids, fields_of(port, environment("STATUS_TOKEN")), static_cast<unsigned>(i));
        else
            script = std::make_unique<Lives>(place, i);
        connections.emplace_back(static_cast<std::uint16_t>(std::atoi(port.c_str())), std::move(script));
    }
    const Load load{.length = Seconds(std::atof(options["--seconds"].c_str())),
                    .rate = std::atof(options["--rate"].c_str())};
    std::cout << json_of(apply(load, connections)) << '\n';
}
