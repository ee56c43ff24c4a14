#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace saldo::app {

/// Makes the list where there is none, so that one that cannot be found is known to be lost. Throws StoreFailed.
void make_erasure_list(const std::filesystem::path& list);

/// Notes, durably and before it is carried out, that the person behind a transaction is to be erased: what a backup
/// made before must be told again. Throws StoreFailed; then nobody may be erased.
void note_erasure(const std::filesystem::path& list, std::string_view transaction_id);

/// The transactions whose persons were erased, as a list of `note_erasure`, a backup, a store's database or its data
/// directory tells. Throws StoreFailed for anything else, also for a line that is no transaction's id.
std::vector<std::string> erasures_in(const std::filesystem::path& source);

}  // namespace saldo::app
