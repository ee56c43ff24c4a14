#pragma once

#include <future>
#include <memory>
#include <utility>

namespace saldo::app {

/// Asks for something whose answer comes on another thread, and waits for it.
template <class Answer, class Ask>
Answer waited_for(Ask ask) {
    // Shared, since the other thread may still be in set_value when this one has its answer.
    const auto promise = std::make_shared<std::promise<Answer>>();
    auto answer = promise->get_future();
    ask([promise](Answer given) { promise->set_value(std::move(given)); });
    return answer.get();
}

}  // namespace saldo::app
