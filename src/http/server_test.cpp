#include "http/server.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "http/raw_client.hpp"

namespace saldo::http {
namespace {

using std::chrono_literals::operator""ms;
using testing::HasSubstr;
using testing::Not;

ServerSettings on_a_free_port() {
    return {.listen = {"127.0.0.1:0"}, .threads = 2};
}

/// A running server; what it tells its hooks is kept.
class Running {
  public:
    struct Seen {
        std::string method, route, request_id;
        int status;
        std::size_t bytes;
    };

    explicit Running(Handler handler, ServerSettings settings = on_a_free_port())
        : server_(std::move(settings), std::move(handler), hooks()) {
        server_.start();
    }

    std::uint16_t port() const { return server_.port(); }
    Server& server() { return server_; }

    /// The next answered request; waits for it.
    Seen next_answered() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !answered_.empty(); });
        auto seen = answered_.front();
        answered_.pop_front();
        return seen;
    }
    std::string next_failure() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !failures_.empty(); });
        auto what = failures_.front();
        failures_.pop_front();
        return what;
    }

  private:
    Hooks hooks() {
        return {.on_answered =
                    [this](const Answered& answered) {
                        const std::lock_guard lock(mutex_);
                        answered_.push_back({std::string(answered.method), std::string(answered.route),
                                             std::string(answered.request_id), answered.status, answered.bytes});
                        changed_.notify_all();
                    },
                .on_failure =
                    [this](std::string_view request_id, std::string_view what) {
                        const std::lock_guard lock(mutex_);
                        failures_.push_back(std::string(request_id) + ": " + std::string(what));
                        changed_.notify_all();
                    }};
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Seen> answered_;
    std::deque<std::string> failures_;
    Server server_;
};

void echo(const RequestPtr& request, Respond respond) {
    respond({.body = request->body});
}
void say_target(const RequestPtr& request, Respond respond) {
    respond({.body = std::string(request->target)});
}

std::string get(const std::string& target, const std::string& fields = "") {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}
std::string post(const std::string& body, const std::string& fields = "") {
    return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + fields + "\r\n" +
           body;
}

TEST(Server, answers_a_request) {
    Running running([](const RequestPtr&, Respond respond) {
        Response response{.status = 201, .body = "made"};
        response.fields.add("Location", "/here");
        respond(std::move(response));
    });
    RawClient client(running.port());
    client.send(get("/"));
    const auto reply = client.reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 201);
    EXPECT_THAT(reply->head,
                testing::StartsWith("HTTP/1.1 201 Created\r\nLocation: /here\r\nContent-Length: 4\r\nDate: "));
    EXPECT_THAT(std::string(reply->header("Date")),
                testing::MatchesRegex("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT"));
    EXPECT_EQ(reply->header("Connection"), "");
    EXPECT_EQ(reply->body, "made");
}

TEST(Server, keeps_the_connection_for_the_next_request) {
    Running running(say_target);
    RawClient client(running.port());
    for (const std::string target : {"/1", "/2", "/3"}) {
        client.send(get(target));
        EXPECT_EQ(client.reply().value().body, target);
    }
    EXPECT_EQ(running.server().connections(), 1U);
}

TEST(Server, answers_pipelined_requests_in_order) {
    std::mutex mutex;
    std::vector<std::jthread> threads;
    // The first is answered later, from elsewhere; the others must wait for it.
    Running running([&](const RequestPtr& request, Respond respond) {
        if (request->path != "/0") return say_target(request, std::move(respond));
        const std::lock_guard lock(mutex);
        threads.emplace_back(
            [request, respond = std::move(respond)]() mutable { say_target(request, std::move(respond)); });
    });
    RawClient client(running.port());
    std::string all;
    for (int i = 0; i < 200; ++i) all += i % 3 == 1 ? post(std::to_string(i)) : get("/" + std::to_string(i));
    client.send(all);
    for (int i = 0; i < 200; ++i) {
        EXPECT_EQ(client.reply().value().body, i % 3 == 1 ? "/" : "/" + std::to_string(i));
    }
}

