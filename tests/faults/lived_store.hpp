#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "app/demo.hpp"
#include "app/engine.hpp"
#include "app/os_random.hpp"
#include "service/log_export.hpp"
#include "store/sqlite/event_store.hpp"
#include "terms/contract.hpp"

namespace saldo::faults {

inline subject::Key some_key() {
    return *subject::Key::of(foundation::bytes_of(foundation::sha256("a master key")));
}

inline std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void put_content(const std::filesystem::path& file, std::string_view content) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
}

/// Everything that the store in a directory says.
inline std::string exported(const store::DataDirectory& directory) {
    const auto store = store::sqlite::SqliteEventStore::open_read_only(directory);
    std::string text;
    service::export_log(*store->snapshot(), *store, [&](std::string_view piece) { text += piece; });
    return text;
}

/// Makes a store with a partner and a few purchases in different states, and closes it.
inline void live(const store::DataDirectory& directory) {
    app::OpenStore store(directory, some_key());
    app::OsRandom random;
    const foundation::Instant end = *foundation::parse_instant("2020-05-01T12:00:00Z");
    service::SandboxClock clock(end - app::demo_length);
    app::Engine engine({.store = store, .clock = clock, .random = random});
    const std::string partner =
        engine.partners().add({.name = "Fruit House", .contract = terms::demo_contract()}, "test").value();
    engine.partners().change(partner, partner::AddShop{"shop", std::nullopt}, "test").value();
    app::live_demo(engine, clock, partner, "shop", end);
    engine.indexer().sums("");
}

}  // namespace saldo::faults
