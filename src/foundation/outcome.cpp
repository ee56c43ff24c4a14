#include "foundation/outcome.hpp"

#include <string>

namespace saldo::foundation {

BrokenInvariant::BrokenInvariant(std::string_view what, std::source_location where)
    : std::logic_error(std::string(what) + " (" + where.file_name() + ":" + std::to_string(where.line()) + ")") {}

void ensure(bool holds, std::string_view what, std::source_location where) {
    if (!holds) throw BrokenInvariant(what, where);
}

}  // namespace saldo::foundation
