#include "http/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "http/route_stage.hpp"

namespace saldo::http {

namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

Answered answered(std::string_view method, std::string_view route, int status) {
    return {.method = method,
            .route = route,
            .request_id = "r",
            .client = "192.0.2.1",
            .status = status,
            .duration = 2ms,
            .bytes = 10};
}

TEST(Metrics, count_requests_by_route_method_and_status) {
    Metrics metrics;
    metrics.count(answered("GET", "/a/{id}", 200));
    metrics.count(answered("GET", "/a/{id}", 200));
    metrics.count(answered("GET", "/a/{id}", 404));
    const std::string text = metrics.text();
    EXPECT_THAT(text, HasSubstr("saldo_requests_total{method=\"GET\",route=\"/a/{id}\",status=\"200\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("saldo_requests_total{method=\"GET\",route=\"/a/{id}\",status=\"404\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("saldo_request_seconds_count{method=\"GET\",route=\"/a/{id}\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("saldo_request_seconds_bucket{method=\"GET\",route=\"/a/{id}\",le=\"0.0025\"} 3\n"));
}

TEST(Metrics, keep_the_name_of_a_route_that_is_gone) {
    Metrics metrics;
    {
        const std::string route = "/a/route/that/does/not/live/long";
        metrics.count(answered("GET", route, 200));
    }
    metrics.count(answered("GET", "/a/route/that/does/not/live/long", 200));
    EXPECT_THAT(metrics.text(), HasSubstr("route=\"/a/route/that/does/not/live/long\",status=\"200\"} 2\n"));
}

TEST(Metrics, cannot_be_made_to_grow_by_a_client) {
    Metrics metrics;
    metrics.count(answered("BREW", "", 405));
    metrics.count(answered("STIR", "", 405));
    EXPECT_THAT(metrics.text(), HasSubstr("saldo_requests_total{method=\"other\",route=\"none\",status=\"405\"} 2\n"));
    EXPECT_THAT(metrics.text(), Not(HasSubstr("BREW")));
}

TEST(Metrics, never_name_who_asked) {
    Metrics metrics;
    metrics.count(answered("GET", "/a", 200));
    EXPECT_THAT(metrics.text(), Not(HasSubstr("192.0.2.1")));
}

TEST(Metrics, count_commits_their_events_and_commands) {
    Metrics metrics;
    metrics.count(service::BatchReport{.jobs = 3, .events = 5, .commit_time = 700us});
    metrics.count(service::BatchReport{.jobs = 2, .events = 0, .commit_time = 0us});
    const std::string text = metrics.text();
    EXPECT_THAT(text, HasSubstr("saldo_commits_total 1\n"));
    EXPECT_THAT(text, HasSubstr("saldo_events_total 5\n"));
    EXPECT_THAT(text, HasSubstr("saldo_batch_size_sum 3\n"));
    EXPECT_THAT(text, HasSubstr("saldo_commit_seconds_bucket{le=\"0.001\"} 1\n"));
}

TEST(Metrics, ask_for_what_is_watched_when_somebody_looks) {
    Metrics metrics;
    int waiting = 1;
    metrics.watch("saldo_waiting", "Commands that wait.", [&] { return waiting; });
    EXPECT_THAT(metrics.text(), HasSubstr("saldo_waiting 1\n"));
    waiting = 7;
    EXPECT_THAT(metrics.text(), HasSubstr("saldo_waiting 7\n"));
}

TEST(Metrics, say_of_a_number_that_only_grows_that_it_is_a_counter) {
    Metrics metrics;
    int hits = 3;
    metrics.watch_total("saldo_hits_total", "Hits.", [&] { return hits; });
    EXPECT_THAT(metrics.text(), HasSubstr("# TYPE saldo_hits_total counter\nsaldo_hits_total 3\n"));
    hits = 8;
    EXPECT_THAT(metrics.text(), HasSubstr("saldo_hits_total 8\n"));
}

}  // namespace

}  // namespace saldo::http
