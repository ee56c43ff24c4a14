#include "service/delivery.hpp"

#include <gtest/gtest.h>

#include "foundation/id.hpp"

namespace saldo::service {

namespace {

using foundation::Instant;
using std::chrono::seconds;

const Instant now{seconds(1'800'000'000)};

TEST(Delivery, ends_with_any_2xx_and_with_nothing_else) {
    for (int status = 0; status <= 599; ++status) {
        const bool is_2xx = status >= 200 && status < 300;
        EXPECT_EQ(after_attempt({.status = status}, 0, now).state == DeliveryState::delivered, is_2xx) << status;
    }
}

TEST(Delivery, is_tried_again_after_3_6_and_9_seconds_and_then_given_up) {
    const Attempt failed{.status = 500};
    EXPECT_EQ(after_attempt(failed, 0, now), (DeliveryNext{DeliveryState::waiting, now + seconds(3)}));
    EXPECT_EQ(after_attempt(failed, 1, now), (DeliveryNext{DeliveryState::waiting, now + seconds(6)}));
    EXPECT_EQ(after_attempt(failed, 2, now), (DeliveryNext{DeliveryState::waiting, now + seconds(9)}));
    EXPECT_EQ(after_attempt(failed, 3, now).state, DeliveryState::given_up);
    EXPECT_EQ(after_attempt(failed, 4, now).state, DeliveryState::given_up);
}

TEST(Delivery, that_is_taken_at_the_last_attempt_is_delivered) {
    EXPECT_EQ(after_attempt({.status = 200}, 3, now).state, DeliveryState::delivered);
}

TEST(Delivery, has_the_same_id_for_the_same_event_and_another_one_for_any_other) {
    const auto one = foundation::sha256("one event");
    EXPECT_EQ(delivery_id(one), delivery_id(one));
    EXPECT_NE(delivery_id(one), delivery_id(foundation::sha256("another")));
    EXPECT_TRUE(foundation::is_id(delivery_id(one)));
    EXPECT_NE(delivery_id(one), foundation::id_text(one));
}

TEST(Delivery, states_have_names_that_read_back) {
    for (const DeliveryState state : all_delivery_states) EXPECT_EQ(delivery_state(name_of(state)), state);
    EXPECT_EQ(delivery_state("waiting"), std::nullopt);
}

}  // namespace

}  // namespace saldo::service
