#include "http/scopes.hpp"

#include <gtest/gtest.h>

namespace saldo::http {
namespace {

using partner::Scope;

TEST(Scopes, are_written_and_read_with_one_blank_between_them) {
    EXPECT_EQ(scopes_text({}), "");
    EXPECT_EQ(scopes_text({Scope::read, Scope::dun}), "read dun");
    EXPECT_EQ(parse_scopes("read dun"), (std::vector{Scope::read, Scope::dun}));
    for (const char* text : {"", " ", "read ", " read", "read  dun", "read,dun", "READ", "everything", "read\tdun"})
        EXPECT_FALSE(parse_scopes(text)) << text;
}

TEST(Scopes, are_each_there_once_in_one_order_however_they_were_asked_for) {
    EXPECT_EQ(parse_scopes("dun read dun book read"), (std::vector{Scope::read, Scope::book, Scope::dun}));
}

}  // namespace
}  // namespace saldo::http
