#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/digest.hpp"
#include "service/event_store.hpp"
#include "service/random.hpp"

// What tests of secrets share.

namespace saldo::service {

/// The secrets of a store, without its log.
class SecretsAlone final : public EventStore {
  public:
    std::unique_ptr<LogReader> reader() override { return nullptr; }
    std::unique_ptr<LogWriter> writer() override { return nullptr; }
    std::optional<std::string> secret(std::string_view name) override {
        const auto found = kept.find(name);
        return found == kept.end() ? std::nullopt : std::optional(found->second);
    }
    std::vector<std::string> secret_names(std::string_view prefix) override {
        std::vector<std::string> names;
        for (const auto& [name, _] : kept)
            if (name.starts_with(prefix)) names.push_back(name);
        return names;
    }
    void put_secret(std::string_view name, std::string_view wrapped) override { kept[std::string(name)] = wrapped; }
    void remove_secret(std::string_view name) override { kept.erase(std::string(name)); }

    std::map<std::string, std::string, std::less<>> kept;
};

/// Chance that is the same in every run.
class DrawnBytes final : public Random {
  public:
    std::string bytes(std::size_t count) override {
        return std::string(foundation::bytes_of(foundation::sha256(std::to_string(++drawn_)))).substr(0, count);
    }

  private:
    int drawn_ = 0;
};

}  // namespace saldo::service
