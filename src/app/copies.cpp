#include "app/copies.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "app/administration.hpp"
#include "app/engine.hpp"
#include "app/erasure_list.hpp"
#include "app/os_random.hpp"
#include "app/place.hpp"
#include "foundation/json_writer.hpp"
#include "service/anchor.hpp"
#include "service/clocks.hpp"
#include "service/indexer.hpp"
#include "service/log_export.hpp"
#include "service/verify.hpp"
#include "store/sqlite/backup.hpp"
#include "store/store_in_making.hpp"
#include "store/unfinished_file.hpp"

namespace saldo::app {

namespace {

using cli::Progress;
using cli::Reply;
using cli::StorePlace;
using foundation::JsonWriter;
using service::Verified;

Reply guarded(const std::function<Reply()>& command) {
    try {
        return command();
    } catch (const store::PlaceTaken& taken) {
        return Reply::refused("PLACE_TAKEN", taken.what());
    } catch (const service::ExportUnreadable& unreadable) {
        return Reply::refused("EXPORT_UNREADABLE", unreadable.what());
    }
}

std::string file_text(const std::filesystem::path& file) {
    return std::filesystem::absolute(file).lexically_normal().string();
}

Reply back_up(const StorePlace& place, const std::filesystem::path& target, const Progress& progress) {
    store::sqlite::back_up(existing_directory(data_of(place)), target, progress);
    JsonWriter out;
    out.begin_object().field("file", file_text(target));
    out.field("octets", static_cast<std::int64_t>(std::filesystem::file_size(target))).end_object();
    return Reply::of(std::move(out).finish());
}

Reply export_events(const StorePlace& place, const std::filesystem::path& target, const Progress& progress) {
    const auto directory = existing_directory(data_of(place));
    const auto store = store::sqlite::SqliteEventStore::open_read_only(directory);
    const auto log = store->snapshot();
    store::UnfinishedFile file(target);
    const service::Exported exported =
        service::export_log(*log, *store, [&](std::string_view piece) { file.write(piece); }, progress);
    file.finish();
    JsonWriter out;
    out.begin_object().field("file", file_text(target)).field("events", exported.events);
    out.field("streams", exported.streams).field("digest", exported.digest).end_object();
    return Reply::of(std::move(out).finish());
}

Reply anchor(const StorePlace& place, const std::filesystem::path& target, const Progress& progress) {
    const subject::Key master_key = needed_master_key(place);
    const auto directory = existing_directory(data_of(place));
    const auto log = store::sqlite::SqliteEventStore::open_read_only(directory)->snapshot();
    store::UnfinishedFile file(target);
    const auto anchored = service::anchor_of(*log, service::system_time(), progress);
    JsonWriter out;
    if (!anchored) {
        out.begin_object().field("fault", "In " + anchored.error().where + ": " + anchored.error().what).end_object();
        return {.exit = cli::ExitCode::fault_found, .result = std::move(out).finish()};
    }
    file.write(service::signed_text(*anchored, master_key));
    file.finish();
    out.begin_object().field("file", file_text(target)).field("made_at", foundation::utc_text(anchored->made_at));
    out.field("events", anchored->events).field("buckets", std::ssize(anchored->ends)).end_object();
    return Reply::of(std::move(out).finish());
}

/// Erases everybody again; how many of them the copy knows.
std::int64_t erase_again(OpenStore& store, const std::vector<std::string>& transactions) {
    if (transactions.empty()) return 0;
    OsRandom random;
    service::SystemClock clock(store.newest);
    Engine engine({.store = store, .clock = clock, .random = random, .readers = 1});
    std::int64_t erased = 0;
    for (const std::string& transaction : transactions) {
        const Reply reply = erase_subject(engine, transaction);
        // A purchase that was made after the copy is not in it; one that is in it must be erased.
        if (reply.exit != cli::ExitCode::ok && reply.code != "TRANSACTION_NOT_FOUND")
            throw service::StoreFailed("The person behind " + transaction + " could not be erased: " + reply.message);
        if (reply.exit == cli::ExitCode::ok) ++erased;
    }
    return erased;
}

/// What was made of a copy, and how it holds.
struct Made {
    Verified verified;
    std::int64_t erased = 0;
};

/// Erases, indexes and verifies what a copy was put into, and leaves it closed.
Made completed(const store::DataDirectory& directory, const subject::Key& master_key,
               const std::vector<std::string>& erasures, const Progress& progress) {
    OpenStore store(directory, master_key);
    Made made{.erased = erase_again(store, erasures)};
    service::Indexer(*store.events, *store.index).sums("");
    const auto log = store.events->reader();
    made.verified = verified_store({.log = *log, .index = *store.index, .master_key = master_key, .progress = progress},
                                   *store.events, directory);
    return made;
}

Reply reply_of(const Made& made, const std::optional<std::filesystem::path>& data) {
    JsonWriter out;
    out.begin_object().field("holds", !made.verified.fault).field("events", made.verified.events);
    out.field("streams", made.verified.streams);
    if (made.verified.fault)
        out.field("fault", "In " + made.verified.fault->where + ": " + made.verified.fault->what);
    else if (data)
        out.field("erased_again", made.erased).field("data", file_text(*data));
    out.end_object();
    Reply reply = Reply::of(std::move(out).finish());
    if (made.verified.fault) reply.exit = cli::ExitCode::fault_found;
    return reply;
}

Reply verify_backup(const StorePlace& place, const std::filesystem::path& backup, const Progress& progress) {
    const subject::Key master_key = needed_master_key(place);
    const auto directory = store::DataDirectory::temporary();
    store::sqlite::put_back(backup, directory);
    return reply_of(completed(directory, master_key, {}, progress), std::nullopt);
}

void put_into(const store::DataDirectory& directory, const cli::Remaking& wanted) {
    if (wanted.from == cli::Remaking::From::backup) return store::sqlite::put_back(wanted.copy, directory);
    std::ifstream lines(wanted.copy, std::ios::binary);
    if (!lines) throw service::StoreFailed("The export " + wanted.copy.string() + " cannot be read.");
    const auto store = store::sqlite::SqliteEventStore::open(directory);
    service::import_log(lines, *store);
}

Reply remake(const StorePlace& place, const cli::Remaking& wanted, const Progress& progress) {
    const std::filesystem::path data = data_of(place);
    const subject::Key master_key = needed_master_key(place);
    std::vector<std::string> erasures;
    for (const auto& source : wanted.erasures) std::ranges::move(erasures_in(source), std::back_inserter(erasures));
    const auto directory = store::DataDirectory::at(data);
    store::StoreInMaking making(directory);
    put_into(making.directory(), wanted);
    const Made made = completed(making.directory(), master_key, erasures, progress);
    if (!made.verified.fault) making.finish();
    return reply_of(made, data);
}

}  // namespace

cli::Copies copies_of_stores() {
    return {.back_up = [](const auto&... all) { return guarded([&] { return back_up(all...); }); },
            .verify_backup = [](const auto&... all) { return guarded([&] { return verify_backup(all...); }); },
            .export_events = [](const auto&... all) { return guarded([&] { return export_events(all...); }); },
            .anchor = [](const auto&... all) { return guarded([&] { return anchor(all...); }); },
            .remake = [](const auto&... all) { return guarded([&] { return remake(all...); }); },
            .erasure_list = erasure_list_of};
}

}  // namespace saldo::app
