#include "http/request_parser.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "http/field_text.hpp"
#include "http/url.hpp"

namespace saldo::http {
namespace {

constexpr std::size_t method_bytes_max = 32;

constexpr std::array<std::string_view, 9> known_methods = {"GET",    "HEAD",    "POST",  "PUT",    "PATCH",
                                                           "DELETE", "OPTIONS", "TRACE", "CONNECT"};

bool is_port(std::string_view text) {
    unsigned value = 0;
    if (text.size() > 5 || !std::ranges::all_of(text, is_digit)) return false;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value <= 65535;
}

/// `host` or `host:port`. Of the names that RFC 3986 allows only those that a DNS or an address could mean.
bool is_host(std::string_view text) {
    const auto is_name_character = [](char c) {
        return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' || c == '.' || c == '_' || c == '~';
    };
    const auto is_ipv6_character = [](char c) {
        return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f') || c == ':' || c == '.';
    };
    std::string_view name, rest;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return false;
        name = text.substr(1, end - 1);
        rest = text.substr(end + 1);
        if (!std::ranges::all_of(name, is_ipv6_character)) return false;
    } else {
        name = text.substr(0, text.find(':'));
        rest = text.substr(name.size());
        if (!std::ranges::all_of(name, is_name_character)) return false;
    }
    return !name.empty() && (rest.empty() || (rest.front() == ':' && is_port(rest.substr(1))));
}

/// Cuts `http://host` off an absolute target and says which host it names.
std::optional<std::string_view> take_authority(std::string_view& target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!equal_names(target.substr(0, scheme.size()), scheme)) continue;
        target.remove_prefix(scheme.size());
        const auto authority = target.substr(0, target.find_first_of("/?"));
        target.remove_prefix(authority.size());
        return authority;
    }
    return std::nullopt;
}

bool has_good_escapes(std::string_view raw, std::optional<std::string> (*decode)(std::string_view)) {
    return raw.find('%') == std::string_view::npos || decode(raw).has_value();
}

bool read_target(Head& head) {
    std::string_view rest = head.target;
    if (rest == "*") {
        head.raw_path = rest;
        return head.method == "OPTIONS";
    }
    if (const auto authority = take_authority(rest)) {
        if (!is_host(*authority)) return false;
        head.host = *authority;
        // `http://host?query` means the path `/` (RFC 9110 section 4.2.3), which no part of these bytes is.
        if (!rest.starts_with('/')) {
            head.raw_path = "/";
            if (!rest.empty() && rest.front() != '?') return false;
        }
    } else if (!rest.starts_with('/')) {
        return false;
    }
    const auto question = rest.find('?');
    if (head.raw_path.empty()) head.raw_path = rest.substr(0, question);
    if (question != std::string_view::npos) head.query = rest.substr(question + 1);
    return is_path_text(head.raw_path) && is_query_text(head.query) && has_good_escapes(head.raw_path, decode_path) &&
           has_good_escapes(head.query, decode_query_text);
}

std::optional<Fault> read_version(Head& head, std::string_view version) {
    if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5]) || version[6] != '.' ||
        !is_digit(version[7])) {
        return Fault::malformed_request_line;
    }
    if (version[5] != '1') return Fault::unsupported_version;
    head.is_http_1_0 = version[7] == '0';
    head.keeps_alive = !head.is_http_1_0;
    return std::nullopt;
}

std::optional<Fault> read_request_line(Head& head, std::string_view line, const Limits& limits) {
    head.method = line.substr(0, token_length(line));
    line.remove_prefix(head.method.size());
    const auto last_space = line.rfind(' ');
    if (head.method.empty() || head.method.size() > method_bytes_max || !line.starts_with(' ') || last_space == 0) {
        return Fault::malformed_request_line;
    }
    head.target = line.substr(1, last_space - 1);
    if (head.target.empty() || head.target.find(' ') != std::string_view::npos) return Fault::malformed_request_line;
    if (const auto fault = read_version(head, line.substr(last_space + 1))) return fault;
    // CONNECT asks for a tunnel, and its target is not a path.
    if (head.method == "CONNECT" || std::ranges::find(known_methods, head.method) == known_methods.end()) {
        return Fault::unknown_method;
    }
    if (head.target.size() > limits.target_bytes_max) return Fault::target_too_long;
    if (!read_target(head)) return Fault::malformed_target;
    return std::nullopt;
}

