#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace saldo::gateway {

using Ipv4Address = std::array<std::uint8_t, 4>;
using Ipv6Address = std::array<std::uint8_t, 16>;

/// Whether an address is one of the public internet: a unicast address that is globally reachable by IANA's registries
/// of special-purpose addresses (RFC 6890 and what was added since). Loopback, private networks, link-local addresses
/// and with them the clouds' metadata servers, shared address space (RFC 6598), documentation, multicast and everything
/// reserved are not. An IPv6 address that carries an IPv4 address (mapped, or NAT64) is judged by that one.
bool is_public_address(const Ipv4Address& address);
bool is_public_address(const Ipv6Address& address);
/// The same of an address written down; false for what is none.
bool is_public_address(const std::string& text);

}  // namespace saldo::gateway
