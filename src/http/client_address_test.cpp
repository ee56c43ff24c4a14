#include "http/client_address.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace saldo::http {
namespace {

struct Seen {
    const char* rule;
    const char* peer;
    std::vector<Field> fields;
    const char* address;
    Scheme scheme = Scheme::http;
};

TEST(ClientAddress, is_the_nearest_that_is_not_ours) {
    const TrustedProxies proxies({"10.0.0.0/8", "fd00::/8", "192.0.2.7"});
    const Seen table[] = {
        {"a stranger's word counts nothing",
         "198.51.100.1",
         {{"X-Forwarded-For", "1.2.3.4"}, {"X-Forwarded-Proto", "https"}},
         "198.51.100.1"},
        {"a proxy's word counts", "10.1.2.3", {{"x-forwarded-for", "198.51.100.1"}}, "198.51.100.1"},
        {"a single address can be trusted", "192.0.2.7", {{"X-Forwarded-For", "198.51.100.1"}}, "198.51.100.1"},
        {"its neighbour is not", "192.0.2.8", {{"X-Forwarded-For", "198.51.100.1"}}, "192.0.2.8"},
        {"what the client claims lies behind it",
         "10.1.2.3",
         {{"X-Forwarded-For", "6.6.6.6, 198.51.100.1"}},
         "198.51.100.1"},
        {"a chain of proxies is followed",
         "10.1.2.3",
         {{"X-Forwarded-For", "198.51.100.1,10.9.9.9 , fd12::1"}},
         "198.51.100.1"},
        {"over several fields",
         "10.1.2.3",
         {{"X-Forwarded-For", "6.6.6.6, 198.51.100.1"}, {"X-Forwarded-For", "10.9.9.9"}},
         "198.51.100.1"},
        {"up to what is no address", "10.1.2.3", {{"X-Forwarded-For", "198.51.100.1, unknown, 10.9.9.9"}}, "10.9.9.9"},
        {"a proxy that says nothing is the client", "10.1.2.3", {}, "10.1.2.3"},
        {"IPv6 is written short", "fd00::1", {{"X-Forwarded-For", "2001:0db8:0:0::1"}}, "2001:db8::1"},
        {"the nearest proxy says the scheme",
         "10.1.2.3",
         {{"X-Forwarded-Proto", "http"}, {"X-Forwarded-Proto", "http, HTTPS"}},
         "10.1.2.3",
         Scheme::https},
    };
    for (const auto& seen : table) {
        Head head;
        head.fields = seen.fields;
        const auto client = client_of(IpAddress::parse(seen.peer).value(), Scheme::http, head, proxies);
        EXPECT_EQ(client.address, seen.address) << seen.rule;
        EXPECT_EQ(client.scheme, seen.scheme) << seen.rule;
    }
}

TEST(TrustedProxies, must_be_networks) {
    for (const char* bad :
         {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0/8", "fd00::/129", "localhost", "::1/x"}) {
        EXPECT_THROW(TrustedProxies({bad}), std::invalid_argument) << bad;
    }
}

TEST(TrustedProxies, may_be_everyone_of_a_family) {
    const TrustedProxies all_ipv4({"0.0.0.0/0"});
    EXPECT_TRUE(all_ipv4.trusts(IpAddress::parse("198.51.100.1").value()));
    EXPECT_FALSE(all_ipv4.trusts(IpAddress::parse("2001:db8::1").value()));
}

}  // namespace
}  // namespace saldo::http
