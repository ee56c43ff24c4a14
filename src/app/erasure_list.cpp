#include "app/erasure_list.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "foundation/id.hpp"
#include "store/sqlite/backup.hpp"
#include "store/unfinished_file.hpp"

namespace saldo::app {

namespace {

constexpr std::string_view database_magic = "SQLite format 3";

std::vector<std::string> listed_in(std::istream& lines, const std::filesystem::path& list) {
    std::vector<std::string> ids;
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        if (line.empty()) continue;
        if (!foundation::is_transaction_id(line))
            throw service::StoreFailed("Line " + std::to_string(number) + " of the erasures in " + list.string() +
                                       " is no transaction's id: mend or remove it.");
        ids.push_back(line);
    }
    return ids;
}

void append(const std::filesystem::path& list, const std::string& text) {
    const auto fail = [&](int error) {
        throw service::StoreFailed("The list of erasures " + list.string() +
                                   " cannot be written: " + std::generic_category().message(error) + ".");
    };
    const int file = ::open(list.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) fail(errno);
    const bool is_written = ::write(file, text.data(), text.size()) == std::ssize(text) && ::fsync(file) == 0;
    const int error = errno;
    ::close(file);
    if (!is_written) fail(error);
    store::sync_folder(list.has_parent_path() ? list.parent_path() : ".");
}

}  // namespace

void make_erasure_list(const std::filesystem::path& list) {
    append(list, "");
}

void note_erasure(const std::filesystem::path& list, std::string_view transaction_id) {
    // A line of its own: what a process that died wrote before it may have no end.
    append(list, '\n' + std::string(transaction_id) + '\n');
}

std::vector<std::string> erasures_in(const std::filesystem::path& source) {
    if (std::filesystem::is_directory(source)) return erasures_in(source / "saldo.db");
    std::ifstream in(source, std::ios::binary);
    if (!in) throw service::StoreFailed("The erasures in " + source.string() + " cannot be read.");
    std::string beginning(database_magic.size(), '\0');
    in.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
    if (beginning == database_magic) return store::sqlite::streams_with(source, "SubjectErased");
    in.clear();
    in.seekg(0);
    return listed_in(in, source);
}

}  // namespace saldo::app
