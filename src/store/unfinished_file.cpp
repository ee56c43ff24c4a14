#include "store/unfinished_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace saldo::store {

namespace {

[[noreturn]] void fail(const std::string& what, int error) {
    throw service::StoreFailed(what + ": " + std::generic_category().message(error) + ".");
}

void sync_path(const std::filesystem::path& path, int flags) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    if (descriptor < 0) fail(path.string() + " cannot be opened", errno);
    const int result = ::fsync(descriptor);
    const int error = errno;
    ::close(descriptor);
    if (result != 0) fail(path.string() + " cannot be made durable", error);
}

}  // namespace

UnfinishedFile::UnfinishedFile(std::filesystem::path name) : name_(std::move(name)), path_(name_) {
    path_ += ".unfinished";
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file_ < 0) fail("The file " + path_.string() + " cannot be made", errno);
    // Held until the file has its name: two that write the same one would each rename the other's.
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
        ::close(file_);
        throw PlaceTaken("Another process is writing " + path_.string() + ".");
    }
    std::error_code ignored;
    if (std::filesystem::exists(name_, ignored)) {
        std::filesystem::remove(path_, ignored);
        ::close(file_);
        throw PlaceTaken("There is a file " + name_.string() + " already; it is left as it is.");
    }
    if (::ftruncate(file_, 0) != 0) {
        const int error = errno;
        ::close(file_);
        fail("The file " + path_.string() + " cannot be written", error);
    }
}

UnfinishedFile::~UnfinishedFile() {
    if (file_ < 0) return;
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
    ::close(file_);
}

void UnfinishedFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("The file " + path_.string() + " cannot be written", errno);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void UnfinishedFile::finish() {
    if (::fsync(file_) != 0) fail("The file " + path_.string() + " cannot be made durable", errno);
    if (::rename(path_.c_str(), name_.c_str()) != 0) fail("The file " + name_.string() + " cannot be named", errno);
    ::close(std::exchange(file_, -1));
    sync_folder(name_.has_parent_path() ? name_.parent_path() : ".");
}

void sync_folder(const std::filesystem::path& folder) {
    sync_path(folder, O_RDONLY | O_DIRECTORY);
}

void sync_file(const std::filesystem::path& file) {
    sync_path(file, O_RDONLY);
}

}  // namespace saldo::store
