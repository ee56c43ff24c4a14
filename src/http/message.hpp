#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/request_parser.hpp"

namespace saldo::http {

enum class Scheme : std::uint8_t { http, https };

/// A request that arrived whole: its head and what came after. It owns every byte that its views show, so it may
/// outlive the connection and be answered from another thread.
struct Request : Head {
    std::string_view path;  ///< escapes resolved once; valid UTF-8; an escaped slash stays `%2F`. `*` for OPTIONS *
    std::string body;
    std::string request_id;
    std::string client;  ///< the address of who asks, behind trusted proxies too
    Scheme scheme = Scheme::http;
    std::chrono::steady_clock::time_point began_at;  ///< when its head was complete

    /// The request whose head these bytes are; its body and what follows are filled in by the reader.
    static Outcome<std::shared_ptr<Request>, Fault> of_head(std::string_view bytes, const Limits& limits);

    Request() = default;
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

    /// The value of the first field of that name, whatever its case; empty when there is none.
    std::string_view header(std::string_view name) const;
    /// How many fields of that name there are: 0 tells an absent one from an empty one.
    std::size_t header_count(std::string_view name) const;

  private:
    std::string bytes_;
    std::string decoded_path_;
};
using RequestPtr = std::shared_ptr<const Request>;

/// A request as a test or a tool writes it down.
struct RequestText {
    std::string_view method = "GET";
    std::string_view target = "/";
    std::vector<std::pair<std::string, std::string>> fields = {};  ///< beside `Host`
    std::string body = {};
    std::string client = "127.0.0.1";
    std::string request_id = "test";
    Scheme scheme = Scheme::http;
};
/// The request that the server would hand to its handler. Throws std::invalid_argument if it would refuse it.
RequestPtr request_of(RequestText text);

/// The fields of a response, kept as the lines that go out.
class FieldLines {
  public:
    /// Throws std::invalid_argument if `name` is no token or `value` has a control character: no value may smuggle
    /// a line of its own into the answer.
    FieldLines& add(std::string_view name, std::string_view value);

    /// The value of the first field of that name; empty when there is none.
    std::string_view find(std::string_view name) const;

    std::string_view text() const { return lines_; }

  private:
    std::string lines_;
};

/// The bytes of a response: its own, or shared with a cache and then never copied.
class Body {
  public:
    Body() = default;
    Body(std::string bytes) : bytes_(std::move(bytes)) {}                           // NOLINT: a body is its bytes
    Body(const char* bytes) : bytes_(std::string(bytes)) {}                         // NOLINT
    Body(std::shared_ptr<const std::string> shared) : bytes_(std::move(shared)) {}  // NOLINT

    std::string_view view() const;

  private:
    std::variant<std::string, std::shared_ptr<const std::string>> bytes_;
};

class Respond;

/// The rest of a body that is too large to be held at once: made piece by piece, each when the one before is on its
/// way.
class BodyPieces {
  public:
    virtual ~BodyPieces() = default;
    /// Asks for the next piece: the body of what is given, empty at the end. Dropping `give` breaks the answer off, so
    /// that nobody takes a part for the whole. Called on a thread that serves many connections: it must not block.
    virtual void next(Respond give) = 0;
};

/// What goes back. The server adds Date, Content-Length, X-Request-Id and Connection, and leaves the body out where
/// HTTP wants none (HEAD, 204, 304).
struct Response {
    int status = 200;
    FieldLines fields = {};
    Body body = {};
    /// Goes on behind `body`, which is then empty. Sent in chunks, or up to the end of the connection to a client of
    /// HTTP/1.0.
    std::shared_ptr<BodyPieces> pieces = nullptr;
    /// Status line, fields and Content-Length as `render_head` made them, for answers that are given again and again.
    /// Replaces `fields`; `status` and `body` must be those it was made from.
    std::shared_ptr<const std::string> rendered_head = nullptr;
    bool closes = false;          ///< ends the connection after this answer
    std::string_view route = {};  ///< label for metrics and logs; must outlive the answer, so give a literal
};

/// Status line, fields and Content-Length of a response, without the empty line: what `rendered_head` takes.
std::string render_head(const Response& response);

/// The phrase that belongs to a status code, e.g. `Not Found`; empty for codes this server never sends.
std::string_view reason_phrase(int status);

/// Who waits for an answer. Implemented by connections, and by tests through `Respond::into`.
class Answerable {
  public:
    virtual ~Answerable() = default;
    virtual void answer(Response response) = 0;
    /// Nobody will answer any more.
    virtual void forsake() = 0;
};

/// The one right to answer a request. Called exactly once, from any thread; dropping it uncalled answers 500.
class Respond {
  public:
    explicit Respond(std::shared_ptr<Answerable> waiting) : waiting_(std::move(waiting)) {}
    /// Gives the answer to a function, or a 500 if it is dropped.
    static Respond into(std::move_only_function<void(Response)> take);

    Respond(Respond&&) noexcept = default;
    Respond& operator=(Respond&& other) noexcept;
    ~Respond();

    /// Requires that it was not called before.
    void operator()(Response response);

  private:
    std::shared_ptr<Answerable> waiting_;
};

/// Answers a request now or later. Called on a thread that serves many connections: it must not block. What it throws
/// becomes a 500 with the request's id.
using Handler = std::function<void(RequestPtr, Respond)>;

}  // namespace saldo::http
