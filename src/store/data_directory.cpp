#include "store/data_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>

namespace saldo::store {

namespace {

[[noreturn]] void fail(const std::string& what, int error) {
    throw service::StoreFailed(what + ": " + std::generic_category().message(error) + ".");
}

std::string holder_of(int file) {
    std::array<char, 24> text{};
    const auto size = ::pread(file, text.data(), text.size() - 1, 0);
    if (size <= 0) return "another process";
    std::string pid(text.data(), static_cast<std::size_t>(size));
    return "process " + pid.substr(0, pid.find('\n'));
}

}  // namespace

DataDirectory DataDirectory::at(std::filesystem::path path) {
    std::error_code error;
    if (!path.has_filename()) path = path.parent_path();
    std::filesystem::create_directories(path.parent_path(), error);
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        fail("The data directory " + path.string() + " cannot be made", errno);
    if (!std::filesystem::is_directory(path, error))
        throw service::StoreFailed("The data directory " + path.string() + " is not a directory.");
    return DataDirectory(std::move(path));
}

DataDirectory DataDirectory::temporary() {
    std::string name = (std::filesystem::temp_directory_path() / "saldo-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) fail("A temporary data directory cannot be made", errno);
    DataDirectory directory{name};
    directory.is_temporary_ = true;
    return directory;
}

DataDirectory::DataDirectory(DataDirectory&& other) noexcept
    : path_(std::move(other.path_)), is_temporary_(std::exchange(other.is_temporary_, false)) {}

DataDirectory::~DataDirectory() {
    std::error_code ignored;
    if (is_temporary_) std::filesystem::remove_all(path_, ignored);
}

DirectoryLock::DirectoryLock(const DataDirectory& directory)
    : file_(::open(directory.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (file_ < 0) fail("The data directory " + directory.path().string() + " cannot be written", errno);
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
        const std::string holder = holder_of(file_);
        ::close(file_);
        throw DirectoryInUse("The data directory " + directory.path().string() + " is in use by " + holder + ".");
    }
    const std::string pid = std::to_string(::getpid()) + '\n';
    if (::ftruncate(file_, 0) != 0 || ::pwrite(file_, pid.data(), pid.size(), 0) < 0) {
        const int error = errno;
        ::close(file_);
        fail("The data directory " + directory.path().string() + " cannot be written", error);
    }
}

DirectoryLock::~DirectoryLock() {
    ::close(file_);
}

void make_private_file(const std::filesystem::path& path) {
    // Never opens one that is there: to close it again would drop the locks that this process holds on it.
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 && errno != EEXIST) fail("The file " + path.string() + " cannot be made", errno);
    if (file >= 0) ::close(file);
}

}  // namespace saldo::store
