// store_append [append | open] [DIRECTORY] [LIVES]
//
// append: durable appends a second through lane and store, 64 purchases under way at once, each four commands long;
//         against the disk itself, appends of 700 octets to a file that is there already, each with its fdatasync.
//         Taken in turns, five of each; medians.
// open:   the time to open a store of LIVES purchases (one million), and its size.

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <semaphore>
#include <string>
#include <vector>

#include "foundation/digest.hpp"
#include "foundation/id.hpp"
#include "service/lane.hpp"
#include "store/data_directory.hpp"
#include "store/sqlite/event_store.hpp"

namespace {

using namespace saldo;
using Seconds = std::chrono::duration<double>;
using std::chrono::steady_clock;

constexpr int rounds = 5;
constexpr Seconds round_length{3};
constexpr int lives_under_way = 64;
/// Behind all lives that `open` fills a store with, so that `append` can go on in one of those.
constexpr std::int64_t first_life = 1'000'000'000;

/// Octets of body and sealed part of the events of a life: authorised with a basket of three, shipped, paid, fee.
struct EventSize {
    std::size_t body;
    std::size_t sealed;
};
constexpr std::array<EventSize, 4> sizes{{{900, 600}, {350, 60}, {180, 60}, {150, 0}}};

/// The value that `share` of all are not above.
double quantile(std::vector<double> values, double share) {
    std::ranges::sort(values);
    return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

double median(std::vector<double> values) {
    return quantile(std::move(values), 0.5);
}

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Durable writes of 700 octets a second, as the disk does them.
double raw_rate(const std::filesystem::path& directory) {
    constexpr std::size_t file_size = 64 << 20;
    constexpr std::size_t write_size = 700;
    const auto path = directory / "raw";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const std::string zeros(file_size, '\0');
    if (file < 0 || ::pwrite(file, zeros.data(), zeros.size(), 0) != static_cast<ssize_t>(file_size)) std::exit(1);
    ::fsync(file);
    const std::string bytes(write_size, 'x');
    std::size_t at = 0;
    int writes = 0;
    const auto start = steady_clock::now();
    while (steady_clock::now() - start < round_length) {
        if (::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at)) < 0) std::exit(1);
        ::fdatasync(file);
        at = (at + write_size) % (file_size - write_size);
        ++writes;
    }
    const Seconds taken = steady_clock::now() - start;
    ::close(file);
    std::filesystem::remove(path);
    return writes / taken.count();
}

class SystemClock final : public service::Clock {
  public:
    foundation::Instant now() override {
        return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    }
};

struct Nothing {};

service::Fold<Nothing> no_fold() {
    return {.whole = [](const auto&, const auto&) { return std::make_shared<const Nothing>(); },
            .further = [](const auto&, const auto&) { return std::make_shared<const Nothing>(); }};
}

service::StreamName stream_of(std::int64_t life) {
    const std::string id = foundation::id_text(foundation::sha256("life " + std::to_string(life)));
    return {.bucket = foundation::bucket_of(id), .name = id};
}

service::EventRecord event_of(const service::StreamName& stream, std::size_t step, foundation::Instant now) {
    constexpr std::array types{"Authorised", "Captured", "SettlementBooked", "FeeBooked"};
    service::EventRecord record;
    record.stream = stream;
    record.seq = static_cast<std::int64_t>(step) + 1;
    record.type = types.at(step);
    record.recorded_at = now;
    record.effective_at = now;
    record.value_date = std::chrono::floor<std::chrono::days>(now);
    record.actor = "6Z54V9SXRCRSKDXDGKZW";
    record.key = "2f9d3c04-6e0b-4c39-9d53-1c3f6f2a77b1";
    record.fingerprint.assign(32, 'f');
    record.body.assign(sizes.at(step).body, 'b');
    record.sealed.assign(sizes.at(step).sealed, 's');
    return record;
}

std::string wrapped_key() {
    return std::string(72, 'k');
}

struct StoreRate {
    double appends;
    double cpu_microseconds;  ///< of one append
    double batch;             ///< jobs
};

/// Many lives at once, each a chain of commands: the next is handed in when the one before was acknowledged.
class Lives {
  public:
    Lives(service::Lane<Nothing>& lane, std::int64_t first) : lane_(lane), next_life_(first) {}

    void begin_all() {
        for (int i = 0; i < lives_under_way; ++i) begin_one();
    }
    void finish() {
        stops_ = true;
        for (int i = 0; i < lives_under_way; ++i) done_.acquire();
    }
    std::int64_t next_life() const { return next_life_; }

  private:
    void begin_one() {
        if (stops_) {
            done_.release();
            return;
        }
        submit(stream_of(next_life_++), 0);
    }

    void submit(const service::StreamName& stream, std::size_t step) {
        service::Job<Nothing> job{.stream = stream,
                                  .loading = step == 0 ? service::Loading::assumed_empty : service::Loading::from_log,
                                  .decide =
                                      [=, this](const Nothing&, const service::LaneContext& context) {
                                          service::Append append;
                                          append.events.push_back(event_of(stream, step, context.now));
                                          if (step == 0) append.new_wrapped_key = wrapped_key();
                                          return service::Step<Nothing>{.append = std::move(append),
                                                                        .completed = [=, this](auto, auto) {
                                                                            if (step + 1 < sizes.size())
                                                                                submit(stream, step + 1);
                                                                            else
                                                                                begin_one();
                                                                        }};
                                      },
                                  .failed = [](std::exception_ptr) { std::abort(); }};
        if (!lane_.submit(std::move(job))) std::abort();
    }

