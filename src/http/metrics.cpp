#include "http/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <list>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>

namespace saldo::http {

namespace {

using prometheus::Histogram;

const Histogram::BucketBoundaries seconds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                          0.025,  0.05,    0.1,    0.25,  0.5,    1,     5};
const Histogram::BucketBoundaries jobs{1, 2, 4, 8, 16, 32, 64, 128, 256, 512};

/// A method out of the few there are; a client may send any other word.
std::string_view known_method(std::string_view method) {
    constexpr std::array<std::string_view, 7> known{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"};
    const auto found = std::ranges::find(known, method);
    return found == known.end() ? "other" : *found;
}

std::string_view known_route(std::string_view route) {
    return route.empty() ? "none" : route;
}

double in_seconds(auto duration) {
    return std::chrono::duration<double>(duration).count();
}

}  // namespace

struct Metrics::Counted {
    prometheus::Registry registry;
    prometheus::Family<prometheus::Counter>& requests =
        prometheus::BuildCounter().Name("saldo_requests_total").Help("Answered requests.").Register(registry);
    prometheus::Family<Histogram>& request_seconds =
        prometheus::BuildHistogram()
            .Name("saldo_request_seconds")
            .Help("From the complete head of a request to the last byte of its answer.")
            .Register(registry);
    prometheus::Family<prometheus::Counter>& denied = prometheus::BuildCounter()
                                                          .Name("saldo_denied_total")
                                                          .Help("Requests answered 401, by reason.")
                                                          .Register(registry);
    prometheus::Counter& commits =
        prometheus::BuildCounter().Name("saldo_commits_total").Help("Durable commits.").Register(registry).Add({});
    prometheus::Counter& events =
        prometheus::BuildCounter().Name("saldo_events_total").Help("Events made durable.").Register(registry).Add({});
    Histogram& commit_seconds = prometheus::BuildHistogram()
                                    .Name("saldo_commit_seconds")
                                    .Help("How long a commit takes.")
                                    .Register(registry)
                                    .Add({}, seconds);
    Histogram& batch_size = prometheus::BuildHistogram()
                                .Name("saldo_batch_size")
                                .Help("Commands in one commit.")
                                .Register(registry)
                                .Add({}, jobs);

    struct PerRoute {
        prometheus::Counter* requests;
        Histogram* seconds;
    };
    using Label = std::tuple<std::string_view, std::string_view, int>;

    /// Looking a label up in a family builds maps and takes its lock; here each is looked up once. Routes are literals
    /// or live as long as their router, so their views may be kept.
    PerRoute& of(std::string_view route, std::string_view method, int status) {
        const std::lock_guard hold(guard);
        auto found = per_route.find({route, method, status});
        if (found == per_route.end()) {
            const std::string kept(route), method_text(method);
            const PerRoute made{
                &requests.Add({{"route", kept}, {"method", method_text}, {"status", std::to_string(status)}}),
                &request_seconds.Add({{"route", kept}, {"method", method_text}}, seconds)};
            found = per_route.emplace(Label{names.emplace_back(kept), method, status}, made).first;
        }
        return found->second;
    }

    std::mutex guard;
    std::map<Label, PerRoute> per_route;
    std::list<std::string> names;

    /// Each asks for its number and keeps it.
    std::vector<std::function<void()>> watched;
    std::mutex looking;
};

Metrics::Metrics() : counted_(std::make_unique<Counted>()) {}
Metrics::~Metrics() = default;

void Metrics::count(const Answered& answered) {
    const auto& per_route = counted_->of(known_route(answered.route), known_method(answered.method), answered.status);
    per_route.requests->Increment();
    per_route.seconds->Observe(in_seconds(answered.duration));
}

void Metrics::count(const service::BatchReport& batch) {
    if (batch.events == 0) return;
    counted_->commits.Increment();
    counted_->events.Increment(static_cast<double>(batch.events));
    counted_->commit_seconds.Observe(in_seconds(batch.commit_time));
    counted_->batch_size.Observe(static_cast<double>(batch.jobs));
}

void Metrics::count_denied(std::string_view reason) {
    counted_->denied.Add({{"reason", std::string(reason)}}).Increment();
}

void Metrics::watch(const std::string& name, const std::string& help, std::function<double()> read) {
    auto& gauge = prometheus::BuildGauge().Name(name).Help(help).Register(counted_->registry).Add({});
    counted_->watched.emplace_back([&gauge, read = std::move(read)] { gauge.Set(read()); });
}

void Metrics::watch_total(const std::string& name, const std::string& help, std::function<double()> read) {
    auto& counter = prometheus::BuildCounter().Name(name).Help(help).Register(counted_->registry).Add({});
    counted_->watched.emplace_back([&counter, read = std::move(read)] { counter.Increment(read() - counter.Value()); });
}

std::string Metrics::text() const {
    const std::lock_guard one_at_a_time(counted_->looking);
    for (const auto& ask : counted_->watched) ask();
    return prometheus::TextSerializer().Serialize(counted_->registry.Collect());
}

std::vector<Route> admin_routes(const Metrics& metrics, std::function<bool()> is_ready) {
    const auto answer = [](Respond& respond, int status, std::string_view type, std::string body,
                           std::string_view route) {
        Response response{.status = status, .fields = {}, .body = std::move(body), .route = route};
        response.fields.add("Content-Type", type).add("Cache-Control", "no-store");
        respond(std::move(response));
    };
    constexpr std::string_view text = "text/plain;charset=UTF-8";
    return {
        {.method = "GET",
         .pattern = "/livez",
         .gives = {},
         .handler = [=](const Call&, Respond respond) { answer(respond, 200, text, "ok\n", "/livez"); }},
        {.method = "GET",
         .pattern = "/readyz",
         .gives = {},
         .handler =
             [=, is_ready = std::move(is_ready)](const Call&, Respond respond) {
                 const bool ready = is_ready();
                 answer(respond, ready ? 200 : 503, text, ready ? "ok\n" : "not ready\n", "/readyz");
             }},
        {.method = "GET",
         .pattern = "/metrics",
         .gives = {},
         .handler =
             [=, &metrics](const Call&, Respond respond) {
                 answer(respond, 200, "text/plain; version=0.0.4;charset=UTF-8", metrics.text(), "/metrics");
             }},
    };
}

}  // namespace saldo::http
