// A body that is made while it is sent.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "http/raw_client.hpp"
#include "http/server.hpp"

namespace saldo::http {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

/// Gives its pieces from another thread, one at a time; breaks off behind the last if it is told to.
class Pieces final : public BodyPieces, public std::enable_shared_from_this<Pieces> {
  public:
    enum class End { proper, broken };
    explicit Pieces(std::vector<std::string> pieces, End end = End::proper) : pieces_(std::move(pieces)), end_(end) {}

    void next(Respond give) override {
        std::thread([self = shared_from_this(), give = std::move(give)]() mutable {
            if (self->at_ < self->pieces_.size()) return give({.body = self->pieces_[self->at_++]});
            if (self->end_ == End::proper) give({});
        }).detach();
    }

  private:
    std::vector<std::string> pieces_;
    End end_;
    std::size_t at_ = 0;
};

/// A server that answers everything with these pieces.
class Streaming {
  public:
    explicit Streaming(std::vector<std::string> pieces, Pieces::End end = Pieces::End::proper)
        : pieces_(std::make_shared<Pieces>(std::move(pieces), end)),
          server_({.listen = {"127.0.0.1:0"}, .threads = 2}, [this](const RequestPtr& request, Respond respond) {
              if (request->target == "/plain") return respond({.body = "plain"});
              Response response;
              response.pieces = pieces_;
              respond(std::move(response));
          }) {
        server_.start();
    }
    std::uint16_t port() const { return server_.port(); }

  private:
    std::shared_ptr<Pieces> pieces_;
    Server server_;
};

TEST(BodyPieces, leave_as_chunks_one_after_another_and_the_connection_goes_on) {
    const Streaming server({"hello ", std::string(20, 'x')});
    RawClient client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /plain HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const std::string all = client.everything();
    EXPECT_THAT(all, HasSubstr("Transfer-Encoding: chunked\r\n"));
    EXPECT_THAT(all.substr(0, all.find("\r\n\r\n")), Not(HasSubstr("Content-Length")));
    EXPECT_THAT(all, HasSubstr("\r\n\r\n6\r\nhello \r\n14\r\nxxxxxxxxxxxxxxxxxxxx\r\n0\r\n\r\nHTTP/1.1 200 OK"));
    EXPECT_THAT(all, EndsWith("plain"));
}

TEST(BodyPieces, end_with_the_connection_for_a_client_that_knows_no_chunks) {
    const Streaming server({"hello ", "you"});
    RawClient client(server.port());
    client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const std::string all = client.everything();
    EXPECT_THAT(all, Not(HasSubstr("Transfer-Encoding")));
    EXPECT_THAT(all, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(all, EndsWith("\r\n\r\nhello you"));
}

TEST(BodyPieces, are_not_made_for_a_head) {
    const Streaming server({"hello"});
    RawClient client(server.port());
    client.send("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(client.everything(), EndsWith("\r\n\r\n"));
}

TEST(BodyPieces, that_break_off_break_the_line_so_that_nobody_takes_a_part_for_the_whole) {
    const Streaming server({"hello"}, Pieces::End::broken);
    RawClient client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string all = client.everything();
    EXPECT_THAT(all, HasSubstr("5\r\nhello\r\n"));
    EXPECT_THAT(all, Not(HasSubstr("0\r\n\r\n")));
}

}  // namespace
}  // namespace saldo::http
