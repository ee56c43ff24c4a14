#pragma once

#include <cstdint>
#include <iosfwd>
#include <string_view>

namespace saldo::cli {

/// A bar that is drawn over itself on a terminal, and gone when it is done.
class ProgressBar {
  public:
    /// `unit`: what is counted, `events`.
    explicit ProgressBar(std::ostream& out, std::string_view unit = "events") : out_(out), unit_(unit) {}
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    /// A total of 0: nobody knows it yet.
    void show(std::int64_t done, std::int64_t total);

  private:
    std::ostream& out_;
    std::string_view unit_;
    bool is_drawn_ = false;
};

}  // namespace saldo::cli
