#include "http/negotiation.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace saldo::http {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr std::array<std::string_view, 2> json{"application/json", "application/hal+json"};
constexpr std::array<std::string_view, 1> patch{"application/merge-patch+json"};

bool takes_json(Fields fields) {
    return accepts(*request_of({.fields = std::move(fields)}), json);
}

TEST(Accept, that_is_missing_or_empty_takes_anything) {
    EXPECT_TRUE(takes_json({}));
    EXPECT_TRUE(takes_json({{"Accept", ""}}));
    EXPECT_TRUE(takes_json({{"Accept", " , "}}));
}

TEST(Accept, takes_what_one_of_its_ranges_names) {
    for (const char* value : {"application/json", "application/hal+json", "application/*", "*/*", "APPLICATION/JSON",
                              "text/html, application/json", "text/html,*/*;q=0.1", "application/json; charset=utf-8",
                              "application/json;charset=\"a,b;c\"", "*/*;q=0.001", "application/json ; q=1.000",
                              "application/json;q=0.5;ext=1", ",,application/json", "application/json;",
                              "text/*;q=0, application/json", "a/b;c=\"\\\",x/y\", */*"})
        EXPECT_TRUE(takes_json({{"Accept", value}})) << value;
    EXPECT_TRUE(takes_json({{"Accept", "text/html"}, {"Accept", "application/json"}}));
}

TEST(Accept, refuses_what_none_of_them_names) {
    for (const char* value :
         {"text/html", "application/xml", "text/*", "application/json5", "application/problem+json", "json", "*",
          "*/json", "application/", "/json", "application json", "a/b;c=\"application/json"})
        EXPECT_FALSE(takes_json({{"Accept", value}})) << value;
}

TEST(Accept, refuses_what_has_no_weight) {
    for (const char* value :
         {"application/*;q=0", "*/*;q=0", "*/*;q=0.000", "application/json;q=0, application/hal+json;q=0",
          "*/*, application/*;q=0", "application/json;q=0,application/*;Q=0,*/*;q=1"})
        EXPECT_FALSE(takes_json({{"Accept", value}})) << value;
}

TEST(Accept, goes_by_the_range_that_fits_best) {
    EXPECT_TRUE(takes_json({{"Accept", "*/*;q=0, application/json"}}));
    EXPECT_TRUE(takes_json({{"Accept", "application/*;q=0, application/json;q=0.1"}}));
    const auto request = request_of({.fields = {{"Accept", "*/*, application/json;q=0"}}});
    EXPECT_FALSE(accepts(*request, std::span(json).first(1)));
    EXPECT_TRUE(accepts(*request, std::span(json).last(1)));
}

TEST(Accept, skips_a_range_whose_weight_is_none) {
    for (const char* weight : {"2", "1.001", "0.0001", "-1", "x", "", ".5", "00", "1e0"})
        EXPECT_FALSE(takes_json({{"Accept", "application/json;q=" + std::string(weight)}})) << weight;
}

TEST(ContentType, is_the_type_with_whatever_parameters_in_utf_8) {
    for (const char* value : {"application/json", "Application/JSON", "application/json;charset=UTF-8",
                              "application/json; charset=\"utf-8\"", "application/json ;charset=utf-8; x=y",
                              "application/json;profile=\"https://a;b\"", "application/json;"})
        EXPECT_TRUE(is_media_type(value, "application/json")) << value;
}

TEST(ContentType, is_not_another_type_nor_another_charset_nor_nonsense) {
    for (const char* value :
         {"", "text/plain", "application/json5", "application/jso", "application/hal+json", "application", "json",
          "application/json;charset=iso-8859-1", "application/json;charset=utf-16", "application/json, text/html",
          "application/json charset=utf-8", "application/json;charset", "application/json;charset=",
          "application/json;x=\"y", "application/json;charset=utf-8;charset=latin1", "*/*", "application/*"})
        EXPECT_FALSE(is_media_type(value, "application/json")) << value;
}

