#include "log_house.hpp"

#include <future>
#include <stdexcept>

#include "service/stream_state.hpp"

namespace saldo::scenarios {

namespace {

/// The answer to something that is asked now and answered on another thread.
template <class Answer, class Ask>
Answer answer_to(Ask ask) {
    // Shared: the answering thread may still be leaving set_value when the asking one goes on.
    const auto promise = std::make_shared<std::promise<Answer>>();
    std::future<Answer> answer = promise->get_future();
    ask([promise](Answer given) { promise->set_value(std::move(given)); });
    return answer.get();
}

}  // namespace

LogHouse::LogHouse(service::EventStore& store, const Assess& assess)
    : master_key_(*subject::Key::of(std::string(subject::Key::size, 'm'))),
      lane_(store, clock, service::stream_fold(master_key_)),
      readers_(store, {}),
      partners_(
          store.reader(), [this](service::Append append) { return commit(std::move(append)); }, clock, random),
      purchases_(house(assess)),
      sessions_(house(assess), service::CheckoutSessions::Verdicts::of_the_sandbox) {}

service::House LogHouse::house(const Assess& assess) {
    return {.lane = lane_,
            .readers = readers_,
            .partners = partners_,
            .clock = clock,
            .random = random,
            .master_key = master_key_,
            .id_secret = "story",
            .assess = assess,
            .messenger = &phone};
}

std::string LogHouse::add_partner(const std::vector<std::string>& shops, terms::Contract contract) {
    contract.shop_baskets_max = static_cast<int>(shops.size());
    for (const std::string& fault : terms::faults_of(contract)) throw std::runtime_error("the contract: " + fault);
    const std::string id = partners_.add({.name = "Story", .contract = std::move(contract)}, "test").value();
    for (const std::string& shop : shops)
        if (!partners_.change(id, partner::AddShop{.partner_shop_id = shop}, "test"))
            throw std::runtime_error("a shop was refused");
    return id;
}

service::Result LogHouse::authorise(service::Origin origin, const ledger::Authorise& command) {
    return answer_to<service::Result>(
        [&](auto answer) { purchases_.authorise(std::move(origin), command, std::move(answer)); });
}

service::Result LogHouse::operate(service::Origin origin, const service::PurchasePtr& purchase,
                                  const ledger::Command& command) {
    return answer_to<service::Result>(
        [&](auto answer) { purchases_.operate(std::move(origin), purchase, command, std::move(answer)); });
}

std::variant<service::PurchasePtr, service::NotDecided> LogHouse::find(service::Origin origin, const std::string& id) {
    return answer_to<std::variant<service::PurchasePtr, service::NotDecided>>(
        [&](auto answer) { purchases_.find(std::move(origin), id, std::move(answer)); });
}

bool LogHouse::record_due(const std::string& id) {
    return answer_to<bool>([&](auto answer) {
        purchases_.record_due(id, [answer = std::move(answer)](bool recorded, auto) mutable { answer(recorded); });
    });
}

bool LogHouse::commit(service::Append append) {
    std::promise<bool> promise;
    const std::int64_t expected = append.expected_version;
    service::Job<service::StreamState> job{
        .stream = append.stream,
        .decide =
            [&](const service::StreamState&, const service::LaneContext& context) {
                service::Step<service::StreamState> step;
                const bool fits = context.version == expected;
                step.completed = [&promise, fits](auto, auto) { promise.set_value(fits); };
                if (fits) {
                    for (service::EventRecord& record : append.events) record.recorded_at = context.now;
                    step.append = append;
                }
                return step;
            },
        .failed = [&](std::exception_ptr fault) { promise.set_exception(std::move(fault)); }};
    if (!lane_.submit(std::move(job))) throw std::runtime_error("the lane is full");
    return promise.get_future().get();
}

}  // namespace saldo::scenarios