TEST(Server, reads_a_request_that_arrives_byte_by_byte) {
    Running running(echo);
    RawClient client(running.port());
    for (const char c : post("hello")) client.send({&c, 1});
    EXPECT_EQ(client.reply().value().body, "hello");
}

TEST(Server, ignores_an_empty_line_before_a_request) {
    Running running(say_target);
    RawClient client(running.port());
    client.send("\r\n\r\n" + get("/a") + "\r\n" + get("/b"));
    EXPECT_EQ(client.reply().value().body, "/a");
    EXPECT_EQ(client.reply().value().body, "/b");
}

TEST(Server, puts_a_chunked_body_together) {
    Running running(echo);
    RawClient client(running.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
    client.send("lo\r\n6;x=y\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n" + get("/"));
    EXPECT_EQ(client.reply().value().body, "hello world");
    EXPECT_EQ(client.reply().value().status, 200);
}

TEST(Server, takes_and_gives_ten_megabytes) {
    auto settings = on_a_free_port();
    settings.limits.body_bytes_max = 10'000'000;
    Running running(echo, settings);
    RawClient client(running.port());
    std::string body(10'000'000, '\0');
    for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 7 + i / 1000);
    client.send(post(body));
    const auto reply = client.reply();
    ASSERT_TRUE(reply);
    EXPECT_TRUE(reply->body == body);
}

TEST(Server, refuses_ten_megabytes_and_the_client_can_read_why) {
    Running running(echo);
    RawClient client(running.port());
    // The client sends all of it before it looks: what it could not send any more must not cost it the answer.
    client.send(post(std::string(10'000'000, 'x')));
    const auto reply = client.reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 413);
    EXPECT_EQ(reply->header("Connection"), "close");
    EXPECT_THAT(reply->body, HasSubstr(R"("code":"BODY_TOO_LARGE")"));
    client.send_no_more();
    EXPECT_TRUE(client.sees_end());
}

