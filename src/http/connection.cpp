#include "http/connection.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "http/problem.hpp"

namespace saldo::http {
namespace {

constexpr std::size_t first_capacity = ReadBuffer::first_capacity;
constexpr std::size_t body_read_max = 65'536;  // of one read of a body
constexpr std::size_t request_id_length_max = 64;

bool is_request_id(std::string_view text) {
    const auto is_good = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
               c == '-';
    };
    return !text.empty() && text.size() <= request_id_length_max && std::ranges::all_of(text, is_good);
}

bool has_body(int status) {
    return status >= 200 && status != 204 && status != 304;
}

/// Brings an answer to its connection, from whatever thread it is given on.
class ReplyPort final : public Answerable {
  public:
    ReplyPort(std::weak_ptr<Connection> connection, std::shared_ptr<Inbox> inbox)
        : connection_(std::move(connection)), inbox_(std::move(inbox)) {}
    void answer(Response response) override { bring(std::move(response)); }
    void forsake() override { bring(std::nullopt); }

  private:
    void bring(std::optional<Response> response) {
        if (!inbox_->is_on_loop_thread()) {
            inbox_->put(connection_, std::move(response));
        } else if (const auto connection = connection_.lock()) {
            connection->answer(std::move(response));
        }
    }

    std::weak_ptr<Connection> connection_;
    std::shared_ptr<Inbox> inbox_;
};

}  // namespace

Connection::Connection(EventLoop& loop, const IpAddress& peer, Scheme scheme)
    : loop_(loop), peer_(peer), peer_text_(peer.text()), scheme_(scheme) {}

void Connection::begin(EventLoop::Connections::iterator position) {
    position_ = position;
    reply_port_ = std::make_shared<ReplyPort>(weak_from_this(), loop_.inbox());
    expect_within(rules().timeouts.head);
    open();
}

void Connection::on_open() {
    if (state_ == State::closed) return;
    state_ = State::reading_head;
    expect_within(rules().timeouts.head);
    advance();
}

void Connection::advance() {
    auto next = Next::goes_on;
    while (next == Next::goes_on) {
        switch (state_) {
            case State::reading_head:
                next = take_head();
                break;
            case State::reading_body:
                next = take_body();
                break;
            case State::opening:
            case State::handling:
            case State::writing_continue:
            case State::writing:
            case State::awaiting_piece:
            case State::lingering:
            case State::closed:
                return;
        }
    }
}

Connection::Next Connection::take_head() {
    // RFC 9112 section 2.2: some clients send an empty line too many after a body.
    while (received_.view().starts_with("\r\n")) received_.consume(2);
    const auto end = find_head_end(received_.view(), head_search_, rules().limits);
    if (!end) return refuse(end.error());
    if (!*end) {
        if (!received_.is_empty() && !std::exchange(has_begun_head_, true)) expect_within(rules().timeouts.head);
        if (std::exchange(is_between_requests_, false) && received_.is_empty()) {
            read_after_others();
        } else {
            read(first_capacity / 4);
        }
        return Next::waits;
    }
    auto request = Request::of_head(received_.view().substr(0, **end), rules().limits);
    received_.consume(**end);
    if (!request) return refuse(request.error());
    request_ = *std::move(request);
    introduce(*request_);
    return request_->framing == Framing::no_body ? hand_over() : begin_body();
}

void Connection::introduce(Request& request) {
    request.began_at = EventLoop::Clock::now();
    request.client = peer_text_;
    request.scheme = scheme_;
    if (rules().proxies.trusts(peer_)) {
        auto client = client_of(peer_, scheme_, request, rules().proxies);
        request.client = std::move(client.address);
        request.scheme = client.scheme;
    }
    const auto id = request.header("x-request-id");
    request.request_id = is_request_id(id) ? std::string(id) : loop_.new_request_id();
}

Connection::Next Connection::begin_body() {
    state_ = State::reading_body;
    chunks_ = ChunkDecoder{};
    expect_within(rules().timeouts.body);
    if (!request_->expects_continue || !received_.is_empty()) return Next::goes_on;
    state_ = State::writing_continue;
    outgoing_.set_interim("HTTP/1.1 100 Continue\r\n\r\n");
    return flush();
}

Connection::Next Connection::take_body() {
    return request_->framing == Framing::by_length ? take_body_by_length() : take_body_by_chunks();
}

Connection::Next Connection::take_body_by_length() {
    auto& body = request_->body;
    if (body.empty()) body.reserve(request_->content_length);
    const auto part = received_.view().substr(0, request_->content_length - body.size());
    body += part;
    received_.consume(part.size());
    const auto left = request_->content_length - body.size();
    if (left == 0) return hand_over();
    read(std::min<std::size_t>(left, body_read_max));
    return Next::waits;
}

