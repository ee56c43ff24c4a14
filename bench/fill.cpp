// fill DIRECTORY PURCHASES [SESSIONS]
//
// Makes an installation with a year behind it: `data/` with that many purchases, each authorised, captured, paid and
// refunded in part (four events), its master key, `ids` with one transaction a line, and `access.json` with a partner,
// a shop and two clients. Everything goes through the use cases and the lane, as a server's requests would; only the
// clock runs faster. The purchases of a day overlap with those of the days around it, so that the events of one lie
// apart in the log, as they do in life. SESSIONS of the payment page are made on one day behind that year, and left
// alone until they expired. `access.json` is written last: where it is, the installation is whole.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "app/engine.hpp"
#include "app/os_random.hpp"
#include "foundation/json_writer.hpp"
#include "service/clocks.hpp"
#include "terms/contract.hpp"

namespace {

using namespace saldo;
using foundation::Currency;
using foundation::Days;
using foundation::Decimal;
using foundation::Instant;
using foundation::Money;
using service::Done;
using subject::Sealed;

constexpr std::string_view shop_id = "bench-shop";
constexpr std::string_view actor = "bench";
/// How many commands may be under way at once.
constexpr std::size_t under_way_max = 8'000;
constexpr std::int64_t days_of_history = 365;
/// For the day of the sessions and their expiry.
constexpr std::int64_t days_behind_it = 4;

[[noreturn]] void stop(const std::string& why) {
    std::cerr << "fill: " << why << '\n';
    std::exit(1);
}

/// Business time as fast as it is told.
class MovedClock final : public service::Clock {
  public:
    explicit MovedClock(Instant now) : now_(now) {}
    Instant now() override { return now_.load(); }
    void move_to(Instant instant) { now_.store(std::max(instant, now_.load())); }

