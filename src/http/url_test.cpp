#include "http/url.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace saldo::http {
namespace {

TEST(Utf8, is_told_from_what_only_looks_like_it) {
    for (const char* good : {"", "a", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                             "\xEF\xBF\xBD", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "a\xC3\xA4o"}) {
        EXPECT_TRUE(is_utf8(good)) << good;
    }
    for (const char* bad : {"\x80", "\xC0\xAF", "\xC1\xBF", "\xC2", "\xC2 ", "\xE0\x80\xAF", "\xE0\x9F\xBF", "\xE2\x82",
                            "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x80\x80\xAF", "\xF0\x8F\xBF\xBF", "\xF0\x9F\x98",
                            "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF", "\xE2\x28\xA1"}) {
        EXPECT_FALSE(is_utf8(bad)) << bad;
    }
}

TEST(Path, is_decoded_once) {
    EXPECT_EQ(decode_path("/a%20b/%C3%A9"), "/a b/\xC3\xA9");
    EXPECT_EQ(decode_path("/%2541"), "/%41");
    EXPECT_EQ(decode_path("/a+b"), "/a+b");
}

TEST(Path, keeps_an_escaped_slash_out_of_the_way) {
    EXPECT_EQ(decode_path("/a%2Fb%2fc/d"), "/a%2Fb%2Fc/d");
}

TEST(Path, does_not_decode_what_is_no_text) {
    for (const char* bad : {"/%", "/%4", "/%4G", "/%G4", "/%00", "/%C0%AF", "/%E2%82", "/%ED%A0%80", "/%-1"}) {
        EXPECT_EQ(decode_path(bad), std::nullopt) << bad;
    }
}

TEST(Query, gives_its_parameters_in_order) {
    const std::vector<QueryParameter> wanted = {{"a", "1"}, {"b", "x y&z"}, {"a", ""}, {"c", ""}, {"", "d"}};
    EXPECT_EQ(parse_query("a=1&b=x+y%26z&a=&&c&=d"), wanted);
    EXPECT_EQ(parse_query(""), std::vector<QueryParameter>{});
}

TEST(Query, with_one_bad_escape_has_no_parameters) {
    EXPECT_EQ(parse_query("a=1&b=%"), std::nullopt);
    EXPECT_EQ(parse_query("%FF=1"), std::nullopt);
}

RC_GTEST_PROP(PercentEncoding, comes_back_as_it_was, ()) {
    const auto text = *rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
    const auto encoded = percent_encode(text);
    RC_ASSERT(is_path_text(encoded) && is_query_text(encoded));
    RC_ASSERT(decode_query_text(encoded) == text);
}

TEST(Query, a_form_has_no_nul_whether_escaped_or_not) {
    EXPECT_FALSE(parse_query("a=b%00c"));
    EXPECT_FALSE(parse_query(std::string_view("a=b\0c", 5)));
    EXPECT_FALSE(parse_query(std::string_view("a\0=b", 4)));
}

}  // namespace
}  // namespace saldo::http
