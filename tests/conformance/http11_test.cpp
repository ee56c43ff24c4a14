// Raw HTTP/1.1 probes against the real server. Those of ../shared/oracles/http11.json say what they expect; where they
// leave a choice, `chosen` says what we do. Probes that the file only names are written out in `own_probes`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/json.hpp"
#include "http/raw_client.hpp"
#include "http/server.hpp"

namespace saldo::http {
namespace {

using foundation::JsonDocument;
using foundation::JsonValue;
using std::string_literals::operator""s;

constexpr const char* oracle_path = SALDO_SOURCE_DIR "/../shared/oracles/http11.json";

/// The statuses of all answers until the server hung up; interim answers are left out.
using Statuses = std::vector<int>;

struct Probe {
    std::string id;
    std::string bytes;
    Statuses answers;
};

const std::map<std::string, Statuses> chosen = {
    {"RFC9112-2.2-BARE-LF-REQUEST-LINE", {400}},
    {"RFC9112-2.3-INVALID-VERSION", {505}},
    {"COMP-UNKNOWN-TE-501", {400}},
    {"COMP-LEADING-CRLF", {200}},
    {"COMP-METHOD-CASE", {501}},
    {"COMP-POST-CL-BODY", {200}},
    {"COMP-POST-CL-UNDERSEND", {}},
    {"COMP-CHUNKED-MULTI", {200}},
    {"COMP-UPGRADE-POST", {200}},
    {"COMP-UPGRADE-MISSING-CONN", {200}},
    {"COMP-EXPECT-UNKNOWN", {417}},
    {"COMP-CHUNKED-EXTENSION", {200}},
    {"COMP-UPGRADE-INVALID-VER", {200}},
    {"COMP-REQUEST-LINE-TAB", {400}},
    {"COMP-HTTP10-DEFAULT-CLOSE", {200}},
    {"COMP-TRACE-WITH-BODY", {405}},
    {"COMP-CHUNKED-TRAILER-VALID", {200}},
    {"COMP-RANGE-POST", {200}},
    {"COMP-UPGRADE-HTTP10", {200}},
    {"COMP-UNKNOWN-METHOD", {501}},
    {"COMP-405-ALLOW", {405}},
    {"COMP-DATE-FORMAT", {200}},
    {"COMP-NO-1XX-HTTP10", {200}},
    {"COMP-OPTIONS-ALLOW", {200}},
    {"COMP-CONTENT-TYPE", {200}},
    {"COMP-TRACE-SENSITIVE", {405}},
    {"COMP-RANGE-INVALID", {200}},
    {"COMP-POST-UNSUPPORTED-CT", {200}},
    {"SMUG-CL-LEADING-ZEROS", {400}},
    {"SMUG-TE-XCHUNKED", {400}},
    {"SMUG-CL-TRAILING-SPACE", {200}},
    {"SMUG-CL-EXTRA-LEADING-SP", {200}},
    {"SMUG-TE-CASE-MISMATCH", {400}},
    {"SMUG-TRANSFER_ENCODING", {200}},
    {"SMUG-CL-COMMA-TRIPLE", {400}},
    {"SMUG-CHUNKED-WITH-PARAMS", {400}},
    {"SMUG-TRAILER-CL", {400}},
    {"SMUG-TRAILER-TE", {400}},
    {"SMUG-TRAILER-AUTH", {400}},
    {"SMUG-HEAD-CL-BODY", {200}},
    {"SMUG-TE-OBS-FOLD", {400}},
    {"SMUG-TE-TAB-BEFORE-VALUE", {400}},
    {"SMUG-ABSOLUTE-URI-HOST-MISMATCH", {400}},
    {"SMUG-TRAILER-CONTENT-TYPE", {400}},
    {"MAL-INCOMPLETE-REQUEST", {}},
    {"MAL-CL-TAB-BEFORE-VALUE", {200}},
    {"MAL-URL-PERCENT-NULL", {400}},
    {"NORM-UNDERSCORE-CL", {200}},
    {"NORM-SP-BEFORE-COLON-CL", {400}},
    {"NORM-CASE-TE", {400}},
    {"NORM-UNDERSCORE-TE", {200}},
    {"COOK-EMPTY", {200}},
    {"COOK-MULTI-HEADER", {200}},
    {"COOK-PARSED-BASIC", {200}},
    {"COOK-PARSED-EMPTY-VAL", {200}},
    {"COOK-PARSED-SPECIAL", {200}},
};

std::string head(const std::string& line, const std::string& fields) {
    return line + " HTTP/1.1\r\nHost: {HOST}\r\n" + fields + "\r\n";
}
std::string get(const std::string& fields = "") {
    return head("GET /", fields);
}
std::string post(const std::string& fields, const std::string& body) {
    return head("POST /", fields) + body;
}
std::string chunked(const std::string& body) {
    return post("Transfer-Encoding: chunked\r\n", body);
}
std::string many(int count, const std::string& text) {
    std::string out;
    for (int i = 0; i < count; ++i) out += text;
    return out;
}

/// A second request in the body of the first: it must never be answered.
const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: {HOST}\r\n\r\n";
std::string both_lengths(const std::string& length, const std::string& encoding) {
    return post("Content-Length: " + length + "\r\nTransfer-Encoding: " + encoding + "\r\n", "0\r\n\r\n" + smuggled);
}

const std::vector<Probe> own_probes = {
    {"RFC9112-7.1-MISSING-HOST", "GET / HTTP/1.1\r\n\r\n", {400}},
    {"RFC9112-2.3-HTTP09-REQUEST", "GET /\r\n", {400}},
    {"COMP-METHOD-CONNECT", "CONNECT {HOST} HTTP/1.1\r\nHost: {HOST}\r\n\r\n", {501}},
    {"COMP-HTTP10-NO-HOST", "GET / HTTP/1.0\r\n\r\n", {200}},
    {"COMP-LONG-URL-OK", head("GET /" + std::string(7900, 'a'), ""), {404}},
    {"SMUG-CL-TE-BOTH", both_lengths("6", "chunked"), {400}},
    {"SMUG-CLTE-PIPELINE", both_lengths("4", "chunked"), {400}},
    {"SMUG-TECL-PIPELINE", post("Transfer-Encoding: chunked\r\nContent-Length: 30\r\n", "0\r\n\r\n" + smuggled), {400}},
    {"SMUG-BARE-CR-HEADER-VALUE", get("X-Test: a\rb\r\n"), {400}},
    {"SMUG-CHUNK-EXT-LF", chunked("5;\nhello\r\n0\r\n\r\n"), {400}},
    {"SMUG-CHUNK-LF-TERM", chunked("5\nhello\r\n0\r\n\r\n"), {400}},
    {"SMUG-CHUNK-EXT-CTRL", chunked("5;a=\x01\r\nhello\r\n0\r\n\r\n"), {400}},
    {"SMUG-CHUNK-EXT-CR", chunked("5;a\rb\r\nhello\r\n0\r\n\r\n"), {400}},
    {"SMUG-TE-VTAB",
     post("Transfer-Encoding: \x0B"
          "chunked\r\n",
          "0\r\n\r\n"),
     {400}},
    {"SMUG-TE-FORMFEED",
     post("Transfer-Encoding: \x0C"
          "chunked\r\n",
          "0\r\n\r\n"),
     {400}},
    {"SMUG-TE-NULL", post("Transfer-Encoding: chunked\0\r\n"s, "0\r\n\r\n"), {400}},
    {"SMUG-CHUNK-LF-TRAILER", chunked("5\r\nhello\r\n0\r\n\n"), {400}},
    {"SMUG-CL-LEADING-ZEROS-OCTAL", post("Content-Length: 010\r\n", "helloworld"), {400}},
    {"SMUG-CHUNK-BARE-CR-TERM", chunked("5\rhello\r\n0\r\n\r\n"), {400}},
    {"SMUG-CLTE-CONN-CLOSE", both_lengths("30", "chunked"), {400}},
    {"SMUG-CLTE-SMUGGLED-GET-CL-PLUS", both_lengths("+30", "chunked"), {400}},
    {"SMUG-CLTE-SMUGGLED-GET-CL-NON-NUMERIC", both_lengths("30abc", "chunked"), {400}},
    {"SMUG-CLTE-SMUGGLED-GET-TE-OBS-FOLD", both_lengths("30", "\r\n chunked"), {400}},
    {"SMUG-CLTE-SMUGGLED-GET-TE-TRAILING-SPACE", both_lengths("30", "chunked "), {400}},
    {"SMUG-CLTE-SMUGGLED-GET-TE-LEADING-COMMA", both_lengths("30", ", chunked"), {400}},
    {"SMUG-CLTE-SMUGGLED-GET-TE-CASE-MISMATCH", both_lengths("30", "Chunked"), {400}},
    {"SMUG-TE-DUPLICATE-HEADERS-SMUGGLED-GET",
     post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n" + smuggled),
     {400}},
    {"SMUG-DUPLICATE-CL-SMUGGLED-GET", post("Content-Length: 0\r\nContent-Length: 5\r\n", smuggled), {400}},
    {"SMUG-GET-CL-PREFIX-DESYNC", get("Content-Length: 5\r\n") + "hello" + get(), {200, 200}},
    {"SMUG-CL0-BODY-POISON", post("Content-Length: 0\r\n", "GPOST / HTTP/1.1\r\n\r\n"), {200, 501}},
    {"SMUG-OPTIONS-CL-BODY-DESYNC", head("OPTIONS /", "Content-Length: 5\r\n") + "hello" + get(), {200, 200}},
    {"SMUG-EXPECT-100-CL-DESYNC", post("Content-Length: 5\r\nExpect: 100-continue\r\n", "hello" + get()), {200, 200}},
    {"SMUG-OPTIONS-TE-OBS-FOLD", head("OPTIONS /", "Transfer-Encoding:\r\n chunked\r\n") + "0\r\n\r\n", {400}},
    {"SMUG-CHUNK-INVALID-SIZE-DESYNC", chunked("+0\r\n\r\n" + smuggled), {400}},
    {"SMUG-PIPELINE-SAFE", get() + get(), {200, 200}},
    {"MAL-BINARY-GARBAGE", "\x16\x03\x01\x02\x00\x01\x00\xFF\xFE"s, {400}},
    {"MAL-LONG-URL", head("GET /" + std::string(100'000, 'a'), ""), {414}},
    {"MAL-LONG-HEADER-VALUE", get("X-Big: " + std::string(100'000, 'a') + "\r\n"), {431}},
    {"MAL-MANY-HEADERS", get(many(10'000, "X-A: b\r\n")), {431}},
    {"MAL-CONTROL-CHARS-HEADER", get("X-Test: a\x01\x02\x03z\r\n"), {400}},
    {"MAL-EMPTY-REQUEST", "", {}},
    {"MAL-LONG-HEADER-NAME", get(std::string(100'000, 'a') + ": b\r\n"), {431}},
    {"MAL-LONG-METHOD", std::string(100'000, 'A') + " / HTTP/1.1\r\nHost: {HOST}\r\n\r\n", {400}},
    {"MAL-NON-ASCII-HEADER-NAME", get("X-T\xC3\xA9st: a\r\n"), {400}},
    {"MAL-NON-ASCII-URL", head("GET /caf\xC3\xA9", ""), {400}},
    {"MAL-WHITESPACE-ONLY-LINE", "   \r\n\r\n", {400}},
    {"MAL-NUL-IN-HEADER-VALUE", get("X-Test: a\0b\r\n"s), {400}},
    {"MAL-H2-PREFACE", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {505}},
    {"MAL-URL-OVERLONG-UTF8", head("GET /%C0%AF", ""), {400}},
    {"MAL-URL-OVERLONG-UTF8-RAW", head("GET /\xC0\xAF", ""), {400}},
    {"MAL-CHUNK-EXT-64K", chunked("5;a=" + std::string(65'536, 'b') + "\r\nhello\r\n0\r\n\r\n"), {400}},
    {"COOK-OVERSIZED", get("Cookie: " + std::string(65'536, 'a') + "\r\n"), {431}},
    {"COOK-NUL", get("Cookie: a=\0b\r\n"s), {400}},
    {"COOK-CONTROL-CHARS", get("Cookie: a=\x01\x02\r\n"), {400}},
    {"COOK-MANY-PAIRS", get("Cookie: " + many(1000, "a=b; ") + "c=d\r\n"), {200}},
};

/// A resource such as the probes want: `/` answers GET and echoes POST, `/echo` tells the fields it was given.
void resource(const RequestPtr& request, Respond respond) {
    constexpr std::string_view methods = "GET, HEAD, POST, OPTIONS";
    Response response;
    if (request->path == "/echo" || request->path == "/cookie") {
        std::string lines;
        for (const auto& field : request->fields) lines.append(field.name).append(": ").append(field.value) += "\n";
        response.body = std::move(lines);
    } else if (request->path != "/") {
        response.status = 404;
    } else if (request->method == "OPTIONS") {
        response.fields.add("Allow", methods);
    } else if (methods.find(request->method) == std::string_view::npos) {
        response.status = 405;
        response.fields.add("Allow", methods);
    } else {
        response.body = request->method == "POST" ? request->body : "hello";
    }
    response.fields.add("Content-Type", "text/plain");
    respond(std::move(response));
}

struct Exchange {
    Statuses statuses;
    std::vector<RawClient::Reply> replies;
};

/// What the server answers to these bytes, after which the client sends no more.
Exchange exchange(std::uint16_t port, std::string bytes) {
    const auto host = "127.0.0.1:" + std::to_string(port);
    for (auto at = bytes.find("{HOST}"); at != std::string::npos; at = bytes.find("{HOST}", at))
        bytes.replace(at, 6, host);
    RawClient client(port);
    client.send(bytes);
    client.send_no_more();
    const auto body = bytes.starts_with("HEAD ") ? RawClient::Body::none : RawClient::Body::expected;
    Exchange seen;
    while (auto reply = client.reply(body)) {
        if (reply->status < 200) continue;
        seen.statuses.push_back(reply->status);
        seen.replies.push_back(std::move(*reply));
    }
    EXPECT_TRUE(client.sees_end());
    return seen;
}

class Http11 : public testing::Test {
  protected:
    Http11() : server_({.listen = {"127.0.0.1:0"}, .threads = 1}, resource) { server_.start(); }
    Exchange answers(const std::string& bytes) { return exchange(server_.port(), bytes); }

    Server server_;
};

/// Characters up to U+00FF as the bytes they stand for.
std::string latin1(std::string_view utf8) {
    std::string out;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        auto byte = static_cast<unsigned char>(utf8[i]);
        if (byte >= 0xC0) {
            byte = static_cast<unsigned char>((byte << 6U) | (static_cast<unsigned char>(utf8[i + 1]) & 0x3FU));
            ++i;
        }
        out.push_back(static_cast<char>(byte));
    }
    return out;
}

bool is_expected(const JsonValue& expected, const Statuses& seen) {
    const auto status = expected.find("status");
    const auto status_class = expected.find("status_class");
    const bool may_close = expected.find("allow_close").value().boolean();
    if (seen.empty()) return may_close;
    if (seen.size() != 1) return false;
    if (status) return seen.front() == status->integer();
    return status_class && status_class->string() == "Range2xx" && seen.front() / 100 == 2;
}

TEST_F(Http11, published_probes_are_answered_as_they_expect) {
    if (!std::filesystem::exists(oracle_path)) GTEST_SKIP() << "no probes at " << oracle_path;
    std::ifstream file(oracle_path);
    std::stringstream text;
    text << file.rdbuf();
    const auto document = JsonDocument::parse(text.view());
    ASSERT_TRUE(document.has_value());
    int sent = 0;
    document->root().find("tests")->each([&](const JsonValue& test) {
        const auto raw = test.find("raw_latin1");
        if (!raw) return;
        const std::string id(test.find("id")->string());
        const auto seen = answers(latin1(raw->string())).statuses;
        const auto expected = test.find("expected").value();
        ++sent;
        if (expected.find("status") || expected.find("status_class")) {
            EXPECT_TRUE(is_expected(expected, seen)) << id << " answered " << testing::PrintToString(seen);
        } else {
            ASSERT_TRUE(chosen.contains(id)) << id << " leaves a choice: it wants " << expected.find("text")->string();
            EXPECT_EQ(seen, chosen.at(id)) << id;
        }
    });
    EXPECT_GE(sent, 80);
}

TEST_F(Http11, probes_written_out_here_are_answered_as_chosen) {
    for (const auto& probe : own_probes) EXPECT_EQ(answers(probe.bytes).statuses, probe.answers) << probe.id;
}

TEST_F(Http11, what_the_server_refuses_says_so_and_closes) {
    for (const auto& probe : own_probes) {
        for (const auto& reply : answers(probe.bytes).replies) {
            if (reply.status == 200 || reply.status == 404 || reply.status == 405) continue;
            EXPECT_EQ(reply.header("Connection"), "close") << probe.id;
            EXPECT_EQ(reply.header("Content-Type"), "application/problem+json") << probe.id;
            EXPECT_TRUE(JsonDocument::parse(reply.body).has_value()) << probe.id;
        }
    }
}

TEST_F(Http11, bodies_arrive_as_sent) {
    EXPECT_EQ(answers(post("Content-Length: 5\r\n", "hello")).replies.at(0).body, "hello");
    EXPECT_EQ(answers(chunked("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")).replies.at(0).body, "hello world");
    EXPECT_EQ(answers(chunked("5;ext=value\r\nhello\r\n0\r\nX-Sum: abc\r\n\r\n")).replies.at(0).body, "hello");
}

TEST_F(Http11, fields_that_could_be_taken_for_others_are_dropped) {
    const auto seen = answers(head("POST /echo", "Content-Length: 5\r\nContent_Length: 99\r\nX-A: b\r\n") + "hello");
    ASSERT_EQ(seen.statuses, Statuses{200});
    EXPECT_THAT(seen.replies[0].body, testing::HasSubstr("X-A: b"));
    EXPECT_THAT(seen.replies[0].body, testing::Not(testing::HasSubstr("99")));
}

TEST_F(Http11, methods_that_a_resource_lacks_are_named) {
    EXPECT_EQ(answers(head("DELETE /", "")).replies.at(0).header("Allow"), "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(answers(head("TRACE /", "")).replies.at(0).header("Allow"), "GET, HEAD, POST, OPTIONS");
}

}  // namespace
}  // namespace saldo::http
