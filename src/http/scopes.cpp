#include "http/scopes.hpp"

#include <algorithm>

namespace saldo::http {

std::string scopes_text(const std::vector<partner::Scope>& scopes) {
    std::string text;
    for (const partner::Scope scope : scopes) {
        if (!text.empty()) text += ' ';
        text += partner::name_of(scope);
    }
    return text;
}

std::optional<std::vector<partner::Scope>> parse_scopes(std::string_view text) {
    std::vector<partner::Scope> scopes;
    while (true) {
        const auto end = text.find(' ');
        const auto scope = partner::scope(text.substr(0, end));
        if (!scope) return std::nullopt;
        scopes.push_back(*scope);
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    std::ranges::sort(scopes);
    const auto repeated = std::ranges::unique(scopes);
    scopes.erase(repeated.begin(), repeated.end());
    return scopes;
}

}  // namespace saldo::http
