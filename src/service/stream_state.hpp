#pragma once

#include <memory>
#include <utility>
#include <variant>

#include "foundation/outcome.hpp"
#include "service/lane.hpp"
#include "service/purchases.hpp"
#include "service/session_fold.hpp"
#include "subject/sealing.hpp"

namespace saldo::service {

/// What a stream of the store stands for, by its name: a purchase, a session, or (a partner's) something of which the
/// lane knows the version alone.
using StreamState = std::variant<std::monostate, Purchase, CheckoutSession>;

/// The lane that owns the writes of a store: purchases and sessions in one, so that one commit can cover both.
using StoreLane = Lane<StreamState>;

/// How the lane turns streams into states.
Fold<StreamState> stream_fold(subject::Key master_key);

/// The state of a stream of that kind.
template <class What>
std::shared_ptr<const What> state_as(std::shared_ptr<const StreamState> state) {
    const What* what = std::get_if<What>(state.get());
    foundation::ensure(what, "a stream is of the kind that its name says");
    return {std::move(state), what};
}

/// A job on a stream of one kind as the lane takes it.
template <class What>
Job<StreamState> job_of(Job<What> job) {
    return {.stream = std::move(job.stream),
            .loading = job.loading,
            .decide =
                [decide = std::move(job.decide)](const StreamState& state, const LaneContext& context) mutable {
                    const What* what = std::get_if<What>(&state);
                    foundation::ensure(what, "a stream is of the kind that its name says");
                    Step<What> step = decide(*what, context);
                    return Step<StreamState>{.append = std::move(step.append),
                                             .also = std::move(step.also),
                                             .completed = [completed = std::move(step.completed)](
                                                              std::shared_ptr<const StreamState> after,
                                                              std::span<const EventRecord> added) mutable {
                                                 completed(state_as<What>(std::move(after)), added);
                                             }};
                },
            .failed = std::move(job.failed)};
}

}  // namespace saldo::service
