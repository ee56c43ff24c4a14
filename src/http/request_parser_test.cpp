#include "http/request_parser.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cctype>
#include <cstdio>
#include <ostream>
#include <string>
#include <vector>

namespace saldo::http {

void PrintTo(Fault fault, std::ostream* out) {
    *out << face_of(fault).code;
}

namespace {

constexpr Limits small{.head_bytes_max = 512, .target_bytes_max = 64, .fields_max = 5, .body_bytes_max = 100};

struct Refused {
    const char* rule;
    std::string head;
    Fault fault;
};

std::string get(const std::string& fields) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}
std::string line(const std::string& request_line) {
    return request_line + "\r\nHost: a\r\n\r\n";
}

/// Each head breaks the rule it names; where it can, a later one too, which shows the precedence.
const Refused refused[] = {
    {"a line ends in CRLF", "GET / HTTP/1.1\nHost: a\r\n\r\n", Fault::bare_line_feed},
    {"a field line ends in CRLF", "GET / HTTP/1.1\r\nHost: a\nHost: b\r\n\r\n", Fault::bare_line_feed},
    {"a bare CR ends no line", "GET / HTTP/1.1\rHost: a\r\n\r\n", Fault::malformed_request_line},
    {"there is a target", line("GET HTTP/1.1"), Fault::malformed_request_line},
    {"the target is not empty", line("GET  HTTP/1.1"), Fault::malformed_request_line},
    {"there is a version", line("GET /"), Fault::malformed_request_line},
    {"a tab is no space", line("GET\t/ HTTP/1.1"), Fault::malformed_request_line},
    {"a target has no space", line("GET /a b HTTP/1.1"), Fault::malformed_request_line},
    {"one space before the target", line("GET  / HTTP/1.1"), Fault::malformed_request_line},
    {"one space after the target", line("GET /  HTTP/1.1"), Fault::malformed_request_line},
    {"nothing before the method", line(" GET / HTTP/1.1"), Fault::malformed_request_line},
    {"nothing after the version", line("GET / HTTP/1.1 "), Fault::malformed_request_line},
    {"a method is a token", line("G(T / HTTP/1.1"), Fault::malformed_request_line},
    {"a method is short", line(std::string(33, 'G') + " / HTTP/1.1"), Fault::malformed_request_line},
    {"a version has one digit each", line("GET / HTTP/01.01"), Fault::malformed_request_line},
    {"a version has no space", line("GET / HTTP/ 1.1"), Fault::malformed_request_line},
    {"a version is written large", line("GET / http/1.1"), Fault::malformed_request_line},
    {"the version is 1", line("FOO /% HTTP/2.0"), Fault::unsupported_version},
    {"the version is not 0.9", line("GET / HTTP/0.9"), Fault::unsupported_version},
    {"HTTP/2 is for others", "PRI * HTTP/2.0\r\n\r\n", Fault::unsupported_version},
    {"the method is known", line("FOOBAR /% HTTP/1.1"), Fault::unknown_method},
    {"a method is written large", line("get / HTTP/1.1"), Fault::unknown_method},
    {"there are no tunnels", line("CONNECT a:443 HTTP/1.1"), Fault::unknown_method},
    {"a target is short", line("GET /" + std::string(64, '%') + " HTTP/1.1"), Fault::target_too_long},
    {"* is for OPTIONS", line("GET * HTTP/1.1"), Fault::malformed_target},
    {"a target is a path", line("GET a HTTP/1.1"), Fault::malformed_target},
    {"a target has no fragment", line("GET /a#b HTTP/1.1"), Fault::malformed_target},
    {"a target is ASCII", line("GET /\xC3\xA9 HTTP/1.1"), Fault::malformed_target},
    {"a target has no control character", line("GET /\x01 HTTP/1.1"), Fault::malformed_target},
    {"a target has no NUL", line(std::string("GET /\0 HTTP/1.1", 15)), Fault::malformed_target},
    {"a path has no quote", line("GET /\" HTTP/1.1"), Fault::malformed_target},
    {"a path has no backslash", line("GET /..\\a HTTP/1.1"), Fault::malformed_target},
    {"an escape has two digits", line("GET /%4 HTTP/1.1"), Fault::malformed_target},
    {"an escape is hexadecimal", line("GET /%G0 HTTP/1.1"), Fault::malformed_target},
    {"an escape is not NUL", line("GET /%00 HTTP/1.1"), Fault::malformed_target},
    {"an escape is not overlong", line("GET /%C0%AF HTTP/1.1"), Fault::malformed_target},
    {"escapes are UTF-8", line("GET /%FF HTTP/1.1"), Fault::malformed_target},
    {"escapes of a query too", line("GET /?q=%FF HTTP/1.1"), Fault::malformed_target},
    {"a query has no angle bracket", line("GET /?q=<a> HTTP/1.1"), Fault::malformed_target},
    {"an absolute target is http", line("GET ftp://a/ HTTP/1.1"), Fault::malformed_target},
    {"an absolute target names no user", line("GET http://u@a/ HTTP/1.1"), Fault::malformed_target},
    {"an absolute target names a host", line("GET http:/// HTTP/1.1"), Fault::malformed_target},
    {"fields are few", get("A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\nE: 5\r\nF g\r\n"), Fault::too_many_fields},
    {"a field is not folded", get("A: 1\r\n 2\r\n"), Fault::malformed_field},
    {"no field begins with a space", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", Fault::malformed_field},
    {"no line of spaces", "GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n", Fault::malformed_field},
    {"a field has a colon", get("A\r\n"), Fault::malformed_field},
    {"a field has a name", get(": 1\r\n"), Fault::malformed_field},
    {"no space before the colon", get("A : 1\r\n"), Fault::malformed_field},
    {"a name is a token", get("A[: 1\r\n"), Fault::malformed_field},
    {"a name is ASCII", get("\xC3\x84: 1\r\n"), Fault::malformed_field},
    {"a value has no bare CR", get("A: 1\r2\r\n"), Fault::malformed_field},
    {"a value has no NUL", get("A: 1" + std::string(1, '\0') + "\r\n"), Fault::malformed_field},
    {"a value has no control character", get("A: 12345678\x0B\r\n"), Fault::malformed_field},
    {"a value has no DEL",
     get("A: \x7F"
         "12345678\r\n"),
     Fault::malformed_field},
    {"there is a host", "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", Fault::missing_host},
    {"the host is not empty", "GET / HTTP/1.1\r\nHost: \r\n\r\n", Fault::invalid_host},
    {"there is one host", get("Host: a\r\n"), Fault::invalid_host},
    {"there is one host, whatever its case", get("hOST: b\r\n"), Fault::invalid_host},
    {"a host has no path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", Fault::invalid_host},
    {"a host has no user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", Fault::invalid_host},
    {"a host's port is a number", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", Fault::invalid_host},
    {"a host's port is a port", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", Fault::invalid_host},
    {"hosts are not a list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", Fault::invalid_host},
    {"an address closes its bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", Fault::invalid_host},
    {"an absolute target agrees with the host", line("GET http://b/ HTTP/1.1"), Fault::host_differs_from_target},
    {"lengths are given one way", get("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
     Fault::invalid_transfer_encoding},
    {"an unknown coding with a length", get("Content-Length: x\r\nTransfer-Encoding: gzip, chunked\r\n"),
     Fault::invalid_transfer_encoding},
    {"one transfer encoding", get("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
     Fault::invalid_transfer_encoding},
    {"chunked is last", get("Transfer-Encoding: chunked, gzip\r\n"), Fault::invalid_transfer_encoding},
    {"chunked is there", get("Transfer-Encoding: gzip\r\n"), Fault::invalid_transfer_encoding},
    {"chunked is there once", get("Transfer-Encoding: chunked, chunked\r\n"), Fault::invalid_transfer_encoding},
    {"chunked is no list", get("Transfer-Encoding: ,chunked\r\n"), Fault::invalid_transfer_encoding},
    {"chunked takes no parameter", get("Transfer-Encoding: chunked;a=b\r\n"), Fault::invalid_transfer_encoding},
    {"a transfer encoding is not empty", get("Transfer-Encoding: \r\n"), Fault::invalid_transfer_encoding},
    {"chunked is spelt so", get("Transfer-Encoding: xchunked\r\n"), Fault::invalid_transfer_encoding},
    {"HTTP/1.0 has no chunks", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
     Fault::invalid_transfer_encoding},
    {"other codings are unknown", get("Transfer-Encoding: gzip, chunked\r\n"), Fault::unknown_transfer_coding},
    {"one content length", get("Content-Length: 5\r\nContent-Length: 5\r\n"), Fault::invalid_content_length},
    {"a content length is no list", get("Content-Length: 5, 5\r\n"), Fault::invalid_content_length},
    {"a content length is not empty", get("Content-Length: \r\n"), Fault::invalid_content_length},
    {"a content length is a number", get("Content-Length: abc\r\n"), Fault::invalid_content_length},
    {"a content length has no sign", get("Content-Length: +5\r\n"), Fault::invalid_content_length},
    {"a content length is not negative", get("Content-Length: -1\r\n"), Fault::invalid_content_length},
    {"a content length is decimal", get("Content-Length: 0x5\r\n"), Fault::invalid_content_length},
    {"a content length has no leading zero", get("Content-Length: 05\r\n"), Fault::invalid_content_length},
    {"a content length has no underscore", get("Content-Length: 1_0\r\n"), Fault::invalid_content_length},
    {"a content length fits", get("Content-Length: 99999999999999999999\r\n"), Fault::invalid_content_length},
    {"expectations are known", get("Content-Length: 101\r\nExpect: 200-ok\r\n"), Fault::unknown_expectation},
    {"a body is small", get("Content-Length: 101\r\n"), Fault::body_too_large},
};

class RefusedHead : public testing::TestWithParam<Refused> {};

TEST_P(RefusedHead, is_refused_for_its_reason) {
    const auto head = parse_head(GetParam().head, small);
    ASSERT_FALSE(head.has_value());
    EXPECT_EQ(head.error(), GetParam().fault);
}

INSTANTIATE_TEST_SUITE_P(rules, RefusedHead, testing::ValuesIn(refused), [](const auto& test) {
    std::string name;
    for (const char c : std::string_view(test.param.rule)) name.push_back(std::isalnum(c) ? c : '_');
    return name + "_" + std::to_string(test.index);
});

TEST(Head, says_what_was_asked) {
    const auto head = parse_head(
        "PATCH /a/%2Fb?q=%C3%A9+c HTTP/1.1\r\nhOsT: shop.example:8080\r\nX-Empty:\r\nX-Test: \t a  b\t \r\n\r\n",
        Limits{});
    ASSERT_TRUE(head.has_value());
    EXPECT_EQ(head->method, "PATCH");
    EXPECT_EQ(head->target, "/a/%2Fb?q=%C3%A9+c");
    EXPECT_EQ(head->raw_path, "/a/%2Fb");
    EXPECT_EQ(head->query, "q=%C3%A9+c");
    EXPECT_EQ(head->host, "shop.example:8080");
    ASSERT_EQ(head->fields.size(), 3U);
    EXPECT_EQ(head->fields[1].name, "X-Empty");
    EXPECT_EQ(head->fields[1].value, "");
    EXPECT_EQ(head->fields[2].value, "a  b");
    EXPECT_EQ(head->framing, Framing::no_body);
    EXPECT_TRUE(head->keeps_alive);
}

TEST(Head, takes_path_and_host_of_an_absolute_target) {
    const auto head = parse_head("GET HTTP://A:80/b?c HTTP/1.1\r\nHost: a:80\r\n\r\n", Limits{});
    ASSERT_TRUE(head.has_value());
    EXPECT_EQ(head->raw_path, "/b");
    EXPECT_EQ(head->query, "c");
    const auto bare = parse_head("GET http://a?c HTTP/1.1\r\nHost: a\r\n\r\n", Limits{});
    ASSERT_TRUE(bare.has_value());
    EXPECT_EQ(bare->raw_path, "/");
    EXPECT_EQ(bare->query, "c");
}

TEST(Head, says_where_the_body_ends) {
    const auto by_length = parse_head("POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\t5 \r\n\r\n", Limits{});
    ASSERT_TRUE(by_length.has_value());
    EXPECT_EQ(by_length->framing, Framing::by_length);
    EXPECT_EQ(by_length->content_length, 5U);
    const auto empty = parse_head("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", Limits{});
    ASSERT_TRUE(empty.has_value());
    EXPECT_EQ(empty->framing, Framing::no_body);
    const auto by_chunks = parse_head("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n", Limits{});
    ASSERT_TRUE(by_chunks.has_value());
    EXPECT_EQ(by_chunks->framing, Framing::by_chunks);
}

TEST(Head, says_whether_another_request_may_follow) {
    const auto keeps_alive = [](const std::string& version, const std::string& connection) {
        return parse_head("GET / " + version + "\r\nHost: a\r\n" + connection + "\r\n", Limits{}).value().keeps_alive;
    };
    EXPECT_TRUE(keeps_alive("HTTP/1.1", ""));
    EXPECT_FALSE(keeps_alive("HTTP/1.1", "Connection: Close\r\n"));
    EXPECT_FALSE(keeps_alive("HTTP/1.1", "Connection: keep-alive, close\r\n"));
    EXPECT_FALSE(keeps_alive("HTTP/1.0", ""));
    EXPECT_TRUE(keeps_alive("HTTP/1.0", "Connection: keep-alive\r\n"));
}

TEST(Head, of_http_1_0_needs_no_host) {
    EXPECT_TRUE(parse_head("GET / HTTP/1.0\r\n\r\n", Limits{}).has_value());
}

TEST(Head, expects_continue_only_for_a_body_and_only_in_http_1_1) {
    const auto expects = [](const std::string& version, const std::string& length) {
        const auto fields = "\r\nHost: a\r\nExpect: 100-Continue\r\n" + length + "\r\n";
        return parse_head("POST / " + version + fields, Limits{}).value().expects_continue;
    };
    EXPECT_TRUE(expects("HTTP/1.1", "Content-Length: 5\r\n"));
    EXPECT_FALSE(expects("HTTP/1.1", ""));
    EXPECT_FALSE(expects("HTTP/1.0", "Content-Length: 5\r\n"));
}

TEST(Head, has_no_fields_with_underscores) {
    const auto head = parse_head(
        "POST / HTTP/1.1\r\nHost: a\r\nContent_Length: 9\r\nTransfer_Encoding: chunked\r\nX-A: 1\r\n\r\n", Limits{});
    ASSERT_TRUE(head.has_value());
    EXPECT_EQ(head->framing, Framing::no_body);
    ASSERT_EQ(head->fields.size(), 2U);
    EXPECT_EQ(head->fields[1].name, "X-A");
}

TEST(Head, may_ask_for_the_whole_server) {
    const auto head = parse_head("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", Limits{});
    ASSERT_TRUE(head.has_value());
    EXPECT_EQ(head->raw_path, "*");
}

TEST(HeadEnd, is_found_wherever_the_bytes_are_cut) {
    const std::string head = "GET /a?b HTTP/1.1\r\nHost: a\r\nX: " + std::string(50, 'x') + "\r\n\r\n";
    const std::string bytes = head + "GET";
    for (std::size_t first = 0; first < head.size(); ++first) {
        HeadSearch search;
        const auto before = find_head_end(bytes.substr(0, first), search, small);
        ASSERT_TRUE(before.has_value()) << first;
        ASSERT_FALSE(before->has_value()) << first;
        const auto after = find_head_end(bytes, search, small);
        ASSERT_TRUE(after.has_value()) << first;
        EXPECT_EQ(**after, head.size());
    }
}

struct Hopeless {
    std::string beginning;
    Fault fault;
};

TEST(HeadEnd, is_not_waited_for_when_the_beginning_is_bad) {
    const Hopeless hopeless[] = {
        {"\x16\x03\x01", Fault::malformed_request_line},  // a TLS greeting
        {std::string(33, 'G'), Fault::malformed_request_line},
        {"GET\t", Fault::malformed_request_line},
        {"GET /\r\n", Fault::malformed_request_line},
        {"GET /\n", Fault::bare_line_feed},
        {"GET / HTTP/1.1\r\nHost: a\n", Fault::bare_line_feed},
        {"PRI * HTTP/2.0\r\n", Fault::unsupported_version},
        {"FOO / HTTP/1.1\r\n", Fault::unknown_method},
        {"GET /" + std::string(80, 'a'), Fault::target_too_long},
        {"GET /" + std::string(80, 'a') + " HTTP/1.1\r\nA: " + std::string(500, 'a'), Fault::target_too_long},
        {"GET / HTTP/1.1\r\nA: " + std::string(500, 'a'), Fault::head_too_large},
        {"GET / HTTP/1.1\r\nA: " + std::string(500, 'a') + "\r\n\r\n", Fault::head_too_large},
    };
    for (const auto& [beginning, fault] : hopeless) {
        HeadSearch search;
        const auto end = find_head_end(beginning, search, small);
        ASSERT_FALSE(end.has_value()) << beginning;
        EXPECT_EQ(end.error(), fault) << beginning;
    }
}

TEST(HeadEnd, may_lie_at_the_limit) {
    const std::string without_value = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n";
    std::string head = without_value;
    head.insert(head.size() - 4, small.head_bytes_max - without_value.size(), 'x');
    HeadSearch search;
    EXPECT_EQ(find_head_end(head + std::string(1000, 'b'), search, small).value(), small.head_bytes_max);
    head.insert(head.size() - 4, "x");
    search = {};
    EXPECT_EQ(find_head_end(head, search, small).error(), Fault::head_too_large);
}

struct Chunks {
    std::string input;
    std::string body;
};

TEST(Chunked, body_is_put_together) {
    const Chunks good[] = {
        {"0\r\n\r\n", ""},
        {"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"},
        {"A\r\n0123456789\r\n0\r\n\r\n", "0123456789"},
        {"a;x\r\n0123456789\r\n00\r\n\r\n", "0123456789"},
        {"5;a=b;c=\"d;\\\"e\"\r\nhello\r\n0;f\r\n\r\n", "hello"},
        {"5\r\n\r\n0\r\n\r\n0\r\n\r\n", "\r\n0\r\n"},
        {"5\r\nhello\r\n0\r\nX-Sum: abc\r\nY:\r\n\r\n", "hello"},
    };
    for (const auto& [input, body] : good) {
        ChunkDecoder whole;
        std::string out;
        const auto progress = whole.feed(input + "GET", out, small);
        ASSERT_TRUE(progress.has_value()) << input;
        EXPECT_TRUE(progress->is_complete) << input;
        EXPECT_EQ(progress->consumed, input.size());
        EXPECT_EQ(out, body);
    }
}

TEST(Chunked, body_with_an_error_is_refused) {
    struct Bad {
        std::string input;
        Fault fault;
    };
    const Bad bad[] = {
        {"\r\n", Fault::malformed_chunk},
        {"x\r\n", Fault::malformed_chunk},
        {"-1\r\n", Fault::malformed_chunk},
        {"+1\r\n", Fault::malformed_chunk},
        {"0x5\r\nhello\r\n", Fault::malformed_chunk},
        {"1_0\r\n", Fault::malformed_chunk},
        {" 5\r\n", Fault::malformed_chunk},
        {"5 \r\n", Fault::malformed_chunk},
        {"5\nhello\r\n", Fault::malformed_chunk},
        {"5\r\nhello\n", Fault::malformed_chunk},
        {"5\r\nhello!!\r\n", Fault::malformed_chunk},
        {"5\r\nhello0", Fault::malformed_chunk},
        {"5\r\nhello\r\r\n", Fault::malformed_chunk},
        {"5;\r\nhello", Fault::malformed_chunk},
        {"5;a=\r\nhello", Fault::malformed_chunk},
        {"5;a[=b\r\nhello", Fault::malformed_chunk},
        {"5;a=\"b\r\nhello", Fault::malformed_chunk},
        {"5;a=\"b\\\r\nhello", Fault::malformed_chunk},
        {"5;a\rb\r\nhello", Fault::malformed_chunk},
        {"5;a=\"\x01\"\r\nhello", Fault::malformed_chunk},
        {"5\r\rhello\r\n", Fault::malformed_chunk},
        {"FFFFFFFFFFFFFFFF0\r\n", Fault::malformed_chunk},
        {"00000000000000005\r\n", Fault::malformed_chunk},
        {"5;a=" + std::string(1100, 'b'), Fault::malformed_chunk},
        {"FFFFFFFFFFFFFFFF\r\n", Fault::body_too_large},
        {"65\r\n", Fault::body_too_large},
        {"1\r\na\r\n64\r\n", Fault::body_too_large},
        {"0\r\nX\r\n", Fault::malformed_trailer},
        {"0\r\nX : 1\r\n", Fault::malformed_trailer},
        {"0\r\n X: 1\r\n", Fault::malformed_trailer},
        {"0\r\nX: 1\n", Fault::malformed_trailer},
        {"0\r\n\n", Fault::malformed_trailer},
        {"0\r\nContent-length: 5\r\n", Fault::malformed_trailer},
        {"0\r\nTransfer-Encoding: chunked\r\n", Fault::malformed_trailer},
        {"0\r\nHost: a\r\n", Fault::malformed_trailer},
        {"0\r\nAuthorization: a\r\n", Fault::malformed_trailer},
        {"0\r\nA:\r\nB:\r\nC:\r\nD:\r\nE:\r\nF:\r\n", Fault::malformed_trailer},
    };
    for (const auto& [input, fault] : bad) {
        ChunkDecoder decoder;
        std::string out;
        const auto progress = decoder.feed(input, out, small);
        ASSERT_FALSE(progress.has_value()) << input;
        EXPECT_EQ(progress.error(), fault) << input;
    }
}

RC_GTEST_PROP(Chunked, body_is_the_same_wherever_the_bytes_are_cut, (const std::vector<std::string>& parts)) {
    std::string input, body, out;
    for (const auto& part : parts) {
        if (part.empty()) continue;
        char size[20];
        (void)std::snprintf(size, sizeof size, "%zx", part.size());
        input.append(size).append("\r\n").append(part).append("\r\n");
        body += part;
    }
    input += "0\r\nX: y\r\n\r\n";
    ChunkDecoder decoder;
    std::size_t begin = 0, end = 0;
    bool is_complete = false;
    while (end < input.size()) {
        RC_ASSERT(!is_complete);
        end += *rc::gen::inRange<std::size_t>(1, input.size() - end + 1);
        const auto progress = decoder.feed(std::string_view(input).substr(begin, end - begin), out, Limits{});
        RC_ASSERT(progress.has_value());
        begin += progress->consumed;
        is_complete = progress->is_complete;
    }
    RC_ASSERT(is_complete);
    RC_ASSERT(begin == input.size());
    RC_ASSERT(out == body);
}

/// What arrives in pieces is judged as what arrives at once: nobody gains by sending slowly.
RC_GTEST_PROP(HeadEnd, is_judged_the_same_wherever_the_bytes_are_cut, ()) {
    const std::vector<std::string> pieces = {"GET ", "/",     " HTTP/1.1", "\r\n", "\r", "\n",       "Host: a", "A:",
                                             " ",    "X: y ", "POST",      "*",    "\t", "HTTP/2.0", "\r\n\r\n"};
    const auto chosen = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces));
    std::string bytes = "GET ";
    for (const auto& piece : chosen) bytes += piece;
    HeadSearch at_once;
    const auto whole = find_head_end(bytes, at_once, small);
    HeadSearch bit_by_bit;
    for (std::size_t end = 1; end <= bytes.size(); ++end) {
        const auto part = find_head_end(std::string_view(bytes).substr(0, end), bit_by_bit, small);
        if (part && !*part) {
            RC_ASSERT((end < bytes.size() || part == whole));
            continue;
        }
        if (part) RC_ASSERT((part == whole));
        if (!part && whole && *whole) RC_ASSERT(!parse_head(std::string_view(bytes).substr(0, **whole), small));
        break;
    }
}

TEST(FieldValue, is_checked_at_every_position) {
    for (std::size_t size = 1; size < 40; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            for (const char bad : {'\0', '\x01', '\r', '\n', '\x1F', '\x7F'}) {
                std::string text(size, 'a');
                text[at] = bad;
                EXPECT_FALSE(is_field_value(text)) << size << ' ' << at;
            }
            for (const char good : {'\t', ' ', '~', '\x80', '\xFF'}) {
                std::string text(size, '\xFF');
                text[at] = good;
                EXPECT_TRUE(is_field_value(text)) << size << ' ' << at;
            }
        }
    }
}

}  // namespace
}  // namespace saldo::http
