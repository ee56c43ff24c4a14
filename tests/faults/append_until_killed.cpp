// append_until_killed DIRECTORY SEED
//
// Appends to the store in DIRECTORY without end, sixteen commands at a time, and writes one line `STREAM VERSION` to
// its standard output for each that was acknowledged: what a client of a server would have seen.

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <semaphore>
#include <string>

#include "counted_append.hpp"
#include "store/data_directory.hpp"
#include "store/sqlite/event_store.hpp"

namespace {

using namespace saldo;

constexpr int in_flight = 16;
constexpr int streams = 60;

void acknowledge(const std::string& line) {
    if (::write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::_Exit(3);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) return 2;
    const auto directory = store::DataDirectory::at(arguments[1]);
    const auto log = store::sqlite::SqliteEventStore::open(directory, {.wal_pages = 300, .events_between_heads = 50});
    faults::SystemClock clock;
    service::Lane<faults::Length> lane(*log, clock, faults::length_fold(), {.hot_streams = 20});

    std::minstd_rand chance(static_cast<unsigned>(std::atoi(arguments[2])));
    std::counting_semaphore<in_flight> places(in_flight);
    while (true) {
        places.acquire();
        const auto number = chance() % streams;
        const int events = 1 + static_cast<int>(chance() % 3);
        const service::StreamName stream{.bucket = static_cast<foundation::Bucket>(number % 7),
                                         .name = "stream" + std::to_string(number)};
        service::Job<faults::Length> job{
            .stream = stream,
            .decide =
                [=, &places](const faults::Length&, const service::LaneContext& context) {
                    return service::Step<faults::Length>{
                        .append = faults::counted_append(stream, context, events, 300),
                        .completed = [name = stream.name, &places](auto, std::span<const service::EventRecord> added) {
                            acknowledge(name + ' ' + std::to_string(added.back().seq) + '\n');
                            places.release();
                        }};
                },
            .failed = [](std::exception_ptr) { std::_Exit(4); }};
        if (!lane.submit(std::move(job))) return 5;
    }
}
