// Raw HTTP/1.1 probes against the real server: probes.json has them with our answers. Those with a name in capitals are
// published ones; what they expect, where they leave no choice, is held against our answers if their file is at hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/json.hpp"
#include "http/raw_client.hpp"
#include "http/server.hpp"

namespace saldo::http {
namespace {

using foundation::JsonDocument;
using foundation::JsonKind;
using foundation::JsonValue;

constexpr const char* probes_path = SALDO_SOURCE_DIR "/tests/conformance/probes.json";
constexpr const char* oracle_path = SALDO_SOURCE_DIR "/../shared/oracles/http11.json";

/// The statuses of all answers until the server hung up; interim answers are left out.
using Statuses = std::vector<int>;

struct Probe {
    std::string id;
    std::string bytes;
    Statuses answers;
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

JsonDocument read_json(const char* path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    auto document = JsonDocument::parse(text.view());
    if (!document) throw std::runtime_error(std::string(path) + " is no JSON");
    return *std::move(document);
}

/// A text, or `[text, n]`: the text n times.
std::string piece(const JsonValue& value) {
    if (value.kind() == JsonKind::string) return latin1(value.string());
    const std::string text = latin1(value.first().string());
    std::string out;
    for (std::int64_t i = 0; i < value.first().next().integer(); ++i) out += text;
    return out;
}

std::vector<Probe> read_probes() {
    const auto document = read_json(probes_path);
    std::vector<Probe> probes;
    document.root().find("probes")->each([&](const JsonValue& value) {
        Probe probe{.id = std::string(value.find("id")->string()), .bytes = {}, .answers = {}};
        value.find("send")->each([&](const JsonValue& part) { probe.bytes += piece(part); });
        value.find("answers")->each(
            [&](const JsonValue& status) { probe.answers.push_back(static_cast<int>(status.integer().value())); });
        probes.push_back(std::move(probe));
    });
    return probes;
}

std::string head(const std::string& line, const std::string& fields) {
    return line + " HTTP/1.1\r\nHost: {HOST}\r\n" + fields + "\r\n";
}
std::string post(const std::string& fields, const std::string& body) {
    return head("POST /", fields) + body;
}
std::string chunked(const std::string& body) {
    return post("Transfer-Encoding: chunked\r\n", body);
}

/// A resource such as the probes want: `/` answers GET and echoes POST, `/echo` tells the fields it was given.
void resource(const RequestPtr& request, Respond respond) {
    constexpr std::string_view methods = "GET, HEAD, POST, OPTIONS";
    Response response;
    if (request->path == "/echo" || request->path == "/cookie") {
        std::string lines;
        for (const auto& field : request->fields) lines.append(field.name).append(": ").append(field.value) += "\n";
        response.body = std::move(lines);
    } else if (request->path != "/" && request->path != "*") {
        response.status = 404;
    } else if (request->method == "OPTIONS") {
        response.status = 204;
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

bool is_expected(const JsonValue& expected, const Statuses& answers) {
    const auto status = expected.find("status");
    const auto kind = expected.find("status_class");
    if (!status && !kind) return true;  // it leaves a choice
    if (answers.empty()) return expected.find("allow_close").value().boolean();
    if (status) return answers == Statuses{static_cast<int>(*status->integer())};
    return kind->string() == "Range2xx" && answers.front() / 100 == 2;
}

TEST_F(Http11, probes_are_answered_as_they_say) {
    const auto probes = read_probes();
    EXPECT_GE(probes.size(), 400U);
    for (const auto& probe : probes) EXPECT_EQ(answers(probe.bytes).statuses, probe.answers) << probe.id;
}

TEST_F(Http11, published_expectations_that_leave_no_choice_are_met) {
    if (!std::filesystem::exists(oracle_path)) GTEST_SKIP() << "the published probes are not at " << oracle_path;
    std::map<std::string, Probe> ours;
    for (auto& probe : read_probes()) ours[probe.id] = probe;
    const auto published = read_json(oracle_path);
    published.root().find("tests")->each([&](const JsonValue& test) {
        const auto raw = test.find("raw_latin1");
        if (!raw) return;
        const std::string id(test.find("id")->string());
        ASSERT_TRUE(ours.contains(id)) << id;
        EXPECT_EQ(ours[id].bytes, latin1(raw->string())) << id;
        EXPECT_TRUE(is_expected(test.find("expected").value(), ours[id].answers)) << id;
    });
}

TEST_F(Http11, what_the_server_refuses_says_so_and_closes) {
    for (const auto& probe : read_probes()) {
        for (const auto& reply : answers(probe.bytes).replies) {
            if (reply.status < 300 || reply.status == 404 || reply.status == 405) continue;
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
