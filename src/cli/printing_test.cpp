#include "cli/printing.hpp"

#include <gtest/gtest.h>

#include <string>

namespace saldo::cli {

namespace {

using foundation::JsonDocument;

template <class Print>
std::string printed(Print print, std::string_view json) {
    const auto document = JsonDocument::parse(json);
    EXPECT_TRUE(document.has_value()) << json;
    return print(document->root());
}

TEST(Indented, puts_plain_values_on_one_line_and_nested_ones_below_each_other) {
    EXPECT_EQ(printed(indented, R"({"a":1,"b":["x","y"],"c":[{"d":1.50,"e":null},{"d":2}],"f":{"g":true}})"),
              "{\n"
              "  \"a\": 1,\n"
              "  \"b\": [\"x\", \"y\"],\n"
              "  \"c\": [\n"
              "    {\"d\": 1.50, \"e\": null},\n"
              "    {\"d\": 2}\n"
              "  ],\n"
              "  \"f\": {\"g\": true}\n"
              "}\n");
}

TEST(Indented, is_the_same_document) {
    const std::string json = R"({"text":"a \"quoted\"\nline","list":[],"number":-0.10,"nested":{"list":[[1],[2]]}})";
    const std::string text = printed(indented, json);
    EXPECT_EQ(printed(indented, text), text);
}

TEST(Explanation, is_a_tree_with_its_amounts_below_each_other) {
    const std::string json = R"({"transaction_id":"6Z54V9SXRCRSKDXDGKZW","as_of":"2020-03-26","currency":"EUR",
        "open_amount":100,"tree":{"label":"open amount","amount":100,"children":[
            {"label":"claims","amount":145,"children":[
                {"label":"goods shipped","amount":170,"event":{"seq":2,"type":"Captured","value_date":"2020-03-10"}},
                {"label":"goods returned","amount":-25.5,"event":{"seq":3,"type":"Refunded","value_date":"2020-03-12"}}]},
            {"label":"payments","amount":-50,"children":[
                {"label":"paid","amount":-50,"event":{"seq":4,"type":"SettlementBooked","value_date":"2020-03-20"}}]}]}})";
    EXPECT_EQ(printed([](auto root) { return explanation_text(root, Looks::plain); }, json),
              "6Z54V9SXRCRSKDXDGKZW as of 2020-03-26, in EUR\n"
              "\n"
              "open amount           100.00\n"
              "├─ claims             145.00\n"
              "│  ├─ goods shipped   170.00   2020-03-10  #2 Captured\n"
              "│  └─ goods returned  -25.50   2020-03-12  #3 Refunded\n"
              "└─ payments           -50.00\n"
              "   └─ paid            -50.00   2020-03-20  #4 SettlementBooked\n");
}

TEST(Explanation, prints_amounts_with_the_decimals_of_their_currency) {
    const auto in = [](const std::string& currency) {
        return printed([](auto root) { return explanation_text(root, Looks::plain); },
                       R"({"transaction_id":"T","as_of":"2020-03-26","currency":")" + currency +
                           R"(","open_amount":7,"tree":{"label":"open amount","amount":7}})");
    };
    EXPECT_TRUE(in("JPY").ends_with("open amount  7\n"));
    EXPECT_TRUE(in("EUR").ends_with("open amount  7.00\n"));
    EXPECT_TRUE(in("BHD").ends_with("open amount  7.000\n"));
}

TEST(Explanation, of_a_session_is_its_story_and_whether_the_goods_may_leave) {
    const std::string json = R"({"session_id":"S","session_status":"COMPLETED","may_ship":true,"why":"Because.",
        "transaction_id":"T","steps":[{"seq":1,"at":"2026-06-05T15:41:36Z","what":"It began."},
        {"seq":2,"at":"2026-06-05T15:42:36Z","what":"It ended."}]})";
    EXPECT_EQ(printed([](auto root) { return explanation_text(root, Looks::plain); }, json),
              "S  COMPLETED\n"
              "\n"
              "You may ship. Because.\n"
              "\n"
              "#  WHEN                  WHAT HAPPENED\n"
              "1  2026-06-05T15:41:36Z  It began.\n"
              "2  2026-06-05T15:42:36Z  It ended.\n"
              "\n"
              "`saldo explain T` tells what is owed.\n");
}

TEST(Events, are_printed_one_a_line) {
    const std::string json = R"({"transaction_id":"T","events":[{"seq":1,"type":"Authorised","schema_version":1,
        "recorded_at":"2020-03-10T18:06:52.438+01:00","effective_at":"2020-03-10T18:06:52.438+01:00",
        "value_date":"2020-03-10","actor":"C","body":{},"sealed":true,"hash":"00112233445566778899","bucket":7,
        "position":3,"previous_hash":"00"}]})";
    const std::string text = printed([](auto root) { return events_text(root, Looks::plain); }, json);
    EXPECT_NE(text.find("1  2020-03-10T18:06:52.438+01:00  Authorised  2020-03-10  C     7:3  0011223344556677\n"),
              std::string::npos)
        << text;
}

TEST(Outline, shows_what_is_nested_below_its_name) {
    EXPECT_EQ(
        printed([](auto root) { return outline(root, Looks::plain); },
                R"({"id":"T","erased":false,"none":null,"empty":[],"events":[{"seq":1,"says":{"name":"x"}},"y"]})"),
        "id      T\n"
        "erased  no\n"
        "none    -\n"
        "events\n"
        "  1.\n"
        "    seq  1\n"
        "    says\n"
        "      name  x\n"
        "  2. y\n");
}

TEST(Outline, obeys_no_control_character_that_a_person_typed) {
    EXPECT_EQ(printed([](auto root) { return outline(root, Looks::plain); },
                      R"({"name":"a\u001b]0;owned\u0007\u009b\u007f\nb","ü":"ü"})"),
              "name  a\\x1B]0;owned\\x07\\x9B\\x7F\\x0Ab\n"
              "ü     ü\n");
}

TEST(Lists, say_what_to_do_when_they_are_empty) {
    EXPECT_EQ(printed([](auto root) { return partners_text(root, Looks::plain); }, "[]"),
              "There is no partner yet; `saldo partner add` makes one.\n");
    EXPECT_EQ(
        printed([](auto root) { return clients_text(root, Looks::plain); },
                R"([{"client_id":"C","kind":"operator","partner_id":null,"scopes":["read","dun"],"revoked":true}])"),
        "CLIENT  KIND      PARTNER  SCOPES     REVOKED\n"
        "C       operator           read, dun  yes\n");
}

}  // namespace

}  // namespace saldo::cli