TEST(Server, refuses_a_chunked_body_when_it_grows_too_large) {
    auto settings = on_a_free_port();
    settings.limits.body_bytes_max = 10;
    Running running(echo, settings);
    RawClient client(running.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n8\r\n");
    EXPECT_EQ(client.reply().value().status, 413);
}

TEST(Server, refuses_what_is_too_long) {
    Running running(say_target);
    RawClient long_target(running.port());
    long_target.send(get("/" + std::string(9000, 'a')));
    EXPECT_EQ(long_target.reply().value().status, 414);
    RawClient long_field(running.port());
    long_field.send(get("/", "A: " + std::string(20'000, 'a') + "\r\n"));
    EXPECT_EQ(long_field.reply().value().status, 431);
    RawClient many_fields(running.port());
    std::string fields;
    for (int i = 0; i < 100; ++i) fields += "A: b\r\n";
    many_fields.send(get("/", fields));
    EXPECT_EQ(many_fields.reply().value().status, 431);
}

TEST(Server, closes_after_what_it_refused) {
    Running running(say_target);
    RawClient client(running.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
                get("/b"));
    const auto reply = client.reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 400);
    EXPECT_EQ(reply->header("Content-Type"), "application/problem+json");
    EXPECT_THAT(reply->body, HasSubstr(std::string(reply->header("X-Request-Id"))));
    client.send_no_more();
    EXPECT_TRUE(client.sees_end());
}

TEST(Server, tells_a_slow_head_so) {
    auto settings = on_a_free_port();
    settings.timeouts.head = 200ms;  // the first byte has no longer either
    Running running(say_target, settings);
    RawClient client(running.port());
    client.send("GET / HTTP/1.1\r\nHost:");
    const auto reply = client.reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 408);
    EXPECT_EQ(reply->header("Connection"), "close");
    client.send(" a\r\n\r\n");
    client.send_no_more();
    EXPECT_TRUE(client.sees_end());
}

TEST(Server, tells_a_slow_body_so) {
    auto settings = on_a_free_port();
    settings.timeouts.body = 20ms;
    Running running(echo, settings);
    RawClient client(running.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
    EXPECT_EQ(client.reply().value().status, 408);
}

TEST(Server, closes_in_silence_what_never_began) {
    auto settings = on_a_free_port();
    settings.timeouts.head = 20ms;
    Running running(say_target, settings);
    RawClient client(running.port());
    EXPECT_TRUE(client.sees_end());
}

TEST(Server, closes_an_idle_connection_in_silence) {
    auto settings = on_a_free_port();
    settings.timeouts.idle = 20ms;
    Running running(say_target, settings);
    RawClient client(running.port());
    client.send(get("/"));
    EXPECT_EQ(client.reply().value().status, 200);
    EXPECT_TRUE(client.sees_end());
}

TEST(Server, gives_up_on_a_client_that_does_not_read) {
    auto settings = on_a_free_port();
    settings.timeouts.write = 20ms;
    std::promise<void> answered;
    const auto body = std::make_shared<const std::string>(50'000'000, 'x');
    const auto answer = [&](const RequestPtr&, Respond respond) {
        respond({.body = body});
        answered.set_value();
    };
    Running running(answer, settings);
    RawClient client(running.port());
    client.send(get("/"));
    answered.get_future().wait();
    while (running.server().connections() > 0) std::this_thread::yield();
    EXPECT_FALSE(client.reply().has_value());
}

TEST(Server, sends_a_shared_body_whole_to_a_client_that_reads_slowly) {
    const auto body = std::make_shared<const std::string>(20'000'000, 'x');
    Running running([&](const RequestPtr&, Respond respond) { respond({.body = body}); });
    RawClient client(running.port());
    client.send(get("/"));
    const auto reply = client.reply();
    ASSERT_TRUE(reply);
    EXPECT_TRUE(reply->body == *body);
    EXPECT_EQ(running.next_answered().bytes, reply->head.size() + 2 + body->size());
}

TEST(Server, sends_a_rendered_head_as_it_is) {
    Response rendered{.status = 200, .body = std::make_shared<const std::string>("document")};
    rendered.fields.add("ETag", "\"1\"");
    const auto head = std::make_shared<const std::string>(render_head(rendered));
    rendered.rendered_head = head;
    Running running([&](const RequestPtr&, Respond respond) { respond(rendered); });
    RawClient client(running.port());
    for (int i = 0; i < 3; ++i) {
        client.send(get("/"));
        const auto reply = client.reply();
        ASSERT_TRUE(reply);
        EXPECT_THAT(reply->head, testing::StartsWith(*head + "Date: "));
        EXPECT_EQ(reply->body, "document");
    }
    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get("/"));
    EXPECT_EQ(client.reply(RawClient::Body::none).value().header("Content-Length"), "8");
    EXPECT_EQ(client.reply().value().body, "document");
}

TEST(Server, answers_head_without_a_body_but_with_its_length) {
    Running running([](const RequestPtr&, Respond respond) { respond({.body = "hello"}); });
    RawClient client(running.port());
    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get("/"));
    EXPECT_EQ(client.reply(RawClient::Body::none).value().header("Content-Length"), "5");
    EXPECT_EQ(client.reply().value().body, "hello");
}

TEST(Server, sends_no_body_where_there_is_none) {
    Running running([](const RequestPtr& request, Respond respond) {
        respond({.status = request->path == "/204" ? 204 : 304, .body = "left out"});
    });
    RawClient client(running.port());
    client.send(get("/204") + get("/304"));
    for (const int status : {204, 304}) {
        const auto reply = client.reply();
        ASSERT_TRUE(reply);
        EXPECT_EQ(reply->status, status);
        EXPECT_THAT(reply->head, Not(HasSubstr("Content-Length")));
    }
}

TEST(Server, closes_after_http_1_0_unless_asked_not_to) {
    Running running(say_target);
    RawClient client(running.port());
    client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(client.reply().value().header("Connection"), "keep-alive");
    client.send("GET /b HTTP/1.0\r\n\r\n");
    EXPECT_EQ(client.reply().value().header("Connection"), "close");
    EXPECT_TRUE(client.sees_end());
}

TEST(Server, closes_when_the_client_or_the_handler_says_so) {
    Running running([](const RequestPtr& request, Respond respond) { respond({.closes = request->path == "/last"}); });
    RawClient by_client(running.port());
    by_client.send(get("/", "Connection: close\r\n") + get("/"));
    EXPECT_EQ(by_client.reply().value().header("Connection"), "close");
    EXPECT_TRUE(by_client.sees_end());
    RawClient by_handler(running.port());
    by_handler.send(get("/last") + get("/"));
    EXPECT_EQ(by_handler.reply().value().header("Connection"), "close");
    EXPECT_TRUE(by_handler.sees_end());
}

TEST(Server, tells_a_client_that_waits_to_continue) {
    Running running(echo);
    RawClient client(running.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.reply().value().status, 100);
    client.send("hello");
    EXPECT_EQ(client.reply().value().body, "hello");
}

TEST(Server, tells_no_client_to_continue_with_too_large_a_body) {
    Running running(echo);
    RawClient client(running.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.reply().value().status, 413);
}

TEST(Server, takes_answers_from_other_threads) {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::pair<RequestPtr, Respond>> waiting;
    Running running([&](RequestPtr request, Respond respond) {
        const std::lock_guard lock(mutex);
        waiting.emplace_back(std::move(request), std::move(respond));
        changed.notify_all();
    });
    std::deque<RawClient> clients;
    for (int i = 0; i < 20; ++i) clients.emplace_back(running.port()).send(get("/" + std::to_string(i)));
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return waiting.size() == clients.size(); });
    }
    std::thread([&] {
        for (auto& [request, respond] : waiting) say_target(request, std::move(respond));
    }).join();
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(clients[static_cast<std::size_t>(i)].reply().value().body, "/" + std::to_string(i));
}

