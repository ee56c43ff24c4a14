#include "web/assets.hpp"

#include <array>

#include "foundation/digest.hpp"
#include "foundation/outcome.hpp"
#include "web/embedded.hpp"

namespace saldo::web {

namespace {

struct Named {
    std::string_view name, media_type;
};
constexpr std::array assets{
    Named{"page.css", "text/css; charset=utf-8"},
    Named{"page.js", "text/javascript; charset=utf-8"},
    Named{"icon.svg", "image/svg+xml"},
};

std::string path_of(const Named& asset) {
    const std::string_view bytes = embedded("assets/" + std::string(asset.name));
    const std::string hash = foundation::hex(foundation::bytes_of(foundation::sha256(bytes)));
    return std::string(assets_path) + '/' + std::string(asset.name) + "?v=" + hash.substr(0, 12);
}

}  // namespace

std::optional<Asset> asset(std::string_view name) {
    for (const Named& one : assets)
        if (one.name == name) return Asset{embedded("assets/" + std::string(name)), one.media_type};
    return std::nullopt;
}

std::string asset_path(std::string_view name) {
    static const std::array<std::string, assets.size()> paths{path_of(assets[0]), path_of(assets[1]),
                                                              path_of(assets[2])};
    for (std::size_t i = 0; i < assets.size(); ++i)
        if (assets[i].name == name) return paths[i];
    foundation::ensure(false, "there is an asset of that name");
    return {};
}

}  // namespace saldo::web
