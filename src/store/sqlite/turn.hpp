#pragma once

#include <mutex>

namespace saldo::store::sqlite {

/// Whose turn it is to write a file within this process: served in order of arrival of two, so that a thread which
/// takes turn after turn cannot keep another out. The engine's own wait is by polling, and longer.
class Turn {
  public:
    void take() {
        const std::lock_guard first_in_line(line_);
        writing_.lock();
    }
    void give_back() { writing_.unlock(); }

    // The names of the standard library, for std::lock_guard.
    void lock() { take(); }
    void unlock() { give_back(); }

  private:
    std::mutex line_;
    std::mutex writing_;
};

}  // namespace saldo::store::sqlite