TEST(Server, keeps_a_request_whole_after_its_client_has_gone) {
    std::promise<std::pair<RequestPtr, Respond>> taken;
    Running running(
        [&](RequestPtr request, Respond respond) { taken.set_value({std::move(request), std::move(respond)}); });
    std::optional<RawClient> client(running.port());
    client->send(post("hello"));
    auto [request, respond] = taken.get_future().get();
    client.reset();
    EXPECT_EQ(request->body, "hello");
    respond({.body = "to nobody"});
    while (running.server().connections() > 0) std::this_thread::yield();
}

TEST(Server, serves_others_after_a_client_left_in_the_middle) {
    Running running(echo);
    for (const char* part : {"GET", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel"}) {
        RawClient client(running.port());
        client.send(part);
        client.send_no_more();
        EXPECT_TRUE(client.sees_end());
    }
    RawClient client(running.port());
    client.send(post("hello"));
    EXPECT_EQ(client.reply().value().body, "hello");
}

TEST(Server, answers_a_client_that_has_said_its_last_word) {
    Running running(echo);
    RawClient client(running.port());
    client.send(post("hello"));
    client.send_no_more();
    EXPECT_EQ(client.reply().value().body, "hello");
    EXPECT_TRUE(client.sees_end());
}

TEST(Server, answers_500_when_the_handler_throws_and_says_why_to_the_log_alone) {
    Running running([](const RequestPtr&, Respond) { throw std::runtime_error("secret"); });
    RawClient client(running.port());
    client.send(get("/", "X-Request-Id: abc\r\n"));
    const auto reply = client.reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 500);
    EXPECT_THAT(reply->body, HasSubstr(R"("request_id":"abc")"));
    EXPECT_THAT(reply->body, Not(HasSubstr("secret")));
    EXPECT_EQ(running.next_failure(), "abc: secret");
}

TEST(Server, takes_no_late_answer_for_a_request_that_failed) {
    std::promise<Respond> kept;
    Running running([&](const RequestPtr& request, Respond respond) {
        if (request->path == "/next") return respond({.body = "next"});
        kept.set_value(std::move(respond));
        throw std::runtime_error("after the right to answer was given away");
    });
    RawClient client(running.port());
    client.send(get("/") + get("/next"));
    const auto reply = client.reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 500);
    EXPECT_EQ(reply->header("Connection"), "close");
    kept.get_future().get()({.body = "late"});
    client.send_no_more();
    EXPECT_TRUE(client.sees_end());
}

TEST(Server, answers_500_when_a_request_is_dropped) {
    Running running([](const RequestPtr&, const Respond&) {});
    RawClient client(running.port());
    client.send(get("/a") + get("/b"));
    EXPECT_EQ(client.reply().value().status, 500);
    EXPECT_EQ(client.reply().value().status, 500);
    EXPECT_THAT(running.next_failure(), HasSubstr("dropped"));
}

