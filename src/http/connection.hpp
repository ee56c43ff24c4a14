#pragma once

#include <array>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "http/event_loop.hpp"
#include "http/stream_buffers.hpp"

namespace saldo::http {

/// A socket that knows which kind of executor runs it: the usual one asks at every step.
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// One client's connection: reads requests one after another, has each answered before it reads the next, and never
/// waits longer than the timeouts say. Lives on one event loop and is used on its thread alone.
class Connection : public std::enable_shared_from_this<Connection> {
  public:
    virtual ~Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Called once, when the loop has taken it in at `position`.
    void begin(EventLoop::Connections::iterator position);

    /// The answer to the request that was handed over last; nothing when it will never come.
    void answer(std::optional<Response> response);

    void check_deadline(EventLoop::Clock::time_point now);
    void close_if_idle();
    void close();

  protected:
    Connection(EventLoop& loop, const IpAddress& peer, Scheme scheme);

    /// The stream can carry bytes now (TLS: hands were shaken).
    void on_open();
    void on_read(const boost::system::error_code& error, std::size_t count);
    void on_written(const boost::system::error_code& error, std::size_t count);
    /// No more can be sent; the stream may still bring bytes.
    void on_finished();

  private:
    enum class State : std::uint8_t {
        opening,
        reading_head,
        reading_body,
        handling,
        writing_continue,
        writing,
        awaiting_piece,
        lingering,
        closed,
    };
    /// Whether the next step can be taken at once, or something has to arrive first.
    enum class Next : std::uint8_t { goes_on, waits };

    virtual void open() = 0;
    virtual void read_some(std::span<char> room) = 0;
    /// Bytes that went out at once, 0 if none could; nothing when the stream is broken.
    virtual std::optional<std::size_t> write_now(const Outgoing::Pieces& pieces) = 0;
    virtual void write_later(const Outgoing::Pieces& pieces) = 0;
    /// Says that nothing more will be sent, then on_finished.
    virtual void finish() = 0;
    virtual void close_stream() = 0;

    void advance();
    Next take_head();
    Next take_body();
    Next begin_body();
    Next take_body_by_length();
    Next take_body_by_chunks();
    Next hand_over();
    Next refuse(Fault fault);
    void fail(std::string_view what);
    Next send_or_fail(std::optional<Response> response);
    Next send(Response response);
    Next flush();
    Next ask_for_piece();
    Next send_piece(std::optional<Response> piece);
    Next after_answer();
    void read(std::size_t size_min);
    void read_after_others();
    void introduce(Request& request);
    std::string_view request_id() const;
    Response response_to(Fault fault);
    std::string head_of(const Response& response);
    void tell_answered(EventLoop::Clock::time_point now);
    void expect_within(std::chrono::milliseconds time) { expect_until(EventLoop::Clock::now() + time); }
    void expect_until(EventLoop::Clock::time_point deadline) { deadline_ = deadline; }

    const Rules& rules() const { return loop_.rules(); }

    EventLoop& loop_;
    const IpAddress peer_;
    const std::string peer_text_;
    const Scheme scheme_;
    EventLoop::Connections::iterator position_;
    std::shared_ptr<Answerable> reply_port_;

    State state_ = State::opening;
    EventLoop::Clock::time_point deadline_;
    ReadBuffer received_;
    HeadSearch head_search_;
    ChunkDecoder chunks_;
    std::shared_ptr<Request> request_;      ///< the one being read or answered
    std::string fault_request_id_;          ///< of an answer to what never became a request
    std::optional<Response> ready_answer_;  ///< given while the handler was still running
    bool has_answer_ = false;
    Outgoing outgoing_;
    bool is_handing_over_ = false;
    bool is_reading_ = false;
    bool has_begun_head_ = false;
    bool is_between_requests_ = false;  ///< and has not looked for the next one yet
    bool closes_after_ = false;         ///< no request follows the one being answered
    bool has_more_ = false;             ///< pieces of the answer are still to come
    bool is_chunked_ = false;           ///< the answer that is being sent
    bool must_linger_ = false;          ///< the client may be sending still, and would lose the answer if we hung up
    bool is_at_end_ = false;            ///< the client will send no more
};

/// A connection without encryption on a socket that was just accepted.
std::shared_ptr<Connection> plain_connection(EventLoop& loop, Socket socket, const IpAddress& peer);

/// The same with TLS.
std::shared_ptr<Connection> tls_connection(EventLoop& loop, Socket socket, const IpAddress& peer,
                                           boost::asio::ssl::context& tls);

}  // namespace saldo::http
