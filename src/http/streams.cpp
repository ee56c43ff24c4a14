#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <utility>

#include "http/connection.hpp"

namespace saldo::http {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

std::array<asio::const_buffer, 3> buffers_of(const Outgoing::Pieces& pieces) {
    return {asio::buffer(pieces[0]), asio::buffer(pieces[1]), asio::buffer(pieces[2])};
}

class PlainConnection final : public Connection {
  public:
    PlainConnection(EventLoop& loop, Socket socket, const IpAddress& peer)
        : Connection(loop, peer, Scheme::http), socket_(std::move(socket)) {}

  private:
    auto self() { return std::static_pointer_cast<PlainConnection>(shared_from_this()); }

    void open() override { on_open(); }

    void read_some(std::span<char> room) override {
        socket_.async_read_some(
            asio::buffer(room.data(), room.size()),
            [self = self()](const ErrorCode& error, std::size_t count) { self->on_read(error, count); });
    }

    std::optional<std::size_t> write_now(const Outgoing::Pieces& pieces) override {
        ErrorCode error;
        const auto count = socket_.write_some(buffers_of(pieces), error);
        if (error == asio::error::would_block || error == asio::error::try_again) return 0;
        if (error) return std::nullopt;
        return count;
    }

    void write_later(const Outgoing::Pieces& pieces) override {
        socket_.async_write_some(buffers_of(pieces), [self = self()](const ErrorCode& error, std::size_t count) {
            self->on_written(error, count);
        });
    }

    void finish() override {
        ErrorCode ignored;
        socket_.shutdown(Socket::shutdown_send, ignored);
        on_finished();
    }

    void close_stream() override {
        ErrorCode ignored;
        socket_.close(ignored);
    }

    Socket socket_;
};

class TlsConnection final : public Connection {
  public:
    TlsConnection(EventLoop& loop, Socket socket, const IpAddress& peer, asio::ssl::context& tls)
        : Connection(loop, peer, Scheme::https), stream_(std::move(socket), tls) {}

  private:
    auto self() { return std::static_pointer_cast<TlsConnection>(shared_from_this()); }

    void open() override {
        stream_.async_handshake(asio::ssl::stream_base::server, [self = self()](const ErrorCode& error) {
            if (error) {
                self->close();
            } else {
                self->on_open();
            }
        });
    }

    void read_some(std::span<char> room) override {
        const auto buffer = asio::buffer(room.data(), room.size());
        auto then = [self = self()](const ErrorCode& error, std::size_t count) {
            self->is_reading_ = false;
            self->on_read(error, count);
        };
        is_reading_ = true;
        if (is_finished_) {
            stream_.next_layer().async_read_some(buffer, std::move(then));
        } else {
            stream_.async_read_some(buffer, std::move(then));
        }
    }

    std::optional<std::size_t> write_now(const Outgoing::Pieces&) override { return 0; }

    // A record for each piece would cost more than bringing the pieces together.
    void write_later(const Outgoing::Pieces& pieces) override {
        record_.clear();
        for (const auto piece : pieces) record_.append(piece.substr(0, record_bytes_max - record_.size()));
        stream_.async_write_some(asio::buffer(record_), [self = self()](const ErrorCode& error, std::size_t count) {
            self->on_written(error, count);
        });
    }

    void finish() override {
        // TLS takes leave by an exchange, for which nobody else may be reading.
        if (is_reading_) return finish_below();
        stream_.async_shutdown([self = self()](const ErrorCode&) { self->finish_below(); });
    }

    void finish_below() {
        is_finished_ = true;
        ErrorCode ignored;
        stream_.next_layer().shutdown(Socket::shutdown_send, ignored);
        on_finished();
    }

    void close_stream() override {
        ErrorCode ignored;
        stream_.next_layer().close(ignored);
    }

    static constexpr std::size_t record_bytes_max = 16'384;

    asio::ssl::stream<Socket> stream_;
    std::string record_;
    bool is_reading_ = false;
    bool is_finished_ = false;
};

}  // namespace

std::shared_ptr<Connection> plain_connection(EventLoop& loop, Socket socket, const IpAddress& peer) {
    return std::make_shared<PlainConnection>(loop, std::move(socket), peer);
}

std::shared_ptr<Connection> tls_connection(EventLoop& loop, Socket socket, const IpAddress& peer,
                                           asio::ssl::context& tls) {
    return std::make_shared<TlsConnection>(loop, std::move(socket), peer, tls);
}

}  // namespace saldo::http
