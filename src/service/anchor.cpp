#include "service/anchor.hpp"

#include <utility>

#include "foundation/json.hpp"
#include "foundation/json_writer.hpp"
#include "service/chain_check.hpp"

namespace saldo::service {

namespace {

using foundation::JsonKind;
using foundation::JsonValue;
using foundation::JsonWriter;

constexpr int page_size = 2000;
constexpr std::string_view key_purpose = "anchor";
constexpr std::string_view signature_field = R"(,"signature":")";

std::string signature_of(std::string_view content, const subject::Key& master_key) {
    const auto key = foundation::hmac_sha256(master_key.bytes(), key_purpose);
    return foundation::hex(foundation::bytes_of(foundation::hmac_sha256(foundation::bytes_of(key), content)));
}

/// Everything but the signature and what closes the object behind it.
std::string content_of(const Anchor& anchor) {
    JsonWriter out;
    out.begin_object().field("saldo_anchor", 1).field("made_at", foundation::utc_text(anchor.made_at));
    out.field("events", anchor.events).key("ends").begin_array();
    for (const ChainEnd& end : anchor.ends) {
        out.begin_object().field("bucket", static_cast<std::int64_t>(end.bucket)).field("position", end.position);
        out.field("hash", foundation::hex(foundation::bytes_of(end.hash))).end_object();
    }
    out.end_array().end_object();
    std::string text = std::move(out).finish();
    text.pop_back();
    return text;
}

std::int64_t number_at(JsonValue object, std::string_view name) {
    const auto found = object.kind() == JsonKind::object ? object.find(name) : std::nullopt;
    return found && found->kind() == JsonKind::number ? found->integer().value_or(0) : 0;
}

std::string text_at(JsonValue object, std::string_view name) {
    const auto found = object.kind() == JsonKind::object ? object.find(name) : std::nullopt;
    return found && found->kind() == JsonKind::string ? std::string(found->string()) : std::string();
}

Anchor parsed(JsonValue root) {
    Anchor anchor{.made_at = foundation::parse_instant(text_at(root, "made_at")).value_or(foundation::Instant{}),
                  .events = number_at(root, "events")};
    const auto ends = root.kind() == JsonKind::object ? root.find("ends") : std::nullopt;
    if (!ends || ends->kind() != JsonKind::array) return anchor;
    ends->each([&](JsonValue end) {
        const auto hash = foundation::digest_of(foundation::from_hex(text_at(end, "hash")).value_or(""));
        anchor.ends.push_back(
            {.bucket = static_cast<foundation::Bucket>(number_at(end, "bucket") & (foundation::bucket_count - 1)),
             .position = number_at(end, "position"),
             .hash = hash.value_or(foundation::Digest{})});
    });
    return anchor;
}

}  // namespace

std::expected<Anchor, StoreFault> anchor_of(
    LogReader& log, foundation::Instant now,
    const std::function<void(std::int64_t done, std::int64_t total)>& progress) {
    Anchor anchor{.made_at = now};
    const std::int64_t total = log.count();
    ChainCheck chains;
    for (LogCursor at;;) {
        const LogReader::Page page = log.read_after(at, page_size);
        if (page.events.empty()) break;
        for (const EventRecord& record : page.events)
            if (auto wrong = chains.follow(record))
                return std::unexpected(StoreFault{place_of(record), *std::move(wrong)});
        anchor.events += std::ssize(page.events);
        at = page.next;
        if (progress) progress(anchor.events, total);
    }
    for (int bucket = 0; bucket < foundation::bucket_count; ++bucket) {
        const auto& end = chains.end_of(static_cast<foundation::Bucket>(bucket));
        if (end.position > 0) anchor.ends.push_back({static_cast<foundation::Bucket>(bucket), end.position, end.hash});
    }
    return anchor;
}

std::string signed_text(const Anchor& anchor, const subject::Key& master_key) {
    const std::string content = content_of(anchor);
    return content + std::string(signature_field) + signature_of(content, master_key) + "\"}\n";
}

Anchor anchor_in(std::string_view text, const subject::Key& master_key) {
    const auto document = foundation::JsonDocument::parse(text);
    if (!document || number_at(document->root(), "saldo_anchor") != 1)
        throw AnchorUnusable("This is no anchor that `saldo anchor` of this version makes.");
    Anchor anchor = parsed(document->root());
    if (!foundation::equal_in_constant_time(signed_text(anchor, master_key), text))
        throw AnchorUnusable("The anchor was changed since it was signed, or signed under another master key.");
    return anchor;
}

}  // namespace saldo::service
