#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "foundation/calendar.hpp"
#include "service/clock.hpp"
#include "service/event_record.hpp"
#include "service/event_store.hpp"

namespace saldo::service {

/// What a decision may know beside the state of its stream.
struct LaneContext {
    foundation::Instant
        now;  ///< business time, never before the newest event of the log: the recorded_at of new events
    std::int64_t version = 0;        ///< seq of the stream's last event; 0: the stream is new
    std::int64_t next_position = 0;  ///< what the next event will get in its bucket
    /// The newest state of another stream of the same lane, for a decision that concerns two: see `state_of`.
    std::function<std::shared_ptr<const void>(const StreamName&)> other = {};
};

/// How a job comes to the state of its stream.
enum class Loading {
    from_log,
    /// The stream's name was just made by chance, so there is nothing to read. Should there be something after all, the
    /// append is refused and decided again on what is there.
    assumed_empty,
};

/// What one batch was, for metrics.
struct BatchReport {
    std::size_t jobs = 0;
    std::size_t events = 0;
    std::chrono::microseconds commit_time{};  ///< zero when nothing was to be stored
};

/// Who does a lane's work.
enum class LaneDrive {
    own_threads,  ///< one that writes, and some that read
    by_hand,      ///< its owner calls `read_one` and `write_batch`: nothing happens but what follows from these calls
};

struct LaneOptions {
    LaneDrive drive = LaneDrive::own_threads;
    std::size_t waiting_max = 4096;  ///< accepted jobs that have no answer yet; one more is refused
    std::size_t batch_max = 512;     ///< jobs in one commit
    std::size_t hot_streams = 2048;  ///< states of recently written streams kept in memory
    int reader_threads = 2;
    /// Called on the lane's thread with every event that became durable, in order, before any answer leaves. Must not
    /// throw.
    std::function<void(std::span<const EventRecord>)> on_committed = {};
    /// Called on the lane's thread after each batch, before its answers leave. Must not throw.
    std::function<void(const BatchReport&)> on_batch = {};
};

/// What a lane has done since it started.
struct LaneNumbers {
    std::uint64_t refused = 0;    ///< jobs turned away at the door
    std::uint64_t completed = 0;  ///< jobs answered
    std::uint64_t failed = 0;     ///< jobs answered with an exception
    std::uint64_t batches = 0;
    std::uint64_t commits = 0;
    std::uint64_t commits_unknown = 0;  ///< of which only reading again told the end
    std::uint64_t events = 0;           ///< made durable
    std::uint64_t conflicts = 0;        ///< appends on a version that was no longer the newest
    std::uint64_t reloads = 0;          ///< streams read on the lane's own thread
    std::chrono::microseconds commit_time{};
    std::size_t batch_largest = 0;
    std::size_t waiting = 0;  ///< accepted and not yet answered, now
    std::size_t queued = 0;   ///< of them, those with the state they need, waiting for the next batch
};

/// The lane without the type of its states: see `Lane`.
class LaneCore {
  public:
    using State = std::shared_ptr<const void>;
    using Completed = std::move_only_function<void(State after, std::span<const EventRecord> added)>;
    using Failed = std::move_only_function<void(std::exception_ptr)>;
    struct Step {
        std::optional<Append> append;
        std::vector<Append> also;
        Completed completed;
    };
    struct Job {
        StreamName stream;
        Loading loading = Loading::from_log;
        std::move_only_function<Step(const State&, const LaneContext&)> decide;
        Failed failed;
    };
    struct Fold {
        std::function<State(const StreamName&, const StreamContent&)> whole;
        std::function<State(const State&, const Append&)> further;
    };

    LaneCore(EventStore& store, Clock& clock, Fold fold, LaneOptions options);
    ~LaneCore();

    bool submit(Job job);
    State written_lately(const StreamName& stream);
    bool read_one();
    bool write_batch(std::size_t jobs_max);
    void stop();
    LaneNumbers numbers() const;

