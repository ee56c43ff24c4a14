#include "foundation/json_cursor.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "foundation/json.hpp"
#include "foundation/json_writer.hpp"
#include "foundation/outcome.hpp"

namespace saldo::foundation {

namespace {

/// A whole text that is one string.
std::string text_in(std::string_view json) {
    JsonCursor at(json);
    const std::string text(at.string());
    at.end();
    return text;
}

std::int64_t integer_in(std::string_view json) {
    JsonCursor at(json);
    const std::int64_t number = at.integer();
    at.end();
    return number;
}

std::string decimal_in(std::string_view json) {
    JsonCursor at(json);
    const Decimal number = at.decimal();
    at.end();
    return number.text();
}

bool truth_in(std::string_view json) {
    JsonCursor at(json);
    const bool truth = at.boolean();
    at.end();
    return truth;
}

/// `{"a":<number>,"b":[<number>,...],"c":{"d":<text>}}`, where `b` and `c` may be missing.
std::string what_is_read(std::string_view json) {
    std::string said;
    JsonCursor at(json);
    at.begin_object();
    if (!at.take_name("a")) return "no a";
    said += "a " + std::to_string(at.integer());
    if (at.take_name("b")) {
        said += " b";
        at.begin_array();
        while (at.next_element()) said += ' ' + std::to_string(at.integer());
    }
    if (at.take_name("c")) {
        at.begin_object();
        if (at.take_name("d")) said += " d " + std::string(at.string());
        at.end_object();
    }
    at.end_object();
    at.end();
    return said;
}

TEST(JsonCursor, fields_are_read_in_the_order_in_which_they_are_asked_for) {
    EXPECT_EQ(what_is_read(R"({"a":1,"b":[2,-3],"c":{"d":"x"}})"), "a 1 b 2 -3 d x");
    EXPECT_EQ(what_is_read(R"({"a":1,"b":[],"c":{}})"), "a 1 b");
    EXPECT_EQ(what_is_read(R"({"a":1,"c":{"d":""}})"), "a 1 d ");
    EXPECT_EQ(what_is_read(R"({"a":1})"), "a 1");
}

TEST(JsonCursor, a_field_that_is_not_next_is_not_there) {
    EXPECT_EQ(what_is_read("{}"), "no a");
    EXPECT_EQ(what_is_read(R"({"aa":1})"), "no a");
    EXPECT_EQ(what_is_read(R"({"":1})"), "no a");
    EXPECT_EQ(what_is_read(R"({"b":[],"a":1})"), "no a");
}

TEST(JsonCursor, what_is_unknown_twice_or_out_of_order_is_refused) {
    for (const char* text :
         {R"({"a":1,"e":2})", R"({"a":1,"a":1})", R"({"a":1,"c":{},"b":[]})", R"({"a":1,"c":{"d":"x","e":1}})"})
        EXPECT_THROW(what_is_read(text), BrokenInvariant) << text;
}

TEST(JsonCursor, what_is_not_closed_or_goes_on_is_refused) {
    for (const char* text : {R"({"a":1)", R"({"a":1,)", R"({"a":1,})", R"({"a":1}})", R"({"a":1} )", R"({"a":1,"b":[2)",
                             R"({"a":1,"b":[2,)", R"({"a":1,"b":[2,]})", R"({"a":1,"b":[,2]})", R"({"a":1,"b":[2 3]})",
                             R"({"a":1,"c":{"d":"x"})", R"({"a":})", R"({"a":1.5})", R"({"a":1e2})", R"({"a":"1"})"})
        EXPECT_THROW(what_is_read(text), BrokenInvariant) << text;
    EXPECT_THROW(what_is_read(""), BrokenInvariant);
    EXPECT_THROW(what_is_read("[]"), BrokenInvariant);
    EXPECT_THROW(what_is_read(R"( {"a":1})"), BrokenInvariant);
}

TEST(JsonCursor, escapes_are_resolved) {
    EXPECT_EQ(text_in(R"("")"), "");
    EXPECT_EQ(text_in(R"("plain text of more than eight letters é€😀")"), "plain text of more than eight letters é€😀");
    EXPECT_EQ(text_in(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
    EXPECT_EQ(text_in(R"("a\u00e9b\u20acc\ud83d\ude00d\u0000")"), std::string("aéb€c😀d\0", 14));
    EXPECT_EQ(text_in(R"("long enough before it\nand long enough behind it")"),
              "long enough before it\nand long enough behind it");
}

TEST(JsonCursor, a_text_that_json_forbids_is_refused) {
    for (const char* text :
         {"\"", "\"a", "\"\\\"", R"("\x")", R"("\u12")", R"("\u12g4")", R"("\ud83d")", R"("\ude00")", R"("\ud83dx")",
          R"("\ud83dA")", "\"\n\"", "\"\x1f\"", "\"1234567\x01\"", "\"\xff\"", "\"\xc3\"", "x", "1"})
        EXPECT_THROW(text_in(text), BrokenInvariant) << text;
}

TEST(JsonCursor, numbers_are_of_jsons_grammar_and_exact) {
    EXPECT_EQ(integer_in("0"), 0);
    EXPECT_EQ(integer_in("-0"), 0);
    EXPECT_EQ(integer_in("-17"), -17);
    EXPECT_EQ(integer_in("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(integer_in("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
    for (const char* text : {"", "-", "01", "-01", "00", "+1", "1.0", "1e2", "9223372036854775808", " 1", "x", "--1"})
        EXPECT_THROW(integer_in(text), BrokenInvariant) << text;
    EXPECT_EQ(decimal_in("52.21"), "52.21");
    EXPECT_EQ(decimal_in("-0.5"), "-0.5");
    EXPECT_EQ(decimal_in("19"), "19");
    for (const char* text : {"", "-", ".5", "5.", "01", "1e2", "1.23456", "1-2", "x"})
        EXPECT_THROW(decimal_in(text), BrokenInvariant) << text;
    EXPECT_TRUE(truth_in("true"));
    EXPECT_FALSE(truth_in("false"));
    for (const char* text : {"", "tru", "truth", "1", "falsey"}) EXPECT_THROW(truth_in(text), BrokenInvariant) << text;
}

RC_GTEST_PROP(JsonCursor, a_string_that_was_written_is_read_back, (const std::vector<std::uint32_t>& letters)) {
    // Escaped by its code points and read by the other reader, so that both must agree.
    std::string literal = "\"";
    for (const std::uint32_t letter : letters) {
        char escape[8];
        const unsigned half = letter % 0xD800;
        std::snprintf(escape, sizeof escape, "\\u%04x", half);
        literal += letter % 3 == 0 ? std::string(escape) : std::string(1, static_cast<char>('a' + letter % 26));
    }
    literal += '"';
    const auto document = JsonDocument::parse(literal);
    RC_ASSERT(document.has_value());
    const std::string text(document->root().string());
    RC_ASSERT(text_in(literal) == text);
    std::string written;
    append_json_string(written, text);
    RC_ASSERT(text_in(written) == text);
}

RC_GTEST_PROP(JsonCursor, never_stumbles_over_any_text, (const std::string& noise)) {
    const auto tried = [](auto read) {
        try {
            read();
        } catch (const BrokenInvariant&) {
        }
    };
    tried([&] { text_in('"' + noise + '"'); });
    tried([&] { what_is_read(R"({"a":1,"b":[)" + noise); });
    tried([&] { what_is_read(R"({"a":)" + noise + '}'); });
}

RC_GTEST_PROP(JsonCursor, what_is_cut_off_is_refused, ()) {
    const std::string text = R"({"a":17,"b":[1,2],"c":{"d":"x\n\u00e9"}})";
    const auto size = *rc::gen::inRange<std::size_t>(6, text.size());
    RC_ASSERT_THROWS_AS(what_is_read(text.substr(0, size)), BrokenInvariant);
}

}  // namespace

}  // namespace saldo::foundation
