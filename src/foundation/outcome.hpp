#pragma once

#include <expected>
#include <source_location>
#include <stdexcept>
#include <string_view>

namespace saldo::foundation {

/// A value, or the reason why there is none. Reasons are enumerators or small structs, never text alone.
template <class Value, class Reason>
using Outcome = std::expected<Value, Reason>;

/// Thrown where something we hold to be always true is not: our fault, never the caller's. The command that meets it
/// fails alone, nothing of it is stored.
class BrokenInvariant : public std::logic_error {
  public:
    BrokenInvariant(std::string_view what, std::source_location where);
};

/// Stops the current command when `holds` is false. Always on, in every build.
void ensure(bool holds, std::string_view what, std::source_location where = std::source_location::current());

}  // namespace saldo::foundation
