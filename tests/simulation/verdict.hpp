#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace saldo::simulation {

/// The laws that were found broken, in the order of finding.
class Verdict {
  public:
    void check(bool holds, std::string_view law) {
        if (!holds) broken_.emplace_back(law);
    }
    void add(const std::vector<std::string>& broken) { broken_.insert(broken_.end(), broken.begin(), broken.end()); }
    bool all_hold() const { return broken_.empty(); }
    const std::vector<std::string>& broken() const { return broken_; }

  private:
    std::vector<std::string> broken_;
};

}  // namespace saldo::simulation
