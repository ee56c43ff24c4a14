#include "gateway/public_address.hpp"

#include <gtest/gtest.h>

namespace saldo::gateway {

namespace {

TEST(PublicAddress, is_none_of_a_special_purpose_block_from_its_first_to_its_last_address) {
    for (const char* text : {
             "0.0.0.0",
             "0.255.255.255",
             "10.0.0.0",
             "10.255.255.255",
             "100.64.0.0",
             "100.127.255.255",
             "127.0.0.0",
             "127.0.0.1",
             "127.255.255.255",
             "169.254.0.0",
             "169.254.169.254",
             "169.254.255.255",
             "172.16.0.0",
             "172.31.255.255",
             "192.0.0.0",
             "192.0.0.255",
             "192.0.2.0",
             "192.0.2.255",
             "192.31.196.1",
             "192.88.99.1",
             "192.168.0.0",
             "192.168.255.255",
             "198.18.0.0",
             "198.19.255.255",
             "198.51.100.0",
             "198.51.100.255",
             "203.0.113.0",
             "203.0.113.255",
             "224.0.0.0",
             "239.255.255.255",
             "240.0.0.0",
             "255.255.255.255",
             "::",
             "::1",
             "::127.0.0.1",
             "::8.8.8.8",
             "100::",
             "100::ffff:ffff:ffff:ffff",
             "2001::",
             "2001:0:4136:e378:8000:63bf:3fff:fdd2",
             "2001:1ff:ffff::1",
             "2001:db8::",
             "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
             "2002::",
             "2002:7f00:1::",
             "2002:ffff::1",
             "3fff::",
             "3fff:fff:ffff::1",
             "4000::1",
             "5f00::1",
             "64:ff9b:1::1",
             "fc00::",
             "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
             "fe80::1",
             "febf::1",
             "fec0::1",
             "ff00::",
             "ff02::1",
             "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
         })
        EXPECT_FALSE(is_public_address(std::string(text))) << text;
}

TEST(PublicAddress, is_every_neighbour_of_those_blocks) {
    for (const char* text : {
             "1.0.0.0",
             "9.255.255.255",
             "11.0.0.0",
             "100.63.255.255",
             "100.128.0.0",
             "126.255.255.255",
             "128.0.0.0",
             "169.253.255.255",
             "169.255.0.0",
             "172.15.255.255",
             "172.32.0.0",
             "191.255.255.255",
             "192.0.1.0",
             "192.0.3.0",
             "192.167.255.255",
             "192.169.0.0",
             "198.17.255.255",
             "198.20.0.0",
             "198.51.99.255",
             "198.51.101.0",
             "203.0.112.255",
             "203.0.114.0",
             "223.255.255.255",
             "2000::1",
             "2001:200::1",
             "2001:db7:ffff::1",
             "2001:db9::1",
             "2003::1",
             "2606:4700:4700::1111",
             "3ffe:ffff::1",
             "3fff:1000::1",
         })
        EXPECT_TRUE(is_public_address(std::string(text))) << text;
}

TEST(PublicAddress, is_judged_by_the_ipv4_address_that_an_ipv6_address_carries) {
    for (const char* text : {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:7f00:1",
                             "64:ff9b::127.0.0.1", "64:ff9b::c0a8:101"})
        EXPECT_FALSE(is_public_address(std::string(text))) << text;
    EXPECT_TRUE(is_public_address(std::string("::ffff:8.8.8.8")));
    EXPECT_TRUE(is_public_address(std::string("64:ff9b::8.8.8.8")));
}

TEST(PublicAddress, is_nothing_that_is_no_address) {
    for (const char* text : {"", "localhost", "2130706433", "0x7f000001", "127.1", "8.8.8", "8.8.8.8 ", "fe80::1%lo"})
        EXPECT_FALSE(is_public_address(std::string(text))) << text;
}

}  // namespace

}  // namespace saldo::gateway
