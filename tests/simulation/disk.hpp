#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/event_store.hpp"
#include "store/memory/event_store.hpp"

namespace saldo::simulation {

/// A disk behind the store's port, on which fate may do what disks do: be full, fail to read, lose its answer to a
/// commit, take its time, or lose power at any call. What was committed stays; what was not is gone with the power.
class Disk final : public service::EventStore {
  public:
    Disk() : durable_(log_.reader()) {}

    /// What is there from the beginning.
    void found(service::Append append);

    /// Appends are refused for as long as it is full.
    void set_full(bool full) { is_full_ = full; }
    void fail_next_reads(int count) { reads_to_fail_ = count; }
    /// The next commit ends without an answer; whether it was `kept` shows when a writer is asked for again, which
    /// fails `writers_refused` times first.
    void lose_answer_of_next_commit(bool kept, int writers_refused);
    /// The power goes at the call after `calls` more; if that is a commit, fate says whether it was `kept`.
    void cut_power_after(int calls, bool kept);
    void cut_power() { has_power_ = false; }
    /// The machine starts again, on a disk that works.
    void restore();
    /// Everything works again, but what is full stays full until something is deleted: that, too.
    void mend();

    bool has_power() const { return has_power_; }
    /// How often anything went wrong so far.
    int mishaps() const { return mishaps_; }
    /// How many commits are durable.
    int commits() const { return commits_; }
    /// Called in the middle of each commit, while the disk works: time passes, and other threads go on.
    void set_while_committing(std::function<void()> meanwhile) { while_committing_ = std::move(meanwhile); }

    /// The durable log, for those who stand outside the world.
    service::LogReader& durable() { return *durable_; }
    /// All of its bytes, one event a line.
    std::string bytes();

    std::unique_ptr<service::LogReader> reader() override;
    std::unique_ptr<service::LogWriter> writer() override;
    std::optional<std::string> secret(std::string_view name) override { return log_.secret(name); }
    std::vector<std::string> secret_names(std::string_view prefix) override { return log_.secret_names(prefix); }
    void put_secret(std::string_view name, std::string_view wrapped) override { log_.put_secret(name, wrapped); }
    void remove_secret(std::string_view name) override { log_.remove_secret(name); }

  private:
    class Reader;
    class Writer;
    struct LostAnswer {
        bool kept = false;
        int writers_refused = 0;
    };

    /// One more call from the house; throws StoreFailed without power.
    void call();
    [[noreturn]] void fail(const char* why);
    /// Decides what became of the commit whose answer was lost.
    void settle();

    store::memory::MemoryEventStore log_;
    std::unique_ptr<service::LogReader> durable_;
    std::function<void()> while_committing_;

    bool has_power_ = true;
    bool is_full_ = false;
    int reads_to_fail_ = 0;
    std::optional<LostAnswer> next_commit_;       ///< what will happen to it
    std::unique_ptr<service::LogWriter> unsure_;  ///< the commit whose answer was lost
    LostAnswer unsure_end_;
    std::optional<int> calls_left_;  ///< until the power goes
    bool last_commit_kept_ = false;  ///< should it go at a commit
    int mishaps_ = 0;
    int commits_ = 0;
};

}  // namespace saldo::simulation
