#include "cli/control.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace saldo::cli {

namespace {

constexpr std::string_view socket_name = "control.sock";
/// A contract with everything in it has a few kilobytes.
constexpr std::size_t line_size_max = 1 << 20;
/// How long a client may take to say what it wants: the next one waits for that.
constexpr std::chrono::milliseconds request_time{5'000};
constexpr int waiting_clients_max = 16;

[[noreturn]] void fail(const std::string& what) {
    throw ControlFailed(what + " (" + std::system_category().message(errno) + ").");
}

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const { return number_; }
    int release() { return std::exchange(number_, -1); }

  private:
    int number_;
};

Descriptor opened_folder(const std::filesystem::path& data) {
    return Descriptor(::open(data.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

/// An address of a socket has room for 107 bytes of path; through the open folder it never needs more.
sockaddr_un address_in(const Descriptor& folder) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = "/proc/self/fd/" + std::to_string(folder.number()) + '/' + std::string(socket_name);
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

void limit_waiting(int socket, std::chrono::milliseconds time) {
    const timeval limit{.tv_sec = time.count() / 1000, .tv_usec = time.count() % 1000 * 1000};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

bool send_line(int socket, std::string line) {
    line += '\n';
    std::string_view left = line;
    while (!left.empty()) {
        const ssize_t sent = ::send(socket, left.data(), left.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        left.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

/// A line without its end; nothing when none came whole, in time, and of a reasonable size.
std::optional<std::string> receive_line(int socket) {
    std::string line;
    std::array<char, 4096> part{};
    while (line.size() <= line_size_max) {
        const ssize_t count = ::recv(socket, part.data(), part.size(), 0);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return std::nullopt;
        line.append(part.data(), static_cast<std::size_t>(count));
        if (const std::size_t end = line.find('\n'); end != std::string::npos) return line.substr(0, end);
    }
    return std::nullopt;
}

}  // namespace

std::filesystem::path control_socket_of(const std::filesystem::path& data) {
    return data / socket_name;
}

ControlServer::ControlServer(const std::filesystem::path& data, CarryOut carry_out)
    : data_(data), carry_out_(std::move(carry_out)) {
    const std::string where = "The control socket " + control_socket_of(data).string();
    const Descriptor folder = opened_folder(data);
    if (folder.number() < 0) fail(where + " cannot be made");
    ::unlinkat(folder.number(), std::string(socket_name).c_str(), 0);

    Descriptor listening(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un address = address_in(folder);
    if (listening.number() < 0 ||
        ::bind(listening.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::fchmodat(folder.number(), std::string(socket_name).c_str(), 0600, 0) != 0 ||
        ::listen(listening.number(), waiting_clients_max) != 0)
        fail(where + " cannot be made");

    int stop[2];
    if (::pipe2(stop, O_CLOEXEC) != 0) fail(where + " cannot be made");
    listening_ = listening.release();
    stop_reading_ = stop[0];
    stop_writing_ = stop[1];
    thread_ = std::thread([this] { run(); });
}

ControlServer::~ControlServer() {
    ::close(stop_writing_);
    thread_.join();
    ::unlink(control_socket_of(data_).c_str());
    ::close(listening_);
    ::close(stop_reading_);
}

void ControlServer::run() {
    std::array<pollfd, 2> waiting{pollfd{.fd = listening_, .events = POLLIN, .revents = 0},
                                  pollfd{.fd = stop_reading_, .events = POLLIN, .revents = 0}};
    while (true) {
        if (::poll(waiting.data(), waiting.size(), -1) < 0) continue;
        if (waiting[1].revents != 0) return;
        const Descriptor connection(::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC));
        if (connection.number() >= 0) serve(connection.number());
    }
}

void ControlServer::serve(int connection) {
    limit_waiting(connection, request_time);
    if (const auto request = receive_line(connection)) send_line(connection, carry_out_(*request));
}

std::optional<std::string> ask_server(const std::filesystem::path& data, std::string_view request,
                                      std::chrono::milliseconds patience) {
    const Descriptor folder = opened_folder(data);
    if (folder.number() < 0) return std::nullopt;
    const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_un address = address_in(folder);
    if (socket.number() < 0 ||
        ::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        if (errno == ENOENT || errno == ECONNREFUSED) return std::nullopt;
        fail("The server's control socket " + control_socket_of(data).string() + " cannot be reached");
    }
    limit_waiting(socket.number(), patience);
    if (!send_line(socket.number(), std::string(request)))
        throw ControlFailed("The server behind " + control_socket_of(data).string() + " does not take the command.");
    auto reply = receive_line(socket.number());
    if (!reply)
        throw ControlFailed("The server behind " + control_socket_of(data).string() +
                            " gave no reply; whether it carried the command out is not known.");
    return reply;
}

}  // namespace saldo::cli