Connection::Next Connection::take_body_by_chunks() {
    const auto progress = chunks_.feed(received_.view(), request_->body, rules().limits);
    if (!progress) return refuse(progress.error());
    received_.consume(progress->consumed);
    if (progress->is_complete) return hand_over();
    read(first_capacity);
    return Next::waits;
}

Connection::Next Connection::hand_over() {
    state_ = State::handling;
    deadline_ = EventLoop::Clock::time_point::max();
    is_handing_over_ = true;
    has_answer_ = false;
    try {
        rules().handler(request_, Respond(reply_port_));
    } catch (const std::exception& failure) {
        fail(failure.what());
    } catch (...) {
        fail("the handler threw what is no exception");
    }
    is_handing_over_ = false;
    if (!has_answer_) return Next::waits;
    return send_or_fail(std::exchange(ready_answer_, std::nullopt));
}

void Connection::fail(std::string_view what) {
    loop_.report_failure(request_id(), what);
    ready_answer_ = response_to(Fault::handler_failed);
    // Whoever holds the right to answer this request might still use it: there must be no next one to take it for.
    ready_answer_->closes = true;
    has_answer_ = true;
}

void Connection::answer(std::optional<Response> response) {
    if (state_ != State::handling && state_ != State::awaiting_piece) return;
    if (is_handing_over_) {
        ready_answer_ = std::move(response);
        has_answer_ = true;
        return;
    }
    const Next next =
        state_ == State::awaiting_piece ? send_piece(std::move(response)) : send_or_fail(std::move(response));
    if (next == Next::goes_on) advance();
}

Connection::Next Connection::send_or_fail(std::optional<Response> response) {
    if (response) return send(*std::move(response));
    loop_.report_failure(request_id(), "the request was dropped without an answer");
    return send(response_to(Fault::handler_failed));
}

Connection::Next Connection::refuse(Fault fault) {
    if (!request_) fault_request_id_ = loop_.new_request_id();
    closes_after_ = must_linger_ = true;
    return send(response_to(fault));
}

Response Connection::response_to(Fault fault) {
    const auto id = request_id();
    if (rules().hooks.answer_fault) {
        try {
            return rules().hooks.answer_fault(fault, id);
        } catch (const std::exception& failure) {
            loop_.report_failure(id, failure.what());
        }
    }
    const auto face = face_of(fault);
    return problem_response({.status = face.status, .code = face.code, .detail = face.detail, .request_id = id});
}

Connection::Next Connection::send(Response response) {
    const bool client_goes_on = request_ && request_->keeps_alive;
    const bool server_ends = response.closes || loop_.is_draining();
    // Who knows no chunks takes the end of the connection for the end of the body.
    const bool ends_body = response.pieces && request_ && request_->is_http_1_0;
    must_linger_ = must_linger_ || (client_goes_on && server_ends);
    closes_after_ = closes_after_ || !client_goes_on || server_ends || ends_body;
    const bool sends_body = has_body(response.status) && !(request_ && request_->method == "HEAD");
    has_more_ = response.pieces && sends_body;
    is_chunked_ = response.pieces && !ends_body;
    auto head = head_of(response);
    outgoing_.set(std::move(response), std::move(head),
                  sends_body ? Outgoing::BodyIs::sent : Outgoing::BodyIs::left_out);
    state_ = State::writing;
    return flush();
}

std::string Connection::head_of(const Response& response) {
    std::string head = response.rendered_head ? std::string() : render_head(response);
    const auto id = request_id();
    head.reserve(head.size() + 96 + id.size());
    head.append(loop_.date_line()).append("X-Request-Id: ").append(id).append("\r\n");
    if (is_chunked_) head += "Transfer-Encoding: chunked\r\n";
    if (closes_after_) {
        head += "Connection: close\r\n";
    } else if (request_->is_http_1_0) {
        head += "Connection: keep-alive\r\n";
    }
    return head += "\r\n";
}

Connection::Next Connection::flush() {
    while (!outgoing_.is_done()) {
        const auto left = outgoing_.left();
        const auto count = write_now(left);
        if (!count) {
            close();
            return Next::waits;
        }
        if (*count == 0) {
            expect_within(rules().timeouts.write);
            write_later(left);
            return Next::waits;
        }
        outgoing_.sent(*count);
    }
    if (state_ != State::writing_continue) return has_more_ ? ask_for_piece() : after_answer();
    state_ = State::reading_body;
    expect_within(rules().timeouts.body);
    return Next::goes_on;
}

