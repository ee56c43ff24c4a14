#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace saldo::scenarios {

/// What the two documents say, in short lines as stories expect them. Reads nothing but the documents.
struct Summary {
    std::vector<std::string> lines;
    /// Where the two documents contradict each other or themselves; empty when they do not (laws L1 to L4).
    std::vector<std::string> contradictions;
};
Summary summary_of(std::string_view transaction_status, std::string_view order_status);

}  // namespace saldo::scenarios