TEST(ContentType, must_be_there_once) {
    const auto has_json = [](Fields fields) {
        return has_media_type(*request_of({.fields = std::move(fields)}), json);
    };
    EXPECT_TRUE(has_json({{"Content-Type", "application/hal+json"}}));
    EXPECT_FALSE(has_json({}));
    EXPECT_FALSE(has_json({{"Content-Type", ""}}));
    EXPECT_FALSE(has_json({{"Content-Type", "application/json"}, {"Content-Type", "application/json"}}));
    EXPECT_FALSE(has_media_type(*request_of({.fields = {{"Content-Type", "application/json"}}}), patch));
}

std::optional<Return> preference(Fields fields) {
    return preferred_return(*request_of({.fields = std::move(fields)}));
}

TEST(Prefer, says_what_a_write_gives_back) {
    EXPECT_EQ(preference({{"Prefer", "return=representation"}}), Return::representation);
    EXPECT_EQ(preference({{"Prefer", "return=minimal"}}), Return::minimal);
    EXPECT_EQ(preference({{"Prefer", "respond-async, wait=10, Return=\"representation\"; x=y"}}),
              Return::representation);
    EXPECT_EQ(preference({{"Prefer", "wait=10"}, {"Prefer", "return = minimal"}}), Return::minimal);
}

TEST(Prefer, counts_by_its_first_return_and_says_nothing_else) {
    EXPECT_EQ(preference({{"Prefer", "return=minimal, return=representation"}}), Return::minimal);
    for (const char* value : {"", "return", "return=", "return=everything", "returns=minimal", "x=return=minimal",
                              "return=Minimal", "handling=\"a, return=minimal\""})
        EXPECT_EQ(preference({{"Prefer", value}}), std::nullopt) << value;
    EXPECT_EQ(preference({}), std::nullopt);
}

bool seen(Fields fields, std::string_view etag = "\"abc\"") {
    return has_seen(*request_of({.fields = std::move(fields)}), etag);
}

TEST(IfNoneMatch, holds_a_tag_weakly_compared) {
    for (const char* value :
         {"\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "W/\"x\",W/\"abc\"", "*", "\"a,b\", \"abc\"", ",\"abc\","})
        EXPECT_TRUE(seen({{"If-None-Match", value}})) << value;
    EXPECT_TRUE(seen({{"If-None-Match", "\"abc\""}}, "W/\"abc\""));
    EXPECT_TRUE(seen({{"If-None-Match", "\"x\""}, {"If-None-Match", "\"abc\""}}));
}

TEST(IfNoneMatch, holds_no_other_tag) {
    for (const char* value :
         {"", "\"ABC\"", "\"ab\"", "abc", "w/\"abc\"", "\"abc", "abc\"", "\"x,abc\"", "\"x\" \"abc\"", "W/abc"})
        EXPECT_FALSE(seen({{"If-None-Match", value}})) << value;
    EXPECT_FALSE(seen({}));
    EXPECT_FALSE(seen({{"If-Match", "\"abc\""}}));
}

TEST(wants_this, is_held_strongly_against_the_tag) {
    const auto asked = [](std::vector<std::pair<std::string, std::string>> fields) {
        return wants_this(*request_of({.fields = std::move(fields)}), "\"a\"");
    };
    EXPECT_TRUE(asked({}));
    EXPECT_TRUE(asked({{"If-Match", "*"}}));
    EXPECT_TRUE(asked({{"If-Match", "\"b\", \"a\""}}));
    EXPECT_TRUE(asked({{"If-Match", "\"b\""}, {"If-Match", "\"a\""}}));
    EXPECT_FALSE(asked({{"If-Match", "W/\"a\""}}));
    EXPECT_FALSE(asked({{"If-Match", "a"}}));
    EXPECT_FALSE(asked({{"If-Match", ""}}));
}

}  // namespace
}  // namespace saldo::http
