#include "http/api.hpp"

#include <gtest/gtest.h>

#include <string>

namespace saldo::http {
namespace {

TEST(Audience, the_path_of_an_audience_names_it_whatever_the_host) {
    for (const std::string origin :
         {"https://api.ratepay.com", "https://api-integration.ratepay.com", "http://127.0.0.1:8080",
          "HTTPS://PAY.example", "http://[::1]:8080", "http://[::1]", "http://pay_1"}) {
        EXPECT_EQ(api_of_audience(origin + "/transaction/management"), Api::payment) << origin;
        EXPECT_EQ(api_of_audience(origin + "/transaction/status/v2/transactions"), Api::transaction_status) << origin;
        EXPECT_EQ(api_of_audience(origin + "/order/status/v2/transactions"), Api::order_status) << origin;
        EXPECT_EQ(api_of_audience(origin + "/paylater"), Api::pay_later) << origin;
        EXPECT_EQ(api_of_audience(origin + "/saldo/v1"), Api::saldo) << origin;
        EXPECT_EQ(api_of_audience(origin), Api::hosted_page) << origin;
        EXPECT_EQ(api_of_audience(origin + "/"), Api::hosted_page) << origin;
    }
}

TEST(Audience, another_path_names_nothing) {
    for (const char* path :
         {"/saldo/v1/", "/saldo", "/saldo/v2", "/SALDO/v1", "/saldo%2Fv1", "//saldo/v1", "/./saldo/v1", "/saldo/v1/..",
          "//", "/saldo/v1 ", "/transaction/management/v2", "/transaction/status/v2/transactions/", "/pay-later"})
        EXPECT_EQ(api_of_audience(std::string("https://pay.example") + path), std::nullopt) << path;
}

TEST(Audience, only_a_plain_absolute_web_address_is_an_audience) {
    for (const char* url : {"",
                            "/saldo/v1",
                            "pay.example/saldo/v1",
                            "//pay.example/saldo/v1",
                            "ftp://pay.example/saldo/v1",
                            "https:/saldo/v1",
                            "https:///saldo/v1",
                            "https://",
                            "https://user@pay.example/saldo/v1",
                            "https://user:word@pay.example/saldo/v1",
                            "https://pay.example/saldo/v1?x=1",
                            "https://pay.example?x=1",
                            "https://pay.example/saldo/v1#x",
                            "https://pay.example#",
                            "https://pay.example:/saldo/v1",
                            "https://pay.example:http/saldo/v1",
                            "https://pay.example:123456/saldo/v1",
                            "https://pay example/saldo/v1",
                            "https://[]/saldo/v1",
                            "https://[::1/saldo/v1",
                            "https://[::1]x/saldo/v1",
                            "https://[evil]/saldo/v1",
                            "https://pay.example\\/saldo/v1",
                            "https://:80/saldo/v1",
                            "https://pay.example:80:80"})
        EXPECT_EQ(api_of_audience(url), std::nullopt) << url;
}

TEST(Audience, an_audience_too_long_to_be_carried_in_a_token_names_nothing) {
    EXPECT_EQ(api_of_audience("https://" + std::string(495, 'a') + "/saldo/v1"), Api::saldo);
    EXPECT_EQ(api_of_audience("https://" + std::string(496, 'a') + "/saldo/v1"), std::nullopt);
}

}  // namespace
}  // namespace saldo::http