/// The fields that say how a request is framed, gathered while the lines are read and judged together afterwards.
struct FramingFields {
    std::size_t hosts = 0, transfer_encodings = 0, content_lengths = 0;
    std::string_view host, transfer_encoding, content_length;
    bool asks_close = false, asks_keep_alive = false, has_unknown_expectation = false, has_continue = false;

    void note(const Field& field) {
        switch (field.name.size()) {
            case 4:
                if (equal_names(field.name, "host")) note_one(field.value, host, hosts);
                return;
            case 6:
                if (equal_names(field.name, "expect")) note_expectation(field.value);
                return;
            case 10:
                if (equal_names(field.name, "connection")) note_connection(field.value);
                return;
            case 14:
                if (equal_names(field.name, "content-length")) note_one(field.value, content_length, content_lengths);
                return;
            case 17:
                if (equal_names(field.name, "transfer-encoding")) {
                    note_one(field.value, transfer_encoding, transfer_encodings);
                }
                return;
            default:
                return;
        }
    }

  private:
    static void note_one(std::string_view value, std::string_view& kept, std::size_t& count) {
        kept = value;
        ++count;
    }
    void note_expectation(std::string_view value) {
        each_element(value, [&](std::string_view expectation) {
            (equal_names(expectation, "100-continue") ? has_continue : has_unknown_expectation) = true;
        });
    }
    void note_connection(std::string_view value) {
        each_element(value, [&](std::string_view option) {
            asks_close = asks_close || equal_names(option, "close");
            asks_keep_alive = asks_keep_alive || equal_names(option, "keep-alive");
        });
    }
};

std::optional<Fault> read_host(Head& head, const FramingFields& fields) {
    if (fields.hosts == 0) {
        if (head.is_http_1_0) return std::nullopt;
        return Fault::missing_host;
    }
    if (fields.hosts > 1 || !is_host(fields.host)) return Fault::invalid_host;
    if (!head.host.empty() && !equal_names(head.host, fields.host)) return Fault::host_differs_from_target;
    head.host = fields.host;
    return std::nullopt;
}

std::optional<Fault> read_transfer_encoding(Head& head, const FramingFields& fields) {
    if (fields.transfer_encodings == 0) return std::nullopt;
    // With both lengths given, or from a client older than chunks, somebody on the way may have read it otherwise.
    if (fields.transfer_encodings > 1 || fields.content_lengths > 0 || head.is_http_1_0) {
        return Fault::invalid_transfer_encoding;
    }
    if (equal_names(fields.transfer_encoding, "chunked")) {
        head.framing = Framing::by_chunks;
        return std::nullopt;
    }
    std::string_view last;
    std::size_t codings = 0, chunked = 0;
    bool all_tokens = true;
    each_element(fields.transfer_encoding, [&](std::string_view coding) {
        last = coding;
        ++codings;
        if (equal_names(coding, "chunked")) ++chunked;
        all_tokens = all_tokens && is_token(coding);
    });
    const bool is_framed = all_tokens && codings > 1 && chunked == 1 && equal_names(last, "chunked");
    return is_framed ? Fault::unknown_transfer_coding : Fault::invalid_transfer_encoding;
}

std::optional<Fault> read_content_length(Head& head, const FramingFields& fields) {
    if (fields.content_lengths == 0) return std::nullopt;
    const auto text = fields.content_length;
    constexpr std::size_t digits_max = 18;  // of any number that surely fits
    const bool is_number = !text.empty() && text.size() <= digits_max && std::ranges::all_of(text, is_digit) &&
                           (text.front() != '0' || text.size() == 1);  // some read a leading zero as octal
    if (fields.content_lengths > 1 || !is_number) return Fault::invalid_content_length;
    std::from_chars(text.data(), text.data() + text.size(), head.content_length);
    if (head.content_length > 0) head.framing = Framing::by_length;
    return std::nullopt;
}

