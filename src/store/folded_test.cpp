#include "store/folded.hpp"

#include <gtest/gtest.h>

namespace saldo::store {

namespace {

TEST(Folded, is_recognised_without_being_made) {
    for (const char* text : {"", "order-4711", "ORDER-4711", "Müller", "MÜLLER GmbH", "ЗАКАЗ 7", "日本X", "A\xC3"})
        EXPECT_TRUE(is_folded(folded(text), text)) << text;
    EXPECT_FALSE(is_folded("ORDER", "ORDER"));
    EXPECT_FALSE(is_folded("MÜLLER", "MÜLLER"));
    EXPECT_FALSE(is_folded("order", "ordes"));
    EXPECT_FALSE(is_folded("order", "orde"));
    EXPECT_FALSE(is_folded("müllerx", "MÜLLERy"));
}

}  // namespace

}  // namespace saldo::store
