#pragma once

#include <cstdint>
#include <iosfwd>

namespace saldo::cli {

/// A bar that is drawn over itself on a terminal, and gone when it is done.
class ProgressBar {
  public:
    explicit ProgressBar(std::ostream& out) : out_(out) {}
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    /// A total of 0: nobody knows it yet.
    void show(std::int64_t done, std::int64_t total);

  private:
    std::ostream& out_;
    bool is_drawn_ = false;
};

}  // namespace saldo::cli
