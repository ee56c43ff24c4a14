#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace saldo::subject {

/// A secret of 256 bits: the key of one stream's subject, or the master key that wraps those keys.
class Key {
  public:
    static constexpr std::size_t size = 32;
    /// Nothing unless there are exactly 32 bytes.
    static std::optional<Key> of(std::string_view bytes);
    ~Key();
    Key(const Key&) = default;
    Key& operator=(const Key&) = default;

    std::string_view bytes() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }

  private:
    Key() = default;
    std::array<std::uint8_t, size> bytes_{};
};

/// The text encrypted and authenticated (XChaCha20-Poly1305), bound to `context`: what is opened under another context
/// fails. The nonce is made from key, context and text, so that sealing needs no chance and a repeat gives the same
/// bytes.
std::string seal(const Key& key, std::string_view context, std::string_view text);

/// The text; nothing if the bytes were altered or belong to another key or context.
std::optional<std::string> open(const Key& key, std::string_view context, std::string_view sealed);

}  // namespace saldo::subject
