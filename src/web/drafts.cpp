#include "web/drafts.hpp"

#include <utility>

namespace saldo::web {

void Drafts::keep(std::string_view session_id, Draft draft) {
    const std::scoped_lock lock(guard_);
    const std::string id(session_id);
    if (drafts_.insert_or_assign(id, std::move(draft)).second) order_.push_back(id);
    while (order_.size() > size_max_) {
        drafts_.erase(order_.front());
        order_.pop_front();
    }
}

Draft Drafts::of(std::string_view session_id) const {
    const std::scoped_lock lock(guard_);
    const auto found = drafts_.find(std::string(session_id));
    return found == drafts_.end() ? Draft{} : found->second;
}

void Drafts::forget(std::string_view session_id) {
    const std::scoped_lock lock(guard_);
    drafts_.erase(std::string(session_id));
}

}  // namespace saldo::web
