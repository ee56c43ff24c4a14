#include "app/log.hpp"

#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

#include "foundation/json_writer.hpp"
#include "service/clocks.hpp"

namespace saldo::app {

namespace {

/// Lines that may wait for the writing thread; the oldest are lost before a request is slowed down.
constexpr std::size_t waiting_max = 8192;

std::string_view name_of(Log::Level level) {
    switch (level) {
        case Log::Level::debug:
            return "debug";
        case Log::Level::info:
            return "info";
        case Log::Level::warning:
            return "warning";
        case Log::Level::error:
            return "error";
    }
    std::unreachable();
}

foundation::JsonWriter begun(Log::Level level, std::string_view message) {
    foundation::JsonWriter line;
    line.begin_object().field("time", foundation::utc_text(service::system_time()));
    line.field("level", name_of(level)).field("message", message);
    return line;
}

}  // namespace

Log::Log(Level level)
    : level_(level),
      thread_(std::make_shared<spdlog::details::thread_pool>(waiting_max, 1U)),
      logger_(std::make_shared<spdlog::async_logger>("saldo", std::make_shared<spdlog::sinks::stderr_sink_mt>(),
                                                     thread_, spdlog::async_overflow_policy::overrun_oldest)) {
    logger_->set_pattern("%v");
    logger_->set_level(spdlog::level::trace);
}

/// The writing thread ends first, with all that waited written: until then it may hold the logger.
Log::~Log() {
    thread_.reset();
}

void Log::write(Level level, std::string_view message, const Fields& fields) {
    if (level < level_) return;
    foundation::JsonWriter line = begun(level, message);
    for (const auto& [name, value] : fields) line.field(name, value);
    line.end_object();
    logger_->info(std::move(line).finish());
}

void Log::answered(const http::Answered& answered) {
    // A read that went well is one of very many; metrics count it.
    const bool is_read = answered.method == "GET" || answered.method == "HEAD";
    const Level level = answered.status >= 500             ? Level::warning
                        : answered.status < 400 && is_read ? Level::debug
                                                           : Level::info;
    if (level < level_) return;
    foundation::JsonWriter line = begun(level, "answered");
    line.field("request_id", answered.request_id).field("method", answered.method).field("route", answered.route);
    line.field("status", answered.status);
    line.field("microseconds", std::chrono::duration_cast<std::chrono::microseconds>(answered.duration).count());
    line.end_object();
    logger_->info(std::move(line).finish());
}

}  // namespace saldo::app
