#pragma once

#include <string>
#include <string_view>

namespace saldo::store {

/// The text without regard to case: letters of Latin, Greek and Cyrillic in lower case, everything else as it is. The
/// index keeps what this makes: a change of it asks for a new index.
std::string folded(std::string_view text);
/// Whether `fold` is what `folded` makes of the text.
bool is_folded(std::string_view fold, std::string_view text);

}  // namespace saldo::store
