#include "cli/reply.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "service/event_store.hpp"
#include "service/master_key.hpp"

namespace saldo::cli {

namespace {

TEST(Reply, travels_as_one_line_and_comes_out_as_it_went_in) {
    Reply found = Reply::of(R"({"holds":false,"text":"a\nb","number":33.80})");
    found.exit = ExitCode::fault_found;
    for (const Reply& reply : {Reply::of("[]"), found, Reply::refused("SHOP_EXISTS", "Two\nlines, \"quoted\"."),
                               Reply::failed("STORE_FAILED", "Gone.")}) {
        const std::string line = line_of(reply);
        EXPECT_EQ(line.find('\n'), std::string::npos);
        EXPECT_EQ(reply_of(line), reply);
    }
}

TEST(Reply, that_cannot_be_understood_is_a_failure) {
    for (const char* line : {"", "done", "[]", "{}", R"({"exit":0})", R"({"exit":9,"result":"{}"})", R"({"exit":"0"})",
                             R"({"exit":0,"result":"{}","error":{"code":"X","message":"x"}})"})
        EXPECT_EQ(reply_of(line).exit, ExitCode::failed) << line;
}

TEST(Reply, tells_programs_the_code_and_the_sentence) {
    EXPECT_EQ(error_json(Reply::refused("SHOP_EXISTS", "There is one.")),
              R"({"error":{"code":"SHOP_EXISTS","message":"There is one."}})");
}

TEST(Guarded, turns_what_is_thrown_into_a_failure_with_its_code) {
    EXPECT_EQ(guarded([]() -> Reply { throw service::StoreFailed("No disk."); }),
              Reply::failed("STORE_FAILED", "No disk."));
    EXPECT_EQ(guarded([]() -> Reply { throw service::MasterKeyUnusable("No key."); }),
              Reply::failed("MASTER_KEY_UNUSABLE", "No key."));
    EXPECT_EQ(guarded([]() -> Reply { throw service::CommitUnknown("?"); }).code, "OUTCOME_UNKNOWN");
    EXPECT_EQ(guarded([]() -> Reply { throw std::logic_error("broken"); }), Reply::failed("FAILED", "broken"));
}

}  // namespace

}  // namespace saldo::cli
