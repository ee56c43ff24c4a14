#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace saldo::http {

/// Bytes that arrived and are not used yet.
class ReadBuffer {
  public:
    /// Most heads fit, and ten thousand idle clients cost little.
    static constexpr std::size_t first_capacity = 4096;

    std::string_view view() const { return {bytes_.get() + begin_, end_ - begin_}; }
    bool is_empty() const { return begin_ == end_; }
    void consume(std::size_t count) { begin_ += count; }
    void clear() { begin_ = end_ = 0; }

    /// Where the next bytes may be put, at least `size_min` of them. Moves what is there: no views may be held.
    std::span<char> room(std::size_t size_min);
    void filled(std::size_t count) { end_ += count; }

    /// Gives memory back that only a large request needed.
    void release_if_large();

  private:
    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
};

/// An answer on its way out: up to three pieces in one gathered write.
class Outgoing {
  public:
    using Pieces = std::array<std::string_view, 3>;

    enum class BodyIs : std::uint8_t { sent, left_out };
    void set(Response response, std::string head, BodyIs body_is);
    void set_interim(std::string_view lines);
    /// The next piece of the body, between `before` and `behind`, which is a literal. Requires that all before it was
    /// sent.
    void set_piece(std::string before, Body bytes, std::string_view behind);

    /// What is left to send; empty pieces stand behind the others.
    Pieces left() const;
    bool is_done() const { return sent_ == size_; }
    void sent(std::size_t count) { sent_ += count; }
    /// Of everything so far.
    std::size_t size() const { return gone_ + size_; }
    const Response& response() const { return response_; }
    void clear();

  private:
    Response response_;
    std::string head_;
    Body piece_;
    Pieces pieces_;
    std::size_t size_ = 0, sent_ = 0, gone_ = 0;
};

}  // namespace saldo::http
