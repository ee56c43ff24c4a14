#include "service/text_gateway.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "foundation/digest.hpp"
#include "foundation/id.hpp"
#include "foundation/json_writer.hpp"
#include "foundation/outcome.hpp"

namespace saldo::service {

using foundation::Instant;

namespace {

bool is_taken(const OutgoingAnswer& answer) {
    return answer.status >= 200 && answer.status <= 299;
}

/// Whether another attempt may go better.
bool may_pass(const OutgoingAnswer& answer) {
    if (answer.status != 0) return answer.status == 408 || answer.status == 429 || answer.status >= 500;
    return answer.failure != OutgoingFailure::url_not_allowed && answer.failure != OutgoingFailure::address_not_allowed;
}

std::string why(const OutgoingAnswer& answer) {
    if (answer.status != 0) return "status " + std::to_string(answer.status);
    return std::string(answer.failure ? name_of(*answer.failure) : "no answer");
}

}  // namespace

struct TextGateway::Desk {
    mutable std::mutex guard;
    std::map<std::string, Waiting> waiting;  ///< by id
    TextNumbers numbers;
    std::function<void()> wake;  ///< empty when the gateway is gone
    std::function<Instant()> system_time;
    std::function<void(std::string_view)> on_given_up;

    void end(const std::string& id, const OutgoingAnswer& answer) {
        const std::lock_guard hold(guard);
        if (!wake) return;
        const auto found = waiting.find(id);
        if (is_taken(answer)) {
            ++numbers.handed_over;
            waiting.erase(found);
            return;
        }
        ++numbers.failed;
        Waiting& message = found->second;
        if (message.failures < text_delays.size() && may_pass(answer)) {
            message.next = system_time() + text_delays.at(message.failures++);
            wake();
            return;
        }
        ++numbers.given_up;
        waiting.erase(found);
        on_given_up(why(answer));
    }
};

TextGateway::TextGateway(Settings settings, Parts parts, std::function<void()> wake)
    : settings_(std::move(settings)), parts_(std::move(parts)), desk_(std::make_shared<Desk>()) {
    desk_->wake = std::move(wake);
    desk_->system_time = parts_.system_time;
    desk_->on_given_up = parts_.on_given_up;
}

TextGateway::~TextGateway() {
    const std::lock_guard hold(desk_->guard);
    desk_->wake = nullptr;
}

void TextGateway::send(TextMessage message) {
    std::string id = foundation::uuid_text(*foundation::digest_of(parts_.random.bytes(32)));
    foundation::JsonWriter json;
    json.begin_object().field("id", id).field("to", message.to).field("text", message.text);
    json.field("sender", settings_.sender).end_object();
    const std::lock_guard hold(desk_->guard);
    if (desk_->waiting.size() >= settings_.waiting_max) {
        ++desk_->numbers.given_up;
        parts_.on_given_up("QUEUE_FULL");
        return;
    }
    desk_->waiting.emplace(std::move(id), Waiting{.body = std::move(json).finish(), .next = parts_.system_time()});
    desk_->wake();
}

std::optional<Instant> TextGateway::turn() {
    std::vector<std::pair<std::string, std::string>> due;  // id and body
    std::optional<Instant> next;
    {
        const std::lock_guard hold(desk_->guard);
        const Instant now = parts_.system_time();
        for (auto& [id, message] : desk_->waiting) {
            if (!message.next) continue;
            if (*message.next > now) {
                next = next ? std::min(*next, *message.next) : message.next;
                continue;
            }
            message.next.reset();
            due.emplace_back(id, message.body);
        }
    }
    // The way out may answer at once, on this very thread.
    for (auto& [id, body] : due)
        parts_.outgoing.send(
            {.url = settings_.url,
             .fields = {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + settings_.token}},
             .body = std::move(body),
             .reach = settings_.reach},
            [desk = desk_, id = id](const OutgoingAnswer& answer) { desk->end(id, answer); });
    return next;
}

TextNumbers TextGateway::numbers() const {
    const std::lock_guard hold(desk_->guard);
    TextNumbers numbers = desk_->numbers;
    numbers.waiting = desk_->waiting.size();
    return numbers;
}

}  // namespace saldo::service