Connection::Next Connection::ask_for_piece() {
    state_ = State::awaiting_piece;
    deadline_ = EventLoop::Clock::time_point::max();
    is_handing_over_ = true;
    has_answer_ = false;
    try {
        outgoing_.response().pieces->next(Respond(reply_port_));
    } catch (const std::exception& failure) {
        loop_.report_failure(request_id(), failure.what());
        has_answer_ = true;
    }
    is_handing_over_ = false;
    if (!has_answer_) return Next::waits;
    return send_piece(std::exchange(ready_answer_, std::nullopt));
}

Connection::Next Connection::send_piece(std::optional<Response> piece) {
    if (!piece) {
        // The status has left already: only a broken line tells that this is not all.
        loop_.report_failure(request_id(), "an answer broke off between two of its pieces");
        close();
        return Next::waits;
    }
    const std::size_t size = piece->body.view().size();
    has_more_ = size > 0;
    if (is_chunked_) {
        std::array<char, 16> digits{};
        const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16);
        outgoing_.set_piece(std::string(digits.data(), end).append("\r\n"), std::move(piece->body), "\r\n");
    } else {
        outgoing_.set_piece({}, std::move(piece->body), {});
    }
    state_ = State::writing;
    return flush();
}

void Connection::on_written(const boost::system::error_code& error, std::size_t count) {
    if (state_ == State::closed) return;
    if (error) return close();
    outgoing_.sent(count);
    if (flush() == Next::goes_on) advance();
}

Connection::Next Connection::after_answer() {
    const auto now = EventLoop::Clock::now();
    tell_answered(now);
    outgoing_.clear();
    request_.reset();
    if (closes_after_) {
        state_ = State::lingering;
        expect_until(now + rules().timeouts.linger);
        finish();
        return Next::waits;
    }
    state_ = State::reading_head;
    head_search_ = {};
    has_begun_head_ = false;
    received_.release_if_large();
    expect_until(now + rules().timeouts.idle);
    is_between_requests_ = true;
    return Next::goes_on;
}

void Connection::on_finished() {
    if (state_ == State::closed) return;
    if (!must_linger_ || is_at_end_) return close();
    received_.clear();
    if (!is_reading_) read(first_capacity);
}

void Connection::tell_answered(EventLoop::Clock::time_point now) {
    if (!rules().hooks.on_answered) return;
    rules().hooks.on_answered({
        .method = request_ ? request_->method : std::string_view(),
        .route = outgoing_.response().route,
        .request_id = request_id(),
        .client = request_ ? request_->client : peer_text_,
        .status = outgoing_.response().status,
        .duration = request_ ? now - request_->began_at : std::chrono::nanoseconds(0),
        .bytes = outgoing_.size(),
    });
}

std::string_view Connection::request_id() const {
    return request_ ? std::string_view(request_->request_id) : std::string_view(fault_request_id_);
}

// A busy client's next request has hardly arrived when the answer to the last one leaves: looking for it at once costs
// a system call for nothing. After the other connections' turn it mostly is there.
void Connection::read_after_others() {
    is_reading_ = true;
    loop_.post([self = shared_from_this()] {
        self->is_reading_ = false;
        if (self->state_ == State::reading_head) self->read(first_capacity / 4);
    });
}

void Connection::read(std::size_t size_min) {
    is_reading_ = true;
    read_some(received_.room(size_min));
}

void Connection::on_read(const boost::system::error_code& error, std::size_t count) {
    is_reading_ = false;
    switch (state_) {
        case State::reading_head:
        case State::reading_body:
            if (error) return close();
            received_.filled(count);
            return advance();
        case State::lingering:
            if (error) return close();
            return read(first_capacity);  // over what just came: nobody wants it
        case State::writing:
            // A client that was too slow goes on sending while it is told so.
            is_at_end_ = static_cast<bool>(error);
            return;
        case State::opening:
        case State::handling:
        case State::writing_continue:
        case State::awaiting_piece:
        case State::closed:
            return;
    }
}

void Connection::check_deadline(EventLoop::Clock::time_point now) {
    if (now < deadline_) return;
    if (state_ == State::reading_head && has_begun_head_) {
        refuse(Fault::head_too_slow);
    } else if (state_ == State::reading_body) {
        refuse(Fault::body_too_slow);
    } else {
        close();
    }
}

void Connection::close_if_idle() {
    const bool is_between_requests = state_ == State::reading_head && !has_begun_head_;
    if (is_between_requests || state_ == State::opening) close();
}

void Connection::close() {
    if (state_ == State::closed) return;
    state_ = State::closed;
    close_stream();
    loop_.remove(position_);
}

}  // namespace saldo::http
