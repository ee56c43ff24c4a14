#include "gateway/curl_outgoing.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace saldo::gateway {

namespace {

using service::OutgoingAnswer;
using service::OutgoingFailure;
using service::OutgoingRequest;
using service::Reach;

constexpr Reach everything{.private_addresses = true, .plain_http = true};

void say(int connection, std::string_view text) {
    while (!text.empty()) {
        const auto sent = ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
}

/// Listens on a port of its own and gives each connection to a function, one after another.
class Receiver {
  public:
    using Behaviour = std::function<void(int connection)>;

    explicit Receiver(Behaviour behaviour) : behaviour_(std::move(behaviour)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const auto any = reinterpret_cast<sockaddr*>(&address);  // NOLINT: what the system's interface wants
        if (::bind(listening_, any, size) != 0 || ::listen(listening_, 16) != 0) throw std::runtime_error("no port");
        ::getsockname(listening_, any, &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ~Receiver() {
        ::shutdown(listening_, SHUT_RDWR);
        thread_.join();
        ::close(listening_);
    }

    std::string url(std::string_view host = "127.0.0.1") const {
        return "http://" + std::string(host) + ':' + std::to_string(port_) + "/hook?token=1";
    }

    /// Reads one request with its body; empty when the connection ends before.
    static std::string request_on(int connection) {
        std::string text;
        while (true) {
            const auto end = text.find("\r\n\r\n");
            if (end != std::string::npos) {
                const auto length = text.find("Content-Length: ");
                const std::size_t body = length < end ? std::stoul(text.substr(length + 16)) : 0;
                if (text.size() >= end + 4 + body) return text;
            }
            char piece[4096];
            const auto got = ::recv(connection, piece, sizeof piece, 0);
            if (got <= 0) return {};
            text.append(piece, static_cast<std::size_t>(got));
        }
    }

    /// Takes one request and says this.
    static Behaviour saying(std::string text) {
        return [text = std::move(text)](int connection) {
            request_on(connection);
            say(connection, text);
        };
    }

  private:
    void run() {
        for (int connection = 0; (connection = ::accept(listening_, nullptr, nullptr)) >= 0; ::close(connection))
            behaviour_(connection);
    }

    Behaviour behaviour_;
    int listening_ = -1;
    int port_ = 0;
    std::thread thread_;
};

OutgoingAnswer answer_to(service::Outgoing& outgoing, OutgoingRequest request) {
    const auto promise = std::make_shared<std::promise<OutgoingAnswer>>();
    auto answer = promise->get_future();
    outgoing.send(std::move(request), [promise](OutgoingAnswer given) { promise->set_value(given); });
    return answer.get();
}

OutgoingRequest request_to(std::string url, Reach reach = everything) {
    return {.url = std::move(url), .fields = {{"Content-Type", "application/json"}}, .body = "{}", .reach = reach};
}

/// What becomes of a request to a receiver that behaves so.
OutgoingAnswer answer_of(Receiver::Behaviour behaviour) {
    const Receiver receiver(std::move(behaviour));
    CurlOutgoing outgoing;
    return answer_to(outgoing, request_to(receiver.url()));
}

TEST(CurlOutgoing, sends_the_fields_and_the_very_bytes_of_the_body) {
    const std::string body("{\"a\":\0 1}\n", 10);
    std::string seen;
    {
        const Receiver receiver([&](int connection) {
            seen = Receiver::request_on(connection);
            say(connection, "HTTP/1.1 204 No Content\r\n\r\n");
        });
        CurlOutgoing outgoing;
        const auto answer = answer_to(outgoing, {.url = receiver.url(),
                                                 .fields = {{"Content-Type", "application/json"}, {"X-One", "1"}},
                                                 .body = body,
                                                 .reach = everything});
        EXPECT_EQ(answer.status, 204);
        EXPECT_FALSE(answer.failure);
    }
    EXPECT_TRUE(seen.ends_with("\r\n\r\n" + body));
    EXPECT_TRUE(seen.starts_with("POST /hook?token=1 HTTP/1.1\r\n")) << seen;
    EXPECT_NE(seen.find("\r\nX-One: 1\r\n"), std::string::npos) << seen;
    EXPECT_NE(seen.find("\r\nContent-Type: application/json\r\n"), std::string::npos) << seen;
    EXPECT_EQ(seen.find("Expect"), std::string::npos) << seen;
}

TEST(CurlOutgoing, gives_the_status_whatever_it_is_and_follows_no_redirect) {
    for (const int status : {200, 201, 302, 404, 410, 429, 500, 503}) {
        std::atomic<int> connections = 0;
        const Receiver receiver([&](int connection) {
            ++connections;
            Receiver::request_on(connection);
            say(connection, "HTTP/1.1 " + std::to_string(status) + " X\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");
        });
        CurlOutgoing outgoing;
        EXPECT_EQ(answer_to(outgoing, request_to(receiver.url())).status, status);
        EXPECT_EQ(connections, 1) << status;
    }
}

TEST(CurlOutgoing, takes_the_status_behind_interim_answers) {
    EXPECT_EQ(answer_of(Receiver::saying("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n"
                                         "Content-Length: 0\r\n\r\n"))
                  .status,
              200);
    EXPECT_EQ(answer_of(Receiver::saying("HTTP/1.1 103 Early Hints\r\n\r\n")).failure,
              OutgoingFailure::connection_lost);
}

TEST(CurlOutgoing, reads_no_answer_to_its_end_that_has_none) {
    const auto answer = answer_of([](int connection) {
        Receiver::request_on(connection);
        say(connection, "HTTP/1.1 200 OK\r\n\r\n");
        const std::string piece(16 << 10, 'x');
        while (::send(connection, piece.data(), piece.size(), MSG_NOSIGNAL) > 0) {
        }
    });
    EXPECT_EQ(answer.status, 200);
}

TEST(CurlOutgoing, takes_no_head_without_end) {
    const auto answer = answer_of([](int connection) {
        Receiver::request_on(connection);
        say(connection, "HTTP/1.1 200 OK\r\n");
        while (::send(connection, "X: 0123456789\r\n", 15, MSG_NOSIGNAL) > 0) {
        }
    });
    EXPECT_EQ(answer.status, 0);
    EXPECT_EQ(answer.failure, OutgoingFailure::answer_malformed);
}

TEST(CurlOutgoing, a_body_that_breaks_off_has_said_its_status) {
    EXPECT_EQ(answer_of(Receiver::saying("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")).status, 200);
}

TEST(CurlOutgoing, tells_how_an_answer_failed_to_come) {
    EXPECT_EQ(answer_of([](int) {}).failure, OutgoingFailure::connection_lost);
    EXPECT_EQ(answer_of(Receiver::saying("")).failure, OutgoingFailure::connection_lost);
    EXPECT_EQ(answer_of([](int connection) {
                  Receiver::request_on(connection);
                  const linger reset{.l_onoff = 1, .l_linger = 0};
                  ::setsockopt(connection, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
              }).failure,
              OutgoingFailure::connection_lost);
    EXPECT_EQ(answer_of(Receiver::saying("HTTP/1.1 200 OK\r\nContent-Le")).failure, OutgoingFailure::answer_malformed);
    EXPECT_EQ(answer_of(Receiver::saying("SSH-2.0-OpenSSH_9.2\r\n")).failure, OutgoingFailure::answer_malformed);

    std::string closed;
    {
        const Receiver receiver([](int) {});
        closed = receiver.url();
    }
    CurlOutgoing outgoing;
    EXPECT_EQ(answer_to(outgoing, request_to(closed)).failure, OutgoingFailure::connection_failed);
    EXPECT_EQ(answer_to(outgoing, request_to("http://nobody.invalid/")).failure, OutgoingFailure::name_not_found);
}

TEST(CurlOutgoing, ends_at_its_time_limit) {
    std::promise<void> over;
    const Receiver receiver([&](int connection) {
        Receiver::request_on(connection);
        over.get_future().wait();
    });
    CurlOutgoing outgoing({.time_limit = std::chrono::milliseconds(50)});
    const auto answer = answer_to(outgoing, request_to(receiver.url()));
    over.set_value();
    EXPECT_EQ(answer.failure, OutgoingFailure::timed_out);
    EXPECT_GE(answer.duration, std::chrono::milliseconds(50));
}

TEST(CurlOutgoing, speaks_tls_only_to_who_can_prove_a_name) {
    const Receiver receiver([](int connection) { say(connection, "HTTP/1.1 200 OK\r\n\r\n"); });
    CurlOutgoing outgoing;
    std::string url = receiver.url();
    url.replace(0, 4, "https");
    EXPECT_EQ(answer_to(outgoing, request_to(url)).failure, OutgoingFailure::tls_failed);
}

TEST(CurlOutgoing, takes_only_the_schemes_of_its_reach_and_no_user_names) {
    CurlOutgoing outgoing;
    const Reach tls_only{.private_addresses = true, .plain_http = false};
    for (const char* url : {"http://127.0.0.1:1/", "ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1:1/",
                            "", "https://", "https://user:pass@127.0.0.1:1/", "ht tp://x/", "https://127.0.0.1:99999/"})
        EXPECT_EQ(answer_to(outgoing, request_to(url, tls_only)).failure, OutgoingFailure::url_not_allowed) << url;
    EXPECT_EQ(answer_to(outgoing, request_to("dict://127.0.0.1:1/")).failure, OutgoingFailure::url_not_allowed);
}

TEST(CurlOutgoing, opens_no_socket_to_a_private_address_however_it_is_written) {
    std::atomic<int> connections = 0;
    const Receiver receiver([&](int) { ++connections; });
    CurlOutgoing outgoing;
    const Reach the_world{.private_addresses = false, .plain_http = true};
    for (const char* host :
         {"127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "0", "[::1]", "[::ffff:127.0.0.1]",
          "[64:ff9b::127.0.0.1]", "10.0.0.1", "169.254.169.254", "[fe80::1]", "[fd00::1]"})
        EXPECT_EQ(answer_to(outgoing, request_to(receiver.url(host), the_world)).failure,
                  OutgoingFailure::address_not_allowed)
            << host;
    EXPECT_EQ(connections, 0);
}

TEST(CurlOutgoing, each_request_has_a_connection_of_its_own_and_is_sent_once) {
    std::atomic<int> connections = 0, requests = 0;
    const Receiver receiver([&](int connection) {
        ++connections;
        if (Receiver::request_on(connection).empty() || ++requests == 3) return;
        say(connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n");
    });
    CurlOutgoing outgoing;
    EXPECT_EQ(answer_to(outgoing, request_to(receiver.url())).status, 200);
    EXPECT_EQ(answer_to(outgoing, request_to(receiver.url())).status, 200);
    EXPECT_EQ(answer_to(outgoing, request_to(receiver.url())).failure, OutgoingFailure::connection_lost);
    EXPECT_EQ(answer_to(outgoing, request_to(receiver.url(), {.private_addresses = false, .plain_http = true})).failure,
              OutgoingFailure::address_not_allowed);
    EXPECT_EQ(connections, 3);
    EXPECT_EQ(requests, 3);
}

TEST(CurlOutgoing, one_that_hangs_holds_up_no_other) {
    std::promise<void> over;
    const Receiver hanging([&](int connection) {
        Receiver::request_on(connection);
        over.get_future().wait();
    });
    const Receiver quick(Receiver::saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    bool hanging_ended = false;
    {
        CurlOutgoing outgoing;
        outgoing.send(request_to(hanging.url()), [&](OutgoingAnswer) { hanging_ended = true; });
        for (int i = 0; i < 20; ++i) EXPECT_EQ(answer_to(outgoing, request_to(quick.url())).status, 200);
    }
    over.set_value();
    EXPECT_FALSE(hanging_ended);  // its way out ended first
}

TEST(OutgoingFailure, has_one_name_each_by_which_it_is_found_again) {
    for (int i = 0; i <= static_cast<int>(OutgoingFailure::answer_malformed); ++i) {
        const auto failure = static_cast<OutgoingFailure>(i);
        EXPECT_EQ(service::outgoing_failure(service::name_of(failure)), failure);
    }
    EXPECT_EQ(service::outgoing_failure("TIMEOUT"), std::nullopt);
}

}  // namespace

}  // namespace saldo::gateway
