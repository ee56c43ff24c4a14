#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "web/flow.hpp"

namespace saldo::web {

/// What buyers typed that was to be put right, by session, so that a form can be shown again after a redirect with
/// nothing lost. In memory alone and for the last few thousand sessions: what a crash takes is typed once more. May be
/// used from several threads.
class Drafts {
  public:
    explicit Drafts(std::size_t size_max = 4096) : size_max_(size_max) {}

    void keep(std::string_view session_id, Draft draft);
    /// Empty for a session without one.
    Draft of(std::string_view session_id) const;
    void forget(std::string_view session_id);

  private:
    mutable std::mutex guard_;
    std::size_t size_max_;
    std::unordered_map<std::string, Draft> drafts_;
    std::deque<std::string> order_;  ///< ids as they came, forgotten ones included
};

}  // namespace saldo::web
