#include "service/lane.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "foundation/outcome.hpp"
#include "service/reader_pool.hpp"

namespace saldo::service {

namespace {

using foundation::ensure;

struct StreamHash {
    std::size_t operator()(const StreamName& stream) const {
        return std::hash<std::string>{}(stream.name) * 31 + stream.bucket;
    }
};

/// The state of a stream, and the version it is of.
struct Standing {
    LaneCore::State state;
    std::int64_t version = 0;
};

/// States of the streams that were written last, all of them committed; the one unused for longest goes first.
class HotStreams {
  public:
    explicit HotStreams(std::size_t size_max) : size_max_(size_max) {}

    bool contains(const StreamName& stream) const { return entries_.contains(stream); }

    const Standing* find(const StreamName& stream) {
        const auto found = entries_.find(stream);
        if (found == entries_.end()) return nullptr;
        by_use_.splice(by_use_.begin(), by_use_, found->second);
        return &found->second->standing;
    }

    void put(const StreamName& stream, Standing standing, std::uint64_t batch) {
        remove(stream);
        by_use_.push_front({stream, std::move(standing), batch});
        entries_[stream] = by_use_.begin();
        if (entries_.size() <= size_max_) return;
        newest_forgotten_ = std::max(newest_forgotten_, by_use_.back().batch);
        entries_.erase(by_use_.back().stream);
        by_use_.pop_back();
    }

    void remove(const StreamName& stream) {
        const auto found = entries_.find(stream);
        if (found == entries_.end()) return;
        by_use_.erase(found->second);
        entries_.erase(found);
    }

    /// Forgets everything as if all of it had been written in `batch`.
    void forget(std::uint64_t batch) {
        entries_.clear();
        by_use_.clear();
        newest_forgotten_ = batch;
    }

    /// True when a stream that is not here may have been written after `batch`.
    bool may_have_forgotten_since(std::uint64_t batch) const { return newest_forgotten_ > batch; }

  private:
    struct Entry {
        StreamName stream;
        Standing standing;
        std::uint64_t batch;
    };
    const std::size_t size_max_;
    std::list<Entry> by_use_;
    std::unordered_map<StreamName, std::list<Entry>::iterator, StreamHash> entries_;
    std::uint64_t newest_forgotten_ = 0;
};

/// A version that a single writer cannot keep missing: more tries mean that something else writes the store.
constexpr int tries_max = 4;

}  // namespace

class LaneCore::Worker {
  public:
    Worker(EventStore& store, Clock& clock, Fold fold, LaneOptions options);
    ~Worker() { stop(); }

    bool submit(Job job);
    State written_lately(const StreamName& stream);
    bool read_one() { return readers_->run_one(); }
    bool write_batch(std::size_t jobs_max);
    void stop();
    LaneNumbers numbers() const;

  private:
    bool is_by_hand() const { return options_.drive == LaneDrive::by_hand; }
    /// What a reader found, and the newest batch that it was certain to see.
    struct Loaded {
        Standing standing;
        std::uint64_t batch = 0;
    };
    struct Waiting {
        Job job;
        std::optional<Loaded> loaded;
    };
    /// A job within a batch.
    struct Turn {
        Waiting* waiting;
        std::optional<Standing> before;  ///< none: it must be read first
        Step step;
        std::exception_ptr failure;
        State after;
        std::size_t added_from = 0;
        std::size_t added_count = 0;
    };
    struct Batch {
        std::vector<Turn> turns;
        std::unordered_map<StreamName, Standing, StreamHash> changed;  ///< by this batch, not yet durable
        std::vector<EventRecord> added;
        std::chrono::microseconds commit_time{};
    };

    void load(Job job, std::uint64_t batch);
    void enqueue(Waiting waiting);
    std::vector<Waiting> take(std::size_t jobs_max);
    void run();
    void process(std::span<Waiting*> jobs);
    void open_writer();
    Batch prepared(std::span<Waiting*> jobs);
    void decide(Turn& turn, Batch& batch);
    void decide_once_more_until_it_fits(Turn& turn, Batch& batch);
    StreamContent read(const StreamName& stream);
    Standing reload(const StreamName& stream);
    Standing standing_of(const StreamName& stream, const Batch& batch);
    void append_also(Turn& turn, Batch& batch);
    void keep(const State& before, Append& append, Batch& batch);
    void commit(Batch& batch);
    bool is_stored(const Batch& batch);
    void settle(Batch& batch, std::exception_ptr unknown);
    void publish(Batch& batch);
    void answer(Turn& turn, const Batch& batch);
    void fail_all(Batch& batch, const std::exception_ptr& failure);
    void count(const Batch& batch);

    EventStore& store_;
    Clock& clock_;
    const Fold fold_;
    const LaneOptions options_;

