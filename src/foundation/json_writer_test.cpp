#include "foundation/json_writer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "foundation/outcome.hpp"

namespace saldo::foundation {

namespace {

std::string literal(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

Money euros(std::int64_t minor) {
    return {minor, *Currency::parse("EUR")};
}

TEST(JsonWriter, writes_compactly_in_the_order_of_the_calls) {
    JsonWriter out;
    out.begin_object().field("a", 1).key("b").begin_array().value("x").value(2).begin_object().end_object();
    out.begin_array().end_array().null().value(true).end_array().field("c", false).end_object();
    EXPECT_EQ(std::move(out).finish(), R"({"a":1,"b":["x",2,{},[],null,true],"c":false})");
}

TEST(JsonWriter, commas_stand_between_and_nowhere_else) {
    JsonWriter out;
    out.begin_array();
    for (int i = 0; i < 2; ++i) out.begin_object().field("n", i).key("m").begin_array().end_array().end_object();
    out.end_array();
    EXPECT_EQ(std::move(out).finish(), R"([{"n":0,"m":[]},{"n":1,"m":[]}])");
}

TEST(JsonWriter, a_document_may_be_a_single_value) {
    JsonWriter out;
    out.value("text");
    EXPECT_EQ(std::move(out).finish(), "\"text\"");
}

TEST(JsonWriter, amounts_have_the_fewest_decimals_that_say_them) {
    JsonWriter out;
    out.begin_array();
    for (const std::int64_t minor : {17'000, 3'380, 3'385, 0, -2'500, 5, -5}) out.value(euros(minor));
    out.value(Money{1'234, *Currency::parse("JPY")}).end_array();
    EXPECT_EQ(std::move(out).finish(), "[170,33.8,33.85,0,-25,0.05,-0.05,1234]");
}

TEST(JsonWriter, decimals_whole_numbers_and_days_are_exact) {
    JsonWriter out;
    out.begin_array().value(*Decimal::parse("19.0000")).value(*Decimal::parse("-2.9501"));
    out.value(std::numeric_limits<std::int64_t>::min()).value(std::numeric_limits<std::int64_t>::max());
    out.value(Day(std::chrono::year(2020) / 3 / 10)).end_array();
    EXPECT_EQ(std::move(out).finish(), R"([19,-2.9501,-9223372036854775808,9223372036854775807,"2020-03-10"])");
}

TEST(JsonWriter, an_optional_field_without_a_value_is_left_out) {
    JsonWriter out;
    out.begin_object()
        .optional_field("a", std::optional<std::string>())
        .optional_field("b", std::optional<std::string>("x"))
        .optional_field("c", std::optional<int>(0))
        .null_field("d")
        .raw_field("e", R"({"f":1})")
        .end_object();
    EXPECT_EQ(std::move(out).finish(), R"({"b":"x","c":0,"d":null,"e":{"f":1}})");
}

TEST(JsonWriter, texts_of_every_kind_are_texts) {
    JsonWriter out;
    out.begin_array().value("chars").value(std::string("string")).value(std::string_view("view")).end_array();
    EXPECT_EQ(std::move(out).finish(), R"(["chars","string","view"])");
}

TEST(JsonWriter, names_are_escaped_too) {
    JsonWriter out;
    out.begin_object().field("a\"b", 1).end_object();
    EXPECT_EQ(std::move(out).finish(), R"({"a\"b":1})");
}

TEST(JsonWriter, a_document_that_was_left_open_or_never_begun_breaks_an_invariant) {
    EXPECT_THROW(JsonWriter().finish(), BrokenInvariant);
    JsonWriter open;
    open.begin_object();
    EXPECT_THROW(std::move(open).finish(), BrokenInvariant);
    JsonWriter closed_twice;
    closed_twice.begin_array().end_array();
    EXPECT_THROW(closed_twice.end_array(); std::move(closed_twice).finish(), BrokenInvariant);
}

TEST(JsonWriter, one_document_holds_one_value) {
    JsonWriter out;
    out.value(1);
    EXPECT_THROW(out.value(2); std::move(out).finish(), BrokenInvariant);
}

TEST(JsonWriter, a_name_without_a_value_breaks_an_invariant) {
    JsonWriter out;
    out.begin_object().key("a");
    EXPECT_THROW(out.end_object(); std::move(out).finish(), BrokenInvariant);
}

TEST(JsonString, a_character_is_escaped_or_not_wherever_it_stands) {
    for (int c = 0; c < 256; ++c) {
        const bool is_escaped = c < 0x20 || c == '"' || c == '\\';
        for (std::size_t at = 0; at < 18; ++at) {
            std::string text(18, 'x');
            text[at] = static_cast<char>(c);
            std::string written;
            append_json_string(written, text);
            EXPECT_EQ(written != '"' + text + '"', is_escaped) << c << " at " << at;
        }
    }
}

TEST(JsonString, what_json_forbids_is_escaped_and_the_rest_is_not) {
    EXPECT_EQ(literal("plain é€😀 /"), "\"plain é€😀 /\"");
    EXPECT_EQ(literal("\"\\"), R"("\"\\")");
    EXPECT_EQ(literal("\n\r\t"), R"("\n\r\t")");
    EXPECT_EQ(literal(std::string_view("\0\x01\x08\x0C\x1F\x7F", 6)), "\"\\u0000\\u0001\\u0008\\u000c\\u001f\x7F\"");
    EXPECT_EQ(literal(""), "\"\"");
    EXPECT_EQ(literal("a\"b\"c"), R"("a\"b\"c")");
}

}  // namespace

}  // namespace saldo::foundation
