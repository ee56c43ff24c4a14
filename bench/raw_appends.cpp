// raw_appends DIRECTORY SECONDS
//
// What the disk does without us: appends of 700 octets to a file that is there already, each followed by its fdatasync.
// Prints how many of them there were in a second.
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

namespace {

constexpr std::size_t file_size = 64 << 20;
constexpr std::size_t append_size = 700;

[[noreturn]] void stop(const char* what) {
    std::cerr << "raw_appends: " << what << " failed\n";
    std::exit(1);
}

/// A file of zeros that is on the disk: appends to it move no end and take no new blocks.
int preallocated(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) stop("open");
    const std::string zeros(file_size, '\0');
    if (::pwrite(file, zeros.data(), zeros.size(), 0) != static_cast<ssize_t>(file_size)) stop("write");
    if (::fsync(file) != 0) stop("fsync");
    return file;
}

}  // namespace

int main(int count, char** words) {
    if (count != 3) {
        std::cerr << "usage: raw_appends DIRECTORY SECONDS\n";
        return 2;
    }
    using Clock = std::chrono::steady_clock;
    const std::string path = std::string(words[1]) + "/raw_appends";
    const std::chrono::duration<double> length(std::atof(words[2]));
    const int file = preallocated(path);
    const std::string octets(append_size, 'x');
    std::size_t at = 0;
    long appends = 0;
    const auto start = Clock::now();
    while (Clock::now() - start < length) {
        if (::pwrite(file, octets.data(), octets.size(), static_cast<off_t>(at)) < 0) stop("write");
        if (::fdatasync(file) != 0) stop("fdatasync");
        at = (at + append_size) % (file_size - append_size);
        ++appends;
    }
    const std::chrono::duration<double> taken = Clock::now() - start;
    ::close(file);
    ::unlink(path.c_str());
    std::cout << static_cast<double>(appends) / taken.count() << '\n';
}
