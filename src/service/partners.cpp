#include "service/partners.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "foundation/base64.hpp"
#include "foundation/id.hpp"
#include "partner/event_json.hpp"

namespace saldo::service {

using partner::Partner;
using partner::Refusal;

namespace {

constexpr std::string_view prefix = "partner/";
/// How often a command is decided again because another process was quicker.
constexpr int attempts_max = 5;
constexpr std::size_t secret_size = 32;

std::vector<EventRecord> records_of(const StreamName& stream, std::int64_t version,
                                    const std::vector<partner::Event>& events, foundation::Instant now,
                                    const Partner& after, std::string_view actor) {
    const foundation::Zone zone = after.contract ? after.contract->zone : foundation::Zone::utc();
    std::vector<EventRecord> records;
    for (const partner::Event& event : events) {
        const partner::EventText text = partner::encode(event);
        EventRecord record;
        record.stream = stream;
        record.seq = ++version;
        record.type = text.type;
        record.schema_version = text.schema_version;
        record.recorded_at = record.effective_at = now;
        record.value_date = zone.day_of(now);
        record.actor = actor;
        record.body = text.body;
        records.push_back(std::move(record));
    }
    return records;
}

}  // namespace

StreamName stream_of_partner(std::string_view partner_id) {
    return {.bucket = 0, .name = std::string(prefix) + std::string(partner_id)};
}

Partner partner_of(std::string_view partner_id, const std::vector<EventRecord>& events) {
    Partner partner{.id = std::string(partner_id)};
    for (const EventRecord& record : events) {
        const auto event = partner::decode({record.type, record.schema_version, record.body});
        if (!event)
            throw PartnerUnreadable("Event " + std::to_string(record.seq) + " of " + record.stream.name +
                                    " cannot be read: " + partner::text_of(event.error()) + ".");
        partner = evolve(std::move(partner), *event);
    }
    return partner;
}

PartnerDirectory::PartnerDirectory(std::vector<Partner> partners) : everybody_(std::move(partners)) {
    if (std::ranges::none_of(everybody_, &Partner::is_operator))
        everybody_.push_back({.id = std::string(partner::every_partner)});
    std::ranges::sort(everybody_, {},
                      [](const Partner& one) { return std::tuple(!one.is_operator(), one.name, one.id); });
    for (const Partner& partner : everybody_) {
        if (!partner.is_operator()) by_id_[partner.id] = &partner;
        for (const partner::Client& client : partner.clients) by_client_[client.id] = {&partner, &client};
    }
}

PartnerDirectory PartnerDirectory::read(LogReader& reader) {
    std::vector<Partner> partners;
    for (const std::string& name : reader.streams(0, prefix))
        partners.push_back(partner_of(std::string_view(name).substr(prefix.size()), reader.read({0, name}).events));
    return PartnerDirectory(std::move(partners));
}

const Partner* PartnerDirectory::partner(std::string_view id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
}

const PartnerDirectory::ClientEntry* PartnerDirectory::client(std::string_view client_id) const {
    const auto found = by_client_.find(client_id);
    return found == by_client_.end() ? nullptr : &found->second;
}

PartnerDirectory PartnerDirectory::with(Partner changed) const {
    std::vector<Partner> all = everybody_;
    std::erase_if(all, [&](const Partner& one) { return one.id == changed.id; });
    all.push_back(std::move(changed));
    return PartnerDirectory(std::move(all));
}

Partners::Partners(std::unique_ptr<LogReader> reader, Commit commit, Clock& clock, Random& random,
                   terms::CountryLaws laws)
    : reader_(std::move(reader)), commit_(std::move(commit)), clock_(clock), random_(random), laws_(std::move(laws)) {
    std::vector<Partner> everybody;
    const PartnerDirectory agreed = PartnerDirectory::read(*reader_);
    for (const Partner& partner : agreed.everybody()) everybody.push_back(under_law(partner));
    directory_ = std::make_shared<const PartnerDirectory>(std::move(everybody));
}

Partner Partners::under_law(Partner partner) const {
    if (partner.contract) partner.contract = terms::under_law(*std::move(partner.contract), laws_);
    return partner;
}

std::shared_ptr<const PartnerDirectory> Partners::directory() const {
    const std::lock_guard guard(directory_guard_);
    return directory_;
}

void Partners::publish(Partner changed) {
    auto next = std::make_shared<const PartnerDirectory>(directory()->with(under_law(std::move(changed))));
    const std::lock_guard guard(directory_guard_);
    directory_ = std::move(next);
}

template <class Command>
Partners::Outcome<Partner> Partners::carry_out(std::string_view partner_id, const Command& command,
                                               std::string_view actor) {
    const std::lock_guard one_at_a_time(changes_);
    const StreamName stream = stream_of_partner(partner_id);
    for (int attempt = 1; attempt <= attempts_max; ++attempt) {
        const std::vector<EventRecord> before = reader_->read(stream).events;
        Partner partner = partner_of(partner_id, before);
        const partner::Decision events = decide(partner, command);
        if (!events) return std::unexpected(events.error());
        for (const partner::Event& event : *events) partner = evolve(std::move(partner), event);

        const auto version = static_cast<std::int64_t>(before.size());
        Append append{.stream = stream,
                      .expected_version = version,
                      .events = records_of(stream, version, *events, clock_.now(), partner, actor),
                      .new_wrapped_key = std::nullopt,
                      .erases_key = false};
        if (!commit_(std::move(append))) continue;
        publish(partner);
        return partner;
    }
    throw StoreFailed("The stream " + stream.name + " grew under every attempt to change it; nothing was changed.");
}

std::string Partners::new_id() {
    return foundation::id_text(foundation::sha256(random_.bytes(secret_size)));
}

Partners::Outcome<std::string> Partners::add(const partner::AddPartner& command, std::string_view actor) {
    const auto added = carry_out(new_id(), command, actor);
    if (!added) return std::unexpected(added.error());
    return added->id;
}

Partners::Outcome<Partner> Partners::change(std::string_view partner_id, const partner::AddShop& command,
                                            std::string_view actor) {
    return carry_out(partner_id, command, actor);
}

Partners::Outcome<Partner> Partners::change(std::string_view partner_id, const partner::RenameShop& command,
                                            std::string_view actor) {
    return carry_out(partner_id, command, actor);
}

Partners::Outcome<Partner> Partners::change(std::string_view partner_id, const partner::AgreeContract& command,
                                            std::string_view actor) {
    return carry_out(partner_id, command, actor);
}

Partners::Outcome<Partner> Partners::change(std::string_view partner_id, const partner::SetWebhookReach& command,
                                            std::string_view actor) {
    return carry_out(partner_id, command, actor);
}

Partners::Outcome<NewClient> Partners::add_client(std::string_view partner_id, partner::ClientKind kind,
                                                  const std::vector<partner::Scope>& scopes, std::string_view actor) {
    NewClient client{.client_id = new_id(), .secret = foundation::base64url(random_.bytes(secret_size))};
    const partner::AddClient command{.client_id = client.client_id,
                                     .kind = kind,
                                     .scopes = scopes,
                                     .secret_sha256 = foundation::sha256(client.secret)};
    const auto changed = carry_out(partner_id, command, actor);
    if (!changed) return std::unexpected(changed.error());
    return client;
}

Partners::Outcome<Partner> Partners::revoke_client(std::string_view client_id, std::string_view actor) {
    const auto everybody = directory();
    const PartnerDirectory::ClientEntry* entry = everybody->client(client_id);
    if (!entry) return std::unexpected(Refusal::client_unknown);
    return carry_out(entry->partner->id, partner::RevokeClient{std::string(client_id)}, actor);
}

Append recorded_from(Append append, foundation::Instant instant) {
    for (EventRecord& record : append.events) record.recorded_at = std::max(record.recorded_at, instant);
    return append;
}

}  // namespace saldo::service