  private:
    std::atomic<Instant> now_;
};

/// The same number for the same purchase in every run, spread over all 64 bits (SplitMix64).
std::uint64_t drawn(std::uint64_t purchase, std::uint64_t what) {
    std::uint64_t z = (purchase * 16 + what + 1) * 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

template <class Value, std::size_t count>
const Value& one_of(const Value (&values)[count], std::uint64_t number) {
    return values[number % count];
}

constexpr const char* first_names[]{"Erika", "Jan", "Maria", "Thomas", "Anna", "Lukas", "Sophie", "Peter"};
constexpr const char* last_names[]{"Mustermann", "Jansen", "Schneider", "Huber", "Novak", "Keller", "Wagner", "Vogel"};
constexpr const char* streets[]{"Heidestrasse", "Lindenallee", "Hauptstrasse", "Am Markt", "Kirchweg", "Schulgasse"};
constexpr const char* goods[]{"fruit knife", "desk lamp", "coffee cup", "wool blanket", "garden chair", "rain jacket"};

struct Article {
    std::string name;
    std::string number;
    std::int64_t unit_cents;
    std::int64_t quantity;
};

Article article_of(std::uint64_t purchase, std::uint64_t place) {
    const std::uint64_t number = drawn(purchase, place);
    return {.name = one_of(goods, number),
            .number = "article-" + std::to_string(number % 5'000),
            .unit_cents = 500 + static_cast<std::int64_t>(number / 5'000 % 9'500),
            .quantity = 1 + static_cast<std::int64_t>(number / 64 % 3)};
}

ledger::Line line_of(const Article& article, std::int64_t quantity) {
    ledger::Line line;
    line.quantity = quantity;
    line.gross_unit_price = Decimal::of_units(article.unit_cents * (Decimal::scale / 100));
    line.tax_rate = Decimal::of_units(19 * Decimal::scale);
    line.name = Sealed(article.name);
    line.article_number = Sealed(article.number);
    return line;
}

ledger::Line shipping_line() {
    ledger::Line line = line_of({.name = "parcel", .number = "parcel", .unit_cents = 490, .quantity = 1}, 1);
    line.kind = ledger::LineKind::special_item;
    line.type = "SHIPPING";
    return line;
}

/// What is sold in one purchase: two articles and a parcel.
std::vector<ledger::Line> lines_of(std::uint64_t purchase) {
    const Article first = article_of(purchase, 0), second = article_of(purchase, 1);
    return {line_of(first, first.quantity), line_of(second, second.quantity), shipping_line()};
}

const Currency& euro() {
    static const Currency currency = *Currency::parse("EUR");
    return currency;
}

Money total_of(const std::vector<ledger::Line>& lines) {
    Money sum = Money::zero(euro());
    for (const ledger::Line& line : lines) sum += line.total(euro());
    return sum;
}

ledger::Authorise authorisation_of(std::uint64_t purchase) {
    const std::string first_name = one_of(first_names, drawn(purchase, 2));
    const std::string last_name = one_of(last_names, drawn(purchase, 3));
    const std::string number = std::to_string(purchase);
    ledger::Authorise command{.currency = euro()};
    command.partner_transaction_id = "order-" + number;
    ledger::Buyer& buyer = command.buyer;
    buyer.shop_buyer_id = "buyer-" + std::to_string(drawn(purchase, 4) % 300'000);
    buyer.person = ledger::Person{.title = std::nullopt,
                                  .first_name = Sealed(first_name),
                                  .last_name = Sealed(last_name),
                                  .date_of_birth = Sealed("1971-05-19")};
    buyer.contact = ledger::Contact{.email = Sealed(first_name + '.' + last_name + number + "@example.com"),
                                    .phone = Sealed("+49 221 5555555")};
    buyer.billing_address = {.street = Sealed(one_of(streets, drawn(purchase, 5))),
                             .street_addition = std::nullopt,
                             .street_number = Sealed(std::to_string(1 + purchase % 99)),
                             .zip_code = Sealed("51147"),
                             .city = Sealed("Koeln"),
                             .country_code = Sealed("DE")};
    std::vector<ledger::Line> lines = lines_of(purchase);
    const Money gross = total_of(lines);
    command.baskets = {{.shop_id = std::string(shop_id),
                        .shop_transaction_id = "shop-" + number,
                        .gross = gross,
                        .lines = std::move(lines),
                        .vats = {}}};
    return command;
}

ledger::Capture capture_of(std::uint64_t purchase) {
    return {.operation = {.gross = total_of(lines_of(purchase))},
            .partner_invoice_id = "INV-" + std::to_string(purchase)};
}

/// Two thirds of what was bought.
ledger::BookSettlement payment_of(std::uint64_t purchase) {
    const std::int64_t cents = total_of(lines_of(purchase)).minor() * 2 / 3;
    return {.type = ledger::SettlementType::debit,
            .amount = Money(cents, euro()),
            .value_date = std::nullopt,
            .reference = Sealed("order-" + std::to_string(purchase)),
            .comment = std::nullopt};
}

/// One piece of the first article comes back.
ledger::Refund refund_of(std::uint64_t purchase) {
    ledger::Refund command;
    command.operation.lines = {line_of(article_of(purchase, 0), 1)};
    command.operation.gross = total_of(command.operation.lines);
    return command;
}

service::RequestedSession session_of(std::uint64_t number) {
    ledger::Authorise command = authorisation_of(number);
    ledger::Basket basket{.shop_id = std::string(shop_id), .gross = command.baskets.front().gross};
    basket.lines = std::move(command.baskets.front().lines);
    return {.order = {.partner_transaction_id = command.partner_transaction_id,
                      .currency = command.currency,
                      .baskets = {std::move(basket)},
                      .buyer = std::move(command.buyer)},
            .urls = {.success = Sealed("https://shop.example/success?order=" + std::to_string(number)),
                     .cancel = Sealed("https://shop.example/cancel"),
                     .failure = Sealed("https://shop.example/failure"),
                     .webhook = std::nullopt},
            .payment_methods = {}};
}

/// Counts what is under way.
class Turnstile {
  public:
    void enter() {
        std::unique_lock lock(guard_);
        changed_.wait(lock, [this] { return inside_ < under_way_max; });
        ++inside_;
    }
    void leave() {
        const std::scoped_lock lock(guard_);
        --inside_;
        changed_.notify_all();
    }
    void wait_until_empty() {
        std::unique_lock lock(guard_);
        changed_.wait(lock, [this] { return inside_ == 0; });
    }

  private:
    std::mutex guard_;
    std::condition_variable changed_;
    std::size_t inside_ = 0;
};

/// All of an installation but HTTP, with a lane for large batches.
class House {
  public:
    House(const store::DataDirectory& directory, subject::Key master_key, Instant start)
        : store_(directory, std::move(master_key)),
          clock_(start),
          lane_(*store_.events, clock_, service::stream_fold(store_.secrets.master_key()),
                {.waiting_max = 4 * under_way_max, .batch_max = under_way_max, .hot_streams = 150'000}),
          readers_(*store_.events, {.threads = 2, .waiting_max = 4 * under_way_max}),
          partners_(store_.events->reader(), service::committing_through(lane_), clock_, random_),
          purchases_({.lane = lane_,
                      .readers = readers_,
                      .partners = partners_,
                      .clock = clock_,
                      .random = random_,
                      .master_key = store_.secrets.master_key(),
                      .id_secret = store_.secrets.id_secret(random_)}),
          sessions_({.lane = lane_,
                     .readers = readers_,
                     .partners = partners_,
                     .clock = clock_,
                     .random = random_,
                     .master_key = store_.secrets.master_key(),
                     .id_secret = store_.secrets.id_secret(random_)}),
          indexer_(*store_.events, *store_.index),
          due_work_({.indexer = indexer_, .purchases = purchases_, .sessions = sessions_, .clock = clock_}) {}

    MovedClock& clock() { return clock_; }
    service::Partners& partners() { return partners_; }
    service::Purchases& purchases() { return purchases_; }
    service::Sessions& sessions() { return sessions_; }
    void finish_everything_behind_the_log() { due_work_.finish_everything_due(); }

  private:
    app::OsRandom random_;
    app::OpenStore store_;
    MovedClock clock_;
    service::StoreLane lane_;
    service::ReaderPool readers_;
    service::Partners partners_;
    service::LedgerPurchases purchases_;
    service::CheckoutSessions sessions_;
    service::Indexer indexer_;
    service::DueWork due_work_;
};

/// A year of purchases, one begun after another at even distances.
class Year {
  public:
    Year(House& house, std::string partner_id, std::uint64_t purchases, Instant start)
        : house_(house), partner_id_(std::move(partner_id)), ids_(purchases), start_(start) {}

    void live() {
        const std::uint64_t count = ids_.size();
        const std::uint64_t day = std::max<std::uint64_t>(1, count / days_of_history);
        const std::uint64_t capture = day, payment = 12 * day, refund = 16 * day;
        const auto distance = std::chrono::microseconds(Days{days_of_history}) / static_cast<std::int64_t>(count);
        // A step never begins before the one before it has its answer: those are at least a day apart.
        for (std::uint64_t tick = 0; tick < count + refund; ++tick) {
            if (tick % std::min<std::uint64_t>(day, under_way_max / 4) == 0) turnstile_.wait_until_empty();
            house_.clock().move_to(start_ + distance * static_cast<std::int64_t>(std::min(tick, count)));
            if (tick < count) authorise(tick);
            if (tick >= capture && tick - capture < count)
                operate(tick - capture, "capture", capture_of(tick - capture));
            if (tick >= payment && tick - payment < count)
                operate(tick - payment, "payment", payment_of(tick - payment));
            if (tick >= refund && tick - refund < count) operate(tick - refund, "refund", refund_of(tick - refund));
            if (tick % 50'000 == 0) std::cerr << "\rfill: " << tick << " of " << count << std::flush;
        }
        turnstile_.wait_until_empty();
        std::cerr << '\n';
    }

    const std::vector<std::string>& ids() const { return ids_; }

  private:
    service::Origin origin(std::uint64_t purchase, std::string_view step) const {
        return {
            .actor = std::string(actor),
            .partner_id = partner_id_,
            .key = "2f9d3c04-6e0b-4c39-9d53-" + std::to_string(100'000'000'000 + purchase) + '-' + std::string(step)};
    }

    void authorise(std::uint64_t purchase) {
        turnstile_.enter();
        house_.purchases().authorise(origin(purchase, "authorise"), authorisation_of(purchase),
                                     [this, purchase](const service::Result& result) {
                                         ids_[purchase] = done(result, "authorise").purchase->transaction.id;
                                         turnstile_.leave();
                                     });
    }

    void operate(std::uint64_t purchase, const char* step, ledger::Command command) {
        turnstile_.enter();
        service::Purchase known;  // the id is all that is asked of it: the lane loads the rest
        known.transaction.id = ids_[purchase];
        house_.purchases().operate(origin(purchase, step), std::make_shared<const service::Purchase>(std::move(known)),
                                   std::move(command), [this, step](const service::Result& result) {
                                       done(result, step);
                                       turnstile_.leave();
                                   });
    }

    static const Done& done(const service::Result& result, const char* step) {
        if (const auto* good = std::get_if<Done>(&result)) return *good;
        if (const auto* no = std::get_if<service::SaidNo>(&result))
            stop(std::string(step) + " was refused: " + std::string(ledger::name_of(no->refusal)));
        stop(std::string(step) + " failed");
    }

    House& house_;
    std::string partner_id_;
    std::vector<std::string> ids_;
    Instant start_;
    Turnstile turnstile_;
};

/// Makes so many sessions on the first whole day behind the clock, at even distances. Gives that day.
foundation::Day make_sessions(House& house, const std::string& partner_id, std::uint64_t count) {
    const foundation::Day day = std::chrono::ceil<Days>(house.clock().now());
    const auto distance = std::chrono::microseconds(Days{1}) / static_cast<std::int64_t>(count + 1);
    Turnstile turnstile;
    for (std::uint64_t number = 0; number < count; ++number) {
        if (number % (under_way_max / 4) == 0) turnstile.wait_until_empty();
        house.clock().move_to(Instant{day} + distance * static_cast<std::int64_t>(number));
        turnstile.enter();
        house.sessions().create({.actor = std::string(actor), .partner_id = partner_id, .key = std::nullopt},
                                session_of(number), [&turnstile](const auto& made) {
                                    if (!std::holds_alternative<service::SessionMade>(made))
                                        stop("a session could not be made");
                                    turnstile.leave();
                                });
    }
    turnstile.wait_until_empty();
    house.clock().move_to(Instant{day} + Days{2});
    return day;
}

std::string access_json(const std::string& partner_id, const service::NewClient& shop, const service::NewClient& all,
                        std::optional<foundation::Day> sessions_day) {
    foundation::JsonWriter out;
    out.begin_object().field("partner_id", partner_id).field("partner_shop_id", shop_id);
    out.field("client_id", shop.client_id).field("client_secret", shop.secret);
    out.field("operator_client_id", all.client_id).field("operator_client_secret", all.secret);
    out.optional_field("sessions_day", sessions_day).end_object();
    return std::move(out).finish();
}

void fill(const std::filesystem::path& directory, std::uint64_t purchases, std::uint64_t sessions) {
    std::filesystem::create_directories(directory);
    app::OsRandom random;
    service::make_master_key(directory / "master.key", random);
    const Instant start = service::system_time() - Days{days_of_history + days_behind_it};
    std::string access;
    std::vector<std::string> ids;
    {
        House house(store::DataDirectory::at(directory / "data"), service::read_master_key(directory / "master.key"),
                    start);
        service::Partners& partners = house.partners();
        terms::Contract contract = terms::demo_contract();
        contract.one_time_codes.reset();  // nothing sends them here, and a server refuses a contract that asks for them
        const std::string id = partners.add({.name = "Bench", .contract = std::move(contract)}, actor).value();
        partners.change(id, partner::AddShop{std::string(shop_id), "Bench shop"}, actor).value();
        const std::vector<partner::Scope> scopes(partner::all_scopes.begin(), partner::all_scopes.end());
        const auto shop = partners.add_client(id, partner::ClientKind::api, {}, actor).value();
        const auto all =
            partners.add_client(partner::every_partner, partner::ClientKind::operations, scopes, actor).value();
        Year year(house, id, purchases, start);
        year.live();
        std::optional<foundation::Day> sessions_day;
        if (sessions > 0) sessions_day = make_sessions(house, id, sessions);
        house.finish_everything_behind_the_log();
        access = access_json(id, shop, all, sessions_day);
        ids = year.ids();
    }
    std::ofstream list(directory / "ids");
    for (const std::string& id : ids) list << id << '\n';
    list.close();
    std::ofstream(directory / "access.json") << access << '\n';
    if (!list) stop("the list of ids could not be written");
}

}  // namespace

int main(int count, char** words) {
    if (count < 3 || count > 4 || std::atoll(words[2]) < 1 || (count == 4 && std::atoll(words[3]) < 0)) {
        std::cerr << "usage: fill DIRECTORY PURCHASES [SESSIONS]\n";
        return 2;
    }
    try {
        fill(words[1], static_cast<std::uint64_t>(std::atoll(words[2])),
             count == 4 ? static_cast<std::uint64_t>(std::atoll(words[3])) : 0);
    } catch (const std::exception& fault) {
        stop(fault.what());
    }
    return 0;
}
