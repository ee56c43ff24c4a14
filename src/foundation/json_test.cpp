#include "foundation/json.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "foundation/json_writer.hpp"

namespace saldo::foundation {

namespace {

using Kind = JsonFault::Kind;

std::string fault_of(std::string_view text) {
    const auto document = JsonDocument::parse(text);
    if (document) return "none";
    switch (document.error().kind) {
        case Kind::malformed:
            return "malformed";
        case Kind::too_deep:
            return "too deep at " + document.error().where;
        case Kind::duplicate_name:
            return "twice " + document.error().where;
        case Kind::invalid_utf8:
            return "utf8";
        case Kind::too_many_values:
            return "too many";
    }
    return "?";
}

JsonDocument parsed(std::string_view text) {
    auto document = JsonDocument::parse(text);
    EXPECT_TRUE(document) << text;
    return document ? std::move(*document) : std::move(*JsonDocument::parse("\"refused\""));
}

/// The document as it would be written, from what can be read of it.
void write_again(const JsonValue& value, JsonWriter& out) {
    switch (value.kind()) {
        case JsonKind::null:
            out.null();
            break;
        case JsonKind::boolean:
            out.value(value.boolean());
            break;
        case JsonKind::number:
            out.raw(value.number());
            break;
        case JsonKind::string:
            out.value(value.string());
            break;
        case JsonKind::array:
            out.begin_array();
            value.each([&](JsonValue child) { write_again(child, out); });
            out.end_array();
            break;
        case JsonKind::object:
            out.begin_object();
            value.each([&](JsonValue child) {
                out.key(child.name());
                write_again(child, out);
            });
            out.end_object();
            break;
    }
}

std::string written_again(std::string_view text) {
    const JsonDocument document = parsed(text);
    JsonWriter out;
    write_again(document.root(), out);
    return std::move(out).finish();
}

TEST(JsonDocument, is_read_whole_and_in_order) {
    const std::string text = R"({"a":1,"b":[true,false,null,"x",[],{},[[1],[2,3]]],"c":{"d":{"e":-1.50}},"f":""})";
    EXPECT_EQ(written_again(text), text);
}

TEST(JsonDocument, white_space_does_not_count) {
    EXPECT_EQ(written_again(" \r\n\t{ \"a\" : [ 1 , 2 ] , \"b\" : -0.5 \n} \t\r\n"), R"({"a":[1,2],"b":-0.5})");
    EXPECT_EQ(written_again("[1 ]"), "[1]");
    EXPECT_EQ(written_again(" 33.80 "), "33.80");
}

TEST(JsonDocument, may_be_a_single_value) {
    for (const char* text : {"0", "-0", "1e5", "\"text\"", "true", "false", "null", "[]", "{}"})
        EXPECT_EQ(written_again(text), text);
}

TEST(JsonDocument, texts_that_are_no_json_are_refused) {
    for (const char* text : {
             "",
             " ",
             "x",
             "{",
             "}",
             "[",
             "]",
             "{]",
             "[}",
             "[1,]",
             "[,1]",
             "[1 2]",
             "[1,,2]",
             "{\"a\"}",
             "{\"a\":}",
             "{\"a\":1,}",
             "{,\"a\":1}",
             "{\"a\":1 \"b\":2}",
             "{a:1}",
             "{'a':1}",
             "{1:1}",
             "{\"a\":1}}",
             "[1]]",
             "[1][2]",
             "{} {}",
             "1 2",
             "\"a\" \"b\"",
             "null null",
             "nul",
             "nulll",
             "tru",
             "truex",
             "True",
             "TRUE",
             "fals",
             "falsey",
             "undefined",
             "NaN",
             "Infinity",
             "-Infinity",
             "\"open",
             "\"a\\\"",
             "'a'",
             "[\"a]",
             "// comment\n1",
             "1 // comment",
             "/* c */1",
             "{\"a\":1;}",
             "[1",
             "{\"a\":[1}",
             "\"\\x\"",
             "\"\\u12\"",
             "\"\\u12G4\"",
             "\"\\\"",
             ",",
             ":",
             "[:]",
             "{\"a\"::1}",
             "{\"a\":1:2}",
             "{\"a\",\"b\"}",
             "[\"a\":1]",
             "\xEF\xBB\xBF{}",  // a byte order mark
         })
        EXPECT_EQ(fault_of(text), "malformed") << text;
}

TEST(JsonDocument, octets_of_zero_are_no_white_space) {
    EXPECT_EQ(fault_of(std::string_view("{}\0", 3)), "malformed");
    EXPECT_EQ(fault_of(std::string_view("\0{}", 3)), "malformed");
    EXPECT_EQ(fault_of(std::string_view("[1\0]", 4)), "malformed");
    EXPECT_EQ(fault_of(std::string_view("[1,\0 2]", 7)), "malformed");
    EXPECT_EQ(fault_of(std::string_view("\"a\0b\"", 5)), "malformed");
}

TEST(JsonDocument, control_characters_in_a_string_must_be_escaped) {
    EXPECT_EQ(fault_of("\"a\nb\""), "malformed");
    EXPECT_EQ(fault_of("\"a\tb\""), "malformed");
    EXPECT_EQ(fault_of("\"\x1F\""), "malformed");
    EXPECT_EQ(fault_of("{\"a\nb\":1}"), "malformed");
    EXPECT_EQ(fault_of("\"\x7F\""), "none");
}

TEST(JsonDocument, numbers_follow_jsons_grammar_alone) {
    for (const char* text : {"01",   "-01", "00",  "1.",    ".5",    "-.5", "-",   "+1",  "1e",    "1e+", "1E-", "1.e5",
                             "0x10", "1_0", "--1", "1.2.3", "1e5.5", "1f",  "12a", "0b1", "1e5e5", "- 1", "1 .5"}) {
        EXPECT_EQ(fault_of(text), "malformed") << text;
        EXPECT_EQ(fault_of('[' + std::string(text) + ']'), "malformed") << text;
        EXPECT_EQ(fault_of("{\"a\":" + std::string(text) + ",\"b\":1}"), "malformed") << text;
    }
    for (const char* text : {"0", "-0", "0.0", "10", "-10.250", "1e5", "1E+5", "1.5e-300", "0e0",
                             "123456789012345678901234567890", "0.00000000000000000000000000001", "1e999", "-1e999",
                             "99999999999999999999999999999999.999999999999999999999999"}) {
        EXPECT_EQ(written_again(text), text);
        EXPECT_EQ(written_again('[' + std::string(text) + ",1]"), '[' + std::string(text) + ",1]");
        EXPECT_EQ(written_again("{\"a\":" + std::string(text) + ",\"b\":1}"),
                  "{\"a\":" + std::string(text) + ",\"b\":1}");
    }
}

TEST(JsonDocument, escapes_are_resolved_in_strings_and_names) {
    const JsonDocument document = parsed(R"({"n\u0061me":"\"\\\/\b\f\n\r\t\u00e9\u20AC\ud83d\ude00"})");
    const auto value = document.root().find("name");
    ASSERT_TRUE(value);
    EXPECT_EQ(value->string(), "\"\\/\b\f\n\r\té€😀");
    EXPECT_EQ(parsed(R"("a\u0000b")").root().string(), std::string_view("a\0b", 3));
}

TEST(JsonDocument, half_of_a_surrogate_pair_is_refused) {
    for (const char* text :
         {R"("\ud83d")", R"("\ude00")", R"("\ud83dx")", R"("\ud83d\u0041")", R"("\ud83d\ud83d")", R"({"\ud83d":1})"})
        EXPECT_EQ(fault_of(text), "malformed") << text;
}

TEST(JsonDocument, octets_that_are_no_utf8_are_refused) {
    for (const char* text : {"\"\xFF\"", "\"\xC3\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\xF5\x80\x80\x80\"",
                             "\"\xE2\x82\"", "{\"\x80\":1}", "\"\xF0\x9F\x98\""})
        EXPECT_EQ(fault_of(text), "utf8") << text;
    EXPECT_EQ(fault_of("[1,\xFF]"), "utf8");
    EXPECT_EQ(written_again("\"é€😀\""), "\"é€😀\"");
}

TEST(JsonDocument, is_nested_at_most_32_levels_deep) {
    const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
    EXPECT_EQ(fault_of(nested(32)), "none");
    EXPECT_TRUE(fault_of(nested(33)).starts_with("too deep at $[0][0]"));
    EXPECT_TRUE(fault_of(nested(100'000)).starts_with("too deep"));
    EXPECT_TRUE(fault_of(std::string(100'000, '[')).starts_with("too deep") ||
                fault_of(std::string(100'000, '[')) == "malformed");
    std::string objects;
    for (int i = 0; i < 33; ++i) objects += "{\"a\":";
    EXPECT_TRUE(fault_of(objects + "1" + std::string(33, '}')).starts_with("too deep at $.a.a"));
}

TEST(JsonDocument, a_name_that_stands_twice_in_one_object_is_refused_with_its_path) {
    EXPECT_EQ(fault_of(R"({"a":1,"a":2})"), "twice $.a");
    EXPECT_EQ(fault_of(R"({"a":1,"b":2,"\u0061":3})"), "twice $.a");
    EXPECT_EQ(fault_of(R"({"x":[0,{"b":{"c":1,"d":2,"c":3}}]})"), "twice $.x[1].b.c");
    EXPECT_EQ(fault_of(R"({"a":{"a":1},"b":{"a":1}})"), "none");
    EXPECT_EQ(fault_of(R"({"":1,"":2})"), "twice $.");
}

TEST(JsonDocument, a_repeated_name_is_found_in_an_object_of_any_size) {
    for (const int names : {2, 23, 24, 25, 26, 1'000}) {
        std::string text = "{";
        for (int i = 0; i < names; ++i) text += "\"n" + std::to_string(i) + "\":0,";
        EXPECT_EQ(fault_of(text + "\"other\":0}"), "none") << names;
        EXPECT_EQ(fault_of(text + "\"n1\":0}"), "twice $.n1") << names;
    }
}

TEST(JsonDocument, has_a_limit_of_values) {
    const auto array_of = [](int values) {
        std::string text = "[0";
        for (int i = 1; i < values; ++i) text += ",0";
        return text + "]";
    };
    EXPECT_EQ(fault_of(array_of(199'999)), "none");
    EXPECT_EQ(fault_of(array_of(200'000)), "too many");
}

TEST(JsonDocument, one_that_was_refused_does_not_touch_the_next) {
    EXPECT_EQ(fault_of(R"({"a":[1,2,{"b":)"), "malformed");
    EXPECT_EQ(written_again(R"({"a":[1]})"), R"({"a":[1]})");
}

TEST(JsonDocument, keeps_its_own_copy_of_the_text) {
    std::string text = R"({"a":"value","b":12.50})";
    const JsonDocument document = parsed(text);
    text.assign(text.size(), '#');
    EXPECT_EQ(document.root().find("a")->string(), "value");
    EXPECT_EQ(document.root().find("b")->number(), "12.50");
}

TEST(JsonValue, is_found_by_name) {
    const JsonDocument document = parsed(R"({"a":1,"b":{"a":2},"c":null})");
    const JsonValue root = document.root();
    EXPECT_EQ(root.size(), 3U);
    EXPECT_EQ(root.find("a")->number(), "1");
    EXPECT_EQ(root.find("b")->find("a")->number(), "2");
    EXPECT_TRUE(root.find("c")->is_null());
    EXPECT_EQ(root.find("d"), std::nullopt);
    EXPECT_EQ(root.find("b")->find("b"), std::nullopt);
    EXPECT_EQ(root.find("b")->name(), "b");
    EXPECT_EQ(root.name(), "");
}

TEST(JsonValue, elements_follow_each_other_past_their_children) {
    const JsonDocument document = parsed(R"([[1,[2]],{"a":[3]},"x"])");
    const JsonValue root = document.root();
    ASSERT_EQ(root.size(), 3U);
    EXPECT_EQ(root.first().kind(), JsonKind::array);
    EXPECT_EQ(root.first().next().kind(), JsonKind::object);
    EXPECT_EQ(root.first().next().next().string(), "x");
    EXPECT_EQ(root.first().name(), "");
}

TEST(JsonValue, a_whole_number_is_read_as_one_and_nothing_else_is) {
    const auto integer = [](const char* text) {
        const JsonDocument document = parsed(text);
        return document.root().integer();
    };
    EXPECT_EQ(integer("0"), 0);
    EXPECT_EQ(integer("-0"), 0);
    EXPECT_EQ(integer("-17"), -17);
    EXPECT_EQ(integer("9223372036854775807"), INT64_MAX);
    EXPECT_EQ(integer("-9223372036854775808"), INT64_MIN);
    EXPECT_EQ(integer("9223372036854775808"), std::nullopt);
    EXPECT_EQ(integer("1.0"), std::nullopt);
    EXPECT_EQ(integer("1e2"), std::nullopt);
}

TEST(JsonValue, reading_it_as_what_it_is_not_breaks_an_invariant) {
    const JsonDocument document = parsed(R"({"n":1,"s":"x"})");
    EXPECT_THROW(static_cast<void>(document.root().find("n")->string()), BrokenInvariant);
    EXPECT_THROW(static_cast<void>(document.root().find("s")->number()), BrokenInvariant);
    EXPECT_THROW(static_cast<void>(document.root().find("s")->boolean()), BrokenInvariant);
    EXPECT_THROW(static_cast<void>(document.root().find("s")->integer()), BrokenInvariant);
    EXPECT_THROW(static_cast<void>(document.root().find("s")->find("x")), BrokenInvariant);
}

TEST(JsonFault, every_kind_has_its_own_words) {
    for (const Kind kind :
         {Kind::malformed, Kind::too_deep, Kind::duplicate_name, Kind::invalid_utf8, Kind::too_many_values})
        EXPECT_GT(describe(kind).size(), 10U);
}

RC_GTEST_PROP(JsonDocument, never_stumbles_over_any_text, (const std::string& noise)) {
    static_cast<void>(JsonDocument::parse(noise));
    static_cast<void>(JsonDocument::parse("{\"a\":[" + noise + "]}"));
}

RC_GTEST_PROP(JsonDocument, what_is_cut_off_is_refused, ()) {
    const std::string text = R"({"a":[1,-2.5e3,"x\n\u00e9",{"b":null,"c":[true,false]}],"d":{"e":"é"}})";
    const auto size = *rc::gen::inRange<std::size_t>(0, text.size());
    RC_ASSERT(fault_of(text.substr(0, size)) != "none");
}

RC_GTEST_PROP(JsonDocument, a_string_that_was_written_is_read_back, (const std::vector<std::uint32_t>& letters)) {
    std::string text;
    for (const std::uint32_t letter : letters) {
        const std::uint32_t point = letter % 0x11'0000;
        if (point < 0x80) {
            text += static_cast<char>(point);
        } else if (point < 0x800) {
            text += static_cast<char>(0xC0 | point >> 6);
            text += static_cast<char>(0x80 | (point & 63));
        } else if (point < 0x1'0000) {
            if (point >= 0xD800 && point < 0xE000) continue;
            text += static_cast<char>(0xE0 | point >> 12);
            text += static_cast<char>(0x80 | (point >> 6 & 63));
            text += static_cast<char>(0x80 | (point & 63));
        } else {
            text += static_cast<char>(0xF0 | point >> 18);
            text += static_cast<char>(0x80 | (point >> 12 & 63));
            text += static_cast<char>(0x80 | (point >> 6 & 63));
            text += static_cast<char>(0x80 | (point & 63));
        }
    }
    std::string literal;
    append_json_string(literal, text);
    const auto document = JsonDocument::parse(literal);
    RC_ASSERT(document.has_value());
    RC_ASSERT(document->root().string() == text);
}

}  // namespace

}  // namespace saldo::foundation
