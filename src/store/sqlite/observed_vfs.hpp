#pragma once

// For tests alone: a file system of the engine under which somebody listens, and may refuse.

#include <sqlite3.h>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>

namespace saldo::store::sqlite {

/// What the engine asks of its file system.
enum class Call { open, read, write, truncate, sync, size, share, remove };

/// Who listens. All may be called from several threads.
struct Listener {
    /// Before each call: SQLITE_OK to let it pass, or the error that it shall meet.
    std::function<int(Call)> before = [](Call) { return SQLITE_OK; };
    std::function<void(const std::string& file, std::size_t at, std::string bytes)> written = [](auto&&...) {};
    std::function<void(const std::string& file, std::size_t size)> truncated = [](auto&&...) {};
    std::function<void(const std::string& file)> synced = [](auto&&...) {};
    std::function<void(const std::string& file)> removed = [](auto&&...) {};
};

namespace observed {

inline Listener* listener = nullptr;  // of the running test: the engine's interface has no other place for it
inline sqlite3_vfs* real_vfs = nullptr;

/// A file of the engine: the real one, with a name.
struct File {
    sqlite3_file base;
    std::string* name;
    sqlite3_file* real;
};

inline File& of(sqlite3_file* file) {
    return *reinterpret_cast<File*>(file);
}
inline sqlite3_file* real(sqlite3_file* file) {
    return of(file).real;
}

/// Asks the listener, then does it.
template <class Do>
int asked(Call call, Do carry_out) {
    const int refusal = listener->before(call);
    return refusal == SQLITE_OK ? carry_out() : refusal;
}

inline int close(sqlite3_file* file) {
    delete of(file).name;
    return real(file)->pMethods->xClose(real(file));
}
inline int read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
    return asked(Call::read, [&] { return real(file)->pMethods->xRead(real(file), to, size, at); });
}
inline int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
    return asked(Call::write, [&] {
        listener->written(*of(file).name, static_cast<std::size_t>(at),
                          {static_cast<const char*>(from), static_cast<std::size_t>(size)});
        return real(file)->pMethods->xWrite(real(file), from, size, at);
    });
}
inline int truncate(sqlite3_file* file, sqlite3_int64 size) {
    return asked(Call::truncate, [&] {
        listener->truncated(*of(file).name, static_cast<std::size_t>(size));
        return real(file)->pMethods->xTruncate(real(file), size);
    });
}
/// The real file may stay in memory: nobody cuts the test's own power.
inline int sync(sqlite3_file* file, int) {
    return asked(Call::sync, [&] {
        listener->synced(*of(file).name);
        return SQLITE_OK;
    });
}
inline int file_size(sqlite3_file* file, sqlite3_int64* size) {
    return asked(Call::size, [&] { return real(file)->pMethods->xFileSize(real(file), size); });
}
inline int share_map(sqlite3_file* file, int page, int size, int extends, void volatile** at) {
    return asked(Call::share, [&] { return real(file)->pMethods->xShmMap(real(file), page, size, extends, at); });
}

inline const sqlite3_io_methods methods{
    .iVersion = 2,
    .xClose = close,
    .xRead = read,
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = file_size,
    .xLock = [](sqlite3_file* file, int how) { return real(file)->pMethods->xLock(real(file), how); },
    .xUnlock = [](sqlite3_file* file, int how) { return real(file)->pMethods->xUnlock(real(file), how); },
    .xCheckReservedLock = [](sqlite3_file* file,
                             int* is_held) { return real(file)->pMethods->xCheckReservedLock(real(file), is_held); },
    .xFileControl = [](sqlite3_file* file, int what,
                       void* with) { return real(file)->pMethods->xFileControl(real(file), what, with); },
    .xSectorSize = [](sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); },
    .xDeviceCharacteristics =
        [](sqlite3_file* file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); },
    .xShmMap = share_map,
    .xShmLock = [](sqlite3_file* file, int offset, int count,
                   int how) { return real(file)->pMethods->xShmLock(real(file), offset, count, how); },
    .xShmBarrier = [](sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); },
    .xShmUnmap = [](sqlite3_file* file, int removes) { return real(file)->pMethods->xShmUnmap(real(file), removes); },
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

inline int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* given_flags) {
    File& opened = of(file);
    opened.real = reinterpret_cast<sqlite3_file*>(&opened + 1);
    opened.base.pMethods = nullptr;
    const int result =
        asked(Call::open, [&] { return real_vfs->xOpen(real_vfs, name, opened.real, flags, given_flags); });
    if (result != SQLITE_OK) return result;
    opened.name = new std::string(std::filesystem::path(name != nullptr ? name : "nameless").filename());
    opened.base.pMethods = &methods;
    return SQLITE_OK;
}
inline int remove(sqlite3_vfs*, const char* name, int syncs) {
    return asked(Call::remove, [&] {
        listener->removed(std::filesystem::path(name).filename());
        return real_vfs->xDelete(real_vfs, name, syncs);
    });
}

}  // namespace observed

/// While it lives, every new connection of this process is listened to.
class ObservedVfs {
  public:
    explicit ObservedVfs(Listener listener) : listener_(std::move(listener)) {
        observed::listener = &listener_;
        observed::real_vfs = sqlite3_vfs_find(nullptr);
        vfs_ = *observed::real_vfs;
        vfs_.zName = "observed";
        vfs_.pNext = nullptr;
        vfs_.szOsFile = static_cast<int>(sizeof(observed::File)) + observed::real_vfs->szOsFile;
        vfs_.xOpen = observed::open;
        vfs_.xDelete = observed::remove;
        sqlite3_vfs_register(&vfs_, 1);
    }
    ~ObservedVfs() {
        sqlite3_vfs_unregister(&vfs_);
        sqlite3_vfs_register(observed::real_vfs, 1);
    }
    ObservedVfs(const ObservedVfs&) = delete;
    ObservedVfs& operator=(const ObservedVfs&) = delete;

  private:
    Listener listener_;
    sqlite3_vfs vfs_{};
};

}  // namespace saldo::store::sqlite
