#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "web/language.hpp"

namespace saldo::web {

/// Every text of the page in one language, as data: text/<code>.json, for a lawyer to sign off.
class Texts {
  public:
    using Values = std::vector<std::pair<std::string_view, std::string>>;

    static const Texts& of(Language language);

    Language language() const { return language_; }
    /// Throws BrokenInvariant for a key that there is not.
    const std::string& operator[](std::string_view key) const;
    /// The text with each `{name}` replaced by its value.
    std::string fill(std::string_view key, const Values& values) const;
    const std::map<std::string, std::string, std::less<>>& all() const { return texts_; }

    /// What a consent receipt says of the words that were shown: it changes with every letter of them.
    const std::string& version() const { return version_; }

  private:
    explicit Texts(Language language);

    Language language_;
    std::map<std::string, std::string, std::less<>> texts_;
    std::string version_;
};

}  // namespace saldo::web
