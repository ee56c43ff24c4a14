#include "service/webhook_secrets.hpp"

#include <optional>
#include <utility>

#include "foundation/base64.hpp"
#include "foundation/json.hpp"
#include "foundation/json_writer.hpp"
#include "foundation/outcome.hpp"

namespace saldo::service {

using foundation::Instant;

namespace {

constexpr std::size_t secret_bytes = 32;

std::string name_of_secrets(std::string_view partner_id) {
    return "webhook_secret/" + std::string(partner_id);
}

std::int64_t count_of(Instant instant) {
    return instant.time_since_epoch().count();
}

}  // namespace

WebhookSecrets::Secret WebhookSecrets::new_secret(Instant signs_from) const {
    return {.text = foundation::base64url(random_.bytes(secret_bytes)), .signs_from = signs_from};
}

const WebhookSecrets::Secrets& WebhookSecrets::of(const std::string& partner_id) {
    const auto known = known_.find(partner_id);
    if (known != known_.end()) return known->second;
    Secrets secrets;
    if (const auto kept = secrets_.find(name_of_secrets(partner_id))) {
        const auto document = foundation::JsonDocument::parse(*kept);
        foundation::ensure(document.has_value(), "webhook secrets are kept as JSON");
        document->root().each([&](foundation::JsonValue one) {
            secrets.push_back(
                {.text = std::string(one.find("secret").value().string()),
                 .signs_from = Instant(std::chrono::microseconds(one.find("signs_from").value().integer().value())),
                 .was_told = one.find("told").value().boolean()});
        });
    }
    return known_.emplace(partner_id, std::move(secrets)).first->second;
}

void WebhookSecrets::keep(const std::string& partner_id, Secrets secrets) {
    foundation::JsonWriter out;
    out.begin_array();
    for (const Secret& one : secrets) {
        out.begin_object().field("secret", one.text).field("signs_from", count_of(one.signs_from));
        out.field("told", one.was_told).end_object();
    }
    out.end_array();
    secrets_.put(name_of_secrets(partner_id), std::move(out).finish());
    known_[partner_id] = std::move(secrets);
}

std::string WebhookSecrets::signing_at(const std::string& partner_id, Instant now) {
    const std::lock_guard hold(guard_);
    const Secrets* secrets = &of(partner_id);
    if (secrets->empty()) {
        Secret untold = new_secret(now);
        untold.was_told = false;
        keep(partner_id, {std::move(untold)});
        secrets = &of(partner_id);
    }
    return secrets->back().signs_from <= now ? secrets->back().text : secrets->front().text;
}

NewWebhookSecret WebhookSecrets::renew(const std::string& partner_id, Instant now, Switch when) {
    const std::lock_guard hold(guard_);
    const Secrets& before = of(partner_id);
    Secrets after;
    // Of two, the one that signs now stays; one that never signed gives way.
    if (!before.empty()) after.push_back(before.back().signs_from <= now ? before.back() : before.front());
    const bool is_at_once = when == Switch::at_once || after.empty() || !after.front().was_told;
    if (is_at_once) after.clear();
    after.push_back(new_secret(is_at_once ? now : now + overlap));
    const NewWebhookSecret made{.secret = after.back().text, .signs_from = after.back().signs_from};
    keep(partner_id, std::move(after));
    return made;
}

}  // namespace saldo::service