TEST(Server, answers_500_when_a_request_is_dropped_elsewhere) {
    std::promise<Respond> taken;
    Running running([&](const RequestPtr&, Respond respond) { taken.set_value(std::move(respond)); });
    RawClient client(running.port());
    client.send(get("/"));
    {
        const Respond dropped = taken.get_future().get();
    }
    EXPECT_EQ(client.reply().value().status, 500);
}

TEST(Server, gives_every_request_an_id) {
    Running running(say_target);
    RawClient client(running.port());
    client.send(get("/", "X-Request-Id: order-7.A_b\r\n"));
    EXPECT_EQ(client.reply().value().header("X-Request-Id"), "order-7.A_b");
    std::string last;
    const std::vector<std::string> not_ids = {"", "a b", "a\xC3\xA4", "<a>", std::string(65, 'a')};
    for (const auto& bad : not_ids) {
        client.send(get("/", "X-Request-Id: " + bad + "\r\n"));
        const auto reply = client.reply();
        ASSERT_TRUE(reply);
        EXPECT_THAT(std::string(reply->header("X-Request-Id")), testing::MatchesRegex("[0-9a-z]{13}"));
        EXPECT_NE(reply->header("X-Request-Id"), last);
        last = reply->header("X-Request-Id");
    }
}

TEST(Server, tells_of_each_answer) {
    Running running(
        [](const RequestPtr&, Respond respond) { respond({.status = 201, .body = "hello", .route = "/{any}"}); });
    RawClient client(running.port());
    client.send(get("/", "X-Request-Id: a\r\n") + "BAD\r\n\r\n");
    const auto good = running.next_answered();
    EXPECT_EQ(good.method, "GET");
    EXPECT_EQ(good.route, "/{any}");
    EXPECT_EQ(good.request_id, "a");
    EXPECT_EQ(good.status, 201);
    const auto bad = running.next_answered();
    EXPECT_EQ(bad.method, "");
    EXPECT_EQ(bad.route, "");
    EXPECT_EQ(bad.status, 400);
    EXPECT_EQ(client.reply().value().status, 201);
    EXPECT_EQ(client.reply().value().header("X-Request-Id"), bad.request_id);
}

TEST(Server, lets_its_owner_word_the_faults) {
    Server server(on_a_free_port(), say_target, {.answer_fault = [](Fault fault, std::string_view id) {
                      return Response{.status = face_of(fault).status, .body = "own words for " + std::string(id)};
                  }});
    server.start();
    RawClient client(server.port());
    client.send("BAD\r\n\r\n");
    const auto reply = client.reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->body, "own words for " + std::string(reply->header("X-Request-Id")));
}

TEST(Server, says_who_asks) {
    auto settings = on_a_free_port();
    settings.trusted_proxies = {"127.0.0.0/8"};
    const auto say_client = [](const RequestPtr& request, Respond respond) {
        respond({.body = request->client + (request->scheme == Scheme::https ? " https" : " http")});
    };
    Running behind_proxy(say_client, settings);
    RawClient client(behind_proxy.port());
    client.send(get("/", "X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-Proto: https\r\n"));
    EXPECT_EQ(client.reply().value().body, "198.51.100.1 https");
    Running direct(say_client);
    RawClient stranger(direct.port());
    stranger.send(get("/", "X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-Proto: https\r\n"));
    EXPECT_EQ(stranger.reply().value().body, "127.0.0.1 http");
}

TEST(Server, stops_after_finishing_what_is_in_flight) {
    auto settings = on_a_free_port();
    settings.threads = 1;
    std::promise<Respond> taken;
    Running running(
        [&](const RequestPtr& request, Respond respond) {
            if (request->path == "/slow") return taken.set_value(std::move(respond));
            respond({});
        },
        settings);
    std::jthread stopping;
    RawClient idle(running.port()), busy(running.port());
    idle.send(get("/"));
    EXPECT_EQ(idle.reply().value().status, 200);
    busy.send(get("/slow"));
    auto respond = taken.get_future().get();
    stopping = std::jthread([&] { running.server().stop(); });
    EXPECT_TRUE(idle.sees_end());
    EXPECT_THROW(RawClient(running.port()), std::system_error);
    respond({.body = "last"});
    const auto reply = busy.reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->body, "last");
    EXPECT_EQ(reply->header("Connection"), "close");
    EXPECT_TRUE(busy.sees_end());
}

