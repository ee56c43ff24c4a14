#include "service/stream_state.hpp"

#include "foundation/id.hpp"
#include "service/purchase_fold.hpp"

namespace saldo::service {

namespace {

template <class What>
std::shared_ptr<const StreamState> grown(What what, const subject::Key& master_key, const Append& append) {
    if (append.new_wrapped_key)
        what.subject_key = unwrapped_key(master_key, append.stream.name, *append.new_wrapped_key);
    for (const EventRecord& record : append.events) add(what, record);
    return std::make_shared<const StreamState>(std::move(what));
}

}  // namespace

Fold<StreamState> stream_fold(subject::Key master_key) {
    return {
        .whole =
            [master_key](const StreamName& stream, const StreamContent& content) {
                if (foundation::is_transaction_id(stream.name))
                    return std::make_shared<const StreamState>(purchase_of(master_key, stream, content));
                if (is_session(stream))
                    return std::make_shared<const StreamState>(session_of(master_key, stream, content));
                return std::make_shared<const StreamState>();
            },
        .further = [master_key](const StreamState& before, const Append& append) -> std::shared_ptr<const StreamState> {
            if (const auto* purchase = std::get_if<Purchase>(&before)) return grown(*purchase, master_key, append);
            if (const auto* session = std::get_if<CheckoutSession>(&before)) return grown(*session, master_key, append);
            return std::make_shared<const StreamState>();
        }};
}

}  // namespace saldo::service
