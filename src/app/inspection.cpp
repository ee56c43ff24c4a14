#include "app/inspection.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "app/administration.hpp"
#include "checkout/explain.hpp"
#include "foundation/id.hpp"
#include "http/direct_debit_json.hpp"
#include "http/saldo_json.hpp"
#include "http/signing_keys.hpp"
#include "http/webhook_api.hpp"
#include "projection/explain.hpp"
#include "service/clocks.hpp"
#include "service/master_key.hpp"
#include "service/previous_hashes.hpp"
#include "service/purchase_fold.hpp"
#include "service/session_fold.hpp"
#include "service/subject_record.hpp"
#include "store/sqlite/delivery_book.hpp"
#include "store/sqlite/event_store.hpp"
#include "store/sqlite/file_check.hpp"
#include "store/sqlite/search_index.hpp"

namespace saldo::app {

namespace {

using cli::Reply;
using service::StreamContent;
using service::StreamName;

constexpr int deliveries_max = 50;

Reply no_such_transaction() {
    return Reply::refused("TRANSACTION_NOT_FOUND", "There is no transaction of this id.");
}

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw service::AnchorUnusable("The anchor " + file.string() + " cannot be read.");
    return {std::istreambuf_iterator<char>(in), {}};
}

std::optional<service::StoreFault> fault_of_secrets(service::EventStore& store, const subject::Key& master_key) {
    try {
        service::StoreSecrets secrets(store, master_key);
        for (const std::string& name : secrets.names("")) secrets.find(name);
        if (secrets.is_new())
            return service::StoreFault{"the store's secrets", "the one that ids are made from is missing."};
    } catch (const service::MasterKeyUnusable& unusable) {
        return service::StoreFault{"the store's secrets", unusable.what()};
    } catch (const service::StoreDamaged& damaged) {
        return service::StoreFault{"the store's secrets", damaged.what()};
    }
    return std::nullopt;
}

/// One transaction as the store has it.
struct Found {
    StreamName stream;
    StreamContent content;
};

class StoreInspection final : public cli::Inspection {
  public:
    explicit StoreInspection(ResolvedPlace place)
        : master_key_(std::move(place.master_key)),
          directory_(existing_directory(place.data)),
          events_(store::sqlite::SqliteEventStore::open_read_only(directory_)),
          reader_(events_->reader()) {}

    service::PartnerDirectory partners() override { return service::PartnerDirectory::read(*reader_); }

    Reply events(std::string_view transaction_id) override {
        if (const auto session = find_session(transaction_id))
            return Reply::of(http::session_events_json(session_in(*session), log_of(*session)));
        const auto found = find(transaction_id);
        if (!found) return no_such_transaction();
        return Reply::of(http::events_json(purchase(*found).transaction, log_of(*found)));
    }

    Reply explain(std::string_view transaction_id, std::optional<foundation::Day> as_of) override {
        // Nothing is owed in a session: it tells what happened, and names the purchase that tells the rest.
        if (const auto session = find_session(transaction_id)) return explain_session(*session);
        const auto found = find(transaction_id);
        if (!found) return no_such_transaction();
        ledger::Transaction transaction = purchase(*found).transaction;
        // The sandbox's clock lives in its server; what is dated in the future of this one counts all the same.
        const foundation::Instant now = std::max(service::system_time(), found->content.events.back().recorded_at);
        for (const ledger::Recorded& due : due_events(transaction, now)) evolve(transaction, due);
        const foundation::Day today = transaction.zone().day_of(now);
        if (as_of && (*as_of > today || *as_of < transaction.created_on))
            return Reply::refused("INVALID_AS_OF", "`--as-of` is a day from the purchase's own, " +
                                                       foundation::day_text(transaction.created_on) + ", to today.");
        const foundation::Day day = as_of.value_or(today);
        return Reply::of(
            http::explanation_json(transaction, day, projection::explain(transaction, day), log_of(*found)));
    }

    Reply direct_debits(std::string_view transaction_id) override {
        const auto found = find(transaction_id);
        if (!found) return no_such_transaction();
        const ledger::Transaction transaction = purchase(*found).transaction;
        const foundation::Instant now = std::max(service::system_time(), found->content.events.back().recorded_at);
        return Reply::of(http::direct_debits_json(transaction, transaction.zone().day_of(now)));
    }

    Reply subject(std::string_view transaction_id) override {
        auto found = find(transaction_id);
        if (!found) found = find_session(transaction_id);
        if (!found) return no_such_transaction();
        return Reply::of(service::subject_record(needed_key(), found->stream, found->content));
    }

