#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace saldo::http {

/// An RSA key of 2,048 bits with its private part, that signs tokens by RS256. Copies share the key; all members may be
/// called from several threads.
class RsaKey {
  public:
    /// A new key from the system's chance. Takes a tenth of a second, sometimes much longer.
    static RsaKey generate();
    /// Nothing unless the text is a JSON Web Key of RSA with its private part and 2,048 bits.
    static std::optional<RsaKey> from_private_jwk(std::string_view json);

    /// The whole key as a JSON Web Key (RFC 7517): a secret, to be stored wrapped only.
    std::string private_jwk() const;
    /// The public part as it stands in a key set, with `kid`, `use` and `alg`.
    const std::string& public_jwk() const;
    /// The key's name: its thumbprint by RFC 7638.
    const std::string& kid() const;

    /// The claims as a signed token: `header.payload.signature`, header `{"alg":"RS256","typ":type,"kid":kid()}`.
    std::string sign(std::string_view type, std::string_view claims) const;

    /// Whether this key signed the token. Requires that the token's header says RS256: the library goes by the token's
    /// own `alg`, and a PS256 signature of the same key would hold too.
    bool signed_this(std::string_view token) const;

  private:
    struct Held;
    explicit RsaKey(std::shared_ptr<const Held> held);

    std::shared_ptr<const Held> held_;
};

}  // namespace saldo::http
