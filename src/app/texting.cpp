#include "app/texting.hpp"

#include <string>
#include <utility>

#include "service/clocks.hpp"

namespace saldo::app {

Texting::Texting(Parts parts)
    : thread_([this] { return gateway_.turn(); }, service::system_time,
              [&log = parts.log](std::string_view what) {
                  log.write(Log::Level::error, "messages: " + std::string(what));
              }),
      gateway_(std::move(parts.settings),
               {.outgoing = outgoing_,
                .random = parts.random,
                .system_time = service::system_time,
                .on_given_up =
                    [&log = parts.log](std::string_view why) {
                        log.write(Log::Level::warning, "messages: one was given up", {{"why", std::string(why)}});
                    }},
               [this] { thread_.wake(); }) {
    watch(parts.metrics);
    thread_.start();
}

void Texting::watch(http::Metrics& metrics) const {
    const auto number = [this](auto read) {
        return [this, read] { return static_cast<double>(read(gateway_.numbers())); };
    };
    using Numbers = service::TextNumbers;
    metrics.watch_total("saldo_messages_handed_over_total", "Text messages that the gateway took.",
                        number([](const Numbers& numbers) { return numbers.handed_over; }));
    metrics.watch_total("saldo_message_attempts_failed_total", "Attempts to hand a text message over that failed.",
                        number([](const Numbers& numbers) { return numbers.failed; }));
    metrics.watch_total("saldo_messages_given_up_total", "Text messages that could not be handed over.",
                        number([](const Numbers& numbers) { return numbers.given_up; }));
    metrics.watch("saldo_messages_waiting", "Text messages that wait for the gateway.",
                  number([](const Numbers& numbers) { return numbers.waiting; }));
}

}  // namespace saldo::app
