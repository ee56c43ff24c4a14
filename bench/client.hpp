#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace saldo::bench {

using Time = std::chrono::steady_clock::time_point;
using Seconds = std::chrono::duration<double>;

/// One answer of the server; valid until the connection is used again.
struct Answer {
    int status = 0;
    std::string_view body;
};

/// What one connection says, request after request.
class Script {
  public:
    virtual ~Script() = default;
    /// Writes the next request to the end of `request`, which is empty.
    virtual void next(std::string& request) = 0;
    /// Takes the answer to it; false when it is not the one that was hoped for.
    virtual bool take(const Answer& answer) = 0;
};

/// A connection that has at most one request under way. Ends the program when the server closes it.
class Connection {
  public:
    Connection(std::uint16_t port, std::unique_ptr<Script> script);
    ~Connection();
    Connection(Connection&& other) noexcept;
    Connection& operator=(Connection&&) = delete;

    int socket() const { return socket_; }
    /// Sends the script's next request.
    void ask();
    /// Reads what has come. Nothing while the answer is not whole; else whether the script took it.
    std::optional<bool> listen();

  private:
    std::optional<Answer> whole_answer();

    int socket_;
    std::unique_ptr<Script> script_;
    std::string request_, received_;
};

/// How requests are spread over time.
struct Load {
    Seconds warm_up{1};  ///< what is asked then does not count
    Seconds length{5};
    /// Requests a second, at instants that are drawn before the first is sent (a Poisson process); a request that finds
    /// every connection busy waits, and its waiting counts. 0: each connection asks again as soon as it has its answer.
    double rate = 0;
};

struct Outcome {
    std::uint64_t answered = 0;  ///< in the measured time, as hoped for
    std::uint64_t refused = 0;   ///< with another answer, at any time
    std::uint64_t unanswered = 0;
    Seconds taken{};
    Seconds own_cpu{};           ///< of this program, over `taken`
    std::vector<float> latency;  ///< seconds, of those answered in the measured time, sorted
};

/// Applies the load and waits for every answer, at most ten seconds longer than it lasts.
Outcome apply(const Load& load, std::vector<Connection>& connections);

}  // namespace saldo::bench