TEST(Server, stops_at_its_deadline_without_those_that_never_end) {
    auto settings = on_a_free_port();
    settings.timeouts.drain = 20ms;
    std::promise<Respond> taken;
    std::optional<Respond> late;
    {
        Running running([&](const RequestPtr&, Respond respond) { taken.set_value(std::move(respond)); }, settings);
        RawClient client(running.port());
        client.send(get("/"));
        late.emplace(taken.get_future().get());
        running.server().stop();
        EXPECT_TRUE(client.sees_end());
    }
    (*late)({.body = "to nobody"});
}

TEST(Server, can_be_several_in_one_process) {
    Running api([](const RequestPtr&, Respond respond) { respond({.body = "api"}); });
    Running admin([](const RequestPtr&, Respond respond) { respond({.body = "admin"}); });
    RawClient to_api(api.port()), to_admin(admin.port());
    to_api.send(get("/"));
    to_admin.send(get("/"));
    EXPECT_EQ(to_api.reply().value().body, "api");
    EXPECT_EQ(to_admin.reply().value().body, "admin");
}

TEST(Server, listens_on_several_addresses) {
    auto settings = on_a_free_port();
    settings.listen = {"127.0.0.1:0", "localhost:0", "[::1]:0"};
    Running running(say_target, settings);
    ASSERT_EQ(running.server().ports().size(), 3U);
    RawClient client(running.server().ports()[1]);
    client.send(get("/"));
    EXPECT_EQ(client.reply().value().status, 200);
}

TEST(Server, names_an_address_that_is_taken_or_means_nothing) {
    Running running(say_target);
    const auto taken = "127.0.0.1:" + std::to_string(running.port());
    Server second({.listen = {taken}}, say_target);
    EXPECT_THAT([&] { second.start(); }, testing::ThrowsMessage<std::runtime_error>(HasSubstr(taken)));
    for (const char* bad :
         {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:x", "::1:80", "[127.0.0.1]:1"}) {
        EXPECT_THAT([&] { Server({.listen = {bad}}, say_target); },
                    testing::ThrowsMessage<std::invalid_argument>(HasSubstr(bad)));
    }
}

/// Takes all descriptors that are free but those given back.
class Hoard {
  public:
    explicit Hoard(int left) {
        getrlimit(RLIMIT_NOFILE, &before_);
        const rlimit low{.rlim_cur = 256, .rlim_max = before_.rlim_max};
        setrlimit(RLIMIT_NOFILE, &low);
        for (int fd = ::open("/dev/null", O_RDONLY); fd >= 0; fd = ::open("/dev/null", O_RDONLY)) taken_.push_back(fd);
        for (int i = 0; i < left; ++i) give_back();
    }
    ~Hoard() {
        while (!taken_.empty()) give_back();
        setrlimit(RLIMIT_NOFILE, &before_);
    }
    void give_back() {
        ::close(taken_.back());
        taken_.pop_back();
    }

  private:
    rlimit before_{};
    std::vector<int> taken_;
};

TEST(Server, survives_running_out_of_descriptors) {
    Running running(say_target);
    RawClient early(running.port());
    early.send(get("/"));
    EXPECT_EQ(early.reply().value().status, 200);
    std::string failure;  // judged when there are descriptors again: the sanitizer that watches matchers needs one
    {
        Hoard hoard(1);  // for the client's end; the server has none left for its own
        RawClient turned_away(running.port());
        EXPECT_TRUE(turned_away.sees_end());
        failure = running.next_failure();
        early.send(get("/"));
        EXPECT_EQ(early.reply().value().status, 200);
    }
    EXPECT_THAT(failure, HasSubstr("cannot accept"));
    RawClient late(running.port());
    late.send(get("/late"));
    EXPECT_EQ(late.reply().value().body, "/late");
}

}  // namespace
}  // namespace saldo::http
