#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/router.hpp"
#include "http/server.hpp"
#include "service/lane.hpp"

namespace saldo::http {

/// What the program counts, as Prometheus reads it. May be used from several threads; counting takes no lock that
/// another request could hold for long.
class Metrics {
  public:
    Metrics();
    ~Metrics();

    /// One answered request: how many, and how long it took. Methods and routes are from fixed lists, so that no client
    /// can make up new ones.
    void count(const Answered& answered);
    /// One batch of the lane.
    void count(const service::BatchReport& batch);
    /// A request that was denied (401), by the reason.
    void count_denied(std::string_view reason);

    /// A number that is asked for when somebody looks. `help` explains it.
    void watch(const std::string& name, const std::string& help, std::function<double()> read);
    /// The same of a number that only grows; its name ends in `_total`.
    void watch_total(const std::string& name, const std::string& help, std::function<double()> read);

    /// Everything, in Prometheus' text format.
    std::string text() const;

  private:
    struct Counted;
    std::unique_ptr<Counted> counted_;
};

/// What the admin listener answers: `/livez` (the process runs), `/readyz` (200 as soon as and as long as it can serve,
/// else 503), `/metrics`. All must outlive the routes.
std::vector<Route> admin_routes(const Metrics& metrics, std::function<bool()> is_ready);

}  // namespace saldo::http
