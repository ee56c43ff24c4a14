#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace saldo::cli {

/// The socket cannot be made, or a server behind it does not answer.
class ControlFailed : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Where the server of a data directory takes the commands that write: one line of JSON in, one line of JSON out. Who
/// may open the directory may command; nobody else can reach it.
std::filesystem::path control_socket_of(const std::filesystem::path& data);

/// The server's end. Requests are carried out one after another, on a thread of its own.
class ControlServer {
  public:
    using CarryOut = std::function<std::string(std::string_view request)>;

    /// Requires that the data directory's lock is held: what lies in the socket's place is left over from a server that
    /// died. Throws ControlFailed.
    ControlServer(const std::filesystem::path& data, CarryOut carry_out);
    /// Finishes the request in hand and removes the socket.
    ~ControlServer();
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;

  private:
    void run();
    void serve(int connection);

    std::filesystem::path data_;
    CarryOut carry_out_;
    int listening_ = -1;
    int stop_reading_ = -1, stop_writing_ = -1;  ///< a pipe: its closing wakes the thread
    std::thread thread_;
};

/// The client's end: the server's reply, or nothing when no server runs on this data directory. Throws ControlFailed
/// when it runs but gives no reply in time.
std::optional<std::string> ask_server(const std::filesystem::path& data, std::string_view request,
                                      std::chrono::milliseconds patience = std::chrono::seconds(30));

}  // namespace saldo::cli
