#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace saldo::subject {

/// How the text of an erased person prints.
constexpr std::string_view erased_text = "[erased]";

/// A text that a person typed or can be known by. Once the person is erased it is still known *that* there was a text,
/// never which.
class Sealed {
  public:
    explicit Sealed(std::string text) : text_(std::move(text)) {}
    static Sealed erased() { return Sealed{}; }

    bool is_erased() const { return !text_; }
    /// The text, or `[erased]`.
    std::string_view text() const { return text_ ? std::string_view(*text_) : erased_text; }
    bool operator==(const Sealed&) const = default;

  private:
    Sealed() = default;
    std::optional<std::string> text_;
};

}  // namespace saldo::subject
