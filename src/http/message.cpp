#include "http/message.hpp"

#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

#include "foundation/outcome.hpp"
#include "http/url.hpp"

namespace saldo::http {
namespace {

/// Answers a function instead of a connection.
class AnswerInto final : public Answerable {
  public:
    explicit AnswerInto(std::move_only_function<void(Response)> take) : take_(std::move(take)) {}
    void answer(Response response) override { take_(std::move(response)); }
    void forsake() override { take_(Response{.status = 500}); }

  private:
    std::move_only_function<void(Response)> take_;
};

void append_number(std::string& out, std::size_t number) {
    std::array<char, 20> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    out.append(digits.data(), end);
}

bool never_has_content_length(int status) {
    return status == 204 || status == 304 || status < 200;
}

}  // namespace

Outcome<std::shared_ptr<Request>, Fault> Request::of_head(std::string_view bytes, const Limits& limits) {
    auto request = std::make_shared<Request>();
    request->bytes_ = bytes;
    auto head = parse_head(request->bytes_, limits);
    if (!head) return std::unexpected(head.error());
    static_cast<Head&>(*request) = std::move(*head);
    request->path = request->raw_path;
    if (request->raw_path.find('%') != std::string_view::npos) {
        request->decoded_path_ = decode_path(request->raw_path).value();
        request->path = request->decoded_path_;
    }
    return request;
}

std::string_view Request::header(std::string_view name) const {
    for (const auto& field : fields) {
        if (equal_names(field.name, name)) return field.value;
    }
    return {};
}

std::size_t Request::header_count(std::string_view name) const {
    std::size_t count = 0;
    for (const auto& field : fields) count += equal_names(field.name, name) ? 1 : 0;
    return count;
}

RequestPtr request_of(RequestText text) {
    std::string head = std::string(text.method) + " " + std::string(text.target) + " HTTP/1.1\r\nHost: test\r\n";
    for (const auto& [name, value] : text.fields) head.append(name).append(": ").append(value).append("\r\n");
    if (!text.body.empty()) head += "Content-Length: " + std::to_string(text.body.size()) + "\r\n";
    head += "\r\n";
    auto request = Request::of_head(head, Limits{.body_bytes_max = text.body.size()});
    if (!request) throw std::invalid_argument(std::string(face_of(request.error()).detail));
    (*request)->body = std::move(text.body);
    (*request)->client = std::move(text.client);
    (*request)->request_id = std::move(text.request_id);
    (*request)->scheme = text.scheme;
    return *std::move(request);
}

FieldLines& FieldLines::add(std::string_view name, std::string_view value) {
    if (!is_token(name) || !is_field_value(value)) {
        throw std::invalid_argument("not a header field: " + std::string(name));
    }
    lines_.append(name).append(": ").append(value).append("\r\n");
    return *this;
}

std::string_view FieldLines::find(std::string_view name) const {
    std::string_view rest = lines_;
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find("\r\n"));
        const auto colon = line.find(": ");
        if (equal_names(line.substr(0, colon), name)) return line.substr(colon + 2);
        rest.remove_prefix(line.size() + 2);
    }
    return {};
}

std::string_view Body::view() const {
    if (const auto* own = std::get_if<std::string>(&bytes_)) return *own;
    const auto& shared = std::get<std::shared_ptr<const std::string>>(bytes_);
    return shared ? std::string_view(*shared) : std::string_view();
}

std::string render_head(const Response& response) {
    std::string out;
    out.reserve(64 + response.fields.text().size());
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::size_t>(response.status));
    out.append(" ").append(reason_phrase(response.status)).append("\r\n").append(response.fields.text());
    if (!never_has_content_length(response.status) && !response.pieces) {
        out += "Content-Length: ";
        append_number(out, response.body.view().size());
        out += "\r\n";
    }
    return out;
}

std::string_view reason_phrase(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 207:
            return "Multi-Status";
        case 301:
            return "Moved Permanently";
        case 302:
            return "Found";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 307:
            return "Temporary Redirect";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 402:
            return "Payment Required";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 406:
            return "Not Acceptable";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 410:
            return "Gone";
        case 411:
            return "Length Required";
        case 412:
            return "Precondition Failed";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 416:
            return "Range Not Satisfiable";
        case 417:
            return "Expectation Failed";
        case 421:
            return "Misdirected Request";
        case 422:
            return "Unprocessable Content";
        case 423:
            return "Locked";
        case 425:
            return "Too Early";
        case 428:
            return "Precondition Required";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 451:
            return "Unavailable For Legal Reasons";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "";
    }
}

Respond Respond::into(std::move_only_function<void(Response)> take) {
    return Respond(std::make_shared<AnswerInto>(std::move(take)));
}

Respond& Respond::operator=(Respond&& other) noexcept {
    if (waiting_) waiting_->forsake();
    waiting_ = std::move(other.waiting_);
    return *this;
}

Respond::~Respond() {
    if (waiting_) waiting_->forsake();
}

void Respond::operator()(Response response) {
    foundation::ensure(waiting_ != nullptr, "a request is answered once");
    std::exchange(waiting_, nullptr)->answer(std::move(response));
}

}  // namespace saldo::http
