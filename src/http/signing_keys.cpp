#include "http/signing_keys.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "foundation/json.hpp"
#include "foundation/json_writer.hpp"
#include "foundation/outcome.hpp"

namespace saldo::http {
namespace {

using foundation::Instant;
using foundation::JsonKind;

constexpr std::string_view prefix = "signing_key/";

std::string name_in_store(std::string_view kid) {
    return std::string(prefix) + std::string(kid);
}

std::string text_of(const RsaKey& key, Instant signs_from) {
    foundation::JsonWriter json;
    json.begin_object().field("signs_from", foundation::utc_text(signs_from)).field("jwk", key.private_jwk());
    json.end_object();
    return std::move(json).finish();
}

/// Requires text of `text_of`: what opens under the master key is what was written.
std::pair<RsaKey, Instant> read(std::string_view text) {
    const auto json = foundation::JsonDocument::parse(text);
    foundation::ensure(json && json->root().kind() == JsonKind::object, "a signing key is stored as JSON");
    const auto member = [&](std::string_view name) {
        const auto found = json->root().find(name);
        foundation::ensure(found && found->kind() == JsonKind::string, "a signing key is stored whole");
        return found->string();
    };
    const auto signs_from = foundation::parse_instant(member("signs_from"));
    auto key = RsaKey::from_private_jwk(member("jwk"));
    foundation::ensure(signs_from && key, "a signing key is stored whole");
    return {*std::move(key), *signs_from};
}

}  // namespace

std::string_view name_of(KeyState state) {
    switch (state) {
        case KeyState::next:
            return "next";
        case KeyState::current:
            return "current";
        case KeyState::previous:
            return "previous";
    }
    return "";
}

SigningKeys::SigningKeys(service::StoreSecrets& secrets, Instant now) : secrets_(secrets), keys_(read_all()) {
    if (keys_.empty()) keys_.push_back(add(now));
}

std::string SigningKeys::rotate(Instant now) {
    const std::lock_guard changing(changes_);
    Kept added = add(now + lead);  // takes long: readers are not to wait for it
    std::string kid = added.key.kid();
    const std::unique_lock lock(mutex_);
    keys_.push_back(std::move(added));
    sort(keys_);
    const std::size_t done = first_alive(now);
    for (std::size_t i = 0; i < done; ++i) secrets_.remove(name_in_store(keys_[i].key.kid()));
    keys_.erase(keys_.begin(), keys_.begin() + static_cast<std::ptrdiff_t>(done));
    return kid;
}

void SigningKeys::reload() {
    const std::lock_guard changing(changes_);
    auto keys = read_all();
    if (keys.empty()) throw std::runtime_error("the signing keys have vanished from the store");
    const std::unique_lock lock(mutex_);
    keys_ = std::move(keys);
}

RsaKey SigningKeys::signer(Instant now) const {
    const std::shared_lock lock(mutex_);
    return keys_[current(now)].key;
}

std::optional<RsaKey> SigningKeys::find(std::string_view kid, Instant now) const {
    const std::shared_lock lock(mutex_);
    for (std::size_t i = first_alive(now); i < keys_.size(); ++i) {
        if (keys_[i].key.kid() == kid) return keys_[i].key;
    }
    return std::nullopt;
}

std::string SigningKeys::key_set(Instant now) const {
    foundation::JsonWriter json;
    json.begin_object().key("keys").begin_array();
    const std::shared_lock lock(mutex_);
    for (std::size_t i = first_alive(now); i < keys_.size(); ++i) json.raw(keys_[i].key.public_jwk());
    json.end_array().end_object();
    return std::move(json).finish();
}

std::vector<SigningKeys::Listed> SigningKeys::list(Instant now) const {
    std::vector<Listed> listed;
    const std::shared_lock lock(mutex_);
    const std::size_t signing = current(now);
    for (std::size_t i = first_alive(now); i < keys_.size(); ++i) {
        const auto state = i < signing ? KeyState::previous : i == signing ? KeyState::current : KeyState::next;
        listed.push_back({keys_[i].key.kid(), state, keys_[i].signs_from});
    }
    return listed;
}

void SigningKeys::sort(std::vector<Kept>& keys) {
    std::ranges::sort(keys, {}, [](const Kept& kept) { return std::tie(kept.signs_from, kept.key.kid()); });
}

SigningKeys::Kept SigningKeys::add(Instant signs_from) {
    Kept kept{RsaKey::generate(), signs_from};
    secrets_.put(name_in_store(kept.key.kid()), text_of(kept.key, signs_from));
    return kept;
}

std::vector<SigningKeys::Kept> SigningKeys::read_all() {
    std::vector<Kept> keys;
    for (const std::string& name : secrets_.names(prefix)) {
        const auto text = secrets_.find(name);
        if (!text) continue;  // another process has just forgotten it
        auto [key, signs_from] = read(*text);
        keys.push_back({std::move(key), signs_from});
    }
    sort(keys);
    return keys;
}

std::size_t SigningKeys::first_alive(Instant now) const {
    std::size_t first = 0;
    while (first + 1 < keys_.size() && keys_[first + 1].signs_from + overlap <= now) ++first;
    return first;
}

std::size_t SigningKeys::current(Instant now) const {
    std::size_t newest = 0;  // also where the system's clock was set back behind them all: somebody has to sign
    while (newest + 1 < keys_.size() && keys_[newest + 1].signs_from <= now) ++newest;
    return newest;
}

}  // namespace saldo::http