    service::Lane<Nothing>& lane_;
    std::atomic<std::int64_t> next_life_;
    std::atomic<bool> stops_ = false;
    std::counting_semaphore<lives_under_way> done_{0};
};

StoreRate store_rate(service::Lane<Nothing>& lane, std::int64_t& next_life) {
    const auto before = lane.numbers();
    const double cpu = cpu_seconds();
    const auto start = steady_clock::now();
    Lives lives(lane, next_life);
    lives.begin_all();
    while (steady_clock::now() - start < round_length) ::usleep(10'000);
    lives.finish();
    const Seconds taken = steady_clock::now() - start;
    const auto after = lane.numbers();
    next_life = lives.next_life();
    const auto appends = static_cast<double>(after.events - before.events);
    return {.appends = appends / taken.count(),
            .cpu_microseconds = (cpu_seconds() - cpu) * 1e6 / appends,
            .batch = appends / static_cast<double>(after.commits - before.commits)};
}

std::uintmax_t octets_of(const std::filesystem::path& file) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    return error ? 0 : size;
}

void measure_appends(const store::DataDirectory& directory) {
    std::vector<double> raw;
    std::vector<double> stored;
    std::vector<double> commit_ms;
    std::int64_t lives = first_life;
    const std::uintmax_t before = octets_of(directory.database());
    {
        const auto log = store::sqlite::SqliteEventStore::open(directory);
        SystemClock clock;
        service::Lane<Nothing> lane(*log, clock, no_fold(), {.on_batch = [&](const service::BatchReport& batch) {
            commit_ms.push_back(static_cast<double>(batch.commit_time.count()) * 1e-3);
        }});
        for (int round = 0; round < rounds; ++round) {
            raw.push_back(raw_rate(directory.path()));
            const StoreRate rate = store_rate(lane, lives);
            stored.push_back(rate.appends);
            std::cout << "raw " << static_cast<int>(raw.back()) << "/s, store " << static_cast<int>(rate.appends)
                      << " appends/s, " << rate.batch << " a commit, " << rate.cpu_microseconds << " us CPU each\n";
        }
    }
    std::cout << "median: raw " << static_cast<int>(median(raw)) << "/s, store " << static_cast<int>(median(stored))
              << " appends/s, ratio " << median(stored) / median(raw) << "\n"
              << "commit: median " << median(commit_ms) << " ms, 99 % within " << quantile(commit_ms, 0.99)
              << " ms, 99.9 % within " << quantile(commit_ms, 0.999) << " ms, longest " << quantile(commit_ms, 1)
              << " ms\n"
              << "octets a life of 4 events: "
              << (octets_of(directory.database()) - before) / static_cast<std::uintmax_t>(lives - first_life) << " in "
              << lives - first_life << " lives\n";
}

void fill(service::EventStore& log, std::int64_t lives) {
    const auto writer = log.writer();
    SystemClock clock;
    constexpr std::int64_t lives_a_batch = 2'000;
    for (std::int64_t first = 0; first < lives; first += lives_a_batch) {
        writer->begin();
        for (std::int64_t life = first; life < std::min(first + lives_a_batch, lives); ++life) {
            const auto now = std::max(clock.now(), writer->last_recorded_at());
            service::Append append{.stream = stream_of(life), .events = {}, .new_wrapped_key = wrapped_key()};
            for (std::size_t step = 0; step < sizes.size(); ++step)
                append.events.push_back(event_of(append.stream, step, now));
            if (!writer->append(append)) std::abort();
        }
        writer->commit();
    }
}

void measure_opening(const store::DataDirectory& directory, std::int64_t lives) {
    if (!std::filesystem::exists(directory.database())) {
        const auto start = steady_clock::now();
        fill(*store::sqlite::SqliteEventStore::open(directory), lives);
        const Seconds taken = steady_clock::now() - start;
        std::cout << "filled with " << lives << " lives in " << taken.count() << " s\n";
    }
    for (int i = 0; i < 3; ++i) {
        const auto start = steady_clock::now();
        const auto log = store::sqlite::SqliteEventStore::open(directory);
        const auto writer = log->writer();
        const auto content = log->reader()->read(stream_of(lives / 2));
        const Seconds taken = steady_clock::now() - start;
        std::cout << "opened and read one purchase of " << content.events.size() << " events in " << taken.count() * 1e3
                  << " ms\n";
    }
    std::cout << octets_of(directory.database()) / static_cast<std::uintmax_t>(lives) << " octets a life\n";
}

}  // namespace

int main(int count, char** arguments) {
    const std::string what = count > 1 ? arguments[1] : "append";
    std::optional<store::DataDirectory> directory;
    if (count > 2)
        directory.emplace(store::DataDirectory::at(arguments[2]));
    else
        directory.emplace(store::DataDirectory::temporary());
    if (what == "append")
        measure_appends(*directory);
    else if (what == "open")
        measure_opening(*directory, count > 3 ? std::atoll(arguments[3]) : 1'000'000);
    else
        return 2;
    return 0;
}
