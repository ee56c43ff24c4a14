#include "house.hpp"

#include <map>
#include <utility>

#include "partner/event_json.hpp"
#include "service/purchase_fold.hpp"
#include "service/sandbox_risk.hpp"

namespace saldo::simulation {

using foundation::Instant;
using foundation::Money;
using service::Append;
using service::EventRecord;

namespace {

Instant newest_on(Disk& disk) {
    return disk.writer()->last_recorded_at();
}

service::LaneOptions options_of(House::Sizes sizes) {
    return {.drive = service::LaneDrive::by_hand, .waiting_max = sizes.waiting_max, .hot_streams = sizes.hot_streams};
}

ledger::RiskVerdict risk_of(const ledger::Authorise& order) {
    const auto& contact = order.buyer.contact;
    return contact && contact->email ? service::risk_verdict_of_test_email(contact->email->text())
                                     : ledger::RiskVerdict::accepted;
}

}  // namespace

subject::Key House::master_key() {
    return *subject::Key::of(std::string(subject::Key::size, 'm'));
}

House::House(Disk& disk, service::Random& random, std::function<Instant()> system_clock, Sizes sizes,
             service::Messenger& messenger)
    : clock_(newest_on(disk), std::move(system_clock)),
      lane_(disk, clock_, service::stream_fold(master_key()), options_of(sizes)),
      readers_(disk, {.threads = 0, .waiting_max = sizes.waiting_max}),
      partners_(
          disk.reader(), [](const Append&) { return false; }, clock_, random),
      purchases_({.lane = lane_,
                  .readers = readers_,
                  .partners = partners_,
                  .clock = clock_,
                  .random = random,
                  .master_key = master_key(),
                  .id_secret = id_secret,
                  .assess = [](const ledger::Authorise& order) { return risk_of(order); },
                  .messenger = &messenger}),
      sessions_({.lane = lane_,
                 .readers = readers_,
                 .partners = partners_,
                 .clock = clock_,
                 .random = random,
                 .master_key = master_key(),
                 .id_secret = id_secret,
                 .messenger = &messenger},
                service::CheckoutSessions::Verdicts::of_the_sandbox) {}

House::~House() {
    while (read() || lane_.write_batch(1)) {
    }
}

bool House::work(Fate& fate) {
    constexpr int hands = 3;
    const std::int64_t first = fate.number(0, hands - 1);
    for (std::int64_t i = 0; i < hands; ++i) {
        switch ((first + i) % hands) {
            case 0:
                if (readers_.run_one()) return true;
                break;
            case 1:
                if (lane_.read_one()) return true;
                break;
            default:
                if (lane_.write_batch(static_cast<std::size_t>(fate.number(1, 8)))) return true;
        }
    }
    return false;
}

bool House::read() {
    return readers_.run_one() || lane_.read_one();
}

const std::vector<Merchant>& merchants() {
    static const std::vector<Merchant> all = [] {
        const foundation::Currency euro = *foundation::Currency::parse("EUR");
        terms::Contract usual = terms::demo_contract();
        usual.retention_days = 1;
        usual.currencies = {{Money{1, euro}, Money{5'000'000, euro}}};
        terms::Contract strict = usual;
        strict.currencies = {{Money{1000, euro}, Money{300'000, euro}}};
        strict.return_fees = false;
        strict.increment_percent_max = 20;
        strict.expiry_days = 14;
        strict.expiry_days_max = 30;
        strict.products.front().due_days = 30;
        strict.one_time_codes.reset();
        strict.retention_days.reset();
        strict.pay_later.reset();
        strict.direct_debit->retries_max = 0;
        strict.direct_debit->notice_days = 14;
        strict.instalments->convention = terms::PlanConvention::thirty_360;
        strict.instalments->unscheduled = terms::UnscheduledPayments::lower;
        strict.instalments->payment_days = {31, 1};
        strict.credit_regime = terms::CreditRegime::consumer_credit;
        strict.creditor = terms::Creditor{"Bruno", "Weg 1, 8000 Zürich"};
        strict.late_payment = terms::LatePayment{};
        strict.country = "CH";
        terms::Contract market = usual;
        market.shop_baskets_max = 3;
        market.part_payment = terms::PartPayment::waits;
        market.one_time_codes = {
            .life_seconds = 60, .tries_max = 2, .new_codes_max = 1, .pause_seconds = 20, .deadline_seconds = 600};
        market.direct_debit.reset();
        market.pay_later->withdrawal_days = 0;
        market.pay_later->offers.push_back({"payl-3", 150, Money{1, euro}});
        market.instalments->convention = terms::PlanConvention::nominal_monthly;
        market.instalments->interest_rate = market.instalments->interest_rate_max = {};
        market.instalments->service_charge = Money{0, euro};
        market.instalments->months_allowed = {1, 2, 10};
        terms::Contract lender = usual;
        lender.credit_regime = terms::CreditRegime::consumer_credit;
        lender.creditor = terms::Creditor{"Lender", "Weg 1, 10115 Berlin"};
        lender.late_payment = terms::LatePayment{};
        lender.country = "DE";
        lender.direct_debit->retries_max = 3;
        lender.direct_debit->retry_days = 5;
        lender.direct_debit->lead_days = 2;
        lender.direct_debit->return_fee.reset();
        lender.instalments->convention = terms::PlanConvention::actual_actual;
        lender.instalments->interest_rate = *foundation::Decimal::parse("19.9");
        lender.instalments->interest_rate_max = lender.instalments->interest_rate;
        lender.instalments->instalment_min = Money{500, euro};
        lender.instalments->days_to_first_due_min = 1;
        return std::vector<Merchant>{{"Anna", "", {"A"}, usual},
                                     {"Bruno", "", {"A"}, strict},
                                     {"the market", "", {"A", "B", "C"}, market},
                                     {"the lender", "", {"A"}, lender}};
    }();
    static const std::vector<Merchant> with_ids = [] {
        std::vector<Merchant> named = all;
        for (Merchant& merchant : named) merchant.partner_id = foundation::id_text(foundation::sha256(merchant.name));
        return named;
    }();
    return with_ids;
}

namespace {

Append made_founding_of(const Merchant& merchant) {
    const Instant long_ago = *foundation::parse_instant("2014-12-01T00:00:00Z");
    Append append{.stream = service::stream_of_partner(merchant.partner_id)};
    std::vector<partner::Event> events{partner::PartnerAdded{merchant.name},
                                       partner::ContractAgreed{merchant.contract}};
    for (const std::string& shop : merchant.shops) events.push_back(partner::ShopAdded{shop, std::nullopt});
    for (const partner::Event& event : events) {
        const partner::EventText text = partner::encode(event);
        EventRecord record;
        record.stream = append.stream;
        record.seq = std::ssize(append.events) + 1;
        record.type = text.type;
        record.schema_version = text.schema_version;
        record.recorded_at = record.effective_at = long_ago;
        record.value_date = std::chrono::floor<foundation::Days>(long_ago);
        record.actor = "founder";
        record.body = text.body;
        append.events.push_back(std::move(record));
    }
    return append;
}

}  // namespace

const Append& founding_of(const Merchant& merchant) {
    static const std::map<std::string, Append> appends = [] {
        std::map<std::string, Append> all;
        for (const Merchant& one : merchants()) all.emplace(one.name, made_founding_of(one));
        return all;
    }();
    return appends.at(merchant.name);
}

}  // namespace saldo::simulation
