#include "http/token_request.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace saldo::http {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

foundation::Outcome<TokenRequest, TokenRefusal> read(const std::string& type, const std::string& body,
                                                     Fields more = {}) {
    more.emplace_back("Content-Type", type);
    return read_token_request(*request_of({.method = "POST", .target = "/oauth/token", .fields = more, .body = body}));
}
foundation::Outcome<TokenRequest, TokenRefusal> read_form(const std::string& body, Fields more = {}) {
    return read("application/x-www-form-urlencoded", body, std::move(more));
}
foundation::Outcome<TokenRequest, TokenRefusal> read_json(const std::string& body, Fields more = {}) {
    return read("application/json;charset=UTF-8", body, std::move(more));
}
std::string error_of(const foundation::Outcome<TokenRequest, TokenRefusal>& request) {
    return request ? "none" : std::string(name_of(request.error().error));
}

void expect_shop(const foundation::Outcome<TokenRequest, TokenRefusal>& request) {
    ASSERT_TRUE(request) << request.error().description;
    EXPECT_EQ(request->client_id, "shop 1");
    EXPECT_EQ(request->client_secret, "a+b");
    EXPECT_EQ(request->audience, "https://x");
    EXPECT_EQ(request->scope, std::nullopt);
}

const std::string grant = "grant_type=client_credentials&audience=https%3A%2F%2Fx";

TEST(TokenRequest, is_read_from_json_from_a_form_and_with_http_basic) {
    expect_shop(read_json(
        R"({"grant_type":"client_credentials","client_id":"shop 1","client_secret":"a+b","audience":"https://x"})"));
    expect_shop(read_form(grant + "&client_id=shop+1&client_secret=a%2Bb"));
    // Each half is form-urlencoded, then both together are base64: `shop+1:a%2Bb`.
    expect_shop(read_form(grant, {{"Authorization", "Basic c2hvcCsxOmElMkJi"}}));
    expect_shop(read_json(R"({"grant_type":"client_credentials","audience":"https://x"})",
                          {{"Authorization", "basic  c2hvcCsxOmElMkJi"}}));
}

TEST(TokenRequest, names_its_api_as_audience_or_as_resource) {
    const std::string client = "&client_id=shop+1&client_secret=a%2Bb";
    expect_shop(read_form("grant_type=client_credentials&resource=https://x" + client));
    expect_shop(read_form(grant + "&resource=https://x" + client));
    EXPECT_EQ(error_of(read_form(grant + "&resource=https://y" + client)), "invalid_request");
    EXPECT_EQ(error_of(read_form("grant_type=client_credentials" + client)), "invalid_request");
    EXPECT_EQ(error_of(read_form("grant_type=client_credentials&audience=" + client)), "invalid_request");
}

TEST(TokenRequest, may_ask_for_less_than_the_client_has) {
    EXPECT_EQ(read_form(grant + "&client_id=a&client_secret=b&scope=read+dun")->scope, "read dun");
    EXPECT_EQ(read_form(grant + "&client_id=a&client_secret=b&scope=")->scope, std::nullopt);
}

TEST(TokenRequest, ignores_what_it_does_not_know) {
    expect_shop(read_form(grant + "&client_id=shop+1&client_secret=a%2Bb&x=y&=&z"));
    expect_shop(read_json(R"({"grant_type":"client_credentials","client_id":"shop 1","client_secret":"a+b",)"
                          R"("audience":"https://x","x":{"y":[1]},"scope":null,"resource":""})"));
}

TEST(TokenRequest, needs_the_grant_of_client_credentials) {
    const std::string rest = "&audience=https://x&client_id=a&client_secret=b";
    EXPECT_EQ(error_of(read_form(rest)), "invalid_request");
    EXPECT_EQ(error_of(read_form("grant_type=" + rest)), "invalid_request");
    for (const char* type :
         {"password", "authorization_code", "refresh_token", "Client_Credentials", "client_credentials+"})
        EXPECT_EQ(error_of(read_form("grant_type=" + std::string(type) + rest)), "unsupported_grant_type") << type;
}

TEST(TokenRequest, names_the_client_once) {
    EXPECT_EQ(error_of(read_form(grant)), "invalid_request");
    EXPECT_EQ(error_of(read_form(grant + "&client_id=a")), "invalid_request");
    EXPECT_EQ(error_of(read_form(grant + "&client_secret=b")), "invalid_request");
    EXPECT_EQ(error_of(read_form(grant + "&client_id=a&client_secret=")), "invalid_request");
    const Fields basic{{"Authorization", "Basic YTpi"}};
    EXPECT_EQ(error_of(read_form(grant, basic)), "none");
    EXPECT_EQ(error_of(read_form(grant + "&client_id=a&client_secret=b", basic)), "invalid_request");
    EXPECT_EQ(error_of(read_form(grant + "&client_id=a", basic)), "invalid_request");
    EXPECT_EQ(error_of(read_form(grant + "&client_secret=b", basic)), "invalid_request");
    EXPECT_EQ(error_of(read_form(grant, {basic[0], basic[0]})), "invalid_request");
}

TEST(TokenRequest, takes_no_other_scheme_for_its_client) {
    for (const char* value : {"Bearer abc", "Digest x", "YTpi", ""})
        EXPECT_EQ(error_of(read_form(grant + "&client_id=a&client_secret=b", {{"Authorization", value}})),
                  "invalid_request");
    for (const char* value : {"Bearer abc", "Digest x", "YTpi", ""})
        EXPECT_EQ(error_of(read_form(grant, {{"Authorization", value}})), "invalid_client") << value;
}

TEST(TokenRequest, needs_basic_credentials_that_decode) {
    // `shop` without a colon, no base64, no padding, `%:b`, `a:%zz`, NUL, no UTF-8, no id, no secret
    for (const char* value : {"Basic c2hvcA==", "Basic c2h!", "Basic YTpiYw", "Basic JTpi", "Basic YTolenk=",
                              "Basic YTolMDA=", "Basic YTr/", "Basic OmI=", "Basic YTo=", "Basic", "Basic "})
        EXPECT_EQ(error_of(read_form(grant, {{"Authorization", value}})), "invalid_request") << value;
    EXPECT_EQ(read_form(grant, {{"Authorization", "Basic YTpiOmM="}})->client_secret, "b:c");
}

TEST(TokenRequest, says_nothing_twice) {
    const std::string good = grant + "&client_id=a&client_secret=b";
    for (const char* more :
         {"&grant_type=client_credentials", "&client_id=a", "&client_secret=b", "&scope=read&scope=read",
          "&audience=https://x", "&resource=https://x&resource=https://x", "&x=1&x=2"})
        EXPECT_EQ(error_of(read_form(good + more)), "invalid_request") << more;
    const auto twice = read_json(
        R"({"grant_type":"client_credentials","client_id":"a","client_secret":"b","audience":"https://x","client_\u0069d":"c"})");
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().description, "A parameter is given twice.");
}

TEST(TokenRequest, that_cannot_be_read_is_invalid) {
    for (const char* body :
         {"", "[]", "\"x\"", "{", "null", R"({"grant_type":1})", R"({"grant_type":["client_credentials"]})",
          R"({"grant_type":"client_credentials","client_id":{}})"})
        EXPECT_EQ(error_of(read_json(body)), "invalid_request") << body;
    for (const char* body : {"", "%", "grant_type=%zz", "a=%00", "a=%ff"})
        EXPECT_EQ(error_of(read_form(body)), "invalid_request") << body;
}

}  // namespace
}  // namespace saldo::http
