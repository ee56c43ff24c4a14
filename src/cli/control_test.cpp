#include "cli/control.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <vector>

namespace saldo::cli {

namespace {

class Control : public ::testing::Test {
  protected:
    Control() {
        char name[] = "/tmp/saldo-control-XXXXXX";
        data = ::mkdtemp(name);
    }
    ~Control() override { std::filesystem::remove_all(data); }

    std::filesystem::path data;
    ControlServer::CarryOut echo = [](std::string_view request) { return "did " + std::string(request); };
};

TEST_F(Control, asks_a_server_and_gets_its_reply) {
    ControlServer server(data, echo);
    EXPECT_EQ(ask_server(data, "this"), "did this");
    EXPECT_EQ(ask_server(data, "that"), "did that");
}

TEST_F(Control, is_for_the_owner_alone) {
    ControlServer server(data, echo);
    struct stat status{};
    ASSERT_EQ(::stat(control_socket_of(data).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(Control, tells_when_no_server_runs) {
    EXPECT_FALSE(ask_server(data, "this"));
    EXPECT_FALSE(ask_server(data / "nowhere", "this"));
    {
        ControlServer server(data, echo);
    }
    EXPECT_FALSE(std::filesystem::exists(control_socket_of(data)));
    EXPECT_FALSE(ask_server(data, "this"));
}

TEST_F(Control, takes_the_place_of_a_server_that_died) {
    const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = control_socket_of(data).string();
    std::memcpy(address.sun_path, path.data(), path.size());
    ASSERT_EQ(::bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::close(dead);
    EXPECT_FALSE(ask_server(data, "this"));
    ControlServer server(data, echo);
    EXPECT_EQ(ask_server(data, "this"), "did this");
}

TEST_F(Control, works_in_a_directory_with_a_very_long_name) {
    std::filesystem::path deep = data;
    for (int i = 0; i < 4; ++i) deep /= std::string(60, 'x');
    std::filesystem::create_directories(deep);
    ControlServer server(deep, echo);
    EXPECT_EQ(ask_server(deep, "this"), "did this");
}

TEST_F(Control, carries_large_requests_and_replies) {
    ControlServer server(data, [](std::string_view request) { return std::string(request); });
    const std::string large(300'000, 'x');
    EXPECT_EQ(ask_server(data, large), large);
}

TEST_F(Control, carries_out_one_request_after_another) {
    std::atomic<int> at_once = 0, most = 0;
    ControlServer server(data, [&](std::string_view) {
        most = std::max(most.load(), ++at_once);
        --at_once;
        return std::string("done");
    });
    std::vector<std::future<std::optional<std::string>>> replies;
    for (int i = 0; i < 8; ++i)
        replies.push_back(std::async(std::launch::async, [&] { return ask_server(data, "this"); }));
    for (auto& reply : replies) EXPECT_EQ(reply.get(), "done");
    EXPECT_EQ(most, 1);
}

TEST_F(Control, finishes_the_request_in_hand_before_it_ends) {
    std::promise<void> begun;
    std::optional<std::future<std::optional<std::string>>> reply;
    {
        ControlServer server(data, [&](std::string_view) {
            begun.set_value();
            return std::string("done");
        });
        reply = std::async(std::launch::async, [&] { return ask_server(data, "this"); });
        begun.get_future().wait();
    }
    EXPECT_EQ(reply->get(), "done");
}

TEST_F(Control, does_not_wait_forever_for_a_server_that_hangs) {
    std::promise<void> may_go_on;
    ControlServer server(data, [&](std::string_view) {
        may_go_on.get_future().wait();
        return std::string("late");
    });
    EXPECT_THROW(ask_server(data, "this", std::chrono::milliseconds(20)), ControlFailed);
    may_go_on.set_value();
}

}  // namespace

}  // namespace saldo::cli
