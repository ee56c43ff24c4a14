#include "store/store_in_making.hpp"

#include <cstdio>
#include <string>
#include <system_error>

#include "store/unfinished_file.hpp"

namespace saldo::store {

namespace {

bool is_there(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

void clear_away(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::remove_all(path, error);
    if (error) throw service::StoreFailed(path.string() + " cannot be removed: " + error.message() + ".");
}

void put_in_place(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::error_code error;
    std::filesystem::rename(from, to, error);
    if (error) throw service::StoreFailed(from.string() + " cannot be put in its place: " + error.message() + ".");
}

}  // namespace

StoreInMaking::StoreInMaking(const DataDirectory& directory) : directory_(directory), lock_(directory) {
    if (is_there(directory.database()))
        throw PlaceTaken("There is a store in " + directory.path().string() + " already; it is left as it is.");
    clear_away(directory.unfinished());
    making_.emplace(DataDirectory::at(directory.unfinished()));
}

StoreInMaking::~StoreInMaking() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_.unfinished(), ignored);
}

void StoreInMaking::finish() {
    for (const auto& file : {making_->database(), making_->index()}) {
        std::filesystem::path log = file;
        if (is_there(log += "-wal")) throw service::StoreFailed("The file " + file.string() + " is still in use.");
        sync_file(file);
    }
    // The log comes last: from then on there is a store, and its index is the one beside it.
    put_in_place(making_->index(), directory_.index());
    sync_folder(directory_.path());
    put_in_place(making_->database(), directory_.database());
    sync_folder(directory_.path());
}

}  // namespace saldo::store