    Reply deliveries(const service::DeliveryQuestion& question) override {
        // A store of which no server has told anybody yet has no book.
        if (!std::filesystem::exists(directory_.deliveries())) return Reply::of(http::deliveries_json({}, 0));
        const auto book = store::sqlite::SqliteDeliveryBook::open_read_only(directory_);
        return Reply::of(http::deliveries_json(book->list(question, 0, deliveries_max).deliveries, 0));
    }

    Reply signing_keys() override {
        if (events_->secret_names("signing_key/").empty()) return Reply::of("[]");
        service::StoreSecrets secrets(*events_, needed_key());
        return Reply::of(keys_json(http::SigningKeys(secrets, service::system_time())));
    }

    cli::Verification verify(const cli::VerifyOptions& options, const cli::Progress& progress) override {
        std::optional<service::Anchor> anchor;
        if (options.anchor) anchor = service::anchor_in(content_of(*options.anchor), needed_key());
        const auto index = store::sqlite::SqliteSearchIndex::open_read_only(directory_);
        const service::Verified verified = verified_store({.log = *reader_,
                                                           .index = *index,
                                                           .master_key = needed_key(),
                                                           .progress = progress,
                                                           .anchor = anchor ? &*anchor : nullptr},
                                                          *events_, directory_);
        cli::Verification told{.events = verified.events, .streams = verified.streams};
        if (anchor) told.anchored_at = foundation::utc_text(anchor->made_at);
        if (verified.fault) told.fault = "In " + verified.fault->where + ": " + verified.fault->what;
        return told;
    }

  private:
    Reply explain_session(const Found& found) {
        std::vector<checkout::Recorded> events = service::session_events(*reader_, found.stream.name);
        // As with purchases: what the sandbox's clock has dated counts all the same.
        const foundation::Instant now = std::max(service::system_time(), found.content.events.back().recorded_at);
        const checkout::Session session = checkout::explain(events, found.stream.name).session;
        std::ranges::copy(checkout::due_events(session, now), std::back_inserter(events));
        return Reply::of(http::session_explanation_json(checkout::explain(events, found.stream.name)));
    }

    std::optional<Found> find(std::string_view transaction_id) {
        if (!foundation::is_transaction_id(transaction_id)) return std::nullopt;
        const StreamName stream{foundation::bucket_of(transaction_id), std::string(transaction_id)};
        StreamContent content = reader_->read(stream);
        if (content.events.empty()) return std::nullopt;
        return Found{stream, std::move(content)};
    }

    std::optional<Found> find_session(std::string_view session_id) {
        if (!foundation::is_uuid(session_id)) return std::nullopt;
        const StreamName stream = service::stream_of_session(session_id);
        StreamContent content = reader_->read(stream);
        if (content.events.empty()) return std::nullopt;
        return Found{stream, std::move(content)};
    }

    checkout::Session session_in(const Found& found) const {
        return service::session_of(needed_key(), found.stream, found.content).session;
    }

    const subject::Key& needed_key() const {
        if (!master_key_)
            throw service::MasterKeyUnusable(
                "This needs the master key: name the settings with --config, or set SALDO_MASTER_KEY.");
        return *master_key_;
    }

    service::Purchase purchase(const Found& found) const {
        return service::purchase_of(needed_key(), found.stream, found.content);
    }

    std::vector<http::LoggedEvent> log_of(const Found& found) {
        const auto hashes = service::previous_hashes(*reader_, found.content.events);
        std::vector<http::LoggedEvent> log;
        for (std::size_t i = 0; i < hashes.size(); ++i) log.push_back({found.content.events[i], hashes[i]});
        return log;
    }

    std::optional<subject::Key> master_key_;
    store::DataDirectory directory_;
    std::unique_ptr<store::sqlite::SqliteEventStore> events_;
    std::unique_ptr<service::LogReader> reader_;
};

}  // namespace

store::DataDirectory existing_directory(const std::filesystem::path& data) {
    if (!std::filesystem::is_directory(data)) throw service::StoreFailed("There is no store in " + data.string() + ".");
    return store::DataDirectory::at(data);
}

service::Verified verified_store(const service::VerifyInput& input, service::EventStore& store,
                                 const store::DataDirectory& directory) {
    service::Verified verified = service::verify(input);
    if (!verified.fault) verified.fault = fault_of_secrets(store, input.master_key);
    if (!verified.fault) verified.fault = store::sqlite::fault_of_file(directory.database());
    return verified;
}

std::unique_ptr<cli::Inspection> inspection_of(ResolvedPlace place) {
    return std::make_unique<StoreInspection>(std::move(place));
}

}  // namespace saldo::app
