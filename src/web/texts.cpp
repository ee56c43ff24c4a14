#include "web/texts.hpp"

#include <array>

#include "foundation/digest.hpp"
#include "foundation/json.hpp"
#include "foundation/outcome.hpp"
#include "web/embedded.hpp"

namespace saldo::web {

Texts::Texts(Language language) : language_(language) {
    const std::string code(code_of(language));
    const std::string_view bytes = embedded("text/" + code + ".json");
    const auto catalogue = foundation::JsonDocument::parse(bytes);
    foundation::ensure(catalogue.has_value(), "a text catalogue is JSON");
    catalogue->root().each(
        [this](foundation::JsonValue text) { texts_.emplace(std::string(text.name()), std::string(text.string())); });
    version_ = code + '-' + foundation::hex(foundation::bytes_of(foundation::sha256(bytes))).substr(0, 12);
}

const Texts& Texts::of(Language language) {
    static const std::array<Texts, all_languages.size()> packs{Texts(Language::german), Texts(Language::english),
                                                               Texts(Language::french), Texts(Language::dutch)};
    return packs[static_cast<std::size_t>(language)];
}

const std::string& Texts::operator[](std::string_view key) const {
    const auto found = texts_.find(key);
    foundation::ensure(found != texts_.end(), "there is a text of that key");
    return found->second;
}

std::string Texts::fill(std::string_view key, const Values& values) const {
    const std::string& text = (*this)[key];
    std::string filled;
    for (std::size_t at = 0; at < text.size();) {
        const auto open = text.find('{', at);
        filled.append(text, at, open - at);
        if (open == std::string::npos) break;
        const auto close = text.find('}', open);
        const std::string_view name = std::string_view(text).substr(open + 1, close - open - 1);
        for (const auto& [wanted, value] : values)
            if (wanted == name) filled += value;
        at = close + 1;
    }
    return filled;
}

}  // namespace saldo::web