    // The lane thread's own.
    std::unique_ptr<LogWriter> writer_;
    std::unique_ptr<LogReader> reader_;

    mutable std::mutex guard_;
    std::condition_variable woken_;
    std::deque<Waiting> queue_;
    HotStreams hot_;
    LaneNumbers numbers_;
    std::uint64_t batch_ = 0;  // the newest batch that is durable and whose states are in hot_
    bool stops_ = false;

    std::optional<ReaderPool> readers_;
    std::thread thread_;
};

LaneCore::Worker::Worker(EventStore& store, Clock& clock, Fold fold, LaneOptions options)
    : store_(store),
      clock_(clock),
      fold_(std::move(fold)),
      options_(std::move(options)),
      writer_(store.writer()),
      hot_(options_.hot_streams) {
    readers_.emplace(store, ReaderPool::Size{.threads = is_by_hand() ? 0 : options_.reader_threads,
                                             .waiting_max = options_.waiting_max});
    if (!is_by_hand()) thread_ = std::thread([this] { run(); });
}

bool LaneCore::Worker::submit(Job job) {
    std::uint64_t batch = 0;
    {
        const std::lock_guard hold(guard_);
        if (stops_ || numbers_.waiting >= options_.waiting_max) {
            ++numbers_.refused;
            return false;
        }
        ++numbers_.waiting;
        if (job.loading == Loading::assumed_empty || hot_.contains(job.stream)) {
            queue_.push_back({.job = std::move(job), .loaded = std::nullopt});
            woken_.notify_one();
            return true;
        }
        batch = batch_;
    }
    load(std::move(job), batch);
    return true;
}

LaneCore::State LaneCore::Worker::written_lately(const StreamName& stream) {
    const std::lock_guard hold(guard_);
    const Standing* const hot = hot_.find(stream);
    return hot ? hot->state : nullptr;
}

void LaneCore::Worker::load(Job job, std::uint64_t batch) {
    const auto shared = std::make_shared<Job>(std::move(job));
    const bool is_posted = readers_->post(
        [this, shared, batch](LogReader& reader) {
            const StreamContent content = reader.read(shared->stream);
            Loaded loaded{.standing = {.state = fold_.whole(shared->stream, content),
                                       .version = content.events.empty() ? 0 : content.events.back().seq},
                          .batch = batch};
            enqueue({.job = std::move(*shared), .loaded = std::move(loaded)});
        },
        [this, shared](std::exception_ptr failure) {
            {
                const std::lock_guard hold(guard_);
                --numbers_.waiting;
                ++numbers_.failed;
                woken_.notify_one();
            }
            shared->failed(std::move(failure));
        });
    ensure(is_posted, "the readers have no room for a job that the lane has accepted");
}

void LaneCore::Worker::enqueue(Waiting waiting) {
    const std::lock_guard hold(guard_);
    queue_.push_back(std::move(waiting));
    woken_.notify_one();
}

std::vector<LaneCore::Worker::Waiting> LaneCore::Worker::take(std::size_t jobs_max) {
    const std::lock_guard hold(guard_);
    std::vector<Waiting> jobs;
    while (!queue_.empty() && jobs.size() < jobs_max) {
        jobs.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    return jobs;
}

bool LaneCore::Worker::write_batch(std::size_t jobs_max) {
    std::vector<Waiting> taken = take(jobs_max);
    if (taken.empty()) return false;
    std::vector<Waiting*> jobs;
    for (Waiting& waiting : taken) jobs.push_back(&waiting);
    process(jobs);
    return true;
}

void LaneCore::Worker::run() {
    const auto wait = [this] {
        std::unique_lock hold(guard_);
        woken_.wait(hold, [this] { return !queue_.empty() || (stops_ && numbers_.waiting == 0); });
    };
    do wait();
    while (write_batch(options_.batch_max));
}

/// Only a new writer shows what became of a commit without an end: what was read before it may be older than the log.
void LaneCore::Worker::open_writer() {
    writer_ = store_.writer();
    const std::lock_guard hold(guard_);
    hot_.forget(++batch_);
}

void LaneCore::Worker::process(std::span<Waiting*> jobs) {
    std::exception_ptr failure;
    try {
        if (!writer_) open_writer();
    } catch (...) {
        failure = std::current_exception();
    }
    Batch batch = prepared(jobs);
    if (failure) return fail_all(batch, failure);
    try {
        writer_->begin();
        for (Turn& turn : batch.turns) decide(turn, batch);
        commit(batch);
    } catch (const CommitUnknown&) {
        settle(batch, std::current_exception());
        return;
    } catch (...) {
        // The store refused something, or an append could not be folded: one by one, the guilty job fails alone.
        writer_->rollback();
        if (jobs.size() == 1) {
            fail_all(batch, std::current_exception());
            return;
        }
        batch = {};
        for (Waiting*& waiting : jobs) process({&waiting, 1});
        return;
    }
    publish(batch);
}

LaneCore::Worker::Batch LaneCore::Worker::prepared(std::span<Waiting*> jobs) {
    Batch batch;
    batch.turns.reserve(jobs.size());
    const std::lock_guard hold(guard_);
    for (Waiting* const waiting : jobs) {
        Turn turn{.waiting = waiting, .before = {}, .step = {}, .failure = {}, .after = {}};
        if (const Standing* const hot = hot_.find(waiting->job.stream))
            turn.before = *hot;
        else if (waiting->loaded && !hot_.may_have_forgotten_since(waiting->loaded->batch))
            turn.before = waiting->loaded->standing;
        batch.turns.push_back(std::move(turn));
    }
    return batch;
}

StreamContent LaneCore::Worker::read(const StreamName& stream) {
    try {
        if (!reader_) reader_ = store_.reader();
        return reader_->read(stream);
    } catch (const StoreFailed&) {
        reader_.reset();  // the next read starts with a fresh one
        throw;
    }
}

Standing LaneCore::Worker::reload(const StreamName& stream) {
    const StreamContent content = read(stream);
    {
        const std::lock_guard hold(guard_);
        hot_.remove(stream);
        ++numbers_.reloads;
    }
    return {.state = fold_.whole(stream, content), .version = content.events.empty() ? 0 : content.events.back().seq};
}

/// As of now: changed by this batch, written lately, or in the store.
Standing LaneCore::Worker::standing_of(const StreamName& stream, const Batch& batch) {
    if (const auto changed = batch.changed.find(stream); changed != batch.changed.end()) return changed->second;
    {
        const std::lock_guard hold(guard_);
        if (const Standing* const hot = hot_.find(stream)) return *hot;
    }
    return reload(stream);
}

/// Takes an append that the writer has accepted into the batch.
void LaneCore::Worker::keep(const State& before, Append& append, Batch& batch) {
    batch.changed[append.stream] = {.state = fold_.further(before, append), .version = append.events.back().seq};
    std::ranges::move(append.events, std::back_inserter(batch.added));
}

void LaneCore::Worker::append_also(Turn& turn, Batch& batch) {
    for (Append& append : turn.step.also) {
        const State before =
            append.expected_version == 0 ? fold_.whole(append.stream, {}) : standing_of(append.stream, batch).state;
        // What this lane has seen is the newest, and a new stream's name is nobody else's. Should it be wrong all the
        // same, the batch is undone, so that nothing is ever appended by half.
        if (!writer_->append(append))
            throw StoreFailed("The stream " + append.stream.name + " is not as the decision has seen it.");
        turn.added_count += append.events.size();
        keep(before, append, batch);
    }
}

void LaneCore::Worker::decide(Turn& turn, Batch& batch) {
    try {
        decide_once_more_until_it_fits(turn, batch);
    } catch (const StoreFailed&) {
        throw;
    } catch (...) {
        if (turn.added_count > 0) throw;  // appended, but not folded: the batch must not be committed
        turn.failure = std::current_exception();
    }
}

void LaneCore::Worker::decide_once_more_until_it_fits(Turn& turn, Batch& batch) {
    const StreamName& stream = turn.waiting->job.stream;
    for (int tries = 0; tries < tries_max; ++tries) {
        const auto changed = batch.changed.find(stream);
        if (changed != batch.changed.end())
            turn.before = changed->second;
        else if (!turn.before && turn.waiting->job.loading == Loading::assumed_empty && tries == 0)
            turn.before = Standing{.state = fold_.whole(stream, {}), .version = 0};
        else if (!turn.before)
            turn.before = reload(stream);

        const LaneContext context{
            .now = std::max(clock_.now(), writer_->last_recorded_at()),
            .version = turn.before->version,
            .next_position = writer_->next_position(stream.bucket),
            .other = [this, &batch](const StreamName& name) -> State { return standing_of(name, batch).state; }};
        turn.step = turn.waiting->job.decide(turn.before->state, context);
        turn.after = turn.before->state;
        if (!turn.step.append) return;

        Append& append = *turn.step.append;
        append.stream = stream;
        append.expected_version = turn.before->version;
        if (writer_->append(append)) {
            turn.added_from = batch.added.size();
            turn.added_count = append.events.size();
            keep(turn.before->state, append, batch);
            turn.after = batch.changed.at(stream).state;
            append_also(turn, batch);
            return;
        }
        turn.before.reset();
        const std::lock_guard hold(guard_);
        ++numbers_.conflicts;
    }
    throw StoreFailed("The stream " + stream.name + " is being written by somebody else.");
}

void LaneCore::Worker::commit(Batch& batch) {
    if (batch.added.empty()) {
        writer_->rollback();
        return;
    }
    const auto start = std::chrono::steady_clock::now();
    writer_->commit();
    batch.commit_time = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
}

bool LaneCore::Worker::is_stored(const Batch& batch) {
    // A commit is there whole or not at all: its first event tells. Position and the chain before it are part of the
    // hash, so that no other event has the same.
    const EventRecord& first = batch.added.front();
    const StreamContent content = read(first.stream);
    return std::ranges::any_of(content.events, [&](const EventRecord& event) { return event.hash == first.hash; });
}

void LaneCore::Worker::settle(Batch& batch, std::exception_ptr unknown) {
    bool is_there = false;
    {
        const std::lock_guard hold(guard_);
        ++numbers_.commits_unknown;
    }
    try {
        writer_.reset();
        reader_.reset();
        writer_ = store_.writer();
        is_there = is_stored(batch);
    } catch (...) {
        {
            // What is in memory may be older than the log now, as may be what readers are fetching.
            const std::lock_guard hold(guard_);
            hot_.forget(++batch_);
        }
        fail_all(batch, unknown);
        return;
    }
    if (is_there)
        publish(batch);
    else
        fail_all(batch,
                 std::make_exception_ptr(StoreFailed("The store failed at a commit, of which nothing is left.")));
}

void LaneCore::Worker::publish(Batch& batch) {
    {
        const std::lock_guard hold(guard_);
        ++batch_;
        for (auto& [stream, standing] : batch.changed) hot_.put(stream, std::move(standing), batch_);
    }
    if (options_.on_committed && !batch.added.empty()) options_.on_committed(batch.added);
    count(batch);
    for (Turn& turn : batch.turns) answer(turn, batch);
}

void LaneCore::Worker::answer(Turn& turn, const Batch& batch) {
    if (!turn.failure) {
        try {
            turn.step.completed(std::move(turn.after),
                                std::span<const EventRecord>(batch.added).subspan(turn.added_from, turn.added_count));
        } catch (...) {
            turn.failure = std::current_exception();
            const std::lock_guard hold(guard_);
            --numbers_.completed;
            ++numbers_.failed;
        }
    }
    if (turn.failure) turn.waiting->job.failed(turn.failure);
}

void LaneCore::Worker::fail_all(Batch& batch, const std::exception_ptr& failure) {
    batch.added.clear();
    for (Turn& turn : batch.turns)
        if (!turn.failure) turn.failure = failure;
    count(batch);
    for (Turn& turn : batch.turns) turn.waiting->job.failed(turn.failure);
}

void LaneCore::Worker::count(const Batch& batch) {
    {
        const std::lock_guard hold(guard_);
        for (const Turn& turn : batch.turns) ++(turn.failure ? numbers_.failed : numbers_.completed);
        ++numbers_.batches;
        if (!batch.added.empty()) ++numbers_.commits;
        numbers_.events += batch.added.size();
        numbers_.commit_time += batch.commit_time;
        numbers_.batch_largest = std::max(numbers_.batch_largest, batch.turns.size());
        numbers_.waiting -= batch.turns.size();
    }
    if (options_.on_batch)
        options_.on_batch({.jobs = batch.turns.size(), .events = batch.added.size(), .commit_time = batch.commit_time});
}

void LaneCore::Worker::stop() {
    {
        const std::lock_guard hold(guard_);
        stops_ = true;
        woken_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
    if (is_by_hand() && readers_)
        while (read_one() || write_batch(options_.batch_max)) {
        }
    readers_.reset();
}

LaneNumbers LaneCore::Worker::numbers() const {
    const std::lock_guard hold(guard_);
    LaneNumbers numbers = numbers_;
    numbers.queued = queue_.size();
    return numbers;
}

LaneCore::LaneCore(EventStore& store, Clock& clock, Fold fold, LaneOptions options)
    : worker_(std::make_unique<Worker>(store, clock, std::move(fold), std::move(options))) {}

LaneCore::~LaneCore() = default;

bool LaneCore::submit(Job job) {
    return worker_->submit(std::move(job));
}

LaneCore::State LaneCore::written_lately(const StreamName& stream) {
    return worker_->written_lately(stream);
}

bool LaneCore::read_one() {
    return worker_->read_one();
}

bool LaneCore::write_batch(std::size_t jobs_max) {
    return worker_->write_batch(jobs_max);
}

void LaneCore::stop() {
    worker_->stop();
}

LaneNumbers LaneCore::numbers() const {
    return worker_->numbers();
}

}  // namespace saldo::service
