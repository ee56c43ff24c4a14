#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "service/event_store.hpp"

namespace saldo::store::memory {

/// The log in memory, gone with its process: the second implementation of the port, on which scenarios and simulations
/// run. May be used from several threads, as the one on disk.
class MemoryEventStore final : public service::EventStore {
  public:
    std::unique_ptr<service::LogReader> reader() override;
    std::unique_ptr<service::LogWriter> writer() override;
    std::optional<std::string> secret(std::string_view name) override;
    std::vector<std::string> secret_names(std::string_view prefix) override;
    void put_secret(std::string_view name, std::string_view wrapped) override;
    void remove_secret(std::string_view name) override;

  private:
    friend class MemoryLogReader;
    friend class MemoryLogWriter;
    using Key = std::pair<foundation::Bucket, std::string>;

    struct Stream {
        std::vector<std::size_t> places;  ///< of its events in the log
        std::string wrapped_key;
    };

    std::mutex guard_;
    std::vector<service::EventRecord> log_;
    std::map<Key, Stream> streams_;
    std::map<foundation::Bucket, std::size_t> newest_;
    std::map<std::string, std::string, std::less<>> secrets_;
};

}  // namespace saldo::store::memory
