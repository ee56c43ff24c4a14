#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/settings.hpp"
#include "http/server.hpp"

namespace spdlog {
class logger;
namespace details {
class thread_pool;
}
}  // namespace spdlog

namespace saldo::app {

/// What the program says about itself on stderr, one JSON object a line, written by a thread of its own so that no
/// request waits for a slow reader. Nothing a person typed is ever put in. May be used from several threads.
class Log {
  public:
    using Level = Settings::LogLevel;
    using Fields = std::vector<std::pair<std::string_view, std::string>>;

    explicit Log(Level level);
    ~Log();  ///< writes what is left

    void write(Level level, std::string_view message, const Fields& fields = {});
    void answered(const http::Answered& answered);

  private:
    Level level_;
    std::shared_ptr<spdlog::details::thread_pool> thread_;  ///< outlives the logger, which lines in its queue hold
    std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace saldo::app