  private:
    class Worker;
    std::unique_ptr<Worker> worker_;
};

/// Turns the events of a stream into the state on which commands are decided. Both are pure and are called on several
/// threads at once.
template <class State>
struct Fold {
    std::function<std::shared_ptr<const State>(const StreamName&, const StreamContent&)> whole;
    /// The state after one more append; its events have their positions and hashes already.
    std::function<std::shared_ptr<const State>(const State&, const Append&)> further;
};

/// What a command comes to: events to be stored, or none (a refusal, a repeat).
template <class State>
struct Step {
    /// The lane fills in the append's stream and expected version; the events come complete but for position and hash.
    std::optional<Append> append = std::nullopt;
    /// What it adds to other streams in the same commit, each on the version that `state_of` showed, or on 0 where the
    /// stream is new. Requires `append`.
    std::vector<Append> also = {};
    /// Called once, on the lane's thread, when all that the decision was made on and has added is durable. It hands the
    /// answer on and returns: the next batch waits for it. What it throws goes to `failed`.
    std::move_only_function<void(std::shared_ptr<const State> after, std::span<const EventRecord> added)> completed;
};

/// The newest state of another stream, counting what this batch has appended. Read on the lane's thread where it is not
/// among the streams written lately: for the rare decision that concerns two streams.
template <class State>
std::shared_ptr<const State> state_of(const LaneContext& context, const StreamName& stream) {
    return std::static_pointer_cast<const State>(context.other(stream));
}

/// One command on its way into the log.
template <class State>
struct Job {
    StreamName stream;
    Loading loading = Loading::from_log;
    /// Decides on the newest state of the stream. May be called more than once, and only the last one's step counts.
    /// What it throws fails this job alone.
    std::move_only_function<Step<State>(const State&, const LaneContext&)> decide;
    /// Called once instead of `completed` (on the lane's thread or a reader's): StoreFailed, and nothing was stored;
    /// CommitUnknown, and nobody knows; or what `decide`, folding or `completed` threw. Must not throw.
    std::move_only_function<void(std::exception_ptr)> failed;
};

/// One thread that owns the writes of a store. It takes whatever commands are waiting, decides them one after another,
/// each on what the one before has left, and makes one durable commit for all of them; answers leave after it.
///
/// A command that breaks an invariant fails alone. When the store refuses something, the batch is undone and its
/// commands run again one by one. When the end of a commit is unknown, the streams are read again before anybody gets
/// an answer.
template <class State>
class Lane {
  public:
    /// Store and clock outlive the lane.
    Lane(EventStore& store, Clock& clock, Fold<State> fold, LaneOptions options = {})
        : core_(store, clock, erased(std::move(fold)), std::move(options)) {}

    /// Accepts the job; it may be called from any thread. False when too many wait or the lane has stopped: then none
    /// of the job's functions is called, and the caller says so at once.
    bool submit(Job<State> job) { return core_.submit(erased(std::move(job))); }
    /// The stream's newest state of which an answer may have been given, all of it durable; nothing if it is not among
    /// those written lately: then the store tells it. May be called from any thread.
    std::shared_ptr<const State> written_lately(const StreamName& stream) {
        return typed(core_.written_lately(stream));
    }
    /// The two halves of a lane's work, for one that is driven by hand and by one caller at a time: reads the stream of
    /// one job, or decides and commits what waits, at most `jobs_max` of them. False when there is nothing to do.
    bool read_one() { return core_.read_one(); }
    bool write_batch(std::size_t jobs_max) { return core_.write_batch(jobs_max); }
    /// Refuses new jobs, finishes those accepted, and returns when all have their answer. The destructor does the same.
    void stop() { core_.stop(); }
    LaneNumbers numbers() const { return core_.numbers(); }

  private:
    static std::shared_ptr<const State> typed(LaneCore::State state) {
        return std::static_pointer_cast<const State>(std::move(state));
    }
    static LaneCore::Fold erased(Fold<State> fold) {
        return {.whole = std::move(fold.whole),
                .further = [further = std::move(fold.further)](const LaneCore::State& before, const Append& append) {
                    return further(*static_cast<const State*>(before.get()), append);
                }};
    }
    static LaneCore::Job erased(Job<State> job) {
        return {.stream = std::move(job.stream),
                .loading = job.loading,
                .decide =
                    [decide = std::move(job.decide)](const LaneCore::State& state, const LaneContext& context) mutable {
                        Step<State> step = decide(*static_cast<const State*>(state.get()), context);
                        return LaneCore::Step{
                            .append = std::move(step.append),
                            .also = std::move(step.also),
                            .completed = [completed = std::move(step.completed)](
                                             LaneCore::State after, std::span<const EventRecord> added) mutable {
                                completed(typed(std::move(after)), added);
                            }};
                    },
                .failed = std::move(job.failed)};
    }

    LaneCore core_;
};

}  // namespace saldo::service