std::optional<Fault> judge(Head& head, const FramingFields& fields, const Limits& limits) {
    if (const auto fault = read_host(head, fields)) return fault;
    if (const auto fault = read_transfer_encoding(head, fields)) return fault;
    if (const auto fault = read_content_length(head, fields)) return fault;
    if (fields.has_unknown_expectation) return Fault::unknown_expectation;
    if (head.content_length > limits.body_bytes_max) return Fault::body_too_large;
    // HTTP/1.0 knows no interim answers (RFC 9110 section 10.1.1).
    head.expects_continue = fields.has_continue && !head.is_http_1_0 && head.framing != Framing::no_body;
    if (fields.asks_keep_alive) head.keeps_alive = true;
    if (fields.asks_close) head.keeps_alive = false;
    return std::nullopt;
}

/// What can be said of a head that is not complete yet.
std::optional<Fault> judge_beginning(std::string_view received, const HeadSearch& search, const Limits& limits) {
    if (received.empty() || received == "\r") return std::nullopt;
    if (search.line_begin > 0) {
        Head head;
        if (const auto fault = read_request_line(head, received.substr(0, received.find("\r\n")), limits)) return fault;
    } else {
        const auto method_length = token_length(received);
        if (method_length > method_bytes_max) return Fault::malformed_request_line;
        if (method_length < received.size() && (method_length == 0 || received[method_length] != ' ')) {
            return Fault::malformed_request_line;
        }
        if (received.size() > method_length + limits.target_bytes_max + sizeof "  HTTP/1.1")
            return Fault::target_too_long;
    }
    if (received.size() > limits.head_bytes_max) return Fault::head_too_large;
    return std::nullopt;
}

}  // namespace

Outcome<std::optional<std::size_t>, Fault> find_head_end(std::string_view received, HeadSearch& search,
                                                         const Limits& limits) {
    while (true) {
        const auto line_feed = received.find('\n', search.looked_at);
        if (line_feed == std::string_view::npos) break;
        if (line_feed == 0 || received[line_feed - 1] != '\r') return std::unexpected(Fault::bare_line_feed);
        search.looked_at = line_feed + 1;
        const bool is_empty_line = line_feed == search.line_begin + 1;
        if (is_empty_line && search.line_begin > 0) {
            // An overlong target is named as such, even where the head as a whole is too large for it.
            if (search.looked_at <= limits.head_bytes_max) return search.looked_at;
            break;
        }
        search.line_begin = search.looked_at;
    }
    search.looked_at = received.size();
    if (const auto fault = judge_beginning(received, search, limits)) return std::unexpected(*fault);
    return std::nullopt;
}

Outcome<Head, Fault> parse_head(std::string_view bytes, const Limits& limits) {
    Head head;
    head.fields.reserve(16);
    FramingFields framing;
    bool is_first = true;
    std::size_t fields = 0;
    while (!bytes.empty()) {
        const auto line_feed = bytes.find('\n');
        if (line_feed == std::string_view::npos || line_feed == 0 || bytes[line_feed - 1] != '\r') {
            return std::unexpected(Fault::bare_line_feed);
        }
        const auto line = bytes.substr(0, line_feed - 1);
        bytes.remove_prefix(line_feed + 1);
        if (is_first) {
            if (const auto fault = read_request_line(head, line, limits)) return std::unexpected(*fault);
            is_first = false;
            continue;
        }
        if (line.empty()) break;
        if (++fields > limits.fields_max) return std::unexpected(Fault::too_many_fields);
        const auto field = read_field(line);
        if (!field) return std::unexpected(Fault::malformed_field);
        if (field->name.find('_') != std::string_view::npos) continue;
        framing.note(*field);
        head.fields.push_back(*field);
    }
    if (is_first) return std::unexpected(Fault::malformed_request_line);
    if (const auto fault = judge(head, framing, limits)) return std::unexpected(*fault);
    return head;
}

}  // namespace saldo::http
