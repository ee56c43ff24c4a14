#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/calendar.hpp"
#include "http/rsa_key.hpp"
#include "service/master_key.hpp"

namespace saldo::http {

/// Where a signing key stands in its life. A key walks through them in this order, by time alone.
enum class KeyState : std::uint8_t {
    next,      ///< published, does not sign yet: whoever keeps the key set for a while must have seen it
    current,   ///< signs
    previous,  ///< signs no more; tokens signed with it may still be good
};
std::string_view name_of(KeyState state);

/// The keys that tokens are signed with, kept among the store's secrets as `signing_key/<kid>`.
///
/// The stored part of a key is when it begins to sign; everything else follows from that and the time: the newest that
/// has begun signs, and a key is done `overlap` after its successor began. So a rotation is one write, and there is no
/// half of it. May be used from several threads; `now` is the system's time.
class SigningKeys {
  public:
    /// From being published until it signs: what `/.well-known/jwks.json` lets others keep the set for, and more.
    static constexpr std::chrono::minutes lead{10};
    /// From the last signature until it is forgotten: what a token lives, and more.
    static constexpr std::chrono::minutes overlap{35};
    /// How long others may keep the key set.
    static constexpr std::chrono::minutes key_set_age_max{5};

    /// The keys of the store; if there are none, a first one is made, which signs at once. Throws
    /// service::MasterKeyUnusable. `secrets` must outlive it; it serves one thread at a time and is used here, in
    /// `rotate` and in `reload` alone.
    SigningKeys(service::StoreSecrets& secrets, foundation::Instant now);

    /// Makes a new key that signs from `now + lead` on and forgets those that are done. Gives its kid.
    std::string rotate(foundation::Instant now);

    /// Reads the store again: another process may have rotated.
    void reload();

    /// The key that signs now.
    RsaKey signer(foundation::Instant now) const;
    /// The key of that name while tokens signed with it may be good.
    std::optional<RsaKey> find(std::string_view kid, foundation::Instant now) const;
    /// All keys that are not done, as a JSON Web Key Set (RFC 7517): the public parts.
    std::string key_set(foundation::Instant now) const;

    struct Listed {
        std::string kid;
        KeyState state;
        foundation::Instant signs_from;
        bool operator==(const Listed&) const = default;
    };
    /// The keys that are not done, the oldest first.
    std::vector<Listed> list(foundation::Instant now) const;

  private:
    struct Kept {
        RsaKey key;
        foundation::Instant signs_from;
    };

    static void sort(std::vector<Kept>& keys);
    Kept add(foundation::Instant signs_from);
    std::vector<Kept> read_all();
    std::size_t first_alive(foundation::Instant now) const;
    std::size_t current(foundation::Instant now) const;

    std::mutex changes_;  // one change at a time; guards secrets_
    service::StoreSecrets& secrets_;
    mutable std::shared_mutex mutex_;  // guards keys_
    std::vector<Kept> keys_;           // in the order in which they sign; never empty after construction
};

}  // namespace saldo::http
