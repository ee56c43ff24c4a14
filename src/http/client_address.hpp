#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace saldo::http {

/// An IP address; IPv4 as IPv6 writes it (`::ffff:192.0.2.1`), so that one comparison serves both.
struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};
    bool operator==(const IpAddress&) const = default;

    /// Nothing for anything but a plain address.
    static std::optional<IpAddress> parse(std::string_view text);
    /// As people write it: `192.0.2.1`, `2001:db8::1`.
    std::string text() const;
};

/// The proxies whose word about their client is believed.
class TrustedProxies {
  public:
    TrustedProxies() = default;
    /// Networks as `10.0.0.0/8`, or single addresses. Throws std::invalid_argument naming the first that is neither.
    explicit TrustedProxies(const std::vector<std::string>& networks);

    bool trusts(const IpAddress& address) const;

  private:
    struct Network {
        IpAddress address;
        int prefix_bits;
    };
    std::vector<Network> networks_;
};

/// Who asks, and over what.
struct Client {
    std::string address;
    Scheme scheme;
};

/// The nearest address that is no trusted proxy: `peer` itself, or read from `X-Forwarded-For` from its end as long as
/// each hop is trusted. `X-Forwarded-Proto` counts only if `peer` is trusted.
Client client_of(const IpAddress& peer, Scheme scheme, const Head& head, const TrustedProxies& proxies);

}  // namespace saldo::http
